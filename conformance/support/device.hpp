#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/support/address.hpp"
#include "conformance/support/conversation.hpp"
#include "conformance/support/message.hpp"
#include "conformance/support/notification.hpp"
#include "conformance/support/user.hpp"
#include "conformance/support/websocket.hpp"

/// A client of a user: what sends, receives and catches up.
///
/// A device is a handle and converts to its `User` and to its `Address`. It has an access token,
/// and so a connection id, of its own.
namespace twostep::conformance {

/// What is asked of `GET /notifications`. Values are text so that nonsense can be asked.
struct PageOptions {
  std::optional<std::string> since = {};
  std::optional<std::string> size = {};
  bool filtered = true;                    ///< Send `client=<own id>`.
  std::optional<std::string> client = {};  ///< Another client to filter by.
};

struct PushToken {
  std::string token;
  std::string transport = "GCM";
  std::string app = "conformance";
};

class Device : public Caller {
 public:
  Device(User user, std::string name, std::string client, std::string token);

  const User& user() const;
  const std::string& id() const;  ///< Client id, hexadecimal.
  Address address() const;
  operator User() const { return user(); }
  operator Address() const { return address(); }

  // Step one.

  /// Posts a message; the reply is what is under test.
  Reply send(const Conversation& chat, const Recipients& recipients,
             const SendOptions& options = {}) const;

  /// Posts a message that is only a means: a refusal makes the test *unknown*. Gives the reply.
  Reply must_send(const Conversation& chat, const Recipients& recipients,
                  const SendOptions& options = {}) const;

  /// Posts any bytes as a message.
  Reply post_message(const Conversation& chat, const std::string& bytes,
                     const std::string& content_type = "application/x-protobuf") const;

  Reply send_legacy_json(const Conversation& chat, const Recipients& recipients,
                         const LegacyOptions& options = {}) const;
  Reply send_legacy_protobuf(const Conversation& chat, const Recipients& recipients,
                             const LegacyOptions& options = {}) const;

  // Catching up.

  /// Every page from `since` (or from the beginning) until `has_more` is false. A page that is not
  /// a 200, that is empty although there should be more, or that repeats what was there before ends
  /// it with a failure of the test.
  Notifications catch_up(const PageOptions& options = {}) const;

  /// One page, as answered.
  Reply page(const PageOptions& options = {}) const;

  Reply last_notification(bool filtered = true) const;
  Reply notification(const std::string& id, bool filtered = true) const;

  /// The pointer: id of the newest notification visible to this device. Setup.
  std::string newest() const;

  // Step two.

  /// Opens `/await?client=<own id>` and waits until it is certainly registered. Setup.
  Socket open_socket(const SocketOptions& options = {}) const;

  Reply register_push_token(const PushToken& token) const;
  Reply delete_push_token(const std::string& token) const;

  // The device itself.

  /// Claims one prekey for each address.
  Reply claim_prekeys(const std::vector<Address>& addresses) const;

  /// `DELETE /clients/<own id>` with the password.
  Reply remove() const;

 private:
  struct State;
  std::shared_ptr<State> device_;
};

}  // namespace twostep::conformance
