#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Questions to the domain name system.
///
/// Shape      Each question is asked anew: how long an answer holds is the business of the system's
///            resolver, and a second memory here would make a peer that moved look dead.
/// Errors     `no_such_name` if the system says so, `failed` for everything else, time-out included.
/// Threads    Any; each question is on a strand of its own.
/// Source     RFC 2782; specs/09-federation.md (FED).
namespace twostep::federation {

enum class DnsFailure : std::uint8_t { no_such_name = 1, failed };

[[noreturn]] void throw_exception_from_error(DnsFailure failure, const boost::source_location&);

/// Where a service is offered.
struct ServiceTarget {
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  std::string host;
  std::uint16_t port = 0;
};

class Dns {
 public:
  template <class T>
  using Answer = boost::asio::awaitable<boost::system::result<std::vector<T>, DnsFailure>>;
  using Deadline = std::chrono::steady_clock::time_point;

  /// `server`: instead of those that the system is configured with.
  Dns(boost::asio::any_io_executor executor,
      std::optional<boost::asio::ip::udp::endpoint> server = {});

  /// In the order in which they should be tried: lowest priority first. Never empty.
  Answer<ServiceTarget> services(std::string name, Deadline deadline) const;

  /// Never empty.
  Answer<boost::asio::ip::address> addresses(std::string host, Deadline deadline) const;

 private:
  boost::asio::any_io_executor executor_;
  std::optional<boost::asio::ip::udp::endpoint> server_;
};

}  // namespace twostep::federation
