// Reading commits and versions for a quality report.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/quality/arrivals.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

#include "lode/base/text.h"
#include "lode/io/lake/history/versions.h"

namespace lode::flow {
namespace {

using report::QualityMeasure;
using report::QualityReport;
using report::QualitySource;

constexpr double kFreshHours = 24.0;
constexpr double kHourNanos = 3600.0 * static_cast<double>(kNanosPerSecond);
constexpr std::string_view kCompared[] = {"open", "high", "low", "close", "volume", "amount"};

std::string text_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_text() ? found->as_text() : std::string();
}

std::int64_t int_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_int() ? found->as_int() : 0;
}

const Value::Array& list_at(const Value& value, std::string_view key) {
  static const Value::Array kNone;
  const Value* found = value.find(key);
  return found != nullptr && found->is_array() ? found->as_array() : kNone;
}

// When the bytes behind rows were received, by their hash: as the fetch noted it, of files when they were imported.
std::unordered_map<std::string, Time> arrivals_of(const std::vector<lake::CommitInfo>& commits) {
  std::unordered_map<std::string, Time> out;
  for (const lake::CommitInfo& commit : commits) {
    for (const Value& answer : list_at(commit.note, "answers")) {
      if (const auto received = parse_as_of(text_at(answer, "received_at"))) {
        out.try_emplace(text_at(answer, "raw_hash"), *received);
      }
    }
    for (const Value& file : list_at(commit.note, "files")) {
      out.try_emplace(text_at(file, "sha256"), commit.time);
    }
  }
  return out;
}

std::string source_of(const lake::CommitInfo& commit) {
  const std::string source = text_at(commit.note, "source");
  return source.empty() ? "file" : source;
}

void count_commit(const lake::CommitInfo& commit, QualitySource& out) {
  ++out.commits;
  out.set_aside += int_at(commit.note, "set_aside");
  for (const Value& answer : list_at(commit.note, "answers")) {
    ++out.outcomes[text_at(answer, "outcome")];
  }
  const Value* tables = commit.note.find("tables");
  if (tables == nullptr || !tables->is_object()) {  // An import: one table.
    out.kept += int_at(commit.note, "kept");
    out.corrected += int_at(commit.note, "corrected");
    out.dropped += int_at(commit.note, "dropped");
    return;
  }
  for (const auto& [table, counts] : tables->as_object()) {
    out.kept += int_at(counts, "kept");
    out.corrected += int_at(counts, "corrected");
    out.dropped += int_at(counts, "dropped");
  }
}

// A bar's first version that was no longer to be replaced, and when its bytes came.
struct FirstFinal {
  std::optional<Time> arrived;
  std::string source;
  Time close;
};
using BarKey = std::pair<InstrumentId, Date>;
using FirstFinals = std::map<BarKey, FirstFinal>;

FirstFinals first_finals(const Batch& versions, const std::unordered_map<std::string, Time>& arrivals) {
  FirstFinals out;
  for (std::size_t row = 0; row < versions.rows(); ++row) {
    if (versions.column("provisional").bools()[row] != 0) {
      continue;
    }
    const BarKey key{InstrumentId{versions.column("instrument_id").uint64s()[row]},
                     Date{versions.column("session").dates()[row]}};
    const auto [at, is_new] = out.try_emplace(key);
    if (is_new) {
      const auto found = arrivals.find(std::string(versions.column("raw_hash").texts()[row]));
      at->second = {found == arrivals.end() ? std::nullopt : std::optional(found->second),
                    std::string(versions.column("source").texts()[row]),
                    Time{versions.column("event_time").times()[row]}};
    }
  }
  return out;
}

double hours(Time from, Time to) { return std::max(0.0, static_cast<double>(to.nanos - from.nanos) / kHourNanos); }

// When the lake first had each instrument. What came with that first load is history: it says how old the instrument is
// and not how soon its bars come.
using FirstLoads = std::map<InstrumentId, Time>;

Result<FirstLoads> first_loads(const lake::Lake& lake, const std::unordered_map<std::string, Time>& arrivals) {
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  lake::Query query;
  query.columns = {"instrument_id", "raw_hash"};
  LODE_TRY(const Batch rows, lake::read_versions(snapshot, "instruments", query));
  FirstLoads out;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto found = arrivals.find(std::string(rows.column("raw_hash").texts()[row]));
    if (found != arrivals.end()) {
      const auto [at, is_new] =
          out.try_emplace(InstrumentId{rows.column("instrument_id").uint64s()[row]}, found->second);
      at->second = std::min(at->second, found->second);
    }
  }
  return out;
}

// From when on a bar is waited for: its close, or the first load where that came later.
Time waited_from(const FirstLoads& loads, InstrumentId id, Time close) {
  const auto found = loads.find(id);
  return found == loads.end() ? close : std::max(close, found->second);
}

// Hours a bar that arrived was waited for; nullopt when it came with the first load.
std::optional<double> waited(const FirstLoads& loads, InstrumentId id, const FirstFinal& bar) {
  const Time from = waited_from(loads, id, bar.close);
  return from > bar.close && *bar.arrived <= from ? std::nullopt : std::optional(hours(from, *bar.arrived));
}

// The instruments whose bar of `session` is waited for, or there.
std::vector<InstrumentId> waited_for(const SpanBars& span, std::string_view mic, Date session,
                                     const QualityReport& report, const FirstFinals& finals) {
  std::vector<InstrumentId> out;
  std::set<std::string> missing;
  for (const report::QualityMissing& one : report.missing) {
    if (one.mic == mic && one.session == session) {
      missing.insert(one.symbol);
    }
  }
  for (const SpanLife& life : span.lives) {
    if (life.mic == mic && (missing.contains(life.symbol) || finals.contains({life.id, session}))) {
      out.push_back(life.id);
    }
  }
  return out;
}

QualityMeasure freshness(const SpanBars& span, const FirstFinals& finals, const FirstLoads& loads,
                         const QualityReport& report) {
  QualityMeasure out{.name = "freshness", .title = "Freshness", .value = {}, .unit = "h", .limit = kFreshHours};
  out.part_name = "bars later than 24 h";
  out.whole_name = "bars of the last sessions";
  out.meaning =
      "Hours from the close to the arrival of the bytes, of 19 in 20 bars of each exchange's last session in the span; "
      "a bar that has not come counts up to now. What came with the first load of its instrument is not counted.";
  std::vector<double> waits;
  bool is_any_first = false;
  for (const auto& [mic, exchange] : span.exchanges) {
    const auto last = std::ranges::find_if(exchange.sessions.rbegin(), exchange.sessions.rend(),
                                           [&](Date session) { return span.is_in_span(session); });
    if (last == exchange.sessions.rend()) {
      continue;
    }
    for (const InstrumentId id : waited_for(span, mic, *last, report, finals)) {
      const auto found = finals.find({id, *last});
      if (found == finals.end()) {
        waits.push_back(hours(waited_from(loads, id, span.close_of(mic, *last)), span.request.now));
      } else if (found->second.arrived) {
        const auto wait = waited(loads, id, found->second);
        is_any_first = is_any_first || !wait;
        if (wait) {
          waits.push_back(*wait);
        }
      }
    }
  }
  std::ranges::sort(waits);
  out.whole = std::ssize(waits);
  out.part = std::ranges::count_if(waits, [](double wait) { return wait >= kFreshHours; });
  if (waits.empty()) {
    out.reason = is_any_first ? "every bar of the last session came with the first load of its instrument"
                              : "no bar of the span was due, or nothing tells when it came";
  } else {
    out.value = nearest_rank(waits, 0.95);
    out.is_good = *out.value < kFreshHours;
  }
  return out;
}

void count_lags(const SpanBars& span, const FirstFinals& finals, const FirstLoads& loads,
                std::map<std::string, QualitySource>& sources) {
  std::map<std::string, std::vector<double>> lags;
  for (const auto& [key, final] : finals) {
    const auto wait =
        span.is_in_span(key.second) && final.arrived ? waited(loads, key.first, final) : std::optional<double>();
    if (wait) {
      lags[final.source].push_back(*wait);
    }
  }
  for (auto& [source, values] : lags) {
    std::ranges::sort(values);
    QualitySource& one = sources[source];
    one.lag_median = nearest_rank(values, 0.5);
    one.lag_p95 = nearest_rank(values, 0.95);
    one.lag_most = values.back();
  }
}

std::string cell_text(const Column& column, std::size_t row) {
  return column.is_null(row) ? "nothing" : shortest(column.float64s()[row]);
}

}  // namespace

double nearest_rank(const std::vector<double>& ascending, double part) {
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(ascending.size())));
  return ascending[std::max<std::size_t>(rank, 1) - 1];
}

Result<Batch> read_bar_versions(const lake::Snapshot& snapshot, const SpanBars& span) {
  lake::Query query;
  query.columns = {"instrument_id", "session", "start",       "open",       "high",       "low",    "close",
                   "volume",        "amount",  "provisional", "event_time", "known_time", "source", "raw_hash"};
  query.where = "interval_seconds = 0";
  query.from = span.trend_from;
  query.to = span.request.to;
  return lake::read_versions(snapshot, "bars", query);
}

void count_restated(const SpanBars& span, const Batch& versions, QualityReport& out) {
  std::map<InstrumentId, const SpanLife*> lives;
  for (const SpanLife& life : span.lives) {
    lives[life.id] = &life;
  }
  const auto key = [&](std::size_t row) {
    return std::tuple(versions.column("instrument_id").uint64s()[row], versions.column("session").dates()[row],
                      versions.column("start").times()[row]);
  };
  for (std::size_t row = 1; row < versions.rows(); ++row) {
    const auto life = lives.find(InstrumentId{versions.column("instrument_id").uint64s()[row]});
    if (key(row) != key(row - 1) || life == lives.end()) {
      continue;
    }
    const Date session{versions.column("session").dates()[row]};
    const auto flag = [&](std::size_t of) { return versions.column("provisional").bools()[of] != 0; };
    report::QualityRestated one{life->second->symbol, life->second->mic, session, {}, Time{}, flag(row - 1)};
    one.known = Time{versions.column("known_time").times()[row]};
    for (const std::string_view name : kCompared) {
      const Column& column = versions.column(name);
      if (const std::string was = cell_text(column, row - 1), now = cell_text(column, row); was != now) {
        one.changes.push_back(fmt::format("{} {} -> {}", name, was, now));
      }
    }
    const auto day = std::ranges::find(out.trend, session, &report::QualityDay::session);
    if (day != out.trend.end() && !one.was_provisional) {
      ++day->corrected;
    }
    if (span.is_in_span(session)) {
      out.became_final += one.was_provisional && !flag(row) ? 1 : 0;
      out.restated.push_back(std::move(one));
    }
  }
  std::ranges::stable_sort(out.restated, {}, [](const auto& one) { return std::tuple(one.session, one.symbol); });
}

Result<QualityMeasure> count_arrivals(const lake::Lake& lake, const SpanBars& span, const Batch& versions,
                                      QualityReport& out) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  std::map<std::string, QualitySource> sources;
  for (const lake::CommitInfo& commit : commits) {
    const bool is_arrival = commit.note.find("answers") != nullptr || commit.note.find("files") != nullptr;
    if (is_arrival && !commit.reverted && span.is_in_span(utc_date(commit.time))) {
      count_commit(commit, sources[source_of(commit)]);
    }
  }
  for (std::size_t row = 0; row < span.bars.rows(); ++row) {
    if (span.is_in_span(span.session(static_cast<std::uint32_t>(row)))) {
      ++sources[std::string(span.bars.column("source").texts()[row])].bars;
    }
  }
  const auto arrivals = arrivals_of(commits);
  const FirstFinals finals = first_finals(versions, arrivals);
  LODE_TRY(const FirstLoads loads, first_loads(lake, arrivals));
  count_lags(span, finals, loads, sources);
  for (auto& [name, source] : sources) {
    source.name = name;
    out.copies_dropped += source.dropped;
    out.sources.push_back(source);
  }
  return freshness(span, finals, loads, out);
}

}  // namespace lode::flow
