#include <mutex>
#include <set>

#include "conformance/liar/sends.hpp"

// Faults of chapter 1 about mismatches, strategies, unusual requests and refusals.

namespace twostep::conformance::liar {
namespace {

using Message = proteus::QualifiedNewOtrMessage;

std::size_t clients_in(const Json& map) {
  std::size_t count = 0;
  for (const auto& users : map) {
    for (const auto& clients : users) count += clients.size();
  }
  return count;
}

void keep_first_only(Json& map) {
  if (map.empty()) return;
  const auto domain = map.begin().key();
  const auto user = map[domain].begin().key();
  map = {{domain, {{user, {map[domain][user][0]}}}}};
}

/// Whatever is in one map is reported in another.
OnResponse reported_as(const char* from, const char* to) {
  return sending_status_becomes([from, to](const HttpRequest&, HttpResponse&, Json& status) {
    for (const auto& [domain, users] : status[from].items()) {
      for (const auto& [user, clients] : users.items()) status[to][domain][user] = clients;
    }
    status[from] = Json::object();
  });
}

std::optional<std::string> to_the_refused(const Sent& sent, const Reader& reader) {
  return sent.status == 412 ? sent.addressed_to(reader.client) : std::nullopt;
}

std::optional<std::string> to_the_addressed_of_an_error(const Sent& sent, const Reader& reader) {
  const bool error = sent.status == 400 || sent.status == 403 || sent.status == 404;
  return error ? sent.addressed_to(reader.client) : std::nullopt;
}

Fault a_listed_stranger_is_a_bad_request() {
  const auto ledger = std::make_shared<Ledger>();
  return {.name = "a-listed-user-must-exist",
          .clause = "SND-27",
          .on_request = [ledger](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!sends.matches(request)) return std::nullopt;
            const auto message = message_in(request);
            const auto& listed = message.has_report_only() ? message.report_only().user_ids()
                                                           : message.ignore_only().user_ids();
            for (const auto& user : listed) {
              if (!ledger->knows_user(user.id())) return error(400, "bad-request");
            }
            return std::nullopt;
          },
          .on_response = [ledger](const HttpRequest& request,
                                  HttpResponse& response) { ledger->hear(request, response); }};
}

std::vector<Fault> mismatches() {
  return {
      {.name = "missing-names-only-one",
       .clause = "SND-19",
       .on_response = sending_status_becomes([](const HttpRequest&, HttpResponse&, Json& status) {
         keep_first_only(status["missing"]);
       })},
      {.name = "one-missing-client-is-tolerated",
       .clause = "SND-19",
       .on_response =
           sending_status_becomes([](const HttpRequest&, HttpResponse& response, Json& status) {
             if (clients_in(status["missing"]) != 1) return;
             status["missing"] = Json::object();
             response.set_status(201);
           })},
      leaking("a-refused-message-is-delivered", "SND-20", to_the_refused),
      {.name = "an-unknown-client-is-redundant",
       .clause = "SND-21",
       .on_response = reported_as("deleted", "redundant")},
      {.name = "an-outsider-is-deleted",
       .clause = "SND-22",
       .on_response = reported_as("redundant", "deleted")},
      {.name = "a-redundant-client-prevents-sending",
       .clause = "SND-23",
       .on_response =
           sending_status_becomes([](const HttpRequest&, HttpResponse& response, Json& status) {
             if (!status["redundant"].empty()) response.set_status(412);
           })},
      {.name = "a-refusal-reports-only-the-missing",
       .clause = "SND-23",
       .on_response =
           sending_status_becomes([](const HttpRequest&, HttpResponse& response, Json& status) {
             if (response.status() != 412) return;
             status["redundant"] = status["deleted"] = Json::object();
           })},
  };
}

std::vector<Fault> strategies() {
  return {
      {.name = "ignore-all-reports-all",
       .clause = "SND-24",
       .on_request = message_becomes([](Message& message) {
         if (message.has_ignore_all()) message.mutable_report_all();
       })},
      {.name = "report-only-reports-all",
       .clause = "SND-25",
       .on_request = message_becomes([](Message& message) {
         if (message.has_report_only()) message.mutable_report_all();
       })},
      {.name = "report-only-reports-the-first-listed",
       .clause = "SND-25",
       .on_request = message_becomes([](Message& message) {
         if (!message.has_report_only()) return;
         auto& listed = *message.mutable_report_only()->mutable_user_ids();
         while (listed.size() > 1) listed.RemoveLast();
       })},
      {.name = "ignore-only-reports-all",
       .clause = "SND-26",
       .on_request = message_becomes([](Message& message) {
         if (message.has_ignore_only()) message.mutable_report_all();
       })},
      {.name = "ignore-only-ignores-all",
       .clause = "SND-26",
       .on_request = message_becomes([](Message& message) {
         if (message.has_ignore_only()) message.mutable_ignore_all();
       })},
      a_listed_stranger_is_a_bad_request(),
  };
}

/// After one refusal a conversation refuses everything.
Fault a_refusal_is_final() {
  const auto refused = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "a-completed-message-is-refused-again",
          .clause = "SND-28",
          .on_response = sending_status_becomes(
              [=](const HttpRequest& request, HttpResponse& response, Json&) {
                const std::lock_guard lock{*mutex};
                if (response.status() == 412) refused->insert(request.path());
                if (refused->contains(request.path())) response.set_status(412);
              })};
}

/// Of elements with equal keys the first is kept.
template <typename List, typename Key>
void keep_first_of_each(List& list, Key key) {
  std::set<std::string> known;
  for (int i = 0; i < list.size();) {
    if (known.insert(key(list[i])).second) {
      ++i;
    } else {
      list.DeleteSubrange(i, 1);
    }
  }
}

void keep_first_occurrences(Message& message) {
  keep_first_of_each(*message.mutable_recipients(),
                     [](const auto& domain) { return domain.domain(); });
  for (auto& domain : *message.mutable_recipients()) {
    keep_first_of_each(*domain.mutable_entries(),
                       [](const auto& user) { return user.user().uuid(); });
    for (auto& user : *domain.mutable_entries()) {
      keep_first_of_each(*user.mutable_clients(),
                         [](const auto& client) { return client_text(client.client()); });
    }
  }
}

/// Drops a strategy without members at the end of a message that had one before.
void drop_second_strategy(HttpRequest& request) {
  constexpr std::string_view report_all{"\x3a\x00", 2};
  constexpr std::string_view ignore_all{"\x42\x00", 2};
  const std::string_view body = request.body;
  if (!body.ends_with(report_all) && !body.ends_with(ignore_all)) return;
  Message without;
  without.ParsePartialFromArray(request.body.data(), static_cast<int>(body.size() - 2));
  if (without.client_mismatch_strategy_case() != Message::CLIENT_MISMATCH_STRATEGY_NOT_SET) {
    request.body.resize(body.size() - 2);
  }
}

std::vector<Fault> requests() {
  return {
      a_refusal_is_final(),
      {.name = "the-first-occurrence-counts",
       .clause = "SND-29",
       .on_request = message_becomes(keep_first_occurrences)},
      {.name = "a-message-to-nobody-is-a-bad-request",
       .clause = "SND-30",
       .on_request = [](HttpRequest& request) -> std::optional<HttpResponse> {
         if (!sends.matches(request) || message_in(request).recipients_size() > 0) {
           return std::nullopt;
         }
         return error(400, "bad-request");
       }},
      {.name = "without-a-strategy-all-is-reported",
       .clause = "SND-31",
       .on_request = message_becomes([](Message& message) {
         if (message.client_mismatch_strategy_case() == Message::CLIENT_MISMATCH_STRATEGY_NOT_SET) {
           message.mutable_report_all();
         }
       })},
      {.name = "the-first-strategy-counts",
       .clause = "SND-32",
       .on_request = request_becomes(sends, drop_second_strategy)},
  };
}

/// A conversation that exists is refused in another way than one that does not.
Fault a_stranger_learns_what_exists() {
  const auto existing = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "a-stranger-learns-what-exists",
          .clause = "SND-33",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{*mutex};
            if (Route{"POST", "/conversations"}.matches(request) && response.status() == 201) {
              existing->insert(response.json()["qualified_id"].value("id", ""));
            }
            if (!sends.matches(request) || response.status() != 404) return;
            for (const auto& id : *existing) {
              if (request.path().find(id) != std::string::npos) {
                response = error(403, "access-denied");
              }
            }
          }};
}

/// The sending client is not checked: another one of the user's is put in its place.
Fault the_sender_is_not_checked() {
  const auto ledger = std::make_shared<Ledger>();
  return {.name = "the-sender-may-be-anybodys-client",
          .clause = "SND-34",
          .on_request = message_becomes([ledger](const HttpRequest& request, Message& message) {
            const auto own = ledger->clients_of(ledger->user_of(request));
            if (own.empty()) return;
            message.mutable_sender()->set_client(std::stoull(own.front(), nullptr, 16));
          }),
          .on_response = [ledger](const HttpRequest& request, HttpResponse& response) {
            ledger->hear(request, response);
          }};
}

/// What a send with an unknown sender is answered, whatever else is wrong with it.
OnResponse sends_of_unknown_clients_become(int from, HttpResponse to) {
  const auto ledger = std::make_shared<Ledger>();
  return [=](const HttpRequest& request, HttpResponse& response) {
    ledger->hear(request, response);
    if (!sends.matches(request) || response.status() != from) return;
    const auto sender = client_text(message_in(request).sender());
    for (const auto& client : ledger->clients_of(ledger->user_of(request))) {
      if (client == sender) return;
    }
    response = to;
  };
}

std::vector<Fault> refusals() {
  return {
      a_stranger_learns_what_exists(),
      {.name = "a-refusal-names-the-conversation",
       .clause = "SND-33",
       .on_response = answer_becomes(sends,
                                     [](const HttpRequest& request, HttpResponse& response) {
                                       if (response.status() != 404) return;
                                       auto body = response.json();
                                       body["message"] = request.path();
                                       response.set_json(body);
                                     })},
      the_sender_is_not_checked(),
      {.name = "the-sender-is-checked-before-membership",
       .clause = "SND-35",
       .on_response = sends_of_unknown_clients_become(404, error(403, "unknown-client"))},
      {.name = "missing-clients-are-checked-before-the-sender",
       .clause = "SND-35",
       .on_response = sends_of_unknown_clients_become(403, answer(412, nothing_to_report()))},
      leaking("an-error-delivers-all-the-same", "SND-36", to_the_addressed_of_an_error),
  };
}

}  // namespace

std::vector<Fault> send_mismatch_faults() {
  std::vector<Fault> all;
  for (const auto& part : {mismatches, strategies, requests, refusals}) {
    for (auto& fault : part()) all.push_back(std::move(fault));
  }
  return all;
}

}  // namespace twostep::conformance::liar
