#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/worlds/trace.hpp"

/// Scenarios: commands, and below each the whole visible outcome.
///
///     # Two backends (S10)
///     A: alice, ann
///     B: bob
///     members: alice, ann, bob
///
///     alice sends to ann, bob
///       alice -> A: send m1 to ann, bob
///       …
///
/// Shape      Lines that begin with `#` and empty lines are for people. Lines `key: value` before the
///            first command set the stage; a line in the first column is a command; indented lines are
///            what it led to. The commands are listed in model/play/README.md.
///            What a picture of the scenario shows begins below a comment line `# Picture`.
/// Errors     A line that cannot be read is an error with its number; what is played after it is not
///            to be relied on.
namespace twostep::model {

struct Played {
  std::string title;                ///< The first comment line.
  std::string text;                 ///< The scenario with the outcome that it has.
  Trace trace;                      ///< The whole outcome.
  Trace picture;                    ///< That of the commands below `# Picture`, or of all.
  std::vector<std::string> errors;  ///< Each with its line.
};

Played play(std::string_view scenario);

/// The first line in which two texts differ, as a message for people; empty if they are equal.
std::string difference(std::string_view expected, std::string_view actual);

}  // namespace twostep::model
