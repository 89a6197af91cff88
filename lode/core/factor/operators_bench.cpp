// Nanoseconds a cell of indicators in formulas, beside indicator::run_panel over the same panel: 512 instruments x
// 1,260 days, one thread, doubles. Checks that both agree.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cmath>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"
#include "lode/core/factor/operators.h"
#include "lode/core/indicator/panel_run.h"

namespace lode::factor {
namespace {

constexpr std::size_t kDays = 1260;
constexpr std::size_t kNames = 512;

// A market of random walks without gaps; one day in 20 of a name is missing where `has_gaps`.
expr::Fields market(bool has_gaps) {
  expr::Fields fields(expr::testing::make_axis(kDays, kNames));
  Panel close(fields.shared_axis(), Precision::kFloat64);
  Panel high(fields.shared_axis(), Precision::kFloat64);
  Panel low(fields.shared_axis(), Precision::kFloat64);
  for (std::size_t column = 0; column < kNames; ++column) {
    Random random(1, column);
    double price = 50.0;
    for (std::size_t row = 0; row < kDays; ++row) {
      price *= 1.0 + 0.02 * random.next_normal();
      const bool is_gap = has_gaps && random.next_uniform() < 0.05;
      close.mutable_row64(row)[column] = is_gap ? std::nan("") : price;
      high.mutable_row64(row)[column] = price * (1.0 + 0.01 * random.next_uniform());
      low.mutable_row64(row)[column] = price * (1.0 - 0.01 * random.next_uniform());
    }
  }
  fields.set("close", close);
  fields.set("high", high);
  fields.set("low", low);
  return fields;
}

const expr::Fields& market_of(bool has_gaps) {
  static const expr::Fields whole = market(false);
  static const expr::Fields holed = market(true);
  return has_gaps ? holed : whole;
}

void count(benchmark::State& state) {
  state.counters["ns_a_cell"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(kDays * kNames) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void formula(benchmark::State& state, const std::string& text, bool has_gaps, Precision precision) {
  const expr::Fields& fields = market_of(has_gaps);
  const expr::Program program = must(expr::compile(text, **expr::find_profile("lode"), operators()));
  Pool pool(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(must(expr::evaluate(program, fields, precision, pool)));
  }
  count(state);
}

// The same by run_panel, whose cells the formula must give.
void panel(benchmark::State& state, const std::string& text, const std::string& name,
           const std::vector<std::string>& inputs) {
  const expr::Fields& fields = market_of(false);
  const indicator::Choice choice = must(indicator::choose(name));
  std::vector<std::vector<double>> outputs(choice.spec().outputs.size(), std::vector<double>(kDays * kNames));
  indicator::Job job{.choice = &choice, .inputs = {}, .outputs = {}};
  for (const std::string& input : inputs) {
    job.inputs.push_back(fields.find(input)->row64(0).data());
  }
  for (auto& output : outputs) {
    job.outputs.push_back(output.data());
  }
  Pool pool(1);
  for (auto _ : state) {
    indicator::run_panel({&job, 1}, kDays, kNames, pool);
    benchmark::ClobberMemory();
  }
  count(state);
  const expr::Program program = must(expr::compile(text, **expr::find_profile("lode"), operators()));
  const Panel told = must(expr::evaluate(program, fields, Precision::kFloat64, pool)).front();
  for (std::size_t row = 0; row < kDays; ++row) {
    for (std::size_t column = 0; column < kNames; ++column) {
      const double one = outputs[0][row * kNames + column];
      const double other = told.at(row, column);
      if (!(one == other || (std::isnan(one) && std::isnan(other)))) {
        state.SkipWithError("formula and panel differ");
        return;
      }
    }
  }
}

struct Case {
  std::string indicator;
  std::string formula;
  std::vector<std::string> inputs;
};

bool registered = [] {
  for (const Case& one : {Case{"sma", "ta_sma(close, 30)", {"close"}}, Case{"ema", "ta_ema(close, 30)", {"close"}},
                          Case{"rsi", "ta_rsi(close, 14)", {"close"}},
                          Case{"atr", "ta_atr(high, low, close, 14)", {"high", "low", "close"}}}) {
    using benchmark::RegisterBenchmark;
    RegisterBenchmark(("formula/" + one.indicator + "/f64").c_str(),
                      [=](benchmark::State& state) { formula(state, one.formula, false, Precision::kFloat64); });
    RegisterBenchmark(("formula/" + one.indicator + "/f32").c_str(),
                      [=](benchmark::State& state) { formula(state, one.formula, false, Precision::kFloat32); });
    RegisterBenchmark(("formula/" + one.indicator + "/gaps").c_str(),
                      [=](benchmark::State& state) { formula(state, one.formula, true, Precision::kFloat64); });
    RegisterBenchmark(("panel/" + one.indicator).c_str(),
                      [=](benchmark::State& state) { panel(state, one.formula, one.indicator, one.inputs); });
  }
  return true;
}();

}  // namespace
}  // namespace lode::factor
