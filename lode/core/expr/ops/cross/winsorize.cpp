// winsorize: x clipped to the quantiles p and 1 - p of its date.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode::expr {
namespace {

void winsorize_section(const kernels::Section& section) {
  const std::span<const double> sorted = kernels::sort_section(section);
  const double share = section.arguments.literals[0];
  const double low = kernels::section_quantile(sorted, share);
  const double high = kernels::section_quantile(sorted, 1.0 - share);
  std::ranges::transform(section.values, section.out.begin(),
                         [=](double value) { return std::min(std::max(value, low), high); });
}

}  // namespace
}  // namespace lode::expr

namespace lode {

const expr::Operator& operator_winsorize() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "winsorize",
       .summary = "x clipped to the quantiles p and 1 - p of its date",
       .definition = "Quantiles by linear interpolation at p (n - 1). Over the valid cells of the date inside the "
                     "universe; missing elsewhere.",
       .source = "quantiles as type 7 of R. J. Hyndman, Y. Fan, The American Statistician 50 (1996)",
       .parameters = {ops::kX, {"p", Type::kLiteral, true, 0.01, 0.0, 0.5}},
       .examples = {{"winsorize(x, 0.25)", "x: 0 1 2 3 100", "1 1 2 3 3"}}},
      kernels::by_row<winsorize_section>());
  return op;
}

}  // namespace lode
