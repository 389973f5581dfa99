// Conversations, as backends tell each other of them.
#include "impl/wire/peer_conversations.hpp"

#include "impl/core/conversation_action.hpp"
#include "impl/wire/json_text.hpp"
#include "property-tests/pure/codec.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using wire::Json;

const Domain caller = *Domain::parse("b.example");

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

template <class T>
std::optional<T> maybe(T value) {
  return *one_in(3) ? std::nullopt : std::optional{std::move(value)};
}

std::string name_text() {
  const auto drawn = *text();
  return drawn.empty() ? "name" : drawn;
}

std::vector<std::string> words() {
  std::vector<std::string> all;
  for (auto count = *below(4); count > 0; --count)
    all.push_back("word" + std::to_string(*below(5)));
  return all;
}

Role any_role() { return *one_in(2) ? Role::admin : Role::member; }

Conversation any_conversation(const Domain& owner) {
  return {.id = {owner, *conversation()},
          .type = static_cast<ConversationType>(*below(4)),
          .creator = *user(),
          .name = maybe(name_text()),
          .access = words(),
          .access_role = words(),
          .message_timer_ms = maybe(static_cast<std::int64_t>(*number(INT64_MAX))),
          .receipt_mode = maybe(static_cast<std::int64_t>(*number(UINT32_MAX)) + INT32_MIN)};
}

std::vector<Member> any_members(const QualifiedUser& first, Role role) {
  std::vector<Member> members{{first, role}};
  for (auto count = *below(4); count > 0; --count) {
    const QualifiedUser name{*domain(), *user()};
    if (name != first) members.push_back({name, any_role()});
  }
  return members;
}

Json tree_of(const Member& member) {
  return {{"qualified_id", name_tree(member.user)},
          {"id", member.user.id.text()},
          {"conversation_role", name_of(member.role)},
          {"status", 0}};
}

Json others_of(const std::vector<Member>& members, std::size_t self) {
  auto others = Json::array();
  for (std::size_t i = 0; i < members.size(); ++i)
    if (i != self) others.push_back(tree_of(members[i]));
  return others;
}

TEST(PeerBodies, OfANewConversationAreFaithful) {
  expect_faithful({.say =
                       [] {
                         const auto made = any_conversation(caller);
                         const wire::PeerConversation created{
                             *wire_instant(), made,
                             any_members({caller, made.creator}, Role::admin)};
                         return Codec::Said{{{"time", wire::millisecond_time(created.time)},
                                             {"orig_user_id", made.creator.text()},
                                             {"cnv_id", made.id.id.text()},
                                             {"cnv_type", static_cast<int>(made.type)},
                                             {"cnv_access", made.access},
                                             {"cnv_access_roles", made.access_role},
                                             {"cnv_name", or_null(made.name)},
                                             {"non_creator_members", others_of(created.members, 0)},
                                             {"message_timer", or_null(made.message_timer_ms)},
                                             {"receipt_mode", or_null(made.receipt_mode)},
                                             {"protocol", {{"protocol", "proteus"}}}},
                                            wire::encode_conversation_created(created)};
                       },
                   .repeat =
                       [](const std::string& text) {
                         return again(wire::decode_conversation_created(text, caller),
                                      wire::encode_conversation_created);
                       },
                   .needed = {"/time", "/orig_user_id", "/cnv_id", "/cnv_type", "/cnv_access",
                              "/non_creator_members", "/non_creator_members/0",
                              "/non_creator_members/0/qualified_id"}});
}

ConversationAction any_action(const QualifiedUser& by) {
  std::vector<QualifiedUser> names;
  for (auto count = 1 + *below(3); count > 0; --count) names.push_back({*domain(), *user()});
  switch (*below(7)) {
    case 0:
      return MembersJoined{names, any_role()};
    case 1:
      return MembersGone{names};
    case 2:
      return MembersGone{{by}};
    case 3:
      return Renamed{name_text()};
    case 4:
      return MessageTimerChanged{maybe(static_cast<std::int64_t>(*number(INT64_MAX)))};
    case 5:
      return ReceiptModeChanged{static_cast<std::int64_t>(*number(UINT32_MAX)) + INT32_MIN};
    default:
      return RoleChanged{{names.front(), any_role()}};
  }
}

Json tree_of(const ConversationAction& action, const QualifiedUser& by) {
  const auto list = [](const std::vector<QualifiedUser>& users) {
    auto names = Json::array();
    for (const auto& each : users) names.push_back(name_tree(each));
    return names;
  };
  const auto tagged = [](const char* tag, const Json& what) {
    return Json{{"tag", tag}, {"action", what}};
  };
  if (const auto* joined = std::get_if<MembersJoined>(&action))
    return tagged("ConversationJoinTag", {{"users", list(joined->users)},
                                          {"role", name_of(joined->role)},
                                          {"join_type", "internal_add"}});
  if (const auto* gone = std::get_if<MembersGone>(&action)) {
    if (gone->users == std::vector{by}) return tagged("ConversationLeaveTag", Json::object());
    return tagged("ConversationRemoveMembersTag",
                  {{"targets", list(gone->users)}, {"reason", "removed"}});
  }
  if (const auto* renamed = std::get_if<Renamed>(&action))
    return tagged("ConversationRenameTag", {{"name", renamed->name}});
  if (const auto* timer = std::get_if<MessageTimerChanged>(&action))
    return tagged("ConversationMessageTimerUpdateTag",
                  {{"message_timer", or_null(timer->timer_ms)}});
  if (const auto* mode = std::get_if<ReceiptModeChanged>(&action))
    return tagged("ConversationReceiptModeUpdateTag", {{"receipt_mode", mode->mode}});
  const auto& member = std::get<RoleChanged>(action).member;
  return tagged("ConversationMemberUpdateTag",
                {{"target", name_tree(member.user)},
                 {"update", {{"conversation_role", name_of(member.role)}}}});
}

TEST(PeerBodies, OfAChangedConversationAreFaithful) {
  expect_faithful(
      {.say =
           [] {
             const QualifiedUser by{*domain(), *user()};
             wire::PeerUpdate update{.time = *wire_instant(),
                                     .by = by,
                                     .conversation = *conversation(),
                                     .present = {},
                                     .action = {}};
             auto present = Json::array();
             for (auto count = *below(3); count > 0; --count) {
               update.present.push_back(*user());
               present.push_back(update.present.back().text());
             }
             update.action = any_action(by);
             return Codec::Said{{{"time", wire::millisecond_time(update.time)},
                                 {"origUserId", name_tree(by)},
                                 {"convId", update.conversation.text()},
                                 {"alreadyPresentUsers", present},
                                 {"action", tree_of(update.action, by)},
                                 {"extraConversationData", nullptr}},
                                wire::encode_conversation_updated(update)};
           },
       .repeat =
           [](const std::string& text) {
             return again(wire::decode_conversation_updated(text),
                          wire::encode_conversation_updated);
           },
       .needed = {"/time", "/origUserId", "/origUserId/id", "/convId", "/alreadyPresentUsers",
                  "/alreadyPresentUsers/0", "/action", "/action/tag", "/action/action/users",
                  "/action/action/users/0", "/action/action/targets", "/action/action/name",
                  "/action/action/receipt_mode", "/action/action/target",
                  "/action/action/update"}});
}

TEST(PeerBodies, OfALeaveAndItsAnswerAreFaithful) {
  expect_faithful({.say =
                       [] {
                         const wire::PeerLeave leave{*conversation(), *user()};
                         return Codec::Said{{{"conv_id", leave.conversation.text()},
                                             {"leaver", leave.leaver.text()}},
                                            wire::encode_peer_leave(leave)};
                       },
                   .repeat =
                       [](const std::string& text) {
                         return again(wire::decode_peer_leave(text), wire::encode_peer_leave);
                       },
                   .needed = {"/conv_id", "/leaver"}});
  expect_faithful(
      {.say =
           [] {
             static const std::vector<Json> trees{
                 {{"Right", Json::array()}},
                 {{"Left", "RemoveFromConversationErrorNotFound"}},
                 {{"Left", "RemoveFromConversationErrorRemovalNotAllowed"}},
                 {{"Left", "RemoveFromConversationErrorUnchanged"}}};
             const auto which = *below(4);
             return Codec::Said{trees[which],
                                wire::encode_leave_answer(static_cast<wire::LeaveAnswer>(which))};
           },
       .repeat =
           [](const std::string& text) {
             return again(of_answer(text, wire::decode_leave_answer), wire::encode_leave_answer);
           },
       .needed = {"/Left"}});
}

TEST(PeerBodies, OfConversationsAndWhoAsksForThemAreFaithful) {
  expect_faithful({.say =
                       [] {
                         wire::PeerConversationQuery query{*user(), {}};
                         auto ids = Json::array();
                         for (auto count = *below(4); count > 0; --count) {
                           query.conversations.push_back(*conversation());
                           ids.push_back(query.conversations.back().text());
                         }
                         return Codec::Said{{{"user_id", query.user.text()}, {"conv_ids", ids}},
                                            wire::encode_conversation_query(query)};
                       },
                   .repeat =
                       [](const std::string& text) {
                         return again(wire::decode_conversation_query(text),
                                      wire::encode_conversation_query);
                       },
                   .needed = {"/user_id", "/conv_ids", "/conv_ids/0"}});
  static const QualifiedUser looking{*Domain::parse("a.example"), UserId{}};
  expect_faithful(
      {.say =
           [] {
             std::vector<ConversationView> views;
             auto trees = Json::array();
             for (auto count = *below(3); count > 0; --count) {
               const auto seen = any_conversation(caller);
               views.push_back({.conversation = seen, .members = any_members(looking, any_role())});
               const auto& members = views.back().members;
               trees.push_back(
                   {{"id", seen.id.id.text()},
                    {"metadata",
                     {{"type", static_cast<int>(seen.type)},
                      {"creator", seen.creator.text()},
                      {"access", seen.access},
                      {"access_role", seen.access_role},
                      {"name", or_null(seen.name)},
                      {"team", nullptr},
                      {"message_timer", or_null(seen.message_timer_ms)},
                      {"receipt_mode", or_null(seen.receipt_mode)}}},
                    {"members",
                     {{"self_role", name_of(members[0].role)}, {"others", others_of(members, 0)}}},
                    {"protocol", {{"protocol", "proteus"}}}});
             }
             return Codec::Said{{{"convs", trees}}, wire::encode_peer_conversations(views)};
           },
       .repeat =
           [](const std::string& text) {
             return again(of_answer(text,
                                    [](const Json& answer) {
                                      return wire::decode_peer_conversations(answer, caller,
                                                                             looking);
                                    }),
                          [](const auto& views) { return wire::encode_peer_conversations(views); });
           },
       .needed = {"/convs", "/convs/0", "/convs/0/id", "/convs/0/metadata",
                  "/convs/0/metadata/type", "/convs/0/metadata/access", "/convs/0/members",
                  "/convs/0/members/others"}});
}

// Roles that only the owner knows are allowed, and may do nothing; no role at all is a mistake.
TEST(PeerBodies, ThatNameARoleWeDoNotKnowGiveNoRights) {
  const Json known = {{"convs",
                       {{{"id", ConversationId{}.text()},
                         {"metadata", {{"type", 0}, {"access", Json::array()}}},
                         {"members", {{"self_role", "wire_admin"}, {"others", Json::array()}}}}}}};
  const Json::json_pointer role{"/convs/0/members/self_role"};
  const QualifiedUser looking{*Domain::parse("a.example"), UserId{}};
  const auto read = [&](const Json& body) {
    return wire::decode_peer_conversations(body, caller, looking);
  };
  EXPECT_EQ(read(known)->front().members.front().role, Role::admin);
  expect_always([&] {
    auto body = known;
    body[role] = *text();
    const auto views = read(body);
    RC_ASSERT(views.has_value());
    RC_ASSERT(views->front().members.front().role == Role::member);
    body[role] = *below(3);
    RC_ASSERT(!read(body).has_value());
    body[role.parent_pointer()].erase("self_role");
    RC_ASSERT(!read(body).has_value());
  });
}

}  // namespace
}  // namespace twostep::properties
