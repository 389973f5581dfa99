#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::Ne;
using ::testing::UnorderedElementsAre;

/// The tokens listed for the user of the device.
std::vector<std::string> tokens_of(const Device& device) {
  const auto reply = device.get("/push/tokens");
  EXPECT_THAT(reply, HasStatus(200));
  std::vector<std::string> tokens;
  for (const auto& entry : part(reply.json, "/tokens")) {
    tokens.push_back(part(entry, "/token").get<std::string>());
  }
  return tokens;
}

void must_have(const Device& device, const PushToken& token) {
  require_setup(device.register_push_token(token), {201}, "registering a push token");
}

// ACC-41  A registered token is listed as it was registered.
TEST(Acc41, ATokenIsListedAsItWasRegistered) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const PushToken token{random_hex(32), "GCM", "conformance"};

  const auto reply = alice.register_push_token(token);
  const auto listed = alice.get("/push/tokens");

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_THAT(listed, HasStatus(200));
  ASSERT_EQ(part(listed.json, "/tokens").size(), 1U);
  EXPECT_EQ(part(listed.json, "/tokens/0/token"), token.token);
  EXPECT_EQ(part(listed.json, "/tokens/0/transport"), "GCM");
  EXPECT_EQ(part(listed.json, "/tokens/0/app"), "conformance");
  EXPECT_EQ(part(listed.json, "/tokens/0/client"), alice.id());
}

// ACC-42  A token replaces the one with the same transport, app and client. Those that differ in any
//         of the three stay.
TEST(Acc42, ATokenReplacesTheOneOfTheSameKind) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto laptop = alice.user().device();
  const PushToken first{random_hex(32), "GCM", "one"};
  const PushToken another_app{random_hex(32), "GCM", "two"};
  const PushToken another_transport{random_hex(32), "APNS", "one"};
  const PushToken another_client{random_hex(32), "GCM", "one"};
  must_have(alice, first);
  must_have(alice, another_app);
  must_have(alice, another_transport);
  must_have(laptop, another_client);
  const PushToken second{random_hex(32), "GCM", "one"};

  const auto reply = alice.register_push_token(second);

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_THAT(tokens_of(alice),
              UnorderedElementsAre(second.token, another_app.token, another_transport.token,
                                   another_client.token));
}

// ACC-43  A token is deleted once; then there is none.
TEST(Acc43, ATokenIsDeletedOnce) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const PushToken deleted{random_hex(32), "GCM", "one"};
  const PushToken kept{random_hex(32), "GCM", "two"};
  must_have(alice, deleted);
  must_have(alice, kept);

  const auto first = alice.delete_push_token(deleted.token);
  const auto again = alice.delete_push_token(deleted.token);

  EXPECT_THAT(first, HasStatus(204));
  EXPECT_THAT(again, IsError(404, "not-found"));
  EXPECT_THAT(tokens_of(alice), ElementsAre(kept.token));
}

// ACC-43  Nobody deletes another user's.
TEST(Acc43, AnothersTokenIsNotDeleted) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  const PushToken token{random_hex(32)};
  must_have(alice, token);

  const auto reply = bob.delete_push_token(token.token);

  EXPECT_THAT(reply, IsError(404, "not-found"));
  EXPECT_THAT(tokens_of(alice), ElementsAre(token.token));
}

// ACC-44  A token may be so long and no longer; how long depends on the transport.
TEST(Acc44, ATokenHasALengthThatDependsOnTheTransport) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto sent = [&](const char* transport, std::size_t characters) {
    return alice.register_push_token({std::string(characters, 'a'), transport});
  };

  EXPECT_THAT(sent("GCM", 8'192), HasStatus(Ne(413)));
  EXPECT_THAT(sent("GCM", 8'193), IsError(413, "token-too-long"));
  EXPECT_THAT(sent("APNS", 400), HasStatus(Ne(413)));
  EXPECT_THAT(sent("APNS", 401), IsError(413, "token-too-long"));
}

// ACC-45  The two transports for calls are no longer supported.
TEST(Acc45, TransportsForCallsAreNotSupported) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();

  for (const auto* transport : {"APNS_VOIP", "APNS_VOIP_SANDBOX"}) {
    SCOPED_TRACE(transport);
    EXPECT_THAT(alice.register_push_token({random_hex(32), transport}),
                IsError(400, "apns-voip-not-supported"));
  }
  EXPECT_THAT(tokens_of(alice), ::testing::IsEmpty());
}

}  // namespace
}  // namespace twostep::conformance
