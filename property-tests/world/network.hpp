#pragma once

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "impl/service/peers.hpp"
#include "property-tests/world/choices.hpp"
#include "property-tests/world/scheduler.hpp"

/// The simulated network between backends: calls are late, get lost on either way, break off, or find nobody.
///
/// It does to a call what a connection can: a call is carried out once or not at all, and a caller that
/// hears nothing by the deadline does not know which.
///
/// Threads    One.
/// Source     impl/service/peers.hpp
namespace twostep::properties {

struct Site;

struct NetworkHabits {
  Ticks trip_max{0};
  std::uint32_t requests_lost = 0;  ///< So many in a thousand.
  std::uint32_t replies_lost = 0;
  std::uint32_t resets = 0;
};

struct NetworkCounts {
  std::uint64_t calls = 0;
  std::uint64_t requests_lost = 0;
  std::uint64_t replies_lost = 0;
  std::uint64_t resets = 0;
  std::uint64_t cut_off = 0;
  std::uint64_t found_nobody = 0;
  std::uint64_t broken_off = 0;  ///< The callee died over it.
};

/// What becomes of one call.
enum class Fate { arrives, request_lost, reply_lost };

class Network {
 public:
  using Answered = boost::system::result<service::PeerReply, service::PeerFailure>;
  using FateOf = std::function<Fate(const Domain& from, const service::PeerCall& call)>;

  Network(Scheduler& scheduler, Choices& choices, std::vector<std::unique_ptr<Site>>& sites)
      : choices_{choices}, sites_{sites}, wire_{scheduler} {}

  /// Nothing gets from one of these backends to the other, or it does again.
  void cut(std::size_t one, std::size_t other);
  bool is_cut(std::size_t one, std::size_t other) const {
    return cuts_.contains({std::min(one, other), std::max(one, other)});
  }
  void mend_all() { cuts_.clear(); }
  void behave(const NetworkHabits& habits) { habits_ = habits; }
  /// Hears of every call, and says what becomes of it before chance does.
  void decide_by(FateOf fate_of) { fate_of_ = std::move(fate_of); }
  const NetworkCounts& counts() const { return counts_; }

  boost::asio::awaitable<Answered> call(Process& caller, Domain origin, service::PeerCall call);

  /// What is on the way is lost.
  void stop() { wire_.kill(); }

 private:
  struct Way;
  class Reply;

  void send(std::shared_ptr<Way> way, const Domain& origin, const service::PeerCall& call);
  void deliver(const std::shared_ptr<Way>& way, Site& site, service::PeerRequest request);
  void answer(const std::shared_ptr<Way>& way, Answered answer);
  void lose(const Way& way, bool answer);
  bool is_cut(const Domain& one, const Domain& other) const;
  Ticks trip();

  Choices& choices_;
  std::vector<std::unique_ptr<Site>>& sites_;
  Process wire_;
  NetworkHabits habits_;
  FateOf fate_of_;
  NetworkCounts counts_;
  std::set<std::pair<std::size_t, std::size_t>> cuts_;
};

/// As one node sees the others.
class SimulatedPeers final : public service::Peers {
 public:
  SimulatedPeers(Process& node, Domain self, Network* network)
      : node_{node}, self_{std::move(self)}, network_{network} {}

  boost::asio::awaitable<Network::Answered> call(service::PeerCall call) override {
    return network_->call(node_, self_, std::move(call));
  }

 private:
  Process& node_;
  const Domain self_;
  Network* const network_;
};

}  // namespace twostep::properties
