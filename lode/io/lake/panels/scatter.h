// Putting streamed daily bars into the cells of panels.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/panels/cells.h"

namespace lode::lake {

// Row of each day between the first and last session of `axis` (rows >= 1); -1 where there is none.
class RowsByDay {
 public:
  explicit RowsByDay(const Axis& axis);
  // -1 when `day` is no session of the axis.
  std::int32_t operator[](std::int32_t day) const {
    const auto place = static_cast<std::size_t>(static_cast<std::int64_t>(day) - first_);
    return place < rows_.size() ? rows_[place] : -1;
  }

 private:
  std::int32_t first_;
  std::vector<std::int32_t> rows_;
};

// Puts the values of one partition's chunks (instrument_id, session, then one column a field) into the cells. Rows come
// sorted by instrument within a part, so the column is looked up once an instrument, and sessions through a table by
// day. Partitions never share a cell, so each has a Scatter of its own on any thread. Nulls leave their cell as it was.
class Scatter {
 public:
  // All three must outlive it; `fields` are cells on `axis`.
  Scatter(const Axis& axis, const RowsByDay& row_of, std::vector<Cells>& fields)
      : axis_(&axis), row_of_(&row_of), fields_(&fields) {}

  void take(const Chunk& chunk);
  // True when a bar had no place on the axis: the cells lack it.
  bool strayed() const { return strayed_; }

 private:
  void find_places(const Chunk& chunk);

  const Axis* axis_;
  const RowsByDay* row_of_;
  std::vector<Cells>* fields_;
  std::vector<std::size_t> places_;
  std::uint64_t id_ = 0;
  int column_ = -1;
  bool known_ = false;  // id_ and column_ were looked up
  bool strayed_ = false;
};

}  // namespace lode::lake
