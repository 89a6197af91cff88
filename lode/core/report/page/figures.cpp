// Printing of numbers by path.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/page/figures.h"

#include <limits>
#include <utility>

#include "lode/base/math.h"
#include "lode/core/report/html.h"

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

std::string Figures::wrap(std::string_view path, std::string text) const {
  const evaluate::Number* number = find(path);
  if (number == nullptr) {
    return missing_html("not computed");
  }
  const std::string why = " data-why=\"" + escape(path) + "\"";
  if (!math::is_finite(number->value)) {
    const std::string reason = escape(number->reason.empty() ? "no value" : number->reason);
    return "<span class=\"na\"" + why + " title=\"" + reason + "\">" + std::string(kMissing) + "</span>";
  }
  return "<span class=\"n\"" + why + ">" + escape(text) + "</span>";
}

std::string Figures::html(std::string_view path, Style style) const {
  return wrap(path, number_text(value(path), style));
}

std::string Figures::bare(std::string_view path, Style style) const {
  return wrap(path, bare_number_text(value(path), style));
}

std::string Figures::bare(std::string_view path, Style style, int decimals) const {
  return wrap(path, bare_number_text(value(path), style, decimals));
}

std::string Figures::range(std::string_view path, Style style) const {
  const evaluate::Number* number = find(path);
  if (number == nullptr || !math::is_finite(number->lower) || !math::is_finite(number->upper)) {
    return "";
  }
  return "<span class=\"range\">" + escape(range_text(number->value, number->lower, number->upper, style)) + "</span>";
}

std::string Figures::with_range(std::string_view path, Style style) const {
  const std::string ends = range(path, style);
  return bare(path, style) + (ends.empty() ? "" : " " + ends);
}

std::string Figures::text(std::string_view path, Style style) const { return number_text(value(path), style); }

std::string missing_html(std::string_view reason) {
  return "<span class=\"na\" title=\"" + escape(reason) + "\">" + std::string(kMissing) + "</span>";
}

std::string_view tone(double value) { return value > 0.0 ? "up" : value < 0.0 ? "down" : ""; }

}  // namespace lode::report
