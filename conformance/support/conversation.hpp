#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "conformance/support/address.hpp"
#include "conformance/support/http.hpp"
#include "conformance/support/user.hpp"

/// Conversations and who is in them. Where a function returns a `Reply` it is the thing under test;
/// where it returns anything else it is setup, and a refusal makes the test *unknown*.
namespace twostep::conformance {

struct Conversation {
  QualifiedId id;

  std::string path() const;         ///< "/conversations/<domain>/<id>"
  std::string legacy_path() const;  ///< "/conversations/<id>"
};

/// Makes two users know each other: one asks, the other accepts. Doing it again does nothing.
void connect(const User& one, const User& other);

/// A group conversation of these users, created by the first, who is connected with all others.
Conversation conversation_of(std::initializer_list<User> members);
Conversation conversation_of(const std::vector<User>& members);

/// `POST /conversations` by `creator` with the body that `conversation_of` uses, without connecting
/// anybody. Members of `change` replace those of the body.
Reply create_conversation(const User& creator, const std::vector<User>& others,
                          const Json& change = Json::object());

/// Reads the conversation out of a reply of `create_conversation`.
Conversation conversation_in(const Reply& reply);

/// A conversation that does not exist, on the target's domain.
Conversation no_conversation();

Reply add_members(const Caller& actor, const Conversation& chat, const std::vector<User>& users);
Reply remove_member(const Caller& actor, const Conversation& chat, const User& user);

}  // namespace twostep::conformance
