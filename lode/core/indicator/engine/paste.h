// Blocks of lanes back into panels.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lode::indicator {

// Cells of one block, [group][bar][kBlockLanes]; group g begins at `cells + g * group_stride`.
struct LaneBlock {
  const double* cells;
  std::size_t group_stride;
  std::size_t rows;
  std::size_t columns;  // At most kPasteColumns; lanes beyond them are nobody's.
};

inline constexpr std::size_t kPasteColumns = 256;

// Writes the block into a panel's rows, the first at `to`, `stride` cells apart. Whole lines go past the caches: nobody
// here reads them again, and a line that is written through the cache is read from memory first. Before another thread
// reads them: paste_done().
void paste(const LaneBlock& block, double* to, std::size_t stride);

// What this thread pasted can be read by others.
void paste_done();

}  // namespace lode::indicator
