#include "property-tests/campaign/run.hpp"

#include "property-tests/campaign/acts.hpp"
#include "property-tests/campaign/judge.hpp"

namespace twostep::properties {
namespace {

using boost::asio::awaitable;

// More than any run needs. One that does not come to rest by then never will.
constexpr Ticks time_max = std::chrono::days{1000};
constexpr std::uint64_t tasks_max = 2'000'000;

void play(Stage& stage, awaitable<void> part, const char* name) {
  boost::asio::co_spawn(stage.devices->executor(), std::move(part),
                        [&stage, name](std::exception_ptr thrown) {
                          if (thrown) stage.history.violated(Rule::no_exception, name);
                        });
  const bool rests = stage.scheduler.run_all(stage.scheduler.now() + time_max, tasks_max);
  stage.history.judge(Rule::comes_to_rest, rests, [name] { return name; });
}

/// A number of times to choose from is small enough to be written down.
Ticks draw_gap(Choices& choices, Ticks longest) {
  constexpr auto fine = std::chrono::minutes{5};
  if (longest == Ticks{0}) return longest;
  if (longest <= fine) return Ticks{choices.below(static_cast<std::uint32_t>(longest.count()))};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest).count();
  return std::chrono::seconds{choices.below(static_cast<std::uint32_t>(seconds))};
}

/// For a plant.
awaitable<void> go_on(Stage& stage) {
  for (;;) co_await pause(*stage.devices, std::chrono::days{1});
}

/// Acts begin one after the other and go on side by side.
awaitable<void> act(Stage& stage) {
  if (stage.start.plant == Plant::never_rests)
    boost::asio::co_spawn(stage.devices->executor(), go_on(stage), boost::asio::detached);
  for (std::uint32_t number = 0; number < stage.mix.commands; ++number) {
    auto& choices = stage.commands.emplace_back(stage.choices_for_command(number));
    const auto gap = draw_gap(choices, stage.mix.gap_max);
    if (stage.mix.gap_max > Ticks{0}) co_await pause(*stage.devices, gap);
    boost::asio::co_spawn(stage.devices->executor(), perform(stage, choices),
                          boost::asio::detached);
  }
}

/// Everything between set-up and judgement.
void play_all(Stage& stage) {
  for (auto& site : stage.sites) {
    site->plant = stage.start.plant;
    site->bells_max = stage.mix.bells_max;
    site->notices.habits = stage.mix.gateway;
    site->database.behave(stage.mix.database, stage.start.plant);
  }
  if (stage.between) stage.between->behave(stage.mix.network);
  play(stage, act(stage), "the acts");
  stage.heal();
  play(stage, heal_and_catch_up(stage), "the healing");
}

void count_situations(Stage& stage) {
  auto& coverage = stage.coverage;
  for (const auto& site : stage.sites) {
    const auto& counts = site->database.counts();
    coverage.saw(Situation::outcome_unknown_kept, counts.unknown_kept);
    coverage.saw(Situation::outcome_unknown_lost, counts.unknown_lost);
    coverage.saw(Situation::store_busy, counts.busy);
    coverage.saw(Situation::store_full, counts.full);
    coverage.saw(Situation::commit_shared, counts.shared);
    coverage.saw(Situation::decided_again, counts.again);
    coverage.saw(Situation::crash_before_commit, counts.crashes_before_commit);
    coverage.saw(Situation::crash_after_commit, counts.crashes_after_commit);
    coverage.saw(Situation::pushed, site->notices.all.size());
    coverage.saw(Situation::push_dead, site->notices.dead);
    coverage.saw(Situation::push_failed, site->notices.failed);
  }
  if (!stage.between) return;
  const auto& calls = stage.between->counts();
  coverage.saw(Situation::peer_request_lost, calls.requests_lost);
  coverage.saw(Situation::peer_reply_lost, calls.replies_lost);
  coverage.saw(Situation::peer_reset, calls.resets);
  coverage.saw(Situation::peer_cut_off, calls.cut_off);
  coverage.saw(Situation::peer_down, calls.found_nobody);
  coverage.saw(Situation::peer_died_over_it, calls.broken_off);
}

}  // namespace

RunResult run(const Start& start) {
  Stage stage{start};
  play(stage, set_up(stage), "set-up");
  stage.trace.forget_lines();
  if (stage.history.violations.empty()) play_all(stage);

  const auto inboxes = read_inboxes(stage);
  judge_messages(stage, inboxes);
  judge_ids(stage, inboxes);
  judge_changes(stage, inboxes);
  judge_walks(stage, inboxes);
  judge_sockets(stage, inboxes);
  judge_pushes(stage, inboxes);
  count_situations(stage);

  RunResult result;
  result.decisions = stage.decisions();
  result.violations = stage.history.violations;
  result.hash = stage.trace.hash();
  result.coverage = stage.coverage;
  result.judged = stage.history.judged;
  result.simulated = stage.scheduler.now();
  result.steps = stage.trace.steps();
  result.messages = stage.history.messages.size();
  for (const auto& inbox : inboxes) result.notifications += inbox.size();
  result.lines = stage.trace.lines();
  return result;
}

}  // namespace twostep::properties
