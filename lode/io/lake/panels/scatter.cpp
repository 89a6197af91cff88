// Placing bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/scatter.h"

#include <limits>

namespace lode::lake {

namespace {
constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
}  // namespace

RowsByDay::RowsByDay(const Axis& axis)
    : first_(axis.sessions.front().days), rows_(static_cast<std::size_t>(axis.sessions.back().days - first_) + 1, -1) {
  for (std::size_t row = 0; row < axis.rows(); ++row) {
    rows_[static_cast<std::size_t>(axis.sessions[row].days - first_)] = static_cast<std::int32_t>(row);
  }
}

void Scatter::find_places(const Chunk& chunk) {
  const auto ids = chunk.values<std::uint64_t>(0);
  const auto days = chunk.values<std::int32_t>(1);
  const std::size_t columns = axis_->columns();
  places_.resize(chunk.rows());
  for (std::size_t i = 0; i < chunk.rows(); ++i) {
    if (!known_ || ids[i] != id_) {
      id_ = ids[i];
      column_ = axis_->column_of(InstrumentId{id_});
      known_ = true;
    }
    const std::int32_t row = (*row_of_)[days[i]];
    const bool placed = row >= 0 && column_ >= 0;
    strayed_ = strayed_ || !placed;
    places_[i] = placed ? static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(column_) : kNowhere;
  }
}

void Scatter::take(const Chunk& chunk) {
  if (strayed_) {
    return;  // These cells will be thrown away.
  }
  find_places(chunk);
  if (strayed_) {
    return;
  }
  for (std::size_t field = 0; field < fields_->size(); ++field) {
    const auto values = chunk.values<double>(field + 2);
    double* cells = (*fields_)[field].data();
    const bool nulls = chunk.has_nulls(field + 2);
    for (std::size_t i = 0; i < chunk.rows(); ++i) {
      if (!nulls || !chunk.is_null(field + 2, i)) {
        cells[places_[i]] = values[i];
      }
    }
  }
}

}  // namespace lode::lake
