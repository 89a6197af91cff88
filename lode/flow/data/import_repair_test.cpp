// lode data import --repair from file to check: what is mended, what is told of it, and that both versions stay.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/flow/steps/store/files.h"
#include "lode/flow/verb_testing.h"
#include "lode/market/calendar.h"
#include "lode/market/quality.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::number_of;

// Pence for pounds on two days, whose high came in pounds on the first of them.
constexpr std::string_view kOff =
    "date,symbol,open,high,low,close,volume\n"
    "2024-01-02,AAA,88.5,90,88,89.2,100\n"
    "2024-01-03,AAA,0.881,90,0.88,0.887,120\n"
    "2024-01-04,AAA,0.89,0.9,0.88,0.891,130\n"
    "2024-01-05,AAA,88.5,90,88,89,140\n";

class ImportRepair : public testing::Verbs {
 protected:
  std::string write(const std::string& name, std::string_view bytes) {
    const std::string path = parts.folder + "/" + name;
    must(write_file(path, bytes));
    return path;
  }
  Result<Outcome> bring(const std::string& path, bool repair, const std::string& table = "bars") {
    Value raw = Value::object();
    Value list = Value::array();
    list.push(path);
    raw.set("path", std::move(list));
    raw.set("table", table);
    raw.set("mic", "XNYS");
    raw.set("repair", repair);
    return run_flow(world, *find_flow("data", "import"), raw);
  }
  std::string closes() { return sql("select close from bars order by session"); }
};

TEST_F(ImportRepair, LeavesPricesAsReadUnlessTold) {
  const Outcome outcome = must(bring(write("a.csv", kOff), false));
  EXPECT_THAT(outcome.text, HasSubstr("  repaired          0   Lode repairs nothing unless told: --repair\n"));
  EXPECT_THAT(outcome.text, HasSubstr("2 bars in suspected unit errors\n"));
  EXPECT_EQ(outcome.data.find("repaired")->as_int(), 0);
  EXPECT_EQ(closes(), "89.2\n0.887\n0.891\n89\n");
}

TEST_F(ImportRepair, MendsWhatIsOffAndKeepsTheRest) {
  const Outcome outcome = must(bring(write("a.csv", kOff), true));
  EXPECT_THAT(outcome.text, HasSubstr("  kept              4   1 symbol, 2024-01-02 .. 2024-01-05, daily, XNYS\n"));
  EXPECT_THAT(outcome.text,
              HasSubstr("  repaired          2   bars in suspected unit errors, prices divided by a power "
                        "of ten: lode data check\n"));
  EXPECT_EQ(outcome.data.find("repaired")->as_int(), 2);
  EXPECT_EQ(outcome.data.find("kept")->as_int(), 4);
  EXPECT_EQ(outcome.data.at_path("files.0.repaired")->as_int(), 2);
  EXPECT_EQ(outcome.data.at_path("repairs.0.close_was")->as_double(), 0.887);
  EXPECT_EQ(outcome.data.at_path("repairs.0.close")->as_double(), 88.7);
  EXPECT_EQ(outcome.data.at_path("repairs.0.line")->as_int(), 3);
  EXPECT_EQ(sql("select open, high, low, close, volume from bars order by session"),
            "88.5,90,88,89.2,100\n88.1,90,88,88.7,120\n89,90,88,89.1,130\n"
            "88.5,90,88,89,140\n");
  EXPECT_EQ(sql("select flags, raw_line from bars order by session"),
            "0000000000000000,2\n0000000000000300,3\n0000000000000300,4\n0000000000000000,5\n")
      << "the move out of the error is none any more";
  const Outcome shown = good("data", "show", R"({"table":"bars","symbol":"AAA"})");
  EXPECT_THAT(shown.text, HasSubstr("unit_error,repaired"));
}

TEST_F(ImportRepair, CheckTellsWhatTheyWere) {
  const std::string path = write("a.csv", kOff);
  must(bring(path, true));
  const Outcome check = must(call("data", "check", "{}"));
  EXPECT_THAT(check.text,
              HasSubstr(fmt::format("repaired       2  AAA 2024-01-03 0.887 -> 88.7 (line 3 of {})\n", path)));
  EXPECT_EQ(check.data.at_path("measures.anomalies.value")->as_double(), 0.0) << "what was mended is none";
  const Value* flags = check.data.find("flags");
  ASSERT_NE(flags, nullptr);
  const Value& repaired = flags->as_array().back();
  EXPECT_EQ(repaired.find("flag")->as_text(), "repaired");
  EXPECT_EQ(repaired.find("rows")->as_int(), 2);
  EXPECT_EQ(repaired.find("examples")->as_array()[1].find("close_was")->as_double(), 0.891);
  EXPECT_EQ(repaired.find("examples")->as_array()[1].find("line")->as_int(), 4);
}

TEST_F(ImportRepair, BothVersionsStayAndTheLaterImportStands) {
  const std::string path = write("a.csv", kOff);
  const std::string read = "89.2\n0.887\n0.891\n89\n", mended = "89.2\n88.7\n89.1\n89\n";
  must(bring(path, false));
  EXPECT_EQ(closes(), read);
  parts.clock.advance(24 * 3'600 * kNanosPerSecond);
  const Outcome repaired = must(bring(path, true));
  EXPECT_EQ(repaired.data.find("kept")->as_int(), 2);
  EXPECT_EQ(repaired.data.find("corrected")->as_int(), 2);
  EXPECT_EQ(repaired.data.find("dropped")->as_int(), 2);
  EXPECT_EQ(closes(), mended);
  EXPECT_THAT(must(call("data", "check", "{}")).text,
              HasSubstr("  flagged move, none by the bars that stand now       1  AAA 2024-01-05: 89.1 -> 89\n"))
      << "the bar behind the run was stored with the flag and did not change";
  EXPECT_TRUE(must(bring(path, true)).data.find("repeated")->as_bool()) << "again changes nothing";
  const auto as_of = [&](const char* day) {
    return good("data", "show", fmt::format(R"({{"table":"bars","as-of":"{}","format":"csv"}})", day)).text;
  };
  EXPECT_THAT(as_of("2024-06-28"), HasSubstr("0.887")) << "before it was repaired it was read so";
  parts.clock.advance(24 * 3'600 * kNanosPerSecond);
  const Outcome back = must(bring(path, false));
  EXPECT_FALSE(back.data.find("repeated")->as_bool()) << "the lake holds another version since";
  EXPECT_EQ(back.data.find("corrected")->as_int(), 2);
  EXPECT_EQ(closes(), read);
  EXPECT_TRUE(must(bring(path, false)).data.find("repeated")->as_bool());
  parts.clock.advance(24 * 3'600 * kNanosPerSecond);
  must(bring(path, true));
  EXPECT_EQ(closes(), mended) << "and so on";
  must(call("data", "revert", R"({"commit":4,"yes":true})"));
  EXPECT_EQ(closes(), read) << "a repair can be reverted";
}

TEST_F(ImportRepair, TellsOfNothingToMendAndOfWhatItLeft) {
  const Outcome none = must(bring(write("n.csv", testing::kBars), true));
  EXPECT_THAT(none.text, HasSubstr("  repaired          0   no suspected unit errors\n"));
  std::string third(kOff);
  third.replace(third.find("0.881,90,"), 9, "0.881,9000,");
  const Outcome left = must(bring(write("t.csv", third), true));
  EXPECT_THAT(left.text,
              HasSubstr("  repaired          1   bar in a suspected unit error, prices divided by a power of "
                        "ten, 1 more stands as read: lode data check\n"));
}

TEST_F(ImportRepair, ASplitAmongTheDaysLeavesThem) {
  import("actions", "ex_date,symbol,kind,ratio\n2024-01-03,AAA,split,100\n");
  const Outcome outcome = must(bring(write("a.csv", kOff), true));
  EXPECT_THAT(outcome.text,
              HasSubstr("  repaired          0   2 bars in suspected unit errors stand as read: lode data check\n"));
  EXPECT_EQ(closes(), "89.2\n0.887\n0.891\n89\n");
}

TEST_F(ImportRepair, ThePriceByVolumeComesAlongAndOtherColumnsStay) {
  must(bring(write("a.csv",
                   "date,symbol,close,volume,vwap,amount,trades\n2024-01-02,AAA,89.2,100,89.1,8910,7\n"
                   "2024-01-03,AAA,0.887,100,0.886,88.6,7\n2024-01-04,AAA,89,100,89.1,8910,7\n"),
             true));
  EXPECT_EQ(sql("select close, vwap, amount, trades, open from bars order by session"),
            "89.2,89.1,8910,7,\n88.7,88.6,88.6,7,\n89,89.1,8910,7,\n");
}

TEST_F(ImportRepair, ConcernsBarsOnly) {
  const std::string path = write("s.csv", "ex_date,symbol,kind,ratio\n2024-01-03,AAA,split,100\n");
  const Result<Outcome> outcome = bring(path, true, "actions");
  EXPECT_EQ(number_of(outcome), E::E4);
  EXPECT_THAT(render(outcome.error()), HasSubstr("--repair mends prices of bars, and the table is actions"));
  EXPECT_THAT(must(bring(path, false, "actions")).text, Not(HasSubstr("repaired")));
}

// The newest bar cannot be mended: what brings it back has not come. The next import shows it, and says what to do.
TEST_F(ImportRepair, AnErrorThatLaterBarsShowIsToldByCheck) {
  const std::string header = "date,symbol,open,high,low,close,volume\n";
  const std::string first =
      write("a.csv", header + "2024-01-02,AAA,88.5,90,88,89.2,1\n2024-01-03,AAA,0.88,0.9,0.88,0.887,1\n");
  EXPECT_EQ(must(bring(first, true)).data.find("repaired")->as_int(), 0);
  const std::string second = write("b.csv", header + "2024-01-04,AAA,88.5,90,88,89,1\n");
  EXPECT_EQ(must(bring(second, true)).data.find("repaired")->as_int(), 0);
  EXPECT_THAT(must(call("data", "check", "{}")).text,
              HasSubstr("unit error that later bars show       1  AAA 2024-01-03: 89.2 -> 0.887: import its file and "
                        "theirs in one command, with --repair to mend it\n"));
  Value raw = Value::object();
  Value list = Value::array();
  list.push(first);
  list.push(second);
  raw.set("path", std::move(list));
  raw.set("mic", "XNYS");
  raw.set("repair", true);
  EXPECT_EQ(must(run_flow(world, *find_flow("data", "import"), raw)).data.find("repaired")->as_int(), 1);
  EXPECT_EQ(closes(), "89.2\n88.7\n89\n");
  EXPECT_THAT(must(call("data", "check", "{}")).text, Not(HasSubstr("later bars show")));
}

// Thirty names that wander, one of them in pence for a day.
TEST_F(ImportRepair, WhyNamesTheFilesOfRepairedBars) {
  std::string text = "date,symbol,open,high,low,close,volume\n";
  const std::vector<Date> days =
      must(find_calendar("XNYS"))->sessions(Date::from_civil(2020, 1, 2), Date::from_civil(2020, 6, 30));
  for (std::size_t day = 0; day < days.size(); ++day) {
    for (std::size_t name = 0; name < 30; ++name) {
      const double close = 50.0 + static_cast<double>((day * (name + 3) + name * name) % 7);
      const double unit = day == 40 && name == 4 ? 0.01 : 1.0;
      text += fmt::format("{0},N{1:02},{2},{2},{2},{2},100\n", to_string(days[day]), name, close * unit);
    }
  }
  EXPECT_EQ(must(bring(write("a.csv", text), true)).data.find("repaired")->as_int(), 1);
  must(call("factor", "eval", R"j({"formula": "rank(-ts_delta(close,5))", "horizons": "1,5"})j"));
  EXPECT_THAT(must(call("", "why", R"j({"id": "r1.rank_ic.5d.mean"})j")).text,
              HasSubstr("rows 3,750   set aside 0   repaired 1\n"));
}

TEST_F(ImportRepair, ARelabellingKeepsWhatWasRepaired) {
  const std::string path = write("a.csv", kOff);
  Value raw = Value::object();
  Value list = Value::array();
  list.push(path);
  raw.set("path", std::move(list));
  raw.set("repair", true);
  must(run_flow(world, *find_flow("data", "import"), raw));
  must(call("data", "relabel", R"({"mic":"XNYS","yes":true})"));
  EXPECT_EQ(sql("select close, flags from bars order by session"),
            "89.2,0000000000000000\n88.7,0000000000000300\n89.1,0000000000000300\n89,0000000000000000\n");
  EXPECT_THAT(must(call("data", "check", "{}")).text,
              HasSubstr(fmt::format("AAA 2024-01-03 0.887 -> 88.7 (line 3 of {})\n", path)));
}

}  // namespace
}  // namespace lode::flow
