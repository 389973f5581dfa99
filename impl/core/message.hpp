#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "impl/core/clients.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/mismatch.hpp"
#include "impl/core/time_uuid.hpp"

/// A message as a client posts it, and what the client is told.
///
/// Threads    Plain values.
/// Source     specs/01-send.md (SND).
namespace twostep {

enum class Priority : std::uint8_t { low, high };

struct NewMessage {
  ClientId sender = {};
  Recipients recipients = {};

  bool native_push = true;  ///< Whether clients that are offline may be pushed to.
  std::optional<Priority> priority = {};
  bool transient = false;  ///< To whoever is online now, stored nowhere.

  std::string blob = {};  ///< Octets that all recipients share; may be empty.

  Strategy strategy = ReportAll{};
};

/// Of a message that was sent, or was not because of its missing clients.
struct SendingStatus {
  Instant time = {};  ///< Of the event, the same for all recipients.
  Clients missing = {};
  Clients redundant = {};
  Clients deleted = {};

  /// Of backends that could not be told to store it.
  Clients failed_to_send = {};
};

struct Sent {
  SendingStatus status;
  bool delivered = false;  ///< Otherwise `status.missing` stopped it, and nobody has it.
};

}  // namespace twostep
