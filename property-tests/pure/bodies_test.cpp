// Bodies between clients and their backend: spliced texts against trees, and requests with whatever in
// their members.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "impl/wire/connections.hpp"
#include "impl/wire/conversations.hpp"
#include "impl/wire/json_text.hpp"
#include "impl/wire/labels.hpp"
#include "impl/wire/push_tokens.hpp"
#include "property-tests/pure/codec.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using wire::Json;

template <class T>
std::optional<T> maybe(T value) {
  return *one_in(3) ? std::nullopt : std::optional{std::move(value)};
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

// --- Conversations, as their members see them ----------------------------------------------

std::vector<std::string> some_of(const std::vector<std::string>& words) {
  std::vector<std::string> some;
  for (const auto& word : words)
    if (*one_in(2)) some.push_back(word);
  return some;
}

ConversationView any_view() {
  ConversationView view{
      .conversation = {.id = {*domain(), *conversation()},
                       .type = static_cast<ConversationType>(*below(4)),
                       .creator = *user(),
                       .name = maybe(*text()),
                       .access = some_of({"invite", "code"}),
                       .access_role =
                           some_of({"team_member", "non_team_member", "guest", "service"}),
                       .message_timer_ms = maybe(static_cast<std::int64_t>(*number(INT64_MAX))),
                       .receipt_mode = maybe(static_cast<std::int64_t>(*below(3)))},
      .members = {},
      .self = 0,
      .own_state = {.muted_status = maybe(static_cast<std::int64_t>(*below(3))),
                    .muted_ref = maybe(*text()),
                    .archived = maybe(*one_in(2)),
                    .archived_ref = maybe(*text()),
                    .hidden = maybe(*one_in(2)),
                    .hidden_ref = maybe(*text())}};
  for (auto count = 1 + *below(4); count > 0; --count)
    view.members.push_back({{*domain(), *user()}, *one_in(2) ? Role::admin : Role::member});
  view.self = *below(view.members.size());
  return view;
}

Json tree_of(const Member& member) {
  return {{"qualified_id", name_tree(member.user)},
          {"id", member.user.id.text()},
          {"conversation_role", member.role == Role::admin ? "wire_admin" : "wire_member"},
          {"status", 0}};
}

Json tree_of(const ConversationView& view) {
  const auto& made = view.conversation;
  const auto& own = view.own_state;
  const auto* never = "1970-01-01T00:00:00.000Z";
  auto self = tree_of(view.members[view.self]);
  self.update({{"service", nullptr},
               {"status_ref", "0.0"},
               {"status_time", never},
               {"otr_muted_status", or_null(own.muted_status)},
               {"otr_muted_ref", or_null(own.muted_ref)},
               {"otr_archived", own.archived.value_or(false)},
               {"otr_archived_ref", or_null(own.archived_ref)},
               {"hidden", own.hidden.value_or(false)},
               {"hidden_ref", or_null(own.hidden_ref)}});
  auto others = Json::array();
  for (std::size_t i = 0; i < view.members.size(); ++i)
    if (i != view.self) others.push_back(tree_of(view.members[i]));
  const bool group = made.type == ConversationType::group;
  return {{"qualified_id", name_tree(made.id)},
          {"id", made.id.id.text()},
          {"type", static_cast<int>(made.type)},
          {"creator", made.creator.text()},
          {"access", made.access},
          {"access_role", made.access_role},
          {"name", or_null(made.name)},
          {"team", nullptr},
          {"message_timer", or_null(made.message_timer_ms)},
          {"receipt_mode", or_null(made.receipt_mode)},
          {"last_event", "0.0"},
          {"last_event_time", never},
          {"protocol", "proteus"},
          {"group_conv_type", group ? Json("group_conversation") : Json()},
          {"cells_state", "disabled"},
          {"add_permission", nullptr},
          {"parent", nullptr},
          {"history", nullptr},
          {"members", {{"self", self}, {"others", others}}}};
}

// The word that older clients have for a set of roles, for each set there is.
std::string older_word(const std::vector<std::string>& roles) {
  const std::set<std::string> set{roles.begin(), roles.end()};
  if (set.empty()) return "private";
  if (set.contains("guest")) return "non_activated";
  return set == std::set<std::string>{"team_member"} ? "team" : "activated";
}

TEST(ClientBodies, OfAConversationAreWhatEachMemberSees) {
  expect_always(
      [] {
        const auto view = any_view();
        auto expected = tree_of(view);
        reached("alone", view.members.size() == 1);
        reached("one of several", view.self > 0);
        RC_ASSERT(Json::parse(wire::encode_conversation(view)) == expected);
        auto created = expected;
        created["failed_to_add"] = Json::array();
        RC_ASSERT(Json::parse(wire::encode_created_conversation(view)) == created);
        const wire::ConversationTexts in_events{view.conversation, view.members,
                                                wire::ConversationSchema::in_events};
        expected["access_role_v2"] = expected["access_role"];
        expected["access_role"] = older_word(view.conversation.access_role);
        RC_ASSERT(Json::parse(in_events.seen_by(view.self, view.own_state)) == expected);
      },
      {"alone", "one of several"});
}

TEST(ClientBodies, OfManyConversationsAreAllOfThem) {
  expect_always([] {
    wire::FoundConversations all;
    auto found = Json::array(), lost = Json::array(), failed = Json::array();
    for (auto count = *below(3); count > 0; --count)
      found.push_back(tree_of(all.found.emplace_back(any_view())));
    for (auto count = *below(3); count > 0; --count)
      lost.push_back(
          name_tree(all.not_found.emplace_back(QualifiedConversation{*domain(), *conversation()})));
    for (auto count = *below(3); count > 0; --count)
      failed.push_back(
          name_tree(all.failed.emplace_back(QualifiedConversation{*domain(), *conversation()})));
    RC_ASSERT(Json::parse(wire::encode_conversations(all)) ==
              (Json{{"found", found}, {"not_found", lost}, {"failed", failed}}));
    const wire::ConversationIdPage page{all.not_found, *one_in(2)};
    const auto state =
        page.ids.empty() ? "" : page.ids.back().domain.text() + '/' + page.ids.back().id.text();
    const auto written = wire::encode_conversation_ids(page);
    RC_ASSERT(Json::parse(written) == (Json{{"qualified_conversations", lost},
                                            {"has_more", page.has_more},
                                            {"paging_state", state}}));
    // The end of a page is where the next one begins.
    const auto size = 1 + *number(limits::conversations_page_max);
    const auto next =
        wire::decode_list_conversation_ids(Json{{"paging_state", state}, {"size", size}}.dump());
    RC_ASSERT(next.has_value() == (size <= limits::conversations_page_max));
    if (!next) return;
    RC_ASSERT(next->size == size);
    RC_ASSERT(next->after == (page.ids.empty() ? std::nullopt : std::optional{page.ids.back()}));
  });
}

TEST(ClientBodies, OfConnectionsAreAllOfThem) {
  expect_always([] {
    wire::ConnectionPage page{.connections = {}, .has_more = *one_in(2)};
    auto list = Json::array();
    for (auto count = *below(4); count > 0; --count) {
      const auto& one =
          page.connections.emplace_back(Connection{.from = *user(),
                                                   .to = {*domain(), *user()},
                                                   .status = relations[*below(6)],
                                                   .last_update = *wire_instant(),
                                                   .conversation = {*domain(), *conversation()}});
      list.push_back({{"from", one.from.text()},
                      {"to", one.to.id.text()},
                      {"qualified_to", name_tree(one.to)},
                      {"status", name_of(one.status)},
                      {"last_update", wire::millisecond_time(one.last_update)},
                      {"conversation", one.conversation.id.text()},
                      {"qualified_conversation", name_tree(one.conversation)}});
      RC_ASSERT(Json::parse(wire::encode_connection(one)) == list.back());
      const auto name = maybe(*text());
      Json event{{"type", "user.connection"}, {"connection", list.back()}};
      if (name) event["user"] = {{"name", *name}};
      RC_ASSERT(Json::parse(wire::connection_event(one, name)) == event);
      const auto wanted = wire::decode_relation(Json{{"status", name_of(one.status)}}.dump());
      RC_ASSERT(wanted.has_value() && *wanted == one.status);
    }
    const auto written = Json::parse(wire::encode_connections(page));
    RC_ASSERT(written["connections"] == list);
    RC_ASSERT(written["has_more"] == page.has_more);
    const auto size = 1 + *number(limits::connections_page_max);
    const auto next = wire::decode_list_connections(
        Json{{"paging_state", written["paging_state"]}, {"size", size}}.dump());
    RC_ASSERT(next.has_value() == (size <= limits::connections_page_max));
    if (!next) return;
    RC_ASSERT(next->size == size);
    RC_ASSERT(
        next->after ==
        (page.connections.empty() ? std::nullopt : std::optional{page.connections.back().to}));
  });
}

// --- Requests ------------------------------------------------------------------------------

TEST(ClientBodies, ThatAskForAConversationAreReadWhole) {
  static const std::vector<std::string> access{"private", "invite", "link", "code"};
  static const std::vector<std::string> roles_of_access{"team_member", "non_team_member", "guest",
                                                        "service"};
  expect_always([] {
    const auto own = *Domain::parse("a.example");
    Json body = Json::object();
    wire::NewConversation expected{.users = {},
                                   .role = Role::admin,
                                   .name = {},
                                   .access = {"invite"},
                                   .access_role = {"team_member", "non_team_member", "service"},
                                   .message_timer_ms = {},
                                   .receipt_mode = {}};
    std::set<QualifiedUser> users;
    for (auto count = *below(4); count > 0; --count) {
      const QualifiedUser name{*domain(), UserId{Uuid{{static_cast<std::uint8_t>(*below(2))}}}};
      if (*one_in(2)) {
        body["qualified_users"].push_back(name_tree(name));
        users.insert(name);
      } else {
        body["users"].push_back(name.id.text());
        users.insert({own, name.id});
      }
    }
    expected.users.assign(users.begin(), users.end());
    if (*one_in(2)) body["conversation_role"] = name_of(expected.role = Role::member);
    if (*one_in(2)) body["name"] = *(expected.name = "n" + *text());
    if (*one_in(2)) {
      expected.access = some_of(access);
      auto drawn = expected.access;  // Backwards and twice is the same set.
      drawn.insert(drawn.end(), expected.access.rbegin(), expected.access.rend());
      body["access"] = drawn;
    }
    if (*one_in(2)) body["access_role"] = expected.access_role = some_of(roles_of_access);
    if (*one_in(2))
      body["message_timer"] =
          *(expected.message_timer_ms = static_cast<std::int64_t>(*number(INT64_MAX)));
    if (*one_in(2))
      body["receipt_mode"] = *(expected.receipt_mode = -1 + static_cast<int>(*below(3)));
    if (*one_in(3)) body["protocol"] = "proteus";
    if (*one_in(3)) body["team"] = nullptr;

    const auto read = wire::decode_new_conversation(body.dump(), own);

    RC_ASSERT(read.has_value());
    RC_ASSERT(read->users == expected.users);
    RC_ASSERT(read->role == expected.role);
    RC_ASSERT(read->name == expected.name);
    RC_ASSERT(read->access == expected.access);
    RC_ASSERT(read->access_role == expected.access_role);
    RC_ASSERT(read->message_timer_ms == expected.message_timer_ms);
    RC_ASSERT(read->receipt_mode == expected.receipt_mode);
  });
}

TEST(ClientBodies, ThatAskForAConversationInAWayThatIsNoneAreRefused) {
  expect_always(
      [] {
        const auto own = *Domain::parse("a.example");
        Json body{{"users", Json::array({(*user()).text()})}, {"name", std::string(256, 'n')}};
        RC_ASSERT(wire::decode_new_conversation(body.dump(), own).has_value());
        const std::vector<std::pair<std::string, Json>> wrong{{"users", "all"},
                                                              {"qualified_users", {"bob"}},
                                                              {"conversation_role", "boss"},
                                                              {"name", ""},
                                                              {"name", std::string(257, 'n')},
                                                              {"access", {"anybody"}},
                                                              {"access_role", "guest"},
                                                              {"message_timer", -1},
                                                              {"receipt_mode", INT64_MAX},
                                                              {"protocol", "mls"},
                                                              {"team", "t"}};
        const auto& [member, value] = wrong[*below(wrong.size())];
        body[member] = value;
        reached("a name too long", member == "name" && value != "");
        const auto refused = wire::decode_new_conversation(body.dump(), own);
        RC_ASSERT(!refused.has_value());
        RC_ASSERT(refused.error().reason ==
                  (member == "team" ? Reason::no_team_member : Reason::bad_request));
      },
      {"a name too long"});
}

TEST(ClientBodies, ThatChangeOnesOwnStateAreReadWhole) {
  expect_always([] {
    OwnState expected;
    Json body = Json::object();
    if (*one_in(2))
      body["otr_muted_status"] = *(expected.muted_status = static_cast<int>(*below(4)));
    if (*one_in(2)) body["otr_muted_ref"] = *(expected.muted_ref = *text());
    if (*one_in(2)) body["otr_archived"] = *(expected.archived = *one_in(2));
    if (*one_in(2)) body["otr_archived_ref"] = *(expected.archived_ref = *text());
    if (*one_in(2)) body["hidden"] = *(expected.hidden = *one_in(2));
    if (*one_in(2)) body["hidden_ref"] = *(expected.hidden_ref = *text());
    const auto read = wire::decode_own_state(body.dump());
    RC_ASSERT(read.has_value() == !body.empty());
    if (read) RC_ASSERT(*read == expected);
    body["hidden"] = 1;
    RC_ASSERT(!wire::decode_own_state(body.dump()).has_value());
  });
}

TEST(ClientBodies, OfPushTokensAreBoundedByTheirTransport) {
  expect_always(
      [] {
        const bool google = *one_in(2);
        const std::size_t most = google ? 8192 : 400;
        const auto size = *one_in(2) ? most - 1 + *below(3) : 1 + *below(40);
        PushToken token{.transport = google       ? "GCM"
                                     : *one_in(2) ? "APNS"
                                                  : "APNS_SANDBOX",
                        .app = "a" + *text(),
                        .token = std::string(size, '~'),
                        .client = *client(),
                        .registered_on = {}};
        const auto strange = *one_in(4) ? static_cast<char>(1 + *below(255)) : '!';
        token.token[*below(size)] = strange;
        const auto read = wire::decode_push_token(
            wire::push_token(token).dump(-1, ' ', false, Json::error_handler_t::replace));
        const bool visible = strange > ' ' && strange <= '~';
        reached("the longest", size == most);
        reached("too long", size > most);
        reached("not visible", !visible);
        if (strange < 0) return RC_ASSERT(!read.has_value());  // Mended, and then longer.
        RC_ASSERT(read.has_value() == (visible && size <= most));
        if (!read) {
          RC_ASSERT(read.error().reason ==
                    (size > most ? Reason::token_too_long : Reason::invalid_push_token));
          return;
        }
        RC_ASSERT(wire::push_token(*read) == wire::push_token(token));
        RC_ASSERT(wire::push_token_list({*read, token}) ==
                  (Json{{"tokens", {wire::push_token(token), wire::push_token(token)}}}));
      },
      {"the longest", "too long", "not visible"});
}

// --- Errors --------------------------------------------------------------------------------

TEST(ClientBodies, OfAnErrorHaveACodeALabelAndAMessage) {
  expect_always(
      [] {
        const auto reason =
            static_cast<Reason>(*below(static_cast<std::uint64_t>(Reason::internal) + 1));
        const auto label = wire::label_of(reason);
        const auto detail = *text();
        const auto body = Json::parse(wire::error_body(Refusal{reason, detail}));
        RC_ASSERT(label.status >= 400 && label.status < 600);
        RC_ASSERT(!label.label.empty() && !label.message.empty());
        RC_ASSERT(
            Json::parse(wire::error_body(label)) ==
            (Json{{"code", label.status}, {"label", label.label}, {"message", label.message}}));
        if (reason == Reason::unreachable_backends) return;
        reached("inside", label.status == 500);
        reached("said", label.status < 500 && !detail.empty());
        const bool own = label.status == 500 || detail.empty();
        RC_ASSERT(body["code"] == label.status);
        RC_ASSERT(body["label"] == label.label);
        RC_ASSERT(body["message"] == (own ? std::string{label.message} : detail));
      },
      {"inside", "said"});
}

}  // namespace
}  // namespace twostep::properties
