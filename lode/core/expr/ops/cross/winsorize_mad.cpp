// winsorize_mad: x clipped to k robust deviations from the median of its date.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode::expr {
namespace {

// Makes the median absolute deviation that of a normal distribution's standard deviation.
constexpr double kNormal = 1.4826;

void winsorize_mad_section(const kernels::Section& section) {
  const double median = kernels::section_quantile(kernels::sort_section(section), 0.5);
  std::ranges::transform(section.values, section.out.begin(),
                         [median](double value) { return math::abs(value - median); });
  const kernels::Section distances{section.out, section.out, section.arguments, section.order, section.room};
  const double reach =
      section.arguments.literals[0] * kNormal * kernels::section_quantile(kernels::sort_section(distances), 0.5);
  std::ranges::transform(section.values, section.out.begin(), [=](double value) {
    return reach == 0.0 ? value : std::min(std::max(value, median - reach), median + reach);
  });
}

}  // namespace
}  // namespace lode::expr

namespace lode {

const expr::Operator& operator_winsorize_mad() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "winsorize_mad",
       .summary = "x clipped to k robust deviations from the median of its date",
       .definition =
           "Clipped to median +- k 1.4826 MAD, MAD the median of |x - median|; unchanged where that is 0. Over "
           "the valid cells of the date inside the universe; missing elsewhere.",
       .source = "1.4826 MAD: F. R. Hampel, Journal of the American Statistical Association 69 (1974)",
       .parameters = {ops::kX, {"k", Type::kLiteral, true, 3.0, 0.0, 1e6}},
       .examples = {{"winsorize_mad(x, 1)", "x: 0 1 2 3 100", "0.5174 1 2 3 3.4826"}}},
      kernels::by_row<winsorize_mad_section>());
  return op;
}

}  // namespace lode
