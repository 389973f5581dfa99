#pragma once

#include <string>

#include "impl/core/account.hpp"
#include "impl/core/client.hpp"
#include "impl/core/connection.hpp"
#include "impl/core/conversation.hpp"
#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"

/// Values in words: what the store says and what the model says are compared as text, and a difference
/// can be read. Names sort as what they name.
///
/// Threads    Pure functions.
namespace twostep::properties::stores {

std::string name_of(const UserId& user);         ///< "u0" … "u2".
std::string name_of(const QualifiedUser& user);  ///< "u0" … "u3".
std::string name_of(ClientId client);            ///< "d0" … "d2".
std::string name_of(const QualifiedConversation& conversation);
std::string name_of(Instant at);
std::string name_of(const TimeUuid& id);

std::string words(const Account& account);
std::string words(const Client& client);  ///< But not when it was last active.
std::string words(const Conversation& conversation);
std::string words(const OwnState& state);
std::string words(const Connection& connection);
std::string words(const Cookie& cookie);  ///< But not its label.
std::string words(const PushToken& token);

}  // namespace twostep::properties::stores
