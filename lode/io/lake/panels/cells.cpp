// Cells of a panel in the making.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/cells.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>

#include "lode/base/assert.h"

namespace lode::lake {

namespace {

constexpr std::size_t kAlignment = 64;  // What Panel asks of foreign memory.
constexpr std::size_t kLargePage = std::size_t{1} << 21;
constexpr std::size_t kBlockBytes = std::size_t{1} << 18;

// Large pages: a hundred megabytes of new memory cost 25,000 faults in small ones, a fifth of reading a field.
std::shared_ptr<double> raw_cells(std::size_t count) {
  const std::size_t wanted = count * sizeof(double);
  const std::size_t alignment = wanted >= kLargePage ? kLargePage : kAlignment;
  const std::size_t bytes = (wanted + alignment) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, bytes);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  if (alignment == kLargePage) {
    static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));  // A wish: a kernel without them gives small ones.
  }
  return {static_cast<double*>(memory), [](double* cells) { std::free(cells); }};
}

}  // namespace

Cells::Cells(std::shared_ptr<const Axis> axis) : axis_(std::move(axis)), cells_(raw_cells(rows() * columns())) {}

void Cells::clear(Pool& pool) {
  for_row_blocks(rows(), columns(), pool, [&](std::size_t begin, std::size_t end) {
    std::fill(data() + begin * columns(), data() + end * columns(), std::numeric_limits<double>::quiet_NaN());
  });
}

Panel Cells::finish(std::shared_ptr<const Axis> axis) && {
  LODE_ASSERT(axis->rows() == rows() && axis->columns() == columns());
  axis_ = std::move(axis);
  return std::move(*this).finish();
}

Panel Cells::finish() && {
  const double* start = cells_.get();
  return Panel(std::move(axis_), Precision::kFloat64, std::move(cells_), start);
}

void for_row_blocks(std::size_t rows, std::size_t columns, Pool& pool,
                    const std::function<void(std::size_t begin, std::size_t end)>& task) {
  const std::size_t height =
      std::max<std::size_t>(1, kBlockBytes / (sizeof(double) * std::max<std::size_t>(1, columns)));
  pool.for_each((rows + height - 1) / height,
                [&](std::size_t block) { task(block * height, std::min(rows, (block + 1) * height)); });
}

Panel pick_cells(const Panel& whole, std::span<const std::size_t> rows, std::span<const std::size_t> columns,
                 std::shared_ptr<const Axis> axis, Pool& pool) {
  LODE_ASSERT(axis->rows() == rows.size() && axis->columns() == columns.size());
  Cells out(std::move(axis));
  for_row_blocks(out.rows(), out.columns(), pool, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto from = whole.row64(rows[row]);
      const auto to = out.row(row);
      if (columns.size() == from.size()) {
        std::copy(from.begin(), from.end(), to.begin());
        continue;
      }
      for (std::size_t i = 0; i < columns.size(); ++i) {
        to[i] = from[columns[i]];
      }
    }
  });
  return std::move(out).finish();
}

}  // namespace lode::lake
