#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "bench/macro/jobs.hpp"
#include "bench/macro/sends.hpp"
#include "conformance/support/outcome.hpp"

namespace twostep::bench {
namespace {

/// How a backlog comes to be: as fast as this many connections send it.
constexpr std::size_t filling_connections = 32;

/// The rate of a cell, unless one is given: a share of what one connection can do, so that what is
/// measured is a backend that is used and not one that is overrun.
constexpr double rate_share = 0.3;
constexpr double rate_max = 500;
constexpr std::chrono::duration<double> trial{0.3};

struct Inbox {
  conformance::Device device;
  std::vector<Received> all;  ///< As the audit has found it sound.
};

/// Whether a page says that there is more. Looked for as text: nothing is parsed while the clock runs.
bool says_more(const std::string& page) {
  const auto member = page.rfind("\"has_more\"");
  if (member == std::string::npos) return false;
  const auto value = page.find_first_not_of(": ", member + sizeof("\"has_more\"") - 1);
  return value != std::string::npos && page[value] == 't';
}

/// How many notifications a page has: each has one payload, and no event has any.
std::size_t notifications_in(const std::string& page) {
  constexpr std::string_view payload = "\"payload\"";
  std::size_t count = 0;
  for (auto at = page.find(payload); at != page.npos; at = page.find(payload, at + 1)) ++count;
  return count;
}

/// One cell: every task drains the same number of the newest notifications of one inbox, in turn. A page
/// may be shorter than was asked for if it says that there is more (CUP-10).
///
/// Whether the pages were the right ones is judged afterwards; equal ones are kept, and judged, once.
class Drains : public Workload {
 public:
  Drains(const Endpoint& http, const std::vector<Inbox>& inboxes, std::size_t backlog,
         std::size_t size)
      : http_{http}, inboxes_{inboxes}, backlog_{backlog}, size_{size} {}

  std::optional<std::string> request(std::size_t task, std::size_t step) override {
    const auto taken = taken_[task];
    if (step > 0 && taken >= backlog_) {
      taken_.erase(task);
      return std::nullopt;
    }
    const auto& [device, all] = inbox(task);
    const auto& since = all[all.size() - backlog_ - 1 + taken].notification;
    return request_bytes("GET", http_, page_target(device, since, size_), device.token());
  }

  void ended(Exchange&& exchange) override {
    auto& taken = taken_[exchange.task];
    const auto position = std::exchange(taken, backlog_);
    if (exchange.status == 0) return;
    if (exchange.status != 200) {
      ++refused_;
      return;
    }
    const auto count = notifications_in(exchange.body);
    if (count > 0 && says_more(exchange.body)) taken = position + count;
    pages_[{exchange.task % inboxes_.size(), position}].emplace(std::move(exchange.body), 0);
  }

  void judge(Findings& findings) const {
    const auto name = "catching up on " + std::to_string(backlog_) + " by " + std::to_string(size_);
    if (refused_ > 0)
      findings.anomalies.push_back(name + ": " + std::to_string(refused_) + " pages were refused");
    for (const auto& [place, bodies] : pages_) {
      for (const auto& [body, unused] : bodies) {
        if (const auto wrong = what_is_wrong(place.first, place.second, body))
          findings.anomalies.push_back(name + ", after " + std::to_string(place.second) + " of " +
                                       inboxes_[place.first].device.name() + ": " + *wrong);
      }
    }
  }

 private:
  const Inbox& inbox(std::size_t task) const { return inboxes_[task % inboxes_.size()]; }

  std::optional<std::string> what_is_wrong(std::size_t inbox, std::size_t position,
                                           const std::string& body) const {
    const auto& all = inboxes_[inbox].all;
    const auto first = all.size() - backlog_ + position;
    const auto expected = std::min(size_, all.size() - first);
    const auto page = messages_in_page(body);
    for (std::size_t i = 0; i < std::min(expected, page.size()); ++i) {
      const auto& wanted = all[first + i];
      if (page[i].notification != wanted.notification || page[i].message != wanted.message)
        return page[i].notification + " where " + wanted.notification + " should be";
    }
    if (page.size() == expected) return std::nullopt;
    if (!page.empty() && page.size() < expected && says_more(body)) return std::nullopt;
    return std::to_string(page.size()) + " notifications instead of " + std::to_string(expected);
  }

  using Bodies = std::unordered_map<std::string, int>;

  const Endpoint& http_;
  const std::vector<Inbox>& inboxes_;
  const std::size_t backlog_;
  const std::size_t size_;
  std::map<std::pair<std::size_t, std::size_t>, Bodies> pages_;  ///< By inbox and position.
  std::unordered_map<std::size_t, std::size_t> taken_;  ///< By task: how many it has got so far.
  std::size_t refused_ = 0;
};

/// Sends until every inbox holds more than `count`, and reads them all back.
std::vector<Inbox> fill(Traffic& traffic, Sends& sends, const Endpoint& http, std::size_t count,
                        Findings& findings) {
  const auto& [sender, recipients, chat] = sends.cast(0);
  std::vector<std::string> pointers;
  for (const auto& recipient : recipients) pointers.push_back(newest(recipient));
  while (sends.sent(0).size() <= count) {
    const auto before = sends.audit(0).acknowledged_count();
    traffic.run({.connections = filling_connections, .measured = std::chrono::seconds{1}}, sends);
    if (sends.audit(0).acknowledged_count() == before)
      throw conformance::SetupFailed{"no message is acknowledged"};
  }
  std::vector<Inbox> inboxes;
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    inboxes.push_back({recipients[i], catch_up(traffic, http, recipients[i], pointers[i])});
    sends.audit(0).judge(recipients[i].name(), inboxes.back().all);
  }
  findings.anomalies = sends.anomalies();
  return inboxes;
}

double rate_of(Traffic& traffic, Drains& drains) {
  const auto load = traffic.run({.connections = 1, .measured = trial}, drains);
  const auto median = static_cast<double>(std::max<std::uint64_t>(load.latency.at(0.5), 1)) / 1e9;
  return std::min(rate_max, rate_share / median);
}

Row measure(Traffic& traffic, Drains& drains, const Options& options, Findings& findings) {
  auto pace = options.pace;
  const bool closed = !pace.per_second && options.closed;
  if (!pace.per_second && !closed) pace.per_second = rate_of(traffic, drains);
  const auto load = traffic.run(pace, drains);
  drains.judge(findings);
  for (auto& doubt : doubts_of(load, "catch-up", options.slip_ms_max))
    findings.doubts.push_back(std::move(doubt));
  Row row = {{"drains", load.tasks}, {"per second", static_cast<std::int64_t>(load.per_second())}};
  add_latency(row, load);
  return row;
}

}  // namespace

Findings catch_up_job(const Options& options) {
  const auto http = Endpoint::parse(options.target.http);
  Traffic traffic{http};
  Findings findings;
  Sends sends{http, make_casts(1, options.recipients), options.bytes};
  const auto most = *std::ranges::max_element(options.backlogs);
  const auto inboxes = fill(traffic, sends, http, most, findings);
  if (!findings.anomalies.empty()) return findings;

  for (const auto size : options.page_sizes) {
    for (const auto backlog : options.backlogs) {
      Drains drains{http, inboxes, backlog, size};
      Row row = {{"page size", size}, {"backlog", backlog}};
      row.update(measure(traffic, drains, options, findings));
      findings.rows.push_back(row);
    }
  }
  return findings;
}

}  // namespace twostep::bench
