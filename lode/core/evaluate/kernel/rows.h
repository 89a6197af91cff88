// Dense rows of doubles for the kernels of this module, and the fixed blocks of rows that threads share out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "lode/base/pool.h"

namespace lode::evaluate {

// rows x columns, row-major.
struct Cells {
  Cells() = default;
  Cells(std::size_t row_count, std::size_t column_count, double fill)
      : rows(row_count), columns(column_count), values(row_count * column_count, fill) {}

  std::span<const double> row(std::size_t index) const { return std::span(values).subspan(index * columns, columns); }
  std::span<double> row(std::size_t index) { return std::span(values).subspan(index * columns, columns); }

  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;
};

// Rows of one unit of work. Blocks are the same for any number of threads, so whatever is accumulated inside a block
// and then over blocks in order has the same bits.
inline constexpr std::size_t kBlockRows = 64;

inline std::size_t block_count(std::size_t rows) { return (rows + kBlockRows - 1) / kBlockRows; }

// Calls task(block, first row, row after the last) for every block of `rows` rows.
inline void for_blocks(std::size_t rows, Pool& pool,
                       const std::function<void(std::size_t, std::size_t, std::size_t)>& task) {
  pool.for_each(block_count(rows),
                [&](std::size_t block) { task(block, block * kBlockRows, std::min(rows, (block + 1) * kBlockRows)); });
}

}  // namespace lode::evaluate
