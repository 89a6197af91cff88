// Lists of indicators as people type them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/chosen.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/store/files.h"
#include "lode/market/schema.h"

namespace lode::flow {
namespace {

using indicator::Profile;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> columns(std::string_view text, Profile profile = Profile::kLode) {
  std::vector<std::string> out;
  for (const Chosen& one : must(parse_indicators(text, profile))) {
    for (const std::string& column : one.columns()) {
      out.push_back(column);
    }
  }
  return out;
}

std::string mistake(std::string_view text) {
  const auto chosen = parse_indicators(text, Profile::kLode);
  return chosen ? "no error" : render(chosen.error());
}

TEST(Chosen, ColumnsAreCalledAfterTheCall) {
  EXPECT_THAT(columns("sma"), ElementsAre("sma"));
  EXPECT_THAT(columns("SMA(20), ema( period = 12 )"), ElementsAre("sma_20", "ema_12"));
  EXPECT_THAT(columns("macd"), ElementsAre("macd", "macd_signal", "macd_hist"));
  EXPECT_THAT(columns("bbands(20, 2)"), ElementsAre("bbands_20_2_upper", "bbands_20_2_middle", "bbands_20_2_lower"));
  EXPECT_THAT(columns("trend = sma(50)"), ElementsAre("trend"));
  EXPECT_THAT(columns("fast = macd(3, 10, 16)"), ElementsAre("fast", "fast_signal", "fast_hist"));
}

TEST(Chosen, ParametersAreThoseWritten) {
  const std::vector<Chosen> one = must(parse_indicators("bbands(10, type=ema, up=1.5)", Profile::kLode));
  EXPECT_THAT(one[0].choice.values, ElementsAre(10.0, 1.5, 2.0, 1.0));
  EXPECT_FALSE(one[0].is_bare);
  EXPECT_TRUE(must(parse_indicators("bbands", Profile::kLode))[0].is_bare);
  EXPECT_THAT(must(parse_indicators("bbands", Profile::kTalib064))[0].choice.values, ElementsAre(5.0, 2.0, 2.0, 0.0));
}

TEST(Chosen, ListsMayHaveLinesAndComments) {
  EXPECT_THAT(columns("# my set\nsma(5), sma(10)  # two means\n\nrsi\n"), ElementsAre("sma_5", "sma_10", "rsi"));
}

TEST(Chosen, MistakesAreNamed) {
  EXPECT_THAT(mistake("all, rsi"), AllOf(HasSubstr("E0007"), HasSubstr("expected it alone")));
  EXPECT_THAT(mistake("rsi, vote"), HasSubstr("lode indicator run vote"));
  EXPECT_THAT(mistake("rsi(14"), HasSubstr("'rsi(14' is not closed"));
  EXPECT_THAT(mistake("smaa"), AllOf(HasSubstr("E1102"), HasSubstr("'smaa'"), HasSubstr("did you mean 'sma'")));
  EXPECT_THAT(mistake("sma(0)"), AllOf(HasSubstr("E1105"), HasSubstr("period is 0"), HasSubstr("from 1 to")));
  EXPECT_THAT(mistake("sma(2.5)"), AllOf(HasSubstr("E1105"), HasSubstr("whole number")));
  EXPECT_THAT(mistake("sma(ten)"), AllOf(HasSubstr("E0004"), HasSubstr("period is 'ten'"), HasSubstr("whole number")));
  EXPECT_THAT(mistake("bbands(type=foo)"), AllOf(HasSubstr("E0004"), HasSubstr("sma, ema, wma")));
  EXPECT_THAT(mistake("sma(length=3)"),
              AllOf(HasSubstr("E1102"), HasSubstr("no parameter 'length'"), HasSubstr("period")));
  EXPECT_THAT(mistake("sma(3, 4)"), HasSubstr("E1103"));
  EXPECT_THAT(mistake("sma(3"), AllOf(HasSubstr("E1101"), HasSubstr("not closed")));
  EXPECT_THAT(mistake("sma)3("), HasSubstr("E1101"));
  EXPECT_THAT(mistake("sma(20))"), HasSubstr("the brackets of 'sma(20))' do not match"));
  EXPECT_THAT(mistake("sma, sma"), AllOf(HasSubstr("E0007"), HasSubstr("two columns would be called sma")));
}

TEST(Chosen, ColumnsInBracketsAreToldHowTheyAreSaid) {
  EXPECT_THAT(mistake("sma(close, 20)"), AllOf(HasSubstr("E1103"), HasSubstr("sma(close, 20): close is no parameter"),
                                               HasSubstr("write sma(20); as a formula: ta_sma(close, 20)")));
  EXPECT_THAT(mistake("sma(high, 20)"), HasSubstr("write sma(20) --inputs high; as a formula: ta_sma(high, 20)"));
  EXPECT_THAT(mistake("sma(vwap, 20)"), HasSubstr("write sma(20) --inputs vwap"));
  EXPECT_THAT(mistake("sma(close)"), HasSubstr("write sma; as a formula: ta_sma(close)"));
  EXPECT_THAT(mistake("willr(high, low, close, timeperiod=9)"),
              HasSubstr("write willr(timeperiod=9); as a formula: ta_willr(high, low, close, timeperiod=9)"));
  EXPECT_THAT(mistake("x = ta_bbands(close,20)"),
              AllOf(HasSubstr("E1102"), HasSubstr("unknown indicator 'ta_bbands'"), HasSubstr("write bbands(20); "),
                    HasSubstr("ta_bbands_upper(close, 20), one value each: ta_bbands_upper, ta_bbands_middle, "
                              "ta_bbands_lower")));
  EXPECT_THAT(mistake("ta_bbands(20)"), HasSubstr("write bbands(20); as a formula: ta_bbands_upper(close, 20)"));
  EXPECT_THAT(mistake("TA_AROON(9)"), HasSubstr("write aroon(9); as a formula: ta_aroon_down(high, low, 9)"));
  EXPECT_THAT(mistake("ta_rollsfm(20)"), HasSubstr("(high, low, 20), one value each: ta_rollsfm_"));
  EXPECT_THAT(mistake("ta_smaa(close, 20)"), AllOf(HasSubstr("E1102"), HasSubstr("'ta_smaa'")));
  EXPECT_THAT(mistake("stoch(14, ema)"), HasSubstr("slow_k is 'ema'")) << "a word of a parameter is no column";
}

// Columns of another count than the indicator reads, values that it has no parameter for: what is proposed is taken.
TEST(Chosen, WhatAHintProposesIsNotRefused) {
  EXPECT_THAT(mistake("atr(close, 14)"), AllOf(HasSubstr("atr(close, 14): close is no parameter"),
                                               HasSubstr("write atr(14); as a formula: ta_atr(high, low, close, 14)")));
  EXPECT_THAT(mistake("obv(volume)"), HasSubstr("write obv; as a formula: ta_obv(close, volume)"));
  EXPECT_THAT(mistake("rsi(high, low, 14)"), HasSubstr("write rsi(14); as a formula: ta_rsi(close, 14)"));
  EXPECT_THAT(mistake("aroon(close, 14)"), HasSubstr("write aroon(14); as a formula: ta_aroon_down(high, low, 14)"));
  EXPECT_THAT(mistake("correl(open, close, 9)"),
              HasSubstr("write correl(9) --inputs open,close; as a formula: ta_cor"));
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    for (const char* columns : {"close", "high, low", "open, high, low, close"}) {
      const std::string told = mistake(fmt::format("{}({}, 2, 3, 4, 5, 6, 7, 8)", one->spec.name, columns));
      ASSERT_THAT(told, HasSubstr("write "));
      const std::size_t begin = told.find("write ") + 6;
      const std::string call = told.substr(begin, told.find(';', begin) - begin);
      const std::size_t inputs = call.find(" --inputs ");
      EXPECT_THAT(mistake(call.substr(0, inputs)), Not(AnyOf(HasSubstr("E1103"), HasSubstr("E1102")))) << told;
      EXPECT_TRUE(inputs == std::string::npos ||
                  std::ranges::count(call.substr(inputs), ',') == std::ssize(one->spec.inputs) - 1)
          << told;
    }
  }
}

// `sma()` has no argument; an argument that is not there is refused wherever it stands.
TEST(Chosen, NothingBetweenCommasIsRefused) {
  for (const char* text : {"sma(,)", "sma(20,)", "sma(,20)", "bbands(20,,2)", "bbands(20, , 2)"}) {
    EXPECT_THAT(mistake(text), AllOf(HasSubstr("E0004"), HasSubstr("is empty"))) << text;
  }
  EXPECT_THAT(mistake("bbands(20,,2)"), HasSubstr("bbands: argument 2 of 3 is empty"));
  for (const char* text : {"rsi,,macd", "rsi, ,macd", "rsi,,", "rsi,,\nmacd", ",,rsi"}) {
    EXPECT_THAT(mistake(text), AllOf(HasSubstr("E1101"), HasSubstr("nothing stands between two commas"))) << text;
  }
  EXPECT_THAT(columns("sma()"), ElementsAre("sma"));
  EXPECT_THAT(columns("rsi,\nsma(5),"), ElementsAre("rsi", "sma_5")) << "a comma at the end of a line";
  EXPECT_THAT(columns("rsi\n, macd_hist = sma(5)\n,\n"), ElementsAre("rsi", "macd_hist"));
  EXPECT_THAT(columns("bbands(20\n, 2)"), ElementsAre("bbands_20_2_upper", "bbands_20_2_middle", "bbands_20_2_lower"));
}

// Options of a call, as a door gives them.
Result<std::vector<Chosen>> chosen(std::vector<std::string> names, const std::string& options = "{}") {
  return choose_indicators(names, Request(must(parse_json(options))));
}

// ta_rsi(14) would be the formula of a constant.
TEST(Chosen, AnOperatorOfNoSeriesIsNoFormula) {
  const auto formulas_of = [](const std::string& text) {
    std::vector<NamedText> formulas;
    const auto some = choose_indicators(std::vector<std::string>{text}, Request(must(parse_json("{}"))), &formulas);
    return some ? fmt::format("{} of formulas", formulas.size()) : render(some.error());
  };
  EXPECT_THAT(formulas_of("ta_rsi(14)"), AllOf(HasSubstr("E1102"), HasSubstr("unknown indicator 'ta_rsi'"),
                                               HasSubstr("write rsi(14); as a formula: ta_rsi(close, 14)")));
  EXPECT_THAT(formulas_of("x = TA_SMA(20)"), HasSubstr("write sma(20); as a formula: ta_sma(close, 20)"));
  EXPECT_THAT(formulas_of("ta_macd_signal(12, 26)"), HasSubstr("write macd(12, 26); as a formula: ta_macd_signal(clo"));
  EXPECT_THAT(formulas_of("ta_ma(10, type=ema)"),
              HasSubstr("write ma(10, type=ema); as a formula: ta_ma(close, 10, t"));
  EXPECT_THAT(formulas_of("ta_atr(14)"), HasSubstr("as a formula: ta_atr(high, low, close, 14)"));
  EXPECT_THAT(formulas_of("ta_obv()"), HasSubstr("write obv; as a formula: ta_obv(close, volume)"));
  for (const char* formula : {"ta_rsi(close, 14)", "ta_rsi(x=close, period=14)", "ta_sma(my, 20)", "ta_sma(2 * 3, 20)",
                              "ts_mean(3, 2)", "ta_sma(ta_sma(close, 2), 3)"}) {
    EXPECT_EQ(formulas_of(formula), "1 of formulas") << formula;
  }
}

TEST(Chosen, AFormulaHasNoParameters) {
  std::vector<NamedText> formulas;
  const auto some = choose_indicators(std::vector<std::string>{"my = ta_ema(close, 12)"},
                                      Request(must(parse_json(R"j({"period": "5"})j"))), &formulas);
  ASSERT_FALSE(some);
  EXPECT_THAT(render(some.error()),
              AllOf(HasSubstr("a formula has no parameter period"), HasSubstr("leave out --peri")));
}

TEST(Chosen, OptionsGoToWhoHasThemAndWasGivenNone) {
  const std::vector<Chosen> some = must(chosen({"sma", "rsi(7)", "obv"}, R"j({"period": "9"})j"));
  EXPECT_THAT(some[0].choice.values, ElementsAre(9.0));
  EXPECT_EQ(some[0].label, "sma") << "an option does not rename";
  EXPECT_THAT(some[1].choice.values, ElementsAre(7.0));
  const auto nobody = chosen({"obv"}, R"j({"period": "9"})j");
  ASSERT_FALSE(nobody);
  EXPECT_THAT(render(nobody.error()), AllOf(HasSubstr("E1102"), HasSubstr("obv has no parameter period")));
  const auto neither = chosen({"sma", "ema"}, R"j({"fast": "9"})j");
  ASSERT_FALSE(neither);
  EXPECT_THAT(render(neither.error()), HasSubstr("none of them has a parameter fast"));
  const auto word = chosen({"sma"}, R"j({"period": "ten"})j");
  ASSERT_FALSE(word);
  EXPECT_EQ(word.error().number(), E::E4);
  EXPECT_THAT(must(chosen({"stoch"}, R"j({"fast-k": "5", "slow-k-type": "ema"})j"))[0].choice.values,
              ElementsAre(5.0, 3.0, 1.0, 3.0, 0.0));
}

TEST(Chosen, EveryParameterIsAnOption) {
  std::set<std::string> options;
  for (const Parameter& parameter : indicator_parameters()) {
    options.emplace(parameter.name);
  }
  for (const indicator::Indicator* one : indicator::all_indicators()) {
    for (const indicator::Parameter& parameter : one->spec.parameters) {
      std::string option(parameter.name);
      std::ranges::replace(option, '_', '-');
      EXPECT_TRUE(options.contains(option)) << one->spec.name << " " << option;
    }
  }
}

TEST(Chosen, AllAndFiles) {
  const std::size_t all = must(chosen({"all"})).size();
  EXPECT_GT(all, 200U);
  for (const Chosen& one : must(chosen({"all"}))) {
    EXPECT_NE(one.label, "mavp") << "a series of periods is no bar";
  }
  TestWorld parts;
  const std::string path = parts.folder + "/set.txt";
  must(write_file(path, "sma(3)\nlong = sma(9)\n"));
  EXPECT_EQ(must(chosen({"@" + path, "rsi"})).size(), 3U);
  EXPECT_EQ(chosen({"@" + path + "x"}).error().number(), E::E8);
  EXPECT_EQ(chosen({}).error().number(), E::E3);
  EXPECT_FALSE(chosen({"sma"}, R"j({"profile": "metastock"})j"));
}

// The table processed has a column for every output of the default set, in its order, and no other.
TEST(Chosen, TheDefaultSetIsTheTableProcessed) {
  std::vector<std::string> expected = columns(default_indicators());
  std::vector<std::string> found;
  for (const ColumnSpec& column : find_table("processed")->columns) {
    const std::set<std::string_view> own = {"run", "alias", "session", "instrument_id", "close", "state", "known_time"};
    if (!own.contains(column.name)) {
      found.emplace_back(column.name);
    }
  }
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace lode::flow
