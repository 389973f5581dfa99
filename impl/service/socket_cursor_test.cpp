#include "impl/service/socket_cursor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>

#include "impl/service/limits.hpp"

namespace twostep::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ClientId phone{0xa};
constexpr ClientId laptop{0xb};
constexpr ConnectionId own_connection{1};
constexpr ConnectionId other_connection{2};

TimeUuid id(int n) { return TimeUuid::at(TimeUuid::earliest + Ticks{n}, {}); }

std::optional<TimeUuid> id_or_none(int n) { return n == 0 ? std::nullopt : std::optional{id(n)}; }

Frame frame(int n, std::size_t size = 1) {
  auto text = std::to_string(n);
  text.resize(std::max(size, text.size()), ' ');
  return std::make_shared<const std::string>(std::move(text));
}

/// A bell for notification `n`, which follows `previous` (0: none).
Doorbell bell(int previous, int n, std::vector<ClientId> targets = {},
              ConnectionId origin = other_connection) {
  return {.user = {},
          .previous = id_or_none(previous),
          .id = id(n),
          .targets = std::move(targets),
          .origin = origin,
          .event = {}};
}

SocketCursor at(int head) {
  SocketCursor cursor{phone, own_connection};
  cursor.read({.rows = {}, .through = id_or_none(head)});
  return cursor;
}

/// What the socket has to do, until it has nothing or has to read: "1", "2", "read after 2".
std::vector<std::string> taken(SocketCursor& cursor) {
  std::vector<std::string> all;
  for (;;) {
    const auto next = cursor.take();
    if (const auto* read = std::get_if<SocketCursor::Read>(&next)) {
      const auto after = read->after ? read->after->instant() - TimeUuid::earliest : Ticks{0};
      all.push_back("read after " + std::to_string(after.count()));
      return all;
    }
    const auto* frame = std::get_if<Frame>(&next);
    if (!frame) return all;
    all.push_back(**frame);
  }
}

TEST(Dlv01, ADoorbellThatFollowsIsAFrame) {
  auto cursor = at(3);

  cursor.ring(bell(3, 5), frame(5));
  cursor.ring(bell(5, 6), frame(6));

  EXPECT_THAT(taken(cursor), ElementsAre("5", "6"));
  EXPECT_TRUE(cursor.idle());
}

TEST(Dlv01, AnInboxWithoutAPastBeginsWithItsFirstNotification) {
  auto cursor = at(0);
  cursor.ring(bell(0, 1), frame(1));
  EXPECT_THAT(taken(cursor), ElementsAre("1"));
}

TEST(Dlv09, WhatWasMissedIsReadFromTheStoreFirst) {
  auto cursor = at(3);

  cursor.ring(bell(4, 5), frame(5));  // 4 rang on a node that could not tell us.
  EXPECT_THAT(taken(cursor), ElementsAre("read after 3"));

  cursor.read({.rows = {{id(4), frame(4)}, {id(5), frame(5)}}, .through = id(5)});
  EXPECT_THAT(taken(cursor), ElementsAre("4", "5"));
}

TEST(Dlv08, WhatAReadFoundIsNotRungAgain) {
  auto cursor = at(3);
  cursor.ring(bell(4, 5), frame(5));
  EXPECT_THAT(taken(cursor), ElementsAre("read after 3"));
  cursor.read(
      {.rows = {{id(4), frame(4)}, {id(5), frame(5)}, {id(6), frame(6)}}, .through = id(6)});

  cursor.ring(bell(5, 6), frame(6));  // Committed before the snapshot, rung after it.
  cursor.ring(bell(6, 7), frame(7));

  EXPECT_THAT(taken(cursor), ElementsAre("4", "5", "6", "7"));
}

TEST(Dlv10, NothingUpToTheHeadAtItsBeginningIsSent) {
  SocketCursor cursor{phone, own_connection};
  cursor.ring(bell(1, 2), frame(2));
  EXPECT_THAT(taken(cursor), IsEmpty());
  cursor.read({.rows = {}, .through = id(3)});

  cursor.ring(bell(2, 3), frame(3));

  EXPECT_THAT(taken(cursor), IsEmpty());
}

TEST(Dlv10, NeitherIsTheFirstOfAllIfItWasThereWhenTheSocketBegan) {
  SocketCursor cursor{phone, own_connection};
  cursor.ring(bell(0, 1), frame(1));
  cursor.read({.rows = {}, .through = id(1)});
  EXPECT_THAT(taken(cursor), IsEmpty());
}

TEST(Dlv12, WhatRangBeforeTheFirstReadIsReadFromTheStore) {
  SocketCursor cursor{phone, own_connection};
  cursor.read({.rows = {}, .through = id(3)});
  SocketCursor early{phone, own_connection};
  early.ring(bell(3, 4), frame(4));

  early.read({.rows = {}, .through = id(3)});

  EXPECT_THAT(taken(early), ElementsAre("read after 3"));
}

TEST(Dlv03, OthersAreSkippedWithoutAGap) {
  auto cursor = at(3);
  cursor.ring(bell(3, 4, {laptop}), frame(4));
  cursor.ring(bell(4, 5, {phone, laptop}), frame(5));
  cursor.ring(bell(5, 6, {laptop}), frame(6));
  cursor.ring(bell(6, 7, {}), frame(7));
  EXPECT_THAT(taken(cursor), ElementsAre("5", "7"));
}

TEST(Dlv04, ASocketWithoutAClientGetsWhatIsForAny) {
  SocketCursor cursor{std::nullopt, own_connection};
  cursor.read({.rows = {}, .through = id(3)});
  cursor.ring(bell(3, 4, {laptop}), frame(4));
  cursor.ring(bell(4, 5, {phone}), frame(5));
  EXPECT_THAT(taken(cursor), ElementsAre("4", "5"));
}

TEST(Dlv06, WhatItsOwnConnectionCausedIsSkipped) {
  auto cursor = at(3);
  cursor.ring(bell(3, 4, {}, own_connection), frame(4));
  cursor.ring(bell(4, 5), frame(5));
  EXPECT_THAT(taken(cursor), ElementsAre("5"));
}

TEST(SocketCursorTest, AReaderThatFallsBehindCostsNoMoreThanItsBounds) {
  auto cursor = at(0);
  const int rung = 3 * static_cast<int>(limits::socket_frames_max);

  std::vector<std::weak_ptr<const std::string>> frames;
  for (int n = 1; n <= rung; ++n) {
    const auto each = frame(n);
    frames.push_back(each);
    cursor.ring(bell(n - 1, n), each);
  }

  const auto alive =
      std::count_if(frames.begin(), frames.end(), [](const auto& each) { return !each.expired(); });
  EXPECT_EQ(alive, limits::socket_frames_max);
  EXPECT_EQ(taken(cursor).back(), "read after " + std::to_string(limits::socket_frames_max));
}

TEST(SocketCursorTest, BytesAreBoundedAsWell) {
  auto cursor = at(0);
  const auto half = limits::socket_bytes_max / 2 + 1;
  cursor.ring(bell(0, 1), frame(1, half));
  cursor.ring(bell(1, 2), frame(2, half));
  EXPECT_EQ(taken(cursor).back(), "read after 1");
}

TEST(SocketCursorTest, AFrameLargerThanTheBoundStillComes) {
  auto cursor = at(0);
  cursor.ring(bell(0, 1), frame(1, 2 * limits::socket_bytes_max));
  EXPECT_EQ(taken(cursor).size(), 1u);
}

TEST(Dlv16, TransientFramesAreOutsideTheOrderAndMoveNothing) {
  auto cursor = at(3);
  cursor.ring(bell(4, 5), frame(5));
  EXPECT_THAT(taken(cursor), ElementsAre("read after 3"));

  cursor.transient(frame(77));
  EXPECT_THAT(taken(cursor), ElementsAre("77"));  // Even while a read is under way.

  cursor.read({.rows = {{id(4), frame(4)}, {id(5), frame(5)}}, .through = id(5)});
  EXPECT_THAT(taken(cursor), ElementsAre("4", "5"));
}

TEST(Dlv16, TransientFramesBeyondTheBoundAreDropped) {
  auto cursor = at(0);
  for (std::size_t n = 0; n < 2 * limits::socket_frames_max; ++n) cursor.transient(frame(77));
  EXPECT_EQ(taken(cursor).size(), limits::socket_frames_max);
}

// The ids of the wall-clock policy do not rise with the commits: 4 is committed after 6.
TEST(Tid09, ALateIdIsSentWhenItRings) {
  auto cursor = at(3);
  cursor.ring(bell(3, 6), frame(6));
  cursor.ring(bell(6, 4), frame(4));
  cursor.ring(bell(6, 7), frame(7));
  EXPECT_THAT(taken(cursor), ElementsAre("6", "4", "7"));
}

TEST(Tid09, ALateIdThatAReadFoundIsNotSentAgain) {
  auto cursor = at(3);
  cursor.ring(bell(5, 6), frame(6));
  EXPECT_THAT(taken(cursor), ElementsAre("read after 3"));
  cursor.read({.rows = {{id(4), frame(4)}, {id(6), frame(6)}}, .through = id(6)});

  cursor.ring(bell(6, 4), frame(4));

  EXPECT_THAT(taken(cursor), ElementsAre("4", "6"));
}

/// An inbox, its doorbells, and a socket that is driven one small step at a time.
class World {
 public:
  explicit World(int head) : head_at_start_{head} {
    for (int n = 1; n <= head; ++n) wanted_.push_back(true);
    snapshot_ = wanted_.size();
  }

  void commit(bool wanted) {
    wanted_.push_back(wanted);
    bells_.push_back(static_cast<int>(wanted_.size()));
  }

  void ring(bool lost) {
    if (bells_.empty()) return;
    const int n = bells_.front();
    bells_.pop_front();
    if (lost && !bells_.empty()) return;  // The last one comes: it stands for any later one.
    const std::vector<ClientId> targets{wants(n) ? phone : laptop};
    cursor_.ring(bell(n - 1, n, targets), frame(n, size_of(n)));
  }

  void take() {
    const auto next = cursor_.take();
    if (const auto* read = std::get_if<SocketCursor::Read>(&next)) {
      RC_ASSERT(!reading_);
      reading_ = true;
      after_ =
          read->after ? static_cast<int>((read->after->instant() - TimeUuid::earliest).count()) : 0;
      snapshot_ = wanted_.size();
    } else if (const auto* frame = std::get_if<Frame>(&next)) {
      sent_.push_back(std::stoi(**frame));
    }
  }

  /// The read under way returns what its snapshot had, at most `rows_max` of it.
  void finish_read(int rows_max) {
    if (!reading_) return;
    reading_ = false;
    SocketCursor::Page page;
    if (after_ < 0) {
      page.through = id_or_none(static_cast<int>(snapshot_));
    } else {
      const int end = std::min(static_cast<int>(snapshot_), after_ + rows_max);
      for (int n = after_ + 1; n <= end; ++n)
        if (wants(n)) page.rows.push_back({id(n), frame(n, size_of(n))});
      page.through = id_or_none(end);
    }
    cursor_.read(std::move(page));
  }

  void settle() {
    while (!bells_.empty()) ring(false);
    finish_read(7);
    while (!cursor_.idle()) {
      take();
      finish_read(7);
    }
  }

  std::vector<int> sent() const { return sent_; }

  std::vector<int> to_be_sent() const {
    std::vector<int> all;
    for (int n = head_at_start_ + 1; n <= static_cast<int>(wanted_.size()); ++n)
      if (wants(n)) all.push_back(n);
    return all;
  }

 private:
  bool wants(int n) const { return wanted_[static_cast<std::size_t>(n) - 1]; }
  static std::size_t size_of(int n) { return n % 5 == 0 ? limits::socket_bytes_max / 3 : 1; }

  const int head_at_start_;
  std::vector<bool> wanted_;
  std::deque<int> bells_;
  SocketCursor cursor_{phone, own_connection};
  bool reading_ = true;
  int after_ = -1;  ///< Negative: the read under way is the first, for the head.
  std::size_t snapshot_ = 0;
  std::vector<int> sent_;
};

// Whatever the order of commits, doorbells (some lost), reads and writes to the socket.
RC_GTEST_PROP(Dlv09, EveryWantedNotificationIsSentOnceInOrder, ()) {
  World world{*rc::gen::inRange(0, 4)};
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 16));
  for (const int step : steps) {
    if (step < 5) world.commit(step != 0);
    if (step >= 5 && step < 9) world.ring(step == 5);
    if (step >= 9 && step < 12) world.take();
    if (step >= 12 && step < 15) world.finish_read(step - 11);
    if (step == 15)
      for (std::size_t n = 0; n < limits::socket_frames_max; ++n) world.commit(true);
  }

  world.settle();

  RC_ASSERT(world.sent() == world.to_be_sent());
  RC_CLASSIFY(world.sent().size() > limits::socket_frames_max, "more than may wait");
}

}  // namespace
}  // namespace twostep::service
