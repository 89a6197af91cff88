// How fast whole libraries run: over a panel at once, session by session, one session appended to a stored state, and
// from text to program. Every run is checked on cells that plain arithmetic gives.
// `/small` runs always; the real size is 5,000 instruments x 2,500 sessions.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "lode/base/random.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/stream.h"
#include "lode/core/factor/library.h"

namespace lode::factor {
namespace {

struct Size {
  std::size_t rows;
  std::size_t columns;
};
constexpr Size kSmall{90, 40};
constexpr Size kReal{2'500, 5'000};
constexpr std::size_t kTicks = 300;
constexpr Precision kPrecision = Precision::kFloat32;

std::shared_ptr<const Axis> make_axis(Size size) {
  auto axis = std::make_shared<Axis>();
  for (std::size_t row = 0; row < size.rows; ++row) {
    axis->sessions.push_back(Date::from_civil(2014, 1, 1) + static_cast<int>(row));
    axis->times.push_back(end_of_day(axis->sessions.back()));
  }
  for (std::size_t column = 0; column < size.columns; ++column) {
    axis->instruments.push_back({column + 1});
    axis->symbols.push_back("S" + std::to_string(column + 1));
  }
  return axis;
}

// Bars of random walks in ticks of a cent, one in 500 missing, and groups.
expr::Fields make_market(Size size, std::uint64_t seed, Precision precision) {
  expr::Fields fields(make_axis(size));
  std::map<std::string, Panel> bars;
  for (const char* name : {"open", "high", "low", "close", "volume", "amount", "vwap", "cap"}) {
    bars.emplace(name, Panel(fields.shared_axis(), Precision::kFloat64));
  }
  std::map<std::string, double*> cells;
  for (auto& [name, panel] : bars) {
    cells[name] = panel.mutable_row64(0).data();
  }
  Random random(seed, 1);
  const auto cents = [](double x) { return std::round(x * 100.0) / 100.0; };
  std::vector<double> last(size.columns, 50.0);
  for (std::size_t i = 0; i < size.rows * size.columns; ++i) {
    double& before = last[i % size.columns];
    const double open = cents(before * (1.0 + 0.02 * (random.next_uniform() - 0.5)));
    const double close = std::max(1.0, cents(open * (1.0 + 0.04 * (random.next_uniform() - 0.5))));
    const double high = cents(std::max(open, close) * (1.0 + 0.01 * random.next_uniform()));
    const double low = cents(std::min(open, close) * (1.0 - 0.01 * random.next_uniform()));
    const double volume = std::floor(1e6 * std::exp(2.0 * random.next_uniform()));
    const double typical = (high + low + close) / 3.0;
    before = close;
    if (random.next_below(500) == 0) {
      continue;  // All of the bar is missing.
    }
    cells["open"][i] = open;
    cells["high"][i] = high;
    cells["low"][i] = low;
    cells["close"][i] = close;
    cells["volume"][i] = volume;
    cells["amount"][i] = volume * typical;
    cells["vwap"][i] = typical;
    cells["cap"][i] = close * 1e8;
  }
  for (const auto& [name, panel] : bars) {
    fields.set(name, panel.as(precision));
  }
  for (const auto& [name, groups] : {std::pair{"sector", 11U}, {"industry", 60U}, {"subindustry", 150U}}) {
    GroupPanel group{fields.shared_axis(), std::vector<std::int32_t>(size.rows * size.columns), {}};
    for (std::size_t i = 0; i < group.codes.size(); ++i) {
      group.codes[i] = static_cast<std::int32_t>(i % size.columns * 2'654'435'761U % groups);
    }
    fields.set(name, group);
  }
  return fields;
}

const Library& library_of(std::string_view id) {
  return *std::ranges::find(libraries(), id, [](const Library& library) { return std::string_view(library.id); });
}

expr::Program compile_library(const Library& library) {
  static const expr::OperatorTable table;
  std::vector<expr::Program> programs;
  for (const Formula& formula : library.formulas) {
    programs.push_back(*expr::compile(formula.text, **expr::find_profile(library.profile), table));
  }
  return expr::merge(programs);
}

// The formula of each library that plain arithmetic on one bar gives, and that arithmetic.
struct Known {
  const char* id;
  double (*of_bar)(double open, double high, double low, double close);
};
Known known_of(const Library& library) {
  if (library.id == "alpha101") {
    return {"101",
            [](double open, double high, double low, double close) { return (close - open) / ((high - low) + 0.001); }};
  }
  return {"KMID", [](double open, double, double, double close) { return (close - open) / open; }};
}

// How many cells of row `row` of the known formula are not what a bar of session `session` gives, to float accuracy.
int wrong_cells(const Library& library, std::span<const Panel> values, std::size_t row, const expr::Fields& fields,
                std::size_t session) {
  const Known known = known_of(library);
  const Formula* formula = library.find(known.id);
  const Panel& panel = values[static_cast<std::size_t>(formula - library.formulas.data())];
  const auto bar = [&](const char* name, std::size_t column) { return fields.find(name)->at(session, column); };
  int wrong = 0;
  for (std::size_t column = 0; column < panel.columns(); ++column) {
    const double expected =
        known.of_bar(bar("open", column), bar("high", column), bar("low", column), bar("close", column));
    const double value = panel.at(row, column);
    const bool is_right = std::isnan(expected) ? std::isnan(value) : std::fabs(value - expected) < 1e-4;
    wrong += is_right ? 0 : 1;
  }
  return wrong;
}

void evaluate_library(benchmark::State& state, std::string_view id, Size size, Precision precision) {
  const Library& library = library_of(id);
  const expr::Fields fields = make_market(size, 17, precision);
  const expr::Program program = compile_library(library);
  Pool pool(1);
  int wrong = 0;
  for (auto _ : state) {
    const auto values = expr::evaluate(program, fields, precision, pool);
    state.PauseTiming();
    wrong += wrong_cells(library, *values, size.rows - 1, fields, size.rows - 1);
    state.ResumeTiming();
  }
  if (wrong > 0) {
    state.SkipWithError("a cell is wrong");
  }
}

void alpha101_f32(benchmark::State& state, Size size) {
  evaluate_library(state, "alpha101", size, Precision::kFloat32);
}
void alpha101_f64(benchmark::State& state, Size size) {
  evaluate_library(state, "alpha101", size, Precision::kFloat64);
}
void alpha158_f32(benchmark::State& state, Size size) {
  evaluate_library(state, "alpha158", size, Precision::kFloat32);
}
BENCHMARK_CAPTURE(alpha101_f32, 40x90, kSmall)->Name("alpha101_f32/small");
BENCHMARK_CAPTURE(alpha101_f64, 40x90, kSmall)->Name("alpha101_f64/small");
BENCHMARK_CAPTURE(alpha158_f32, 40x90, kSmall)->Name("alpha158_f32/small");
BENCHMARK_CAPTURE(alpha101_f32, 5000x2500, kReal)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(alpha101_f64, 5000x2500, kReal)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(alpha158_f32, 5000x2500, kReal)->Iterations(1)->Unit(benchmark::kSecond);

std::vector<expr::Fields> sessions_of(std::size_t columns, std::size_t count) {
  std::vector<expr::Fields> sessions;
  for (std::size_t session = 0; session < count; ++session) {
    sessions.push_back(make_market({1, columns}, 100 + session, kPrecision));
  }
  return sessions;
}

// Times of repeated work: on the clock, and of this process's CPUs, which a busy machine does not stretch.
class Times {
 public:
  template <class Work>
  auto take(Work work) {
    const auto wall = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    auto result = work();
    cpu_ms_.push_back(1e3 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
    wall_ms_.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count());
    return result;
  }
  std::size_t count() const { return wall_ms_.size(); }
  void report(benchmark::State& state, const std::string& what) {
    state.counters[what + "p50_ms"] = quantile(wall_ms_, 0.50);
    state.counters[what + "p99_ms"] = quantile(wall_ms_, 0.99);
    state.counters[what + "cpu_p50_ms"] = quantile(cpu_ms_, 0.50);
    state.counters[what + "cpu_p99_ms"] = quantile(cpu_ms_, 0.99);
  }
  double least_cpu_ms() const { return *std::ranges::min_element(cpu_ms_); }

 private:
  static double quantile(std::vector<double>& values, double q) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
  }
  std::vector<double> wall_ms_;
  std::vector<double> cpu_ms_;
};

// Values of a step of all formulas, in order: quantiles of what a tick takes. Ticks walk again and again through a few
// dozen sessions of bars, after enough of them that the longest window is full.
void tick_library(benchmark::State& state, std::size_t columns, std::size_t ticks, int threads) {
  const Library& library = library_of("alpha101");
  const std::vector<expr::Fields> sessions = sessions_of(columns, 32);
  Pool pool(threads);
  expr::Stream stream =
      std::move(*expr::Stream::start(compile_library(library), sessions.front().axis().symbols, kPrecision));
  for (std::size_t tick = 0; tick < ticks; ++tick) {
    benchmark::DoNotOptimize(stream.step(sessions[tick % sessions.size()], pool));
  }
  Times times;
  int wrong = 0;
  for (auto _ : state) {
    const expr::Fields& session = sessions[times.count() % sessions.size()];
    const auto values = times.take([&] { return stream.step(session, pool); });
    state.PauseTiming();
    wrong += wrong_cells(library, *values, 0, session, 0);
    state.ResumeTiming();
  }
  if (wrong > 0) {
    state.SkipWithError("a cell is wrong");
    return;
  }
  times.report(state, "");
}
BENCHMARK_CAPTURE(tick_library, 40, 40, 20, 1)->Name("tick_alpha101/small");
BENCHMARK_CAPTURE(tick_library, 5000, 5'000, 260, 1)
    ->Name("tick_alpha101/5000")
    ->Iterations(kTicks)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tick_library, 5000x2, 5'000, 260, 2)
    ->Name("tick_alpha101/5000/2threads")
    ->Iterations(kTicks)
    ->Unit(benchmark::kMillisecond);

// One session behind a stored state: read the state, step, write it again. Counters: the least CPU time of each.
void append_library(benchmark::State& state, std::size_t columns, std::size_t before) {
  const Library& library = library_of("alpha101");
  const std::vector<expr::Fields> sessions = sessions_of(columns, 32);
  const expr::Program program = compile_library(library);
  const std::vector<std::string> symbols = sessions.front().axis().symbols;
  Pool pool(1);
  expr::Stream stream = std::move(*expr::Stream::start(program, symbols, kPrecision));
  for (std::size_t tick = 0; tick < before; ++tick) {
    benchmark::DoNotOptimize(stream.step(sessions[tick % sessions.size()], pool));
  }
  const std::string saved = stream.save();
  const expr::Fields& session = sessions[before % sessions.size()];
  Times resume;
  Times step;
  Times save;
  int wrong = 0;
  for (auto _ : state) {
    expr::Stream next =
        resume.take([&] { return std::move(*expr::Stream::resume(saved, program, symbols, kPrecision)); });
    const auto values = step.take([&] { return next.step(session, pool); });
    benchmark::DoNotOptimize(save.take([&] { return next.save(); }));
    state.PauseTiming();
    wrong += wrong_cells(library, *values, 0, session, 0);
    state.ResumeTiming();
  }
  if (wrong > 0) {
    state.SkipWithError("a cell is wrong");
  }
  state.counters["state_mb"] = static_cast<double>(saved.size()) / 1e6;
  state.counters["resume_cpu_ms"] = resume.least_cpu_ms();
  state.counters["step_cpu_ms"] = step.least_cpu_ms();
  state.counters["save_cpu_ms"] = save.least_cpu_ms();
}
BENCHMARK_CAPTURE(append_library, 40, 40, 20)->Name("append_alpha101/small");
BENCHMARK_CAPTURE(append_library, 5000, 5'000, 260)->Name("append_alpha101/5000")->Unit(benchmark::kMillisecond);

// From text to program, a formula of alpha101 on average.
void compile_alpha101(benchmark::State& state) {
  const Library& library = library_of("alpha101");
  const expr::OperatorTable table;
  const expr::Profile& profile = **expr::find_profile(library.profile);
  for (auto _ : state) {
    for (const Formula& formula : library.formulas) {
      if (!expr::compile(formula.text, profile, table)) {
        state.SkipWithError(formula.id.c_str());
        return;
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(library.formulas.size()));
}
BENCHMARK(compile_alpha101)->Name("compile_alpha101/small");
BENCHMARK(compile_alpha101)->Name("compile_alpha101/formulas")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace lode::factor
