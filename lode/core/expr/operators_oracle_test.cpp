// Every operator against the literal reference of test/oracle, on panels that hold what real ones do: gaps, late
// starts, ties, constant stretches, zeros, infinities, widths on both sides of a block.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"
#include "test/oracle/operators.h"
#include "test/oracle/qlib.h"

namespace lode::expr {
namespace {

// The engine rounds results once; what it accumulates in double differs from the oracle's by far less.
constexpr double kTolerance64 = 1e-10;
constexpr double kTolerance32 = 1e-6;

// Readings of operators beyond the examples of their Specs: every option, lag and kind of operand.
constexpr std::string_view kReadings[] = {"x + y",
                                          "x - y",
                                          "x * y",
                                          "x / y",
                                          "-x",
                                          "abs(x)",
                                          "sign(x)",
                                          "log(x)",
                                          "x ^ 40",
                                          "exp(x)",
                                          "sqrt(x)",
                                          "floor(x)",
                                          "ceil(x)",
                                          "round(x)",
                                          "x ^ y",
                                          "x ^ 2",
                                          "x ^ 0.5",
                                          "x ^ -1",
                                          "signedpower(x, y)",
                                          "signedpower(x, 2)",
                                          "min(x, y)",
                                          "max(x, y)",
                                          "clip(x, -1, 1)",
                                          "clip(x, y, z)",
                                          "x < y",
                                          "x <= y",
                                          "x > y",
                                          "x >= y",
                                          "x == y",
                                          "x != y",
                                          "x && y",
                                          "x || y",
                                          "!x",
                                          "where(x, y, z)",
                                          "is_nan(x)",
                                          "fill(x, y)",
                                          "delay(x, 1)",
                                          "delay(x, 7)",
                                          "delta(x, 1)",
                                          "delta(x, 5)",
                                          "ts_backfill(x, 1)",
                                          "ts_backfill(x, 4)",
                                          "ts_av_diff(x, 5)",
                                          "ts_count_nans(x, 4)",
                                          "inverse(x)",
                                          "normalize(x)",
                                          "trade_when(x > y, z, x < -y)",
                                          "trade_when(x, y, z)",
                                          "trade_when(x > y, z, -1)",
                                          "days_from_last_change(sign(x))",
                                          "(x > y) & (y > z) | !z",
                                          "ts_sum(x, 1)",
                                          "ts_sum(x, 5)",
                                          "ts_sum(x, 6, min_periods=3)",
                                          "ts_mean(x, 1)",
                                          "ts_mean(x, 5)",
                                          "ts_mean(x, 8, min_periods=1)",
                                          "ts_product(x, 1)",
                                          "ts_product(x, 4)",
                                          "ts_product(x, 4, min_periods=2)",
                                          "ts_min(x, 5)",
                                          "ts_min(x, 5, min_periods=2)",
                                          "ts_max(x, 5)",
                                          "ts_max(x, 5, min_periods=2)",
                                          "ts_argmax(x, 6)",
                                          "ts_argmax(x, 6, from=newest)",
                                          "ts_argmax(x, 6, min_periods=2)",
                                          "ts_argmin(x, 6)",
                                          "ts_argmin(x, 6, from=newest, min_periods=1)",
                                          "ts_rank(x, 5)",
                                          "ts_rank(x, 1)",
                                          "ts_rank(x, 5, ties=min)",
                                          "ts_rank(x, 5, ties=max, pct=false)",
                                          "ts_rank(x, 5, ties=first)",
                                          "ts_rank(x, 5, min_periods=2)",
                                          "ts_quantile(x, 5, 0.3)",
                                          "ts_quantile(x, 5, 1)",
                                          "ts_quantile(x, 5, 0.3, min_periods=2)",
                                          "ts_median(x, 4)",
                                          "ts_median(x, 5, min_periods=1)",
                                          "decay_linear(x, 1)",
                                          "decay_linear(x, 6)",
                                          "decay_linear(x, 6, min_periods=2)",
                                          "count(x, 5)",
                                          "count(x, 5, min_periods=2)",
                                          "sumif(x, 5, y)",
                                          "sumif(x, 5, y, min_periods=2)",
                                          "ts_scale(x, 5)",
                                          "ts_scale(x, 5, min_periods=2)",
                                          "days_since(x, 6)",
                                          "ffill(x)",
                                          "ffill(x, limit=2)",
                                          "ts_first(x)",
                                          "ema(x, 4)",
                                          "ema(x, 1)",
                                          "sma(x, 5, 2)",
                                          "ts_mad(x, 5)",
                                          "ts_mad(x, 5, min_periods=2)",
                                          "ts_var(x, 5)",
                                          "ts_var(x, 1)",
                                          "ts_var(x, 5, min_periods=1)",
                                          "ts_std(x, 5)",
                                          "ts_std(x, 20)",
                                          "ts_std(x, 5, min_periods=2)",
                                          "ts_zscore(x, 5)",
                                          "ts_zscore(x, 5, min_periods=2)",
                                          "ts_skew(x, 5)",
                                          "ts_skew(x, 5, min_periods=1)",
                                          "ts_kurt(x, 6)",
                                          "ts_kurt(x, 6, min_periods=1)",
                                          "ts_cov(x, y, 5)",
                                          "ts_cov(x, y, 1)",
                                          "ts_cov(x, y, 5, min_periods=1)",
                                          "ts_corr(x, y, 5)",
                                          "ts_corr(x, y, 2)",
                                          "ts_corr(x, y, 1)",
                                          "ts_corr(x, y, 5, const=zero)",
                                          "ts_corr(x, y, 6, min_periods=2)",
                                          "ts_corr(x, y, 6, min_periods=1, const=zero)",
                                          "ts_beta(x, y, 5)",
                                          "ts_beta(x, y, 5, min_periods=2)",
                                          "ts_alpha(x, y, 5)",
                                          "ts_alpha(x, y, 5, min_periods=2)",
                                          "ts_regresi(x, y, 5)",
                                          "ts_regresi(x, y, 5, min_periods=2)",
                                          "ts_regresi(x, y, z, 6)",
                                          "ts_regresi2(x, y, z, 3)",
                                          "ts_regresi2(x, y, y, 6)",
                                          "ts_regresi2(x, y, z, 9, min_periods=4)",
                                          "ts_regresi(x, y, z, delay(x, 1), 12)",
                                          "ts_regresi3(y, x, z, delay(y, 2), 4)",
                                          "ts_regresi3(x, y, z, y + z, 8)",
                                          "ts_regresi3(x, y, z, 0 * x + 3, 8)",
                                          "ts_regresi3(x, y, z, delay(z, 1), 12, min_periods=5)",
                                          "ts_slope(x, 5)",
                                          "ts_slope(x, 1)",
                                          "ts_slope(x, 5, min_periods=1)",
                                          "ts_rsquare(x, 5)",
                                          "ts_rsquare(x, 5, min_periods=2)",
                                          "ts_resid(x, 5)",
                                          "ts_resid(x, 5, min_periods=1)",
                                          "rank(x)",
                                          "rank(x, ties=min)",
                                          "rank(x, ties=max, pct=false)",
                                          "rank(x, ties=first)",
                                          "scale(x)",
                                          "scale(x, 3)",
                                          "demean(x)",
                                          "zscore(x)",
                                          "winsorize(x)",
                                          "winsorize(x, 0.2)",
                                          "winsorize_std(x, 1)",
                                          "winsorize(x, std=1.5)",
                                          "winsorize_mad(x)",
                                          "winsorize_mad(x, 0.5)",
                                          "quantile(x, 5)",
                                          "quantile(x, 1)",
                                          "normal(x)",
                                          "neutralize(x, y)",
                                          "neutralize(x, y, z)",
                                          "neutralize(x, y, y)",
                                          "indneutralize(x, g)",
                                          "group_rank(x, g)",
                                          "group_rank(x, g, ties=max)",
                                          "group_zscore(x, g)",
                                          "group_scale(x, g)",
                                          "group_mean(x, g)",
                                          "group_count(x, g)",
                                          "group_neutralize_on(x, g, y)",
                                          "group_neutralize_on(x, g, y, z)"};

// Values with a character by column: ties, constant stretches, many zeros, wide ranges, late starts.
double draw(Random& random, std::size_t row, std::size_t column, double previous) {
  const double gap = random.next_uniform();
  const double normal = random.next_normal();
  if (column % 7 == 6 || gap < 0.07 || row < column % 5) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (gap < 0.08) {
    return gap < 0.075 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
  }
  switch (column % 6) {
    case 0:
      return std::round(normal * 2.0);
    case 1:
      return gap < 0.8 && std::isfinite(previous) ? previous : normal;
    case 2:
      return gap < 0.5 ? (gap < 0.3 ? 0.0 : -0.0) : normal;
    case 3:
      return 2.0;
    case 4:
      return 50.0 + normal;
    default:
      return normal;
  }
}

testing::Rows draw_rows(std::size_t rows, std::size_t columns, std::uint64_t seed, Precision precision) {
  Random random(seed, 1);
  testing::Rows result(rows, std::vector<double>(columns));
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const double value = draw(random, row, column, row == 0 ? 0.0 : result[row - 1][column]);
      // Both sides see what a panel of that precision holds.
      result[row][column] = precision == Precision::kFloat32 ? static_cast<double>(static_cast<float>(value)) : value;
    }
  }
  return result;
}

oracle::Table as_table(const testing::Rows& rows) {
  oracle::Table table;
  for (const std::vector<double>& row : rows) {
    table.emplace_back();
    for (const double value : row) {
      table.back().push_back(std::isfinite(value) ? value : oracle::kNan);  // Infinite cells of fields are missing.
    }
  }
  return table;
}

struct World {
  std::map<std::string, testing::Rows> rows;
  testing::Rows codes;
  Fields fields;

  World(std::size_t height, std::size_t width, std::uint64_t seed, Precision precision)
      : fields(testing::make_axis(height, width)) {
    for (const char* name : {"x", "y", "z"}) {
      rows[name] = draw_rows(height, width, seed++, precision);
      fields.set(name, testing::make_panel(fields.shared_axis(), rows[name]));
    }
    Random random(seed, 2);
    for (std::size_t row = 0; row < height; ++row) {
      codes.emplace_back();
      for (std::size_t column = 0; column < width; ++column) {
        codes.back().push_back(row > 0 && row % 4 != 0 ? codes[row - 1][column]
                                                       : static_cast<double>(random.next_below(6)) - 1.0);
      }
    }
    fields.set("g", testing::make_group(fields.shared_axis(), codes));
  }
};

// The fields below a node.
std::set<std::string> fields_of(const Program& program, std::uint32_t index) {
  const Node& node = program.nodes[index];
  std::set<std::string> fields;
  if (node.kind == NodeKind::kField) {
    fields.insert(node.field);
  }
  for (const std::uint32_t operand : node.operands) {
    fields.merge(fields_of(program, operand));
  }
  return fields;
}

// By column: the first row with a finite cell of some field below the node.
std::vector<int> first_rows(const Program& program, std::uint32_t index, const World& world) {
  const Axis& axis = world.fields.axis();
  std::vector<int> first(axis.columns(), static_cast<int>(axis.rows()));
  for (const std::string& field : fields_of(program, index)) {
    const testing::Rows& rows = world.rows.at(field);
    for (std::size_t row = axis.rows(); row-- > 0;) {
      for (std::size_t column = 0; column < axis.columns(); ++column) {
        first[column] =
            std::isfinite(rows[row][column]) ? std::min(first[column], static_cast<int>(row)) : first[column];
      }
    }
  }
  return first;
}

// As the working type, told by its largest number, holds it between operators.
oracle::Table rounded(oracle::Table table, oracle::Real largest) {
  for (oracle::Values& values : table) {
    for (oracle::Real& value : values) {
      value = largest > 1e300L ? static_cast<oracle::Real>(static_cast<double>(value))
                               : static_cast<oracle::Real>(static_cast<float>(value));
    }
  }
  return table;
}

// The table of any node: fields and literals as they are, operators by the oracle.
oracle::Table reference(const Program& program, std::uint32_t index, const World& world, oracle::Real largest) {
  const Node& node = program.nodes[index];
  if (node.kind == NodeKind::kField) {
    return as_table(world.rows.at(node.field));
  }
  if (node.kind == NodeKind::kLiteral) {
    const Axis& axis = world.fields.axis();
    return rounded(oracle::Table(axis.rows(), oracle::Values(axis.columns(), node.literal)), largest);
  }
  oracle::Call call;
  call.name = std::string(node.op->spec.name);
  call.literals = node.literals;
  for (std::size_t i = 0; i < node.options.size(); ++i) {
    call.options[std::string(node.op->spec.options[i].name)] = node.options[i];
  }
  for (const std::uint32_t operand : node.operands) {
    if (program.nodes[operand].kind == NodeKind::kGroupField) {
      for (const std::vector<double>& row : world.codes) {
        call.groups.emplace_back(row.begin(), row.end());
      }
    } else {
      call.operands.push_back(reference(program, operand, world, largest));
    }
  }
  call.profile = program.profile->name;
  const auto shape = static_cast<oracle::Shape>(node.op->spec.shape);
  if (call.profile != "qlib") {
    return rounded(oracle::run(call, shape, largest), largest);
  }
  call.first_rows = first_rows(program, index, world);
  return rounded(oracle::qlib::run(call, shape, largest), largest);
}

Result<Program> compiled_as(std::string_view formula, std::string_view profile, const World& world) {
  static const OperatorTable table;
  CompileOptions options;
  options.fields = world.fields.specs();
  return compile(formula, **find_profile(profile), table, options);
}

Program compiled(std::string_view formula, const World& world) {
  Result<Program> program = compiled_as(formula, "lode", world);
  EXPECT_TRUE(program) << formula;
  return std::move(*program);
}

void compare(const Program& program, const World& world, Precision precision) {
  const std::string formula = fmt::format("{} ({})", program.formulas[0], program.profile->name);
  const bool is_double = precision == Precision::kFloat64;
  const oracle::Real largest = is_double ? std::numeric_limits<double>::max() : std::numeric_limits<float>::max();
  const oracle::Table expected = reference(program, program.roots[0], world, largest);
  Pool pool(1);
  const Panel got = evaluate(program, world.fields, precision, pool)->front();
  int wrong = 0;
  for (std::size_t row = 0; row < expected.size(); ++row) {
    for (std::size_t column = 0; column < expected[row].size(); ++column) {
      const oracle::Real exact = expected[row][column];
      const auto want = static_cast<double>(std::isfinite(exact) ? exact : oracle::kNan);  // No result is infinite.
      const double have = got.at(row, column);
      const double allowed = (is_double ? kTolerance64 : kTolerance32) * std::max(1.0, std::abs(want));
      const bool same = std::isnan(want) ? std::isnan(have) : std::abs(have - want) <= allowed;
      if (!same && ++wrong <= 3) {
        ADD_FAILURE() << formula << (is_double ? " f64" : " f32") << " at " << row << ", " << column << " of "
                      << got.rows() << " x " << got.columns() << ": expected " << want << ", got " << have;
      }
    }
  }
}

class Oracle : public ::testing::TestWithParam<std::pair<std::size_t, std::size_t>> {};

// The first example of every operator in the catalog.
std::vector<std::string_view> examples() {
  std::vector<std::string_view> out;
  for (const Operator* op : operator_catalog()) {
    out.push_back(op->spec.examples.front().formula);
  }
  return out;
}

// The readings and the examples.
std::vector<std::string_view> formulas() {
  std::vector<std::string_view> out = examples();
  out.insert(out.end(), std::begin(kReadings), std::end(kReadings));
  return out;
}

TEST_P(Oracle, AgreesOnEveryOperator) {
  const auto [rows, columns] = GetParam();
  for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
    const World world(rows, columns, 100 * rows + columns, precision);
    for (const std::string_view formula : formulas()) {
      compare(compiled(formula, world), world, precision);
    }
  }
}

// Where the profiles part: infinite and missing cells between operators, windows that are not full, near-constants.
constexpr std::string_view kProfileReadings[] = {"x / y",
                                                 "ts_mean(x / y, 5)",
                                                 "ts_max(log(x), 4)",
                                                 "delay(x / y, 2)",
                                                 "delta(x / z, 3)",
                                                 "rank(x / y)",
                                                 "ts_sum(x > delay(x, 1), 5)",
                                                 "where(x > y, x / z, y)",
                                                 "where(x / y, 1, z)",
                                                 "x > y || y > z && !(z > 0)",
                                                 "(x != y) + (x == y)",
                                                 "power(x / y, z)",
                                                 "abs(x / y)",
                                                 "idxmax(x, 6)",
                                                 "idxmin(x, 6)",
                                                 "idxmax(x / y, 30)",
                                                 "wma(x, 7)",
                                                 "ema(x, 6)",
                                                 "count(x / y, 4)",
                                                 "ts_corr(x, y, 4)",
                                                 "ts_corr(x * 0.000001, y, 6)",
                                                 "ts_rsquare(x * 0.000001, 6)",
                                                 "ts_slope(x, 5)",
                                                 "ts_resid(x, 5)",
                                                 "ts_rank(x, 5)",
                                                 "ts_quantile(x / y, 9, 0.8)",
                                                 "ts_kurt(x, 6)",
                                                 "min(x, 3)",
                                                 "max(x, 3)",
                                                 "less(x, y)",
                                                 "greater(x, y)",
                                                 "mean(x, 0)",
                                                 "mean(x, 0.3)",
                                                 "ref(x, 0)",
                                                 "delta(x, 0)",
                                                 "ts_sum(x, 3.5)"};

class ProfileOracle : public Oracle {};

// How many of kReadings and of kProfileReadings a profile has: the others need options, fractions of a session or a
// name that it lacks. Exact, so that a formula that stops compiling under a profile is told.
struct ReadingCounts {
  std::string_view profile;
  std::size_t readings;
  std::size_t profile_readings;
};
constexpr ReadingCounts kCounts[] = {
    {"lode", 170, 31}, {"paper", 129, 31}, {"street", 129, 31}, {"qlib", 125, 35}, {"brain", 128, 31}};

TEST_P(ProfileOracle, AgreesUnderEveryProfile) {
  const auto [rows, columns] = GetParam();
  for (const Profile& profile : profiles()) {
    if (kSanitized && !profile.skips_missing && !profile.ranks_from_zero) {
      continue;  // The same code as under lode, which the readings above ran.
    }
    const auto* expected = std::ranges::find(kCounts, profile.name, &ReadingCounts::profile);
    ASSERT_NE(expected, std::end(kCounts)) << "no counts of profile " << profile.name;
    for (const Precision precision : {Precision::kFloat64, Precision::kFloat32}) {
      const World world(rows, columns, 7 * rows + columns, precision);
      const auto compare_all = [&](auto&& formulas) {
        std::size_t count = 0;
        for (const std::string_view formula : formulas) {
          if (const Result<Program> program = compiled_as(formula, profile.name, world)) {
            compare(*program, world, precision);
            ++count;
          }
        }
        return count;
      };
      EXPECT_EQ(compare_all(kReadings), expected->readings) << profile.name;
      EXPECT_EQ(compare_all(kProfileReadings), expected->profile_readings) << profile.name;
      compare_all(examples());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Oracle,
                         ::testing::Values(std::pair{40, 23}, std::pair{40, 16}, std::pair{9, 17}, std::pair{3, 1},
                                           std::pair{kSanitized ? 36 : 300, 33}),
                         [](const auto& shape) {
                           return std::to_string(shape.param.first) + "x" + std::to_string(shape.param.second);
                         });

INSTANTIATE_TEST_SUITE_P(Shapes, ProfileOracle,
                         ::testing::Values(std::pair{9, 17}, std::pair{kSanitized ? 12 : 60, 18}),
                         [](const auto& shape) {
                           return std::to_string(shape.param.first) + "x" + std::to_string(shape.param.second);
                         });

TEST(OracleFormulas, CoverTheWholeCatalog) {
  const World world(3, 3, 1, Precision::kFloat64);
  std::set<std::string_view> covered;
  for (const std::string_view formula : formulas()) {
    for (const Node& node : compiled(formula, world).nodes) {
      if (node.op != nullptr) {
        covered.insert(node.op->spec.name);
      }
    }
  }
  for (const Operator* op : operator_catalog()) {
    EXPECT_TRUE(covered.contains(op->spec.name)) << op->spec.name << " is not compared with the oracle";
  }
}

}  // namespace
}  // namespace lode::expr
