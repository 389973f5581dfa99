#include "conformance/conversations/connection.hpp"
#include "conformance/conversations/view.hpp"
#include "conformance/federation_m1/faults.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string path_to(const PeerUser& user) {
  return "/connections/" + user.id().domain + "/" + user.id().id;
}

std::string status_of(const User& local, const PeerUser& remote) {
  const auto reply = local.get(path_to(remote));
  return reply.status == 404 ? "none" : part(reply.json, "/status").get<std::string>();
}

Reply act(const PeerUser& from, const User& to, const std::string& action) {
  return from.peer().call(rpc::send_connection_action,
                          connection_action_body(from.id(), to.id(), action));
}

/// What a backend answers whose user has asked or accepted already.
Answering also_connecting() {
  return with_json({{"tag", "NewConnectionResponseOk"}, {"contents", "RemoteConnect"}});
}

// FED-49  Asking a remote user tells the other backend, once; the connection is `sent`.
TEST(Fed49, AskingARemoteUserTellsTheOtherBackend) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  b.expects(rpc::send_connection_action);

  const auto reply = alice.user().post(path_to(bob));

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_EQ(part(reply.json, "/status"), "sent");
  EXPECT_EQ(part(reply.json, "/qualified_to"), Json(bob.id()));
  const auto asked = b.only(rpc::send_connection_action).body;
  EXPECT_EQ(part(asked, "/from"), alice.user().id().id);
  EXPECT_EQ(part(asked, "/to"), bob.id().id);
  EXPECT_EQ(part(asked, "/action"), "RemoteConnect");
  EXPECT_EQ(status_of(alice, bob), "sent");
}

// FED-49  A user who is asked by a remote one finds the event, and the connection is `pending`.
TEST(Fed49, AUserIsAskedByARemoteOne) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");

  const auto reply = act(bob, alice, "RemoteConnect");

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/tag"), "NewConnectionResponseOk");
  EXPECT_EQ(status_of(alice, bob), "pending");
  EXPECT_THAT(statuses_found_by(alice), ElementsAre("pending"));
  const auto event = alice.catch_up().events("user.connection").front();
  EXPECT_EQ(part(event, "/connection/qualified_to"), Json(bob.id()));
}

// FED-50  If the remote user asks in turn, the connection is accepted, and the answer says so.
TEST(Fed50, ARemoteUserWhoAsksInTurnAccepts) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  b.expects(rpc::send_connection_action);
  EXPECT_THAT(alice.user().post(path_to(bob)), HasStatus(201));

  const auto reply = act(bob, alice, "RemoteConnect");

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/contents"), "RemoteConnect");
  EXPECT_EQ(status_of(alice, bob), "accepted");
  EXPECT_THAT(statuses_found_by(alice), ElementsAre("sent", "accepted"));
}

// FED-50  If the local user accepts, the remote backend is told.
TEST(Fed50, ALocalUserWhoAcceptsTellsTheOtherBackend) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  EXPECT_THAT(act(bob, alice, "RemoteConnect"), HasStatus(200));
  b.expects(rpc::send_connection_action, also_connecting());

  const auto reply = alice.user().put(path_to(bob), {{"status", "accepted"}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(b.only(rpc::send_connection_action).body, "/action"), "RemoteConnect");
  EXPECT_EQ(status_of(alice, bob), "accepted");
}

// FED-50  An accepted connection names a conversation of type 2 with both in it.
TEST(Fed50, AnAcceptedConnectionNamesAConversation) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  connect(alice, bob);
  const auto chat =
      part(alice.user().get(path_to(bob)).json, "/qualified_conversation").get<QualifiedId>();
  ASSERT_THAT(chat.domain, ::testing::AnyOf(backend.domain(), b.domain()));

  if (chat.domain == backend.domain()) {
    const auto view = read(alice, {chat});
    EXPECT_THAT(view, HasStatus(200));
    EXPECT_EQ(part(view.json, "/type"), 2);
    EXPECT_THAT(others_in(view.json), ElementsAre(bob.user().id()));
    b.expects(rpc::get_user_clients, 2);
    b.expects(rpc::on_message_sent);
    EXPECT_THAT(alice.send({chat}, {{bob, "to bob"}}), Acknowledged());
    EXPECT_TRUE(send(bob, {chat}, {{alice, "to alice"}}).json.contains("Right"));
  } else {
    b.expects(rpc::send_message);
    EXPECT_THAT(alice.send({chat}, {{bob, "to bob"}}), Acknowledged());
    EXPECT_THAT(tell(bob, {chat}, {{alice, "to alice"}}), HasStatus(200));
  }
  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("to alice"));
}

// FED-51  The asker is a user of the caller's domain, whatever id it has here.
TEST(Fed51, TheAskerIsAUserOfTheCaller) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto ann = backend.user("ann");

  const auto reply = b.call(rpc::send_connection_action,
                            connection_action_body(ann.id(), alice.user().id(), "RemoteConnect"));

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_THAT(alice.user().get("/connections/" + backend.domain() + "/" + ann.id().id),
              HasStatus(404));
  EXPECT_THAT(alice.user().get("/connections/" + b.domain() + "/" + ann.id().id), HasStatus(200));
}

// FED-51  A user who does not exist is not activated.
TEST(Fed51, AUserWhoDoesNotExistIsNotActivated) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");

  const auto reply =
      b.call(rpc::send_connection_action,
             connection_action_body(b.user("bob").id(), {random_uuid(), backend.domain()},
                                    "RemoteConnect"));

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/tag"), "NewConnectionResponseUserNotActivated");
}

// FED-51  The asker of one who is not is told so, and has no connection.
TEST(Fed51, TheAskerIsToldThatThereIsNoSuchUser) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");
  b.expects(rpc::send_connection_action,
            with_json({{"tag", "NewConnectionResponseUserNotActivated"}}));

  EXPECT_THAT(alice.user().post(path_to(bob)), IsError(400, "invalid-user"));

  EXPECT_EQ(status_of(alice, bob), "none");
}

// FED-52  If the other backend fails, there is no connection, and nobody is told of one.
TEST(Fed52, AFailingBackendLeavesNoConnection) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob");

  for (const auto& fault : faults_noticed_at_once()) {
    SCOPED_TRACE("b " + fault.name);
    b.expects(rpc::send_connection_action, fault.answering);
    EXPECT_THAT(alice.user().post(path_to(bob)), IsFederationError(b.domain()));
    EXPECT_EQ(status_of(alice, bob), "none");
  }
  EXPECT_THAT(statuses_found_by(alice), IsEmpty());
}

}  // namespace
}  // namespace twostep::conformance
