#include "model/explore/engine/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "model/explore/engine/symmetry.hpp"

namespace twostep::model::explore {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

/// Any finite graph, written down. Node 0 is initial.
struct Graph {
  using State = std::uint16_t;
  using Action = std::uint16_t;

  std::vector<std::vector<std::uint16_t>> out;
  std::vector<Property<State>> wanted;
  std::vector<bool> ends = {};  ///< By node; none if empty.

  std::vector<State> initial_states() const { return {0}; }
  template <class Visit>
  void next(State state, Visit&& visit) const {
    for (const auto to : out[state]) visit(to, to);
  }
  std::vector<Property<State>> properties() const { return wanted; }
  bool finished(State state) const { return ends.empty() || ends[state]; }
  std::string text(State, Action to) const { return std::to_string(to); }
};

std::vector<std::uint16_t> nodes_of(const History<Graph>& history) {
  std::vector<std::uint16_t> nodes{history.first};
  for (const auto& step : history.steps) nodes.push_back(step.after);
  return nodes;
}

Property<std::uint16_t> never(std::uint16_t node) {
  return always<std::uint16_t>("never " + std::to_string(node),
                               [node](auto here) { return here != node; });
}

TEST(Search, ExploresEverythingOnce) {
  const auto report = explore(Graph{{{1, 2}, {3}, {3}, {0}}, {}}, {});

  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.counts.states, 4u);
  EXPECT_EQ(report.counts.transitions, 5u);
  EXPECT_EQ(report.counts.depth, 2u);
  EXPECT_EQ(report.counts.waiting, 0u);
}

TEST(Search, ACounterexampleIsAsShortAsAny) {
  const auto report = explore(Graph{{{1}, {2}, {3, 4}, {4}, {5}, {0}}, {never(5)}}, {});

  EXPECT_EQ(report.end, End::violated);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].fault, Fault::violated);
  EXPECT_THAT(nodes_of(*report.findings[0].history), ElementsAre(0, 1, 2, 4, 5));
}

TEST(Search, AnInitialStateCanBeWrong) {
  const auto report = explore(Graph{{{0}}, {never(0)}}, {});

  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_THAT(nodes_of(*report.findings[0].history), ElementsAre(0));
}

TEST(Search, EveryPropertyThatFailsAtOneDepthIsReported) {
  const auto report = explore(Graph{{{1, 2}, {}, {}}, {never(1), never(2)}}, {});

  EXPECT_EQ(report.findings.size(), 2u);
}

TEST(Search, AStateThatOnlyLeadsToItselfIsADeadlockUnlessItIsAnEnd) {
  Graph graph{{{1}, {1}}, {}, {false, false}};
  const auto stuck = explore(graph, {});
  graph.ends[1] = true;

  ASSERT_EQ(stuck.findings.size(), 1u);
  EXPECT_EQ(stuck.findings[0].fault, Fault::deadlock);
  EXPECT_THAT(nodes_of(*stuck.findings[0].history), ElementsAre(0, 1));
  EXPECT_TRUE(explore(graph, {}).holds());
}

TEST(Search, WhatIsNeverMetFailsTheRun) {
  const auto is = [](std::uint16_t node) {
    return sometimes<std::uint16_t>("is " + std::to_string(node),
                                    [node](auto here) { return here == node; });
  };
  const auto report = explore(Graph{{{1}, {2}, {0}, {}}, {is(2), is(3)}}, {});

  EXPECT_EQ(report.end, End::complete);
  EXPECT_FALSE(report.holds());
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].property, "is 3");
  EXPECT_EQ(report.findings[0].fault, Fault::never_met);
  ASSERT_EQ(report.witnesses.size(), 1u);
  EXPECT_THAT(nodes_of(report.witnesses[0].history), ElementsAre(0, 1, 2));
}

TEST(Search, StopsAtTheDepthThatWasAskedFor) {
  const auto report = explore(Graph{{{1}, {2}, {3}, {}}, {}}, {.depth_max = 1});

  EXPECT_EQ(report.end, End::depth_bound);
  EXPECT_FALSE(report.holds());
  EXPECT_EQ(report.counts.waiting, 1u);
}

/// Counts in binary: as many states as asked for, and one way back.
struct Counter {
  using State = std::uint64_t;
  using Action = int;

  std::uint64_t states;
  std::uint64_t bad = ~std::uint64_t{0};

  std::vector<State> initial_states() const { return {1}; }
  template <class Visit>
  void next(State state, Visit&& visit) const {
    for (const auto after : {2 * state, 2 * state + 1, state / 2 + 1}) {
      if (after <= states) visit(0, after);
    }
  }
  std::vector<Property<State>> properties() const {
    return {always<State>("not bad", [this](State state) { return state != bad; })};
  }
  bool finished(State) const { return true; }
  std::string text(State, Action) const { return "step"; }
};

TEST(Search, AnyNumberOfThreadsAndAnySeedFindsTheSame) {
  const Counter model{400'000, 123'456};
  const auto expected = explore(model, {});
  ASSERT_EQ(expected.end, End::violated);

  for (const unsigned threads : {1u, 2u, 5u}) {
    for (const std::uint64_t seed : {0, 1}) {
      const auto report = explore(model, {.threads = threads, .seed = seed});

      EXPECT_EQ(report.counts.states, expected.counts.states);
      EXPECT_EQ(report.counts.transitions, expected.counts.transitions);
      ASSERT_EQ(report.findings.size(), 1u);
      const auto& steps = report.findings[0].history->steps;
      EXPECT_EQ(steps.size(), expected.findings[0].history->steps.size());
      if (seed == 0) {
        EXPECT_TRUE(std::equal(steps.begin(), steps.end(),
                               expected.findings[0].history->steps.begin(),
                               [](const auto& a, const auto& b) { return a.after == b.after; }));
      }
    }
  }
}

TEST(Search, TheTableGrowsAndTheMemoryBoundHolds) {
  const Counter model{400'000};
  const auto report = explore(model, {.threads = 2});
  const auto bounded = explore(model, {.threads = 2, .memory_bytes_max = std::size_t{4} << 20});

  EXPECT_TRUE(report.holds());
  EXPECT_EQ(report.counts.states, 400'000u);
  EXPECT_EQ(bounded.end, End::out_of_memory);
  EXPECT_LT(bounded.counts.states, 400'000u);
  EXPECT_GT(bounded.counts.waiting, 0u);
  EXPECT_LE(bounded.counts.memory_bytes, std::size_t{4} << 20);
}

// What *eventually* means, by its definition and by brute force.
std::vector<bool> reaching_by_brute_force(const Graph& graph, const std::vector<bool>& good) {
  auto reaches = good;
  for (std::size_t round = 0; round < graph.out.size(); ++round) {
    for (std::size_t node = 0; node < graph.out.size(); ++node) {
      for (const auto to : graph.out[node]) reaches[node] = reaches[node] || reaches[to];
    }
  }
  return reaches;
}

std::vector<std::size_t> depths(const Graph& graph) {
  std::vector<std::size_t> depth(graph.out.size(), ~std::size_t{0});
  std::vector<std::uint16_t> queue{0};
  depth[0] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const auto to : graph.out[queue[i]]) {
      if (depth[to] != ~std::size_t{0}) continue;
      depth[to] = depth[queue[i]] + 1;
      queue.push_back(to);
    }
  }
  return depth;
}

TEST(Search, EventuallyIsWhatItsDefinitionSaysOnManyGraphs) {
  std::mt19937 random{1};
  int failing = 0;
  constexpr int graphs = 500;
  for (int i = 0; i < graphs; ++i) {
    const auto nodes = 1 + random() % 8;
    Graph graph{std::vector<std::vector<std::uint16_t>>(nodes), {}};
    for (auto edges = random() % (2 * nodes); edges > 0; --edges) {
      graph.out[random() % nodes].push_back(static_cast<std::uint16_t>(random() % nodes));
    }
    std::vector<bool> good(nodes);
    for (std::size_t node = 0; node < nodes; ++node) good[node] = random() % 4 == 0;
    graph.wanted = {eventually<std::uint16_t>("good", [&good](auto node) { return good[node]; })};

    const auto reaches = reaching_by_brute_force(graph, good);
    const auto depth = depths(graph);
    auto nearest_lost = ~std::size_t{0};
    for (std::size_t node = 0; node < nodes; ++node) {
      if (!reaches[node]) nearest_lost = std::min(nearest_lost, depth[node]);
    }

    const auto report = explore(graph, {.threads = 1 + unsigned(i) % 2});

    ASSERT_EQ(report.findings.empty(), nearest_lost == ~std::size_t{0});
    if (report.findings.empty()) continue;
    ++failing;
    const auto& history = *report.findings[0].history;
    EXPECT_EQ(report.findings[0].fault, Fault::out_of_reach);
    EXPECT_EQ(history.steps.size(), nearest_lost);
    EXPECT_FALSE(reaches[history.last()]);
  }
  EXPECT_GT(failing, graphs / 4);
  EXPECT_LT(failing, graphs);
}

/// Three people fetch a thing from each other. Who is who makes no difference.
struct Passing {
  enum class Person : std::uint8_t { ann, bob, chris };
  struct State {
    std::vector<std::pair<Person, int>> fetched;
    std::optional<Person> holder;
    friend bool operator==(const State&, const State&) = default;
  };
  using Action = Person;

  static std::vector<Person> everyone() { return {Person::ann, Person::bob, Person::chris}; }

  std::vector<State> initial_states() const {
    return {{{{Person::ann, 0}, {Person::bob, 0}, {Person::chris, 0}}, std::nullopt}};
  }
  template <class Visit>
  void next(const State& state, Visit&& visit) const {
    for (std::size_t i = 0; i < state.fetched.size(); ++i) {
      const auto person = state.fetched[i].first;
      if (state.holder == person || state.fetched[i].second == 3) continue;
      auto after = state;
      after.holder = person;
      ++after.fetched[i].second;
      visit(person, after);
    }
  }
  std::vector<Property<State>> properties() const {
    return {sometimes<State>("somebody fetched it three times", [](const State& state) {
      return std::any_of(state.fetched.begin(), state.fetched.end(),
                         [](const auto& of) { return of.second == 3; });
    })};
  }
  bool finished(const State&) const { return true; }
  State canonical(const State& state) const {
    auto sorted = state;
    // Names are given anew in an order that does not depend on them.
    std::stable_sort(sorted.fetched.begin(), sorted.fetched.end(),
                     [&](const auto& a, const auto& b) {
                       return std::pair{a.second, state.holder == a.first} <
                              std::pair{b.second, state.holder == b.first};
                     });
    const auto order = sorted.fetched;
    rename(sorted, [&order](Person person) {
      const auto at = std::find_if(order.begin(), order.end(),
                                   [&](const auto& of) { return of.first == person; });
      return Person(at - order.begin());
    });
    return sorted;
  }
  std::string text(const State&, Person person) const { return std::to_string(int(person)); }
};

TEST(Search, UnderSymmetryEachOrbitIsVisitedOnceAndHistoriesAreReal) {
  const auto reduced = explore(Passing{}, {});
  const auto full = explore(Passing{}, {.symmetry = false});

  EXPECT_TRUE(reduced.holds());
  EXPECT_LT(reduced.counts.states, full.counts.states / 4);
  ASSERT_EQ(reduced.witnesses.size(), 1u);
  EXPECT_EQ(reduced.witnesses[0].history.steps.size(), full.witnesses[0].history.steps.size());

  auto at = reduced.witnesses[0].history.first;
  for (const auto& step : reduced.witnesses[0].history.steps) {
    std::vector<Passing::State> possible;
    Passing{}.next(at, [&](auto, const auto& after) { possible.push_back(after); });
    EXPECT_THAT(possible, Contains(step.after));
    at = step.after;
  }
}

}  // namespace
}  // namespace twostep::model::explore
