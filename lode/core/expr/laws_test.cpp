// Laws that hold for any data: pairs of formulas that are equal by algebra, operators that do not see a shift or a
// unit, and what may not change when data is scaled, mirrored or moved in time. No reference values, so nothing to copy
// wrong.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr {
namespace {

constexpr std::size_t kRows = 90;
constexpr std::size_t kColumns = 37;  // Not a multiple of a vector.
constexpr double kSlack = 1e-9;       // Relative: the two sides round in another order.

double missing() { return std::numeric_limits<double>::quiet_NaN(); }

// Values with gaps, on a grid of quarters so that ties occur; `step` 0 = no grid.
testing::Rows random_rows(std::uint64_t seed, double level, double step) {
  Random random(seed, 3);
  testing::Rows rows(kRows, std::vector<double>(kColumns));
  for (auto& row : rows) {
    for (double& value : row) {
      value = level + 2.0 * random.next_normal();
      value = step > 0.0 ? std::round(value / step) * step : value;
      value = random.next_uniform() < 0.03 ? missing() : value;
    }
  }
  return rows;
}

struct Data {
  testing::Rows x = random_rows(1, 10.0, 0.0);
  testing::Rows y = random_rows(2, 0.0, 0.25);
  testing::Rows g = testing::Rows(kRows, std::vector<double>(kColumns));

  Data() {
    for (auto& row : g) {
      for (std::size_t column = 0; column < kColumns; ++column) {
        row[column] = static_cast<double>(column % 4) - (column == 5 ? 2.0 : 0.0);
      }
    }
  }
};

Panel run(std::string_view formula, const Data& data) {
  static const OperatorTable table;
  Fields fields(testing::make_axis(data.x.size(), data.x.front().size()));
  fields.set("x", testing::make_panel(fields.shared_axis(), data.x));
  fields.set("y", testing::make_panel(fields.shared_axis(), data.y));
  fields.set("g", testing::make_group(fields.shared_axis(), data.g));
  CompileOptions options;
  options.fields = fields.specs();
  Pool pool(2);
  Result<Program> program = compile(formula, **find_profile("lode"), table, options);
  EXPECT_TRUE(program) << formula << ": " << (program ? "" : program.error().message());
  return must(evaluate(*program, fields, Precision::kFloat64, pool)).front();
}

bool is_close(double a, double b, double slack) {
  return std::isnan(a) == std::isnan(b) && (std::isnan(a) || std::abs(a - b) <= slack * std::max(1.0, std::abs(b)));
}

// Both panels agree, cell by cell and in what is missing; a number and its column are named once.
void expect_equal(const Panel& a, const Panel& b, const std::string& what, double slack = kSlack) {
  std::size_t wrong = 0;
  for (std::size_t row = 0; row < a.rows(); ++row) {
    for (std::size_t column = 0; column < a.columns(); ++column) {
      if (!is_close(a.at(row, column), b.at(row, column), slack) && ++wrong == 1) {
        ADD_FAILURE() << what << " at row " << row << " column " << column << ": " << a.at(row, column) << " and "
                      << b.at(row, column);
      }
    }
  }
  EXPECT_EQ(wrong, 0U) << what;
  EXPECT_GT(a.valid_count(), kRows * kColumns / 8) << what << ": the law was hardly tried";
}

struct Law {
  const char* left;
  const char* right;
};

TEST(Laws, EqualByAlgebra) {
  const Data data;
  for (const auto& [left, right] : std::initializer_list<Law>{
           {"ts_sum(x, 7)", "7 * ts_mean(x, 7)"},
           {"ts_mean(x + y, 6)", "ts_mean(x + 0 * y, 6) + ts_mean(y + 0 * x, 6)"},
           {"ts_min(x, 9)", "-ts_max(-x, 9)"},
           {"ts_argmin(x, 8)", "ts_argmax(-x, 8)"},
           {"delta(x, 4)", "x - delay(x, 4)"},
           {"ts_sum(delta(x, 1), 5)", "delta(x, 5) + 0 * ts_sum(x, 6)"},
           {"ts_var(x, 10)", "ts_std(x, 10) ^ 2"},
           {"ts_cov(x, x, 10)", "ts_var(x, 10)"},
           {"ts_cov(x, y, 10)", "ts_cov(y, x, 10)"},
           {"ts_corr(x, y, 12)", "ts_cov(x, y, 12) / (ts_std(x + 0 * y, 12) * ts_std(y + 0 * x, 12))"},
           {"ts_beta(y, x, 12)", "ts_cov(x, y, 12) / ts_var(x + 0 * y, 12)"},
           {"ts_alpha(y, x, 12)", "ts_mean(y + 0 * x, 12) - ts_beta(y, x, 12) * ts_mean(x + 0 * y, 12)"},
           {"ts_zscore(x, 10)", "(x - ts_mean(x, 10)) / ts_std(x, 10)"},
           {"ts_median(x, 7)", "ts_quantile(x, 7, 0.5)"},
           {"ts_rank(x, 9, ties=min, pct=false)", "10 - ts_rank(-x, 9, ties=max, pct=false)"},
           {"ts_rank(y, 9)", "(ts_rank(y, 9, ties=min) + ts_rank(y, 9, ties=max)) / 2"},
           {"decay_linear(x, 3)", "(3 * x + 2 * delay(x, 1) + delay(x, 2)) / 6"},
           {"ts_product(x, 3)", "x * delay(x, 1) * delay(x, 2)"},
           {"abs(y)", "max(y, -y)"},
           {"clip(y, -1, 1)", "min(max(y, -1), 1)"},
           {"signedpower(y, 3)", "sign(y) * abs(y) ^ 3"},
           {"rank(x, ties=first, pct=false) + 0 * x", "rank(x, pct=false)"},
           {"demean(demean(x))", "demean(x)"},
           {"zscore(demean(x))", "zscore(x)"},
           {"demean(x + y)", "demean(x + 0 * y) + demean(y + 0 * x)"},
           {"indneutralize(indneutralize(x, g), g)", "indneutralize(x, g)"},
           {"scale(scale(x, 5))", "scale(x)"},
           {"where(y > 0, x, -x)", "x * (2 * (y > 0) - 1)"},
           {"(y < 0) + (y == 0) + (y > 0)", "1 + 0 * y"},
           {"tanh(y)", "(exp(2 * y) - 1) / (exp(2 * y) + 1)"},
       }) {
    expect_equal(run(left, data), run(right, data), std::string(left) + "  ==  " + right);
  }
}

Data changed(const Data& data, double factor, double shift) {
  Data out = data;
  for (auto& row : out.x) {
    for (double& value : row) {
      value = factor * value + shift;
    }
  }
  return out;
}

TEST(Laws, ARankSeesNoUnitAndNoLevel) {
  const Data data;
  const Data moved = changed(data, 4.0, 3.0);  // Powers of two and small shifts: order is kept exactly.
  for (const char* formula : {"rank(x)", "ts_rank(x, 10)", "ts_argmax(x, 7)", "ts_argmin(x, 7)", "quantile(x, 5)",
                              "group_rank(x, g)", "normal(x)", "count(x > ts_mean(x, 5), 6)"}) {
    expect_equal(run(formula, moved), run(formula, data), formula, 1e-12);
  }
}

TEST(Laws, AStandardisedValueSeesNoUnitAndNoLevel) {
  const Data data;
  const Data moved = changed(data, 250.0, -40.0);
  for (const char* formula : {"zscore(x)", "ts_zscore(x, 10)", "ts_corr(x, y, 10)", "ts_skew(x, 12)", "ts_kurt(x, 12)",
                              "ts_rsquare(x, 9)", "group_zscore(x, g)", "ts_scale(x, 8)"}) {
    expect_equal(run(formula, moved), run(formula, data), formula, 1e-8);
  }
}

TEST(Laws, ASpreadSeesTheUnitAndNoLevel) {
  const Data data;
  const Data moved = changed(data, 8.0, 100.0);
  for (const char* formula : {"ts_std(x, 10)", "ts_mad(x, 9)", "demean(x)", "indneutralize(x, g)", "delta(x, 3)",
                              "ts_slope(x, 8)", "ts_resid(x, 8)", "neutralize(x, y)", "ts_cov(x, y, 10)"}) {
    expect_equal(run(formula, moved), run("8 * (" + std::string(formula) + ")", data), formula, 1e-8);
  }
}

TEST(Laws, MirroredValuesMirrorWhatIsOdd) {
  const Data data;
  const Data mirrored = changed(data, -1.0, 0.0);
  for (const char* formula : {"ts_mean(x, 6)", "ts_median(x, 6)", "decay_linear(x, 6)", "ts_skew(x, 9)", "zscore(x)",
                              "demean(x)", "ts_slope(x, 9)", "ema(x, 5)", "sma(x, 7, 2)", "normal(x)", "ffill(x)"}) {
    expect_equal(run(formula, mirrored), run("-(" + std::string(formula) + ")", data), formula);
  }
}

// A window reads its own days and nothing before them: the same days at another place give the same values.
TEST(Laws, AWindowDoesNotKnowWhereItStands) {
  const Data data;
  constexpr std::size_t kCut = 13;
  Data later = data;
  for (testing::Rows* rows : {&later.x, &later.y, &later.g}) {
    rows->erase(rows->begin(), rows->begin() + kCut);
  }
  for (const char* formula :
       {"ts_mean(x, 20)", "ts_std(x, 20)", "ts_corr(x, y, 20)", "ts_rank(y, 20)", "ts_kurt(x, 20)",
        "decay_linear(rank(x), 20)", "ts_quantile(y, 20, 0.2)", "ts_beta(x, y, 20)", "ts_product(y, 20)",
        "ts_argmax(y, 20)", "zscore(ts_slope(x, 20))"}) {
    const Panel whole = run(formula, data);
    const Panel cut = run(formula, later);
    std::size_t different = 0;
    for (std::size_t row = 19; row < cut.rows(); ++row) {
      for (std::size_t column = 0; column < kColumns; ++column) {
        different += is_close(cut.at(row, column), whole.at(row + kCut, column), 0.0) ? 0 : 1;
      }
    }
    EXPECT_EQ(different, 0U) << formula << ": to the last bit";
  }
}

}  // namespace
}  // namespace lode::expr
