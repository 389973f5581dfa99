#include "conformance/runner/selection.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace twostep::conformance {
namespace {

bool is_wanted(const Clause& clause, const std::vector<std::string>& patterns) {
  return patterns.empty() || std::ranges::any_of(patterns, [&](const std::string& pattern) {
           return pattern == clause.id || clause.id.starts_with(pattern + "-");
         });
}

bool is_wanted(const std::string& test, const Arguments& arguments) {
  const auto* clause = find_clause(clause_of_test(test));
  if (clause == nullptr || !is_wanted(*clause, arguments.clauses)) return false;
  return arguments.tests.empty() ||
         std::ranges::any_of(arguments.tests,
                             [&](const std::string& pattern) { return matches(pattern, test); });
}

}  // namespace

std::string clause_of_test(const std::string& test) {
  return clause_of_suite(test.substr(0, test.find('.')));
}

Selection select(const Arguments& arguments, const std::vector<std::string>& all_tests) {
  Selection selection;
  std::ranges::copy_if(all_tests, std::back_inserter(selection.tests),
                       [&](const std::string& test) { return is_wanted(test, arguments); });
  // By name, so that the shards of two builds, and of two machines, are the same.
  std::ranges::sort(selection.tests);
  const bool everything = arguments.tests.empty() && arguments.shards == 1;
  if (arguments.shards > 1) {
    std::vector<std::string> mine;
    const auto step = static_cast<std::size_t>(arguments.shards);
    for (auto i = static_cast<std::size_t>(arguments.shard) - 1; i < selection.tests.size();
         i += step) {
      mine.push_back(selection.tests[i]);
    }
    selection.tests = std::move(mine);
  }
  std::set<std::string> tested;
  for (const auto& test : selection.tests) tested.insert(clause_of_test(test));
  for (const auto& clause : clauses()) {
    const bool shown =
        everything ? is_wanted(clause, arguments.clauses) : tested.contains(std::string(clause.id));
    if (shown) selection.clauses.push_back(&clause);
  }
  if (arguments.shuffle) {
    std::mt19937_64 random{*arguments.shuffle};
    std::ranges::shuffle(selection.tests, random);
  }
  return selection;
}

std::vector<std::string> without_clause(const std::vector<std::string>& tests) {
  std::vector<std::string> found;
  std::ranges::copy_if(tests, std::back_inserter(found), [](const std::string& test) {
    return find_clause(clause_of_test(test)) == nullptr;
  });
  return found;
}

std::vector<const Clause*> without_test(const std::vector<std::string>& tests) {
  std::set<std::string> tested;
  for (const auto& test : tests) tested.insert(clause_of_test(test));
  std::vector<const Clause*> found;
  for (const auto& clause : clauses()) {
    if (clause.observable() && !tested.contains(std::string(clause.id))) found.push_back(&clause);
  }
  return found;
}

}  // namespace twostep::conformance
