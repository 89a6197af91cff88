// Combinations: the weights of the core on this lake, nothing of the future, one trial, computed again with equal bits.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/base/text.h"
#include "lode/flow/steps/combine/combined.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using testing::number;

class Combine : public testing::Research {
 protected:
  Combine() { import_market(); }
  Outcome combine(const std::string& more) {
    return good("factor", "combine",
                fmt::format(R"j({{"formula": ["rank(volume)", "rank(close/open)"], "window": 80{}}})j", more));
  }
};

// Equal weights are the mean of the z-scores there are, which the language can say.
TEST_F(Combine, EqualIsTheMeanOfZScores) {
  const Outcome out = good("factor", "combine", R"j({"formula": ["log(volume)", "close/open"], "method": "equal"})j");
  const Outcome typed = good("factor", "eval", R"j({"formula": "zscore(log(volume)) + zscore(close/open)"})j");
  EXPECT_EQ(number(out, "rank_ic.5d.mean"), number(typed, "rank_ic.5d.mean"));
  EXPECT_EQ(number(out, "spread.5d.gross_annual"), number(typed, "spread.5d.gross_annual"));
  EXPECT_EQ(out.data.at_path("weights.0.mean")->as_double(), 0.5);
}

TEST_F(Combine, EveryMethodIsJudgedAndPassesThePrefixTest) {
  for (const char* method : {"equal", "ic", "icir", "t", "r2", "beta", "ridge", "max_ir", "pca"}) {
    const Outcome out = combine(fmt::format(R"(, "method": "{}")", method));
    EXPECT_EQ(out.data.at_path("checks.0.id")->as_text(), "look_ahead") << method;
    EXPECT_EQ(out.data.at_path("checks.0.state")->as_text(), "passed") << method;
    EXPECT_THAT(out.text, HasSubstr(fmt::format("combine {}", method)));
  }
}

// Cutting the data off after a day changes no value up to it.
TEST_F(Combine, ValuesOfADayAreThoseOfALakeThatEndsThere) {
  const std::string all = parts.folder + "/all.csv";
  const std::string cut = parts.folder + "/cut.csv";
  combine(fmt::format(R"(, "method": "ic", "output": "{}")", all));
  combine(fmt::format(R"(, "method": "ic", "to": "2020-11-30", "output": "{}")", cut));
  const std::string whole = must(read_file(all));
  const std::string early = must(read_file(cut));
  ASSERT_GT(early.size(), 10'000U);
  EXPECT_THAT(early, HasSubstr("2020-11-30"));
  EXPECT_EQ(whole.substr(0, early.size()), early);
}

TEST_F(Combine, IsOneTrialAndComputesAgain) {
  const Outcome first = combine(R"(, "method": "icir")");
  EXPECT_EQ(first.data.at_path("trials")->as_int(), 1);
  EXPECT_EQ(combine(R"(, "method": "icir")").data.at_path("trials")->as_int(), 1);
  EXPECT_EQ(combine(R"(, "method": "ridge", "ridge": 0.5)").data.at_path("trials")->as_int(), 2);
  EXPECT_THAT(good("runs", "verify", R"j({"run": "r1"})j").text, HasSubstr("bit-identical"));
  EXPECT_THAT(good("runs", "verify", R"j({"run": "last"})j").text, HasSubstr("bit-identical"));
}

TEST_F(Combine, ItsValuesAreJudgedLikeAnyOwnNumbers) {
  const std::string path = parts.folder + "/combined.csv";
  const Outcome out = combine(fmt::format(R"(, "method": "ic", "output": "{}")", path));
  const Outcome own = good("factor", "eval", fmt::format(R"j({{"values": "{}"}})j", path));
  EXPECT_EQ(number(own, "rank_ic.5d.mean"), number(out, "rank_ic.5d.mean"));
}

TEST_F(Combine, WeightsGoToAFile) {
  const std::string path = parts.folder + "/weights.csv";
  combine(fmt::format(R"(, "method": "ic", "weights": "{}")", path));
  const std::string text = must(read_file(path));
  EXPECT_THAT(text, HasSubstr("date,factor,weight\n2020-01-02,\"rank(volume)\",\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 2 * testing::kSessions);
}

// A sum of what later splits move is moved by them, whichever part it is.
TEST_F(Combine, APartThatComparesLevelsFailsAndIsNamed) {
  import("actions", "ex_date,symbol,kind,ratio\n2020-09-01,S03,split,20\n2020-11-02,S25,split,30\n");
  const auto levels_of = [&](const char* formulas) {
    const Outcome out =
        good("factor", "combine", fmt::format(R"j({{"formula": {}, "method": "equal", "window": 80}})j", formulas));
    const Value* checks = out.data.find("checks");
    for (const Value& check : checks->as_array()) {
      if (check.find("id")->as_text() == "levels") {
        return std::pair(check.find("state")->as_text(), join(out.warnings, "\n"));
      }
    }
    return std::pair(std::string("no such check"), std::string());
  };
  EXPECT_EQ(levels_of(R"j(["close/open", "high/low"])j").first, "passed");
  const auto [state, warnings] = levels_of(R"j(["close/open", "rank(close)", "high/low"])j");
  EXPECT_EQ(state, "failed");
  EXPECT_THAT(warnings, HasSubstr("rank(close) compares price or share levels"));
}

TEST_F(Combine, EndsBeforeTheVault) {
  good("data", "vault", R"j({"from": "2020-11-02"})j");
  EXPECT_EQ(combine("").data.at_path("last")->as_text(), "2020-10-30");
  EXPECT_THAT(mistake("factor", "combine", R"j({"formula": ["rank(volume)", "rank(close)"], "to": "2020-12-31"})j"),
              HasSubstr("vault"));
}

TEST_F(Combine, MistakesAreNamed) {
  EXPECT_THAT(mistake("factor", "combine", R"j({"formula": ["rank(volume)"]})j"), HasSubstr("1 factor is given"));
  EXPECT_THAT(mistake("factor", "combine", R"j({"formula": ["rank(volume)", "rank(clsoe)"]})j"), HasSubstr("clsoe"));
  EXPECT_THAT(mistake("factor", "combine", R"j({"formula": ["volume", "close"], "method": "best"})j"),
              HasSubstr("method"));
  EXPECT_THAT(mistake("factor", "combine", R"j({"formula": ["volume", "close"], "window": 3})j"),
              HasSubstr("expected 20 to 2520"));
  EXPECT_THAT(mistake("factor", "combine", R"j({"formula": ["volume", "delay(close, -1)"]})j"), HasSubstr("E1107"));
  EXPECT_THAT(mistake("factor", "combine", R"j({"formula": ["volume", "close"], "to": "2020-02-14"})j"),
              HasSubstr("E1114"));
}

}  // namespace
}  // namespace lode::flow
