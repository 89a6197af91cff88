// Reads the body of a chart into rows, and brings them to raw prices: Yahoo's are adjusted for splits, ours are not.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/io/source/collect/contract.h"
#include "lode/io/source/rejected.h"
#include "lode/io/source/yahoo/repair.h"

namespace lode::source::yahoo {

extern const BodyContract kChartContract;

struct Period {
  std::int64_t start = 0;  // Unix seconds; both 0 = not told.
  std::int64_t end = 0;
};

struct ChartMeta {
  std::string symbol, currency, exchange, type;
  std::string granularity;  // How long a bar is, in Yahoo's word: "1d", "1h", "1mo"; "" = not told.
  std::string name;
  std::int64_t gmtoffset = 0;
  std::optional<std::int64_t> first_trade;
  Period regular;               // Of the session at hand.
  std::vector<Period> trading;  // Of the sessions asked, where told (intraday).
};

// One row: its stamp, and its cells as served but for minor units.
struct ChartBar {
  std::int64_t stamp = 0;  // Unix seconds of the bar's start.
  std::size_t index = 0;   // In the arrays, from 0.
  ChartRow row;
};

struct CashEvent {
  std::int64_t stamp = 0;
  double amount = 0;     // A share, in major units, adjusted for later splits.
  bool is_gain = false;  // A fund's capital gain.
};
struct SplitEvent {
  std::int64_t stamp = 0;
  double ratio = 0;  // New shares an old one.
};

struct Chart {
  ChartMeta meta;
  std::vector<ChartBar> bars;  // By stamp.
  std::vector<CashEvent> cash;
  std::vector<SplitEvent> splits;
  std::vector<Rejected> rejected;
  std::int64_t records = 0;  // Stamps.
};

// E6206 when the body is no chart, its arrays are not as long as its stamps, or it is another symbol's than `symbol`.
// A stamp without any number is no row. A number that is none ("Infinity", a text) sets its row aside. `daily` = rows
// are sessions.
Result<Chart> read_chart(std::string_view body, std::string_view symbol, bool daily);

// The session of a stamp: its day on the exchange's clock, where 22:00 and later is the day after, for a daily stamp is
// midnight or the open and the offset given is that of now, an hour off in the other half of the year.
Date session_of(std::int64_t stamp, std::int64_t gmtoffset, bool daily);

// A price of single precision as the source wrote it: 129.0399932861328 is 129.04. Others stay.
double as_written(double value);

// Product of the ratios of splits after (`same_day`: on or after) the session.
double split_factor(const std::vector<std::pair<Date, double>>& splits, Date session, bool same_day);

}  // namespace lode::source::yahoo
