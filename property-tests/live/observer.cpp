#include "property-tests/live/observer.hpp"

#include <algorithm>
#include <regex>

namespace twostep::live {
namespace {

using conformance::Reply;

const std::regex exact_time{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"};
const std::regex whole_time{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"};
const std::regex uuid{"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"};

constexpr std::size_t uuid_version_at = 14;

/// Parts of a conversation that no clause speaks of: a receiver ignores what it does not know (WIR-16).
const std::set<std::string> unknown_fields = {
    "add_permission", "cells_state", "failed_to_add", "group_conv_type",  "history",
    "parent",         "service",     "searchable",    "legalhold_status", "via"};

bool is_sorted_by_clause(const std::string& key) {
  return key == "notifications" || key == "payload" || key == "frames";
}

bool is_status(const Json& body) {
  return body.is_object() && body.contains("missing") && body.contains("time");
}

/// That a cookie is set, and how; not the cookie itself. When it ends is the operator's.
Json cookie(const std::string& header) {
  auto attributes = Json::array();
  for (std::size_t at = 0; at < header.size();) {
    const auto end = std::min(header.find(';', at), header.size());
    auto attribute = header.substr(at, end - at);
    const bool is_path = attribute.starts_with("Path=");
    if (!is_path) attribute = attribute.substr(0, attribute.find('='));
    attributes.push_back(attribute);
    at = std::min(header.find_first_not_of("; ", end), header.size());
  }
  std::sort(attributes.begin(), attributes.end());
  return attributes;
}

/// Times of messages along a page: they do not decrease (CUP-24).
bool times_ascend(const Json& page) {
  std::string last;
  for (const auto& notification : page.at("notifications")) {
    for (const auto& event : notification.value("payload", Json::array())) {
      if (event.value("type", "") != "conversation.otr-message-add") continue;
      const auto time = event.value("time", "");
      if (time < last) return false;
      last = time;
    }
  }
  return true;
}

/// A connection with a conversation in which nobody can send yet.
bool is_unaccepted_connection(const Json& object) {
  return object.contains("qualified_to") && object.value("status", Json{}) != "accepted";
}

}  // namespace

Json Observer::answer(const Reply& reply, const std::string& reader) {
  if (!reply.answered()) return {{"no answer", reply.error}};
  Json seen = {{"status", reply.status}};
  if (const auto type = reply.header("Content-Type"); type && !reply.body.empty())
    seen["type"] = type->substr(0, type->find(';'));
  if (const auto location = reply.header("Location"))
    seen["location"] = text(*location, "location", reader);
  if (const auto set_cookie = reply.header("Set-Cookie")) seen["cookie"] = cookie(*set_cookie);
  seen["body"] = body(reply, reader);
  return seen;
}

Json Observer::body(const Reply& reply, const std::string& reader) {
  if (reply.json.is_null() || reply.json.is_discarded()) return reply.body;
  const bool is_time_alone =
      reply.json.is_object() && reply.json.size() == 1 && reply.json.contains("time");
  if (is_time_alone) return {{"time", "<some time>"}};
  if (is_status(reply.json) && reply.status == 201) send_times_.insert(reply.json["time"]);
  auto seen = value(reply.json, "", reader);
  const bool is_error = reply.status >= 400 && !reply.label().empty();
  const bool text_matters = conformance::part(reply.json, "/message") == "Authentication failed.";
  if (is_error && !text_matters && !seen.value("message", "").empty()) seen["message"] = "<text>";
  if (reply.json.is_object() && reply.json.contains("notifications"))
    seen["times"] = times_ascend(reply.json) ? "ascend" : "go back";
  return seen;
}

Json Observer::frames(const std::vector<conformance::Frame>& frames, const std::string& reader) {
  auto stored = Json::array();
  auto transient = Json::array();
  for (const auto& frame : frames) {
    auto json = Json::parse(frame.payload, nullptr, false);
    if (json.is_discarded()) {
      stored.push_back(frame.payload);
    } else if (json.is_object() && json.value("transient", Json{}) == true) {
      if (json.contains("id")) json["id"] = "<some id>";
      transient.push_back(value(json, "", reader));
    } else {
      if (json.is_object() && json.value("transient", Json{}) == false) json.erase("transient");
      if (!is_free(json)) stored.push_back(value(json, "", reader));
    }
  }
  std::sort(transient.begin(), transient.end());
  return {{"frames", stored}, {"transient", transient}};
}

Json Observer::value(const Json& value, const std::string& key, const std::string& reader) {
  if (value.is_object()) return object(value, reader);
  if (value.is_array()) return list(value, key, reader);
  if (value.is_string()) return text(value.get<std::string>(), key, reader);
  return value;
}

Json Observer::object(const Json& object, const std::string& reader) {
  const bool is_message = object.value("type", Json{}) == "conversation.otr-message-add";
  auto seen = Json::object();
  for (const auto& [key, part] : object.items()) {
    const auto name = names_.known(key).value_or(key);
    if (unknown_fields.contains(key)) continue;
    const bool is_of_two = object.contains("access") && object.value("type", Json{}) != 0;
    if (is_of_two && key.starts_with("access_role")) continue;
    const bool names_nobody = part.is_array() && part.empty();
    if (key == "qualified_user_client_prekeys") {
      auto claimed = value(part, key, reader);
      std::erase_if(claimed.get_ref<Json::object_t&>(),
                    [](const auto& of) { return of.second.empty(); });
      seen[name] = claimed;
      continue;
    }
    if (names_nobody && (key == "failed" || key == "not_found")) continue;
    if (is_unaccepted_connection(object) && key.ends_with("conversation")) continue;
    if (is_message && key == "time" && part.is_string()) {
      seen[name] = send_times_.contains(part) ? "<time of its send>" : "<another time>";
    } else {
      seen[name] = value(part, key, reader);
    }
  }
  return seen;
}

bool Observer::is_group(const Json& conversation) const {
  const auto name = names_.known(conversation.value("id", "")).value_or("");
  return name.starts_with("<chat") || name.starts_with("<fence");
}

bool Observer::is_free(const Json& notification) const {
  const auto event = conformance::part(notification, "/payload/0");
  if (!event.is_object()) return false;
  const auto conversation = names_.known(event.value("conversation", ""));
  const bool is_of_two = conversation && conversation->find('+') != std::string::npos;
  const bool is_created = event.value("type", "") == "conversation.create";
  return is_of_two || (is_created && conformance::part(event, "/data/type") != 0);
}

Json Observer::list(const Json& list, const std::string& key, const std::string& reader) {
  auto seen = Json::array();
  if (key == "qualified_conversations") {
    for (const auto& id : list)
      if (is_group(id)) seen.push_back(value(id, "", reader));
    std::sort(seen.begin(), seen.end());
    return seen;
  }
  if (key == "notifications") {
    for (const auto& notification : list)
      if (!is_free(notification)) seen.push_back(value(notification, "", reader));
    return seen;
  }
  for (const auto& part : list) seen.push_back(value(part, key, reader));
  if (!is_sorted_by_clause(key)) std::sort(seen.begin(), seen.end());
  return seen;
}

std::string Observer::text(const std::string& text, const std::string& key,
                           const std::string& reader) {
  if (key == "paging_state") return "<secret>";
  if (key == "access_token") return text.empty() ? "" : "<secret>";
  if (const auto name = names_.known(text)) return *name;
  if (std::regex_match(text, exact_time)) return "<time>";
  if (std::regex_match(text, whole_time)) return "<whole time>";
  if (std::regex_match(text, uuid)) {
    const bool is_notification = text[uuid_version_at] == '1' && key == "id";
    return is_notification ? names_.notification(reader, text) : names_.stranger(text);
  }
  auto shown = text;
  if (const auto at = shown.find(names_.run()); at != shown.npos)
    shown.replace(at, names_.run().size(), "<run>");
  return shown;
}

}  // namespace twostep::live
