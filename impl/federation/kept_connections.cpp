#include "impl/federation/kept_connections.hpp"

#include <algorithm>
#include <utility>

namespace twostep::federation {

std::unique_ptr<Channel> KeptConnections::take(const Domain& peer) {
  const auto now = Channel::Clock::now();
  const std::lock_guard lock{mutex_};
  forget_what_is_too_old(now);
  const auto found = kept_.find(peer);
  if (found == kept_.end()) return nullptr;
  auto& connections = found->second;
  while (!connections.empty()) {
    auto channel = std::move(connections.back().channel);
    connections.pop_back();
    if (channel->is_silent()) return channel;
  }
  return nullptr;
}

void KeptConnections::keep(const Domain& peer, std::unique_ptr<Channel> channel,
                           std::chrono::seconds announced) {
  const auto now = Channel::Clock::now();
  const auto until = std::min(now + announced / 2, channel->made() + limits::connection_age_max);
  const std::lock_guard lock{mutex_};
  forget_what_is_too_old(now);
  if (until <= now) return;
  auto& connections = kept_[peer];
  if (connections.size() < limits::kept_connections_max) {
    connections.push_back({std::move(channel), until});
  }
}

void KeptConnections::forget_what_is_too_old(Channel::Clock::time_point now) {
  for (auto& [peer, connections] : kept_) {
    std::erase_if(connections, [&](const Kept& kept) { return kept.until <= now; });
  }
  std::erase_if(kept_, [](const auto& peer) { return peer.second.empty(); });
}

}  // namespace twostep::federation
