#include "conformance/support/stream.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace twostep::conformance {
namespace {

/// Waits until the socket is ready for `events`. False at the deadline.
bool wait_until_ready(int socket, short events, Clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(until - Clock::now()).count();
    constexpr std::int64_t wait_ms_max =
        60'000;  // A deadline may be further away than poll can wait.
    pollfd ready{socket, events, 0};
    const auto wait_ms = std::clamp<std::int64_t>(left, 0, wait_ms_max);
    const auto count = poll(&ready, 1, static_cast<int>(wait_ms));
    if (count > 0) return true;
    if (count == 0 && left <= 0) return false;
  }
}

int connected_socket(const Url& url, Clock::time_point until, int receive_buffer_bytes) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found) != 0) {
    throw StreamError("no address for " + url.host);
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses{found, &freeaddrinfo};
  int error = 0;
  for (const auto* address = found; address != nullptr; address = address->ai_next) {
    const int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) continue;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer_bytes > 0) {
      setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0) return fd;
    error = errno;
    if (error == EINPROGRESS && wait_until_ready(fd, POLLOUT, until)) {
      socklen_t size = sizeof error;
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error == 0) return fd;
    }
    close(fd);
  }
  throw StreamError("cannot connect to " + url.authority() + ": " + std::strerror(error));
}

SSL_CTX* tls_context() {
  static SSL_CTX* const context = [] {
    auto* made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_default_verify_paths(made);
    SSL_CTX_set_verify(made, SSL_VERIFY_PEER, nullptr);
    return made;
  }();
  return context;
}

}  // namespace

Url Url::parse(const std::string& text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string::npos) throw StreamError("\"" + text + "\" is no URL");
  const auto scheme = text.substr(0, scheme_end);
  Url url;
  url.tls = scheme == "https" || scheme == "wss";
  auto authority = text.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find('/'));
  const auto colon = authority.rfind(':');
  url.host = authority.substr(0, colon);
  url.port = colon == std::string::npos ? (url.tls ? "443" : "80") : authority.substr(colon + 1);
  return url;
}

struct Stream::State {
  int socket = -1;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls{nullptr, &SSL_free};

  ~State() {
    tls.reset();
    if (socket >= 0) close(socket);
  }

  void connect_tls(SSL_CTX& end, const std::string& name, const std::string& place,
                   Clock::time_point until) {
    tls.reset(SSL_new(&end));
    SSL_set_fd(tls.get(), socket);
    SSL_ctrl(tls.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(name.c_str()));
    SSL_set1_host(tls.get(), name.c_str());
    if (drive([this] { return SSL_connect(tls.get()); }, until) != Io::done) {
      throw StreamError("no TLS with " + place);
    }
  }

  /// Repeats a TLS call until it needs nothing more from the network.
  template <typename Call>
  Io drive(Call call, Clock::time_point until) {
    for (;;) {
      ERR_clear_error();
      const int result = call();
      if (result > 0) return Io::done;
      switch (SSL_get_error(tls.get(), result)) {
        case SSL_ERROR_WANT_READ:
          if (!wait_until_ready(socket, POLLIN, until)) return Io::timed_out;
          break;
        case SSL_ERROR_WANT_WRITE:
          if (!wait_until_ready(socket, POLLOUT, until)) return Io::timed_out;
          break;
        default:
          return Io::ended;
      }
    }
  }
};

Stream::Stream(const Url& url, Clock::time_point until, int receive_buffer_bytes)
    : state_(std::make_unique<State>()) {
  state_->socket = connected_socket(url, until, receive_buffer_bytes);
  if (url.tls) state_->connect_tls(*tls_context(), url.host, url.authority(), until);
}

Stream::Stream(const Url& url, const TlsEnd& end, const std::string& name, Clock::time_point until)
    : state_(std::make_unique<State>()) {
  state_->socket = connected_socket(url, until, 0);
  state_->connect_tls(*end, name, url.authority(), until);
}

Stream::Stream(int accepted) : state_(std::make_unique<State>()) { state_->socket = accepted; }

Stream::~Stream() = default;

Io Stream::write(std::string_view bytes, Clock::time_point until) {
  while (!bytes.empty()) {
    std::size_t written = 0;
    if (state_->tls) {
      const auto result = state_->drive(
          [&] { return SSL_write_ex(state_->tls.get(), bytes.data(), bytes.size(), &written); },
          until);
      if (result != Io::done) return result;
    } else {
      const auto sent = ::send(state_->socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return Io::ended;
      if (sent < 0 && !wait_until_ready(state_->socket, POLLOUT, until)) return Io::timed_out;
      if (sent > 0) written = static_cast<std::size_t>(sent);
    }
    bytes.remove_prefix(written);
  }
  return Io::done;
}

Io Stream::read_some(std::string& to, Clock::time_point until) {
  std::array<char, 65'536> buffer;
  if (state_->tls) {
    std::size_t size = 0;
    const auto result = state_->drive(
        [&] { return SSL_read_ex(state_->tls.get(), buffer.data(), buffer.size(), &size); }, until);
    if (result == Io::done) to.append(buffer.data(), size);
    return result;
  }
  for (;;) {
    const auto size = ::recv(state_->socket, buffer.data(), buffer.size(), 0);
    if (size > 0) {
      to.append(buffer.data(), static_cast<std::size_t>(size));
      return Io::done;
    }
    if (size == 0 || (errno != EAGAIN && errno != EINTR)) return Io::ended;
    if (!wait_until_ready(state_->socket, POLLIN, until)) return Io::timed_out;
  }
}

bool Stream::stale() const {
  // TLS may deliver session tickets at any time, so only a plain socket's bytes are suspicious.
  char byte = 0;
  const auto size = ::recv(state_->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (size > 0) return !state_->tls;
  return size == 0 || (errno != EAGAIN && errno != EINTR);
}

Io Stream::secure(const TlsEnd& end, Clock::time_point until) {
  state_->tls.reset(SSL_new(end.get()));
  SSL_set_fd(state_->tls.get(), state_->socket);
  return state_->drive([this] { return SSL_accept(state_->tls.get()); }, until);
}

void Stream::shut_down_writing() { shutdown(state_->socket, SHUT_WR); }

void Stream::shut_down() { shutdown(state_->socket, SHUT_RDWR); }

void Stream::reset() {
  // Closing a socket that does not linger is how a reset is sent.
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(state_->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(std::exchange(state_->socket, -1));
}

}  // namespace twostep::conformance
