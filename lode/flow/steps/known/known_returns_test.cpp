// Files of known returns: French's library as it comes, columns of one's own, rows beside the book, and what is
// refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/known/known_returns.h"

#include <gmock/gmock.h>

#include <cmath>

#include "lode/flow/steps/research/research_testing.h"
#include "lode/market/test_data.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::number_of;

class KnownReturnsOf : public testing::Research {
 protected:
  std::string refused(const std::string& text) {
    const Result<KnownFile> file = read_known_file(write("known.csv", text));
    return file ? "no error" : render(file.error());
  }
};

// Words before, a blank header cell, percent, codes for missing, a lone CR, words after.
constexpr const char* kLibrary =
    "This file was created by CMPT_ME_BEME_RETS_DAILY using the 202307 CRSP database.\r\n\r\n"
    ",Mkt-RF,SMB,HML,RF\r\n"
    "20200102,    0.86,   -0.97,   -0.34,   0.006\r"
    "20200103,   -0.67,  -99.99,    0.00,   0.006\n"
    "20200106,    0.36,   -0.20, -999,   0.006\n"
    "\nCopyright 2023 Kenneth R. French\n";

TEST_F(KnownReturnsOf, ReadsTheLibraryAsItComes) {
  const KnownFile file = must(read_known_file(write("F-F.csv", kLibrary)));
  EXPECT_THAT(file.names, ElementsAre("Mkt-RF", "SMB", "HML"));
  ASSERT_EQ(file.dates.size(), 3U);
  EXPECT_EQ(to_string(file.dates[1]), "2020-01-03");
  EXPECT_DOUBLE_EQ(file.returns[0][0], 0.0086);
  EXPECT_TRUE(std::isnan(file.returns[1][1]));
  EXPECT_TRUE(std::isnan(file.returns[2][2]));
  EXPECT_EQ(file.returns[2][1], 0.0);
}

TEST_F(KnownReturnsOf, ReadsColumnsOfRatios) {
  const KnownFile file = must(read_known_file(write("own.csv", "date,mine,RF\n2020-01-03,0.01,0\n2020-01-02,,0\n")));
  EXPECT_THAT(file.names, ElementsAre("mine"));
  EXPECT_EQ(to_string(file.dates[0]), "2020-01-02");
  EXPECT_TRUE(std::isnan(file.returns[0][0]));
  EXPECT_EQ(file.returns[0][1], 0.01);
}

TEST_F(KnownReturnsOf, RefusesWhatWouldBeReadWrongly) {
  EXPECT_THAT(refused(",Mkt-RF\n202001, 0.1\n"), HasSubstr("is a month or a year, expected days"));
  EXPECT_THAT(refused(",Mkt-RF\n20200102, 0.1\n20200102, 0.1\n"), HasSubstr("does not follow"));
  EXPECT_THAT(refused(",Mkt-RF\n20200102, x\n"), HasSubstr("is no number"));
  EXPECT_THAT(refused(",Mkt-RF,SMB\n20200102, 0.1\n"), HasSubstr("has 2 cells, expected 3"));
  EXPECT_THAT(refused(",RF\n20200102, 0.1\n"), HasSubstr("RF alone is none"));
  EXPECT_THAT(refused("date,a\n2020-01-02,-1.5\n"), HasSubstr("divide percent by 100"));
  EXPECT_THAT(refused("a,b\n0.1,0.2\n"), HasSubstr("has no column of dates"));
  EXPECT_THAT(refused(",SMB,SMB\n20200102, 0.1, 0.1\n"), HasSubstr("'SMB' names two columns"));
  EXPECT_THAT(refused(",SMB,\n20200102, 0.1, 0.1\n"), HasSubstr("has no name"));
  EXPECT_THAT(refused(""), HasSubstr("error["));
}

TEST_F(KnownReturnsOf, StandOnTheRowWhoseBookEarnsThem) {
  const KnownFile file = must(read_known_file(write("F-F.csv", kLibrary)));
  const std::vector<Date> days{Date::from_civil(2020, 1, 2), Date::from_civil(2020, 1, 3),
                               Date::from_civil(2020, 1, 6)};
  const auto open = on_rows(file, days, evaluate::Convention::kNextOpen);
  EXPECT_DOUBLE_EQ(open[0].returns[0], -0.0067);
  EXPECT_DOUBLE_EQ(open[0].returns[1], 0.0036);
  EXPECT_TRUE(std::isnan(open[0].returns[2]));
  const auto close = on_rows(file, days, evaluate::Convention::kNextClose);
  EXPECT_DOUBLE_EQ(close[0].returns[0], 0.0036);
  EXPECT_TRUE(std::isnan(close[0].returns[1]));
  EXPECT_DOUBLE_EQ(on_rows(file, days, evaluate::Convention::kCloseToClose)[0].returns[0], -0.0067);
}

// The exposures of a run: in its numbers, found again, walked back to the file, computed again to the bit.
TEST_F(KnownReturnsOf, BecomeNumbersOfTheRun) {
  import_market();
  std::string text = "date,market\n";
  Random random(4, 2);
  for (const Date day : sessions()) {
    text += fmt::format("{},{:.6f}\n", to_string(day), 0.01 * random.next_normal());
  }
  const std::string path = write("market.csv", text);
  const std::string asked = fmt::format(R"j({{"formula": "rank(volume)", "known-returns": "{}"}})j", path);
  const Outcome out = good("factor", "eval", asked);
  EXPECT_THAT(out.text, HasSubstr("Beside known returns "));
  EXPECT_THAT(out.text, HasSubstr("betas market "));
  const Value* beta = out.data.at_path("numbers.known.market.beta.value");
  ASSERT_NE(beta, nullptr);
  EXPECT_LT(out.data.at_path("numbers.known.market.beta.lower")->as_double(), beta->as_double());
  EXPECT_EQ(good("factor", "eval", asked).data.at_path("run")->as_text(), "r1") << "found, not computed again";
  EXPECT_EQ(good("factor", "eval", R"j({"formula": "rank(volume)"})j").data.at_path("numbers.known"), nullptr);
  const std::string why = good("", "why", R"j({"id": "r1.known.market.beta"})j").text;
  EXPECT_THAT(why, HasSubstr("+- known returns"));
  EXPECT_THAT(why, HasSubstr("market.csv"));
  EXPECT_THAT(good("", "why", R"j({"id": "r1.rank_ic.5d.mean"})j").text, ::testing::Not(HasSubstr("known returns")));
  EXPECT_THAT(good("runs", "verify", R"j({"run": "r1"})j").text, HasSubstr("bit-identical"));
}

TEST_F(KnownReturnsOf, OfTheRecordedLibraryAreRead) {
  LODE_NEEDS_DATA("ff-factors");
  const std::string folder = test_data("ff-factors");
  const KnownFile file = must(read_known_file(folder + "/F-F_Research_Data_Factors_daily.CSV.gz"));
  EXPECT_THAT(file.names, ElementsAre("Mkt-RF", "SMB", "HML"));
  EXPECT_EQ(to_string(file.dates.front()), "1926-07-01");
  EXPECT_DOUBLE_EQ(file.returns[0][0], 0.001);
  for (const char* name : {"F-F_Research_Data_5_Factors_2x3_daily", "F-F_Momentum_Factor_daily",
                           "F-F_ST_Reversal_Factor_daily", "F-F_LT_Reversal_Factor_daily"}) {
    EXPECT_GT(must(read_known_file(fmt::format("{}/{}.CSV.gz", folder, name))).dates.size(), 10'000U) << name;
  }
}

}  // namespace
}  // namespace lode::flow
