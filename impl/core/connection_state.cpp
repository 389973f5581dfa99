#include "impl/core/connection_state.hpp"

namespace twostep {
namespace {

using enum Relation;

// I want the connection, and they may have an opinion already.
Relations agree(Relations before) {
  switch (before.theirs) {
    case sent:
    case accepted:
      return {accepted, accepted};
    case blocked:
      return {sent, blocked};  // To me it looks as if they had not answered yet.
    case pending:
    case ignored:
    case cancelled:
      return {sent, pending};
  }
  return before;
}

// I no longer block them. What is left is what was asked before, by either of us; it asks nothing
// anew, so whoever ignored me is not reminded.
Relations unblock(Relation theirs) {
  switch (theirs) {
    case sent:
    case accepted:
      return {accepted, accepted};
    case pending:
    case ignored:
      return {sent, theirs};
    case blocked:
      return {sent, blocked};
    case cancelled:
      return {cancelled, cancelled};
  }
  return {blocked, theirs};
}

std::optional<Relations> accept(Relations before) {
  switch (before.theirs) {
    case sent:
    case accepted:
      return Relations{accepted, accepted};
    case blocked:
      return Relations{accepted, blocked};
    case pending:
    case ignored:
    case cancelled:
      return std::nullopt;  // Nobody asked me.
  }
  return std::nullopt;
}

Relations cancel(Relation theirs) {
  const bool waiting = theirs == pending || theirs == ignored;
  return {cancelled, waiting ? cancelled : theirs};
}

}  // namespace

std::string_view name_of(Relation relation) {
  switch (relation) {
    case sent:
      return "sent";
    case pending:
      return "pending";
    case ignored:
      return "ignored";
    case cancelled:
      return "cancelled";
    case accepted:
      return "accepted";
    case blocked:
      return "blocked";
  }
  return {};
}

std::optional<Relation> relation_named(std::string_view name) {
  for (const auto relation : relations) {
    if (name_of(relation) == name) return relation;
  }
  return std::nullopt;
}

Relations ask_for_connection(std::optional<Relations> before) {
  if (!before) return {sent, pending};
  switch (before->mine) {
    case accepted:
      return *before;
    case sent:  // Asked before. Only if they want it as well is there more to it.
      return takes_part(before->theirs) ? agree(*before) : *before;
    case pending:
    case ignored:
    case cancelled:
    case blocked:
      return agree(*before);
  }
  return *before;
}

std::optional<Relations> update_connection(Relations before, Relation wanted) {
  if (wanted == before.mine) return before;
  if (wanted == blocked) return Relations{blocked, before.theirs};
  switch (before.mine) {
    case pending:
      if (wanted == accepted) return accept(before);
      if (wanted == ignored) return Relations{ignored, before.theirs};
      return std::nullopt;
    case ignored:
      return wanted == accepted ? accept(before) : std::nullopt;
    case sent:
      if (wanted == cancelled) return cancel(before.theirs);
      return wanted == accepted && takes_part(before.theirs) ? accept(before) : std::nullopt;
    case blocked:
      if (wanted == accepted || wanted == sent) return unblock(before.theirs);
      return std::nullopt;
    case accepted:
    case cancelled:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace twostep
