#include <algorithm>
#include <cmath>
#include <fstream>

#include "bench/macro/jobs.hpp"
#include "bench/macro/raw_inserts.hpp"
#include "bench/macro/sends.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::bench {
namespace {

using Seconds = std::chrono::duration<double>;

/// The two sides take turns this often, so that whatever else the machine does hits both.
constexpr int page_turns = 25;
constexpr int send_turns = 8;

constexpr std::size_t filling_connections = 32;
constexpr std::size_t most_notifications = 1'000;
constexpr std::size_t conversations_to_one = 8;

/// Of a raw insert: what the server stores for one recipient of the messages that are sent here.
constexpr std::size_t row_bytes = 480;

/// What a page says after its notifications, which differs from second to second.
constexpr std::size_t page_end_bytes = 64;

double ratio(double ours, double other) {
  return other > 0 ? std::round(100 * ours / other) / 100 : 0;
}

/// The same request again and again, and whether the answer is the same.
class Repeated : public Workload {
 public:
  Repeated(std::string request, const std::string& expected)
      : request_{std::move(request)}, expected_{expected} {}

  std::optional<std::string> request(std::size_t, std::size_t step) override {
    return step == 0 ? std::optional{request_} : std::nullopt;
  }

  void ended(Exchange&& exchange) override {
    const auto bytes = expected_.size() - std::min(expected_.size(), page_end_bytes);
    const bool same = exchange.status == 200 && exchange.body.size() == expected_.size() &&
                      exchange.body.compare(0, bytes, expected_, 0, bytes) == 0;
    if (!same) ++different_;
  }

  std::size_t different() const { return different_; }

 private:
  std::string request_;
  const std::string& expected_;
  std::size_t different_ = 0;
};

void merge(Load& all, const Load& one) {
  all.latency.add(one.latency);
  all.tasks += one.tasks;
  all.unanswered += one.unanswered;
  all.elapsed += one.elapsed;
}

class SideBySide {
 public:
  explicit SideBySide(const Options& options)
      : options_{options},
        http_{Endpoint::parse(options.target.http)},
        nginx_{Endpoint::parse(options.nginx)},
        ours_{http_},
        files_{nginx_},
        raw_{options.data} {}

  Findings run() {
    fill_inbox();
    for (const std::size_t size : {std::size_t{1'000}, std::size_t{100}}) compare_pages(size);
    for (const std::size_t recipients : {std::size_t{1}, std::size_t{40}}) {
      compare_sends(recipients);
    }
    return std::move(findings_);
  }

 private:
  void fill_inbox() {
    Sends sends{http_, make_casts(1, 1), message_bytes_min};
    const auto& bob = sends.cast(0).recipients.front();
    const auto pointer = newest(bob);
    while (sends.audit(0).acknowledged_count() <= most_notifications) {
      const auto load =
          ours_.run({.connections = filling_connections, .measured = Seconds{0.5}}, sends);
      if (load.tasks == 0) throw conformance::SetupFailed{"no message is acknowledged"};
    }
    inbox_ = catch_up(ours_, http_, bob, pointer);
    sends.audit(0).judge(bob.name(), inbox_);
    note(sends);
    reader_ = bob;
  }

  void compare_pages(std::size_t size) {
    const auto& since = inbox_[inbox_.size() - size - 1].notification;
    const auto request =
        request_bytes("GET", http_, page_target(*reader_, since, size), reader_->token());
    const auto page = ours_.call(request);
    const auto name = "page-" + std::to_string(size) + ".json";
    std::ofstream{options_.files / name, std::ios::binary} << page.body;

    Repeated from_us{request, page.body};
    Repeated from_nginx{request_bytes("GET", nginx_, "/" + name, ""), page.body};
    const Pace pace{.warm_up = Seconds{0.02}, .measured = options_.pace.measured / page_turns};
    Load ours;
    Load nginx;
    for (int turn = 0; turn < page_turns; ++turn) {
      merge(ours, ours_.run(pace, from_us));
      merge(nginx, files_.run(pace, from_nginx));
    }
    if (messages_in_page(page.body).size() != size || from_us.different() > 0)
      findings_.anomalies.push_back(name + " is not what was stored");
    if (from_nginx.different() > 0) findings_.doubts.push_back("nginx serves another " + name);
    if (nginx.tasks == 0 || ours.tasks == 0) findings_.doubts.push_back(name + ": no answers");
    Row row = {{"page of", size}, {"bytes", page.body.size()}};
    for (const auto& [percentile, share] : {std::pair{"p50", 0.5}, std::pair{"p99", 0.99}}) {
      const auto one = milliseconds(ours.latency, share);
      const auto other = milliseconds(nginx.latency, share);
      row[std::string{percentile} + " ms"] = one;
      row[std::string{"nginx "} + percentile + " ms"] = other;
      row[std::string{percentile} + " ratio"] = ratio(one, other);
    }
    findings_.rows.push_back(row);
  }

  void compare_sends(std::size_t recipients) {
    const auto conversations = recipients == 1 ? conversations_to_one : 1;
    Sends sends{http_, make_casts(conversations, recipients), message_bytes_min};
    for (const std::size_t at_once :
         {std::size_t{1}, std::size_t{16}, std::size_t{64}, std::size_t{256}}) {
      const Pace pace{.connections = at_once,
                      .warm_up = options_.pace.measured / (5 * send_turns),
                      .measured = options_.pace.measured / send_turns};
      Load sent;
      Load inserted;
      for (int turn = 0; turn < send_turns; ++turn) {
        merge(sent, ours_.run(pace, sends));
        merge(inserted, raw_.run(pace, recipients, row_bytes));
      }
      findings_.rows.push_back({{"recipients", recipients},
                                {"at once", at_once},
                                {"sends per s", std::llround(sent.per_second())},
                                {"raw inserts per s", std::llround(inserted.per_second())},
                                {"ratio", ratio(sent.per_second(), inserted.per_second())},
                                {"send p50 ms", milliseconds(sent.latency, 0.5)},
                                {"insert p50 ms", milliseconds(inserted.latency, 0.5)}});
      if (sent.unanswered > 0) findings_.doubts.push_back("sends without an answer");
    }
    if (sends.refused() > 0) findings_.doubts.push_back("sends were refused");
    sends.judge_inboxes(ours_);
    note(sends);
  }

  void note(const Sends& sends) {
    for (auto& anomaly : sends.anomalies()) findings_.anomalies.push_back(std::move(anomaly));
  }

  const Options& options_;
  const Endpoint http_;
  const Endpoint nginx_;
  Traffic ours_;
  Traffic files_;
  RawInserts raw_;
  std::vector<Received> inbox_;
  std::optional<conformance::Device> reader_;
  Findings findings_;
};

}  // namespace

Findings side_by_side_job(const Options& options) { return SideBySide{options}.run(); }

}  // namespace twostep::bench
