#include <CLI/CLI.hpp>
#include <iomanip>
#include <iostream>
#include <thread>

#include "property-tests/campaign/checkpoint.hpp"
#include "property-tests/campaign/finding.hpp"
#include "property-tests/campaign/workers.hpp"

/// twostep-properties: campaigns in the simulated world, and single runs again.
///
/// Exit codes: 0 every property held, 1 one did not, 2 an interesting situation was never reached, so that
/// the campaign says nothing of it, 3 the arguments are wrong.
namespace twostep::properties {
namespace {

Plant plant_named(const std::string& name) {
  for (const auto& known : plant_names)
    if (known.name == name) return known.plant;
  return Plant::none;
}

/// One run, told from beginning to end.
int show_run(Start start) {
  start.keeps_lines = true;
  const auto result = run(start);
  for (const auto& line : result.lines) std::cout << text_of(line) << '\n';
  std::cout << "\nseed " << start.seed << ", hash " << std::hex << result.hash << std::dec << ", "
            << result.messages << " messages in " << text_of(result.simulated) << '\n';
  for (const auto& violation : result.violations)
    std::cout << "This does not hold: " << violation.property << "\n  " << violation.what << '\n';
  return result.violations.empty() ? 0 : 1;
}

template <class Names, class Counts>
void list(const char* title, const Counts& counts) {
  std::cout << '\n' << title << ":\n";
  for (std::size_t i = 0; i < counts.size(); ++i)
    std::cout << std::setw(12) << counts[i] << "  " << name_of(static_cast<Names>(i)) << '\n';
}

/// Everything that was to be reached was, or the campaign says nothing about it.
bool report_unreached(const CampaignTotals& totals) {
  const auto unseen = totals.coverage.never();
  const auto unjudged = totals.judged.never();
  if (unseen.empty() && unjudged.empty()) return false;
  std::cout << "\nInconclusive: never reached, so nothing was shown of it:\n";
  for (const auto situation : unseen) std::cout << "  " << name_of(situation) << '\n';
  for (const auto rule : unjudged) std::cout << "  " << name_of(rule) << '\n';
  return true;
}

int run_all(CampaignPlan plan, bool needs_everything, const std::filesystem::path& resume) {
  Checkpoint checkpoint{.first_seed = plan.seed, .next_seed = plan.seed};
  if (!resume.empty()) {
    if (const auto kept = load(resume)) checkpoint = *kept;
    plan.seed = checkpoint.next_seed;
  }
  const auto end = run_campaign(plan);
  if (end.totals.failed > 0) return 1;

  checkpoint.next_seed = end.next_seed;
  checkpoint.totals += end.totals;
  if (!resume.empty()) save(checkpoint, resume);
  const auto& totals = checkpoint.totals;
  list<Situation>("Situations", totals.coverage.counts);
  list<Rule>("Judged", totals.judged.counts);
  std::cout << '\n'
            << totals.runs << " runs, " << totals.messages << " messages, " << totals.notifications
            << " notifications, " << totals.steps << " tasks. Seeds " << checkpoint.first_seed
            << " to " << checkpoint.next_seed - 1 << ", hash " << std::hex << totals.hash
            << std::dec << '\n';
  return needs_everything && report_unreached(totals) ? 2 : 0;
}

}  // namespace
}  // namespace twostep::properties

int main(int argc, char** argv) {
  using namespace twostep::properties;
  CLI::App app{"Property tests in the simulated world."};
  CampaignPlan plan{.processes = std::max(1u, std::thread::hardware_concurrency())};
  plan.findings = "results/properties";
  double minutes = 1;
  std::uint64_t runs = 0;
  std::string replay;
  std::string resume;
  std::string plant;
  bool once = false;
  bool as_found = false;
  bool tell_one = false;
  app.add_option("--minutes", minutes, "How long, in real time")->capture_default_str();
  app.add_option("--runs", runs, "So many runs, instead of a time");
  app.add_option("--seed", plan.seed, "The first seed; the others follow it")
      ->capture_default_str();
  app.add_option(
      "--resume", resume,
      "Go on where the campaign of this file ended, and keep there how far this one came");
  app.add_option("--acts", plan.commands_max, "Most acts of one run")->capture_default_str();
  app.add_option("--processes", plan.processes, "Processes at a time")->capture_default_str();
  app.add_option("--findings", plan.findings, "Where failing runs are kept")->capture_default_str();
  app.add_option("--replay", replay, "Tell one kept run");
  app.add_option("--plant", plant, "Plant this fault in the world of the run that is told");
  app.add_flag("--tell", tell_one, "Tell the one run of --seed");
  app.add_flag("--busy", plan.busy,
               "Three backends of ten clients that mostly send, to measure speed");
  app.add_flag("--once", once, "Do not repeat every seed to compare the hashes");
  app.add_flag("--as-found", as_found, "Do not make a failing run small");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 3;
  }
  plan.time = std::chrono::milliseconds{static_cast<std::int64_t>(minutes * 60'000)};
  plan.twice = !once;
  plan.shrinks = !as_found;
  if (runs > 0) plan.runs = runs;

  Start start{.seed = plan.seed, .commands_max = plan.commands_max, .plant = plant_named(plant)};
  if (!replay.empty()) {
    start.given = read_kept(replay);
    if (!start.given) {
      std::cerr << "not a kept run: " << replay << '\n';
      return 3;
    }
    start.seed = start.given->seed;
    return show_run(start);
  }
  if (tell_one) return show_run(start);
  return run_all(plan, !plan.busy && !plan.runs, resume);
}
