#include "impl/wire/accounts.hpp"

#include <gtest/gtest.h>

#include "impl/core/limits.hpp"

namespace twostep::wire {
namespace {

constexpr const char* alice_id = "a11ce000-0000-4000-8000-000000000001";
const Qualified<UserId> alice{*Domain::parse("a.example"), *UserId::parse(alice_id)};

Reason refused(const auto& result) { return result ? Reason::internal : result.error().reason; }

Json registration(const Json& more) {
  Json json{{"name", "Alice"}};
  json.update(more);
  return json;
}

Result<NewAccount> register_with(const Json& more) {
  return decode_new_account(registration(more).dump());
}

TEST(NewAccount, HasDefaultsAndWhatWasSaid) {
  const auto plain = register_with(Json::object()).value();
  EXPECT_EQ(plain.name, "Alice");
  EXPECT_EQ(plain.accent_id, 0);
  EXPECT_EQ(plain.locale, "en");
  EXPECT_FALSE(plain.email || plain.password || plain.label);

  const auto full = register_with({{"email", "alice@example.org"},
                                   {"password", std::string(limits::password_chars_min, 'p')},
                                   {"accent_id", 7},
                                   {"locale", "de"},
                                   {"label", "phone"}})
                        .value();
  EXPECT_EQ(full.email, EmailAddress::parse("alice@example.org"));
  EXPECT_EQ(full.password, std::string(limits::password_chars_min, 'p'));
  EXPECT_EQ(full.accent_id, 7);
  EXPECT_EQ(full.locale, "de");
  EXPECT_EQ(full.label, "phone");
}

TEST(NewAccount, IsOfNoTeamAndNotInvited) {
  EXPECT_EQ(refused(register_with({{"team", Json::object()}})), Reason::user_creation_restricted);
  for (const auto* code : {"team_code", "invitation_code"})
    EXPECT_EQ(refused(register_with({{code, "x"}})), Reason::invalid_invitation_code);
  EXPECT_EQ(refused(register_with({{"team", 1}, {"team_code", "x"}})),
            Reason::invalid_invitation_code);
}

TEST(NewAccount, HasItsBounds) {
  EXPECT_EQ(refused(register_with({{"email", "nobody"}})), Reason::invalid_email);
  EXPECT_EQ(refused(register_with({{"email", 1}, {"team_code", "x"}})), Reason::bad_request);
  const std::string longest(limits::name_chars_max, 'n');
  EXPECT_TRUE(register_with({{"name", longest}}));
  for (const auto& wrong :
       {Json{{"name", ""}}, Json{{"name", longest + 'n'}}, Json{{"name", nullptr}},
        Json{{"password", std::string(limits::password_chars_min - 1, 'p')}},
        Json{{"password", std::string(limits::password_chars_max + 1, 'p')}},
        Json{{"accent_id", INT64_C(1) << 31}}, Json{{"locale", std::string(17, 'l')}},
        Json{{"locale", ""}}, Json{{"label", std::string(limits::label_chars_max + 1, 'l')}}})
    EXPECT_EQ(refused(register_with(wrong)), Reason::bad_request) << wrong;
  EXPECT_TRUE(register_with({{"locale", std::string(16, 'l')},
                             {"accent_id", INT32_MIN},
                             {"label", std::string(limits::label_chars_max, 'l')},
                             {"password", std::string(limits::password_chars_max, 'p')}}));
}

TEST(LoginBody, NamesAnAddressOrAHandle) {
  const auto by_email =
      decode_login(R"({"email":"alice@example.org","password":"secret","label":"l"})").value();
  EXPECT_EQ(std::get<EmailAddress>(by_email.name), *EmailAddress::parse("alice@example.org"));
  EXPECT_EQ(by_email.password, "secret");
  EXPECT_EQ(by_email.label, "l");
  const auto by_handle = decode_login(R"({"handle":"alice","password":"secret"})").value();
  EXPECT_EQ(std::get<Handle>(by_handle.name), *Handle::parse("alice"));
  for (const auto* body : {R"({"password":"secret"})", R"({"email":"nobody","password":"secret"})",
                           R"({"handle":"A","password":"secret"})", R"({"handle":"alice"})",
                           R"({"handle":"alice","password":"short"})", R"([])", ""})
    EXPECT_EQ(refused(decode_login(body)), Reason::bad_request) << body;
}

TEST(PasswordAndHandle, AreReadFromBodiesOfTheirOwn) {
  EXPECT_EQ(decode_password(R"({"password":"secret"})").value(), "secret");
  EXPECT_EQ(decode_password("").value(), std::nullopt);
  EXPECT_EQ(decode_password("{}").value(), std::nullopt);
  EXPECT_EQ(refused(decode_password(R"({"password":"short"})")), Reason::bad_request);
  EXPECT_EQ(decode_handle(R"({"handle":"alice"})").value(), *Handle::parse("alice"));
  EXPECT_EQ(refused(decode_handle(R"({"handle":"Alice"})")), Reason::invalid_handle);
  EXPECT_EQ(refused(decode_handle("{}")), Reason::bad_request);
  EXPECT_EQ(refused(decode_handle("[]")), Reason::bad_request);
}

Json many(const Json& each, std::size_t count) { return Json::array_t(count, each); }

TEST(UserQuery, IsByIdOrByHandle) {
  const Json id{{"id", alice_id}, {"domain", "a.example"}};
  const auto by_id = decode_user_query(Json{{"qualified_ids", {id}}}.dump()).value();
  EXPECT_EQ(by_id.users, std::vector{alice});
  EXPECT_TRUE(by_id.handles.empty());

  const Json handle{{"handle", "alice"}, {"domain", "a.example"}};
  const Json nobodys{{"handle", "No Handle"}, {"domain", "a.example"}};
  const auto by_handle =
      decode_user_query(Json{{"qualified_handles", {handle, nobodys}}}.dump()).value();
  EXPECT_TRUE(by_handle.users.empty());
  ASSERT_EQ(by_handle.handles.size(), 1u);
  EXPECT_EQ(by_handle.handles[0].domain, alice.domain);
  EXPECT_EQ(by_handle.handles[0].id, *Handle::parse("alice"));

  const auto max = limits::names_per_request_max;
  EXPECT_TRUE(decode_user_query(Json{{"qualified_ids", many(id, max)}}.dump()));
  EXPECT_TRUE(decode_user_query(Json{{"qualified_handles", many(handle, max)}}.dump()));
  for (const auto& wrong :
       {Json{{"qualified_ids", many(id, max + 1)}},
        Json{{"qualified_handles", many(handle, max + 1)}},
        Json{{"qualified_handles", {{{"handle", "alice"}, {"domain", "x"}}}}},
        Json{{"qualified_handles", {{{"domain", "a.example"}}}}}, Json::object(), Json::array()})
    EXPECT_EQ(refused(decode_user_query(wrong.dump())), Reason::bad_request);
}

TEST(CookieRevocation, NamesLabelsAndNumbers) {
  const auto all = decode_cookie_revocation(
                       R"({"password":"secret","labels":["a","b"],"ids":[0,9223372036854775807]})")
                       .value();
  EXPECT_EQ(all.password, "secret");
  EXPECT_EQ(all.labels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(all.numbers, (std::vector<std::uint64_t>{0, INT64_MAX}));
  const auto none = decode_cookie_revocation("{}").value();
  EXPECT_TRUE(!none.password && none.labels.empty() && none.numbers.empty());

  const auto max = limits::names_per_request_max;
  EXPECT_TRUE(
      decode_cookie_revocation(Json{{"labels", many("a", max)}, {"ids", many(1, max)}}.dump()));
  for (const auto& wrong : {Json{{"labels", many("a", max + 1)}}, Json{{"ids", many(1, max + 1)}},
                            Json{{"ids", {-1}}}, Json::array()})
    EXPECT_EQ(refused(decode_cookie_revocation(wrong.dump())), Reason::bad_request);
}

TEST(Profiles, ShowWhatOthersMaySeeAndOnesOwnShowsMore) {
  Account account;
  account.id = alice.id;
  account.name = "Alice";
  account.accent_id = 3;
  account.locale = "de";
  const Json common{{"id", alice_id},
                    {"qualified_id", {{"id", alice_id}, {"domain", "a.example"}}},
                    {"name", "Alice"},
                    {"accent_id", 3},
                    {"assets", Json::array()},
                    {"picture", Json::array()},
                    {"supported_protocols", {"proteus"}},
                    {"type", "regular"}};
  auto others = common;
  others["legalhold_status"] = "no_consent";
  EXPECT_EQ(profile(profile_of(account, alice.domain)), others);
  auto own = common;
  own.update(
      {{"locale", "de"}, {"managed_by", "wire"}, {"status", "active"}, {"searchable", true}});
  EXPECT_EQ(own_profile(account, alice.domain), own);

  account.handle = Handle::parse("alice");
  account.email = EmailAddress::parse("alice@example.org");
  EXPECT_EQ(profile(profile_of(account, alice.domain))["handle"], "alice");
  EXPECT_EQ(own_profile(account, alice.domain)["email"], "alice@example.org");
}

}  // namespace
}  // namespace twostep::wire
