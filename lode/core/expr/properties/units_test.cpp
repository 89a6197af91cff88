// What a formula makes of a unit or a level. Prices in another currency, at a rate that is a power of two: every value
// is that power times what it was, or as it was, bit for bit. Prices moved by a whole number: all that compares, ranks
// or subtracts stays as it was, bit for bit, and what sums deviations does but for rounding.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <string_view>

#include "lode/base/must.h"
#include "lode/core/expr/properties/test_choices.h"
#include "lode/core/expr/properties/test_law.h"
#include "lode/core/expr/properties/test_market.h"

namespace lode::expr {
namespace {

using testing::Choices;
using testing::Instruments;
using testing::RandomMarket;

constexpr int kRounds = 40;
constexpr int kSpreadRounds = 80;  // Its formulas are missing throughout more often.
constexpr std::size_t kRows = 70;
constexpr std::size_t kNames = 23;

// Formulas by what a change does to them. In a pattern Q, P and A stand for formulas that follow the change twice
// (prices times prices), once (prices) and not at all (ranks), D for a window, C for a literal.
using Patterns = std::span<const std::string_view>;
struct Kinds {
  Patterns twice, once, never;
};

constexpr std::array<std::string_view, 5> kScaledTwice = {"(P * P)", "ts_cov(P, P, D)", "ts_var(P, D)", "(Q + Q)",
                                                          "ts_mean(Q, D)"};
constexpr std::array<std::string_view, 32> kScaledOnce = {"abs(P)",           "(P + P)",
                                                          "(P - P)",          "-(P)",
                                                          "(A * P)",          "(Q / P)",
                                                          "(A ? P : P)",      "where(P < P, P, P)",
                                                          "ts_sum(P, D)",     "ts_mean(P, D)",
                                                          "ts_min(P, D)",     "ts_max(P, D)",
                                                          "ts_median(P, D)",  "ts_std(P, D)",
                                                          "ts_mad(P, D)",     "ts_slope(P, D)",
                                                          "ts_resid(P, D)",   "decay_linear(P, D)",
                                                          "delay(P, D)",      "delta(P, D)",
                                                          "ema(P, D)",        "sma(P, 9, D)",
                                                          "ffill(P)",         "ts_first(P)",
                                                          "demean(P)",        "winsorize(P, 0.1)",
                                                          "sqrt(abs(Q))",     "indneutralize(P, sector)",
                                                          "(C * P)",          "neutralize(P, P)",
                                                          "winsorize_mad(P)", "ts_regresi(P, P, D)"};
constexpr std::array<std::string_view, 26> kUnscaled = {"rank(P)",
                                                        "(P / P)",
                                                        "(P < P)",
                                                        "(P >= P)",
                                                        "ts_rank(P, D)",
                                                        "ts_argmax(P, D)",
                                                        "ts_argmin(P, D)",
                                                        "zscore(P)",
                                                        "scale(P)",
                                                        "ts_zscore(P, D)",
                                                        "ts_scale(P, D)",
                                                        "ts_skew(P, 9)",
                                                        "ts_kurt(P, 9)",
                                                        "quantile(P, 5)",
                                                        "normal(P)",
                                                        "sign(P)",
                                                        "is_nan(P)",
                                                        "count(P > P, D)",
                                                        "group_rank(P, sector)",
                                                        "group_zscore(P, sector)",
                                                        "ts_beta(P, P, D)",
                                                        "days_since(P > P, D)",
                                                        "(Q / Q)",
                                                        "tanh(A)",
                                                        "ts_corr(P, P, D)",
                                                        "ts_rsquare(P, D)"};

constexpr std::array<std::string_view, 9> kMovedOnce = {"ts_min(P, D)", "ts_max(P, D)",  "delay(P, D)",
                                                        "ts_first(P)",  "ffill(P)",      "where(P < P, P, P)",
                                                        "(A ? P : P)",  "((P - P) + P)", "ts_median(P, 7)"};
constexpr std::array<std::string_view, 16> kUnmoved = {
    "(P - P)",         "delta(P, D)",     "rank(P)",   "ts_rank(P, D)",         "ts_argmax(P, D)",
    "ts_argmin(P, D)", "quantile(P, 5)",  "normal(P)", "group_rank(P, sector)", "(P < P)",
    "(P == P)",        "count(P > P, D)", "is_nan(P)", "days_since(P > P, D)",  "ts_mean(A, D)",
    "(A * A)"};
// Of deviations from a mean: as they were but for rounding.
constexpr std::array<std::string_view, 19> kDeviations = {"ts_std(P, D)",
                                                          "ts_var(P, D)",
                                                          "ts_mad(P, D)",
                                                          "ts_slope(P, D)",
                                                          "ts_resid(P, D)",
                                                          "ts_cov(P, P, D)",
                                                          "ts_corr(P, P, 9)",
                                                          "ts_skew(P, 9)",
                                                          "ts_kurt(P, 9)",
                                                          "ts_rsquare(P, 9)",
                                                          "ts_zscore(P, 9)",
                                                          "ts_scale(P, 9)",
                                                          "zscore(P)",
                                                          "demean(P)",
                                                          "indneutralize(P, sector)",
                                                          "group_zscore(P, sector)",
                                                          "neutralize(P, P)",
                                                          "ts_beta(P, P, 9)",
                                                          "ts_regresi(P, P, 9)"};

constexpr Kinds kScaled{kScaledTwice, kScaledOnce, kUnscaled};
constexpr Kinds kMoved{{}, kMovedOnce, kUnmoved};
constexpr Kinds kNearlyUnmoved{{}, kMovedOnce, kDeviations};

// A formula that follows the change as `kind` (Q, P or A) says, of at most `depth` levels.
std::string formula_of(Choices& choices, const Kinds& kinds, char kind, int depth) {
  static constexpr std::array kPrices = {"close", "open", "high", "low", "vwap"};
  if (kind == 'P' && (depth <= 0 || choices.next_below(3) == 0)) {
    return kPrices[choices.next_below(kPrices.size())];
  }
  const Patterns patterns = kind == 'Q' ? kinds.twice : (kind == 'P' ? kinds.once : kinds.never);
  const std::string_view pattern = patterns[depth <= 0 ? 0 : choices.next_below(patterns.size())];
  std::string text;
  for (const char c : pattern) {
    switch (c) {
      case 'Q':
      case 'P':
      case 'A':
        text += formula_of(choices, kinds, c, depth - 1);
        break;
      case 'D':
        text += std::to_string(1 + choices.next_below(9));
        break;
      case 'C':
        text += fmt::format("{:.1f}", 0.3 * static_cast<double>(1 + choices.next_below(9)));
        break;
      default:
        text += c;
    }
  }
  return text;
}

using Case = std::tuple<std::size_t, Precision>;

class Units : public ::testing::TestWithParam<Case> {
 protected:
  const Profile& profile() const { return profiles()[std::get<0>(GetParam())]; }
  Precision precision() const { return std::get<1>(GetParam()); }
  bool is_float() const { return precision() == Precision::kFloat32; }

  Panel value(std::string_view text, const RandomMarket& market) {
    return values(must(compile(text, profile(), table())), market).front();
  }

  // True when no value on the way, nor the product of two of them, comes near what floats cannot hold: there a power
  // of two is no longer exact.
  bool is_tame(std::string_view text, const RandomMarket& market) {
    Program program = must(compile(text, profile(), table()));
    program.roots.clear();
    for (std::uint32_t node = 0; node < program.nodes.size(); ++node) {
      if (program.nodes[node].kind == NodeKind::kOperator) {
        program.roots.push_back(node);
      }
    }
    program.formulas.resize(program.roots.size());
    program.hashes.resize(program.roots.size());
    for (const Panel& panel : values(program, market)) {
      for (std::size_t i = 0; i < kRows * kNames; ++i) {
        const double size = std::abs(panel.at(i / kNames, i % kNames));
        if (size > 1e14 || (size > 0.0 && size < 1e-14)) {
          return false;
        }
      }
    }
    return true;
  }

 private:
  static const OperatorTable& table() {
    static const OperatorTable table;
    return table;
  }
  std::vector<Panel> values(const Program& program, const RandomMarket& market) {
    static Pool pool(1);
    Instruments names(kNames);
    for (std::size_t i = 0; i < kNames; ++i) {
      names[i] = i;
    }
    return must(evaluate(program, market.fields(kRows, names), precision(), pool));
  }
};

std::string drawn_formula(const Kinds& kinds, char kind) {
  Choices choices(*rc::gen::arbitrary<std::vector<std::uint32_t>>());
  const std::string text = formula_of(choices, kinds, kind, 1 + static_cast<int>(choices.next_below(4)));
  RC_LOG() << "formula: " << text << std::endl;
  return text;
}

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

TEST_P(Units, AnotherCurrencyIsAFactor) {
  int numbers = 0;
  testing::expect_law(kRounds, [&] {
    const int times = *rc::gen::inRange(0, 3);
    const std::string text = drawn_formula(kScaled, "APQ"[times]);
    // qlib calls constant what varies by less than 2e-5, in whatever currency.
    const bool has_size = text.find("ts_corr") != std::string::npos || text.find("ts_rsquare") != std::string::npos;
    RC_PRE(profile().constant_correlation != ConstantCorrelation::kMissingWhenNear || !has_size);
    const int power = *rc::gen::inRange(is_float() ? -6 : -30, is_float() ? 7 : 31);
    RandomMarket market(*rc::gen::inRange<std::uint64_t>(0, 1000));
    RC_PRE(!is_float() || is_tame(text, market));
    const Panel expected = value(text, market);
    market.change = [=](std::size_t, std::size_t, std::size_t, double cell) { return std::ldexp(cell, power); };
    const Panel got = value(text, market);
    for (std::size_t row = 0; row < kRows; ++row) {
      for (std::size_t column = 0; column < kNames; ++column) {
        const double want = std::ldexp(expected.at(row, column), times * power);
        RC_ASSERT(same_bits(got.at(row, column), want) || (std::isnan(want) && std::isnan(got.at(row, column))));
      }
    }
    numbers += expected.valid_count() > 0 ? 1 : 0;
  });
  EXPECT_GT(numbers, test_rounds(kRounds) / 2);
}

TEST_P(Units, AnotherLevelIsASum) {
  int numbers = 0;
  testing::expect_law(kRounds, [&] {
    const bool follows = *rc::gen::arbitrary<bool>();
    const std::string text = drawn_formula(kMoved, follows ? 'P' : 'A');
    const double shift = *rc::gen::inRange(-5000, 5001);
    RandomMarket market(*rc::gen::inRange<std::uint64_t>(0, 1000));
    market.is_whole = true;
    const Panel expected = value(text, market);
    market.change = [=](std::size_t, std::size_t, std::size_t, double cell) { return cell + shift; };
    const Panel got = value(text, market);
    for (std::size_t row = 0; row < kRows; ++row) {
      for (std::size_t column = 0; column < kNames; ++column) {
        const double want = expected.at(row, column) + (follows ? shift : 0.0);
        RC_ASSERT(got.at(row, column) == want || (std::isnan(want) && std::isnan(got.at(row, column))));
      }
    }
    numbers += expected.valid_count() > 0 ? 1 : 0;
  });
  EXPECT_GT(numbers, test_rounds(kRounds) / 2);
}

TEST_P(Units, ASpreadDoesNotSeeTheLevel) {
  const double slack = is_float() ? 1e-3 : 1e-9;
  int numbers = 0;
  testing::expect_law(kSpreadRounds, [&] {
    const std::string text = drawn_formula(kNearlyUnmoved, 'A');
    const double shift = *rc::gen::inRange(-1000, 1001);
    RandomMarket market(*rc::gen::inRange<std::uint64_t>(0, 1000));
    market.is_whole = true;
    const Panel expected = value(text, market);
    market.change = [=](std::size_t, std::size_t, std::size_t, double cell) { return cell + shift; };
    const Panel got = value(text, market);
    for (std::size_t row = 0; row < kRows; ++row) {
      for (std::size_t column = 0; column < kNames; ++column) {
        const double a = expected.at(row, column);
        const double b = got.at(row, column);
        RC_ASSERT(std::isnan(a) == std::isnan(b));
        RC_ASSERT(std::isnan(a) || std::abs(a - b) <= slack * std::max(1.0, std::abs(a)));
      }
    }
    numbers += expected.valid_count() > 0 ? 1 : 0;
  });
  EXPECT_GT(numbers, test_rounds(kSpreadRounds) / 2);
}

INSTANTIATE_TEST_SUITE_P(All, Units,
                         ::testing::Combine(::testing::Range(std::size_t{0}, std::size_t{5}),
                                            ::testing::Values(Precision::kFloat64, Precision::kFloat32)),
                         [](const auto& shape) {
                           const bool is_float = std::get<1>(shape.param) == Precision::kFloat32;
                           return std::string(profiles()[std::get<0>(shape.param)].name) + (is_float ? "_f32" : "_f64");
                         });

}  // namespace
}  // namespace lode::expr
