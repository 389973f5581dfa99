#include "impl/server/routes_accounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "impl/server/router.hpp"
#include "impl/server/routes_clients.hpp"
#include "impl/server/routes_prekeys.hpp"
#include "impl/server/routes_push_tokens.hpp"
#include "impl/server/routes_users.hpp"
#include "impl/service/fakes.hpp"
#include "impl/wire/base64.hpp"
#include "impl/wire/json.hpp"
#include "impl/wire/labels.hpp"

namespace twostep::server {
namespace {

using service::run;
using ::testing::MatchesRegex;
using wire::Json;

/// What a client sees of one request.
struct Answer {
  int status = 0;
  Json body;
  std::map<std::string, std::string> headers;
};

class AccountsOverHttp : public ::testing::Test {
 protected:
  /// As the server would: finds the route, hands it the request, turns a refusal into its body.
  Answer ask(std::string method, std::string_view target, const Json& body = {},
             std::string cookie = {}) {
    auto read = read_target(target).value();
    auto match = router.find(method, read.segments);
    if (match.route == nullptr) return {404, {}, {}};
    Request request;
    request.method = std::move(method);
    request.query = std::move(read.query);
    request.captures = std::move(match.captures);
    if (!body.is_null()) request.body = body.dump();
    if (!cookie.empty()) request.headers.emplace_back("cookie", "zuid=" + cookie);
    if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
    request.caller = keys.check_access_token(token, world.clock.now());
    if (match.route->access == Access::token && !request.caller) return {401, {}, {}};

    const auto response = run(match.route->handler(request));
    if (!response) {
      return {wire::label_of(response.error().reason).status,
              Json::parse(wire::error_body(response.error())),
              {}};
    }
    Answer answer{response->status, {}, {}};
    if (!response->body.empty()) answer.body = Json::parse(response->body);
    answer.headers.insert(response->headers.begin(), response->headers.end());
    return answer;
  }

  /// The cookie's value; the token is used from here on.
  std::string log_in() {
    const auto answer = ask("POST", "/login?persist=true",
                            {{"email", "alice@example.org"}, {"password", "correct horse"}});
    token = answer.body.at("access_token").get<std::string>();
    const auto field = answer.headers.at("Set-Cookie");
    return field.substr(5, field.find(';') - 5);
  }

  Answer sign_up() {
    return ask("POST", "/register",
               {{"name", "Alice"}, {"email", "alice@example.org"}, {"password", "correct horse"}});
  }

  static Json prekey(int id) {
    std::string bundle{"\xa4\x00\x01\x01\x19", 5};
    bundle += static_cast<char>(id >> 8);
    bundle += static_cast<char>(id & 0xff);
    bundle += std::string{"\x02\xa1\x00\x41k\x03\xa1\x00\xa1\x00\x41k", 12};
    return {{"id", id}, {"key", wire::base64(bundle)}};
  }

  std::string add_client() {
    return ask("POST", "/clients",
               {{"type", "permanent"},
                {"class", "phone"},
                {"password", "correct horse"},
                {"prekeys", Json::array({prekey(0)})},
                {"lastkey", prekey(65535)}})
        .body.at("id")
        .get<std::string>();
  }

  static std::string label(const Answer& answer) {
    return answer.body.at("label").get<std::string>();
  }

  static Routes routes(service::Backend& backend, service::Logins& logins) {
    auto all = account_routes(backend, logins);
    for (auto* more : {user_routes, client_routes, prekey_routes, push_token_routes}) {
      for (auto& route : more(backend)) all.push_back(std::move(route));
    }
    return all;
  }

  service::MemoryWorld memory;
  service::FakeWorld& world = memory.world;
  service::TokenKeys keys = run(service::load_token_keys(world.backend)).value();
  service::Logins logins{world.backend, keys, {}, "hashed:of nobody"};
  Router router{routes(world.backend, logins)};
  std::string token;
};

using Acc01 = AccountsOverHttp;
using Acc03 = AccountsOverHttp;
using Acc05 = AccountsOverHttp;
using Acc07 = AccountsOverHttp;
using Acc10 = AccountsOverHttp;
using Acc12 = AccountsOverHttp;
using Acc14 = AccountsOverHttp;
using Acc29 = AccountsOverHttp;
using Acc35 = AccountsOverHttp;
using Acc36 = AccountsOverHttp;
using Acc40 = AccountsOverHttp;
using Acc41 = AccountsOverHttp;

TEST_F(Acc01, ARegistrationAnswersWithTheProfile) {
  const auto answer = sign_up();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.headers.at("Location"), answer.body.at("id"));
  EXPECT_EQ(answer.body.at("qualified_id").at("domain"), "a.example");
  EXPECT_EQ(answer.body.at("email"), "alice@example.org");
  log_in();
  EXPECT_EQ(ask("GET", "/self").body, answer.body);
}

TEST_F(Acc03, WhatIsNoRegistrationIsRefused) {
  const Json good{{"name", "Alice"}, {"email", "alice@example.org"}, {"password", "12345678"}};
  const auto with = [&](const char* member, Json value) {
    auto body = good;
    body[member] = std::move(value);
    return ask("POST", "/register", body);
  };
  EXPECT_EQ(label(with("name", "")), "bad-request");
  EXPECT_EQ(label(with("name", std::string(129, 'a'))), "bad-request");
  EXPECT_EQ(label(with("password", "1234567")), "bad-request");
  EXPECT_EQ(label(with("email", "alice")), "invalid-email");
  EXPECT_EQ(label(with("email", nullptr)), "missing-identity");
  EXPECT_EQ(label(with("team_code", "code")), "invalid-invitation-code");
  EXPECT_EQ(ask("POST", "/register", good).status, 201);
}

TEST_F(Acc05, OnlyAPersistentCookieHasADate) {
  sign_up();
  const Json body{{"email", "alice@example.org"}, {"password", "correct horse"}};
  EXPECT_THAT(ask("POST", "/login?persist=true", body).headers.at("Set-Cookie"),
              MatchesRegex("zuid=[^; ,\"]+; Path=/access; Expires=Sun, 27 Jul 2025 00:00:00 GMT; "
                           "HttpOnly; Secure"));
  EXPECT_THAT(ask("POST", "/login", body).headers.at("Set-Cookie"),
              MatchesRegex("zuid=[^; ,\"]+; Path=/access; HttpOnly; Secure"));
}

TEST_F(Acc07, WhoHasToWaitIsToldHowLong) {
  const Json body{{"email", "alice@example.org"}, {"password", "wrong password"}};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(label(ask("POST", "/login", body)), "invalid-credentials");
  const auto answer = ask("POST", "/login", body);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(label(answer), "client-error");
  EXPECT_EQ(answer.headers.at("Retry-After"), "15");
}

TEST_F(Acc10, UnknownUsersAreNamed) {
  const auto alice = sign_up().body;
  log_in();
  const Json nobody{{"id", "00000000-0000-4000-8000-00000000000b"}, {"domain", "a.example"}};
  const Json remote{{"id", "00000000-0000-4000-8000-00000000000b"}, {"domain", "b.example"}};
  const auto answer =
      ask("POST", "/list-users", {{"qualified_ids", {alice.at("qualified_id"), nobody, remote}}});
  ASSERT_EQ(answer.body.at("found").size(), 1u);
  EXPECT_EQ(answer.body.at("found")[0].at("name"), "Alice");
  EXPECT_EQ(answer.body.at("not_found"), Json::array({nobody}));
  EXPECT_EQ(answer.body.at("failed"), Json::array({remote}));
  EXPECT_EQ(label(ask("GET", "/users/a.example/00000000-0000-4000-8000-00000000000b")),
            "not-found");
}

// Client libraries read this very message, and ask again without end if they see a 401.
TEST_F(Acc12, WithoutACookieTheMessageIsExact) {
  const auto neither = ask("POST", "/access");
  EXPECT_EQ(neither.status, 403);
  EXPECT_EQ(neither.body.at("message"), "Missing cookie and token");
  sign_up();
  log_in();
  EXPECT_EQ(ask("POST", "/access").body.at("message"), "Missing cookie");
  token = "garbage";
  EXPECT_EQ(ask("POST", "/access").status, 403);
}

TEST_F(Acc14, ACookieIsOfferedWhenItIsBound) {
  sign_up();
  const auto cookie = log_in();
  const auto client = add_client();
  EXPECT_FALSE(ask("POST", "/access", {}, cookie).headers.contains("Set-Cookie"));
  const auto bound = ask("POST", "/access?client_id=" + client, {}, cookie);
  EXPECT_EQ(bound.status, 200);
  EXPECT_TRUE(bound.headers.contains("Set-Cookie"));
  EXPECT_EQ(ask("POST", "/access?client_id=1", {}, cookie).status, 403);
}

TEST_F(Acc29, AClientThatIsNotThereIsAnEmpty404) {
  sign_up();
  log_in();
  const auto client = add_client();
  EXPECT_EQ(ask("GET", "/clients").body[0], ask("GET", "/clients/" + client).body);
  const auto missing = ask("GET", "/clients/1");
  EXPECT_EQ(missing.status, 404);
  EXPECT_TRUE(missing.body.is_null());
  EXPECT_EQ(label(ask("PUT", "/clients/1", Json::object())), "client-not-found");
}

TEST_F(Acc35, ClientsOfOthersAreSeenInThreeWays) {
  const auto alice = sign_up().body.at("qualified_id");
  log_in();
  const auto client = add_client();
  const Json seen{{"id", client}, {"class", "phone"}};
  const auto id = alice.at("id").get<std::string>();

  const auto many = ask("POST", "/users/list-clients", {{"qualified_users", {alice}}});
  EXPECT_EQ(many.body.at("qualified_user_map").at("a.example").at(id), Json::array({seen}));
  EXPECT_EQ(ask("GET", "/users/a.example/" + id + "/clients").body, Json::array({seen}));
  EXPECT_EQ(ask("GET", "/users/a.example/" + id + "/clients/" + client).body, seen);
  EXPECT_EQ(ask("GET", "/users/a.example/" + id + "/clients/1").status, 404);
}

TEST_F(Acc36, AKeyComesAsItWasUploadedAndNullForNobodys) {
  const auto id = sign_up().body.at("id").get<std::string>();
  log_in();
  const auto client = add_client();
  const Json query{{"a.example", {{id, {client, "1"}}}}};
  const auto claimed = ask("POST", "/users/list-prekeys", query)
                           .body.at("qualified_user_client_prekeys")
                           .at("a.example")
                           .at(id);
  EXPECT_EQ(claimed, (Json{{client, prekey(0)}, {"1", nullptr}}));
}

TEST_F(Acc40, KeysAreClaimedFromOneUserToo) {
  const auto id = sign_up().body.at("id").get<std::string>();
  log_in();
  const auto client = add_client();
  const auto path = "/users/a.example/" + id + "/prekeys";
  EXPECT_EQ(ask("GET", path).body,
            (Json{{"user", id},
                  {"clients", Json::array({{{"client", client}, {"prekey", prekey(0)}}})}}));
  EXPECT_EQ(ask("GET", path + "/" + client).body,
            (Json{{"client", client}, {"prekey", prekey(65535)}}));
  EXPECT_EQ(label(ask("GET", path + "/1")), "not-found");
}

TEST_F(Acc41, ATokenCannotEndTheHeaderItStandsIn) {
  sign_up();
  log_in();
  Json body{{"transport", "GCM"}, {"app", "app"}, {"token", "token"}, {"client", add_client()}};
  const auto added = ask("POST", "/push/tokens", body);
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.headers.at("Location"), "token");
  EXPECT_EQ(ask("GET", "/push/tokens").body, (Json{{"tokens", Json::array({body})}}));

  body["token"] = "token\r\nSet-Cookie: zuid=theirs";
  EXPECT_EQ(label(ask("POST", "/push/tokens", body)), "invalid-token");
  EXPECT_EQ(ask("DELETE", "/push/tokens/token").status, 204);
  EXPECT_EQ(label(ask("DELETE", "/push/tokens/token")), "not-found");
}

}  // namespace
}  // namespace twostep::server
