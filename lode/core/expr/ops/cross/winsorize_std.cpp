// winsorize_std: x clipped to some deviations from the mean of its date.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"
#include "lode/core/stat/any_order_sum.h"

namespace lode::expr {
namespace {

// A single value has no deviation and is left as it is.
void winsorize_std_section(const kernels::Section& section) {
  const double mean = stat::any_order_mean(section.values);
  const double deviation = section.values.size() < 2 ? 0.0 : kernels::section_deviation(section, mean);
  const double reach = section.arguments.literals[0] * deviation;
  std::ranges::transform(section.values, section.out.begin(),
                         [=](double value) { return std::min(std::max(value, mean - reach), mean + reach); });
}

}  // namespace
}  // namespace lode::expr

namespace lode {

const expr::Operator& operator_winsorize_std() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "winsorize_std",
       .summary = "x clipped to `std` deviations from the mean of its date",
       .definition = "Clipped to mean +- std times the standard deviation, by n - 1, by n under brain; unchanged where "
                     "all are equal. winsorize(x, std=4) is the same. Over the valid cells of the date inside the "
                     "universe; missing elsewhere.",
       .source = "operator pages of WorldQuant BRAIN, winsorize(x, std=4)",
       .parameters =
           {ops::kX,
            {.name = "std", .type = Type::kLiteral, .optional = true, .fallback = 4.0, .most = 1e6, .above = true}},
       .examples = {{"winsorize_std(x, 1)", "x: 1 2 3", "1 2 3"}, {"winsorize(x, std=0.5)", "x: 1 2 3", "1.5 2 2.5"}}},
      kernels::by_row<winsorize_std_section>());
  return op;
}

}  // namespace lode
