#include "property-tests/pure/property.hpp"

#include <cstdlib>
#include <set>
#include <sstream>

namespace twostep::properties {
namespace {

using rc::detail::FailureResult;
using rc::detail::SuccessResult;

// For what is expected to fail: nobody is told how to repeat it.
class Silence final : public rc::detail::TestListener {
 public:
  void onTestCaseFinished(const rc::detail::CaseDescription&) override {}
  void onShrinkTried(const rc::detail::CaseDescription&, bool) override {}
  void onTestFinished(const rc::detail::TestMetadata&, const rc::detail::TestResult&) override {}
};

rc::detail::TestMetadata prepared() {
  // Read by RapidCheck when the first property is checked. The same cases every time, unless somebody
  // asks for others: what a pipeline says must not depend on luck.
  static const int once = ::setenv("RC_PARAMS", "seed=1 max_success=500", 0);
  static_cast<void>(once);
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const auto name = std::string{test->test_suite_name()} + '/' + test->name();
  return {name, name};
}

}  // namespace

void reached(const char* situation, bool is_it) {
  if (is_it) rc::detail::classify(situation, {});
}

void expect_always(const Property& property, std::initializer_list<std::string> situations) {
  const auto test = prepared();
  const auto result = rc::detail::checkTestable(property, test);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  ASSERT_TRUE(result.is<SuccessResult>()) << text.str();

  std::set<std::string> seen;
  for (const auto& [tags, count] : result.get<SuccessResult>().distribution)
    seen.insert(tags.begin(), tags.end());
  for (const auto& situation : situations)
    EXPECT_TRUE(seen.contains(situation)) << "never drawn: " << situation << '\n' << text.str();
}

void expect_refuted(const Property& property) {
  const auto test = prepared();
  Silence silence;
  auto params = rc::detail::configuration().testParams;
  params.disableShrinking = true;
  params.maxSuccess *= 20;  // It ends with the first failure, and that comes soon.
  const auto result = rc::detail::checkTestable(property, test, params, silence);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  EXPECT_TRUE(result.is<FailureResult>()) << "nobody noticed: " << text.str();
}

}  // namespace twostep::properties
