#pragma once

#include "impl/server/http.hpp"
#include "impl/wire/json.hpp"

/// A response from a tree of values, where no hot path wants it written by hand.
///
/// Threads    Pure functions.
namespace twostep::server {

inline Response json(const wire::Json& body, int status = 200) {
  return {.status = status, .body = wire::text_of(body)};
}

}  // namespace twostep::server
