// Cells of LEAN's quote and trade rows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "lode/io/source/collect/rows.h"

namespace lode::source::lean {

// Open, high, low, close and what goes with them: the size at the last quote, or the volume. NaN = nobody quoted.
struct Five {
  std::array<double, 5> cells;
  void put(RowWriter& rows) const {
    for (const double cell : cells) {
      rows.put(cell);  // NaN becomes null.
    }
  }
};
Five no_five();
// Five cells from `at` on, prices divided by `scale`. A side without prices has no size either. "", or what is wrong:
// not numbers, prices below 0, a high below the low or one that open or close lie outside of, a negative size.
std::string read_five(std::span<const std::string> cells, std::size_t at, double scale, Five& out);

}  // namespace lode::source::lean
