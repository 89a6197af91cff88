// quantile: bucket 1..q of x on its date.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode::expr {
namespace {

void quantile_section(const kernels::Section& section) {
  const std::span<const double> sorted = kernels::sort_section(section);
  const double buckets = section.arguments.literals[0];
  std::ranges::transform(section.values, section.out.begin(), [&](double value) {
    double low = 1.0;
    double high = buckets;
    while (low < high) {
      const double middle = math::floor((low + high) / 2.0);
      if (value <= kernels::section_quantile(sorted, middle, buckets)) {
        high = middle;
      } else {
        low = middle + 1.0;
      }
    }
    return low;
  });
}

}  // namespace
}  // namespace lode::expr

namespace lode {

const expr::Operator& operator_quantile() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "quantile",
       .summary = "bucket 1..q of x on its date",
       .definition =
           "The smallest k with x <= edge k, edges the quantiles k / q by linear interpolation: equal values "
           "share a bucket, coinciding edges leave buckets empty. Over the valid cells of the date inside the "
           "universe; missing elsewhere.",
       .source = "quantiles as type 7 of R. J. Hyndman, Y. Fan, The American Statistician 50 (1996)",
       .unit = UnitRule::kRank,
       .parameters = {ops::kX, {.name = "q", .type = Type::kLiteral, .least = 1.0, .most = 1000.0, .whole = true}},
       .examples = {{"quantile(x, 2)", "x: 1 2 3 nan 4", "1 1 2 nan 2"},
                    {"quantile(x, 2)", "x: 5 5 5 nan 9", "1 1 1 nan 2"}}},
      kernels::by_row<quantile_section>());
  return op;
}

}  // namespace lode
