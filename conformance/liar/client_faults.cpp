#include <algorithm>
#include <memory>

#include "conformance/liar/events.hpp"
#include "conformance/liar/tokens.hpp"

// Faults of chapter 5 about clients.

namespace twostep::conformance::liar {
namespace {

const Route adds{"POST", "/clients"};
const Route lists{"GET", "/clients"};
const Route reads{"GET", "/clients/*"};
const Route updates{"PUT", "/clients/*"};
const Route deletes{"DELETE", "/clients/*"};
const Route lists_of_many{"POST", "/users/list-clients"};
const Route lists_of_one{"GET", "/users/*/*/clients"};
const Route reads_of_one{"GET", "/users/*/*/clients/*"};
const Route renews{"POST", "/access"};
const char* const added = "user.client-add";
const char* const removed = "user.client-remove";

void in_upper_case(Json& id) {
  auto text = id.get<std::string>();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  id = text;
}

void without_the_last(Json& list) {
  if (!list.empty()) list.erase(list.size() - 1);
}

Fault same_key_is_refused() {
  const auto known = std::make_shared<Marks>();
  return {.name = "a-last-resort-key-is-taken-once",
          .clause = "ACC-22",
          .on_request = [known](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!adds.matches(request)) return std::nullopt;
            const auto key = json_of(request)["lastkey"].dump();
            if (known->has(request, key)) return error(409, "key-exists");
            known->set(request, key);
            return std::nullopt;
          }};
}

/// A refused update of the capabilities is refused, but the rest of it is done.
Fault the_rest_is_done() {
  return {.name = "the-rest-of-a-refused-update-is-done",
          .clause = "ACC-31",
          .on_request = [](HttpRequest& request) -> std::optional<HttpResponse> {
            auto body = json_of(request);
            if (!updates.matches(request) || body.value("capabilities", Json{}) != Json::array()) {
              return std::nullopt;
            }
            body.erase("capabilities");
            request.body = body.dump();
            request.head.set_header("X-Liar", "refuses");
            return std::nullopt;
          },
          .on_response =
              [](const HttpRequest& request, HttpResponse& response) {
                if (!request.head.header("X-Liar")) return;
                response = error(409, "client-capabilities-cannot-be-removed");
              }};
}

Fault temporary_clients_need_a_password() {
  return {.name = "a-temporary-client-needs-the-password",
          .clause = "ACC-32",
          .on_request = [](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!deletes.matches(request) || json_of(request).contains("password")) {
              return std::nullopt;
            }
            return error(403, "missing-auth");
          }};
}

Fault all_cookies_go() {
  const auto deleted = std::make_shared<Marks>();
  return {.name = "with-a-client-go-all-cookies",
          .clause = "ACC-34",
          .on_request = [deleted](HttpRequest& request) -> std::optional<HttpResponse> {
            if (deletes.matches(request)) deleted->set(request);
            if (!renews.matches(request) || !deleted->has(request)) return std::nullopt;
            return error(403, "invalid-credentials");
          }};
}

std::vector<Fault> registering() {
  return {
      {.name = "a-client-loses-its-model",
       .clause = "ACC-20",
       .on_response = body_becomes(adds, [](Json& client) { client.erase("model"); })},
      {.name = "capabilities-are-nested",
       .clause = "ACC-20",
       .on_response = body_becomes(adds,
                                   [](Json& client) {
                                     const auto list = client["capabilities"];
                                     client["capabilities"] = {{"capabilities", list}};
                                   })},
      {.name = "a-client-is-registered-without-location",
       .clause = "ACC-20",
       .on_response = answer_becomes(adds,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       response.head.remove_header("Location");
                                     })},
      {.name = "client-ids-in-upper-case-in-events",
       .clause = "ACC-21",
       .on_response =
           events_become(added, [](Json& event) { in_upper_case(event["client"]["id"]); })},
      {.name = "client-ids-with-a-leading-zero",
       .clause = "ACC-21",
       .on_response = body_becomes(
           adds, [](Json& client) { client["id"] = "0" + client["id"].get<std::string>(); })},
      {.name = "every-client-has-the-same-id",
       .clause = "ACC-21",
       .on_response = body_becomes(adds, [](Json& client) { client["id"] = "1"; })},
      same_key_is_refused(),
      {.name = "registering-again-changes-nothing",
       .clause = "ACC-22",
       .on_request = json_becomes(adds, [](Json& body) { body["label"] = "old"; })},
      {.name = "no-client-needs-the-password",
       .clause = "ACC-23",
       .on_response = refusal_becomes(adds, "missing-auth", 201)},
      {.name = "every-password-is-right",
       .clause = "ACC-23",
       .on_response = refusal_becomes(adds, "invalid-credentials", 201)},
      {.name = "one-client-too-many-is-a-bad-request",
       .clause = "ACC-24",
       .on_response = label_becomes(adds, "too-many-clients", "bad-request")},
      {.name = "clients-before-the-limit-are-lost",
       .clause = "ACC-24",
       .on_response = body_becomes(lists, without_the_last)},
      {.name = "temporary-clients-pile-up",
       .clause = "ACC-25",
       .on_request = json_becomes(adds, [](Json& body) { body["type"] = "permanent"; })},
      {.name = "a-replaced-client-is-not-told",
       .clause = "ACC-25",
       .on_response = events_dropped([](const HttpRequest&, const Json& event) {
         return event.value("type", "") == removed;
       })},
      {.name = "every-key-is-a-key",
       .clause = "ACC-26",
       .on_response = refusal_becomes(adds, "bad-request", 201)},
      {.name = "prekeys-are-not-looked-into",
       .clause = "ACC-27",
       .on_request = json_becomes(adds, [](Json& body) { body["prekeys"] = Json::array(); })},
      {.name = "a-new-client-has-no-newest-notification",
       .clause = "ACC-28",
       .on_request = never_forwarded({"GET", "/notifications/last"}, error(404, "not-found"))},
      {.name = "a-new-client-is-not-told",
       .clause = "ACC-28",
       .on_response = events_dropped(
           [](const HttpRequest&, const Json& event) { return event.value("type", "") == added; })},
  };
}

std::vector<Fault> own_clients() {
  return {
      {.name = "the-last-client-is-not-listed",
       .clause = "ACC-29",
       .on_response = body_becomes(lists, without_the_last)},
      {.name = "everybody-finds-every-client",
       .clause = "ACC-29",
       .on_response = status_becomes(reads, 404, 200)},
      {.name = "updates-of-clients-do-nothing",
       .clause = "ACC-30",
       .on_request = never_forwarded(updates, answer(200, Json{}))},
      {.name = "the-last-resort-key-stays",
       .clause = "ACC-30",
       .on_request = json_becomes(updates, [](Json& body) { body.erase("lastkey"); })},
      {.name = "capabilities-can-be-taken-away",
       .clause = "ACC-31",
       .on_response = status_becomes(updates, 409, 200)},
      the_rest_is_done(),
      {.name = "every-client-is-deleted-without-the-password",
       .clause = "ACC-32",
       .on_response = refusal_becomes(deletes, "missing-auth", 200)},
      temporary_clients_need_a_password(),
      {.name = "what-is-not-there-is-deleted",
       .clause = "ACC-32",
       .on_response = refusal_becomes(deletes, "client-not-found", 200)},
      {.name = "deleting-does-nothing",
       .clause = "ACC-33",
       .on_request = never_forwarded(deletes, answer(200, Json{}))},
      {.name = "a-deleted-client-is-not-told",
       .clause = "ACC-33",
       .on_response = events_dropped([](const HttpRequest&, const Json& event) {
         return event.value("type", "") == removed;
       })},
      tokens_stay("tokens-outlive-their-client", "ACC-33"),
      {.name = "cookies-outlive-their-client",
       .clause = "ACC-34",
       .on_request = json_becomes(adds, [](Json& body) { body.erase("cookie"); })},
      all_cookies_go(),
      {.name = "a-client-was-active-before-it-was",
       .clause = "ACC-46",
       .on_response = body_becomes(
           reads, [](Json& client) { client["last_active"] = "2001-01-01T00:00:00Z"; })},
      {.name = "a-client-was-never-active",
       .clause = "ACC-46",
       .on_response = body_becomes(reads, [](Json& client) { client.erase("last_active"); })},
  };
}

std::vector<Fault> clients_of_others() {
  return {
      {.name = "clients-have-no-class",
       .clause = "ACC-35",
       .on_response = body_becomes(lists_of_many,
                                   [](Json& answer) {
                                     for (auto& users : answer["qualified_user_map"]) {
                                       for (auto& clients : users) {
                                         for (auto& client : clients) client.erase("class");
                                       }
                                     }
                                   })},
      {.name = "who-does-not-exist-is-listed",
       .clause = "ACC-35",
       .on_response = body_becomes(lists_of_many,
                                   [](Json& answer) {
                                     for (auto& users : answer["qualified_user_map"]) {
                                       users["nobody"] = Json::array();
                                     }
                                   })},
      {.name = "the-last-client-of-another-is-not-listed",
       .clause = "ACC-35",
       .on_response = body_becomes(lists_of_one, without_the_last)},
      {.name = "everybody-has-every-client",
       .clause = "ACC-35",
       .on_response = status_becomes(reads_of_one, 404, 200)},
  };
}

}  // namespace

std::vector<Fault> client_faults() {
  std::vector<Fault> all;
  for (const auto& part : {registering, own_clients, clients_of_others}) {
    for (auto& fault : part()) all.push_back(std::move(fault));
  }
  return all;
}

}  // namespace twostep::conformance::liar
