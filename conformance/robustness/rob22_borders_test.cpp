#include <set>
#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;

/// What somebody may try to reach.
struct Things {
  std::string client;
  std::string push_token;
  std::string notification;
  Conversation chat;
  User member;
};

struct Call {
  std::string what;
  Reply reply;
};

Call call(const Caller& caller, const std::string& method, const std::string& path,
          const Json& body = nullptr) {
  const auto text = body.is_null() ? "" : body.dump();
  return {method + " " + path, caller.request(method, path, text)};
}

/// Every endpoint that names one of these things.
std::vector<Call> calls_on(const Things& things, const Device& mallory) {
  const auto client = "/clients/" + things.client;
  const auto chat = things.chat.path();
  const auto member = "/members/" + things.member.id().domain + "/" + things.member.id().id;
  const Json newcomers = {
      {"qualified_users",
       {{{"id", mallory.user().id().id}, {"domain", mallory.user().id().domain}}}}};
  const Json password = {{"password", mallory.user().password()}};
  const auto message = encode_message(mallory.id(), {}, {.strategy = ignore_all()});
  std::vector<Call> calls = {
      call(mallory, "GET", client),
      call(mallory, "PUT", client, {{"label", "mine"}}),
      call(mallory, "DELETE", client, password),
      call(mallory, "GET", client + "/capabilities"),
      call(mallory, "DELETE", "/push/tokens/" + things.push_token),
      call(mallory, "GET", "/notifications/" + things.notification),
      call(mallory, "POST", chat + "/members", newcomers),
      call(mallory, "DELETE", chat + member),
      call(mallory, "POST", chat + "/typing", {{"status", "started"}}),
      {"POST " + chat + "/proteus/messages", mallory.post_message(things.chat, message)},
      {"POST " + things.chat.legacy_path() + "/otr/messages",
       mallory.send_legacy_json(things.chat, {})},
      {"POST /access?client_id",
       mallory.request("POST", "/access?client_id=" + things.client, "",
                       {.headers = {cookie_header(mallory.user().cookie())}})},
  };
  return calls;
}

/// Bob, with one of each.
struct Owner {
  Device bob;
  std::string push_token;
  Conversation chat;
  Device friend_of_bob;

  Things things() const {
    return {.client = bob.id(),
            .push_token = push_token,
            .notification = bob.newest(),
            .chat = chat,
            .member = friend_of_bob};
  }
};

Owner owner(const Backend& backend) {
  auto bob = backend.user("bob").device({.label = "bob's own"});
  auto alice = backend.user("alice").device();
  auto chat = conversation_of({bob, alice});
  const auto token = "token-" + random_hex(16);
  require_setup(bob.register_push_token({token}), {201}, "registering a push token");
  alice.must_send(chat, {{bob, "secret"}});
  return {bob, token, chat, alice};
}

/// A conversation as a member sees it, without what changes by itself.
Json members_of(const Device& member, const Conversation& chat) {
  return member.get(chat.path()).json.value("members", Json{});
}

// ROB-22  What is another user's cannot be reached: 403 or 404, and nothing has changed.
TEST(Rob22, AnothersThingsAreOutOfReach) {
  auto backend = Backend::under_test();
  const auto owned = owner(backend);
  const auto& bob = owned.bob;
  auto mallory = backend.user("mallory").device();
  const auto client_before = bob.get("/clients/" + bob.id()).json;
  const auto members_before = members_of(bob, owned.chat);

  const auto calls = calls_on(owned.things(), mallory);
  const auto chat = mallory.get(owned.chat.path());
  owned.friend_of_bob.must_send(owned.chat, {{bob, "fence"}});

  EXPECT_THAT(chat, HasStatus(AnyOf(403, 404)));
  for (const auto& [what, reply] : calls) EXPECT_THAT(reply, HasStatus(AnyOf(403, 404))) << what;
  auto client_after = bob.get("/clients/" + bob.id()).json;
  EXPECT_EQ(client_after.value("label", ""), client_before.value("label", "-"));
  EXPECT_EQ(members_of(bob, owned.chat), members_before);
  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("secret", "fence"));
  EXPECT_THAT(bob.delete_push_token(owned.push_token), HasStatus(204));
}

// ROB-22  Which prekeys of a client are left is told to its own user only, …
TEST(Rob22, AnothersPrekeysLeftAreNotTold) {
  auto backend = Backend::under_test();
  auto bob = backend.user("bob").device();
  auto mallory = backend.user("mallory").device();

  const auto reply = mallory.get("/clients/" + bob.id() + "/prekeys");

  EXPECT_THAT(reply, HasStatus(AnyOf(200, 403, 404)));
  if (reply.status == 200) {
    EXPECT_EQ(reply.json, Json::array());
  }
}

// ROB-22  … and an inbox and a socket that name another's client are still one's own.
TEST(Rob22, AnothersInboxAndSocketAreNotOpened) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto mallory = backend.user("mallory").device();
  auto chat = conversation_of({alice, bob, mallory});

  const auto page = mallory.page({.client = bob.id()});
  Socket socket{"mallory",
                backend.websocket_url(),
                {{"Authorization", "Bearer " + mallory.token()}},
                {.path = "/await?client=" + bob.id(), .registered = false}};
  alice.must_send(chat, {{bob, "secret"}, {mallory, "fence"}});

  EXPECT_THAT(page, HasStatus(AnyOf(200, 400, 403, 404)));
  EXPECT_THAT(notifications_in(page).bodies(), ElementsAre());
  EXPECT_THAT(mallory.catch_up().bodies(), ElementsAre("fence"));
  for (const auto& body : notifications_in(mallory.page({.client = bob.id()})).bodies()) {
    EXPECT_NE(body, "secret");
  }
  if (!socket.refusal()) {
    socket.send(Opcode::text, "ping");
    socket.wait_for([](const Frame& frame) { return frame.payload == "pong"; });
    for (const auto& body : socket.seen().bodies()) EXPECT_NE(body, "secret");
  }
}

std::set<std::string> names_in(const Json& body) {
  std::set<std::string> names;
  if (!body.is_object()) return names;
  for (const auto& [name, value] : body.items()) names.insert(name);
  return names;
}

// ROB-23  Whether something exists that is another's cannot be told from the answer: its status,
//         label and shape are those of what does not exist.
TEST(Rob23, AnothersThingsLookLikeNone) {
  auto backend = Backend::under_test();
  const auto owned = owner(backend);
  auto mallory = backend.user("mallory").device();
  const auto things = owned.things();
  const Things none = {.client = "badc0ffee0ddf00d",
                       .push_token = "token-" + random_hex(16),
                       .notification = uuid_at(*uuid_ticks(things.notification)),
                       .chat = no_conversation(),
                       .member = owned.friend_of_bob};

  const auto others = calls_on(things, mallory);
  const auto nothings = calls_on(none, mallory);

  for (std::size_t i = 0; i < others.size(); ++i) {
    SCOPED_TRACE(others[i].what);
    EXPECT_EQ(others[i].reply.status, nothings[i].reply.status);
    EXPECT_EQ(others[i].reply.label(), nothings[i].reply.label());
    EXPECT_EQ(names_in(others[i].reply.json), names_in(nothings[i].reply.json));
  }
}

}  // namespace
}  // namespace twostep::conformance
