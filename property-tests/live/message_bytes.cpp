#include "conformance/support/bytes.hpp"
#include "conformance/support/message.hpp"
#include "property-tests/live/side.hpp"

namespace twostep::live {
namespace {

using namespace conformance;

template <class Value>
std::optional<Value> optional_in(const Json& message, const char* key) {
  if (!message.contains(key)) return std::nullopt;
  return message.at(key).get<Value>();
}

/// What is no client id cannot be said in protobuf: no client has the number 0.
std::string client_in(const std::string& text) { return from_hex(text) ? text : "0"; }

std::vector<QualifiedId> users_in(const Json& message, const std::string& domain) {
  std::vector<QualifiedId> users;
  for (const auto& user : message.value("users", Json::array())) users.push_back({user, domain});
  return users;
}

Strategy strategy_in(const Json& message, const std::string& domain) {
  const auto name = message.value("strategy", "");
  if (name == "report_all") return report_all();
  if (name == "ignore_all") return ignore_all();
  if (name == "report_only") return report_only(users_in(message, domain));
  if (name == "ignore_only") return ignore_only(users_in(message, domain));
  return no_strategy();
}

Recipients recipients_in(const Json& message, const std::string& domain) {
  Recipients recipients;
  for (const auto& to : message.value("to", Json::array())) {
    if (to.size() < 3) continue;
    recipients.push_back(
        {{{to[0], to.size() > 3 ? to[3].get<std::string>() : domain}, client_in(to[1])}, to[2]});
  }
  return recipients;
}

}  // namespace

std::string message_bytes(const Json& message, const std::string& domain, bool older) {
  const auto sender = client_in(message.value("sender", ""));
  const auto recipients = recipients_in(message, domain);
  const auto transient = optional_in<bool>(message, "transient");
  const auto native_push = optional_in<bool>(message, "native_push");
  const auto blob = optional_in<std::string>(message, "blob");
  const auto priority = optional_in<std::string>(message, "native_priority");
  std::string bytes;
  if (older) {
    LegacyOptions options{.transient = transient, .native_push = native_push, .blob = blob};
    options.native_priority = priority;
    if (message.contains("users")) options.report_missing = users_in(message, domain);
    bytes = legacy_protobuf(sender, recipients, options);
  } else {
    SendOptions options{.strategy = strategy_in(message, domain)};
    options.transient = transient;
    options.native_push = native_push;
    options.blob = blob;
    if (priority) options.native_priority = *priority == "low" ? Priority::low : Priority::high;
    bytes = encode_message(sender, recipients, options);
  }
  const auto cut = message.value("cut", std::size_t{0});
  bytes.resize(bytes.size() - std::min(cut, bytes.size()));
  return bytes;
}

}  // namespace twostep::live
