#include "bench/micro/samples.hpp"

#include <otr.pb.h>

#include <vector>

namespace twostep::bench {
namespace {

// SplitMix64: neighbours become numbers that have nothing in common.
std::uint64_t spread(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9;
  number = (number ^ number >> 27) * 0x94d049bb133111eb;
  return number ^ number >> 31;
}

}  // namespace

Uuid uuid(std::uint64_t number) {
  Uuid::Octets octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = static_cast<std::uint8_t>(spread(2 * number + i / 8) >> 8 * (i % 8));
  }
  return Uuid::random(octets);
}

UserId user(std::uint64_t number) { return UserId{uuid(number)}; }
ClientId client(std::uint64_t number) { return {spread(number)}; }
Domain domain() { return *Domain::parse("a.example"); }

TimeUuid time_uuid(std::uint64_t tick) {
  constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  return TimeUuid::at(start + Ticks{static_cast<std::int64_t>(tick)}, {.sequence = 1, .node = 1});
}

std::string ciphertext() {
  std::string octets;
  for (std::size_t i = 0; i < ciphertext_bytes; ++i) octets += static_cast<char>(spread(i));
  return octets;
}

std::string event() {
  constexpr std::string_view before = R"({"type":"conversation.otr-message-add","text":")";
  constexpr std::string_view after = R"("})";
  std::string event{before};
  event.append(event_bytes - before.size() - after.size(), 'x');
  event += after;
  return event;
}

Clients clients(std::size_t members) {
  ClientsOfUsers users;
  for (std::size_t i = 0; i < members; ++i) users[user(i)].insert(client(i));
  Clients clients;
  clients.emplace(domain(), std::move(users));
  return clients;
}

Recipients recipients(const Clients& clients) {
  Recipients recipients;
  for (const auto& [domain, users] : clients) {
    for (const auto& [user, ids] : users) {
      for (const auto id : ids) recipients[domain][user][id] = ciphertext();
    }
  }
  return recipients;
}

std::string message_protobuf(const Recipients& recipients) {
  proteus::QualifiedNewOtrMessage message;
  message.mutable_sender()->set_client(client(0).value);
  message.mutable_report_all();
  for (const auto& [domain, users] : recipients) {
    auto& of_domain = *message.add_recipients();
    of_domain.set_domain(domain.text());
    for (const auto& [user, ciphertexts] : users) {
      auto& entry = *of_domain.add_entries();
      entry.mutable_user()->set_uuid(std::string{user.bytes()});
      for (const auto& [id, text] : ciphertexts) {
        auto& of_client = *entry.add_clients();
        of_client.mutable_client()->set_client(id.value);
        of_client.set_text(text);
      }
    }
  }
  return message.SerializeAsString();
}

}  // namespace twostep::bench
