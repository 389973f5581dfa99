#include "impl/federation/channel.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <optional>
#include <tuple>

#include "impl/federation/certificates.hpp"
#include "impl/federation/limits.hpp"

namespace twostep::federation {

namespace net = boost::asio;
namespace ssl = boost::asio::ssl;
using tcp = net::ip::tcp;

namespace {
constexpr auto quietly = net::as_tuple(net::use_awaitable);
}

class Channel::Implementation {
 public:
  explicit Implementation(tcp::socket connection) : socket{std::move(connection)} {}

  void close() {
    boost::system::error_code ignored;
    socket.close(ignored);
  }

  tcp::socket socket;
  net::steady_timer timer{socket.get_executor()};
  std::optional<ssl::stream<tcp::socket&>> tls;
  bool expired = false;
  const Clock::time_point made = Clock::now();
};

Channel::Channel(const net::any_io_executor& strand) : Channel{tcp::socket{strand}} {}

Channel::Channel(tcp::socket socket)
    : implementation_{std::make_shared<Implementation>(std::move(socket))} {}

Channel::~Channel() = default;

net::any_io_executor Channel::strand() const { return implementation_->socket.get_executor(); }

Channel::Clock::time_point Channel::made() const { return implementation_->made; }

bool Channel::is_silent() const {
  char octet = 0;
  const auto read =
      recv(implementation_->socket.native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
  return read < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Channel::expires_at(Clock::time_point deadline) {
  auto& timer = implementation_->timer;
  timer.expires_at(deadline);
  timer.async_wait([weak = std::weak_ptr{implementation_}](const ErrorCode& cancelled) {
    const auto self = weak.lock();
    // A deadline that was moved while its timer had already gone off holds no more.
    if (cancelled || !self || self->timer.expiry() > Clock::now()) return;
    self->expired = true;
    self->close();
  });
}

bool Channel::expired() const { return implementation_->expired; }

net::awaitable<ErrorCode> Channel::connect(std::vector<tcp::endpoint> endpoints) {
  auto& socket = implementation_->socket;
  const auto [error, endpoint] = co_await net::async_connect(socket, endpoints, quietly);
  if (error) co_return error;
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  co_return error;
}

net::awaitable<ErrorCode> Channel::secure_as_client(ssl::context& tls, const Domain& peer) {
  auto& stream = implementation_->tls.emplace(implementation_->socket, tls);
  SSL_set_hostflags(stream.native_handle(), certificate_name_rules);
  SSL_set1_host(stream.native_handle(), peer.text().c_str());
  // The macro that is meant for this casts away what the library does not touch, in the old style.
  SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(peer.text().c_str()));
  const auto [error] = co_await stream.async_handshake(ssl::stream_base::client, quietly);
  co_return error;
}

net::awaitable<ErrorCode> Channel::secure_as_server(ssl::context& tls) {
  auto& stream = implementation_->tls.emplace(implementation_->socket, tls);
  const auto [error] = co_await stream.async_handshake(ssl::stream_base::server, quietly);
  co_return error;
}

X509* Channel::certificate_of_peer() const {
  auto& tls = implementation_->tls;
  return tls ? SSL_get0_peer_certificate(tls->native_handle()) : nullptr;
}

net::awaitable<std::pair<ErrorCode, std::size_t>> Channel::read_some(net::mutable_buffer buffer) {
  auto& self = *implementation_;
  if (self.tls) {
    const auto [error, bytes] = co_await self.tls->async_read_some(buffer, quietly);
    co_return std::pair{error, bytes};
  }
  const auto [error, bytes] = co_await self.socket.async_read_some(buffer, quietly);
  co_return std::pair{error, bytes};
}

net::awaitable<ErrorCode> Channel::write(std::string_view first, std::string_view second) {
  auto& self = *implementation_;
  const std::array<net::const_buffer, 2> both{net::buffer(first), net::buffer(second)};
  if (self.tls) {
    const auto [error, bytes] = co_await net::async_write(*self.tls, both, quietly);
    co_return error;
  }
  const auto [error, bytes] = co_await net::async_write(self.socket, both, quietly);
  co_return error;
}

net::awaitable<void> Channel::linger(std::size_t octets_max) {
  auto& self = *implementation_;
  if (self.tls) {
    // Only our half of the goodbye: the other half may never come.
    SSL_set_shutdown(self.tls->native_handle(), SSL_RECEIVED_SHUTDOWN);
    co_await self.tls->async_shutdown(quietly);
  }
  boost::system::error_code error;
  self.socket.shutdown(tcp::socket::shutdown_send, error);
  std::string ignored(limits::read_step_bytes, '\0');
  for (std::size_t total = 0; !error && total < octets_max;) {
    std::size_t bytes = 0;
    std::tie(error, bytes) = co_await self.socket.async_read_some(net::buffer(ignored), quietly);
    total += bytes;
  }
}

void Channel::close() { implementation_->close(); }

std::string Channel::address_of_peer() const {
  boost::system::error_code error;
  const auto endpoint = implementation_->socket.remote_endpoint(error);
  return error ? std::string{} : endpoint.address().to_string();
}

}  // namespace twostep::federation
