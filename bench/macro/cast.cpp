#include "bench/macro/cast.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <charconv>

#include "conformance/support/at_once.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::bench {
namespace {

using conformance::Device;
using conformance::Json;

/// Users made at once. More would only wait for each other's passwords to be hashed.
constexpr std::size_t makers = 8;

constexpr std::size_t number_digits = message_bytes_min - 1;
constexpr std::size_t page_size_max = 10'000;

std::vector<Device> make_devices(const std::string& name, std::size_t count) {
  std::vector<std::optional<Device>> made(count);
  std::atomic<std::size_t> next = 0;
  std::vector<std::function<void()>> actions;
  for (std::size_t maker = 0; maker < std::min(makers, count); ++maker) {
    actions.push_back([&] {
      for (auto i = next++; i < count; i = next++) {
        made[i] = conformance::Backend::under_test().user(name + std::to_string(i)).device();
      }
    });
  }
  conformance::at_once(actions);
  std::vector<Device> devices;
  for (auto& device : made) devices.push_back(*std::move(device));
  return devices;
}

std::string api() { return "/v" + std::to_string(conformance::context().target.api_version); }

std::optional<std::size_t> number_of(const std::string& text) {
  if (text.size() < message_bytes_min || text.front() != '#') return std::nullopt;
  std::size_t number = 0;
  const auto* const end = text.data() + message_bytes_min;
  const auto [stopped, error] = std::from_chars(text.data() + 1, end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

std::vector<Received> received(const std::vector<conformance::Message>& messages) {
  std::vector<Received> list;
  for (const auto& message : messages) {
    list.push_back({message.notification, number_of(message.body)});
  }
  return list;
}

conformance::Reply reply_of(const std::string& body) {
  return {.status = 200, .body = body, .json = Json::parse(body, nullptr, false)};
}

}  // namespace

void set_target(const conformance::Target& target) {
  static std::atomic<unsigned> accounts_taken = 0;
  auto& context = conformance::context();
  context.target = target;
  context.test = "bench";
  context.patience = answer_timeout;
  context.accounts_taken = &accounts_taken;
}

std::vector<Cast> make_casts(std::size_t conversations, std::size_t recipients) {
  auto senders = make_devices("alice", conversations);
  std::vector<Cast> casts;
  for (auto& sender : senders) {
    auto devices = make_devices("bob", recipients);
    std::vector<conformance::User> members{sender.user()};
    for (const auto& device : devices) members.push_back(device.user());
    auto chat = conformance::conversation_of(members);
    casts.push_back({std::move(sender), std::move(devices), std::move(chat)});
  }
  return casts;
}

std::string page_target(const Device& device, const std::string& since, std::size_t size) {
  return api() + "/notifications?client=" + device.id() + "&size=" + std::to_string(size) +
         (since.empty() ? "" : "&since=" + since);
}

std::string newest(const Device& device) {
  const auto reply = device.last_notification();
  return reply.status == 200 ? reply.json.value("id", "") : "";
}

std::vector<Received> catch_up(Traffic& traffic, const Endpoint& http, const Device& device,
                               std::string since) {
  std::vector<Received> all;
  for (;;) {
    const auto page = traffic.call(
        request_bytes("GET", http, page_target(device, since, page_size_max), device.token()));
    if (page.status != 200) {
      throw conformance::SetupFailed{"a page was answered " + std::to_string(page.status)};
    }
    const auto reply = reply_of(page.body);
    const auto notifications = conformance::notifications_in(reply);
    for (auto& each : received(notifications.messages())) all.push_back(std::move(each));
    if (!conformance::has_more(reply) || notifications.empty()) return all;
    since = *notifications.newest();
  }
}

std::vector<Received> messages_in_page(const std::string& body) {
  return received(conformance::notifications_in(reply_of(body)).messages());
}

std::vector<Received> messages_in_frame(const std::string& frame) {
  const auto json = Json::parse(frame, nullptr, false);
  if (!json.is_object()) return {};
  conformance::Notification notification;
  notification.id = json.value("id", "");
  notification.payload = json.value("payload", Json::array());
  return received(notification.messages());
}

std::string message_text(std::size_t number, std::size_t bytes) {
  assert(bytes >= message_bytes_min);
  const auto digits = std::to_string(number);
  auto text = "#" + std::string(number_digits - digits.size(), '0') + digits;
  text.resize(bytes, '.');
  return text;
}

SendTemplate::SendTemplate(const Endpoint& http, const Cast& cast, std::size_t bytes) {
  const auto text = message_text(0, bytes);
  conformance::Recipients recipients;
  for (const auto& recipient : cast.recipients) recipients.push_back({recipient.address(), text});
  const auto body = conformance::encode_message(cast.sender.id(), recipients, {});
  request_ = request_bytes("POST", http, api() + cast.chat.path() + "/proteus/messages",
                           cast.sender.token(), "application/x-protobuf", body);
  for (auto at = request_.find(text); at != request_.npos; at = request_.find(text, at + bytes)) {
    number_at_.push_back(at + 1);
  }
  assert(number_at_.size() == recipients.size());
}

std::string SendTemplate::with_number(std::size_t number) const {
  const auto digits = message_text(number, message_bytes_min).substr(1);
  auto request = request_;
  for (const auto at : number_at_) request.replace(at, digits.size(), digits);
  return request;
}

}  // namespace twostep::bench
