#include "model/play/scenario.hpp"

#include <gtest/gtest.h>

#include "model/play/table.hpp"

namespace twostep::model {
namespace {

TEST(Scenario, WritesTheOutcomeBelowEachCommand) {
  const auto played = play(
      "# A title\n"
      "A: alice, ann\n"
      "members: alice, ann\n"
      "\n"
      "alice sends to ann (at A)\n"
      "  this is not what happens\n"
      "ann catches up\n");

  EXPECT_EQ(played.title, "A title");
  EXPECT_TRUE(played.errors.empty());
  EXPECT_EQ(played.text,
            "# A title\n"
            "A: alice, ann\n"
            "members: alice, ann\n"
            "\n"
            "alice sends to ann (at A)\n"
            "  alice -> A: send m1 to ann\n"
            "  A: decides on m1\n"
            "  A1: takes ids for m1\n"
            "  A: stores m1 for ann\n"
            "  A -> alice: 201\n"
            "ann catches up\n"
            "  ann -> A: what is there?\n"
            "  A -> ann: m1\n");
}

TEST(Scenario, NamesTheLineThatItCannotRead) {
  const auto played = play("A: alice\nA: nobody\nalice dances\n");

  ASSERT_EQ(played.errors.size(), 2u);
  EXPECT_TRUE(played.errors[0].starts_with("line 2:"));
  EXPECT_TRUE(played.errors[1].starts_with("line 3:"));
}

TEST(Scenario, ACommandCanWaitForALine) {
  const auto played = play(
      "A: alice\nB: bob\nmembers: alice, bob\n"
      "after \"B -> A: bob\": B is down\n"
      "alice sends to bob\n");

  ASSERT_FALSE(played.trace.empty());
  EXPECT_EQ(text(played.trace.back()), "A -> alice: 201, failed to send: bob");
}

TEST(Table, AStarTakesAsLittleAsPossible) {
  EXPECT_EQ(match("* sends to * (*)", "ann sends to bob (at A2)"),
            (std::vector<std::string>{"ann", "bob", "at A2"}));
  EXPECT_FALSE(match("* sends to * (*)", "ann sends to bob"));
  EXPECT_FALSE(match("* is down", "B is down again"));
}

TEST(Table, DifferenceNamesTheFirstLine) {
  EXPECT_EQ(difference("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(difference("a\nb\n", "a\nc\n"), "line 2:\n- b\n+ c");
  EXPECT_EQ(difference("a\n", ""), "line 1:\n- a\n+ (end)");
}

}  // namespace
}  // namespace twostep::model
