#include "property-tests/world/network.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "property-tests/world/node.hpp"

namespace twostep::properties {

using boost::asio::awaitable;
using service::PeerFailure;

/// One call, and whether its caller still waits.
struct Network::Way {
  Scheduler& scheduler;
  Domain from;
  Domain to;
  std::string rpc;
  Task resume = {};
  std::optional<Answered> answer = {};
  bool no_way_back = false;

  void arrive(Answered what) {
    if (answer) return;
    scheduler.tell({model::Line::Kind::reply, lane_of(to), lane_of(from),
                    rpc + (what ? " is answered " + std::to_string((*what).status) : " fails")});
    answer.emplace(std::move(what));
    resume();
  }
};

/// The way back from a callee, taken when it is done, or when it dies.
class Network::Reply {
 public:
  Reply(Network& network, std::shared_ptr<Way> way) : network_{network}, way_{std::move(way)} {}
  ~Reply() {
    if (network_.wire_.dead()) return;
    if (!done) ++network_.counts_.broken_off;
    network_.answer(way_, done ? Answered{std::move(*done)} : Answered{PeerFailure::http});
  }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  std::optional<service::PeerReply> done;

 private:
  Network& network_;
  std::shared_ptr<Way> way_;
};

void Network::cut(std::size_t one, std::size_t other) {
  const std::pair pair{std::min(one, other), std::max(one, other)};
  if (!cuts_.erase(pair)) cuts_.insert(pair);
}

awaitable<Network::Answered> Network::call(Process& caller, Domain origin, service::PeerCall call) {
  auto& all = caller.scheduler();
  auto way = std::make_shared<Way>(Way{all, origin, call.to, call.rpc});
  ++counts_.calls;
  all.tell({model::Line::Kind::call, lane_of(origin), lane_of(call.to), call.rpc});
  const auto begin = [&](Task resume) {
    way->resume = std::move(resume);
    auto& scheduler = caller.scheduler();
    const auto deadline = std::chrono::duration_cast<Ticks>(call.deadline);
    scheduler.post_at(caller, scheduler.now() + deadline,
                      Task{[way] { way->arrive(PeerFailure::unreachable); }});
    send(way, origin, call);
  };
  co_await suspended(caller, begin);
  co_return std::move(*way->answer);
}

void Network::send(std::shared_ptr<Way> way, const Domain& origin, const service::PeerCall& call) {
  const auto site = std::find_if(sites_.begin(), sites_.end(),
                                 [&](const auto& each) { return each->domain == call.to; });
  if (site == sites_.end()) return way->arrive(PeerFailure::unknown_domain);
  if (is_cut(origin, call.to)) {
    ++counts_.cut_off;
    return lose(*way, false);
  }
  const auto fate = fate_of_ ? fate_of_(origin, call) : Fate::arrives;
  way->no_way_back = fate == Fate::reply_lost;
  if (fate == Fate::request_lost || choices_.chance(habits_.requests_lost)) {
    ++counts_.requests_lost;
    return lose(*way, false);
  }
  if (choices_.chance(habits_.resets)) {
    ++counts_.resets;
    return answer(way, PeerFailure::unreachable);
  }
  service::PeerRequest request{.origin = origin,
                               .component = std::string{name_of(call.component)},
                               .rpc = call.rpc,
                               .body = call.body};
  auto& scheduler = wire_.scheduler();
  scheduler.post_at(wire_, scheduler.now() + trip(), Task{[this, way, &callee = **site, request] {
                      deliver(way, callee, request);
                    }});
}

// Any node that is up serves any call.
void Network::deliver(const std::shared_ptr<Way>& way, Site& site, service::PeerRequest request) {
  const auto first = choices_.below(static_cast<std::uint32_t>(site.nodes.size()));
  Node* node = nullptr;
  for (std::size_t i = 0; i < site.nodes.size() && !node; ++i)
    node = site.nodes[(first + i) % site.nodes.size()].get();
  if (!node) {
    ++counts_.found_nobody;
    answer(way, PeerFailure::unreachable);
    return;
  }
  const auto serve = [](service::Backend& backend, service::PeerRequest asked,
                        std::shared_ptr<Reply> reply) -> awaitable<void> {
    auto answer = co_await service::answer_peer(backend, std::move(asked));
    reply->done = service::PeerReply{answer.status, std::move(answer.body)};
  };
  auto reply = std::make_shared<Reply>(*this, way);
  boost::asio::co_spawn(node->process().executor(),
                        serve(node->backend(), std::move(request), std::move(reply)),
                        boost::asio::detached);
}

void Network::lose(const Way& way, bool answer) {
  wire_.scheduler().tell({model::Line::Kind::lost, lane_of(answer ? way.to : way.from),
                          lane_of(answer ? way.from : way.to),
                          answer ? "the answer to " + way.rpc : way.rpc});
}

void Network::answer(const std::shared_ptr<Way>& way, Answered answer) {
  if (is_cut(way->from, way->to)) {
    ++counts_.cut_off;
    return lose(*way, true);
  }
  if (way->no_way_back || choices_.chance(habits_.replies_lost)) {
    ++counts_.replies_lost;
    return lose(*way, true);
  }
  auto& scheduler = wire_.scheduler();
  scheduler.post_at(wire_, scheduler.now() + trip(),
                    Task{[way, answer = std::move(answer)] { way->arrive(answer); }});
}

bool Network::is_cut(const Domain& one, const Domain& other) const {
  const auto number_of = [&](const Domain& domain) {
    std::size_t number = 0;
    while (sites_[number]->domain != domain) ++number;
    return number;
  };
  const auto first = number_of(one);
  const auto second = number_of(other);
  return cuts_.contains({std::min(first, second), std::max(first, second)});
}

Ticks Network::trip() {
  const auto slowest = static_cast<std::uint32_t>(habits_.trip_max.count());
  return Ticks{slowest > 0 ? choices_.below(slowest) : 0};
}

}  // namespace twostep::properties
