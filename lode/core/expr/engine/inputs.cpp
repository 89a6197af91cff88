// Cells of fields on their way into tiles.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/inputs.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "lode/base/assert.h"
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {
namespace {

using kernels::kMissing;
using kernels::stored;

template <class S, class T>
void load_cells(const S* from, T* to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (sizeof(S) == sizeof(T)) {
      // Finite. In whole numbers and without a branch, so that it runs in lanes.
      using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
      constexpr auto kInfinite = std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
      const auto bits = std::bit_cast<Bits>(from[i]);
      const Bits is_gone = (bits & kInfinite) == kInfinite ? ~Bits{0} : Bits{0};
      to[i] = std::bit_cast<T>((bits & ~is_gone) | (std::bit_cast<Bits>(kMissing<T>) & is_gone));
    } else {
      to[i] = stored<T>(from[i]);
    }
  }
}

template <class T, class RowOf>
void load_rows(std::size_t columns, const Tile<T>& to, RowOf row_of) {
  for (std::size_t row = 0; row < to.rows; ++row) {
    const auto* from = row_of(row);
    T* cell = to.row(row);
    if (columns == kLanes) {
      load_cells(from, cell, kLanes);  // A count the compiler knows.
    } else {
      load_cells(from, cell, columns);
      std::fill_n(cell + columns, to.width - columns, kMissing<T>);
    }
  }
}

}  // namespace

template <class T>
void Inputs<T>::see(const Fields& fields, std::size_t row, std::size_t rows) {
  fields_ = &fields;
  row_ = row;
  panels_.resize(nodes_.size());
  groups_.resize(nodes_.size());
  repeats_.resize(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].kind == NodeKind::kField) {
      panels_[i] = fields.find(nodes_[i].field);
    } else if (nodes_[i].kind == NodeKind::kGroupField) {
      groups_[i] = fields.find_group(nodes_[i].field);
      find_repeats(*groups_[i], rows, repeats_[i]);
    }
  }
}

// 1 for each session whose codes are those of the session before: groups rarely change.
template <class T>
void Inputs<T>::find_repeats(const GroupPanel& group, std::size_t rows, std::vector<std::uint8_t>& repeats) const {
  const std::size_t columns = fields_->axis().columns();
  repeats.assign(rows, 0);
  LODE_ASSERT(group.codes.size() >= (row_ + rows) * columns);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int32_t* codes = group.codes.data() + (row_ + row) * columns;
    repeats[row] = row_ + row > 0 && std::equal(codes, codes + columns, codes - columns) ? 1 : 0;
  }
}

template <class T>
void Inputs<T>::load(std::uint32_t node, Part part, const Tile<T>& to) const {
  const Panel& panel = *panels_[node];
  const std::size_t first = row_ + part.first_row;
  if (panel.precision() == Precision::kFloat64) {
    load_rows(part.columns, to, [&](std::size_t row) { return panel.row64(first + row).data() + part.first_column; });
  } else {
    load_rows(part.columns, to, [&](std::size_t row) { return panel.row32(first + row).data() + part.first_column; });
  }
}

template <class T>
GroupTile Inputs<T>::groups(std::uint32_t node, std::size_t first_row, std::size_t rows) const {
  const std::size_t columns = fields_->axis().columns();
  return {groups_[node]->codes.data() + (row_ + first_row) * columns, repeats_[node].data() + first_row, rows, columns,
          columns};
}

template <class T>
void Inputs<T>::copy_inside(const Tile<T>& from, const Tile<T>& to, const Part& part) const {
  const std::size_t columns = part.columns;
  const bool is_whole = columns == kLanes;  // A size the compiler knows: a few moves.
  const std::uint8_t* inside = fields_->universe().data();
  const std::size_t stride = fields_->axis().columns();
  const std::size_t first = (row_ + part.first_row) * stride + part.first_column;
  for (std::size_t row = 0; row < from.rows; ++row) {
    T* cells = to.row(row);
    if (profile_->keeps_infinite) {
      is_whole ? load_cells(from.row(row), cells, kLanes) : load_cells(from.row(row), cells, columns);
    } else if (is_whole) {
      std::memcpy(cells, from.row(row), kLanes * sizeof(T));
    } else {
      std::copy_n(from.row(row), columns, cells);
    }
    for (std::size_t i = 0; inside != nullptr && i < columns; ++i) {
      cells[i] = inside[first + row * stride + i] != 0 ? cells[i] : kMissing<T>;
    }
  }
}

template class Inputs<float>;
template class Inputs<double>;

}  // namespace lode::expr::engine
