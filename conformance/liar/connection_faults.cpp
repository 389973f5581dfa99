#include <memory>

#include "conformance/liar/events.hpp"

// Faults of chapter 6 about connections.

namespace twostep::conformance::liar {
namespace {

const Route asks{"POST", "/connections/*/*"};
const Route updates{"PUT", "/connections/*/*"};
const Route reads{"GET", "/connections/*/*"};
const Route lists{"POST", "/list-connections"};
const char* const told = "user.connection";

/// A connection that has one status is shown with another.
OnResponse shown_as(Route route, std::string status, std::string lie) {
  return body_becomes(std::move(route), [=](Json& connection) {
    if (connection.value("status", "") == status) connection["status"] = lie;
  });
}

Fault a_block_is_not_taken_away() {
  const auto blocked = std::make_shared<Marks>();
  return {.name = "a-block-is-not-taken-away",
          .clause = "CNV-07",
          .on_request = [blocked](HttpRequest& request) -> std::optional<HttpResponse> {
            if (!updates.matches(request)) return std::nullopt;
            if (blocked->has(request, request.path())) return answer(200, json_of(request));
            if (json_of(request).value("status", "") == "blocked") {
              blocked->set(request, request.path());
            }
            return std::nullopt;
          }};
}

/// Whatever is ignored or blocked in a test is seen by whoever reads it there.
Fault disclosed(std::string name, bool in_events) {
  const auto refused = std::make_shared<Marks>();
  const auto in_reads =
      body_becomes(reads, [](Json& connection) { connection["status"] = "none"; });
  const auto add_to_page = page_becomes([](const HttpRequest&, Json& page) {
    add_event(page, {{"type", told}, {"connection", {{"status", "cancelled"}}}});
  });
  return {.name = std::move(name),
          .clause = "CNV-10",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            if (updates.matches(request)) {
              const auto status = json_of(request).value("status", "");
              if (status == "ignored" || status == "blocked") refused->set(request);
            }
            if (refused->has(request)) (in_events ? add_to_page : in_reads)(request, response);
          }};
}

std::vector<Fault> asking() {
  return {
      {.name = "asking-is-answered-200",
       .clause = "CNV-01",
       .on_response = status_becomes(asks, 201, 200)},
      {.name = "both-have-sent",
       .clause = "CNV-01",
       .on_response = shown_as(reads, "pending", "sent")},
      {.name = "asking-again-is-answered-201",
       .clause = "CNV-02",
       .on_response = status_becomes(asks, 200, 201)},
      {.name = "every-asking-is-told-twice",
       .clause = "CNV-02",
       .on_response = events_told_twice(told)},
      {.name = "accepted-is-still-sent",
       .clause = "CNV-03",
       .on_response = shown_as(reads, "accepted", "sent")},
      {.name = "accepting-does-nothing",
       .clause = "CNV-03",
       .on_request = never_forwarded(updates, answer(200, {{"status", "accepted"}}))},
      {.name = "a-connection-keeps-its-first-conversation",
       .clause = "CNV-04",
       .on_response = body_becomes({"GET", "/conversations/*/*"},
                                   [](Json& conversation) {
                                     if (conversation["type"] == 2) conversation["type"] = 3;
                                   })},
      {.name = "a-connection-has-a-conversation-of-one",
       .clause = "CNV-04",
       .on_response = body_becomes({"GET", "/conversations/*/*"},
                                   [](Json& conversation) {
                                     if (conversation["type"] != 2) return;
                                     conversation["members"]["others"] = Json::array();
                                   })},
      {.name = "accepting-is-not-told",
       .clause = "CNV-05",
       .on_response = events_dropped([](const HttpRequest&, const Json& event) {
         return event.contains("connection") && event["connection"]["status"] == "accepted";
       })},
      {.name = "both-are-told-the-same",
       .clause = "CNV-05",
       .on_response = events_become(told,
                                    [](Json& event) {
                                      auto& status = event["connection"]["status"];
                                      if (status == "pending") status = "sent";
                                    })},
      {.name = "asking-oneself-is-answered-201",
       .clause = "CNV-06",
       .on_response = refusal_becomes(asks, "invalid-user", 201)},
  };
}

std::vector<Fault> transitions() {
  return {
      {.name = "updates-do-nothing",
       .clause = "CNV-07",
       .on_request = never_forwarded(updates, answer(200, Json::object()))},
      a_block_is_not_taken_away(),
      {.name = "accepting-twice-is-refused",
       .clause = "CNV-08",
       .on_response = answer_becomes(updates,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() != 204) return;
                                       response = error(403, "bad-conn-update");
                                     })},
      {.name = "every-update-is-told-twice",
       .clause = "CNV-08",
       .on_response = events_told_twice(told)},
      {.name = "every-update-is-possible",
       .clause = "CNV-08",
       .on_response = refusal_becomes(updates, "bad-conn-update", 200)},
      {.name = "what-does-not-exist-can-be-updated",
       .clause = "CNV-09",
       .on_response = status_becomes(updates, 403, 200)},
      {.name = "what-does-not-exist-can-be-read",
       .clause = "CNV-09",
       .on_response = status_becomes(reads, 404, 200)},
      disclosed("a-block-is-seen", false),
      disclosed("a-block-is-told", true),
      {.name = "the-list-of-connections-is-its-first-page",
       .clause = "CNV-11",
       .on_response = body_becomes(lists, [](Json& page) { page["has_more"] = false; })},
      {.name = "only-what-was-accepted-is-listed",
       .clause = "CNV-11",
       .on_response = body_becomes(lists,
                                   [](Json& page) {
                                     auto accepted = Json::array();
                                     for (const auto& connection : page["connections"]) {
                                       if (connection["status"] == "accepted") {
                                         accepted.push_back(connection);
                                       }
                                     }
                                     page["connections"] = accepted;
                                   })},
  };
}

}  // namespace

std::vector<Fault> connection_faults() {
  auto faults = asking();
  for (auto& fault : transitions()) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace twostep::conformance::liar
