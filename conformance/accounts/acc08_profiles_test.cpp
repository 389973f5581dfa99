#include "conformance/accounts/account.hpp"
#include "conformance/accounts/client.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

/// What identifies a user in a profile.
Json core_of(const Json& profile) {
  return {{"id", part(profile, "/id")},
          {"qualified_id", part(profile, "/qualified_id")},
          {"name", part(profile, "/name")}};
}

Json core_of(const User& user) {
  const auto self = user.get("/self");
  require_setup(self, {200}, user.name() + " reads their own profile");
  return core_of(self.json);
}

// ACC-08  One's own profile is as one has registered.
TEST(Acc08, OnesOwnProfileIsAsRegistered) {
  auto nobody = Backend::under_test().anonymous();
  const auto account = new_account();
  const auto registered = nobody.post("/register", account.body());
  require_setup(registered, {201}, "registering");
  const auto login = log_in(account.email, account.password);
  require_setup(login, {200}, "logging in");

  const auto reply = self_with(part(login.json, "/access_token").get<std::string>());

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(part(reply.json, "/name"), account.name);
  EXPECT_EQ(core_of(reply.json), core_of(registered.json));
}

// ACC-09  The profile of another user is as they see it themselves.
TEST(Acc09, OthersHaveTheProfileThatTheySee) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");

  const auto reply = alice.get(path_of(bob.id()));

  EXPECT_THAT(reply, HasStatus(200));
  EXPECT_EQ(core_of(reply.json), core_of(bob));
  EXPECT_EQ(part(reply.json, "/qualified_id"), Json(bob.id()));
}

// ACC-09  Nobody has no profile.
TEST(Acc09, NobodyHasNoProfile) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");

  const auto reply = alice.get(path_of({random_uuid(), backend.domain()}));

  EXPECT_THAT(reply, IsError(404, "not-found"));
}

// ACC-10  Of several users those that exist are found. The others are left out, or named as not
//         found.
TEST(Acc10, OfSeveralUsersThoseThatExistAreFound) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const QualifiedId nobody{random_uuid(), backend.domain()};

  const auto reply = alice.post("/list-users", {{"qualified_ids", {alice.id(), nobody, bob.id()}}});

  EXPECT_THAT(reply, HasStatus(200));
  std::vector<Json> found;
  for (const auto& profile : part(reply.json, "/found")) found.push_back(core_of(profile));
  EXPECT_THAT(found, ::testing::UnorderedElementsAre(core_of(alice), core_of(bob)));
  for (const auto& id : part(reply.json, "/not_found")) EXPECT_EQ(id, Json(nobody));
}

}  // namespace
}  // namespace twostep::conformance
