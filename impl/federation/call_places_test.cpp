#include "impl/federation/call_places.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace twostep::federation {
namespace {

namespace net = boost::asio;
using namespace std::chrono_literals;
using Place = std::optional<CallPlaces::Place>;

/// Whoever asks for a place; `had` is empty as long as they wait.
struct Asker {
  std::optional<Place> had;
};

struct Room {
  std::shared_ptr<Asker> ask(std::string kind, std::chrono::milliseconds patience = 1h) {
    auto asker = std::make_shared<Asker>();
    auto asking = places.take(std::move(kind), std::chrono::steady_clock::now() + patience);
    net::co_spawn(
        net::make_strand(context), std::move(asking),
        [asker](std::exception_ptr, Place place) { asker->had.emplace(std::move(place)); });
    context.restart();
    context.poll();
    return asker;
  }

  void go_on() {
    context.restart();
    context.poll();
  }

  net::io_context context;
  CallPlaces places{2, 2};
};

TEST(CallPlacesTest, WhoFindsNoneWaitsInTurn) {
  Room room;
  const auto first = room.ask("b");
  const auto second = room.ask("b");
  const auto third = room.ask("b");
  const auto fourth = room.ask("b");
  EXPECT_TRUE(first->had && *first->had);
  EXPECT_TRUE(second->had && *second->had);
  EXPECT_FALSE(third->had);

  second->had.reset();
  room.go_on();
  EXPECT_TRUE(third->had && *third->had);
  EXPECT_FALSE(fourth->had);

  first->had.reset();
  room.go_on();
  EXPECT_TRUE(fourth->had && *fourth->had);
}

TEST(CallPlacesTest, KindsKnowNothingOfEachOther) {
  Room room;
  const auto one = room.ask("b"), two = room.ask("b"), three = room.ask("b");

  const auto other = room.ask("c");

  EXPECT_FALSE(three->had);
  EXPECT_TRUE(other->had && *other->had);
}

TEST(CallPlacesTest, WhoWouldWaitBehindTooManyDoesNot) {
  Room room;
  std::vector<std::shared_ptr<Asker>> askers;
  for (int i = 0; i < 4; ++i) askers.push_back(room.ask("b"));

  const auto fifth = room.ask("b");

  EXPECT_TRUE(fifth->had && !*fifth->had);
}

TEST(CallPlacesTest, WhoWaitedTooLongLeavesTheirTurnToOthers) {
  Room room;
  auto one = room.ask("b"), two = room.ask("b");
  const auto hasty = room.ask("b", 1ms);
  const auto patient = room.ask("b");
  room.context.restart();
  room.context.run_one();

  EXPECT_TRUE(hasty->had && !*hasty->had);
  one->had.reset();
  room.go_on();
  EXPECT_TRUE(patient->had && *patient->had);
}

}  // namespace
}  // namespace twostep::federation
