#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "impl/federation/channel.hpp"
#include "impl/wire/head.hpp"

/// HTTP/1.1 on a channel: requests as they come in, answers as they come back.
///
/// What cannot be understood, or is larger than it may be, is never read to its end.
///
/// Errors     Alternatives of the returned values. A channel that ended, or whose time was up, is
///            `Gone`; the channel knows which.
/// Threads    Belongs to the strand of its channel.
/// Source     specs/08-robustness.md (ROB); RFC 9112.
namespace twostep::federation {

struct Gone {};

struct RequestHead {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;  ///< Names in lower case, in order.
  wire::Head framing;
};

/// Reads one request after another.
class RequestReader {
 public:
  explicit RequestReader(Channel& channel);
  ~RequestReader();

  /// Waits until a request begins. False: there will be none.
  boost::asio::awaitable<bool> begins();

  /// After a refusal nobody knows where the next request begins.
  boost::asio::awaitable<std::variant<RequestHead, wire::HeadRefusal, Gone>> head();

  /// The body of the request whose head was returned last. It must be read before the next head.
  boost::asio::awaitable<std::variant<std::string, wire::HeadRefusal, Gone>> body(
      std::size_t bytes_max);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

struct Answer {
  int status = 200;
  std::string body;
  std::chrono::seconds stays{};  ///< How long the connection is good for more; zero: it is not.
};

enum class AnswerFault {
  none_came,    ///< The connection ended before the first octet.
  is_not_http,  ///< Or breaks off in the middle.
  is_too_large,
  is_refused,  ///< By the other side's TLS: it learns who we are only after we have written.
};

boost::asio::awaitable<std::variant<Answer, AnswerFault>> read_answer(Channel& channel,
                                                                      std::size_t body_bytes_max);

}  // namespace twostep::federation
