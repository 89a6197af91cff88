// Library formulas at the doors: lists, pages, values, judgement, and what is said of fields that are absent.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/library_factors.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class LibraryDoors : public testing::Research {
 protected:
  std::string panel() {
    std::string rows = "date,symbol,open,high,low,close,volume\n";
    for (int day = 2; day <= 9; ++day) {
      rows += fmt::format("2020-01-0{0},A,10,1{0},9,1{0},100\n2020-01-0{0},B,20,2{0},19,20,300\n", day);
    }
    return write("panel.csv", rows);
  }
  Result<Outcome> compute(const std::string& what) {
    return call("factor", "compute", fmt::format(R"j({{{}, "data": "{}"}})j", what, panel()));
  }
  // The value of a factor on a day, as its row has it.
  static std::string cell(const Outcome& out, const std::string& key) {
    const std::size_t at = out.payload.find(key);
    return at == std::string::npos ? "no row" : out.payload.substr(at, out.payload.find('\n', at) - at);
  }
};

TEST_F(LibraryDoors, ListTheLibrariesAndOneOfThem) {
  const Outcome all = *call("factor", "list", R"j({"libraries": true})j");
  EXPECT_THAT(all.text, AllOf(HasSubstr("alpha101"), HasSubstr("gtja191"), HasSubstr("qlib")));
  EXPECT_EQ(all.data.find("libraries")->as_array().size(), 6U);
  const Outcome one = *call("factor", "list", R"j({"library": "Alpha101"})j");
  EXPECT_EQ(one.data.find("formulas")->as_array().size(), 101U);
  EXPECT_EQ(one.data.at_path("formulas.41.name")->as_text(), "alpha101/042");
  EXPECT_EQ(one.data.at_path("formulas.41.history")->as_int(), 0);
  EXPECT_EQ(one.data.at_path("formulas.41.fields.1")->as_text(), "vwap");
  EXPECT_THAT(one.text, HasSubstr("alpha101/042"));
  EXPECT_THAT(call("factor", "list", R"j({"library": "gtja191"})j")->text, HasSubstr("gtja191/143 is not offered"));
}

TEST_F(LibraryDoors, EveryTextIsPlain) {
  for (const factor::Library& library : factor::libraries()) {
    const Outcome out = *list_library(library.id);
    EXPECT_TRUE(std::ranges::all_of(out.text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }))
        << library.id;
    for (const factor::Formula& formula : library.formulas) {
      const Outcome page = *show_library_formula(library.id + "/" + formula.id);
      EXPECT_TRUE(std::ranges::all_of(page.text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }))
          << formula.id;
    }
  }
}

TEST_F(LibraryDoors, ShowTellsAllOfOneFormula) {
  const Outcome out = *call("factor", "show", R"j({"name": "alpha101/042"})j");
  EXPECT_THAT(out.text, AllOf(HasSubstr("rank(vwap - close) / rank(close + vwap)"), HasSubstr("none: Qlib has no rank"),
                              HasSubstr("paper: what the appendix defines"), HasSubstr("close, vwap"),
                              HasSubstr("0 sessions"), HasSubstr("Kakushadze")));
  EXPECT_EQ(out.data.find("unit")->as_text(), "ratio");
  EXPECT_TRUE(out.data.find("qlib")->is_null()) << "what Qlib cannot run is not offered as Qlib's";
  const Outcome own = *call("factor", "show", R"j({"name": "alpha158/KUP"})j");
  EXPECT_EQ(own.data.find("qlib")->as_text(), "($high - Greater($close, $open)) / $open");
  const Outcome windows = *call("factor", "show", R"j({"name": "alpha158_lode/MA5"})j");
  EXPECT_THAT(windows.text, HasSubstr("Mean($close, 5) / $close (its windows may be short there: profile"));
  const Outcome repaired = *call("factor", "show", R"j({"name": "gtja191/054"})j");
  EXPECT_THAT(repaired.text, AllOf(HasSubstr("STD(ABS(CLOSE - OPEN))"), HasSubstr("STD has no window: 10")));
  const Outcome named = *call("factor", "show", R"j({"name": "named/CurrentRatio"})j");
  EXPECT_THAT(named.text, AllOf(HasSubstr("named/CR  current ratio"), HasSubstr("current_assets_q: current assets"),
                                HasSubstr("direction   +1"), HasSubstr("enters on the first decision")));
  EXPECT_EQ(call("factor", "show", R"j({"name": "alpha101/142"})j").error().number(), E::E9);
}

TEST_F(LibraryDoors, UnitsOfWhatShipsAreItsAuthorsChoice) {
  const Outcome out = *compute(R"j("library": "alpha158_lode")j");
  EXPECT_THAT(out.warnings, ::testing::Not(::testing::Contains(HasSubstr("W1301"))));
  EXPECT_THAT(compute(R"j("formula": ["log(volume + 1) + close"])j")->warnings,
              ::testing::Contains(HasSubstr("W1301")));
}

TEST_F(LibraryDoors, ComputeUnderTheLibrarysProfile) {
  const Outcome out = *compute(R"j("formula": ["alpha101/101", "alpha101/033"])j");
  EXPECT_EQ(cell(out, "2020-01-09,A,alpha101/101,"), "2020-01-09,A,alpha101/101,0.8999100089991001");  // 9 / 10.001
  EXPECT_EQ(cell(out, "2020-01-09,A,alpha101/033,"), "2020-01-09,A,alpha101/033,0.5");
  // Qlib's mean is that of the sessions there are, Lode's and the paper's wait for the fifth.
  EXPECT_EQ(cell(*compute(R"j("formula": ["alpha158/MA5"])j"), "2020-01-03,B,"), "2020-01-03,B,alpha158/MA5,1");
  EXPECT_EQ(cell(*compute(R"j("formula": ["alpha158_lode/MA5"])j"), "2020-01-03,B,"),
            "2020-01-03,B,alpha158_lode/MA5,");
  EXPECT_EQ(cell(*compute(R"j("formula": ["alpha158_lode/MA5"])j"), "2020-01-06,B,"),
            "2020-01-06,B,alpha158_lode/MA5,1");
}

TEST_F(LibraryDoors, AnotherProfileIsAskedForByName) {
  // Shares for money: alpha101/007 needs no amount under street.
  EXPECT_EQ(compute(R"j("formula": ["alpha101/007"])j").error().number(), E::E1113);
  EXPECT_TRUE(compute(R"j("formula": ["alpha101/007"], "profile": "street")j"));
}

TEST_F(LibraryDoors, OneCallHasOneProfile) {
  const auto mixed = compute(R"j("formula": ["alpha101/101", "alpha158/MA5"])j");
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().number(), E::E7);
  EXPECT_THAT(mixed.error().message(), HasSubstr("alpha101/101 is of paper, alpha158/MA5 of qlib"));
  const auto typed = compute(R"j("formula": ["alpha101/101", "rank(close)"])j");
  ASSERT_FALSE(typed);
  EXPECT_THAT(typed.error().message(), HasSubstr("alpha101/101 is of paper, 'rank(close)' of lode"));
  EXPECT_THAT(typed.error().hint(), HasSubstr("--profile paper"));
  EXPECT_TRUE(compute(R"j("formula": ["alpha101/101", "rank(close)"], "profile": "paper")j"));
}

TEST_F(LibraryDoors, AProfileThatIsNamedRulesALibraryAndTheAnswerSaysSo) {
  // lode is the usual profile: naming it still means it.
  const Outcome full = *compute(R"j("formula": ["alpha158/MA5"], "profile": "lode")j");
  EXPECT_EQ(cell(full, "2020-01-03,B,"), "2020-01-03,B,alpha158/MA5,");
  EXPECT_EQ(full.data.find("profile")->as_text(), "lode");
  EXPECT_THAT(full.warnings,
              ::testing::Contains("note: all under profile lode, as --profile says; alpha158/MA5 says qlib"));
  const Outcome own = *compute(R"j("formula": ["alpha158/MA5"])j");
  EXPECT_EQ(own.data.find("profile")->as_text(), "qlib");
  EXPECT_THAT(own.warnings, Not(::testing::Contains(HasSubstr("as --profile says"))));
}

TEST_F(LibraryDoors, ASettingIsForFormulasTypedByHandAlone) {
  const std::pair<std::string, std::string> variable("LODE_FACTOR_PROFILE", "street");
  must(parts.config.merge_environment({&variable, 1}));
  EXPECT_EQ(compute(R"j("formula": ["alpha101/101"])j")->data.find("profile")->as_text(), "paper");
  EXPECT_EQ(compute(R"j("formula": ["rank(close)"])j")->data.find("profile")->as_text(), "street");
  const Outcome asked = *compute(R"j("formula": ["alpha101/101"], "profile": "street")j");
  EXPECT_EQ(asked.data.find("profile")->as_text(), "street");
}

TEST_F(LibraryDoors, ShowReadsALibraryFormulaUnderTheProfileThatIsNamed) {
  const Outcome own = good("factor", "show", R"j({"name": "alpha158/MA5"})j");
  EXPECT_EQ(own.data.find("profile")->as_text(), "qlib");
  const Outcome asked = good("factor", "show", R"j({"name": "alpha158/MA5", "profile": "lode"})j");
  EXPECT_EQ(asked.data.find("profile")->as_text(), "lode");
  EXPECT_NE(asked.data.find("hash")->as_text(), own.data.find("hash")->as_text());
  EXPECT_THAT(asked.text, HasSubstr("profile     lode, as --profile says; of the library qlib"));
}

TEST_F(LibraryDoors, AWholeLibraryTellsWhichFieldsAreAbsent) {
  const Outcome out = *compute(R"j("library": "alpha101")j");
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E3005);
  const std::string told = out.finding->note();
  EXPECT_THAT(told, HasSubstr("needs field vwap, absent in this data: alpha101/005"));
  EXPECT_THAT(told, HasSubstr("needs field cap, absent in this data: alpha101/056"));
  EXPECT_EQ(cell(out, "2020-01-09,A,alpha101/101,"), "2020-01-09,A,alpha101/101,0.8999100089991001");
  EXPECT_THAT(out.payload, Not(HasSubstr("alpha101/056")));
}

TEST_F(LibraryDoors, ANamedFactorWithoutItsInputIsNeverMadeUp) {
  const auto ratio = compute(R"j("formula": ["named/PEG"])j");
  ASSERT_FALSE(ratio);
  EXPECT_EQ(ratio.error().number(), E::E1113);
  EXPECT_THAT(ratio.error().message(), HasSubstr("named/PEG needs field eps_ttm, absent in this data"));
  const Outcome all = *compute(R"j("library": "named")j");
  EXPECT_EQ(cell(all, "2020-01-09,A,named/VOLUME,"), "2020-01-09,A,named/VOLUME,100");
  EXPECT_THAT(all.finding->note(), HasSubstr("needs field board_age, absent in this data: named/BA"));
}

TEST_F(LibraryDoors, EvalJudgesUnderTheLibrarysProfileAndNamesTheFormula) {
  import_market();
  const Outcome out = good("factor", "eval", R"j({"formula": "Alpha101/012", "horizons": "5"})j");
  EXPECT_EQ(out.data.find("factor")->as_text(), "alpha101/012");
  EXPECT_THAT(out.text, HasSubstr("alpha101/012  all"));
  const Outcome typed = good("factor", "eval",
                             R"j({"formula": "sign(delta(volume, 1)) * (-1 * delta(close, 1))", "horizons": "5",
                                  "profile": "paper"})j");
  EXPECT_EQ(testing::number(out, "rank_ic.5d.mean"), testing::number(typed, "rank_ic.5d.mean"));
  const auto absent = call("factor", "eval", R"j({"formula": "alpha101/056", "horizons": "5"})j");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().number(), E::E1113);
  EXPECT_THAT(absent.error().message(), HasSubstr("alpha101/056: the field cap is absent in this lake"));
}

TEST_F(LibraryDoors, AWholeLibraryOverALake) {
  import_market();
  const Outcome out = good(
      "factor", "compute",
      R"j({"library": "alpha158_lode", "universe": "all", "from": "2021-01-04", "to": "2021-01-05", "format": "csv"})j");
  ASSERT_TRUE(out.finding);
  EXPECT_THAT(out.finding->note(), HasSubstr("needs field vwap, absent in this data: alpha158_lode/VWAP0"));
  EXPECT_THAT(out.payload, AllOf(HasSubstr("2021-01-05,S07,alpha158_lode/ROC60,"), Not(HasSubstr("VWAP0"))));
}

TEST_F(LibraryDoors, NeitherFormulaNorLibraryIsAnError) {
  EXPECT_EQ(compute(R"j("precision": "f32")j").error().number(), E::E3);
  EXPECT_EQ(compute(R"j("library": "alpha11")j").error().number(), E::E9);
}

TEST_F(LibraryDoors, AMisspeltLibraryIsNamed) {
  const auto typed = compute(R"j("formula": ["alhpa101/042"])j");
  ASSERT_FALSE(typed);
  EXPECT_THAT(typed.error().hint(), HasSubstr("did you mean 'alpha101'?"));
}

TEST_F(LibraryDoors, AStoredFactorMayNotTakeALibrarysName) {
  const auto added = call("factor", "add", R"j({"name": "alpha101/200", "formula": "rank(close)"})j");
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message(), HasSubstr("'alpha101/200' is the name of a formula that ships"));
}

}  // namespace
}  // namespace lode::flow
