#include <cmath>
#include <cstdlib>
#include <thread>

#include "bench/macro/jobs.hpp"
#include "bench/macro/sends.hpp"
#include "conformance/support/backend.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::bench {
namespace {

using Seconds = std::chrono::duration<double>;

/// The two sides take turns this often, so that whatever else the machine does hits both.
constexpr int turns = 4;

/// Messages that wait for the peer at a time: more than there are calls under way to it.
constexpr std::size_t waiting = 100;

constexpr std::size_t local_conversations = 8;

/// The same message again and again, and how often it was refused.
class InVain : public Workload {
 public:
  explicit InVain(std::string request) : request_{std::move(request)} {}

  std::optional<std::string> request(std::size_t, std::size_t step) override {
    return step == 0 ? std::optional{request_} : std::nullopt;
  }
  void ended(Exchange&& exchange) override {
    if (exchange.status == 521 || exchange.status == 533) ++refused_;
  }

  std::size_t refused() const { return refused_; }

 private:
  std::string request_;
  std::size_t refused_ = 0;
};

/// A peer's process that stands still as long as this lives: the system goes on taking connections for it.
class Frozen {
 public:
  explicit Frozen(const conformance::Target& peer) : peer_{peer} { signal("STOP"); }
  ~Frozen() { signal("CONT"); }

 private:
  void signal(const std::string& name) const {
    const auto command = "cd '" + peer_.folder + "' && kill -" + name + " $(cat server.pid)";
    if (std::system(command.c_str()) != 0) throw conformance::SetupFailed{command};
  }

  const conformance::Target& peer_;
};

/// A message of the target to somebody at the peer.
std::string message_to_peer(const Options& options, const Endpoint& http) {
  const auto alice = conformance::Backend::under_test().user("alice").device();
  set_target(options.peer);
  const auto bob = conformance::Backend::under_test().user("bob").device();
  set_target(options.target);
  const auto chat = conformance::conversation_of({alice, bob});
  const Cast cast{alice, {bob}, chat};
  return SendTemplate{http, cast, options.bytes}.with_number(0);
}

void merge(Load& all, const Load& one) {
  all.latency.add(one.latency);
  all.slip.add(one.slip);
  all.tasks += one.tasks;
  all.unanswered += one.unanswered;
  all.elapsed += one.elapsed;
}

}  // namespace

Findings hanging_peer_job(const Options& options) {
  const auto http = Endpoint::parse(options.target.http);
  Traffic traffic{http};
  Sends local{http, make_casts(local_conversations, 1), options.bytes};
  InVain in_vain{message_to_peer(options, http)};
  auto pace = options.pace;
  pace.measured /= turns;

  Load alone;
  Load beside;
  for (int turn = 0; turn < turns; ++turn) {
    merge(alone, traffic.run(pace, local));
    const Frozen frozen{options.peer};
    std::thread others{[&] {
      Traffic{http}.run({.connections = waiting, .measured = pace.warm_up + pace.measured},
                        in_vain);
    }};
    merge(beside, traffic.run(pace, local));
    others.join();
  }
  local.judge_inboxes(traffic);

  Findings findings{.anomalies = local.anomalies(),
                    .doubts = doubts_of(beside, "send", options.slip_ms_max)};
  if (in_vain.refused() == 0) findings.doubts.push_back("no message waited for the peer");
  for (const auto& [name, load] : {std::pair{"alone", &alone}, std::pair{"beside", &beside}}) {
    Row row = {{"local sends", name},
               {"sends", load->tasks},
               {"waited for the peer", load == &beside ? in_vain.refused() : 0}};
    add_latency(row, *load);
    findings.rows.push_back(row);
  }
  return findings;
}

}  // namespace twostep::bench
