// Cells of a panel in the making: memory nobody has written to yet, so that each cell is written once, by the thread
// that knows its value.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "lode/base/pool.h"
#include "lode/market/panel.h"

namespace lode::lake {

class Cells {
 public:
  explicit Cells(std::shared_ptr<const Axis> axis);

  std::size_t rows() const { return axis_->rows(); }
  std::size_t columns() const { return axis_->columns(); }
  std::span<double> row(std::size_t index) { return {cells_.get() + index * columns(), columns()}; }
  double* data() { return cells_.get(); }

  // Every cell missing.
  void clear(Pool& pool);
  // Done: the cells as an f64 panel. Every cell must have been written.
  Panel finish() &&;
  // The same as a panel of `axis`, which has as many rows and columns.
  Panel finish(std::shared_ptr<const Axis> axis) &&;

 private:
  std::shared_ptr<const Axis> axis_;
  std::shared_ptr<double> cells_;
};

// Calls task(begin, end) for blocks of rows that together are [0, rows), of about a quarter megabyte each.
void for_row_blocks(std::size_t rows, std::size_t columns, Pool& pool,
                    const std::function<void(std::size_t begin, std::size_t end)>& task);

// `whole` (f64) cut to its `rows` and `columns`, ascending, as a panel of `axis`, which has one of each.
Panel pick_cells(const Panel& whole, std::span<const std::size_t> rows, std::span<const std::size_t> columns,
                 std::shared_ptr<const Axis> axis, Pool& pool);

}  // namespace lode::lake
