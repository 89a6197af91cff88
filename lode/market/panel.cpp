// Axis look-ups and Panel storage.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/panel.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "lode/base/assert.h"

namespace lode {
namespace {

constexpr std::size_t kCellAlignment = 64;  // One cache line, and the widest vector register.

std::size_t cell_bytes(Precision precision) {
  return precision == Precision::kFloat64 ? sizeof(double) : sizeof(float);
}

std::shared_ptr<void> aligned_cells(std::size_t bytes) {
  const std::size_t rounded = std::max(kCellAlignment, (bytes + kCellAlignment - 1) / kCellAlignment * kCellAlignment);
  void* memory = std::aligned_alloc(kCellAlignment, rounded);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return {memory, std::free};
}

template <class T>
int position(const std::vector<T>& sorted, const T& value) {
  const auto found = std::ranges::lower_bound(sorted, value);
  return found != sorted.end() && *found == value ? static_cast<int>(found - sorted.begin()) : -1;
}

template <class T>
std::size_t count_valid(const T* cells, std::size_t count) {
  std::size_t valid = 0;
  for (std::size_t i = 0; i < count; ++i) {
    valid += cells[i] == cells[i] ? 1 : 0;
  }
  return valid;
}

}  // namespace

int Axis::row_of(Date session) const { return position(sessions, session); }
int Axis::column_of(InstrumentId id) const { return position(instruments, id); }

Panel Panel::unwritten(std::shared_ptr<const Axis> axis, Precision precision) {
  LODE_ASSERT(axis != nullptr);
  std::shared_ptr<const void> cells = aligned_cells(axis->rows() * axis->columns() * cell_bytes(precision));
  const void* start = cells.get();
  return {std::move(axis), precision, std::move(cells), start};
}

// The cells were allocated mutable just above; const only marks them as handed on.
Panel::Panel(std::shared_ptr<const Axis> axis, Precision precision) : Panel(unwritten(std::move(axis), precision)) {
  const std::size_t count = rows() * columns();
  void* cells = const_cast<void*>(cells_);
  if (precision == Precision::kFloat64) {
    std::fill_n(static_cast<double*>(cells), count, std::numeric_limits<double>::quiet_NaN());
  } else {
    std::fill_n(static_cast<float*>(cells), count, std::numeric_limits<float>::quiet_NaN());
  }
}

Panel::Panel(std::shared_ptr<const Axis> axis, Precision precision, std::shared_ptr<const void> owner,
             const void* cells)
    : axis_(std::move(axis)), precision_(precision), owner_(std::move(owner)), cells_(cells) {
  LODE_ASSERT(axis_ != nullptr);
  LODE_ASSERT(cells_ != nullptr || rows() * columns() == 0);
  LODE_ASSERT(reinterpret_cast<std::uintptr_t>(cells_) % kCellAlignment == 0);
}

std::span<const double> Panel::row64(std::size_t row) const {
  LODE_ASSERT(precision_ == Precision::kFloat64);
  LODE_ASSERT(row < rows());
  return {static_cast<const double*>(cells_) + row * columns(), columns()};
}

std::span<const float> Panel::row32(std::size_t row) const {
  LODE_ASSERT(precision_ == Precision::kFloat32);
  LODE_ASSERT(row < rows());
  return {static_cast<const float*>(cells_) + row * columns(), columns()};
}

// The cells were allocated mutable by the first constructor; const only marks them as handed on.
std::span<double> Panel::mutable_row64(std::size_t row) {
  const std::span<const double> cells = row64(row);
  return {const_cast<double*>(cells.data()), cells.size()};
}

std::span<float> Panel::mutable_row32(std::size_t row) {
  const std::span<const float> cells = row32(row);
  return {const_cast<float*>(cells.data()), cells.size()};
}

double Panel::at(std::size_t row, std::size_t column) const {
  LODE_ASSERT(column < columns());
  return precision_ == Precision::kFloat64 ? row64(row)[column] : static_cast<double>(row32(row)[column]);
}

Panel Panel::as(Precision precision) const {
  if (precision == precision_ || empty()) {
    return *this;
  }
  Panel out(axis_, precision);
  for (std::size_t row = 0; row < rows(); ++row) {
    if (precision == Precision::kFloat64) {
      std::ranges::transform(row32(row), out.mutable_row64(row).begin(), [](float v) { return double{v}; });
    } else {
      std::ranges::transform(row64(row), out.mutable_row32(row).begin(),
                             [](double v) { return static_cast<float>(v); });
    }
  }
  return out;
}

Panel Panel::rows_from(std::size_t begin, std::shared_ptr<const Axis> axis) const {
  LODE_ASSERT(begin + axis->rows() <= rows());
  LODE_ASSERT(axis->columns() == columns());
  const std::size_t row_bytes = columns() * cell_bytes(precision_);
  const auto* cells = static_cast<const std::byte*>(cells_) + begin * row_bytes;
  if (reinterpret_cast<std::uintptr_t>(cells) % kCellAlignment == 0) {
    return Panel(std::move(axis), precision_, owner_, cells);
  }
  std::shared_ptr<void> copy = aligned_cells(axis->rows() * row_bytes);
  std::memcpy(copy.get(), cells, axis->rows() * row_bytes);
  const void* start = copy.get();
  return Panel(std::move(axis), precision_, std::move(copy), start);
}

std::size_t Panel::valid_count() const {
  if (empty()) {
    return 0;
  }
  const std::size_t count = rows() * columns();
  return precision_ == Precision::kFloat64 ? count_valid(static_cast<const double*>(cells_), count)
                                           : count_valid(static_cast<const float*>(cells_), count);
}

}  // namespace lode
