#pragma once

#include <openssl/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/core/ids.hpp"

/// A connection to another backend, with TLS or without, that ends when its time is up.
///
/// Errors     Error codes. After the deadline every operation fails and `expired` says why.
/// Threads    Belongs to one strand, the executor that it is made with.
/// Source     specs/09-federation.md (FED).
namespace twostep::federation {

using ErrorCode = boost::system::error_code;

class Channel {
 public:
  using Clock = std::chrono::steady_clock;

  /// Not connected yet.
  explicit Channel(const boost::asio::any_io_executor& strand);
  /// Requires   A socket whose executor is a strand of its own.
  explicit Channel(boost::asio::ip::tcp::socket socket);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  boost::asio::any_io_executor strand() const;
  Clock::time_point made() const;

  /// Nothing has come that was not read: no octet, no end, no failure. Any thread may ask while
  /// nothing is under way.
  bool is_silent() const;

  /// From here on, everything together has until then.
  void expires_at(Clock::time_point deadline);
  bool expired() const;

  /// The first of them that answers.
  boost::asio::awaitable<ErrorCode> connect(std::vector<boost::asio::ip::tcp::endpoint> endpoints);

  /// Asks for TLS with whoever holds a certificate of this domain, and for no other domain.
  boost::asio::awaitable<ErrorCode> secure_as_client(boost::asio::ssl::context& tls,
                                                     const Domain& peer);
  boost::asio::awaitable<ErrorCode> secure_as_server(boost::asio::ssl::context& tls);

  /// The certificate that the other side has proven to hold; none without TLS.
  X509* certificate_of_peer() const;

  boost::asio::awaitable<std::pair<ErrorCode, std::size_t>> read_some(
      boost::asio::mutable_buffer buffer);
  boost::asio::awaitable<ErrorCode> write(std::string_view first, std::string_view second = {});

  /// Says that nothing more will be written, and throws away what still comes, as far as so many
  /// octets. Closing at once would reset the connection, and could take our last words with it.
  boost::asio::awaitable<void> linger(std::size_t octets_max);

  /// Ends everything that is under way. What was not read is lost.
  void close();

  std::string address_of_peer() const;  ///< For a log.

 private:
  class Implementation;
  std::shared_ptr<Implementation> implementation_;
};

}  // namespace twostep::federation
