#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/support/address.hpp"
#include "conformance/support/caller.hpp"

/// A user with a password and an access token of their own, and no device yet.
namespace twostep::conformance {

class Device;

/// How a device is registered. What is left out is valid and fresh.
struct DeviceOptions {
  std::string type = "permanent";
  std::optional<std::string> device_class = "phone";
  std::optional<std::string> label = {};
  std::optional<std::string> cookie = {};
  std::optional<std::string> model = {};
  Json capabilities = nullptr;  ///< A list, or left out.
  int prekeys = 3;              ///< Besides the last-resort key.
  bool with_password = true;    ///< Further devices need it; the first does not.
};

class User : public Caller {
 public:
  User(std::string name, QualifiedId id, std::string email, std::string password, std::string token,
       std::string cookie);

  const QualifiedId& id() const;
  const std::string& email() const;
  const std::string& password() const;
  const std::string& cookie() const;  ///< Value of `zuid`, from the login.

  /// Registers a device. It gets a token, and so a connection, of its own.
  /// @param name  what the report calls it: "alice's phone"; without one "alice", "alice-2", ….
  Device device(const DeviceOptions& options = {}, const std::string& name = {}) const;

  /// The body that `device()` posts to `/clients`, to be changed before it is posted by hand.
  Json device_body(const DeviceOptions& options = {}) const;

  /// A new access token, with a new connection id, from the login's cookie.
  std::string new_token() const;

 private:
  struct State;
  std::shared_ptr<State> user_;
};

/// A prekey as JSON: `{"id", "key"}` with a fresh, well-formed bundle. Id 65535 is the last resort.
Json prekey(int id);

/// Prekeys with ids first, first + 1, ….
Json prekeys(int first, int count);

}  // namespace twostep::conformance
