#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "conformance/liar/events.hpp"
#include "conformance/liar/tokens.hpp"

// Faults of chapter 5 about prekeys and push tokens.

namespace twostep::conformance::liar {
namespace {

const Route claims{"POST", "/users/list-prekeys"};
const Route claims_of_one{"GET", "/users/*/*/prekeys"};
const Route claims_of_client{"GET", "/users/*/*/prekeys/*"};
const Route ids_left{"GET", "/clients/*/prekeys"};
const Route adds_token{"POST", "/push/tokens"};
const Route lists_tokens{"GET", "/push/tokens"};
const Route deletes_token{"DELETE", "/push/tokens/*"};
constexpr int last_resort_id = 65'535;

/// Changes each prekey that a claim gets, with the client that it is of.
OnResponse claimed_becomes(std::function<void(const std::string& client, Json& prekey)> change) {
  return body_becomes(claims, [change](Json& answer) {
    for (auto& users : answer["qualified_user_client_prekeys"]) {
      for (auto& clients : users) {
        for (auto& [client, prekey] : clients.items()) change(client, prekey);
      }
    }
  });
}

/// Every third claim of a client gets the key of the first.
Fault handed_out_again() {
  struct Claimed {
    Json first;
    int claims = 0;
  };
  const auto claimed = std::make_shared<std::map<std::string, Claimed>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "a-prekey-is-handed-out-again",
          .clause = "ACC-37",
          .on_response = claimed_becomes([=](const std::string& client, Json& prekey) {
            const std::lock_guard lock{*mutex};
            auto& known = (*claimed)[client];
            if (known.first.is_null()) known.first = prekey;
            if (++known.claims % 3 == 0) prekey = known.first;
          })};
}

Fault last_resort_runs_out() {
  const auto used = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "the-last-resort-key-is-handed-out-once",
          .clause = "ACC-38",
          .on_response = claimed_becomes([=](const std::string& client, Json& prekey) {
            const std::lock_guard lock{*mutex};
            if (prekey.is_null() || prekey["id"] != last_resort_id) return;
            if (!used->insert(client).second) prekey = nullptr;
          })};
}

std::vector<Fault> prekeys() {
  return {
      {.name = "prekeys-are-encoded-anew",
       .clause = "ACC-36",
       .on_response = claimed_becomes([](const std::string&, Json& prekey) {
         if (prekey.is_object()) prekey["key"] = prekey["key"].get<std::string>() + "=";
       })},
      {.name = "a-client-that-does-not-exist-is-left-out",
       .clause = "ACC-36",
       .on_response = body_becomes(claims,
                                   [](Json& answer) {
                                     auto& domains = answer["qualified_user_client_prekeys"];
                                     for (auto& users : domains) {
                                       for (auto& clients : users) {
                                         auto kept = Json::object();
                                         for (auto& [client, prekey] : clients.items()) {
                                           if (!prekey.is_null()) kept[client] = prekey;
                                         }
                                         clients = kept;
                                       }
                                     }
                                   })},
      handed_out_again(),
      last_resort_runs_out(),
      {.name = "the-last-resort-key-is-not-listed",
       .clause = "ACC-39",
       .on_response = body_becomes(ids_left, [](Json& ids) { ids.erase(ids.size() - 1); })},
      {.name = "keys-are-not-used-up",
       .clause = "ACC-40",
       .on_response = body_becomes(ids_left, [](Json& ids) { ids.push_back(1); })},
      {.name = "one-client-has-no-prekey",
       .clause = "ACC-40",
       .on_response = body_becomes(
           claims_of_one,
           [](Json& answer) { answer["clients"].erase(answer["clients"].size() - 1); })},
      {.name = "every-client-has-prekeys",
       .clause = "ACC-40",
       .on_response = status_becomes(claims_of_client, 404, 200)},
  };
}

std::vector<Fault> push_tokens() {
  return {
      {.name = "tokens-are-for-another-app",
       .clause = "ACC-41",
       .on_request = json_becomes(adds_token, [](Json& token) { token["app"] = "another"; })},
      tokens_stay("a-token-replaces-nothing", "ACC-42"),
      {.name = "a-client-has-one-app",
       .clause = "ACC-42",
       .on_request = json_becomes(adds_token, [](Json& token) { token["app"] = "one"; })},
      tokens_stay("a-deleted-token-stays", "ACC-43"),
      {.name = "everybody-deletes-every-token",
       .clause = "ACC-43",
       .on_response = status_becomes(deletes_token, 404, 204)},
      {.name = "tokens-of-every-length",
       .clause = "ACC-44",
       .on_response = status_becomes(adds_token, 413, 201)},
      {.name = "all-tokens-are-as-short-as-the-shortest",
       .clause = "ACC-44",
       .on_request = [](HttpRequest& request) -> std::optional<HttpResponse> {
         constexpr std::size_t shortest_max = 400;
         if (!adds_token.matches(request)) return std::nullopt;
         if (json_of(request).value("token", "").size() <= shortest_max) return std::nullopt;
         return error(413, "token-too-long");
       }},
      {.name = "tokens-for-calls",
       .clause = "ACC-45",
       .on_response = status_becomes(adds_token, 400, 201)},
  };
}

}  // namespace

Fault tokens_stay(std::string name, std::string clause) {
  const auto tokens = std::make_shared<std::map<std::string, Json>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = std::move(name),
          .clause = std::move(clause),
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{*mutex};
            auto& known = (*tokens)[test_of(request)];
            if (adds_token.matches(request)) known.push_back(json_of(request));
            if (!lists_tokens.matches(request)) return;
            auto list = response.json();
            list["tokens"] = known;
            response.set_json(list);
          }};
}

std::vector<Fault> key_faults() {
  auto faults = prekeys();
  for (auto& fault : push_tokens()) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace twostep::conformance::liar
