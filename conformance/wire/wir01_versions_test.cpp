#include <algorithm>
#include <string>
#include <vector>

#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Not;

const std::string no_version = "/v4711";

Reply exactly(const Caller& caller, const std::string& path) {
  return caller.get(path, {.versioned = false});
}

std::string prefix(const Backend& backend) { return "/v" + std::to_string(backend.api_version()); }

bool is_list_of_integers(const Json& json) {
  return json.is_array() &&
         std::ranges::all_of(json, [](const Json& each) { return each.is_number_integer(); });
}

// WIR-01  `GET /api-version` is answered 200 with two lists of versions that have nothing in common,
//         whether the backend federates, and the domain in which it issues ids; …
TEST(Wir01, TheBackendSaysWhichVersionsItServes) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = exactly(backend.anonymous(), "/api-version");
  const auto self = alice.get("/self");

  ASSERT_THAT(reply, HasStatus(200));
  const auto& versions = reply.json;
  ASSERT_TRUE(is_list_of_integers(versions.value("supported", Json{}))) << versions;
  ASSERT_TRUE(is_list_of_integers(versions.value("development", Json{}))) << versions;
  for (const auto& version : versions["development"]) {
    EXPECT_THAT(versions["supported"], Not(Contains(version)));
  }
  EXPECT_TRUE(versions.value("federation", Json{}).is_boolean()) << versions;
  ASSERT_THAT(self, HasStatus(200));
  EXPECT_EQ(versions.value("domain", Json{}), self.json["qualified_id"]["domain"]);
}

// WIR-01  … with a version prefix just as without.
TEST(Wir01, ItSaysSoUnderAPrefixToo) {
  auto backend = Backend::under_test();

  const auto plain = exactly(backend.anonymous(), "/api-version");
  const auto prefixed = exactly(backend.anonymous(), prefix(backend) + "/api-version");

  ASSERT_THAT(plain, HasStatus(200));
  EXPECT_THAT(prefixed, HasStatus(200));
  EXPECT_EQ(prefixed.json, plain.json);
}

// WIR-02  A version that is listed has its endpoints under its prefix.
TEST(Wir02, AListedVersionIsServedUnderItsPrefix) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto versions = exactly(backend.anonymous(), "/api-version");
  const auto self = exactly(alice, prefix(backend) + "/self");

  ASSERT_TRUE(versions.json.is_object());
  auto listed = versions.json.value("supported", Json::array());
  for (const auto& version : versions.json.value("development", Json::array())) {
    listed.push_back(version);
  }
  EXPECT_THAT(listed, Contains(Json(backend.api_version())));
  ASSERT_THAT(self, HasStatus(200));
  EXPECT_EQ(self.json.value("id", ""), alice.id().id);
}

// WIR-02  `/access` and `/await` are found without a prefix: clients use them before they know of
//         any version, and for sockets.
TEST(Wir02, AccessAndAwaitNeedNoPrefix) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto access = alice.request(
      "POST", "/access", "",
      {.content_type = "", .headers = {cookie_header(alice.cookie())}, .versioned = false});
  const Socket socket{"alice",
                      backend.websocket_url(),
                      {{"Authorization", "Bearer " + alice.token()}},
                      {.path = "/await", .registered = false}};

  EXPECT_THAT(access, HasStatus(200));
  EXPECT_FALSE(socket.refusal()) << "refused with " << socket.refusal()->status;
}

// WIR-03  A version that is not listed is answered 404 `unsupported-version`.
TEST(Wir03, AnUnknownVersionIsUnsupported) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = exactly(alice, no_version + "/self");

  EXPECT_THAT(reply, IsError(404, "unsupported-version"));
}

// WIR-04  An unknown path is answered 404, and a caller with a token is told that it is none.
TEST(Wir04, AnUnknownPathIsNoEndpoint) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  EXPECT_THAT(alice.get("/no/such/path"), IsError(404, "no-endpoint"));
  EXPECT_THAT(exactly(alice, "/no-such-path"), IsError(404, "no-endpoint"));
}

// WIR-04  A known path without the method asked for is answered 405 or 404.
TEST(Wir04, AKnownPathHasOnlyItsOwnMethods) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  EXPECT_THAT(alice.del("/self"), HasStatus(AnyOf(404, 405)));
  EXPECT_THAT(alice.put("/notifications", Json::object()), HasStatus(AnyOf(404, 405)));
}

}  // namespace
}  // namespace twostep::conformance
