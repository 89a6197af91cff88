// Quality gates of bars: rules that set a row aside (bad) and rules that flag it (odd). Pure functions over columns, so
// a file, a stream and a re-check of the lake judge alike. Limits are configuration; what a rule means is fixed here.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/market/calendar.h"

namespace lode {

// Bits of bars.flags. Values are stored: never renumber.
enum class BarFlag : std::uint64_t {
  kMove = 1 << 0,           // |close / previous close - 1| above the move limit, no split known.
  kSpike = 1 << 1,          // Moved above the spike limit and back the next session.
  kVolumeOutlier = 1 << 2,  // |z| of log volume against the 60 traded sessions before above the limit.
  kZeroVolume = 1 << 3,
  kFractionalVolume = 1 << 4,  // Of an equity.
  kGapBefore = 1 << 5,         // A hole longer than the limit since the bar before.
  kOutOfOrder = 1 << 6,        // Stood out of order in its file.
  kPriceLocked = 1 << 7,       // high == low and a move: locked at a limit.
  kUnitError = 1 << 8,         // A move by a power of ten that reverts: 100x unit error suspected.
  kRepaired = 1 << 9,          // Prices in a unit error, brought back by repair_units as the user told.
};
struct BarFlagInfo {
  BarFlag flag;
  std::string_view name;  // "move"
  std::string_view meaning;
};
std::span<const BarFlagInfo> bar_flags();
std::string flag_names(std::uint64_t flags);  // "move,zero_volume"; "" for none.

struct QualityLimits {
  double move_limit = 0.5;   // Ratio.
  double spike_limit = 0.3;  // Ratio.
  double volume_z_limit = 5.0;
  int gap_days = 4;  // Sessions missing between two bars; without a calendar, days from one to the next.
  Date first = Date::from_civil(1900, 1, 1);  // Accepted dates, inclusive.
  Date last = Date::from_civil(2100, 1, 1);
};

// One bar as read; NaN where the source had nothing.
struct BarRow {
  Date session;
  double open, high, low, close, volume;
};

// Judges one row alone; number 0 = good. `reason` names what it was and what was expected ("h 10.1 l 10.4"). Rules in
// order: E2013 date outside the limits or after the calendar's years (before them nothing is judged), E2011 not a
// session (both only with a calendar), E2004 close missing, E2006 a price not above 0 or infinite, E2007 high below low
// or open/close outside [low, high] by more than a relative 1e-9, E2008 volume negative, E2004 volume infinite. What is
// missing contradicts nothing.
struct RowFault {
  std::uint16_t number = 0;
  std::string reason;
};
RowFault check_row(const BarRow& row, const Calendar* calendar, const QualityLimits& limits);

// Flags of one instrument's accepted rows, ascending by session. `split_on` lists ex-dates of known splits, which
// explain a move (never a unit error). `calendar` (nullptr: none is known) tells a hole in the bars from days without a
// session. Returns one bit set a row; kOutOfOrder is the file reader's to set. Never rejects.
std::vector<std::uint64_t> flag_rows(std::span<const BarRow> rows, std::span<const Date> split_on, bool is_equity,
                                     const QualityLimits& limits, const Calendar* calendar = nullptr);

// Bars [begin, end) whose closes stand a power of ten off: entered by a move near 10^power, left within 22 sessions by
// its inverse. The bars begin - 1 and end stand right.
struct UnitRun {
  std::size_t begin = 0;
  std::size_t end = 0;
  int power = 0;  // 2: a hundred times too high; -1: a tenth.
};
// The runs in one instrument's rows, ascending by session, apart from each other. What kUnitError marks.
std::vector<UnitRun> unit_runs(std::span<const BarRow> rows);

// Mends the unit errors of one instrument's rows in place, those from row `first` on; the rows before are context. Each
// price (and the row's `vwap`, where the source has one: empty, or one a row, NaN = missing) is taken for off or right
// by the power of ten it is nearest to, measured by the close before the run; what is off has its decimal point moved,
// the rest is left. A bar stays as it is when a price is nearer to a third power of ten or when the result fails
// check_row; so does a whole run with a split among its days, for nothing tells which side of it is wrong. Volume is
// never touched. Gives 1 for each row it mended.
std::vector<std::uint8_t> repair_units(std::span<BarRow> rows, std::span<double> vwap, std::size_t first,
                                       std::span<const Date> split_on, const QualityLimits& limits);

}  // namespace lode
