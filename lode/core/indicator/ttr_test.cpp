// The profile ttr against what R's TTR answers (test/oracle/ttr.tsv, made by bench/indicators/ttr.R), and what that
// file does not hold against the formulas of TTR's documentation written out as loops.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/core/indicator/test_formula.h"
#include "lode/core/indicator/test_oracle.h"

namespace lode::indicator {
namespace {

void expect_ttr(std::string_view name, const std::vector<Argument>& arguments, const Formula& formula,
                std::size_t output = 0) {
  expect_formula(name, arguments, formula, output, Profile::kTtr);
}

// TTR's EMA of x at bar t: seeded with the mean of the first n.
double ema_at(const Series& x, std::size_t t, std::size_t n, double weight) {
  double y = mean(window(x, n - 1, n));
  for (std::size_t k = n; k <= t; ++k) {
    y = weight * x[k] + (1.0 - weight) * y;
  }
  return y;
}

TEST(Ttr, AnswersAsTtrDoes) { EXPECT_GT(compare_with("ttr.tsv", Profile::kTtr), 500u) << "the file is cut off"; }

TEST(Ttr, Volatility) {
  expect_ttr("volatility", {{"", 10}}, [](const SeriesSet& in, std::size_t t) {
    Series returns;
    for (std::size_t k = t - 8; k <= t; ++k) {
      returns.push_back(std::log(in[0][k] / in[0][k - 1]));
    }
    return std::sqrt(260.0 * moment(returns, 2) * 9.0 / 8.0);
  });
  expect_ttr("garman_klass", {{"", 10}}, [](const SeriesSet& in, std::size_t t) {
    double sum = 0.0;
    for (std::size_t k = t - 9; k <= t; ++k) {
      sum += 0.5 * std::pow(std::log(in[1][k] / in[2][k]), 2) -
             (2.0 * std::log(2.0) - 1.0) * std::pow(std::log(in[3][k] / in[0][k]), 2);
    }
    return std::sqrt(26.0 * sum);
  });
  expect_ttr("garman_klass_yz", {{"", 10}}, [](const SeriesSet& in, std::size_t t) {
    double sum = 0.0;
    for (std::size_t k = t - 9; k <= t; ++k) {
      sum += std::pow(std::log(in[0][k] / in[3][k - 1]), 2) + 0.5 * std::pow(std::log(in[1][k] / in[2][k]), 2) -
             (2.0 * std::log(2.0) - 1.0) * std::pow(std::log(in[3][k] / in[0][k]), 2);
    }
    return std::sqrt(26.0 * sum);
  });
  expect_ttr("rogers_satchell", {{"", 10}}, [](const SeriesSet& in, std::size_t t) {
    double sum = 0.0;
    for (std::size_t k = t - 9; k <= t; ++k) {
      sum += std::log(in[1][k] / in[3][k]) * std::log(in[1][k] / in[0][k]) +
             std::log(in[2][k] / in[3][k]) * std::log(in[2][k] / in[0][k]);
    }
    return std::sqrt(26.0 * sum);
  });
}

TEST(Ttr, SpreadsHaveOneDegreeLess) {
  expect_ttr("stddev", {{"", 7}},
             [](const SeriesSet& in, std::size_t t) { return std::sqrt(moment(window(in[0], t, 7), 2) * 7.0 / 6.0); });
  expect_ttr("var", {{"", 7}},
             [](const SeriesSet& in, std::size_t t) { return moment(window(in[0], t, 7), 2) * 7.0 / 6.0; });
  expect_ttr("bbands", {{"", 7}}, [](const SeriesSet& in, std::size_t t) {
    const Series w = window(in[0], t, 7);
    return mean(w) + 2.0 * std::sqrt(moment(w, 2));
  });
  expect_formula("stddev", {{"", 7}, {"ddof", 1}}, [](const SeriesSet& in, std::size_t t) {
    return std::sqrt(moment(window(in[0], t, 7), 2) * 7.0 / 6.0);
  });
}

TEST(Ttr, Momentum) {
  expect_ttr("macd", {{"", 4}, {"", 9}, {"", 3}}, [](const SeriesSet& in, std::size_t t) {
    return 100.0 * (ema_at(in[0], t, 4, 2.0 / 5.0) / ema_at(in[0], t, 9, 2.0 / 10.0) - 1.0);
  });
  expect_ttr("roc", {{"", 3}}, [](const SeriesSet& in, std::size_t t) { return std::log(in[0][t] / in[0][t - 3]); });
  expect_ttr("cmo", {{"", 8}}, [](const SeriesSet& in, std::size_t t) {
    double up = 0.0;
    double down = 0.0;
    for (std::size_t k = t - 7; k <= t; ++k) {
      up += std::fmax(in[0][k] - in[0][k - 1], 0.0);
      down += std::fmax(in[0][k - 1] - in[0][k], 0.0);
    }
    return up + down == 0.0 ? 0.0 : 100.0 * (up - down) / (up + down);
  });
  expect_ttr("stoch", {{"", 6}, {"", 1}, {"", 0}, {"", 1}}, [](const SeriesSet& in, std::size_t t) {
    const double top = highest(in[0], t, 6);
    const double bottom = lowest(in[1], t, 6);
    return top == bottom ? 0.5 : (in[2][t] - bottom) / (top - bottom);
  });
  expect_ttr("willr", {{"", 6}}, [](const SeriesSet& in, std::size_t t) {
    const double top = highest(in[0], t, 6);
    const double bottom = lowest(in[1], t, 6);
    return top == bottom ? 0.5 : (top - in[2][t]) / (top - bottom);
  });
}

TEST(Ttr, Zlema) {
  for (const double n : {7.0, 8.0}) {
    expect_ttr("zlema", {{"", n}}, [n](const SeriesSet& in, std::size_t t) {
      const auto count = static_cast<std::size_t>(n);
      double y = mean(window(in[0], count - 1, count));
      for (std::size_t k = count; k <= t; ++k) {
        const double place = static_cast<double>(k) - (n + 1.0) / 2.0;
        const auto at = static_cast<std::size_t>(place);
        const double share = place - static_cast<double>(at);
        const double old = (1.0 - share) * in[0][at] + share * in[0][at + 1];
        y += 2.0 / (n + 1.0) * (2.0 * in[0][k] - old - y);
      }
      return y;
    });
  }
}

TEST(Ttr, RanksAndRuns) {
  const auto rank = [](const Series& x, std::size_t t, std::size_t n, double exact) {
    double below = 0.0;
    for (std::size_t k = t + 1 - n; k <= t; ++k) {
      below += x[k] < x[t] ? 1.0 : x[k] == x[t] ? exact : 0.0;
    }
    return below / static_cast<double>(n);
  };
  expect_ttr("runpercentrank", {{"", 12}}, [&](const SeriesSet& in, std::size_t t) { return rank(in[0], t, 12, 0.5); });
  expect_ttr("runmad", {{"", 7}}, [](const SeriesSet& in, std::size_t t) {
    Series w = window(in[0], t, 7);
    std::ranges::sort(w);
    const double middle = w[3];
    std::ranges::transform(w, w.begin(), [middle](double x) { return std::fabs(x - middle); });
    std::ranges::sort(w);
    return 1.4826 * w[3];
  });
  expect_ttr("runcov", {{"", 6}}, [](const SeriesSet& in, std::size_t t) {
    const Series x = window(in[0], t, 6);
    const Series y = window(in[1], t, 6);
    double sum = 0.0;
    for (std::size_t k = 0; k < 6; ++k) {
      sum += (x[k] - mean(x)) * (y[k] - mean(y));
    }
    return sum / 5.0;
  });
  expect_ttr("tdi", {{"", 5}, {"", 2}}, [](const SeriesSet& in, std::size_t t) {
    double way = 0.0;
    double path = 0.0;
    double longer = 0.0;
    for (std::size_t k = t - 9; k <= t; ++k) {
      const double move = in[0][k] - in[0][k - 5];
      way += k + 5 > t ? move : 0.0;
      path += k + 5 > t ? std::fabs(move) : 0.0;
      longer += std::fabs(move);
    }
    return std::fabs(way) - (longer - path);
  });
}

// w in [-1, 1]: its size is what counts.
TEST(Ttr, VariableLengthMean) {
  for (const double ratio : {1.0, 0.3}) {
    expect_ttr("vma", {{"", ratio}}, [ratio](const SeriesSet& in, std::size_t t) {
      double y = in[0][0];
      for (std::size_t k = 1; k <= t; ++k) {
        const double share = ratio * std::fabs(in[1][k]);
        y = in[0][k] * share + y * (1.0 - share);
      }
      return y;
    });
  }
}

// What PBands is made of, of an average of n values at bar t.
using AverageAt = std::function<double(const Series& x, std::size_t t, std::size_t n)>;
class PriceBand {
 public:
  explicit PriceBand(AverageAt of) : average(std::move(of)) {}
  AverageAt average;
  std::size_t n = 7;
  std::size_t fast = 3;

  double gap(const Series& x, std::size_t t) const { return average(x, t, n) - average(x, t, fast); }
  double width(const Series& x, std::size_t t) const {
    Series gaps;
    for (std::size_t k = t + 1 - n; k <= t; ++k) {
      gaps.push_back(gap(x, k));
    }
    return std::sqrt(moment(gaps, 2));
  }
  // gap / width of every bar that has both, of the one series a band is asked about.
  const Series& shares(const Series& x) {
    for (std::size_t k = 2 * (n - 1) + known_.size(); k < x.size(); ++k) {
      known_.push_back(gap(x, k) / width(x, k));
    }
    return known_;
  }
  double shift(const Series& x, std::size_t t, std::size_t m) { return average(shares(x), t - 2 * (n - 1), m); }

 private:
  Series known_ = {};
};

TEST(Ttr, PriceBands) {
  const AverageAt simple = [](const Series& x, std::size_t t, std::size_t n) { return mean(window(x, t, n)); };
  const AverageAt exponential = [](const Series& x, std::size_t t, std::size_t n) {
    return ema_at(x, t, n, 2.0 / (static_cast<double>(n) + 1.0));
  };
  for (const double type : {0.0, 1.0}) {
    PriceBand band(type == 0.0 ? simple : exponential);
    const std::vector<Argument> plain = {{"period", 7}, {"factor", 2.5}, {"fast", 3}, {"type", type}};
    const auto side = [&](double sign) {
      return [&, sign](const SeriesSet& in, std::size_t t) {
        return band.average(in[0], t, 7) + sign * 2.5 * band.width(in[0], t);
      };
    };
    for (std::size_t output = 0; output < 3; ++output) {
      expect_formula("pbands", plain, side(1.0 - static_cast<double>(output)), output, Profile::kTtr);
    }
    for (const std::size_t m : {7U, 14U}) {
      std::vector<Argument> centered = plain;
      centered.push_back({"centered", 1.0});
      centered.push_back({"long", m == 14 ? 1.0 : 0.0});
      EXPECT_EQ(must(choose("pbands", centered)).lookback(), static_cast<int>(6 + 6 + m - 1));
      for (std::size_t output = 0; output < 3; ++output) {
        expect_formula(
            "pbands", centered,
            [&](const SeriesSet& in, std::size_t t) {
              return side(1.0 - static_cast<double>(output))(in, t) + band.shift(in[0], t, m);
            },
            output, Profile::kTtr);
      }
    }
  }
  EXPECT_EQ(must(choose("pbands")).values, (std::vector<double>{20, 2, 2, 0, 0, 0})) << "TTR's defaults";
}

// TTR goes from the last bar to the first; ours divided by their last value are the same ratios.
TEST(Ttr, AdjustmentRatios) {
  const Choice choice = must(choose("adjratios", {}, Profile::kTtr));
  Random random(17, 1);
  const SeriesSet in = random_inputs(choice.spec(), random, kFormulaBars, 0.0);
  const SeriesSet out = run(choice, in);
  double split = 1.0;
  double dividend = 1.0;
  std::size_t actions = 0;
  for (std::size_t t = kFormulaBars; t-- > 0;) {
    EXPECT_NEAR(out[0][t] / out[0].back(), split, 1e-12 * split) << t;
    EXPECT_NEAR(out[1][t] / out[1].back(), dividend, 1e-12 * dividend) << t;
    if (t > 0) {
      split *= in[0][t];
      dividend *= 1.0 - in[1][t] / in[2][t - 1];
      actions += in[0][t] != 1.0 || in[1][t] != 0.0 ? 1 : 0;
    }
  }
  EXPECT_GT(actions, 15U);
  EXPECT_EQ(out[0][0], 1.0);
  EXPECT_EQ(out[1][0], 1.0);
}

TEST(Ttr, AnActionThatCannotBeCountsAsNone) {
  const Choice choice = must(choose("adjratios"));
  //                   split                  dividend              close
  const SeriesSet in = {{0.5, 0.5, 0, -2, 1}, {3, 0, 0, 5, 0.5}, {10, 5, 5, 5, 4.5}};
  const SeriesSet out = run(choice, in);
  EXPECT_EQ(out[0], (Series{1, 2, 2, 2, 2})) << "nothing before the first bar, no split by 0 or less";
  EXPECT_EQ(out[1], (Series{1, 1, 1, 1, 5.0 / 4.5})) << "not all of the price is paid out";
}

TEST(Ttr, Dvi) {
  expect_formula("dvi", {{"", 20}}, [](const SeriesSet& in, std::size_t t) {
    const Series& x = in[0];
    const auto change = [&](std::size_t k) { return x[k] / mean(window(x, k, 3)) - 1.0; };
    const auto averaged = [&](std::size_t k, std::size_t n) {
      double sum = 0.0;
      for (std::size_t i = k + 1 - n; i <= k; ++i) {
        sum += change(i);
      }
      return sum / static_cast<double>(n);
    };
    const auto magnitude = [&](std::size_t k) {
      double sum = 0.0;
      for (std::size_t i = k - 4; i <= k; ++i) {
        sum += (averaged(i, 5) + averaged(i, 100) / 10.0) / 2.0;
      }
      return sum / 5.0;
    };
    double below = 0.0;
    const double now = magnitude(t);
    for (std::size_t k = t - 19; k <= t; ++k) {
      below += k == t || magnitude(k) <= now ? 1.0 : 0.0;
    }
    return below / 20.0;
  });
}

}  // namespace
}  // namespace lode::indicator
