#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// The names of things. Each kind of thing has its own type, so that two of them cannot be swapped.
///
/// Shape      Users and conversations are UUIDs; a client is an unsigned 64-bit number, written in
///            hexadecimal; a domain is a lower-case host name. Text forms are canonical: parsing
///            accepts what the wire allows, `text()` writes the one form we emit.
/// Errors     Bad text is `nullopt`.
/// Threads    Plain values.
/// Source     specs/07-wire.md (WIR), RFC 9562 section 4.
namespace twostep {

/// 16 octets in network order, ordered as octets.
class Uuid {
 public:
  static constexpr std::size_t size_bytes = 16;
  static constexpr std::size_t text_chars = 36;
  using Octets = std::array<std::uint8_t, size_bytes>;

  constexpr Uuid() = default;
  constexpr explicit Uuid(const Octets& octets) : octets_{octets} {}

  /// The 36-character form with dashes, in either case; no braces, no `urn:`.
  static std::optional<Uuid> parse(std::string_view text);

  /// Exactly 16 raw octets, as protobuf carries them and as the store keeps them.
  static std::optional<Uuid> from_bytes(std::string_view bytes);

  /// A version 4 UUID made of the given random octets (six bits of them are replaced).
  static Uuid random(Octets entropy);

  std::string text() const;        ///< Lower case.
  std::string_view bytes() const;  ///< The raw octets; valid as long as this value.
  const Octets& octets() const { return octets_; }
  int version() const { return octets_[6] >> 4; }

  friend auto operator<=>(const Uuid&, const Uuid&) = default;

 private:
  Octets octets_{};
};

/// A UUID that names one kind of thing.
template <class Kind>
class UuidOf : public Uuid {
 public:
  constexpr UuidOf() = default;
  constexpr explicit UuidOf(const Uuid& uuid) : Uuid{uuid} {}

  static std::optional<UuidOf> parse(std::string_view text) { return typed(Uuid::parse(text)); }
  static std::optional<UuidOf> from_bytes(std::string_view raw) {
    return typed(Uuid::from_bytes(raw));
  }

  friend auto operator<=>(const UuidOf&, const UuidOf&) = default;

 private:
  static std::optional<UuidOf> typed(const std::optional<Uuid>& uuid) {
    return uuid ? std::optional{UuidOf{*uuid}} : std::nullopt;
  }
};

using UserId = UuidOf<struct UserKind>;
using ConversationId = UuidOf<struct ConversationKind>;

/// A client: one device of one user. Unique within its user only.
struct ClientId {
  std::uint64_t value = 0;

  /// 1 to 16 hexadecimal digits, in either case, leading zeros allowed.
  static std::optional<ClientId> parse(std::string_view text);

  std::string text() const;  ///< Lower case, no leading zeros: "0", "f", "1bd2…".

  friend auto operator<=>(const ClientId&, const ClientId&) = default;
};

/// One login's connection: carried by an access token, shared by every request and socket that uses
/// the token. An action is not echoed to the connection that caused it. Zero: no connection.
struct ConnectionId {
  std::uint64_t value = 0;

  friend auto operator<=>(const ConnectionId&, const ConnectionId&) = default;
};

/// The name of a backend.
class Domain {
 public:
  /// DNS allows 253. A row's key has room for two of these beside two UUIDs, and no more.
  static constexpr std::size_t text_chars_max = 238;

  /// Two or more dot-separated labels (or `localhost`) of letters, digits and inner dashes, the
  /// last not starting with a digit. Upper case is lowered: a domain has one spelling from here on.
  static std::optional<Domain> parse(std::string_view text);

  const std::string& text() const { return text_; }

  friend auto operator<=>(const Domain&, const Domain&) = default;

 private:
  explicit Domain(std::string text) : text_{std::move(text)} {}

  std::string text_;
};

/// A name together with the backend that it is a name on.
template <class Id>
struct Qualified {
  Domain domain;
  Id id;

  friend auto operator<=>(const Qualified&, const Qualified&) = default;
};

using QualifiedUser = Qualified<UserId>;
using QualifiedConversation = Qualified<ConversationId>;

}  // namespace twostep

template <>
struct std::hash<twostep::UserId> {
  std::size_t operator()(const twostep::UserId& id) const noexcept {
    return std::hash<std::string_view>{}(id.bytes());
  }
};
