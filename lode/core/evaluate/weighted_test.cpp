// The factor as weights: literal loops over dates and names, by hand, and what is missing.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/weighted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

using test::kNan;
using ::testing::HasSubstr;

// Slope and intercept from the sums written out.
struct Line {
  double alpha;
  double beta;
};
Line line_of(const std::vector<double>& x, const std::vector<double>& y) {
  double n = 0.0;
  double sx = 0.0;
  double sy = 0.0;
  double sxx = 0.0;
  double sxy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isnan(y[i])) {
      n += 1.0;
      sx += x[i];
      sy += y[i];
      sxx += x[i] * x[i];
      sxy += x[i] * y[i];
    }
  }
  const double beta = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return {(sy - beta * sx) / n, beta};
}

TEST(Weighted, IsALineOnTheMarketAndAMeanAYear) {
  Random random(8, 1);
  std::vector<double> market;
  std::vector<double> returns;
  for (int i = 0; i < 300; ++i) {
    market.push_back(0.0003 + 0.01 * random.next_normal());
    returns.push_back(i % 23 == 0 ? kNan : 0.0004 - 0.2 * market.back() + 0.003 * random.next_normal());
  }
  const WeightedStatistics found = weighted_statistics(returns, market, 5, Options{});
  const Line line = line_of(market, returns);
  EXPECT_NEAR(found.beta, line.beta, 1e-12);
  EXPECT_NEAR(found.alpha_annual.value, std::pow(1.0 + line.alpha, 252.0 / 5.0) - 1.0, 1e-10);
  double sum = 0.0;
  double n = 0.0;
  for (const double one : returns) {
    sum += std::isnan(one) ? 0.0 : one;
    n += std::isnan(one) ? 0.0 : 1.0;
  }
  EXPECT_NEAR(found.annual.value, std::pow(1.0 + sum / n, 252.0 / 5.0) - 1.0, 1e-10);
  EXPECT_LT(found.beta_t, -5.0);
  EXPECT_LT(found.annual.lower, found.annual.value);
}

TEST(Weighted, TooFewDatesSayWhatIsNeeded) {
  const std::vector<double> few(20, 0.01);
  const WeightedStatistics found = weighted_statistics(few, few, 1, Options{});
  EXPECT_TRUE(std::isnan(found.annual.value));
  EXPECT_THAT(found.alpha_annual.reason, HasSubstr("20 dates, needs 60"));
  EXPECT_TRUE(std::isnan(found.beta));
}

// The whole sheet against weights, returns and the line from plain loops, with missing cells.
TEST(Weighted, OfASheetIsTheLiteralBook) {
  const test::MarketOptions asked{.rows = 150, .columns = 21, .faults = true};
  const Market market_of = test::make_market(test::make_axis(asked.rows, asked.columns), asked);
  const Panel factor = test::make_factor(market_of, {.edge = 0.3, .missing = 0.1, .ties = true});
  Pool pool(1);
  Options options;
  options.horizons = {1, 5};
  options.min_names = 3;
  const TearSheet sheet = must(tear_sheet(factor, market_of, nullptr, options, pool));
  for (const HorizonResult& one : sheet.horizons) {
    const Labels labels = must(forward_returns(market_of, one.horizon, options.convention, pool));
    std::vector<double> market;
    std::vector<double> returns;
    for (std::size_t row = 0; row < factor.rows(); ++row) {
      double n = 0.0;
      double f_mean = 0.0;
      double r_mean = 0.0;
      for (std::size_t i = 0; i < factor.columns(); ++i) {
        const double f = factor.row64(row)[i];
        const double r = labels.returns.row64(row)[i];
        if (!std::isnan(f) && !std::isnan(r)) {
          n += 1.0;
          f_mean += f;
          r_mean += r;
        }
      }
      double gross = 0.0;
      double earned = 0.0;
      for (std::size_t i = 0; i < factor.columns(); ++i) {
        const double f = factor.row64(row)[i];
        const double r = labels.returns.row64(row)[i];
        if (!std::isnan(f) && !std::isnan(r)) {
          gross += std::abs(f - f_mean / n);
          earned += (f - f_mean / n) * r;
        }
      }
      market.push_back(n >= 3.0 ? r_mean / n : 0.0);
      returns.push_back(n >= 3.0 ? earned / gross : kNan);
    }
    const Line line = line_of(market, returns);
    EXPECT_NEAR(one.weighted.beta, line.beta, 1e-9) << one.horizon;
    EXPECT_NEAR(one.weighted.alpha_annual.value, std::pow(1.0 + line.alpha, 252.0 / one.horizon) - 1.0, 1e-9);
  }
}

}  // namespace
}  // namespace lode::evaluate
