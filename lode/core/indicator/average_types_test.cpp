// What a parameter `type` can name: the averages that are functions of their own, none, and the parameter's default.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr Profile kProfiles[] = {Profile::kLode, Profile::kTalib064, Profile::kTalib08, Profile::kTulip, Profile::kTtr};
constexpr std::size_t kBars = 200;

double place_of(std::string_view type) {
  const auto found = std::ranges::find(kAverageNames, type);
  EXPECT_NE(found, kAverageNames.end()) << type;
  return static_cast<double>(found - kAverageNames.begin());
}

SeriesSet inputs_of(const Choice& choice, double gaps) {
  Random random(21, 4);
  return random_inputs(choice.spec(), random, kBars, gaps);
}

void expect_same(const SeriesSet& x, const SeriesSet& y, const std::string& what) {
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    for (std::size_t t = 0; t < kBars; ++t) {
      ASSERT_TRUE(is_same(x[k][t], y[k][t])) << what << " output " << k << " bar " << t;
    }
  }
}

TEST(AverageTypes, AreNumberedAsTaLibDoes) {
  EXPECT_EQ(place_of("hma"), 9.0);
  EXPECT_EQ(place_of("disabled"), 10.0);
  EXPECT_EQ(place_of("default"), 11.0);
  EXPECT_EQ(place_of("zlema"), 12.0);
  EXPECT_EQ(place_of("rma"), kLastAverage);
}

TEST(AverageTypes, AreTheFunctionsOfTheirNames) {
  for (const std::string_view type : {"sma", "ema", "wma", "dema", "tema", "trima", "kama", "hma", "zlema", "rma"}) {
    for (const double n : {2.0, 9.0, 16.0}) {
      for (const double gaps : {0.0, 0.03}) {
        const Choice named = must(choose(type, std::vector<Argument>{{"period", n}}));
        const Choice typed = must(choose("ma", std::vector<Argument>{{"period", n}, {"type", place_of(type)}}));
        EXPECT_EQ(typed.lookback(), named.lookback()) << type << n;
        EXPECT_EQ(typed.missing(), named.missing()) << type;
        const SeriesSet inputs = inputs_of(named, gaps);
        expect_same(run(typed, inputs), run(named, inputs), name_of(typed));
      }
    }
  }
}

TEST(AverageTypes, DisabledAveragesNothing) {
  const double none = place_of("disabled");
  const Choice copy = must(choose("ma", std::vector<Argument>{{"period", 30}, {"type", none}}));
  const SeriesSet values = inputs_of(copy, 0.03);
  EXPECT_EQ(copy.lookback(), 0);
  expect_same(run(copy, values), values, "ma");

  const Choice slow = must(choose("stoch", std::vector<Argument>{{"fast_k", 5}, {"slow_k_type", none}, {"slow_d", 4}}));
  const Choice fast = must(choose("stochf", std::vector<Argument>{{"fast_k", 5}, {"fast_d", 4}}));
  const SeriesSet bars = inputs_of(slow, 0.0);
  expect_same(run(slow, bars), run(fast, bars), "stoch of nothing smoothed is stochf");

  const Choice band = must(choose("bbands", std::vector<Argument>{{"period", 5}, {"type", none}}));
  const SeriesSet prices = inputs_of(band, 0.0);
  const SeriesSet bands = run(band, prices);
  EXPECT_EQ(band.lookback(), 4);
  for (std::size_t t = 4; t < kBars; ++t) {
    EXPECT_EQ(bands[1][t], prices[0][t]) << t;
  }
}

// Under every profile, wherever a type can be named.
TEST(AverageTypes, DefaultIsTheParametersOwn) {
  std::size_t seen = 0;
  for (const Indicator* one : all_indicators()) {
    for (std::size_t k = 0; k < one->spec.parameters.size(); ++k) {
      if (one->spec.parameters[k].choices != kAverageNames) {
        continue;
      }
      EXPECT_EQ(one->spec.parameters[k].most, kLastAverage) << one->spec.name;
      for (const Profile profile : kProfiles) {
        Choice usual = must(choose(one->spec.name, {}, profile));
        Choice named = usual;
        named.values[k] = place_of("default");
        const SeriesSet inputs = inputs_of(usual, 0.01);
        EXPECT_EQ(named.lookback(), usual.lookback()) << name_of(named);
        expect_same(run(named, inputs), run(usual, inputs), name_of(named));
        ++seen;
      }
    }
  }
  EXPECT_GE(seen, 5 * 16U);
}

// K and D start at 50 as charts have it; another type has its own beginning.
TEST(AverageTypes, OfKdj) {
  const Choice chart = must(choose("kdj", std::vector<Argument>{{"", 9}, {"", 3}, {"", 3}}));
  EXPECT_EQ(chart.values, (std::vector<double>{9, 3, kLastAverage, 3, kLastAverage}));
  EXPECT_EQ(chart.lookback(), 8);
  EXPECT_EQ(must(choose("kdj", {}, Profile::kTalib08)).lookback(), 12);
  const Choice simple = must(choose("kdj", std::vector<Argument>{{"slowk_matype", 0}, {"d_type", 0}}));
  const Choice stoch = must(choose("stoch", std::vector<Argument>{{"", 9}, {"", 3}, {"", 3}}));
  const SeriesSet bars = inputs_of(simple, 0.0);
  const SeriesSet kdj = run(simple, bars);
  const SeriesSet same = run(stoch, bars);
  expect_same({kdj[0], kdj[1]}, same, "kdj of simple means is stoch, and J beyond it");
  const SeriesSet charted = run(chart, bars);
  const double place = 3.0 * charted[0][8] - 2.0 * 50.0;  // K = 50 + (place - 50) / 3
  EXPECT_GE(place, -1e-9);
  EXPECT_LE(place, 100.0 + 1e-9);
}

}  // namespace
}  // namespace lode::indicator
