#include "impl/core/connection_elsewhere.hpp"

namespace twostep {

using enum Relation;

Move ask_elsewhere(std::optional<Relation> mine) {
  if (!mine) return {sent, Wish::connect};
  switch (*mine) {
    case sent:
    case accepted:
      return {*mine};  // Asked before.
    case pending:
    case ignored:
      return {accepted, Wish::connect};
    case cancelled:
    case blocked:
      return {sent, Wish::connect};  // Their answer says whether they still want it.
  }
  return {*mine};
}

std::optional<Move> update_elsewhere(Relation mine, Relation wanted) {
  if (wanted == mine) return Move{mine};
  if (wanted == blocked) return Move{blocked};
  switch (mine) {
    case pending:
      if (wanted == ignored) return Move{ignored};
      return wanted == accepted ? std::optional{Move{accepted, Wish::connect}} : std::nullopt;
    case ignored:
      return wanted == accepted ? std::optional{Move{accepted, Wish::connect}} : std::nullopt;
    case sent:
      return wanted == cancelled ? std::optional{Move{cancelled, Wish::rescind}} : std::nullopt;
    case blocked:
      if (wanted == accepted || wanted == sent) return Move{sent, Wish::connect};
      return std::nullopt;
    case accepted:
    case cancelled:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Relation> hear(std::optional<Relation> mine, Wish theirs) {
  if (theirs == Wish::connect) {
    if (!mine || *mine == cancelled) return pending;
    return *mine == sent ? accepted : *mine;
  }
  if (!mine) return std::nullopt;
  if (*mine == pending || *mine == ignored) return cancelled;
  return *mine == accepted ? sent : *mine;
}

std::optional<bool> other_takes_part(Relation mine) {
  switch (mine) {
    case pending:
    case ignored:
    case accepted:
      return true;
    case sent:
    case cancelled:
      return false;
    case blocked:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace twostep
