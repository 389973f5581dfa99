#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "conformance/liar/sends.hpp"

// Faults of chapter 3: what is wrong with a page, a pointer, or a single notification.

namespace twostep::conformance::liar {
namespace {

const Route last_one{"GET", "/notifications/last"};
const Route one_by_id{"GET", "/notifications/*"};

/// Asks for something else than the client did.
OnRequest page_is_asked(std::function<void(HttpRequest&)> change) {
  return request_becomes(pages, std::move(change));
}

/// Changes the whole body of a page.
OnResponse whole_page_becomes(std::function<void(const HttpRequest&, Json& body)> change) {
  return answer_becomes(
      pages, [change = std::move(change)](const HttpRequest& request, HttpResponse& response) {
        auto body = response.json();
        if (response.status() != 200 || !body.contains("notifications")) return;
        change(request, body);
        response.set_json(body);
      });
}

bool has_pointer(const HttpRequest& request) { return !request.query("since").empty(); }

/// A 404 of a page becomes an answer to the same question without a pointer: a silent success.
OnResponse gap_is_silent(const Json& list) {
  return answer_becomes(pages, [list](const HttpRequest&, HttpResponse& response) {
    if (response.status() != 404) return;
    response = answer(200, {{"notifications", list}, {"has_more", false}, {"time", "now"}});
  });
}

std::vector<Fault> faults_of_pages() {
  return {
      {.name = "page-without-time",
       .clause = "CUP-01",
       .on_response = body_becomes(pages, [](Json& body) { body.erase("time"); })},
      {.name = "empty-inbox-is-an-error",
       .clause = "CUP-01",
       .on_response = answer_becomes(pages,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       const auto body = response.json();
                                       if (body.contains("notifications") &&
                                           body["notifications"].empty())
                                         response = error(404, "not-found");
                                     })},
      {.name = "starts-with-the-second-oldest",
       .clause = "CUP-02",
       .on_response = page_becomes([](const HttpRequest& request, Json& page) {
         if (!has_pointer(request) && !page.empty()) page.erase(page.begin());
       })},
      {.name = "pointer-is-inclusive",
       .clause = "CUP-03",
       .on_response = page_becomes([](const HttpRequest& request, Json& page) {
         if (!has_pointer(request)) return;
         const Json event = {{"type", "conversation.typing"}};
         const Json named = {{"id", request.query("since")}, {"payload", {event}}};
         page.insert(page.begin(), named);
       })},
      {.name = "newest-pointer-is-a-gap",
       .clause = "CUP-04",
       .on_response = answer_becomes(pages,
                                     [](const HttpRequest& request, HttpResponse& response) {
                                       const auto body = response.json();
                                       if (has_pointer(request) && body.contains("notifications") &&
                                           body["notifications"].empty())
                                         response = error(404, "not-found");
                                     })},
      {.name = "pages-are-newest-first",
       .clause = "CUP-05",
       .on_response = page_becomes(
           [](const HttpRequest&, Json& page) { std::reverse(page.begin(), page.end()); })},
  };
}

std::vector<Fault> faults_of_sizes() {
  return {
      {.name = "page-boundary-skips-one",
       .clause = "CUP-06",
       .on_response = whole_page_becomes([](const HttpRequest&, Json& body) {
         auto& page = body["notifications"];
         if (body["has_more"] == true && page.size() > 1) page.erase(page.end() - 2);
       })},
      {.name = "has-more-false-too-early",
       .clause = "CUP-07",
       .on_response =
           whole_page_becomes([](const HttpRequest&, Json& body) { body["has_more"] = false; })},
      {.name = "full-page-always-says-more",
       .clause = "CUP-08",
       .on_response = whole_page_becomes([](const HttpRequest& request, Json& body) {
         if (std::to_string(body["notifications"].size()) == request.query("size"))
           body["has_more"] = true;
       })},
      {.name = "size-is-ignored",
       .clause = "CUP-09",
       .on_request =
           page_is_asked([](HttpRequest& request) { request.set_query("size", "10000"); })},
      {.name = "page-cut-by-bytes-loses-one",
       .clause = "CUP-10",
       .on_response = page_becomes([](const HttpRequest&, Json& page) {
         if (page.dump().size() > 1'000'000) page.erase(page.begin() + 1);
       })},
      {.name = "wrong-size-is-corrected",
       .clause = "CUP-11",
       .on_request = page_is_asked([](HttpRequest& request) {
         if (request.target().find("size=") != std::string::npos) request.set_query("size", "100");
       })},
      {.name = "bounds-are-exclusive",
       .clause = "CUP-11",
       .on_response = answer_becomes(pages,
                                     [](const HttpRequest& request, HttpResponse& response) {
                                       const auto size = request.query("size");
                                       if (size == "100" || size == "10000")
                                         response = error(400, "bad-request");
                                     })},
  };
}

std::vector<Fault> faults_of_visibility() {
  return {
      {.name = "client-is-ignored",
       .clause = "CUP-12",
       .on_request = page_is_asked([](HttpRequest& request) { request.set_query("client", ""); })},
      {.name = "events-for-all-clients-reach-none",
       .clause = "CUP-13",
       .on_response = page_becomes([](const HttpRequest& request, Json& page) {
         if (request.query("client").empty()) return;
         std::erase_if(page.get_ref<Json::array_t&>(),
                       [](const Json& notification) { return !carries_message(notification); });
       })},
      {.name = "without-client-only-what-is-for-all",
       .clause = "CUP-14",
       .on_response = page_becomes([](const HttpRequest& request, Json& page) {
         if (!request.query("client").empty()) return;
         std::erase_if(page.get_ref<Json::array_t&>(), carries_message);
       })},
      {.name = "pages-are-filtered-after-they-are-cut",
       .clause = "CUP-15",
       .on_response = page_becomes([](const HttpRequest&, Json& page) {
         if (page.size() > 80) page.erase(page.begin() + 80, page.end());
       })},
      {.name = "client-id-opens-any-inbox",
       .clause = "CUP-16",
       .on_request = [tokens = std::make_shared<std::map<std::string, std::string>>(),
                      mutex = std::make_shared<std::mutex>()](
                         HttpRequest& request) -> std::optional<HttpResponse> {
         const auto client = request.query("client");
         if (!pages.matches(request) || client.empty()) return std::nullopt;
         const std::lock_guard lock{*mutex};
         const auto own = request.head.header("Authorization").value_or("");
         request.head.set_header("Authorization", tokens->try_emplace(client, own).first->second);
         return std::nullopt;
       }},
  };
}

/// Knows a notification only to the client that was shown it first.
Fault pointers_of_other_clients_are_gaps() {
  const auto first_seen_by = std::make_shared<std::map<std::string, std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "pointer-of-another-client-is-a-gap",
          .clause = "CUP-18",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const auto client = request.query("client");
            const std::lock_guard lock{*mutex};
            if (last_one.matches(request))
              first_seen_by->try_emplace(response.json().value("id", ""), client);
            const auto known = first_seen_by->find(request.query("since"));
            if (pages.matches(request) && known != first_seen_by->end() && known->second != client)
              response = error(404, "not-found");
          }};
}

/// A notification that a client was shown after a pointer is gone for it.
Fault reading_consumes() {
  const auto read = std::make_shared<std::map<std::string, int>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "reading-consumes",
          .clause = "CUP-20",
          .on_response = page_becomes([=](const HttpRequest& request, Json& page) {
            if (!has_pointer(request)) return;
            const std::lock_guard lock{*mutex};
            std::erase_if(page.get_ref<Json::array_t&>(), [&](const Json& notification) {
              return (*read)[notification.value("id", "") + request.query("client")]++ > 0;
            });
          })};
}

/// Gives up looking for the last one when a hundred messages were sent.
Fault last_looks_at_one_page() {
  const auto sent = std::make_shared<std::map<std::string, int>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "last-looks-at-one-page-only",
          .clause = "CUP-25",
          .on_response = [=](const HttpRequest& request, HttpResponse& response) {
            const std::lock_guard lock{*mutex};
            if (sends.matches(request)) ++(*sent)[test_of(request)];
            if (last_one.matches(request) && (*sent)[test_of(request)] > 100)
              response = error(404, "not-found");
          }};
}

std::vector<Fault> faults_of_pointers() {
  return {
      {.name = "unknown-pointer-means-nothing-new",
       .clause = "CUP-17",
       .on_response = gap_is_silent(Json::array())},
      {.name = "gap-with-a-list",
       .clause = "CUP-17",
       .on_response = answer_becomes(pages,
                                     [](const HttpRequest&, HttpResponse& response) {
                                       if (response.status() != 404) return;
                                       auto body = response.json();
                                       body["notifications"] = Json::array();
                                       response.set_json(body);
                                     })},
      pointers_of_other_clients_are_gaps(),
      {.name = "pointer-that-is-none-starts-from-the-oldest",
       .clause = "CUP-19",
       .on_response = answer_becomes(pages,
                                     [](const HttpRequest& request, HttpResponse& response) {
                                       if (response.status() == 400 && has_pointer(request))
                                         response = error(404, "not-found");
                                     })},
      reading_consumes(),
  };
}

std::vector<Fault> faults_of_reading() {
  return {
      {.name = "skips-one-while-others-send",
       .clause = "CUP-21",
       .on_response = page_becomes([](const HttpRequest& request, Json& page) {
         if (has_pointer(request) && page.size() > 1) page.erase(page.begin());
       })},
      {.name = "another-order-after-the-restart",
       .clause = "CUP-22",
       .on_response = page_becomes([answers = std::make_shared<std::atomic<int>>(0)](
                                       const HttpRequest& request, Json& page) {
         if (!has_pointer(request) && page.size() > 3 && ++*answers > 1)
           std::swap(page[1], page[2]);
       })},
      {.name = "times-go-back",
       .clause = "CUP-24",
       .on_response = page_becomes([](const HttpRequest&, Json& page) {
         for (std::size_t i = 0; i < page.size(); i += 2) {
           for (auto& event : page[i]["payload"])
             if (event.contains("time")) event["time"] = "1999-01-01T00:00:00.000Z";
         }
       })},
  };
}

std::vector<Fault> faults_of_single_notifications() {
  return {
      last_looks_at_one_page(),
      {.name = "no-last-is-an-empty-answer",
       .clause = "CUP-26",
       .on_response = status_becomes(last_one, 404, 204)},
      {.name = "single-notification-without-its-payload",
       .clause = "CUP-27",
       .on_response = body_becomes(one_by_id, [](Json& body) { body["payload"] = Json::array(); })},
      {.name = "single-notification-for-anybody",
       .clause = "CUP-27",
       .on_request = request_becomes(
           one_by_id, [](HttpRequest& request) { request.set_query("client", ""); })},
  };
}

}  // namespace

std::vector<Fault> catch_up_faults() {
  std::vector<Fault> all;
  for (const auto& group :
       {faults_of_pages, faults_of_sizes, faults_of_visibility, faults_of_pointers,
        faults_of_reading, faults_of_single_notifications}) {
    auto faults = group();
    std::move(faults.begin(), faults.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace twostep::conformance::liar
