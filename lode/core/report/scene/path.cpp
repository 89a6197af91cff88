// Decimation and short paths.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/path.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode::report {
namespace {

int tenths(double place, int units) {
  return static_cast<int>(math::round_even(std::clamp(place, 0.0, 1.0) * units * 10.0));
}

// Keeps the lowest and the highest point of each whole column, in the order they came.
std::vector<Point> two_a_column(const std::vector<Point>& run) {
  std::vector<Point> out;
  for (std::size_t begin = 0; begin < run.size();) {
    const int column = (run[begin].x + 5) / 10;
    std::size_t lowest = begin;
    std::size_t highest = begin;
    std::size_t end = begin;
    for (; end < run.size() && (run[end].x + 5) / 10 == column; ++end) {
      lowest = run[end].y > run[lowest].y ? end : lowest;
      highest = run[end].y < run[highest].y ? end : highest;
    }
    const auto [first, second] = std::minmax(lowest, highest);
    out.push_back({column * 10, run[first].y, run[first].row});
    if (second != first) {
      out.push_back({column * 10, run[second].y, run[second].row});
    }
    begin = end;
  }
  return out;
}

void append(std::string& out, int value, bool first) {
  const std::string text = tenths_text(value);
  if (!first && text.front() != '-') {
    out += ' ';
  }
  out += text;
}

}  // namespace

std::vector<std::vector<Point>> runs_of_points(std::span<const double> xs, std::span<const double> ys, Box box) {
  LODE_ASSERT(xs.size() == ys.size());
  std::vector<std::vector<Point>> runs;
  bool open = false;
  std::size_t points = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (math::is_nan(xs[i]) || math::is_nan(ys[i])) {
      open = false;
      continue;
    }
    if (!open) {
      runs.emplace_back();
      open = true;
    }
    runs.back().push_back({tenths(xs[i], box.width), tenths(1.0 - ys[i], box.height), i});
    ++points;
  }
  if (points > 2 * static_cast<std::size_t>(box.width)) {
    std::transform(runs.begin(), runs.end(), runs.begin(), two_a_column);
  }
  return runs;
}

std::string tenths_text(int tenths) {
  const int size = std::abs(tenths);
  std::string out = tenths < 0 ? "-" : "";
  if (size >= 10 || size == 0) {
    out += std::to_string(size / 10);
  }
  if (size % 10 != 0) {
    out += '.';
    out += static_cast<char>('0' + size % 10);
  }
  return out;
}

std::string path_text(const std::vector<Point>& run) {
  std::string out = "M";
  append(out, run.front().x, true);
  append(out, run.front().y, false);
  if (run.size() == 1) {
    return out + "h0";
  }
  out += 'l';
  for (std::size_t i = 1; i < run.size(); ++i) {
    append(out, run[i].x - run[i - 1].x, i == 1);
    append(out, run[i].y - run[i - 1].y, false);
  }
  return out;
}

}  // namespace lode::report
