// The whole tear sheet on synthetic panels, f64, with groups; checks that the planted edge is found and nothing else
// moved.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

void run(benchmark::State& state, std::size_t rows, std::size_t columns, std::vector<int> horizons) {
  Pool pool(static_cast<int>(state.range(0)));
  const auto axis = test::make_axis(rows, columns);
  const Market market =
      test::make_market(axis, {.rows = rows, .columns = columns, .seed = 1, .market_volatility = 0.01, .faults = true});
  const Panel factor = test::make_factor(market, {.persistence = 0.95, .edge = 0.03, .missing = 0.05});
  const GroupPanel groups = test::make_groups(axis, 11, true);
  Options options;
  options.horizons = std::move(horizons);
  for (auto _ : state) {
    const auto sheet = tear_sheet(factor, market, &groups, options, pool);
    if (!sheet || !(sheet->horizons[0].rank_ic.t_no_overlap > 5.0) || !(sheet->horizons[0].rank_ic.mean.value < 0.06) ||
        numbers(*sheet).size() < 100) {
      state.SkipWithError("the planted edge was not found");
    }
  }
}

void sheet_500(benchmark::State& state) { run(state, 1'260, 500, {1, 5, 21}); }
void sheet_550(benchmark::State& state) { run(state, 2'000, 550, {1, 5, 21}); }
void sheet_5000(benchmark::State& state) { run(state, 2'500, 5'000, {1, 2, 3, 5, 10, 20, 40, 60, 120, 250}); }
BENCHMARK(sheet_500)
    ->Name("tear_sheet/500x1260/small")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();
BENCHMARK(sheet_550)
    ->Name("tear_sheet/550x2000")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();
BENCHMARK(sheet_5000)
    ->Name("tear_sheet/5000x2500, 10 horizons")
    ->Arg(2)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace lode::evaluate
