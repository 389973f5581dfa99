#include "conformance/accounts/account.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/match.hpp"

namespace twostep::conformance {
namespace {

// ACC-01  Registering is answered with the new user's own profile, its id also as `Location`, and a
//         cookie; and then one can log in.
TEST(Acc01, WhoRegistersCanLogIn) {
  auto nobody = Backend::under_test().anonymous();
  const auto account = new_account();

  const auto reply = nobody.post("/register", account.body());
  const auto login = log_in(account.email, account.password);

  EXPECT_THAT(reply, HasStatus(201));
  EXPECT_TRUE(part(reply.json, "/id").is_string());
  EXPECT_EQ(reply.header("Location"), part(reply.json, "/id"));
  EXPECT_EQ(part(reply.json, "/qualified_id/id"), part(reply.json, "/id"));
  EXPECT_EQ(part(reply.json, "/name"), account.name);
  EXPECT_TRUE(cookie_of(reply)) << "no cookie zuid";
  EXPECT_THAT(login, HasStatus(200));
  EXPECT_EQ(part(login.json, "/user"), part(reply.json, "/id"));
}

// ACC-02  An address has one account.
TEST(Acc02, AnAddressIsTakenOnce) {
  auto nobody = Backend::under_test().anonymous();
  const auto account = new_account();
  require_setup(nobody.post("/register", account.body()), {201}, "registering");
  auto other = new_account();
  other.email = account.email;

  const auto reply = nobody.post("/register", other.body());

  EXPECT_THAT(reply, IsError(409, "key-exists"));
  EXPECT_THAT(log_in(account.email, account.password), HasStatus(200));
  EXPECT_THAT(log_in(account.email, other.password), HasStatus(403));
}

// ACC-03  What is refused creates no account: the address can be registered correctly afterwards,
//         with a name and a password of just the lengths that are allowed.
TEST(Acc03, NamesAndPasswordsHaveLimits) {
  auto nobody = Backend::under_test().anonymous();
  const auto account = new_account();
  const auto with = [&](const char* member, const Json& value) {
    auto body = account.body();
    body[member] = value;
    return body;
  };
  auto without_name = account.body();
  without_name.erase("name");

  EXPECT_THAT(nobody.post("/register", without_name), IsClientError());
  EXPECT_THAT(nobody.post("/register", with("name", "")), IsClientError());
  EXPECT_THAT(nobody.post("/register", with("name", std::string(129, 'a'))), IsClientError());
  EXPECT_THAT(nobody.post("/register", with("password", "1234567")), IsClientError());

  auto correct = with("name", std::string(128, 'a'));
  correct["password"] = "12345678";
  EXPECT_THAT(nobody.post("/register", correct), HasStatus(201));
}

// ACC-03  An e-mail address has to be one.
TEST(Acc03, AnAddressHasToBeOne) {
  auto nobody = Backend::under_test().anonymous();

  for (const auto* address : {"", "alice", "@example.com", "alice@"}) {
    SCOPED_TRACE(address);
    auto account = new_account();
    account.email = address;

    EXPECT_THAT(nobody.post("/register", account.body()), IsClientError());
  }
}

}  // namespace
}  // namespace twostep::conformance
