#include "bench/macro/sends.hpp"

namespace twostep::bench {

Sends::Sends(const Endpoint& http, std::vector<Cast> casts, std::size_t bytes) : http_{http} {
  for (auto& cast : casts) {
    std::vector<std::string> pointers;
    for (const auto& recipient : cast.recipients) pointers.push_back(newest(recipient));
    SendTemplate request{http, cast, bytes};
    groups_.push_back({std::move(cast), std::move(request), std::move(pointers)});
  }
}

std::optional<std::string> Sends::request(std::size_t task, std::size_t step) {
  if (step > 0) return std::nullopt;
  auto& group = groups_[task % groups_.size()];
  const auto number = group.sent.size();
  if (place_of_task_.size() <= task) place_of_task_.resize(task + 1);
  place_of_task_[task] = {task % groups_.size(), number};
  group.sent.emplace_back();
  group.audit.begun(number, Clock::now());
  return group.request.with_number(number);
}

void Sends::ended(Exchange&& exchange) {
  const auto [index, number] = place_of_task_[exchange.task];
  auto& group = groups_[index];
  group.sent[number] = {exchange.intended, exchange.status == 201};
  if (exchange.status == 201) {
    group.audit.acknowledged(number, exchange.ended);
  } else if (exchange.status != 0) {
    ++refused_;
  }
}

void Sends::judge_inboxes(Traffic& traffic) {
  for (auto& [cast, request, pointers, sent, audit] : groups_) {
    for (std::size_t i = 0; i < cast.recipients.size(); ++i) {
      const auto& recipient = cast.recipients[i];
      audit.judge(recipient.name(), catch_up(traffic, http_, recipient, pointers[i]));
    }
  }
}

std::vector<std::string> Sends::anomalies() const {
  std::vector<std::string> all;
  for (const auto& group : groups_) {
    for (auto& anomaly : group.audit.anomalies()) all.push_back(std::move(anomaly));
  }
  return all;
}

}  // namespace twostep::bench
