// Axis and Panel: the dense dates x instruments form research works on. NaN is missing and nothing else.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lode/base/time.h"
#include "lode/market/instrument.h"

namespace lode {

// The shared, immutable frame of a set of panels: sessions (with their UTC closes) and instruments sorted by id.
struct Axis {
  std::vector<Date> sessions;  // Ascending, unique. Rows.
  std::vector<Time> times;     // Session closes, one a row.
  Interval interval = Interval::kDaily;
  std::vector<InstrumentId> instruments;  // Ascending by id. Columns.
  std::vector<std::string> symbols;       // As of the last session, one a column; for people only.

  std::size_t rows() const { return sessions.size(); }
  std::size_t columns() const { return instruments.size(); }
  int row_of(Date session) const;        // -1 when absent. O(log rows).
  int column_of(InstrumentId id) const;  // -1 when absent. O(log columns).
};

enum class Precision : std::uint8_t { kFloat32, kFloat64 };

// rows x columns values, row-major [session][instrument], f32 or f64. Copies share the cells, which are immutable once
// the panel is handed on; a mapped cache file keeps itself alive through the same pointer. Cells start 64-byte aligned.
class Panel {
 public:
  Panel() = default;
  // All cells NaN.
  Panel(std::shared_ptr<const Axis> axis, Precision precision);
  // Cells that nobody has written yet, for whoever writes each of them once.
  static Panel unwritten(std::shared_ptr<const Axis> axis, Precision precision);
  // Over foreign memory of rows * columns cells, kept alive by `owner`.
  Panel(std::shared_ptr<const Axis> axis, Precision precision, std::shared_ptr<const void> owner, const void* cells);

  bool empty() const { return axis_ == nullptr; }
  const Axis& axis() const { return *axis_; }
  const std::shared_ptr<const Axis>& shared_axis() const { return axis_; }
  Precision precision() const { return precision_; }
  std::size_t rows() const { return axis_->rows(); }
  std::size_t columns() const { return axis_->columns(); }

  // Row views; the precision must match (LODE_ASSERT). The mutable ones are for whoever just made the panel.
  std::span<const double> row64(std::size_t row) const;
  std::span<const float> row32(std::size_t row) const;
  std::span<double> mutable_row64(std::size_t row);
  std::span<float> mutable_row32(std::size_t row);
  double at(std::size_t row, std::size_t column) const;  // Either precision, as double. Slow: for tests and edges.

  // A new panel in the other precision (rounded once), or this one when it already is.
  Panel as(Precision precision) const;
  // The rows from `begin` on as a panel of `axis` (the same columns, at most the rows that are left). Shares the cells
  // where the first of them lies on a cell boundary of 64 bytes, else copies them.
  Panel rows_from(std::size_t begin, std::shared_ptr<const Axis> axis) const;
  // Number of cells that are not NaN.
  std::size_t valid_count() const;

 private:
  std::shared_ptr<const Axis> axis_;
  Precision precision_ = Precision::kFloat64;
  std::shared_ptr<const void> owner_;
  const void* cells_ = nullptr;
};

// Integer group codes of each date (sector, industry); -1 = no group. Row-major like Panel.
struct GroupPanel {
  std::shared_ptr<const Axis> axis;
  std::vector<std::int32_t> codes;  // rows * columns
  std::vector<std::string> names;   // names[code]
  std::span<const std::int32_t> row(std::size_t index) const {
    return std::span(codes).subspan(index * axis->columns(), axis->columns());
  }
};

}  // namespace lode
