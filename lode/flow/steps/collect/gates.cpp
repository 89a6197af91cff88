// Flags of bars that come from a source.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include "lode/flow/steps/ingest/known.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

source::TableRows* find_rows(source::Parsed& parsed, std::string_view table) {
  const auto found = std::ranges::find(parsed.tables, table, &source::TableRows::table);
  return found == parsed.tables.end() ? nullptr : &*found;
}

// What the answer says of an instrument.
struct Who {
  bool is_equity = false;
  const Calendar* calendar = nullptr;
};

std::map<std::uint64_t, Who> instruments_of(source::Parsed& parsed) {
  std::map<std::uint64_t, Who> out;
  const source::TableRows* rows = find_rows(parsed, "instruments");
  for (std::size_t row = 0; rows != nullptr && row < rows->rows.rows(); ++row) {
    Who who;
    who.is_equity = rows->rows.column("kind").cell(row) == "equity";
    if (const auto calendar = find_calendar(rows->rows.column("mic").cell(row))) {
      who.calendar = *calendar;
    }
    out[rows->rows.column("instrument_id").uint64s()[row]] = who;
  }
  return out;
}

void add_splits(const Batch& actions, std::uint64_t id, std::vector<Date>& out) {
  for (std::size_t row = 0; row < actions.rows(); ++row) {
    if (actions.column("kind").cell(row) == "split" && actions.column("instrument_id").uint64s()[row] == id) {
      out.push_back(Date{actions.column("ex_date").dates()[row]});
    }
  }
}

Result<std::vector<Date>> splits_of(const lake::Snapshot& snapshot, source::Parsed& parsed, std::uint64_t id) {
  std::vector<Date> out;
  if (const source::TableRows* fresh = find_rows(parsed, "actions"); fresh != nullptr) {
    add_splits(fresh->rows, id, out);
  }
  LODE_TRY(const Batch stored, snapshot.read("actions", {.columns = {"instrument_id", "ex_date", "kind"},
                                                         .instruments = {InstrumentId{id}},
                                                         .from = {},
                                                         .to = {},
                                                         .as_of = {},
                                                         .where = {}}));
  if (stored.rows() > 0) {
    add_splits(stored, id, out);
  }
  std::ranges::sort(out);
  return out;
}

BarRow bar_at(const Batch& bars, std::size_t row) {
  const auto number = [&](std::string_view column) {
    const Column& values = bars.column(column);
    return values.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : values.float64s()[row];
  };
  return {Date{bars.column("session").dates()[row]},
          number("open"),
          number("high"),
          number("low"),
          number("close"),
          number("volume")};
}

// Bars of one instrument and length, by their starts.
struct Line {
  std::uint64_t id = 0;
  std::int64_t interval_seconds = 0;
  auto operator<=>(const Line&) const = default;
};

constexpr int kIntradayContextDays = 5;  // Minutes of more sessions would be read at each answer of a live fetch.

// The stored bars before the first new one.
Result<std::vector<BarRow>> bars_before(const lake::Snapshot& snapshot, const Line& line, Date first, Time start) {
  const bool is_daily = line.interval_seconds == 0;
  LODE_TRY(const Batch stored,
           snapshot.read("bars", {.columns = {"session", "start", "open", "high", "low", "close", "volume"},
                                  .instruments = {InstrumentId{line.id}},
                                  .from = first - (is_daily ? kContextDays : kIntradayContextDays),
                                  .to = is_daily ? first - 1 : first,
                                  .as_of = {},
                                  .where = fmt::format("interval_seconds = {}", line.interval_seconds)}));
  std::vector<std::pair<std::int64_t, BarRow>> rows;
  for (std::size_t row = 0; row < stored.rows(); ++row) {
    if (const std::int64_t at = stored.column("start").times()[row]; is_daily || at < start.nanos) {
      rows.emplace_back(at, bar_at(stored, row));
    }
  }
  std::ranges::sort(rows, {}, &std::pair<std::int64_t, BarRow>::first);
  std::vector<BarRow> out;
  for (const auto& [at, bar] : rows) {
    out.push_back(bar);
  }
  return out;
}

}  // namespace

Result<void> flag_bars(const lake::Snapshot& snapshot, const QualityLimits& limits, source::Parsed& parsed) {
  source::TableRows* found = find_rows(parsed, "bars");
  if (found == nullptr) {
    return {};
  }
  Batch& bars = found->rows;
  std::map<Line, std::vector<std::size_t>> lines;
  for (std::size_t row = 0; row < bars.rows(); ++row) {
    lines[{bars.column("instrument_id").uint64s()[row], bars.column("interval_seconds").int64s()[row]}].push_back(row);
  }
  const auto old = bars.column("flags").uint64s();
  std::vector<std::uint64_t> flags(old.begin(), old.end());
  std::map<std::uint64_t, Who> who = instruments_of(parsed);
  for (auto& [line, rows] : lines) {
    const std::uint64_t id = line.id;
    std::ranges::sort(rows, {}, [&](std::size_t row) { return bars.column("start").times()[row]; });
    LODE_TRY(std::vector<BarRow> sight, bars_before(snapshot, line, Date{bars.column("session").dates()[rows.front()]},
                                                    Time{bars.column("start").times()[rows.front()]}));
    const std::size_t before = sight.size();
    for (const std::size_t row : rows) {
      sight.push_back(bar_at(bars, row));
    }
    LODE_TRY(const std::vector<Date> splits, splits_of(snapshot, parsed, id));
    const std::vector<std::uint64_t> told = flag_rows(sight, splits, who[id].is_equity, limits, who[id].calendar);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      flags[rows[i]] |= told[before + i];
    }
  }
  bars.column("flags") = Column::uint64("flags", std::move(flags));
  return {};
}

}  // namespace lode::flow
