#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "impl/core/clients.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"

/// What can be drawn: mostly the ordinary, often what lies at a border.
///
/// Shape      Everything shrinks towards less: shorter texts, smaller numbers, the first of a list.
namespace twostep {

std::ostream& operator<<(std::ostream& out, const Uuid& id);
std::ostream& operator<<(std::ostream& out, const ClientId& id);
std::ostream& operator<<(std::ostream& out, const Domain& domain);
std::ostream& operator<<(std::ostream& out, const TimeUuid& id);

namespace properties {

/// 0 … bound - 1, each as often: unlike RapidCheck's own ranges, whatever the size of the case.
rc::Gen<std::uint64_t> below(std::uint64_t bound);

/// 0 … max, with both ends, and powers of two and their neighbours, as often as all others together.
rc::Gen<std::uint64_t> number(std::uint64_t max);

/// In one of `n` cases.
rc::Gen<bool> one_in(std::uint64_t n);

/// Any octets: none, few, and now and then some thousands.
rc::Gen<std::string> octets();

/// UTF-8, with characters of one to four octets, with those that JSON escapes, and those at the ends of
/// what an encoding can say. No NUL.
rc::Gen<std::string> text();

/// Pieces of UTF-8 and of what is nearly: cut characters, overlong forms, surrogates, lone octets.
rc::Gen<std::string> nearly_utf8();

/// The same with one or two mistakes: an octet changed, lost, put in, or the end cut off. May be equal
/// to the original, if the mistakes happen to be none.
rc::Gen<std::string> damaged(const std::string& original);

/// Text that is made of the given pieces and nothing else.
rc::Gen<std::string> made_of(std::vector<std::string> pieces);

rc::Gen<Uuid> uuid();
rc::Gen<UserId> user();
rc::Gen<ConversationId> conversation();
rc::Gen<ClientId> client();
rc::Gen<Domain> domain();

/// A moment that a time-UUID can name; ends and neighbours of the rollovers of its three fields too.
rc::Gen<Instant> instant();

/// A moment in whole milliseconds, in the years 1970 to 9999 that the wire can write and read.
rc::Gen<Instant> wire_instant();

rc::Gen<TimeUuid> time_uuid();

/// Clients of few users of few backends, so that two of these have some in common. No empty set.
rc::Gen<Clients> clients();

}  // namespace properties
}  // namespace twostep
