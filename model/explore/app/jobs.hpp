#pragma once

#include <span>
#include <string>
#include <string_view>

/// What twostep-explore does beside exploring one world. Each job takes the words behind its name, and
/// returns the program's exit code.
namespace twostep::model::explore {

enum Exit { holds = 0, does_not_hold = 1, not_understood = 2, not_complete = 3 };

/// Says on standard error why something was not understood.
int refuse(const std::string& why);

/// False, and a line on standard error, if the file cannot be written; `-` is standard output.
bool write(const std::string& file, const std::string& text);

/// `loss`: how often random histories lose a message.
int run_loss(std::span<const char* const> arguments);

/// `compare`: what one federation profile allows and another does not. Like `diff`, 0 if nothing differs.
int run_compare(std::span<const char* const> arguments);

/// `reports`: who has each message of a world in the end, and what its sender was told.
int run_reports(std::span<const char* const> arguments);

}  // namespace twostep::model::explore
