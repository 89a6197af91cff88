// The repair pass and its list of changed cells.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/yahoo/repair.h"

#include <array>
#include <bit>

namespace lode::source::yahoo {
namespace {

struct Cell {
  ChartColumn column;
  double ChartRow::*value;
};
constexpr std::array<Cell, 7> kCells = {{{ChartColumn::kOpen, &ChartRow::open},
                                         {ChartColumn::kHigh, &ChartRow::high},
                                         {ChartColumn::kLow, &ChartRow::low},
                                         {ChartColumn::kClose, &ChartRow::close},
                                         {ChartColumn::kAdjusted, &ChartRow::adjusted},
                                         {ChartColumn::kVolume, &ChartRow::volume},
                                         {ChartColumn::kDividend, &ChartRow::dividend}}};

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// The rule behind an adjusted close: the nearest mended dividend after the row.
Repair rule_after(std::size_t row, const std::vector<DividendRepair>& dividends) {
  for (const DividendRepair& done : dividends) {
    if (done.row > row) {
      return done.repair;
    }
  }
  return Repair::kDividendUnadjusted;
}

Repair rule_at(std::size_t row, const std::vector<DividendRepair>& dividends) {
  for (const DividendRepair& done : dividends) {
    if (done.row == row) {
      return done.repair;
    }
  }
  return Repair::kDividendUnit;
}

}  // namespace

std::string_view to_string(ChartColumn column) {
  constexpr std::array<std::string_view, 7> kNames = {"open",         "high",   "low",     "close",
                                                      "close_vendor", "volume", "dividend"};
  return kNames[static_cast<std::size_t>(column)];
}

std::string_view to_string(Repair repair) {
  constexpr std::array<std::string_view, 7> kNames = {
      "unit", "split", "dividend_unit", "dividend_split", "dividend_twice", "dividend_day", "dividend_unadjusted"};
  return kNames[static_cast<std::size_t>(repair)];
}

std::vector<RepairedCell> repair_chart(std::vector<ChartRow>& rows) {
  const std::vector<ChartRow> before = rows;
  std::vector<Repair> runs(rows.size(), Repair::kUnit);
  repair_runs(rows, runs);
  const std::vector<ChartRow> after_runs = rows;
  const std::vector<DividendRepair> dividends = repair_dividends(rows);
  std::vector<RepairedCell> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const Cell& cell : kCells) {
      const double was = before[i].*cell.value;
      const double is = rows[i].*cell.value;
      if (same_bits(was, is)) {
        continue;
      }
      const bool by_run = same_bits(after_runs[i].*cell.value, is);
      const Repair why = by_run                                  ? runs[i]
                         : cell.column == ChartColumn::kDividend ? rule_at(i, dividends)
                                                                 : rule_after(i, dividends);
      out.push_back({i, cell.column, was, is, why});
    }
  }
  return out;
}

}  // namespace lode::source::yahoo
