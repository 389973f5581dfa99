#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/explore/engine/search.hpp"

/// The command line of twostep-explore.
///
/// Errors     What is not understood is refused by name, as text for people.
namespace twostep::model::explore {

struct Request {
  std::vector<std::string> words;  ///< What is no option: a world, or a job and its arguments.
  Options options;
  std::string bug;  ///< Empty for none.

  bool list = false;
  bool help = false;
  bool pinned = false;     ///< Other counts than the documented ones are a failure.
  bool witnesses = false;  ///< Tell also how each *sometimes* is met.
  bool quiet = false;      ///< No progress.

  // Files to write; `-` is standard output.
  std::string json;
  std::string mermaid;
  std::string html;
};

using Parsed = std::variant<Request, std::string>;

Parsed parse(std::span<const char* const> arguments);

/// What `--help` prints.
std::string_view help();

}  // namespace twostep::model::explore
