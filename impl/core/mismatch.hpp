#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "impl/core/clients.hpp"
#include "impl/core/ids.hpp"

/// Mismatch: whether a message was encrypted for exactly those who are to read it, and what
/// follows.
///
/// A sender encrypts for the clients it knows of. If somebody has a client that it does not know,
/// that client would silently read nothing; so the sender says which of these omissions it accepts,
/// and any other one stops the message for everybody.
///
/// Threads    Pure functions.
/// Source     specs/01-send.md (SND), the sets and strategies.
namespace twostep {

struct ReportAll {};
struct IgnoreAll {};

/// Only these users' missing clients count. Users who are no members are harmless.
struct ReportOnly {
  Users users;
};

/// Only these users' missing clients do not count.
struct IgnoreOnly {
  Users users;
};

using Strategy = std::variant<ReportAll, IgnoreAll, ReportOnly, IgnoreOnly>;

/// Who sends.
struct SendingClient {
  QualifiedUser user;
  ClientId client;
};

/// One client that the message is for, and its ciphertext. Refers to the recipients it was made of.
struct ValidRecipient {
  const Domain* domain;
  UserId user;
  ClientId client;
  const std::string* ciphertext;
};

struct Mismatch {
  /// Expected and not addressed, as far as the strategy reports it.
  Clients missing;

  /// Addressed, but of nobody in the conversation; and the sending client, if it addressed itself.
  Clients redundant;

  /// Addressed, of a member, but not one of its clients. Whether it ever was one is not asked.
  Clients deleted;

  /// Addressed and expected: these get the message, if anybody does. In order of domain and user.
  std::vector<ValidRecipient> valid;

  /// Whether anybody gets it. Redundant and deleted clients never stop a message.
  bool sendable() const { return missing.empty(); }
};

/// Compares the addressed with the expected: all clients of all participants but the sending one.
///
/// `participants` names every user whose clients are known; a user without clients is there with an
/// empty set, so that what is addressed to it is `deleted` and not `redundant`.
/// Requires   `recipients` outlives the result.
Mismatch find_mismatch(const Clients& participants, const Recipients& recipients,
                       const SendingClient& sender, const Strategy& strategy);

}  // namespace twostep
