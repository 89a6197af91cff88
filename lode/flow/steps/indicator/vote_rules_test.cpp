// Rules of the vote from text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/vote_rules.h"

#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string mistake(std::string_view text) {
  const auto rules = parse_rules(text);
  return rules ? "no error" : render(rules.error());
}

TEST(VoteRules, OnlyWhatIsSaidDiffers) {
  const indicator::VoteRules rules =
      must(parse_rules(" ma=0.4, buy = 0.25 ,trend_filter=0,ma_fast=8, rsi_means=simple"));
  EXPECT_THAT(rules.weights, ElementsAre(0.4, 0.2, 0.2, 0.15, 0.15));
  EXPECT_EQ(rules.buy, 0.25);
  EXPECT_EQ(rules.sell, -0.3);
  EXPECT_FALSE(rules.has_trend_filter);
  EXPECT_EQ(rules.ma_fast, 8);
  EXPECT_EQ(rules.rsi, "rsi_cutler");
  EXPECT_EQ(to_json(rules_json(must(parse_rules("")))), to_json(rules_json({})));
}

TEST(VoteRules, AreToldWhole) {
  EXPECT_EQ(to_json(rules_json(must(parse_rules("bollinger_width=2.5")))),
            R"j({"ma":0.3,"rsi":0.2,"macd":0.2,"bollinger":0.15,"stochastic":0.15,"buy":0.3,"sell":-0.3,"strong":0.6,)j"
            R"j("moderate":0.3,"rsi_low":30.0,"rsi_high":70.0,"k_low":20.0,"k_high":80.0,"trend_filter":true,)j"
            R"j("ma_fast":5,"ma_slow":20,"ma_trend":50,"rsi_period":14,"macd_fast":12,"macd_slow":26,"macd_signal":9,)j"
            R"j("bollinger_period":20,"bollinger_width":2.5,"stochastic_k":14,"stochastic_slow":3,"stochastic_d":3,)j"
            R"j("rsi_means":"wilder"})j");
}

TEST(VoteRules, WhatWasToldReadsBack) {
  for (const char* text : {"", "ma=0.4,buy=0.25,trend_filter=0,rsi_means=simple", "bollinger_width=2.5,sell=-0.1"}) {
    const Value told = rules_json(must(parse_rules(text)));
    EXPECT_EQ(to_json(rules_json(must(rules_from(told)))), to_json(told)) << text;
  }
}

TEST(VoteRules, MistakesAreNamed) {
  EXPECT_THAT(mistake("bui=0.2"), AllOf(HasSubstr("E0004"), HasSubstr("'bui'"), HasSubstr("did you mean 'buy'")));
  EXPECT_THAT(mistake("buy=x"), AllOf(HasSubstr("E0004"), HasSubstr("buy is 'x', expected a number")));
  EXPECT_THAT(mistake("buy"), HasSubstr("buy is '', expected a number"));
  EXPECT_THAT(mistake("ma_fast=2.5"), HasSubstr("a whole number"));
  EXPECT_THAT(mistake("trend_filter=2"), HasSubstr("1 or 0"));
  EXPECT_THAT(mistake("rsi_means=best"), HasSubstr("wilder or simple"));
  EXPECT_THAT(mistake("buy=0.1,buy=0.2"), HasSubstr("buy stands twice"));
  EXPECT_THAT(mistake("ma=-1"), AllOf(HasSubstr("E1105"), HasSubstr("the weight of ma is -1")));
  EXPECT_THAT(mistake("ma=5"), AllOf(HasSubstr("E1105"), HasSubstr("the weight of ma is 5; expected 0 to 1")));
  EXPECT_THAT(mistake("ma_fast=50,ma_slow=20"),
              AllOf(HasSubstr("E1105"), HasSubstr("ma_fast and ma_slow are 50 and 20; expected the first below")));
  EXPECT_THAT(mistake("ma_fast=20"), HasSubstr("E1105")) << "equal to the slow one of the default";
  EXPECT_THAT(mistake("macd_fast=30"), HasSubstr("macd_fast and macd_slow are 30 and 26"));
  EXPECT_THAT(mistake("buy=-0.5"), HasSubstr("E1105"));
}

}  // namespace
}  // namespace lode::flow
