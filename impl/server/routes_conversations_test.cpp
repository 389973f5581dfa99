#include "impl/server/routes_conversations.hpp"

#include <gmock/gmock.h>

#include <string>

#include "impl/server/router.hpp"
#include "impl/server/routes_connections.hpp"
#include "impl/service/neighbours.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::server {
namespace {

using service::Caller;
using wire::Json;

struct ConversationRoutes : testing::Test {
  ConversationRoutes() {
    neighbours.connect(alice, ann);
    group = neighbours.create(alice, {ann}, Role::member);
  }

  /// The answer to a request, as the sessions would send it; the body "" is none.
  Response call(const Caller& caller, std::string_view method, std::string_view target,
                const Json& body = {}) {
    const auto path = read_target(target).value();
    const auto match = router.find(method, path.segments);
    if (!match.route) return {.status = match.allow.empty() ? 404 : 405};
    Request request;
    request.method = method;
    request.path = path.path();
    request.captures = match.captures;
    if (!body.is_null()) request.body = wire::text_of(body);
    request.caller = caller;
    auto response = service::run(match.route->handler(request));
    if (response) return *std::move(response);
    return {.status = wire::label_of(response.error().reason).status,
            .body = wire::error_body(response.error())};
  }

  static std::string label(const Response& response) {
    return Json::parse(response.body).at("label").get<std::string>();
  }

  std::string path_of(const Caller& user) const {
    return backend.domain.text() + "/" + user.user.text();
  }
  std::string path_of(const QualifiedConversation& id) const {
    return "/conversations/" + id.domain.text() + "/" + id.id.text();
  }

  service::Neighbours neighbours;
  service::Backend& backend = neighbours.world.backend;
  Caller alice = neighbours.user("alice");
  Caller ann = neighbours.user("ann");
  Caller ada = neighbours.user("ada");  // Knows nobody.
  QualifiedConversation group{backend.domain, {}};
  Router router{[this] {
    auto routes = connection_routes(backend);
    for (auto& route : conversation_routes(backend)) routes.push_back(std::move(route));
    return routes;
  }()};
};

struct Cnv01 : ConversationRoutes {};
struct Cnv02 : ConversationRoutes {};
struct Cnv08 : ConversationRoutes {};
struct Cnv09 : ConversationRoutes {};
struct Cnv11 : ConversationRoutes {};
struct Cnv12 : ConversationRoutes {};
struct Cnv18 : ConversationRoutes {};
struct Cnv19 : ConversationRoutes {};
struct Cnv21 : ConversationRoutes {};
struct Cnv24 : ConversationRoutes {};
struct Cnv28 : ConversationRoutes {};

TEST_F(Cnv01, AskingIsAnswered201) {
  const auto asked = call(ada, "POST", "/v9/connections/" + path_of(alice));

  EXPECT_EQ(asked.status, 201);
  EXPECT_EQ(Json::parse(asked.body)["status"], "sent");
  EXPECT_EQ(Json::parse(call(alice, "GET", "/connections/" + path_of(ada)).body)["status"],
            "pending");
}

TEST_F(Cnv02, AskingAgainIsAnswered200) {
  EXPECT_EQ(call(alice, "POST", "/connections/" + path_of(ann)).status, 200);
}

TEST_F(Cnv08, AnUpdateIsAnswered200Or204Or403) {
  const auto update = [&](const char* status) {
    return call(alice, "PUT", "/connections/" + path_of(ann), {{"status", status}});
  };
  EXPECT_EQ(update("accepted").status, 204);
  EXPECT_EQ(label(update("ignored")), "bad-conn-update");
  EXPECT_EQ(Json::parse(update("blocked").body)["status"], "blocked");
}

TEST_F(Cnv09, WhatIsNotThereIs404) {
  const auto found = call(alice, "GET", "/connections/" + path_of(ada));
  EXPECT_EQ(found.status, 404);
  EXPECT_EQ(found.body, "");
}

TEST_F(Cnv11, TheListMayBeAskedForWithoutABody) {
  const auto listed = call(alice, "POST", "/list-connections");
  EXPECT_EQ(Json::parse(listed.body)["connections"].size(), 1U);
}

TEST_F(Cnv12, CreatingIsAnswered201WithTheLocation) {
  const auto created = call(alice, "POST", "/v9/conversations",
                            {{"qualified_users", {wire::qualified_id(neighbours.name_of(ann))}}});

  EXPECT_EQ(created.status, 201);
  const auto json = Json::parse(created.body);
  EXPECT_THAT(created.headers,
              testing::Contains(testing::Pair("Location", json["id"].get<std::string>())));
  EXPECT_EQ(json["members"]["self"]["id"], alice.user.text());
}

TEST_F(Cnv18, WhatIsNotOnesOwnIsRefused) {
  EXPECT_EQ(call(alice, "GET", path_of(group)).status, 200);
  EXPECT_EQ(label(call(ada, "GET", path_of(group))), "access-denied");
  EXPECT_EQ(label(call(alice, "GET", path_of(QualifiedConversation{backend.domain, {}}))),
            "no-conversation");
  EXPECT_EQ(label(call(alice, "GET", "/conversations/a.example/tea")), "bad-request");
}

TEST_F(Cnv19, BothListsHaveTheirBodies) {
  const auto ids = Json::parse(call(alice, "POST", "/conversations/list-ids", Json::object()).body);
  ASSERT_EQ(ids["qualified_conversations"].size(), 3U);  // The group, the connection, her own.

  const auto listed = Json::parse(call(alice, "POST", "/conversations/list",
                                       {{"qualified_ids", ids["qualified_conversations"]}})
                                      .body);
  EXPECT_EQ(listed["found"].size(), 3U);
  EXPECT_EQ(listed["not_found"], Json::array());
  EXPECT_EQ(listed["failed"], Json::array());
}

TEST_F(Cnv21, AddingIsAnswered200Or204) {
  neighbours.connect(alice, ada);
  const Json wanted{{"qualified_users", {wire::qualified_id(neighbours.name_of(ada))}},
                    {"conversation_role", "wire_member"}};

  const auto added = call(alice, "POST", path_of(group) + "/members", wanted);
  EXPECT_EQ(added.status, 200);
  EXPECT_EQ(Json::parse(added.body)["type"], "conversation.member-join");
  EXPECT_EQ(call(alice, "POST", path_of(group) + "/members", wanted).status, 204);
}

TEST_F(Cnv24, RemovingIsAnswered200Or204) {
  const auto member = path_of(group) + "/members/" + path_of(ann);

  const auto removed = call(alice, "DELETE", member);
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(Json::parse(removed.body)["type"], "conversation.member-leave");
  EXPECT_EQ(call(alice, "DELETE", member).status, 204);
  EXPECT_EQ(label(call(ann, "DELETE", member)), "no-conversation");
}

TEST_F(Cnv28, TypingIsAnswered200) {
  const auto type = [&](const Caller& caller, const char* status) {
    return call(caller, "POST", path_of(group) + "/typing", {{"status", status}});
  };
  EXPECT_EQ(type(ann, "stopped").status, 200);
  EXPECT_EQ(label(type(ann, "thinking")), "bad-request");
  EXPECT_EQ(label(type(ada, "started")), "no-conversation");
}

TEST_F(ConversationRoutes, WhatIsSaidOfAConversationIsChanged) {
  const auto put = [&](const Caller& caller, const char* what, const Json& body) {
    return call(caller, "PUT", path_of(group) + what, body);
  };
  EXPECT_EQ(put(alice, "/name", {{"name", "tea"}}).status, 200);
  EXPECT_EQ(put(alice, "/name", {{"name", "tea"}}).status, 204);
  EXPECT_EQ(put(alice, "/message-timer", {{"message_timer", nullptr}}).status, 204);
  EXPECT_EQ(put(alice, "/receipt-mode", {{"receipt_mode", 1}}).status, 200);
  EXPECT_EQ(label(put(ann, "/name", {{"name", "coffee"}})), "action-denied");
  EXPECT_EQ(put(ann, "/self", {{"otr_archived", true}}).status, 200);
  EXPECT_EQ(call(alice, "PUT", path_of(group) + "/members/" + path_of(ann),
                 {{"conversation_role", "wire_admin"}})
                .status,
            200);
  EXPECT_EQ(put(ann, "/name", {{"name", "coffee"}}).status, 200);
}

}  // namespace
}  // namespace twostep::server
