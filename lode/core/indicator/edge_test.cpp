// Every indicator on the bars that break indicators: flat, silent, straight, in stairs, alternating, one price ten
// times the others, prices of a millionth and of ten million, and histories shorter than the window.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "lode/base/must.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kBars = 420;
constexpr Profile kProfiles[] = {Profile::kLode, Profile::kTalib064, Profile::kTalib08, Profile::kTulip, Profile::kTtr};

struct Market {
  std::string_view name;
  std::function<double(std::size_t)> close;
  double range = 0.01;  // Of a bar, as a share of its price.
  double volume = 1000.0;
  bool has_gaps = false;  // A bar opens at its own close; else at that of the bar before.
};

const std::vector<Market>& markets() {
  static const std::vector<Market> all = {
      {"flat", [](std::size_t) { return 12.5; }, 0.0},
      {"silent", [](std::size_t t) { return 20.0 + static_cast<double>(t * 7 % 11); }, 0.01, 0.0},
      {"rising", [](std::size_t t) { return 10.0 + 0.25 * static_cast<double>(t); }},
      {"falling", [](std::size_t t) { return 200.0 - 0.25 * static_cast<double>(t); }},
      {"climbing", [](std::size_t t) { return 10.0 + 0.1 * static_cast<double>(t); }},  // By what no double holds.
      {"sinking", [](std::size_t t) { return 100.0 - static_cast<double>(t) / 7.0; }},
      {"stairs", [](std::size_t t) { return 10.0 + static_cast<double>(t / 40); }, 0.0, 1000.0, true},
      {"alternating", [](std::size_t t) { return 10.0 + static_cast<double>(t % 2); }},
      {"spike", [](std::size_t t) { return (t == 200 ? 10.0 : 1.0) * (20.0 + static_cast<double>(t * 5 % 7)); }},
      {"tiny", [](std::size_t t) { return 1e-6 * (1.0 + 0.1 * static_cast<double>(t * 5 % 7)); }},
      {"huge", [](std::size_t t) { return 1e7 * (1.0 + 0.1 * static_cast<double>(t * 5 % 7)); }, 0.01, 9e9},
  };
  return all;
}

SeriesSet bars_of(const Market& market, const Spec& spec) {
  SeriesSet out(spec.inputs.size());
  for (std::size_t t = 0; t < kBars; ++t) {
    const double close = market.close(t);
    const double open = market.close(t == 0 || market.has_gaps ? t : t - 1);
    const double high = std::fmax(open, close) * (1.0 + market.range);
    const double low = std::fmin(open, close) * (1.0 - market.range);
    const double volume = market.volume * (1.0 + static_cast<double>(t * 3 % 5));
    const double value[] = {close,
                            high,
                            1.0 + static_cast<double>(t % 9),
                            open,
                            high,
                            low,
                            close,
                            volume,
                            std::floor(static_cast<double>(t) / 50.0),
                            0.125 * static_cast<double>(t % 8),
                            t == 100 ? 0.5 : 1.0,
                            t % 60 == 59 ? close / 50.0 : 0.0};
    for (std::size_t k = 0; k < out.size(); ++k) {
      out[k].push_back(value[static_cast<std::size_t>(spec.inputs[k])]);
    }
  }
  return out;
}

// Ratios that have no value there and say so: their formula names the case.
bool may_be_missing(const Spec& spec, std::string_view market) {
  static const std::map<std::string_view, std::string_view> known = {
      {"acos", "*"},          {"asin", "*"},           {"cosh", "*"},
      {"exp", "*"},           {"sinh", "*"},           {"tan", "*"},
      {"hurst", "*"},         {"halflife", "*"},       {"zigzag", "*"},
      {"pivot_session", "*"}, {"vwap_anchored", "*"},  {"fractal", "*"},
      {"vwma", "silent"},     {"vwap", "silent"},      {"vwap_session", "silent"},
      {"rvol", "silent"},     {"chop", "flat stairs"}, {"imi", "flat stairs"},
      {"rollsfm", "*"},       {"percentb", "flat"}};
  const auto found = known.find(spec.name);
  return found != known.end() && (found->second == "*" || found->second.find(market) != std::string_view::npos);
}

// Of prices near 1e7 they are larger than any number.
bool may_be_infinite(const Spec& spec) { return spec.name == "cosh" || spec.name == "exp" || spec.name == "sinh"; }

template <class Law>
void for_each_case(Law law) {
  for (const Indicator* one : all_indicators()) {
    for (const Profile profile : kProfiles) {
      const Choice choice = must(choose(one->spec.name, {}, profile));
      for (const Market& market : markets()) {
        const SeriesSet inputs = bars_of(market, one->spec);
        law(choice, market.name, inputs, run(choice, inputs));
      }
    }
  }
}

TEST(Edge, EveryAnswerIsThereAndFinite) {
  for_each_case([](const Choice& choice, std::string_view market, const SeriesSet&, const SeriesSet& outputs) {
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      for (auto t = static_cast<std::size_t>(choice.lookback()); t < kBars; ++t) {
        const double value = outputs[k][t];
        ASSERT_FALSE(std::isinf(value) && !may_be_infinite(choice.spec()))
            << name_of(choice) << " " << market << " output " << k << " bar " << t;
        ASSERT_FALSE(std::isnan(value) && !may_be_missing(choice.spec(), market))
            << name_of(choice) << " " << market << " output " << k << " bar " << t;
      }
    }
  });
}

// Bars of a few whole prices, so that they stand still, tie and have no range again and again; `is_signed`: around 0,
// volumes too.
SeriesSet coarse_bars(const Spec& spec, Random& random, bool is_signed) {
  SeriesSet out(spec.inputs.size());
  const auto draw = [&](double least) { return least + static_cast<double>(random.next_below(4)); };
  for (std::size_t t = 0; t < kBars; ++t) {
    const double level = is_signed ? -2.0 : 10.0;
    const double open = draw(level);
    const double close = draw(level);
    const double high = std::fmax(open, close) + std::fmax(0.0, draw(-2.0));
    const double low = std::fmin(open, close) - std::fmax(0.0, draw(-2.0));
    const double value[] = {close,
                            low,
                            draw(2.0),
                            open,
                            high,
                            low,
                            close,
                            draw(is_signed ? -2.0 : 0.0),
                            std::floor(static_cast<double>(t) / 8.0),
                            draw(0.0),
                            t % 50 == 30 ? 0.5 : 1.0,
                            t % 20 == 19 ? 0.5 : 0.0};
    for (std::size_t k = 0; k < out.size(); ++k) {
      out[k].push_back(value[static_cast<std::size_t>(spec.inputs[k])]);
    }
  }
  return out;
}

// Of prices below 0, a level and a percentage may have their sign: the mean of -0 and 0, 0 percent of -5; and of any
// number what IEEE 754 says of it, as the ceiling of -0.5.
bool may_have_a_sign(const Spec& spec) {
  return spec.family != "momentum" || spec.name == "fosc" || spec.name == "ppo" || spec.name == "trix";
}

// What is nothing is 0, and prints so.
TEST(Edge, NoAnswerIsMinusZero) {
  Random random(20261123, 1);
  std::string found;
  for (const Indicator* one : all_indicators()) {
    for (int turn = 0; turn < 20; ++turn) {
      const Profile profile = kProfiles[turn % 5];
      const Choice choice = turn < 5 ? must(choose(one->spec.name, {}, profile))
                                     : random_choice(*one, random, profile, turn < 10 ? 12.0 : 2.0);
      const bool is_signed = turn % 2 == 1 && !may_have_a_sign(one->spec);
      const SeriesSet outputs = run(choice, coarse_bars(one->spec, random, is_signed));
      const bool has_one = std::ranges::any_of(outputs, [](const Series& output) {
        return std::ranges::any_of(output, [](double value) { return value == 0.0 && std::signbit(value); });
      });
      found += has_one ? name_of(choice) + (is_signed ? ", signed\n" : "\n") : "";
    }
  }
  EXPECT_EQ(found, "");
}

TEST(Edge, LaterBarsChangeNothing) {
  for_each_case([](const Choice& choice, std::string_view market, SeriesSet inputs, const SeriesSet& outputs) {
    const auto period = static_cast<std::size_t>(choice.lookback()) + 1;
    for (const std::size_t bars : {std::size_t{0}, std::size_t{1}, period - 1, period}) {
      if (bars > kBars) {
        continue;
      }
      SeriesSet head = inputs;
      for (Series& one : head) {
        one.resize(bars);
      }
      const SeriesSet short_outputs = run(choice, head);
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        ASSERT_EQ(short_outputs[k].size(), bars);
        for (std::size_t t = 0; t < bars; ++t) {
          ASSERT_TRUE(is_same(short_outputs[k][t], outputs[k][t])) << name_of(choice) << " " << market << " bar " << t;
        }
      }
    }
  });
}

// Indices that are shares or ranks stay within their ends.
TEST(Edge, IndicesStayWithinTheirRange) {
  struct Range {
    double least;
    double most;
  };
  const std::map<std::string_view, Range> ranges = {
      {"rsi", {0.0, 100.0}},    {"rsi_cutler", {0.0, 100.0}}, {"mfi", {0.0, 100.0}},    {"stoch", {0.0, 100.0}},
      {"stochf", {0.0, 100.0}}, {"willr", {-100.0, 0.0}},     {"cmo", {-100.0, 100.0}}, {"cmou", {-100.0, 100.0}},
      {"adx", {0.0, 100.0}},    {"dx", {0.0, 100.0}},         {"aroon", {0.0, 100.0}},  {"ultosc", {0.0, 100.0}},
      {"imi", {0.0, 100.0}},    {"crsi", {0.0, 100.0}},       {"rvi", {0.0, 100.0}},    {"percentrank", {0.0, 100.0}},
      {"er", {0.0, 1.0}},       {"cmf", {-1.0, 1.0}},         {"correl", {-1.0, 1.0}},  {"clv", {-1.0, 1.0}},
      {"var", {0.0, 1e300}},    {"stddev", {0.0, 1e300}},     {"atr", {0.0, 1e300}},    {"dvi", {0.0, 1.0}}};
  for (const auto& [name, range] : ranges) {
    const Choice choice = must(choose(name));
    for (const Market& market : markets()) {
      for (const Series& output : run(choice, bars_of(market, choice.spec()))) {
        for (const double value : output) {
          const bool is_exact = name == "rsi" || name == "rsi_cutler" || name == "cmo" || name == "stochf";
          const double slack = is_exact ? 0.0 : 1e-9 * std::fmin(100.0, range.most - range.least);
          ASSERT_FALSE(value < range.least - slack || value > range.most + slack)
              << name << " " << market.name << " is " << value;
        }
      }
    }
  }
}

}  // namespace
}  // namespace lode::indicator
