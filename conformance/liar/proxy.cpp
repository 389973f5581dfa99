#include "conformance/liar/proxy.hpp"

#include <poll.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <iterator>
#include <limits>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "conformance/liar/websocket_frame.hpp"

namespace twostep::conformance::liar {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// A head or body larger than this is relayed as it comes, like everything hostile; so is a request
// in which the client pauses for longer than this.
constexpr std::size_t head_bytes_max = 64 * 1024;
constexpr std::size_t body_bytes_max = 64 * 1024 * 1024;
constexpr int pause_ms_max = 2'000;

/// One side of a connection: what was read and not yet used stays in `pending`.
struct Peer {
  tcp::socket socket;
  std::string pending = {};

  bool read_more() {
    char chunk[16 * 1024];
    error_code failed;
    const auto bytes = socket.read_some(asio::buffer(chunk), failed);
    pending.append(chunk, bytes);
    return !failed;
  }

  bool write(std::string_view bytes) {
    error_code failed;
    asio::write(socket, asio::buffer(bytes), failed);
    return !failed;
  }

  /// Whether the other side has ended the connection, while nobody was waiting for it to speak.
  bool ended() {
    char byte;
    error_code failed;
    socket.non_blocking(true, failed);
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failed);
    const bool open = !failed || failed == asio::error::would_block;
    socket.non_blocking(false, failed);
    return !open;
  }

  /// Ends this connection and makes another one to the same place.
  bool reconnect(const tcp::endpoint& to) {
    error_code failed;
    socket.close(failed);
    socket.connect(to, failed);
    if (failed) return false;
    socket.set_option(tcp::no_delay{true}, failed);
    return true;
  }

  void close() {
    error_code ignored;
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }
};

std::size_t content_length(const Head& head) {
  const auto text = head.header("Content-Length").value_or("0");
  std::size_t length = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  return failed == std::errc{} && end == text.data() + text.size() ? length : body_bytes_max + 1;
}

bool is_plain(const Head& head) {
  return !head.header("Transfer-Encoding") && !head.header("Expect") &&
         content_length(head) <= body_bytes_max;
}

/// Reads a head, and the body that it announces. None: the connection ended, or this is no plain
/// message; then everything read so far is still in `pending`.
/// @param read_more  false once there will be no more.
template <class Message, class ReadMore>
std::optional<Message> read_message(Peer& from, ReadMore read_more, bool has_body = true) {
  std::size_t end;
  while ((end = from.pending.find("\r\n\r\n")) == std::string::npos) {
    if (from.pending.size() > head_bytes_max || !read_more()) return std::nullopt;
  }
  auto head = parse_head(std::string_view{from.pending}.substr(0, end + 4));
  if (!head || !is_plain(*head)) return std::nullopt;
  const auto length = has_body ? content_length(*head) : 0;
  while (from.pending.size() < end + 4 + length) {
    if (!read_more()) return std::nullopt;
  }
  Message message{std::move(*head), from.pending.substr(end + 4, length)};
  from.pending.erase(0, end + 4 + length);
  return message;
}

/// Where peers are, once their leg is served; the target's own domain is what it calls itself in its calls.
std::optional<tcp::endpoint> peers_place;
std::mutex own_domain_mutex;
std::string own_domain;

class Connection {
 public:
  Connection(tcp::socket client, tcp::socket target, const tcp::endpoint& to, const Fault& fault,
             Leg leg)
      : client_{std::move(client)}, target_{std::move(target)}, to_{to}, fault_{fault}, leg_{leg} {}

  void run() {
    const auto read_more = [this] {
      return (fault_.waits_for_requests || client_goes_on()) && client_.read_more();
    };
    while (auto request = read_message<HttpRequest>(client_, read_more)) {
      if (!exchange(std::move(*request))) break;
    }
    if (!upgraded_ && !client_.pending.empty()) relay_raw();
    client_.close();
    target_.close();
  }

 private:
  /// Waits for the client to go on. False if it stops in the midst of a request, or if the target
  /// ends the connection, or has something to say, before the request is complete: what is to come
  /// of it is theirs to settle.
  bool client_goes_on() {
    pollfd sides[] = {{client_.socket.native_handle(), POLLIN, 0},
                      {target_.socket.native_handle(), POLLIN, 0}};
    int ready;
    do {
      ready = poll(sides, std::size(sides), client_.pending.empty() ? -1 : pause_ms_max);
    } while (ready < 0);
    return ready > 0 && sides[0].revents != 0;
  }

  /// One request and its answer; false when the connection is over, or is no longer HTTP.
  bool exchange(HttpRequest request) {
    const auto& on_request = hook_on_requests();
    auto response = on_request ? on_request(request) : std::nullopt;
    if (leg_ == Leg::peers) remember_own_domain(request);
    if (!response) {
      if (!request.body.empty()) {
        request.head.set_header("Content-Length", std::to_string(request.body.size()));
      }
      if (leg_ == Leg::peers && fault_.calls_again && fault_.calls_again(request)) forward(request);
      response = forward(request);
      if (!response) return false;
    }
    if (response->status() == 101) {
      upgraded_ = true;
      if (client_.write(bytes_of(response->head, {}))) relay_websocket(request);
      return false;
    }
    if (const auto& on_response = hook_on_responses()) on_response(request, *response);
    if (!is_answer(*response)) return false;
    if (response->status() != 204) {
      response->head.set_header("Content-Length", std::to_string(response->body.size()));
    }
    const bool written = client_.write(bytes_of(response->head, response->body));
    return written && response->head.header("Connection").value_or("") != "close";
  }

  static void remember_own_domain(const HttpRequest& call) {
    const std::lock_guard lock{own_domain_mutex};
    own_domain = call.head.header("Wire-Origin-Domain").value_or(own_domain);
  }

  std::optional<HttpResponse> forward(const HttpRequest& request) {
    // A backend that was restarted is another one, of which the client is to notice nothing.
    if (target_.ended() && !target_.reconnect(to_)) return std::nullopt;
    if (!target_.write(bytes_of(request.head, request.body))) return std::nullopt;
    return read_message<HttpResponse>(
        target_, [this] { return target_.read_more(); }, request.method() != "HEAD");
  }

  const OnRequest& hook_on_requests() const {
    switch (leg_) {
      case Leg::backend:
        return fault_.on_request;
      case Leg::push_gateway:
        return fault_.on_push;
      case Leg::federation:
        return fault_.on_peer_request;
      case Leg::peers:
        return fault_.on_call;
    }
    return fault_.on_request;
  }

  const OnResponse& hook_on_responses() const {
    static const OnResponse none;
    switch (leg_) {
      case Leg::backend:
        return fault_.on_response;
      case Leg::push_gateway:
        return none;
      case Leg::federation:
        return fault_.on_peer_response;
      case Leg::peers:
        return fault_.on_call_answered;
    }
    return none;
  }

  void relay_websocket(const HttpRequest& handshake) {
    std::thread upstream{[this] {
      do {
        auto bytes = std::optional{std::exchange(client_.pending, {})};
        if (fault_.on_socket_bytes) bytes = fault_.on_socket_bytes(std::move(*bytes));
        if (!bytes) client_.close();
        if (!bytes || !target_.write(*bytes)) break;
      } while (client_.read_more());
      target_.close();
    }};
    do {
      while (auto frame = take_frame(target_.pending)) {
        if (!relay_frame(handshake, std::move(*frame))) break;
      }
    } while (target_.read_more());
    client_.close();
    upstream.join();
  }

  bool relay_frame(const HttpRequest& handshake, ServerFrame frame) {
    if (!frame.is_data()) return client_.write(frame.bytes());
    const auto first = fault_.binary_frames ? frame.first : std::uint8_t{0x81};
    if (!fault_.on_frame) return client_.write(ServerFrame{first, frame.payload}.bytes());
    for (auto& payload : fault_.on_frame(handshake, std::move(frame.payload))) {
      if (!client_.write(ServerFrame{first, std::move(payload)}.bytes())) return false;
    }
    return true;
  }

  void relay_raw() {
    std::thread downstream{[this] {
      do {
        if (!client_.write(target_.pending)) break;
        target_.pending.clear();
      } while (target_.read_more());
      client_.close();
    }};
    do {
      if (fault_.on_raw && !client_.write(fault_.on_raw(client_.pending))) break;
      if (!target_.write(client_.pending)) break;
      client_.pending.clear();
    } while (client_.read_more());
    error_code ignored;
    target_.socket.shutdown(tcp::socket::shutdown_send, ignored);
    downstream.join();
  }

  Peer client_;
  Peer target_;
  const tcp::endpoint to_;
  const Fault& fault_;
  Leg leg_;
  bool upgraded_ = false;
};

}  // namespace

Endpoint Endpoint::parse(std::string_view text) {
  auto rest = text;
  if (const auto scheme = rest.find("://"); scheme != rest.npos) rest.remove_prefix(scheme + 3);
  if (const auto slash = rest.find('/'); slash != rest.npos) rest = rest.substr(0, slash);
  const auto colon = rest.rfind(':');
  Endpoint endpoint;
  if (colon != rest.npos) {
    const auto port = rest.substr(colon + 1);
    std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    endpoint.host = rest.substr(0, colon);
  }
  if (endpoint.port == 0) throw std::invalid_argument{"not HOST:PORT: " + std::string{text}};
  return endpoint;
}

void serve(const Endpoint& listen, const Endpoint& target, const Fault& fault, Leg leg) {
  asio::io_context context;
  tcp::acceptor acceptor{context, tcp::endpoint{asio::ip::make_address(listen.host), listen.port}};
  const tcp::endpoint to{asio::ip::make_address(target.host), target.port};
  if (leg == Leg::peers) peers_place = to;
  const auto unbounded = std::numeric_limits<int>::max();
  std::counting_semaphore<unbounded> free_places{
      fault.connections_max == 0 ? unbounded : static_cast<int>(fault.connections_max)};
  for (;;) {
    free_places.acquire();
    tcp::socket client{context};
    acceptor.accept(client);
    tcp::socket backend{context};
    error_code failed;
    backend.connect(to, failed);
    if (failed) {
      free_places.release();
      continue;
    }
    client.set_option(tcp::no_delay{true});
    backend.set_option(tcp::no_delay{true});
    std::thread{[&, client = std::move(client), backend = std::move(backend)]() mutable {
      Connection{std::move(client), std::move(backend), to, fault, leg}.run();
      free_places.release();
    }}.detach();
  }
}

void call_peer(const std::string& domain, const std::string& path, const std::string& body) {
  if (!peers_place) return;
  asio::io_context context;
  Peer peer{tcp::socket{context}};
  if (!peer.reconnect(*peers_place)) return;
  Head head{"POST " + path + " HTTP/1.1", {{"Host", domain}, {"Content-Type", "application/json"}}};
  {
    const std::lock_guard lock{own_domain_mutex};
    head.set_header("Wire-Origin-Domain", own_domain);
  }
  head.set_header("Content-Length", std::to_string(body.size()));
  if (peer.write(bytes_of(head, body))) peer.read_more();
}

}  // namespace twostep::conformance::liar
