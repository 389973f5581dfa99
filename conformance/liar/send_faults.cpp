#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>

#include "conformance/liar/sends.hpp"

// Faults of chapter 1 about the acknowledgement and about who receives a message.

namespace twostep::conformance::liar {
namespace {

using Message = proteus::QualifiedNewOtrMessage;

/// Every time but each n-th passes.
class OneOf {
 public:
  explicit OneOf(unsigned n) : n_(n) {}
  bool operator()() { return ++count_ % n_ == 0; }

 private:
  const unsigned n_;
  std::atomic<unsigned> count_ = 0;
};

std::string key_of(const Json& notification) { return notification.value("id", ""); }

/// Shows each message only to the second page that could have it.
Fault stored_a_little_late() {
  const auto asked_for = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "acknowledged-before-it-is-stored",
          .clause = "SND-02",
          .on_response = page_becomes([=](const HttpRequest& request, Json& page) {
            const std::lock_guard lock{*mutex};
            auto visible = Json::array();
            for (const auto& notification : page) {
              const auto key = request.query("client") + key_of(notification);
              if (!carries_message(notification) || !asked_for->insert(key).second) {
                visible.push_back(notification);
              }
            }
            page = visible;
          })};
}

/// The first message of every third page is there once more, under an id of its own.
Fault repeated_in_history() {
  return {.name = "an-acknowledged-message-is-there-twice",
          .clause = "SND-03",
          .on_response = page_becomes([](const HttpRequest&, Json& page) {
            const auto message = std::find_if(page.begin(), page.end(), carries_message);
            if (message == page.end()) return;
            auto copy = *message;
            copy["id"] = "00000000-0000-1fff-8000-000000000000";
            page.push_back(copy);
          })};
}

Fault forgets_one_of_a_hundred() {
  const auto forget = std::make_shared<OneOf>(100);
  return {.name = "one-of-a-hundred-is-forgotten",
          .clause = "SND-03",
          .on_request = [forget](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!sends.matches(request) || !(*forget)()) return std::nullopt;
            return answer(201, nothing_to_report());
          }};
}

/// Does not answer once more than a socket's buffers hold has been sent to one conversation.
Fault waits_for_the_reader() {
  constexpr std::size_t buffered_bytes_max = 4 * 1024 * 1024;
  const auto sent = std::make_shared<std::map<std::string, std::size_t>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "waits-for-a-reader-that-does-not-read",
          .clause = "SND-04",
          .on_request = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!sends.matches(request)) return std::nullopt;
            std::unique_lock lock{*mutex};
            const auto bytes = (*sent)[request.path()] += request.body.size();
            lock.unlock();
            if (bytes > buffered_bytes_max) never_answer();
            return std::nullopt;
          }};
}

/// Does not answer in a test in which a push token was registered.
Fault waits_for_push() {
  const auto tests = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "waits-for-the-push-gateway",
          .clause = "SND-05",
          .on_request = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            std::unique_lock lock{*mutex};
            if (request.path() == "/push/tokens") tests->insert(test_of(request));
            const bool waits = sends.matches(request) && tests->contains(test_of(request));
            lock.unlock();
            if (waits) never_answer();
            return std::nullopt;
          }};
}

/// Now and then ends half way: stores for one user, and ends the connection.
Fault stores_for_some() {
  const auto break_off = std::make_shared<OneOf>(50);
  const auto make_partial = message_becomes([](Message& message) {
    auto& users = *message.mutable_recipients(0)->mutable_entries();
    if (users.size() > 1) users.RemoveLast();
  });
  return {.name = "stores-for-some-and-breaks-off",
          .clause = "SND-06",
          .on_request = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!sends.matches(request) || !(*break_off)()) return std::nullopt;
            request.head.set_header("X-Liar", "breaks off");
            return make_partial(request);
          },
          .on_response =
              [](const HttpRequest& request, HttpResponse& response) {
                if (request.head.header("X-Liar")) response = no_answer();
              }};
}

Fault drops_from_status(const std::string& member) {
  return {.name = "status-without-" + member,
          .clause = "SND-07",
          .on_response = sending_status_becomes(
              [member](const HttpRequest&, HttpResponse&, Json& status) { status.erase(member); })};
}

/// Of two sends that are under way at the same time the second is lost.
Fault concurrent_sends_collide() {
  const auto under_way = std::make_shared<std::atomic<int>>(0);
  return {.name = "of-two-at-once-one-is-lost",
          .clause = "SND-09",
          .on_request = [under_way](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!sends.matches(request) || under_way->fetch_add(1) == 0) return std::nullopt;
            return answer(201, nothing_to_report());
          },
          .on_response =
              [under_way](const HttpRequest& request, HttpResponse&) {
                if (sends.matches(request)) --*under_way;
              }};
}

Fault deduplicates() {
  const auto known = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "the-same-body-is-sent-once",
          .clause = "SND-10",
          .on_request = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            const std::lock_guard lock{*mutex};
            if (!sends.matches(request)) return std::nullopt;
            if (known->insert(request.path() + request.body).second) return std::nullopt;
            return answer(201, nothing_to_report());
          }};
}

std::vector<Fault> acknowledgement_faults() {
  return {
      {.name = "complete-message-answers-200",
       .clause = "SND-01",
       .on_response = status_becomes(sends, 201, 200)},
      {.name = "acknowledged-and-not-stored",
       .clause = "SND-02",
       .on_request = never_forwarded(sends, answer(201, nothing_to_report()))},
      stored_a_little_late(),
      {.name = "stored-for-one-client-of-a-user",
       .clause = "SND-02",
       .on_request = message_becomes([](Message& message) {
         message.mutable_ignore_all();
         for (auto& domain : *message.mutable_recipients()) {
           for (auto& user : *domain.mutable_entries()) {
             while (user.clients_size() > 1) user.mutable_clients()->RemoveLast();
           }
         }
       })},
      {.name = "acknowledged-and-lost-with-the-process",
       .clause = "SND-03",
       .on_request = never_forwarded(sends, answer(201, nothing_to_report()))},
      forgets_one_of_a_hundred(),
      repeated_in_history(),
      waits_for_the_reader(),
      waits_for_push(),
      stores_for_some(),
      drops_from_status("time"),
      drops_from_status("failed_to_send"),
      drops_from_status("deleted"),
      {.name = "status-with-empty-lists",
       .clause = "SND-07",
       .on_response =
           sending_status_becomes([](const HttpRequest& request, HttpResponse&, Json& status) {
             status["failed_to_send"][domain_of(request)] = Json::object();
           })},
      {.name = "answer-has-a-time-of-its-own",
       .clause = "SND-08",
       .on_response = sending_status_becomes([](const HttpRequest&, HttpResponse&, Json& status) {
         status["time"] = nothing_to_report()["time"];
       })},
      concurrent_sends_collide(),
      deduplicates(),
  };
}

/// Each client gets the ciphertext of the next one.
void rotate_ciphertexts(Message& message) {
  std::vector<std::string*> texts;
  for (auto& domain : *message.mutable_recipients()) {
    for (auto& user : *domain.mutable_entries()) {
      for (auto& client : *user.mutable_clients()) texts.push_back(client.mutable_text());
    }
  }
  for (std::size_t i = 1; i < texts.size(); ++i) std::swap(*texts[i - 1], *texts[i]);
}

void cut_ciphertexts_at_zero(Message& message) {
  for (auto& domain : *message.mutable_recipients()) {
    for (auto& user : *domain.mutable_entries()) {
      for (auto& client : *user.mutable_clients()) {
        client.set_text(std::string{client.text().c_str()});
      }
    }
  }
}

std::optional<std::string> to_whom_it_was_not_addressed(const Sent& sent, const Reader& reader) {
  if (reader.client.empty() || reader.client == sent.sender) return std::nullopt;
  if (sent.copies.empty() || sent.addressed_to(reader.client)) return std::nullopt;
  return sent.copies.front().ciphertext;
}

std::optional<std::string> to_the_redundant(const Sent& sent, const Reader& reader) {
  if (!sent.reports("redundant", reader.user) || reader.client == sent.sender) return std::nullopt;
  return sent.addressed_to(reader.client);
}

std::optional<std::string> to_the_sender(const Sent& sent, const Reader& reader) {
  return reader.client == sent.sender ? sent.addressed_to(reader.client) : std::nullopt;
}

/// In the unfiltered inbox of its user, as the deleted client cannot read any more.
std::optional<std::string> to_the_deleted(const Sent& sent, const Reader& reader) {
  if (!reader.client.empty() || !sent.reports("deleted", reader.user)) return std::nullopt;
  return sent.copies.back().ciphertext;
}

/// The sending user's own clients are not expected.
Fault own_clients_are_not_expected() {
  const auto ledger = std::make_shared<Ledger>();
  return {.name = "own-clients-are-not-expected",
          .clause = "SND-15",
          .on_request = message_becomes([ledger](const HttpRequest& request, Message& message) {
            auto& self = *message.mutable_ignore_only()->add_user_ids();
            self.set_id(ledger->user_of(request));
            self.set_domain(domain_of(request));
          }),
          .on_response = [ledger](const HttpRequest& request, HttpResponse& response) {
            ledger->hear(request, response);
          }};
}

/// The sending user's own clients receive nothing: events from oneself are left out of a page.
Fault own_clients_receive_nothing() {
  const auto ledger = std::make_shared<Ledger>();
  const auto leave_out = page_becomes([ledger](const HttpRequest& request, Json& page) {
    auto kept = Json::array();
    for (const auto& notification : page) {
      const auto from = notification["payload"][0].value("from", "");
      if (!carries_message(notification) || from != ledger->user_of(request)) {
        kept.push_back(notification);
      }
    }
    page = kept;
  });
  return {.name = "own-clients-receive-nothing",
          .clause = "SND-15",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            ledger->hear(request, response);
            leave_out(request, response);
          }};
}

/// The sending client itself is among the missing.
Fault the_sender_is_expected() {
  const auto ledger = std::make_shared<Ledger>();
  const auto add_sender =
      sending_status_becomes([ledger](const HttpRequest& request, HttpResponse&, Json& status) {
        if (status["missing"].empty()) return;
        status["missing"][domain_of(request)][ledger->user_of(request)].push_back(
            client_text(message_in(request).sender()));
      });
  return {.name = "the-sending-client-is-expected",
          .clause = "SND-14",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            ledger->hear(request, response);
            add_sender(request, response);
          }};
}

/// Who deleted a client still has to be sent to: a message without it is refused.
Fault deleted_clients_stay_expected() {
  const auto ledger = std::make_shared<Ledger>();
  const auto deleted =
      std::make_shared<std::map<std::string, std::pair<std::string, std::string>>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "a-deleted-client-stays-expected",
          .clause = "SND-17",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            ledger->hear(request, response);
            const std::lock_guard lock{*mutex};
            const auto path = request.path();
            if (request.method() == "DELETE" && path.starts_with("/clients/")) {
              (*deleted)[test_of(request)] = {ledger->user_of(request), path.substr(9)};
            }
            const auto gone = deleted->find(test_of(request));
            if (!sends.matches(request) || gone == deleted->end()) return;
            const auto& [user, client] = gone->second;
            auto status = response.json();
            if (status.value("deleted", Json::object()) != Json::object()) return;
            status["missing"][domain_of(request)][user].push_back(client);
            response.set_status(412);
            response.set_json(status);
          }};
}

OnResponse report_nothing_as(const char* map) {
  return sending_status_becomes(
      [map](const HttpRequest&, HttpResponse&, Json& status) { status[map] = Json::object(); });
}

std::vector<Fault> recipient_faults() {
  const auto ignore_all = message_becomes([](Message& message) { message.mutable_ignore_all(); });
  return {
      {.name = "ciphertexts-are-swapped",
       .clause = "SND-11",
       .on_request = message_becomes(rotate_ciphertexts)},
      {.name = "ciphertexts-end-at-a-zero",
       .clause = "SND-11",
       .on_request = message_becomes(cut_ciphertexts_at_zero)},
      leaking("everybody-receives-everything", "SND-12", to_whom_it_was_not_addressed),
      leaking("an-outsider-receives-what-it-is-sent", "SND-13", to_the_redundant),
      leaking("the-sending-client-receives-its-message", "SND-14", to_the_sender),
      the_sender_is_expected(),
      own_clients_are_not_expected(),
      own_clients_receive_nothing(),
      {.name = "a-new-client-is-not-expected-yet", .clause = "SND-16", .on_request = ignore_all},
      {.name = "a-deleted-client-is-not-reported",
       .clause = "SND-17",
       .on_response = report_nothing_as("deleted")},
      leaking("a-deleted-client-still-receives", "SND-17", to_the_deleted),
      deleted_clients_stay_expected(),
      leaking("a-removed-user-still-receives", "SND-18", to_the_redundant),
      {.name = "a-removed-user-is-not-reported",
       .clause = "SND-18",
       .on_response = report_nothing_as("redundant")},
      {.name = "a-removed-user-stays-a-member",
       .clause = "SND-18",
       .on_request = never_forwarded({"DELETE", "/conversations/*/*/members/*/*"},
                                     answer(200, Json::object()))},
  };
}

}  // namespace

std::vector<Fault> send_faults() {
  auto faults = acknowledgement_faults();
  for (auto& fault : recipient_faults()) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace twostep::conformance::liar
