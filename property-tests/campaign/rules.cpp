#include "property-tests/campaign/rules.hpp"

#include <array>

namespace twostep::properties {
namespace {

constexpr std::array<std::string_view, rules> names = {
    "SND-01: a member may send",
    "SND-34: a registered client may send",
    "SND-33: nobody sends who is no member",
    "SND-34: no client sends that is not registered",
    "SND-19: who is valid is neither redundant nor deleted",
    "SND-23: each client is in one set at most",
    "SND-22: who is no member is redundant",
    "SND-14: the sending client is redundant",
    "SND-17: a client that is gone is deleted",
    "SND-15: who is addressed is not missing",
    "SND-16: every client of a member is expected",
    "SND-18: only clients of members are missing",
    "SND-25: only those are missing whom the strategy reports",
    "SND-20: missing clients stop a message, and nothing else does",
    "FED-18: clients of other backends are judged by the same rules",
    "SND-07: nobody is reported who was not addressed",
    "FED-25: only recipients at other backends fail",
    "FED-25: a backend that fails fails with all of its recipients",

    "SND-02: what was acknowledged is stored for everybody",
    "FED-28: what a backend confirmed is stored for all of its recipients",
    "SND-06: without an answer a message is stored for all or for nobody",
    "SND-13: who is no valid recipient gets nothing",
    "SND-10: nothing is stored twice",
    "SND-36: what was refused is stored nowhere",
    "SND-20: what missing clients stopped is stored nowhere",
    "FED-20: what was refused because of a peer is stored nowhere",
    "FED-42: what the owner refused because of a peer is stored nowhere",
    "DLV-16: a transient message is stored nowhere",
    "SND-11: each ciphertext is for one client",
    "SND-12: nobody gets what nobody sent",
    "DLV-14: an event names who sent what to whom",
    "SND-08: the time in the answer is that of every event",

    "TID-02: no id is given twice",
    "TID-04: what is sent after an acknowledgement has the greater id",

    "CUP-01: a page is as it has to be",
    "CUP-12: a page has what is for this client",
    "CUP-21: whoever follows the pointer skips nothing",
    "CUP-22: what was seen once stays as it was",
    "SND-02: a catch-up after the acknowledgement has the message",
    "CUP-07: there is more only if there is",
    "CUP-09: a page has at most `size` notifications",
    "CUP-10: a page that is not the last has something",
    "CUP-17: a pointer that was given out is known",
    "CUP-17: a pointer to what has expired is a gap",
    "CUP-23: what has expired is not shown",

    "DLV-01: an open socket tells of everything",
    "DLV-03: a socket tells of what is in the inbox for its client",
    "DLV-08: frames come in order, each once, and without a gap",
    "DLV-10: a socket begins with what is stored after it was opened",
    "DLV-02: a frame is what is stored",
    "WIR-19: a frame is as it has to be",
    "DLV-16: a transient message reaches its recipients only",
    "DLV-16: a transient message comes once",
    "DLV-16: a transient message is told on open sockets",

    "DLV-18: a push names what is in the inbox",
    "DLV-20: only recipients are pushed to",
    "DLV-17: a message that is not to be pushed is not",
    "DLV-18: a notice is given once",
    "DLV-19: whoever hears of it on a socket is not pushed to",
    "DLV-18: who has a token and no socket is pushed to",
    "DLV-22: a dead token is removed, and its client told",

    "SND-03: an acknowledged change of clients lasts",
    "SND-03: an acknowledged change of members lasts",
    "SND-03: an acknowledged change of a name lasts",
    "CNV-20: an acknowledged change is told to every member of its backend",

    "no request ends in an exception",
    "everybody can be set up",
    "healed: everything comes to rest",
    "healed: a message to everybody is acknowledged",
    "healed: everybody catches up",
    "healed: everybody gets everything",
    "the same seed gives the same run",
};
static_assert(!names.back().empty());

}  // namespace

std::string_view name_of(Rule rule) { return names[static_cast<std::size_t>(rule)]; }

}  // namespace twostep::properties
