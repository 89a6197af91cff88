// One bar as the text of a CSV row.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/core/synth/market.h"

namespace lode::synth {

// The cells of a row as they are written.
struct BarCells {
  std::string date, symbol, open, high, low, close, volume;
  std::string amount;  // Empty: the row ends before it, one column short.
};
BarCells bar_cells(const Market& market, std::size_t row, std::size_t column);
std::string bar_line(const BarCells& cells);  // Without an end of line.

// Appends the line of a cell that has a bar, with its end; `prefix` is "2020-01-02,SYN0001,". Fast: no allocation
// while `out` has room.
void append_bar(std::string& out, std::string_view prefix, const Market& market, std::size_t cell);

}  // namespace lode::synth
