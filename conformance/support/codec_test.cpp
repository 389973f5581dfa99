#include <gmock/gmock.h>

#include "conformance/support/bytes.hpp"
#include "conformance/support/history.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/message.hpp"
#include "conformance/support/notification.hpp"

// The suite's own codecs: a mistake in one would be blamed on a backend.
namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const QualifiedId bob{"00112233-4455-6677-8899-aabbccddeeff", "a.example"};

TEST(Bytes, Base64IsReversed) {
  for (const auto* text : {"", "f", "fo", "foo", "foob"}) {
    EXPECT_EQ(from_base64(to_base64(text)), text);
  }
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(from_base64("not base64!"), std::nullopt);
}

TEST(Bytes, ATimeUuidKeepsItsInstant) {
  constexpr std::uint64_t ticks = 0x01ec'9414'c232'ab00;

  EXPECT_EQ(uuid_ticks(uuid_at(ticks)), ticks);
  EXPECT_EQ(uuid_ticks("c232ab00-9414-11ec-b3c8-9f6bdeced846"), ticks);  // RFC 9562, appendix A.1
  EXPECT_EQ(uuid_ticks(random_uuid()), std::nullopt);
}

TEST(Bytes, OnlyUtf8IsText) {
  EXPECT_TRUE(is_utf8("grüße 🐦"));
  EXPECT_FALSE(is_utf8("\xff"));
  EXPECT_FALSE(is_utf8("\xc3"));
  EXPECT_FALSE(is_utf8(std::string_view{"\0", 1}));
}

// Written down octet by octet from the schema, so that the encoding does not only agree with itself.
TEST(MessageCodec, IsWhatTheSchemaSays) {
  const auto bytes = encode_message("a", {{{bob, "b"}, "hi"}}, {.strategy = ignore_all()});

  const std::string expected = std::string("\x0a\x02\x08\x0a", 4) +                // sender 10
                               std::string("\x12\x2b\x0a\x09", 4) + "a.example" +  // domain
                               std::string("\x12\x1e\x0a\x12\x0a\x10", 6) + uuid_octets(bob.id) +
                               std::string("\x12\x08\x0a\x02\x08\x0b\x12\x02", 8) + "hi" +
                               std::string("\x42\x00", 2);  // ignore_all
  EXPECT_EQ(to_base64(bytes), to_base64(expected));
}

TEST(MessageCodec, EncodesARepeatedClientTwice) {
  const auto bytes = encode_message("a", {{{bob, "b"}, "one"}, {{bob, "b"}, "two"}}, {});

  EXPECT_THAT(bytes, HasSubstr("one"));
  EXPECT_THAT(bytes, HasSubstr("two"));
}

TEST(MessageCodec, TheOlderFormIsBase64InJson) {
  const auto body = legacy_json("a", {{{bob, "b"}, "hi"}}, {});

  EXPECT_EQ(body, Json::parse(R"({"sender": "a", "recipients":
                                  {"00112233-4455-6677-8899-aabbccddeeff": {"b": "aGk="}}})"));
}

TEST(NotificationCodec, ReadsMessagesOutOfAPage) {
  Reply page{.status = 200};
  page.json = Json::parse(R"({"has_more": true, "notifications": [
      {"id": "1", "payload": [{"type": "conversation.create"}]},
      {"id": "2", "payload": [{"type": "conversation.otr-message-add", "time": "t",
        "qualified_conversation": {"id": "c", "domain": "d"},
        "data": {"sender": "a", "recipient": "b", "text": "aGk=", "data": ""}}]}]})");

  const auto notifications = notifications_in(page);

  EXPECT_THAT(notifications.ids(), ElementsAre("1", "2"));
  EXPECT_THAT(notifications.bodies(), ElementsAre("hi"));
  EXPECT_EQ(notifications.messages().front().data, "");
  EXPECT_EQ(notifications.messages().front().conversation, "c");
  EXPECT_TRUE(has_more(page));
}

TEST(Matchers, CompareTheClientsOfAStatus) {
  Reply reply{.status = 412};
  reply.json = {{"missing", {{bob.domain, {{bob.id, {"b", "a"}}}}}}, {"deleted", Json::object()}};

  EXPECT_THAT(reply, RefusedForMissing({{bob, "a"}, {bob, "b"}}));
  EXPECT_THAT(reply, Not(RefusedForMissing({{bob, "a"}})));
  EXPECT_THAT(reply, Deleted({}));
  EXPECT_THAT(reply, Not(Redundant({}))) << "a map that is absent is not empty";
  EXPECT_THAT(reply, Not(Acknowledged()));
}

TEST(History, HoldsNoSecrets) {
  EXPECT_EQ(redacted(R"({"password": "hunter2", "name": "a"})"),
            R"({"password": "…", "name": "a"})");
  EXPECT_EQ(redacted("Set-Cookie: zuid=abc; Path=/access"), "Set-Cookie: zuid=…; Path=/access");
  EXPECT_EQ(redacted("Authorization: Bearer abc.def"), "Authorization: Bearer …");
  EXPECT_EQ(redacted("/await?client=1&access_token=abc"), "/await?client=1&access_token=…");
}

}  // namespace
}  // namespace twostep::conformance
