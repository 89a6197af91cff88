// Many factors of one universe: labels prepared once, a sheet each, how alike they are, and what trying so many makes
// of the best: false-discovery q, deflated Sharpe ratio, probability of overfitting. Values are noise but for one
// planted edge; the benchmark checks that it is found and that the others are not. Time is that of judging, without
// making the factors.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/label_set.h"
#include "lode/core/evaluate/similarity.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/distribution.h"
#include "lode/core/stat/overfit/cscv.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/core/stat/overfit/sharpe.h"

namespace lode::evaluate {
namespace {

struct Size {
  std::size_t rows;
  std::size_t columns;
  std::size_t factors;
  std::vector<int> horizons;
  double edge;  // Of the first factor; the others have none.
};

// What stays of each factor: two bytes a cell and a few series.
struct Kept {
  std::vector<Places> places;
  std::vector<std::vector<double>> books;
  std::vector<double> p;
};

// The values of factor `index`; `holes` are its own unless the factors share them.
Panel make_values(const Market& market, std::size_t index, double edge, bool shares_holes) {
  Panel values = test::make_factor(
      market, {.persistence = 0.9, .edge = index == 0 ? edge : 0.0, .missing = 0.0, .seed = 100 + index});
  const Random random(shares_holes ? 1 : 1 + index, 9);
  for (std::size_t row = 0; row < values.rows(); ++row) {
    const auto cells = values.mutable_row64(row);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      cells[i] = random.uniform_at(row * cells.size() + i) < 0.05 ? test::kNan : cells[i];
    }
  }
  return values;
}

void keep(const Panel& values, const TearSheet& sheet, Pool& pool, Kept& out) {
  const HorizonResult& headline = sheet.headline_horizon();
  out.places.push_back(places_of(values, pool));
  out.books.push_back(headline.spread_series);
  out.p.push_back(stat::normal_two_sided_p(headline.rank_ic.t_no_overlap));
}

// Whether the table of all factors says what was planted.
bool holds(const Kept& kept, Pool& pool) {
  std::vector<const Places*> places;
  std::vector<std::span<const double>> books;
  for (std::size_t i = 0; i < kept.places.size(); ++i) {
    places.push_back(&kept.places[i]);
    books.emplace_back(kept.books[i]);
  }
  const Correlations values = rank_correlations_of_places(places, 20, pool);
  const Correlations earned = series_correlations(books, 60);
  const std::vector<double> q = stat::adjusted_p(kept.p, stat::Adjustment::kBenjaminiHochberg);
  const stat::Overfitting overfit = stat::overfitting(books, 16);
  const stat::ReturnShape shape = stat::return_shape(books[0]);
  const double deflated =
      stat::deflated_sharpe(shape, stat::null_sharpe_deviation(books[0].size()), static_cast<double>(books.size()));
  const bool alike = math::abs(values.at(0, 1)) < 0.1 && values.at(1, 1) == 1.0 && earned.count == books.size();
  return alike && q[0] < 0.01 && deflated > 0.5 && overfit.probability < 0.5;
}

void run(benchmark::State& state, const Size& size, bool shares_holes) {
  Pool pool(1);
  const auto axis = test::make_axis(size.rows, size.columns);
  const Market market = test::make_market(
      axis, {.rows = size.rows, .columns = size.columns, .seed = 1, .market_volatility = 0.01, .faults = true});
  const GroupPanel groups = test::make_groups(axis, 11, true);
  Options options;
  options.horizons = size.horizons;
  for (auto _ : state) {
    auto labels = LabelSet::make(market, &groups, options.convention, true, pool);
    Kept kept;
    for (std::size_t index = 0; index < size.factors; ++index) {
      state.PauseTiming();
      const Panel values = make_values(market, index, size.edge, shares_holes);
      state.ResumeTiming();
      const auto sheet = tear_sheet(values, *labels, options, pool);
      if (!sheet) {
        state.SkipWithError("a factor cannot be judged");
        return;
      }
      keep(values, *sheet, pool, kept);
    }
    if (!holds(kept, pool)) {
      state.SkipWithError("the planted edge was not found, or noise was");
    }
  }
}

const Size kSmall{400, 120, 8, {1, 5}, 0.5};
const Size kFull{2'500, 5'000, 101, {1, 2, 3, 5, 10, 20, 40, 60, 120, 250}, 0.1};
void small(benchmark::State& state) { run(state, kSmall, false); }
void own_holes(benchmark::State& state) { run(state, kFull, false); }
void shared_holes(benchmark::State& state) { run(state, kFull, true); }
BENCHMARK(small)->Name("many_factors/8x120x400/small")->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK(own_holes)
    ->Name("many_factors/101x5000x2500, holes of their own")
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();
BENCHMARK(shared_holes)
    ->Name("many_factors/101x5000x2500, the same holes")
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace lode::evaluate
