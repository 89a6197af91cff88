// Published values: data sets whose statistics others have certified, put through the operators. NIST Statistical
// Reference Datasets (www.itl.nist.gov/div898/strd: NumAcc1..4, Norris) are made to break careless arithmetic;
// Anscombe (The American Statistician 27, 1973) gives four data sets of one regression.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/base/must.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr {
namespace {

using Series = std::vector<double>;

// The last value of a formula over x (and y), one instrument.
double last(std::string_view formula, const Series& x, const Series& y = {}) {
  static const OperatorTable table;
  Fields fields(testing::make_axis(x.size(), 1));
  for (const auto& [name, values] : {std::pair("x", &x), std::pair("y", &y)}) {
    if (!values->empty()) {
      testing::Rows rows;
      std::ranges::transform(*values, std::back_inserter(rows), [](double value) { return Series{value}; });
      fields.set(name, testing::make_panel(fields.shared_axis(), rows));
    }
  }
  CompileOptions options;
  options.fields = fields.specs();
  Pool pool(1);
  const Program program = must(compile(formula, **find_profile("lode"), table, options));
  return must(evaluate(program, fields, Precision::kFloat64, pool)).front().at(x.size() - 1, 0);
}

std::string call(std::string_view name, std::size_t days, bool is_pair = false) {
  return std::string(name) + (is_pair ? "(y, x, " : "(x, ") + std::to_string(days) + ")";
}

// Digits two numbers share: -log10 of the relative error, at most 15.
double digits(double value, double certified) {
  const double error = std::abs(value - certified) / std::abs(certified);
  return error == 0.0 ? 15.0 : std::min(15.0, -std::log10(error));
}

// `head`, then `pairs` times low and high.
Series alternating(double head, double low, double high, int pairs) {
  Series out{head};
  for (int i = 0; i < pairs; ++i) {
    out.push_back(low);
    out.push_back(high);
  }
  return out;
}

struct Certified {
  const char* name;
  Series x;
  double mean;
  double deviation;
  double deviation_digits;  // What the data allow: their own rounding to binary limits the last two sets.
};

TEST(Nist, NumericalAccuracySets) {
  const Certified sets[] = {
      {"NumAcc1", {10000001, 10000003, 10000002}, 10000002, 1.0, 15.0},
      {"NumAcc2", alternating(1.2, 1.1, 1.3, 500), 1.2, 0.1, 13.5},
      {"NumAcc3", alternating(1000000.2, 1000000.1, 1000000.3, 500), 1000000.2, 0.1, 9.0},
      {"NumAcc4", alternating(10000000.2, 10000000.1, 10000000.3, 500), 10000000.2, 0.1, 8.0},
  };
  for (const Certified& set : sets) {
    const std::size_t days = set.x.size();
    EXPECT_GE(digits(last(call("ts_mean", days), set.x), set.mean), 14.5) << set.name;
    EXPECT_GE(digits(last(call("ts_std", days), set.x), set.deviation), set.deviation_digits) << set.name;
    EXPECT_GE(digits(last(call("ts_var", days), set.x), set.deviation * set.deviation), set.deviation_digits - 0.4)
        << set.name;
  }
}

TEST(Nist, NumericalAccuracyHoldsInAWindowThatRolls) {
  // The set stands at the end of a longer series: what left the window must leave no trace.
  const Series set = alternating(1000000.2, 1000000.1, 1000000.3, 500);
  Series x(700, 3e9);
  for (std::size_t i = 0; i < x.size(); i += 3) {
    x[i] = -1.7e-3;
  }
  x.insert(x.end(), set.begin(), set.end());
  EXPECT_GE(digits(last(call("ts_mean", set.size()), x), 1000000.2), 14.5);
  EXPECT_GE(digits(last(call("ts_std", set.size()), x), 0.1), 9.0);
}

// Norris: calibration of ozone monitors, 36 pairs, certified to 15 digits.
const Series kNorrisY = {0.1, 338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3,
                         0.1, 778.1, 668.8, 339.3, 448.9, 10.8,  557.7, 228.3, 998.0, 888.8, 119.6, 0.3,
                         0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};
const Series kNorrisX = {0.2, 337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4,
                         0.6, 775.5, 666.9, 338.0, 447.5, 11.6,  556.0, 228.1, 995.8, 887.6, 120.2, 0.3,
                         0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
constexpr double kNorrisIntercept = -0.262323073774029;
constexpr double kNorrisSlope = 1.00211681802045;
constexpr double kNorrisRSquared = 0.999993745883712;

TEST(Nist, Norris) {
  EXPECT_GE(digits(last(call("ts_beta", 36, true), kNorrisX, kNorrisY), kNorrisSlope), 13.5);
  EXPECT_GE(digits(last(call("ts_alpha", 36, true), kNorrisX, kNorrisY), kNorrisIntercept), 11.5);
  const double correlation = last(call("ts_corr", 36, true), kNorrisX, kNorrisY);
  EXPECT_GE(digits(correlation * correlation, kNorrisRSquared), 14.0);
}

TEST(Nist, NorrisFarFromTheOrigin) {
  // A shift of both moves the intercept alone: y + c = a + b (x + c) + c (1 - b).
  constexpr double kShift = 1e6;
  Series x = kNorrisX;
  Series y = kNorrisY;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] += kShift;
    y[i] += kShift;
  }
  EXPECT_GE(digits(last(call("ts_beta", 36, true), x, y), kNorrisSlope), 9.0);
  EXPECT_NEAR(last(call("ts_alpha", 36, true), x, y), kNorrisIntercept + kShift * (1.0 - kNorrisSlope), 1e-4);
}

struct Quartet {
  const char* name;
  Series x, y;
};
const Series kFirstX = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
const Quartet kAnscombe[] = {
    {"I", kFirstX, {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68}},
    {"II", kFirstX, {9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74}},
    {"III", kFirstX, {7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73}},
    {"IV", {8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8}, {6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89}},
};

TEST(Anscombe, FourSetsShareTheirStatistics) {
  for (const Quartet& set : kAnscombe) {
    EXPECT_NEAR(last(call("ts_mean", 11), set.x), 9.0, 1e-12) << set.name;
    EXPECT_NEAR(last(call("ts_var", 11), set.x), 11.0, 1e-12) << set.name;
    EXPECT_NEAR(last("ts_mean(y, 11)", set.x, set.y), 7.50, 0.005) << set.name;
    EXPECT_NEAR(last("ts_var(y, 11)", set.x, set.y), 4.125, 0.005) << set.name;
    EXPECT_NEAR(last(call("ts_corr", 11, true), set.x, set.y), 0.816, 0.001) << set.name;
    EXPECT_NEAR(last(call("ts_beta", 11, true), set.x, set.y), 0.500, 0.001) << set.name;
    EXPECT_NEAR(last(call("ts_alpha", 11, true), set.x, set.y), 3.00, 0.005) << set.name;
  }
}

TEST(Anscombe, MediansAndRanksTellThemApart) {
  // By hand from the sorted columns.
  const double medians[] = {7.58, 8.14, 7.11, 7.04};
  const double smaller[] = {2, 1, 1, 4};  // Values below the last one.
  for (std::size_t i = 0; i < std::size(kAnscombe); ++i) {
    EXPECT_EQ(last("ts_median(y, 11)", kAnscombe[i].x, kAnscombe[i].y), medians[i]) << kAnscombe[i].name;
    EXPECT_EQ(last("ts_rank(y, 11, pct=false)", kAnscombe[i].x, kAnscombe[i].y), smaller[i] + 1) << kAnscombe[i].name;
  }
}

// The exponentially weighted mean of NIST/SEMATECH e-Handbook 6.3.2.4 (lambda 0.3, EWMA_0 = 50): twenty observations
// and the chart's plotted points, printed to two decimals.
TEST(Handbook, EwmaChart) {
  const Series observed = {52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5,
                           49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1};
  const Series printed = {50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33,
                          50.11, 49.36, 49.52, 50.05, 49.38, 49.92, 50.73, 51.23, 51.94, 51.99};
  // sma(x, n, m) weighs the newest value by m / n and begins with the first one: 50 goes before.
  Series x{50.0};
  for (std::size_t i = 0; i < observed.size(); ++i) {
    x.push_back(observed[i]);
    const double value = last("sma(x, 10, 3)", x);
    if (x.size() < 10) {
      EXPECT_TRUE(std::isnan(value)) << "missing until n values were seen";
    } else {
      EXPECT_NEAR(value, printed[i], 0.0051) << i;
    }
  }
}

}  // namespace
}  // namespace lode::expr
