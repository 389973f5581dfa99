#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "property-tests/world/choices.hpp"

/// A run as the list of all decisions taken in it. It can be kept in a file and repeated later.
///
/// Shape      Text, a line each: `seed N`, `mix: …`, one `act: …` per command, then the streams that were
///            drawn from while the run went on. Lines that begin with `#` say why the run is kept. Zeros at
///            the end of a line are left out: a list goes on with zeros by itself.
namespace twostep::properties {

struct Decisions {
  std::uint64_t seed = 0;  ///< Of names and ids, which no decision hangs on.
  Choices::List mix;
  std::vector<Choices::List> commands;
  Choices::List schedule;
  Choices::List store;
  Choices::List network;
  Choices::List nodes;

  friend bool operator==(const Decisions&, const Decisions&) = default;
};

void write(std::ostream& out, const Decisions& decisions);

/// Errors     `nullopt` for a text that is no such list.
std::optional<Decisions> read_decisions(std::istream& in);

}  // namespace twostep::properties
