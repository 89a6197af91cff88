// The rules of the venues' own documentation.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/gap.h"

namespace lode::source {

void DepthSequence::snapshot(std::int64_t last_update) {
  last_ = last_update;
  is_joined_ = false;
}

GapAnswer DepthSequence::update(std::int64_t first, std::int64_t last) {
  if (!last_) {
    return GapAnswer::kBuffer;
  }
  if (last <= *last_) {
    return GapAnswer::kDrop;
  }
  const bool follows = is_joined_ ? first == *last_ + 1 : first <= *last_ + 1;
  if (first > last || !follows) {
    last_.reset();
    return GapAnswer::kResync;
  }
  last_ = last;
  is_joined_ = true;
  return GapAnswer::kApply;
}

GapAnswer MessageSequence::message(std::int64_t number) {
  if (next_ && number < *next_) {
    return GapAnswer::kDrop;
  }
  const bool follows = next_ ? number == *next_ : number == 0;
  if (!follows) {
    next_.reset();
    return GapAnswer::kResync;
  }
  next_ = number + 1;
  return GapAnswer::kApply;
}

}  // namespace lode::source
