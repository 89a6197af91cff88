// Nanoseconds a bar of the three machines: a series and a stream of one instrument, and lanes of 512 instruments x
// 1,260 days; single names, the ten basics and the whole catalog. Checks that the machines agree.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <deque>
#include <map>

#include "lode/base/must.h"
#include "lode/core/indicator/stream.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kDays = 1260;

// Prices of `columns` instruments, by input.
struct Market {
  std::size_t columns;
  std::vector<Series> by_input = std::vector<Series>(kInputKinds);
  explicit Market(std::size_t columns_) : columns(columns_) {
    Spec all;
    for (int k = 0; k < static_cast<int>(kInputKinds); ++k) {
      all.inputs.push_back(static_cast<Input>(k));
      by_input[static_cast<std::size_t>(k)].resize(kDays * columns);
    }
    for (std::size_t c = 0; c < columns; ++c) {
      Random random(1, c);
      const SeriesSet bars = random_inputs(all, random, kDays, 0.0);
      for (std::size_t k = 0; k < bars.size(); ++k) {
        for (std::size_t t = 0; t < kDays; ++t) {
          by_input[k][t * columns + c] = bars[k][t];
        }
      }
    }
  }
};

// Choices with their jobs over a market; outputs of all jobs stand in memory of their own.
struct Work {
  std::deque<Choice> choices;
  std::deque<Series> outputs;
  std::vector<Job> jobs;
  void add(const Indicator& indicator, const Market& market) {
    choices.push_back(must(choose(indicator.spec.name)));
    Job job{.choice = &choices.back(), .inputs = {}, .outputs = {}};
    for (const Input input : indicator.spec.inputs) {
      job.inputs.push_back(market.by_input[static_cast<std::size_t>(input)].data());
    }
    for (std::size_t k = 0; k < indicator.spec.outputs.size(); ++k) {
      outputs.emplace_back(kDays * market.columns);
      job.outputs.push_back(outputs.back().data());
    }
    jobs.push_back(std::move(job));
  }
};

// Made once: drawing the prices takes longer than most benchmarks.
const Market& market_of(std::size_t columns) {
  static std::map<std::size_t, Market> markets;
  return markets.try_emplace(columns, columns).first->second;
}

void lanes(benchmark::State& state, const std::vector<const Indicator*>& set, std::size_t columns) {
  const Market& market = market_of(columns);
  Work work;
  for (const Indicator* one : set) {
    work.add(*one, market);
  }
  Pool pool(1);
  for (auto _ : state) {
    run_panel(work.jobs, kDays, columns, pool);
    benchmark::ClobberMemory();
  }
  const Job& last = work.jobs.back();  // Its first instrument, checked against the series machine.
  SeriesSet inputs(last.inputs.size(), Series(kDays));
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    for (std::size_t t = 0; t < kDays; ++t) {
      inputs[k][t] = last.inputs[k][t * columns];
    }
  }
  const SeriesSet expected = run(*last.choice, inputs);
  for (std::size_t t = 0; t < kDays; ++t) {
    if (!is_same(expected[0][t], last.outputs[0][t * columns])) {
      state.SkipWithError("lanes and series differ");
      return;
    }
  }
  state.counters["ns_a_bar"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(kDays * columns) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void series(benchmark::State& state, const Indicator& indicator) {
  const Market& market = market_of(1);
  Work work;
  work.add(indicator, market);
  for (auto _ : state) {
    run_series(work.jobs[0], kDays);
    benchmark::ClobberMemory();
  }
  state.counters["ns_a_bar"] = benchmark::Counter(static_cast<double>(state.iterations()) * kDays * 1e-9,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void stream(benchmark::State& state, const Indicator& indicator) {
  const Market& market = market_of(1);
  Work work;
  work.add(indicator, market);
  const Job& job = work.jobs[0];
  std::vector<double> bars;  // Bar after bar.
  for (std::size_t t = 0; t < kDays; ++t) {
    for (const double* input : job.inputs) {
      bars.push_back(input[t]);
    }
  }
  const std::size_t width = job.inputs.size();
  std::vector<double> out(job.outputs.size());
  Stream running(*job.choice);
  for (auto _ : state) {
    for (std::size_t t = 0; t < kDays; ++t) {
      running.update({bars.data() + t * width, width}, out);
      benchmark::DoNotOptimize(out.data());
    }
  }
  state.counters["ns_a_bar"] = benchmark::Counter(static_cast<double>(state.iterations()) * kDays * 1e-9,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// TA-Lib 0.6.4 has these and the 61 patterns.
constexpr std::string_view kTalib[] = {"sma",
                                       "ema",
                                       "wma",
                                       "dema",
                                       "tema",
                                       "trima",
                                       "kama",
                                       "t3",
                                       "ma",
                                       "mavp",
                                       "bbands",
                                       "accbands",
                                       "midpoint",
                                       "midprice",
                                       "sar",
                                       "sarext",
                                       "ht_trendline",
                                       "mama",
                                       "plus_dm",
                                       "minus_dm",
                                       "plus_di",
                                       "minus_di",
                                       "dx",
                                       "adx",
                                       "adxr",
                                       "apo",
                                       "ppo",
                                       "aroon",
                                       "aroonosc",
                                       "bop",
                                       "cci",
                                       "cmo",
                                       "rsi",
                                       "imi",
                                       "macd",
                                       "macdext",
                                       "macdfix",
                                       "mfi",
                                       "mom",
                                       "roc",
                                       "rocp",
                                       "rocr",
                                       "rocr100",
                                       "stoch",
                                       "stochf",
                                       "stochrsi",
                                       "trix",
                                       "ultosc",
                                       "willr",
                                       "ad",
                                       "adosc",
                                       "obv",
                                       "trange",
                                       "atr",
                                       "natr",
                                       "avgprice",
                                       "medprice",
                                       "typprice",
                                       "wclprice",
                                       "avgdev",
                                       "beta",
                                       "correl",
                                       "linearreg",
                                       "tsf",
                                       "stddev",
                                       "var",
                                       "max",
                                       "min",
                                       "maxindex",
                                       "minindex",
                                       "minmax",
                                       "minmaxindex",
                                       "sum",
                                       "add",
                                       "sub",
                                       "mult",
                                       "div",
                                       "acos",
                                       "asin",
                                       "atan",
                                       "ceil",
                                       "cos",
                                       "cosh",
                                       "exp",
                                       "floor",
                                       "ln",
                                       "log10",
                                       "sin",
                                       "sinh",
                                       "sqrt",
                                       "tan",
                                       "tanh",
                                       "ht_dcperiod",
                                       "ht_dcphase",
                                       "ht_phasor",
                                       "ht_sine",
                                       "ht_trendmode",
                                       "linearreg_angle",
                                       "linearreg_intercept",
                                       "linearreg_slope"};

std::vector<const Indicator*> of_talib() {
  std::vector<const Indicator*> out;
  for (const Indicator* one : all_indicators()) {
    if (one->spec.family == "pattern") {
      out.push_back(one);
    }
  }
  for (const std::string_view name : kTalib) {
    out.push_back(must(find_indicator(name)));
  }
  return out;
}

bool registered = [] {
  std::vector<const Indicator*> ten;
  const std::vector<const Indicator*> all(all_indicators().begin(), all_indicators().end());
  for (const char* name : {"sma", "ema", "wma", "rsi", "macd", "stoch", "bbands", "atr", "obv", "vwap"}) {
    ten.push_back(must(find_indicator(name)));
  }
  for (const Indicator* one : all) {
    const std::string name(one->spec.name);
    benchmark::RegisterBenchmark(("lanes/" + name).c_str(), [=](benchmark::State& state) { lanes(state, {one}, 512); });
    benchmark::RegisterBenchmark(("series/" + name).c_str(), [=](benchmark::State& state) { series(state, *one); });
    benchmark::RegisterBenchmark(("stream/" + name).c_str(), [=](benchmark::State& state) { stream(state, *one); });
  }
  benchmark::RegisterBenchmark("lanes/ten/small", [=](benchmark::State& state) { lanes(state, ten, 32); });
  benchmark::RegisterBenchmark("lanes/ten", [=](benchmark::State& state) { lanes(state, ten, 512); });
  benchmark::RegisterBenchmark("lanes/patterns", [=](benchmark::State& state) {
    std::vector<const Indicator*> patterns = of_talib();
    std::erase_if(patterns, [](const Indicator* one) { return one->spec.family != "pattern"; });
    lanes(state, patterns, 512);
  });
  benchmark::RegisterBenchmark("lanes/talib161", [](benchmark::State& state) {
    const std::vector<const Indicator*> set = of_talib();
    state.counters["functions"] = static_cast<double>(set.size());
    lanes(state, set, 512);
  });
  benchmark::RegisterBenchmark("lanes/all", [=](benchmark::State& state) { lanes(state, all, 512); });
  return true;
}();

}  // namespace
}  // namespace lode::indicator
