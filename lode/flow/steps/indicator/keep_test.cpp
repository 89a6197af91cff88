// Kept indicators and votes: which run a view shows, what is refused, and that a run verifies.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/keep.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class KeptIndicators : public testing::Research {
 protected:
  KeptIndicators() { import_market(); }
  Outcome over(const std::string& request) { return good("indicator", "run", request); }
  std::string refused(const std::string& request) { return mistake("indicator", "run", request); }
  bool was_there(const Outcome& out) { return out.data.at_path("was_there")->as_bool(); }
  // Cells of the view that have a value.
  std::string filled(const std::string& columns) { return sql(fmt::format("select {} from ax.processed", columns)); }
};

TEST_F(KeptIndicators, APartialRunLeavesTheOtherColumnsInView) {
  over(R"j({"universe": "all"})j");
  const std::string before =
      filled("count(*), count(sma_20), count(macd), count(atr_14), round(sum(sma_20), 6), round(sum(rsi_14), 6)");
  over(R"j({"name": ["rsi"], "universe": "all"})j");
  EXPECT_EQ(filled("count(*), count(sma_20), count(macd), count(atr_14), round(sum(sma_20), 6), round(sum(rsi_14), 6)"),
            before);
}

TEST_F(KeptIndicators, AShorterRunOfTheSameChoicesLeavesTheOtherSessionsInView) {
  over(R"j({"name": ["sma"], "universe": "all"})j");
  const std::string before = filled("count(*), count(sma_20)");
  over(R"j({"name": ["sma"], "universe": "all", "from": "2020-12-01"})j");
  EXPECT_EQ(filled("count(*), count(sma_20)"), before);
}

TEST_F(KeptIndicators, OtherPricesAreNotMixedInAndARerunBringsTheFirstBack) {
  over(R"j({"universe": "all"})j");
  const std::string first = filled("count(*), count(sma_20)");
  over(R"j({"name": ["rsi"], "universe": "all", "adjust": "none", "from": "2020-12-01"})j");
  EXPECT_EQ(filled("min(date), count(sma_20), count(rsi_14) = count(*)"), "2020-12-01,0,true\n")
      << "the rows of one adjustment alone";
  const Outcome again = over(R"j({"universe": "all"})j");
  EXPECT_TRUE(was_there(again));
  EXPECT_THAT(again.text, HasSubstr("already in the table processed"));
  EXPECT_EQ(filled("count(*), count(sma_20)"), first);
  EXPECT_EQ(sql("select count(distinct run) from processed"), "2\n") << "no row was stored twice";
  EXPECT_EQ(sql("select alias, is_again from indicator_runs order by place"), "r1,false\nr2,false\nr1,true\n");
  over(R"j({"universe": "all"})j");
  EXPECT_EQ(sql("select count(*) from indicator_runs"), "3\n") << "it was the newest already";
}

TEST_F(KeptIndicators, PlainVotesComeBackAfterOtherRules) {
  over(R"j({"name": ["vote"], "universe": "all"})j");
  const std::string buys = "select count(*) from rt.stock_indicators where signal = 'BUY'";
  const std::string plain = sql(buys);
  over(R"j({"name": ["vote"], "universe": "all", "rules": "buy=0.9,sell=-0.9"})j");
  EXPECT_NE(sql(buys), plain);
  EXPECT_TRUE(was_there(over(R"j({"name": ["vote"], "universe": "all"})j")));
  EXPECT_EQ(sql(buys), plain);
}

TEST_F(KeptIndicators, ARevertedRunIsNotShown) {
  over(R"j({"universe": "all"})j");
  const std::string first = filled("count(*), count(sma_20)");
  over(R"j({"name": ["rsi"], "universe": "all", "adjust": "none"})j");
  const std::string commit =
      sql("select max(place) from indicator_runs");  // A place is the number of the commit that it makes.
  good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", commit.substr(0, commit.size() - 1)));
  EXPECT_EQ(filled("count(*), count(sma_20)"), first);
  EXPECT_FALSE(was_there(over(R"j({"name": ["rsi"], "universe": "all", "adjust": "none"})j")));
}

// A row is known when the bars behind it are: a correction makes the rows from its session on known later.
TEST_F(KeptIndicators, ACorrectedBarIsKnownWithItsCorrection) {
  parts.clock.advance(kNanosPerDay);
  import("bars", "date,symbol,open,high,low,close,volume\n2020-10-05,S03,50,51,49,50,100\n");
  over(R"j({"name": ["sma"], "universe": "all"})j");
  over(R"j({"name": ["vote"], "universe": "all"})j");
  for (const char* table : {"processed", "votes"}) {
    EXPECT_EQ(sql(fmt::format("select s.symbol, min(session), count(distinct p.known_time) from {} p join symbols s "
                              "using (instrument_id) where p.known_time > p.session::timestamp + interval 2 day group "
                              "by all",
                              table)),
              "S03,2020-10-05,1\n")
        << table;
  }
  const auto shown = [&](const char* symbol) {
    return good("data", "show",
                fmt::format(R"j({{"table": "processed", "symbol": ["{}"], "as-of": "2020-10-30", "from":
        "2020-10-02", "to": "2020-10-05", "format": "csv"}})j",
                            symbol))
        .text;
  };
  EXPECT_EQ(std::ranges::count(shown("S03"), '\n'), 2) << "the head, and the session before the corrected one";
  EXPECT_EQ(std::ranges::count(shown("S04"), '\n'), 3);
  EXPECT_EQ(sql("select count(*) from rt.stock_indicators where timestamp > '2022-01-01'"), "0\n")
      << "a vote's time is its session's";
}

TEST_F(KeptIndicators, RawPricesAreThoseThatTheRunRead) {
  parts.clock.advance(kNanosPerDay);
  over(R"j({"universe": "all"})j");
  over(R"j({"name": ["vote"], "universe": "all"})j");
  const char* const processed =
      "select open, high, low, close, volume, close = adjusted_close from ax.processed where symbol = 'S03' and date = "
      "'2020-10-05'";
  const char* const votes =
      "select open, high, low, volume from rt.stock_indicators where symbol = 'S03' and timestamp::date = '2020-10-05'";
  const std::string first = sql(processed);
  const std::string first_vote = sql(votes);
  EXPECT_THAT(first, HasSubstr(",true\n"));
  const Time before = world.clock.now();
  for (const double close : {50.0, 52.0}) {
    parts.clock.advance(kNanosPerDay);
    import("bars", fmt::format("date,symbol,open,high,low,close,volume\n2020-10-05,S03,51,53,49,{},100\n", close));
    EXPECT_EQ(sql(processed), first);
    EXPECT_EQ(sql(votes), first_vote);
  }
  parts.clock.advance(kNanosPerDay);
  over(R"j({"universe": "all"})j");
  EXPECT_EQ(sql(processed), "51,53,49,52,100,true\n");
  const std::string as_of = to_string(Time{before.nanos + kNanosPerDay});
  over(fmt::format(R"j({{"universe": "all", "as-of": "{}"}})j", as_of));
  EXPECT_EQ(sql(processed), "51,53,49,50,100,true\n") << "the first correction, and not the second";
  over(fmt::format(R"j({{"name": ["vote"], "universe": "all", "as-of": "{}"}})j", to_string(before)));
  EXPECT_EQ(sql(votes), first_vote);
  EXPECT_EQ(sql("select count(*), count(close) from ax.processed"),
            fmt::format("{0},{0}\n", testing::kNames * testing::kSessions));
}

TEST_F(KeptIndicators, WhatCannotBeKeptIsRefused) {
  EXPECT_THAT(refused(R"j({"name": ["all"], "universe": "all"})j"),
              AllOf(HasSubstr("E0004"), HasSubstr("the default set alone"), HasSubstr("-o FILE")));
  EXPECT_THAT(refused(R"j({"name": ["all"], "universe": "all", "profile": "talib064"})j"), HasSubstr("E0004"));
  EXPECT_THAT(refused(R"j({"name": ["rsi"], "universe": "all", "profile": "talib064"})j"),
              HasSubstr("--profile is talib064"));
  EXPECT_THAT(refused(R"j({"name": ["sma"], "universe": "all", "period": "51"})j"), HasSubstr("E0004"));
  EXPECT_THAT(refused(R"j({"name": ["ema(12)"], "universe": "all", "unstable": "5"})j"),
              AllOf(HasSubstr("E0004"), HasSubstr("--unstable drops 5")));
  EXPECT_THAT(refused(R"j({"universe": "all", "unstable": "5"})j"),
              AllOf(HasSubstr("E0007"), HasSubstr("--unstable 5 was given")));
  over(R"j({"name": ["sma"], "universe": "all", "period": "50"})j");
  EXPECT_EQ(sql("select count(sma_50) > 0, count(sma_20), count(rsi_14) from processed"), "true,0,0\n");
}

TEST_F(KeptIndicators, ARunVerifiesCellByCell) {
  over(R"j({"name": ["sma, macd"], "universe": "all", "from": "2020-06-01"})j");
  over(R"j({"name": ["vote"], "universe": "all", "rules": "buy=0.25,ma=0.4"})j");
  for (const char* run : {"r1", "r2"}) {
    const Outcome out = good("runs", "verify", fmt::format(R"j({{"run": "{}"}})j", run));
    EXPECT_THAT(out.text, HasSubstr("bit-identical")) << run;
    EXPECT_FALSE(out.finding.has_value());
    EXPECT_GT(out.data.at_path("rows")->as_int(), 1000);
  }
  const Outcome list = good("runs", "list", "{}");
  EXPECT_THAT(list.text, AllOf(HasSubstr("sma_5, sma_10, sma_20"), HasSubstr("vote")));
}

// Another run's rows are not taken for this one's: the comparison is of what stands.
TEST_F(KeptIndicators, RowsThatAreGoneDoNotVerify) {
  over(R"j({"name": ["rsi"], "universe": "all"})j");
  const std::string commit = sql("select max(place) from indicator_runs");
  good("data", "revert", fmt::format(R"j({{"commit": {}, "yes": true}})j", commit.substr(0, commit.size() - 1)));
  const Outcome out = good("runs", "verify", R"j({"run": "r1"})j");
  ASSERT_TRUE(out.finding.has_value());
  EXPECT_THAT(render(*out.finding), AllOf(HasSubstr("E3004"), HasSubstr("rows: 0 are stored")));
}

}  // namespace
}  // namespace lode::flow
