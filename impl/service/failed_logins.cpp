#include "impl/service/failed_logins.hpp"

#include "impl/service/limits.hpp"

namespace twostep::service {

FailedLogins::FailedLogins(Policy policy) : policy_{policy} {}

std::optional<std::chrono::seconds> FailedLogins::attempt(std::string_view name, Instant now) {
  const std::lock_guard lock{mutex_};
  if (const auto known = by_name_.find(name); known != by_name_.end()) {
    recent_first_.splice(recent_first_.begin(), recent_first_, known->second);
  } else {
    if (recent_first_.size() == limits::login_names_max) {
      by_name_.erase(recent_first_.back().name);
      recent_first_.pop_back();
    }
    recent_first_.push_front({.name = std::string{name}, .count = 0, .until = now});
    by_name_.emplace(recent_first_.front().name, recent_first_.begin());
  }

  auto& attempts = recent_first_.front();
  if (attempts.until <= now) attempts.count = 0;
  if (attempts.count >= policy_.attempts_max)
    return std::chrono::ceil<std::chrono::seconds>(attempts.until - now);
  ++attempts.count;
  attempts.until = now + policy_.pause;
  return std::nullopt;
}

void FailedLogins::succeeded(std::string_view name) {
  const std::lock_guard lock{mutex_};
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return;
  const auto attempts = known->second;
  by_name_.erase(known);
  recent_first_.erase(attempts);
}

}  // namespace twostep::service
