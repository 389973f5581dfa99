#include <string>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/push_sink.hpp"

namespace twostep::conformance {
namespace {

using ::testing::SizeIs;

// SND-04  The answer does not wait for the delivery over websockets (S2, S3).
//
// Bob's socket is open and is not read. Twelve megabytes are more than the buffers of both kernels
// and whatever the backend itself keeps for a socket, so that a backend that writes to the socket
// before it answers is stuck well before the last message.
TEST(Snd04, AReaderThatDoesNotReadDelaysNoSender) {
  constexpr int messages = 48;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  const auto unread = bob.open_socket({.receive_buffer_bytes = 4096});
  const std::string long_body(256 * 1024, 'x');

  for (int i = 0; i < messages; ++i) {
    ASSERT_THAT(alice.send(chat, {{bob, long_body}}), Acknowledged()) << "message " << i;
  }
}

// SND-05  The answer does not wait for native push: a silent push gateway delays no sender (S2, S3).
//
// More messages than a backend would have connections to its gateway. That the gateway was called at
// all shows that there was something to wait for. It is released in the end, so that what still waits for
// it does not keep the pushes of other tests waiting.
TEST(Snd05, ASilentPushGatewayDelaysNoSender) {
  constexpr int messages = 40;
  const auto gateway = PushSink::under_test();
  const auto token = gateway.token();
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  gateway.answer(token, PushAnswer::hang);
  require_setup(bob.register_push_token({token}), {201}, "registering a push token");

  for (int i = 0; i < messages; ++i) {
    ASSERT_THAT(alice.send(chat, {{bob, "hello"}}), Acknowledged()) << "message " << i;
  }

  EXPECT_FALSE(gateway.wait_for(token).empty());
  EXPECT_THAT(bob.catch_up().bodies(), SizeIs(messages));
  gateway.answer(token, PushAnswer::accept);
}

}  // namespace
}  // namespace twostep::conformance
