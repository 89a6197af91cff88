// Indicators that no wheel here answers for, against their formulas written out as loops over the whole window; and
// sums that may not drift.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>

#include "lode/core/indicator/test_formula.h"

namespace lode::indicator {
namespace {

TEST(Literal, OrderAndTails) {
  expect_formula("median", {{"", 6}}, [](const SeriesSet& in, std::size_t t) {
    Series w = window(in[0], t, 6);
    std::ranges::sort(w);
    return (w[2] + w[3]) / 2.0;
  });
  expect_formula("percentile", {{"", 9}, {"", 30}}, [](const SeriesSet& in, std::size_t t) {
    Series w = window(in[0], t, 9);
    std::ranges::sort(w);
    return w[2] + 0.4 * (w[3] - w[2]);  // 0.3 x 8 = 2.4
  });
  expect_formula("kurtosis", {{"", 14}}, [](const SeriesSet& in, std::size_t t) {
    const Series w = window(in[0], t, 14);
    return moment(w, 2) == 0.0 ? 0.0 : moment(w, 4) / std::pow(moment(w, 2), 2) - 3.0;
  });
  expect_formula("stderr", {{"", 7}},
                 [](const SeriesSet& in, std::size_t t) { return std::sqrt(moment(window(in[0], t, 7), 2) / 7.0); });
}

TEST(Literal, BandsAndLines) {
  expect_formula("bbw", {{"", 10}, {"", 2.5}}, [](const SeriesSet& in, std::size_t t) {
    const Series w = window(in[0], t, 10);
    return 5.0 * std::sqrt(moment(w, 2)) / mean(w);
  });
  expect_formula("percentb", {{"", 10}, {"", 2.5}}, [](const SeriesSet& in, std::size_t t) {
    const Series w = window(in[0], t, 10);
    const double width = 2.5 * std::sqrt(moment(w, 2));
    return width == 0.0 ? 0.5 : (in[0][t] - mean(w) + width) / (2.0 * width);
  });
  expect_formula("cg", {{"", 8}}, [](const SeriesSet& in, std::size_t t) {
    double weighted = 0.0;
    double all = 0.0;
    for (std::size_t k = 0; k < 8; ++k) {
      weighted += static_cast<double>(k + 1) * in[0][t - k];
      all += in[0][t - k];
    }
    return 4.5 - weighted / all;
  });
  expect_formula("cti", {{"", 12}}, [](const SeriesSet& in, std::size_t t) {
    const Series w = window(in[0], t, 12);
    double product = 0.0;
    for (std::size_t k = 0; k < 12; ++k) {
      product += (static_cast<double>(k) - 5.5) * (w[k] - mean(w));
    }
    const double spread = 143.0 * 12.0 * moment(w, 2);  // sum (k - 5.5)^2 = 143
    return spread == 0.0 ? 0.0 : product / std::sqrt(spread);
  });
  expect_formula("alma", {{"", 9}, {"", 0.85}, {"", 6}}, [](const SeriesSet& in, std::size_t t) {
    double sum = 0.0;
    double weights = 0.0;
    for (int k = 0; k < 9; ++k) {
      const double weight = std::exp(-std::pow(k - 6.8, 2) / (2.0 * 1.5 * 1.5));
      sum += weight * in[0][t - 8 + static_cast<std::size_t>(k)];
      weights += weight;
    }
    return sum / weights;
  });
}

TEST(Literal, LineOfOneOnAnother) {
  // The normal equations, solved anew at each bar.
  const auto line = [](const SeriesSet& in, std::size_t t) {
    const Series x = window(in[0], t, 9);
    const Series y = window(in[1], t, 9);
    double product = 0.0;
    for (std::size_t k = 0; k < 9; ++k) {
      product += (x[k] - mean(x)) * (y[k] - mean(y)) / 9.0;
    }
    const double beta = product / moment(y, 2);
    return std::array<double, 3>{mean(x) - beta * mean(y), beta, product * beta / moment(x, 2)};
  };
  for (std::size_t output = 0; output < 3; ++output) {
    expect_formula(
        "rollsfm", {{"", 9}}, [&](const SeriesSet& in, std::size_t t) { return line(in, t)[output]; }, output);
  }
}

TEST(Literal, WhereABarCloses) {
  expect_formula("clv", {}, [](const SeriesSet& in, std::size_t t) {
    const double range = in[0][t] - in[1][t];
    return range == 0.0 ? 0.0 : ((in[2][t] - in[1][t]) - (in[0][t] - in[2][t])) / range;
  });
}

TEST(Literal, Volatility) {
  const auto log2 = [](double x) { return std::pow(std::log(x), 2); };
  expect_formula("parkinson", {{"", 10}}, [&](const SeriesSet& in, std::size_t t) {
    double sum = 0.0;
    for (std::size_t k = t - 9; k <= t; ++k) {
      sum += log2(in[0][k] / in[1][k]);
    }
    return std::sqrt(252.0 * sum / (40.0 * std::log(2.0)));
  });
  expect_formula("yang_zhang", {{"", 10}}, [&](const SeriesSet& in, std::size_t t) {
    Series gaps;
    Series bodies;
    double inside = 0.0;
    for (std::size_t k = t - 9; k <= t; ++k) {
      const double o = in[0][k];
      const double c = in[3][k];
      gaps.push_back(std::log(o / in[3][k - 1]));
      bodies.push_back(std::log(c / o));
      inside +=
          (std::log(in[1][k] / c) * std::log(in[1][k] / o) + std::log(in[2][k] / c) * std::log(in[2][k] / o)) / 10.0;
    }
    const double share = 0.34 / (1.34 + 11.0 / 9.0);
    const double variance =
        moment(gaps, 2) * 10.0 / 9.0 + share * moment(bodies, 2) * 10.0 / 9.0 + (1.0 - share) * inside;
    return std::sqrt(252.0 * variance);
  });
  expect_formula("chop", {{"", 10}}, [&](const SeriesSet& in, std::size_t t) {
    double path = 0.0;
    for (std::size_t k = t - 9; k <= t; ++k) {
      path += std::fmax(in[0][k], in[2][k - 1]) - std::fmin(in[1][k], in[2][k - 1]);
    }
    return 100.0 * std::log10(path / (highest(in[0], t, 10) - lowest(in[1], t, 10)));
  });
}

TEST(Literal, VolumeAndLevels) {
  expect_formula("emv", {{"", 5}}, [](const SeriesSet& in, std::size_t t) {
    double sum = 0.0;
    for (std::size_t k = t - 4; k <= t; ++k) {
      const double move = (in[0][k] + in[1][k] - in[0][k - 1] - in[1][k - 1]) / 2.0;
      sum += in[2][k] == 0.0 ? 0.0 : 1e4 * move * (in[0][k] - in[1][k]) / in[2][k];
    }
    return sum / 5.0;
  });
  expect_formula("vosc", {{"", 3}, {"", 9}}, [](const SeriesSet& in, std::size_t t) {
    const double slow = mean(window(in[0], t, 9));
    return 100.0 * (mean(window(in[0], t, 3)) - slow) / slow;
  });
  const auto cloud = [](const SeriesSet& in, std::size_t t) {
    return (highest(in[0], t - 26, 52) + lowest(in[1], t - 26, 52)) / 2.0;
  };
  expect_formula("ichimoku", {}, cloud, 3);
  expect_formula(
      "fibonacci", {{"", 30}},
      [](const SeriesSet& in, std::size_t t) {
        return highest(in[0], t, 30) - 0.618 * (highest(in[0], t, 30) - lowest(in[1], t, 30));
      },
      3);
}

// A million bars, prices of a thousand after a spike of a million: windows do not remember it.
TEST(Literal, NothingDriftsOverAMillionBars) {
  constexpr std::size_t kMany = 1'000'000;
  Random random(3, 3);
  Series x(kMany);
  for (double& value : x) {
    value = 1000.0 + random.next_normal();
  }
  x[1000] = 1e9;
  for (const auto& [name, power] : {std::pair("sma", 1), std::pair("var", 2)}) {
    const SeriesSet out = run(must(choose(name, std::vector<Argument>{{"", 30}})), {x});
    for (std::size_t t = kMany - 1000; t < kMany; ++t) {
      long double sum = 0.0L;
      for (std::size_t k = t - 29; k <= t; ++k) {
        sum += x[k];
      }
      long double expected = sum / 30.0L;
      if (power == 2) {
        long double squares = 0.0L;
        for (std::size_t k = t - 29; k <= t; ++k) {
          squares += (x[k] - sum / 30.0L) * (x[k] - sum / 30.0L);
        }
        expected = squares / 30.0L;
      }
      ASSERT_NEAR(out[0][t], static_cast<double>(expected), 1e-12 * static_cast<double>(expected))
          << name << " bar " << t;
    }
  }
  long double whole = 0.0L;
  for (const double value : x) {
    whole += value;
  }
  const SeriesSet sum = run(must(choose("cumsum")), {x});
  EXPECT_NEAR(sum[0].back(), static_cast<double>(whole), 1e-15 * static_cast<double>(whole));
}

TEST(Literal, NoBarsAndOneBarAreNoProblem) {
  for (const Indicator* one : all_indicators()) {
    const Choice choice = must(choose(one->spec.name));
    for (const std::size_t bars : {std::size_t{0}, std::size_t{1}}) {
      Random random(5, bars);
      const SeriesSet out = run(choice, random_inputs(one->spec, random, bars, 0.0));
      EXPECT_EQ(out.front().size(), bars) << one->spec.name;
      EXPECT_TRUE(bars == 0 || choice.lookback() == 0 || std::isnan(out.front()[0])) << one->spec.name;
    }
  }
}

}  // namespace
}  // namespace lode::indicator
