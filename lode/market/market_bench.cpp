// Speed of what an import does once a row: sorting, taking and appending rows, closes, adjustment, judging, flagging.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>

#include "lode/base/assert.h"
#include "lode/market/action.h"
#include "lode/market/batch.h"
#include "lode/market/calendar_rules.h"
#include "lode/market/instrument.h"
#include "lode/market/quality.h"

namespace lode {
namespace {

constexpr std::size_t kSmall = 10'000;
constexpr std::size_t kMillion = 1'000'000;
constexpr std::size_t kInstruments = 550;

const Calendar& new_york() { return **find_calendar("XNYS"); }

// Bars as files deliver them: by session, then symbol, so far from the table's order by id.
Batch bars(std::size_t rows) {
  std::vector<std::uint64_t> ids;
  for (std::size_t i = 0; i < kInstruments; ++i) {
    ids.push_back(instrument_id("XNYS", "S" + std::to_string(i)).value);
  }
  Column id("instrument_id", ColumnType::kUint64);
  Column session("session", ColumnType::kDate);
  Column start("start", ColumnType::kTime);
  Column close("close", ColumnType::kFloat64);
  Column source("source", ColumnType::kText);
  Date date = Date::from_civil(2007, 1, 3);
  for (std::size_t row = 0; row < rows; ++row) {
    if (row > 0 && row % kInstruments == 0) {
      date = new_york().next(date);
    }
    id.push(ids[row % kInstruments]);
    session.push(date);
    start.push(new_york().open(date));
    close.push(static_cast<double>(row % 997) + 1.0);
    source.push("files");
  }
  Batch batch({id, session, start, close, source});
  batch.add(Column::int64("interval_seconds", std::vector<std::int64_t>(rows, 0)));
  return batch;
}

const std::vector<std::string_view> kKey = {"instrument_id", "interval_seconds", "session", "start"};

void per_row(benchmark::State& state, std::size_t rows) {
  state.SetItemsProcessed(static_cast<std::int64_t>(rows) * state.iterations());
}

void sorted_rows(benchmark::State& state, std::size_t rows) {
  const Batch batch = bars(rows);
  std::vector<std::uint32_t> order;
  for (auto _ : state) {
    order = batch.sorted_rows(kKey);
    benchmark::DoNotOptimize(order.data());
  }
  const auto ids = batch.column("instrument_id").uint64s();
  const auto sessions = batch.column("session").dates();
  LODE_ASSERT(std::ranges::is_sorted(order, [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(ids[a], sessions[a]) < std::pair(ids[b], sessions[b]);
  }));
  per_row(state, rows);
}

void sorted_rows_in_order(benchmark::State& state, std::size_t rows) {
  const Batch unsorted = bars(rows);
  const Batch batch = unsorted.take(unsorted.sorted_rows(kKey));
  std::vector<std::uint32_t> order;
  for (auto _ : state) {
    order = batch.sorted_rows(kKey);
    benchmark::DoNotOptimize(order.data());
  }
  LODE_ASSERT(std::ranges::is_sorted(order));
  per_row(state, rows);
}

void take(benchmark::State& state, std::size_t rows) {
  const Batch batch = bars(rows);
  const std::vector<std::uint32_t> order = batch.sorted_rows(kKey);
  for (auto _ : state) {
    const Batch taken = batch.take(order);
    LODE_ASSERT(taken.rows() == rows);
    benchmark::DoNotOptimize(&taken);
  }
  per_row(state, rows);
}

void append(benchmark::State& state, std::size_t rows) {
  const Batch part = bars(rows / 10);
  for (auto _ : state) {
    Batch whole = part;
    for (int i = 1; i < 10; ++i) {
      whole.append(part);
    }
    LODE_ASSERT(whole.rows() == rows);
    benchmark::DoNotOptimize(&whole);
  }
  per_row(state, rows);
}

void session_closes(benchmark::State& state, std::size_t rows) {
  const std::vector<Date> sessions = new_york().sessions(Date::from_civil(2007, 1, 1), Date::from_civil(2014, 12, 31));
  LODE_ASSERT(sessions.size() == 2014);
  for (auto _ : state) {
    std::int64_t sum = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      sum ^= session_close(&new_york(), sessions[row % sessions.size()]).nanos;
    }
    benchmark::DoNotOptimize(sum);
  }
  per_row(state, rows);
}

// The first use of a calendar: twice 9,000 instants from the system's zone data.
void build_calendar(benchmark::State& state, std::size_t) {
  for (auto _ : state) {
    const auto calendar = make_calendar(new_york_rules("XNYS", "New York Stock Exchange"));
    LODE_ASSERT(calendar.has_value());
  }
}

std::vector<BarRow> series(std::size_t rows) {
  std::mt19937_64 random(1);
  std::vector<BarRow> out;
  Date session = Date::from_civil(2000, 1, 3);
  double close = 100.0;
  for (std::size_t row = 0; row < rows; ++row) {
    close *= 1.0 + (static_cast<double>(random() % 401) - 200.0) / 10'000.0;
    out.push_back({session, close, close * 1.01, close * 0.99, close, static_cast<double>(1000 + random() % 100'000)});
    session = new_york().next(session);
  }
  return out;
}

// Judges and flags the series of as many instruments as make up `rows`.
void judge(benchmark::State& state, std::size_t rows) {
  constexpr std::size_t kSessions = 2'000;
  const std::vector<BarRow> bars_of_one = series(kSessions);
  for (auto _ : state) {
    std::size_t odd = 0;
    for (std::size_t done = 0; done < rows; done += kSessions) {
      for (const BarRow& row : bars_of_one) {
        LODE_ASSERT(check_row(row, &new_york(), {}).number == 0);
      }
      odd += flag_rows(bars_of_one, {}, true, {}).size();
    }
    LODE_ASSERT(odd == rows);
  }
  per_row(state, rows);
}

void adjustment(benchmark::State& state, std::size_t rows) {
  constexpr std::size_t kSessions = 2'000;
  const std::vector<BarRow> bars_of_one = series(kSessions);
  std::vector<Date> sessions;
  std::vector<double> closes;
  std::vector<Action> actions;
  for (std::size_t i = 0; i < kSessions; ++i) {
    sessions.push_back(bars_of_one[i].session);
    closes.push_back(bars_of_one[i].close);
    if (i > 0 && i % 63 == 0) {
      actions.push_back({sessions.back(), ActionKind::kDividend, 1.0, 0.25, Time{0}});
    }
  }
  const Time as_of = end_of_day(Date::from_civil(2030, 1, 1));
  for (auto _ : state) {
    for (std::size_t done = 0; done < rows; done += kSessions) {
      const Adjustment out = adjust(sessions, closes, actions, as_of, Adjust::kAll);
      LODE_ASSERT(out.faults.empty() && out.price.back() == 1.0 && out.price.front() < 1.0);
    }
  }
  per_row(state, rows);
}

#define LODE_SIZES(function)                                                 \
  BENCHMARK_CAPTURE(function, small, kSmall)->Unit(benchmark::kMillisecond); \
  BENCHMARK_CAPTURE(function, million, kMillion)->Unit(benchmark::kMillisecond)

LODE_SIZES(sorted_rows);
LODE_SIZES(sorted_rows_in_order);
LODE_SIZES(take);
LODE_SIZES(append);
LODE_SIZES(session_closes);
LODE_SIZES(judge);
LODE_SIZES(adjustment);
BENCHMARK_CAPTURE(build_calendar, small, kSmall)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode
