// lode data report as its doors see it: days, files, exit codes, the shape of the answer.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using testing::number_of;
using ::testing::StartsWith;

class DataReport : public testing::Verbs {
 protected:
  DataReport() {
    import("bars",
           "date,symbol,open,high,low,close,volume\n"
           "2025-12-31,AAA,10,11,9,10,100\n2026-01-02,AAA,10,11,9,10.5,100\n2026-01-02,BBB,10,9,11,10,100\n");
  }
  std::string path(const char* name) { return parts.folder + "/" + name; }
};

TEST_F(DataReport, TheDefaultIsTheLastSessionThatIsOver) {
  const Outcome out = good("data", "report", "{}");
  EXPECT_EQ(out.data.find("date")->as_text(), "2026-01-02");
  EXPECT_EQ(out.data.find("span")->as_text(), "day");
  EXPECT_EQ(out.data.find("command")->as_text(), "lode data report --day 2026-01-02");
  ASSERT_TRUE(out.finding);
  EXPECT_EQ(out.finding->number(), E::E3002);
  EXPECT_EQ(out.data.find("status")->as_text(), "unhealthy");
}

TEST_F(DataReport, AWeekIsSevenDays) {
  const Outcome out = good("data", "report", R"j({"day": "2026-01-02", "span": "week"})j");
  EXPECT_EQ(out.data.find("from")->as_text(), "2025-12-27");
  EXPECT_EQ(out.data.find("bars")->as_int(), 2);
  EXPECT_THAT(out.text, HasSubstr("week 2025-12-27 to 2026-01-02"));
}

// The keys are a promise to programs: what stands here stays.
TEST_F(DataReport, TheShapeOfTheAnswerIsStable) {
  EXPECT_EQ(testing::shape(good("data", "report", "{}").data),
            "{status,reasons:[],span,from,date,made_at,commit,universe,synthetic,total_symbols,symbols_with_data,bars,"
            "data_completeness,kpis:[{name,value,unit,goal,goal_is,good,part,part_name,whole,whole_name,reason,rows}],"
            "exchanges:[{exchange,has_calendar,sessions,expected,present,newest}],"
            "trend:[{session,expected,present,set_aside,anomalies,provisional,corrected}],"
            "validation_errors:[{table,rule,title,rows,first:{path,line,symbol,text}}],price_spikes:[],"
            "volume_anomalies:[],flags:{},suspicious_days:[],duplicate_entries:{stored,dropped},missing_symbols:[],"
            "provisional:[],restatements:[],actions:[],repairs:[],changes:[],became_final,"
            "sources:[{source,commits,answers:{},kept,corrected,dropped,set_aside,bars,lag_hours_median,lag_hours_p95,"
            "lag_hours_most}],notes:[],command}");
}

TEST_F(DataReport, OneFileIsThePageTheOtherTheSameNumbers) {
  const Outcome page = good("data", "report", fmt::format(R"j({{"output": "{}"}})j", path("q.html")));
  const std::string html = must(read_file(path("q.html")));
  EXPECT_THAT(html, StartsWith("<!doctype html>"));
  EXPECT_THAT(html, HasSubstr("1 row set aside"));
  EXPECT_THAT(page.text, HasSubstr("opens offline"));
  good("data", "report", fmt::format(R"j({{"output": "{}"}})j", path("q.JSON")));
  const Value json = must(parse_json(must(read_file(path("q.JSON")))));
  EXPECT_EQ(json.find("schema")->as_text(), "lode.data.report/1");
  Value told = good("data", "report", "{}").data;
  EXPECT_EQ(to_json(*json.find("data")), to_json(told));
  good("data", "report", fmt::format(R"j({{"output": "{}"}})j", path("q.pdf")));
  EXPECT_THAT(must(read_file(path("q.pdf"))), StartsWith("%PDF-"));
}

TEST_F(DataReport, WhatCannotBeAskedIsSaid) {
  EXPECT_EQ(number_of(call("data", "report", R"j({"day": "2026-02-01"})j")), E::E4);
  EXPECT_EQ(number_of(call("data", "report", R"j({"day": "soon"})j")), E::E5);
  EXPECT_EQ(number_of(call("data", "report", R"j({"span": "month"})j")), E::E4);
  EXPECT_EQ(number_of(call("data", "report", R"j({"universe": "nope"})j")), E::E2103);
  EXPECT_EQ(number_of(call("data", "report", R"j({"output": "/nowhere/q.html"})j")), E::E8);
}

TEST_F(DataReport, AHealthyDayEndsWell) {
  const Outcome out = good("data", "report", R"j({"day": "2025-12-31"})j");
  EXPECT_FALSE(out.finding);
  EXPECT_EQ(out.data.find("status")->as_text(), "healthy");
}

TEST_F(DataReport, ABarOfASessionThatIsOnWarnsWhoComputesOnIt) {
  parts.clock.advance(5 * 3600 * kNanosPerSecond);  // Monday, 17:00 UTC.
  std::string text = "date,symbol,open,high,low,close,volume\n";
  for (int name = 0; name < 6; ++name) {
    int at = 0;
    for (const char* session : {"2025-12-22", "2025-12-23", "2025-12-24", "2025-12-26", "2025-12-29", "2025-12-30",
                                "2025-12-31", "2026-01-02", "2026-01-05"}) {
      const int close = 10 + name + (at++ * (name + 2)) % 5;  // Prices that move apart.
      text += fmt::format("{},S{},{},99,1,{},100\n", session, name, close, close);
    }
  }
  const IngestReport report = import("bars", text);
  EXPECT_THAT(report.notes, ::testing::Contains(HasSubstr("6 bars of a session that is not over: provisional")));
  const Outcome warned = good("factor", "eval", R"j({"formula": "rank(-close)", "horizons": [1], "quantiles": 2})j");
  EXPECT_THAT(warned.warnings, ::testing::Contains(HasSubstr("W2111")));
  const Outcome before =
      good("factor", "eval", R"j({"formula": "rank(-close)", "horizons": [1], "quantiles": 2, "to": "2026-01-02"})j");
  EXPECT_THAT(before.warnings, ::testing::Not(::testing::Contains(HasSubstr("W2111"))));
}

}  // namespace
}  // namespace lode::flow
