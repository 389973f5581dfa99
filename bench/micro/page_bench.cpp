#include <benchmark/benchmark.h>

#include "bench/micro/samples.hpp"
#include "impl/wire/page.hpp"

namespace twostep::bench {
namespace {

// What    Assembling one page out of events in memory: everything a page costs beside the store and the
//         socket.
// Unit    Bytes of the page per second; the page size is the argument.
void assemble_page(benchmark::State& state) {
  const auto one = event();
  std::size_t bytes = 0;
  for (auto _ : state) {
    wire::PageWriter page;
    for (std::int64_t i = 0; i < state.range(0); ++i)
      page.add(time_uuid(static_cast<std::uint64_t>(i)), one);
    const auto text = std::move(page).finish(false, time_uuid(0).instant());
    bytes += text.size();
    benchmark::DoNotOptimize(text.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(assemble_page)->Arg(100)->Arg(1'000)->Arg(10'000);

}  // namespace
}  // namespace twostep::bench
