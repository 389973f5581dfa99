#pragma once

#include <cassert>
#include <cstddef>
#include <string_view>

#include "impl/core/ids.hpp"
#include "impl/core/result.hpp"
#include "impl/server/http.hpp"
#include "impl/wire/fields.hpp"

/// Reading what the `:name` segments of a route matched.
///
/// Errors     `bad_request` for text that is no such name.
/// Threads    Pure functions.
/// Source     specs/07-wire.md (WIR), identifiers and formats.
namespace twostep::server {

/// A domain and an id, in the segments `place` and `place` + 1.
template <class Id>
Result<Qualified<Id>> qualified_name(const Request& request, std::size_t place) {
  assert(place + 1 < request.captures.size());
  const auto domain = wire::read::domain(std::string_view{request.captures[place]});
  if (!domain) return domain.error();
  const auto id = wire::read::Name<Id>{}(std::string_view{request.captures[place + 1]});
  if (!id) return id.error();
  return Qualified<Id>{*domain, *id};
}

/// A client, in the segment `place`.
inline Result<ClientId> client_in(const Request& request, std::size_t place) {
  assert(place < request.captures.size());
  return wire::read::client_id(std::string_view{request.captures[place]});
}

}  // namespace twostep::server
