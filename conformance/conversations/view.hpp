#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/support/conversation.hpp"
#include "conformance/support/device.hpp"

/// Requests about conversations, and who is in the answers.
namespace twostep::conformance {

Reply read(const Caller& caller, const Conversation& chat);

/// The conversation as the caller sees it. Setup.
Json view_of(const Caller& caller, const Conversation& chat);

/// `members.self` of a view; empty if there is none.
QualifiedId self_in(const Json& view);

/// `members.others` of a view, sorted.
std::vector<QualifiedId> others_in(const Json& view);

/// Everybody in a view with their role.
std::map<QualifiedId, std::string> roles_in(const Json& view);

/// The ids in a list of an event ("/data/users") or of an answer, sorted. Entries are
/// qualified ids, or have one as `qualified_id`.
std::vector<QualifiedId> ids_in(const Json& list);

/// Ids of all conversations of the caller, in the order listed. A page that is no page ends it with
/// a failure of the test.
std::vector<QualifiedId> conversation_ids(const Caller& caller, int page_size);

}  // namespace twostep::conformance
