// What must hold to the last bit: constant windows and groups, copies, ties, and windows that a bad value has left.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "lode/base/random.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr {
namespace {

// Values no sum of copies divides back to.
constexpr double kAwkward[] = {0.1, 1.0 / 3.0, 1e-17, 123456.789, -0.7, 3e150, 4.9e-310};

Panel run(std::string_view formula, const std::map<std::string, testing::Rows>& panels,
          std::string_view profile = "lode", Precision precision = Precision::kFloat64) {
  static const OperatorTable table;
  const testing::Rows& shape = panels.begin()->second;
  Fields fields(testing::make_axis(shape.size(), shape.front().size()));
  for (const auto& [name, rows] : panels) {
    if (name == "g") {
      fields.set(name, testing::make_group(fields.shared_axis(), rows));
    } else {
      fields.set(name, testing::make_panel(fields.shared_axis(), rows));
    }
  }
  CompileOptions options;
  options.fields = fields.specs();
  Pool pool(1);
  Result<Program> program = compile(formula, **find_profile(profile), table, options);
  EXPECT_TRUE(program) << formula;
  return evaluate(*program, fields, precision, pool)->front();
}

testing::Rows constant_rows(std::size_t rows) {
  return testing::Rows(rows, std::vector<double>(std::begin(kAwkward), std::end(kAwkward)));
}

testing::Rows noise(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Random random(seed, 0);
  testing::Rows result(rows, std::vector<double>(columns));
  for (std::vector<double>& row : result) {
    std::ranges::generate(row, [&] { return 100.0 + random.next_normal(); });
  }
  return result;
}

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

// Twice the average rank of each cell of a row, a whole number.
std::vector<int> twice_ranks(const std::vector<double>& row) {
  std::vector<int> out;
  for (const double x : row) {
    const auto below = std::ranges::count_if(row, [&](double y) { return y < x; });
    out.push_back(static_cast<int>(2 * below + std::ranges::count(row, x) + 1));
  }
  return out;
}

// Covariances of ranks in whole numbers: 5 sum(ab) - sum(a) sum(b) over the last five rows, in units of 1 / 80 n^2.
std::vector<double> whole_covariances(const testing::Rows& x, const testing::Rows& y, std::size_t row) {
  std::vector<double> out(x.front().size());
  for (std::size_t column = 0; column < out.size(); ++column) {
    int products = 0;
    int sum_x = 0;
    int sum_y = 0;
    for (std::size_t past = row - 4; past <= row; ++past) {
      const int a = twice_ranks(x[past])[column];
      const int b = twice_ranks(y[past])[column];
      products += a * b;
      sum_x += a;
      sum_y += b;
    }
    out[column] = 5 * products - sum_x * sum_y;
  }
  return out;
}

TEST(Exact, RankedCovariancesOfRanksTieOnceTheyAreRounded) {
  const std::size_t names = 23;
  const testing::Rows x = noise(40, names, 5);
  const testing::Rows y = noise(40, names, 6);
  const Panel plain = run("rank(ts_cov(rank(x), rank(y), 5))", {{"x", x}, {"y", y}}, "paper");
  const Panel rounded = run("rank(round(1e9 * ts_cov(rank(x), rank(y), 5)))", {{"x", x}, {"y", y}}, "paper");
  int separated = 0;
  for (std::size_t row = 4; row < x.size(); ++row) {
    const std::vector<int> expected = twice_ranks(whole_covariances(x, y, row));
    for (std::size_t column = 0; column < names; ++column) {
      const double rank = 0.5 * expected[column] / static_cast<double>(names);
      EXPECT_NEAR(rounded.at(row, column), rank, 1e-15) << row << " " << column;
      separated += std::abs(plain.at(row, column) - rank) > 1e-9 ? 1 : 0;
    }
  }
  EXPECT_GT(separated, 0) << "docs/formulas.md says that rounding separates some ties";
}

TEST(Exact, ConstantWindowsHaveTheirValueAsMeanAndNoSpread) {
  const testing::Rows x = constant_rows(40);
  for (const int days : {2, 3, 7, 10, 30}) {
    const std::string tail = "(x, " + std::to_string(days) + ")";
    const Panel mean = run("ts_mean" + tail, {{"x", x}});
    for (std::size_t column = 0; column < std::size(kAwkward); ++column) {
      EXPECT_EQ(mean.at(39, column), kAwkward[column]) << days;
    }
    for (const char* name : {"ts_std", "ts_var", "ts_mad", "ts_slope", "ts_resid"}) {
      const Panel spread = run(name + tail, {{"x", x}});
      for (std::size_t column = 0; column < std::size(kAwkward); ++column) {
        EXPECT_EQ(bits(spread.at(39, column)), bits(0.0)) << name << tail << " of " << kAwkward[column];
      }
    }
    for (const char* name : {"ts_zscore", "ts_scale", "ts_rsquare"}) {
      EXPECT_EQ(run(name + tail, {{"x", x}}).valid_count(), 0U) << name;
    }
  }
}

TEST(Exact, CovarianceWithAConstantIsZeroAndCorrelationIsTheProfiles) {
  const testing::Rows x = constant_rows(30);
  const testing::Rows y = noise(30, std::size(kAwkward), 5);
  for (const char* formula : {"ts_cov(x, y, 7)", "ts_cov(y, x, 7)", "ts_corr(x, y, 7, const=zero)"}) {
    const Panel result = run(formula, {{"x", x}, {"y", y}});
    for (std::size_t column = 0; column < std::size(kAwkward); ++column) {
      EXPECT_EQ(result.at(29, column), 0.0) << formula << " of " << kAwkward[column];
    }
  }
  EXPECT_EQ(run("ts_corr(x, y, 7)", {{"x", x}, {"y", y}}).valid_count(), 0U);
  EXPECT_EQ(run("ts_beta(y, x, 7)", {{"x", x}, {"y", y}}).valid_count(), 0U);
}

// Squares of these deviations vanish, yet the window is not constant: no 0 in place of what cannot be computed.
TEST(Exact, ConstancyIsToldByValuesNotByVariance) {
  testing::Rows x(6, {1e-300});
  x[2][0] = 2e-300;
  const Panel result = run("ts_corr(x, y, 6, const=zero)", {{"x", x}, {"y", noise(6, 1, 9)}});
  EXPECT_TRUE(std::isnan(result.at(5, 0)));
}

TEST(Exact, CorrelationStaysWithinItsBoundsAndTakesHugeValues) {
  testing::Rows x = noise(40, 3, 1);
  testing::Rows y = x;
  for (std::size_t row = 0; row < x.size(); ++row) {
    y[row] = {2.0 * x[row][0], -3.0 * x[row][1], 1e155 * x[row][2]};
    x[row][2] *= 1e155;
  }
  const Panel result = run("ts_corr(x, y, 5)", {{"x", x}, {"y", y}});
  for (std::size_t row = 4; row < 40; ++row) {
    EXPECT_NEAR(result.at(row, 0), 1.0, 1e-12);
    EXPECT_NEAR(result.at(row, 1), -1.0, 1e-12);
    EXPECT_LE(std::abs(result.at(row, 0)), 1.0);
    EXPECT_LE(std::abs(result.at(row, 1)), 1.0);
  }
}

TEST(Exact, GroupsOfEqualsAreZero) {
  const Panel result =
      run("indneutralize(x, g)", {{"x", {{0.1, 0.1, 0.1, 0.7, 5.0, 6.0}}}, {"g", {{0, 0, 0, 1, 2, 2}}}});
  for (const std::size_t column : {0U, 1U, 2U, 3U}) {
    EXPECT_EQ(bits(result.at(0, column)), bits(0.0));
  }
  EXPECT_EQ(result.at(0, 4), -0.5);
}

TEST(Exact, OneDayWindowsAndFirstPowersAreCopies) {
  const testing::Rows x = noise(5, 4, 3);
  for (const char* formula : {"ts_sum(x, 1)", "ts_mean(x, 1)", "ts_product(x, 1)", "ts_min(x, 1)", "ts_max(x, 1)",
                              "ts_median(x, 1)", "decay_linear(x, 1)", "x ^ 1", "x ^ y", "ema(x, 1)"}) {
    const Panel result = run(formula, {{"x", x}, {"y", testing::Rows(5, std::vector<double>(4, 1.0))}});
    for (std::size_t row = 0; row < 5; ++row) {
      for (std::size_t column = 0; column < 4; ++column) {
        EXPECT_EQ(bits(result.at(row, column)), bits(x[row][column])) << formula;
      }
    }
  }
}

// A running sum would remember the huge value, or the gap; a window evaluated afresh does not.
TEST(Exact, ABadValueLeavesNoTraceOnceOutOfTheWindow) {
  const testing::Rows clean = noise(60, 1, 8);
  testing::Rows dirty = clean;
  dirty[10][0] = 1e300;
  dirty[11][0] = std::nan("");
  dirty[12][0] = -1e-300;
  for (const char* name : {"ts_sum", "ts_mean", "ts_std", "ts_skew", "ts_rank", "ts_median", "ts_max", "decay_linear",
                           "ts_slope", "ts_mad", "ts_product", "ts_argmax"}) {
    const std::string formula = std::string(name) + "(x, 9)";
    const Panel expected = run(formula, {{"x", clean}});
    const Panel got = run(formula, {{"x", dirty}});
    for (std::size_t row = 21; row < 60; ++row) {
      EXPECT_EQ(bits(got.at(row, 0)), bits(expected.at(row, 0))) << formula << " row " << row;
    }
  }
}

// Equal windows at different times and in different columns are ties for the rank that follows.
TEST(Exact, EqualWindowsTie) {
  testing::Rows x = noise(12, 3, 4);
  for (std::size_t row = 6; row < 12; ++row) {
    x[row][1] = x[row][0];
  }
  for (const char* name : {"ts_mean", "ts_std", "ts_kurt", "decay_linear", "ts_resid"}) {
    const Panel ranks = run("rank(" + std::string(name) + "(x, 6))", {{"x", x}});
    EXPECT_EQ(ranks.at(11, 0), ranks.at(11, 1)) << name;
    EXPECT_NE(ranks.at(11, 0), ranks.at(11, 2)) << name;
  }
}

TEST(Exact, StreetReadsAConstantCorrelationAsZeroWhereTheProfileSaysSo) {
  const Profile& street = **find_profile("street");
  static const OperatorTable table;
  Fields fields(testing::make_axis(4, 1));
  fields.set("close", testing::make_panel(fields.shared_axis(), {{1.0}, {1.0}, {1.0}, {2.0}}));
  fields.set("open", testing::make_panel(fields.shared_axis(), {{1.0}, {2.0}, {std::nan("")}, {2.0}}));
  Pool pool(1);
  const Program program = *compile("correlation(close, open, 2)", street, table);
  const Panel result = evaluate(program, fields, Precision::kFloat64, pool)->front();
  EXPECT_EQ(result.at(1, 0), 0.0);
  EXPECT_TRUE(std::isnan(result.at(2, 0)));  // Validity comes first.
}

TEST(Exact, FloatPanelsAreRoundedOnceFromDoubleSums) {
  const testing::Rows x = noise(50, 2, 6);
  testing::Rows narrow = x;
  for (std::vector<double>& row : narrow) {
    std::ranges::transform(row, row.begin(), [](double v) { return static_cast<double>(static_cast<float>(v)); });
  }
  const Panel wide = run("ts_sum(x, 40)", {{"x", narrow}});
  const Panel got = run("ts_sum(x, 40)", {{"x", x}}, "lode", Precision::kFloat32);
  for (std::size_t row = 39; row < 50; ++row) {
    EXPECT_EQ(got.row32(row)[0], static_cast<float>(wide.at(row, 0)));
  }
}

TEST(Exact, WindowsBeyond512AreDirectToo) {
  testing::Rows x = noise(1300, 1, 2);
  const Panel expected = run("ts_mean(x, 700)", {{"x", x}});
  x[100][0] = 1e200;
  const Panel got = run("ts_mean(x, 700)", {{"x", x}});
  EXPECT_EQ(bits(got.at(1299, 0)), bits(expected.at(1299, 0)));
  EXPECT_TRUE(std::isnan(expected.at(698, 0)));
  EXPECT_NEAR(expected.at(699, 0), 100.0, 0.5);
}

// What is taken out of itself leaves 0 and not the dust of rounding, which a rank would put in an order.
TEST(Residuals, OfAFactorOnItselfAreZero) {
  for (const double scale : {1.0, 1e-9, 3e7}) {
    testing::Rows x = noise(6, 300, 5);
    testing::Rows g(6, std::vector<double>(300));
    for (std::size_t column = 0; column < 300; ++column) {
      for (std::size_t row = 0; row < 6; ++row) {
        x[row][column] = scale * (column == 7 ? 1e9 * x[row][column] : x[row][column]);  // And an outlier.
        g[row][column] = static_cast<double>(column % 4);
      }
    }
    for (const char* formula : {"neutralize(x, x)", "neutralize(3 * x - 7, x)", "neutralize(x, log(x), x, rank(x))",
                                "group_neutralize_on(x, g, x)", "neutralize(rank(x), rank(x))", "neutralize(x, -x)"}) {
      for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
        if (precision == Precision::kFloat32 && std::string_view(formula).starts_with("neutralize(3")) {
          continue;  // 3 * x - 7 is another number in float: what is left is its rounding, not ours.
        }
        const Panel residual = run(formula, {{"x", x}, {"g", g}}, "lode", precision);
        for (std::size_t row = 0; row < 6; ++row) {
          for (std::size_t column = 0; column < 300; ++column) {
            ASSERT_EQ(residual.at(row, column), 0.0) << formula << " " << scale << " " << row << " " << column;
          }
        }
      }
    }
  }
}

// But a residual that is small and there stays as it is.
TEST(Residuals, ThatAreSmallStay) {
  testing::Rows x = noise(1, 50, 6);
  testing::Rows y = x;
  for (std::size_t column = 0; column < 50; ++column) {
    x[0][column] += column % 2 == 0 ? 1e-9 : -1e-9;
  }
  const Panel residual = run("neutralize(x, y)", {{"x", x}, {"y", y}});
  for (std::size_t column = 0; column < 50; ++column) {
    EXPECT_GT(std::abs(residual.at(0, column)), 1e-11) << column;
    EXPECT_LT(std::abs(residual.at(0, column)), 3e-9) << column;
  }
}

}  // namespace
}  // namespace lode::expr
