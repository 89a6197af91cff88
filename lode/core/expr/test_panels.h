// Small panels for tests: an axis of consecutive days and numbered instruments, panels from text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/text.h"
#include "lode/market/panel.h"

namespace lode::expr::testing {

using Rows = std::vector<std::vector<double>>;  // NaN: missing

inline std::shared_ptr<const Axis> make_axis(std::size_t rows, std::size_t columns) {
  auto axis = std::make_shared<Axis>();
  for (std::size_t row = 0; row < rows; ++row) {
    axis->sessions.push_back(Date::from_civil(2020, 1, 1) + static_cast<int>(row));
    axis->times.push_back(end_of_day(axis->sessions.back()));
  }
  for (std::size_t column = 0; column < columns; ++column) {
    axis->instruments.push_back({column + 1});
    axis->symbols.push_back("S" + std::to_string(column + 1));
  }
  return axis;
}

// A row of numbers and `nan` between blanks; false when something else stands there.
inline bool parse_row(std::string_view text, std::vector<double>& out) {
  out.clear();
  for (const std::string_view word : split(text, ' ')) {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (word.empty()) {
      continue;
    }
    if (word != "nan" && !parse_double(word, value)) {
      return false;
    }
    out.push_back(value);
  }
  return !out.empty();
}

inline Panel make_panel(const std::shared_ptr<const Axis>& axis, const Rows& rows) {
  Panel panel(axis, Precision::kFloat64);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::copy(rows[row].begin(), rows[row].end(), panel.mutable_row64(row).begin());
  }
  return panel;
}

// Codes of a group; nan and negative numbers: none.
inline GroupPanel make_group(const std::shared_ptr<const Axis>& axis, const Rows& rows) {
  GroupPanel group{axis, {}, {}};
  for (const std::vector<double>& row : rows) {
    for (const double value : row) {
      group.codes.push_back(value >= 0.0 ? static_cast<std::int32_t>(value) : -1);
    }
  }
  return group;
}

}  // namespace lode::expr::testing
