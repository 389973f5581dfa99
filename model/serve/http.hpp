#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A request and its answer, as values.
///
/// Errors     What a client may not do is a `Refusal`, thrown where it is noticed and turned into an answer
///            in one place (`routes`). So each endpoint reads as what it does, line by line, and every line
///            may refuse.
/// Source     specs/07-wire.md WIR-05; RFC 9112.
namespace twostep::model::serve {

struct Header {
  std::string name;  ///< In lower case.
  std::string value;
};
using Headers = std::vector<Header>;

/// The first header of this name, or nothing.
std::optional<std::string> find_header(const Headers& headers, std::string_view name);

struct Request {
  std::string method;
  std::string target;                        ///< As it came.
  std::vector<std::string> path;             ///< Segments, each decoded once (ROB-14).
  std::map<std::string, std::string> query;  ///< Of parameters that come twice the first counts.
  Headers headers;
  std::string body;
};

struct Reply {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  Headers headers = {};
};

struct Refusal {
  int status;
  std::string label;
  std::string message;
  std::string body = {};  ///< Instead of the one that these make up.
  bool ends_connection =
      false;  ///< What follows on the connection can not be told apart from this request.
};

[[noreturn]] void refuse(int status, std::string label, std::string message);
[[noreturn]] void bad_request(std::string message);

/// The path and query of a request target. Throws a Refusal (400) for broken escapes, NUL, and what is no
/// UTF-8 after decoding once.
void read_target(std::string_view target, Request& request);

/// `text` with each %xx decoded once.
std::string percent_decoded(std::string_view text);

bool is_utf8(std::string_view text);
std::string lower(std::string_view text);

}  // namespace twostep::model::serve
