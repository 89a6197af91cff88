// RowSlice: a window of rows of an axis and of everything that stands on it, without copying cells.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "lode/market/panel.h"

namespace lode::flow {

// Rows [begin, end) of `axis`. The slices keep their originals alive; empty panels and masks stay empty.
class RowSlice {
 public:
  RowSlice(std::shared_ptr<const Axis> axis, std::size_t begin, std::size_t end);

  std::size_t begin() const { return begin_; }
  const std::shared_ptr<const Axis>& axis() const { return sliced_; }
  Panel panel(const Panel& whole) const;
  GroupPanel group(const GroupPanel& whole) const;
  std::vector<std::uint8_t> mask(const std::vector<std::uint8_t>& whole) const;

 private:
  bool is_whole() const { return sliced_ == axis_; }

  std::shared_ptr<const Axis> axis_;
  std::shared_ptr<const Axis> sliced_;
  std::size_t begin_;
  std::size_t end_;
};

}  // namespace lode::flow
