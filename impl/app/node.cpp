#include "impl/app/node.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "impl/app/limits.hpp"
#include "impl/app/wait_for.hpp"
#include "impl/server/http_session.hpp"
#include "impl/server/routes_accounts.hpp"
#include "impl/server/routes_clients.hpp"
#include "impl/server/routes_connections.hpp"
#include "impl/server/routes_conversations.hpp"
#include "impl/server/routes_messages.hpp"
#include "impl/server/routes_notifications.hpp"
#include "impl/server/routes_prekeys.hpp"
#include "impl/server/routes_push_tokens.hpp"
#include "impl/server/routes_system.hpp"
#include "impl/server/routes_users.hpp"
#include "impl/service/identity.hpp"
#include "impl/service/limits.hpp"
#include "impl/store/key.hpp"
#include "impl/store/lmdb.hpp"
#include "impl/store/memory.hpp"
#include "impl/store/retention.hpp"

namespace twostep::app {
namespace {

namespace net = boost::asio;
using Kind = server::Metrics::Kind;

class NoPush final : public service::NativePush {
 public:
  void offer(const service::Doorbell&) override {}
};

// 14 and 48 random bits. The lowest bit of the first octet says that the rest names no network card
// (RFC 9562 section 6.10).
Origin random_origin(service::Entropy& entropy) {
  constexpr std::uint64_t no_card = std::uint64_t{1} << 40;
  const auto bits = entropy.number();
  return {.sequence = static_cast<std::uint16_t>(bits >> 48 & 0x3fff),
          .node = (bits & 0xffff'ffff'ffff) | no_card};
}

PasswordCost cost_of(PasswordCosts costs) {
  switch (costs) {
    case PasswordCosts::owasp:
      return password_cost_default;
    case PasswordCosts::test_rig:
      return password_cost_for_tests;
  }
  return password_cost_default;
}

// As many connections as the system lets us have, with some descriptors left for everything else.
std::size_t connections_max(bool has_peers) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return server::limits::connections_max;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t wanted = limits::files_kept_back + (has_peers ? limits::files_for_peers : 0);
  const std::size_t kept = std::min<std::size_t>(files.rlim_cur / 2, wanted);
  return std::min<std::size_t>(files.rlim_cur - kept, server::limits::connections_max);
}

}  // namespace

void throw_exception_from_error(const StartFailure& failure, const boost::source_location&) {
  throw std::logic_error{failure.reason};
}

boost::system::result<OpenStore, StartFailure> open_store(const Config& config, Open why) {
  switch (config.store) {
    case StoreKind::memory:
      return OpenStore{std::make_unique<store::MemoryStore>(), [] { return true; }};
    case StoreKind::lmdb: {
      auto opened =
          store::LmdbStore::open({.directory = config.data, .read_only = why == Open::to_look});
      if (!opened) return StartFailure{opened.error().reason};
      const auto* const lmdb = opened->get();
      return OpenStore{std::move(*opened), [lmdb] { return lmdb->takes_writes(); }};
    }
  }
  return StartFailure{"no such store"};
}

Node::Node(const Config& config, OpenStore store, net::io_context& context, server::Log& log)
    : config_{config},
      context_{context},
      log_{log},
      passwords_{cost_of(config.password_cost)},
      store_{std::move(store)},
      gateway_{config.push_gateway.empty()
                   ? nullptr
                   : std::make_unique<push::HttpGateway>(
                         context.get_executor(), *push::GatewayUrl::parse(config.push_gateway))},
      native_push_{
          gateway_ ? std::make_unique<service::StepTwo>(context.get_executor(), sockets_, *gateway_)
                   : nullptr},
      no_push_{std::make_unique<NoPush>()},
      backend_{.domain = *config.domain,
               .id_policy = config.ids,
               .id_origin = random_origin(entropy_),
               .retention = config.retention,
               .clock = clock_,
               .entropy = entropy_,
               .store = *store_.store,
               .passwords = passwords_,
               .sockets = sockets_,
               .push = native_push_ ? *native_push_ : *no_push_} {}

Node::~Node() = default;

boost::system::result<Node::Ports, StartFailure> Node::start() {
  if (auto loaded = load(); !loaded) return loaded.error();
  if (auto listening = listen(); !listening) return listening.error();
  watch();
  if (native_push_) {
    for (std::size_t i = 0; i < service::limits::push_workers; ++i) {
      net::co_spawn(context_, native_push_->work(backend_), net::detached);
    }
  }
  net::co_spawn(context_, forget_what_has_expired(), net::detached);
  if (federating_) federating_->start();
  listener_->start();
  return Ports{.clients = listener_->port(),
               .peers = federating_ ? federating_->port() : std::uint16_t{0}};
}

boost::system::result<void, StartFailure> Node::load() {
  const auto domain = wait_for(context_, service::domain_of_rows(backend_));
  if (domain && *domain != backend_.domain.text()) {
    return StartFailure{"the data is that of " + *domain + ", not of " + backend_.domain.text() +
                        ": the domain of a backend never changes"};
  }
  auto keys = wait_for(context_, service::load_token_keys(backend_));
  if (!keys) return StartFailure{"the store does not keep the keys of this backend"};
  keys_ = std::move(*keys);
  const auto hash_of_nobody = wait_for(context_, passwords_.hash(entropy_.uuid().text()));
  if (!hash_of_nobody) return StartFailure{"no password can be hashed: is there enough memory?"};
  logins_ = std::make_unique<service::Logins>(backend_, *keys_, config_.logins, *hash_of_nobody);
  return {};
}

boost::system::result<void, StartFailure> Node::listen() {
  if (config_.federation.listen) {
    auto made = Federating::make(config_, context_, backend_, metrics_, log_);
    if (!made) return made.error();
    federating_ = *std::move(made);
    backend_.peers = &federating_->peers();
  }
  const auto authenticate = [this](std::string_view token) {
    return keys_->check_access_token(token, clock_.now());
  };
  api_ = std::make_unique<server::Api>(routes(), authenticate, metrics_, log_);
  try {
    listener_ = std::make_unique<server::Listener>(
        context_, config_.listen,
        server::serve_http_with(
            {.api = *api_, .backend = backend_, .sockets = sockets_, .log = log_}),
        log_, connections_max(federating_ != nullptr));
  } catch (const boost::system::system_error& error) {
    return StartFailure{"cannot listen at " + config_.listen.address().to_string() + " port " +
                        std::to_string(config_.listen.port()) + ": " + error.code().message()};
  }
  return {};
}

// Clients go first: what they have begun may need peers, and those need to call us to answer.
bool Node::drain(std::chrono::steady_clock::duration grace) {
  const auto deadline = std::chrono::steady_clock::now() + grace;
  draining_ = true;
  sockets_.shut_down();
  bool all_ended = wait_for(context_, listener_->drain(grace));
  if (federating_) {
    const auto left = deadline - std::chrono::steady_clock::now();
    all_ended = wait_for(context_, federating_->drain(left)) && all_ended;
  }
  if (native_push_) native_push_->stop();
  return all_ended;
}

server::Routes Node::routes() {
  server::Routes all;
  const auto add = [&](server::Routes routes) {
    std::move(routes.begin(), routes.end(), std::back_inserter(all));
  };
  add(server::system_routes({.domain = backend_.domain,
                             .federation = federating_ != nullptr,
                             .ready = [this] { return ready(); }},
                            metrics_));
  add(server::account_routes(backend_, *logins_));
  add(server::user_routes(backend_));
  add(server::client_routes(backend_));
  add(server::prekey_routes(backend_));
  add(server::push_token_routes(backend_));
  add(server::connection_routes(backend_));
  add(server::conversation_routes(backend_));
  add(server::message_routes(backend_));
  add(server::notification_routes(backend_));
  return all;
}

void Node::watch() {
  metrics_.watch(Kind::gauge, "twostep_connections", "Open connections, websockets included.",
                 [this] { return static_cast<double>(listener_->connections()); });
  metrics_.watch(Kind::counter, "twostep_accept_pauses_total",
                 "Times that accepting paused because no file descriptor was left.",
                 [this] { return static_cast<double>(listener_->accept_pauses()); });
  metrics_.watch(Kind::gauge, "twostep_websockets", "Open websockets.",
                 [this] { return static_cast<double>(sockets_.size()); });
  if (federating_) {
    metrics_.watch(Kind::gauge, "twostep_peer_connections", "Open connections from peers.",
                   [this] { return static_cast<double>(federating_->connections()); });
  }
  if (!native_push_) return;
  const auto pushes = [this](std::string name, std::string help,
                             std::uint64_t service::StepTwo::Counts::*count) {
    metrics_.watch(Kind::counter, std::move(name), std::move(help),
                   [this, count] { return static_cast<double>(native_push_->counts().*count); });
  };
  using Counts = service::StepTwo::Counts;
  pushes("twostep_pushes_accepted_total", "Notices the push gateway took.", &Counts::accepted);
  pushes("twostep_pushes_dead_total", "Push tokens removed as dead.", &Counts::dead);
  pushes("twostep_pushes_failed_total", "Notices the push gateway did not take.", &Counts::failed);
  pushes("twostep_pushes_dropped_total", "Notices dropped because too many waited.",
         &Counts::dropped);
}

net::awaitable<bool> Node::ready() {
  if (draining_ || !store_.takes_writes()) co_return false;
  const auto looked = co_await store_.store->read(
      [](const store::Reader& reader) { reader.get(store::Key{store::Table::backend}.bytes()); });
  co_return looked.has_value();
}

net::awaitable<void> Node::forget_what_has_expired() {
  net::steady_timer timer{context_};
  const auto began = std::chrono::steady_clock::now();
  const auto now_at_start = clock_.now();
  std::optional<UserId> next;
  for (;;) {
    timer.expires_after(next ? limits::sweep_step_pause : limits::sweep_pause);
    co_await timer.async_wait(net::use_awaitable);
    const auto oldest = store::oldest_kept(
        clock_.now(), now_at_start, std::chrono::steady_clock::now() - began, backend_.retention);
    const auto step = co_await store::sweep(*store_.store, next, oldest);
    if (!step) log_.write(server::LogLevel::warning, "sweep-failed");
    next = step ? step->next : std::nullopt;
  }
}

}  // namespace twostep::app
