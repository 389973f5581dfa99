#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/worlds/stage.hpp"

/// Carries out commands on a stage, one after another, and lets each run to its end.
///
/// Shape      Everything that can happen happens in one fixed order: own steps of A, B, C, then calls.
///            What is held, lost or late is what commands say.
/// Errors     A command or setting that cannot be read gives a message, and changes nothing.
/// Limits     A command that does not come to an end within `steps_max` steps is an error.
namespace twostep::model {

class StagePlayer {
 public:
  static constexpr int steps_max = 10'000;

  /// One line of the heading, `key: value`.
  std::string set(std::string_view key, std::string_view value);

  /// A command, and everything that follows from it. What is seen is appended to the trace.
  std::string command(std::string_view line, Trace& trace);

 private:
  using Words = std::vector<std::string>;
  struct Rule {
    std::string_view pattern;
    std::string (StagePlayer::*take)(const Words&, Trace&);
  };
  static const std::vector<Rule>& rules();

  // What commands do; a message if a word is not understood.
  std::string sends(const Words& words, Trace& trace);
  std::string catches_up(const Words& words, Trace& trace);
  std::string opens_socket(const Words& words, Trace& trace);
  std::string closes_socket(const Words& words, Trace& trace);
  std::string forgets_pointer(const Words& words, Trace& trace);
  std::string mistakes_pointer(const Words& words, Trace& trace);
  std::string has_client(const Words& words, Trace& trace);
  std::string loses_client(const Words& words, Trace& trace);
  std::string has_phone(const Words& words, Trace& trace);
  std::string joins(const Words& words, Trace& trace);
  std::string leaves(const Words& words, Trace& trace);
  std::string goes_down(const Words& words, Trace& trace);
  std::string comes_back(const Words& words, Trace& trace);
  std::string answers_are_lost(const Words& words, Trace& trace);
  std::string is_too_late(const Words& words, Trace& trace);
  std::string crashes(const Words& words, Trace& trace);
  std::string starts(const Words& words, Trace& trace);
  std::string commit_fails(const Words& words, Trace& trace);
  std::string holds(const Words& words, Trace& trace);
  std::string releases(const Words& words, Trace& trace);
  std::string tries_again(const Words& words, Trace& trace);
  std::string expires(const Words& words, Trace& trace);
  std::string is_ahead(const Words& words, Trace& trace);
  std::string time_passes(const Words& words, Trace& trace);
  std::string waits_for(const Words& words, Trace& trace);

  std::string obey(std::string_view line, Trace& trace);
  std::string settle(Trace& trace);
  bool take_own_step(Trace& trace);
  bool move_call(Trace& trace);
  enum class Move { arrival, answer, loss };
  std::optional<Move> move_of(const Call& call) const;
  std::optional<NodeId> server_of(BackendId backend) const;
  void change(BackendId backend, Change change);
  std::optional<std::size_t> device(std::string_view name) const;
  std::optional<std::size_t> device(const Client& client) const;
  Backend& backend(BackendId id);

  struct Waiting {
    std::string line;
    std::string command;
  };

  Stage stage_;
  Configuration configuration_;
  std::set<BackendId> down_;
  std::set<BackendId> mute_;      ///< Whose answers are lost.
  std::set<BackendId> late_;      ///< Who is not waited for.
  std::set<BackendId> failing_;   ///< Whose next commit fails.
  std::set<std::size_t> held_;    ///< Messages whose jobs do not go on.
  std::vector<Waiting> waiting_;  ///< Commands for when a line is seen.
};

/// A backend or one of its servers: `A` or `A2`.
std::optional<std::pair<BackendId, NodeId>> server_named(std::string_view name);

}  // namespace twostep::model
