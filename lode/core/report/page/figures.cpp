// Printing of numbers by path.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "lode/base/math.h"

namespace lode::report {

Figures::Figures(std::vector<evaluate::Number> numbers) : numbers_(std::move(numbers)) {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    by_path_.emplace(numbers_[i].path, i);
  }
}

const evaluate::Number* Figures::find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &numbers_[found->second];
}

double Figures::value(std::string_view path) const {
  const evaluate::Number* number = find(path);
  return number == nullptr ? std::numeric_limits<double>::quiet_NaN() : number->value;
}

Text Figures::wrap(std::string_view path, std::string text) const {
  const evaluate::Number* number = find(path);
  if (number == nullptr) {
    return missing("not computed");
  }
  if (!math::is_finite(number->value)) {
    return Run{std::string(kMissing), Run::Kind::kGap, false, std::string(path),
               number->reason.empty() ? "no value" : number->reason};
  }
  return Run{std::move(text), Run::Kind::kNumber, false, std::string(path)};
}

Text Figures::number(std::string_view path, Style style) const { return wrap(path, number_text(value(path), style)); }

Text Figures::bare(std::string_view path, Style style) const {
  return wrap(path, bare_number_text(value(path), style));
}

Text Figures::bare(std::string_view path, Style style, int decimals) const {
  return wrap(path, bare_number_text(value(path), style, decimals));
}

Text Figures::range(std::string_view path, Style style) const {
  const evaluate::Number* number = find(path);
  if (number == nullptr || !math::is_finite(number->lower) || !math::is_finite(number->upper)) {
    return {};
  }
  return Run{range_text(number->value, number->lower, number->upper, style), Run::Kind::kRange};
}

Text Figures::with_range(std::string_view path, Style style) const {
  const Text ends = range(path, style);
  return bare(path, style) + (ends.empty() ? Text() : " " + ends);
}

std::string Figures::text(std::string_view path, Style style) const { return number_text(value(path), style); }

std::string_view tone(double value) { return value > 0.0 ? "up" : value < 0.0 ? "down" : ""; }

std::string heat(double value, double limit) {
  constexpr int kSteps = 5;
  if (!math::is_finite(value) || limit <= 0.0 || value == 0.0) {
    return "";
  }
  const int step = std::clamp(static_cast<int>(math::ceil(math::abs(value) / limit * kSteps)), 1, kSteps);
  return fmt::format("heat {}{}", value > 0.0 ? 'u' : 'd', step);
}

}  // namespace lode::report
