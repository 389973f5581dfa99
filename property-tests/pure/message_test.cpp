// Messages that clients post: octets against the protobuf library's own reading of them, and the older
// form in its two encodings against each other.
#include "impl/wire/message.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/wire_format_lite.h>
#include <otr.pb.h>

#include <map>

#include "impl/wire/base64.hpp"
#include "impl/wire/json.hpp"
#include "property-tests/pure/generators.hpp"
#include "property-tests/pure/property.hpp"

namespace twostep::properties {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using wire::Json;

const Domain own = *Domain::parse("a.example");

// --- What is drawn -------------------------------------------------------------------------

std::string few_octets() {
  const auto drawn = *octets();
  return drawn.substr(0, 40);
}

UserId one_of_few_users() {
  Uuid::Octets octets{};
  octets[0] = static_cast<std::uint8_t>(*below(3));
  return UserId{Uuid{octets}};
}

template <class Users>
void add_users(Users& users) {
  for (auto count = *below(4); count > 0; --count) {
    auto& user = *users.Add();
    user.mutable_user()->set_uuid(*one_in(60) ? few_octets()
                                              : std::string{one_of_few_users().bytes()});
    for (auto clients = *below(4); clients > 0; --clients) {
      auto& client = *user.add_clients();
      client.mutable_client()->set_client(*one_in(3) ? *number(UINT64_MAX) : *below(3));
      client.set_text(few_octets());
    }
  }
}

template <class Named>
void add_named(Named& named) {
  for (auto count = *below(4); count > 0; --count) {
    auto& name = *named.Add();
    name.set_id(*one_in(60) ? "nobody" : one_of_few_users().text());
    name.set_domain(*one_in(60) ? "no domain" : *one_in(2) ? "A.example" : (*domain()).text());
  }
}

template <class Body>
void fill_common(Body& body) {
  if (!*one_in(20)) body.mutable_sender()->set_client(*number(UINT64_MAX));
  if (*one_in(2)) body.set_native_push(*one_in(2));
  if (*one_in(2)) body.set_transient(*one_in(2));
  if (*one_in(2)) body.set_blob(few_octets());
  if (*one_in(2))
    body.set_native_priority(*one_in(2) ? proteus::LOW_PRIORITY : proteus::HIGH_PRIORITY);
}

proteus::QualifiedNewOtrMessage any_message() {
  proteus::QualifiedNewOtrMessage body;
  fill_common(body);
  for (auto count = *below(4); count > 0; --count) {
    auto& entry = *body.add_recipients();
    entry.set_domain(*one_in(40) ? "no domain" : *one_in(2) ? "A.Example" : (*domain()).text());
    add_users(*entry.mutable_entries());
  }
  switch (*below(16)) {
    case 0:
      break;
    case 1:
    case 2:
      body.mutable_ignore_all();
      break;
    case 3:
    case 4:
    case 5:
      add_named(*body.mutable_report_only()->mutable_user_ids());
      break;
    case 6:
    case 7:
    case 8:
      add_named(*body.mutable_ignore_only()->mutable_user_ids());
      break;
    default:
      body.mutable_report_all();
      break;
  }
  return body;
}

// What an encoder may write besides: unknown fields, fields twice, numbers longer than they need be,
// groups, which nobody has asked for.
const std::vector<std::string>& additions() {
  static const std::vector<std::string> all{
      std::string{"\xa2\x06\x03new", 6},          // 100: octets
      std::string{"\x98\x06\x01", 3},             // 99: a number
      std::string{"\x9d\x06zzzz", 6},             // 99: four octets
      std::string{"\x99\x06zzzzzzzz", 10},        // 99: eight octets
      std::string{"\x18\x80\x80\x00", 4},         // native_push: false, in three octets
      std::string{"\x18\x02", 2},                 // native_push: 2
      std::string{"\x28\x07", 2},                 // a priority that is none
      std::string{"\x30\x01", 2},                 // transient
      std::string{"\x22\x00", 2},                 // an empty blob
      std::string{"\x0a\x02\x08\x05", 4},         // sender: 5
      std::string{"\x0a\x00", 2},                 // sender: merged, nothing new
      std::string{"\x3a\x00", 2},                 // report_all, or the older form's list: too short
      std::string{"\x42\x00", 2},                 // ignore_all
      std::string{"\x4a\x00", 2},                 // report_only
      std::string{"\x52\x00", 2},                 // ignore_only
      std::string{"\x4a\x02\x0a\x00", 4},         // report_only: an entry without what it needs
      std::string{"\xa3\x06\xa4\x06", 4},         // 100: a group
      std::string{"\x3b\x3c", 2},                 // 7, as a group
      std::string{"\x3a\x02\x0b\x0c", 4},         // report_all, with a group inside
      std::string{"\x0c", 1},                     // the end of a group
      std::string{"\x08\x01", 2},                 // sender, but a number
      std::string{"\x00", 1},                     // no field
      std::string{"\x07", 1},                     // no wire type
      std::string{"\x0a\xff\xff\xff\xff\x0f", 6}  // longer than everything
  };
  return all;
}

std::string any_octets_of(const google::protobuf::Message& body) {
  auto octets = body.SerializePartialAsString();
  if (*one_in(2)) {
    const auto& all = additions();
    for (auto count = 1 + *below(2); count > 0; --count) {
      const auto& addition = all[*below(all.size())];
      octets = *one_in(2) ? octets + addition : addition + octets;
    }
  }
  if (*one_in(4)) octets += octets;  // A message twice is one merged with itself.
  if (*one_in(4)) octets = *damaged(octets);
  return octets;
}

// --- What the library says -----------------------------------------------------------------

// Whether there is a group anywhere in what decodes: the library keeps groups that it does not know.
bool has_group(CodedInputStream& in, const Descriptor* type) {
  while (const auto tag = in.ReadTag()) {
    const auto wire_type = WireFormatLite::GetTagWireType(tag);
    if (wire_type == WireFormatLite::WIRETYPE_START_GROUP) return true;
    const auto* field = type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (field && field->message_type() && wire_type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      const auto limit = in.ReadLengthAndPushLimit();
      if (has_group(in, field->message_type())) return true;
      in.PopLimit(limit);
    } else if (!WireFormatLite::SkipField(&in, tag)) {
      return false;
    }
  }
  return false;
}

template <class Body>
std::optional<Body> as_the_library_reads(const std::string& octets) {
  const google::protobuf::LogSilencer silence;
  Body body;
  if (!body.ParsePartialFromString(octets) || !body.IsInitialized()) return std::nullopt;
  CodedInputStream in{reinterpret_cast<const std::uint8_t*>(octets.data()),
                      static_cast<int>(octets.size())};
  return has_group(in, Body::descriptor()) ? std::nullopt : std::optional{body};
}

// SND-29, by the only rule that a map has: what is assigned later replaces what was there.
using Texts = std::map<std::uint64_t, std::string>;
using TextsOfUsers = std::map<std::string, Texts>;
using TextsOfDomains = std::map<std::string, TextsOfUsers>;

template <class Entries>
std::optional<TextsOfUsers> meant(const Entries& entries) {
  TextsOfUsers users;
  for (const auto& entry : entries) {
    if (entry.user().uuid().size() != 16) return std::nullopt;
    Texts texts;
    for (const auto& client : entry.clients()) texts[client.client().client()] = client.text();
    users[entry.user().uuid()] = texts;
  }
  return users;
}

TextsOfDomains texts_of(const Recipients& recipients) {
  TextsOfDomains domains;
  for (const auto& [domain, users] : recipients) {
    auto& of_domain = domains[domain.text()];
    for (const auto& [user, texts] : users) {
      auto& of_user = of_domain[std::string{user.bytes()}];
      for (const auto& [client, text] : texts) of_user[client.value] = text;
    }
  }
  return domains;
}

template <class Body>
bool has_what_is_common(const NewMessage& message, const Body& body) {
  std::optional<Priority> priority;
  if (body.has_native_priority())
    priority = body.native_priority() == proteus::LOW_PRIORITY ? Priority::low : Priority::high;
  return message.sender.value == body.sender().client() &&
         message.native_push == body.native_push() && message.transient == body.transient() &&
         message.blob == body.blob() && message.priority == priority;
}

using Named = std::set<std::pair<std::string, std::string>>;

Named named(const Users& users) {
  Named names;
  for (const auto& [domain, ids] : users)
    for (const auto& id : ids) names.emplace(domain.text(), id.text());
  return names;
}

std::optional<Named> named(
    const google::protobuf::RepeatedPtrField<proteus::QualifiedUserId>& users) {
  Named names;
  for (const auto& user : users) {
    const auto domain = Domain::parse(user.domain());
    const auto id = UserId::parse(user.id());
    if (!domain || !id) return std::nullopt;
    names.emplace(domain->text(), id->text());
  }
  return names;
}

// The users of the strategy, if it is one that names any; or none, if it names what is no user.
std::optional<Named> users_named(const proteus::QualifiedNewOtrMessage& body) {
  if (body.has_report_only()) return named(body.report_only().user_ids());
  if (body.has_ignore_only()) return named(body.ignore_only().user_ids());
  return Named{};
}

bool is_strategy(const Strategy& strategy, const proteus::QualifiedNewOtrMessage& body) {
  if (const auto* only = std::get_if<ReportOnly>(&strategy))
    return body.has_report_only() && named(only->users) == *users_named(body);
  if (const auto* only = std::get_if<IgnoreOnly>(&strategy))
    return body.has_ignore_only() && named(only->users) == *users_named(body);
  return std::holds_alternative<ReportAll>(strategy) ? body.has_report_all()
                                                     : body.has_ignore_all();
}

std::optional<TextsOfDomains> meant(const proteus::QualifiedNewOtrMessage& body) {
  TextsOfDomains domains;
  for (const auto& entry : body.recipients()) {
    const auto name = Domain::parse(entry.domain());
    const auto users = meant(entry.entries());
    if (!name || !users) return std::nullopt;
    domains[name->text()] = *users;
  }
  return domains;
}

using Decode = std::function<Result<NewMessage>(const std::string&)>;

Property messages_are_read_as_by_the_library(const Decode& decode) {
  return [decode] {
    const auto octets = any_octets_of(any_message());
    const auto body = as_the_library_reads<proteus::QualifiedNewOtrMessage>(octets);
    const auto recipients = body ? meant(*body) : std::nullopt;
    const auto users = body ? users_named(*body) : std::nullopt;
    const bool has_strategy = body && body->client_mismatch_strategy_case() != 0;
    const bool expected = recipients && users && has_strategy;

    const auto message = decode(octets);

    reached("read", expected);
    reached("undecodable, or a group", !body);
    reached("no strategy", body && !has_strategy);
    reached("no user or domain", body && (!recipients || !users));
    reached("somebody twice",
            expected && body->recipients_size() > static_cast<int>(recipients->size()));
    reached("names in the strategy", expected && !users->empty());
    reached("not as the library writes it", expected && body->SerializeAsString() != octets);
    RC_ASSERT(message.has_value() == expected);
    if (!expected) {
      RC_ASSERT(message.error().reason == Reason::bad_request);
      return;
    }
    RC_ASSERT(texts_of(message->recipients) == *recipients);
    RC_ASSERT(is_strategy(message->strategy, *body));
    RC_ASSERT(has_what_is_common(*message, *body));
  };
}

TEST(Messages, AreReadAsByTheLibrary) {
  expect_always(messages_are_read_as_by_the_library(&wire::decode_qualified_message),
                {"read", "undecodable, or a group", "no strategy", "no user or domain",
                 "somebody twice", "names in the strategy", "not as the library writes it"});
}

// The first ones win, or all of them; a missing strategy is one; what is cut off is read as far as it goes.
TEST(Messages, ReadersThatDoAnythingElseAreFound) {
  const auto reread = [](const std::string& octets, const auto& change) {
    const google::protobuf::LogSilencer silence;
    proteus::QualifiedNewOtrMessage body;
    if (!body.ParsePartialFromString(octets)) return wire::decode_qualified_message(octets);
    change(body);
    return wire::decode_qualified_message(body.SerializePartialAsString());
  };
  expect_refuted(messages_are_read_as_by_the_library([&](const std::string& octets) {
    return reread(octets, [](auto& body) {
      auto& all = *body.mutable_recipients();
      std::reverse(all.begin(), all.end());
    });
  }));
  expect_refuted(messages_are_read_as_by_the_library([&](const std::string& octets) {
    return reread(octets, [](auto& body) {
      if (body.client_mismatch_strategy_case() == 0) body.mutable_report_all();
    });
  }));
  expect_refuted(messages_are_read_as_by_the_library([&](const std::string& octets) {
    return reread(octets, [](auto& body) { body.DiscardUnknownFields(); });  // Groups too.
  }));
  expect_refuted(messages_are_read_as_by_the_library([&](const std::string& octets) {
    auto message = wire::decode_qualified_message(octets);
    for (auto size = octets.size(); !message && size > 0; --size)
      message = wire::decode_qualified_message(octets.substr(0, size - 1));
    return message;
  }));
}

TEST(Messages, CutOffAnywhereAreNotReadAsTheWhole) {
  expect_always([] {
    auto body = any_message();
    body.mutable_sender()->set_client(7);
    body.mutable_report_all();
    const auto whole =
        body.SerializeAsString();  // In the order of the fields: the strategy comes last.
    const auto cut = whole.substr(0, *below(whole.size()));
    RC_ASSERT(!wire::decode_qualified_message(cut).has_value());
  });
}

TEST(Messages, MayHaveAsManyFieldsAsTheBoundAndNoMore) {
  proteus::QualifiedNewOtrMessage body;
  body.mutable_sender()->set_client(1);
  body.mutable_report_all();
  const auto with_empty_recipients = [&](std::size_t fields) {
    std::string octets = body.SerializeAsString();  // sender, client, report_all
    for (std::size_t i = 3; i < fields; ++i) octets += std::string{"\x30\x01", 2};
    return wire::decode_qualified_message(octets);
  };
  EXPECT_TRUE(with_empty_recipients(wire::message_fields_max));
  const auto beyond = with_empty_recipients(wire::message_fields_max + 1);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().reason, Reason::payload_too_large);
}

// --- The older form ------------------------------------------------------------------------

proteus::NewOtrMessage any_older_message() {
  proteus::NewOtrMessage body;
  fill_common(body);
  add_users(*body.mutable_recipients());
  if (*one_in(3))
    for (auto count = *below(3); count > 0; --count)
      body.add_report_missing()->set_uuid(*one_in(20) ? few_octets()
                                                      : std::string{one_of_few_users().bytes()});
  return body;
}

TEST(Messages, OfTheOlderFormAreReadAsByTheLibrary) {
  expect_always(
      [] {
        const auto octets = any_octets_of(any_older_message());
        const auto body = as_the_library_reads<proteus::NewOtrMessage>(octets);
        const auto users = body ? meant(body->recipients()) : std::nullopt;
        bool expected = users.has_value();
        Named listed;
        for (int i = 0; body && i < body->report_missing_size(); ++i) {
          const auto id = UserId::from_bytes(body->report_missing(i).uuid());
          expected = expected && id;
          if (id) listed.emplace(own.text(), id->text());
        }
        reached("read", expected);
        reached("refused", !expected);
        reached("a list", expected && !listed.empty());

        const auto message = wire::decode_legacy_message(octets, {}, own);

        RC_ASSERT(message.has_value() == expected);
        if (!expected) return RC_ASSERT(message.error().reason == Reason::bad_request);
        RC_ASSERT(texts_of(message->recipients) == (TextsOfDomains{{own.text(), *users}}));
        RC_ASSERT(has_what_is_common(*message, *body));
        const auto* only = std::get_if<ReportOnly>(&message->strategy);
        RC_ASSERT((only != nullptr) == (body->report_missing_size() > 0));
        if (only) RC_ASSERT(named(only->users) == listed);
        RC_ASSERT(only || std::holds_alternative<ReportAll>(message->strategy));
      },
      {"read", "refused", "a list"});
}

// SND-37, SND-38: what both encodings can say is the same message.
TEST(Messages, InJsonAndInProtobufAreTheSame) {
  expect_always(
      [] {
        const auto body = any_older_message();
        const auto read = wire::decode_legacy_message(body.SerializePartialAsString(), {}, own);
        RC_PRE(read.has_value());
        Json json{{"sender", "00" + ClientId{body.sender().client()}.text()},
                  {"recipients", Json::object()}};
        for (const auto& entry : body.recipients()) {
          const auto id = UserId::from_bytes(entry.user().uuid())->text();
          auto& clients = json["recipients"][id] = Json::object();
          for (const auto& client : entry.clients())
            clients[ClientId{client.client().client()}.text()] = wire::base64(client.text());
        }
        if (body.has_native_push()) json["native_push"] = body.native_push();
        if (body.has_transient()) json["transient"] = body.transient();
        if (body.has_blob()) json["data"] = wire::base64(body.blob());
        if (body.has_native_priority())
          json["native_priority"] =
              body.native_priority() == proteus::LOW_PRIORITY ? "low" : "high";
        for (const auto& user : body.report_missing())
          json["report_missing"].push_back(UserId::from_bytes(user.uuid())->text());
        if (*one_in(2)) json["unknown"] = {{"recipients", nullptr}};

        const auto same = wire::decode_legacy_json_message(json.dump(), {}, own);

        reached("with recipients", body.recipients_size() > 0);
        RC_ASSERT(same.has_value());
        RC_ASSERT(texts_of(same->recipients) == texts_of(read->recipients));
        RC_ASSERT(has_what_is_common(*same, body));
        RC_ASSERT(same->strategy.index() == read->strategy.index());
        if (const auto* only = std::get_if<ReportOnly>(&read->strategy))
          RC_ASSERT(named(std::get<ReportOnly>(same->strategy).users) == named(only->users));
      },
      {"with recipients"});
}

TEST(Messages, InJsonWithSomethingWrongAreRefused) {
  expect_always([] {
    Json json{{"sender", "ac"},
              {"recipients", {{one_of_few_users().text(), {{"1", wire::base64(few_octets())}}}}},
              {"native_push", true},
              {"transient", false},
              {"data", wire::base64(few_octets())},
              {"report_missing", {one_of_few_users().text()}}};
    RC_ASSERT(wire::decode_legacy_json_message(json.dump(), {}, own).has_value());
    const auto wrong = *below(8);
    const auto user = json["recipients"].begin().key();
    if (wrong == 0) json.erase("sender");
    if (wrong == 1) json.erase("recipients");
    if (wrong == 2) json["recipients"][user]["1"] = "no base64";
    if (wrong == 3) json["recipients"][user]["no client"] = "";
    if (wrong == 4) json["recipients"]["nobody"] = Json::object();
    if (wrong == 5) json["native_push"] = 1;
    if (wrong == 6) json["data"] = "=";
    if (wrong == 7) json["report_missing"] = {"nobody"};
    const auto read = wire::decode_legacy_json_message(json.dump(), {}, own);
    RC_ASSERT(!read.has_value());
    RC_ASSERT(read.error().reason == Reason::bad_request);
  });
}

}  // namespace
}  // namespace twostep::properties
