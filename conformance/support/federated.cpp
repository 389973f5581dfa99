#include "conformance/support/federated.hpp"

#include "conformance/support/bytes.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

std::vector<Peer> peers_of(const std::vector<PeerUser>& users) {
  std::vector<Peer> peers;
  for (const auto& user : users) peers.push_back(user.peer());
  return peers;
}

}  // namespace

void connect(const User& local, const PeerUser& remote) {
  const PeerSetup setup{{remote.peer()}};
  const auto step = "connecting " + local.name() + " with " + remote.name();
  const auto& to = remote.id();
  require_setup(local.post("/connections/" + to.domain + "/" + to.id), {200, 201}, step);
  const auto accepted =
      remote.peer().call(rpc::send_connection_action,
                         connection_action_body(remote.id(), local.id(), "RemoteConnect"));
  require_setup(accepted, {200}, step);
}

Conversation conversation_with(const User& creator, const std::vector<PeerUser>& remote,
                               const std::vector<User>& local) {
  for (const auto& user : remote) connect(creator, user);
  for (const auto& user : local) connect(creator, user);
  const PeerSetup setup{peers_of(remote)};
  const auto reply = create_with(creator, remote, local);
  require_setup(reply, {201}, "creating a conversation with users of peers");
  return conversation_in(reply);
}

Conversation conversation_at(const PeerUser& creator, const std::vector<User>& local,
                             const std::vector<PeerUser>& remote) {
  std::vector<QualifiedId> others;
  for (const auto& user : local) {
    connect(user, creator);
    others.push_back(user.id());
  }
  for (const auto& user : remote) others.push_back(user.id());
  const Conversation chat{{random_uuid(), creator.peer().domain()}};
  const auto reply = creator.peer().call(rpc::on_conversation_created,
                                         conversation_created_body(creator, chat, others));
  require_setup(reply, {200}, creator.peer().name() + " tells of a conversation");
  return chat;
}

Reply create_with(const User& creator, const std::vector<PeerUser>& remote,
                  const std::vector<User>& local) {
  auto invited = Json::array();
  for (const auto& user : remote) invited.push_back(user.id());
  for (const auto& user : local) invited.push_back(user.id());
  return create_conversation(creator, {}, {{"qualified_users", invited}});
}

Reply send(const PeerDevice& sender, const Conversation& chat, const Recipients& recipients,
           const SendOptions& options) {
  return sender.peer().call(rpc::send_message,
                            send_message_body(sender, chat, recipients, options));
}

Reply tell(const PeerDevice& sender, const Conversation& chat, const Recipients& recipients,
           const SendOptions& options) {
  return sender.peer().call(rpc::on_message_sent,
                            message_sent_body(sender, chat, recipients, options));
}

void must_tell(const PeerDevice& sender, const Conversation& chat, const Recipients& recipients,
               const SendOptions& options) {
  require_setup(tell(sender, chat, recipients, options), {200},
                sender.peer().name() + " tells of a message");
}

}  // namespace twostep::conformance
