// Runs of rows that stand off by a split's ratio or by a hundred.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "lode/base/math.h"
#include "lode/io/source/yahoo/repair.h"

namespace lode::source::yahoo {
namespace {

constexpr double kLeastRatio = 0.15;     // |log ratio|: a smaller split hides in a day's move.
constexpr double kShare = 0.4;           // A jump is the ratio's when it misses by less than that share of its log.
constexpr double kMostMiss = 0.9;        // And by less than that: prices in whole units round far.
constexpr std::size_t kLongestRun = 22;  // Rows off in the middle of good ones: a month.
constexpr std::size_t kNearSplit = 5;    // A run that reaches back to the table's start ends that near the split.
constexpr double kUnitMiss = 0.7;        // Of a hundred: log 2. No stock moves fifty-fold and back.
constexpr std::size_t kNone = ~std::size_t{0};

// What falls are measured on: dividends move it least.
double level(const ChartRow& row) {
  const double value = std::isfinite(row.adjusted) && row.adjusted > 0 ? row.adjusted : row.close;
  return value > 0 ? value : std::numeric_limits<double>::quiet_NaN();
}

struct Jump {
  std::size_t row;   // First row behind it.
  double log_ratio;  // Of that row's level to the one before.
};

// Steps that could be the ratio's, either way.
std::vector<Jump> jumps_of(std::span<const ChartRow> rows, double log_ratio, double most_miss) {
  std::vector<Jump> out;
  double before = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double now = level(rows[i]);
    if (!std::isfinite(now)) {
      continue;
    }
    const double step = math::log(now / before);
    if (std::isfinite(step) && std::abs(std::abs(step) - std::abs(log_ratio)) < most_miss) {
      out.push_back({i, step});
    }
    before = now;
  }
  return out;
}

void scale(ChartRow& row, double by) {
  for (double* price : {&row.open, &row.high, &row.low, &row.close, &row.adjusted}) {
    *price *= by;
  }
}

void mend(std::vector<ChartRow>& rows, std::size_t begin, std::size_t end, double by, bool volume_too, Repair why,
          std::vector<Repair>& reasons) {
  for (std::size_t i = begin; i < end; ++i) {
    scale(rows[i], by);
    if (volume_too) {
      rows[i].volume = std::round(rows[i].volume / by);
    }
    reasons[i] = why;
  }
}

// Runs entered by one jump and left by its inverse.
void mend_islands(std::vector<ChartRow>& rows, double ratio, double most_miss, std::size_t split_row, Repair why,
                  std::vector<Repair>& reasons) {
  const std::vector<Jump> jumps = jumps_of(rows, math::log(ratio), most_miss);
  for (std::size_t k = 0; k + 1 < jumps.size(); ++k) {
    const Jump& in = jumps[k];
    const Jump& out = jumps[k + 1];
    const bool inverse = (in.log_ratio > 0) != (out.log_ratio > 0);
    const bool near_split =
        split_row != kNone && out.row + kNearSplit >= split_row && out.row <= split_row + kNearSplit;
    if (inverse && (out.row - in.row <= kLongestRun || near_split)) {
      const double size = ratio > 1 ? ratio : 1 / ratio;
      mend(rows, in.row, out.row, in.log_ratio < 0 ? size : 1 / size, why == Repair::kSplit, why, reasons);
      ++k;  // The way out is no way in.
    }
  }
}

// All rows before a split that was applied to none of them: one jump by it, near its day.
void mend_start(std::vector<ChartRow>& rows, double ratio, double most_miss, std::size_t split_row,
                std::vector<Repair>& reasons) {
  const std::vector<Jump> jumps = jumps_of(rows, math::log(ratio), most_miss);
  std::optional<Jump> found;
  for (const Jump& jump : jumps) {
    const bool near_split = jump.row + kNearSplit >= split_row && jump.row <= split_row + kNearSplit;
    if (near_split && (jump.log_ratio < 0) == (ratio > 1)) {
      found = jump;
      break;
    }
  }
  if (found) {
    mend(rows, 0, found->row, 1 / ratio, true, Repair::kSplit, reasons);
  }
}

}  // namespace

void repair_runs(std::vector<ChartRow>& rows, std::vector<Repair>& why) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double ratio = rows[i].split;
    const double size = std::abs(math::log(ratio));
    if (!(ratio > 0) || !std::isfinite(ratio) || size < kLeastRatio) {
      continue;
    }
    const double most_miss = std::min(kShare * size, kMostMiss);
    mend_islands(rows, ratio, most_miss, i, Repair::kSplit, why);
    mend_start(rows, ratio, most_miss, i, why);
  }
  mend_islands(rows, 100.0, kUnitMiss, kNone, Repair::kUnit, why);
}

}  // namespace lode::source::yahoo
