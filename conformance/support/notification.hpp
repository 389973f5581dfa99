#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/support/http.hpp"

/// What a device has been notified of, from its inbox or from a socket.
namespace twostep::conformance {

/// A `conversation.otr-message-add` event, decoded.
struct Message {
  std::string notification;         ///< Id of the notification that carries it.
  std::string conversation;         ///< Id only.
  std::string from;                 ///< User id of the sender.
  std::string sender;               ///< Client id of the sender.
  std::string recipient;            ///< Client id it is for.
  std::string body;                 ///< The ciphertext, decoded from base64.
  std::optional<std::string> data;  ///< Shared data, decoded; absent if the event has none.
  std::string time;
};

struct Notification {
  std::string id;
  bool transient = false;  ///< Only a socket says so.
  Json payload;            ///< List of events.

  std::vector<Message> messages() const;
};

/// A sequence of notifications, in the order in which they were received.
class Notifications {
 public:
  Notifications() = default;
  explicit Notifications(std::vector<Notification> list) : list_(std::move(list)) {}

  const std::vector<Notification>& list() const& { return list_; }
  /// By value, so that `for (… : device.catch_up().list())` does not outlive what it goes over.
  std::vector<Notification> list() && { return std::move(list_); }
  std::size_t size() const { return list_.size(); }
  bool empty() const { return list_.empty(); }

  std::vector<std::string> ids() const;
  std::vector<Message> messages() const;    ///< All message events.
  std::vector<std::string> bodies() const;  ///< Their ciphertexts.
  std::vector<Json> events() const;         ///< All events.
  std::vector<Json> events(const std::string& type) const;
  std::optional<std::string> newest() const;  ///< Id of the last one.

  void add(Notification notification) { list_.push_back(std::move(notification)); }

 private:
  std::vector<Notification> list_;
};

/// The notifications of one page; empty if the reply is none.
Notifications notifications_in(const Reply& page);

/// `has_more` of a page; false if absent.
bool has_more(const Reply& page);

void PrintTo(const Notifications& notifications, std::ostream* out);

}  // namespace twostep::conformance
