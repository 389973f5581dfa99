#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "model/explore/engine/search.hpp"

/// What an exploration found, of whatever model: in words.
namespace twostep::model::explore {

/// A history as people read it, and in the forms that its model can draw it in.
struct Told {
  std::string property{};  ///< Empty for a deadlock.
  Fault fault = Fault::violated;
  bool has_history = false;
  std::vector<std::string> steps{};
  std::function<std::string()> mermaid = nullptr;  ///< None if the model has no pictures.
  std::function<std::string()> html = nullptr;
  std::function<std::string()> json = nullptr;  ///< What a player can replay.
};

struct Explored {
  End end = End::complete;
  Counts counts;
  std::vector<Told> findings;
  std::vector<Told> witnesses;  ///< Of each *sometimes*, a shortest history to where it holds.

  bool holds() const { return end == End::complete && findings.empty(); }
};

template <Explorable Model>
std::vector<std::string> steps_of(const Model& model, const History<Model>& history) {
  std::vector<std::string> steps;
  const auto* before = &history.first;
  for (const auto& step : history.steps) {
    steps.push_back(model.text(*before, step.action));
    before = &step.after;
  }
  return steps;
}

/// Explores, and tells. `draw` adds to a telling the pictures of its history, if the model has any.
template <Explorable Model>
Explored explored(
    const Model& model, const Options& options,
    const std::function<void(Told&, const History<Model>&)>& draw = [](Told&,
                                                                       const History<Model>&) {}) {
  const auto report = explore(model, options);
  Explored all{report.end, report.counts, {}, {}};
  const auto tell = [&](Told told, const History<Model>& history) {
    told.has_history = true;
    told.steps = steps_of(model, history);
    draw(told, history);
    return told;
  };
  for (const auto& finding : report.findings) {
    Told told{.property = finding.property, .fault = finding.fault};
    all.findings.push_back(finding.history ? tell(told, *finding.history) : told);
  }
  for (const auto& witness : report.witnesses) {
    all.witnesses.push_back(tell({.property = witness.property}, witness.history));
  }
  return all;
}

}  // namespace twostep::model::explore
