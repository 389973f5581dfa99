#include "bench/macro/audit.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>

#include "conformance/support/bytes.hpp"

namespace twostep::bench {

void Audit::begun(std::size_t message, Moment at) {
  assert(message == messages_.size());
  messages_.push_back({.begun = at});
}

void Audit::acknowledged(std::size_t message, Moment at) {
  messages_.at(message).acknowledged = at;
}

std::size_t Audit::acknowledged_count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(messages_, [](const auto& m) { return m.acknowledged.has_value(); }));
}

void Audit::judge(const std::string& recipient, const std::vector<Received>& received) {
  std::vector<int> times(messages_.size());
  for (const auto& [notification, message] : received) {
    if (!message || *message >= messages_.size()) {
      add_anomaly(recipient + " got " + notification + ", which nobody sent");
    } else if (++times[*message] == 2) {
      add_anomaly(recipient + " got message " + std::to_string(*message) + " twice, again as " +
                  notification);
    }
  }
  for (std::size_t message = 0; message < messages_.size(); ++message) {
    if (messages_[message].acknowledged && times[message] == 0) {
      add_anomaly(recipient + " never got message " + std::to_string(message) +
                  ", which was acknowledged");
    }
  }
  judge_order(recipient, received);
}

void Audit::judge_order(const std::string& recipient, const std::vector<Received>& received) {
  std::uint64_t newest = 0;
  std::optional<std::size_t> latest;  // Of those seen so far, the one that began last.
  for (const auto& [notification, message] : received) {
    const auto ticks = conformance::uuid_ticks(notification);
    if (!ticks) {
      add_anomaly(recipient + " got " + notification + ", which is not a time-UUID");
    } else if (*ticks < newest) {
      add_anomaly(recipient + " got " + notification + " after a newer one");
    }
    newest = std::max(newest, ticks.value_or(0));
    if (!message || *message >= messages_.size()) continue;

    const auto& answered = messages_[*message].acknowledged;
    if (latest && answered && *answered < messages_[*latest].begun) {
      add_anomaly(recipient + " got message " + std::to_string(*message) + " after message " +
                  std::to_string(*latest) + ", which was sent when it had been acknowledged");
    }
    if (!latest || messages_[*latest].begun < messages_[*message].begun) latest = message;
  }
}

void Audit::add_anomaly(const std::string& what) {
  if (++found_ <= anomalies_named_max) named_.push_back(what);
}

std::vector<std::string> Audit::anomalies() const {
  auto all = named_;
  if (found_ > named_.size()) all.push_back(std::to_string(found_ - named_.size()) + " more");
  return all;
}

}  // namespace twostep::bench
