// The frame of a lake's daily bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "lode/base/hash.h"
#include "lode/io/lake/panels/frame_cache.h"
#include "lode/io/lake/view.h"
#include "lode/market/calendar.h"

namespace lode::lake {

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Rows of daily bars as SQL, with these columns.
std::string daily_sql(const Frame& frame, const TableSpec& table, std::vector<std::string_view> columns,
                      const std::string& folder) {
  columns.push_back("interval_seconds");
  const std::string late = "interval_seconds = 0";
  return view_sql({.table = &table, .parts = frame.parts, .columns = std::move(columns), .early = frame.early, .late = late},
                  folder);
}

// Key of what the frame shows: the parts of every table it reads, by hash and order of versions, and the as_of.
std::string frame_key(const Snapshot::State& state, const Frame& frame) {
  std::string text = frame.early;
  for (const std::string_view table : {"bars", "instruments", "symbols"}) {
    for (const StoredPart& part : state.of(table)) {
      text += fmt::format("|{}:{}", part.rank, part.hash);
    }
  }
  return xxh3_hex(text);
}

Result<std::map<InstrumentId, InstrumentFacts>> read_facts(const Snapshot& snapshot, std::optional<Time> as_of) {
  std::map<InstrumentId, InstrumentFacts> facts;
  Query query;
  query.as_of = as_of;
  LODE_TRY(const Batch batch, snapshot.read("instruments", query));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    InstrumentFacts& fact = facts[InstrumentId{batch.column("instrument_id").uint64s()[row]}];
    fact.symbol = batch.column("symbol").texts()[row];
    fact.mic = batch.column("mic").texts()[row];
    const Column& kind = batch.column("kind");
    fact.is_index = !kind.is_null(row) && kind.texts()[row] == "index";
    fact.adjusted_by_source = batch.column("adjusted_by_source").bools()[row] != 0;
    const Column& delisted = batch.column("delisted_on");
    if (!delisted.is_null(row)) {
      fact.delisted_on = Date{delisted.dates()[row]};
    }
    const Column& result = batch.column("delisting_return");
    fact.delisting_return = result.is_null(row) ? kUnknown : result.float64s()[row];
  }
  LODE_TRY(const Batch symbols, snapshot.read("symbols", query));
  for (std::size_t row = 0; row < symbols.rows(); ++row) {  // Sorted by valid_from within an instrument: the newest wins.
    const auto found = facts.find(InstrumentId{symbols.column("instrument_id").uint64s()[row]});
    if (found != facts.end()) {
      found->second.symbol = symbols.column("symbol").texts()[row];
    }
  }
  return facts;
}

// Sessions of every exchange here between the first and last bar, joined with the days that have bars.
std::vector<Date> all_sessions(std::set<Date> days, const std::vector<InstrumentFacts>& facts) {
  const Date first = *days.begin();
  const Date last = *days.rbegin();
  std::set<std::string> mics;
  for (const InstrumentFacts& fact : facts) {
    mics.insert(fact.mic);
  }
  for (const std::string& mic : mics) {
    const Result<const Calendar*> calendar = find_calendar(mic);
    if (calendar && *calendar != nullptr) {
      const Date from = std::max(first, (*calendar)->first());
      const Date to = std::min(last, (*calendar)->last());
      if (from <= to) {
        const std::vector<Date> sessions = (*calendar)->sessions(from, to);
        days.insert(sessions.begin(), sessions.end());
      }
    }
  }
  return {days.begin(), days.end()};
}

// Close of a session: the latest among the exchanges that trade it.
std::vector<Time> closes(const std::vector<Date>& sessions, const std::vector<InstrumentFacts>& facts) {
  std::set<const Calendar*> calendars;
  for (const InstrumentFacts& fact : facts) {
    const Result<const Calendar*> calendar = find_calendar(fact.mic);
    calendars.insert(calendar ? *calendar : nullptr);
  }
  std::vector<Time> times;
  times.reserve(sessions.size());
  for (const Date session : sessions) {
    Time latest{std::numeric_limits<std::int64_t>::min()};
    for (const Calendar* calendar : calendars) {
      const bool covers = calendar != nullptr && calendar->first() <= session && session <= calendar->last() &&
                          calendar->is_session(session);
      if (covers || calendar == nullptr) {
        latest = std::max(latest, session_close(calendar, session));
      }
    }
    times.push_back(latest.nanos == std::numeric_limits<std::int64_t>::min() ? session_close(nullptr, session) : latest);
  }
  return times;
}

Result<void> read_columns(const Snapshot::State& state, Frame& frame, const TableSpec& table, Axis& axis,
                          std::map<InstrumentId, InstrumentFacts> known) {
  LODE_TRY(Engine * engine, state.lake->engine());
  const std::string rows = daily_sql(frame, table, {"instrument_id", "session"}, state.lake->folder);
  LODE_TRY(const Batch spans, engine->query(fmt::format("SELECT instrument_id, min(session) AS first, max(session) AS last "
                                                        "FROM ({}) GROUP BY instrument_id ORDER BY instrument_id", rows)));
  for (std::size_t row = 0; row < spans.rows(); ++row) {
    const InstrumentId id{spans.column("instrument_id").uint64s()[row]};
    InstrumentFacts facts = known[id];
    facts.first = Date{spans.column("first").dates()[row]};
    facts.last = Date{spans.column("last").dates()[row]};
    axis.instruments.push_back(id);
    axis.symbols.push_back(facts.symbol);
    frame.facts.push_back(std::move(facts));
  }
  LODE_TRY(const Batch days, engine->query(fmt::format("SELECT DISTINCT session FROM ({}) ORDER BY session", rows)));
  std::set<Date> sessions;
  for (std::size_t row = 0; row < days.rows(); ++row) {
    sessions.insert(Date{days.column("session").dates()[row]});
  }
  if (sessions.empty()) {
    return fail(E::E2101, "the lake has no daily bar for what was asked",
                "lode data tables shows what is there; lode data import PATH... --table bars brings bars");
  }
  axis.sessions = all_sessions(std::move(sessions), frame.facts);
  axis.times = closes(axis.sessions, frame.facts);
  return {};
}

}  // namespace

Result<Frame> read_frame(const Snapshot& snapshot, std::optional<Time> as_of) {
  const Snapshot::State& state = snapshot.state();
  LODE_TRY(const TableSpec* table, require_table("bars"));
  Frame frame;
  const auto parts = state.of("bars");
  frame.parts.assign(parts.begin(), parts.end());
  const bool cuts = as_of && std::any_of(parts.begin(), parts.end(), [&](const StoredPart& p) { return p.known_max > *as_of; });
  if (cuts) {
    frame.early = fmt::format("known_time <= make_timestamp_ns({})", as_of->nanos);
  }
  frame.key = frame_key(state, frame);
  const std::string path = state.lake->absolute(fmt::format("panels/{}/frame", frame.key));
  if (std::optional<CachedFrame> cached = frame.early.empty() ? load_frame(path) : std::nullopt; cached) {
    frame.axis = std::move(cached->axis);
    frame.facts = std::move(cached->facts);
    return frame;
  }
  LODE_CHECK(state.lake->check_parts(frame.parts));
  LODE_TRY(auto facts, read_facts(snapshot, as_of));
  auto axis = std::make_shared<Axis>();
  LODE_CHECK(read_columns(state, frame, *table, *axis, std::move(facts)));
  frame.axis = std::move(axis);
  if (frame.early.empty() && state.lake->writable) {
    store_frame(path, *frame.axis, frame.facts);
  }
  return frame;
}

}  // namespace lode::lake
