// The state of the bars in a lake: what was set aside and why, what is flagged, which sessions are missing, and whether
// the measures of quality hold (features 1.4: completeness, errors, anomalies, duplicates).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/value.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/io/lake/lake.h"
#include "lode/market/quality.h"

namespace lode::flow {

struct CheckRequest {
  std::string symbol;  // "" = all.
  std::optional<Date> from, to;
  int examples = 3;  // A rule.
  int top = 10;      // Instruments with the most missing sessions.
  QualityLimits limits;
};

struct FlagExample {
  std::string symbol;
  Date session;
  double before = 0.0;  // Close of the bar before; NaN when there is none.
  double close = 0.0;
  double volume = 0.0;
  std::optional<IngestRepair> repair;  // Of a repaired bar, where its import told it.
};
struct FlagCount {
  std::string name;
  std::int64_t rows = 0;
  std::vector<FlagExample> examples;  // The first by date.
};
struct GapCount {
  std::string symbol;
  std::int64_t missing = 0;  // Sessions without a bar between its first and its last bar.
  std::int64_t expected = 0;
  std::int64_t longest = 0;  // Sessions in a row.
  Date longest_from;
};
struct Measure {
  std::string name;             // "completeness"
  std::optional<double> value;  // Ratio; nullopt: cannot be told.
  double limit = 0.0;
  bool is_good = true;
  std::string wanted;  // "> 99 %"
};

// An action that stands where it surprises.
struct ActionRemark {
  std::string symbol;
  Date ex_date;
  std::string kind;    // "dividend"
  std::string reason;  // "on a day without a session"
  std::string effect;  // What becomes of it: "changes nothing, no bar stands before it"
};

// What the lake knows by now of a bar, and did not when the bar came.
struct LaterRemark {
  std::string symbol;
  Date session;
  std::string reason;  // "flagged move, a split known since explains it"
  std::string effect;  // "645.57 -> 93.7, split 7"
};

// A delisting that bars outlive; see outlived.h.
struct OutlivedRemark {
  std::string symbol;
  Date delisted_on;
  Date first_after, last;  // Bars after it, the first and the last.
  std::int64_t bars = 0;   // How many.
};

struct CheckReport {
  std::int64_t bars = 0;
  std::int64_t instruments = 0;
  std::optional<Date> first, last;
  std::vector<IngestReason> rejected;  // Of the quarantine, by rule.
  std::int64_t set_aside = 0;
  std::vector<FlagCount> flags;              // As stored; in the order of bar_flags(), those that occur.
  std::vector<GapCount> gaps;                // Most missing first.
  std::int64_t missing = 0, expected = 0;    // Over all instruments.
  std::int64_t duplicates = 0;               // Bars that share a key; the lake lets none in.
  std::vector<Date> suspicious;              // Over 80 % of the bars of that day are anomalous.
  std::vector<std::string> action_faults;    // Actions that cannot be applied to the prices.
  std::vector<ActionRemark> action_remarks;  // By symbol and date.
  std::vector<LaterRemark> later_remarks;    // By symbol and date.
  std::vector<OutlivedRemark> outlived;      // By symbol; of a span, by the bars of the span.
  std::vector<IngestFile> files;  // Of the imports of bars that stand; none where one symbol or a span was asked for.
  std::vector<Measure> measures;
};

// E2101 when there are no bars; E2104 unknown symbol.
Result<CheckReport> check_bars(const lake::Lake& lake, const CheckRequest& request);

Value check_json(const CheckReport& report);
std::string check_text(const CheckReport& report);
// E3001 when too many rows were set aside, E3002 when another measure fails; nothing when all hold.
std::optional<Error> check_finding(const CheckReport& report);

}  // namespace lode::flow
