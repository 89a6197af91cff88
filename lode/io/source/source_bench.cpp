// What parsing a row of bars and a chart of Yahoo's costs; the answer is checked against the rows that were written.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <string>

#include "lode/base/must.h"
#include "lode/io/source/bars.h"
#include "lode/io/source/yahoo/chart_body.h"

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

// Daily rows with prices of single precision, as Yahoo writes them: 129.0399932861328.
std::string chart_json(std::int64_t rows) {
  std::array<std::string, 7> lists;
  const auto price = [](std::int64_t seed) {
    return fmt::format("{}", static_cast<double>(static_cast<float>(100.0 + static_cast<double>(seed % 9770) / 100.0)));
  };
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::array<std::string, 7> cells = {
        std::to_string(345'479'400 + 86'400 * i),    price(i), price(i + 7), price(i + 3), price(i + 5), price(i + 11),
        std::to_string(1'000'000 + i * 37 % 999'983)};
    for (std::size_t c = 0; c < cells.size(); ++c) {
      lists[c] += (i == 0 ? "" : ",") + cells[c];
    }
  }
  return fmt::format(
      R"({{"chart":{{"result":[{{"meta":{{"currency":"USD","symbol":"A","exchangeName":"NMS","gmtoffset":-18000}},)"
      R"("timestamp":[{}],"indicators":{{"quote":[{{"open":[{}],"high":[{}],"low":[{}],"close":[{}],"volume":[{}]}}],)"
      R"("adjclose":[{{"adjclose":[{}]}}]}}}}],"error":null}}}})",
      lists[0], lists[1], lists[2], lists[3], lists[4], lists[6], lists[5]);
}

void chart(benchmark::State& state, std::int64_t rows) {
  const std::string body = chart_json(rows);
  for (auto _ : state) {
    const yahoo::Chart read = must(yahoo::read_chart(body, "A", true));
    if (static_cast<std::int64_t>(read.bars.size()) != rows || read.bars[0].row.open != 100.0) {
      state.SkipWithError("rows were lost");
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

BENCHMARK_CAPTURE(chart, small, 250)->Name("yahoo_chart/250");
BENCHMARK_CAPTURE(chart, large, 15'000)->Name("yahoo_chart/15k")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::source
