// How fast formulas are evaluated, and cross-sections ranked. Each benchmark checks what it computed on sampled cells
// against plain loops. `/small` runs always; the real size is 5,000 instruments x 2,500 sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "lode/base/random.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/kernels/order.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr {
namespace {

struct Size {
  std::size_t rows;
  std::size_t columns;
};
constexpr Size kSmall{120, 40};
constexpr Size kReal{2'500, 5'000};

constexpr std::string_view kReversal = "rank(-ts_mean(returns, 5))";
constexpr std::string_view kPriceVolume = "ts_corr(rank(close), rank(volume), 10)";
constexpr std::string_view kAlpha =
    "-1 * ts_corr(rank(delta(log(volume), 2)), rank((close - open) / open), 6) * ts_rank(close, 10) + "
    "scale(decay_linear(indneutralize(close - open, sector), 8))";
constexpr std::string_view kElementwise = "(close - open) / (close + open) * volume";
constexpr std::string_view kLongWindows = "ts_std(close, 60) + ts_mean(volume, 250)";

// Random walks with gaps, made once a size and precision.
const Fields& market(Size size, Precision precision) {
  static std::map<std::pair<std::size_t, Precision>, Fields> made;
  const auto key = std::pair{size.columns, precision};
  if (const auto found = made.find(key); found != made.end()) {
    return found->second;
  }
  Fields fields(testing::make_axis(size.rows, size.columns));
  for (std::uint64_t field = 0; field < 3; ++field) {
    Random random(17, field);
    Panel panel(fields.shared_axis(), Precision::kFloat64);
    for (std::size_t row = 0; row < size.rows; ++row) {
      for (std::size_t column = 0; column < size.columns; ++column) {
        const std::uint64_t bits = random.next_bits();
        const double step = static_cast<double>(bits >> 40) * 0x1p-24 - 0.5;
        const double before = row == 0 ? 50.0 : panel.row64(row - 1)[column];
        const double value = (std::isnan(before) ? 50.0 : before) * (1.0 + 0.04 * step);
        panel.mutable_row64(row)[column] = bits % 256 == 0 ? std::nan("") : std::round(value * 100.0) / 100.0;
      }
    }
    fields.set(field == 0 ? "close" : (field == 1 ? "open" : "volume"), panel.as(precision));
  }
  GroupPanel sector{fields.shared_axis(), std::vector<std::int32_t>(size.rows * size.columns), {}};
  for (std::size_t i = 0; i < sector.codes.size(); ++i) {
    sector.codes[i] = static_cast<std::int32_t>(i % size.columns % 11);
  }
  fields.set("sector", sector);
  return made.emplace(key, std::move(fields)).first->second;
}

Panel evaluate_text(std::string_view formula, const Fields& fields, Precision precision, Pool& pool) {
  static const OperatorTable table;
  CompileOptions options;
  options.fields = fields.specs();
  return evaluate(*compile(formula, **find_profile("lode"), table, options), fields, precision, pool)->front();
}

double return_at(const Panel& close, std::size_t row, std::size_t column) {
  return close.at(row, column) / close.at(row - 1, column) - 1.0;
}

// rank(-ts_mean(returns, 5)) at one cell, in plain loops.
double plain_reversal(const Panel& close, std::size_t row, std::size_t column) {
  const auto score = [&](std::size_t at) {
    double sum = 0.0;
    for (std::size_t day = 0; day < 5; ++day) {
      sum -= return_at(close, row - day, at);
    }
    return sum;
  };
  double below = 0.0;
  double valid = 0.0;
  for (std::size_t other = 0; other < close.columns(); ++other) {
    valid += std::isnan(score(other)) ? 0.0 : 1.0;
    below += score(other) < score(column) ? 1.0 : 0.0;
  }
  return std::isnan(score(column)) ? score(column) : (below + 1.0) / valid;
}

// Ranks of sums in another order may differ by a few places, those of f32 returns by more.
bool is_plausible(const Fields& fields, Precision precision, Pool& pool) {
  const Panel result = evaluate_text(kReversal, fields, precision, pool);
  const Panel& close = *fields.find("close");
  const double tolerance = precision == Precision::kFloat64 ? 1e-3 : 2e-2;
  const std::size_t last = close.rows() - 1;
  for (std::size_t column = 0; column < close.columns(); column += close.columns() / 8) {
    const double expected = plain_reversal(close, last, column);
    const double got = result.at(last, column);
    if (std::isnan(expected) != std::isnan(got) || std::abs(expected - got) > tolerance) {
      return false;
    }
  }
  return true;
}

void run_formula(benchmark::State& state, std::string_view formula, Size size, Precision precision) {
  const Fields& fields = market(size, precision);
  Pool pool(0);
  if (!is_plausible(fields, precision, pool)) {
    state.SkipWithError("rank(-ts_mean(returns, 5)) is not what plain loops give");
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(evaluate_text(formula, fields, precision, pool));
  }
  const auto cells = static_cast<std::int64_t>(size.rows * size.columns);
  state.SetItemsProcessed(state.iterations() * cells);
}

#define LODE_FORMULA_BENCH(name, formula)                                                                           \
  BENCHMARK_CAPTURE(run_formula, name##_f64_small, formula, kSmall, Precision::kFloat64)->Name(#name "_f64/small"); \
  BENCHMARK_CAPTURE(run_formula, name##_f32, formula, kReal, Precision::kFloat32)                                   \
      ->Name(#name "_f32/real")                                                                                     \
      ->Unit(benchmark::kMillisecond)                                                                               \
      ->MeasureProcessCPUTime()                                                                                     \
      ->UseRealTime();                                                                                              \
  BENCHMARK_CAPTURE(run_formula, name##_f64, formula, kReal, Precision::kFloat64)                                   \
      ->Name(#name "_f64/real")                                                                                     \
      ->Unit(benchmark::kMillisecond)                                                                               \
      ->MeasureProcessCPUTime()                                                                                     \
      ->UseRealTime()
LODE_FORMULA_BENCH(reversal, kReversal);
LODE_FORMULA_BENCH(price_volume, kPriceVolume);
LODE_FORMULA_BENCH(alpha, kAlpha);
LODE_FORMULA_BENCH(elementwise, kElementwise);
LODE_FORMULA_BENCH(long_windows, kLongWindows);

// Ranks of one cross-section with ties; items are cells.
template <class T>
void rank_row(benchmark::State& state, std::size_t count) {
  Random random(3, 3);
  std::vector<T> values(count);
  for (T& value : values) {
    value = static_cast<T>(std::round(random.next_normal() * 1e3) / 1e3);  // About a third are ties at 5,000.
  }
  std::vector<T> ranks(count);
  std::vector<std::byte> bytes(kernels::OrderRoom::bytes(count));
  kernels::Bump bump({bytes});
  const kernels::OrderRoom room = kernels::OrderRoom::take(bump, count);
  for (auto _ : state) {
    kernels::rank_cells(values.data(), count, kernels::Ties::kAverage, kernels::RankScale::kShare, ranks.data(), room);
    benchmark::DoNotOptimize(ranks.data());
    benchmark::ClobberMemory();
  }
  for (std::size_t i = 0; i < count; i += count / 10) {
    const auto below = static_cast<double>(std::ranges::count_if(values, [&](T value) { return value < values[i]; }));
    const auto ties = static_cast<double>(std::ranges::count(values, values[i]));
    if (ranks[i] != static_cast<T>((below + (ties + 1.0) / 2.0) / static_cast<double>(count))) {
      state.SkipWithError("a rank is wrong");
      return;
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
void rank_row32(benchmark::State& state, std::size_t count) { rank_row<float>(state, count); }
void rank_row64(benchmark::State& state, std::size_t count) { rank_row<double>(state, count); }
BENCHMARK_CAPTURE(rank_row32, n100, 100)->Name("rank_row32/100/small");
BENCHMARK_CAPTURE(rank_row32, n550, 550);
BENCHMARK_CAPTURE(rank_row32, n5000, 5'000);
BENCHMARK_CAPTURE(rank_row64, n100, 100)->Name("rank_row64/100/small");
BENCHMARK_CAPTURE(rank_row64, n550, 550);
BENCHMARK_CAPTURE(rank_row64, n5000, 5'000);

}  // namespace
}  // namespace lode::expr
