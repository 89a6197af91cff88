// Preparation as options: the formula each makes, the same numbers as typing it, and a user's own numbers prepared.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/prepare/preparation.h"

#include <gmock/gmock.h>

#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::number;

TEST(Preparation, StepsStandAroundTheFormulaInTheirOrder) {
  EXPECT_EQ(prepared_text({}, "rank(close)", {}), "rank(close)");
  EXPECT_EQ(prepared_text({.fill = 5, .winsorize = "mad", .normalize = "zscore", .neutralize = {}}, "x", {}),
            "zscore(winsorize_mad(ffill(x, limit=5)))");
  EXPECT_EQ(prepared_text({.fill = 0, .winsorize = "0.01", .normalize = "", .neutralize = {"sector"}}, "x", {"sector"}),
            "indneutralize(winsorize(x, 0.01), sector)");
  EXPECT_EQ(prepared_text({.fill = 0, .winsorize = "", .normalize = "rank", .neutralize = {"size"}}, "x", {"log(cap)"}),
            "rank(neutralize(rank(x), log(cap)))");
  EXPECT_EQ(prepared_text({}, "x", {"volume", "sector", "close/open"}),
            "group_neutralize_on(x, sector, volume, close/open)");
}

TEST(Preparation, CommasInsideAFormulaDoNotSplitIt) {
  EXPECT_THAT(must(split_formulas("sector, rank(ts_mean(volume, 5)) ,beta")),
              ElementsAre("sector", "rank(ts_mean(volume, 5))", "beta"));
  EXPECT_FALSE(split_formulas("sector,,beta"));
}

class Prepared : public testing::Research {
 protected:
  Prepared() { import_market(); }
  void expect_same(const std::string& options, const std::string& formula) {
    const Outcome by_options =
        good("factor", "eval", fmt::format(R"j({{"formula": "volume/ts_mean(volume,5)", {}}})j", options));
    const Outcome typed = good("factor", "eval", fmt::format(R"j({{"formula": "{}"}})j", formula));
    EXPECT_EQ(to_json(*by_options.data.find("numbers")), to_json(*typed.data.find("numbers"))) << options;
    EXPECT_EQ(by_options.data.at_path("hash")->as_text(), typed.data.at_path("hash")->as_text()) << options;
  }
};

TEST_F(Prepared, OptionsAreTheOperatorsOfTheLanguage) {
  expect_same(R"("winsorize": "mad", "normalize": "zscore")", "zscore(winsorize_mad(volume/ts_mean(volume,5)))");
  expect_same(R"j("neutralize": "sector, ts_std(returns, 20)")j",
              "group_neutralize_on(volume/ts_mean(volume,5), sector, ts_std(returns,20))");
  expect_same(R"("fill": 3, "winsorize": "0.05", "normalize": "rank")",
              "rank(winsorize(ffill(volume/ts_mean(volume,5), limit=3), 0.05))");
}

// A factor that was taken out leaves nothing of itself.
TEST_F(Prepared, WhatIsTakenOutIsGone) {
  good("factor", "add", R"j({"name": "heavy", "formula": "volume/ts_mean(volume,5)"})j");
  const Outcome out = good("factor", "eval", R"j({"formula": "rank(close/open)", "neutralize": "heavy,sector"})j");
  EXPECT_EQ(out.data.at_path("request.formula")->as_text(),
            "group_neutralize_on(rank(close / open), sector, volume / ts_mean(volume, 5))");
}

TEST_F(Prepared, EveryPreparationIsATrial) {
  good("factor", "eval", R"j({"formula": "rank(volume)"})j");
  EXPECT_EQ(good("factor", "eval", R"j({"formula": "rank(volume)", "neutralize": "sector"})j")
                .data.at_path("trials")
                ->as_int(),
            2);
}

TEST_F(Prepared, AUsersOwnNumbersGoTheSameWay) {
  std::string text = "date,symbol,value\n";
  const std::vector<Date> days = sessions();
  for (std::size_t t = 0; t < days.size(); ++t) {
    for (int name = 0; name < testing::kNames; ++name) {
      const double value = static_cast<double>((static_cast<std::size_t>(name) * 37 + t * 11) % 29);
      text += fmt::format("{},S{:02},{}\n", to_string(days[t]), name, name == 7 ? value * 1000.0 : value);
    }
  }
  const std::string path = write("own.csv", text);
  const auto eval = [&](const std::string& more) {
    return good("factor", "eval", fmt::format(R"j({{"values": "{}"{}}})j", path, more));
  };
  const Outcome plain = eval("");
  const Outcome clipped = eval(R"(, "winsorize": "mad", "normalize": "zscore")");
  EXPECT_NE(number(plain, "ic.5d.mean"), number(clipped, "ic.5d.mean"));
  EXPECT_NE(plain.data.at_path("hash")->as_text(), clipped.data.at_path("hash")->as_text());
  EXPECT_EQ(clipped.data.at_path("trials")->as_int(), 2);
  EXPECT_THAT(clipped.text, HasSubstr("own.csv, prepared: zscore(winsorize_mad(values))"));
  // Ranks know nothing of how far an outlier lies.
  EXPECT_EQ(number(plain, "rank_ic.5d.mean"), number(eval(R"(, "normalize": "rank")"), "rank_ic.5d.mean"));
  const Outcome neutral = eval(R"(, "neutralize": "sector")");
  EXPECT_EQ(neutral.data.at_path("request.neutralize")->as_text(), "sector");
  EXPECT_THAT(good("runs", "verify", R"j({"run": "last"})j").text, HasSubstr("bit-identical"));
  EXPECT_EQ(eval(R"(, "neutralize": "sector")").data.at_path("run")->as_text(), neutral.data.at_path("run")->as_text());
}

TEST_F(Prepared, MistakesAreNamed) {
  const auto wrong = [&](const std::string& option) {
    return mistake("factor", "eval", fmt::format(R"j({{"formula": "volume", {}}})j", option));
  };
  EXPECT_THAT(wrong(R"("winsorize": "0.7")"), HasSubstr("expected mad, or a share above 0 and below 0.5"));
  EXPECT_THAT(wrong(R"("neutralize": "sector,industry")"), HasSubstr("two levels of groups"));
  EXPECT_THAT(wrong(R"("neutralize": "size")"), HasSubstr("E1113"));
  EXPECT_THAT(wrong(R"("normalize": "robust")"), HasSubstr("zscore"));
  EXPECT_THAT(wrong(R"("fill": 1000)"), HasSubstr("--fill"));
}

TEST_F(Prepared, RankingsAndComparisonsTakeIt) {
  const Outcome out =
      good("factor", "rank", R"j({"formula": ["rank(volume)", "rank(close/open)"], "neutralize": "sector"})j");
  const Outcome one = good("factor", "eval", R"j({"formula": "rank(volume)", "neutralize": "sector"})j");
  for (const Value& row : out.data.at_path("factors")->as_array()) {
    if (row.at_path("factor")->as_text() == "rank(volume)") {
      EXPECT_EQ(row.at_path("rank_ic")->as_double(), number(one, "rank_ic.5d.mean"));
    }
  }
}

}  // namespace
}  // namespace lode::flow
