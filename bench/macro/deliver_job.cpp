#include <algorithm>

#include "bench/macro/jobs.hpp"
#include "bench/macro/sends.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::bench {
namespace {

using namespace std::chrono_literals;

/// How long frames may still come after the last send. Nobody is measured here; what has not come by
/// then is lost.
constexpr auto last_frame_wait = 10s;

/// Between two attempts to reach sockets that have only just been opened.
constexpr auto greeting_wait = 200ms;
constexpr int greetings_max = 50;

/// A number that no message of the run has.
constexpr std::size_t fence = 999'999'999'999;

/// One recipient's socket, and what came out of it.
struct Listener {
  std::size_t conversation;
  conformance::Device device;
  std::vector<std::pair<std::string, Clock::time_point>> frames = {};
};

class Listeners {
 public:
  Listeners(Traffic& traffic, const Endpoint& websocket, const Sends& sends) : traffic_{traffic} {
    for (std::size_t i = 0; i < sends.conversations(); ++i) {
      for (const auto& device : sends.cast(i).recipients) listeners_.push_back({i, device});
    }
    for (const auto& [conversation, device, frames] : listeners_) {
      traffic.open_socket(websocket, "/await?client=" + device.id(), device.token(),
                          [this](std::size_t socket, std::string&& frame, Clock::time_point at) {
                            listeners_[socket].frames.emplace_back(std::move(frame), at);
                          });
    }
  }

  /// Sends until every socket has shown that the backend knows of it; then once more, as a fence behind
  /// which nothing of this is still under way.
  void greet(const Sends& sends) {
    const auto all_greeted = [&] {
      return std::ranges::none_of(listeners_, [](const auto& l) { return l.frames.empty(); });
    };
    for (int attempt = 0; attempt < greetings_max && !all_greeted(); ++attempt) {
      send_to_all(sends, "are you there?");
      traffic_.wait_until(all_greeted, greeting_wait);
    }
    send_to_all(sends, message_text(fence, message_bytes_min));
    const auto all_fenced = [&] {
      return std::ranges::all_of(listeners_, [](const auto& listener) {
        if (listener.frames.empty()) return false;
        const auto last = messages_in_frame(listener.frames.back().first);
        return !last.empty() && last.back().message == fence;
      });
    };
    if (!traffic_.wait_until(all_fenced, last_frame_wait))
      throw conformance::SetupFailed{"a websocket stays silent"};
    for (auto& listener : listeners_) listener.frames.clear();
  }

  /// Waits for the frames of the run, and judges what each socket has got.
  Histogram judge(Sends& sends, Clock::time_point measured_from) {
    const auto all_there = [&] {
      return std::ranges::all_of(listeners_, [&](const auto& listener) {
        return listener.frames.size() >= sends.audit(listener.conversation).acknowledged_count();
      });
    };
    traffic_.wait_until(all_there, last_frame_wait);
    Histogram latency;
    for (const auto& listener : listeners_) {
      const auto& sent = sends.sent(listener.conversation);
      std::vector<Received> received;
      for (const auto& [frame, at] : listener.frames) {
        for (const auto& each : messages_in_frame(frame)) {
          received.push_back(each);
          if (!each.message || *each.message >= sent.size()) continue;
          const auto intended = sent[*each.message].intended;
          if (intended >= measured_from)
            latency.add(
                static_cast<std::uint64_t>(std::chrono::nanoseconds{at - intended}.count()));
        }
      }
      sends.audit(listener.conversation).judge(listener.device.name(), received);
    }
    return latency;
  }

 private:
  static void send_to_all(const Sends& sends, const std::string& text) {
    for (std::size_t i = 0; i < sends.conversations(); ++i) {
      const auto& [sender, recipients, chat] = sends.cast(i);
      std::vector<conformance::Address> addresses;
      for (const auto& recipient : recipients) addresses.push_back(recipient);
      sender.must_send(chat, conformance::to_each(addresses, text));
    }
  }

  Traffic& traffic_;
  std::vector<Listener> listeners_;
};

}  // namespace

Findings deliver_job(const Options& options) {
  const auto http = Endpoint::parse(options.target.http);
  const auto websocket = Endpoint::parse(options.target.websocket);
  Traffic traffic{http};
  Sends sends{http, make_casts(options.conversations, options.recipients), options.bytes};
  Listeners listeners{traffic, websocket, sends};
  listeners.greet(sends);

  const auto measured_from =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(options.pace.warm_up);
  const auto load = traffic.run(options.pace, sends);
  Load delivered = load;
  delivered.latency = listeners.judge(sends, measured_from);

  Findings findings{.anomalies = sends.anomalies(),
                    .doubts = doubts_of(load, "deliver", options.slip_ms_max)};
  Row row = {{"step", "one (to the sender's 201)"},
             {"count", load.latency.count()},
             {"per second", static_cast<std::int64_t>(load.per_second())}};
  add_latency(row, load);
  findings.rows.push_back(row);
  row["step"] = "two (to a recipient's socket)";
  row["count"] = delivered.latency.count();
  add_latency(row, delivered);
  findings.rows.push_back(row);
  return findings;
}

}  // namespace twostep::bench
