#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/server/http.hpp"
#include "impl/server/log.hpp"
#include "impl/server/metrics.hpp"
#include "impl/server/router.hpp"

/// From a request's head to its answer, without a socket: routing, access, bodies, errors.
///
/// A request is admitted by its head alone, before any of its body is read: who may not ask, or
/// asks for what is not there, costs us no body.
///
/// Errors     Every refusal becomes a response. An exception of a handler becomes a 500; what it
///            says stays here.
/// Threads    Any, at once.
/// Source     specs/07-wire.md (WIR); specs/08-robustness.md (ROB).
namespace twostep::server {

/// Who holds this access token, if anybody.
using Authenticate = std::function<std::optional<service::Caller>(std::string_view token)>;

/// What the head decides, and then the answer.
struct Admission {
  Request request;               ///< Without its body.
  const Route* route = nullptr;  ///< None: refused.
  Response response;             ///< The refusal, or what became of `Api::answer`.
  std::size_t body_bytes_max = 0;
};

class Api {
 public:
  Api(Routes routes, Authenticate authenticate, Metrics& metrics, Log& log);

  Admission admit(std::string method, std::string_view target,
                  std::vector<std::pair<std::string, std::string>> headers);

  /// For a request whose head could not be understood.
  Admission turn_away(int status, std::string_view why);

  /// Requires   an admission with a route, and the body as it was sent.
  boost::asio::awaitable<void> answer(Admission& admission, std::string body);

  /// Notes a response that is about to be sent, and gives it its request id.
  void note(Admission& admission, std::chrono::nanoseconds took);

 private:
  std::string request_id(const Request& request);

  Router router_;
  Authenticate authenticate_;
  Metrics& metrics_;
  Log& log_;
  const std::uint64_t first_request_;  ///< Random: ids of two starts do not meet.
  std::atomic<std::uint64_t> requests_{0};
};

/// The access token as it was sent: of the header if there is one, else of the query, so that a
/// stale link cannot act for somebody.
std::optional<std::string_view> access_token(const Request& request);

/// The response that a refusal is.
Response response_of(const Refusal& refusal);

}  // namespace twostep::server
