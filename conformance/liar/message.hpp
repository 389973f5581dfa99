#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

/// HTTP messages as the liar sees them: read whole, changed, and written again.
///
/// Shape      Only what a well-behaved exchange needs: a head, and a body counted by
/// Content-Length.
///            Whatever is not that (hostile requests, chunks, upgrades) the liar relays untouched.
/// Threads    Plain values.
namespace twostep::conformance::liar {

using Json = nlohmann::json;

struct Head {
  std::string first_line;                                    ///< Without CRLF.
  std::vector<std::pair<std::string, std::string>> headers;  ///< As written, in order.

  std::optional<std::string> header(std::string_view name) const;  ///< Any case.
  void set_header(std::string_view name, std::string value);
  void remove_header(std::string_view name);
};

/// Parses a head that ends with an empty line; none if it is not plainly HTTP/1.1.
std::optional<Head> parse_head(std::string_view bytes);

struct HttpRequest {
  Head head;
  std::string body;

  std::string method() const;
  std::string target() const;  ///< Path and query.
  std::string path() const;    ///< Without the query and without a version prefix.
  std::string query(std::string_view name) const;  ///< Empty if absent; not decoded.
  void set_query(std::string_view name, std::string_view value);
  void set_target(std::string_view target);
};

struct HttpResponse {
  Head head;
  std::string body;

  int status() const;
  void set_status(int status);
  Json json() const;  ///< Null if the body is not JSON.
  void set_json(const Json& json);
};

std::string bytes_of(const Head& head, std::string_view body);

HttpResponse answer(int status, const Json& body);
HttpResponse error(int status, std::string_view label);

/// None at all: the connection ends instead.
HttpResponse no_answer();
bool is_answer(const HttpResponse& response);

}  // namespace twostep::conformance::liar
