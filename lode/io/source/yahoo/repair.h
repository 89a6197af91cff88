// Mends what Yahoo's daily tables are known to get wrong: prices in pence for pounds, splits not applied to some rows,
// dividends a hundred times off, doubled, a day early, or missing from the adjusted close. Pure: one symbol's rows in,
// the same rows out with one entry a changed cell. A table without a fault comes back bit for bit.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lode/base/time.h"

namespace lode::source::yahoo {

// A row as Yahoo serves it: prices adjusted for splits, `adjusted` for dividends too. NaN = missing.
struct ChartRow {
  Date session;
  double open, high, low, close, adjusted, volume;
  double dividend = 0;  // Cash a share with that ex-date; 0 = none.
  double split = 0;     // New shares an old one; 0 = none.
};

enum class ChartColumn : std::uint8_t { kOpen, kHigh, kLow, kClose, kAdjusted, kVolume, kDividend };
std::string_view to_string(ChartColumn column);  // "open", "close_vendor", "dividend"

// Why a cell was changed. Stored as text: never rename.
enum class Repair : std::uint8_t {
  kUnit,                // A run of rows a hundred times off.
  kSplit,               // A run of rows the split was not applied to, or twice.
  kDividendUnit,        // The dividend a hundred times off.
  kDividendSplit,       // The dividend as it was before a split of that day.
  kDividendTwice,       // The same dividend a few days apart: the one without a fall of the price goes.
  kDividendDay,         // The price fell a session later than the dividend says.
  kDividendUnadjusted,  // The adjusted close left the dividend out, or took a hundredth of it.
};
std::string_view to_string(Repair repair);  // "unit", "split", "dividend_unit", ...

struct RepairedCell {
  std::size_t row = 0;
  ChartColumn column = ChartColumn::kClose;
  double was = 0;
  double is = 0;
  Repair repair = Repair::kUnit;
};

// Daily rows, ascending by session: in weekly ones Yahoo takes dividends at other rows. What the evidence leaves open
// stays as it is. Returns the changed cells by row and column;
// a cell changed by two rules stands once, with the later one.
std::vector<RepairedCell> repair_chart(std::vector<ChartRow>& rows);

// The two steps of repair_chart, each in place: prices first (`why` holds one entry a row), then dividends.
void repair_runs(std::vector<ChartRow>& rows, std::vector<Repair>& why);
struct DividendRepair {
  std::size_t row;
  Repair repair;
};
std::vector<DividendRepair> repair_dividends(std::vector<ChartRow>& rows);

}  // namespace lode::source::yahoo
