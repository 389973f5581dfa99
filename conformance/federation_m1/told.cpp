#include "conformance/federation_m1/told.hpp"

namespace twostep::conformance {

std::vector<Json> events_about(const Device& device, const Conversation& chat,
                               const std::string& type) {
  auto events = device.catch_up().events(type);
  std::erase_if(events, [&](const Json& event) {
    return part(event, "/qualified_conversation") != Json(chat.id);
  });
  return events;
}

std::size_t conversations_told(const Device& device) {
  return device.catch_up().events("conversation.create").size();
}

ReplyMatcher IsRefusedBecauseOf(const Peer& peer) {
  const auto unreachable = [](const Reply& reply) {
    return part(reply.json, "/unreachable_backends");
  };
  const ReplyMatcher named = ::testing::AllOf(
      HasStatus(533),
      ::testing::ResultOf("the unreachable backends", unreachable, Json::array({peer.domain()})));
  return ::testing::AnyOf(named, IsFederationError(peer.domain()));
}

Reply tell_change(const PeerUser& actor, const Conversation& chat, const std::vector<User>& present,
                  const std::string& tag, const Json& action) {
  std::vector<QualifiedId> ids;
  for (const auto& user : present) ids.push_back(user.id());
  return actor.peer().call(rpc::on_conversation_updated,
                           conversation_updated_body(actor.id(), chat, ids, tag, action));
}

Json joining(const std::vector<QualifiedId>& users) {
  return {{"users", users}, {"role", "wire_member"}};
}

Json removing(const std::vector<QualifiedId>& users) {
  return {{"targets", users}, {"reason", "removed"}};
}

Json only_update(const Peer& peer, const Conversation& chat, const QualifiedId& actor,
                 const std::string& tag) {
  const auto update = peer.only(rpc::on_conversation_updated).body;
  EXPECT_EQ(part(update, "/convId"), chat.id.id) << peer.name();
  EXPECT_EQ(part(update, "/origUserId"), Json(actor)) << peer.name();
  EXPECT_EQ(part(update, "/action/tag"), tag) << peer.name();
  return part(update, "/action/action");
}

}  // namespace twostep::conformance
