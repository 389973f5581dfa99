#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "impl/core/time_uuid.hpp"

/// Slows down guessing of passwords: after so many attempts without a success, an account refuses
/// further ones for a while, right or wrong.
///
/// Attempts are counted before the password is looked at, so that a hundred at the same time are a
/// hundred. Names nobody has are counted too, or the refusal would tell which names exist.
///
/// Shape      At most `limits::login_names_max` names are remembered, the longest unused forgotten
///            first: to make room for more guesses, an attacker has to guess on so many others.
/// Threads    Any, at once.
/// Source     specs/05-accounts-and-devices.md (ACC); OWASP Authentication Cheat Sheet, "Account
///            Lockout".
namespace twostep::service {

class FailedLogins {
 public:
  struct Policy {
    unsigned attempts_max = 10;
    std::chrono::seconds pause{15};
  };

  explicit FailedLogins(Policy policy);

  /// Counts an attempt. If it is one too many: how long to wait, and it is not counted.
  std::optional<std::chrono::seconds> attempt(std::string_view name, Instant now);

  /// Forgets the attempts under this name.
  void succeeded(std::string_view name);

 private:
  struct Attempts {
    std::string name;
    unsigned count = 0;
    Instant until;  ///< Of the pause, if the count is at its maximum; else when they are forgotten.
  };

  const Policy policy_;
  std::mutex mutex_;
  std::list<Attempts> recent_first_;
  std::unordered_map<std::string_view, std::list<Attempts>::iterator> by_name_;
};

}  // namespace twostep::service
