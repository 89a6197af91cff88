// Speed of the store: a large import, the same import again, one more day, and reads. Each run checks what it stored or
// read.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>

#include "lode/base/random.h"
#include "lode/base/test_world.h"
#include "lode/io/lake/lake.h"
#include "lode/market/schema.h"

namespace lode::lake {
namespace {

namespace fs = std::filesystem;

constexpr int kYears = 8;
constexpr int kDaysAYear = 252;

// Raw bars as an import makes them: `instruments` random walks in cents over eight years, in the order of their files.
Batch walks(int instruments, int first_day, int days) {
  const auto rows = static_cast<std::size_t>(instruments) * static_cast<std::size_t>(days);
  std::vector<std::uint64_t> ids, flags(rows, 0);
  std::vector<std::int64_t> zero(rows, 0), starts, closes, line_numbers;
  std::vector<std::int32_t> sessions;
  std::vector<double> open, high, low, close, volume;
  TextData source, hash;
  for (int i = 0; i < instruments; ++i) {
    Random random(20070103, static_cast<std::uint64_t>(i));
    const std::string name = std::to_string(i) + std::string(60, 'f');
    double cents = 5000.0;
    for (int d = 0; d < first_day + days; ++d) {
      cents = std::max(100.0, cents + static_cast<double>(random.next_below(201)) - 100.0);
      const double shares = static_cast<double>(random.next_below(10'000'000));
      if (d < first_day) {
        continue;
      }
      const Date date = Date::from_civil(2007 + d / kDaysAYear, 1, 1) + d % kDaysAYear;
      ids.push_back(static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15UL);
      sessions.push_back(date.days);
      starts.push_back(start_of_day(date).nanos);
      closes.push_back(end_of_day(date).nanos);
      open.push_back((cents - 5) / 100);
      high.push_back((cents + 50) / 100);
      low.push_back((cents - 50) / 100);
      close.push_back(cents / 100);
      volume.push_back(shares);
      source.push("files");
      hash.push(name);
      line_numbers.push_back(d + 2);
    }
  }
  const std::vector<double> absent(rows, std::numeric_limits<double>::quiet_NaN());
  Column trades("trades", ColumnType::kInt64);
  trades.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    trades.push_null();
  }
  std::vector<Column> columns;
  columns.push_back(Column::uint64("instrument_id", ids));
  columns.push_back(Column::int64("interval_seconds", zero));
  columns.push_back(Column::date("session", sessions));
  columns.push_back(Column::time("start", starts));
  columns.push_back(Column::float64("open", open));
  columns.push_back(Column::float64("high", high));
  columns.push_back(Column::float64("low", low));
  columns.push_back(Column::float64("close", close));
  columns.push_back(Column::float64("volume", volume));
  columns.push_back(Column::float64("amount", absent));
  columns.push_back(Column::float64("vwap", absent));
  columns.push_back(trades);
  columns.push_back(Column::float64("close_vendor", absent));
  columns.push_back(Column::boolean("provisional", std::vector<std::uint8_t>(rows, 0)));
  columns.push_back(Column::uint64("flags", flags));
  columns.push_back(Column::time("event_time", closes));
  columns.push_back(Column::time("known_time", closes));
  columns.push_back(Column::boolean("known_assumed", std::vector<std::uint8_t>(rows, 1)));
  columns.push_back(Column::text("source", source));
  columns.push_back(Column::text("raw_hash", hash));
  columns.push_back(Column::int64("raw_line", line_numbers));
  return Batch(std::move(columns));
}

struct Store {
  Store() : pool(0), clock(*parse_as_of("2026-01-05T12:00:00Z")) {
    std::string place = (fs::temp_directory_path() / "lode-lake-bench-XXXXXX").string();
    root = mkdtemp(place.data());
    lake = std::move(*Lake::open(root + "/lake", Access::kCreate, clock, pool));
  }
  ~Store() {
    lake.reset();
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }
  // Rows kept, or -1.
  std::int64_t import(Batch batch, const std::string& token) {
    auto writer = lake->writer();
    const auto outcome = writer->append("bars", std::move(batch), clock.now());
    if (!outcome || !writer->commit(token, "data import", {})) {
      return -1;
    }
    return outcome->kept;
  }

  Pool pool;
  FixedClock clock;
  std::string root;
  std::unique_ptr<Lake> lake;
};

void report(benchmark::State& state, std::int64_t rows) {
  state.counters["rows"] = static_cast<double>(rows);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * rows);
}

void import_new(benchmark::State& state) {
  const auto instruments = static_cast<int>(state.range(0));
  const Batch batch = walks(instruments, 0, kYears * kDaysAYear);
  const auto rows = static_cast<std::int64_t>(batch.rows());
  for (auto _ : state) {
    state.PauseTiming();
    auto store = std::make_unique<Store>();
    Batch copy = batch;
    state.ResumeTiming();
    if (store->import(std::move(copy), "a") != rows) {
      state.SkipWithError("rows were lost");
    }
    state.PauseTiming();
    store.reset();
    state.ResumeTiming();
  }
  report(state, rows);
}

void import_again(benchmark::State& state) {
  const Batch batch = walks(static_cast<int>(state.range(0)), 0, kYears * kDaysAYear);
  Store store;
  store.import(batch, "a");
  for (auto _ : state) {
    state.PauseTiming();
    Batch copy = batch;
    state.ResumeTiming();
    if (store.import(std::move(copy), "b") != 0) {
      state.SkipWithError("equal rows were stored twice");
    }
  }
  report(state, static_cast<std::int64_t>(batch.rows()));
}

void import_one_more_day(benchmark::State& state) {
  const auto instruments = static_cast<int>(state.range(0));
  Store store;
  store.import(walks(instruments, 0, kYears * kDaysAYear - 40), "a");
  int added = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Batch batch = walks(instruments, kYears * kDaysAYear - 40 + added, 1);
    state.ResumeTiming();
    if (store.import(std::move(batch), "day" + std::to_string(added++)) != instruments) {
      state.SkipWithError("rows were lost");
    }
  }
  report(state, instruments);
}

void read_columns(benchmark::State& state, std::vector<std::string> columns) {
  const auto instruments = static_cast<int>(state.range(0));
  Store store;
  store.import(walks(instruments, 0, kYears * kDaysAYear), "a");
  const Query query{.columns = std::move(columns)};
  const auto expected = static_cast<std::size_t>(instruments) * kYears * kDaysAYear;
  for (auto _ : state) {
    const auto rows = store.lake->snapshot()->read("bars", query);
    if (!rows || rows->rows() != expected) {
      state.SkipWithError("rows were lost");
    }
  }
  report(state, static_cast<std::int64_t>(expected));
}

void read_one_field(benchmark::State& state) { read_columns(state, {"instrument_id", "session", "close"}); }
void read_all(benchmark::State& state) { read_columns(state, {}); }

void open_and_snapshot(benchmark::State& state) {
  Store store;
  for (int i = 0; i < static_cast<int>(state.range(0)); ++i) {
    store.import(walks(2, i, 1), "day" + std::to_string(i));
  }
  for (auto _ : state) {
    auto lake = Lake::open(store.root + "/lake", Access::kRead, store.clock, store.pool);
    if (!lake || (*lake)->snapshot()->commit() != state.range(0)) {
      state.SkipWithError("commits were lost");
    }
  }
}

BENCHMARK(import_new)->Name("import_new/small")->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(import_new)->Arg(521)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(import_again)->Name("import_again/small")->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(import_again)->Arg(521)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(import_one_more_day)
    ->Name("import_one_more_day/small")
    ->Arg(4)
    ->Iterations(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(import_one_more_day)->Arg(521)->Iterations(20)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_one_field)->Name("read_one_field/small")->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_one_field)->Arg(521)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_all)->Name("read_all/small")->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_all)->Arg(521)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(open_and_snapshot)->Name("open_and_snapshot/small")->Arg(4)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(open_and_snapshot)->Arg(500)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::lake
