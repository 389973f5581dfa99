#include <memory>

#include "conformance/liar/events.hpp"

// Faults of chapter 6 about creating and reading conversations, and about typing.

namespace twostep::conformance::liar {
namespace {

const Route creates{"POST", "/conversations"};
const Route adds{"POST", "/conversations/*/*/members"};
const Route reads{"GET", "/conversations/*/*"};
const Route lists_ids{"POST", "/conversations/list-ids"};
const Route lists{"POST", "/conversations/list"};
const Route types{"POST", "/conversations/*/*/typing"};
const char* const created = "conversation.create";

constexpr std::size_t crowd_min = 501;

void move_self_to_the_others(Json& view) {
  if (view.contains("members")) view["members"]["others"].push_back(view["members"]["self"]);
}

void swap_self_with_another(Json& view) {
  auto& members = view["members"];
  if (!members["others"].empty()) std::swap(members["self"], members["others"][0]);
}

/// Whoever would be refused is left out, and the rest goes on.
void without_the_last_user(Json& body) {
  if (body["qualified_users"].size() > 1) body["qualified_users"].erase(1);
}

OnRequest crowds_are_welcome(Route route, int status) {
  return [route = std::move(route), status](HttpRequest& request) -> std::optional<HttpResponse> {
    if (!route.matches(request)) return std::nullopt;
    const auto body = json_of(request);
    if (body.value("qualified_users", Json::array()).size() < crowd_min) return std::nullopt;
    return answer(status, Json::object());
  };
}

/// Shows to everybody what was created last in the same test.
Fault shown_to_strangers() {
  const auto last = std::make_shared<std::map<std::string, Json>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "anothers-conversation-is-shown",
          .clause = "CNV-18",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{*mutex};
            if (creates.matches(request)) (*last)[test_of(request)] = response.json();
            if (reads.matches(request) && response.status() / 100 == 4) {
              auto told = response.json();
              if (!told.is_object() || !last->contains(test_of(request))) return;
              told["message"] = (*last)[test_of(request)].dump();
              response.set_json(told);
            }
          }};
}

std::vector<Fault> creating() {
  return {
      {.name = "created-without-location",
       .clause = "CNV-12",
       .on_response = answer_becomes(creates,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       response.head.remove_header("Location");
                                     })},
      {.name = "created-without-a-timer",
       .clause = "CNV-12",
       .on_request = json_becomes(creates, [](Json& body) { body.erase("message_timer"); })},
      {.name = "created-with-a-timer-unasked",
       .clause = "CNV-12",
       .on_request = json_becomes(creates, [](Json& body) { body["message_timer"] = 1'000; })},
      {.name = "the-creator-is-one-of-the-others",
       .clause = "CNV-12",
       .on_response = body_becomes(creates, move_self_to_the_others)},
      {.name = "everybody-is-told-anothers-view",
       .clause = "CNV-13",
       .on_response =
           events_become(created, [](Json& event) { swap_self_with_another(event["data"]); })},
      {.name = "the-creator-is-not-told",
       .clause = "CNV-13",
       .on_response = events_kept_from(created,
                                       [](const Json& event, const std::string& user) {
                                         return event.value("from", "") == user;
                                       })},
      {.name = "who-is-not-connected-is-left-out",
       .clause = "CNV-14",
       .on_request = json_becomes(creates, without_the_last_user)},
      {.name = "who-is-not-connected-is-invited",
       .clause = "CNV-14",
       .on_response = refusal_becomes(creates, "not-connected", 201)},
      {.name = "a-name-is-counted-in-bytes",
       .clause = "CNV-15",
       .on_request = [](HttpRequest& request) -> std::optional<HttpResponse> {
         if (!creates.matches(request)) return std::nullopt;
         const auto body = json_of(request);
         if (body.value("name", "").size() <= 256) return std::nullopt;
         return error(400, "bad-request");
       }},
      {.name = "a-name-that-is-too-long-is-cut",
       .clause = "CNV-15",
       .on_request = json_becomes(creates,
                                  [](Json& body) {
                                    auto name = body.value("name", "");
                                    name.resize(std::min<std::size_t>(name.size(), 512));
                                    body["name"] = name;
                                  })},
      {.name = "a-crowd-is-invited",
       .clause = "CNV-16",
       .on_request = crowds_are_welcome(creates, 201)},
      {.name = "a-crowd-is-added", .clause = "CNV-16", .on_request = crowds_are_welcome(adds, 200)},
  };
}

std::vector<Fault> reading() {
  return {
      {.name = "everybody-reads-anothers-view",
       .clause = "CNV-17",
       .on_response = body_becomes(reads, swap_self_with_another)},
      {.name = "members-have-no-roles",
       .clause = "CNV-17",
       .on_response = body_becomes(reads,
                                   [](Json& view) {
                                     for (auto& other : view["members"]["others"]) {
                                       other.erase("conversation_role");
                                     }
                                   })},
      {.name = "what-does-not-exist-is-forbidden",
       .clause = "CNV-18",
       .on_response = status_becomes(reads, 404, 403)},
      shown_to_strangers(),
      {.name = "the-list-of-ids-is-its-first-page",
       .clause = "CNV-19",
       .on_response = body_becomes(lists_ids, [](Json& page) { page["has_more"] = false; })},
      {.name = "a-page-of-ids-has-no-size",
       .clause = "CNV-19",
       .on_request = json_becomes(lists_ids, [](Json& wanted) { wanted["size"] = 500; })},
      {.name = "what-was-not-found-is-left-out",
       .clause = "CNV-19",
       .on_response =
           body_becomes(lists, [](Json& answer) { answer["not_found"] = Json::array(); })},
  };
}

/// Adds to the frames of a socket, once somebody has typed in the test, that a stranger types.
Fault everybody_sees_typing() {
  const auto typed = std::make_shared<Marks>();
  return {.name = "typing-is-seen-everywhere",
          .clause = "CNV-28",
          .on_response =
              [typed](const HttpRequest& request, HttpResponse&) {
                if (types.matches(request)) typed->set(request);
              },
          .on_frame =
              [typed](const HttpRequest& handshake, std::string frame) {
                const Json lie = {{"id", "00000000-0000-1fff-8000-000000000000"},
                                  {"payload", {{{"type", "conversation.typing"}}}},
                                  {"transient", true}};
                if (!typed->has(handshake)) return std::vector{std::move(frame)};
                return std::vector{lie.dump(), std::move(frame)};
              }};
}

Fault typing_is_stored() {
  const auto typed = std::make_shared<Marks>();
  const auto add = page_becomes([](const HttpRequest&, Json& page) {
    add_event(page, {{"type", "conversation.typing"}});
  });
  return {.name = "typing-is-stored",
          .clause = "CNV-28",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            if (types.matches(request)) typed->set(request);
            if (typed->has(request)) add(request, response);
          }};
}

std::vector<Fault> typing() {
  return {
      {.name = "typing-is-not-seen",
       .clause = "CNV-28",
       .on_request = never_forwarded(types, answer(200, Json{}))},
      typing_is_stored(),
      everybody_sees_typing(),
      {.name = "typing-is-not-transient",
       .clause = "CNV-28",
       .on_frame =
           [](const HttpRequest&, std::string frame) {
             auto json = Json::parse(frame, nullptr, false);
             if (!json.is_object()) return std::vector{std::move(frame)};
             json["transient"] = false;
             return std::vector{json.dump()};
           }},
      {.name = "everybody-may-type",
       .clause = "CNV-28",
       .on_response = status_becomes(types, 404, 200)},
      {.name = "every-status-is-typing",
       .clause = "CNV-28",
       .on_response = status_becomes(types, 400, 200)},
  };
}

}  // namespace

std::vector<Fault> conversation_faults() {
  auto faults = creating();
  for (auto& fault : reading()) faults.push_back(std::move(fault));
  for (auto& fault : typing()) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace twostep::conformance::liar
