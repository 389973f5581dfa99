#include "impl/wire/conversations.hpp"

#include <gmock/gmock.h>

#include <string>

#include "impl/wire/connections.hpp"
#include "impl/wire/json.hpp"

namespace twostep::wire {
namespace {

using testing::ElementsAre;

const Domain a = *Domain::parse("a.example");
const Domain b = *Domain::parse("b.example");
const auto alice = *UserId::parse("aaaaaaaa-0000-4000-8000-000000000001");
const auto bob = *UserId::parse("bbbbbbbb-0000-4000-8000-000000000002");
const auto tea = *ConversationId::parse("cccccccc-0000-4000-8000-000000000003");

Reason refusal_of(std::string_view body) {
  const auto decoded = decode_new_conversation(body, a);
  return decoded ? Reason::internal : decoded.error().reason;
}

ConversationView view_of_alice() {
  return {.conversation = {.id = {a, tea},
                           .type = ConversationType::group,
                           .creator = alice,
                           .name = "tea \"time\"",
                           .access = {"invite"},
                           .access_role = {"team_member", "non_team_member"},
                           .message_timer_ms = 1000},
          .members = {{.user = {a, alice}, .role = Role::admin},
                      {.user = {b, bob}, .role = Role::member}},
          .own_state = {.archived = true, .archived_ref = "1"}};
}

TEST(Cnv12, WhatIsLeftOutHasAValue) {
  const auto wanted = decode_new_conversation("{}", a).value();

  EXPECT_TRUE(wanted.users.empty());
  EXPECT_EQ(wanted.role, Role::admin);
  EXPECT_EQ(wanted.name, std::nullopt);
  EXPECT_THAT(wanted.access, ElementsAre("invite"));
  EXPECT_THAT(wanted.access_role, ElementsAre("team_member", "non_team_member", "service"));
}

TEST(Cnv12, UsersAreNamedOnceWithOrWithoutTheirDomain) {
  const auto wanted = decode_new_conversation(R"({
    "users": ["aaaaaaaa-0000-4000-8000-000000000001"],
    "qualified_users": [
      {"id": "bbbbbbbb-0000-4000-8000-000000000002", "domain": "B.example"},
      {"id": "AAAAAAAA-0000-4000-8000-000000000001", "domain": "a.example"}]})",
                                              a);

  EXPECT_THAT(wanted.value().users, ElementsAre(QualifiedUser{a, alice}, QualifiedUser{b, bob}));
}

TEST(Cnv12, TheBodyThatClientsSendIsRead) {
  const auto wanted =
      decode_new_conversation(R"({"name": "tea", "qualified_users": [], "access": ["invite"],
        "access_role": ["service", "guest", "team_member", "non_team_member"],
        "conversation_role": "wire_member", "protocol": "proteus", "receipt_mode": null,
        "message_timer": 1000})",
                              a)
          .value();

  EXPECT_EQ(wanted.name, "tea");
  EXPECT_EQ(wanted.role, Role::member);
  EXPECT_EQ(wanted.message_timer_ms, 1000);
  EXPECT_EQ(wanted.receipt_mode, std::nullopt);
  EXPECT_THAT(wanted.access_role,
              ElementsAre("team_member", "non_team_member", "guest", "service"));
}

TEST(Cnv15, ANameHas256CharactersAtMost) {
  const auto named = [](std::size_t chars) {
    std::string name;
    for (std::size_t i = 0; i < chars; ++i) name += "\xC3\xA4";  // Two octets, one character.
    return R"({"name":")" + name + R"("})";
  };
  EXPECT_TRUE(decode_new_conversation(named(256), a));
  EXPECT_EQ(refusal_of(named(257)), Reason::bad_request);
  EXPECT_EQ(refusal_of(named(0)), Reason::bad_request);
  EXPECT_TRUE(decode_name(named(256)));
  EXPECT_FALSE(decode_name(named(257)));
}

TEST(Cnv12, WhatIsNotServedIsRefused) {
  EXPECT_EQ(refusal_of(R"({"team": {"teamid": "aaaaaaaa-0000-4000-8000-000000000001"}})"),
            Reason::no_team_member);
  EXPECT_EQ(refusal_of(R"({"team": 1, "protocol": "mls"})"), Reason::no_team_member);
  for (const auto* body :
       {"", "[]", R"({"protocol": "mls"})", R"({"protocol": 1})", R"({"access": ["everybody"]})",
        R"({"access_role": "activated"})", R"({"conversation_role": "owner"})",
        R"({"message_timer": -1})", R"({"message_timer": "1"})", R"({"receipt_mode": 2147483648})",
        R"({"qualified_users": [{"id": "x", "domain": "a.example"}]})",
        R"({"qualified_users": ["aaaaaaaa-0000-4000-8000-000000000001"]})"}) {
    EXPECT_EQ(refusal_of(body), Reason::bad_request) << body;
  }
}

TEST(Cnv17, AViewHasEverythingThatClientsLookFor) {
  const auto json = Json::parse(encode_conversation(view_of_alice()));

  const auto id = qualified_id(QualifiedConversation{a, tea});
  EXPECT_EQ(json, Json({{"qualified_id", id},
                        {"id", tea.text()},
                        {"type", 0},
                        {"creator", alice.text()},
                        {"access", {"invite"}},
                        {"access_role", {"team_member", "non_team_member"}},
                        {"name", "tea \"time\""},
                        {"team", nullptr},
                        {"message_timer", 1000},
                        {"receipt_mode", nullptr},
                        {"last_event", "0.0"},
                        {"last_event_time", "1970-01-01T00:00:00.000Z"},
                        {"protocol", "proteus"},
                        {"group_conv_type", "group_conversation"},
                        {"cells_state", "disabled"},
                        {"add_permission", nullptr},
                        {"parent", nullptr},
                        {"history", nullptr},
                        {"members", json["members"]}}));
  EXPECT_EQ(json["members"]["self"], Json({{"qualified_id", qualified_id(QualifiedUser{a, alice})},
                                           {"id", alice.text()},
                                           {"conversation_role", "wire_admin"},
                                           {"service", nullptr},
                                           {"status", 0},
                                           {"status_ref", "0.0"},
                                           {"status_time", "1970-01-01T00:00:00.000Z"},
                                           {"otr_muted_status", nullptr},
                                           {"otr_muted_ref", nullptr},
                                           {"otr_archived", true},
                                           {"otr_archived_ref", "1"},
                                           {"hidden", false},
                                           {"hidden_ref", nullptr}}));
  EXPECT_EQ(json["members"]["others"],
            Json::array({{{"qualified_id", qualified_id(QualifiedUser{b, bob})},
                          {"id", bob.text()},
                          {"conversation_role", "wire_member"},
                          {"status", 0}}}));
}

TEST(Cnv12, TheAnswerToACreationSaysThatAllWereAdded) {
  auto json = Json::parse(encode_created_conversation(view_of_alice()));

  EXPECT_EQ(json["failed_to_add"], Json::array());
  json.erase("failed_to_add");
  EXPECT_EQ(json, Json::parse(encode_conversation(view_of_alice())));
}

TEST(Cnv13, EventsHaveTheAccessRolesInTheOlderShape) {
  auto view = view_of_alice();
  const auto shown = [&](std::vector<std::string> roles) {
    view.conversation.access_role = std::move(roles);
    const ConversationTexts texts{view.conversation, view.members, ConversationSchema::in_events};
    const auto json = Json::parse(texts.seen_by(1, {}));
    EXPECT_EQ(json["access_role_v2"], Json(view.conversation.access_role));
    EXPECT_EQ(json["members"]["self"]["id"], bob.text());
    return json["access_role"].get<std::string>();
  };
  EXPECT_EQ(shown({}), "private");
  EXPECT_EQ(shown({"team_member"}), "team");
  EXPECT_EQ(shown({"team_member", "non_team_member", "service"}), "activated");
  EXPECT_EQ(shown({"team_member", "non_team_member", "guest", "service"}), "non_activated");
}

TEST(Cnv19, APageNamesWhereTheNextOneBegins) {
  const auto page = Json::parse(encode_conversation_ids({.ids = {{a, tea}}, .has_more = true}));
  EXPECT_EQ(page["has_more"], true);

  const auto next =
      decode_list_conversation_ids(text_of({{"paging_state", page["paging_state"]}, {"size", 1}}));
  EXPECT_EQ(next.value().after, (QualifiedConversation{a, tea}));
  EXPECT_EQ(next.value().size, 1U);

  EXPECT_EQ(decode_list_conversation_ids("").value().after, std::nullopt);
  EXPECT_EQ(decode_list_conversation_ids(R"({"paging_state": ""})").value().after, std::nullopt);
  for (const auto* body : {R"({"paging_state": "tea"})", R"({"paging_state": "a.example/tea"})",
                           R"({"size": 0})", R"({"size": 1001})"}) {
    EXPECT_FALSE(decode_list_conversation_ids(body)) << body;
  }
  EXPECT_EQ(decode_list_conversation_ids(R"({"size": 1000})").value().size, 1000U);
}

TEST(Cnv28, TypingIsStartedOrStopped) {
  EXPECT_EQ(decode_typing(R"({"status": "started"})").value(), Typing::started);
  EXPECT_EQ(decode_typing(R"({"status": "stopped"})").value(), Typing::stopped);
  EXPECT_FALSE(decode_typing(R"({"status": "thinking"})"));
  EXPECT_FALSE(decode_typing("{}"));
}

TEST(OwnStates, AreChangedMemberByMember) {
  const auto state = decode_own_state(R"({"otr_archived": true, "otr_muted_status": 3,
                                          "hidden_ref": "2"})");
  EXPECT_EQ(state.value(), (OwnState{.muted_status = 3, .archived = true, .hidden_ref = "2"}));
  EXPECT_FALSE(decode_own_state("{}"));
  EXPECT_FALSE(decode_own_state(R"({"otr_archived": "yes"})"));
}

TEST(Cnv11, AConnectionHasEverythingThatClientsLookFor) {
  const Connection connection{.from = alice,
                              .to = {a, bob},
                              .status = Relation::sent,
                              .last_update = TimeUuid::earliest + std::chrono::years{400},
                              .conversation = {a, tea}};

  const auto page = Json::parse(encode_connections({.connections = {connection}}));

  EXPECT_EQ(page["has_more"], false);
  EXPECT_EQ(page["connections"], Json::array({Json::parse(encode_connection(connection))}));
  EXPECT_EQ(page["connections"][0],
            Json({{"from", alice.text()},
                  {"to", bob.text()},
                  {"qualified_to", qualified_id(QualifiedUser{a, bob})},
                  {"status", "sent"},
                  {"last_update", page["connections"][0]["last_update"]},
                  {"conversation", tea.text()},
                  {"qualified_conversation", qualified_id(QualifiedConversation{a, tea})}}));
  const auto next =
      decode_list_connections(text_of({{"paging_state", page["paging_state"]}, {"size", 500}}));
  EXPECT_EQ(next.value().after, (QualifiedUser{a, bob}));
  EXPECT_EQ(next.value().size, 500U);
  EXPECT_FALSE(decode_list_connections(R"({"size": 501})"));
}

TEST(Cnv07, AnUpdateNamesAStatus) {
  EXPECT_EQ(decode_relation(R"({"status": "blocked"})").value(), Relation::blocked);
  EXPECT_FALSE(decode_relation(R"({"status": "loved"})"));
  EXPECT_FALSE(decode_relation("{}"));
}

}  // namespace
}  // namespace twostep::wire
