// Series of kept rows: what state of prices they are of, and which a run goes on with.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/kept/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <span>
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
constexpr double kSecondsMost = 600.0;
constexpr std::int64_t kMemoryMb = 4096;

// What the runs of a table ({0}) and a choice ({1}) wrote of each instrument. Runs of before indicator_series have rows
// alone: a series each, of a state nobody knows.
constexpr std::string_view kMade = R"sql(
WITH asked AS (
  SELECT run, max(place) AS place, any_value(filled) AS filled FROM main.indicator_runs
  WHERE target = '{0}' AND choice = {1} GROUP BY run HAVING bool_or(NOT is_again)),
made AS (
  SELECT a.run, a.place, s.instrument_id, s.series, s.filled, s.last, s.state
  FROM asked a JOIN main.indicator_series s ON s.run = a.run
  UNION ALL
  SELECT a.run, any_value(a.place), r.instrument_id, a.run, any_value(a.filled), max(r.session), NULL
  FROM asked a JOIN main.{0} r ON r.run = a.run WHERE a.run NOT IN (SELECT run FROM main.indicator_series)
  GROUP BY a.run, r.instrument_id)
)sql";

// By instrument, newest first: which series there are.
constexpr std::string_view kSeries = R"sql(
SELECT instrument_id, series, max(last) AS last, arg_max(state, last) AS state,
       coalesce(string_agg(DISTINCT filled, ''), '') AS filled
FROM made GROUP BY instrument_id, series ORDER BY instrument_id, max(place) DESC, max(run) DESC)sql";

// The sessions of which these instruments ({2}) have rows in their newest series.
constexpr std::string_view kSessions = R"sql(,
newest AS (
  SELECT run, instrument_id FROM made WHERE instrument_id IN ({2})
  QUALIFY series = first_value(series) OVER (PARTITION BY instrument_id ORDER BY place DESC, run DESC))
SELECT DISTINCT r.instrument_id, r.session
FROM newest n JOIN main.{0} r ON r.run = n.run AND r.instrument_id = n.instrument_id)sql";

struct Series {
  std::string name;
  Date last;                           // Session of its rows
  std::optional<std::uint64_t> state;  // Of that row
  std::string filled;                  // By any run of it
};
using SeriesOf = std::map<std::uint64_t, std::vector<Series>>;  // Newest first

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? std::string("''") : std::string(1, c);
  }
  return out + "'";
}

Result<Batch> ask(const lake::Snapshot& snapshot, std::string_view what, const TableSpec& table,
                  const std::string& choice, const std::string& instruments) {
  const std::string sql = std::string(kMade) + std::string(what);
  return snapshot.sql(fmt::format(fmt::runtime(sql), table.name, sql_text(choice), instruments), kSecondsMost,
                      kMemoryMb);
}

Result<SeriesOf> read_series(const lake::Snapshot& snapshot, const TableSpec& table, const std::string& choice) {
  SeriesOf out;
  if (snapshot.parts("indicator_runs").empty()) {
    return out;
  }
  LODE_TRY(const Batch batch, ask(snapshot, kSeries, table, choice, ""));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const Column& state = batch.column("state");
    out[batch.column("instrument_id").uint64s()[row]].push_back(
        {std::string(batch.column("series").texts()[row]), Date{batch.column("last").dates()[row]},
         state.is_null(row) ? std::nullopt : std::optional(state.uint64s()[row]),
         std::string(batch.column("filled").texts()[row])});
  }
  return out;
}

// Which of an instrument's series this run's own bars give the state of, by column of the axis: its place among them.
// Since a state holds all bars before it, rows of such a series stand beside the run's whatever either goes on with.
std::vector<std::optional<std::size_t>> equal_series(const LakeBars& bars, const SeriesOf& kept) {
  const Axis& axis = *bars.set.axis;
  const PriceStates states(bars);
  const auto row_of = [&](Date session) {
    const auto at = std::ranges::lower_bound(axis.sessions, session);
    return at == axis.sessions.end() || *at != session ? axis.rows()
                                                       : static_cast<std::size_t>(at - axis.sessions.begin());
  };
  std::vector<const std::vector<Series>*> series(axis.columns());
  std::vector<std::multimap<std::size_t, std::size_t>> ends(axis.columns());  // Series by the row they end at
  for (std::size_t place = 0; place < axis.columns(); ++place) {
    if (const auto found = kept.find(axis.instruments[place].value); found != kept.end()) {
      series[place] = &found->second;
      for (std::size_t k = 0; k < found->second.size(); ++k) {
        ends[place].emplace(row_of(found->second[k].last), k);
      }
    }
  }
  std::vector<std::optional<std::size_t>> out(axis.columns());
  std::vector<std::uint64_t> state(axis.columns());
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    const auto closes = bars.set.panels.at("close").row64(row);
    for (std::size_t place = 0; place < axis.columns(); ++place) {
      if (series[place] == nullptr || math::is_nan(closes[place])) {
        continue;
      }
      state[place] = states.after(state[place], row, place);
      for (auto [end, last] = ends[place].equal_range(row); end != last; ++end) {
        const bool is_equal = (*series[place])[end->second].state == state[place];
        out[place] = is_equal ? std::min(out[place].value_or(end->second), end->second) : out[place];
      }
    }
  }
  return out;
}

// Whether the run writes a row of an instrument.
std::vector<bool> asked_columns(const LakeBars& bars) {
  std::vector<bool> out(bars.set.axis->columns());
  for (std::size_t row = bars.first_row; row < bars.end_row; ++row) {
    for (std::size_t place = 0; place < out.size(); ++place) {
      out[place] = out[place] || is_asked(bars, row, place);
    }
  }
  return out;
}

// Of each of these columns: the sessions of its newest series, as ranges of its own bars.
Result<void> find_again(const LakeBars& bars, const lake::Snapshot& snapshot, const TableSpec& table,
                        const std::string& choice, std::span<const std::size_t> places, SeriesPlan& plan) {
  const Axis& axis = *bars.set.axis;
  std::vector<std::string> ids;
  for (const std::size_t place : places) {
    ids.push_back(std::to_string(axis.instruments[place].value));
  }
  LODE_TRY(const Batch batch, ask(snapshot, kSessions, table, choice, join(ids, ", ")));
  std::map<std::size_t, std::vector<bool>> kept;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int place = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    const auto at = std::ranges::lower_bound(axis.sessions, Date{batch.column("session").dates()[row]});
    LODE_ASSERT(place >= 0);
    if (at != axis.sessions.end() && at->days == batch.column("session").dates()[row]) {
      kept.try_emplace(static_cast<std::size_t>(place), axis.rows())
          .first->second[static_cast<std::size_t>(at - axis.sessions.begin())] = true;
    }
  }
  for (const auto& [place, sessions] : kept) {
    bool is_open = false;
    for (std::size_t row = 0; row < axis.rows(); ++row) {
      if (math::is_nan(bars.set.panels.at("close").row64(row)[place])) {
        continue;
      }
      if (sessions[row] && !is_open) {
        plan.again[place].push_back({row, row + 1});
      } else if (sessions[row]) {
        plan.again[place].back().end = row + 1;
      }
      is_open = sessions[row];
    }
  }
  return {};
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
  for (std::size_t place = 0; place < plan.again.size(); ++place) {
    const std::vector<RowRange>& again = plan.again[place];
    const auto is_more = [&](const RowRange& rows) {
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        if (!math::is_nan(bars.set.panels.at("close").row64(row)[place]) && !is_asked(bars, row, place)) {
          return true;
        }
      }
      return has_more;
    };
    if (std::ranges::any_of(again, is_more)) {
      ++plan.widened;
      const Date first = bars.set.axis->sessions[again.front().begin];
      plan.since = plan.since ? std::min(*plan.since, first) : first;
    }
  }
}

// "2019-01-02/2019-06-28,2019-10-01/2020-03-31", and back. E8005.
std::string text_of(const Axis& axis, std::span<const RowRange> ranges) {
  std::vector<std::string> out;
  for (const RowRange& rows : ranges) {
    out.push_back(to_string(axis.sessions[rows.begin]) + "/" + to_string(axis.sessions[rows.end - 1]));
  }
  return join(out, ",");
}

Result<std::vector<RowRange>> ranges_of(const Axis& axis, std::string_view text) {
  std::vector<RowRange> out;
  for (const std::string_view one : split(text, ',')) {
    const std::size_t slash = std::min(one.find('/'), one.size());
    const auto first = parse_date(one.substr(0, slash));
    const auto last = parse_date(one.substr(std::min(slash + 1, one.size())));
    if (!first || !last) {
      return fail(E::E8005, fmt::format("a row of indicator_series has {} for sessions", quote(text)),
                  "run `lode data verify`");
    }
    out.push_back(rows_between(axis, *first, *last));
  }
  return out;
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
  const std::string choice = choice_of(run);
  LODE_TRY(const lake::Snapshot snapshot, bars.lake->snapshot());
  LODE_TRY(const SeriesOf kept, read_series(snapshot, table, choice));
  SeriesPlan plan{std::vector<std::string>(axis.columns(), run.hash),
                  std::vector<std::vector<RowRange>>(axis.columns()), work};
  if (kept.empty()) {
    return plan;
  }
  const auto equal = equal_series(bars, kept);
  const std::vector<bool> is_asked = asked_columns(bars);
  std::string filled = filled_of(work);
  std::vector<std::size_t> others;  // Whose newest series is of other prices
  for (std::size_t place = 0; place < axis.columns(); ++place) {
    const auto found = kept.find(axis.instruments[place].value);
    if (found == kept.end() || !is_asked[place]) {
      continue;
    }
    if (equal[place]) {
      plan.series[place] = found->second[*equal[place]].name;
    }
    if (equal[place] != std::size_t{0}) {
      others.push_back(place);
      filled += found->second.front().filled;
    }
  }
  if (!others.empty()) {
    LODE_CHECK(find_again(bars, snapshot, table, choice, others, plan));
  }
  LODE_TRY(plan.wide, work_of(filled, work));
  count_widened(bars, work, plan);
  return plan;
}

Result<SeriesPlan> stored_plan(const LakeBars& bars, const LakeWork& work, const lake::Run& run) {
  const Axis& axis = *bars.set.axis;
  SeriesPlan plan{std::vector<std::string>(axis.columns(), run.hash),
                  std::vector<std::vector<RowRange>>(axis.columns()), work};
  LODE_TRY(const lake::Snapshot snapshot, bars.lake->snapshot());
  lake::Query query;
  query.where = fmt::format("run = '{}'", run.hash);
  LODE_TRY(const Batch batch, snapshot.read("indicator_series", query));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int place = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (place < 0 || batch.column("again").is_null(row)) {
      continue;
    }
    LODE_TRY(plan.again[static_cast<std::size_t>(place)], ranges_of(axis, batch.column("again").texts()[row]));
    LODE_TRY(plan.wide, work_of(batch.column("filled").texts()[row], work));
  }
  return plan;
}

Result<void> each_planned_block(World& world, const LakeBars& bars, const LakeWork& work, const SeriesPlan& plan,
                                const std::function<Result<void>(const LakeWork&, const LakeBlock&)>& take) {
  std::vector<std::size_t> plain;
  std::vector<std::size_t> again;
  for (std::size_t place = 0; place < plan.again.size(); ++place) {
    (plan.again[place].empty() ? plain : again).push_back(place);
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
    const std::vector<RowRange>& again = plan.again[place];
    batch.column("run").push(std::string_view(run.hash));
    batch.column("instrument_id").push(instrument);
    batch.column("series").push(std::string_view(plan.series[place]));
    batch.column("filled").push(std::string_view(filled_of(again.empty() ? work : plan.wide)));
    batch.column("first").push(rows.first);
    batch.column("last").push(rows.last);
    batch.column("state").push(rows.state);
    if (again.empty()) {
      batch.column("again").push_null();
    } else {
      batch.column("again").push(std::string_view(text_of(axis, again)));
    }
    batch.column("known_time").push(now);
  }
  return batch;
}

}  // namespace lode::flow
