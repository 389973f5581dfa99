#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <limits>
#include <map>
#include <set>

#include "conformance/support/context.hpp"
#include "property-tests/live/author.hpp"
#include "property-tests/live/refine.hpp"

/// twostep-live: the same commands at two servers that run already, and what they say differently.
///
/// Exit codes: 0 no difference, 1 a difference, 3 the arguments are wrong or a server is not there.
namespace twostep::live {
namespace {

struct Plan {
  std::string server;
  std::string reference;
  std::uint64_t seed = 1;
  double minutes = 1;
  std::uint64_t runs = std::numeric_limits<std::uint64_t>::max();
  int acts = 60;
  std::string findings = "results/live";
  std::string replay = {};
  bool tells = false;
  bool keeps_going = false;
  bool brief = false;
  bool surveys = false;
  int patience_ms = 5000;
};

std::string line_that_replays(const Plan& plan, std::uint64_t seed) {
  auto line = "./run properties live --seed " + std::to_string(seed) + " --runs 1";
  if (plan.acts != Plan{}.acts) line += " --acts " + std::to_string(plan.acts);
  return line;
}

/// One finding: made small, told, kept.
void report(Refinement& refinement, const Plan& plan, std::uint64_t seed,
            const Commands& commands) {
  const auto shrunk = refinement.shrink(commands);
  const auto played = refinement.play(shrunk);
  std::cout << "\nSeed " << seed << ": the servers differ.\n" << told(shrunk, played);
  if (!played.difference) std::cout << "Not always: this time they did not.\n";
  std::filesystem::create_directories(plan.findings);
  const auto file = plan.findings + "/seed-" + std::to_string(seed) + ".commands";
  write_commands(file, shrunk);
  std::cout << "Again:  " << line_that_replays(plan, seed)
            << "\nor, as shrunk:  ./run properties live --replay " << file << std::endl;
}

/// A kept list, told; or all those in a folder, of which only those are told that differ.
int replay(Refinement& refinement, const Plan& plan) {
  std::set<std::filesystem::path> files{plan.replay};
  const bool is_folder = std::filesystem::is_directory(plan.replay);
  if (is_folder) {
    files.clear();
    for (const auto& entry : std::filesystem::directory_iterator{plan.replay})
      if (entry.path().extension() == ".commands") files.insert(entry.path());
  }
  bool differs = false;
  for (const auto& file : files) {
    const auto commands = read_commands(file);
    const auto played = refinement.play(commands);
    differs |= played.difference.has_value();
    if (played.difference || !is_folder) std::cout << file << ":\n" << told(commands, played);
  }
  std::cout << files.size() << " kept lists\n";
  return differs ? 1 : 0;
}

int run(Refinement& refinement, const Plan& plan) {
  const auto until = conformance::Clock::now() +
                     std::chrono::milliseconds{static_cast<std::int64_t>(plan.minutes * 60'000)};
  std::uint64_t runs = 0;
  std::uint64_t done = 0;
  std::uint64_t findings = 0;
  while (runs < plan.runs && conformance::Clock::now() < until) {
    const auto seed = plan.seed + runs++;
    const auto commands = written(seed, plan.acts);
    const auto played = refinement.play(commands);
    done += played.seen.size();
    if (plan.tells) std::cout << told(commands, played);
    if (!played.difference) continue;
    ++findings;
    if (plan.brief) {
      const auto& difference = *played.difference;
      std::cout << difference.kind(commands[difference.at]) << '\n';
    } else {
      report(refinement, plan, seed, commands);
    }
    if (!plan.keeps_going) break;
  }
  std::cout << runs << " lists, " << done << " commands at both servers, " << findings
            << " differences. Seeds from " << plan.seed << '\n';
  return findings == 0 ? 0 : 1;
}

int survey(Refinement& refinement, const Plan& plan) {
  std::map<std::string, std::pair<int, std::string>> kinds;
  for (auto seed = plan.seed; seed < plan.seed + plan.runs; ++seed) {
    const auto commands = written(seed, plan.acts);
    for (const auto& difference : refinement.survey(commands)) {
      const auto& command = commands[difference.at];
      auto& [count, example] = kinds[difference.kind(command) + difference.parts().substr(0, 300)];
      if (count++ == 0) example = std::to_string(seed) + ": " + Json(command).dump().substr(0, 600);
    }
  }
  for (const auto& [kind, seen] : kinds)
    std::cout << seen.first << " times " << kind << "\n  seed " << seen.second << '\n';
  return kinds.empty() ? 0 : 1;
}

conformance::Target target_in(const std::string& file) { return conformance::read_target(file); }

}  // namespace
}  // namespace twostep::live

int main(int argc, char** argv) {
  using namespace twostep;
  CLI::App app{"The same commands at two servers."};
  live::Plan plan;
  app.add_option("--server", plan.server, "Target file of twostep-server")->required();
  app.add_option("--reference", plan.reference, "Target file of twostep-reference")->required();
  app.add_option("--minutes", plan.minutes, "How long, in real time")->capture_default_str();
  app.add_option("--runs", plan.runs, "At most so many lists");
  app.add_option("--seed", plan.seed, "The first seed; the others follow it")
      ->capture_default_str();
  app.add_option("--acts", plan.acts, "Acts of one list")->capture_default_str();
  app.add_option("--findings", plan.findings, "Where shrunk lists are kept")->capture_default_str();
  app.add_option("--replay", plan.replay, "Play a kept list, or all that are in a folder");
  app.add_option("--patience", plan.patience_ms, "Milliseconds to wait for an answer or a frame")
      ->capture_default_str();
  app.add_flag("--tell", plan.tells, "Tell every list");
  app.add_flag("--brief", plan.brief, "Only say what kind of difference it is");
  app.add_flag("--survey", plan.surveys,
               "Count all differences of --runs lists, without shrinking");
  app.add_flag("--keep-going", plan.keeps_going, "Do not stop at the first difference");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 3;
  }
  try {
    conformance::context().test = "live";
    conformance::context().patience = conformance::Milliseconds{plan.patience_ms};
    live::Refinement refinement{live::target_in(plan.server), live::target_in(plan.reference)};
    if (plan.surveys) return live::survey(refinement, plan);
    return plan.replay.empty() ? live::run(refinement, plan) : live::replay(refinement, plan);
  } catch (const std::exception& error) {
    std::cerr << "twostep-live: " << error.what() << '\n';
    return 3;
  }
}
