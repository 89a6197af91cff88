// What parsing a row of bars costs; the answer is checked against the rows that were written.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "lode/base/must.h"
#include "lode/io/source/bars.h"

namespace lode::source {
namespace {

std::string market_csv(std::int64_t rows) {
  std::string out = "date,symbol,open,high,low,close,volume\n";
  for (std::int64_t i = 0; i < rows; ++i) {
    const Date day = Date::from_civil(2010, 1, 4) + static_cast<int>(i / 500);
    const double price = 10.0 + static_cast<double>(i % 977) / 37.0;
    out += fmt::format("{},S{},{:.3f},{:.3f},{:.3f},{:.3f},{}\n", to_string(day), i % 500, price, price * 1.02,
                       price * 0.98, price * 1.01, 1000 + i % 10'007);
  }
  return out;
}

void parse(benchmark::State& state, std::int64_t rows) {
  const std::string text = market_csv(rows);
  const Dialect dialect = must(read_dialect(text, "bench.csv"));
  const Layout layout = must(find_layout(*must(find_import_table("bars")), dialect, "bench.csv", {}));
  for (auto _ : state) {
    const ParsedBars bars = parse_bars(text, dialect, layout, {dialect.body, text.size(), 2}, {});
    if (static_cast<std::int64_t>(bars.accepted()) != rows || bars.symbols.size() != 500) {
      state.SkipWithError("rows were lost");
    }
  }
  state.SetItemsProcessed(state.iterations() * rows);
}

BENCHMARK_CAPTURE(parse, small, 20'000)->Name("parse_bars/small");
BENCHMARK_CAPTURE(parse, large, 1'000'000)->Name("parse_bars/1M")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::source
