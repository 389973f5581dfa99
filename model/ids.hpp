#pragma once

#include <compare>
#include <cstdint>

/// The names of things in the model: small numbers, each kind with its own type.
///
/// Shape      A number means nothing but itself; whoever runs the model keeps the tables from UUIDs,
///            domains and ciphertexts to these. So a backend is small, compares and hashes cheaply.
/// Source     specs/glossary.md.
namespace twostep::model {

template <class Kind, class Number = std::uint32_t>
struct Id {
  Number value{};
  friend constexpr auto operator<=>(Id, Id) = default;
};

using BackendId = Id<struct BackendKind, std::uint16_t>;
using NodeId = Id<struct NodeKind, std::uint16_t>;        ///< A server, within its backend.
using ClientId = Id<struct ClientKind, std::uint64_t>;    ///< Within its user.
using ConnectionId = Id<struct ConnectionKind>;           ///< An access token's, within its user.
using TokenId = Id<struct TokenKind>;                     ///< Where a phone can be woken.
using RequestId = Id<struct RequestKind, std::uint64_t>;  ///< New for each request (SND-10).
using Payload = Id<struct PayloadKind>;  ///< A ciphertext, shared data, or an event.

/// In the unit of the caller, as long as it is the same everywhere: 100 ns since 1582 behind HTTP,
/// single steps of a clock in a small world.
using Time = std::int64_t;

/// A user, by the backend that the user belongs to.
struct UserId {
  BackendId home;
  std::uint32_t number = 0;
  friend constexpr auto operator<=>(UserId, UserId) = default;
};

/// A device of a user. Its number alone says nothing: two users may have the same.
struct Client {
  UserId user;
  ClientId id;
  friend constexpr auto operator<=>(Client, Client) = default;
};

/// A conversation, by the backend that owns it: the owner knows the members and decides.
struct ConversationId {
  BackendId owner;
  std::uint32_t number = 0;
  friend constexpr auto operator<=>(ConversationId, ConversationId) = default;
};

/// The name of a notification, its place in the inbox and the client's pointer (TID-01, TID-03):
/// the three fields of a version-1 UUID, compared in this order.
struct NotificationId {
  Time ticks = 0;
  std::uint16_t sequence = 0;  ///< 14 bits.
  std::uint64_t node = 0;      ///< 48 bits.
  friend constexpr auto operator<=>(const NotificationId&, const NotificationId&) = default;
};

}  // namespace twostep::model
