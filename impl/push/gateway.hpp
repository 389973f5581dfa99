#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "impl/push/limits.hpp"
#include "impl/service/ports.hpp"

/// The client of an HTTP push gateway: a small service of the operator's that knows how to reach
/// the makers of phones.
///
/// Shape      `POST <url>` with the body of `notice_body`. 2xx: accepted. 410: the token is dead.
///            Anything else, or no answer in time: failed. Plain HTTP: a gateway stands beside the
///            backend.
/// Errors     Answers, never exceptions. A notice is not repeated, except on a fresh connection
/// when
///            a kept one turns out to have been closed before any answer began. The timeout does
///            not cover the look-up of the gateway's name, which the system bounds: use an address.
/// Threads    Any; each call has a connection to itself.
/// Source     specs/02-deliver.md (DLV-18 to DLV-23), specs/07-wire.md (push gateway).
namespace twostep::push {

/// `http://host[:port][/path]`
struct GatewayUrl {
  std::string host;
  std::string port;
  std::string target;

  /// Errors     `nullopt` for anything else, `https` included.
  static std::optional<GatewayUrl> parse(std::string_view url);
};

class HttpGateway final : public service::PushGateway {
 public:
  HttpGateway(const boost::asio::any_io_executor& executor, GatewayUrl url,
              std::chrono::milliseconds notice_timeout = limits::notice_timeout);
  ~HttpGateway() override;

  boost::asio::awaitable<service::PushAnswer> notify(service::PushNotice notice) override;

 private:
  class Connections;
  std::shared_ptr<Connections> connections_;
};

}  // namespace twostep::push
