#include <string>
#include <vector>

#include "conformance/robustness/bystanders.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAreArray;
using namespace std::string_literals;

struct Broken {
  std::string what;
  std::string bytes;
};

constexpr int fin = 0x80;
constexpr int reserved = 0x40;
constexpr int text = 1;
constexpr int ping = 9;

/// Frames with which a client breaks the protocol.
std::vector<Broken> broken_frames() {
  return {
      {"a frame that is not masked", "\x81\x05hello"},
      {"a reserved bit", masked_frame(fin | reserved | text, "hello")},
      {"a reserved opcode for data", masked_frame(fin | 3, "hello")},
      {"a reserved opcode for control", masked_frame(fin | 11, "")},
      {"a control frame that is too long", masked_frame(fin | ping, std::string(126, 'x'))},
      {"a control frame in fragments", masked_frame(ping, "hello")},
      {"a continuation of nothing", masked_frame(fin, "hello")},
      {"a message within a message", masked_frame(text, "hel") + masked_frame(fin | text, "lo")},
      {"text that is no UTF-8", masked_frame(fin | text, "\xc0\xaf\xff")},
      {"a message of an exabyte", "\x82\xff\x10\0\0\0\0\0\0\0mask"s},
      {"a length with its highest bit", "\x82\xff\xff\xff\xff\xff\xff\xff\xff\xffmask"s},
  };
}

// ROB-11  Who breaks the protocol, or sends a message that is too large, loses the socket …
TEST(Rob11, BreakingTheProtocolEndsTheSocket) {
  auto backend = Backend::under_test();
  auto mallory = backend.user("mallory").device();

  for (const auto& [what, bytes] : broken_frames()) {
    auto socket = mallory.open_socket();
    socket.send_raw(bytes);
    ASSERT_TRUE(socket.wait_for_close()) << what << " is tolerated";
  }
}

// ROB-11  … and no other socket suffers, be it of another user or of another client of the same.
TEST(Rob11, BreakingTheProtocolEndsNoOtherSocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto mallory = backend.user("mallory").device();
  auto laptop = mallory.user().device();
  auto chat = conversation_of({alice, mallory});
  auto of_alice = alice.open_socket();
  auto of_laptop = laptop.open_socket();

  for (const auto& [what, bytes] : broken_frames()) mallory.open_socket().send_raw(bytes);
  mallory.must_send(chat, {{alice, "fence"}, {laptop, "fence"}});

  EXPECT_TRUE(of_alice.receives("fence"));
  EXPECT_TRUE(of_laptop.receives("fence"));
}

// ROB-18  A socket that is not read takes nothing away from other sockets, of the same user or of
//         another, and nothing from its own client's inbox.
//
// Eight megabytes for the socket that is not read are more than the buffers of both kernels; the
// others get small ciphertexts of the same messages.
TEST(Rob18, ASocketThatIsNotReadStallsNoOther) {
  constexpr int messages = 24;
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, bob, chris});
  const auto stalled = bob.open_socket({.receive_buffer_bytes = 4096});
  auto of_tablet = tablet.open_socket();
  auto of_chris = chris.open_socket();
  const std::string padding(256 * 1024, 'x');
  std::vector<std::string> words;
  std::vector<std::string> large;

  for (int i = 0; i < messages; ++i) {
    words.push_back(std::to_string(i));
    large.push_back(words.back() + padding);
    alice.must_send(chat, {{bob, large.back()}, {tablet, words.back()}, {chris, words.back()}});
  }

  EXPECT_THAT(of_tablet.bodies_until(words.back()), ElementsAreArray(words));
  EXPECT_THAT(of_chris.bodies_until(words.back()), ElementsAreArray(words));
  EXPECT_TRUE(bob.catch_up().bodies() == large) << "bob's inbox is not complete";
}

}  // namespace
}  // namespace twostep::conformance
