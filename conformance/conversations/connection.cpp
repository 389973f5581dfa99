#include "conformance/conversations/connection.hpp"

#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

std::string path_to(const User& other) {
  return "/connections/" + other.id().domain + "/" + other.id().id;
}

std::string status_in(const Json& connection) {
  const auto status = part(connection, "/status");
  return status.is_string() ? status.get<std::string>() : "without a status";
}

}  // namespace

Reply ask(const User& one, const User& other) { return one.post(path_to(other)); }

Reply update_connection(const User& one, const User& other, const std::string& status) {
  return one.put(path_to(other), {{"status", status}});
}

Reply read_connection(const User& one, const User& other) { return one.get(path_to(other)); }

std::string status_of(const User& one, const User& other) {
  const auto reply = read_connection(one, other);
  return reply.status == 404 ? "none" : status_in(reply.json);
}

std::vector<std::string> statuses_found_by(const Device& device) {
  std::vector<std::string> statuses;
  for (const auto& event : device.catch_up().events("user.connection")) {
    statuses.push_back(status_in(part(event, "/connection")));
  }
  return statuses;
}

Conversation conversation_between(const User& one, const User& other) {
  const auto reply = read_connection(one, other);
  const auto conversation = part(reply.json, "/qualified_conversation");
  if (!conversation.is_object()) throw SetupFailed("the connection names no conversation");
  return {conversation.get<QualifiedId>()};
}

void must_ask(const User& one, const User& other) {
  require_setup(ask(one, other), {200, 201}, one.name() + " asks " + other.name());
}

void must_update(const User& one, const User& other, const std::string& status) {
  require_setup(update_connection(one, other, status), {200, 204},
                one.name() + " makes the connection with " + other.name() + " " + status);
}

}  // namespace twostep::conformance
