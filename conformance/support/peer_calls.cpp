#include "conformance/support/peer_calls.hpp"

#include <algorithm>

#include "conformance/support/bytes.hpp"

namespace twostep::conformance {
namespace {

Json priority(const SendOptions& options) {
  if (!options.native_priority) return nullptr;
  return *options.native_priority == Priority::low ? "low" : "high";
}

Json member(const QualifiedId& user) {
  return {
      {"qualified_id", user}, {"id", user.id}, {"conversation_role", "wire_member"}, {"status", 0}};
}

}  // namespace

Json send_message_body(const PeerUser& sender, const Conversation& chat,
                       const std::string& message) {
  return {{"conv_id", chat.id.id}, {"sender", sender.id().id}, {"raw_message", to_base64(message)}};
}

Json send_message_body(const PeerDevice& sender, const Conversation& chat,
                       const Recipients& recipients, const SendOptions& options) {
  return send_message_body(sender.user(), chat, encode_message(sender.id(), recipients, options));
}

Json message_sent_body(const Address& sender, const Conversation& chat,
                       const Recipients& recipients, const SendOptions& options) {
  Json body = {{"time", time_at_peers},
               {"data", nullptr},
               {"sender", sender.user},
               {"sender_client", sender.client},
               {"conversation", chat.id.id},
               {"priority", priority(options)},
               {"push", options.native_push.value_or(true)},
               {"transient", options.transient.value_or(false)},
               {"recipients", Json::object()}};
  if (options.blob) body["data"] = to_base64(*options.blob);
  for (const auto& [to, ciphertext] : recipients) {
    body["recipients"][to.user.id][to.client] = to_base64(ciphertext);
  }
  return body;
}

Json conversation_created_body(const PeerUser& creator, const Conversation& chat,
                               const std::vector<QualifiedId>& others) {
  Json members = Json::array();
  for (const auto& other : others) members.push_back(member(other));
  return {{"time", time_at_peers},
          {"orig_user_id", creator.id().id},
          {"cnv_id", chat.id.id},
          {"cnv_type", 0},
          {"cnv_access", {"invite"}},
          {"cnv_access_roles", {"team_member", "non_team_member", "service"}},
          {"cnv_name", "a conversation of a peer"},
          {"non_creator_members", members},
          {"message_timer", nullptr},
          {"receipt_mode", nullptr},
          {"protocol", {{"protocol", "proteus"}}},
          {"group_conv_type", "group_conversation"}};
}

Json conversation_updated_body(const QualifiedId& actor, const Conversation& chat,
                               const std::vector<QualifiedId>& already_present,
                               const std::string& tag, const Json& action) {
  Json present = Json::array();
  for (const auto& user : already_present) present.push_back(user.id);
  return {{"time", time_at_peers},
          {"origUserId", actor},
          {"convId", chat.id.id},
          {"alreadyPresentUsers", present},
          {"action", {{"tag", tag}, {"action", action}}},
          {"extraConversationData", nullptr}};
}

Json connection_action_body(const QualifiedId& from, const QualifiedId& to,
                            const std::string& action) {
  return {{"from", from.id}, {"to", to.id}, {"action", action}};
}

Json sending_status(const Json& change) {
  Json status = {{"time", time_at_peers}};
  for (const auto* map :
       {"missing", "redundant", "deleted", "failed_to_send", "failed_to_confirm_clients"}) {
    status[map] = Json::object();
  }
  status.update(change);
  return status;
}

Json as_status_map(const std::vector<Address>& clients) {
  Json map = Json::object();
  for (const auto& [user, client] : clients) map[user.domain][user.id].push_back(client);
  return map;
}

std::vector<std::pair<Address, std::string>> recipients_of(const Call& call,
                                                           const std::string& domain) {
  std::vector<std::pair<Address, std::string>> recipients;
  const auto told = part(call.body, "/recipients");
  for (const auto& [user, clients] : told.items()) {
    for (const auto& [client, ciphertext] : clients.items()) {
      const auto body = from_base64(ciphertext.get<std::string>());
      recipients.push_back({{{user, domain}, client}, body.value_or("no base64")});
    }
  }
  std::ranges::sort(recipients);
  return recipients;
}

}  // namespace twostep::conformance
