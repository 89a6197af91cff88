// Relabelling against a second lake that was imported under the right exchange from the start.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/relabel.h"

#include <gmock/gmock.h>

#include "lode/base/test_rounds.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using testing::number_of;

constexpr std::string_view kFirst =
    "date,symbol,open,high,low,close,volume,vwap\n"
    "2015-01-16,AAA,10,11,9,10,100,10.1\n"
    "2015-01-19,AAA,10,11,9,10,100,10.1\n"  // Martin Luther King Day
    "2015-01-20,AAA,10,11,9,10.5,100,\n"
    "2015-01-16,BBB,20,21,19,20,100,20\n"
    "2015-01-20,BBB,20,19,21,20,100,20\n"  // high below low
    "2015-01-21,BBB,20,21,19,20,100,20\n";
constexpr std::string_view kSecond =
    "date,symbol,open,high,low,close,volume\n2015-01-21,BBB,20,21,19,20.5,100\n2015-01-22,BBB,20,21,19,20,100\n";
constexpr std::string_view kGroups = "symbol,sector,valid_from\nAAA,Tech,2015-01-02\nBBB,Oil,2015-01-02\n";
constexpr std::string_view kActions = "ex_date,symbol,kind,ratio\n2015-01-20,AAA,split,2\n";

class Relabel : public testing::Verbs {
 protected:
  void import_all(const std::string& mic) {
    import("bars", kFirst, mic);
    parts.clock.advance(3600 * kNanosPerSecond);
    import("bars", kSecond, mic);
    import("groups", kGroups, mic);
    import("actions", kActions, mic);
  }
  // Everything that does not say by which door it came.
  std::string contents() {
    return sql("select s.symbol, s.mic, b.session, b.start, b.open, b.close, b.volume, b.vwap, b.flags, b.event_time, "
               "b.known_time, b.known_assumed, b.raw_hash, b.raw_line from bars b join instruments s using "
               "(instrument_id) "
               "order by all") +
           sql("select instrument_id, mic, symbol, kind, currency from instruments order by all") +
           sql("select instrument_id, scheme, sector, valid_from, known_time from groups order by all") +
           sql("select instrument_id, ex_date, kind, ratio from actions order by all") +
           sql("select instrument_id, naming, symbol, valid_from from symbols order by all") +
           sql("select path, rule, symbol, session, raw_line from quarantine order by all");
  }
};

// A second lake whose files were imported under XNYS from the start.
class Elsewhere : public Relabel {
 public:
  // Its contents, as if its files lay in `folder`.
  std::string imported_as(const std::string& folder) {
    import_all("XNYS");
    std::string text = contents();
    for (std::size_t at = text.find(parts.folder); at != std::string::npos; at = text.find(parts.folder)) {
      text.replace(at, parts.folder.size(), folder);
    }
    return text;
  }

 private:
  void TestBody() override {}
};

TEST_F(Relabel, EqualsAnImportUnderTheRightExchange) {
  import_all("XXXX");
  const Outcome out = good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  EXPECT_EQ(testing::shape(out.data), "{was,mic,kept,set_aside,other_rows,hidden:[],commits:[]}");
  EXPECT_EQ(out.data.at_path("kept")->as_int(), 6);
  EXPECT_EQ(out.data.at_path("set_aside")->as_int(), 1);
  EXPECT_EQ(out.data.at_path("hidden")->as_array().size(), 4U);
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E3001);
  const std::string relabelled = contents();
  EXPECT_THAT(relabelled, HasSubstr("XNYS"));
  EXPECT_THAT(relabelled, ::testing::Not(HasSubstr("XXXX")));
  EXPECT_THAT(relabelled, HasSubstr("E2011"));
  EXPECT_THAT(relabelled, HasSubstr("E2007")) << "what the first import had set aside is still there";

  EXPECT_EQ(relabelled, Elsewhere().imported_as(parts.folder));
}

TEST_F(Relabel, JudgesDaysLikeAnImport) {
  import("bars", "date,symbol,close\n2026-01-02,AAA,10\n2026-01-05,AAA,10\n", "XXXX");
  parts.clock.advance(-2 * kNanosPerDay);  // A clock set right again: the last day is yet to come.
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  EXPECT_EQ(sql("select session from bars"), "2026-01-02\n");
  EXPECT_EQ(sql("select rule, session from quarantine"), "E2013,2026-01-05\n");
}

TEST_F(Relabel, KeepsWhatWasKnownWhen) {
  import_all("XXXX");
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  const auto close = [&](const std::string& as_of) {
    return good("data", "show",
                R"j({"table": "bars", "symbol": ["BBB"], "from": "2015-01-21", "to": "2015-01-21", "as-of": ")j" +
                    as_of + "\"}")
        .data.at_path("rows.0.close")
        ->as_double();
  };
  EXPECT_EQ(close("2026-01-05T12:30:00Z"), 20.0) << "before the correction";
  EXPECT_EQ(close("2026-01-05T13:30:00Z"), 20.5);
}

TEST_F(Relabel, AProvisionalBarStaysProvisional) {
  // Read on 5 January 2026 at noon, UTC: before the close of New York.
  import("bars", "date,symbol,open,high,low,close,volume\n2026-01-02,AAA,1,2,1,1,1\n2026-01-05,AAA,1,2,1,1,1\n",
         "XXXX");
  EXPECT_EQ(sql("select count(*) from bars"), "2\n");
  EXPECT_EQ(sql("select count(*) from bars where provisional"), "1\n");
  const auto waiting = [&] { return sql("select session, known_time from bars where provisional"); };
  const std::string known = waiting();
  parts.clock.advance(12 * 3600 * kNanosPerSecond);
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  EXPECT_EQ(waiting(), known);
  // Again, from a commit that was made after the session's close.
  parts.clock.advance(48 * 3600 * kNanosPerSecond);
  good("data", "relabel", R"j({"mic": "XNAS", "was": "XNYS", "yes": true})j");
  EXPECT_EQ(waiting(), known) << "nobody has read it anew";
  import("bars", "date,symbol,open,high,low,close,volume\n2026-01-05,AAA,1,2,1,1.5,1\n", "XNAS");
  EXPECT_EQ(sql("select count(*) from bars where provisional"), "0\n") << "the final one came";
}

TEST_F(Relabel, PrintsThePlanAndDoesNothingUntilToldYes) {
  import_all("XXXX");
  const std::string before = contents();
  EXPECT_EQ(mistake("data", "relabel", R"j({"mic": "XNYS"})j"),
            "error[E0006]: 7 rows of 2 symbols under XXXX become instruments of XNYS, 2015-01-16 .. 2015-01-22\n"
            "      1 row on days that are no session go to quarantine\n"
            "      4 commits will be hidden; nothing is deleted, and older runs still reproduce\n"
            "help: nothing was done; add --yes to do it");
  EXPECT_EQ(contents(), before);
}

TEST_F(Relabel, GoesOnWhereItWasStopped) {
  if (kSanitized) {
    GTEST_SKIP() << "the sanitizers see a relabelling in the tests beside this one";
  }
  import_all("XXXX");
  int calls = 0;
  world.progress = [&](std::string_view phase, std::int64_t, std::int64_t) {
    return phase != "relabelling" || ++calls < 2;
  };
  EXPECT_EQ(number_of(call("data", "relabel", R"j({"mic": "XNYS", "yes": true})j")), E::E10);
  world.progress = {};
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  const std::string resumed = contents();
  EXPECT_THAT(resumed, ::testing::Not(HasSubstr("XXXX")));
  EXPECT_EQ(sql("select count(*) from bars"), "5\n");
  EXPECT_EQ(number_of(call("data", "relabel", R"j({"mic": "XNYS", "yes": true})j")), E::E2101)
      << "nothing is left to do";
  EXPECT_EQ(contents(), resumed);
}

TEST_F(Relabel, EndsWhatACrashLeftAfterTheOldCommitsWereHidden) {
  import_all("XXXX");
  const auto lake = must(open_lake(world, Wanted::kWrite));
  RelabelPlan plan = must(plan_relabel(*lake, "XXXX", "XNYS"));
  must(relabel(world, *lake, plan));
  const std::string done = contents();
  // As after a crash before the last commit, which stores the old quarantine again.
  const std::vector<lake::CommitInfo> commits = must(lake->commits());
  must(lake->revert(commits.back().id));
  EXPECT_NE(contents(), done);
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  EXPECT_EQ(contents(), done);
}

TEST_F(Relabel, LeavesOtherExchangesAlone) {
  if (kSanitized) {
    GTEST_SKIP() << "the sanitizers see a relabelling in the tests beside this one";
  }
  import("bars", "date,symbol,open,high,low,close,volume\n2015-01-16,CCC,1,2,1,1,1\n", "XNAS");
  import_all("XXXX");
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  EXPECT_EQ(sql("select mic from instruments where symbol = 'CCC'"), "XNAS\n");
  EXPECT_EQ(sql("select count(*) from bars"), "6\n");
}

TEST_F(Relabel, RefusesWhatIsNoExchange) {
  import_all("XXXX");
  EXPECT_EQ(number_of(call("data", "relabel", R"j({"mic": "NYSE"})j")), E::E2019);
  EXPECT_EQ(number_of(call("data", "relabel", R"j({"mic": "XXXX"})j")), E::E4);
  EXPECT_EQ(number_of(call("data", "relabel", R"j({"mic": "XNYS", "was": "XNYS"})j")), E::E4);
  EXPECT_EQ(number_of(call("data", "relabel", R"j({"mic": "XNYS", "was": "XASX"})j")), E::E2101);
}

TEST_F(Relabel, StoredRunsStillReproduce) {
  if (kSanitized) {
    GTEST_SKIP() << "the sanitizers see a relabelling in the tests beside this one";
  }
  import_all("XXXX");
  const std::string at_four = to_json(good("data", "tables", R"j({"commit": 4})j").data);
  good("data", "relabel", R"j({"mic": "XNYS", "yes": true})j");
  EXPECT_EQ(to_json(good("data", "tables", R"j({"commit": 4})j").data), at_four);
  EXPECT_FALSE(good("data", "verify", "{}").finding);
}

}  // namespace
}  // namespace lode::flow
