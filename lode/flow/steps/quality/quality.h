// The quality report: what a day or a week of daily bars is worth, counted from the rows of a lake. Stored rows are
// never changed by it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lode/base/value.h"
#include "lode/core/report/quality/quality.h"
#include "lode/io/lake/lake.h"
#include "lode/market/quality.h"

namespace lode::flow {

struct QualityRequest {
  Date from, to;         // Both included.
  bool is_week = false;  // How the span is called.
  std::string universe;  // "" = whoever traded within kSilentSessions before.
  Time now;              // The report's moment: what is due by then.
  QualityLimits limits;
};

// Sessions without a bar after which an instrument is no longer waited for; as long as a symbol may be silent before it
// counts as another instrument.
inline constexpr int kSilentSessions = 20;
// A session's bar is due so long after its close.
inline constexpr std::int64_t kSettleNanos = 1800 * kNanosPerSecond;
// Days of the trend, up to the span's end.
inline constexpr int kTrendDays = 14;

// The last session that is over on any exchange of the lake; of a lake without a calendar its newest bar's day, and of
// one without bars the day of `now`.
Result<Date> last_due_day(const lake::Snapshot& snapshot, Time now);

// E2103 no such universe; errors of the lake. A span without data is no error: the status says so.
Result<report::QualityReport> quality_report(const lake::Lake& lake, const QualityRequest& request);

// Schema lode.data.report/1 (docs/quality.md).
Value quality_json(const report::QualityReport& report);
std::string quality_text(const report::QualityReport& report);
// E3002 when the span is not healthy or has no data where some was due; nothing otherwise.
std::optional<Error> quality_finding(const report::QualityReport& report);

}  // namespace lode::flow
