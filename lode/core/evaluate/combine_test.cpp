// Combined scores: weights by their definitions, nothing known too early, and the better factor counts for more.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/combine.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/error.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/correlation.h"

namespace lode::evaluate {
namespace {

constexpr std::size_t kRows = 160;
constexpr std::size_t kColumns = 40;

struct World {
  Panel good;
  Panel poor;
  Panel noise;
  Panel labels;

  std::vector<const Panel*> factors() const { return {&good, &poor, &noise}; }
};

// Labels follow `good` twice as much as `poor` (turned round), and not `noise`.
World make_world(std::uint64_t seed = 1) {
  const auto axis = test::make_axis(kRows, kColumns);
  const auto draw = [&](std::uint64_t stream) {
    return test::make_panel(axis, [=](std::size_t row, std::size_t column) {
      return Random(seed, stream * 1'000 + column).normal_at(row);
    });
  };
  World world{draw(1), draw(2), draw(3), draw(4)};
  world.labels = test::make_panel(axis, [&](std::size_t row, std::size_t column) {
    return 0.01 * (0.4 * world.good.row64(row)[column] - 0.2 * world.poor.row64(row)[column] +
                   world.labels.row64(row)[column]);
  });
  return world;
}

CombineOptions options_of(Weighting weighting) {
  return {.weighting = weighting, .window = 80, .least_rows = 30, .horizon = 5, .min_names = 10};
}

Combination run(const World& world, const CombineOptions& options, int threads = 1) {
  Pool pool(threads);
  const std::vector<const Panel*> factors = world.factors();
  return combine(factors, world.labels, options, pool);
}

TEST(Combine, WeighsByTheMeanRankIcOfTheWindowAlone) {
  const World world = make_world();
  const Combination found = run(world, options_of(Weighting::kIc));
  // Row 120 knows labels of rows up to 114; the window is rows 35..114.
  double ic[3] = {};
  stat::Spearman spearman;
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t row = 35; row <= 114; ++row) {
      ic[k] += spearman(world.factors()[k]->row64(row), world.labels.row64(row)) / 80.0;
    }
  }
  const double total = std::abs(ic[0]) + std::abs(ic[1]) + std::abs(ic[2]);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(found.weights[k][120], ic[k] / total, 1e-12);
  }
  // Rows 0..34 know fewer than 30 rows: 35 - 5 - 1 = 29.
  EXPECT_TRUE(std::isnan(found.weights[0][34]));
  EXPECT_FALSE(std::isnan(found.weights[0][35]));
  EXPECT_TRUE(std::isnan(found.score.row64(34)[0]));
}

TEST(Combine, ScoresAreWeightedZScores) {
  const World world = make_world();
  const Combination found = run(world, options_of(Weighting::kBeta));
  const auto z = [&](const Panel& factor, std::size_t row, std::size_t name) {
    double mean = 0.0;
    for (const double value : factor.row64(row)) {
      mean += value / static_cast<double>(kColumns);
    }
    double squares = 0.0;
    for (const double value : factor.row64(row)) {
      squares += (value - mean) * (value - mean);
    }
    return (factor.row64(row)[name] - mean) / std::sqrt(squares / static_cast<double>(kColumns - 1));
  };
  double expected = 0.0;
  for (std::size_t k = 0; k < 3; ++k) {
    expected += found.weights[k][100] * z(*world.factors()[k], 100, 7);
  }
  EXPECT_NEAR(found.score.row64(100)[7], expected, 1e-12);
}

// Every way finds that `good` counts most and that `poor` is to be turned round; but PCA, which looks at no return.
TEST(Combine, EveryWayFindsWhatIsGood) {
  for (const Weighting weighting : {Weighting::kIc, Weighting::kIcir, Weighting::kT, Weighting::kR2, Weighting::kBeta,
                                    Weighting::kRidge, Weighting::kMaxIr}) {
    const Combination found = run(make_world(2), options_of(weighting));
    for (const std::size_t row : {100U, 159U}) {
      EXPECT_GT(found.weights[0][row], 0.45) << to_string(weighting);
      EXPECT_LT(found.weights[1][row], -0.1) << to_string(weighting);
      EXPECT_LT(std::abs(found.weights[2][row]), 0.2) << to_string(weighting);
    }
  }
}

// The promise of trailing windows: what comes later changes nothing earlier.
TEST(Combine, LooksAtNothingLater) {
  const World world = make_world(3);
  World changed = world;
  for (std::size_t row = 110; row < kRows; ++row) {
    for (std::size_t name = 0; name < kColumns; ++name) {
      changed.labels.mutable_row64(row)[name] = -1.0;
      changed.good.mutable_row64(row)[name] = static_cast<double>(name);
    }
  }
  // Labels of the last rows before are known after row 110 only: they may say anything.
  for (std::size_t row = 104; row < 110; ++row) {
    for (std::size_t name = 0; name < kColumns; ++name) {
      changed.labels.mutable_row64(row)[name] = 9.0 * static_cast<double>(name);
    }
  }
  for (int weighting = 0; weighting < 9; ++weighting) {
    const CombineOptions options = options_of(static_cast<Weighting>(weighting));
    const Combination one = run(world, options);
    const Combination two = run(changed, options);
    for (std::size_t row = 0; row < 110; ++row) {
      for (std::size_t name = 0; name < kColumns; ++name) {
        const double a = one.score.row64(row)[name];
        const double b = two.score.row64(row)[name];
        ASSERT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << to_string(options.weighting) << " " << row;
      }
    }
  }
}

TEST(Combine, EqualWeightsNeedNoHistory) {
  const Combination found = run(make_world(), options_of(Weighting::kEqual));
  EXPECT_DOUBLE_EQ(found.weights[1][0], 1.0 / 3.0);
  EXPECT_FALSE(std::isnan(found.score.row64(0)[0]));
}

// Two factors that are one share its weight under ridge; PCA sees their common part.
TEST(Combine, CopiesShareTheirWeight) {
  World world = make_world(4);
  world.poor = world.good;
  const Combination ridge = run(world, options_of(Weighting::kRidge));
  EXPECT_NEAR(ridge.weights[0][150], ridge.weights[1][150], 1e-9);
  const Combination pca = run(world, options_of(Weighting::kPca));
  EXPECT_NEAR(pca.weights[0][150], 0.5, 0.06);
  EXPECT_NEAR(pca.weights[1][150], pca.weights[0][150], 1e-9);
  EXPECT_LT(std::abs(pca.weights[2][150]), 0.12);
}

TEST(Combine, AveragesOverTheFactorsThatAreThere) {
  World world = make_world(5);
  world.noise.mutable_row64(100)[3] = test::kNan;
  world.noise.mutable_row64(100)[4] = test::kNan;
  world.poor.mutable_row64(100)[4] = std::numeric_limits<double>::infinity();
  const Combination found = run(world, options_of(Weighting::kIc));
  EXPECT_FALSE(std::isnan(found.score.row64(100)[3]));  // Two of three.
  EXPECT_TRUE(std::isnan(found.score.row64(100)[4]));   // One of three.
}

TEST(Combine, AFactorThatNeverVariesIsAbsent) {
  World world = make_world(6);
  world.noise = test::make_panel(world.labels.shared_axis(), [](std::size_t, std::size_t) { return 1.0; });
  const Combination found = run(world, options_of(Weighting::kEqual));
  EXPECT_FALSE(std::isnan(found.score.row64(50)[0]));
  // No name has all factors, so nothing is learnt.
  EXPECT_TRUE(std::isnan(run(world, options_of(Weighting::kIc)).weights[0][150]));
}

TEST(Combine, IsTheSameForAnyThreadCount) {
  const World world = make_world(7);
  const Combination one = run(world, options_of(Weighting::kMaxIr), 1);
  const Combination two = run(world, options_of(Weighting::kMaxIr), 3);
  for (std::size_t row = 60; row < kRows; ++row) {
    EXPECT_EQ(one.score.row64(row)[5], two.score.row64(row)[5]);
  }
}

TEST(Weighting, NamesAreReadBack) {
  for (int weighting = 0; weighting < 9; ++weighting) {
    EXPECT_EQ(*parse_weighting(to_string(static_cast<Weighting>(weighting))), static_cast<Weighting>(weighting));
  }
  EXPECT_EQ(parse_weighting("icr").error().number(), E::E4);
}

// scikit-learn 1.x LedoitWolf on the same draws.
TEST(ShrunkCovariance, AgreesWithScikitLearn) {
  const auto draws = [](std::uint64_t seed) {
    std::vector<double> values;
    for (int i = 0; i < 40; ++i) {
      seed = (1'103'515'245 * seed + 12'345) % (std::uint64_t{1} << 31);
      values.push_back(static_cast<double>(seed) / 0x1p31 - 0.5);
    }
    return values;
  };
  std::vector<std::vector<double>> series = {draws(1), draws(2), draws(3)};
  for (std::size_t t = 0; t < 40; ++t) {
    series[1][t] = 2.0 * series[1][t] + series[0][t];
    series[2][t] *= 0.5;
  }
  const std::vector<double> found = shrunk_covariance(series);
  const double expected[] = {0.07509374089359,   0.04387600115528,  -0.004724332282131,
                             0.04387600115528,   0.3684694229104,   0.003939692983773,
                             -0.004724332282131, 0.003939692983773, 0.02685402385287};
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_NEAR(found[i], expected[i], 1e-12);
  }
}

}  // namespace
}  // namespace lode::evaluate
