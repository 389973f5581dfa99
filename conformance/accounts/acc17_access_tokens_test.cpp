#include "conformance/accounts/account.hpp"
#include "conformance/accounts/client.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

RequestOptions with_authorization(const std::string& value) {
  return {.content_type = "", .headers = {{"Authorization", value}}, .authorized = false};
}

// ACC-17  An access token goes into the header or, without that, into the query.
TEST(Acc17, ATokenGoesIntoTheHeaderOrTheQuery) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto nobody = backend.anonymous();

  const auto in_header = nobody.get("/self", with_authorization("Bearer " + alice.token()));
  const auto in_query = nobody.get("/self?access_token=" + alice.token());

  EXPECT_THAT(in_header, HasStatus(200));
  EXPECT_EQ(part(in_header.json, "/id"), alice.id().id);
  EXPECT_THAT(in_query, HasStatus(200));
  EXPECT_EQ(part(in_query.json, "/id"), alice.id().id);
}

// ACC-17  If both are there the header counts.
TEST(Acc17, TheHeaderCounts) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto nobody = backend.anonymous();

  const auto invalid_header = nobody.get("/self?access_token=" + alice.token(),
                                         with_authorization("Bearer " + damaged(alice.token())));
  const auto invalid_query = nobody.get("/self?access_token=" + damaged(alice.token()),
                                        with_authorization("Bearer " + alice.token()));

  EXPECT_THAT(invalid_header, HasStatus(401));
  EXPECT_THAT(invalid_query, HasStatus(200));
}

struct Endpoint {
  std::string method;
  std::string path;
};

/// Everything that needs a user. `POST /access/logout` has a clause of its own.
std::vector<Endpoint> endpoints_of(const QualifiedId& user) {
  const auto here = user.domain + "/";
  const auto connection = "/connections/" + here + user.id;
  const auto chat = "/conversations/" + here + random_uuid();
  const auto who = path_of(user);
  return {{"GET", "/self"},
          {"GET", who},
          {"POST", "/list-users"},
          {"POST", "/clients"},
          {"GET", "/clients"},
          {"GET", "/clients/1"},
          {"PUT", "/clients/1"},
          {"DELETE", "/clients/1"},
          {"GET", "/clients/1/prekeys"},
          {"POST", "/users/list-clients"},
          {"GET", who + "/clients"},
          {"GET", who + "/clients/1"},
          {"POST", "/users/list-prekeys"},
          {"GET", who + "/prekeys"},
          {"GET", who + "/prekeys/1"},
          {"POST", "/push/tokens"},
          {"GET", "/push/tokens"},
          {"DELETE", "/push/tokens/1"},
          {"POST", connection},
          {"PUT", connection},
          {"GET", connection},
          {"POST", "/list-connections"},
          {"POST", "/conversations"},
          {"GET", chat},
          {"POST", "/conversations/list-ids"},
          {"POST", "/conversations/list"},
          {"POST", chat + "/members"},
          {"DELETE", chat + "/members/" + here + user.id},
          {"POST", chat + "/typing"},
          {"POST", chat + "/proteus/messages"},
          {"POST", "/conversations/" + random_uuid() + "/otr/messages"},
          {"GET", "/notifications"},
          {"GET", "/notifications/last"},
          {"GET", "/notifications/00000000-0000-1000-8000-000000000000"},
          {"GET", "/await"}};
}

/// Asks every endpoint in this way; the body is an empty object.
void expect_unauthorized(const Caller& caller, const QualifiedId& user,
                         const std::vector<Header>& headers) {
  for (const auto& [method, path] : endpoints_of(user)) {
    const bool has_body = method != "GET";
    const auto reply =
        caller.request(method, path, has_body ? "{}" : "",
                       {.content_type = has_body ? "application/json" : "", .headers = headers});
    EXPECT_THAT(reply, HasStatus(401)) << method << ' ' << path;
  }
}

// ACC-18  Whatever needs a user is answered 401 without an access token.
TEST(Acc18, WithoutATokenNothingIsDone) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  expect_unauthorized(backend.anonymous(), alice.id(), {});
}

// ACC-18  So it is with one that was damaged.
TEST(Acc18, WithADamagedTokenNothingIsDone) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  expect_unauthorized(backend.anonymous(), alice.id(),
                      {{"Authorization", "Bearer " + damaged(alice.token())}});
}

// ACC-18  Nor is anything else that looks like a token taken for one.
TEST(Acc18, WhatIsNoTokenIsNotTakenForOne) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto nobody = backend.anonymous();

  for (const auto& value :
       {std::string{"Bearer"}, std::string{"Bearer garbage"}, "Basic " + alice.token(),
        "Bearer " + alice.cookie(), "Bearer " + alice.token() + "A"}) {
    EXPECT_THAT(nobody.get("/self", with_authorization(value)), HasStatus(401)) << value;
  }
  EXPECT_THAT(nobody.get("/self?access_token=" + damaged(alice.token())), HasStatus(401));
}

// ACC-18  What needs no user needs no token: nobody is asked for one.
TEST(Acc18, WhatNeedsNoUserNeedsNoToken) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  const auto nobody = backend.anonymous();

  EXPECT_THAT(nobody.get("/api-version"), HasStatus(200));
  EXPECT_THAT(nobody.post("/register", Json::object()), HasStatus(::testing::Ne(401)));
  EXPECT_THAT(log_in(alice.email(), alice.password()), HasStatus(200));
  EXPECT_THAT(renew(alice.cookie()), HasStatus(200));
}

}  // namespace
}  // namespace twostep::conformance
