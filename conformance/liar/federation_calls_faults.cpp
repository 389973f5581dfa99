#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "conformance/liar/federation.hpp"
#include "conformance/liar/proxy.hpp"

// Faults of chapter 9: calls, asking for clients, and mismatches with remote members.

namespace twostep::conformance::liar {
namespace {

const Route any_call{"POST", "/federation/*/*"};

/// Only what passes for a domain is left of an origin.
void cut_down(HttpRequest& call) {
  auto origin = call.head.header("Wire-Origin-Domain").value_or("");
  if (const auto scheme = origin.find("://"); scheme != origin.npos) origin.erase(0, scheme + 3);
  if (const auto at = origin.find('@'); at != origin.npos) origin.erase(0, at + 1);
  call.head.set_header("Wire-Origin-Domain", origin.substr(0, origin.find_first_of(":/,")));
}

OnRequest any_origin_is_somebody() {
  return request_becomes(any_call, [](HttpRequest& call) {
    const auto origin = call.head.header("Wire-Origin-Domain").value_or("");
    if (origin.find(".peers.") == origin.npos) {
      call.head.set_header("Wire-Origin-Domain", "somebody.peers.test");
    }
  });
}

OnRequest queries_are_ignored() {
  return [](HttpRequest& call) -> std::optional<HttpResponse> {
    call.set_target(call.path());
    return std::nullopt;
  };
}

std::vector<Fault> form_faults() {
  return {
      {.name = "a-call-is-answered-with-text",
       .clause = "FED-01",
       .on_peer_response = answer_becomes(asks_clients,
                                          [](const HttpRequest&, HttpResponse& response) {
                                            response.head.set_header("Content-Type", "text/plain");
                                          })},
      {.name = "what-has-a-value-is-an-error",
       .clause = "FED-01",
       .on_peer_response = answer_becomes(
           hands_on, [](const HttpRequest&, HttpResponse& response) { response.set_status(404); })},
      {.name = "a-call-does-not-say-whose-it-is",
       .clause = "FED-01",
       .on_call = request_becomes(
           asks_clients, [](HttpRequest& call) { call.head.remove_header("Wire-Origin-Domain"); })},
      {.name = "queries-are-ignored", .clause = "FED-02", .on_peer_request = queries_are_ignored()},
      {.name = "no-origin-is-somebody",
       .clause = "FED-02",
       .on_peer_request = any_origin_is_somebody()},
      {.name = "callers-need-no-certificate", .clause = "FED-03", .believes_anybody = true},
      {.name = "no-certificate-is-good-enough",
       .clause = "FED-03",
       .believes_anybody = true,
       .refuses_proof = true},
      {.name = "callers-are-whom-they-claim-to-be", .clause = "FED-04", .believes_anybody = true},
      {.name = "who-is-not-allowed-is-not-found",
       .clause = "FED-05",
       .on_response =
           label_becomes({"POST", "/connections/*/*"}, "federation-denied", "not-found")},
      {.name = "who-is-not-allowed-makes-it-fail",
       .clause = "FED-05",
       .on_peer_response = [](const HttpRequest&,
                              HttpResponse& response) { response.set_status(500); }},
      {.name = "peers-are-whom-they-claim-to-be", .clause = "FED-06", .believes_anybody = true},
      {.name = "redirects-are-followed",
       .clause = "FED-07",
       .on_call_answered =
           [](const HttpRequest&, HttpResponse& response) {
             if (response.status() == 307) response = answer(200, Json::object());
           }},
      {.name = "capitals-make-another-backend",
       .clause = "FED-08",
       .on_peer_request = refused_if(
           [](const HttpRequest& call) {
             const auto origin = call.head.header("Wire-Origin-Domain").value_or("");
             return std::any_of(origin.begin(), origin.end(),
                                [](unsigned char c) { return std::isupper(c); });
           },
           error(400, "federation-denied"))},
      {.name = "an-origin-is-cut-down-to-a-domain",
       .clause = "FED-08",
       .on_peer_request = request_becomes(any_call, cut_down)},
      {.name = "an-endless-answer-counts",
       .clause = "FED-10",
       .on_response = failures_are_acknowledged()},
      {.name = "speaks-no-version",
       .clause = "FED-11",
       .on_peer_response = answer_json_becomes(
           asks_versions, [](Json& body) { body["supported_versions"] = Json::array(); })},
  };
}

/// Peers are asked one after the other.
Fault one_after_the_other() {
  const auto turn = std::make_shared<std::mutex>();
  return {.name = "peers-are-asked-one-after-the-other",
          .clause = "FED-13",
          .on_call = [turn](HttpRequest& call) -> std::optional<HttpResponse> {
            if (asks_clients.matches(call)) turn->lock();
            return std::nullopt;
          },
          .on_call_answered =
              [turn](const HttpRequest& call, HttpResponse&) {
                if (asks_clients.matches(call)) turn->unlock();
              }};
}

Fault clients_are_remembered() {
  struct Memory {
    std::mutex mutex = {};
    std::map<std::string, HttpResponse> answers = {};
  };
  const auto memory = std::make_shared<Memory>();
  const auto key = [](const HttpRequest& call) { return callee_of(call) + call.body; };
  return {.name = "clients-are-remembered",
          .clause = "FED-14",
          .on_call = [=](HttpRequest& call) -> std::optional<HttpResponse> {
            const std::lock_guard lock{memory->mutex};
            const auto known = memory->answers.find(key(call));
            if (!asks_clients.matches(call) || known == memory->answers.end()) return std::nullopt;
            return known->second;
          },
          .on_call_answered =
              [=](const HttpRequest& call, HttpResponse& response) {
                const std::lock_guard lock{memory->mutex};
                if (asks_clients.matches(call)) memory->answers.emplace(key(call), response);
              }};
}

std::vector<Fault> asking_faults() {
  return {
      calls_twice("peers-are-asked-twice", "FED-12", asks_clients),
      calls_whom_it_need_not(
          "everybody-is-asked", "FED-12", asks_clients,
          [](const HttpRequest& request, const HttpResponse&) { return sends.matches(request); }),
      one_after_the_other(),
      clients_are_remembered(),
      {.name = "every-call-is-made-again",
       .clause = "FED-15",
       .calls_again =
           [](const HttpRequest& call) {
             return asks_clients.matches(call) || tells_message.matches(call) ||
                    hands_on.matches(call);
           }},
      calls_whom_it_need_not("peers-are-asked-for-strangers", "FED-16", asks_clients,
                             [](const HttpRequest& request, const HttpResponse& response) {
                               return sends.matches(request) && response.status() == 404;
                             }),
      calls_whom_it_need_not("peers-are-told-of-refused-messages", "FED-17", tells_message,
                             [](const HttpRequest& request, const HttpResponse& response) {
                               return sends.matches(request) && response.status() / 100 == 4;
                             }),
      {.name = "peers-are-told-before-they-are-asked",
       .clause = "FED-17",
       .on_call = request_becomes(
           asks_clients,
           [](HttpRequest& call) { call_peer(callee_of(call), tells_message.pattern, "{}"); })},
  };
}

/// Strategies name users by their ids alone.
OnRequest strategies_know_no_domains(const std::shared_ptr<Neighbours>& neighbours) {
  const auto change = [neighbours](const HttpRequest& request, auto& users) {
    for (auto& user : *users.mutable_user_ids()) {
      for (const auto& domain : neighbours->of(request)) user.set_domain(domain);
    }
  };
  return message_becomes(
      [change](const HttpRequest& request, proteus::QualifiedNewOtrMessage& message) {
        if (message.has_ignore_only()) change(request, *message.mutable_ignore_only());
        if (message.has_report_only()) change(request, *message.mutable_report_only());
      });
}

Fault strategies_without_domains() {
  const auto neighbours = std::make_shared<Neighbours>();
  return {.name = "strategies-know-no-domains",
          .clause = "FED-18",
          .on_request = strategies_know_no_domains(neighbours),
          .on_response = [neighbours](const HttpRequest& request, HttpResponse&) {
            neighbours->hear(request);
          }};
}

/// In one map of the status, only what is of the conversation's own domain.
OnResponse only_local(const char* map) {
  return sending_status_becomes([map](const HttpRequest& request, HttpResponse&, Json& status) {
    auto local = Json::object();
    const auto domain = domain_of(request);
    if (status[map].contains(domain)) local[domain] = status[map][domain];
    status[map] = local;
  });
}

std::vector<Fault> mismatch_faults() {
  return {
      {.name = "remote-clients-are-never-missing",
       .clause = "FED-18",
       .on_response = only_local("missing")},
      {.name = "remote-clients-are-never-deleted",
       .clause = "FED-18",
       .on_response = only_local("deleted")},
      {.name = "remote-clients-are-never-redundant",
       .clause = "FED-18",
       .on_response = only_local("redundant")},
      {.name = "no-strategy-lets-remote-clients-pass",
       .clause = "FED-18",
       .on_request = message_becomes(
           [](proteus::QualifiedNewOtrMessage& message) { message.mutable_report_all(); })},
      strategies_without_domains(),
      {.name = "who-has-no-clients-stops-a-message",
       .clause = "FED-19",
       .on_response =
           sending_status_becomes([](const HttpRequest&, HttpResponse& response, Json& status) {
             if (!status["redundant"].empty() || !status["deleted"].empty())
               response.set_status(412);
           })},
  };
}

/// While a peer is being asked, nobody can send.
Fault everybody_waits_for_a_silent_peer() {
  auto gate = turnstile(asks_clients, sends);
  return {.name = "everybody-waits-for-a-silent-peer",
          .clause = "FED-22",
          .on_request = gate.waits,
          .on_call = gate.enters,
          .on_call_answered = gate.leaves};
}

std::vector<Fault> nobody_faults() {
  return {
      {.name = "a-message-that-failed-is-acknowledged",
       .clause = "FED-20",
       .on_response = failures_are_acknowledged()},
      {.name = "a-peer-that-fails-is-taken-on-trust",
       .clause = "FED-20",
       .on_call_answered = answer_becomes(asks_clients,
                                          [](const HttpRequest&, HttpResponse& response) {
                                            if (response.status() != 200) {
                                              response = answer(200, Json::object());
                                            }
                                          })},
      {.name = "an-unknown-sender-is-somebody",
       .clause = "FED-20",
       .on_response = answer_becomes(sends,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() == 403 || response.status() > 500) {
                                         response = answer(201, nothing_to_report());
                                       }
                                     })},
      calls_whom_it_need_not("peers-of-other-conversations-are-asked", "FED-21", asks_clients,
                             [](const HttpRequest& request, const HttpResponse& response) {
                               return sends.matches(request) && response.status() == 201;
                             }),
      everybody_waits_for_a_silent_peer(),
  };
}

}  // namespace

std::vector<Fault> federation_calls_faults() {
  std::vector<Fault> all;
  for (const auto& some : {form_faults, asking_faults, mismatch_faults, nobody_faults}) {
    auto faults = some();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
