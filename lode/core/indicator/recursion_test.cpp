// Recursive indicators that no wheel here answers for, against their formulas written out from the first bar on; and
// recursions that may not drift from one in long double.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/base/test_rounds.h"
#include "lode/core/indicator/test_formula.h"

namespace lode::indicator {
namespace {

// Wilder's mean of the values from `first` to t, seeded with n of them.
double wilder(const std::function<double(std::size_t)>& value, std::size_t first, std::size_t t, std::size_t n) {
  double y = 0.0;
  for (std::size_t k = first; k < first + n; ++k) {
    y += value(k) / static_cast<double>(n);
  }
  for (std::size_t k = first + n; k <= t; ++k) {
    y += (value(k) - y) / static_cast<double>(n);
  }
  return y;
}
double share(double up, double down) { return up + down == 0.0 ? 50.0 : 100.0 * up / (up + down); }

// The exponential mean of the values from `first` on, at bar t: seeded with the mean of the first n.
double exponential(const Series& x, std::size_t first, std::size_t t, std::size_t n) {
  const auto count = static_cast<double>(n);
  double y = 0.0;
  for (std::size_t k = first; k < first + n; ++k) {
    y += x[k] / count;
  }
  for (std::size_t k = first + n; k <= t; ++k) {
    y += (x[k] - y) * 2.0 / (count + 1.0);
  }
  return y;
}
// The same of values that are counted from bar 0, each the exponential mean so far; missing before.
Series exponential_series(const Series& x, std::size_t first, std::size_t n) {
  Series out(x.size(), std::nan(""));
  for (std::size_t t = first + n - 1; t < x.size(); ++t) {
    out[t] = exponential(x, first, t, n);
  }
  return out;
}

// Bit for bit: a distance of two means of one price is 0 and not the noise of its roundings.
TEST(Recursion, MeansOfEqualValuesAreThatValue) {
  Random random(31, 1);
  for (const char* name : {"ema", "dema"}) {
    for (const double n : {1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 12.0, 26.0, 29.0, 41.0, 200.0}) {
      const Choice choice = must(choose(name, std::vector<Argument>{{"period", n}, {"seed", 1.0}}));
      for (int round = 0; round < test_rounds(20); ++round) {
        const double price = (1.0 + random.next_uniform()) * (round % 2 == 0 ? 1.0 : 1e-6);
        const SeriesSet outputs = run(choice, {Series(700, price)});
        for (const double value : outputs[0]) {
          ASSERT_TRUE(std::isnan(value) || value == price) << name << " " << n << " of " << price << " is " << value;
        }
      }
    }
  }
}

TEST(Recursion, GuppysMeansBeginEachWithItsOwn) {
  const std::size_t periods[] = {3, 5, 8, 10, 12, 15, 30, 35, 40, 45, 50, 60};
  for (std::size_t k = 0; k < 12; ++k) {
    expect_formula(
        "gmma", {}, [n = periods[k]](const SeriesSet& in, std::size_t t) { return exponential(in[0], 0, t, n); }, k);
  }
}

TEST(Recursion, StochasticMomentum) {
  // n 6, fast 2, slow 4, signal 3: 200 x the twice smoothed distance from the middle, over the twice smoothed range.
  const auto smi = [](const SeriesSet& in) {
    Series away(in[0].size(), std::nan(""));
    Series range(in[0].size(), std::nan(""));
    for (std::size_t t = 5; t < away.size(); ++t) {
      const double top = highest(in[0], t, 6);
      const double bottom = lowest(in[1], t, 6);
      away[t] = in[2][t] - (top + bottom) / 2.0;
      range[t] = top - bottom;
    }
    const Series slow_away = exponential_series(away, 5, 4);
    const Series slow_range = exponential_series(range, 5, 4);
    const Series fast_away = exponential_series(slow_away, 8, 2);
    Series out = exponential_series(slow_range, 8, 2);
    std::ranges::transform(fast_away, out, out.begin(), [](double x, double y) { return 200.0 * x / y; });
    return out;
  };
  const std::vector<Argument> arguments = {{"", 6}, {"", 2}, {"", 4}, {"", 3}};
  expect_formula("smi", arguments, [&](const SeriesSet& in, std::size_t t) { return smi(in)[t]; });
  expect_formula(
      "smi", arguments, [&](const SeriesSet& in, std::size_t t) { return exponential(smi(in), 9, t, 3); }, 1);
}

TEST(Recursion, KeltnersChannel) {
  const auto middle = [](const SeriesSet& in, std::size_t t) { return exponential(in[2], 0, t, 8); };
  const auto width = [](const SeriesSet& in, std::size_t t) {
    return 1.5 *
           wilder([&](std::size_t k) { return std::fmax(in[0][k], in[2][k - 1]) - std::fmin(in[1][k], in[2][k - 1]); },
                  1, t, 5);
  };
  const std::vector<Argument> arguments = {{"", 8}, {"", 5}, {"", 1.5}};
  expect_formula("kc", arguments, [&](const SeriesSet& in, std::size_t t) { return middle(in, t) + width(in, t); });
  expect_formula("kc", arguments, middle, 1);
  expect_formula(
      "kc", arguments, [&](const SeriesSet& in, std::size_t t) { return middle(in, t) - width(in, t); }, 2);
}

TEST(Recursion, WildersSum) {
  expect_formula("wildersum", {{"", 7}}, [](const SeriesSet& in, std::size_t t) {
    double y = 0.0;
    for (std::size_t k = 0; k <= t; ++k) {
      y = y * (k < 6 ? 1.0 : 6.0 / 7.0) + in[0][k];
    }
    return y;
  });
}

TEST(Recursion, AdaptiveMeans) {
  expect_formula("mcgd", {{"", 6}}, [](const SeriesSet& in, std::size_t t) {
    double y = in[0][0];
    for (std::size_t k = 1; k <= t; ++k) {
      y += (in[0][k] - y) / (6.0 * std::pow(in[0][k] / y, 4));
    }
    return y;
  });
  expect_formula("evwma", {{"", 6}}, [](const SeriesSet& in, std::size_t t) {
    double y = in[0][5];
    for (std::size_t k = 6; k <= t; ++k) {
      const Series w = window(in[1], k, 6);
      const double all = std::accumulate(w.begin(), w.end(), 0.0);
      y = ((all - in[1][k]) * y + in[1][k] * in[0][k]) / all;
    }
    return y;
  });
  expect_formula("frama", {{"", 8}}, [](const SeriesSet& in, std::size_t t) {
    const auto range = [&](std::size_t k, std::size_t n) {
      return (highest(in[0], k, n) - lowest(in[1], k, n)) / static_cast<double>(n);
    };
    double y = (in[0][6] + in[1][6]) / 2.0;
    for (std::size_t k = 7; k <= t; ++k) {
      const double dimension = std::log2((range(k, 4) + range(k - 4, 4)) / range(k, 8));
      const double weight = std::fmin(1.0, std::fmax(0.01, std::exp(-4.6 * (dimension - 1.0))));
      y += weight * ((in[0][k] + in[1][k]) / 2.0 - y);
    }
    return y;
  });
}

TEST(Recursion, SwingIndex) {
  const auto swing = [](const SeriesSet& in, std::size_t t) {
    const double o = in[0][t];
    const double h = in[1][t];
    const double l = in[2][t];
    const double c = in[3][t];
    const double o1 = in[0][t - 1];
    const double c1 = in[3][t - 1];
    const double up = std::fabs(h - c1);
    const double down = std::fabs(l - c1);
    const double gap = std::fabs(c1 - o1) / 4.0;
    double r = h - l + gap;
    if (up >= down && up >= h - l) {
      r = up - down / 2.0 + gap;
    } else if (down >= h - l) {
      r = down - up / 2.0 + gap;
    }
    const double move = c - c1 + (c - o) / 2.0 + (c1 - o1) / 4.0;
    return r == 0.0 ? 0.0 : 50.0 * move / r * std::fmax(up, down) / 3.0;
  };
  expect_formula("si", {{"", 3}}, swing);
  expect_formula("asi", {{"", 3}}, [&](const SeriesSet& in, std::size_t t) {
    double sum = 0.0;
    for (std::size_t k = 1; k <= t; ++k) {
      sum += swing(in, k);
    }
    return sum;
  });
}

TEST(Recursion, ConnorsAndPring) {
  expect_formula("kst", {}, [](const SeriesSet& in, std::size_t t) {
    const auto part = [&](std::size_t change, std::size_t n) {
      double sum = 0.0;
      for (std::size_t k = t + 1 - n; k <= t; ++k) {
        sum += 100.0 * (in[0][k] / in[0][k - change] - 1.0);
      }
      return sum / static_cast<double>(n);
    };
    return part(10, 10) + 2.0 * part(15, 10) + 3.0 * part(20, 10) + 4.0 * part(30, 15);
  });
  expect_formula("crsi", {{"", 3}, {"", 2}, {"", 20}}, [](const SeriesSet& in, std::size_t t) {
    const Series& x = in[0];
    Series streak(x.size(), 0.0);
    for (std::size_t k = 1; k <= t; ++k) {
      const double side = x[k] > x[k - 1] ? 1.0 : x[k] < x[k - 1] ? -1.0 : 0.0;
      streak[k] = side == 0.0 ? 0.0 : streak[k - 1] * side > 0.0 ? streak[k - 1] + side : side;
    }
    const auto strength = [t](const Series& y, std::size_t first, std::size_t n) {
      const auto gain = [&](std::size_t k) { return std::fmax(y[k] - y[k - 1], 0.0); };
      const auto loss = [&](std::size_t k) { return std::fmax(y[k - 1] - y[k], 0.0); };
      return share(wilder(gain, first, t, n), wilder(loss, first, t, n));
    };
    double below = 0.0;
    for (std::size_t k = t - 20; k < t; ++k) {
      below += x[k] / x[k - 1] < x[t] / x[t - 1] ? 5.0 : 0.0;
    }
    return (strength(x, 1, 3) + strength(streak, 2, 2) + below) / 3.0;
  });
  expect_formula("rvir", {{"", 5}, {"", 4}}, [](const SeriesSet& in, std::size_t t) {
    const auto index = [t](const Series& x) {
      const auto spread = [&](std::size_t k) { return std::sqrt(moment(window(x, k, 4), 2)); };
      const auto up = [&](std::size_t k) { return x[k] > x[k - 1] ? spread(k) : 0.0; };
      const auto down = [&](std::size_t k) { return x[k] < x[k - 1] ? spread(k) : 0.0; };
      return share(wilder(up, 3, t, 5), wilder(down, 3, t, 5));
    };
    return (index(in[0]) + index(in[1])) / 2.0;
  });
}

TEST(Recursion, SessionsBeginAnew) {
  const auto first_of = [](const Series& session, std::size_t t) {
    std::size_t first = t;
    while (first > 0 && session[first - 1] == session[t]) {
      --first;
    }
    return first;
  };
  expect_formula("vwap_session", {}, [&](const SeriesSet& in, std::size_t t) {
    double money = 0.0;
    double volume = 0.0;
    for (std::size_t k = first_of(in[4], t); k <= t; ++k) {
      money += (in[0][k] + in[1][k] + in[2][k]) / 3.0 * in[3][k];
      volume += in[3][k];
    }
    return money / volume;
  });
  expect_formula("session_range", {},
                 [&](const SeriesSet& in, std::size_t t) { return highest(in[0], t, t + 1 - first_of(in[2], t)); });
  const SeriesSet bars = {{5, 7, 6, 9}, {4, 5, 5, 8}, {5, 6, 5, 8}, {1, 1, 2, 2}};
  const SeriesSet levels = run(must(choose("pivot_session")), bars);
  EXPECT_TRUE(std::isnan(levels[2][1])) << "no session is over yet";
  EXPECT_NEAR(levels[2][2], (7.0 + 4.0 + 6.0) / 3.0, 1e-12);
  EXPECT_NEAR(levels[4][3], (7.0 + 4.0 + 6.0) / 3.0 + 3.0, 1e-12);
  const SeriesSet anchored =
      run(must(choose("vwap_anchored")), {{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}, {1, 1, 1, 1}, {0, 0, 1, 1}});
  EXPECT_TRUE(std::isnan(anchored[0][1]));
  EXPECT_EQ(anchored[0][2], 3.0);
  EXPECT_EQ(anchored[0][3], 3.5);
}

TEST(Recursion, AZigzagShowsAPivotOnceItIsConfirmed) {
  const Series x = {100, 105, 111, 108, 98, 97, 104, 108};
  const SeriesSet out = run(must(choose("zigzag", std::vector<Argument>{{"", 10}})), {x, x});
  EXPECT_EQ(out[0][2], 100.0) << "10 % above the first low";
  EXPECT_EQ(out[3][3], 111.0) << "the candidate";
  EXPECT_EQ(out[0][4], 111.0) << "98 is 10 % below 111";
  EXPECT_EQ(out[1][4], 1.0);
  EXPECT_EQ(out[2][4], 2.0);
  EXPECT_EQ(out[0][6], 111.0) << "104 is not 10 % above 97";
  EXPECT_EQ(out[0][7], 97.0);
  EXPECT_EQ(out[1][7], -1.0);
}

TEST(Recursion, MemoryOfASeries) {
  expect_formula("hurst", {{"", 40}}, [](const SeriesSet& in, std::size_t t) {
    double slope = 0.0;
    for (int k = 0; k < 5; ++k) {
      const std::size_t lag = std::size_t{1} << k;
      double sum = 0.0;
      for (std::size_t i = t - 39; i <= t; ++i) {
        sum += std::pow(std::log(in[0][i] / in[0][i - lag]), 2);
      }
      slope += (k - 2.0) / 10.0 * std::log2(sum / 40.0);
    }
    return slope / 2.0;
  });
  Series decay = {64.0};
  for (int t = 1; t < 20; ++t) {
    decay.push_back(decay.back() / 2.0);
  }
  EXPECT_NEAR(run(must(choose("halflife", std::vector<Argument>{{"", 10}})), {decay})[0].back(), 1.0, 1e-9);
}

// Every indicator of a window, late in a long history and begun a little before: blocks stand elsewhere then, so the
// last bits may differ, and nothing else.
TEST(Recursion, WindowsForgetWhatLeftThem) {
  const std::size_t bars = kSanitized ? 20'000 : 100'000;
  constexpr std::size_t kTail = 3000;
  constexpr std::size_t kCompared = 1000;
  std::uint64_t stream = 0;
  for (const Indicator* one : all_indicators()) {
    const Choice choice = must(choose(one->spec.name));
    if (one->missing(choice.setup()) != Missing::kWindow) {
      continue;
    }
    Random random(21, ++stream);
    const SeriesSet inputs = random_inputs(one->spec, random, bars, 0.0);
    SeriesSet tail;
    for (const Series& input : inputs) {
      tail.emplace_back(input.end() - kTail, input.end());
    }
    const SeriesSet late = run(choice, inputs);
    const SeriesSet begun = run(choice, tail);
    for (std::size_t k = 0; k < late.size(); ++k) {
      const Series x = window(late[k], bars - 1, kCompared);
      const Series y = window(begun[k], kTail - 1, kCompared);
      double scale = 0.0;
      for (const double value : x) {
        scale = std::fmax(scale, std::fabs(value));
      }
      for (std::size_t t = 0; t < kCompared; ++t) {
        ASSERT_TRUE(is_same(x[t], y[t]) || std::fabs(x[t] - y[t]) <= 1e-12 * scale)
            << one->spec.name << " output " << k << " bar " << t << ": " << x[t] << " and " << y[t];
      }
    }
  }
}

// Against the same recursion in long double, over 1e6 bars; fewer under the sanitizers.
TEST(Recursion, NothingDriftsFromLongDouble) {
  const std::size_t bars = kSanitized ? 50'000 : 1'000'000;
  Random random(5, 9);
  Series x(bars);
  for (double& value : x) {
    value = 1000.0 * std::exp(0.01 * random.next_normal());
  }
  const double n = 30.0;
  long double ema = 0.0L;
  long double rma = 0.0L;
  long double gain = 0.0L;
  long double loss = 0.0L;
  const auto ours = [&](std::string_view name) {
    return run(must(choose(name, std::vector<Argument>{{"", n}})), {x})[0];
  };
  const Series our_ema = ours("ema");
  const Series our_rma = ours("rma");
  const Series our_rsi = ours("rsi");
  const Series our_line = ours("linearreg");
  const Series our_wma = ours("wma");
  for (std::size_t t = 0; t < bars; ++t) {
    const long double v = x[t];
    const long double move = t == 0 ? 0.0L : v - x[t - 1];
    ema = t < 30 ? ema + v / 30.0L : ema + (v - ema) * 2.0L / 31.0L;
    rma = t < 30 ? rma + v / 30.0L : rma + (v - rma) / 30.0L;
    gain = t <= 30 ? gain + std::max(move, 0.0L) / 30.0L : gain + (std::max(move, 0.0L) - gain) / 30.0L;
    loss = t <= 30 ? loss + std::max(-move, 0.0L) / 30.0L : loss + (std::max(-move, 0.0L) - loss) / 30.0L;
    if (t + 2000 < bars) {
      continue;
    }
    long double ramp = 0.0L;
    long double sum = 0.0L;
    for (std::size_t k = 0; k < 30; ++k) {
      ramp += static_cast<long double>(30 - k) * x[t - k];
      sum += x[t - k];
    }
    const long double slope = (ramp - 15.5L * sum) / 2247.5L;  // sum (k - 15.5)^2 = 30 (30^2 - 1) / 12
    const auto expect = [t](const char* name, double got, long double want) {
      ASSERT_NEAR(got, static_cast<double>(want), 1e-12 * static_cast<double>(want)) << name << " bar " << t;
    };
    expect("ema", our_ema[t], ema);
    expect("rma", our_rma[t], rma);
    expect("rsi", our_rsi[t], 100.0L * gain / (gain + loss));
    expect("wma", our_wma[t], ramp / 465.0L);
    expect("linearreg", our_line[t], sum / 30.0L + 14.5L * slope);
  }
}

}  // namespace
}  // namespace lode::indicator
