// Indices of the frame as series and fields.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/benchmark.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lode/base/text.h"
#include "lode/io/lake/panels/cells.h"
#include "lode/io/lake/panels/cube.h"

namespace lode::lake {

namespace {

std::vector<double> series_of(const Panel& whole, std::size_t column, std::size_t begin, std::size_t rows) {
  std::vector<double> out;
  out.reserve(rows);
  for (std::size_t row = begin; row < begin + rows; ++row) {
    out.push_back(whole.at(row, column));
  }
  return out;
}

// Indices of the frame by column, each by its symbol, or by SYMBOL.MIC where indices of several exchanges bear it.
std::map<std::size_t, std::string> index_names(const Frame& frame) {
  std::map<std::string, int> bearers;
  for (const InstrumentFacts& facts : frame.facts) {
    bearers[facts.symbol] += facts.is_index ? 1 : 0;
  }
  std::map<std::size_t, std::string> names;
  for (std::size_t column = 0; column < frame.facts.size(); ++column) {
    const InstrumentFacts& facts = frame.facts[column];
    if (facts.is_index) {
      names[column] = bearers[facts.symbol] > 1 ? fmt::format("{}.{}", facts.symbol, facts.mic) : facts.symbol;
    }
  }
  return names;
}

Failure no_benchmark(const Frame& frame, const std::map<std::size_t, std::string>& names, const std::string& asked,
                     const std::vector<std::string>& known) {
  std::vector<std::string> bearers;
  for (const auto& [column, name] : names) {
    if (frame.facts[column].symbol == asked) {
      bearers.push_back(name);
    }
  }
  std::sort(bearers.begin(), bearers.end());
  if (!bearers.empty()) {
    return fail(E::E2010, fmt::format("the benchmark {} is listed on {} exchanges", asked, bearers.size()),
                "write which one is meant: " + join(bearers, ", "));
  }
  const std::string hint = did_you_mean(asked, known);
  return fail(E::E2104, fmt::format("no benchmark called '{}' in this lake", asked),
              !hint.empty()   ? hint
              : known.empty() ? "lode data import FILE --table benchmark"
                              : "there are: " + join(known, ", "));
}

}  // namespace

bool is_benchmark_field(std::string_view field) { return field == "bench_open" || field == "bench_close"; }

Result<Benchmark> read_benchmark(const Snapshot& snapshot, const Frame& frame, const std::string& asked,
                                 std::size_t begin, std::size_t rows) {
  Benchmark out;
  std::size_t chosen = frame.facts.size();
  const std::map<std::size_t, std::string> names = index_names(frame);
  for (const auto& [column, name] : names) {
    out.known.push_back(name);
    chosen = asked.empty() || name == asked ? column : chosen;
  }
  std::sort(out.known.begin(), out.known.end());
  if (!asked.empty() && chosen == frame.facts.size()) {
    return no_benchmark(frame, names, asked, out.known);
  }
  if (out.known.empty() || (asked.empty() && out.known.size() > 1)) {
    return out;
  }
  LODE_TRY(const auto cube, read_cube(snapshot, frame, {"open", "close"}));
  out.symbol = names.at(chosen);
  out.open = series_of(cube.at("open"), chosen, begin, rows);
  out.close = series_of(cube.at("close"), chosen, begin, rows);
  return out;
}

Result<Panel> benchmark_panel(const Benchmark& benchmark, const std::string& field, std::shared_ptr<const Axis> axis,
                              Pool& pool) {
  if (benchmark.symbol.empty()) {
    return benchmark.known.empty()
               ? fail(E::E1113, fmt::format("the field {} is absent: this lake has no benchmark", field),
                      "lode data import FILE --table benchmark brings one: date, symbol, open, close")
               : fail(E::E1113,
                      fmt::format("the field {} is not decided: this lake has {} benchmarks, {}", field,
                                  benchmark.known.size(), join(benchmark.known, ", ")),
                      fmt::format("say which is meant: --benchmark {}", benchmark.known.front()));
  }
  const std::vector<double>& series = field == "bench_open" ? benchmark.open : benchmark.close;
  Cells out(std::move(axis));
  for_row_blocks(out.rows(), out.columns(), pool, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      std::ranges::fill(out.row(row), series[row]);
    }
  });
  return std::move(out).finish();
}

}  // namespace lode::lake
