#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "conformance/liar/sends.hpp"

// Faults of chapter 8 about secrets, and about what is another user's.

namespace twostep::conformance::liar {
namespace {

const Route any_client{"POST", "/clients"};
const std::string bearer = "Bearer ";

/// Takes a token for the valid one that begins or ends like it.
Fault similar_tokens_are_valid(std::string name, bool by_its_end) {
  constexpr std::size_t compared = 16;
  const auto known = std::make_shared<std::map<std::string, std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  const auto key_of = [=](const std::string& token) {
    if (token.size() < compared) return token;
    return by_its_end ? token.substr(token.size() - compared) : token.substr(0, compared);
  };
  return {.name = std::move(name),
          .clause = "ROB-21",
          .on_request =
              [=](HttpRequest& request) {
                const auto header = request.head.header("Authorization").value_or("");
                const std::lock_guard lock{*mutex};
                if (header.starts_with(bearer)) {
                  const auto similar = known->find(key_of(header.substr(bearer.size())));
                  if (similar != known->end()) {
                    request.head.set_header("Authorization", bearer + similar->second);
                  }
                }
                return std::optional<HttpResponse>{};
              },
          .on_response =
              [=](const HttpRequest& request, HttpResponse& response) {
                const auto body = response.json();
                if (request.path() != "/login" || !body.is_object()) return;
                const auto token = body.value("access_token", "");
                const std::lock_guard lock{*mutex};
                known->insert({key_of(token), token});
              }};
}

/// Reads the inbox of whoever has the client that is named.
Fault inbox_is_that_of_the_client() {
  const auto owners = std::make_shared<std::map<std::string, std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "inbox-is-that-of-the-client",
          .clause = "ROB-22",
          .on_request = request_becomes(pages,
                                        [=](HttpRequest& request) {
                                          const std::lock_guard lock{*mutex};
                                          const auto owner = owners->find(request.query("client"));
                                          if (owner != owners->end()) {
                                            request.head.set_header("Authorization", owner->second);
                                          }
                                        }),
          .on_response =
              answer_becomes(any_client, [=](const HttpRequest& request, HttpResponse& response) {
                const std::lock_guard lock{*mutex};
                owners->insert({response.json().value("id", ""),
                                request.head.header("Authorization").value_or("")});
              })};
}

/// Says 403 of a client that there is, and 404 of one that there is not.
Fault existing_client_is_forbidden() {
  const auto clients = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "existing-client-is-forbidden",
          .clause = "ROB-23",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{*mutex};
            if (any_client.matches(request)) clients->insert(response.json().value("id", ""));
            const auto path = request.path();
            if (response.status() == 404 && clients->contains(path.substr(path.rfind('/') + 1))) {
              response.set_status(403);
            }
          }};
}

/// Shows in its metrics what was posted last.
Fault metrics_repeat_requests() {
  const auto last = std::make_shared<std::string>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "metrics-repeat-requests",
          .clause = "ROB-24",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{*mutex};
            if (sends.matches(request)) *last = request.body;
            if (request.path() == "/i/metrics") response.body += *last;
          }};
}

}  // namespace

std::vector<Fault> border_faults() {
  return {
      similar_tokens_are_valid("only-the-beginning-of-a-token-counts", false),
      similar_tokens_are_valid("only-the-end-of-a-token-counts", true),
      {.name = "anothers-client-can-be-changed",
       .clause = "ROB-22",
       .on_response = status_becomes({"PUT", "/clients/*"}, 404, 200)},
      {.name = "anothers-prekeys-are-told",
       .clause = "ROB-22",
       .on_response = answer_becomes({"GET", "/clients/*/prekeys"},
                                     [](const HttpRequest&, HttpResponse& response) {
                                       response.set_json({1, 2, 65'535});
                                     })},
      inbox_is_that_of_the_client(),
      existing_client_is_forbidden(),
      {.name = "errors-repeat-requests",
       .clause = "ROB-24",
       .on_response =
           [](const HttpRequest& request, HttpResponse& response) {
             auto body = response.json();
             if (response.status() < 400 || !body.is_object()) return;
             response.body += request.body;
           }},
      metrics_repeat_requests(),
  };
}

}  // namespace twostep::conformance::liar
