#include <algorithm>
#include <cctype>
#include <mutex>
#include <set>

#include "conformance/liar/sends.hpp"

namespace twostep::conformance::liar {
namespace {

/// Where the version of a UUID stands in its text.
constexpr std::size_t version_at = 14;

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// Changes the id of every notification of a page.
OnResponse ids_become(std::function<std::string(std::string)> change) {
  return page_becomes([change = std::move(change)](const HttpRequest&, Json& page) {
    for (auto& notification : page) notification["id"] = change(notification.value("id", ""));
  });
}

/// The same on sockets.
OnFrame ids_of_frames_become(std::function<std::string(std::string)> change) {
  return [change = std::move(change)](const HttpRequest&, std::string frame) {
    auto json = Json::parse(frame, nullptr, false);
    if (!json.is_object() || !json.contains("id")) return std::vector{frame};
    json["id"] = change(json.value("id", ""));
    return std::vector{json.dump()};
  };
}

std::string of_version_four(std::string id) {
  if (id.size() > version_at) id[version_at] = '4';
  return id;
}

/// One in the upper half of the timestamp, which is ten months.
std::string months_ahead(std::string id) {
  char high[8];
  std::snprintf(high, sizeof high, "%04lx", std::stoul(id.substr(version_at, 4), nullptr, 16) + 1);
  return id.replace(version_at, 4, high);
}

/// The first message in every inbox has the same id.
void share_an_id(const HttpRequest&, Json& page) {
  const auto message = std::find_if(page.begin(), page.end(), carries_message);
  if (message != page.end()) (*message)["id"] = "00000000-0000-1fff-8000-000000000000";
}

/// Every other message has got the smaller id of the one before it.
void swap_neighbours(const HttpRequest&, Json& page) {
  std::vector<Json*> messages;
  for (auto& notification : page) {
    if (carries_message(notification)) messages.push_back(&notification["payload"]);
  }
  for (std::size_t i = 1; i < messages.size(); i += 2) messages[i - 1]->swap(*messages[i]);
}

/// A message with a newer one behind it is not there yet when it could first be seen.
Fault appears_late() {
  const auto seen = std::make_shared<std::set<std::string>>();
  const auto mutex = std::make_shared<std::mutex>();
  return {.name = "a-smaller-id-appears-later",
          .clause = "TID-05",
          .on_response = page_becomes([=](const HttpRequest&, Json& page) {
            if (page.size() < 2 || !carries_message(page[page.size() - 2])) return;
            const std::lock_guard lock{*mutex};
            if (seen->insert(page[page.size() - 2].value("id", "")).second) {
              page.erase(page.size() - 2);
            }
          })};
}

/// A message that a pointer could have missed is not there from the beginning either.
void lose_a_message(const HttpRequest& request, Json& page) {
  const auto message = std::find_if(page.begin(), page.end(), carries_message);
  if (request.query("since").empty() && message != page.end()) page.erase(message);
}

}  // namespace

std::vector<Fault> time_uuid_faults() {
  return {
      {.name = "ids-in-upper-case", .clause = "TID-01", .on_response = ids_become(upper)},
      {.name = "ids-of-frames-are-random",
       .clause = "TID-01",
       .on_frame = ids_of_frames_become(of_version_four)},
      {.name = "inboxes-share-an-id", .clause = "TID-02", .on_response = page_becomes(share_an_id)},
      {.name = "newest-first",
       .clause = "TID-03",
       .on_response = page_becomes(
           [](const HttpRequest&, Json& page) { std::reverse(page.begin(), page.end()); })},
      {.name = "the-later-has-the-smaller-id",
       .clause = "TID-04",
       .on_response = page_becomes(swap_neighbours)},
      appears_late(),
      {.name = "ids-from-months-ahead",
       .clause = "TID-07",
       .on_response = ids_become(months_ahead)},
      {.name = "what-a-pointer-misses-is-gone",
       .clause = "TID-09",
       .on_response = page_becomes(lose_a_message)},
  };
}

}  // namespace twostep::conformance::liar
