#include <string>
#include <utility>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;

struct Refusal {
  std::string what;
  Reply reply;
};

/// What is refused with a label, at as many endpoints as two users who do not know each other reach.
std::vector<Refusal> refusals(const Backend& backend, const Device& alice, const User& bob) {
  const auto& domain = backend.domain();
  const auto nobody = random_uuid();
  const auto chat = no_conversation();
  return {
      {"a login with a wrong password",
       backend.anonymous().post("/login", {{"email", bob.email()}, {"password", "not this one"}})},
      {"access without a cookie", backend.anonymous().post("/access")},
      {"a user who does not exist", alice.get("/users/" + domain + "/" + nobody)},
      {"connecting to oneself", alice.post("/connections/" + domain + "/" + alice.user().id().id)},
      {"a conversation with a stranger", create_conversation(alice, {bob})},
      {"a conversation from nonsense", alice.request("POST", "/conversations", "{", {})},
      {"reading no conversation", alice.get(chat.path())},
      {"sending to no conversation", alice.send(chat, {})},
      {"another client without the password",
       alice.post("/clients", alice.user().device_body({.with_password = false}))},
      {"changing no client", alice.put("/clients/deadbeef", {{"label", "mine"}})},
      {"removing no push token", alice.del("/push/tokens/" + random_hex(16))},
      {"an unknown path", alice.get("/no/such/path")},
  };
}

// WIR-05  An error has a JSON body with `code`, which is the status, `label` and `message`, none of
//         them empty.
TEST(Wir05, AnErrorSaysItsCodeLabelAndMessage) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");

  for (const auto& [what, reply] : refusals(backend, alice, bob)) {
    SCOPED_TRACE(what);
    EXPECT_THAT(reply, IsClientError());
    ASSERT_TRUE(reply.json.is_object()) << reply.body;
    EXPECT_EQ(reply.json.value("code", Json{}), Json(reply.status)) << reply.body;
    EXPECT_NE(reply.label(), "") << reply.body;
    const auto message = reply.json.value("message", Json{});
    EXPECT_TRUE(message.is_string() && message != "") << reply.body;
  }
}

// WIR-06  The 412 of a send is no such error: it has the sending status, and clients that find
//         `code`, `label` and `message` in it would take it for one.
TEST(Wir06, AMismatchIsNotAnErrorBody) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  const auto reply = alice.send(chat, {});

  EXPECT_THAT(reply, RefusedForMissing({bob}));
  ASSERT_TRUE(reply.json.is_object());
  EXPECT_FALSE(reply.json.contains("code") && reply.json.contains("label") &&
               reply.json.contains("message"))
      << reply.body;
}

// WIR-07  A body that is no JSON, lacks a field, or has one of a wrong type is a bad request.
TEST(Wir07, ABodyThatIsNotTheJsonExpectedIsABadRequest) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto lastkey = prekey(65'535).dump();
  const std::vector<std::pair<std::string, std::string>> bodies = {
      {"/login", "{"},
      {"/login", "[]"},
      {"/login", R"({"email": "alice@example.com"})"},
      {"/login", R"({"email": 5, "password": "12345678"})"},
      {"/conversations", "not json"},
      {"/conversations", R"({"qualified_users": "nobody"})"},
      {"/conversations", R"({"qualified_users": [], "name": 5})"},
      {"/list-users", R"({"qualified_ids": 5})"},
      {"/users/list-clients", "{}"},
      {"/users/list-clients", R"({"qualified_users": [{"id": 5}]})"},
      {"/clients", R"({"type": "permanent", "prekeys": []})"},
      {"/clients", R"({"type": 5, "prekeys": [], "lastkey": )" + lastkey + "}"},
      {"/clients", R"({"type": "permanent", "prekeys": "none", "lastkey": )" + lastkey + "}"},
      {"/push/tokens", R"({"transport": "GCM", "app": "conformance"})"},
  };

  for (const auto& [path, body] : bodies) {
    EXPECT_THAT(alice.request("POST", path, body), IsError(400, "bad-request"))
        << path << ' ' << body;
  }
}

// WIR-07  So is a message that ends too early.
TEST(Wir07, ATruncatedMessageIsABadRequest) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto body = encode_message(alice.id(), {{bob, "hello"}}, {});
  body.pop_back();

  const auto reply = alice.post_message(chat, body);

  EXPECT_THAT(reply, IsError(400, "bad-request"));
}

// WIR-08  A query parameter that cannot be read is answered 400.
TEST(Wir08, AnUnreadableParameterIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();

  EXPECT_THAT(alice.page({.client = "not-hexadecimal"}), HasStatus(400));
  EXPECT_THAT(alice.get("/notifications/last?client=xyz"), HasStatus(400));
}

// WIR-08  A path segment that should be a UUID or a domain and is none is answered 400 or 404.
TEST(Wir08, ASegmentThatIsNoIdIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto& [id, domain] = alice.id();

  for (const auto& path : {"/conversations/" + domain + "/no-uuid", "/users/" + domain + "/no-uuid",
                           "/users/no_domain!/" + id, "/connections/" + domain + "/no-uuid"}) {
    EXPECT_THAT(alice.get(path), HasStatus(AnyOf(400, 404))) << path;
  }
}

// WIR-09  A correct message under another content type than protobuf's is answered 415, or 400 by a
//         backend that reads it as what it says it is.
TEST(Wir09, AMessageUnderAnotherContentTypeIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto body = encode_message(alice.id(), {{bob, "hello"}}, {});

  for (const auto* type : {"application/json", "text/plain"}) {
    EXPECT_THAT(alice.post_message(chat, body, type), HasStatus(AnyOf(400, 415))) << type;
  }
}

}  // namespace
}  // namespace twostep::conformance
