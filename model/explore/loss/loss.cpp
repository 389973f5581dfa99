#include "model/explore/loss/loss.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <compare>
#include <functional>
#include <optional>
#include <queue>
#include <random>

#include "model/inbox.hpp"
#include "model/step.hpp"

namespace twostep::model::explore {
namespace {

constexpr UserId sender{{0}, 0};
constexpr UserId reader{{0}, 1};
constexpr Client sending{sender, {1}};
constexpr Client reading{reader, {1}};

/// Times are in ticks of an id, 100 ns. The clocks start late enough for none of them to be negative.
constexpr double ticks_per_ms = 1e4;
constexpr double ticks_per_s = 1e7;
constexpr double epoch = 1e15;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : bits_{seed} {}

  double uniform(double least, double most) { return least + (most - least) * unit(); }
  double exponential(double mean) { return -mean * std::log(1 - unit()); }
  std::uint16_t below(unsigned count) { return static_cast<std::uint16_t>(unit() * count); }

 private:
  double unit() { return double(bits_() >> 11) * 0x1p-53; }

  std::mt19937_64 bits_;
};

/// One random history.
class HistoryOfAnInbox {
 public:
  HistoryOfAnInbox(const Conditions& conditions, std::uint64_t messages, std::uint64_t seed)
      : conditions_{conditions}, messages_{messages}, dice_{seed} {
    backend_.configuration.ids = conditions.ids;
    happens({.changes = {AddUser{sender}, AddUser{reader}, AddClient{sending}, AddClient{reading},
                         AddMembers{{}, {sender, reader}}}});
    for (std::uint16_t node = 0; node < conditions.servers; ++node) {
      step(backend_, NodeStarted{{node}, 0, std::uint64_t{node} + 1}, effects_);
      const auto skew = conditions.skew_ms * ticks_per_ms;
      ahead_.push_back(dice_.uniform(-skew, skew));
    }
  }

  /// How many messages the reader never gets.
  std::uint64_t lost() {
    double arrival = epoch;
    for (std::uint64_t i = 0; i < messages_; ++i) {
      arrival += dice_.exponential(ticks_per_s / conditions_.rate);
      moments_.push({arrival, i, false});
    }
    while (!moments_.empty()) {
      const auto moment = moments_.top();
      moments_.pop();
      now_ = moment.at;
      moment.commits ? commit({moment.message}) : arrive(moment.message);
      begin_all();
    }
    return messages_ - handled_;
  }

 private:
  struct Moment {
    double at;
    std::uint64_t message;
    bool commits;  ///< Else it arrives.
    friend auto operator<=>(const Moment&, const Moment&) = default;
  };

  void happens(const Changed& changed) { step(backend_, changed, effects_); }

  void arrive(std::uint64_t message) {
    SendRequested request{.request = {message}, .node = {dice_.below(conditions_.servers)}};
    request.message = {.sender = sending, .recipients = {{reading, {}}}};
    step(backend_, request, effects_);
    proceed({message});  // It is decided at once.
  }

  // Takes ids for all that may: under `monotonic` one waits for the commit of another.
  void begin_all() {
    const auto jobs = backend_.jobs;
    for (const auto& job : jobs) {
      if (job.phase != Job::Phase::storing) continue;
      proceed(job.request);
      const auto& after = backend_.jobs;
      const auto same = std::find_if(after.begin(), after.end(), [&](const Job& other) {
        return other.request == job.request;
      });
      if (same == after.end() || same->phase != Job::Phase::committing) continue;
      const auto delay = dice_.exponential(conditions_.commit_delay_ms * ticks_per_ms);
      moments_.push({now_ + delay, job.request.value, true});
    }
  }

  void commit(RequestId request) {
    proceed(request);  // Visible.
    proceed(request);  // Nobody else to tell.
    proceed(request);  // Answered.
    effects_.clear();
    read();
  }

  void proceed(RequestId request) {
    const auto job =
        std::find_if(backend_.jobs.begin(), backend_.jobs.end(),
                     [&](const Job& candidate) { return candidate.request == request; });
    if (job == backend_.jobs.end()) return;
    const auto clock = now_ + ahead_[job->node.value];
    step(backend_, Proceed{request, static_cast<Time>(clock)}, effects_);
  }

  void read() {
    for (bool has_more = true; has_more;) {
      const auto page =
          catch_up(backend_, {.user = reader, .client = reading.id, .since = pointer_});
      assert(!page.gap);
      handled_ += page.notifications.size();
      if (!page.notifications.empty()) pointer_ = page.notifications.back().id;
      has_more = page.has_more;
    }
  }

  const Conditions& conditions_;
  std::uint64_t messages_;
  Dice dice_;
  Backend backend_;
  Effects effects_;
  std::vector<double> ahead_;  ///< By server.
  std::priority_queue<Moment, std::vector<Moment>, std::greater<>> moments_;
  double now_ = epoch;
  std::optional<NotificationId> pointer_;
  std::uint64_t handled_ = 0;
};

}  // namespace

Losses measure(const Conditions& conditions, const Sample& sample) {
  assert(sample.messages < Sample::messages_max);
  Losses losses;
  for (std::uint64_t i = 0; i < sample.histories; ++i) {
    const auto lost = HistoryOfAnInbox{conditions, sample.messages, sample.seed + i}.lost();
    losses.sent += sample.messages;
    losses.lost += lost;
    ++losses.histories;
    losses.histories_with_loss += lost > 0 ? 1 : 0;
  }
  return losses;
}

}  // namespace twostep::model::explore
