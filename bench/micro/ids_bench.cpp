#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "bench/micro/samples.hpp"

namespace twostep::bench {
namespace {

// What    Making the id of one moment, and its text for the page.
// Unit    Ids per second.
void make_time_uuid_text(benchmark::State& state) {
  std::uint64_t tick = 0;
  for (auto _ : state) benchmark::DoNotOptimize(time_uuid(++tick).text());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_time_uuid_text);

// What    Reading a client's pointer.
// Unit    Ids per second.
void parse_time_uuid(benchmark::State& state) {
  const auto text = time_uuid(1).text();
  for (auto _ : state) benchmark::DoNotOptimize(TimeUuid::parse(text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_time_uuid);

// What    Sorting one page by id, worst case: it arrives newest first. The order of the octets is not
//         the order of the ids, so this is what a comparison costs.
// Unit    Notifications per second; the page size is the argument.
void sort_page(benchmark::State& state) {
  std::vector<TimeUuid> newest_first;
  for (auto tick = state.range(0); tick > 0; --tick)
    newest_first.push_back(time_uuid(static_cast<std::uint64_t>(tick)));
  for (auto _ : state) {
    auto page = newest_first;
    std::sort(page.begin(), page.end());
    benchmark::DoNotOptimize(page);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(sort_page)->Arg(100)->Arg(1'000);

}  // namespace
}  // namespace twostep::bench
