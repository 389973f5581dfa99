#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// Connections between two users: how each side sees the other, and what their wishes change.
///
/// A connection is two rows, one for each side, and each side sees only its own. Who was blocked
/// must not be able to tell: where a wish meets a block, the blocker's row stays as it is.
///
/// Shape      Pure functions from (my row, their row, what I want) to both rows after it.
/// Threads    Plain values.
/// Source     specs/06-conversations.md (CNV), connections.
namespace twostep {

/// One side's row. There is none before the first request.
enum class Relation : std::uint8_t {
  sent,       ///< I asked, and have not been answered.
  pending,    ///< I am asked, and have not answered.
  ignored,    ///< I am asked, and do not want to be reminded.
  cancelled,  ///< Whoever asked has taken it back.
  accepted,
  blocked,  ///< I want nothing from them.
};

inline constexpr std::array relations = {Relation::sent,     Relation::pending,
                                         Relation::ignored,  Relation::cancelled,
                                         Relation::accepted, Relation::blocked};

std::string_view name_of(Relation relation);  ///< As the wire has it: "sent", "pending", …
std::optional<Relation> relation_named(std::string_view name);

/// Both rows of one connection, seen from one side.
struct Relations {
  Relation mine;
  Relation theirs;

  friend bool operator==(const Relations&, const Relations&) = default;
};

/// I ask for a connection. Always possible; asking again what was asked before changes nothing.
Relations ask_for_connection(std::optional<Relations> before);

/// I want my row to become `wanted`. The rows afterwards, or none if that is not mine to want.
std::optional<Relations> update_connection(Relations before, Relation wanted);

/// Whether this side is a member of the one-to-one conversation: only whoever wants the connection.
constexpr bool takes_part(Relation relation) {
  return relation == Relation::sent || relation == Relation::accepted;
}

}  // namespace twostep
