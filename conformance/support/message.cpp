#include "conformance/support/message.hpp"

#include <otr.pb.h>

#include "conformance/support/bytes.hpp"

namespace twostep::conformance {
namespace {

void put(const QualifiedId& from, proteus::QualifiedUserId& to) {
  to.set_id(from.id);
  to.set_domain(from.domain);
}

void put(const Strategy& strategy, proteus::QualifiedNewOtrMessage& message) {
  switch (strategy.kind) {
    case Strategy::Kind::report_all:
      message.mutable_report_all();
      break;
    case Strategy::Kind::ignore_all:
      message.mutable_ignore_all();
      break;
    case Strategy::Kind::report_only:
      message.mutable_report_only();
      for (const auto& user : strategy.users)
        put(user, *message.mutable_report_only()->add_user_ids());
      break;
    case Strategy::Kind::ignore_only:
      message.mutable_ignore_only();
      for (const auto& user : strategy.users)
        put(user, *message.mutable_ignore_only()->add_user_ids());
      break;
    case Strategy::Kind::none:
      break;
  }
}

/// Appends a recipient to the last entry if that is of the same user, else to a new one. So what a
/// test writes next to each other stays together, and what it repeats later is repeated on the
/// wire.
template <typename Entries>
void put_client(const Ciphertext& recipient, Entries& entries) {
  const auto uuid = uuid_octets(recipient.to.user.id);
  if (entries.empty() || entries.rbegin()->user().uuid() != uuid) {
    entries.Add()->mutable_user()->set_uuid(uuid);
  }
  auto& client = *entries.rbegin()->add_clients();
  client.mutable_client()->set_client(client_number(recipient.to.client));
  client.set_text(recipient.body);
}

}  // namespace

Strategy report_all() { return {Strategy::Kind::report_all, {}}; }
Strategy ignore_all() { return {Strategy::Kind::ignore_all, {}}; }
Strategy report_only(std::vector<QualifiedId> users) {
  return {Strategy::Kind::report_only, std::move(users)};
}
Strategy ignore_only(std::vector<QualifiedId> users) {
  return {Strategy::Kind::ignore_only, std::move(users)};
}
Strategy no_strategy() { return {Strategy::Kind::none, {}}; }

std::string encode_message(const std::string& sender, const Recipients& recipients,
                           const SendOptions& options) {
  proteus::QualifiedNewOtrMessage message;
  message.mutable_sender()->set_client(client_number(options.sender.value_or(sender)));
  auto& domains = *message.mutable_recipients();
  for (const auto& recipient : recipients) {
    if (domains.empty() || domains.rbegin()->domain() != recipient.to.user.domain) {
      domains.Add()->set_domain(recipient.to.user.domain);
    }
    put_client(recipient, *domains.rbegin()->mutable_entries());
  }
  put(options.strategy, message);
  if (options.transient) message.set_transient(*options.transient);
  if (options.native_push) message.set_native_push(*options.native_push);
  if (options.blob) message.set_blob(*options.blob);
  if (options.native_priority) {
    message.set_native_priority(*options.native_priority == Priority::low ? proteus::LOW_PRIORITY
                                                                          : proteus::HIGH_PRIORITY);
  }
  return message.SerializePartialAsString() + options.appended;
}

std::string encode_strategy(const Strategy& strategy) {
  proteus::QualifiedNewOtrMessage message;
  put(strategy, message);
  return message.SerializePartialAsString();
}

Json legacy_json(const std::string& sender, const Recipients& recipients,
                 const LegacyOptions& options) {
  Json body = {{"sender", options.sender.value_or(sender)}, {"recipients", Json::object()}};
  for (const auto& [to, ciphertext] : recipients) {
    body["recipients"][to.user.id][to.client] = to_base64(ciphertext);
  }
  if (options.report_missing) {
    body["report_missing"] = Json::array();
    for (const auto& user : *options.report_missing) body["report_missing"].push_back(user.id);
  }
  if (options.transient) body["transient"] = *options.transient;
  if (options.native_push) body["native_push"] = *options.native_push;
  if (options.blob) body["data"] = to_base64(*options.blob);
  if (options.native_priority) body["native_priority"] = *options.native_priority;
  return body;
}

std::string legacy_protobuf(const std::string& sender, const Recipients& recipients,
                            const LegacyOptions& options) {
  proteus::NewOtrMessage message;
  message.mutable_sender()->set_client(client_number(options.sender.value_or(sender)));
  for (const auto& recipient : recipients) put_client(recipient, *message.mutable_recipients());
  for (const auto& user : options.report_missing.value_or(std::vector<QualifiedId>{})) {
    message.add_report_missing()->set_uuid(uuid_octets(user.id));
  }
  if (options.transient) message.set_transient(*options.transient);
  if (options.native_push) message.set_native_push(*options.native_push);
  if (options.blob) message.set_blob(*options.blob);
  if (options.native_priority) {
    message.set_native_priority(*options.native_priority == "low" ? proteus::LOW_PRIORITY
                                                                  : proteus::HIGH_PRIORITY);
  }
  return message.SerializePartialAsString();
}

Recipients to_each(const std::vector<Address>& addresses, const std::string& body) {
  Recipients recipients;
  for (const auto& address : addresses) recipients.push_back({address, body});
  return recipients;
}

}  // namespace twostep::conformance
