#include "conformance/histories/killed_history.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <iostream>
#include <mutex>
#include <random>
#include <set>

#include "conformance/support/at_once.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::conformance {
namespace {

/// What the senders and the one who kills share.
class Run {
 public:
  explicit Run(const Kills& kills) : wanted_(kills.acknowledgements) {
    std::mt19937 random{kills.seed};
    std::uniform_int_distribution<std::size_t> moment{1, wanted_ - 1};
    while (moments_.size() < std::min(kills.kills, wanted_ - 1)) moments_.insert(moment(random));
  }

  /// Sends until enough is acknowledged. A refused connection says that the server is down: then
  /// there is nothing to send until it is up again.
  void send(const Device& sender, const Conversation& chat, const std::vector<Address>& to) {
    while (wait_until_up()) {
      const auto body = "message " + std::to_string(next_++);
      const auto reply = sender.send(chat, to_each(to, body), {.strategy = ignore_all()});
      const std::lock_guard lock{mutex_};
      (reply.status == 201 ? acknowledged_ : open_).push_back(body);
      changed_.notify_all();
    }
  }

  void kill_at_each_moment(const Process& server) {
    try {
      for (const auto moment : moments_) {
        wait_for_acknowledgements(moment);
        set_up(false);
        server.kill();
        server.start();
        set_up(true);
      }
      wait_for_acknowledgements(wanted_);
    } catch (...) {
      stop();
      throw;
    }
    stop();
  }

  KilledHistory history(std::vector<Device> recipients) {
    return {std::move(acknowledged_), std::move(open_), std::move(recipients)};
  }

 private:
  bool wait_until_up() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return up_ || stopped_; });
    return !stopped_;
  }

  /// Waits for a number of acknowledgements, as long as they keep coming.
  void wait_for_acknowledgements(std::size_t count) {
    std::unique_lock lock{mutex_};
    while (acknowledged_.size() < count) {
      const auto before = acknowledged_.size();
      if (!changed_.wait_until(lock, deadline(), [&] { return acknowledged_.size() > before; })) {
        throw SetupFailed("after " + std::to_string(before) + " messages nothing is acknowledged");
      }
    }
  }

  void set_up(bool up) {
    const std::lock_guard lock{mutex_};
    up_ = up;
    changed_.notify_all();
  }

  void stop() {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    changed_.notify_all();
  }

  const std::size_t wanted_;
  std::set<std::size_t> moments_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool up_ = true;
  bool stopped_ = false;
  std::vector<std::string> acknowledged_;
  std::vector<std::string> open_;
};

std::vector<Device> devices_of(const User& user, int count) {
  std::vector<Device> devices;
  for (int i = 0; i < count; ++i) devices.push_back(user.device());
  return devices;
}

}  // namespace

KilledHistory play(const Process& server, const Kills& kills) {
  auto backend = Backend::under_test();
  auto alice = backend.user("alice");
  auto ann = backend.user("ann");
  auto bob = backend.user("bob").device();
  auto tablet = bob.user().device();
  auto chris = backend.user("chris").device();
  auto chat = conversation_of({alice, ann, bob, chris});
  auto senders = devices_of(alice, 4);
  for (auto& device : devices_of(ann, 4)) senders.push_back(device);

  Run run{kills};
  std::vector<std::function<void()>> actions = {[&] { run.kill_at_each_moment(server); }};
  for (const auto& sender : senders) {
    actions.push_back([&, sender] { run.send(sender, chat, {bob, tablet, chris}); });
  }
  at_once(actions);
  return run.history({bob, tablet, chris});
}

Inbox::Inbox(const Device& recipient) : bodies_(recipient.catch_up({.size = "1000"}).bodies()) {
  std::ranges::sort(bodies_);
}

std::size_t Inbox::count(const std::string& body) const {
  const auto [first, last] = std::equal_range(bodies_.begin(), bodies_.end(), body);
  return static_cast<std::size_t>(last - first);
}

unsigned fresh_seed() {
  const unsigned seed = std::random_device{}();
  std::cout << "seed " << seed << std::endl;
  return seed;
}

}  // namespace twostep::conformance
