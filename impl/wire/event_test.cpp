#include "impl/wire/event.hpp"

#include <gtest/gtest.h>

namespace twostep::wire {
namespace {

using namespace std::chrono_literals;

const auto domain_a = *Domain::parse("a.example");
const auto conversation_id = *ConversationId::parse("1c0ffee0-0000-4000-8000-000000000001");
const auto alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
constexpr Instant when = std::chrono::sys_days{std::chrono::year{2021} / 5 / 12} + 671ms;
const EventOrigin origin{{domain_a, conversation_id}, {domain_a, alice}, when};

Json common(const char* type, Json data) {
  return {{"type", type},
          {"conversation", conversation_id.text()},
          {"qualified_conversation", {{"id", conversation_id.text()}, {"domain", "a.example"}}},
          {"from", alice.text()},
          {"qualified_from", {{"id", alice.text()}, {"domain", "a.example"}}},
          {"time", "2021-05-12T00:00:00.671Z"},
          {"via", "user"},
          {"data", std::move(data)}};
}

TEST(Event, AMessageIsOneEventForEachClient) {
  const MessageEvents events{origin, ClientId{0xac}, std::string_view{"\0\xff", 2}};

  EXPECT_EQ(
      Json::parse(events.event_for(ClientId{0xbc}, "hello")),
      common("conversation.otr-message-add",
             {{"sender", "ac"}, {"recipient", "bc"}, {"text", "aGVsbG8="}, {"data", "AP8="}}));
}

TEST(Event, WithoutSharedDataTheDataIsEmptyText) {
  const auto event = Json::parse(MessageEvents(origin, ClientId{1}, "").event_for(ClientId{0}, ""));
  EXPECT_EQ(event["data"], (Json{{"sender", "1"}, {"recipient", "0"}, {"text", ""}, {"data", ""}}));
}

TEST(Event, AnyOtherEventCarriesItsData) {
  EXPECT_EQ(Json::parse(conversation_event("conversation.rename", origin, {{"name", "\"\u00e9"}})),
            common("conversation.rename", {{"name", "\"\u00e9"}}));
}

}  // namespace
}  // namespace twostep::wire
