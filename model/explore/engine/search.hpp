#pragma once

#include <algorithm>
#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "model/explore/engine/codec.hpp"
#include "model/explore/engine/explorable.hpp"
#include "model/explore/engine/fingerprint.hpp"
#include "model/explore/engine/frontier.hpp"
#include "model/explore/engine/limits.hpp"
#include "model/explore/engine/reach.hpp"
#include "model/explore/engine/report.hpp"
#include "model/explore/engine/table.hpp"

/// Every reachable state, breadth first.
///
/// All states of one depth are expanded before any of the next. So the first state that violates
/// something is one of the nearest, and its history is as short as any. A depth is finished even when
/// something was found in it: counts and findings do not depend on the threads.
///
/// Errors     A world that needs more memory than allowed ends the run with `End::out_of_memory`.
///            Exceptions of the model end the process.
/// Threads    One search belongs to the caller; it starts threads of its own, and ends them.
namespace twostep::model::explore {

struct Options {
  unsigned threads = 1;
  std::size_t memory_bytes_max = limits::memory_default_mib << 20;
  std::uint64_t depth_max = limits::depth_max;  ///< Stop behind this depth.
  std::uint64_t seed = 0;                       ///< Of the fingerprints.
  bool symmetry = true;                         ///< Use `canonical`, where the model has it.
  std::function<void(const Counts&)> on_progress = nullptr;  ///< About once a second.
};

template <Explorable Model>
class Search {
 public:
  using State = typename Model::State;
  using Action = typename Model::Action;

  Search(const Model& model, const Options& options)
      : model_{model}, options_{options}, properties_{model.properties()} {
    assert(options_.threads >= 1 && options_.threads <= limits::threads_max);
    wants_transitions_ = std::any_of(properties_.begin(), properties_.end(), is_eventually);
    for (unsigned i = 0; i < options_.threads; ++i) workers_.emplace_back(properties_.size());
    met_.resize(properties_.size());
  }

  Report<Model> run() {
    seed_initial_states();
    auto end = End::complete;
    for (; !level_.empty(); ++depth_) {
      if (!expand_level()) end = End::out_of_memory;
      judge_level();
      if (end == End::complete && !report_.findings.empty()) end = End::violated;
      collect_level(depth_ + 1);
      if (end == End::complete && depth_ == options_.depth_max && !level_.empty())
        end = End::depth_bound;
      if (end != End::complete) break;
    }
    report_.end = end;
    if (end == End::complete) judge_whole();
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      if (met_[i]) report_.witnesses.push_back({properties_[i].name, history_to(*met_[i])});
    }
    report_.counts = counts();
    return std::move(report_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  static bool is_eventually(const Property<State>& property) {
    return property.kind == Kind::eventually;
  }

  struct Successor {
    Fingerprint state;
    std::size_t begin;  ///< Of its bytes in `Worker::bytes`.
    std::size_t size;
  };

  /// What one thread has, for itself, and on its own cache lines.
  struct alignas(64) Worker {
    explicit Worker(std::size_t properties) : told(properties), holding(properties) {}

    std::uint64_t expanded = 0;     ///< States, since the search was last told.
    std::uint64_t transitions = 0;  ///< Likewise.
    std::vector<Block> found;       ///< States of the next depth.
    std::vector<Fingerprint> told;  ///< By property: the least state of this depth that decides it.
    Fingerprint stuck = no_fingerprint;             ///< The least state of this depth in deadlock.
    std::vector<std::vector<Fingerprint>> holding;  ///< By *eventually* property: where it holds.
    std::deque<Transition> log;                     ///< Only if a property needs it.

    Bytes bytes;  ///< The successors of the state at hand.
    std::vector<Successor> successors;
  };

  static void keep_least(Fingerprint& least, Fingerprint state) {
    if (least == no_fingerprint || state < least) least = state;
  }

  Fingerprint encode_into(Bytes& bytes, const State& state) const {
    const auto begin = bytes.size();
    if constexpr (HasSymmetry<Model>) {
      if (options_.symmetry) {
        encode(model_.canonical(state), bytes);
      } else {
        encode(state, bytes);
      }
    } else {
      encode(state, bytes);
    }
    return fingerprint_of(std::string_view{bytes}.substr(begin), options_.seed);
  }

  Fingerprint fingerprint(const State& state) const {
    Bytes bytes;
    return encode_into(bytes, state);
  }

  void seed_initial_states() {
    for (const auto& state : model_.initial_states()) {
      Bytes bytes;
      if (table_.insert(encode_into(bytes, state), {})) put(workers_[0], bytes);
    }
    collect_level(0);
    started_ = reported_ = Clock::now();
  }

  void put(Worker& worker, std::string_view state) {
    if (worker.found.empty() || !worker.found.back().has_room_for(state)) {
      if (!worker.found.empty()) held_bytes_ += worker.found.back().held_bytes();
      worker.found.emplace_back();
    }
    worker.found.back().put(state);
  }

  // False if memory ran out.
  bool expand_level() {
    for (;;) {
      if (table_.crowded()) {
        if (memory_bytes() + table_.bytes_to_grow() > options_.memory_bytes_max) return false;
        peak_bytes_ = std::max(peak_bytes_, memory_bytes() + table_.bytes_to_grow());
        table_.grow();
      }
      taken_ = 0;
      std::vector<std::thread> others;
      const auto useful = std::min<std::size_t>(workers_.size(), level_.size());
      for (std::size_t i = 1; i < useful; ++i)
        others.emplace_back([this, i] { work(workers_[i]); });
      work(workers_[0]);
      for (auto& other : others) other.join();

      peak_bytes_ = std::max(peak_bytes_, memory_bytes());
      std::erase_if(level_, [](const Block& block) { return block.empty(); });
      if (level_.empty()) return true;
      if (memory_bytes() > options_.memory_bytes_max) return false;
    }
  }

  // Expands blocks until there are no more, or the table or the memory is full: then some are left.
  void work(Worker& worker) {
    for (auto at = taken_++; at < level_.size(); at = taken_++) {
      auto& block = level_[at];
      while (!block.empty()) {
        if (table_.crowded() || memory_bytes() > options_.memory_bytes_max) return count(worker);
        expand(worker, block.take());
      }
      held_bytes_ -= block.held_bytes();
      block = Block{};
      count(worker);
      if (&worker == &workers_[0]) report_progress();
    }
  }

  void count(Worker& worker) {
    expanded_ += std::exchange(worker.expanded, 0);
    transitions_ += std::exchange(worker.transitions, 0);
  }

  void expand(Worker& worker, std::string_view bytes) {
    const auto here = fingerprint_of(bytes, options_.seed);
    auto rest = bytes;
    const auto state = decode<State>(rest);

    worker.bytes.clear();
    worker.successors.clear();
    model_.next(state, [&](const Action&, const State& after) {
      const auto begin = worker.bytes.size();
      const auto there = encode_into(worker.bytes, after);
      table_.prefetch(there);
      worker.successors.push_back({there, begin, worker.bytes.size() - begin});
    });
    assert(worker.successors.size() <= limits::transitions_of_a_state_max);

    bool stuck = true;
    const Origin origin{depth_ + 1, here};
    for (const auto& successor : worker.successors) {
      if (successor.state == here) continue;
      stuck = false;
      if (table_.insert(successor.state, origin)) {
        put(worker, std::string_view{worker.bytes}.substr(successor.begin, successor.size));
      }
      if (wants_transitions_) worker.log.push_back({here, successor.state});
    }
    ++worker.expanded;
    worker.transitions += worker.successors.size();
    if (wants_transitions_) held_bytes_ += worker.successors.size() * sizeof(Transition);
    judge(worker, state, here, stuck);
  }

  void judge(Worker& worker, const State& state, Fingerprint here, bool stuck) {
    if constexpr (HasEnd<Model>) stuck = stuck && !model_.finished(state);
    if (stuck) keep_least(worker.stuck, here);
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      const auto& property = properties_[i];
      switch (property.kind) {
        case Kind::always:
          if (!property.holds(state)) keep_least(worker.told[i], here);
          break;
        case Kind::sometimes:
          if (!met_[i] && property.holds(state)) keep_least(worker.told[i], here);
          break;
        case Kind::eventually:
          if (property.holds(state)) worker.holding[i].push_back(here);
          break;
      }
    }
  }

  // What the threads noticed in this depth. Of several states that tell the same, the least is named.
  void judge_level() {
    const auto least = [this](auto member) {
      Fingerprint state = no_fingerprint;
      for (auto& worker : workers_) {
        auto& noticed = member(worker);
        if (noticed != no_fingerprint) keep_least(state, noticed);
        noticed = no_fingerprint;
      }
      return state;
    };
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      const auto state = least([i](Worker& worker) -> Fingerprint& { return worker.told[i]; });
      if (state == no_fingerprint) continue;
      if (properties_[i].kind == Kind::always) {
        report_.findings.push_back({Fault::violated, properties_[i].name, history_to(state)});
      } else {
        met_[i] = state;
      }
    }
    const auto stuck = least([](Worker& worker) -> Fingerprint& { return worker.stuck; });
    if (stuck != no_fingerprint)
      report_.findings.push_back({Fault::deadlock, "", history_to(stuck)});
  }

  // What has been found becomes what is to be expanded.
  void collect_level(std::uint64_t depth) {
    for (auto& worker : workers_) {
      if (worker.found.empty()) continue;
      deepest_ = depth;
      held_bytes_ += worker.found.back().held_bytes();
      std::move(worker.found.begin(), worker.found.end(), std::back_inserter(level_));
      worker.found.clear();
    }
  }

  void judge_whole() {
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      if (properties_[i].kind == Kind::sometimes && !met_[i]) {
        report_.findings.push_back({Fault::never_met, properties_[i].name, std::nullopt});
      }
    }
    if (!wants_transitions_) return;

    std::vector<const std::deque<Transition>*> logs;
    for (const auto& worker : workers_) logs.push_back(&worker.log);
    const Backwards backwards{table_, logs};
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      if (!is_eventually(properties_[i])) continue;
      std::vector<Fingerprint> holding;
      for (const auto& worker : workers_) {
        holding.insert(holding.end(), worker.holding[i].begin(), worker.holding[i].end());
      }
      if (const auto lost = nearest_outside(backwards.reaching(holding))) {
        report_.findings.push_back({Fault::out_of_reach, properties_[i].name, history_to(*lost)});
      }
    }
  }

  std::optional<Fingerprint> nearest_outside(const std::vector<bool>& inside) const {
    std::optional<std::pair<std::uint64_t, Fingerprint>> nearest;
    for (std::size_t slot = 0; slot < table_.slots(); ++slot) {
      const auto state = table_.state_at(slot);
      if (state == no_fingerprint || inside[slot]) continue;
      const std::pair candidate{table_.origin_at(slot).depth, state};
      if (!nearest || candidate < *nearest) nearest = candidate;
    }
    return nearest ? std::optional{nearest->second} : std::nullopt;
  }

  // The fingerprints on the way are known; the states are found by walking it again. Under symmetry
  // the walk follows real states, so the names in a history are those that were there from the start.
  History<Model> history_to(Fingerprint state) const {
    std::vector<Fingerprint> way;  // From the end to an initial state.
    auto origin = Origin{};
    for (auto at = state;; at = origin.parent) {
      way.push_back(at & Origin::parent_mask);
      origin = table_.origin_at(table_.slot_of(at).value());
      if (origin.depth == 0) break;
    }
    const auto is_next = [&](const State& candidate) {
      return (fingerprint(candidate) & Origin::parent_mask) == way.back();
    };

    const auto initial = model_.initial_states();
    const auto first = std::find_if(initial.begin(), initial.end(), is_next);
    assert(first != initial.end());
    History<Model> history{*first, {}};
    for (way.pop_back(); !way.empty(); way.pop_back()) {
      const auto here = history.last();
      const auto before = history.steps.size();
      model_.next(here, [&](const Action& action, const State& after) {
        if (history.steps.size() == before && is_next(after))
          history.steps.push_back({action, after});
      });
      assert(history.steps.size() == before + 1);
    }
    return history;
  }

  std::size_t memory_bytes() const {
    return table_.bytes() + held_bytes_.load(std::memory_order_relaxed);
  }

  Counts counts() const {
    Counts counts;
    counts.states = table_.size();
    counts.transitions = transitions_;
    counts.depth = deepest_;
    counts.waiting = counts.states - expanded_;
    counts.seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    counts.memory_bytes = std::max(peak_bytes_, memory_bytes());
    counts.threads = options_.threads;
    return counts;
  }

  void report_progress() {
    const auto now = Clock::now();
    if (!options_.on_progress || now - reported_ < std::chrono::seconds{1}) return;
    reported_ = now;
    options_.on_progress(counts());
  }

  const Model& model_;
  const Options options_;
  const std::vector<Property<State>> properties_;
  bool wants_transitions_ = false;

  StateTable table_{0};
  std::vector<Block> level_;   ///< The states of `depth_` that are yet to be expanded.
  std::uint64_t depth_ = 0;    ///< Of the states being expanded.
  std::uint64_t deepest_ = 0;  ///< Of any state found.
  std::vector<Worker> workers_;
  std::vector<std::optional<Fingerprint>> met_;  ///< By *sometimes* property: a nearest state.

  alignas(64) std::atomic<std::size_t> taken_ =
      0;                                     ///< Blocks of the level that a thread has taken.
  std::atomic<std::size_t> held_bytes_ = 0;  ///< Of frontier and logs.
  std::atomic<std::uint64_t> expanded_ = 0;
  std::atomic<std::uint64_t> transitions_ = 0;

  alignas(64) std::size_t peak_bytes_ = 0;
  Clock::time_point started_, reported_;
  Report<Model> report_;
};

/// Explores all of `model`, as far as the options allow.
template <Explorable Model>
Report<Model> explore(const Model& model, const Options& options) {
  return Search<Model>{model, options}.run();
}

}  // namespace twostep::model::explore
