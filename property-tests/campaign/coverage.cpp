#include "property-tests/campaign/coverage.hpp"

namespace twostep::properties {
namespace {

constexpr std::array<std::string_view, situations> names = {
    "a message was delivered",
    "missing clients stopped a message",
    "missing clients were ignored",
    "a recipient was redundant",
    "a recipient's client was deleted",
    "a sender addressed itself",
    "a user sent who is no member",
    "a client sent that was removed",
    "a message was transient",
    "an answer was lost",
    "an unknown outcome was kept",
    "an unknown outcome was lost",
    "the store was busy",
    "the store was full",
    "a commit was shared",
    "a change was decided again",
    "a crash fell before a commit",
    "a crash fell after a commit",
    "a node crashed while it was idle",
    "the database failed over",
    "a node was started again",
    "a clock was set back",
    "a clock was set forward",
    "an id was ahead of the clock",
    "a page was full",
    "a page was empty",
    "somebody caught up while others sent",
    "somebody followed their socket",
    "a socket was replaced",
    "a device hung up",
    "a device read slowly",
    "a socket was lost with its node",
    "a client was pushed to",
    "a push token was dead",
    "the push gateway failed",
    "a member was changed during a send",
    "a client was changed during a send",
    "a call of a peer was lost",
    "an answer of a peer was lost",
    "a call of a peer was reset",
    "a peer was cut off",
    "a peer was down",
    "a peer died over a call",
    "a message was refused because of a peer",
    "somebody sent to a conversation of another backend",
    "a peer was not told to store",
    "a run was healed after faults",
    "a sender without an answer tried again",
    "a message and its second try were both stored",
    "a conversation was renamed",
    "a conversation was created during a run",
    "a conversation was refused because of a peer",
    "two people became acquainted",
    "two people of two backends became acquainted",
    "expired notifications were removed",
    "an expired pointer was a gap",
    "a notification expired unread",
    "a dead token was removed",
    "a transient message was heard",

    "matrix, sender at the owner: all of two backends have it",
    "matrix, sender at the owner: all of three backends have it",
    "matrix, sender at the owner: a backend failed when asked; refused, nobody has it",
    "matrix, sender at the owner: a backend failed when told; named, and all others have it",
    "matrix, sender at the owner: a backend stored it and its answer was lost; named",
    "matrix: two backends failed when told; both named",
    "matrix, sender at the owner: no answer, nobody has it",
    "matrix, sender at the owner: no answer, some backends have it",
    "matrix, sender at the owner: no answer, everybody has it",
    "matrix, sender elsewhere: all of two backends have it",
    "matrix, sender elsewhere: all of three backends have it",
    "matrix, sender elsewhere: a third backend failed when asked; refused, nobody has it",
    "matrix, sender elsewhere: its own backend failed when asked; refused, nobody has it",
    "matrix, sender elsewhere: a backend failed when told; named, and all others have it",
    "matrix, sender elsewhere: a backend stored it and its answer was lost; named",
    "matrix, sender elsewhere: its own backend failed when told; named",
    "matrix, sender elsewhere: the owner failed, nobody has it",
    "matrix, sender elsewhere: the owner failed, some backends have it",
    "matrix, sender elsewhere: the owner failed, everybody has it",
    "matrix: a backend that is not involved was down; all have it",
};
static_assert(!names.back().empty());

}  // namespace

std::string_view name_of(Situation situation) { return names[static_cast<std::size_t>(situation)]; }

Coverage& Coverage::operator+=(const Coverage& other) {
  for (std::size_t i = 0; i < situations; ++i) counts[i] += other.counts[i];
  return *this;
}

std::vector<Situation> Coverage::never_seen() const {
  std::vector<Situation> unseen;
  for (std::size_t i = 0; i < situations; ++i)
    if (counts[i] == 0) unseen.push_back(static_cast<Situation>(i));
  return unseen;
}

}  // namespace twostep::properties
