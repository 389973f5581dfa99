#include "conformance/runner/exchange.hpp"

#include <gmock/gmock.h>

#include "conformance/runner/html.hpp"

namespace twostep::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Json exchange(const std::string& method, const std::string& path, int status) {
  return {{"kind", "http"},
          {"actor", "alice's phone"},
          {"method", method},
          {"path", path},
          {"status", status},
          {"at_ms", 1.0},
          {"request_headers", {"Authorization: Bearer …", "Content-Type: application/json"}}};
}

TEST(SequenceDiagram, FoldsWhatEveryTestDoesToBegin) {
  const std::vector<Json> history = {exchange("POST", "/v9/register", 201),
                                     exchange("POST", "/v9/login", 200),
                                     exchange("GET", "/v9/notifications", 404)};

  EXPECT_THAT(sequence_diagram(history, true), HasSubstr("setup: 2 requests"));
  EXPECT_THAT(sequence_diagram(history, true), HasSubstr("GET /notifications"));
  EXPECT_THAT(sequence_diagram(history, false), HasSubstr("POST /register"));
}

TEST(SequenceDiagram, ShowsASetupThatFailed) {
  EXPECT_THAT(sequence_diagram({exchange("POST", "/v9/register", 500)}, true),
              HasSubstr("/register"));
}

TEST(CurlLine, RepeatsTheLastRequestWithoutItsToken) {
  auto sent = exchange("POST", "/v9/x", 400);
  sent["request"] = R"({"name": "it's"})";

  const auto line = curl_line({exchange("GET", "/v9/y", 200), sent}, "http://h:1");

  EXPECT_EQ(
      line,
      "curl -i -X POST -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' "
      R"(--data-binary '{"name": "it'\''s"}' 'http://h:1/v9/x')");
}

TEST(Html, NothingThatATargetSaysIsMarkup) {
  auto sent = exchange("GET", "/v9/<script>", 200);
  sent["response"] = "<script>";

  EXPECT_THAT(sequence_diagram({sent}, true), Not(HasSubstr("<script>")));
  EXPECT_EQ(marked_up("`{}` and [SND-02](x.md) <b>"), "<code>{}</code> and SND-02 &lt;b&gt;");
  EXPECT_EQ(shortened("grüße", 3), "gr… (7 bytes)");
}

}  // namespace
}  // namespace twostep::conformance
