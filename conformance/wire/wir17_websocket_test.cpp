#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"
#include "conformance/support/raw_socket.hpp"

namespace twostep::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::StartsWith;

Header bearer(const std::string& token) { return {"Authorization", "Bearer " + token}; }

bool is_pong(const Frame& frame) {
  return (frame.opcode == Opcode::text || frame.opcode == Opcode::binary) &&
         frame.payload == "pong";
}

std::string without_last(std::string text) {
  text.pop_back();
  return text;
}

// WIR-17  A websocket is opened with an access token in the header …
TEST(Wir17, ATokenInTheHeaderOpensASocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  Socket socket{"alice",
                backend.websocket_url(),
                {bearer(alice.token())},
                {.path = "/await", .registered = false}};

  EXPECT_FALSE(socket.refusal()) << "refused with " << socket.refusal()->status;
}

// WIR-17  … or in the query, where browsers have to put it.
TEST(Wir17, ATokenInTheQueryOpensASocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  Socket socket{"alice",
                backend.websocket_url(),
                {},
                {.path = "/await?access_token=" + alice.token(), .registered = false}};

  EXPECT_FALSE(socket.refusal()) << "refused with " << socket.refusal()->status;
}

// WIR-17  Extensions that are offered stand in the way of neither.
//
// The names are made up besides the one that all clients offer: it comes last, so that a backend
// has to pass over the others.
TEST(Wir17, OfferedExtensionsDoNotMatter) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  Socket socket{"alice",
                backend.websocket_url(),
                {bearer(alice.token()),
                 {"Sec-WebSocket-Extensions",
                  "x-made-up; level=3, permessage-deflate; client_max_window_bits"}},
                {.path = "/await", .registered = false}};

  EXPECT_FALSE(socket.refusal()) << "refused with " << socket.refusal()->status;
}

// WIR-18  Without a valid token no socket is opened: the handshake is answered 401.
TEST(Wir18, WithoutAValidTokenThereIsNoSocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const SocketOptions await = {.path = "/await", .registered = false};

  const Socket without{"nobody", backend.websocket_url(), {}, await};
  const Socket damaged{
      "nobody", backend.websocket_url(), {bearer(without_last(alice.token()))}, await};

  ASSERT_TRUE(without.refusal()) << "a socket for nobody";
  EXPECT_THAT(*without.refusal(), HasStatus(401));
  ASSERT_TRUE(damaged.refusal()) << "a socket for a damaged token";
  EXPECT_THAT(*damaged.refusal(), HasStatus(401));
}

// WIR-18  A token without an upgrade is answered 4xx.
TEST(Wir18, WithoutAnUpgradeThereIsNoSocket) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  EXPECT_THAT(alice.get("/await"), IsClientError());
}

// WIR-19  Whatever the server sends is one JSON object, with an id, events, and perhaps the mark of
//         what is transient.
//
// A message, a transient one, and an event that is none; the rule is looked at in every frame.
TEST(Wir19, EveryFrameIsANotification) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto socket = bob.open_socket();
  auto chat = conversation_of({alice, bob});
  alice.must_send(chat, {{bob, "hello"}});
  alice.must_send(chat, {{bob, "fleeting"}}, {.transient = true});
  alice.must_send(chat, {{bob, "fence"}});

  const auto bodies = socket.bodies_until("fence");

  EXPECT_THAT(bodies, ElementsAre("hello", "fleeting", "fence"));
  for (const auto& frame : socket.frames()) {
    if (is_pong(frame) || (frame.opcode != Opcode::text && frame.opcode != Opcode::binary)) {
      continue;
    }
    SCOPED_TRACE(frame.payload);
    ASSERT_TRUE(is_utf8(frame.payload));
    const auto json = Json::parse(frame.payload, nullptr, false);
    ASSERT_TRUE(json.is_object());
    EXPECT_THAT(json.value("id", Json{}), Not(Json("")));
    EXPECT_TRUE(json.value("id", Json{}).is_string());
    EXPECT_TRUE(json.value("payload", Json{}).is_array());
    EXPECT_FALSE(json.value("payload", Json::array()).empty());
    EXPECT_TRUE(json.value("transient", Json(false)).is_boolean());
  }
}

// WIR-20  The data message `ping` is answered by the data message `pong`, be it text …
TEST(Wir20, ATextPingIsAnsweredPong) {
  auto backend = Backend::under_test();
  auto socket = backend.user("alice").device().open_socket({.registered = false});

  socket.send(Opcode::text, "ping");

  EXPECT_TRUE(socket.wait_for(is_pong));
}

// WIR-20  … or binary.
TEST(Wir20, ABinaryPingIsAnsweredPong) {
  auto backend = Backend::under_test();
  auto socket = backend.user("alice").device().open_socket({.registered = false});

  socket.send(Opcode::binary, "ping");

  EXPECT_TRUE(socket.wait_for(is_pong));
}

// WIR-21  A control ping is answered by a control pong with the same payload, from none to the
//         longest.
TEST(Wir21, AControlPingIsReturned) {
  auto backend = Backend::under_test();
  auto socket = backend.user("alice").device().open_socket();

  for (const std::size_t length : {0, 1, 125}) {
    const auto payload = random_bytes(length);
    socket.send(Opcode::ping, payload);
    ASSERT_TRUE(socket.wait_for([&](const Frame& frame) {
      return frame.opcode == Opcode::pong && frame.payload == payload;
    })) << length
        << " bytes";
  }
}

// WIR-22  Other data from a client is ignored: the socket stays open and goes on.
TEST(Wir22, OtherDataIsIgnored) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob").device();
  auto chat = conversation_of({alice, bob});
  auto socket = bob.open_socket();

  socket.send(Opcode::text, "hello, server");
  socket.send(Opcode::binary, std::string{"\0\xff\x80", 3});
  socket.send(Opcode::text, R"({"type": "subscribe", "to": "everything"})");
  alice.must_send(chat, {{bob, "hello"}});

  EXPECT_THAT(socket.bodies_until("hello"), ElementsAre("hello"));
}

// WIR-23  A close frame is answered by a close frame, and then the connection ends.
//
// Over a connection of bytes, since the end of the stream is to be seen after the frame.
TEST(Wir23, ACloseIsAnsweredAndEndsTheConnection) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  RawSocket socket{"alice", backend.websocket_url()};
  socket.write(request_text("GET", "/await",
                            {bearer(alice.token()),
                             {"Connection", "Upgrade"},
                             {"Upgrade", "websocket"},
                             {"Sec-WebSocket-Version", "13"},
                             {"Sec-WebSocket-Key", to_base64(random_bytes(16))}}));
  require_setup(socket.read_reply(), {101}, "opening a socket");

  socket.write(masked_frame(0x88, "\x03\xe8"));  // 1000

  EXPECT_THAT(socket.read_to_end(), StartsWith("\x88"));
  EXPECT_TRUE(socket.ended());
}

}  // namespace
}  // namespace twostep::conformance
