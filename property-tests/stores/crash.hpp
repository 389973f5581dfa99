#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "property-tests/stores/disk.hpp"
#include "property-tests/stores/history.hpp"
#include "property-tests/stores/model.hpp"
#include "property-tests/stores/surviving.hpp"

/// Histories on the embedded store whose every file operation is the last one before a crash.
///
/// What must hold of whatever the disk may have kept: the store opens; what was acknowledged, or read
/// after a start, is there; a change is there as a whole or not at all, and not without those committed
/// before it; what was refused is not there; the store takes a change, gives ids above all that it has, and
/// has the change when it is opened once more.
///
/// Threads    One, besides that of the store.
/// Source     specs/01-send.md (SND-03, SND-06), specs/08-robustness.md (ROB-26, ROB-27).
namespace twostep::properties::stores {

/// What a crash may leave, from each point of a history on.
class Timeline {
 public:
  using States = std::vector<State>;

  void allow(std::size_t position, States states) {
    points_.emplace_back(position, std::move(states));
  }

  /// If the operation at `position` is under way.
  const States& at(std::size_t position) const;

 private:
  std::vector<std::pair<std::size_t, States>> points_;
};

/// How the store under test is opened in a directory.
using OpenIn = std::function<std::unique_ptr<Subject>(const std::filesystem::path&)>;

/// Runs acts and notes what a crash may leave of them.
class Witness {
 public:
  /// `known` is what the directory holds.
  Witness(const OpenIn& open, const std::filesystem::path& directory, const Disk& disk,
          State known);

  /// Returns what came of each.
  std::vector<Outcome> write(std::vector<Change> changes);

  /// Also settles what became of changes whose outcome is unknown.
  void reopen();

  /// What is wrong already; empty: nothing.
  const std::string& violation() const { return violation_; }
  const Timeline& timeline() const { return timeline_; }
  const State& state() const { return allowed_.front(); }

 private:
  void look();
  void wrong(const std::string& what);

  OpenIn open_;
  std::filesystem::path directory_;
  const Disk& disk_;
  Ids ids_;
  Timeline::States allowed_;  ///< First what is certain, then what may have been added to it.
  Timeline timeline_;
  std::string violation_;
  std::unique_ptr<Subject> subject_;
};

/// One store and its disk, from an empty directory or from what an earlier life left.
struct Life {
  std::vector<Operation> operations;
  Timeline timeline;
  State end;
  std::string violation = {};
};

/// How thoroughly crashes are tried.
struct Crashes {
  std::size_t from = 0;      ///< The first operation in which to crash.
  std::size_t drawn = 2;     ///< Images per operation that only chance would make.
  std::size_t kills_of = 4;  ///< One operation in so many is also where the process alone ends.
  OpenIn open;               ///< For what a crash has left.
};

/// Crashes at every operation of a life that began with `before`. Empty: everything held.
std::string crash_everywhere(const Life& life, const Surviving& before, const Crashes& crashes,
                             Choices& choices, Counts& counts);

}  // namespace twostep::properties::stores
