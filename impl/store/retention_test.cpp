#include "impl/store/retention.hpp"

#include <gtest/gtest.h>

#include "impl/store/inbox.hpp"
#include "impl/store/limits.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/testing.hpp"

namespace twostep::store {
namespace {

using namespace std::chrono_literals;

const Instant noon = std::chrono::sys_days{std::chrono::year{2024} / 5 / 17} + 12h;
constexpr Ticks keep = std::chrono::days{28};

UserId user(std::size_t number) {
  Uuid::Octets octets{};
  octets[0] = static_cast<std::uint8_t>(number >> 8);
  octets[1] = static_cast<std::uint8_t>(number);
  return UserId{Uuid{octets}};
}

class Retention : public ::testing::Test {
 protected:
  void store(std::size_t inbox, std::size_t count, Instant now) {
    testing::write(rows_, [&](Transaction& transaction) {
      for (; count > 0; --count)
        append(transaction, {.now = now, .origin = {}}, {.user = user(inbox), .event = "{}"});
    }).value();
  }

  std::size_t kept(std::size_t inbox) {
    std::size_t count = 0;
    testing::read(rows_, [&](const Reader& reader) {
      visit_after(reader, user(inbox), std::nullopt, TimeUuid::earliest,
                  [&](const NotificationView&) { return ++count, true; });
    }).value();
    return count;
  }

  struct Sweep {
    std::size_t removed = 0;
    std::size_t steps = 0;
  };

  Sweep sweep_all(Instant oldest) {
    Sweep sum;
    std::optional<UserId> next;
    do {
      const auto step = testing::wait_for(sweep(rows_, next, oldest)).value();
      EXPECT_LE(step.removed, limits::sweep_rows_max);
      sum.removed += step.removed;
      ++sum.steps;
      next = step.next;
    } while (next);
    return sum;
  }

  MemoryStore rows_;
};

// CUP-23 allows to drop what is older than the promise, and nothing else.
TEST_F(Retention, ASweepRemovesWhatHasExpiredFromEveryInboxAndNothingElse) {
  for (std::size_t inbox = 0; inbox < 3; ++inbox) {
    store(inbox, inbox + 1, noon);
    store(inbox, 2, noon + 1h);
  }

  EXPECT_EQ(sweep_all(noon + 30min).removed, 1u + 2u + 3u);
  for (std::size_t inbox = 0; inbox < 3; ++inbox) EXPECT_EQ(kept(inbox), 2u);
  EXPECT_EQ(sweep_all(noon + 30min).removed, 0u);
}

TEST_F(Retention, AnInboxLargerThanAStepIsSweptInSeveral) {
  store(7, 2 * limits::sweep_rows_max + 1, noon);
  store(8, 1, noon);

  const auto sum = sweep_all(noon + 1h);

  EXPECT_EQ(sum.removed, 2 * limits::sweep_rows_max + 2);
  EXPECT_EQ(sum.steps, 3u);
  EXPECT_EQ(kept(7) + kept(8), 0u);
}

TEST_F(Retention, ManyInboxesAreSweptInSeveralSteps) {
  for (std::size_t inbox = 0; inbox <= limits::sweep_inboxes_max; ++inbox) store(inbox, 1, noon);
  store(limits::sweep_inboxes_max, 1, noon - 1h);

  EXPECT_EQ(sweep_all(noon - 1h).steps, 2u);
  EXPECT_EQ(sweep_all(noon + 1h).removed, limits::sweep_inboxes_max + 2);
}

TEST_F(Retention, AnEmptyStoreIsSweptAtOnce) { EXPECT_EQ(sweep_all(noon).steps, 1u); }

TEST_F(Retention, AClockSetForwardDoesNotEmptyTheInboxes) {
  EXPECT_EQ(oldest_kept(noon + 2h, noon, 2h, keep), noon + 2h - keep);
  EXPECT_EQ(oldest_kept(noon + std::chrono::days{365}, noon, 2h, keep),
            noon + 2h + limits::clock_correction_max - keep);
  EXPECT_EQ(oldest_kept(noon - 5h, noon, 2h, keep), noon - 5h - keep);
}

}  // namespace
}  // namespace twostep::store
