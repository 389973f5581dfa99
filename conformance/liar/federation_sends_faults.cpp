#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "conformance/liar/federation.hpp"
#include "conformance/liar/proxy.hpp"

// Faults of chapter 9: telling peers to store, being told, and senders at another backend.

namespace twostep::conformance::liar {
namespace {

constexpr auto nobodys_client = "badc0ffee0ddf00d";

/// Stored nowhere, and answered as if it were.
HttpResponse done() { return answer(200, Json::object()); }

/// The peer is told by somebody else, while the target already has an answer.
OnRequest answered_before_the_peer_has() {
  return [](HttpRequest& call) -> std::optional<HttpResponse> {
    if (!tells_message.matches(call)) return std::nullopt;
    std::thread{[domain = callee_of(call), body = call.body] {
      call_peer(domain, tells_message.pattern, body);
    }}.detach();
    return done();
  };
}

OnRequest told_becomes(std::function<void(Json&)> change) {
  return json_becomes(tells_message, std::move(change));
}

void no_options(Json& told) {
  told["transient"] = false;
  told["push"] = true;
}

std::vector<Fault> telling_faults() {
  return {
      {.name = "peers-are-told-another-time",
       .clause = "FED-23",
       .on_call = told_becomes([](Json& told) { told["time"] = "2001-01-01T00:00:00.000Z"; })},
      {.name = "peers-are-told-of-data-that-there-is-not",
       .clause = "FED-23",
       .on_call = told_becomes([](Json& told) { told["data"] = "ZGF0YQ=="; })},
      {.name = "peers-are-told-of-clients-elsewhere",
       .clause = "FED-23",
       .on_call = told_becomes([](Json& told) {
         told["recipients"]["00000000-0000-4000-8000-000000000000"]["1"] = "aGVsbG8=";
       })},
      calls_whom_it_need_not("peers-are-told-of-what-is-not-theirs", "FED-23", tells_message,
                             [](const HttpRequest& request, const HttpResponse& response) {
                               return sends.matches(request) && response.status() == 201;
                             }),
      {.name = "acknowledges-before-peers-answer",
       .clause = "FED-24",
       .on_call = answered_before_the_peer_has()},
      {.name = "nobody-is-reported-as-failed",
       .clause = "FED-25",
       .on_response = sending_status_becomes([](const HttpRequest&, HttpResponse&, Json& status) {
         status["failed_to_send"] = Json::object();
       })},
      {.name = "everybody-remote-is-reported-as-failed",
       .clause = "FED-25",
       .on_call_answered = answer_becomes(
           tells_message,
           [](const HttpRequest&, HttpResponse& response) { response.set_status(500); })},
  };
}

/// Which conversation belongs to whom, and who is in it, as peers have told.
class Told {
 public:
  void hear(const HttpRequest& call) {
    if (!tells_creation.matches(call)) return;
    const auto body = json_of(call);
    const std::lock_guard lock{mutex_};
    const auto conversation = body.value("cnv_id", "");
    owners_[conversation] = call.head.header("Wire-Origin-Domain").value_or("");
    last_of_[owners_[conversation]] = conversation;
    for (const auto& member : body.value("non_creator_members", Json::array())) {
      members_[conversation].insert(member.value("id", ""));
    }
  }
  std::string owner_of(const std::string& conversation) const {
    return find(owners_, conversation);
  }
  std::string conversation_of(const std::string& owner) const { return find(last_of_, owner); }
  bool is_member(const std::string& user, const std::string& conversation) const {
    const std::lock_guard lock{mutex_};
    const auto known = members_.find(conversation);
    return known != members_.end() && known->second.contains(user);
  }

 private:
  std::string find(const std::map<std::string, std::string>& map, const std::string& key) const {
    const std::lock_guard lock{mutex_};
    const auto known = map.find(key);
    return known == map.end() ? "" : known->second;
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> owners_;
  std::map<std::string, std::string> last_of_;
  std::map<std::string, std::set<std::string>> members_;
};

/// A peer may write into the conversation of another.
Fault relays_are_believed() {
  const auto told = std::make_shared<Told>();
  return {.name = "relayed-messages-are-believed",
          .clause = "FED-29",
          .on_peer_request = [told](HttpRequest& call) -> std::optional<HttpResponse> {
            told->hear(call);
            if (!tells_message.matches(call)) return std::nullopt;
            const auto owner = told->owner_of(json_of(call).value("conversation", ""));
            if (!owner.empty()) call.head.set_header("Wire-Origin-Domain", owner);
            return std::nullopt;
          }};
}

/// The id of a conversation does not matter: a peer has only one.
Fault any_conversation_of_the_caller() {
  const auto told = std::make_shared<Told>();
  return {.name = "a-peer-has-one-conversation",
          .clause = "FED-29",
          .on_peer_request = [told](HttpRequest& call) -> std::optional<HttpResponse> {
            told->hear(call);
            auto body = json_of(call);
            const auto only =
                told->conversation_of(call.head.header("Wire-Origin-Domain").value_or(""));
            if (!tells_message.matches(call) || only.empty()) return std::nullopt;
            body["conversation"] = only;
            call.body = body.dump();
            return std::nullopt;
          }};
}

/// Who is named gets it, member or not.
Fault strangers_are_told() {
  struct Memory {
    Told told = {};
    Ledger ledger = {};
    std::mutex mutex = {};
    std::map<std::string, Json> events = {};  ///< By user.
  };
  const auto memory = std::make_shared<Memory>();
  return {.name = "strangers-get-messages-of-peers",
          .clause = "FED-29",
          .on_response =
              [memory](const HttpRequest& request, HttpResponse& response) {
                memory->ledger.hear(request, response);
                page_becomes([memory](const HttpRequest& page, Json& notifications) {
                  const std::lock_guard lock{memory->mutex};
                  const auto missed = memory->events.find(memory->ledger.user_of(page));
                  if (missed != memory->events.end()) add_event(notifications, missed->second);
                })(request, response);
              },
          .on_peer_request = [memory](HttpRequest& call) -> std::optional<HttpResponse> {
            memory->told.hear(call);
            if (!tells_message.matches(call)) return std::nullopt;
            const auto body = json_of(call);
            const std::lock_guard lock{memory->mutex};
            for (const auto& [user, clients] : body["recipients"].items()) {
              if (memory->told.is_member(user, body.value("conversation", ""))) continue;
              memory->events[user] = {{"type", "conversation.otr-message-add"},
                                      {"data", {{"text", clients.begin().value()}}}};
            }
            return std::nullopt;
          }};
}

/// Pages leave out messages whose time is before one that the user has seen.
Fault the_owners_time_decides() {
  struct Seen {
    Ledger ledger = {};
    std::mutex mutex = {};
    std::map<std::string, std::string> latest = {};
  };
  const auto seen = std::make_shared<Seen>();
  const auto older = events_dropped([seen](const HttpRequest& request, const Json& event) {
    if (event.value("type", "") != "conversation.otr-message-add") return false;
    const std::lock_guard lock{seen->mutex};
    auto& latest = seen->latest[seen->ledger.user_of(request)];
    const auto time = event.value("time", "");
    if (time < latest) return true;
    latest = time;
    return false;
  });
  return {.name = "the-owners-time-decides-what-is-new",
          .clause = "FED-31",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            seen->ledger.hear(request, response);
            older(request, response);
          }};
}

Fault repeats_are_passed_over() {
  struct Memory {
    std::mutex mutex = {};
    std::set<std::string> bodies = {};
  };
  const auto memory = std::make_shared<Memory>();
  return {.name = "a-repeated-call-is-one-message",
          .clause = "FED-32",
          .on_peer_request = [memory](HttpRequest& call) -> std::optional<HttpResponse> {
            const std::lock_guard lock{memory->mutex};
            const bool again =
                tells_message.matches(call) && !memory->bodies.insert(call.body).second;
            return again ? std::optional{done()} : std::nullopt;
          }};
}

std::vector<Fault> told_faults() {
  return {
      {.name = "remote-messages-have-another-time",
       .clause = "FED-26",
       .on_peer_request =
           told_becomes([](Json& told) { told["time"] = "2001-01-01T00:00:00.000Z"; })},
      {.name = "senders-are-of-the-owner",
       .clause = "FED-26",
       .on_peer_request = [](HttpRequest& call) -> std::optional<HttpResponse> {
         return told_becomes([&](Json& told) {
           told["sender"]["domain"] = call.head.header("Wire-Origin-Domain").value_or("");
         })(call);
       }},
      {.name = "sockets-carry-no-remote-messages",
       .clause = "FED-26",
       .on_frame =
           [](const HttpRequest&, std::string frame) {
             const bool remote = frame.find("otr-message-add") != frame.npos;
             return remote ? std::vector<std::string>{} : std::vector{std::move(frame)};
           }},
      {.name = "peers-are-told-no-options",
       .clause = "FED-27",
       .on_call = told_becomes(no_options)},
      {.name = "what-peers-tell-has-no-options",
       .clause = "FED-27",
       .on_peer_request = told_becomes(no_options)},
      {.name = "what-peers-tell-is-lost",
       .clause = "FED-28",
       .on_peer_request = never_forwarded(tells_message, done())},
      relays_are_believed(),
      any_conversation_of_the_caller(),
      strangers_are_told(),
      {.name = "an-invented-client-stops-a-message",
       .clause = "FED-30",
       .on_peer_request = refused_if(
           [](const HttpRequest& call) {
             return tells_message.matches(call) && call.body.find(nobodys_client) != call.body.npos;
           },
           done())},
      the_owners_time_decides(),
      repeats_are_passed_over(),
      {.name = "any-body-will-do",
       .clause = "FED-33",
       .on_peer_response = granted_if([](const HttpRequest&) { return true; }, 400)},
  };
}

/// Who does not know a conversation is refused without asking its owner.
Fault strangers_are_refused_here() {
  const auto told = std::make_shared<Told>();
  return {.name = "strangers-are-refused-without-asking",
          .clause = "FED-34",
          .on_request = refused_if(
              [told](const HttpRequest& request) {
                if (!sends.matches(request)) return false;
                const auto path = request.path();
                const auto begin = path.find('/', path.find('/', 1) + 1) + 1;
                return told->owner_of(path.substr(begin, path.find('/', begin) - begin)).empty();
              },
              error(404, "no-conversation")),
          .on_peer_request = [told](HttpRequest& call) -> std::optional<HttpResponse> {
            told->hear(call);
            return std::nullopt;
          }};
}

/// What is for users here is in their pages, whatever the owner says.
Fault local_recipients_get_it_at_once() {
  return leaking("local-recipients-get-it-at-once", "FED-34",
                 [](const Sent& sent, const Reader& reader) -> std::optional<std::string> {
                   return sent.addressed_to(reader.client);
                 });
}

std::vector<Fault> sender_faults() {
  return {
      {.name = "messages-are-encoded-anew",
       .clause = "FED-34",
       .on_call = json_becomes(hands_on, [](Json& body) { body["raw_message"] = "CgIIAQ=="; })},
      strangers_are_refused_here(),
      local_recipients_get_it_at_once(),
      calls_whom_it_need_not("owners-get-what-is-no-message", "FED-35", hands_on,
                             [](const HttpRequest& request, const HttpResponse& response) {
                               return sends.matches(request) && response.status() == 400;
                             }),
      {.name = "the-owners-status-is-cut-down",
       .clause = "FED-36",
       .on_response = sending_status_becomes([](const HttpRequest&, HttpResponse&, Json& status) {
         status["redundant"] = Json::object();
       })},
      {.name = "the-owners-refusals-are-all-the-same",
       .clause = "FED-36",
       .on_response =
           [](const HttpRequest& request, HttpResponse& response) {
             if (sends.matches(request) && response.status() / 100 == 4 &&
                 response.status() != 412) {
               response = error(403, "access-denied");
             }
           }},
      {.name = "an-owner-that-fails-has-taken-it",
       .clause = "FED-37",
       .on_response = failures_are_acknowledged()},
  };
}

/// `Left` with this tag, as the owner answers.
OnResponse left_becomes(const std::string& tag, const Json& instead) {
  return answer_json_becomes(hands_on, [=](Json& body) {
    if (body.contains("Left") && body["Left"].value("tag", "") == tag) body = instead;
  });
}

Fault owner_waits_for_callers() {
  auto gate = turnstile(hands_on, asks_clients);
  return {.name = "asks-nobody-while-it-is-called",
          .clause = "FED-41",
          .on_peer_request = gate.enters,
          .on_peer_response = gate.leaves,
          .on_call = gate.waits};
}

Fault callers_wait_for_the_owner() {
  auto gate = turnstile(hands_on, asks_clients);
  return {.name = "answers-nobody-while-it-calls",
          .clause = "FED-41",
          .on_peer_request = gate.waits,
          .on_call = gate.enters,
          .on_call_answered = gate.leaves};
}

std::vector<Fault> remote_sender_faults() {
  const Json sent = {{"Right", nothing_to_report()}};
  return {
      {.name = "strangers-have-sent",
       .clause = "FED-38",
       .on_peer_response = left_becomes("MessageNotSentConversationNotFound", sent)},
      {.name = "unknown-clients-have-sent",
       .clause = "FED-39",
       .on_peer_response = left_becomes("MessageNotSentUnknownClient", sent)},
      {.name = "known-clients-are-unknown",
       .clause = "FED-39",
       .on_peer_response =
           answer_json_becomes(hands_on,
                               [](Json& body) {
                                 body = {{"Left", {{"tag", "MessageNotSentUnknownClient"}}}};
                               })},
      {.name = "the-sending-client-is-told",
       .clause = "FED-40",
       .on_call = told_becomes([](Json& told) {
         const auto sender = told["sender"].value("id", "");
         told["recipients"][sender][told.value("sender_client", "")] = "aGVsbG8=";
       })},
      {.name = "the-senders-clients-are-not-expected",
       .clause = "FED-40",
       .on_peer_response = left_becomes("MessageNotSentClientMissing", sent)},
      owner_waits_for_callers(),
      callers_wait_for_the_owner(),
      {.name = "remote-senders-are-told-of-no-failure",
       .clause = "FED-42",
       .on_peer_response = answer_becomes(hands_on,
                                          [sent](const HttpRequest&, HttpResponse& response) {
                                            if (response.status() > 500)
                                              response = answer(200, sent);
                                          })},
      {.name = "the-owners-error-is-not-told",
       .clause = "FED-42",
       .on_response = label_becomes(sends, "federation-remote-error", "server-error")},
      {.name = "any-octets-are-a-message",
       .clause = "FED-43",
       .on_peer_response = granted_if([](const HttpRequest&) { return true; }, 400)},
  };
}

}  // namespace

std::vector<Fault> federation_sends_faults() {
  std::vector<Fault> all;
  for (const auto& some : {telling_faults, told_faults, sender_faults, remote_sender_faults}) {
    auto faults = some();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
