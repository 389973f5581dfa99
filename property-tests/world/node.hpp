#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "impl/service/ports.hpp"
#include "impl/service/socket_registry.hpp"
#include "impl/service/step_two.hpp"
#include "property-tests/world/database.hpp"
#include "property-tests/world/gateway.hpp"
#include "property-tests/world/line.hpp"
#include "property-tests/world/machine.hpp"
#include "property-tests/world/network.hpp"
#include "property-tests/world/plant.hpp"
#include "property-tests/world/scheduler.hpp"

/// One server of a backend, as `impl/app` puts it together, with simulated things behind the ports.
///
/// Destroying a node is `kill -9`: its coroutines end where they stand.
namespace twostep::properties {

class Node;

/// What the nodes of one backend share.
struct Site {
  Domain domain;
  store::IdPolicy id_policy;
  Scheduler& scheduler;
  Choices& choices;  ///< Of how long things take between the nodes.
  Database database;
  Network* network = nullptr;  ///< None: there are no other backends.
  Plant plant = Plant::none;
  Notices notices = {};
  Ticks bells_max{0};                       ///< How long a doorbell may take to another node.
  Ticks retention = std::chrono::days{28};  ///< How long its nodes keep a notification.
  std::uint64_t crashes = 0;                ///< Of its nodes.

  std::vector<Ticks> skews = {};  ///< Of each node's clock; kept while the node is down.
  std::vector<std::unique_ptr<Node>> nodes = {};  ///< None: it is down.

  /// How often something happened after which step two need not: a crash, an outcome that nobody learned, a
  /// read that failed.
  std::uint64_t mishaps() const { return crashes + database.mishaps(); }

  /// The same, and what the database refused.
  std::uint64_t refusals() const {
    return mishaps() + database.counts().busy + database.counts().full;
  }
};

/// The sockets of a backend: those of this node, and, a little later, those of the others.
class SiteSockets final : public service::Sockets {
 public:
  SiteSockets(Site& site, std::size_t self, service::SocketRegistry& own)
      : site_{site}, self_{self}, own_{own} {}

  void ring(const service::Doorbell& doorbell) override;
  void send_transient(const UserId& user, const std::vector<ClientId>& targets, ConnectionId origin,
                      std::shared_ptr<const std::string> frame) override;
  bool online(const UserId& user, ClientId client) const override;
  void close(const UserId& user, ClientId client) override;

 private:
  void tell_others(const std::function<void(service::SocketRegistry&)>& what);

  Site& site_;
  const std::size_t self_;
  service::SocketRegistry& own_;
};

class Node {
 public:
  Node(Site& site, std::size_t number, std::uint64_t seed);
  ~Node();

  service::Backend& backend() { return backend_; }
  service::SocketRegistry& registry() { return registry_; }
  Process& process() { return process_; }

  /// Accepts a websocket: the same steps, in the same order, as the session of impl/server.
  void accept(service::Caller caller, std::optional<ClientId> client, std::shared_ptr<Line> line);

 private:
  struct SocketSession;
  static boost::asio::awaitable<void> serve(Node& node, std::shared_ptr<SocketSession> session);
  boost::asio::awaitable<bool> write(SocketSession& session, const std::string& frame);

  Site& site_;
  Process process_;
  SkewedClock clock_;
  SeededEntropy entropy_;
  NoPasswords passwords_;
  Database::Session store_;
  service::SocketRegistry registry_;
  SiteSockets sockets_;
  SimulatedGateway gateway_;
  service::StepTwo step_two_;
  SimulatedPeers peers_;
  service::Backend backend_;
  std::uint64_t frames_ = 0;
};

}  // namespace twostep::properties
