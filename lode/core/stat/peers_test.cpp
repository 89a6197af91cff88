// Many tests at once, the best of several, bootstraps and moments against what statsmodels, arch and scipy said
// (test/oracle/peers). What a package draws at random is compared within the error of its draws.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/stat/distribution.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/overfit/interval.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/core/stat/overfit/superior.h"
#include "test/oracle/peers/answers.h"

namespace lode::stat {
namespace {

using oracle::answer;

TEST(PeersOfTests, AdjustedPValuesAreThoseOfStatsmodels) {
  const struct {
    Adjustment adjustment;
    const char* name;
  } kinds[] = {{Adjustment::kBonferroni, "p.bonferroni"},
               {Adjustment::kHolm, "p.holm"},
               {Adjustment::kBenjaminiHochberg, "p.bh"},
               {Adjustment::kBenjaminiYekutieli, "p.by"}};
  for (const auto& [adjustment, name] : kinds) {
    const std::vector<double> ours = adjusted_p(answer("p.raw"), adjustment);
    ASSERT_EQ(ours.size(), answer(name).size());
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], answer(name)[i], 1e-12) << name << " " << i;
  }
}

// Two bootstraps of 20,000 resamples each: an error of sqrt(2 p (1 - p) / 20,000), five of them.
double slack(double p) { return 5.0 * std::sqrt(2.0 * p * (1.0 - p) / 20'000.0) + 1e-3; }

TEST(PeersOfTests, TheBestOfManyIsAsLuckyAsArchSays) {
  for (const std::string name : {"spa.null", "spa.good"}) {
    std::vector<std::span<const double>> series;
    for (int k = 0; k < 6; ++k) series.emplace_back(answer(name + "." + std::to_string(k)));
    const Superiority found = superiority(series, {.resamples = 20'000, .mean_block = 5.0});
    const std::vector<double>& p = answer(name + ".p");
    EXPECT_NEAR(found.p_lower, p[0], slack(p[0])) << name;
    EXPECT_NEAR(found.p_consistent, p[1], slack(p[1])) << name;
    EXPECT_NEAR(found.p_upper, p[2], slack(p[2])) << name;
    const double check = answer(name + ".reality_check_p").at(0);
    EXPECT_NEAR(found.p, check, slack(check)) << name;
  }
  EXPECT_GT(answer("spa.null.p").at(1), 0.05) << "both sides of the level are looked at";
  EXPECT_LT(answer("spa.good.p").at(1), 0.05);
}

// arch takes the bandwidth twice the first lag of the quiet run, the paper twice the lag before it: near, not equal.
TEST(PeersOfBootstraps, TheBlockIsNearThatOfArch) {
  for (int k = 0; k < 6; ++k) {
    const double ratio =
        best_mean_block(answer("spa.null." + std::to_string(k))) / answer("block." + std::to_string(k)).at(0);
    EXPECT_GT(ratio, 0.5) << k;
    EXPECT_LT(ratio, 2.0) << k;
  }
}

TEST(PeersOfBootstraps, ErrorsAndPercentilesAreThoseOfArch) {
  const std::vector<double>& series = answer("bootstrap.series");
  const Statistic statistics[] = {[](std::span<const double> x) { return mean(x); },
                                  [](std::span<const double> x) { return mean(x) / standard_deviation(x); }};
  for (std::size_t k = 0; k < 2; ++k) {
    const Interval found = bootstrap_interval(series, statistics[k], 0.95, {.resamples = 20'000, .mean_block = 4.0});
    const double error = answer("bootstrap.errors").at(k);
    EXPECT_NEAR(found.standard_error, error, 0.03 * error);  // Six errors of a deviation of 20,000 draws, twice.
    EXPECT_NEAR(found.percentile.low, answer("bootstrap.percentiles").at(2 * k), 0.12 * error);
    EXPECT_NEAR(found.percentile.high, answer("bootstrap.percentiles").at(2 * k + 1), 0.12 * error);
  }
}

TEST(PeersOfMoments, AreThoseOfScipyAndStatsmodels) {
  const std::vector<double>& x = answer("moments.x");
  EXPECT_NEAR(skew(x), answer("moments.skew").at(0), 1e-12);
  EXPECT_NEAR(kurtosis(x), answer("moments.kurtosis").at(0), 1e-11);
  const MeanTest test = mean_test(x);
  EXPECT_NEAR(test.t, answer("moments.t").at(0), 1e-11);
  EXPECT_NEAR(student_t_two_sided_p(test.t, 199.0), answer("moments.p").at(0), 1e-11);
  const MeanTest robust = newey_west(x, 7);
  EXPECT_NEAR(robust.standard_error, answer("moments.hac").at(0), 1e-11);
  EXPECT_NEAR(robust.t, answer("moments.hac").at(1), 1e-11);
}

}  // namespace
}  // namespace lode::stat
