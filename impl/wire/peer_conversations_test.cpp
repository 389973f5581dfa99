#include "impl/wire/peer_conversations.hpp"

#include <gtest/gtest.h>

#include "impl/wire/time_text.hpp"

namespace twostep::wire {
namespace {

const auto a = *Domain::parse("a.example");
const auto b = *Domain::parse("b.example");
const QualifiedUser alice{a, *UserId::parse("a11ce000-0000-4000-8000-000000000001")};
const QualifiedUser bob{b, *UserId::parse("b0b00000-0000-4000-8000-000000000002")};
const QualifiedConversation talk{a, *ConversationId::parse("c0000000-0000-4000-8000-00000000000c")};
const auto noon = *parse_time("2025-06-01T12:00:00.250Z");

Conversation everything() {
  return {.id = talk,
          .type = ConversationType::group,
          .creator = alice.id,
          .name = "tea",
          .access = {"invite"},
          .access_role = {"team_member", "guest"},
          .message_timer_ms = 1000,
          .receipt_mode = 1};
}

TEST(PeerConversation, ArrivesWithItsCreatorFirst) {
  const PeerConversation told{.time = noon,
                              .conversation = everything(),
                              .members = {{alice, Role::admin}, {bob, Role::member}}};
  const auto heard = decode_conversation_created(encode_conversation_created(told), a).value();
  EXPECT_EQ(heard.time, noon);
  EXPECT_EQ(heard.conversation, told.conversation);
  EXPECT_EQ(heard.members, told.members);
}

TEST(PeerConversation, IsSeenAsItsOwnerShowsIt) {
  const ConversationView shown{.conversation = everything(),
                               .members = {{alice, Role::admin}, {bob, Role::member}},
                               .self = 1};
  const auto answer = parse_value(encode_peer_conversations(std::vector{shown})).value();
  const auto seen = decode_peer_conversations(answer, a, bob).value();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].conversation, shown.conversation);
  EXPECT_EQ(seen[0].self, 0u);
  EXPECT_EQ(seen[0].members, (std::vector<Member>{{bob, Role::member}, {alice, Role::admin}}));
}

template <class Action>
Action sent_and_received(Action action, const QualifiedUser& by = alice) {
  const PeerUpdate told{.time = noon,
                        .by = by,
                        .conversation = talk.id,
                        .present = {bob.id},
                        .action = std::move(action)};
  const auto heard = decode_conversation_updated(encode_conversation_updated(told)).value();
  EXPECT_EQ(heard.by, by);
  EXPECT_EQ(heard.present, told.present);
  return std::get<Action>(heard.action);
}

TEST(PeerUpdate, SaysWhatHappened) {
  const auto joined = sent_and_received(MembersJoined{{bob}, Role::member});
  EXPECT_EQ(joined.users, std::vector{bob});
  EXPECT_EQ(joined.role, Role::member);
  EXPECT_EQ(sent_and_received(MembersGone{{bob}}).users, std::vector{bob});
  EXPECT_EQ(sent_and_received(MembersGone{{bob}}, bob).users, std::vector{bob});
  EXPECT_EQ(sent_and_received(Renamed{"tea"}).name, "tea");
  EXPECT_EQ(sent_and_received(MessageTimerChanged{1000}).timer_ms, 1000);
  EXPECT_EQ(sent_and_received(MessageTimerChanged{}).timer_ms, std::nullopt);
  EXPECT_EQ(sent_and_received(ReceiptModeChanged{2}).mode, 2);
  EXPECT_EQ(sent_and_received(RoleChanged{{bob, Role::member}}).member,
            (Member{bob, Role::member}));
}

TEST(PeerUpdate, OfAnUnknownKindIsRefused) {
  const PeerUpdate told{
      .time = noon, .by = alice, .conversation = talk.id, .present = {}, .action = Renamed{"tea"}};
  auto json = parse_object(encode_conversation_updated(told)).value();
  json["action"]["tag"] = "ConversationWhateverTag";
  EXPECT_FALSE(decode_conversation_updated(text_of(json)));
  json.erase("action");
  EXPECT_FALSE(decode_conversation_updated(text_of(json)));
}

TEST(LeaveAnswer, IsReadAsItIsWritten) {
  for (const auto answer : {LeaveAnswer::left, LeaveAnswer::not_found, LeaveAnswer::not_allowed,
                            LeaveAnswer::unchanged})
    EXPECT_EQ(*decode_leave_answer(parse_value(encode_leave_answer(answer)).value()), answer);
  EXPECT_FALSE(decode_leave_answer(parse_value(R"({"Left":"Whatever"})").value()));
  EXPECT_FALSE(decode_leave_answer(parse_value("[]").value()));
}

}  // namespace
}  // namespace twostep::wire
