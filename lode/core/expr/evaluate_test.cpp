// Evaluation: the same bits for any threads, targets, stretches and neighbours; what a program shares; what is refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/evaluate.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>
#include <cstring>
#include <numeric>

#include "lode/base/random.h"
#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/engine/run.h"
#include "lode/core/expr/test_panels.h"

namespace lode::expr {
namespace {

// Formulas that cross stages both ways, share, look far back, carry state and use groups.
constexpr std::string_view kFormulas[] = {
    "rank(-ts_mean(returns, 5))",
    "ts_corr(rank(close), rank(volume), 10)",
    "-1 * ts_corr(rank(delta(log(volume), 2)), rank((close - open) / open), 6)",
    "rank(ts_argmax(signedpower(returns < 0 ? ts_std(returns, 20) : close, 2), 5)) - 0.5",
    "scale(decay_linear(indneutralize(close * volume, sector), 8)) * ts_rank(volume, 9)",
    "ema(close, 12) - ema(close, 26)",
    "ts_skew(close, 10) + ts_kurt(volume, 11) + ts_resid(close, 12) + ts_rsquare(close, 13)",
    "ts_mean(close, 70, min_periods=3) / ts_quantile(volume, 30, 0.8)",
    "zscore(group_rank(ts_zscore(close, 15), sector)) + normal(winsorize_mad(open))",
    "neutralize(rank(close), rank(open), volume)",
    "quantile(close, 5) + ts_beta(close, volume, 20) + sma(open, 9, 2) + ffill(volume, limit=3)",
    "exp(-abs(returns)) ^ 1.7 + round(close) + (close > open && volume > 3)",
    "close",
    "2.5",
};

struct Market {
  Fields fields;

  Market(std::size_t rows, std::size_t columns, std::uint64_t seed) : fields(testing::make_axis(rows, columns)) {
    for (const char* name : {"close", "open", "volume"}) {
      Random random(seed++, 1);
      Panel panel(fields.shared_axis(), Precision::kFloat64);
      for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
          const double value = 5.0 + random.next_normal();
          panel.mutable_row64(row)[column] = random.next_uniform() < 0.04 ? std::nan("") : std::round(value * 50) / 50;
        }
      }
      fields.set(name, panel);
    }
    GroupPanel sector{fields.shared_axis(), std::vector<std::int32_t>(rows * columns), {}};
    for (std::size_t i = 0; i < sector.codes.size(); ++i) {
      sector.codes[i] = static_cast<std::int32_t>(i % columns % 5) - 1;
    }
    fields.set("sector", sector);
  }
};

Program compile_all(const Fields& fields) {
  static const OperatorTable table;
  CompileOptions options;
  options.fields = fields.specs();
  std::vector<Program> programs;
  for (const std::string_view formula : kFormulas) {
    Result<Program> program = compile(formula, **find_profile("lode"), table, options);
    EXPECT_TRUE(program) << formula << ": " << program.error().message();
    programs.push_back(std::move(*program));
  }
  return merge(programs);
}

std::vector<Panel> run(const Fields& fields, Precision precision, int threads = 1) {
  Pool pool(threads);
  auto results = evaluate(compile_all(fields), fields, precision, pool);
  EXPECT_TRUE(results);
  return std::move(*results);
}

// Bits of a cell; `column` of `b` stands for that of `a`.
bool same_bits(const Panel& a, std::size_t row, std::size_t column, const Panel& b, std::size_t other_row,
               std::size_t other_column) {
  if (a.precision() == Precision::kFloat64) {
    return std::memcmp(&a.row64(row)[column], &b.row64(other_row)[other_column], sizeof(double)) == 0;
  }
  return std::memcmp(&a.row32(row)[column], &b.row32(other_row)[other_column], sizeof(float)) == 0;
}

void expect_same_bits(const std::vector<Panel>& a, const std::vector<Panel>& b, const std::string& what) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t different = 0;
    for (std::size_t row = 0; row < a[i].rows(); ++row) {
      for (std::size_t column = 0; column < a[i].columns(); ++column) {
        different += same_bits(a[i], row, column, b[i], row, column) ? 0 : 1;
      }
    }
    EXPECT_EQ(different, 0U) << kFormulas[i] << ": " << what;
    EXPECT_GT(a[i].valid_count(), 0U) << kFormulas[i];
  }
}

class SameBits : public ::testing::TestWithParam<Precision> {};

TEST_P(SameBits, ForAnyNumberOfThreads) {
  const Market market(150, 85, 7);
  const auto expected = run(market.fields, GetParam());
  for (const int threads : {2, 5}) {
    expect_same_bits(expected, run(market.fields, GetParam(), threads), std::to_string(threads) + " threads");
  }
}

TEST_P(SameBits, ForEveryVectorTarget) {
  const Market market(100, 40, 8);
  const auto expected = run(market.fields, GetParam());
  const std::int64_t supported = hwy::SupportedTargets();
  int targets = 0;
  for (std::int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
    if ((supported & bit) != 0) {
      hwy::SetSupportedTargetsForTest(bit);
      hwy::GetChosenTarget().Update(bit);
      expect_same_bits(expected, run(market.fields, GetParam()), hwy::TargetName(bit));
      ++targets;
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  EXPECT_GT(targets, 1);
}

TEST_P(SameBits, ForAnyTiling) {
  const Market market(150, 50, 9);
  const auto expected = run(market.fields, GetParam());
  const Program program = compile_all(market.fields);
  const engine::Plan plan = engine::make_plan(program, false);
  Pool pool(2);
  for (const std::size_t rows : {1U, 3U, 64U, 149U, 150U, 1000U}) {
    for (const std::size_t bytes : {1U, 4096U, 1U << 24}) {
      const auto outputs = engine::run_plan(program, plan, market.fields, GetParam(), pool, {rows, bytes});
      std::vector<Panel> results;
      for (const std::uint32_t output : plan.output_of_root) {
        results.push_back(outputs[output]);
      }
      expect_same_bits(expected, results, "stretches of " + std::to_string(rows));
    }
  }
}

// Instruments that are never in the universe may stand anywhere.
TEST_P(SameBits, WhateverStandsOutsideTheUniverse) {
  const Market market(90, 21, 10);
  const auto expected = run(market.fields, GetParam());
  const std::size_t wide = 50;
  const auto place = [](std::size_t column) { return column * 2 + (column > 9 ? 7 : 1); };
  Market other(90, wide, 99);
  std::vector<std::uint8_t> mask(90 * wide, 0);
  GroupPanel sector = *other.fields.find_group("sector");
  for (const char* name : {"close", "open", "volume"}) {
    Panel panel = *other.fields.find(name);
    for (std::size_t row = 0; row < 90; ++row) {
      for (std::size_t column = 0; column < 21; ++column) {
        panel.mutable_row64(row)[place(column)] = market.fields.find(name)->at(row, column);
        mask[row * wide + place(column)] = 1;
        sector.codes[row * wide + place(column)] = market.fields.find_group("sector")->row(row)[column];
      }
    }
  }
  other.fields.set("sector", sector);
  other.fields.set_universe(mask);
  const auto results = run(other.fields, GetParam());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::size_t different = 0;
    for (std::size_t row = 0; row < 90; ++row) {
      for (std::size_t column = 0; column < 21; ++column) {
        different += same_bits(expected[i], row, column, results[i], row, place(column)) ? 0 : 1;
      }
    }
    EXPECT_EQ(different, 0U) << kFormulas[i];
    EXPECT_EQ(results[i].valid_count(), expected[i].valid_count()) << kFormulas[i];
  }
}

// Time series and ranks do not care where the other instruments stand, either.
TEST_P(SameBits, ForAnyOrderOfInstruments) {
  const Market market(60, 37, 11);
  Market shuffled(60, 37, 11);
  const auto place = [](std::size_t column) { return column * 8 % 37; };
  for (const char* name : {"close", "open", "volume"}) {
    Panel panel(shuffled.fields.shared_axis(), Precision::kFloat64);
    for (std::size_t row = 0; row < 60; ++row) {
      for (std::size_t column = 0; column < 37; ++column) {
        panel.mutable_row64(row)[place(column)] = market.fields.find(name)->at(row, column);
      }
    }
    shuffled.fields.set(name, panel);
  }
  const auto expected = run(market.fields, GetParam());
  const auto results = run(shuffled.fields, GetParam());
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 7U}) {
    for (std::size_t row = 0; row < 60; ++row) {
      for (std::size_t column = 0; column < 37; ++column) {
        ASSERT_TRUE(same_bits(expected[i], row, column, results[i], row, place(column))) << kFormulas[i];
      }
    }
  }
}

// A window knows nothing of what came before it: cut the history off and later values stay, bit for bit.
TEST_P(SameBits, WhereverTheFieldsBegin) {
  const Market market(160, 20, 12);
  Fields late(testing::make_axis(100, 20));
  for (const char* name : {"close", "open", "volume"}) {
    Panel panel(late.shared_axis(), Precision::kFloat64);
    for (std::size_t row = 0; row < 100; ++row) {
      std::ranges::copy(market.fields.find(name)->row64(row + 60), panel.mutable_row64(row).begin());
    }
    late.set(name, panel);
  }
  GroupPanel sector = *market.fields.find_group("sector");
  sector.axis = late.shared_axis();
  sector.codes.erase(sector.codes.begin(), sector.codes.begin() + 60 * 20);
  late.set("sector", sector);
  const auto expected = run(market.fields, GetParam());
  const auto results = run(late, GetParam());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (kFormulas[i].find("ma(") != std::string_view::npos ||
        kFormulas[i].find("min_periods") != std::string_view::npos) {
      continue;  // Recursive means start at the first value given; a shorter head window is another window.
    }
    for (std::size_t row = 40; row < 100; ++row) {
      for (std::size_t column = 0; column < 20; ++column) {
        ASSERT_TRUE(same_bits(expected[i], row + 60, column, results[i], row, column)) << kFormulas[i];
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, SameBits, ::testing::Values(Precision::kFloat64, Precision::kFloat32),
                         [](const auto& precision) { return precision.param == Precision::kFloat64 ? "f64" : "f32"; });

TEST(Evaluate, SharesThePanelOfEqualRoots) {
  const Market market(20, 5, 1);
  Program program = compile_all(market.fields);
  program.roots = {program.roots[0], program.roots[1], program.roots[0]};
  Pool pool(1);
  const auto results = *evaluate(program, market.fields, Precision::kFloat64, pool);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].row64(0).data(), results[2].row64(0).data());
  EXPECT_NE(results[0].row64(0).data(), results[1].row64(0).data());
}

TEST(Evaluate, NamesAnAbsentField) {
  const Market market(20, 5, 1);
  const Program program = compile_all(market.fields);
  Fields fields(market.fields.shared_axis());
  Pool pool(1);
  const auto results = evaluate(program, fields, Precision::kFloat64, pool);
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().number(), E::E1113);
  EXPECT_NE(results.error().message().find("close"), std::string::npos);
}

TEST(Evaluate, TakesEmptyPanels) {
  for (const auto& [rows, columns] : {std::pair{0, 3}, std::pair{3, 0}, std::pair{0, 0}}) {
    const Market market(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), 1);
    Pool pool(1);
    const auto results = evaluate(compile_all(market.fields), market.fields, Precision::kFloat64, pool);
    ASSERT_TRUE(results);
    EXPECT_EQ(results->size(), std::size(kFormulas));
    EXPECT_EQ(results->front().rows(), static_cast<std::size_t>(rows));
  }
}

TEST(Evaluate, ReadsFieldsOfEitherPrecision) {
  const Market market(30, 18, 3);
  Fields narrow(market.fields.shared_axis());
  for (const char* name : {"close", "open", "volume"}) {
    narrow.set(name, market.fields.find(name)->as(Precision::kFloat32));
  }
  narrow.set("sector", *market.fields.find_group("sector"));
  expect_same_bits(run(market.fields, Precision::kFloat32), run(narrow, Precision::kFloat32), "f32 fields");
}

TEST(Evaluate, TakesInfiniteFieldCellsForMissing) {
  Fields fields(testing::make_axis(1, 4));
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  fields.set("close", testing::make_panel(fields.shared_axis(), {{1.0, kInfinity, -kInfinity, 3.0}}));
  const OperatorTable table;
  Pool pool(1);
  const Program program = *compile("rank(close)", **find_profile("lode"), table);
  const Panel ranks = evaluate(program, fields, Precision::kFloat64, pool)->front();
  EXPECT_EQ(ranks.at(0, 0), 0.5);
  EXPECT_TRUE(std::isnan(ranks.at(0, 1)));
  EXPECT_TRUE(std::isnan(ranks.at(0, 2)));
  EXPECT_EQ(ranks.at(0, 3), 1.0);
}

// The study of leaks: a negative delay reads later rows, also through other operators and across stretches.
TEST(Evaluate, LooksAheadOnlyWhenAllowed) {
  const std::size_t rows = 400;
  Fields fields(testing::make_axis(rows, 3));
  Panel close(fields.shared_axis(), Precision::kFloat64);
  for (std::size_t row = 0; row < rows; ++row) {
    std::ranges::fill(close.mutable_row64(row), static_cast<double>(row));
  }
  fields.set("close", close);
  const OperatorTable table;
  CompileOptions options;
  options.allow_lookahead = true;
  Pool pool(1);
  const Program program = *compile("delay(ts_sum(close, 2), -3)", **find_profile("lode"), table, options);
  const Panel ahead = evaluate(program, fields, Precision::kFloat64, pool)->front();
  EXPECT_EQ(ahead.at(0, 0), 3.0 + 2.0);
  EXPECT_EQ(ahead.at(100, 2), 103.0 + 102.0);
  EXPECT_EQ(ahead.at(rows - 4, 1), 399.0 + 398.0);
  EXPECT_TRUE(std::isnan(ahead.at(rows - 3, 1)));
}

TEST(Fields, GiveStandardFieldsTheirUnits) {
  const Market market(2, 2, 1);
  const std::vector<FieldSpec> specs = market.fields.specs();
  const auto close = std::ranges::find_if(specs, [](const FieldSpec& spec) { return spec.name == "close"; });
  ASSERT_NE(close, specs.end());
  EXPECT_EQ(close->unit.price, 1);
  const auto sector = std::ranges::find_if(specs, [](const FieldSpec& spec) { return spec.name == "sector"; });
  ASSERT_NE(sector, specs.end());
  EXPECT_TRUE(sector->is_group);
}

}  // namespace
}  // namespace lode::expr
