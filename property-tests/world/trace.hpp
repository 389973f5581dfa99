#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"
#include "model/worlds/trace.hpp"

/// What happened in a run, in order: a hash of all of it, and the text where somebody wants to read it.
///
/// Two runs with the same hash did the same things in the same order, down to the last task that ran.
///
/// Units      Times are simulated, since the run began.
/// Threads    One.
namespace twostep::properties {

/// A line of the dialogue, and when it was said.
struct Told {
  Ticks when;
  model::Line line;
};

class Trace {
 public:
  /// With `keep` the lines are kept, to be printed as a dialogue.
  explicit Trace(bool keep) : keep_{keep} {}

  /// One more step of the world, too small to be told.
  void step(Ticks now, std::uint64_t what);

  /// Something that somebody did or saw. Returns its place in the order of all such things.
  std::uint64_t tell(Ticks now, model::Line line);

  std::uint64_t hash() const { return hash_; }
  std::uint64_t steps() const { return steps_; }
  std::uint64_t told() const { return told_; }
  const std::vector<Told>& lines() const { return lines_; }

  /// What was told until now is nothing that anybody wants to read.
  void forget_lines() { lines_.clear(); }

 private:
  void mix(std::uint64_t value);
  void mix(std::string_view text);

  bool keep_;
  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::uint64_t steps_ = 0;
  std::uint64_t told_ = 0;
  std::vector<Told> lines_;
};

/// Where a backend stands in a picture: "A" is a.example.
std::string lane_of(const Domain& domain);

/// As a line to read.
std::string text_of(const Told& told);

/// "12.345678 s"; the last digits are ticks of 100 ns.
std::string text_of(Ticks time);

}  // namespace twostep::properties
