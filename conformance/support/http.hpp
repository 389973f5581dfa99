#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/support/certificates.hpp"
#include "conformance/support/json.hpp"
#include "conformance/support/patience.hpp"

/// One HTTP/1.1 client with one kept-alive connection.
///
/// Every request carries `X-Conformance-Test: <test>` and a fresh `Request-Id`, and is recorded in
/// the history of the test. A backend that throttles (420, or 429 with `Retry-After`) is obeyed:
/// the request is repeated a little later until the deadline.
///
/// Errors     No answer within `patience()` is a `Reply` with status 0 and an `error`.
/// Threads    One request at a time per client; clients are independent of each other.
namespace twostep::conformance {

struct Header {
  std::string name;
  std::string value;
};

/// The first header of this name, whatever its case.
std::optional<std::string> header_in(const std::vector<Header>& headers, std::string_view name);

struct Request {
  std::string method;
  std::string path;  ///< Path and query, exactly as sent.
  std::string body = {};
  std::vector<Header> headers = {};
};

struct Reply {
  int status = 0;  ///< 0 means that there was no answer; see `error`.
  std::string error = {};
  std::vector<Header> headers = {};
  std::string body = {};
  Json json = {};  ///< The body as JSON, or null if it is not JSON.

  bool answered() const { return status != 0; }

  /// The `label` of an error body, or "" if there is none.
  std::string label() const;

  /// The first header of this name, whatever its case.
  std::optional<std::string> header(std::string_view name) const;
};

/// The value of the `zuid` cookie that the reply sets, if it does.
std::optional<std::string> cookie_of(const Reply& reply);

/// `Cookie: zuid=<value>`.
Header cookie_header(const std::string& value);

void PrintTo(const Reply& reply, std::ostream* out);

class HttpClient {
 public:
  /// `actor` is who is seen to speak in the history, for instance "alice's phone".
  HttpClient(std::string actor, std::string base_url);

  /// Speaks TLS as `end` says, and expects to find `name`.
  HttpClient(std::string actor, std::string base_url, TlsEnd end, std::string name);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;

  Reply send(const Request& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace twostep::conformance
