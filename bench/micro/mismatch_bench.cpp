#include <benchmark/benchmark.h>

#include "bench/micro/samples.hpp"
#include "impl/core/mismatch.hpp"

namespace twostep::bench {
namespace {

// What    Deciding who of a conversation is missing, redundant or deleted, when the sender knows
//         everybody: nearly every send.
// Unit    Decisions per second; members are the argument.
void find_no_mismatch(benchmark::State& state) {
  const auto members = clients(static_cast<std::size_t>(state.range(0)));
  auto addressed = recipients(members);
  const SendingClient sender{{domain(), user(0)}, client(0)};
  addressed.begin()->second.erase(sender.user.id);
  for (auto _ : state) {
    benchmark::DoNotOptimize(find_mismatch(members, addressed, sender, ReportAll{}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(find_no_mismatch)->Arg(10)->Arg(500);

// What    The same when the sender knows nobody, and all are reported missing.
// Unit    Decisions per second; members are the argument.
void find_everybody_missing(benchmark::State& state) {
  const auto members = clients(static_cast<std::size_t>(state.range(0)));
  const SendingClient sender{{domain(), user(0)}, client(0)};
  for (auto _ : state) {
    benchmark::DoNotOptimize(find_mismatch(members, Recipients{}, sender, ReportAll{}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(find_everybody_missing)->Arg(10)->Arg(500);

}  // namespace
}  // namespace twostep::bench
