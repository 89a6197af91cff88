// Reading the bars of a span, and whom it waits for.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/quality/bars_of_span.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "lode/base/error.h"
#include "lode/base/text.h"

namespace lode::flow {
namespace {

// Holds kSilentSessions of the slowest calendar, and the 22 sessions within which a unit error reverts.
constexpr int kSightDays = 45;

const Calendar* calendar_of(std::string_view mic) {
  const auto found = find_calendar(mic.empty() ? kNoMic : mic);
  return found ? *found : nullptr;
}

// The exchange of an instrument, of one that only a spelling knows the exchange of that.
std::string mic_of(const KnownInstruments& known, InstrumentId id) {
  std::string mic = known.text(id, "mic");
  for (auto at = known.spellings.begin(); mic.empty() && at != known.spellings.end(); ++at) {
    const auto found = std::ranges::find(at->second, id, &SymbolRow::id);
    mic = found == at->second.end() ? "" : found->naming;
  }
  return mic.empty() ? std::string(kNoMic) : mic;
}

Result<std::optional<Universe>> read_universe(const lake::Snapshot& snapshot, const std::string& name) {
  if (name.empty() || name == "all") {
    return std::optional<Universe>();
  }
  LODE_TRY(const Batch rows, snapshot.read("universe", {}));
  std::vector<Membership> members;
  std::set<std::string> names = {"all"};
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::string of(rows.column("name").texts()[row]);
    names.insert(of);
    if (of == name) {
      const Column& to = rows.column("valid_to");
      members.push_back({InstrumentId{rows.column("instrument_id").uint64s()[row]},
                         Date{rows.column("valid_from").dates()[row]},
                         to.is_null(row) ? std::nullopt : std::optional(Date{to.dates()[row]})});
    }
  }
  if (members.empty()) {
    const std::vector<std::string> known(names.begin(), names.end());
    const std::string near = did_you_mean(name, known);
    return fail(E::E2103, fmt::format("no universe called '{}' in this lake", name),
                near.empty() ? "there are: " + join_some(known) : near);
  }
  return std::optional(Universe(name, std::move(members)));
}

void group(SpanBars& span) {
  const auto ids = span.bars.column("instrument_id").uint64s();
  std::unordered_map<InstrumentId, std::size_t> index;
  const auto life_of = [&](InstrumentId id) -> SpanLife& {
    const auto [at, is_new] = index.try_emplace(id, span.lives.size());
    if (is_new) {
      span.lives.push_back({id, span.known.symbol_of(id), mic_of(span.known, id), {}});
    }
    return span.lives[at->second];
  };
  std::set<InstrumentId> members;
  if (span.universe) {
    for (const InstrumentId id : span.universe->instruments(span.trend_from, span.request.to)) {
      members.insert(id);
      life_of(id);  // Also who never had a bar.
    }
  }
  for (std::uint32_t row = 0; row < ids.size(); ++row) {
    const InstrumentId id{ids[row]};
    if (!span.universe || members.contains(id)) {
      life_of(id).rows.push_back(row);
    }
  }
  for (SpanLife& life : span.lives) {
    std::ranges::stable_sort(life.rows, {}, [&](std::uint32_t row) { return span.session(row); });
  }
  std::ranges::sort(span.lives, {}, [](const SpanLife& life) { return std::pair(life.symbol, life.id); });
}

// Days on which at least half of the instruments between their first and last bar have one.
std::vector<Date> traded_days(const SpanBars& span, std::string_view mic) {
  const auto days = static_cast<std::size_t>(span.request.to - span.read_from) + 2;
  std::vector<std::int64_t> bars(days, 0), living(days, 0);
  const auto at = [&](Date day) { return static_cast<std::size_t>(day - span.read_from); };
  for (const SpanLife& life : span.lives) {
    if (life.mic != mic || life.rows.empty()) {
      continue;
    }
    for (const std::uint32_t row : life.rows) {
      ++bars[at(span.session(row))];
    }
    ++living[at(span.session(life.rows.front()))];
    --living[at(span.session(life.rows.back())) + 1];
  }
  std::vector<Date> out;
  std::int64_t alive = 0;
  for (std::size_t day = 0; day + 1 < days; ++day) {
    alive += living[day];
    const Date date = span.read_from + static_cast<int>(day);
    if (bars[day] > 0 && 2 * bars[day] >= alive && end_of_day(date) <= span.request.now) {
      out.push_back(date);
    }
  }
  return out;
}

// The exchanges of those who live; where nobody does, of all instruments, so that the span can still be judged.
std::set<std::string> exchanges_of(const SpanBars& span) {
  std::set<std::string> out;
  for (const SpanLife& life : span.lives) {
    out.insert(life.mic);
  }
  for (std::size_t row = 0; span.lives.empty() && row < span.known.instruments.rows(); ++row) {
    out.emplace(span.known.instruments.column("mic").texts()[row]);
  }
  return out;
}

void find_sessions(SpanBars& span) {
  std::set<Date> all;
  for (const std::string& mic : exchanges_of(span)) {
    SpanExchange& exchange = span.exchanges[mic];
    exchange.calendar = calendar_of(mic);
    if (exchange.calendar == nullptr) {
      exchange.sessions = traded_days(span, mic);
    } else {
      exchange.sessions = exchange.calendar->sessions(span.read_from, span.request.to);
      std::erase_if(exchange.sessions, [&](Date day) {
        return exchange.calendar->close(day).nanos + kSettleNanos > span.request.now.nanos;
      });
    }
    all.insert(exchange.sessions.begin(), exchange.sessions.end());
  }
  for (auto& [mic, exchange] : span.exchanges) {
    // Members of a universe that no bar ever told a session of wait for those of the others.
    if (exchange.calendar == nullptr && exchange.sessions.empty() && span.universe) {
      exchange.sessions.assign(all.begin(), all.end());
    }
  }
}

}  // namespace

std::optional<double> SpanBars::number(std::string_view column, std::uint32_t row) const {
  const Column& values = bars.column(column);
  return values.is_null(row) ? std::nullopt : std::optional(values.float64s()[row]);
}

Time SpanBars::close_of(std::string_view mic, Date session) const {
  const auto found = exchanges.find(mic);
  const Calendar* calendar = found == exchanges.end() ? nullptr : found->second.calendar;
  return calendar != nullptr && calendar->is_session(session) ? calendar->close(session) : end_of_day(session);
}

bool SpanBars::is_due(const SpanLife& life, Date session, std::optional<Date> before) const {
  const std::optional<Date> delisted = known.delisted_on(life.id);
  if (delisted && *delisted < session) {
    return false;
  }
  if (universe) {
    return universe->contains(life.id, session);
  }
  if (!before) {
    return false;
  }
  const std::vector<Date>& sessions = exchanges.find(life.mic)->second.sessions;
  const auto now = std::ranges::lower_bound(sessions, session);
  const auto then = std::ranges::lower_bound(sessions, *before);
  return now - then <= kSilentSessions;
}

Result<SpanBars> read_span(const lake::Snapshot& snapshot, const QualityRequest& request) {
  SpanBars out;
  out.request = request;
  out.trend_from = std::min(request.from, request.to - (kTrendDays - 1));
  out.read_from = out.trend_from - kSightDays;
  LODE_TRY(out.known, read_known(snapshot));
  LODE_TRY(out.universe, read_universe(snapshot, request.universe));
  lake::Query query;
  query.columns = {"instrument_id", "session",    "close",      "volume", "flags",
                   "provisional",   "event_time", "known_time", "source"};
  query.where = "interval_seconds = 0";
  query.from = out.read_from;
  query.to = request.to;
  LODE_TRY(out.bars, snapshot.read("bars", query));
  group(out);
  find_sessions(out);
  return out;
}

Result<Date> last_due_day(const lake::Snapshot& snapshot, Time now) {
  const Date today = utc_date(now);
  LODE_TRY(const KnownInstruments known, read_known(snapshot));
  std::set<std::string> mics;
  for (std::size_t row = 0; row < known.instruments.rows(); ++row) {
    mics.emplace(known.instruments.column("mic").texts()[row]);
  }
  std::optional<Date> out;
  for (const std::string& mic : mics) {
    const Calendar* calendar = calendar_of(mic);
    if (calendar == nullptr || today < calendar->first() || today >= calendar->last()) {
      continue;
    }
    Date day = calendar->at_or_before(today + 1);  // Sydney's day begins on the day before in UTC.
    while (calendar->close(day).nanos + kSettleNanos > now.nanos) {
      day = calendar->previous(day);
    }
    out = std::max(out.value_or(day), day);
  }
  for (const lake::TableInfo& table : snapshot.tables()) {
    if (!out && table.name == "bars" && table.last) {
      out = std::min(*table.last, today);
    }
  }
  return out.value_or(today);
}

}  // namespace lode::flow
