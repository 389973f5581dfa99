#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Pictures in documents, made of scenarios.
///
///     <!-- picture: specs/scenarios/two-steps.txt -->
///     ```mermaid
///     …
///     ```
///
/// Whatever stands in the block after such a comment is replaced by the picture of that scenario.
namespace twostep::model {

struct Illustrated {
  std::string text;
  std::vector<std::string> errors;  ///< Scenarios that cannot be read, comments without a block.
};

/// The document with all its pictures new. `read` gives the text of a file.
Illustrated illustrate(
    std::string_view document,
    const std::function<std::optional<std::string>(const std::string& path)>& read);

}  // namespace twostep::model
