#include "conformance/support/target.hpp"

#include <gmock/gmock.h>

namespace twostep::conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Json minimal() {
  return {{"domain", "a.example"}, {"http", "http://h:1"}, {"websocket", "ws://h:1"}};
}

std::string complaint_about(const Json& json) {
  try {
    parse_target(json);
  } catch (const TargetError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Target, OffersNothingThatIsNotWritten) {
  const auto target = parse_target(minimal());

  EXPECT_EQ(target.api_version, 9);
  EXPECT_EQ(target.accounts.how, Accounts::How::registration);
  EXPECT_FALSE(target.push_listen);
  EXPECT_FALSE(target.process);
  EXPECT_FALSE(target.federation);
}

TEST(Target, RefusesAMisspeltKeyAndNamesTheKnownOnes) {
  auto json = minimal();
  json["proces"] = Json::object();

  EXPECT_THAT(complaint_about(json), AllOf(HasSubstr("proces"), HasSubstr("process")));
}

TEST(Target, SaysWhatIsMissingOrWrong) {
  auto without_domain = minimal();
  without_domain.erase("domain");
  auto bad_scheme = minimal();
  bad_scheme["websocket"] = "http://h:1";
  auto bad_accounts = minimal();
  bad_accounts["accounts"] = {{"how", "magic"}};
  auto bad_listen = minimal();
  bad_listen["push"] = {{"listen", "9191"}};
  auto unexplained = minimal();
  unexplained["known_failures"] = Json::array({{{"clause", "SND-01"}, {"link", "l"}}});

  EXPECT_THAT(complaint_about(without_domain), HasSubstr("domain"));
  EXPECT_THAT(complaint_about(bad_scheme), HasSubstr("ws://"));
  EXPECT_THAT(complaint_about(bad_accounts), HasSubstr("internal"));
  EXPECT_THAT(complaint_about(bad_listen), HasSubstr("host:port"));
  EXPECT_THAT(complaint_about(unexplained), HasSubstr("reason"));
}

TEST(Target, ReadsTheDescribedExample) {
  auto json = minimal();
  json["name"] = "my backend";
  json["push"] = {{"listen", "127.0.0.1:9191"}};
  json["process"] = {{"kill", "k"}, {"start", "s"}};
  json["federation"] = {{"profile", "m1"},
                        {"url", "http://127.0.0.1:8090"},
                        {"peers", {{"pattern", "*.peers.test"}, {"listen", "127.0.0.1:9090"}}}};

  const auto target = parse_target(json);

  EXPECT_EQ(target.push_listen->port, 9191);
  EXPECT_EQ(target.process->start, "s");
  EXPECT_EQ(target.federation->peers_pattern, "*.peers.test");
}

TEST(Target, NeedsAnAuthorityForFederationOverTlsAndOnlyThen) {
  auto secure = minimal();
  secure["federation"] = {{"url", "https://127.0.0.1:8090"}};
  auto plain = minimal();
  plain["federation"] = {{"url", "http://127.0.0.1:8090"},
                         {"authority", {{"certificate", "c"}, {"key", "k"}}}};

  EXPECT_THAT(complaint_about(secure), HasSubstr("authority"));
  EXPECT_THAT(complaint_about(plain), HasSubstr("https"));
  secure["federation"]["authority"] = {{"certificate", "c"}, {"key", "k"}};
  EXPECT_EQ(parse_target(secure).federation->authority->key, "k");
}

}  // namespace
}  // namespace twostep::conformance
