// Series of kept rows: what state of prices they are of, and which a run goes on with.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/kept/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <set>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/indicator/keep.h"

namespace lode::flow {
namespace {

constexpr std::array<std::string_view, 5> kFields = {"open", "high", "low", "close", "volume"};
constexpr std::uint64_t kMissing = ~std::uint64_t{0};

// What a run wrote of an instrument, from indicator_series. Runs of before that table have rows alone: a series each,
// of a state nobody knows.
struct Entry {
  std::string run;
  std::int64_t place = 0;  // Of the run, in the order of asking
  std::uint64_t instrument = 0;
  std::string series;
  std::string filled;
  Date first, last;
  std::optional<std::uint64_t> state;
};

// An instrument's newest series.
struct Series {
  std::string name;
  std::int64_t place = 0;
  std::set<std::string> runs;
  std::string filled;  // By any of them
  Date first, last;
  std::optional<std::uint64_t> state;  // Of the last
};
using SeriesOf = std::map<std::uint64_t, Series>;

struct Asked {
  std::int64_t place = 0;
  std::string filled;
  bool is_stored = false;  // Its rows were stored under a row that stands.
};

std::string quoted_list(const std::set<std::string>& runs) {
  return "'" + join(std::vector<std::string>(runs.begin(), runs.end()), "', '") + "'";
}

// The runs of a table and choice, by hash.
Result<std::map<std::string, Asked>> read_asked(const lake::Snapshot& snapshot, const TableSpec& table,
                                                const std::string& choice) {
  lake::Query query;
  query.columns = {"run", "place", "is_again", "choice", "filled"};
  query.where = fmt::format("target = '{}'", table.name);
  LODE_TRY(const Batch batch, snapshot.read("indicator_runs", query));
  std::map<std::string, Asked> out;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    if (batch.column("choice").texts()[row] != choice) {
      continue;
    }
    Asked& one = out[std::string(batch.column("run").texts()[row])];
    one.place = std::max(one.place, batch.column("place").int64s()[row]);
    one.filled = batch.column("filled").texts()[row];
    one.is_stored = one.is_stored || batch.column("is_again").bools()[row] == 0;
  }
  std::erase_if(out, [](const auto& item) { return !item.second.is_stored; });
  return out;
}

// Entries of runs that have rows and none in indicator_series.
Result<void> add_early(const lake::Snapshot& snapshot, const TableSpec& table,
                       const std::map<std::string, Asked>& asked, std::vector<Entry>& entries) {
  std::set<std::string> early;
  for (const auto& [run, one] : asked) {
    early.insert(run);
  }
  for (const Entry& entry : entries) {
    early.erase(entry.run);
  }
  if (early.empty()) {
    return {};
  }
  lake::Query query;
  query.columns = {"run", "session", "instrument_id"};
  query.where = fmt::format("run IN ({})", quoted_list(early));
  LODE_TRY(const Batch batch, snapshot.read(table.name, query));
  std::map<std::pair<std::string, std::uint64_t>, Entry> found;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const std::string run(batch.column("run").texts()[row]);
    const std::uint64_t instrument = batch.column("instrument_id").uint64s()[row];
    const Date session{batch.column("session").dates()[row]};
    const Asked& one = asked.at(run);
    Entry& entry = found
                       .try_emplace({run, instrument},
                                    Entry{run, one.place, instrument, run, one.filled, session, session, std::nullopt})
                       .first->second;
    entry.first = std::min(entry.first, session);
    entry.last = std::max(entry.last, session);
  }
  for (auto& [key, entry] : found) {
    entries.push_back(std::move(entry));
  }
  return {};
}

Result<std::vector<Entry>> read_entries(const lake::Snapshot& snapshot, const TableSpec& table,
                                        const std::string& choice) {
  std::vector<Entry> out;
  LODE_TRY(const auto asked, read_asked(snapshot, table, choice));
  if (asked.empty()) {
    return out;
  }
  std::set<std::string> runs;
  for (const auto& [run, one] : asked) {
    runs.insert(run);
  }
  lake::Query query;
  query.columns = {"run", "instrument_id", "series", "filled", "first", "last", "state"};
  query.where = fmt::format("run IN ({})", quoted_list(runs));
  LODE_TRY(const Batch batch, snapshot.read("indicator_series", query));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const std::string run(batch.column("run").texts()[row]);
    out.push_back({run, asked.at(run).place, batch.column("instrument_id").uint64s()[row],
                   std::string(batch.column("series").texts()[row]), std::string(batch.column("filled").texts()[row]),
                   Date{batch.column("first").dates()[row]}, Date{batch.column("last").dates()[row]},
                   batch.column("state").uint64s()[row]});
  }
  LODE_CHECK(add_early(snapshot, table, asked, out));
  return out;
}

// Each instrument's newest series, with what all its runs wrote.
SeriesOf newest_series(const std::vector<Entry>& entries) {
  SeriesOf out;
  for (const Entry& entry : entries) {
    const auto [at, is_new] = out.try_emplace(entry.instrument, Series{entry.series, entry.place});
    if (!is_new && entry.place > at->second.place) {
      at->second = Series{entry.series, entry.place};
    }
  }
  for (const Entry& entry : entries) {
    Series& series = out.at(entry.instrument);
    if (series.name != entry.series) {
      continue;
    }
    const bool is_first = series.runs.empty();
    series.first = is_first ? entry.first : std::min(series.first, entry.first);
    if (is_first || entry.last > series.last) {
      series.last = entry.last;
      series.state = entry.state;
    }
    series.filled += entry.filled;
    series.runs.insert(entry.run);
  }
  return out;
}

// The states of a run's own bars that a series is held against.
struct OwnStates {
  std::vector<std::optional<std::uint64_t>> at_last;  // By column: at the last session of its series
  std::vector<std::uint64_t> end;                     // .. of its own last bar
  std::vector<std::optional<Date>> last;              // .. when that is
  std::vector<bool> is_asked;                         // .. whether the run was asked for a row of it
};

OwnStates own_states(const LakeBars& bars, const SeriesOf& kept) {
  const Axis& axis = *bars.set.axis;
  const PriceStates states(bars);
  OwnStates out{std::vector<std::optional<std::uint64_t>>(axis.columns()), std::vector<std::uint64_t>(axis.columns()),
                std::vector<std::optional<Date>>(axis.columns()), std::vector<bool>(axis.columns())};
  std::vector<const Series*> series(axis.columns());
  for (std::size_t place = 0; place < axis.columns(); ++place) {
    const auto found = kept.find(axis.instruments[place].value);
    series[place] = found == kept.end() ? nullptr : &found->second;
  }
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    const auto closes = bars.set.panels.at("close").row64(row);
    for (std::size_t place = 0; place < axis.columns(); ++place) {
      if (math::is_nan(closes[place])) {
        continue;
      }
      out.end[place] = states.after(out.end[place], row, place);
      out.last[place] = axis.sessions[row];
      if (series[place] != nullptr && series[place]->last == axis.sessions[row]) {
        out.at_last[place] = out.end[place];
      }
      const bool is_member = bars.set.universe.empty() || bars.set.universe[row * axis.columns() + place] != 0;
      out.is_asked[place] = out.is_asked[place] || (row >= bars.first_row && is_member);
    }
  }
  return out;
}

// Of instruments whose series goes on behind the bars that a run has: the state of the series at the run's last bar.
Result<std::map<std::uint64_t, std::uint64_t>> states_before(const lake::Snapshot& snapshot, const TableSpec& table,
                                                             const Axis& axis, const SeriesOf& kept,
                                                             const OwnStates& own) {
  lake::Query query;
  std::set<std::string> runs;
  for (std::size_t place = 0; place < axis.columns(); ++place) {
    const auto found = kept.find(axis.instruments[place].value);
    if (found == kept.end() || !own.last[place] || *own.last[place] >= found->second.last) {
      continue;
    }
    query.instruments.push_back(axis.instruments[place]);
    query.from = query.from ? std::min(*query.from, *own.last[place]) : *own.last[place];
    query.to = query.to ? std::max(*query.to, *own.last[place]) : *own.last[place];
    runs.insert(found->second.runs.begin(), found->second.runs.end());
  }
  std::map<std::uint64_t, std::uint64_t> out;
  if (runs.empty()) {
    return out;
  }
  query.columns = {"run", "session", "instrument_id", "state"};
  query.where = fmt::format("state IS NOT NULL AND run IN ({})", quoted_list(runs));
  LODE_TRY(const Batch batch, snapshot.read(table.name, query));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const std::uint64_t instrument = batch.column("instrument_id").uint64s()[row];
    const auto place = static_cast<std::size_t>(axis.column_of(InstrumentId{instrument}));
    if (*own.last[place] == Date{batch.column("session").dates()[row]} &&
        kept.at(instrument).runs.contains(std::string(batch.column("run").texts()[row]))) {
      out[instrument] = batch.column("state").uint64s()[row];
    }
  }
  return out;
}

RowRange rows_between(const Axis& axis, Date first, Date last) {
  const auto begin = std::ranges::lower_bound(axis.sessions, first);
  const auto end = std::ranges::upper_bound(axis.sessions, last);
  return {static_cast<std::size_t>(begin - axis.sessions.begin()),
          static_cast<std::size_t>(end - axis.sessions.begin())};
}

// Counts the instruments of which more is written than was asked.
void count_widened(const LakeBars& bars, const LakeWork& work, SeriesPlan& plan) {
  const bool has_more = plan.wide.chosen.size() > work.chosen.size();
  for (const RowRange& rows : plan.again) {
    if (rows.begin < rows.end && (has_more || rows.begin < bars.first_row)) {
      ++plan.widened;
      const Date first = bars.set.axis->sessions[rows.begin];
      plan.since = plan.since ? std::min(*plan.since, first) : first;
    }
  }
}

}  // namespace

PriceStates::PriceStates(const LakeBars& bars) : axis_(bars.set.axis.get()) {
  for (const std::string_view name : kFields) {
    const auto found = bars.set.panels.find(std::string(name));
    fields_.push_back(found == bars.set.panels.end() ? nullptr : &found->second);
  }
}

std::uint64_t PriceStates::after(std::uint64_t before, std::size_t row, std::size_t place) const {
  std::array<std::uint64_t, kFields.size() + 2> words = {before, static_cast<std::uint64_t>(axis_->sessions[row].days)};
  for (std::size_t k = 0; k < kFields.size(); ++k) {
    const double value =
        fields_[k] == nullptr ? std::numeric_limits<double>::quiet_NaN() : fields_[k]->row64(row)[place];
    words[k + 2] = math::is_nan(value) ? kMissing : std::bit_cast<std::uint64_t>(value);
  }
  return xxh3({reinterpret_cast<const char*>(words.data()), sizeof(words)});
}

std::string choice_of(const lake::Run& run) {
  Value choice = Value::object();
  for (const auto& [key, value] : run.request.as_object()) {
    if (key != "indicators" && key != "universe" && key != "from" && key != "to") {
      choice.set(key, value);
    }
  }
  return to_json(choice);
}

std::string filled_of(const LakeWork& work) {
  std::string out = ",";
  for (const OutputColumn& one : output_columns(work.chosen, 0)) {
    out += one.name + ",";
  }
  return out;
}

Result<LakeWork> work_of(std::string_view filled, const LakeWork& work) {
  LakeWork out{.chosen = {}, .rules = work.rules};
  if (out.rules) {
    return out;
  }
  LODE_TRY(out.chosen, kept_indicators({}));
  std::erase_if(out.chosen, [&](const Chosen& one) {
    return filled.find("," + output_columns({&one, 1}, 0).front().name + ",") == std::string_view::npos;
  });
  return out;
}

Result<SeriesPlan> plan_series(const LakeBars& bars, const LakeWork& work, const TableSpec& table,
                               const lake::Run& run) {
  const Axis& axis = *bars.set.axis;
  LODE_TRY(const lake::Snapshot snapshot, bars.lake->snapshot());
  LODE_TRY(const std::vector<Entry> entries, read_entries(snapshot, table, choice_of(run)));
  const SeriesOf kept = newest_series(entries);
  SeriesPlan plan{std::vector<std::string>(axis.columns(), run.hash), std::vector<RowRange>(axis.columns()), work};
  if (kept.empty()) {
    return plan;
  }
  const OwnStates own = own_states(bars, kept);
  LODE_TRY(const auto before, states_before(snapshot, table, axis, kept, own));
  std::string filled = filled_of(work);
  for (std::size_t place = 0; place < axis.columns(); ++place) {
    const auto found = kept.find(axis.instruments[place].value);
    if (found == kept.end() || !own.is_asked[place]) {
      continue;
    }
    const Series& series = found->second;
    const auto there = before.find(found->first);
    const bool is_equal = *own.last[place] < series.last ? there != before.end() && there->second == own.end[place]
                                                         : series.state && own.at_last[place] == series.state;
    if (is_equal) {
      plan.series[place] = series.name;
      continue;
    }
    plan.again[place] = rows_between(axis, series.first, series.last);
    filled += series.filled;
  }
  LODE_TRY(plan.wide, work_of(filled, work));
  count_widened(bars, work, plan);
  return plan;
}

Result<SeriesPlan> stored_plan(const LakeBars& bars, const LakeWork& work, const lake::Run& run) {
  const Axis& axis = *bars.set.axis;
  SeriesPlan plan{std::vector<std::string>(axis.columns(), run.hash), std::vector<RowRange>(axis.columns()), work};
  LODE_TRY(const lake::Snapshot snapshot, bars.lake->snapshot());
  lake::Query query;
  query.where = fmt::format("run = '{}'", run.hash);
  LODE_TRY(const Batch batch, snapshot.read("indicator_series", query));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int place = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (place < 0 || batch.column("again_from").is_null(row)) {
      continue;
    }
    plan.again[static_cast<std::size_t>(place)] =
        rows_between(axis, Date{batch.column("again_from").dates()[row]}, Date{batch.column("again_to").dates()[row]});
    LODE_TRY(plan.wide, work_of(batch.column("filled").texts()[row], work));
  }
  return plan;
}

Result<void> each_planned_block(World& world, const LakeBars& bars, const LakeWork& work, const SeriesPlan& plan,
                                const std::function<Result<void>(const LakeWork&, const LakeBlock&)>& take) {
  std::vector<std::size_t> plain;
  std::vector<std::size_t> again;
  for (std::size_t place = 0; place < plan.again.size(); ++place) {
    (plan.again[place].begin < plan.again[place].end ? again : plain).push_back(place);
  }
  LODE_CHECK(each_block(world, bars, work, plain, [&](const LakeBlock& block) { return take(work, block); }));
  return each_block(world, bars, plan.wide, again, [&](const LakeBlock& block) { return take(plan.wide, block); });
}

Batch series_rows(const LakeBars& bars, const LakeWork& work, const SeriesPlan& plan, const lake::Run& run,
                  const std::map<std::uint64_t, Written>& written, Time now) {
  const Axis& axis = *bars.set.axis;
  const TableSpec* const table = find_table("indicator_series");
  LODE_ASSERT(table != nullptr);
  Batch batch = empty_batch(*table);
  for (const auto& [instrument, rows] : written) {
    const auto place = static_cast<std::size_t>(axis.column_of(InstrumentId{instrument}));
    const RowRange again = plan.again[place];
    const bool is_again = again.begin < again.end;
    batch.column("run").push(std::string_view(run.hash));
    batch.column("instrument_id").push(instrument);
    batch.column("series").push(std::string_view(plan.series[place]));
    batch.column("filled").push(std::string_view(filled_of(is_again ? plan.wide : work)));
    batch.column("first").push(rows.first);
    batch.column("last").push(rows.last);
    batch.column("state").push(rows.state);
    if (is_again) {
      batch.column("again_from").push(axis.sessions[again.begin]);
      batch.column("again_to").push(axis.sessions[again.end - 1]);
    } else {
      batch.column("again_from").push_null();
      batch.column("again_to").push_null();
    }
    batch.column("known_time").push(now);
  }
  return batch;
}

}  // namespace lode::flow
