#include "bench/macro/jobs.hpp"
#include "bench/macro/sends.hpp"

namespace twostep::bench {

Findings send_job(const Options& options) {
  const auto http = Endpoint::parse(options.target.http);
  Traffic traffic{http};
  Sends sends{http, make_casts(options.conversations, options.recipients), options.bytes};
  const auto load = traffic.run(options.pace, sends);
  sends.judge_inboxes(traffic);

  Findings findings{.anomalies = sends.anomalies(),
                    .doubts = doubts_of(load, "send", options.slip_ms_max)};
  if (sends.refused() > 0)
    findings.doubts.push_back(std::to_string(sends.refused()) + " sends were refused");
  Row row = {{"sends", load.tasks},
             {"recipients", options.recipients},
             {"connections", options.pace.connections},
             {"per second", static_cast<std::int64_t>(load.per_second())}};
  add_latency(row, load);
  findings.rows.push_back(row);
  return findings;
}

}  // namespace twostep::bench
