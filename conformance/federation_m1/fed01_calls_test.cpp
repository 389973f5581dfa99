#include "conformance/support/federated.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// FED-01  A call is answered 200 with JSON.
TEST(Fed01, ACallIsAnsweredWithJson) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();

  const auto reply = b.call(rpc::get_user_clients, {{"users", {alice.user().id().id}}});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_TRUE(reply.json.is_object());
  EXPECT_THAT(reply.header("Content-Type").value_or(""), ::testing::StartsWith("application/json"));
}

// FED-01  Also where something was refused, if the call has a value that says so.
TEST(Fed01, ARefusalThatHasAValueIsA200) {
  Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto bob = b.user("bob").device();

  const auto reply = send(bob, no_conversation(), {});

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/Left/tag"), "MessageNotSentConversationNotFound");
}

// FED-01  Every call that the target makes has this form: a path without a query, its own domain as the
//         origin, and a JSON body. A peer names calls of another form by method and path.
TEST(Fed01, EveryCallOfTheTargetHasTheForm) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients);
  b.expects(rpc::on_message_sent);

  alice.must_send(chat, {{bob, "hello"}});

  for (const auto& call : b.received()) {
    SCOPED_TRACE(call.rpc);
    EXPECT_EQ(call.origin, backend.domain());
    EXPECT_FALSE(call.body.is_null());
    EXPECT_THAT(header_in(call.headers, "Content-Type").value_or(""),
                ::testing::StartsWith("application/json"));
  }
}

struct Misshapen {
  std::string method;
  std::string path;
  std::vector<int> statuses;
};

// FED-02  Requests of another form are refused with a 4xx: other paths, among them those that dots would
//         lead somewhere else, other names, other methods, and queries.
TEST(Fed02, RequestsOfAnotherFormAreRefused) {
  Backend::under_test();
  const auto b = Peer::under_test("b");
  const std::vector<Misshapen> requests = {
      {"POST", "/", {404}},
      {"POST", "/v9/self", {404}},
      {"POST", "/federation", {404}},
      {"POST", "/federation/brig", {404}},
      {"POST", "/federation/brig/get-user-clients/more", {404}},
      {"POST", "/federation/../i/metrics", {400, 404}},
      {"POST", "/federation/brig/../../i/metrics", {400, 404}},
      {"POST", "/federation/%2e%2e/get-user-clients", {400, 404}},
      {"POST", "/federation/brig/get%2duser%2dclients", {400, 404}},
      {"POST", "/federation/brig/get.user.clients", {400, 404}},
      {"POST", "/federation/brig/no-such-call", {400, 404}},
      {"POST", "/federation/nobody/get-user-clients", {400, 404}},
      {"GET", "/federation/brig/get-user-clients", {403, 405}},
      {"PUT", "/federation/brig/get-user-clients", {403, 405}},
      {"DELETE", "/federation/brig/get-user-clients", {403, 405}},
      {"POST", "/federation/brig/get-user-clients?x=1", {403, 405}},
  };
  for (const auto& [method, path, statuses] : requests) {
    const auto reply = b.call_as(b.domain(), path, R"({"users": []})", method);
    EXPECT_THAT(statuses, ::testing::Contains(reply.status)) << method << ' ' << path;
  }
}

// FED-02  So are those that do not say whose they are, or say what is no domain.
TEST(Fed02, RequestsWithoutAnOriginAreRefused) {
  Backend::under_test();
  const auto b = Peer::under_test("b");
  for (const auto* origin : {"", "b", "-.", "b..example", "b.example/x", "b example.com", "b.1"}) {
    const auto reply = b.call_as(origin, "/federation/brig/get-user-clients", R"({"users": []})");
    EXPECT_THAT(reply, HasStatus(400)) << '"' << origin << '"';
  }
}

// FED-02  They change nothing: a message in one is not stored. The next one, of the right form, is.
TEST(Fed02, WhatIsRefusedChangesNothing) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_at(bob, {alice});
  const auto told = message_sent_body(bob, chat, {{alice, "of another form"}}).dump();
  const auto path = "/federation/" + rpc::on_message_sent;

  EXPECT_THAT(b.call_as(b.domain(), path + "?again=no", told), HasStatus(AnyOf(403, 405)));
  EXPECT_THAT(b.call_as(b.domain(), path, told, "PUT"), HasStatus(AnyOf(403, 405)));
  EXPECT_THAT(b.call_as("", path, told), HasStatus(400));
  must_tell(bob, chat, {{alice, "fence"}});

  EXPECT_THAT(alice.catch_up().bodies(), ElementsAre("fence"));
}

// FED-07  A redirect is not followed. The peer that it leads to would complain.
TEST(Fed07, ARedirectIsNotFollowed) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto c = Peer::under_test("c");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  b.expects(rpc::get_user_clients,
            with_bytes("HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\nLocation: http://" +
                       c.domain() + "/federation/" + rpc::get_user_clients + "\r\n\r\n"));

  EXPECT_THAT(alice.send(chat, {{bob, "hello"}}), IsFederationError(b.domain()));

  EXPECT_THAT(c.received(), IsEmpty());
}

// FED-08  A domain in capitals is the same backend: it may do what the backend may.
TEST(Fed08, TheCaseOfADomainDoesNotMatter) {
  auto backend = Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto alice = backend.user("alice").device();
  const auto bob = b.user("bob").device();
  const auto chat = conversation_with(alice, {bob});
  auto in_capitals = b.domain();
  for (auto& letter : in_capitals) letter = static_cast<char>(std::toupper(letter));

  const auto reply =
      b.call_as(in_capitals, "/federation/" + rpc::get_conversations,
                Json{{"user_id", bob.user().id().id}, {"conv_ids", {chat.id.id}}}.dump());

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/convs/0/id"), chat.id.id);
}

// FED-08  An origin with more than a domain in it is none.
TEST(Fed08, AnOriginIsADomainAndNothingElse) {
  Backend::under_test();
  const auto b = Peer::under_test("b");
  const auto path = "/federation/" + rpc::get_user_clients;

  for (const auto& origin : {b.domain() + ":1", "u@" + b.domain(), "http://" + b.domain(),
                             b.domain() + "/", b.domain() + "," + b.domain()}) {
    EXPECT_THAT(b.call_as(origin, path, R"({"users": []})"), IsClientError()) << origin;
  }
}

// FED-11  The versions of these calls are a list of numbers.
TEST(Fed11, TheTargetSaysWhichVersionsItSpeaks) {
  Backend::under_test();
  const auto b = Peer::under_test("b");

  for (const auto& body : {Json::array(), Json::object()}) {
    const auto reply = b.call(rpc::api_version, body);

    EXPECT_THAT(reply, HasStatus(200));
    const auto versions = part(reply.json, "/supported_versions");
    EXPECT_THAT(versions, Not(IsEmpty()));
    for (const auto& version : versions) EXPECT_TRUE(version.is_number_integer()) << version;
  }
}

}  // namespace
}  // namespace twostep::conformance
