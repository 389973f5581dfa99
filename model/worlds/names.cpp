#include "model/worlds/names.hpp"

#include <array>
#include <charconv>

#include "model/worlds/trace.hpp"

namespace twostep::model {
namespace {

constexpr std::array<std::array<std::string_view, 5>, 3> cast{{
    {"alice", "ann", "amy", "alma", "axel"},
    {"bob", "ben", "bea", "britta", "boris"},
    {"charlie", "chris", "cleo", "clara", "carl"},
}};

template <class Things>
std::string listed(const Things& things) {
  std::string text;
  for (const auto& thing : things) {
    if (!text.empty()) text += ", ";
    text += name(thing);
  }
  return text;
}

// Each client under its own list of the status, empty lists left out.
void append(std::string& text, std::string_view title, const std::string& who) {
  if (!who.empty()) text += ", " + std::string{title} + ": " + who;
}

}  // namespace

std::string name(BackendId backend) { return {static_cast<char>('A' + backend.value)}; }

std::string name(BackendId backend, NodeId node) {
  return name(backend) + std::to_string(node.value + 1);
}

std::string name(UserId user) { return std::string{cast.at(user.home.value).at(user.number)}; }

std::string name(const Client& client) {
  auto text = name(client.user);
  if (client.id.value != 1) text += "/" + std::to_string(client.id.value);
  return text;
}

std::string names(const std::vector<UserId>& users) { return listed(users); }
std::string names(const std::vector<Client>& clients) { return listed(clients); }

std::string name(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      return "201";
    case Verdict::clients_missing:
      return "412";
    case Verdict::no_conversation:
      return "404 no-conversation";
    case Verdict::unknown_client:
      return "403 unknown-client";
    case Verdict::peer_failed:
      return "federation error";
    case Verdict::store_failed:
      return "500";
  }
  return {};
}

std::optional<BackendId> backend_named(std::string_view text) {
  if (text.size() != 1 || text[0] < 'A' || text[0] > 'C') return std::nullopt;
  return BackendId{static_cast<std::uint16_t>(text[0] - 'A')};
}

std::optional<UserId> user_named(std::string_view text) {
  for (std::uint16_t home = 0; home < cast.size(); ++home) {
    for (std::uint32_t number = 0; number < cast[home].size(); ++number) {
      if (cast[home][number] == text) return UserId{{home}, number};
    }
  }
  return std::nullopt;
}

std::optional<Client> client_named(std::string_view text) {
  const auto slash = text.find('/');
  const auto user = user_named(text.substr(0, slash));
  if (!user) return std::nullopt;
  Client client{*user, {1}};
  if (slash == text.npos) return client;
  const auto number = text.substr(slash + 1);
  const auto* end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, client.id.value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return client;
}

std::string text(const Outcome& outcome) {
  auto text = name(outcome.verdict);
  if (outcome.verdict == Verdict::peer_failed) text += ": " + name(outcome.failed_peer);
  append(text, "missing", names(outcome.status.missing));
  append(text, "redundant", names(outcome.status.redundant));
  append(text, "deleted", names(outcome.status.deleted));
  append(text, "failed to send", names(outcome.status.failed_to_send));
  append(text, "failed to confirm", names(outcome.status.failed_to_confirm));
  append(text, "out of reach", names(outcome.status.out_of_reach));
  return text;
}

std::string text(const Line& line) {
  switch (line.kind) {
    case Line::Kind::call:
    case Line::Kind::reply:
    case Line::Kind::frame:
      return line.from + " -> " + line.to + ": " + line.text;
    case Line::Kind::lost:
      return line.from + " -x " + line.to + ": " + line.text;
    case Line::Kind::note:
      return line.from + ": " + line.text;
  }
  return {};
}

}  // namespace twostep::model
