// What a quality report tells of a lake's daily bars over a day or a week: measures with the counts behind them, and
// the rows those counts are of. Filled by whoever reads the lake; drawn as a page by quality_page.h.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/time.h"

namespace lode::report {

enum class QualityStatus : std::uint8_t {
  kHealthy,    // Nothing set aside, completeness above the least, no bar twice.
  kUnhealthy,  // One of them fails.
  kNoSession,  // No exchange had a session in the span, and nothing came: nothing to judge.
  kNoData,     // The lake holds no daily bar up to the span's end.
};
std::string_view to_string(QualityStatus status);  // "healthy", "unhealthy", "no_session", "no_data"

// One measure: `part` of `whole`, held against a limit.
struct QualityMeasure {
  std::string name;             // "completeness"
  std::string title;            // "Completeness"
  std::optional<double> value;  // nullopt: cannot be told; `reason` says why.
  std::string unit;             // "ratio" or "h"
  double limit = 0.0;
  bool is_above = false;  // Good above the limit; else good below it, and of a limit of 0 at 0.
  bool is_good = true;
  std::int64_t part = 0, whole = 0;
  std::string part_name, whole_name;  // "bars present", "bars expected"
  std::string meaning;                // One sentence.
  std::string reason;                 // Why there is no value.
  std::string rows;                   // The command that lists the rows counted in `part`; "" = listed in the report.
};

// One session of the trend.
struct QualityDay {
  Date session;
  std::int64_t expected = 0, present = 0, set_aside = 0, odd = 0, provisional = 0, corrected = 0;
};

struct QualityExchange {
  std::string mic;
  bool has_calendar = false;
  std::int64_t sessions = 0;  // Due in the span.
  std::int64_t expected = 0, present = 0;
  std::optional<Date> newest;  // The last session with a bar, up to the span's end.
};

// A bar that was due and is not there.
struct QualityMissing {
  std::string symbol, mic;
  Date session;
  std::optional<Date> last;  // Its last bar before; nullopt: it never had one.
};

// A bar that a rule calls odd. Odd is not wrong: nothing was changed.
struct QualityOdd {
  std::string symbol, mic;
  Date session;
  std::string flags;  // "move,spike"
  bool is_spike = false, is_volume = false;
  std::optional<double> before, close, volume;
};

// Rows that one rule set aside.
struct QualityReason {
  std::string table;  // "bars"
  std::string rule;   // "E2007"
  std::string title;  // "high below low"
  std::int64_t rows = 0;
  std::string path;  // Of the first one, with its line and what it was.
  std::int64_t line = 0;
  std::string text;
  std::string symbol;
};

// A row that changed after it was stored.
struct QualityRestated {
  std::string symbol, mic;
  Date session;
  std::vector<std::string> changes;  // "close 10.5 -> 11"
  Time known;                        // Of the newer version.
  bool was_provisional = false;      // The version before was to be replaced.
};

// A bar whose source has not called it final.
struct QualityProvisional {
  std::string symbol, mic;
  Date session;
  Time known;
  bool is_overdue = false;  // Its session is over for a day: a fetch is due.
};

struct QualityAction {
  std::string symbol, mic;
  Date ex_date;
  std::string kind;    // "split"
  std::string amount;  // "ratio 4", "0.205 USD"
};

struct QualityRepair {
  std::string symbol, mic;
  Date session;
  std::string column, rule;
  std::optional<double> was, mended;
};

// Who is called what, and who belongs where, from a day on.
struct QualityChange {
  std::string where;  // "list asx", "universe sp500", "symbols XNAS"
  Date on;
  std::string kind;  // "added", "missing", "back", "removed", "renamed"
  std::string symbol;
  std::string before;  // Of renamed: the symbol or name before.
  std::string name;
};

// What came from one source, by the commits of the span's days and the bars of its sessions.
struct QualitySource {
  std::string name;
  std::int64_t commits = 0;
  std::map<std::string, std::int64_t> outcomes;  // Answers of a fetch: "ok" -> 12.
  std::int64_t kept = 0, corrected = 0, dropped = 0, set_aside = 0;
  std::int64_t bars = 0;                                // Of the span's sessions, as they stand.
  std::optional<double> lag_median, lag_p95, lag_most;  // Hours from the bar's close to its arrival.
};

struct QualityReport {
  QualityStatus status = QualityStatus::kNoData;
  std::vector<std::string> reasons;  // Why it is not healthy, or what is missing for a judgement.
  bool is_week = false;
  Date from, to;  // The span's days.
  Time made_at;
  std::int64_t commit = 0;
  std::string universe;  // "" = whoever traded lately.
  bool synthetic = false;
  std::string code_version, command;

  std::int64_t total_symbols = 0;      // Due in the span, or there.
  std::int64_t symbols_with_data = 0;  // With a bar in it.
  std::int64_t expected = 0, present = 0, bars = 0, set_aside = 0, odd_bars = 0;
  std::int64_t stored_twice = 0;    // Bars that share instrument and session.
  std::int64_t copies_dropped = 0;  // Equal rows that came again, by the span's commits: never stored.
  std::int64_t became_final = 0;    // Provisional rows replaced by the final ones.
  std::vector<QualityMeasure> measures;
  std::vector<QualityExchange> exchanges;
  std::vector<QualityDay> trend;  // Two weeks up to the span's end.
  std::vector<QualityMissing> missing;
  std::vector<QualityOdd> odd;
  std::vector<std::pair<std::string, std::int64_t>> flags;  // Every rule that flagged a bar of the span.
  std::vector<Date> suspicious;                             // Nearly every bar of the day is odd.
  std::vector<QualityReason> set_aside_by;
  std::vector<QualityRestated> restated;
  std::vector<QualityProvisional> provisional;
  std::vector<QualityAction> actions;
  std::vector<QualityRepair> repairs;
  std::vector<QualityChange> changes;
  std::vector<QualitySource> sources;
  std::vector<std::string> notes;
};

}  // namespace lode::report
