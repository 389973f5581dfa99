#pragma once

#include <cstdint>
#include <optional>

#include "impl/core/connection_state.hpp"

/// Connections to users of other backends. Each backend has the row of its own user alone; of the
/// other's it knows what that user's backend has told: that the user wants the connection, or no longer
/// does.
///
/// A block is not told: who was blocked must not be able to tell.
///
/// Threads    Pure functions.
/// Source     specs/09-federation.md (FED), connections.
namespace twostep {

/// What a backend tells of its user.
enum class Wish : std::uint8_t { connect, rescind };

/// My row after what I want, and what the other backend is to be told, if anything.
struct Move {
  Relation mine;
  std::optional<Wish> tell = {};
};

/// I ask for a connection. Always possible.
Move ask_elsewhere(std::optional<Relation> mine);

/// I want my row to become `wanted`; none if that is not mine to want.
std::optional<Move> update_elsewhere(Relation mine, Relation wanted);

/// My row after the other side's wish. None where there still is no row.
std::optional<Relation> hear(std::optional<Relation> mine, Wish theirs);

/// What the one who wants to connect is answered at once: that I want it too.
constexpr std::optional<Wish> reaction_to(Wish theirs, Relation mine) {
  const bool both = theirs == Wish::connect && mine == Relation::accepted;
  return both ? std::optional{Wish::connect} : std::nullopt;
}

/// Whether the other side wants it; none if my row does not tell.
std::optional<bool> other_takes_part(Relation mine);

}  // namespace twostep
