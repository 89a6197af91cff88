// The frame of a lake's daily bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include "lode/base/hash.h"
#include "lode/io/lake/panels/cells.h"
#include "lode/io/lake/panels/daily.h"
#include "lode/io/lake/panels/extent.h"
#include "lode/io/lake/panels/frame_cache.h"
#include "lode/io/lake/panels/scatter.h"
#include "lode/market/calendar.h"

namespace lode::lake {

namespace {

constexpr std::size_t kCachesKept = 3;  // The newest state of the lake, and two that a reader may still ask for.
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

constexpr std::array<std::string_view, 3> kFactTables = {"instruments", "symbols", "actions"};

// True when the table holds a row that was not known by as_of.
bool hides_rows(const Snapshot::State& state, std::string_view table, std::optional<Time> as_of) {
  return as_of && std::ranges::any_of(state.of(table), [&](const StoredPart& part) { return part.known_max > *as_of; });
}

// Key of what the frame shows: the parts of every table it reads, by hash and order of versions, and the as_of where it
// hides a row.
std::string frame_key(const Snapshot::State& state, const Frame& frame, std::optional<Time> as_of) {
  std::string text = frame.early;
  for (const StoredPart& part : state.of("bars")) {
    text += fmt::format("|{}:{}", part.rank, part.hash);
  }
  for (const std::string_view table : kFactTables) {
    for (const StoredPart& part : state.of(table)) {
      text += fmt::format("|{}:{}", part.rank, part.hash);
    }
    if (hides_rows(state, table, as_of)) {
      text += fmt::format("|{} by {}", table, as_of->nanos);
    }
  }
  return xxh3_hex(text);
}

using Facts = std::map<InstrumentId, InstrumentFacts>;

InstrumentId instrument_of(const Batch& batch, std::size_t row) {
  return InstrumentId{batch.column("instrument_id").uint64s()[row]};
}

// What an instrument is, whenever that came to be known: the id is made of it.
void take_identities(const Batch& instruments, Facts& facts) {
  for (std::size_t row = 0; row < instruments.rows(); ++row) {
    InstrumentFacts& fact = facts[instrument_of(instruments, row)];
    fact.symbol = instruments.column("symbol").texts()[row];
    fact.mic = instruments.column("mic").texts()[row];
    const Column& kind = instruments.column("kind");
    fact.is_index = !kind.is_null(row) && kind.texts()[row] == "index";
    fact.adjusted_by_source = instruments.column("adjusted_by_source").bools()[row] != 0;
  }
}

void take_delistings(const Batch& rows, const char* day, const char* value, Facts& facts) {
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const Column& delisted = rows.column(day);
    const auto found = facts.find(instrument_of(rows, row));
    if (found != facts.end() && !found->second.delisted_on && !delisted.is_null(row)) {
      found->second.delisted_on = Date{delisted.dates()[row]};
      const Column& values = rows.column(value);
      found->second.delisting_return = values.is_null(row) ? kUnknown : values.float64s()[row];
    }
  }
}

Result<Facts> read_facts(const Snapshot& snapshot, std::optional<Time> as_of) {
  const Snapshot::State& state = snapshot.state();
  Facts facts;
  Query query;
  LODE_TRY(Batch instruments, snapshot.read("instruments", query));
  take_identities(instruments, facts);
  query.as_of = as_of;
  if (hides_rows(state, "instruments", as_of)) {
    LODE_TRY(instruments, snapshot.read("instruments", query));
  }
  take_delistings(instruments, "delisted_on", "delisting_return", facts);
  LODE_TRY(const Batch symbols, snapshot.read("symbols", query));
  for (std::size_t row = 0; row < symbols.rows(); ++row) {  // Sorted by valid_from: the newest wins.
    const auto found = facts.find(instrument_of(symbols, row));
    if (found != facts.end()) {
      found->second.symbol = symbols.column("symbol").texts()[row];
    }
  }
  if (!state.of("actions")
           .empty()) {  // An action keeps the day it became known, whatever became of the instrument's row.
    query.where = "kind = 'delisting'";
    LODE_TRY(const Batch delistings, snapshot.read("actions", query));
    take_delistings(delistings, "ex_date", "amount", facts);
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
    times.push_back(latest.nanos == std::numeric_limits<std::int64_t>::min() ? session_close(nullptr, session)
                                                                             : latest);
  }
  return times;
}

// The axis that the bars will most likely have: every instrument described, and between the dates of the parts every
// session of their exchanges; where no calendar says, every day (weekdays outside a calendar's years). Empty where the
// cells of one field would be many times the bars.
std::shared_ptr<const Axis> guess_axis(const Frame& frame, const Facts& known) {
  constexpr std::size_t kMostCellsABar = 4;
  std::int64_t bars = 0;
  std::optional<Date> first, last;
  for (const StoredPart& part : frame.parts) {
    bars += part.rows;
    if (!part.date_min || !part.date_max) {
      return nullptr;
    }
    first = first ? std::min(*first, *part.date_min) : part.date_min;
    last = last ? std::max(*last, *part.date_max) : part.date_max;
  }
  if (!first || known.empty()) {
    return nullptr;
  }
  std::set<const Calendar*> calendars;
  auto axis = std::make_shared<Axis>();
  for (const auto& [id, facts] : known) {
    axis->instruments.push_back(id);
    const Result<const Calendar*> calendar = find_calendar(facts.mic);
    calendars.insert(calendar ? *calendar : nullptr);
  }
  const auto may_trade = [](const Calendar* calendar, Date day) {
    if (calendar == nullptr) {
      return true;
    }
    const bool covered = calendar->first() <= day && day <= calendar->last();
    return covered ? calendar->is_session(day) : day.weekday() < 5;
  };
  for (Date day = *first; day <= *last; day = day + 1) {
    if (std::ranges::any_of(calendars, [&](const Calendar* calendar) { return may_trade(calendar, day); })) {
      axis->sessions.push_back(day);
    }
  }
  const std::size_t cells = axis->rows() * axis->columns();
  return cells == 0 || cells / kMostCellsABar > static_cast<std::size_t>(bars) ? nullptr : axis;
}

// What one scan of the daily bars gives.
struct Scan {
  Extent extent;
  std::shared_ptr<const Axis> guess;  // Axis of `cells`; nullptr when there are none
  std::vector<Cells> cells;           // One a field
};

Result<Scan> scan(const Snapshot::State& state, const Frame& frame, std::shared_ptr<const Axis> guess,
                  const std::vector<std::string>& fields) {
  const auto partitions = by_partition(frame.parts);
  Scan out;
  std::vector<ExtentReader> readers(partitions.size());
  std::vector<Scatter> scatters;
  std::optional<RowsByDay> row_of;
  if (guess) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      out.cells.emplace_back(guess).clear(state.lake->pool);
    }
    row_of.emplace(*guess);
    scatters.assign(partitions.size(), Scatter(*guess, *row_of, out.cells));
  }
  LODE_CHECK(stream_daily(*state.lake, partitions, frame.early, guess ? fields : std::vector<std::string>(),
                          [&](std::size_t partition, const Chunk& chunk) {
                            readers[partition].take(chunk);
                            if (!scatters.empty()) {
                              scatters[partition].take(chunk);
                            }
                          }));
  for (const ExtentReader& reader : readers) {
    reader.merge_into(out.extent);
  }
  out.guess = std::ranges::any_of(scatters, &Scatter::strayed) ? nullptr : std::move(guess);
  return out;
}

// Of each value of `some`, where it stands in `all`; both ascending, and `all` holds it.
template <class T>
std::vector<std::size_t> places_in(const std::vector<T>& all, const std::vector<T>& some) {
  std::vector<std::size_t> out;
  out.reserve(some.size());
  for (const T& value : some) {
    out.push_back(static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), value) - all.begin()));
  }
  return out;
}

// The scanned cells as panels of the frame's axis.
void take_cells(Scan scanned, const std::vector<std::string>& fields, Pool& pool, Frame& frame) {
  if (!scanned.guess) {
    return;
  }
  const Axis& guess = *scanned.guess;
  const bool right = guess.instruments == frame.axis->instruments && guess.sessions == frame.axis->sessions;
  const bool holds = std::ranges::includes(guess.sessions, frame.axis->sessions);  // All with bars, so all calendars'.
  if (!right && !holds) {
    return;
  }
  const auto rows = places_in(guess.sessions, frame.axis->sessions);
  const auto columns = places_in(guess.instruments, frame.axis->instruments);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    Cells& cells = scanned.cells[i];
    frame.cells.emplace(fields[i], right ? std::move(cells).finish(frame.axis)
                                         : pick_cells(std::move(cells).finish(), rows, columns, frame.axis, pool));
  }
}

// Columns and rows of the frame: instruments by id, and the sessions.
Result<void> fill_axis(Extent extent, Frame& frame, Axis& axis, Facts known) {
  if (extent.days.empty()) {
    return fail(E::E2101, "the lake has no daily bar for what was asked",
                "lode data tables shows what is there; lode data import PATH... --table bars brings bars");
  }
  for (const auto& [id, span] : std::map(extent.spans.begin(), extent.spans.end())) {
    InstrumentFacts facts = known[InstrumentId{id}];
    facts.first = span.first;
    facts.last = span.last;
    axis.instruments.push_back(InstrumentId{id});
    axis.symbols.push_back(facts.symbol);
    frame.facts.push_back(std::move(facts));
  }
  axis.sessions = all_sessions(std::move(extent.days), frame.facts);
  axis.times = closes(axis.sessions, frame.facts);
  return {};
}

}  // namespace

Result<Frame> read_frame(const Snapshot& snapshot, std::optional<Time> as_of, const std::vector<std::string>& fields) {
  const Snapshot::State& state = snapshot.state();
  Frame frame;
  const auto parts = state.of("bars");
  frame.parts.assign(parts.begin(), parts.end());
  if (hides_rows(state, "bars", as_of)) {
    frame.early = fmt::format("known_time <= make_timestamp_ns({})", as_of->nanos);
  }
  frame.key = frame_key(state, frame, as_of);
  const std::string path = state.lake->absolute(fmt::format("panels/{}/frame", frame.key));
  if (std::optional<CachedFrame> cached = frame.early.empty() ? load_frame(path) : std::nullopt; cached) {
    frame.axis = std::move(cached->axis);
    frame.facts = std::move(cached->facts);
    return frame;
  }
  LODE_CHECK(state.lake->check_parts(frame.parts));
  LODE_TRY(auto facts, read_facts(snapshot, as_of));
  auto guess = fields.empty() ? nullptr : guess_axis(frame, facts);
  LODE_TRY(Scan scanned, scan(state, frame, std::move(guess), fields));
  auto axis = std::make_shared<Axis>();
  LODE_CHECK(fill_axis(std::move(scanned.extent), frame, *axis, std::move(facts)));
  frame.axis = std::move(axis);
  take_cells(std::move(scanned), fields, state.lake->pool, frame);
  if (frame.early.empty() && state.lake->writable) {
    store_frame(path, *frame.axis, frame.facts);
    keep_newest_frames(state.lake->absolute("panels"), kCachesKept);
  }
  return frame;
}

}  // namespace lode::lake
