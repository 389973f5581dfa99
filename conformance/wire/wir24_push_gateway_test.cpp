#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/push_sink.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;

// WIR-24  A call of the push gateway names transport, app and token as they were registered, and
//         tells which user should look for which notification.
TEST(Wir24, ACallOfThePushGatewayIsComplete) {
  const auto gateway = PushSink::under_test();
  const auto token = gateway.token();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  require_setup(bob.register_push_token({.token = token, .app = "com.example.wire"}), {201},
                "registering a push token");

  alice.must_send(chat, {{bob, "hello"}});

  const auto calls = gateway.wait_for(token);
  ASSERT_EQ(calls.size(), 1u);
  const auto& body = calls[0].body;
  EXPECT_EQ(body.value("transport", Json{}), Json("GCM"));
  EXPECT_EQ(body.value("app", Json{}), Json("com.example.wire"));
  EXPECT_EQ(body.value("token", Json{}), Json(token));
  EXPECT_THAT(body.value("priority", Json{}), AnyOf(Json("high"), Json("low")));
  const Json payload = {
      {"type", "notice"}, {"data", {{"id", bob.newest()}}}, {"user", bob.user().id().id}};
  EXPECT_EQ(body.value("payload", Json{}), payload);
}

}  // namespace
}  // namespace twostep::conformance
