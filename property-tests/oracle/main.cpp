#include <CLI/CLI.hpp>
#include <iostream>

#include "property-tests/oracle/play.hpp"

/// twostep-oracle: histories held to the model, seed after seed. Those with an even seed end with commands at
/// the same time.
///
/// Exit codes: 0 nothing differs, 1 something does, 2 too often it could not be decided, 3 wrong arguments.
int main(int argc, char** argv) {
  using namespace twostep::properties::oracle;
  CLI::App app{"The backend in the simulated world, held to the model."};
  Start start;
  std::uint64_t runs = 10'000;
  bool tells = false;
  app.add_option("--seed", start.seed, "The first seed; the others follow it")
      ->capture_default_str();
  app.add_option("--runs", runs, "How many histories")->capture_default_str();
  app.add_flag("--tell", tells, "Tell every history");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 3;
  }
  std::uint64_t commands = 0;
  std::uint64_t undecided = 0;
  for (const auto end = start.seed + runs; start.seed < end; ++start.seed) {
    start.overlaps = start.seed % 2 == 0;
    start.commands_max = start.overlaps ? 12 : 60;
    const auto played = play(start);
    commands += played.commands;
    undecided += played.undecided ? 1 : 0;
    if (tells)
      for (const auto& told : played.told) std::cout << told;
    if (!played.difference) continue;
    std::cout << tell_smallest(start, played) << "Again:\n  twostep-oracle --seed " << start.seed
              << " --runs 1\n";
    return 1;
  }
  std::cout << runs << " histories of " << commands << " commands, " << undecided
            << " left undecided\n";
  return undecided * 50 > runs ? 2 : 0;
}
