// Putting a quality report together: counts, measures, judgement.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/quality/quality.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/identity/changes.h"
#include "lode/flow/steps/quality/arrivals.h"
#include "lode/flow/steps/quality/bars_of_span.h"
#include "lode/flow/steps/quality/rows.h"

namespace lode::flow {
namespace {

using report::QualityMeasure;
using report::QualityReport;
using report::QualityStatus;

// Targets, and the least completeness of a healthy day.
constexpr double kCompleteness = 0.99;
constexpr double kHealthyCompleteness = 0.95;
constexpr double kErrors = 0.001;
constexpr double kAnomalies = 0.01;

// A name between single quotes of SQL.
std::string sql_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '\'' ? "''" : std::string(1, c);
  }
  return out;
}

// A condition that the query's rows are of the span, and of the universe's members on their day.
std::string in_span(const SpanBars& span) {
  const QualityRequest& request = span.request;
  std::string out = fmt::format("interval_seconds = 0 AND session BETWEEN DATE '{}' AND DATE '{}'",
                                to_string(request.from), to_string(request.to));
  if (span.universe) {
    out += fmt::format(
        " AND EXISTS (SELECT 1 FROM universe u WHERE u.name = '{}' AND u.instrument_id = bars.instrument_id AND "
        "bars.session >= u.valid_from AND (u.valid_to IS NULL OR bars.session <= u.valid_to))",
        sql_text(request.universe));
  }
  return out;
}

std::string sql_command(std::string_view query) { return fmt::format("lode data sql \"{}\"", query); }

std::string bars_command(const SpanBars& span, std::string_view more = "") {
  return sql_command(fmt::format("SELECT * FROM bars WHERE {}{}", in_span(span), more));
}

std::string aside_command(const SpanBars& span) {
  const QualityRequest& request = span.request;
  const std::string days =
      fmt::format("BETWEEN DATE '{}' AND DATE '{}'", to_string(request.from), to_string(request.to));
  std::string query = fmt::format(
      "SELECT * FROM quarantine WHERE table_name IN ('bars', 'benchmark') AND (session {0} OR session IS NULL AND "
      "CAST(known_time AS DATE) {0})",
      days);
  if (span.universe) {
    query += fmt::format(
        " AND symbol IN (SELECT s.symbol FROM symbols s JOIN universe u USING (instrument_id) WHERE u.name = '{}')",
        sql_text(request.universe));
  }
  return sql_command(query);
}

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? std::nullopt : std::optional(static_cast<double>(part) / static_cast<double>(whole));
}

QualityMeasure share(std::string name, std::string title, std::int64_t part, std::int64_t whole, double limit) {
  QualityMeasure out;
  out.name = std::move(name);
  out.title = std::move(title);
  out.value = ratio(part, whole);
  out.unit = "ratio";
  out.limit = limit;
  out.part = part;
  out.whole = whole;
  return out;
}

QualityMeasure completeness(const SpanBars& span, const QualityReport& report) {
  QualityMeasure out = share("completeness", "Completeness", report.present, report.expected, kCompleteness);
  out.is_above = true;
  out.is_good = !out.value || *out.value > kCompleteness;
  out.part_name = "bars present";
  out.whole_name = "bars expected";
  out.meaning =
      span.universe
          ? "Bars there of those due: one of each member on each session of its exchange that is over, until "
            "it was delisted."
          : "Bars there of those due: one of each instrument that had a bar in the 20 sessions before, on each "
            "session of its exchange that is over, until it was delisted.";
  out.reason = "no bar was due";
  out.rows = bars_command(span);
  return out;
}

QualityMeasure errors(const SpanBars& span, const QualityReport& report) {
  QualityMeasure out = share("errors", "Set aside", report.set_aside, report.set_aside + report.bars, kErrors);
  out.is_good = !out.value || *out.value < kErrors;
  out.part_name = "rows set aside";
  out.whole_name = "rows of bars that came";
  out.meaning = "Rows of bars that a rule refused, of all that came for the span.";
  out.reason = "no row came";
  out.rows = aside_command(span);
  return out;
}

QualityMeasure anomalies(const SpanBars& span, const QualityReport& report) {
  QualityMeasure out = share("anomalies", "Anomalies", report.odd_bars, report.bars, kAnomalies);
  out.is_good = !out.value || *out.value < kAnomalies;
  out.part_name = "bars flagged";
  out.whole_name = "bars";
  out.meaning =
      "Bars with a large move, a spike, a suspected unit error or an outlying volume, judged by what is known now: a "
      "split explains a move.";
  out.reason = "no bar came";
  constexpr auto kBits = static_cast<std::uint64_t>(BarFlag::kMove) | static_cast<std::uint64_t>(BarFlag::kSpike) |
                         static_cast<std::uint64_t>(BarFlag::kUnitError) |
                         static_cast<std::uint64_t>(BarFlag::kVolumeOutlier);
  out.rows = bars_command(span, fmt::format(" AND (flags & {}) <> 0", kBits));
  return out;
}

QualityMeasure duplicates(const SpanBars& span, const QualityReport& report) {
  QualityMeasure out = share("duplicates", "Duplicates", report.stored_twice, report.bars, 0.0);
  out.is_good = report.stored_twice == 0;
  out.part_name = "bars that share instrument and session";
  out.whole_name = "bars";
  out.meaning = "Bars stored twice for one instrument and session. Equal rows that came again were dropped on arrival.";
  out.reason = "no bar came";
  out.rows = sql_command(fmt::format(
      "SELECT instrument_id, session, count(*) FROM bars WHERE {} GROUP BY ALL HAVING count(*) > 1", in_span(span)));
  return out;
}

std::optional<Date> newest_bar(const lake::Snapshot& snapshot) {
  for (const lake::TableInfo& table : snapshot.tables()) {
    if (table.name == "bars" && table.rows > 0) {
      return table.last;
    }
  }
  return std::nullopt;
}

std::string span_words(const QualityReport& report) {
  return report.from == report.to ? to_string(report.to)
                                  : fmt::format("{} to {}", to_string(report.from), to_string(report.to));
}

// Why no judgement can be made of a span without bars that were due.
void judge_empty(const std::optional<Date>& newest, QualityReport& out) {
  const bool had_session = std::ranges::any_of(out.exchanges, [](const auto& one) { return one.sessions > 0; });
  const bool can_tell = std::ranges::any_of(out.exchanges, &report::QualityExchange::has_calendar);
  if (!newest) {
    out.status = QualityStatus::kNoData;
    out.reasons.emplace_back("the lake holds no daily bars");
  } else if (can_tell && !had_session) {
    out.status = QualityStatus::kNoSession;
    out.reasons.push_back(fmt::format("no exchange had a session that is over in {}", span_words(out)));
  } else {
    out.status = QualityStatus::kNoData;
    out.reasons.push_back(
        fmt::format("no daily bar of {}; the lake's newest is of {}", span_words(out), to_string(*newest)));
  }
}

void judge(const std::optional<Date>& newest, QualityReport& out) {
  if (out.bars == 0 && out.expected == 0 && out.set_aside == 0) {
    judge_empty(newest, out);
    return;
  }
  std::int64_t refused = 0;
  for (const report::QualityReason& reason : out.set_aside_by) {
    refused += reason.rows;
  }
  if (refused > 0) {
    out.reasons.push_back(counted(refused, "row") + " set aside");
  }
  if (const auto complete = ratio(out.present, out.expected); complete && *complete <= kHealthyCompleteness) {
    out.reasons.push_back(
        fmt::format("{} of {} bars due are missing", grouped(out.expected - out.present), grouped(out.expected)));
  }
  if (out.stored_twice > 0) {
    out.reasons.push_back(counted(out.stored_twice, "bar") + " stored twice");
  }
  out.status = out.reasons.empty() ? QualityStatus::kHealthy : QualityStatus::kUnhealthy;
}

void note_limits(const SpanBars& span, QualityReport& out) {
  std::vector<std::string> without;
  for (const report::QualityExchange& one : out.exchanges) {
    if (!one.has_calendar) {
      without.push_back(one.mic);
    }
  }
  if (!without.empty()) {
    out.notes.push_back(
        fmt::format("{} {} no calendar: a session is a day on which at least half of the living instruments have a "
                    "bar, so a day on "
                    "which nothing came counts as none.",
                    join(without, ", "), without.size() == 1 ? "has" : "have"));
  }
  if (span.request.now < end_of_day(out.to)) {
    out.notes.push_back("The span is not over: sessions that are still open are not counted as due.");
  }
  if (!span.universe) {
    out.notes.push_back(fmt::format(
        "An instrument without a bar for {} sessions is no longer waited for; a universe (--universe) waits for its "
        "members however long they are silent.",
        kSilentSessions));
  }
}

bool any_synthetic(const SpanBars& span) {
  const TextData& sources = span.bars.column("source").texts();
  for (std::size_t row = 0; row < span.bars.rows(); ++row) {
    if (sources[row] == "synthetic") {
      return true;
    }
  }
  return false;
}

Result<void> list_changes(const lake::Snapshot& snapshot, const QualityRequest& request, QualityReport& out) {
  LODE_TRY(
      const std::vector<SymbolChange> changes,
      symbol_changes(snapshot, {.from = request.from, .to = request.to, .universe = request.universe, .list = ""}));
  for (const SymbolChange& one : changes) {
    out.changes.push_back({one.where, one.on, one.kind, one.symbol, one.before, one.name});
  }
  return {};
}

}  // namespace

Result<QualityReport> quality_report(const lake::Lake& lake, const QualityRequest& asked) {
  QualityRequest request = asked;
  request.universe = asked.universe == "all" ? "" : asked.universe;
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  LODE_TRY(const SpanBars span, read_span(snapshot, request));
  QualityReport out;
  out.from = request.from;
  out.to = request.to;
  out.is_week = request.is_week;
  out.made_at = request.now;
  out.commit = snapshot.commit();
  out.universe = request.universe;
  out.synthetic = any_synthetic(span);
  count_bars(span, out);
  LODE_TRY(const Batch versions, read_bar_versions(snapshot, span));
  count_restated(span, versions, out);
  LODE_CHECK(count_set_aside(snapshot, span, out));
  LODE_CHECK(list_actions(snapshot, span, out));
  LODE_CHECK(list_repairs(snapshot, span, out));
  LODE_CHECK(list_changes(snapshot, request, out));
  LODE_TRY(QualityMeasure fresh, count_arrivals(lake, span, versions, out));
  out.measures = {completeness(span, out), errors(span, out), std::move(fresh), anomalies(span, out),
                  duplicates(span, out)};
  judge(newest_bar(snapshot), out);
  note_limits(span, out);
  return out;
}

}  // namespace lode::flow
