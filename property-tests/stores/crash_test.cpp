#include "property-tests/stores/crash.hpp"

#include <gtest/gtest.h>

#include <iostream>

#include "impl/store/lmdb.hpp"
#include "impl/store/testing.hpp"
#include "property-tests/stores/planted.hpp"

/// A crash at every file operation, with everything that a disk may have kept.
namespace twostep::properties::stores {
namespace {

std::unique_ptr<Subject> open_lmdb(const std::filesystem::path& directory) {
  return driven(
      [directory]() -> std::unique_ptr<store::Store> {
        return store::LmdbStore::open({.directory = directory, .map_bytes = 16 << 20}).value();
      },
      Kind::with_a_writer);
}

OpenIn open_planted(Fault fault) {
  return [fault](const std::filesystem::path& directory) {
    return driven(
        [directory, fault] {
          return planted(
              store::LmdbStore::open({.directory = directory, .map_bytes = 16 << 20}).value(),
              fault);
        },
        Kind::with_a_writer);
  };
}

/// Groups of changes, and sometimes a reopening, drawn from the commands.
class CrashRun {
 public:
  CrashRun(OpenIn open, bool disk_lies) : open_{std::move(open)}, disk_lies_{disk_lies} {}

  History draw(std::uint64_t seed, std::size_t acts) {
    std::vector<Choices> choices;
    for (std::size_t n = 0; n < acts; ++n)
      choices.push_back(Choices::drawn_from(stream_seed(seed, "crash", n)));
    return run(seed, std::move(choices));
  }

  History repeat(const Decisions& decisions) {
    std::vector<Choices> choices;
    for (const auto& command : decisions.commands) choices.push_back(Choices::repeating(command));
    return run(decisions.seed, std::move(choices));
  }

  std::string find_fault(const Campaign& campaign) {
    for (std::size_t n = 0; n < campaign.histories; ++n) {
      const auto failed = draw(campaign.seed + n, campaign.acts);
      if (failed.violation.empty()) continue;
      return tell_smallest(failed,
                           [this](const Decisions& decisions) { return repeat(decisions); });
    }
    return {};
  }

  Counts counts;

 private:
  History run(std::uint64_t seed, std::vector<Choices> acts) {
    History history;
    history.decisions.seed = seed;
    const store::testing::ScratchDirectory directory;
    Life life;
    try {
      Disk disk{directory.path()};
      if (disk_lies_) disk.trouble(Trouble::lie, 0, 1'000'000);
      Witness witness{open_, directory.path(), disk, {}};
      for (auto& act : acts) act_on(witness, act, history);
      life = {disk.operations(), witness.timeline(), witness.state(), witness.violation()};
    } catch (const std::exception& thrown) {
      life.violation = std::string{"nothing should have been thrown: "} + thrown.what();
    }
    auto choices = Choices::drawn_from(stream_seed(seed, "disk"));
    history.violation = crash_everywhere(life, {}, {.open = open_lmdb}, choices, counts);
    for (const auto& act : acts) history.decisions.commands.push_back(act.taken());
    return history;
  }

  void act_on(Witness& witness, Choices& act, History& history) {
    if (act.chance(100)) {
      history.lines.emplace_back("reopen");
      return witness.reopen();
    }
    std::vector<Change> changes;
    for (auto count = act.chance(400) ? act.between(1, 4) : 1; count > 0; --count)
      changes.push_back(any_change(act));
    for (const auto& change : changes) history.lines.push_back("write " + told(change));
    witness.write(std::move(changes));
  }

  OpenIn open_;
  bool disk_lies_;
};

TEST(Crash, LosesNothingThatWasAcknowledgedAndTearsNothing) {
  CrashRun run{open_lmdb, false};
  auto campaign = Campaign::of(8);
  campaign.acts = 8;

  EXPECT_EQ(run.find_fault(campaign), "");

  for (const auto& [what, times] : run.counts) std::cout << what << ": " << times << '\n';
}

TEST(Crash, OnADiskThatLiesIsFoundOut) {
  CrashRun run{open_lmdb, true};
  EXPECT_NE(run.find_fault({.histories = 5, .acts = 5}), "");
}

TEST(Crash, OfAStoreThatAnswersBeforeItCommitsIsFoundOut) {
  CrashRun run{open_planted(Fault::rings_before_commit), false};
  EXPECT_NE(run.find_fault({.histories = 5, .acts = 5}), "");
}

TEST(Crash, OfAStoreThatTearsItsCommitsIsFoundOut) {
  CrashRun run{open_planted(Fault::tears_commit), false};
  EXPECT_NE(run.find_fault({.histories = 5, .acts = 5}), "");
}

}  // namespace
}  // namespace twostep::properties::stores
