#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/connection.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/limits.hpp"
#include "impl/core/result.hpp"

/// The bodies of the endpoints of connections, and the event that tells of them.
///
/// Errors     `bad_request` for a body that is not as it has to be.
/// Threads    Pure functions.
/// Source     specs/06-conversations.md (CNV), connections; specs/07-wire.md (WIR).
namespace twostep::wire {

/// `{"status":"accepted"}`
Result<Relation> decode_relation(std::string_view body);

/// `{"size":500,"paging_state":"…"}`; both may be left out, and so may the body.
struct ListConnections {
  std::size_t size = limits::connections_page_default;
  std::optional<QualifiedUser> after;
};
Result<ListConnections> decode_list_connections(std::string_view body);

struct ConnectionPage {
  std::vector<Connection> connections;
  bool has_more = false;
};

std::string encode_connection(const Connection& connection);
std::string encode_connections(const ConnectionPage& page);

/// `user.connection`; the name is the other user's.
std::string connection_event(const Connection& connection, const std::optional<std::string>& name);

}  // namespace twostep::wire
