#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "property-tests/oracle/seen.hpp"

/// What was seen of commands that were under way at the same time.
namespace twostep::properties::oracle {

/// What is in the inboxes, person by person.
using Inboxes = std::vector<std::vector<Content>>;

struct Overlap {
  struct Moment {
    std::size_t command;
    bool is_end;
  };
  std::vector<Moment> moments;                      ///< In the order in which they came.
  std::vector<std::optional<std::string>> answers;  ///< By command; none: its node died over it.
  Inboxes inboxes;                                  ///< When everything had come to rest.
  std::vector<Seen> frames;                         ///< By device, in order; nothing of before.
  Seen passing;                                     ///< Transient frames and pushes, sorted.
};

}  // namespace twostep::properties::oracle
