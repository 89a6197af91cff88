// Reads sides of quotes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/lean/sides.h"

#include <algorithm>
#include <limits>

#include "lode/base/text.h"

namespace lode::source::lean {

Five no_five() {
  Five out{};
  out.cells.fill(std::numeric_limits<double>::quiet_NaN());
  return out;
}

std::string read_five(std::span<const std::string> cells, std::size_t at, double scale, Five& out) {
  out = no_five();
  if (cells.size() < at + 5) {
    return "expected open, high, low, close and a size";
  }
  const auto prices = cells.subspan(at, 4);
  if (std::ranges::all_of(prices, &std::string::empty)) {
    return "";
  }
  Five read{};
  for (std::size_t i = 0; i < read.cells.size(); ++i) {
    if (!parse_double(cells[at + i], read.cells[i]) || read.cells[i] < 0) {
      return "expected open, high, low, close and a size, none below 0";
    }
    read.cells[i] /= i < 4 ? scale : 1;
  }
  const auto& [open, high, low, close, size] = read.cells;
  if (high < low || high < std::max(open, close) || low > std::min(open, close)) {
    return "high and low do not hold open and close";
  }
  out = read;
  return "";
}

}  // namespace lode::source::lean
