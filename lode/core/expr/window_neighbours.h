// The formulas beside a formula: the same with one window shorter or longer. Who asks whether a number rests on the
// choice of 20 rather than 10 or 30 sessions asks these.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/core/expr/program.h"

namespace lode::expr {

struct WindowNeighbour {
  std::string id;       // "window_2_half", "windows_longer"
  std::string words;    // "ts_mean 20 -> 10", "all x 0.5"
  std::string formula;  // Not checked: a window may be too short for its operator.
};
struct WindowNeighbours {
  std::vector<WindowNeighbour> list;
  int windows = 0;   // Literal windows of 2 sessions or more in the formula.
  int left_out = 0;  // Of these, changed only together with the others.
};

inline constexpr int kMostLoneWindows = 6;  // The first of them are changed one by one.

// Each literal window of `formula` (in any notation), times 0.5 and times 1.5, rounded half away from 0, by itself in
// the order they stand in the text; where there are several, all of them together too. Windows of 1 are left alone: a
// step of one session is no length. Neighbours that equal the formula are left out. E1101 where it cannot be parsed.
Result<WindowNeighbours> window_neighbours(std::string_view formula, const OperatorTable& table);

}  // namespace lode::expr
