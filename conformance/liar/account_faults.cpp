#include <map>
#include <memory>
#include <mutex>

#include "conformance/liar/events.hpp"

// Faults of chapter 5 about accounts, cookies and access tokens.

namespace twostep::conformance::liar {
namespace {

const Route registers{"POST", "/register"};
const Route logs_in{"POST", "/login"};
const Route renews{"POST", "/access"};
const Route logs_out{"POST", "/access/logout"};
const Route self{"GET", "/self"};
const Route profile{"GET", "/users/*/*"};
const Route profiles{"POST", "/list-users"};
const char* const made_up_id = "00000000-0000-4000-8000-000000000000";

bool has_token(const HttpRequest& request) {
  return request.head.header("Authorization").has_value();
}

OnResponse cookie_becomes(std::function<void(std::string&)> change) {
  return answer_becomes(logs_in, [change](const HttpRequest&, HttpResponse& response) {
    auto cookie = response.head.header("Set-Cookie");
    if (!cookie) return;
    change(*cookie);
    response.head.set_header("Set-Cookie", *cookie);
  });
}

void replace(std::string& text, const std::string& old, const std::string& with) {
  const auto at = text.find(old);
  if (at != std::string::npos) text.replace(at, old.size(), with);
}

void damage_token(Json& access) {
  auto token = access.value("access_token", "");
  if (!token.empty()) token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  access["access_token"] = token;
}

/// An address is taken by whoever tried to register with it, even in vain.
Fault refused_addresses_are_taken() {
  const auto tried = std::make_shared<Marks>();
  return {.name = "what-is-refused-takes-the-address",
          .clause = "ACC-03",
          .on_request = [tried](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!registers.matches(request)) return std::nullopt;
            const auto email = json_of(request).value("email", "");
            if (tried->has(request, email)) return error(409, "key-exists");
            tried->set(request, email);
            return std::nullopt;
          }};
}

Fault unknown_addresses_are_told() {
  const auto known = std::make_shared<Marks>();
  return {.name = "an-unknown-address-is-told",
          .clause = "ACC-06",
          .on_response = [known](const HttpRequest& request, HttpResponse& response) {
            const auto email = json_of(request).value("email", "");
            if (registers.matches(request)) known->set(request, email);
            if (!logs_in.matches(request) || known->has(request, email)) return;
            response = answer(403, {{"code", 403},
                                    {"label", "invalid-credentials"},
                                    {"message", "Nobody has this address"}});
          }};
}

Fault failures_make_the_password_wrong() {
  constexpr int failures_max = 5;
  const auto failures = std::make_shared<std::map<std::string, int>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "after-failures-every-password-is-wrong",
          .clause = "ACC-07",
          .on_request = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!logs_in.matches(request)) return std::nullopt;
            const std::lock_guard lock{*mutex};
            if ((*failures)[json_of(request).value("email", "")] < failures_max)
              return std::nullopt;
            return error(403, "invalid-credentials");
          },
          .on_response =
              [=](const HttpRequest& request, HttpResponse& response) {
                if (!logs_in.matches(request) || response.status() != 403) return;
                const std::lock_guard lock{*mutex};
                ++(*failures)[json_of(request).value("email", "")];
              }};
}

/// With a newer cookie the one it was offered for is good for nothing any more.
Fault newer_cookies_end_older_ones() {
  const auto ended = std::make_shared<Marks>();
  return {.name = "a-newer-cookie-ends-the-first",
          .clause = "ACC-13",
          .on_request = [ended](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!renews.matches(request)) return std::nullopt;
            const auto cookie = request.head.header("Cookie").value_or("");
            if (ended->has(request, cookie)) return error(403, "invalid-credentials");
            return std::nullopt;
          },
          .on_response =
              [ended](const HttpRequest& request, HttpResponse& response) {
                if (!renews.matches(request) || !response.head.header("Set-Cookie")) return;
                ended->set(request, request.head.header("Cookie").value_or(""));
              }};
}

OnRequest refused_if(Route route, bool with_token, int status) {
  return [=](HttpRequest& request) -> std::optional<HttpResponse> {
    if (!route.matches(request) || has_token(request) != with_token) return std::nullopt;
    return error(status, "invalid-credentials");
  };
}

std::vector<Fault> registering() {
  return {
      {.name = "registered-without-location",
       .clause = "ACC-01",
       .on_response = answer_becomes(registers,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       response.head.remove_header("Location");
                                     })},
      {.name = "registered-under-another-id",
       .clause = "ACC-01",
       .on_response = body_becomes(logs_in, [](Json& access) { access["user"] = made_up_id; })},
      {.name = "an-address-is-taken-twice",
       .clause = "ACC-02",
       .on_response = refusal_becomes(registers, "key-exists", 201)},
      {.name = "names-that-are-too-long-are-cut",
       .clause = "ACC-03",
       .on_request = json_becomes(registers,
                                  [](Json& body) {
                                    if (!body.contains("name")) return;
                                    body["name"] = body["name"].get<std::string>().substr(0, 128);
                                  })},
      {.name = "everybody-may-register",
       .clause = "ACC-03",
       .on_response = status_becomes(registers, 400, 201)},
      refused_addresses_are_taken(),
  };
}

std::vector<Fault> logging_in() {
  return {
      {.name = "a-token-type-in-lower-case",
       .clause = "ACC-04",
       .on_response = body_becomes(logs_in, [](Json& access) { access["token_type"] = "bearer"; })},
      {.name = "the-token-of-a-login-does-not-work",
       .clause = "ACC-04",
       .on_response = body_becomes(logs_in, damage_token)},
      {.name = "the-cookie-is-not-the-last",
       .clause = "ACC-04",
       .on_response = answer_becomes(logs_in,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       response.head.headers.emplace_back("Set-Cookie", "other=1");
                                     })},
      {.name = "every-cookie-persists",
       .clause = "ACC-05",
       .on_request = request_becomes(
           logs_in, [](HttpRequest& request) { request.set_query("persist", "true"); })},
      {.name = "no-cookie-persists",
       .clause = "ACC-05",
       .on_request = request_becomes(
           logs_in, [](HttpRequest& request) { request.set_query("persist", "false"); })},
      {.name = "a-cookie-for-every-path",
       .clause = "ACC-05",
       .on_response =
           cookie_becomes([](std::string& cookie) { replace(cookie, "Path=/access", "Path=/"); })},
      {.name = "a-cookie-for-scripts",
       .clause = "ACC-05",
       .on_response =
           cookie_becomes([](std::string& cookie) { replace(cookie, "HttpOnly", "Secure"); })},
      unknown_addresses_are_told(),
      failures_make_the_password_wrong(),
      {.name = "names-in-lower-case",
       .clause = "ACC-08",
       .on_response = body_becomes(self, [](Json& own) { own["name"] = "alice"; })},
      {.name = "others-have-no-names",
       .clause = "ACC-09",
       .on_response = body_becomes(profile, [](Json& other) { other.erase("name"); })},
      {.name = "nobody-has-a-profile",
       .clause = "ACC-09",
       .on_response = status_becomes(profile, 404, 200)},
      {.name = "the-last-user-is-not-found",
       .clause = "ACC-10",
       .on_response = body_becomes(
           profiles, [](Json& users) { users["found"].erase(users["found"].size() - 1); })},
      {.name = "everybody-is-found",
       .clause = "ACC-10",
       .on_response = body_becomes(profiles,
                                   [](Json& users) {
                                     users["found"].push_back({{"id", made_up_id}});
                                   })},
  };
}

std::vector<Fault> cookies() {
  return {
      {.name = "a-cookie-is-not-enough",
       .clause = "ACC-11",
       .on_request = refused_if(renews, false, 403)},
      {.name = "a-cookie-beside-a-token-is-refused",
       .clause = "ACC-11",
       .on_request = refused_if(renews, true, 403)},
      {.name = "a-bad-cookie-is-answered-401",
       .clause = "ACC-12",
       .on_response = status_becomes(renews, 403, 401)},
      {.name = "every-cookie-gives-a-token",
       .clause = "ACC-12",
       .on_response = status_becomes(renews, 403, 200)},
      newer_cookies_end_older_ones(),
      {.name = "cookies-are-bound-to-nothing",
       .clause = "ACC-14",
       .on_request = request_becomes(
           renews, [](HttpRequest& request) { request.set_query("client_id", ""); })},
      {.name = "logging-out-does-nothing",
       .clause = "ACC-15",
       .on_request = never_forwarded(logs_out, answer(200, Json{}))},
      {.name = "everybody-is-logged-out",
       .clause = "ACC-16",
       .on_response = status_becomes(logs_out, 403, 200)},
      {.name = "a-label-has-many-cookies",
       .clause = "ACC-19",
       .on_request = json_becomes(logs_in, [](Json& body) { body.erase("label"); })},
      {.name = "all-labels-are-one",
       .clause = "ACC-19",
       .on_request = json_becomes(logs_in,
                                  [](Json& body) {
                                    if (body.contains("label")) body["label"] = "one";
                                  })},
  };
}

std::vector<Fault> access_tokens() {
  return {
      {.name = "a-token-in-the-query-is-not-read",
       .clause = "ACC-17",
       .on_request = request_becomes(
           self, [](HttpRequest& request) { request.set_query("access_token", ""); })},
      {.name = "the-token-in-the-query-counts",
       .clause = "ACC-17",
       .on_request = request_becomes(self,
                                     [](HttpRequest& request) {
                                       const auto token = request.query("access_token");
                                       if (token.empty()) return;
                                       request.head.set_header("Authorization", "Bearer " + token);
                                     })},
      {.name = "one-endpoint-needs-no-token",
       .clause = "ACC-18",
       .on_response = status_becomes({"POST", "/list-connections"}, 401, 403)},
      {.name = "everything-is-a-token",
       .clause = "ACC-18",
       .on_response = status_becomes(self, 401, 200)},
      {.name = "a-new-token-needs-a-token",
       .clause = "ACC-18",
       .on_request = refused_if(renews, false, 401)},
  };
}

}  // namespace

std::vector<Fault> account_faults() {
  std::vector<Fault> all;
  for (const auto& part : {registering, logging_in, cookies, access_tokens}) {
    for (auto& fault : part()) all.push_back(std::move(fault));
  }
  return all;
}

}  // namespace twostep::conformance::liar
