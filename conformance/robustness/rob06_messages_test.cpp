#include <string>
#include <vector>

#include "conformance/robustness/bystanders.hpp"
#include "conformance/support/at_once.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Lt;

// Protobuf by hand, for what no encoder writes.

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(0x80 | (value & 0x7f));
  return bytes + static_cast<char>(value);
}

enum Wire { number = 0, octets = 2, group = 3, end_group = 4 };

std::string tag(int field, Wire wire) {
  return varint(static_cast<std::uint64_t>(field) << 3 | static_cast<unsigned>(wire));
}

std::string field(int field_number, const std::string& value) {
  return tag(field_number, octets) + varint(value.size()) + value;
}

std::string client_id(const std::string& client) {
  return field(1, tag(1, number) + varint(client_number(client)));
}

/// A message whose only recipient is what these octets and this text name.
std::string message_to(const std::string& sender, const std::string& user_octets,
                       const std::string& domain, const Device& device) {
  const auto client = client_id(device.id()) + field(2, "hello");
  const auto user = field(1, field(1, user_octets)) + field(2, client);
  return client_id(sender) + field(2, field(1, domain) + field(2, user)) +
         encode_strategy(ignore_all());
}

// ROB-06  A message that is cut off, at any byte, is answered 400 and delivered to nobody.
//
// The strategy, without which no message is valid, comes last: so no prefix is a message.
TEST(Rob06, EveryPrefixOfAMessageIsRefused) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto whole = encode_message(alice.id(), {{bob, "cut off"}}, {});

  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THAT(alice.post_message(chat, whole.substr(0, length)), HasStatus(400))
        << length << " of " << whole.size() << " bytes";
  }
  alice.must_send(chat, {{bob, "fence"}});

  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("fence"));
}

// ROB-06  So is one with lengths that lie, with groups in groups, with a user id that is not 16
//         bytes, or with a domain that is none.
TEST(Rob06, AMessageOfNonsenseIsRefused) {
  constexpr int depth = 100'000;
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto id = uuid_octets(bob.user().id().id);
  const auto& domain = bob.user().id().domain;
  const auto good = message_to(alice.id(), id, domain, bob);
  std::string groups = good;
  for (int i = 0; i < depth; ++i) groups += tag(99, group);
  for (int i = 0; i < depth; ++i) groups += tag(99, end_group);
  const std::vector<std::string> bodies = {
      good + tag(2, octets) + varint(1'000'000) + "short",
      good + tag(2, octets) + varint(~std::uint64_t{0}) + "short",
      good + tag(99, end_group),
      good + std::string(20, '\xff'),
      groups,
      message_to(alice.id(), id.substr(1), domain, bob),
      message_to(alice.id(), id + "x", domain, bob),
      message_to(alice.id(), "", domain, bob),
      message_to(alice.id(), id, "not a domain", bob),
      message_to(alice.id(), id, std::string(300, 'x') + ".example", bob),
  };

  EXPECT_THAT(alice.post_message(chat, good), Acknowledged());
  for (const auto& body : bodies) {
    EXPECT_THAT(alice.post_message(chat, body), HasStatus(400)) << to_base64(body.substr(0, 120));
  }
  alice.must_send(chat, {{bob, "fence"}});

  EXPECT_THAT(bob.catch_up().bodies(), ElementsAre("hello", "fence"));
  EXPECT_TRUE(bystanders.go_on());
}

// ROB-07  What stands for a UUID has the form of 8-4-4-4-12 digits, and no other.
//
// The id is that of a notification which there is, of a user who exists: a backend that reads the
// spelling would say so with a 200.
TEST(Rob07, AnIdIsReadInOneSpellingOnly) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto spellings = [](const std::string& id) {
    auto without_dashes = id;
    std::erase(without_dashes, '-');
    return std::vector<std::string>{"%7B" + id + "%7D", "urn:uuid:" + id, id + "0",
                                    id.substr(1),       without_dashes,   id.substr(0, 35) + "g",
                                    "%20" + id,         id + "%00",       "0x" + id.substr(2)};
  };
  const auto user_path = "/users/" + backend.domain() + "/";

  for (const auto& spelling : spellings(alice.newest())) {
    EXPECT_THAT(alice.page({.since = spelling}), IsClientError()) << "since=" << spelling;
    EXPECT_THAT(alice.notification(spelling), IsClientError()) << "/notifications/" << spelling;
  }
  for (const auto& spelling : spellings(alice.user().id().id)) {
    EXPECT_THAT(alice.get(user_path + spelling), IsClientError()) << user_path << spelling;
  }
}

// ROB-12  A message to very many made-up users is answered like any other, or refused, and nobody
//         has to wait for it.
//
// While it is under way two others talk to each other.
TEST(Rob12, AMessageToThousandsKeepsNobodyWaiting) {
  constexpr int made_up = 10'000;
  auto backend = Backend::under_test();
  Bystanders bystanders{backend};
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  Recipients recipients = {{bob, "hello"}};
  for (int i = 0; i < made_up; ++i) {
    recipients.push_back({{{random_uuid(), backend.domain()}, "1"}, "x"});
  }
  Reply reply;

  at_once({[&] { reply = alice.send(chat, recipients); },
           [&] {
             for (int i = 0; i < 3; ++i) EXPECT_TRUE(bystanders.go_on());
           }});

  EXPECT_THAT(reply, HasStatus(AnyOf(201, ::testing::AllOf(Ge(400), Lt(500)))));
}

}  // namespace
}  // namespace twostep::conformance
