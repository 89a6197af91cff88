// Values that outlive a task: slabs, the rows of literals, and the outputs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/expr/engine/histories.h"
#include "lode/core/expr/engine/memory.h"
#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::engine {

// What a task's tiles stand for: a block of instruments over all rows of a stretch, or whole rows.
struct Extent {
  bool is_series = false;
  std::size_t block = 0;  // Series: which instruments.
  std::size_t first = 0;  // Cross: first row within the stretch.
  std::size_t rows = 0;
};

template <class T>
class Values {
 public:
  Values(const std::vector<Node>& nodes, const Plan& plan, const Cut& cut)
      : cut_(cut), slabs_(plan.slabs * cut.stretch_rows * cut.stride() * sizeof(T)), literal_of_(nodes.size(), 0) {
    std::size_t count = 0;
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      literal_of_[node] = nodes[node].kind == NodeKind::kLiteral ? count++ : 0;
    }
    literals_ = Block(count * cut.stride() * sizeof(T));
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      if (nodes[node].kind == NodeKind::kLiteral) {
        T* row = literals_.template as<T>() + literal_of_[node] * cut.stride();
        std::fill_n(row, cut.stride(), kernels::stored<T>(nodes[node].literal));
      }
    }
  }

  // Rows of `outputs` from `row` on are the stretch's; none: nothing is put out.
  void put_out(std::span<Panel> outputs, std::size_t row) {
    outputs_.clear();
    for (Panel& panel : outputs) {
      outputs_.push_back(cells(panel) + row * cut_.columns);
    }
  }
  bool has_outputs() const { return !outputs_.empty(); }

  // A row of literal node `node`, which stands for all rows.
  Tile<T> literal(std::uint32_t node, const Extent& extent) const {
    return {literals_.template as<T>() + literal_of_[node] * cut_.stride(), extent.rows, width(extent), 0};
  }
  // Of a slab: rows, or a block of columns.
  Tile<T> slab(std::uint32_t index, const Extent& extent) const {
    T* start = slabs_.template as<T>() + (index * cut_.stretch_rows + extent.first) * cut_.stride();
    return {start + extent.block * cut_.lanes, extent.rows, width(extent), cut_.stride()};
  }
  // Of an output: rows, or the columns of a block that there are.
  Tile<T> output(std::uint32_t index, const Extent& extent) const {
    const std::size_t column = extent.block * cut_.lanes;
    T* start = outputs_[index] + extent.first * cut_.columns + column;
    return {start, extent.rows, std::min(width(extent), cut_.columns - column), cut_.columns};
  }

 private:
  std::size_t width(const Extent& extent) const { return extent.is_series ? cut_.lanes : cut_.columns; }

  static T* cells(Panel& panel) {
    if (panel.rows() == 0) {
      return nullptr;
    }
    if constexpr (sizeof(T) == sizeof(double)) {
      return panel.mutable_row64(0).data();
    } else {
      return panel.mutable_row32(0).data();
    }
  }

  Cut cut_;
  Block slabs_;
  Block literals_;
  std::vector<std::size_t> literal_of_;  // By node: its row there.
  std::vector<T*> outputs_;
};

}  // namespace lode::expr::engine
