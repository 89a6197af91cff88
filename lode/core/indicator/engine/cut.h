// What machines read: a panel's columns as a block of lanes, group by group.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lode::indicator {

inline constexpr std::size_t kCutGroups = 16;  // At most, of a block.

// A rectangle of a panel: `rows` bars of `columns` instruments, the rows `stride` cells apart.
struct PanelPart {
  const double* cells;
  std::size_t stride;
  std::size_t rows;
  std::size_t columns;
};

// The part's cells as a block [group][bar][kBlockLanes] at `to`, aligned as Cells; group g begins at
// `to + g * group_stride`. Lanes beyond the part repeat its last instrument, so that a gap stops no machine which would
// go on without them; nobody looks at what comes of them. Sets is_whole[g] to whether all cells of group g are numbers.
void cut(const PanelPart& part, double* to, std::size_t group_stride, std::span<bool> is_whole);

}  // namespace lode::indicator
