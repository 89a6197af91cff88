// Indicators in formulas: the bits of the indicator's own series whatever the cut of the work, and what a formula may
// say.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/factor/operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <numeric>
#include <set>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/core/expr/engine/run.h"
#include "lode/core/expr/stream.h"
#include "lode/core/expr/test_panels.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::factor {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kRows = 90;
constexpr std::size_t kColumns = 21;  // More than a register of lanes, and not whole.
constexpr std::size_t kLate = 33;     // The first session of the last column.
constexpr const char* kNames[] = {"close", "other",  "periods", "open",   "high",  "low",
                                  "close", "volume", "session", "weight", "split", "dividend"};  // By Input
static_assert(std::size(kNames) == indicator::kInputKinds);

// Bars of all columns, some with gaps; the last is listed late.
struct Market {
  std::map<std::string, expr::testing::Rows> values;

  Market() {
    indicator::Spec all;
    for (int k = 0; k < static_cast<int>(std::size(kNames)); ++k) {
      all.inputs.push_back(static_cast<indicator::Input>(k));
      values[kNames[k]] = expr::testing::Rows(kRows, std::vector<double>(kColumns));
    }
    for (std::size_t column = 0; column < kColumns; ++column) {
      Random random(5, column);
      const auto bars = indicator::random_inputs(all, random, kRows, column % 3 == 1 ? 0.02 : 0.0);
      for (std::size_t k = 0; k < bars.size(); ++k) {
        for (std::size_t row = 0; row < kRows; ++row) {
          const bool is_before = column == kColumns - 1 && row < kLate;
          values[kNames[k]][row][column] = is_before ? std::nan("") : bars[k][row];
        }
      }
    }
  }

  expr::Fields fields(std::size_t begin, std::size_t end, const std::vector<std::size_t>& columns) const {
    expr::Fields out(expr::testing::make_axis(end - begin, columns.size()));
    for (const auto& [name, rows] : values) {
      expr::testing::Rows part;
      for (std::size_t row = begin; row < end; ++row) {
        part.emplace_back();
        for (const std::size_t column : columns) {
          part.back().push_back(rows[row][column]);
        }
      }
      out.set(name, expr::testing::make_panel(out.shared_axis(), part));
    }
    return out;
  }
};

std::vector<std::size_t> first_columns(std::size_t count) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), 0);
  return out;
}

// One formula an operator, with random parameters.
struct Formulas {
  std::vector<const IndicatorOperator*> ops;
  std::vector<indicator::Choice> choices;
  std::vector<std::string> texts;
  expr::Program program;
};

const Market& market() {
  static const Market one;
  return one;
}

Formulas formulas(std::uint64_t seed, const expr::Profile& profile) {
  Formulas out;
  std::vector<expr::Program> programs;
  expr::CompileOptions options;
  options.fields = market().fields(0, 1, {0}).specs();
  for (const IndicatorOperator* op : indicator_operators()) {
    Random random(seed, out.ops.size());
    out.ops.push_back(op);
    out.choices.push_back(random_choice(*op->indicator, random, indicator::Profile::kLode));
    out.choices.back().unstable = 0;
    std::string text = std::string(op->spec.name) + "(";
    for (const indicator::Input input : op->indicator->spec.inputs) {
      text += (text.back() == '(' ? "" : ", ") + std::string(kNames[static_cast<std::size_t>(input)]);
    }
    for (const double value : out.choices.back().values) {
      text += ", " + shortest(value);
    }
    out.texts.push_back(text + ")");
    Result<expr::Program> program = expr::compile(out.texts.back(), profile, operators(), options);
    EXPECT_TRUE(program) << (program ? "" : program.error().message());
    programs.push_back(std::move(*program));
  }
  out.program = expr::merge(programs);
  return out;
}

double cell(const Panel& panel, std::size_t row, std::size_t column) { return panel.at(row, column); }

// What the indicator makes of the column as it stands in a panel of this precision.
indicator::Series expected(const Formulas& formulas, std::size_t index, std::size_t column, bool is_float) {
  const IndicatorOperator& op = *formulas.ops[index];
  indicator::SeriesSet inputs;
  for (const indicator::Input input : op.indicator->spec.inputs) {
    inputs.emplace_back();
    for (const auto& row : market().values.at(kNames[static_cast<std::size_t>(input)])) {
      inputs.back().push_back(is_float ? static_cast<double>(static_cast<float>(row[column])) : row[column]);
    }
  }
  indicator::Series out = indicator::run(formulas.choices[index], inputs)[op.output];
  for (double& value : out) {
    value = is_float ? static_cast<double>(static_cast<float>(value)) : value;
    value = std::isfinite(value) ? value : indicator::kNan;
  }
  return out;
}

class EveryIndicator : public ::testing::TestWithParam<Precision> {
 protected:
  Precision precision() const { return GetParam(); }
  Pool pool_{2};
};

TEST_P(EveryIndicator, GivesTheBitsOfItsSeries) {
  const bool is_float = precision() == Precision::kFloat32;
  const Formulas all = formulas(1, **expr::find_profile("lode"));
  const auto panels =
      must(expr::evaluate(all.program, market().fields(0, kRows, first_columns(kColumns)), precision(), pool_));
  std::size_t seen = 0;
  for (std::size_t i = 0; i < all.ops.size(); ++i) {
    for (std::size_t column = 0; column < kColumns; ++column) {
      const indicator::Series series = expected(all, i, column, is_float);
      for (std::size_t row = 0; row < kRows; ++row) {
        ASSERT_TRUE(indicator::is_same(cell(panels[i], row, column), series[row]))
            << all.texts[i] << " session " << row << " column " << column << ": " << cell(panels[i], row, column)
            << " for " << series[row];
        seen += std::isnan(series[row]) ? 0 : 1;
      }
    }
  }
  EXPECT_GT(seen, all.ops.size() * kRows * kColumns / 3);
}

bool same_row(const Panel& a, std::size_t a_row, const Panel& b, std::size_t b_row) {
  if (a.precision() == Precision::kFloat64) {
    return std::memcmp(a.row64(a_row).data(), b.row64(b_row).data(), a.columns() * sizeof(double)) == 0;
  }
  return std::memcmp(a.row32(a_row).data(), b.row32(b_row).data(), a.columns() * sizeof(float)) == 0;
}

TEST_P(EveryIndicator, DoesNotFeelTheCutOfTheWork) {
  for (const char* name : {"lode", "qlib"}) {
    const Formulas all = formulas(2, **expr::find_profile(name));
    const expr::Fields fields = market().fields(0, kRows, first_columns(kColumns));
    const auto whole = must(expr::evaluate(all.program, fields, precision(), pool_));
    const auto plan = expr::engine::make_plan(all.program, false);
    for (const std::size_t rows : {1UL, 7UL, 64UL}) {
      Pool pool(static_cast<int>(rows % 3) + 1);
      const auto cut = expr::engine::run_plan(all.program, plan, fields, precision(), pool, {.stretch_rows = rows});
      for (std::size_t i = 0; i < all.ops.size(); ++i) {
        for (std::size_t row = 0; row < kRows; ++row) {
          ASSERT_TRUE(same_row(whole[i], row, cut[plan.output_of_root[i]], row))
              << all.texts[i] << " session " << row << " in stretches of " << rows << " under " << name;
        }
      }
    }
  }
}

// A stream that is saved and woken up at odd places, with a name that is listed on the way.
TEST_P(EveryIndicator, GoesOnFromASavedStream) {
  const Formulas all = formulas(3, **expr::find_profile("lode"));
  const std::vector<std::size_t> every = first_columns(kColumns);
  const auto whole = must(expr::evaluate(all.program, market().fields(0, kRows, every), precision(), pool_));
  std::vector<std::string> symbols;
  for (const std::size_t column : every) {
    symbols.push_back("S" + std::to_string(column));
  }
  const std::vector<std::string> old(symbols.begin(), symbols.end() - 1);
  std::string state = must(expr::Stream::start(all.program, old, precision())).save();
  for (std::size_t row = 0; row < kRows;) {
    const std::size_t end = row < kLate ? std::min(kLate, row + 9) : std::min(kRows, row + 5 * (row % 3) + 1);
    const bool is_listed = row >= kLate;
    auto stream = must(expr::Stream::resume(state, all.program, is_listed ? symbols : old, precision(), end - row));
    const auto got =
        must(stream.step(market().fields(row, end, first_columns(is_listed ? kColumns : kColumns - 1)), pool_));
    for (std::size_t i = 0; i < all.ops.size(); ++i) {
      for (std::size_t at = row; at < end; ++at) {
        for (std::size_t column = 0; column < got[i].columns(); ++column) {
          ASSERT_TRUE(indicator::is_same(cell(whole[i], at, column), cell(got[i], at - row, column)))
              << all.texts[i] << " session " << at << " column " << column;
        }
      }
    }
    state = stream.save();
    row = end;
  }
}

INSTANTIATE_TEST_SUITE_P(Both, EveryIndicator, ::testing::Values(Precision::kFloat32, Precision::kFloat64),
                         [](const auto& each) { return each.param == Precision::kFloat32 ? "f32" : "f64"; });

expr::CompileOptions known() {
  expr::CompileOptions options;
  options.fields = expr::standard_fields();
  return options;
}
std::string canonical(std::string_view formula) {
  return must(expr::compile(formula, **expr::find_profile("lode"), operators(), known())).formulas.front();
}
std::string refusal(std::string_view formula) {
  const auto program = expr::compile(formula, **expr::find_profile("lode"), operators(), known());
  return program ? "compiled"
                 : lode::to_string(program.error().number()) + " " + program.error().message() + " " +
                       program.error().hint() + " " + program.error().where();
}

TEST(IndicatorOperators, AreNamedByIndicatorAndOutput) {
  std::set<std::string_view> names;
  for (const IndicatorOperator* op : indicator_operators()) {
    EXPECT_TRUE(op->spec.name.starts_with("ta_")) << op->spec.name;
    EXPECT_TRUE(names.insert(op->spec.name).second) << op->spec.name;
    EXPECT_EQ(operators().find(op->spec.name), op);
    EXPECT_FALSE(op->spec.summary.empty() || op->spec.definition.empty()) << op->spec.name;
  }
  for (const char* name : {"ta_rsi", "ta_macd", "ta_macd_signal", "ta_macd_hist", "ta_bbands_upper",
                           "ta_ichimoku_kijun", "ta_cdldoji", "ta_atr", "ta_vwap"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_FALSE(names.contains("ta_bbands") || names.contains("ta_macd_macd"));
}

TEST(IndicatorOperators, TakeParametersByPlaceAndByName) {
  EXPECT_EQ(canonical("TA_RSI(close)"), canonical("ta_rsi(close, 14)"));
  EXPECT_EQ(canonical("ta_rsi(close, period=9)"), canonical("ta_rsi(close, 9)"));
  EXPECT_EQ(canonical("ta_rsi(close, days=9)"), canonical("ta_rsi(close, 9)"));
  EXPECT_EQ(canonical("ta_macd_signal(close, signal=5)"), canonical("ta_macd_signal(close, 12, 26, 5)"));
  EXPECT_EQ(canonical("ta_ma(close, 10, type=ema)"), canonical("ta_ma(close, 10, 1)"));
  EXPECT_EQ(canonical("ta_atr(high, low, close, 14)"), canonical("ta_atr(high, low, close)"));
  EXPECT_EQ(canonical("ta_macd_signal(close, fastperiod=5, signalperiod=4)"),
            canonical("ta_macd_signal(close, fast=5, signal=4)"))
      << "TA-Lib's names";
  EXPECT_EQ(canonical("ta_rsi(close, timeperiod=9)"), canonical("ta_rsi(close, days=9)"));
}

// Three numbers are three lengths; the types of average, which stand between them, are words by name.
TEST(IndicatorOperators, NumbersPassOverWhatIsAChoiceAmongWords) {
  EXPECT_EQ(canonical("ta_stoch_slow_k(high, low, close, 10, 4, 5)"),
            canonical("ta_stoch_slow_k(high, low, close, fast_k=10, slow_k=4, slow_d=5)"));
  EXPECT_EQ(canonical("ta_stoch_slow_k(high, low, close, 10, 4, 1, 5, 2)"),
            canonical("ta_stoch_slow_k(high, low, close, 10, 4, 5, slow_k_type=ema, slow_d_type=wma)"));
  EXPECT_EQ(canonical("ta_macdext_signal(close, 5, 10, 4)"),
            canonical("ta_macdext_signal(close, fast=5, slow=10, signal=4)"));
  // What is printed reads back: a word goes by its name, and so does what follows it.
  for (const char* formula : {"ta_stoch_slow_k(high, low, close, 10, 4, 1, 5, 2)", "ta_ma(close, 10, 3)",
                              "ta_macdext_signal(close, 5, 1, 10, 0, 4, 0)", "ta_apo(close, 10, 20, 1)"}) {
    EXPECT_EQ(canonical(canonical(formula)), canonical(formula)) << formula;
  }
}

TEST(IndicatorOperators, LeaveTheLanguagesOwnNamesAlone) {
  EXPECT_NE(operators().find("ema"), operators().find("ta_ema"));
  EXPECT_EQ(operators().find("ema"), expr::OperatorTable().find("ema"));
  EXPECT_NE(canonical("ema(close, 5)"), canonical("ta_ema(close, 5)"));
}

TEST(IndicatorOperators, RefuseWhatTheyCannotTake) {
  EXPECT_THAT(refusal("ta_rsj(close, 14)"), ::testing::AllOf(HasSubstr("E1102"), HasSubstr("ta_rsi")));
  EXPECT_THAT(refusal("ta_bbands(close)"), ::testing::AllOf(HasSubstr("E1102"), HasSubstr("ta_bbands_upper")));
  EXPECT_THAT(refusal("ta_rsi()"), HasSubstr("E1103"));
  EXPECT_THAT(refusal("ta_rsi(close, 14, 2)"), ::testing::AllOf(HasSubstr("E1103"), HasSubstr("1 to 2 arguments")));
  EXPECT_THAT(refusal("ta_atr(high, low)"), HasSubstr("E1103"));
  EXPECT_THAT(refusal("ta_rsi(close, 1)"), ::testing::AllOf(HasSubstr("E1105"), HasSubstr("from 2 to 5040")));
  EXPECT_THAT(refusal("ta_rsi(close, 2.5)"), HasSubstr("E1105"));
  EXPECT_THAT(refusal("ta_rsi(close, 5041)"),
              ::testing::AllOf(HasSubstr("E1105"), HasSubstr("got 5041"), HasSubstr("longest window of a formula")));
  EXPECT_THAT(refusal("ta_rsi(close, open)"), HasSubstr("E1109"));
  EXPECT_THAT(refusal("ta_rsi(sector, 14)"), HasSubstr("E1109"));
  EXPECT_THAT(refusal("ta_rsi(close, 14, period=3)"), HasSubstr("E1103"));
  EXPECT_THAT(refusal("ta_rsi(close, length=3)"), HasSubstr("E1110"));
  EXPECT_THAT(refusal("ta_ma(close, 10, type=emma)"),
              ::testing::AllOf(HasSubstr("E1105"), HasSubstr("one of sma, ema")));
}

expr::Unit unit(std::string_view formula) {
  const auto program = must(expr::compile(formula, **expr::find_profile("lode"), operators(), known()));
  return program.nodes[program.roots.front()].unit;
}

TEST(IndicatorOperators, KnowTheirUnits) {
  const expr::Unit price = unit("close");
  for (const char* formula : {"ta_sma(close, 5)", "ta_ema(close, 5)", "ta_bbands_upper(close)", "ta_macd(close)",
                              "ta_atr(high, low, close)", "ta_mom(close, 3)", "ta_typprice(high, low, close)"}) {
    EXPECT_EQ(unit(formula), price) << formula;
  }
  for (const char* formula :
       {"ta_rsi(close, 14)", "ta_adx(high, low, close)", "ta_natr(high, low, close)",
        "ta_cdldoji(open, high, low, close)", "ta_roc(close, 3)", "ta_mfi(high, low, close, volume)"}) {
    EXPECT_EQ(unit(formula).kind, expr::Unit::Kind::kRatio) << formula;
  }
  for (const char* formula : {"ta_obv(close, volume)", "ta_var(close, 5)", "ta_exp(close)"}) {
    EXPECT_EQ(unit(formula).kind, expr::Unit::Kind::kAny) << formula;
  }
}

TEST(IndicatorOperators, CostTheirLookback) {
  const auto lookback = [](std::string_view formula) {
    return must(expr::compile(formula, **expr::find_profile("lode"), operators(), known())).lookback();
  };
  EXPECT_EQ(lookback("ta_rsi(close, 14)"), 14);
  EXPECT_EQ(lookback("ta_macd_signal(close, 12, 26, 9)"), 33);
  EXPECT_EQ(lookback("ta_sma(ta_sma(close, 5), 5)"), 8);
}

}  // namespace
}  // namespace lode::factor
