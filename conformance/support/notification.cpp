#include "conformance/support/notification.hpp"

#include "conformance/support/bytes.hpp"

namespace twostep::conformance {
namespace {

std::string text(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return {};
  return object[key].get<std::string>();
}

std::string decoded(const Json& object, const char* key) {
  const auto encoded = text(object, key);
  return from_base64(encoded).value_or("not base64: " + encoded);
}

Message message_in(const std::string& notification, const Json& event) {
  const auto data = event.value("data", Json::object());
  Message message{.notification = notification,
                  .conversation = text(event.value("qualified_conversation", Json{}), "id"),
                  .from = text(event.value("qualified_from", Json{}), "id"),
                  .sender = text(data, "sender"),
                  .recipient = text(data, "recipient"),
                  .body = decoded(data, "text"),
                  .data = std::nullopt,
                  .time = text(event, "time")};
  if (data.is_object() && data.contains("data") && data["data"].is_string()) {
    message.data = decoded(data, "data");
  }
  return message;
}

}  // namespace

std::vector<Message> Notification::messages() const {
  std::vector<Message> messages;
  if (!payload.is_array()) return messages;
  for (const auto& event : payload) {
    if (text(event, "type") == "conversation.otr-message-add") {
      messages.push_back(message_in(id, event));
    }
  }
  return messages;
}

std::vector<std::string> Notifications::ids() const {
  std::vector<std::string> ids;
  for (const auto& notification : list_) ids.push_back(notification.id);
  return ids;
}

std::vector<Message> Notifications::messages() const {
  std::vector<Message> all;
  for (const auto& notification : list_) {
    for (auto& message : notification.messages()) all.push_back(std::move(message));
  }
  return all;
}

std::vector<std::string> Notifications::bodies() const {
  std::vector<std::string> bodies;
  for (auto& message : messages()) bodies.push_back(std::move(message.body));
  return bodies;
}

std::vector<Json> Notifications::events() const {
  std::vector<Json> events;
  for (const auto& notification : list_) {
    if (!notification.payload.is_array()) continue;
    for (const auto& event : notification.payload) events.push_back(event);
  }
  return events;
}

std::vector<Json> Notifications::events(const std::string& type) const {
  std::vector<Json> matching;
  for (auto& event : events()) {
    if (text(event, "type") == type) matching.push_back(std::move(event));
  }
  return matching;
}

std::optional<std::string> Notifications::newest() const {
  if (list_.empty()) return std::nullopt;
  return list_.back().id;
}

Notifications notifications_in(const Reply& page) {
  std::vector<Notification> list;
  if (!page.json.is_object() || !page.json.contains("notifications")) return {};
  for (const auto& entry : page.json["notifications"]) {
    if (!entry.is_object()) continue;
    list.push_back({.id = text(entry, "id"), .payload = entry.value("payload", Json{})});
  }
  return Notifications{std::move(list)};
}

bool has_more(const Reply& page) {
  return page.json.is_object() && page.json.contains("has_more") && page.json["has_more"] == true;
}

void PrintTo(const Notifications& notifications, std::ostream* out) {
  constexpr std::size_t shown_max = 20;
  *out << notifications.size() << " notifications";
  std::size_t shown = 0;
  for (const auto& notification : notifications.list()) {
    if (++shown > shown_max) {
      *out << "\n  …";
      return;
    }
    *out
        << "\n  " << notification.id << ' '
        << notification.payload.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 300);
  }
}

}  // namespace twostep::conformance
