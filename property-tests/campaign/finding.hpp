#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "property-tests/campaign/run.hpp"

/// A property that did not hold, made small, told as a dialogue, and kept in a file.
namespace twostep::properties {

struct Finding {
  Violation violation;  ///< The first of the small run.
  Decisions decisions;
  std::vector<Told> lines;
};

/// What is wrong with this start, if anything is: a violation, or that it does not repeat itself.
std::optional<Violation> first_violation(const Start& start, RunResult& result, bool twice);

/// Shrinks a failing start. Requires that it fails.
Finding find_smallest(const Start& start, const RunResult& failed);

/// The dialogue, what was violated, and the line that shows it again.
void tell(std::ostream& out, const Finding& finding, const std::filesystem::path& file);

/// Writes it where `replay` finds it, and beside it the sequence diagram: a page, and as Mermaid.
void keep(const Finding& finding, const std::filesystem::path& file);

/// Errors     `nullopt` if the file is none of these.
std::optional<Decisions> read_kept(const std::filesystem::path& file);

}  // namespace twostep::properties
