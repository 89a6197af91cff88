// What a program is told of the language: every operator, all its Spec says, and values that are computed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/operators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "lode/core/factor/operators.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

Value told(std::string_view name) {
  Pool pool(1);
  return operator_json(*expr::OperatorTable().find(name), pool);
}

TEST(Operators, CarryWhatTheirSpecSays) {
  const std::string json = to_json(told("ts_rank"));
  for (const char* part :
       {R"("operator":"ts_rank")", R"x("signature":"ts_rank(x, days)")x", R"("name":"days","type":"window")",
        R"("name":"ties","choices":["average","min","max","first"],"default":"average")",
        R"("source":"Z. Kakushadze)"}) {
    EXPECT_THAT(json, HasSubstr(part));
  }
  EXPECT_THAT(to_json(told("neutralize")), HasSubstr(R"("repeats":true)"));
  EXPECT_THAT(to_json(told("ema")), HasSubstr(R"("recursive":true)"));
}

TEST(Operators, ShowValuesUnderEveryProfile) {
  const std::string json = to_json(told("rank"));
  EXPECT_THAT(
      json,
      HasSubstr(R"({"profile":"lode","rows":[[0.3333333333333333,null,1.0,0.6666666666666666],[0.5,0.5,0.5,1.0]])"));
  EXPECT_THAT(json, HasSubstr(R"({"profile":"brain","rows":[[0.0,null,1.0,0.5],)"));
  EXPECT_THAT(json, HasSubstr("E1110 option ties is not part of profile paper"));
}

TEST(Operators, OfIndicatorsSayWhatTheyTake) {
  Pool pool(1);
  const std::string json = to_json(operator_json(*factor::operators().find("ta_rsi"), pool));
  for (const char* part :
       {R"x("signature":"ta_rsi(x, period=14)")x", R"("name":"period","type":"literal","default":14.0)",
        R"("recursive":true)", R"("examples":[])"}) {
    EXPECT_THAT(json, HasSubstr(part));
  }
}

TEST(Operators, OfIndicatorsStandInALineEach) {
  Pool pool(1);
  const Outcome out = list_operators(pool);
  EXPECT_THAT(out.text, HasSubstr(" ta_rsi "));
  const std::string json = to_json(out.data);
  EXPECT_THAT(json, HasSubstr(R"x({"indicator":"rsi","family":"momentum","operators":["ta_rsi(x, period=14)"],)x"));
  EXPECT_THAT(json, HasSubstr("ta_macd_signal(x, fast=12, slow=26, signal=9)"));
}

TEST(Operators, AreListedOneALine) {
  Pool pool(1);
  const Outcome out = list_operators(pool);
  EXPECT_THAT(out.text, HasSubstr("ts_corr(x, y, days)"));
  EXPECT_THAT(out.text, HasSubstr("correlation over the last `days` sessions"));
  EXPECT_THAT(to_json(out.data), HasSubstr(R"("operator":"zscore")"));
}

}  // namespace
}  // namespace lode::flow
