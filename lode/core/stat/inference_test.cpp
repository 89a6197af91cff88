// A regression's tests against statsmodels 0.14 (OLS, and HAC with maxlags 3, no correction, Student's t), its residual
// checks against statsmodels.stats.stattools, and Student quantiles against scipy.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/inference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lode/core/stat/distribution.h"

namespace lode::stat {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A congruential generator that any language writes in a line, so that the peers see the same numbers.
std::vector<double> draws(std::uint64_t seed, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    seed = (1'103'515'245 * seed + 12'345) % (std::uint64_t{1} << 31);
    values.push_back(static_cast<double>(seed) / 0x1p31 - 0.5);
  }
  return values;
}

struct Data {
  std::vector<double> x1 = draws(1, 80);
  std::vector<double> x2 = draws(2, 80);
  std::vector<double> y = draws(3, 80);

  Data() {
    const std::vector<double> noise = y;
    for (std::size_t t = 0; t < y.size(); ++t) {
      x2[t] *= 2.0;
      y[t] = 0.1 + 0.7 * x1[t] - 0.3 * x2[t] + noise[t] + (t > 0 ? 0.5 * noise[t - 1] : 0.0);
    }
  }
  SeriesFit fit(int lag = 3) const {
    const std::span<const double> columns[] = {x1, x2};
    return fit_series(y, columns, lag);
  }
};

TEST(SeriesFit, AgreesWithStatsmodels) {
  const SeriesFit fit = Data().fit();
  const double value[] = {0.07945730680691, 0.4947307775475, -0.2776802750677};
  const double error[] = {0.03737241568155, 0.135679739809, 0.06121222446187};
  const double t[] = {2.126095018421, 3.646312841136, -4.536353277615};
  const double p[] = {0.03670002054708, 0.0004813692616908, 2.072063922686e-05};
  const double low[] = {0.005039319814737583, 0.22455789928770326, -0.399569386078953};
  const double high[] = {0.15387529379908194, 0.7649036558073601, -0.15579116405654225};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(fit.plain[i].value, value[i], 1e-12);
    EXPECT_NEAR(fit.plain[i].standard_error, error[i], 1e-12);
    EXPECT_NEAR(fit.plain[i].t, t[i], 1e-10);
    EXPECT_NEAR(fit.plain[i].p, p[i], 1e-12);
    EXPECT_NEAR(fit.plain[i].low, low[i], 1e-12);
    EXPECT_NEAR(fit.plain[i].high, high[i], 1e-12);
  }
  EXPECT_NEAR(fit.r2, 0.3264477473481344, 1e-12);
  EXPECT_EQ(fit.n, 80U);
}

TEST(SeriesFit, RobustErrorsAgreeWithStatsmodels) {
  const SeriesFit fit = Data().fit();
  const double error[] = {0.04755023260507, 0.1178748114418, 0.06170821372765};
  const double p[] = {0.09877795140892, 7.18176521595e-05, 2.373832102024e-05};
  const double low[] = {-0.0152273028696715, 0.26001204115845883, -0.4005570268845038};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(fit.robust[i].value, fit.plain[i].value);
    EXPECT_NEAR(fit.robust[i].standard_error, error[i], 1e-12);
    EXPECT_NEAR(fit.robust[i].p, p[i], 1e-12);
    EXPECT_NEAR(fit.robust[i].low, low[i], 1e-12);
  }
}

TEST(SeriesFit, ResidualChecksAgreeWithStatsmodels) {
  const SeriesFit fit = Data().fit();
  EXPECT_NEAR(fit.durbin_watson, 1.1270332589801717, 1e-11);
  EXPECT_NEAR(fit.jarque_bera, 4.230241442334065, 1e-10);
  EXPECT_NEAR(fit.jarque_bera_p, 0.12061872744065576, 1e-11);
}

TEST(SeriesFit, LeavesRowsWithAMissingValueOut) {
  Data whole;
  Data gappy;
  gappy.y.insert(gappy.y.begin() + 30, 1.0);
  gappy.x1.insert(gappy.x1.begin() + 30, kNaN);
  gappy.x2.insert(gappy.x2.begin() + 30, 2.0);
  const SeriesFit fit = gappy.fit();
  EXPECT_EQ(fit.n, 80U);
  EXPECT_EQ(fit.robust[1].t, whole.fit().robust[1].t);
  EXPECT_EQ(fit.durbin_watson, whole.fit().durbin_watson);
}

TEST(SeriesFit, ChoosesTheLagByTheLength) {
  EXPECT_EQ(Data().fit(-1).lag, 3);  // floor(4 (80 / 100)^(2/9))
  EXPECT_EQ(Data().fit(0).lag, 0);
}

TEST(SeriesFit, OfTooLittleOrCollinearIsMissing) {
  const std::vector<double> y = {1.0, 2.0, 4.0};
  const std::vector<double> x = {1.0, 2.0, 3.0};
  const std::span<const double> column[] = {x};
  EXPECT_TRUE(std::isnan(fit_series(y, column).plain[1].value));
  Data data;
  data.x2 = data.x1;
  const SeriesFit fit = data.fit();
  EXPECT_TRUE(std::isnan(fit.plain[2].value));
  EXPECT_FALSE(std::isnan(fit.plain[1].p));
  // A perfect fit has coefficients, and residuals that say nothing.
  data.y = data.x1;
  const std::span<const double> alone[] = {data.x1};
  EXPECT_NEAR(fit_series(data.y, alone).plain[1].value, 1.0, 1e-12);
}

TEST(StudentQuantile, AgreesWithScipy) {
  const double cases[][3] = {{0.975, 1.0, 12.706204736174694},  {0.975, 2.5, 3.5746548420036817},
                             {0.975, 77.0, 1.9912543953883846}, {0.01, 5.0, -3.364929998907218},
                             {0.6, 3.0, 0.2766706623326898},    {1e-10, 4.0, -416.1751403296041},
                             {0.975, 1e6, 1.959966356814107}};
  for (const auto& [p, degrees, expected] : cases) {
    EXPECT_NEAR(student_t_quantile(p, degrees) / expected, 1.0, 1e-9) << p << " " << degrees;
  }
  EXPECT_EQ(student_t_quantile(0.5, 7.0), 0.0);
  EXPECT_TRUE(std::isnan(student_t_quantile(1.5, 7.0)));
  EXPECT_TRUE(std::isnan(student_t_quantile(0.9, 0.0)));
  EXPECT_TRUE(std::isinf(student_t_quantile(0.0, 3.0)));
}

TEST(StudentQuantile, IsTheInverseOfTheCdf) {
  for (const double degrees : {1.0, 3.0, 10.0, 200.0}) {
    for (const double p : {1e-6, 0.025, 0.3, 0.5, 0.9, 0.999}) {
      EXPECT_NEAR(student_t_cdf(student_t_quantile(p, degrees), degrees), p, 1e-12);
    }
  }
}

}  // namespace
}  // namespace lode::stat
