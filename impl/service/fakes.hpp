#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "impl/service/ports.hpp"
#include "impl/store/memory.hpp"

/// Stand-ins for everything the service asks of the world, for unit tests: a clock that stands
/// still until it is told, random numbers that repeat, passwords that cost nothing, and sockets and
/// a push gateway that remember what they were given.
///
/// Threads    The clock belongs to the test's thread; the others may be used from any.
namespace twostep::service {

class FakeClock : public Clock {
 public:
  Instant now() const override { return now_; }
  void set(Instant now) { now_ = now; }
  void advance(Ticks by) { now_ += by; }

 private:
  Instant now_ = std::chrono::sys_days{std::chrono::year{2025} / 6 / 1};
};

/// A counter, mixed: the same numbers in every run, none of them twice.
class FakeEntropy : public Entropy {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    const std::lock_guard lock{mutex_};
    for (auto& byte : bytes) byte = next();
  }

 private:
  std::uint8_t next() {  // splitmix64, one octet of each output
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return static_cast<std::uint8_t>(mixed >> 56);
  }

  std::mutex mutex_;
  std::uint64_t state_ = 0;
};

/// The "hash" is the password with a mark, so that a test can see that it was hashed.
class FakePasswords : public Passwords {
 public:
  boost::asio::awaitable<Result<std::string>> hash(std::string password) override {
    co_return "hashed:" + password;
  }

  boost::asio::awaitable<Result<bool>> matches(std::string password, std::string hash) override {
    ++comparisons;
    co_return "hashed:" + password == hash;
  }

  int comparisons = 0;  ///< A login that makes none takes less time than one that makes one.
};

class FakeSockets : public Sockets {
 public:
  void ring(const Doorbell& doorbell) override {
    const std::lock_guard lock{mutex_};
    doorbells.push_back(doorbell);
  }

  void send_transient(const UserId& user, const std::vector<ClientId>& targets, ConnectionId origin,
                      std::shared_ptr<const std::string> frame) override {
    const std::lock_guard lock{mutex_};
    transients.push_back({user, targets, origin, *frame});
  }

  bool online(const UserId& user, ClientId client) const override {
    return open.contains({user, client});
  }

  void close(const UserId& user, ClientId client) override {
    const std::lock_guard lock{mutex_};
    closed.emplace_back(user, client);
  }

  struct Transient {
    UserId user;
    std::vector<ClientId> targets;
    ConnectionId origin;
    std::string frame;
  };

  std::set<std::pair<UserId, ClientId>> open;  ///< Set by the test.
  std::vector<Doorbell> doorbells;
  std::vector<Transient> transients;
  std::vector<std::pair<UserId, ClientId>> closed;

 private:
  std::mutex mutex_;
};

class FakeNativePush : public NativePush {
 public:
  void offer(const Doorbell& doorbell) override {
    const std::lock_guard lock{mutex_};
    offered.push_back(doorbell);
  }

  std::vector<Doorbell> offered;

 private:
  std::mutex mutex_;
};

class FakePushGateway : public PushGateway {
 public:
  boost::asio::awaitable<PushAnswer> notify(PushNotice notice) override {
    notices.push_back(std::move(notice));
    co_return answer;
  }

  PushAnswer answer = PushAnswer::accepted;  ///< Set by the test.
  std::vector<PushNotice> notices;
};

/// Other backends in the same process: a call is answered by the backend of that domain at once, on
/// the caller's thread, unless the test says otherwise.
class FakePeers : public Peers {
 public:
  using Answered = boost::system::result<PeerReply, PeerFailure>;

  explicit FakePeers(Domain self) : self_{std::move(self)} {}

  boost::asio::awaitable<Answered> call(PeerCall call) override {
    calls.push_back(call);
    const auto name = call.to.text() + ' ' + call.rpc;
    if (before) before(call);
    if (wait) {
      auto waiting = wait(call);
      co_await std::move(waiting);
    }
    if (const auto scripted = answers.find(name); scripted != answers.end())
      co_return scripted->second;
    const auto peer = backends.find(call.to);
    if (peer == backends.end()) co_return PeerFailure::unknown_domain;
    PeerRequest request{.origin = self_,
                        .component = std::string{name_of(call.component)},
                        .rpc = call.rpc,
                        .body = call.body};
    auto answer = co_await answer_peer(*peer->second, std::move(request));
    remarks.push_back(answer.remark);
    co_return PeerReply{answer.status, std::move(answer.body)};
  }

  /// "b.example get-user-clients" for every call so far.
  std::vector<std::string> made() const {
    std::vector<std::string> names;
    for (const auto& call : calls) names.push_back(call.to.text() + ' ' + call.rpc);
    return names;
  }

  std::map<Domain, Backend*> backends;          ///< Who can be reached.
  std::map<std::string, Answered> answers;      ///< By name as above: instead of the backend's.
  std::function<void(const PeerCall&)> before;  ///< Called before each answer.
  std::function<boost::asio::awaitable<void>(const PeerCall&)> wait;  ///< Delays each answer.
  std::vector<PeerCall> calls;
  std::vector<std::string> remarks;

 private:
  const Domain self_;
};

/// A backend of stand-ins around a store.
struct FakeWorld {
  explicit FakeWorld(store::Store& store, const char* domain = "a.example")
      : backend{.domain = Domain::parse(domain).value(),
                .id_policy = store::IdPolicy::monotonic,
                .id_origin = {.sequence = 1, .node = 2},
                .clock = clock,
                .entropy = entropy,
                .store = store,
                .passwords = passwords,
                .sockets = sockets,
                .push = push,
                .peers = &peers},
        peers{backend.domain} {}

  FakeClock clock;
  FakeEntropy entropy;
  FakePasswords passwords;
  FakeSockets sockets;
  FakeNativePush push;
  Backend backend;
  FakePeers peers;
};

/// Lets the backends of several worlds call each other.
inline void introduce(const std::vector<FakeWorld*>& worlds) {
  for (auto* one : worlds)
    for (auto* other : worlds)
      if (one != other) one->peers.backends[other->backend.domain] = &other->backend;
}

/// The same around a store of its own.
struct MemoryWorld {
  store::MemoryStore store;
  FakeWorld world{store};
};

/// Runs a coroutine to its end on the calling thread and returns what it returned.
template <class T>
T run(boost::asio::awaitable<T> coroutine) {
  boost::asio::io_context context;
  std::optional<T> outcome;
  std::exception_ptr failure;
  const auto keep = [&]() -> boost::asio::awaitable<void> {
    outcome.emplace(co_await std::move(coroutine));
  };
  boost::asio::co_spawn(context, keep(), [&](std::exception_ptr error) { failure = error; });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(outcome.value());
}

}  // namespace twostep::service
