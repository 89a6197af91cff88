// Average ranks of cross-sections with ties, an element; checks the sum of ranks.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "lode/base/random.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/rank.h"

namespace lode::stat {
namespace {

void run(benchmark::State& state, std::size_t names) {
  constexpr std::size_t kRows = 64;  // Enough rows that no branch predictor learns them.
  Random random(1, 0);
  std::vector<double> values(kRows * names);
  for (double& value : values) {
    value = random.next_normal();
    if (random.next_uniform() < 0.05) {
      value = 0.25;
    }
  }
  std::vector<double> ranks(names);
  RankScratch scratch;
  std::size_t row = 0;
  for (auto _ : state) {
    rank(std::span(values).subspan(row % kRows * names, names), ranks, Ties::kAverage, scratch);
    ++row;
    benchmark::DoNotOptimize(ranks.data());
  }
  const auto n = static_cast<double>(names);
  if (sum(ranks) != n * (n + 1.0) / 2.0) {
    state.SkipWithError("ranks do not add up to n (n + 1) / 2");
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(row * names));
}

void rank_500(benchmark::State& state) { run(state, 500); }
void rank_5000(benchmark::State& state) { run(state, 5'000); }
BENCHMARK(rank_500)->Name("rank/names:500/small");
BENCHMARK(rank_5000)->Name("rank/names:5000");

}  // namespace
}  // namespace lode::stat
