// Speed of panels: one field from the parts, one field from the cache, and all a judgement loads. Every run checks the
// cells it got against the walks that were imported.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lode/base/random.h"
#include "lode/base/test_world.h"
#include "lode/io/lake/panels.h"
#include "lode/io/lake/panels/cube.h"
#include "lode/io/lake/panels/frame.h"
#include "lode/market/calendar.h"
#include "lode/market/schema.h"

namespace lode::lake {
namespace {

namespace fs = std::filesystem;

constexpr int kFirstYear = 2010;

// Random walks in cents of a number of instruments of XNYS, handed out year by year as an import would bring them: by
// instrument, then day. Every instrument has a bar on every session.
class Walks {
 public:
  Walks(int instruments, int days) : instruments_(static_cast<std::size_t>(instruments)), cents_(instruments_, 5000.0) {
    closes_.reserve(instruments_ * static_cast<std::size_t>(days));
    const Calendar& calendar = **find_calendar("XNYS");
    for (Date day = calendar.at_or_after(Date::from_civil(kFirstYear, 1, 1));
         days_.size() < static_cast<std::size_t>(days); day = calendar.next(day)) {
      days_.push_back(day);
      for (std::size_t i = 0; i < instruments_; ++i) {
        cents_[i] = std::max(100.0, cents_[i] + static_cast<double>(random_.next_below(201)) - 100.0);
        closes_.push_back(cents_[i] / 100.0);
      }
    }
  }

  std::size_t rows() const { return days_.size(); }
  std::size_t columns() const { return instruments_; }
  double close(std::size_t row, std::size_t column) const { return closes_[row * instruments_ + column]; }
  double volume(std::size_t row, std::size_t column) const { return static_cast<double>(1000 + (row + column) % 9000); }

  std::size_t years() const { return static_cast<std::size_t>(days_.back().year() - kFirstYear) + 1; }

  // Who they are, as an import describes them.
  Batch instruments() const {
    Batch out = empty_batch(*find_table("instruments"));
    for (std::size_t i = 0; i < instruments_; ++i) {
      out.column("instrument_id").push(static_cast<std::uint64_t>(i + 1));
      out.column("mic").push("XNYS");
      out.column("symbol").push("S" + std::to_string(i));
      out.column("adjusted_by_source").push(false);
      for (const char* time : {"event_time", "known_time"}) {
        out.column(time).push(Time{0});
      }
      out.column("known_assumed").push(true);
      out.column("source").push("files");
      out.column("raw_hash").push("00");
      for (Column& column : out.columns()) {
        if (column.size() <= i) {
          column.push_null();
        }
      }
    }
    return out;
  }

  // The bars of one year of the table.
  Batch year(std::size_t index) const {
    const auto first_of = [&](std::size_t year) {
      const Date first = Date::from_civil(kFirstYear + static_cast<int>(year), 1, 1);
      return static_cast<std::size_t>(std::lower_bound(days_.begin(), days_.end(), first) - days_.begin());
    };
    const std::size_t begin = first_of(index);
    const std::size_t end = first_of(index + 1);
    std::vector<std::uint64_t> ids;
    std::vector<std::int32_t> sessions;
    std::vector<std::int64_t> starts, closings, lines;
    std::vector<double> prices, volumes;
    TextData source, hash;
    for (std::size_t column = 0; column < instruments_; ++column) {
      for (std::size_t row = begin; row < end; ++row) {
        ids.push_back(column + 1);
        sessions.push_back(days_[row].days);
        starts.push_back(start_of_day(days_[row]).nanos);
        closings.push_back(end_of_day(days_[row]).nanos);
        lines.push_back(static_cast<std::int64_t>(row));
        prices.push_back(close(row, column));
        volumes.push_back(volume(row, column));
        source.push("files");
        hash.push("00");
      }
    }
    return batch(std::move(ids), std::move(sessions), std::move(starts), std::move(closings), std::move(lines), prices,
                 std::move(volumes), std::move(source), std::move(hash));
  }

 private:
  static Batch batch(std::vector<std::uint64_t> ids, std::vector<std::int32_t> sessions,
                     std::vector<std::int64_t> starts, std::vector<std::int64_t> closings,
                     std::vector<std::int64_t> lines, const std::vector<double>& prices, std::vector<double> volumes,
                     TextData source, TextData hash) {
    const std::size_t rows = ids.size();
    std::vector<Column> columns;
    columns.push_back(Column::uint64("instrument_id", std::move(ids)));
    columns.push_back(Column::int64("interval_seconds", std::vector<std::int64_t>(rows, 0)));
    columns.push_back(Column::date("session", std::move(sessions)));
    columns.push_back(Column::time("start", std::move(starts)));
    for (const char* price : {"open", "high", "low", "close"}) {
      columns.push_back(Column::float64(price, prices));
    }
    columns.push_back(Column::float64("volume", std::move(volumes)));
    Batch out(std::move(columns));
    for (const ColumnSpec& spec : find_table("bars")->columns) {  // What the source did not deliver.
      if (spec.name == "amount" || spec.name == "vwap" || spec.name == "trades" || spec.name == "close_vendor") {
        Column absent(std::string(spec.name), spec.type);
        absent.reserve(rows);
        for (std::size_t i = 0; i < rows; ++i) {
          absent.push_null();
        }
        out.add(std::move(absent));
      }
    }
    out.add(Column::boolean("provisional", std::vector<std::uint8_t>(rows, 0)));
    out.add(Column::uint64("flags", std::vector<std::uint64_t>(rows, 0)));
    out.add(Column::time("event_time", closings));
    out.add(Column::time("known_time", std::move(closings)));
    out.add(Column::boolean("known_assumed", std::vector<std::uint8_t>(rows, 1)));
    out.add(Column::text("source", std::move(source)));
    out.add(Column::text("raw_hash", std::move(hash)));
    out.add(Column::int64("raw_line", std::move(lines)));
    return out;
  }

  std::size_t instruments_;
  std::vector<double> cents_;
  std::vector<double> closes_;
  std::vector<Date> days_;
  Random random_{20100101, 0};
};

// A lake of walks, one compacted part a year. Made once a size and kept for all benchmarks of it.
struct Store {
  Store(int instruments, int days) : pool(0), clock(*parse_as_of("2026-01-05T12:00:00Z")), walks(instruments, days) {
    std::string place = (fs::temp_directory_path() / "lode-panels-bench-XXXXXX").string();
    root = mkdtemp(place.data());
    lake = std::move(*Lake::open(root + "/lake", Access::kCreate, clock, pool));
    {
      auto writer = lake->writer();
      good =
          writer->append("instruments", walks.instruments(), clock.now()) && writer->commit("who", "data import", {});
    }
    for (std::size_t year = 0; year < walks.years(); ++year) {
      auto writer = lake->writer();
      good = good && writer->append("bars", walks.year(year), clock.now()) &&
             writer->commit("year" + std::to_string(year), "data import", {});
    }
  }
  ~Store() {
    lake.reset();
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }

  void forget_cache() const {
    std::error_code ignored;
    fs::remove_all(root + "/lake/panels", ignored);
  }

  bool holds_closes(const Panel& panel) const {
    if (panel.rows() != walks.rows() || panel.columns() != walks.columns()) {
      return false;
    }
    for (std::size_t row = 0; row < panel.rows(); ++row) {
      const auto cells = panel.row64(row);
      for (std::size_t column = 0; column < cells.size(); ++column) {
        if (cells[column] != walks.close(row, column)) {
          return false;
        }
      }
    }
    return true;
  }

  Pool pool;
  FixedClock clock;
  Walks walks;
  bool good = true;
  std::string root;
  std::unique_ptr<Lake> lake;
};

const Store& store_of(const benchmark::State& state) {
  static std::unique_ptr<Store> store;
  static std::pair<std::int64_t, std::int64_t> size;
  const std::pair<std::int64_t, std::int64_t> wanted(state.range(0), state.range(1));
  if (store == nullptr || size != wanted) {
    store = std::make_unique<Store>(static_cast<int>(wanted.first), static_cast<int>(wanted.second));
    size = wanted;
  }
  return *store;
}

void report(benchmark::State& state, const Store& store) {
  state.counters["cells"] = static_cast<double>(store.walks.rows() * store.walks.columns());
  if (!store.good) {
    state.SkipWithError("the import failed");
  }
}

// Frame and one field, as every research command gets them.
Result<Panel> one_field(const Store& store) {
  const Snapshot snapshot = *store.lake->snapshot();
  LODE_TRY(const Frame frame, read_frame(snapshot, {}, {"close"}));
  LODE_TRY(const auto cube, read_cube(snapshot, frame, {"close"}));
  return cube.at("close");
}

void check(benchmark::State& state, const Store& store, const Result<Panel>& panel) {
  if (!panel || !store.holds_closes(*panel)) {
    state.SkipWithError("the cells are not those imported");
  }
}

void one_field_from_parts(benchmark::State& state) {
  const Store& store = store_of(state);
  for (auto _ : state) {
    state.PauseTiming();
    store.forget_cache();
    state.ResumeTiming();
    const Result<Panel> panel = one_field(store);
    state.PauseTiming();
    check(state, store, panel);
    state.ResumeTiming();
  }
  report(state, store);
}

// As after an import: instruments and sessions are known, the field is not.
void one_field_from_parts_with_frame(benchmark::State& state) {
  const Store& store = store_of(state);
  const Snapshot snapshot = *store.lake->snapshot();
  const Result<Frame> frame = read_frame(snapshot, {});
  for (auto _ : state) {
    state.PauseTiming();
    store.forget_cache();
    state.ResumeTiming();
    const auto cube = read_cube(snapshot, *frame, {"close"});
    state.PauseTiming();
    check(state, store, cube ? Result<Panel>(cube->at("close")) : Result<Panel>(fail(cube.error().clone())));
    state.ResumeTiming();
  }
  report(state, store);
}

void one_field_from_cache(benchmark::State& state) {
  const Store& store = store_of(state);
  check(state, store, one_field(store));
  for (auto _ : state) {
    const Result<Panel> panel = one_field(store);
    if (!panel || panel->at(panel->rows() - 1, 0) != store.walks.close(store.walks.rows() - 1, 0)) {
      state.SkipWithError("the cells are not those imported");
    }
  }
  check(state, store, one_field(store));
  report(state, store);
}

// The five fields of a judgement with their universe and adjustment, all from the cache.
void judgement_panels_warm(benchmark::State& state) {
  const Store& store = store_of(state);
  const PanelRequest request{.fields = {"open", "high", "low", "close", "volume"}};
  Pool pool(0);
  {
    const Result<PanelSet> first = load_panels(*store.lake->snapshot(), request, pool);
    check(state, store, first ? Result<Panel>(first->panels.at("close")) : Result<Panel>(fail(first.error().clone())));
  }
  for (auto _ : state) {
    const Result<PanelSet> set = load_panels(*store.lake->snapshot(), request, pool);
    if (!set || set->universe.size() != store.walks.rows() * store.walks.columns() || set->universe.back() != 1) {
      state.SkipWithError("the panels are not those imported");
    }
  }
  report(state, store);
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Args({5000, 2500})->MeasureProcessCPUTime()->UseRealTime()->Unit(benchmark::kMillisecond);
}
void small(benchmark::internal::Benchmark* bench) {
  bench->Args({7, 300})->UseRealTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK(one_field_from_parts)->Name("one_field_from_parts/small")->Apply(small);
BENCHMARK(one_field_from_parts_with_frame)->Name("one_field_from_parts_with_frame/small")->Apply(small);
BENCHMARK(one_field_from_cache)->Name("one_field_from_cache/small")->Apply(small);
BENCHMARK(judgement_panels_warm)->Name("judgement_panels_warm/small")->Apply(small);
BENCHMARK(one_field_from_parts)->Apply(sizes);
BENCHMARK(one_field_from_parts_with_frame)->Apply(sizes);
BENCHMARK(one_field_from_cache)->Apply(sizes);
BENCHMARK(judgement_panels_warm)->Apply(sizes);

}  // namespace
}  // namespace lode::lake
