// An import from files to a durable commit; the rows that come back are counted.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

// One file a year, sorted by date then symbol, like most deliveries. Returns the number of rows.
std::int64_t write_market(const std::string& folder, int symbols, int years) {
  const Calendar* calendar = must(find_calendar("XNYS"));
  std::filesystem::create_directories(folder);
  std::int64_t rows = 0;
  for (int year = 2010; year < 2010 + years; ++year) {
    std::ofstream out(fmt::format("{}/{}.csv", folder, year));
    out << "date,symbol,open,high,low,close,volume\n";
    for (const Date day : calendar->sessions(Date::from_civil(year, 1, 1), Date::from_civil(year, 12, 31))) {
      for (int symbol = 0; symbol < symbols; ++symbol, ++rows) {
        const double price = 20.0 + symbol % 80 + static_cast<double>((day.days * 31 + symbol * 17) % 997) / 500.0;
        out << fmt::format("{},S{:04},{:.3f},{:.3f},{:.3f},{:.3f},{}\n", to_string(day), symbol, price, price * 1.01,
                           price * 0.99, price * 1.002, 10'000 + (day.days * 7919 + symbol) % 90'000);
      }
    }
  }
  return rows;
}

void import_bars(benchmark::State& state, int symbols, int years) {
  TestWorld world;
  const std::string folder = world.folder + "/data";
  const std::int64_t rows = write_market(folder, symbols, years);
  IngestRequest request;
  request.paths = {folder};
  request.mic = "XNYS";
  for (auto _ : state) {
    state.PauseTiming();
    std::filesystem::remove_all(world.folder + "/lake");
    state.ResumeTiming();
    World inner = world.world();
    const IngestReport report = must(ingest(inner, request));
    if (report.kept != rows || report.set_aside != 0 || report.symbols != symbols) {
      state.SkipWithError("rows were lost");
    }
  }
  state.SetItemsProcessed(state.iterations() * rows);
}

BENCHMARK_CAPTURE(import_bars, small, 20, 1)->Name("import_bars/small")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(import_bars, large, 500, 8)->Name("import_bars/1M")->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace lode::flow
