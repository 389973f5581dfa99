#include <iterator>
#include <map>
#include <memory>
#include <mutex>

#include "conformance/liar/federation.hpp"

// Faults of chapter 9: users and clients of several backends, connections, conversations, and errors.

namespace twostep::conformance::liar {
namespace {

const Route client_lists{"POST", "/users/list-clients"};
const Route prekey_lists{"POST", "/users/list-prekeys"};
const Route prekeys_of_user{"GET", "/users/*/*/prekeys"};
const Route claims_one{"POST", "/federation/brig/claim-prekey"};
const Route claims_of_user{"POST", "/federation/brig/claim-prekey-bundle"};
const Route types{"POST", "/conversations/*/*/typing"};
const Route user_lists{"POST", "/list-users"};
const Route users{"GET", "/users/*/*"};
const Route asks{"POST", "/connections/*/*"};
const Route accepts{"PUT", "/connections/*/*"};
const Route connections{"GET", "/connections/*/*"};
const Route creates{"POST", "/conversations"};
const Route reads{"GET", "/conversations/*/*"};
const Route lists{"POST", "/conversations/list"};
const Route id_lists{"POST", "/conversations/list-ids"};
const Route adds{"POST", "/conversations/*/*/members"};
const Route removes{"DELETE", "/conversations/*/*/members/*/*"};
const Route renames{"PUT", "/conversations/*/*/name"};

/// A prekey that was handed out once is handed out every time.
Fault the_same_prekey_again() {
  struct Memory {
    std::mutex mutex = {};
    std::map<std::string, Json> first = {};
  };
  const auto memory = std::make_shared<Memory>();
  return {.name = "peers-get-the-same-prekey-again",
          .clause = "FED-47",
          .on_peer_response = answer_becomes(
              claims_prekeys, [memory](const HttpRequest& call, HttpResponse& response) {
                const std::lock_guard lock{memory->mutex};
                response.set_json(memory->first.emplace(call.body, response.json()).first->second);
              })};
}

std::vector<Fault> user_faults() {
  return {
      {.name = "peers-learn-labels-of-clients",
       .clause = "FED-44",
       .on_peer_response = answer_json_becomes(asks_clients,
                                               [](Json& body) {
                                                 for (auto& clients : body) {
                                                   for (auto& client : clients) {
                                                     client["label"] = "mine";
                                                   }
                                                 }
                                               })},
      {.name = "unknown-users-have-clients",
       .clause = "FED-44",
       .on_peer_response = answer_becomes(asks_clients,
                                          [](const HttpRequest& call, HttpResponse& response) {
                                            auto body = response.json();
                                            const auto asked = json_of(call)["users"];
                                            for (const auto& user : asked) {
                                              auto& clients = body[user.get<std::string>()];
                                              if (clients.empty()) clients = {{{"id", "1"}}};
                                            }
                                            response.set_json(body);
                                          })},
      {.name = "a-failing-peer-fails-the-list-of-clients",
       .clause = "FED-45",
       .on_response = answer_becomes(client_lists,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       response = error(533, "federation-remote-error");
                                     })},
      {.name = "peers-learn-addresses",
       .clause = "FED-48",
       .on_peer_response = answer_json_becomes(asks_users,
                                               [](Json& body) {
                                                 for (auto& user : body) {
                                                   user["email"] = "alice@example.com";
                                                 }
                                               })},
      {.name = "remote-users-have-no-names",
       .clause = "FED-48",
       .on_response = body_becomes(users, [](Json& body) { body["name"] = "somebody"; })},
      {.name = "a-user-of-a-failing-peer-is-not-found",
       .clause = "FED-48",
       .on_response = answer_becomes(users,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() > 500) {
                                         response = error(404, "not-found");
                                       }
                                     })},
  };
}

std::vector<Fault> prekey_faults_of_peers() {
  return {
      calls_twice("prekeys-are-claimed-twice", "FED-46", claims_prekeys),
      {.name = "nobody-failed-to-list",
       .clause = "FED-46",
       .on_response = body_becomes(prekey_lists, [](Json& body) { body.erase("failed_to_list"); })},
      the_same_prekey_again(),
      {.name = "a-user-has-one-client",
       .clause = "FED-71",
       .on_peer_response = answer_json_becomes(claims_of_user,
                                               [](Json& body) {
                                                 auto& clients = body["clients"];
                                                 if (clients.size() > 1) clients.erase(1);
                                               })},
      {.name = "an-unknown-client-is-an-error",
       .clause = "FED-71",
       .on_peer_response = answer_becomes(claims_one,
                                          [](const HttpRequest&, HttpResponse& response) {
                                            if (response.body != "null") return;
                                            response = error(404, "not-found");
                                          })},
      {.name = "remote-users-have-no-prekeys",
       .clause = "FED-46",
       .on_response = answer_becomes(
           prekeys_of_user,
           [](const HttpRequest&, HttpResponse& response) { response = error(404, "not-found"); })},
  };
}

OnResponse status_of_connection_becomes(Route route, std::string from, std::string to) {
  return body_becomes(std::move(route), [from = std::move(from), to = std::move(to)](Json& body) {
    if (body.value("status", "") == from) body["status"] = to;
  });
}

std::vector<Fault> connection_faults_of_peers() {
  return {
      calls_twice("peers-are-asked-for-a-connection-twice", "FED-49", connects),
      {.name = "who-is-asked-by-a-remote-user-does-not-see-it",
       .clause = "FED-49",
       .on_response = status_of_connection_becomes(connections, "pending", "ignored")},
      {.name = "a-mutual-request-is-not-accepted",
       .clause = "FED-50",
       .on_peer_response =
           answer_json_becomes(connects, [](Json& body) { body["contents"] = nullptr; })},
      {.name = "peers-are-not-told-who-accepts",
       .clause = "FED-50",
       .on_call = never_forwarded(connects, answer(200, {{"tag", "NewConnectionResponseOk"},
                                                         {"contents", "RemoteConnect"}}))},
      {.name = "a-connection-names-a-group",
       .clause = "FED-50",
       .on_response = both(body_becomes(reads, [](Json& body) { body["type"] = 0; }),
                           status_becomes(sends, 201, 404))},
      {.name = "connections-of-remote-users-are-hidden",
       .clause = "FED-51",
       .on_response = answer_becomes(connections,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() == 200) response.set_status(404);
                                     })},
      {.name = "everybody-is-activated",
       .clause = "FED-51",
       .on_peer_response = answer_json_becomes(
           connects, [](Json& body) { body["tag"] = "NewConnectionResponseOk"; })},
      {.name = "a-user-who-does-not-exist-is-not-found",
       .clause = "FED-51",
       .on_response = label_becomes(asks, "invalid-user", "not-found")},
      {.name = "a-failing-peer-is-connected-to",
       .clause = "FED-52",
       .on_response = answer_becomes(asks,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() > 500) {
                                         response = answer(201, {{"status", "sent"}});
                                       }
                                     })},
  };
}

/// Events of one type are not in pages.
OnResponse never_told(std::string type) {
  return events_dropped([type = std::move(type)](const HttpRequest&, const Json& event) {
    return event.value("type", "") == type;
  });
}

OnResponse refusals_become(Route route, HttpResponse instead) {
  return answer_becomes(std::move(route),
                        [instead = std::move(instead)](const HttpRequest&, HttpResponse& response) {
                          if (response.status() >= 400) response = instead;
                        });
}

std::vector<Fault> creating_faults() {
  return {
      calls_twice("peers-are-told-of-a-conversation-twice", "FED-53", tells_creation),
      {.name = "conversations-of-peers-are-not-told-of",
       .clause = "FED-53",
       .on_response = never_told("conversation.create")},
      {.name = "a-failing-peer-stops-no-conversation",
       .clause = "FED-54",
       .on_response = refusals_become(creates, answer(201, Json::object()))},
      {.name = "who-is-not-connected-is-access-denied",
       .clause = "FED-55",
       .on_response = label_becomes(creates, "not-connected", "access-denied")},
      {.name = "unconnected-users-keep-others-from-joining",
       .clause = "FED-55",
       .on_peer_response = status_becomes(tells_update, 200, 202)},
      {.name = "unconnected-users-make-it-fail",
       .clause = "FED-55",
       .on_peer_response =
           [](const HttpRequest& call, HttpResponse& response) {
             if (tells_creation.matches(call) || tells_update.matches(call))
               response.set_status(202);
           }},
  };
}

std::vector<Fault> change_faults() {
  return {
      calls_twice("peers-are-told-who-joins-twice", "FED-56", tells_update),
      {.name = "joins-of-peers-are-not-told-of",
       .clause = "FED-56",
       .on_response = never_told("conversation.member-join")},
      {.name = "a-failing-peer-keeps-nobody-out",
       .clause = "FED-57",
       .on_response = refusals_become(adds, answer(200, Json::object()))},
      {.name = "a-failing-peer-keeps-local-users-out",
       .clause = "FED-57",
       .on_response = status_becomes(adds, 200, 533)},
      calls_twice("peers-are-told-of-changes-twice", "FED-58", tells_update),
      {.name = "changes-of-peers-are-not-told-of",
       .clause = "FED-58",
       .on_response = both(
           both(never_told("conversation.rename"), never_told("conversation.message-timer-update")),
           never_told("conversation.member-leave"))},
      {.name = "new-roles-at-peers-are-not-told-of",
       .clause = "FED-58",
       .on_response = never_told("conversation.member-update")},
      {.name = "a-failing-peer-prevents-changes",
       .clause = "FED-59",
       .on_response = both(status_becomes(removes, 200, 533), status_becomes(renames, 200, 533))},
  };
}

/// An update is about a conversation of whoever owns one with this id.
Fault relayed_updates_are_believed() {
  struct Owners {
    std::mutex mutex = {};
    std::map<std::string, std::string> by_conversation = {};
  };
  const auto owners = std::make_shared<Owners>();
  return {.name = "relayed-changes-are-believed",
          .clause = "FED-60",
          .on_peer_request = [owners](HttpRequest& call) -> std::optional<HttpResponse> {
            const auto body = json_of(call);
            const std::lock_guard lock{owners->mutex};
            if (tells_creation.matches(call)) {
              owners->by_conversation[body.value("cnv_id", "")] =
                  call.head.header("Wire-Origin-Domain").value_or("");
            }
            const auto known = owners->by_conversation.find(body.value("convId", ""));
            if (known != owners->by_conversation.end()) {
              call.head.set_header("Wire-Origin-Domain", known->second);
            }
            return std::nullopt;
          }};
}

/// Whatever comes last holds.
Fault late_words_are_new() {
  return {.name = "late-words-are-new",
          .clause = "FED-69",
          .on_peer_request = [](HttpRequest& call) -> std::optional<HttpResponse> {
            if (!tells_update.matches(call)) return std::nullopt;
            auto body = json_of(call);
            body["time"] = "2025-01-01T00:00:09.000Z";
            call.body = body.dump();
            return std::nullopt;
          }};
}

std::vector<Fault> border_faults_of_peers() {
  return {
      relayed_updates_are_believed(),
      late_words_are_new(),
      {.name = "members-of-peers-are-not-told-of-names",
       .clause = "FED-60",
       .on_response = never_told("conversation.rename")},
      {.name = "unknown-conversations-are-an-error",
       .clause = "FED-60",
       .on_peer_response = status_becomes(tells_update, 200, 404)},
      {.name = "owners-are-not-told-who-leaves",
       .clause = "FED-61",
       .on_call = never_forwarded(asks_to_leave, answer(200, {{"Right", Json::array()}}))},
      {.name = "peers-are-told-who-leaves-twice",
       .clause = "FED-61",
       .calls_again = [](const HttpRequest& call) { return tells_update.matches(call); }},
      {.name = "anybody-has-left",
       .clause = "FED-61",
       .on_peer_response = answer_json_becomes(asks_to_leave,
                                               [](Json& body) {
                                                 body = {{"Right", Json::array()}};
                                               })},
      {.name = "changes-elsewhere-are-denied",
       .clause = "FED-70",
       .on_response = label_becomes(renames, "federation-not-implemented", "action-denied")},
      {.name = "nobody-types-elsewhere",
       .clause = "FED-70",
       .on_request = never_forwarded(types, answer(200, Json::object()))},
      calls_whom_it_need_not("owners-are-asked-to-remove", "FED-62", asks_to_leave,
                             [](const HttpRequest& request, const HttpResponse& response) {
                               return removes.matches(request) && response.status() == 403;
                             }),
      {.name = "remote-conversations-have-no-name",
       .clause = "FED-63",
       .on_response = body_becomes(reads, [](Json& body) { body["name"] = nullptr; })},
      calls_whom_it_need_not("owners-are-asked-for-anybody", "FED-63", asks_conversations,
                             [](const HttpRequest& request, const HttpResponse& response) {
                               return reads.matches(request) && response.status() == 404;
                             }),
      {.name = "what-an-owner-leaves-out-is-denied",
       .clause = "FED-63",
       .on_response = label_becomes(reads, "no-conversation", "access-denied")},
      calls_twice("owners-are-asked-twice", "FED-64", asks_conversations),
      {.name = "conversations-are-shown-to-anybody",
       .clause = "FED-65",
       .on_peer_response = answer_json_becomes(asks_conversations,
                                               [](Json& body) {
                                                 body["convs"] = Json::array({{{"id", "1"}}});
                                               })},
  };
}

std::vector<Fault> error_faults() {
  return {
      {.name = "errors-name-no-peer",
       .clause = "FED-66",
       .on_response = answer_becomes(sends,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       auto body = response.json();
                                       if (!body.is_object()) return;
                                       body.erase("data");
                                       response.set_json(body);
                                     })},
      {.name = "peers-that-are-down-are-server-errors",
       .clause = "FED-66",
       .on_response = answer_becomes(sends,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() > 520) response.set_status(500);
                                     })},
      {.name = "every-failure-is-the-same",
       .clause = "FED-67",
       .on_response = answer_becomes(sends,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() > 520) {
                                         response = error(533, "federation-version-error");
                                       }
                                     })},
      {.name = "a-silent-peer-is-no-failure",
       .clause = "FED-68",
       .on_response = failures_are_acknowledged()},
  };
}

}  // namespace

std::vector<Fault> federation_groups_faults() {
  std::vector<Fault> all;
  for (const auto& some : {user_faults, prekey_faults_of_peers, connection_faults_of_peers,
                           creating_faults, change_faults, border_faults_of_peers, error_faults}) {
    auto faults = some();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
