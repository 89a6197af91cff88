// What the machines of one group of instruments share in a panel run: parts that several of them would make alike, of
// the same inputs. The first who asks for one in a block walks it over the block; the others read the columns it left.
// A part's state is kept here, once for all who follow it, and every follower has seen every bar: so it is the state
// that each of them would have.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "lode/core/indicator/engine/block.h"

namespace lode::indicator {

class Shelf {
 public:
  struct Part {
    virtual ~Part() = default;
  };

  // A new block begins: every part is walked over it when it is asked for again.
  void turn() { ++block_; }

  // The part of kind P made with `number`, of the call's first P::kInputs inputs: after P::walk(call) of this block.
  // The call is of the whole block, and each of its inputs lies at the same address in every block.
  template <class P>
  const P& of(const Call& call, int number = 0) {
    const std::size_t at = find(&kKind<P>, number, {call.inputs, P::kInputs});
    if (!rows_[at].part) {
      rows_[at].part = std::make_unique<P>(number);
    }
    P& part = static_cast<P&>(*rows_[at].part);
    if (rows_[at].block != block_) {
      rows_[at].block = block_;
      part.walk(call);
    }
    return part;
  }

 private:
  template <class P>
  static inline char kKind = 0;  // Its address stands for the type.

  struct Row {
    const void* kind;
    int number;
    std::vector<const double*> inputs;
    std::unique_ptr<Part> part;
    std::size_t block = 0;  // That it has been walked over.
  };

  std::size_t find(const void* kind, int number, std::span<const double* const> inputs) {
    for (std::size_t at = 0; at < rows_.size(); ++at) {
      const Row& row = rows_[at];
      if (row.kind == kind && row.number == number && std::equal(inputs.begin(), inputs.end(), row.inputs.begin())) {
        return at;
      }
    }
    rows_.push_back({kind, number, {inputs.begin(), inputs.end()}, nullptr});
    return rows_.size() - 1;
  }

  std::vector<Row> rows_;
  std::size_t block_ = 1;
};

}  // namespace lode::indicator
