// Adjusted p-values against statsmodels 0.14 (multipletests) on the 25 p-values of Garcia-Arenzana et al. that
// McDonald's Handbook of Biological Statistics works through, and against the promises they make.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/multiple_tests.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lode/base/random.h"
#include "lode/core/stat/distribution.h"

namespace lode::stat {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kDiet = {0.001, 0.008, 0.039, 0.041, 0.042, 0.06,  0.074, 0.205, 0.212,
                                   0.216, 0.222, 0.251, 0.269, 0.275, 0.34,  0.341, 0.384, 0.569,
                                   0.594, 0.696, 0.762, 0.94,  0.942, 0.975, 0.986};

void expect_near(const std::vector<double>& values, const std::vector<double>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(values[i], expected[i], 1e-11) << i;
  }
}

TEST(AdjustedP, AgreesWithStatsmodels) {
  std::vector<double> ones(25, 1.0);
  const auto begins = [&](std::vector<double> head) {
    std::vector<double> all = ones;
    std::ranges::copy(head, all.begin());
    return all;
  };
  expect_near(adjusted_p(kDiet, Adjustment::kBonferroni), begins({0.025, 0.2, 0.975}));
  expect_near(adjusted_p(kDiet, Adjustment::kHolm), begins({0.025, 0.192, 0.897, 0.902, 0.902}));
  expect_near(adjusted_p(kDiet, Adjustment::kBenjaminiHochberg), {0.025,          0.1,
                                                                  0.21,           0.21,
                                                                  0.21,           0.25,
                                                                  0.264285714286, 0.491071428571,
                                                                  0.491071428571, 0.491071428571,
                                                                  0.491071428571, 0.491071428571,
                                                                  0.491071428571, 0.491071428571,
                                                                  0.5328125,      0.5328125,
                                                                  0.564705882353, 0.781578947368,
                                                                  0.781578947368, 0.87,
                                                                  0.907142857143, 0.986,
                                                                  0.986,          0.986,
                                                                  0.986});
  expect_near(
      adjusted_p(kDiet, Adjustment::kBenjaminiYekutieli),
      begins({0.0953989544438, 0.381595817775, 0.801351217328, 0.801351217328, 0.801351217328, 0.953989544438}));
}

TEST(AdjustedP, StandsWherePStands) {
  std::vector<double> shuffled = kDiet;
  std::ranges::reverse(shuffled);
  for (const Adjustment adjustment :
       {Adjustment::kBonferroni, Adjustment::kHolm, Adjustment::kBenjaminiHochberg, Adjustment::kBenjaminiYekutieli}) {
    std::vector<double> expected = adjusted_p(kDiet, adjustment);
    std::ranges::reverse(expected);
    EXPECT_EQ(adjusted_p(shuffled, adjustment), expected);
  }
}

// Tests whose p-values are not at hand count as if they had shown nothing.
TEST(AdjustedP, CountsTestsThatAreNotThere) {
  std::vector<double> padded = kDiet;
  padded.resize(100, 1.0);
  for (const Adjustment adjustment :
       {Adjustment::kBonferroni, Adjustment::kHolm, Adjustment::kBenjaminiHochberg, Adjustment::kBenjaminiYekutieli}) {
    std::vector<double> expected = adjusted_p(padded, adjustment);
    expected.resize(kDiet.size());
    expect_near(adjusted_p(kDiet, adjustment, 100), expected);
  }
}

// The harmonic number of many tests is no loop over them: 1 + 1/2 + .. + 1/10^9 = 21.3004815023479.
TEST(AdjustedP, OfABillionTestsIsQuick) {
  const std::vector<double> adjusted = adjusted_p(std::vector{1e-12}, Adjustment::kBenjaminiYekutieli, 1'000'000'000);
  EXPECT_NEAR(adjusted[0], 1e-3 * 21.3004815023479, 1e-15);
  const auto harmonic_of = [](std::size_t tests) {
    return adjusted_p(std::vector{1e-9}, Adjustment::kBenjaminiYekutieli, tests)[0] /
           (1e-9 * static_cast<double>(tests));
  };
  EXPECT_NEAR(harmonic_of(1'000'001) - harmonic_of(1'000'000), 1e-6, 1e-11);  // Both ways agree where they meet.
}

TEST(AdjustedP, OfAMissingTestIsMissingAndCountsForNothing) {
  const std::vector<double> adjusted = adjusted_p(std::vector{0.01, kNaN, 0.04}, Adjustment::kBonferroni);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.02);
  EXPECT_TRUE(std::isnan(adjusted[1]));
  EXPECT_DOUBLE_EQ(adjusted[2], 0.08);
  EXPECT_TRUE(adjusted_p({}, Adjustment::kHolm).empty());
}

TEST(AdjustedP, OfTiesAreEqual) {
  for (const Adjustment adjustment : {Adjustment::kHolm, Adjustment::kBenjaminiHochberg}) {
    const std::vector<double> adjusted = adjusted_p(std::vector{0.02, 0.5, 0.02, 0.02}, adjustment);
    EXPECT_EQ(adjusted[0], adjusted[2]);
    EXPECT_EQ(adjusted[0], adjusted[3]);
  }
}

// 1,000 tests of nothing but noise, 200 times: some discovery at q = 10 % in no more than the promised share of runs
// (there, the rate of false discoveries is the chance of any).
TEST(AdjustedP, BenjaminiHochbergHoldsItsRateOnNoise) {
  int runs_with_discovery = 0;
  for (std::uint64_t run = 0; run < 200; ++run) {
    Random random(99, run);
    std::vector<double> p(1'000);
    for (double& value : p) {
      value = normal_two_sided_p(random.next_normal());
    }
    const std::vector<double> adjusted = adjusted_p(p, Adjustment::kBenjaminiHochberg);
    runs_with_discovery += std::ranges::min(adjusted) <= 0.10 ? 1 : 0;
  }
  // 20 expected; 34 is three standard deviations above.
  EXPECT_LE(runs_with_discovery, 34);
  EXPECT_GE(runs_with_discovery, 7);
}

// 100 real effects among 1,000: the share of false discoveries stays below q on average, and most effects are found.
TEST(AdjustedP, BenjaminiHochbergFindsWhatIsThere) {
  double false_share = 0.0;
  double found_share = 0.0;
  for (std::uint64_t run = 0; run < 50; ++run) {
    Random random(7, run);
    std::vector<double> p(1'000);
    for (std::size_t i = 0; i < p.size(); ++i) {
      p[i] = normal_two_sided_p(random.next_normal() + (i < 100 ? 4.0 : 0.0));
    }
    const std::vector<double> adjusted = adjusted_p(p, Adjustment::kBenjaminiHochberg);
    double found = 0.0;
    double wrong = 0.0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      found += adjusted[i] <= 0.10 ? 1.0 : 0.0;
      wrong += adjusted[i] <= 0.10 && i >= 100 ? 1.0 : 0.0;
    }
    false_share += wrong / std::max(found, 1.0) / 50.0;
    found_share += (found - wrong) / 100.0 / 50.0;
  }
  EXPECT_LT(false_share, 0.11);
  EXPECT_GT(found_share, 0.90);
}

}  // namespace
}  // namespace lode::stat
