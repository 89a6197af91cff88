// Speed of making a market and its files; the answer is checked against the market's own count of bars.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>

#include "lode/base/must.h"
#include "lode/core/synth/files.h"

namespace lode::synth {
namespace {

MarketOptions sized(std::int64_t instruments, std::int64_t sessions) {
  MarketOptions options;
  options.instruments = static_cast<int>(instruments);
  options.sessions = static_cast<int>(sessions);
  options.dirty_rows = false;
  return options;
}

void make(benchmark::State& state, int instruments, int sessions) {
  Pool pool(0);
  for (auto _ : state) {
    const Market market = must(make_market(sized(instruments, sessions), pool));
    if (market.bars() < market.listings.front().last) {
      state.SkipWithError("a market without bars");
    }
  }
  state.SetItemsProcessed(state.iterations() * instruments * sessions);
}

void write(benchmark::State& state, int instruments, int sessions) {
  Pool pool(0);
  const Market market = must(make_market(sized(instruments, sessions), pool));
  for (auto _ : state) {
    std::int64_t lines = 0;
    for (const int year : years(market)) {
      const std::string text = bars_csv(market, year);
      lines += std::ranges::count(text, '\n') - 1;
    }
    if (lines != market.bars()) {
      state.SkipWithError("not one line a bar");
    }
  }
  state.SetItemsProcessed(state.iterations() * market.bars());
}

BENCHMARK_CAPTURE(make, small, 40, 120)->Name("make_market/small");
BENCHMARK_CAPTURE(make, demo, 500, 1260)->Name("make_market/500x1260")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(write, small, 40, 120)->Name("bars_csv/small");
BENCHMARK_CAPTURE(write, demo, 500, 1260)->Name("bars_csv/500x1260")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::synth
