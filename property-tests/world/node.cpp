#include "property-tests/world/node.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "impl/service/limits.hpp"
#include "impl/service/socket.hpp"

namespace twostep::properties {

namespace net = boost::asio;
using net::awaitable;

std::uint64_t refusals_of(const Site& site) { return site.refusals(); }
Plant plant_of(const Site& site) { return site.plant; }

void SiteSockets::ring(const service::Doorbell& doorbell) {
  own_.ring(doorbell);
  tell_others([doorbell](service::SocketRegistry& registry) { registry.ring(doorbell); });
}

void SiteSockets::send_transient(const UserId& user, const std::vector<ClientId>& targets,
                                 ConnectionId origin, std::shared_ptr<const std::string> frame) {
  if (site_.plant == Plant::drops_transients) return;
  own_.send_transient(user, targets, origin, frame);
  tell_others([=](service::SocketRegistry& registry) {
    registry.send_transient(user, targets, origin, frame);
  });
}

bool SiteSockets::online(const UserId& user, ClientId client) const {
  return site_.plant != Plant::pushes_to_everybody && own_.online(user, client);
}

void SiteSockets::close(const UserId& user, ClientId client) {
  own_.close(user, client);
  tell_others([=](service::SocketRegistry& registry) { registry.close(user, client); });
}

// Late, and in any order: a cursor needs no more of its doorbells than that they ring.
void SiteSockets::tell_others(const std::function<void(service::SocketRegistry&)>& what) {
  for (std::size_t other = 0; other < site_.nodes.size(); ++other) {
    if (other == self_ || !site_.nodes[other]) continue;
    const auto slowest = static_cast<std::uint32_t>(site_.bells_max.count());
    const Ticks time{slowest > 0 ? site_.choices.below(slowest) : 0};
    auto& registry = site_.nodes[other]->registry();
    site_.scheduler.post_at(site_.nodes[other]->process(), site_.scheduler.now() + time,
                            Task{[what, &registry] { what(registry); }});
  }
}

namespace {

Origin origin_from(SeededEntropy& entropy) {
  const auto bits = entropy.number();
  return {.sequence = static_cast<std::uint16_t>(bits >> 48 & 0x3fff),
          .node = bits & 0xffff'ffff'ffff};
}

}  // namespace

Node::Node(Site& site, std::size_t number, std::uint64_t seed)
    : site_{site},
      process_{site.scheduler},
      clock_{site.scheduler, site.skews.at(number)},
      entropy_{seed},
      store_{site.database, process_},
      sockets_{site, number, registry_},
      gateway_{process_, site.choices, site.notices, site},
      step_two_{process_.executor(), sockets_, gateway_},
      peers_{process_, site.domain, site.network},
      backend_{.domain = site.domain,
               .id_policy = site.id_policy,
               .id_origin = origin_from(entropy_),
               .retention = site.plant == Plant::keeps_expired ? Ticks{std::chrono::days{28}}
                                                               : site.retention,
               .clock = clock_,
               .entropy = entropy_,
               .store = store_,
               .passwords = passwords_,
               .sockets = sockets_,
               .push = step_two_,
               .peers = site.network ? &peers_ : nullptr} {
  for (std::size_t i = 0; i < service::limits::push_workers; ++i)
    net::co_spawn(process_.executor(), step_two_.work(backend_), net::detached);
}

Node::~Node() {
  process_.kill();
  store_.leave();
}

/// What the node keeps of one websocket. The device learns that it is closed when this ends.
struct Node::SocketSession {
  SocketSession(std::shared_ptr<Line> other_end, Process& node, service::SocketRegistry& all)
      : line{std::move(other_end)}, process{node}, registry{all} {}
  ~SocketSession() {
    if (socket && !process.dead()) registry.leave(*socket);
    if (line->left) line->left();
    if (!line->gone && line->closed) line->closed();
  }

  void wake() {
    woken = true;
    if (line->wake) line->wake();
  }

  std::shared_ptr<Line> line;
  Process& process;
  service::SocketRegistry& registry;
  std::shared_ptr<service::Socket> socket;
  bool woken = false;
};

void Node::accept(service::Caller caller, std::optional<ClientId> client,
                  std::shared_ptr<Line> line) {
  auto session = std::make_shared<SocketSession>(std::move(line), process_, registry_);
  session->socket = registry_.open(caller.user, client, caller.connection,
                                   [weak = std::weak_ptr{session}, executor = process_.executor()] {
                                     net::post(executor, [weak] {
                                       if (const auto awake = weak.lock()) awake->wake();
                                     });
                                   });
  net::co_spawn(process_.executor(), serve(*this, std::move(session)), net::detached);
}

awaitable<void> Node::serve(Node& node, std::shared_ptr<SocketSession> session) {
  auto& line = *session->line;
  const auto began = co_await service::begin_at_head(node.backend_, *session->socket);
  if (!began) co_return;
  line.opened();
  while (!line.gone && !session->socket->ended()) {
    const auto frame = co_await service::next_frame(node.backend_, *session->socket);
    if (!frame) co_return;
    if (*frame) {
      if (!co_await node.write(*session, ***frame)) co_return;
      continue;
    }
    if (!session->woken && !line.gone) {
      const auto keep = [&](Task resume) { line.wake = std::move(resume); };
      co_await suspended(node.process_, keep);
    }
    session->woken = false;
  }
}

namespace {

std::string planted(std::string frame, Plant plant) {
  const std::string type = R"("type":")";
  if (plant == Plant::frame_of_another_kind) frame.insert(frame.find(type) + type.size(), "x");
  if (plant == Plant::frame_cut_short) frame.pop_back();
  return frame;
}

}  // namespace

// Returns when the device has read it, as a full socket would: the node holds what it cannot write.
awaitable<bool> Node::write(SocketSession& session, const std::string& frame) {
  auto& line = *session.line;
  if (line.slowness > Ticks{0}) {
    const Ticks time{site_.choices.below(static_cast<std::uint32_t>(line.slowness.count()))};
    co_await pause(process_, time);
  }
  if (line.gone) co_return false;
  ++frames_;
  if (site_.plant == Plant::skips_frame && frames_ % 10 == 0) co_return true;
  line.received(planted(frame, site_.plant));
  if (site_.plant == Plant::repeats_frame && frames_ % 10 == 0) line.received(frame);
  co_return true;
}

}  // namespace twostep::properties
