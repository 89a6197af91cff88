// Names, parameters and saved states: what is accepted, and what is told when it is not.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/core/indicator/stream.h"

namespace lode::indicator {
namespace {

// The error of a Result that must have failed, as "E1102 message | hint".
template <class T>
std::string error_of(const Result<T>& result) {
  if (result) {
    return "no error";
  }
  const int number = static_cast<int>(result.error().number());
  return "E" + std::to_string(number) + " " + result.error().message() + " | " + result.error().hint();
}
std::string refusal(std::string_view name, std::vector<Argument> arguments) {
  return error_of(choose(name, arguments));
}

TEST(Choice, NamesAreFoundInAnyCaseAndByAlias) {
  EXPECT_EQ(must(find_indicator("RSI"))->spec.name, "rsi");
  EXPECT_EQ(must(find_indicator("wilders"))->spec.name, "rma");
  EXPECT_EQ(error_of(find_indicator("ta_rsi")), "E1102 unknown indicator 'ta_rsi' | did you mean 'rsi'?");
  EXPECT_EQ(error_of(find_indicator("rsj")), "E1102 unknown indicator 'rsj' | did you mean 'rsi'?");
}

TEST(Choice, ParametersComeByPlaceOrName) {
  EXPECT_EQ(must(choose("macd", std::vector<Argument>{{"", 5}, {"signal", 3}})).values,
            (std::vector<double>{5, 26, 3}));
  EXPECT_EQ(must(choose("bbands", {}, Profile::kTalib064)).values.front(), 5.0);
  EXPECT_EQ(must(choose("bbands")).values.front(), 20.0);
}

TEST(Choice, ParametersAreFoundByTheirNamesInTalib) {
  const auto values = [](std::string_view name, std::vector<Argument> arguments) {
    return must(choose(name, arguments)).values;
  };
  EXPECT_EQ(values("rsi", {{"timeperiod", 9}}), must(choose("rsi", std::vector<Argument>{{"period", 9}})).values);
  EXPECT_EQ(values("macdext", {{"signalmatype", 1}, {"slowperiod", 30}}), (std::vector<double>{12, 0, 30, 0, 9, 1}));
  EXPECT_EQ(values("stoch", {{"slowk_period", 4}, {"slowd_matype", 2}}),
            values("stoch", {{"slow_k", 4}, {"slow_d_type", 2}}));
  EXPECT_EQ(values("mama", {{"fastlimit", 0.4}, {"slowlimit", 0.1}}), (std::vector<double>{0.4, 0.1}));
  EXPECT_EQ(values("mavp", {{"maxperiod", 20}, {"minperiod", 3}}), values("mavp", {{"least", 3}, {"most", 20}}));
  EXPECT_EQ(values("sar", {{"acceleration", 0.01}, {"maximum", 0.1}}), (std::vector<double>{0.01, 0.1}));
  EXPECT_EQ(values("supertrend", {{"timeperiod", 7}, {"multiplier", 2}}), (std::vector<double>{7, 2}));
  EXPECT_EQ(values("coppock", {{"roc2period", 15}, {"wmaperiod", 9}, {"roc1period", 12}}),
            (std::vector<double>{9, 12, 15}));
  EXPECT_EQ(values("fractal", {{"rightbars", 3}, {"leftbars", 4}}), (std::vector<double>{4, 3}));
  EXPECT_EQ(values("kdj", {{"slowd_period", 5}, {"fastk_period", 8}, {"slowk_period", 4}}),
            values("kdj", {{"period", 8}, {"k_period", 4}, {"d_period", 5}}));
  EXPECT_EQ(values("tsi", {{"secondperiod", 5}, {"firstperiod", 8}}), (std::vector<double>{8, 5}));
  EXPECT_EQ(values("kc", {{"atrperiod", 5}, {"nbdev", 3}}), (std::vector<double>{20, 5, 3}));
  EXPECT_EQ(values("cvi", {{"rocperiod", 5}}), (std::vector<double>{10, 5}));
  EXPECT_EQ(values("massi", {{"slowperiod", 20}, {"fastperiod", 8}}), (std::vector<double>{8, 20}));
  EXPECT_EQ(values("rvi", {{"stddevperiod", 5}}), (std::vector<double>{14, 5}));
  EXPECT_EQ(values("stochrsi", {{"fastk_period", 4}}), values("stochrsi", {{"fast_k", 4}}))
      << "which is the period of kdj alone";
  EXPECT_EQ(refusal("rsi", {{"timeperiod", 9}, {"period", 9}}), "E1103 rsi was given period twice | ");
  EXPECT_THAT(refusal("rsi", {{"fastperiod", 9}}), testing::StartsWith("E1102 rsi has no parameter 'fastperiod'"));
}

TEST(Choice, NumbersPassOverWhatIsAChoiceAmongWords) {
  const auto values = [](std::string_view name, const std::vector<double>& numbers) {
    std::vector<Argument> arguments;
    for (const double number : numbers) {
      arguments.push_back({"", number});
    }
    return must(choose(name, arguments)).values;
  };
  // k, slow_k, its type, slow_d, its type
  EXPECT_EQ(values("stoch", {14, 3, 3}), (std::vector<double>{14, 3, 0, 3, 0}));
  EXPECT_EQ(values("stoch", {14, 3, 1, 3, 2}), (std::vector<double>{14, 3, 1, 3, 2}));
  EXPECT_EQ(values("macdext", {10, 20, 5}), (std::vector<double>{10, 0, 20, 0, 5, 0}));
  EXPECT_EQ(values("ma", {10, 1}), (std::vector<double>{10, 1}));
  EXPECT_EQ(must(places_of((*must(find_indicator("stoch"))).spec, 3, true)), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(error_of(choose("ma", std::vector<Argument>{{"", 10}, {"", 1}, {"", 1}})),
            "E1103 ma takes 2 parameters, 3 were given | ");
}

TEST(Choice, BadParametersAreTold) {
  EXPECT_EQ(refusal("rsi", {{"", 1}}), "E1105 rsi: period is 1; expected a whole number from 2 to 100000 | ");
  EXPECT_EQ(refusal("rsi", {{"", 2.5}}), "E1105 rsi: period is 2.5; expected a whole number from 2 to 100000 | ");
  EXPECT_EQ(refusal("rsi", {{"", std::numeric_limits<double>::quiet_NaN()}}),
            "E1105 rsi: period is nan; expected a whole number from 2 to 100000 | ");
  EXPECT_EQ(refusal("rsi", {{"window", 5}}), "E1102 rsi has no parameter 'window' | it has period");
  EXPECT_EQ(refusal("rsi", {{"", 5}, {"", 6}}), "E1103 rsi takes 1 parameter, 2 were given | ");
  EXPECT_EQ(refusal("rsi", {{"", 5}, {"period", 6}}), "E1103 rsi was given period twice | ");
  EXPECT_EQ(error_of(parse_profile("metastock")),
            "E1102 unknown profile 'metastock' | one of lode, talib064, talib08, tulip, ttr");
}

TEST(Choice, UnstableBarsAreDroppedWhereASeedFades) {
  const Choice ema = must(choose("ema", std::vector<Argument>{{"", 10}}));
  EXPECT_EQ(must(with_unstable(ema, 5)).lookback(), 14);
  EXPECT_EQ(bars_to_fade(ema), 306);  // 0.9^306 < 1e-14 < 0.9^305
  const Choice sma = must(choose("sma", std::vector<Argument>{{"", 10}}));
  EXPECT_EQ(must(with_unstable(sma, 5)).lookback(), 9);
  EXPECT_EQ(bars_to_fade(sma), 0);
  EXPECT_EQ(error_of(with_unstable(ema, -1)),
            "E1105 ema: unstable is -1; expected a whole number from 0 to 1000000 | ");
  EXPECT_EQ(error_of(with_unstable(ema, 0.5)),
            "E1105 ema: unstable is 0.5; expected a whole number from 0 to 1000000 | ");
}

TEST(Stream, AForeignOrDamagedStateIsRefusedAndChangesNothing) {
  Stream stream(must(choose("ema", std::vector<Argument>{{"", 3}})));
  std::vector<double> out(1);
  for (const double x : {1.0, 2.0, 4.0}) {
    stream.update(std::span(&x, 1), out);
  }
  const std::string saved = stream.save();
  Stream other(must(choose("ema", std::vector<Argument>{{"", 4}})));
  EXPECT_TRUE(error_of(other.load(saved)).starts_with("E1115 this state is of 'lode indicator 1: ema(3, 0) lode"));
  std::string damaged = saved;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  EXPECT_EQ(error_of(stream.load(damaged)), "E1116 the state of ema is cut off or changed | ");
  EXPECT_EQ(error_of(stream.load(saved.substr(0, saved.size() - 1))),
            "E1116 the state of ema is cut off or changed | ");
  EXPECT_EQ(stream.save(), saved);
  EXPECT_TRUE(error_of(stream.load("")).starts_with("E1115"));
}

}  // namespace
}  // namespace lode::indicator
