#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <limits>

#include "property-tests/oracle/play.hpp"

/// twostep-oracle: histories held to the model, seed after seed. Those with an even seed end with commands at
/// the same time.
///
/// Exit codes: 0 nothing differs, 1 something does, 2 too often it could not be decided, 3 wrong arguments.
namespace {

using namespace twostep::properties::oracle;

void tell(const Played& played) {
  for (const auto& told : played.told) std::cout << told;
}

/// A history of commands in turn that was kept.
int replay(const std::string& file) {
  std::ifstream in{file};
  const auto decisions = twostep::properties::read_decisions(in);
  if (!decisions) {
    std::cerr << file << ": not the decisions of a history\n";
    return 3;
  }
  const auto played = play({.seed = decisions->seed, .given = decisions});
  tell(played);
  std::cout << played.difference.value_or("  nothing differs\n");
  return played.difference ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The backend in the simulated world, held to the model."};
  Start start;
  std::uint64_t runs = 0;
  std::uint64_t minutes = 1;
  bool tells = false;
  std::string kept;
  app.add_option("--seed", start.seed, "The first seed; the others follow it")
      ->capture_default_str();
  const auto* bound = app.add_option("--runs", runs, "So many histories, however long they take");
  app.add_option("--minutes", minutes, "As many as there is time for")->capture_default_str();
  app.add_flag("--tell", tells, "Tell every history");
  app.add_option("--replay", kept, "Tell a history that was kept, and nothing else");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 3;
  }
  if (!kept.empty()) return replay(kept);

  using Clock = std::chrono::steady_clock;
  if (bound->empty()) runs = std::numeric_limits<std::uint64_t>::max();
  const auto until =
      bound->empty() ? Clock::now() + std::chrono::minutes{minutes} : Clock::time_point::max();
  std::uint64_t done = 0;
  std::uint64_t commands = 0;
  std::uint64_t undecided = 0;
  for (; done < runs && Clock::now() < until; ++done, ++start.seed) {
    start.overlaps = start.seed % 2 == 0;
    start.commands_max = start.overlaps ? 12 : 60;
    const auto played = play(start);
    commands += played.commands;
    undecided += played.undecided ? 1 : 0;
    if (tells) tell(played);
    if (!played.difference) continue;
    std::cout << tell_smallest(start, played) << "Again:\n  twostep-oracle --seed " << start.seed
              << " --runs 1\n";
    return 1;
  }
  std::cout << done << " histories of " << commands << " commands, " << undecided
            << " left undecided; the next seed is " << start.seed << '\n';
  return undecided * 50 > done ? 2 : 0;
}
