// normal: x turned into normal scores on its date.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/expr/kernels/section.h"
#include "lode/core/expr/ops/parts.h"

namespace lode::expr {
namespace {

void normal_section(const kernels::Section& section) {
  kernels::rank_cells(section.values.data(), section.values.size(), kernels::Ties::kAverage,
                      kernels::RankScale::kPlaces, section.out.data(), section.order);
  const auto n = static_cast<double>(section.values.size());
  std::ranges::transform(section.out, section.out.begin(),
                         [n](double rank) { return math::normal_quantile((rank - 0.5) / n); });
}

}  // namespace
}  // namespace lode::expr

namespace lode {

const expr::Operator& operator_normal() {
  using namespace expr;
  static const Operator op = ops::cross_section(
      {.name = "normal",
       .summary = "x turned into normal scores on its date",
       .definition =
           "Inverse normal distribution function of (average rank - 0.5) / n. Over the valid cells of the date "
           "inside the universe; missing elsewhere.",
       .source = "places (rank - 0.5) / n: A. Hazen, Transactions of the ASCE 77 (1914)",
       .unit = UnitRule::kRatio,
       .parameters = {ops::kX},
       .examples = {{"normal(x)", "x: 1 2 nan 3", "-0.967421566101701 0 nan 0.967421566101701"}}},
      kernels::by_row<normal_section>());
  return op;
}

}  // namespace lode
