// Cells of a panel in the making.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/cells.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>

namespace lode::lake {

namespace {

constexpr std::size_t kAlignment = 64;  // What Panel asks of foreign memory.
constexpr std::size_t kBlockBytes = std::size_t{1} << 18;

std::shared_ptr<double> raw_cells(std::size_t count) {
  const std::size_t bytes = (count * sizeof(double) + kAlignment) / kAlignment * kAlignment;
  void* memory = std::aligned_alloc(kAlignment, bytes);
  if (memory == nullptr) {
    throw std::bad_alloc();
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

}  // namespace lode::lake
