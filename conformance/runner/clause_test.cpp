#include "conformance/runner/clause.hpp"

#include <gmock/gmock.h>

#include <set>

namespace twostep::conformance {
namespace {

TEST(Clauses, AreReadFromTheSpecification) {
  const auto* clause = find_clause("SND-02");

  ASSERT_NE(clause, nullptr);
  EXPECT_EQ(clause->level, Level::must);
  EXPECT_EQ(clause->chapter, "Sending: step one (SND)");
  EXPECT_THAT(std::string(clause->source), ::testing::StartsWith("S2"));
  EXPECT_THAT(std::string(clause->text), ::testing::Not(::testing::HasSubstr("Seen by")));
  EXPECT_FALSE(clause->seen_by.empty());
}

TEST(Clauses, HaveAnIdOfTheirOwnAndAWayToBeSeen) {
  std::set<std::string_view> ids;
  for (const auto& clause : clauses()) {
    EXPECT_TRUE(ids.insert(clause.id).second) << clause.id << " occurs twice";
    EXPECT_FALSE(clause.text.empty()) << clause.id;
    EXPECT_FALSE(clause.seen_by.empty()) << clause.id;
  }
}

TEST(Clauses, AreNamedByTestSuites) {
  EXPECT_EQ(clause_of_suite("Snd02"), "SND-02");
  EXPECT_EQ(find_clause(clause_of_suite("Whatever")), nullptr);
}

}  // namespace
}  // namespace twostep::conformance
