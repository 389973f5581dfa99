#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "impl/core/clients.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"

/// What the benchmarks work on: as large as it is in real conversations, and the same in every run.
namespace twostep::bench {

/// A ciphertext, and the event that it becomes: the sizes that the measurements of pages use.
inline constexpr std::size_t ciphertext_bytes = 200;
inline constexpr std::size_t event_bytes = 480;

Uuid uuid(std::uint64_t number);  ///< Different for different numbers, and spread evenly.
UserId user(std::uint64_t number);
ClientId client(std::uint64_t number);
Domain domain();
TimeUuid time_uuid(std::uint64_t tick);

std::string ciphertext();
std::string event();  ///< `event_bytes` of JSON.

/// Every member's clients: `members` users with one client each.
Clients clients(std::size_t members);

/// A ciphertext for each of these clients.
Recipients recipients(const Clients& clients);

/// The same as a client posts them.
std::string message_protobuf(const Recipients& recipients);

}  // namespace twostep::bench
