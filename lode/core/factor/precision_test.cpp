// What docs/formulas.md (Precision) says of ties of decimal prices, on prices that are whole numbers of ticks: a
// difference of prices in dollars loses ties in either precision, in ticks or rounded to ticks it keeps them all.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"

namespace lode::factor {
namespace {

constexpr std::size_t kSessions = 80;
constexpr std::size_t kNames = 120;
constexpr double kTick = 0.01;

// Opens and closes of walks between 5 and 500 dollars; in ticks, or in dollars as a file of decimals gives them.
expr::Fields prices(bool in_ticks) {
  Random random(5, 1);
  expr::testing::Rows open(kSessions, std::vector<double>(kNames));
  expr::testing::Rows close = open;
  for (std::size_t i = 0; i < kNames; ++i) {
    double ticks = 500.0 * std::pow(100.0, random.next_uniform());
    const auto stored = [&](double value) { return in_ticks ? value : std::stod(std::to_string(value * kTick)); };
    for (std::size_t t = 0; t < kSessions; ++t) {
      const double gap = std::round(5.0 * random.next_normal());
      open[t][i] = stored(std::floor(ticks) + gap);
      ticks = std::max(100.0, ticks + std::round(20.0 * random.next_normal()));
      close[t][i] = stored(std::floor(ticks));
    }
  }
  expr::Fields fields(expr::testing::make_axis(kSessions, kNames));
  fields.set("open", expr::testing::make_panel(fields.shared_axis(), open));
  fields.set("close", expr::testing::make_panel(fields.shared_axis(), close));
  return fields;
}

Panel values(std::string_view formula, const expr::Fields& fields, Precision precision) {
  static const expr::OperatorTable table;
  expr::CompileOptions options;
  options.fields = fields.specs();
  Pool pool(1);
  const expr::Program program = must(expr::compile(formula, **expr::find_profile("paper"), table, options));
  return std::move(must(expr::evaluate(program, fields, precision, pool)).front());
}

// Share of cells more than 1 % apart, of those that `a` has.
double share_off(const Panel& a, const Panel& b) {
  double off = 0.0;
  double cells = 0.0;
  for (std::size_t t = 0; t < a.rows(); ++t) {
    for (std::size_t i = 0; i < a.columns(); ++i) {
      const double x = a.at(t, i);
      const double y = b.at(t, i);
      EXPECT_EQ(std::isnan(x), std::isnan(y));
      cells += std::isnan(x) ? 0.0 : 1.0;
      off += std::abs(x - y) > 0.01 * std::max(std::abs(x), std::abs(y)) ? 1.0 : 0.0;
    }
  }
  EXPECT_GT(cells, 9000.0);
  return off / cells;
}

constexpr std::string_view kDifference = "rank(open - delay(close, 1))";
constexpr std::string_view kRounded = "rank(round(100 * (open - delay(close, 1))))";

TEST(Precision, DifferencesInTicksKeepTheirTiesInFloatsToo) {
  const expr::Fields ticks = prices(true);
  const Panel exact = values(kDifference, ticks, Precision::kFloat64);
  EXPECT_LT(share_off(exact, values(kDifference, ticks, Precision::kFloat32)), 1e-12);
}

TEST(Precision, DifferencesInDollarsLoseTiesInEitherPrecision) {
  const Panel exact = values(kDifference, prices(true), Precision::kFloat64);
  const expr::Fields dollars = prices(false);
  for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
    EXPECT_GT(share_off(exact, values(kDifference, dollars, precision)), 0.05);
    EXPECT_LT(share_off(exact, values(kRounded, dollars, precision)), 1e-12);
  }
}

TEST(Precision, RatiosNeedNoDoubles) {
  const expr::Fields dollars = prices(false);
  const std::string_view ratio = "rank(open / delay(close, 1))";
  const Panel exact = values(ratio, dollars, Precision::kFloat64);
  EXPECT_LT(share_off(exact, values(ratio, dollars, Precision::kFloat32)), 0.002);
}

}  // namespace
}  // namespace lode::factor
