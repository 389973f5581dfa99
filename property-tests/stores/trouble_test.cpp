#include <gtest/gtest.h>

#include <exception>
#include <optional>

#include "impl/store/testing.hpp"
#include "property-tests/stores/crash.hpp"

/// A disk that fails at every operation in turn: each failure becomes the right error, nothing is done by
/// half, and what the disk may hold afterwards survives a crash as ever.
namespace twostep::properties::stores {
namespace {

using store::StoreError;

std::unique_ptr<Subject> open_lmdb(const std::filesystem::path& directory) {
  return driven([directory] { return open_lmdb_store(directory); }, Kind::with_a_writer);
}

/// One notification to everybody, of some size.
Change tell_all(std::uint32_t value, std::uint32_t size = 1) {
  return {.edits = {{.kind = EditKind::tell, .other = 3, .thing = size, .value = value}}};
}

/// Writes, one after the other and together; then a reopening, and one more.
class Troubled {
 public:
  Troubled(Trouble trouble, std::size_t place) {
    Disk disk{directory_.path()};
    disk.trouble(trouble, place, 1);
    try {
      witness_.emplace(open_lmdb, directory_.path(), disk, State{});
    } catch (const std::exception&) {
      opened_at_once = false;  // As the operator is told, who tries again.
      witness_.emplace(open_lmdb, directory_.path(), disk, State{});
    }
    write({tell_all(0)});
    write({tell_all(1, 3)});
    write({tell_all(2), tell_all(3), tell_all(4, 2)});
    in_reach = place < disk.position();
    struck = disk.struck() > 0;
    disk.trouble(trouble, 0, 0);  // It is well again.
    const bool was_unknown = hit_ && *hit_ == StoreError::outcome_unknown;
    const auto after = witness_->write({tell_all(5)}).front();
    EXPECT_EQ(after.error == StoreError::busy, was_unknown) << "closed to writes if one is unknown";
    witness_->reopen();
    EXPECT_TRUE(witness_->write({tell_all(6)}).front().done());
    life = {disk.operations(), witness_->timeline(), witness_->state(), witness_->violation()};
    witness_.reset();
  }

  /// What came of the first change that met the trouble; none: all of them were done.
  std::optional<StoreError> hit() const { return hit_; }

  bool in_reach = false;  ///< There was an operation at that place,
  bool struck = false;    ///< and it met the trouble: it was a write or a sync.
  bool opened_at_once = true;
  Life life;

 private:
  void write(std::vector<Change> changes) {
    for (const auto& outcome : witness_->write(std::move(changes)))
      if (!hit_ && !outcome.done()) hit_ = outcome.error;
  }

  store::testing::ScratchDirectory directory_;
  std::optional<Witness> witness_;
  std::optional<StoreError> hit_;
};

/// What a change is told whose commit met it there. None: nothing, it is done.
bool is_right(Trouble trouble, const Operation& at, std::optional<StoreError> told) {
  const bool plain_write = at.kind == Operation::Kind::write && !at.through;
  switch (trouble) {
    case Trouble::no_room:
      // Of several that have no room together, each is tried alone, and finds room again.
      if (plain_write) return !told || told == StoreError::full;
      return told == StoreError::outcome_unknown ||
             (at.kind == Operation::Kind::sync && told != StoreError::busy);
    case Trouble::interrupted:
      return at.kind == Operation::Kind::write ? !told : told == StoreError::outcome_unknown;
    case Trouble::broken:
    case Trouble::cut_short:
      return told == StoreError::outcome_unknown;
    case Trouble::lie:
      return !told;
  }
  return false;
}

class DiskInTrouble : public ::testing::TestWithParam<Trouble> {};

INSTANTIATE_TEST_SUITE_P(Of, DiskInTrouble,
                         ::testing::Values(Trouble::no_room, Trouble::broken, Trouble::interrupted,
                                           Trouble::cut_short),
                         [](const auto& test) {
                           switch (test.param) {
                             case Trouble::no_room:
                               return "NoRoom";
                             case Trouble::broken:
                               return "Broken";
                             case Trouble::interrupted:
                               return "Interrupted";
                             case Trouble::cut_short:
                               return "CutShort";
                             case Trouble::lie:
                               break;
                           }
                           return "Lie";
                         });

TEST_P(DiskInTrouble, IsToldAsItIsAndLosesNothing) {
  Counts counts;
  std::size_t places = 0;
  for (std::size_t place = 0;; ++place) {
    SCOPED_TRACE("operation " + std::to_string(place));
    const Troubled troubled{GetParam(), place};
    if (!troubled.in_reach) break;
    if (!troubled.struck) continue;
    ++places;
    if (troubled.opened_at_once) {
      EXPECT_TRUE(is_right(GetParam(), troubled.life.operations[place], troubled.hit()));
    }
    auto choices = Choices::drawn_from(place);
    ASSERT_EQ(crash_everywhere(troubled.life, {},
                               {.from = place, .drawn = 1, .kills_of = 16, .open = open_lmdb},
                               choices, counts),
              "");
  }
  EXPECT_GT(places, 12u);
}

TEST(FullDisk, RefusesReadsOnAndTakesWritesAgain) {
  const store::testing::ScratchDirectory directory;
  Life life;
  {
    Disk disk{directory.path()};
    Witness witness{open_lmdb, directory.path(), disk, {}};
    EXPECT_TRUE(witness.write({tell_all(0)}).front().done());
    disk.trouble(Trouble::no_room, disk.position(), 1'000);
    for (std::uint32_t n = 1; n < 4; ++n)
      EXPECT_EQ(witness.write({tell_all(n)}).front().error, StoreError::full);
    for (const auto& outcome : witness.write({tell_all(4), tell_all(5)}))
      EXPECT_EQ(outcome.error, StoreError::full);
    disk.trouble(Trouble::no_room, 0, 0);
    EXPECT_TRUE(witness.write({tell_all(6)}).front().done());
    life = {disk.operations(), witness.timeline(), witness.state(), witness.violation()};
  }
  Counts counts;
  auto choices = Choices::drawn_from(1);
  EXPECT_EQ(crash_everywhere(life, {}, {.open = open_lmdb}, choices, counts), "");
}

}  // namespace
}  // namespace twostep::properties::stores
