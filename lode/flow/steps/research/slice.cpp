// A window of rows, sharing cells with the whole.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/slice.h"

#include "lode/base/assert.h"

namespace lode::flow {

namespace {

template <class Vector>
Vector cut(const Vector& whole, std::size_t begin, std::size_t end) {
  return Vector(whole.begin() + static_cast<std::ptrdiff_t>(begin), whole.begin() + static_cast<std::ptrdiff_t>(end));
}

}  // namespace

RowSlice::RowSlice(std::shared_ptr<const Axis> axis, std::size_t begin, std::size_t end)
    : axis_(std::move(axis)), sliced_(axis_), begin_(begin), end_(end) {
  LODE_ASSERT(begin <= end && end <= axis_->rows());
  if (begin == 0 && end == axis_->rows()) {
    return;
  }
  auto made = std::make_shared<Axis>(*axis_);
  made->sessions = cut(axis_->sessions, begin, end);
  made->times = cut(axis_->times, begin, end);
  sliced_ = std::move(made);
}

Panel RowSlice::panel(const Panel& whole) const {
  if (whole.empty() || is_whole()) {
    return whole;
  }
  return whole.rows_from(begin_, sliced_);
}

GroupPanel RowSlice::group(const GroupPanel& whole) const {
  if (is_whole()) {
    return whole;
  }
  const std::size_t columns = axis_->columns();
  return GroupPanel{sliced_, cut(whole.codes, begin_ * columns, end_ * columns), whole.names};
}

std::vector<std::uint8_t> RowSlice::mask(const std::vector<std::uint8_t>& whole) const {
  if (whole.empty() || is_whole()) {
    return whole;
  }
  return cut(whole, begin_ * axis_->columns(), end_ * axis_->columns());
}

}  // namespace lode::flow
