#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "model/serve/http.hpp"

namespace twostep::model::serve {

/// Posts JSON to a URL (`http://HOST:PORT/path`), on a connection of its own.
///
/// Errors     `nullopt` if there is no answer within `time_max`, for whatever reason.
/// Shape      `Host` is the URL's authority unless `headers` has another.
boost::asio::awaitable<std::optional<Reply>> post(std::string url, Headers headers,
                                                  std::string body,
                                                  std::chrono::steady_clock::duration time_max);

}  // namespace twostep::model::serve
