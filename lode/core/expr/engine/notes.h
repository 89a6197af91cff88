// Notes: what the kernels of single sessions leave for the next one (Operator::noting32). Nothing of it is saved: a
// kernel without notes looks at the whole window again, with the same bits.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/expr/engine/memory.h"
#include "lode/core/expr/program.h"

namespace lode::expr::engine {

class Notes {
 public:
  // Of no node.
  explicit Notes(std::size_t nodes) : is_taken_(nodes, false), blocks_(nodes) {}

  // `node` takes so many bytes a lane, for `lanes` instruments; nothing is noted yet.
  void take(std::uint32_t node, std::size_t per_lane, std::size_t lanes) {
    is_taken_[node] = per_lane > 0;
    blocks_[node] = {Block(per_lane * lanes), per_lane};
    std::ranges::fill(blocks_[node].cells.bytes(), std::byte{0});
  }

  // By node: it takes notes.
  const std::vector<bool>& are_taken() const { return is_taken_; }
  // Of `lanes` instruments from `first` on.
  std::span<std::byte> of(std::uint32_t node, std::size_t first, std::size_t lanes) const {
    const std::size_t per_lane = blocks_[node].per_lane;
    return blocks_[node].cells.bytes().subspan(first * per_lane, lanes * per_lane);
  }

 private:
  struct OfNode {
    Block cells;
    std::size_t per_lane = 0;
  };
  std::vector<bool> is_taken_;
  std::vector<OfNode> blocks_;
};

}  // namespace lode::expr::engine
