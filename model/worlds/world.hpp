#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "model/explore/engine/explorable.hpp"
#include "model/worlds/setup.hpp"
#include "model/worlds/stage.hpp"

/// A small world: what may happen on a stage, in every order, with a budget of faults.
///
/// Shape      Explorable (model/explore/engine/explorable.hpp). An action names its subjects by their
///            places in the state before it.
/// Threads    Every member is a pure function of its arguments.
namespace twostep::model {

struct WorldState {
  Stage stage;
  std::uint8_t faults_left = 0;
  std::uint8_t expiries_left = 0;
  friend auto operator<=>(const WorldState&, const WorldState&) = default;
};

struct WorldAction {
  enum class What : std::uint8_t {
    send,           ///< Message `which` at node `node`.
    run,            ///< Of backend `where`, its ready step `which`.
    arrive,         ///< Call `which`, at node `node`.
    return_answer,  ///< Of call `which`.
    lose,           ///< Call `which`; a fault.
    refuse,         ///< Call `which`, because no server of the callee is up; no fault of its own.
    give_up,        ///< On call `which`; a fault.
    commit_fails,   ///< Of backend `where`, job `which`; a fault.
    crash,          ///< Of backend `where`, node `node`; a fault.
    restart,        ///< Likewise, but no fault.
    retry,          ///< Of backend `where`, peer `which`.
    catch_up,       ///< Client `which`.
    connect,        ///< Client `which` at node `node`.
    disconnect,     ///< Client `which`.
    tick,           ///< Time passes.
    expire,         ///< At backend `where`.
  };
  What what = What::tick;
  std::uint16_t where = 0;
  std::uint16_t which = 0;
  std::uint16_t node = 0;
  friend auto operator<=>(const WorldAction&, const WorldAction&) = default;
};

/// Other names for interchangeable things: by place, or by name, what each is renamed to.
struct Renaming {
  std::vector<std::size_t> clients;
  std::vector<BackendId> backends;
  std::vector<std::pair<UserId, UserId>> users;
  std::vector<std::size_t> messages;
};

class World {
 public:
  using State = WorldState;
  using Action = WorldAction;

  explicit World(Setup setup) : setup_{std::move(setup)}, renamings_{renamings_of(setup_)} {}

  const Setup& setup() const { return setup_; }

  std::vector<State> initial_states() const;
  std::vector<Action> actions(const State& state) const;
  State apply(State before, const Action& action, Trace* trace = nullptr) const;

  template <class Visit>
  void next(const State& state, Visit&& visit) const {
    for (const auto& action : actions(state)) visit(action, apply(state, action));
  }

  std::vector<explore::Property<State>> properties() const;
  /// What was seen happening, on one line.
  std::string text(const State& before, const Action& action) const;
  bool finished(const State& state) const;
  State canonical(const State& state) const;

  /// All that the setup allows, without the one that changes nothing.
  static std::vector<Renaming> renamings_of(const Setup& setup);

 private:
  Setup setup_;
  std::vector<Renaming> renamings_;
};

}  // namespace twostep::model
