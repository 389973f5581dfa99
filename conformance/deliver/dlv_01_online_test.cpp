#include <gmock/gmock.h>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

// DLV-01  A client that is online receives a message over its websocket (S3).
TEST(Dlv01, AnOnlineClientReceivesTheMessageOnItsSocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();

  alice.must_send(chat, {{bob, "hello"}});

  EXPECT_TRUE(socket.receives("hello"));
}

}  // namespace
}  // namespace twostep::conformance
