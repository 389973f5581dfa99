#pragma once

#include <cstdint>
#include <string_view>

/// Proteus prekey bundles, looked at from outside: whether octets have the shape of one. The keys
/// in it are the clients' business.
///
/// Shape      CBOR (RFC 8949), definite lengths only: {0: 1, 1: id, 2: {0: octets},
///            3: {0: {0: octets}}, 4: null or {0: octets}}, where 4 may be absent. Nothing unknown,
///            nothing twice, nothing after it.
/// Threads    Pure functions.
/// Source     specs/05-accounts-and-devices.md (ACC), prekeys; RFC 8949 section 3.
namespace twostep::wire {

/// Whether `octets` are one bundle, and it says it has this id.
bool is_prekey_bundle(std::string_view octets, std::uint16_t id);

}  // namespace twostep::wire
