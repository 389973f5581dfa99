#include "property-tests/stores/crash.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <optional>

#include "impl/store/testing.hpp"
#include "property-tests/stores/planted.hpp"

/// A crash at every file operation, with everything that a disk may have kept.
namespace twostep::properties::stores {
namespace {

std::unique_ptr<Subject> open_lmdb(const std::filesystem::path& directory) {
  return driven([directory] { return open_lmdb_store(directory); }, Kind::with_a_writer);
}

OpenIn open_planted(Fault fault) {
  return [fault](const std::filesystem::path& directory) {
    return driven([directory, fault] { return planted(open_lmdb_store(directory), fault); },
                  Kind::with_a_writer);
  };
}

enum class DiskIs { well, in_trouble, lying };

/// Groups of changes, and sometimes a reopening, drawn from the commands.
class CrashRun {
 public:
  CrashRun(OpenIn open, DiskIs disk_is) : open_{std::move(open)}, disk_is_{disk_is} {}

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
      if (disk_is_ == DiskIs::lying) disk.trouble(Trouble::lie, 0, 1'000'000);
      if (disk_is_ == DiskIs::in_trouble) trouble(disk, seed, history);
      std::optional<Witness> witness;
      insist([&] { witness.emplace(open_, directory.path(), disk, State{}); });
      for (auto& act : acts) act_on(*witness, act, history);
      counts["struck"] += disk.struck();
      life = {disk.operations(), witness->timeline(), witness->state(), witness->violation()};
    } catch (const std::exception& thrown) {
      life.violation = std::string{"nothing should have been thrown: "} + thrown.what();
    }
    auto choices = Choices::drawn_from(stream_seed(seed, "disk"));
    history.violation = crash_everywhere(life, {}, {.open = open_lmdb}, choices, counts);
    for (const auto& act : acts) history.decisions.commands.push_back(act.taken());
    return history;
  }

  /// Up to so many operations, somewhere, meet the same; of those that may leave more than nothing, one.
  static constexpr std::uint32_t troubled_max = 5;

  static void trouble(Disk& disk, std::uint64_t seed, History& history) {
    auto choices = Choices::drawn_from(stream_seed(seed, "trouble"));
    const auto kind = static_cast<Trouble>(choices.below(4));
    const auto place = choices.below(50);
    const bool leaves_nothing = kind == Trouble::no_room || kind == Trouble::interrupted;
    disk.trouble(kind, place, choices.between(1, leaves_nothing ? troubled_max : 1));
    history.lines.push_back("trouble from operation " + std::to_string(place) + " on");
  }

  /// A store that could not be opened is opened again, as often as the disk may have failed.
  static void insist(const std::function<void()>& open) {
    for (std::uint32_t n = 0; n < troubled_max; ++n) {
      try {
        return open();
      } catch (const std::exception&) {
      }
    }
    open();
  }

  void act_on(Witness& witness, Choices& act, History& history) {
    if (act.chance(disk_is_ == DiskIs::in_trouble ? 250 : 100)) {
      history.lines.emplace_back("reopen");
      return insist([&] { witness.reopen(); });
    }
    std::vector<Change> changes;
    for (auto count = act.chance(400) ? act.between(1, 4) : 1; count > 0; --count)
      changes.push_back(any_change(act));
    for (const auto& change : changes) history.lines.push_back("write " + told(change));
    witness.write(std::move(changes));
  }

  OpenIn open_;
  DiskIs disk_is_;
};

TEST(Crash, LosesNothingThatWasAcknowledgedAndTearsNothing) {
  CrashRun run{open_lmdb, DiskIs::well};
  auto campaign = Campaign::of(6);
  campaign.acts = 8;

  EXPECT_EQ(run.find_fault(campaign), "");

  for (const auto& [what, times] : run.counts) std::cout << what << ": " << times << '\n';
}

TEST(Crash, AfterTroubleLosesNothingAndTearsNothing) {
  CrashRun run{open_lmdb, DiskIs::in_trouble};
  auto campaign = Campaign::of(8);
  campaign.acts = 8;

  EXPECT_EQ(run.find_fault(campaign), "");
  EXPECT_GT(run.counts["struck"], 0u);
}

TEST(Crash, OnADiskThatLiesIsFoundOut) {
  CrashRun run{open_lmdb, DiskIs::lying};
  EXPECT_NE(run.find_fault({.histories = 5, .acts = 5}), "");
}

TEST(Crash, OfAStoreThatAnswersBeforeItCommitsIsFoundOut) {
  CrashRun run{open_planted(Fault::rings_before_commit), DiskIs::well};
  EXPECT_NE(run.find_fault({.histories = 5, .acts = 5}), "");
}

TEST(Crash, OfAStoreThatTearsItsCommitsIsFoundOut) {
  CrashRun run{open_planted(Fault::tears_commit), DiskIs::well};
  EXPECT_NE(run.find_fault({.histories = 5, .acts = 5}), "");
}

}  // namespace
}  // namespace twostep::properties::stores
