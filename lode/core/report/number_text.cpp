// Signs, digits and thousands of printed numbers.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/number_text.h"

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::report {
namespace {

struct Rule {
  double scale;
  int max_decimals;
  bool always_signed;
  std::string_view unit;
};

Rule rule_of(Style style) {
  switch (style) {
    case Style::kCoefficient:
      return {1.0, 4, true, ""};
    case Style::kReturn:
      return {100.0, 2, true, " %"};
    case Style::kShare:
      return {100.0, 1, false, " %"};
    case Style::kT:
      return {1.0, 2, true, ""};
    case Style::kDecimal:
      return {1.0, 3, false, ""};
    case Style::kCount:
      return {1.0, 0, false, ""};
    case Style::kBasisPoints:
      return {1.0, 1, false, " bp"};
    case Style::kDailyReturn:
      return {10000.0, 2, true, " bp"};
    case Style::kSessions:
      return {1.0, 1, false, ""};
  }
  return {1.0, 3, false, ""};
}

// Decimals that leave three significant digits, within the rule.
int decimals_of(double shown, int max_decimals) {
  double size = math::abs(shown);
  int decimals = 2;
  for (; size >= 10.0 && decimals > 0; size /= 10.0) {
    --decimals;
  }
  for (; size < 1.0 && size > 0.0 && decimals < max_decimals; size *= 10.0) {
    ++decimals;
  }
  return std::min(decimals, max_decimals);
}

// Puts thin spaces between thousands of the whole part of plain digits.
std::string with_thousands(std::string_view digits) {
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i < whole && (whole - i) % 3 == 0) {
      out += kThinSpace;
    }
    out += digits[i];
  }
  return out;
}

std::string with_decimals(double shown, int decimals, bool always_signed) {
  const std::string digits = fixed(math::abs(shown), decimals);
  const bool zero = digits.find_first_not_of("0.") == std::string::npos;
  std::string out;
  if (!zero && shown < 0.0) {
    out += kMinus;
  } else if (!zero && always_signed) {
    out += '+';
  }
  return out + with_thousands(digits);
}

// Rounding can carry into one more digit (9.996 to 10.00): the rounded value decides.
int settled_decimals(double shown, int max_decimals) {
  const int first = decimals_of(shown, max_decimals);
  double rounded = 0.0;
  parse_double(fixed(shown, first), rounded);
  return rounded == 0.0 ? first : std::min(first, decimals_of(rounded, max_decimals));
}

std::string with_unit(std::string text, Style style) {
  std::string_view unit = rule_of(style).unit;
  if (!unit.empty()) {
    text += kThinSpace;
    text += unit.substr(1);
  }
  return text;
}

}  // namespace

std::string_view unit_of(Style style) { return rule_of(style).unit; }
double shown_scale(Style style) { return rule_of(style).scale; }

std::string bare_number_text(double value, Style style) {
  if (!math::is_finite(value)) {
    return std::string(kMissing);
  }
  const Rule rule = rule_of(style);
  const double shown = value * rule.scale;
  return with_decimals(shown, settled_decimals(shown, rule.max_decimals), rule.always_signed);
}

std::string bare_number_text(double value, Style style, int decimals) {
  const Rule rule = rule_of(style);
  return math::is_finite(value) ? with_decimals(value * rule.scale, decimals, rule.always_signed)
                                : std::string(kMissing);
}

std::string number_text(double value, Style style) {
  return math::is_finite(value) ? with_unit(bare_number_text(value, style), style) : std::string(kMissing);
}

std::string range_text(double value, double lower, double upper, Style style) {
  if (!math::is_finite(lower) || !math::is_finite(upper)) {
    return std::string(kMissing);
  }
  const Rule rule = rule_of(style);
  const double anchor = math::is_finite(value) ? value : std::max(math::abs(lower), math::abs(upper));
  const int decimals = settled_decimals(anchor * rule.scale, rule.max_decimals);
  return with_decimals(lower * rule.scale, decimals, rule.always_signed) + " .. " +
         with_decimals(upper * rule.scale, decimals, rule.always_signed);
}

std::string interval_text(double value, double lower, double upper, Style style) {
  if (!math::is_finite(value) || !math::is_finite(lower) || !math::is_finite(upper)) {
    return number_text(value, style);
  }
  return number_text(value, style) + " (" + range_text(value, lower, upper, style) + ")";
}

std::string tick_text(double value, double step, Style style) {
  const Rule rule = rule_of(style);
  double size = math::abs(step * rule.scale);
  int decimals = 0;
  // A step of 0.25 needs two decimals, of 0.3 one: stop where the rest is rounding noise.
  while (decimals < 6 && size > 0.0 && math::abs(size - math::round_even(size)) > 1e-6 * std::max(size, 1.0)) {
    size *= 10.0;
    ++decimals;
  }
  const double shown = value * rule.scale;
  if (math::abs(shown) < 1e-12) {
    return style == Style::kReturn || style == Style::kShare ? with_unit("0", style) : "0";
  }
  return with_unit(with_decimals(shown, decimals, rule.always_signed), style);
}

std::string counted_text(std::int64_t count, std::string_view noun) {
  return number_text(static_cast<double>(count), Style::kCount) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string cost_text(double bps) {
  return math::is_finite(bps) && bps != 0.0 ? tick_text(bps, bps, Style::kBasisPoints)
                                            : with_unit("0", Style::kBasisPoints);
}

}  // namespace lode::report
