#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "impl/core/result.hpp"
#include "impl/service/ports.hpp"

/// An HTTP exchange as the routes see it: values, without a socket or a parser.
///
/// Threads    Values; a handler is called on any thread of the pool and must not block it.
/// Source     specs/07-wire.md (WIR).
namespace twostep::server {

struct Request {
  std::string method;                 ///< "GET", "POST", "PUT", "DELETE".
  std::string path;                   ///< Percent-decoded once, version prefix removed, no query.
  int version = 0;                    ///< Of the API; 0 without a prefix.
  std::vector<std::string> captures;  ///< What the route's `:name` segments matched, in order.
  std::vector<std::pair<std::string, std::string>> query;    ///< Decoded, in order.
  std::vector<std::pair<std::string, std::string>> headers;  ///< Names in lower case, in order.
  std::string body;                                          ///< Inflated if it came compressed.
  std::string request_id;
  std::optional<service::Caller> caller;  ///< Always there on routes that need an access token.

  std::optional<std::string_view> parameter(std::string_view name) const;  ///< First of that name.
  std::optional<std::string_view> header(std::string_view name) const;  ///< `name` in lower case.
  std::optional<std::string_view> cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< Further ones.
};

/// A refusal becomes the error body of specs/07-wire.md.
using Handler = std::function<boost::asio::awaitable<Result<Response>>(const Request&)>;

enum class Access {
  token,   ///< Needs a valid access token; without one the answer is 401.
  nobody,  ///< Open to all. `Request::caller` is set if a valid token came along.
};

/// How large a request body a route takes, before and after inflating.
enum class BodyLimit { ordinary, message };

struct Route {
  std::string method;
  std::string pattern;  ///< "/conversations/:domain/:conversation/members"; segments match whole.
  Access access;
  Handler handler;
  BodyLimit body_limit = BodyLimit::ordinary;
};

/// Each part of the API offers its routes as a list; `app` joins them.
using Routes = std::vector<Route>;

}  // namespace twostep::server
