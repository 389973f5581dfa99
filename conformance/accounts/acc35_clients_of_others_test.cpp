#include "conformance/accounts/account.hpp"
#include "conformance/accounts/client.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/bytes.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const std::string client_that_nobody_has = "badc0ffee0ddf00d";

/// What others see of a client: its id and, if it has one, its class.
Json seen(const std::string& id, const std::optional<std::string>& device_class) {
  Json client = {{"id", id}};
  if (device_class) client["class"] = *device_class;
  return client;
}

/// Lists of clients by user, of a list of users.
Json clients_listed(const Caller& caller, const std::vector<QualifiedId>& users) {
  const auto reply = caller.post("/users/list-clients", {{"qualified_users", users}});
  EXPECT_THAT(reply, HasStatus(200));
  return part(reply.json, "/qualified_user_map/" + users.front().domain);
}

// ACC-35  The clients of several users are listed by user, with their ids and classes and nothing
//         else; who does not exist is left out.
TEST(Acc35, TheClientsOfSeveralUsersAreListed) {
  auto backend = Backend::under_test();
  auto none = backend.user("none");
  auto one = backend.user("one");
  auto two = backend.user("two");
  const auto of_one = must_register(one, one.device_body({.device_class = std::nullopt}));
  const auto first = must_register(two, two.device_body({.device_class = "phone"}));
  const auto second = must_register(two, two.device_body({.device_class = "desktop"}));
  const QualifiedId nobody{random_uuid(), backend.domain()};

  const auto listed = clients_listed(none, {none.id(), one.id(), two.id(), nobody});

  EXPECT_THAT(listed, SizeIs(3));
  EXPECT_EQ(part(listed, "/" + none.id().id), Json::array());
  EXPECT_THAT(part(listed, "/" + one.id().id), UnorderedElementsAre(seen(of_one, std::nullopt)));
  EXPECT_THAT(part(listed, "/" + two.id().id),
              UnorderedElementsAre(seen(first, "phone"), seen(second, "desktop")));
}

// ACC-35  The same is answered for one user, and for one client.
TEST(Acc35, TheClientsOfOneUserAreTheSame) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto bob = backend.user("bob");
  const auto phone = must_register(bob, bob.device_body({.device_class = "phone"}));
  const auto other = must_register(bob, bob.device_body({.device_class = std::nullopt}));
  const auto path = path_of(bob.id()) + "/clients";

  EXPECT_THAT(alice.get(path).json,
              UnorderedElementsAre(seen(phone, "phone"), seen(other, std::nullopt)));
  EXPECT_EQ(alice.get(path + "/" + phone).json, seen(phone, "phone"));
  EXPECT_EQ(alice.get(path + "/" + other).json, seen(other, std::nullopt));
  EXPECT_THAT(alice.get(path_of(alice.id()) + "/clients").json, IsEmpty());
}

// ACC-35  A client that the user does not have is not found, even if it is another's.
TEST(Acc35, AnUnknownClientIsNotFound) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  auto bob = backend.user("bob");
  const auto path = path_of(bob.id()) + "/clients/";

  EXPECT_THAT(alice.get(path + client_that_nobody_has), HasStatus(404));
  EXPECT_THAT(alice.get(path + alice.id()), HasStatus(404));
}

// ACC-46  A client was last active when it caught up, and not before it has.
TEST(Acc46, WhoHasCaughtUpWasActive) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice").device();
  const auto last_active = [&] {
    return part(alice.get("/clients/" + alice.id()).json, "/last_active");
  };

  EXPECT_TRUE(last_active().is_null()) << last_active();
  alice.catch_up();
  EXPECT_TRUE(eventually([&] { return last_active().is_string(); }))
      << "a client that has caught up was never active";
}

}  // namespace
}  // namespace twostep::conformance
