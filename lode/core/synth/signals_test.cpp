// What was planted is found at its strength, decoys are not, and returns look like returns: measured by an independent
// reader of the bars (test_measure.h) over several seeds.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/signals.h"

#include <gtest/gtest.h>

#include <map>

#include "lode/core/synth/cast.h"
#include "lode/core/synth/test_markets.h"
#include "lode/core/synth/test_measure.h"

namespace lode::synth {
namespace {

constexpr int kSeeds = 12;
constexpr int kInstruments = 100;
constexpr int kSessions = 420;

struct Found {
  double mean = 0.0;   // Over seeds.
  double error = 0.0;  // Of that mean, from the seeds' own spread.
  int covered = 0;     // Seeds whose 95 % interval holds the truth.
};

// Each signal's rank IC over 5 sessions, over kSeeds markets.
std::map<std::string, Found> find(double quality_ic, double reversal_ic) {
  std::map<std::string, std::vector<double>> means;
  std::map<std::string, Found> out;
  Pool pool(2);
  for (int seed = 0; seed < kSeeds; ++seed) {
    MarketOptions options = pure_noise(static_cast<std::uint64_t>(40 + seed), kInstruments, kSessions);
    options.quality_ic = quality_ic;
    options.reversal_ic = reversal_ic;
    const Market market = must(make_market(options, pool));
    for (const Signal& signal : market.signals) {
      const measure::Ic ic = measure::rank_ic(market, measure::factor(market, signal.name), 5);
      means[signal.name].push_back(ic.mean);
      out[signal.name].covered += std::abs(ic.mean - signal.rank_ic) <= 1.96 * ic.error ? 1 : 0;
    }
  }
  for (const auto& [name, values] : means) {
    double sum = 0.0, square = 0.0;
    for (const double value : values) {
      sum += value;
      square += value * value;
    }
    const double mean = sum / kSeeds;
    out[name].mean = mean;
    out[name].error = std::sqrt((square / kSeeds - mean * mean) / (kSeeds - 1));
  }
  return out;
}

// Mean over sessions of the correlation across names of a factor with itself one session later.
double memory(const Market& market, const measure::Cells& values) {
  stat::Spearman spearman;
  double sum = 0.0;
  int count = 0;
  for (std::size_t row = 20; row + 1 < market.rows(); ++row) {
    const auto at = [&](std::size_t r) { return std::span(values).subspan(market.cell(r, 0), market.columns()); };
    sum += spearman(at(row), at(row + 1));
    ++count;
  }
  return sum / count;
}

TEST(Signals, AreFoundAtThePlantedStrength) {
  auto found = find(0.04, 0.02);
  EXPECT_NEAR(found["quality"].mean, 0.04, 3.0 * found["quality"].error);
  EXPECT_NEAR(found["reversal"].mean, 0.02, 3.0 * found["reversal"].error);
  EXPECT_GT(found["quality"].mean, 3.0 * found["quality"].error);
  EXPECT_GT(found["reversal"].mean, 3.0 * found["reversal"].error);
  EXPECT_NEAR(found["noise"].mean, 0.0, 3.0 * found["noise"].error);
  EXPECT_NEAR(found["slow noise"].mean, 0.0, 3.0 * found["slow noise"].error);
  for (const auto& [name, one] : found) {
    EXPECT_GE(one.covered, kSeeds * 3 / 4) << name;
  }
}

TEST(Signals, AreAbsentFromPureNoise) {
  auto found = find(0.0, 0.0);
  for (const auto& [name, one] : found) {
    EXPECT_NEAR(one.mean, 0.0, 3.0 * one.error) << name;
    EXPECT_GE(one.covered, kSeeds * 3 / 4) << name;
  }
}

TEST(Signals, MoveAtTheirSpeed) {
  const Market market = made(100, 300);
  EXPECT_NEAR(memory(market, measure::factor(market, "quality")), 0.99, 0.015);
  EXPECT_NEAR(memory(market, measure::factor(market, "slow noise")), 0.98, 0.015);
  EXPECT_NEAR(memory(market, measure::factor(market, "reversal")), 0.80, 0.05);
  EXPECT_LT(memory(market, measure::factor(market, "noise")), 0.0);
}

TEST(Signals, OfPureNoiseAreAllDecoys) {
  for (const Signal& signal : signals(pure_noise(1, 50, 100))) {
    EXPECT_TRUE(signal.is_decoy()) << signal.name;
  }
  EXPECT_EQ(strength_for(0.0, 0.0).quality, 0.0);
  EXPECT_EQ(strength_for(0.0, 0.0).reversal, 0.0);
}

TEST(Signals, StrengthsSolveTheMeasuredRelation) {
  const Strength strength = strength_for(0.04, 0.02);
  EXPECT_NEAR(1.885 * strength.quality - 2.54 * strength.quality * strength.reversal, 0.04, 1e-12);
  EXPECT_NEAR(1.110 * strength.reversal - 4.2 * strength.quality * strength.quality, 0.02, 1e-12);
}

// Log returns close to close of one name where both bars exist and no action falls between.
std::vector<double> log_returns(const Market& market, std::size_t i) {
  const measure::Cells price = measure::times(market.close, measure::shares_held(market));
  std::vector<double> out;
  for (std::size_t row = 1; row < market.rows(); ++row) {
    out.push_back(std::log(price[market.cell(row, i)] / price[market.cell(row - 1, i)]));
  }
  return out;
}

TEST(Returns, HaveFatTailsAndClusteredVolatility) {
  const Market market = made(40, 1200);
  double kurtosis = 0.0, clustering = 0.0;
  int names = 0;
  for (std::size_t i = kRoles; i < market.columns(); ++i) {
    const std::vector<double> r = log_returns(market, i);
    if (market.listings[i].first > 0 || market.listings[i].delisted) {
      continue;
    }
    double two = 0.0, four = 0.0, n = 0.0;
    std::vector<double> size, next;
    for (std::size_t t = 0; t < r.size(); ++t) {
      if (std::isfinite(r[t])) {
        two += r[t] * r[t];
        four += r[t] * r[t] * r[t] * r[t];
        n += 1.0;
      }
      if (t > 0) {
        size.push_back(std::abs(r[t - 1]));
        next.push_back(std::abs(r[t]));
      }
    }
    kurtosis += four / n / (two / n * two / n);
    clustering += stat::pearson(size, next);
    ++names;
  }
  EXPECT_GT(kurtosis / names, 4.0);  // A normal has 3.
  EXPECT_GT(clustering / names, 0.03);
}

TEST(Returns, OfASectorMoveTogetherMoreThanOthers) {
  const Market market = made(40, 600);
  std::map<int, std::string> sector;
  for (const ListedGroup& group : market.groups) {
    sector[group.instrument] = group.to ? std::string() : group.sector;
  }
  std::vector<std::vector<double>> returns;
  for (std::size_t i = 0; i < market.columns(); ++i) {
    returns.push_back(log_returns(market, i));
  }
  double same = 0.0, other = 0.0;
  int same_count = 0, other_count = 0;
  for (std::size_t a = 0; a < market.columns(); ++a) {
    for (std::size_t b = a + 1; b < market.columns(); ++b) {
      const double correlation = stat::pearson(returns[a], returns[b]);
      if (!std::isfinite(correlation)) {
        continue;
      }
      const bool together = sector[static_cast<int>(a)] == sector[static_cast<int>(b)];
      (together ? same : other) += correlation;
      ++(together ? same_count : other_count);
    }
  }
  EXPECT_GT(other / other_count, 0.1);  // The market.
  EXPECT_GT(same / same_count, other / other_count + 0.03);
}

}  // namespace
}  // namespace lode::synth
