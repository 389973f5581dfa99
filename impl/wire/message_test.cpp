#include "impl/wire/message.hpp"

#include <gtest/gtest.h>
#include <otr.pb.h>

#include "impl/wire/json.hpp"

namespace twostep::wire {
namespace {

using namespace std::chrono_literals;

const auto a = *Domain::parse("a.example");
const auto b = *Domain::parse("b.example");
const auto alice = *UserId::parse("a11ce000-0000-4000-8000-000000000001");
const auto bob = *UserId::parse("b0b00000-0000-4000-8000-000000000001");

// --- What clients post ---------------------------------------------------------------------

proteus::UserEntry& add_user(google::protobuf::RepeatedPtrField<proteus::UserEntry>& to,
                             const UserId& user) {
  auto& entry = *to.Add();
  entry.mutable_user()->set_uuid(std::string{user.bytes()});
  return entry;
}

void add_client(proteus::UserEntry& to, std::uint64_t client, std::string text) {
  auto& entry = *to.add_clients();
  entry.mutable_client()->set_client(client);
  entry.set_text(std::move(text));
}

proteus::QualifiedUserEntry& add_domain(proteus::QualifiedNewOtrMessage& to, const Domain& domain) {
  auto& entry = *to.add_recipients();
  entry.set_domain(domain.text());
  return entry;
}

// To Bob's two clients at A.
proteus::QualifiedNewOtrMessage ordinary() {
  proteus::QualifiedNewOtrMessage body;
  body.mutable_sender()->set_client(0xac);
  auto& entry = add_user(*add_domain(body, a).mutable_entries(), bob);
  add_client(entry, 2, std::string{"\0\xff", 2});
  add_client(entry, 1, "one");
  body.mutable_report_all();
  return body;
}

proteus::NewOtrMessage ordinary_legacy() {
  proteus::NewOtrMessage body;
  body.mutable_sender()->set_client(0xac);
  add_client(add_user(*body.mutable_recipients(), bob), 1, "one");
  return body;
}

Result<NewMessage> decode(const proteus::QualifiedNewOtrMessage& body) {
  return decode_qualified_message(body.SerializePartialAsString());
}

Result<NewMessage> decode(const proteus::NewOtrMessage& body, const Parameters& query = {}) {
  return decode_legacy_message(body.SerializePartialAsString(), query, a);
}

template <class T>
Reason reason_of(const Result<T>& result) {
  EXPECT_FALSE(result);
  return result ? Reason::internal : result.error().reason;
}

// --- Qualified -----------------------------------------------------------------------------

TEST(QualifiedMessage, IsReadWithItsDefaults) {
  const auto message = decode(ordinary());

  ASSERT_TRUE(message);
  EXPECT_EQ(message->sender, ClientId{0xac});
  EXPECT_EQ(message->recipients.at(a).at(bob),
            (Ciphertexts{{ClientId{1}, "one"}, {ClientId{2}, std::string{"\0\xff", 2}}}));
  EXPECT_TRUE(message->native_push);
  EXPECT_FALSE(message->transient);
  EXPECT_EQ(message->priority, std::nullopt);
  EXPECT_EQ(message->blob, "");
  EXPECT_TRUE(std::holds_alternative<ReportAll>(message->strategy));
}

TEST(QualifiedMessage, IsReadWithEverythingSet) {
  auto body = ordinary();
  body.set_native_push(false);
  body.set_transient(true);
  body.set_native_priority(proteus::LOW_PRIORITY);
  body.set_blob("blob");
  auto& named = *body.mutable_ignore_only()->add_user_ids();
  named.set_id(bob.text());
  named.set_domain("B.example");

  const auto message = decode(body);

  ASSERT_TRUE(message);
  EXPECT_FALSE(message->native_push);
  EXPECT_TRUE(message->transient);
  EXPECT_EQ(message->priority, Priority::low);
  EXPECT_EQ(message->blob, "blob");
  EXPECT_EQ(std::get<IgnoreOnly>(message->strategy).users, (Users{{b, {bob}}}));
}

TEST(QualifiedMessage, WithAPriorityThatIsNoneHasNone) {
  const auto message =
      decode_qualified_message(ordinary().SerializeAsString() + std::string{"\x28\x07", 2});
  ASSERT_TRUE(message);
  EXPECT_EQ(message->priority, std::nullopt);
}

TEST(QualifiedMessage, MayHoldFieldsWeDoNotKnow) {
  EXPECT_TRUE(decode_qualified_message(ordinary().SerializeAsString() + "\xa2\x06\x03new"));
}

TEST(Snd29, TheLastDomainUserAndClientReplaceTheEarlierOnes) {
  auto body = ordinary();
  auto& again = *add_domain(body, a).mutable_entries();
  auto& earlier = add_user(again, bob);
  add_client(earlier, 9, "replaced with its user");
  add_user(again, alice);
  auto& later = add_user(again, bob);
  add_client(later, 1, "replaced");
  add_client(later, 1, "kept");

  const auto message = decode(body);

  ASSERT_TRUE(message);
  EXPECT_EQ(message->recipients, (Recipients{{a, {{alice, {}}, {bob, {{ClientId{1}, "kept"}}}}}}));
}

TEST(Snd30, RecipientsMayBeEmpty) {
  auto body = ordinary();
  body.clear_recipients();
  EXPECT_TRUE(decode(body));
}

TEST(Snd31, AStrategyIsNeeded) {
  auto body = ordinary();
  body.clear_report_all();
  EXPECT_EQ(reason_of(decode(body)), Reason::bad_request);
}

TEST(Snd32, OfSeveralStrategiesTheLastOneCounts) {
  auto ignoring = ordinary();
  ignoring.mutable_ignore_all();
  const auto first = ordinary().SerializeAsString();
  const auto last = ignoring.SerializeAsString();

  const auto message = decode_qualified_message(first + last);

  ASSERT_TRUE(message);
  EXPECT_TRUE(std::holds_alternative<IgnoreAll>(message->strategy));
}

TEST(QualifiedMessage, IsRefusedWithoutWhatItNeeds) {
  const auto refused = [](auto&& spoil) {
    auto body = ordinary();
    spoil(body);
    return reason_of(decode(body)) == Reason::bad_request;
  };
  using Body = proteus::QualifiedNewOtrMessage;
  const auto entry = [](Body& body) { return body.mutable_recipients(0)->mutable_entries(0); };

  EXPECT_TRUE(refused([](Body& body) { body.clear_sender(); }));
  EXPECT_TRUE(refused([](Body& body) { body.mutable_sender()->clear_client(); }));
  EXPECT_TRUE(refused([](Body& body) { body.mutable_recipients(0)->clear_domain(); }));
  EXPECT_TRUE(refused([](Body& body) { body.mutable_recipients(0)->set_domain("a_b"); }));
  EXPECT_TRUE(refused([](Body& body) { body.mutable_recipients(0)->set_domain(""); }));
  EXPECT_TRUE(refused([&](Body& body) { entry(body)->clear_user(); }));
  EXPECT_TRUE(refused([&](Body& body) { entry(body)->mutable_user()->set_uuid(bob.text()); }));
  EXPECT_TRUE(refused([&](Body& body) { entry(body)->mutable_user()->set_uuid(""); }));
  EXPECT_TRUE(refused([&](Body& body) { entry(body)->mutable_clients(0)->clear_client(); }));
  EXPECT_TRUE(refused([&](Body& body) { entry(body)->mutable_clients(0)->clear_text(); }));
  EXPECT_TRUE(refused([](Body& body) { body.mutable_report_only()->add_user_ids(); }));
  EXPECT_TRUE(refused([](Body& body) {
    auto& named = *body.mutable_report_only()->add_user_ids();
    named.set_id("bob");
    named.set_domain("a.example");
  }));
}

// --- Hostile -------------------------------------------------------------------------------

TEST(QualifiedMessage, HasABoundOnItsFields) {
  std::string body = ordinary().SerializeAsString();
  for (std::size_t i = 0; i < message_fields_max; ++i) body += std::string{"\x12\x00", 2};
  EXPECT_EQ(reason_of(decode_qualified_message(body)), Reason::payload_too_large);
}

TEST(QualifiedMessage, HasNoGroups) {
  const auto body = ordinary().SerializeAsString();
  EXPECT_EQ(reason_of(decode_qualified_message(body + "\x0b\x0c")), Reason::bad_request);
  EXPECT_EQ(reason_of(decode_qualified_message(body + "\x0c")), Reason::bad_request);
  EXPECT_EQ(reason_of(decode_qualified_message(body + std::string(100'000, '\x0b'))),
            Reason::bad_request);
}

TEST(QualifiedMessage, DoesNotBelieveALength) {
  for (const std::string& field :
       {std::string{"\x12\xff\xff\xff\xff\x0f"},
        std::string{"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f"}, std::string{"\x22\x7f"},
        std::string{"\x12\x80\x80\x80\x80\x08"}}) {
    EXPECT_EQ(reason_of(decode_qualified_message(ordinary().SerializeAsString() + field)),
              Reason::bad_request);
  }
}

TEST(QualifiedMessage, ManyRecipientsInAnyOrderAreRead) {
  auto body = ordinary();
  auto& users = *body.mutable_recipients(0)->mutable_entries();
  for (int i = 0; i < 10'000; ++i) {
    auto entropy = bob.octets();
    entropy[0] = static_cast<std::uint8_t>((9'999 - i) >> 8);
    entropy[1] = static_cast<std::uint8_t>((9'999 - i) & 0xff);
    add_user(users, UserId{Uuid{entropy}});
  }
  const auto message = decode(body);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->recipients.at(a).size(), 10'001u);
}

// A message, or a bad request: nothing else, and never a crash.
void expect_sound(const std::string& body) {
  const auto message = decode_qualified_message(body);
  EXPECT_TRUE(message || message.error().reason == Reason::bad_request);
  const auto legacy = decode_legacy_message(body, {}, a);
  EXPECT_TRUE(legacy || legacy.error().reason == Reason::bad_request);
}

TEST(QualifiedMessage, EveryTruncationAndEveryChangedOctetIsReadOrRefused) {
  auto message = ordinary();
  message.set_blob("blob");
  auto& named = *message.mutable_report_only()->add_user_ids();
  named.set_id(bob.text());
  named.set_domain("b.example");
  for (const auto& body : {message.SerializeAsString(), ordinary_legacy().SerializeAsString()}) {
    for (std::size_t i = 0; i < body.size(); ++i) {
      expect_sound(body.substr(0, i));
      for (int octet = 0; octet < 256; ++octet) {
        auto changed = body;
        changed[i] = static_cast<char>(octet);
        expect_sound(changed);
      }
    }
  }
}

// --- The older form ------------------------------------------------------------------------

const std::string json = R"({"sender":"AC","recipients":{")" + bob.text() + R"(":{"1":"b25l"}}})";

TEST(Snd37, AJsonMessageIsOfTheBackendsOwnDomain) {
  const auto message = decode_legacy_json_message(json, {}, a);

  ASSERT_TRUE(message);
  EXPECT_EQ(message->sender, ClientId{0xac});
  EXPECT_EQ(message->recipients, (Recipients{{a, {{bob, {{ClientId{1}, "one"}}}}}}));
  EXPECT_TRUE(message->native_push);
  EXPECT_FALSE(message->transient);
  EXPECT_EQ(message->blob, "");
}

TEST(Snd37, AJsonMessageMaySayEverything) {
  const auto message = decode_legacy_json_message(
      R"({"sender":"1","recipients":{},"native_push":false,"transient":true,)"
      R"("native_priority":"high","data":"b25l","report_missing":[")" +
          bob.text() + R"("]})",
      {}, a);

  ASSERT_TRUE(message);
  EXPECT_FALSE(message->native_push);
  EXPECT_TRUE(message->transient);
  EXPECT_EQ(message->priority, Priority::high);
  EXPECT_EQ(message->blob, "one");
  EXPECT_EQ(std::get<ReportOnly>(message->strategy).users, (Users{{a, {bob}}}));
}

TEST(Snd37, AJsonMessageThatIsNoneIsRefused) {
  for (const auto* body :
       {"", "[]", "{}", R"({"sender":"1"})", R"({"sender":"x","recipients":{}})",
        R"({"sender":1,"recipients":{}})", R"({"sender":"1","recipients":[]})",
        R"({"sender":"1","recipients":{"bob":{}}})",
        R"({"sender":"1","recipients":{"b0b00000-0000-4000-8000-000000000001":{"1":"b25"}}})",
        R"({"sender":"1","recipients":{"b0b00000-0000-4000-8000-000000000001":{"x":""}}})",
        R"({"sender":"1","recipients":{},"data":"!"})",
        R"({"sender":"1","recipients":{},"transient":"true"})"}) {
    EXPECT_EQ(reason_of(decode_legacy_json_message(body, {}, a)), Reason::bad_request) << body;
  }
}

TEST(Snd38, AProtobufMessageReadsAsItsJson) {
  const auto message = decode(ordinary_legacy());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->recipients, (Recipients{{a, {{bob, {{ClientId{1}, "one"}}}}}}));
  EXPECT_TRUE(std::holds_alternative<ReportAll>(message->strategy));
}

// The strategy of a message without a list, as the query says it.
Strategy asked(const Parameters& query) {
  const auto message = decode_legacy_json_message(json, query, a);
  EXPECT_TRUE(message);
  return message->strategy;
}

TEST(Snd39, TheQueryIgnoresOrReportsAll) {
  EXPECT_TRUE(std::holds_alternative<ReportAll>(asked({})));
  EXPECT_TRUE(std::holds_alternative<IgnoreAll>(asked({{"ignore_missing", "true"}})));
  EXPECT_TRUE(std::holds_alternative<ReportAll>(asked({{"ignore_missing", "false"}})));
  EXPECT_TRUE(std::holds_alternative<ReportAll>(asked({{"report_missing", "true"}})));
  EXPECT_TRUE(std::holds_alternative<IgnoreAll>(asked({{"report_missing", "false"}})));
}

TEST(Snd40, TheQueryNamesUsers) {
  const auto both = alice.text() + "," + bob.text();
  EXPECT_EQ(std::get<IgnoreOnly>(asked({{"ignore_missing", both}})).users,
            (Users{{a, {alice, bob}}}));
  EXPECT_EQ(std::get<ReportOnly>(asked({{"report_missing", bob.text()}})).users,
            (Users{{a, {bob}}}));
  for (const auto* text : {"", "yes", ",", "True"}) {
    EXPECT_FALSE(decode_legacy_json_message(json, {{"report_missing", text}}, a)) << text;
    EXPECT_FALSE(decode_legacy_json_message(json, {{"ignore_missing", text}}, a)) << text;
  }
}

TEST(Snd41, AListInTheBodyComesBeforeTheQuery) {
  auto body = ordinary_legacy();
  body.add_report_missing()->set_uuid(std::string{bob.bytes()});
  const auto message = decode(body, {{"ignore_missing", "true"}});
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<ReportOnly>(message->strategy).users, (Users{{a, {bob}}}));
}

TEST(Snd42, IgnoringComesBeforeReporting) {
  EXPECT_TRUE(std::holds_alternative<IgnoreAll>(
      asked({{"report_missing", "true"}, {"ignore_missing", "true"}})));
}

// --- What clients are answered -------------------------------------------------------------

constexpr Instant when = std::chrono::sys_days{std::chrono::year{2021} / 5 / 12} + 671ms;

TEST(Snd07, AllMapsAreThereAndEmptyOnesAreObjects) {
  EXPECT_EQ(encode_sending_status({.time = when}),
            R"({"time":"2021-05-12T00:00:00.671Z","missing":{},"redundant":{},"deleted":{},)"
            R"("failed_to_send":{},"failed_to_confirm_clients":{}})");
}

TEST(Snd07, EachMapIsFromDomainToUserToClients) {
  const SendingStatus status{
      .time = when,
      .missing = {{a, {{alice, {ClientId{1}, ClientId{255}}}, {bob, {ClientId{1}}}}},
                  {b, {{bob, {ClientId{0}}}}}},
      .failed_to_send = {{b, {{bob, {}}}}}};

  const auto json_status = Json::parse(encode_sending_status(status));

  EXPECT_EQ(json_status["missing"],
            (Json{{"a.example", {{alice.text(), {"1", "ff"}}, {bob.text(), {"1"}}}},
                  {"b.example", {{bob.text(), {"0"}}}}}));
  EXPECT_EQ(json_status["failed_to_send"], (Json{{"b.example", {{bob.text(), Json::array()}}}}));
}

TEST(Snd37, TheAnswerIsFromUserToClients) {
  const SendingStatus status{.time = when,
                             .missing = {{a, {{bob, {ClientId{1}}}}}},
                             .redundant = {{b, {{bob, {ClientId{1}}}}}}};
  EXPECT_EQ(Json::parse(encode_legacy_status(status, a)),
            (Json{{"time", "2021-05-12T00:00:00.671Z"},
                  {"missing", {{bob.text(), {"1"}}}},
                  {"redundant", Json::object()},
                  {"deleted", Json::object()}}));
}

}  // namespace
}  // namespace twostep::wire
