// Combinatorially symmetric cross-validation against a literal reading of the paper, and on what is known: strategies
// of nothing but noise overfit half of the time, a true one does not.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/cscv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lode/base/random.h"

namespace lode::stat {
namespace {

using Returns = std::vector<std::vector<double>>;

std::vector<std::span<const double>> spans_of(const Returns& returns) { return {returns.begin(), returns.end()}; }

Returns noise(std::size_t strategies, std::size_t rows, std::uint64_t seed, double drift_of_first = 0.0) {
  Returns returns;
  for (std::size_t s = 0; s < strategies; ++s) {
    Random random(seed, s);
    std::vector<double> column(rows);
    for (double& value : column) {
      value = 0.01 * random.next_normal() + (s == 0 ? drift_of_first : 0.0);
    }
    returns.push_back(column);
  }
  return returns;
}

// Step by step: the rows of a half written out, two-pass Sharpe ratios of each, ranks by comparing all pairs.
double literal_sharpe(const std::vector<double>& returns) {
  double mean = 0.0;
  for (const double value : returns) {
    mean += value / static_cast<double>(returns.size());
  }
  double squares = 0.0;
  for (const double value : returns) {
    squares += (value - mean) * (value - mean);
  }
  return mean / std::sqrt(squares / static_cast<double>(returns.size() - 1));
}

struct Literal {
  std::vector<double> logits;
  double probability = 0.0;
  double loss = 0.0;
};

Literal literal(const Returns& returns, std::size_t blocks) {
  Literal result;
  const std::size_t rows = returns[0].size();
  const std::size_t length = rows / blocks;
  const std::size_t skipped = rows - length * blocks;
  std::vector<int> in_sample(blocks, 0);
  std::fill_n(in_sample.begin(), blocks / 2, 1);
  std::ranges::sort(in_sample);
  do {
    std::vector<double> in;
    std::vector<double> out;
    for (const std::vector<double>& strategy : returns) {
      std::vector<double> halves[2];
      for (std::size_t row = skipped; row < rows; ++row) {
        halves[in_sample[(row - skipped) / length]].push_back(strategy[row]);
      }
      out.push_back(literal_sharpe(halves[0]));
      in.push_back(literal_sharpe(halves[1]));
    }
    std::size_t best = 0;
    for (std::size_t s = 0; s < in.size(); ++s) {
      best = in[s] > in[best] ? s : best;
    }
    double rank = 1.0;
    for (std::size_t s = 0; s < out.size(); ++s) {
      rank += s == best ? 0.0 : out[s] < out[best] ? 1.0 : out[s] == out[best] ? 0.5 : 0.0;
    }
    const double share = rank / static_cast<double>(returns.size() + 1);
    result.logits.push_back(std::log(share / (1.0 - share)));
    result.probability += result.logits.back() <= 0.0 ? 1.0 : 0.0;
    result.loss += out[best] < 0.0 ? 1.0 : 0.0;
  } while (std::ranges::next_permutation(in_sample).found);
  result.probability /= static_cast<double>(result.logits.size());
  result.loss /= static_cast<double>(result.logits.size());
  return result;
}

TEST(Overfitting, IsThatOfTheLiteralReading) {
  for (const std::size_t rows : {60U, 67U}) {
    const Returns returns = noise(7, rows, rows, 0.002);
    for (const int blocks : {2, 4, 6}) {
      const Overfitting found = overfitting(spans_of(returns), blocks);
      Literal expected = literal(returns, static_cast<std::size_t>(blocks));
      std::vector<double> logits = found.logits;
      std::ranges::sort(logits);
      std::ranges::sort(expected.logits);
      ASSERT_EQ(logits.size(), expected.logits.size());
      for (std::size_t i = 0; i < logits.size(); ++i) {
        EXPECT_NEAR(logits[i], expected.logits[i], 1e-12);
      }
      EXPECT_DOUBLE_EQ(found.probability, expected.probability);
      EXPECT_DOUBLE_EQ(found.loss_probability, expected.loss);
      EXPECT_EQ(found.rows_used, rows / static_cast<std::size_t>(blocks) * static_cast<std::size_t>(blocks));
    }
  }
}

TEST(Overfitting, HasAllChoicesOfHalfOfTheBlocks) {
  EXPECT_EQ(overfitting(spans_of(noise(3, 160, 1)), 16).choices, 12'870U);
  EXPECT_EQ(overfitting(spans_of(noise(3, 160, 1)), 8).choices, 70U);
}

// Of noise the best in sample is anywhere out of sample: about half of the time in the lower half, over many histories.
TEST(Overfitting, OfNoiseIsAHalf) {
  double total = 0.0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    total += overfitting(spans_of(noise(20, 320, seed)), 8).probability / 30.0;
  }
  EXPECT_NEAR(total, 0.5, 0.08);
}

TEST(Overfitting, OfATrueStrategyIsSmall) {
  const Overfitting found = overfitting(spans_of(noise(20, 320, 5, 0.01)), 8);
  EXPECT_LT(found.probability, 0.01);
  EXPECT_LT(found.loss_probability, 0.01);
}

// Units do not matter, and large levels do not hurt.
TEST(Overfitting, IsTheSameInAnyUnit) {
  Returns returns = noise(6, 120, 3, 0.001);
  const Overfitting before = overfitting(spans_of(returns), 6);
  for (std::vector<double>& column : returns) {
    for (double& value : column) {
      value *= 0x1p20;
    }
  }
  EXPECT_EQ(overfitting(spans_of(returns), 6).logits, before.logits);
}

// A constant has no Sharpe ratio: it is never the best and ranks last, also where its mean is not a binary fraction.
TEST(Overfitting, AConstantStrategyNeverWins) {
  Returns returns = noise(4, 120, 9);
  returns.push_back(std::vector<double>(120, 0.1));
  const Overfitting found = overfitting(spans_of(returns), 6);
  for (const double best : found.best_in) {
    EXPECT_LT(best, 2.0);
  }
}

TEST(Overfitting, MissingReturnsAreLeftOutOfTheirStrategy) {
  Returns returns = noise(5, 96, 4);
  returns[2][10] = std::numeric_limits<double>::quiet_NaN();
  const Overfitting found = overfitting(spans_of(returns), 4);
  EXPECT_EQ(found.choices, 6U);
  EXPECT_FALSE(std::isnan(found.probability));
  std::fill(returns[2].begin(), returns[2].end(), std::numeric_limits<double>::quiet_NaN());
  EXPECT_FALSE(std::isnan(overfitting(spans_of(returns), 4).probability));
}

TEST(Overfitting, OfTooLittleIsMissing) {
  EXPECT_TRUE(std::isnan(overfitting({}, 4).probability));
  EXPECT_TRUE(std::isnan(overfitting(spans_of(noise(1, 100, 1)), 4).probability));
  EXPECT_TRUE(std::isnan(overfitting(spans_of(noise(3, 7, 1)), 4).probability));
}

}  // namespace
}  // namespace lode::stat
