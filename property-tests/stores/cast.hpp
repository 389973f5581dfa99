#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"

/// Who and what the rows of a history are about. Few, so that everything meets everything; and with the
/// octets at which keys go wrong: neighbours, zeros, and those that cannot be counted up.
///
/// Threads    Constants.
namespace twostep::properties::stores {

inline const Domain here = *Domain::parse("a.example");
inline const Domain there = *Domain::parse("b.example");

/// Users of this backend.
inline const std::array users = {*UserId::parse("a0a0a0a0-0000-4000-8000-000000000000"),
                                 *UserId::parse("a0a0a0a0-0000-4000-8000-0000000000ff"),
                                 *UserId::parse("ffffffff-ffff-ffff-ffff-ffffffffffff")};

/// Whoever may be known or be a member somewhere: these, and dora of another backend.
inline const std::array<QualifiedUser, 4> people = {
    QualifiedUser{here, users[0]}, QualifiedUser{here, users[1]}, QualifiedUser{here, users[2]},
    QualifiedUser{there, *UserId::parse("d0d0d0d0-0000-4000-8000-000000000001")}};

inline constexpr std::array devices = {ClientId{0x1}, ClientId{0xff}, ClientId{~std::uint64_t{0}}};

/// The last one is the first user with nobody else.
inline const std::array<QualifiedConversation, 4> conversations = {
    QualifiedConversation{here, *ConversationId::parse("c0c0c0c0-0000-4000-8000-00000000ffff")},
    QualifiedConversation{here, *ConversationId::parse("c0c0c0c0-0000-4000-8000-000000010000")},
    QualifiedConversation{there, *ConversationId::parse("c0c0c0c0-0000-4000-8000-00000000ffff")},
    QualifiedConversation{here, ConversationId{users[0]}}};

/// The n-th moment of a history. They are few, so that ids are close to each other.
inline Instant moment(std::uint32_t n) { return TimeUuid::earliest + Ticks{1'000 + n}; }

/// One that no version 1 UUID can name.
inline const Instant beyond_time = TimeUuid::latest + Ticks{1};

}  // namespace twostep::properties::stores
