#include "impl/server/routes_messages.hpp"

#include <gtest/gtest.h>

#include "impl/server/router.hpp"
#include "impl/server/routes_notifications.hpp"
#include "impl/service/fakes.hpp"
#include "impl/store/clients.hpp"
#include "impl/store/conversations.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::server {
namespace {

const auto alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
const auto ann = *UserId::parse("a0a0a0a0-0000-4000-8000-000000000002");
const auto talk = *ConversationId::parse("c0000000-0000-4000-8000-00000000000c");
const std::string otr = "/conversations/c0000000-0000-4000-8000-00000000000c/otr/messages";
const std::string proteus =
    "/conversations/a.example/c0000000-0000-4000-8000-00000000000c/proteus/messages";
const std::string to_ann =
    R"({"sender":"1","recipients":{"a0a0a0a0-0000-4000-8000-000000000002":{"2":"aGk="}}})";

/// A conversation of alice (client 1) and ann (client 2), and the endpoints to it.
struct Node {
  Node() {
    store::testing::write(memory, [&](store::Transaction& rows) {
      const QualifiedConversation id{backend.domain, talk};
      const Conversation group{.id = id, .creator = alice};
      store::put_conversation(rows, group);
      for (const auto& [user, client] : {std::pair{alice, ClientId{1}}, {ann, ClientId{2}}}) {
        store::put_member(rows, backend.domain, id, {.user = {backend.domain, user}});
        Client device;
        device.id = client;
        store::put_client(rows, user, device);
      }
    }).value();
  }

  Response call(const UserId& user, std::string_view method, std::string_view target,
                const std::string& body = {}, const std::string& type = "application/json") {
    const auto path = read_target(target).value();
    const auto match = router.find(method, path.segments);
    if (!match.route) return {.status = 404, .body = {}};
    Request request;
    request.method = method;
    request.version = path.version;
    request.captures = match.captures;
    request.query = path.query;
    request.headers = {{"content-type", type}};
    request.body = body;
    request.caller = service::Caller{.user = user, .connection = {7}, .client = {}};
    auto response = service::run(match.route->handler(request));
    if (response) return *std::move(response);
    return {.status = wire::label_of(response.error().reason).status,
            .body = wire::error_body(response.error())};
  }

  store::MemoryStore memory;
  service::FakeWorld fakes{memory};
  service::Backend& backend = fakes.backend;
  Router router{[this] {
    auto all = message_routes(backend);
    for (auto& route : notification_routes(backend)) all.push_back(std::move(route));
    return all;
  }()};
};

wire::Json json_of(const Response& response) { return wire::parse_object(response.body).value(); }

TEST(Fed35, WhatIsNoMessageIsRefusedBeforeItsOwnerIsAsked) {
  Node node;
  const std::string elsewhere =
      "/conversations/b.example/c0000000-0000-4000-8000-00000000000c/proteus/messages";
  EXPECT_EQ(node.call(alice, "POST", elsewhere, "no message", "application/x-protobuf").status,
            400);
  EXPECT_TRUE(node.fakes.peers.calls.empty());
}

TEST(Snd37, AMessageInJsonIsDelivered) {
  Node node;
  const auto sent = node.call(alice, "POST", otr, to_ann);
  EXPECT_EQ(sent.status, 201);
  EXPECT_EQ(sent.body, R"({"time":"2025-06-01T00:00:00.000Z","missing":{},"redundant":{},)"
                       R"("deleted":{}})");
  const auto page = json_of(node.call(ann, "GET", "/v9/notifications?client=2"));
  EXPECT_EQ(page["notifications"][0]["payload"][0]["data"]["text"], "aGk=");
}

TEST(Snd38, AMessageInProtobufIsToo) {
  Node node;
  // sender 1; user 16 octets, client 2, text "hi".
  const std::string body = std::string{"\x0a\x02\x08\x01\x12\x1e\x0a\x12\x0a\x10"} +
                           std::string{ann.bytes()} + "\x12\x08\x0a\x02\x08\x02\x12\x02hi";
  EXPECT_EQ(node.call(alice, "POST", otr, body, "application/x-protobuf").status, 201);
}

TEST(Snd39, AMissingClientStopsIt) {
  Node node;
  const std::string to_nobody = R"({"sender":"1","recipients":{}})";
  const auto stopped = node.call(alice, "POST", otr, to_nobody);
  EXPECT_EQ(stopped.status, 412);
  EXPECT_EQ(json_of(stopped)["missing"][ann.text()], wire::Json::array({"2"}));
  EXPECT_EQ(node.call(alice, "POST", otr + "?ignore_missing=true", to_nobody).status, 201);
}

TEST(Snd33, AStrangersConversationIsNone) {
  Node node;
  const auto refused = node.call(UserId{}, "POST", otr, to_ann);
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(json_of(refused)["label"], "no-conversation");
}

TEST(Snd31, ABodyThatIsNoMessageIsABadRequest) {
  Node node;
  EXPECT_EQ(node.call(alice, "POST", otr, "{").status, 400);
  EXPECT_EQ(node.call(alice, "POST", proteus, "\x0a\x02\x08\x01", "application/x-protobuf").status,
            400);
}

TEST(Wir09, OnlyTheContentTypesThatAreKnownAreRead) {
  Node node;
  EXPECT_EQ(node.call(alice, "POST", otr, to_ann, "text/plain").status, 415);
  EXPECT_EQ(node.call(alice, "POST", otr, to_ann, "").status, 415);
  EXPECT_EQ(node.call(alice, "POST", otr, to_ann, "Application/JSON ; charset=utf-8").status, 201);
  EXPECT_EQ(node.call(alice, "POST", proteus, to_ann).status, 415);
}

TEST(Cup11, ASizeOutsideItsBoundsIsABadRequest) {
  Node node;
  for (const auto* size :
       {"99", "10001", "-1", "1e9", "", "many", "100x", "+100", "99999999999999999999"})
    EXPECT_EQ(node.call(ann, "GET", std::string{"/v9/notifications?size="} + size).status, 400)
        << size;
  for (const auto* size : {"100", "10000"})
    EXPECT_EQ(node.call(ann, "GET", std::string{"/v9/notifications?size="} + size).status, 200);
}

TEST(Cup17, AGapIs404WithoutAList) {
  Node node;
  const auto gap =
      node.call(ann, "GET", "/v9/notifications?since=c7ff3d24-9d2e-11ee-8c90-0242ac120002");
  EXPECT_EQ(gap.status, 404);
  EXPECT_EQ(json_of(gap)["label"], "not-found");
  EXPECT_FALSE(json_of(gap).contains("notifications"));
}

TEST(Cup17, WithoutAVersionAGapIs404WithTheList) {
  Node node;
  ASSERT_EQ(node.call(alice, "POST", otr, to_ann).status, 201);
  for (const auto* since : {"c7ff3d24-9d2e-11ee-8c90-0242ac120002", "jumberjack",
                            "c7ff3d24-9d2e-41ee-8c90-0242ac120002"}) {
    const auto gap = node.call(ann, "GET", std::string{"/notifications?since="} + since);
    EXPECT_EQ(gap.status, 404) << since;
    EXPECT_EQ(json_of(gap)["notifications"].size(), 1u) << since;
  }
  EXPECT_EQ(node.call(ann, "GET", "/notifications").status, 200);
}

TEST(Cup19, ASinceThatIsNoTimeUuidIsABadRequest) {
  Node node;
  for (const auto* since :
       {"jumberjack", "c7ff3d24-9d2e-11ee-8c90", "c7ff3d24-9d2e-41ee-8c90-0242ac120002", "",
        "00000000-0000-0000-0000-000000000000"})
    EXPECT_EQ(node.call(ann, "GET", std::string{"/v9/notifications?since="} + since).status, 400)
        << since;
}

TEST(Cup27, AnIdThatIsNoTimeUuidIsABadRequest) {
  Node node;
  EXPECT_EQ(node.call(ann, "GET", "/v9/notifications/jumberjack").status, 400);
  EXPECT_EQ(node.call(ann, "GET", "/v9/notifications/c7ff3d24-9d2e-11ee-8c90-0242ac120002").status,
            404);
  EXPECT_EQ(node.call(ann, "GET", "/v9/notifications/last").status, 404);
  EXPECT_EQ(node.call(ann, "GET", "/v9/notifications?client=xyz").status, 400);
}

TEST(RoutesNotificationsTest, TimeIsTheServers) {
  Node node;
  EXPECT_EQ(node.call(ann, "GET", "/v9/time").body, R"({"time":"2025-06-01T00:00:00.000Z"})");
}

}  // namespace
}  // namespace twostep::server
