#pragma once

#include <string>
#include <vector>

#include "conformance/support/conversation.hpp"
#include "conformance/support/device.hpp"

/// Requests about connections, and what one side sees of one.
namespace twostep::conformance {

Reply ask(const User& one, const User& other);
Reply update_connection(const User& one, const User& other, const std::string& status);
Reply read_connection(const User& one, const User& other);

/// The status of the connection as `one` reads it; "none" if there is none.
std::string status_of(const User& one, const User& other);

/// The statuses in all `user.connection` events that the device finds, oldest first.
std::vector<std::string> statuses_found_by(const Device& device);

/// The conversation that an accepted connection names. Setup.
Conversation conversation_between(const User& one, const User& other);

/// Updates that are only a means: a refusal makes the test *unknown*.
void must_ask(const User& one, const User& other);
void must_update(const User& one, const User& other, const std::string& status);

}  // namespace twostep::conformance
