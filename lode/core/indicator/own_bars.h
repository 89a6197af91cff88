// The bars of instruments side by side, each counted by its own bars: a row on which an instrument has none, another
// exchange's session or one it was not traded on, is no bar of its history.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lode::indicator {

// Which cells of [row][instrument] are bars, and how to push each instrument's bars together and back. Where all bars
// of each instrument stand in one stretch of rows, nothing moves.
class OwnBars {
 public:
  // A cell of `closes` that is NaN is no bar: a bar has a close.
  OwnBars(const std::vector<double>& closes, std::size_t rows, std::size_t width);

  // Whether some instrument has a row without a bar between two with one.
  bool are_apart() const { return are_apart_; }

  // Each instrument's cells one under another from the row of its first bar on, whatever they hold; NaN behind the
  // last. No cells at all stay none.
  void push_together(std::vector<double>& cells) const;
  // The other way: what push_together() put at a place goes to the row of its bar; rows without a bar are NaN.
  void put_back(std::vector<double>& cells) const;

 private:
  std::size_t rows_;
  std::size_t width_;
  std::vector<std::uint8_t> is_bar_;
  std::vector<std::size_t> first_;  // Row of the first bar, by instrument
  std::vector<std::size_t> end_;    // Row behind the last one once they are together
  bool are_apart_ = false;
};

}  // namespace lode::indicator
