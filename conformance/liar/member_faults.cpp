#include <algorithm>
#include <memory>

#include "conformance/liar/events.hpp"

// Faults of chapter 6 about members: adding, removing, leaving.

namespace twostep::conformance::liar {
namespace {

const Route creates{"POST", "/conversations"};
const Route reads{"GET", "/conversations/*/*"};
const Route adds{"POST", "/conversations/*/*/members"};
const Route removes{"DELETE", "/conversations/*/*/members/*/*"};
const char* const join = "conversation.member-join";
const char* const leave = "conversation.member-leave";

bool names(const Json& event, const char* list, const std::string& user) {
  const auto& entries = event["data"].value(list, Json::array());
  return std::any_of(entries.begin(), entries.end(), [&](const Json& entry) {
    return entry.value("id", entry.value("qualified_id", Json::object()).value("id", "")) == user;
  });
}

/// The user that is removed by this request.
std::string removed_by(const HttpRequest& request) {
  const auto path = request.path();
  return path.substr(path.rfind('/') + 1);
}

void with_role(Json& body, const char* role) { body["conversation_role"] = role; }

OnRequest in_both(const std::function<void(Json&)>& change) {
  return either(json_becomes(creates, change), json_becomes(adds, change));
}

/// Nobody can remove themselves.
Fault nobody_may_leave() {
  const auto ledger = std::make_shared<Ledger>();
  return {.name = "nobody-may-leave",
          .clause = "CNV-25",
          .on_request = [ledger](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!removes.matches(request)) return std::nullopt;
            if (removed_by(request) != ledger->user_of(request)) return std::nullopt;
            return error(403, "action-denied");
          },
          .on_response = [ledger](const HttpRequest& request,
                                  HttpResponse& response) { ledger->hear(request, response); }};
}

/// Who was removed once cannot send any more, even when they were added again.
Fault removed_for_good() {
  const auto ledger = std::make_shared<Ledger>();
  const auto removed = std::make_shared<Marks>();
  return {.name = "who-was-removed-once-stays-out",
          .clause = "CNV-26",
          .on_request = [=](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!sends.matches(request) || !removed->has(request, ledger->user_of(request))) {
              return std::nullopt;
            }
            return error(404, "no-conversation");
          },
          .on_response =
              [=](const HttpRequest& request, HttpResponse& response) {
                ledger->hear(request, response);
                if (removes.matches(request)) removed->set(request, removed_by(request));
              }};
}

/// Who is gone still finds that others join.
Fault later_joins_are_told() {
  const auto ledger = std::make_shared<Ledger>();
  const auto removed = std::make_shared<Marks>();
  const auto last_add = std::make_shared<Json>();
  const auto mutex = std::make_shared<std::mutex>();
  const auto tell = page_becomes([=](const HttpRequest& request, Json& page) {
    if (!removed->has(request, ledger->user_of(request))) return;
    const std::lock_guard lock{*mutex};
    if (!last_add->is_null()) add_event(page, *last_add);
  });
  return {.name = "who-is-gone-is-told-who-joins",
          .clause = "CNV-26",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            ledger->hear(request, response);
            if (removes.matches(request)) removed->set(request, removed_by(request));
            if (adds.matches(request) && response.status() == 200) {
              const std::lock_guard lock{*mutex};
              *last_add = response.json();
            }
            tell(request, response);
          }};
}

std::vector<Fault> adding() {
  const Json joined = {{"type", join}, {"data", {{"users", Json::array()}}}};
  return {
      {.name = "new-members-are-not-told",
       .clause = "CNV-20",
       .on_response = events_kept_from(
           join,
           [](const Json& event, const std::string& user) { return names(event, "users", user); })},
      {.name = "adding-does-nothing",
       .clause = "CNV-20",
       .on_request = never_forwarded(adds, answer(200, joined))},
      {.name = "adding-again-is-answered-200",
       .clause = "CNV-21",
       .on_response = status_becomes(adds, 204, 200)},
      {.name = "joining-is-told-twice", .clause = "CNV-21", .on_response = events_told_twice(join)},
      {.name = "a-stranger-learns-that-it-exists",
       .clause = "CNV-22",
       .on_response = status_becomes(adds, 404, 403)},
      {.name = "who-is-not-connected-is-added",
       .clause = "CNV-22",
       .on_response = refusal_becomes(adds, "not-connected", 200)},
      {.name = "who-is-connected-is-added-all-the-same",
       .clause = "CNV-22",
       .on_request = json_becomes(adds,
                                  [](Json& body) {
                                    auto& users = body["qualified_users"];
                                    if (users.size() > 1) users.erase(1);
                                  })},
      {.name = "a-member-adds-like-an-admin",
       .clause = "CNV-22",
       .on_response = refusal_becomes(adds, "action-denied", 200)},
      {.name = "everybody-is-a-member-by-default",
       .clause = "CNV-23",
       .on_request = in_both([](Json& body) {
         if (!body.contains("conversation_role")) with_role(body, "wire_member");
       })},
      {.name = "everybody-is-an-admin", .clause = "CNV-23", .on_request = in_both([](Json& body) {
                                                              with_role(body, "wire_admin");
                                                            })},
  };
}

std::vector<Fault> removing() {
  return {
      {.name = "the-removed-user-is-not-told",
       .clause = "CNV-24",
       .on_response = events_kept_from(leave,
                                       [](const Json& event, const std::string& user) {
                                         return names(event, "qualified_user_ids", user);
                                       })},
      {.name = "removing-again-is-answered-200",
       .clause = "CNV-24",
       .on_response = status_becomes(removes, 204, 200)},
      {.name = "leaving-is-told-twice",
       .clause = "CNV-24",
       .on_response = events_told_twice(leave)},
      nobody_may_leave(),
      {.name = "everybody-may-remove-everybody",
       .clause = "CNV-25",
       .on_response = refusal_becomes(removes, "action-denied", 200)},
      {.name = "who-is-gone-still-reads",
       .clause = "CNV-26",
       .on_response = refusal_becomes(reads, "access-denied", 200)},
      {.name = "who-is-gone-still-adds",
       .clause = "CNV-26",
       .on_response = refusal_becomes(adds, "no-conversation", 204)},
      leaking("who-is-gone-still-receives", "CNV-26",
              [](const Sent& sent, const Reader& reader) -> std::optional<std::string> {
                if (!sent.reports("redundant", reader.user)) return std::nullopt;
                return sent.addressed_to(reader.client);
              }),
      later_joins_are_told(),
      removed_for_good(),
      {.name = "a-third-user-joins-two",
       .clause = "CNV-27",
       .on_response = refusal_becomes(adds, "invalid-op", 200)},
      {.name = "one-of-two-is-removed",
       .clause = "CNV-27",
       .on_response = refusal_becomes(removes, "invalid-op", 200)},
  };
}

}  // namespace

std::vector<Fault> member_faults() {
  auto faults = adding();
  for (auto& fault : removing()) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace twostep::conformance::liar
