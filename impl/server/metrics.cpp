#include "impl/server/metrics.hpp"

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

namespace twostep::server {
namespace {

using Labels = std::map<std::string, std::string>;

/// In seconds. Half a millisecond is a page from memory; ten seconds is a password queue that is
/// full.
const prometheus::Histogram::BucketBoundaries request_seconds{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

struct Watched {
  Metrics::Kind kind;
  std::string name;
  std::string help;
  std::function<double()> value;

  prometheus::MetricFamily now() const {
    prometheus::ClientMetric metric;
    prometheus::MetricFamily family;
    family.name = name;
    family.help = help;
    switch (kind) {
      case Metrics::Kind::counter:
        family.type = prometheus::MetricType::Counter;
        metric.counter.value = value();
        break;
      case Metrics::Kind::gauge:
        family.type = prometheus::MetricType::Gauge;
        metric.gauge.value = value();
        break;
    }
    family.metric.push_back(metric);
    return family;
  }
};

}  // namespace

class Metrics::Implementation {
 public:
  void answered(std::string_view method, std::string_view pattern, int status, double seconds) {
    counter(method, pattern, status).Increment();
    histogram(pattern).Observe(seconds);
  }

  void called(std::string_view rpc, std::string_view outcome, double seconds) {
    calls_
        .Add(Labels{{"rpc", std::string{rpc}}, {"outcome", std::string{outcome}}}, request_seconds)
        .Observe(seconds);
  }

  void watch(Watched watched) {
    const std::lock_guard lock{mutex_};
    watched_.push_back(std::move(watched));
  }

  std::string text() {
    auto families = registry_.Collect();
    const std::lock_guard lock{mutex_};
    for (const auto& watched : watched_) families.push_back(watched.now());
    return prometheus::TextSerializer{}.Serialize(families);
  }

 private:
  using Series = std::tuple<std::string, std::string, int>;

  // The library finds a series by a map of labels, made anew for each request; so they are kept.
  prometheus::Counter& counter(std::string_view method, std::string_view pattern, int status) {
    const std::lock_guard lock{mutex_};
    auto& known = counters_[Series{method, pattern, status}];
    if (!known) {
      known = &requests_.Add(Labels{{"method", std::string{method}},
                                    {"route", std::string{pattern}},
                                    {"status", std::to_string(status)}});
    }
    return *known;
  }

  prometheus::Histogram& histogram(std::string_view pattern) {
    const std::lock_guard lock{mutex_};
    auto& known = histograms_[std::string{pattern}];
    if (!known) known = &durations_.Add(Labels{{"route", std::string{pattern}}}, request_seconds);
    return *known;
  }

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_ =
      prometheus::BuildCounter()
          .Name("twostep_requests_total")
          .Help("Requests answered, by route and status.")
          .Register(registry_);
  prometheus::Family<prometheus::Histogram>& durations_ =
      prometheus::BuildHistogram()
          .Name("twostep_request_seconds")
          .Help("From the end of a request's head to the start of its answer.")
          .Register(registry_);
  prometheus::Family<prometheus::Histogram>& calls_ =
      prometheus::BuildHistogram()
          .Name("twostep_peer_call_seconds")
          .Help("Calls to other backends, from the wait for a place to the end of the answer.")
          .Register(registry_);

  std::mutex mutex_;  ///< Guards what is below.
  std::map<Series, prometheus::Counter*> counters_;
  std::map<std::string, prometheus::Histogram*> histograms_;
  std::vector<Watched> watched_;
};

Metrics::Metrics() : implementation_{std::make_unique<Implementation>()} {}
Metrics::~Metrics() = default;

void Metrics::answered(std::string_view method, std::string_view pattern, int status,
                       std::chrono::nanoseconds took) {
  implementation_->answered(method, pattern, status, std::chrono::duration<double>(took).count());
}

void Metrics::called(std::string_view rpc, std::string_view outcome,
                     std::chrono::nanoseconds took) {
  implementation_->called(rpc, outcome, std::chrono::duration<double>(took).count());
}

void Metrics::watch(Kind kind, std::string name, std::string help, std::function<double()> value) {
  implementation_->watch({kind, std::move(name), std::move(help), std::move(value)});
}

std::string Metrics::text() const { return implementation_->text(); }

}  // namespace twostep::server
