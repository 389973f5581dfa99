#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

using ::testing::SizeIs;

/// The only message event that the device finds; null, and a failure, if there is not exactly one.
Json only_message(const Device& device) {
  const auto events = device.catch_up().events("conversation.otr-message-add");
  EXPECT_THAT(events, SizeIs(1)) << device.name();
  return events.size() == 1 ? events.front() : Json::object();
}

Json qualified(const QualifiedId& id) { return {{"id", id.id}, {"domain", id.domain}}; }

// DLV-14  The event of a message says where, from whom, when, and for which client it is, and has the
//         ciphertext in base64.
TEST(Dlv14, TheEventSaysWhatWasSent) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto ciphertext = random_bytes(100);

  const auto reply = alice.must_send(chat, {{bob, ciphertext}});

  auto event = only_message(bob);
  EXPECT_EQ(event["conversation"], chat.id.id);
  EXPECT_EQ(event["qualified_conversation"], qualified(chat.id));
  EXPECT_EQ(event["from"], alice.user().id().id);
  EXPECT_EQ(event["qualified_from"], qualified(alice.user().id()));
  EXPECT_EQ(event["time"], reply.json["time"]);
  EXPECT_EQ(event["data"]["sender"], alice.id());
  EXPECT_EQ(event["data"]["recipient"], bob.id());
  EXPECT_EQ(event["data"]["text"], to_base64(ciphertext));
}

// DLV-15  The shared data of a message appears at every recipient client, in base64.
TEST(Dlv15, SharedDataReachesEveryClient) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chat = conversation_of({alice, bob});
  const auto shared = random_bytes(100);

  alice.must_send(chat, {{bob, "for bob"}, {tablet, "for the tablet"}}, {.blob = shared});

  for (const auto& device : {bob, tablet}) {
    EXPECT_EQ(only_message(device)["data"]["data"], to_base64(shared)) << device.name();
  }
}

// DLV-15  So does that of the older form, in both of its codings.
TEST(Dlv15, SharedDataOfTheOlderFormToo) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto in_json = random_bytes(100);
  const auto in_protobuf = random_bytes(100);

  require_setup(alice.send_legacy_json(chat, {{bob, "one"}}, {.blob = in_json}), {201}, "sending");
  require_setup(alice.send_legacy_protobuf(chat, {{bob, "two"}}, {.blob = in_protobuf}), {201},
                "sending");

  const auto messages = bob.catch_up().messages();
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_EQ(messages[0].data, in_json);
  EXPECT_EQ(messages[1].data, in_protobuf);
}

// DLV-15  Without shared data `data.data` is empty or absent.
TEST(Dlv15, WithoutSharedDataThereIsNone) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});

  alice.must_send(chat, {{bob, "hello"}});

  const auto event = only_message(bob);
  const auto data = event.value("data", Json::object());
  if (data.contains("data")) {
    EXPECT_EQ(data["data"], "");
  } else {
    note_reading("without shared data, `data.data` is absent");
  }
}

}  // namespace
}  // namespace twostep::conformance
