#include "conformance/support/websocket.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <sstream>

#include "conformance/support/bytes.hpp"
#include "conformance/support/context.hpp"
#include "conformance/support/http_reply.hpp"
#include "conformance/support/outcome.hpp"
#include "conformance/support/stream.hpp"

namespace twostep::conformance {
namespace {

constexpr int closed_without_code = 1005;
constexpr int closed_without_frame = 1006;

/// What the target must answer to this key (RFC 6455 section 4.2.2).
std::string accept_of(const std::string& key) {
  const auto text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::string digest(20, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha1(), nullptr);
  return to_base64(digest);
}

std::string big_endian(std::uint64_t number, int octets) {
  std::string bytes;
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
    bytes += static_cast<char>(number >> shift & 0xff);
  }
  return bytes;
}

/// One frame as it is on the wire.
struct WireFrame {
  bool final;
  int opcode;
  std::string payload;
};

/// Takes a complete frame from the front of the buffer, if there is one.
std::optional<WireFrame> take_frame(std::string& buffer) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(buffer[i]); };
  if (buffer.size() < 2) return std::nullopt;
  const bool masked = (octet(1) & 0x80) != 0;
  std::uint64_t length = octet(1) & 0x7f;
  std::size_t head = 2;
  if (const int more = length == 126 ? 2 : length == 127 ? 8 : 0; more > 0) {
    head += static_cast<std::size_t>(more);
    if (buffer.size() < head) return std::nullopt;
    length = 0;
    for (std::size_t i = 2; i < head; ++i) length = length << 8 | octet(i);
  }
  if (masked) head += 4;
  if (buffer.size() < head || buffer.size() - head < length) return std::nullopt;
  WireFrame frame{(octet(0) & 0x80) != 0, octet(0) & 0x0f, buffer.substr(head, length)};
  buffer.erase(0, head + length);
  return frame;
}

}  // namespace

std::string masked_frame(int first_octet, const std::string& payload) {
  std::string frame{static_cast<char>(first_octet)};
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65'536) {
    frame += static_cast<char>(0x80 | 126);
    frame += big_endian(payload.size(), 2);
  } else {
    frame += static_cast<char>(0x80 | 127);
    frame += big_endian(payload.size(), 8);
  }
  const auto mask = random_bytes(4);
  frame += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return frame;
}

std::optional<Notification> Frame::notification() const {
  if (opcode != Opcode::binary && opcode != Opcode::text) return std::nullopt;
  const auto json = Json::parse(payload, nullptr, false);
  if (!json.is_object() || !json.contains("payload")) return std::nullopt;
  const auto id = json.value("id", Json{});
  return Notification{.id = id.is_string() ? id.get<std::string>() : "",
                      .transient = json.value("transient", Json{}) == true,
                      .payload = json["payload"]};
}

struct Socket::State {
  std::string actor;
  std::unique_ptr<Stream> stream = {};
  std::optional<Reply> refusal = {};
  std::string buffer = {};
  std::optional<Frame> fragmented = {};
  std::vector<Frame> frames = {};
  std::optional<int> closed = {};

  void note(const char* direction, const Frame& frame) const {
    static const std::vector<std::pair<Opcode, const char*>> names = {
        {Opcode::text, "text"}, {Opcode::binary, "binary"}, {Opcode::close, "close"},
        {Opcode::ping, "ping"}, {Opcode::pong, "pong"},
    };
    Json entry = {{"kind", "frame"}, {"actor", actor}, {"direction", direction}};
    for (const auto& [opcode, name] : names) {
      if (opcode == frame.opcode) entry["opcode"] = name;
    }
    put_body(entry, "payload", frame.payload);
    record(entry);
  }

  /// Puts fragments together. Nothing while a message is still incomplete.
  std::optional<Frame> assembled(WireFrame wire) {
    if (wire.opcode >= 8) return Frame{static_cast<Opcode>(wire.opcode), std::move(wire.payload)};
    if (wire.opcode != 0) {
      fragmented = Frame{static_cast<Opcode>(wire.opcode), {}};
    }
    if (!fragmented) return std::nullopt;
    fragmented->payload += wire.payload;
    if (!wire.final) return std::nullopt;
    return std::exchange(fragmented, std::nullopt);
  }

  /// The next frame, kept and recorded; nothing at the deadline or the end of the connection.
  std::optional<Frame> next(Clock::time_point until) {
    while (!closed) {
      if (auto wire = take_frame(buffer)) {
        auto frame = assembled(std::move(*wire));
        if (!frame) continue;
        note("in", *frame);
        frames.push_back(*frame);
        react(*frame);
        return frame;
      }
      switch (stream->read_some(buffer, until)) {
        case Io::done:
          break;
        case Io::timed_out:
          return std::nullopt;
        case Io::ended:
          closed = closed_without_frame;
      }
    }
    return std::nullopt;
  }

  void react(const Frame& frame) {
    if (frame.opcode == Opcode::ping) write(Opcode::pong, frame.payload);
    if (frame.opcode == Opcode::close) {
      closed = frame.payload.size() < 2 ? closed_without_code
                                        : static_cast<unsigned char>(frame.payload[0]) * 256 +
                                              static_cast<unsigned char>(frame.payload[1]);
      write(Opcode::close, frame.payload.substr(0, 2));
    }
  }

  void write(Opcode opcode, const std::string& payload) {
    note("out", {opcode, payload});
    if (stream->write(masked_frame(0x80 | static_cast<int>(opcode), payload), deadline()) ==
            Io::ended &&
        !closed) {
      closed = closed_without_frame;
    }
  }
};

Socket::Socket(std::string actor, const std::string& url, const std::vector<Header>& headers,
               const SocketOptions& options)
    : state_(std::make_unique<State>()) {
  state_->actor = std::move(actor);
  const auto target = Url::parse(url);
  const auto until = deadline();
  const auto begun = Clock::now();
  const auto key = to_base64(random_bytes(16));
  std::string request = "GET " + options.path + " HTTP/1.1\r\nHost: " + target.authority() +
                        "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                        "\r\nSec-WebSocket-Key: " +
                        key + "\r\nX-Conformance-Test: " + context().test + "\r\n";
  for (const auto& header : headers) request += header.name + ": " + header.value + "\r\n";
  Reply reply;
  try {
    state_->stream = std::make_unique<Stream>(target, until, options.receive_buffer_bytes);
    state_->stream->write(request + "\r\n", until);
    reply = read_reply(*state_->stream, state_->buffer, false, until);
  } catch (const StreamError& error) {
    reply.error = error.what();
  }
  record({{"kind", "http"},
          {"actor", state_->actor},
          {"method", "GET"},
          {"path", redacted(options.path)},
          {"request_headers", {"Upgrade: websocket"}},
          {"status", reply.status},
          {"ago_ms", ago(begun)}});
  if (reply.status == 101 && reply.header("Sec-WebSocket-Accept") != accept_of(key)) {
    reply.status = 0;
    reply.error = "101 with a wrong Sec-WebSocket-Accept";
  }
  if (reply.status != 101) {
    state_->closed = closed_without_frame;
    state_->refusal = std::move(reply);
    return;
  }
  // The 101 may come before the socket is registered (API §8.2). A backend answers a data ping only
  // once it reads the socket, which it does after having registered it.
  if (!options.registered) return;
  send(Opcode::text, "ping");
  if (!wait_for([](const Frame& frame) { return frame.payload == "pong"; })) {
    throw SetupFailed("the websocket of " + state_->actor + " does not answer a data ping");
  }
}

Socket::~Socket() = default;
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;

const std::optional<Reply>& Socket::refusal() const { return state_->refusal; }
const std::vector<Frame>& Socket::frames() const { return state_->frames; }

std::optional<Frame> Socket::wait_for(const std::function<bool(const Frame&)>& wanted) {
  for (const auto& frame : state_->frames) {
    if (wanted(frame)) return frame;
  }
  const auto until = deadline();
  while (auto frame = state_->next(until)) {
    if (wanted(*frame)) return frame;
  }
  return std::nullopt;
}

::testing::AssertionResult Socket::receives(const std::string& body) {
  const auto carries = [&](const Frame& frame) {
    const auto notification = frame.notification();
    return notification &&
           std::ranges::any_of(notification->messages(),
                               [&](const Message& message) { return message.body == body; });
  };
  if (wait_for(carries)) return ::testing::AssertionSuccess();
  std::ostringstream what;
  PrintTo(seen(), &what);
  return ::testing::AssertionFailure()
         << "no message \"" << body << "\" on the websocket of " << state_->actor
         << (state_->closed ? ", which was closed" : "") << "; seen were " << what.str();
}

Notifications Socket::notifications_until(const std::string& last) {
  receives(last);
  return seen();
}

std::vector<std::string> Socket::bodies_until(const std::string& last) {
  return notifications_until(last).bodies();
}

std::optional<Notification> Socket::wait_for_event(const std::string& type) {
  const auto frame = wait_for([&](const Frame& candidate) {
    const auto notification = candidate.notification();
    return notification && !Notifications{{*notification}}.events(type).empty();
  });
  if (!frame) return std::nullopt;
  return frame->notification();
}

Notifications Socket::seen() const {
  Notifications all;
  for (const auto& frame : state_->frames) {
    if (auto notification = frame.notification()) all.add(std::move(*notification));
  }
  return all;
}

void Socket::send(Opcode opcode, const std::string& payload) { state_->write(opcode, payload); }

void Socket::send_raw(const std::string& bytes) { state_->stream->write(bytes, deadline()); }

std::optional<int> Socket::wait_for_close() {
  const auto until = deadline();
  while (state_->next(until)) {
  }
  return state_->closed;
}

void Socket::close() {
  state_->write(Opcode::close, big_endian(1000, 2));
  wait_for_close();
}

}  // namespace twostep::conformance
