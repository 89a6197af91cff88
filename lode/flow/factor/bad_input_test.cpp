// Input that cannot be right, line by line: a clear error, or a result that says what it left out and why.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::number;

class BadInput : public testing::Research {
 protected:
  BadInput() { import_market(); }

  // A file of values: `value` of each session and name, no row where it is empty.
  template <class F>
  std::string values(const std::string& name, F value) {
    std::string text = "date,symbol,value\n";
    const std::vector<Date> days = sessions();
    for (std::size_t t = 0; t < days.size(); ++t) {
      for (int column = 0; column < testing::kNames; ++column) {
        const std::string cell = value(t, column);
        text += cell.empty() ? "" : fmt::format("{},S{:02},{}\n", to_string(days[t]), column, cell);
      }
    }
    return write(name, text);
  }
  static std::string plain(std::size_t t, int column) {
    return std::to_string((static_cast<std::size_t>(column) * 37 + t * 11) % 29);
  }
  std::string eval_mistake(const std::string& path, const std::string& more = "") {
    return mistake("factor", "eval", fmt::format(R"j({{"values": "{}"{}}})j", path, more));
  }
  Outcome eval(const std::string& path, const std::string& more = "") {
    return good("factor", "eval", fmt::format(R"j({{"values": "{}"{}}})j", path, more));
  }
};

TEST_F(BadInput, AConstantFactorIsRefused) {
  EXPECT_THAT(eval_mistake(values("one.csv", [](auto, auto) { return "1"; })),
              AllOf(HasSubstr("E1114"), HasSubstr("on every date all names have the same value"), HasSubstr("help:")));
  EXPECT_THAT(mistake("factor", "eval", R"j({"formula": "close * 0"})j"), HasSubstr("E1114"));
  EXPECT_THAT(mistake("factor", "eval", R"j({"formula": "rank(volume)", "neutralize": "rank(volume)"})j"),
              AllOf(HasSubstr("E1114"), HasSubstr("constant")))
      << "taken out of itself nothing is left to rank";
}

TEST_F(BadInput, AnEmptyFactorIsRefused) {
  EXPECT_THAT(eval_mistake(values("nan.csv", [](auto, auto) { return "nan"; })),
              AllOf(HasSubstr("E1114"), HasSubstr("all 7,800 cells of 260 sessions and 30 names are missing")));
  EXPECT_THAT(eval_mistake(write("none.csv", "date,symbol,value\n")), HasSubstr("E2014"));
  EXPECT_THAT(mistake("factor", "eval", R"j({"formula": "ts_mean(close, 400)"})j"),
              HasSubstr("the window of ts_mean is 400 sessions, the history has 260 sessions"));
}

TEST_F(BadInput, FewerNamesThanQuantilesAreRefused) {
  const std::string path = values("few.csv", [](auto t, int column) { return column < 3 ? plain(t, column) : ""; });
  EXPECT_THAT(eval_mistake(path), AllOf(HasSubstr("E2102"), HasSubstr("at most 3 names on a date, 5 quantiles need")));
  EXPECT_EQ(number(eval(path, R"(, "quantiles": 3)"), "quantile.5d.q3.names"), 1.0);
}

TEST_F(BadInput, OneDateHasReasonsInsteadOfNumbers) {
  const Outcome out = eval(values("day.csv", [](auto t, int column) { return t == 90 ? plain(t, column) : ""; }));
  EXPECT_THAT(out.text, AllOf(HasSubstr("at 5 d: 1 date, needs 60"), HasSubstr("Cannot tell at 5 days")));
  EXPECT_TRUE(std::isnan(number(out, "rank_ic.5d.mean")));
  EXPECT_EQ(out.data.at_path("numbers.rank_ic.5d.mean.reason")->as_text(), "1 date, needs 60");
}

// A horizon without a single return takes nothing from the others.
TEST_F(BadInput, AHorizonBeyondTheDataIsMissingAlone) {
  const std::string path = values("v.csv", plain);
  const Outcome both = eval(path, R"(, "horizons": "5,259")");
  EXPECT_EQ(both.data.at_path("numbers.rank_ic.259d.mean.reason")->as_text(), "0 dates, needs 60");
  EXPECT_THAT(both.text, HasSubstr("at 259 d: 0 dates, needs 60"));
  EXPECT_EQ(number(both, "cells.259d.used"), 0.0);
  EXPECT_EQ(number(both, "rank_ic.5d.mean"), number(eval(path, R"(, "horizons": "5")"), "rank_ic.5d.mean"));
  EXPECT_THAT(eval_mistake(path, R"(, "horizons": "400")"),
              AllOf(HasSubstr("E2102"), HasSubstr("a 400-session return"), HasSubstr("a shorter horizon")));
}

TEST_F(BadInput, ADateTwiceIsRefusedWhereTheValuesDiffer) {
  const std::string rows = "date,symbol,value\n2020-03-02,S00,1\n2020-03-02,S01,2\n2020-03-02,S00,";
  EXPECT_THAT(eval_mistake(write("twice.csv", rows + "3\n")),
              AllOf(HasSubstr("E2012"), HasSubstr("line 4: S00 on 2020-03-02 was 1 before and is 3 here")));
  EXPECT_THAT(eval_mistake(write("missing.csv", rows + "\n")), HasSubstr("E2012")) << "a value and none differ";
}

// Names without a group are in the whole, in no group, and told of.
TEST_F(BadInput, NamesWithoutAGroupAreLeftOutOfGroupsAndTold) {
  const std::string path = values("v.csv", plain);
  const Outcome whole = eval(path, R"(, "group": "sector")");
  EXPECT_EQ(number(whole, "group_neutral.cells_without_group"), 0.0);
  std::string some = "symbol,scheme,sector,valid_from\n";
  for (int name = 0; name < 12; ++name) {
    some += fmt::format("S{:02},user:some,{},2020-01-02\n", name, name % 2 == 0 ? "Banks" : "Energy");
  }
  import("groups", some);
  const Outcome part = eval(path, R"(, "group": "sector", "scheme": "user:some")");
  EXPECT_EQ(number(part, "group_neutral.cells_without_group"), 18.0 * testing::kSessions);
  EXPECT_THAT(part.text, HasSubstr("4,680 factor values have no sector: in no group, and not in group-neutral"));
  EXPECT_EQ(number(part, "group.Banks.names"), 6.0);
  EXPECT_EQ(number(part, "rank_ic.5d.mean"), number(whole, "rank_ic.5d.mean"));
}

// The benchmark begins later than the factor: what is held against each other are the sessions where both are.
TEST_F(BadInput, ABenchmarkShorterThanTheFactorCountsItsSessions) {
  std::string text = "date,symbol,open,close\n";
  const std::vector<Date> days = sessions();
  for (std::size_t t = 150; t < days.size(); ++t) {
    const double price = 100.0 + static_cast<double>(t % 7);
    text += fmt::format("{},^IDX,{},{}\n", to_string(days[t]), price, price);
  }
  import("benchmark", text);
  const std::string path = values("v.csv", plain);
  const Outcome out = eval(path);
  const Value* sessions_of_both = out.data.at_path("numbers.benchmark.annual.n");
  ASSERT_NE(sessions_of_both, nullptr);
  EXPECT_GT(sessions_of_both->as_int(), 100);
  EXPECT_LT(sessions_of_both->as_int(), 110);
  EXPECT_TRUE(std::isfinite(number(out, "benchmark.beta")));
  const Outcome early = eval(path, fmt::format(R"(, "to": "{}")", to_string(days[190])));
  EXPECT_TRUE(std::isnan(number(early, "benchmark.beta")));
  EXPECT_THAT(early.data.at_path("numbers.benchmark.annual.reason")->as_text(), HasSubstr("needs 60"));
}

// A price that falls by all but nothing, and one that rises a thousandfold: a short side can lose more than it has.
TEST_F(BadInput, ReturnsOfMinusAHundredPercentEndAPathAtNothing) {
  std::string bars = "date,symbol,open,high,low,close,volume\n";
  const std::vector<Date> days = sessions();
  for (std::size_t t = 0; t < days.size(); ++t) {
    const double fallen = t < 120 ? 50.0 : 1e-7;
    const double risen = t < 180 ? 1.0 : 1e4;
    bars += fmt::format("{},DOWN,{},{},{},{},1000\n", to_string(days[t]), fallen, fallen, fallen, fallen);
    bars += fmt::format("{},UP,{},{},{},{},1000\n", to_string(days[t]), risen, risen, risen, risen);
  }
  import("bars", bars);
  const std::string path = values("v.csv", plain);
  std::string text = must(read_file(path));
  for (const Date day : days) text += fmt::format("{0},DOWN,99\n{0},UP,-99\n", to_string(day));
  const Outcome out = eval(write("w.csv", text), R"(, "quantiles": 16, "horizons": "1")");
  EXPECT_EQ(number(out, "path.net"), -1.0) << "all is lost, and no more";
  EXPECT_EQ(number(out, "fall.1.depth"), -1.0);
  for (const char* name : {"rank_ic.1d.mean", "rank_ic.1d.t_no_overlap", "ic.1d.mean"}) {
    EXPECT_TRUE(std::isfinite(number(out, name))) << name;
  }
}

// A price of 0 is no price: the row is set aside at the door, and the name's windows end at its last close.
TEST_F(BadInput, APriceOfZeroIsSetAsideAndToldOf) {
  const IngestReport report = import(
      "bars", "date,symbol,open,high,low,close,volume\n2021-02-01,S00,0,0,0,0,100\n2021-02-01,S01,-1,-1,-1,-1,100\n");
  EXPECT_EQ(sql("select count(*) from quarantine"), "2\n");
}

TEST_F(BadInput, WeightsThatAddUpToNothingGiveNoScoreAndSaySo) {
  const Outcome out =
      good("factor", "combine", R"j({"formula": ["rank(volume)", "-rank(volume)"], "method": "ic", "window": 80})j");
  EXPECT_THAT(out.text, HasSubstr("combine ic")) << "w and -w are two weights of one factor: they add up in the score";
  EXPECT_THAT(mistake("factor", "combine",
                      R"j({"formula": ["rank(volume)", "-rank(volume)"], "method": "equal", "window": 80})j"),
              HasSubstr("E1114"))
      << "equal weights of a factor and its opposite are 0 for every name";
}

// Infinities count as missing, and how many there were is told.
TEST_F(BadInput, InfinitiesAreCountedAndTold) {
  const Outcome out = eval(values("inf.csv", [](std::size_t t, int column) {
    return (t + static_cast<std::size_t>(column)) % 10 == 0 ? std::string(column % 2 == 0 ? "inf" : "-inf")
                                                            : plain(t, column);
  }));
  EXPECT_THAT(join(out.warnings, "\n"), HasSubstr("780 of 7,800 values are infinite and count as missing"));
  EXPECT_LT(number(out, "coverage.cells_factor"), number(out, "coverage.cells_universe"));
}

}  // namespace
}  // namespace lode::flow
