#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "impl/core/ids.hpp"
#include "impl/core/time_uuid.hpp"

/// Clients: the devices of a user, the keys with which others begin writing to them, and where they
/// can be woken.
///
/// Threads    Plain values.
/// Source     specs/05-accounts-and-devices.md (ACC).
namespace twostep {

struct Prekey {
  std::uint16_t id = 0;
  std::string key;  ///< The base64 text as it was uploaded.

  friend bool operator==(const Prekey&, const Prekey&) = default;
};

enum class ClientType { permanent, temporary };

struct Client {
  ClientId id;
  ClientType type = ClientType::permanent;
  Instant registered;
  std::optional<std::string> device_class;  ///< "phone", "tablet" or "desktop".
  std::optional<std::string> label;
  std::optional<std::string> cookie;  ///< The label of the cookies that go when the client goes.
  std::optional<std::string> model;
  std::vector<std::string> capabilities;
  std::optional<Instant> last_active;  ///< A whole day.
};

/// What a device says to become a client.
struct NewClient {
  ClientType type = ClientType::permanent;
  std::optional<std::string> device_class;
  std::optional<std::string> label;
  std::optional<std::string> cookie;
  std::optional<std::string> model;
  std::vector<std::string> capabilities;
  std::vector<Prekey> prekeys;
  std::string last_resort_key;  ///< Its text also decides the client's id.
  std::optional<std::string> password;
};

/// What is to change; whatever is absent stays.
struct ClientUpdate {
  std::vector<Prekey> prekeys;  ///< In addition to those left.
  std::optional<std::string> last_resort_key;
  std::optional<std::string> label;
  std::optional<std::vector<std::string>> capabilities;  ///< May only grow.
};

/// What others see of a client.
struct PublicClient {
  ClientId id;
  std::optional<std::string> device_class;
};

struct PushToken {
  std::string transport;  ///< "GCM", "APNS" or "APNS_SANDBOX".
  std::string app;
  std::string token;
  ClientId client;
  ConnectionId registered_on;  ///< Not pushed to for what this connection itself caused.
};

}  // namespace twostep
