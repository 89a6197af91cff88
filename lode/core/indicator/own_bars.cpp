// Both ways go row by row, as the cells lie: each instrument keeps the place that its next bar goes to.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/own_bars.h"

#include <algorithm>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode::indicator {

namespace {
constexpr double kMissingCell = std::numeric_limits<double>::quiet_NaN();
}

OwnBars::OwnBars(const std::vector<double>& closes, std::size_t rows, std::size_t width)
    : rows_(rows), width_(width), is_bar_(rows * width), first_(width, rows), end_(width, 0) {
  LODE_ASSERT(closes.size() == rows * width);
  std::vector<std::size_t> counts(width, 0);
  std::vector<std::size_t> last(width, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < width; ++k) {
      const bool is_bar = !math::is_nan(closes[row * width + k]);
      is_bar_[row * width + k] = is_bar ? 1 : 0;
      if (is_bar) {
        first_[k] = std::min(first_[k], row);
        last[k] = row;
        ++counts[k];
      }
    }
  }
  for (std::size_t k = 0; k < width; ++k) {
    end_[k] = counts[k] == 0 ? 0 : first_[k] + counts[k];
    are_apart_ = are_apart_ || (counts[k] > 0 && last[k] + 1 != end_[k]);
  }
}

void OwnBars::push_together(std::vector<double>& cells) const {
  if (!are_apart_ || cells.empty()) {  // A field that nobody reads.
    return;
  }
  LODE_ASSERT(cells.size() == rows_ * width_);
  std::vector<std::size_t> next = first_;
  for (std::size_t row = 0; row < rows_; ++row) {
    for (std::size_t k = 0; k < width_; ++k) {
      if (is_bar_[row * width_ + k] != 0) {
        cells[next[k]++ * width_ + k] = cells[row * width_ + k];
      }
    }
  }
  for (std::size_t row = 0; row < rows_; ++row) {
    for (std::size_t k = 0; k < width_; ++k) {
      if (row < first_[k] || row >= end_[k]) {
        cells[row * width_ + k] = kMissingCell;
      }
    }
  }
}

void OwnBars::put_back(std::vector<double>& cells) const {
  if (!are_apart_) {
    return;
  }
  LODE_ASSERT(cells.size() == rows_ * width_);
  std::vector<std::size_t> next = end_;  // From the last row up: no cell is written over before it was moved.
  for (std::size_t row = rows_; row-- > 0;) {
    for (std::size_t k = 0; k < width_; ++k) {
      double& cell = cells[row * width_ + k];
      cell = is_bar_[row * width_ + k] != 0 ? cells[--next[k] * width_ + k] : kMissingCell;
    }
  }
}

}  // namespace lode::indicator
