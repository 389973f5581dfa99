#pragma once

#include <string>

#include "conformance/support/target.hpp"

/// Sockets at which the suite is reached, by the target and by its own tests. Non-blocking.
///
/// Errors     Both throw `std::runtime_error` if they cannot listen.
namespace twostep::conformance {

int listening_at(const Endpoint& endpoint);

/// @param kind  SOCK_STREAM or SOCK_SEQPACKET.
int listening_at(const std::string& path, int kind);

}  // namespace twostep::conformance
