// The state of the bars against counting by hand: gaps, odd moves, days and actions of small markets whose faults are
// known because the test put them there.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/check.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "lode/base/error.h"
#include "lode/base/random.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<Date> xnys(int count) {
  std::vector<Date> days =
      must(find_calendar("XNYS"))->sessions(Date::from_civil(2022, 3, 1), Date::from_civil(2024, 3, 1));
  days.resize(static_cast<std::size_t>(count));
  return days;
}

std::string line(Date day, std::string_view symbol, double close, double volume = 1000) {
  return fmt::format("{},{},{},{},{},{},{}\n", to_string(day), symbol, close, close * 1.1, close * 0.9, close, volume);
}

class Check : public ::testing::Test {
 protected:
  void import(const std::string& text, const std::string& mic = "XNYS", const std::string& table = "bars") {
    must(world_.run({world_.write(fmt::format("{}{}.csv", table, ++files_), text)}, table, mic));
  }
  void import_bars(const std::string& lines, const std::string& mic = "XNYS") {
    import(std::string(kBarsHeader) + lines, mic);
  }
  Result<CheckReport> check(const CheckRequest& request = {}) {
    const auto lake =
        must(lake::Lake::open(world_.lake_folder(), lake::Access::kRead, world_.test.clock, world_.test.pool));
    return check_bars(*lake, request);
  }
  static const Measure& measure(const CheckReport& report, std::string_view name) {
    const auto found = std::ranges::find(report.measures, name, &Measure::name);
    EXPECT_NE(found, report.measures.end()) << name;
    return *found;
  }

  IngestWorld world_;
  int files_ = 0;
};

struct Hole {
  std::int64_t missing = 0, expected = 0, longest = 0;
  Date longest_from;
};

// Counts an instrument's gaps session by session.
Hole count_gaps(const std::set<Date>& have, const std::vector<Date>& sessions) {
  Hole out;
  std::int64_t streak = 0;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (sessions[i] < *have.begin() || sessions[i] > *have.rbegin()) {
      continue;
    }
    ++out.expected;
    streak = have.contains(sessions[i]) ? 0 : streak + 1;
    out.missing += streak > 0 ? 1 : 0;
    if (streak > out.longest) {
      out.longest = streak;
      out.longest_from = sessions[i + 1 - static_cast<std::size_t>(streak)];
    }
  }
  return out;
}

TEST_F(Check, GapsAgreeWithCountingSessionBySession) {
  const std::vector<Date> days = xnys(90);
  Random random(1, 1);
  std::map<std::string, std::set<Date>> have;
  std::string text;
  for (int name = 0; name < 12; ++name) {
    const std::string symbol = fmt::format("S{:02}", name);
    const std::size_t first = random.next_below(30);
    const std::size_t last = 60 + random.next_below(30);
    bool is_gone = false;
    for (std::size_t i = first; i <= last; ++i) {
      is_gone = random.next_uniform() < (is_gone ? 0.5 : 0.06);
      if (!is_gone || i == first || name == 0) {
        have[symbol].insert(days[i]);
        text += line(days[i], symbol, 50.0 + name);
      }
    }
  }
  import_bars(text);
  CheckRequest request;
  request.top = 100;
  const CheckReport report = must(check(request));
  std::int64_t missing = 0;
  std::int64_t expected = 0;
  std::size_t with_gaps = 0;
  for (const auto& [symbol, dates] : have) {
    const Hole hole = count_gaps(dates, days);
    missing += hole.missing;
    expected += hole.expected;
    const auto gap = std::ranges::find(report.gaps, symbol, &GapCount::symbol);
    ASSERT_EQ(gap != report.gaps.end(), hole.missing > 0) << symbol;
    if (hole.missing > 0) {
      ++with_gaps;
      EXPECT_EQ(gap->missing, hole.missing) << symbol;
      EXPECT_EQ(gap->expected, hole.expected) << symbol;
      EXPECT_EQ(gap->longest, hole.longest) << symbol;
      EXPECT_EQ(gap->longest_from, hole.longest_from) << symbol;
    }
  }
  EXPECT_EQ(report.missing, missing);
  EXPECT_EQ(report.expected, expected);
  EXPECT_EQ(report.gaps.size(), with_gaps);
  EXPECT_TRUE(std::ranges::is_sorted(report.gaps, std::greater<>(), &GapCount::missing));
  EXPECT_DOUBLE_EQ(*measure(report, "completeness").value,
                   1.0 - static_cast<double>(missing) / static_cast<double>(expected));
  request.top = 2;
  const CheckReport brief = must(check(request));
  ASSERT_EQ(brief.gaps.size(), 2U);
  EXPECT_EQ(brief.gaps[1].symbol, report.gaps[1].symbol);
  EXPECT_EQ(brief.missing, missing) << "the list is cut, the sum is not";
}

TEST_F(Check, WithoutACalendarASessionIsADayOnWhichHalfTheLivingTrade) {
  // Four names from Monday on; a Saturday on which one of them has a bar is no session, a day two of them miss is one.
  const Date monday = Date::from_civil(2024, 1, 8);
  std::string text;
  for (const char* symbol : {"AAA", "BBB", "CCC", "DDD"}) {
    for (const int day : {0, 1, 2, 3, 4, 7}) {
      const bool is_missing = day == 2 && (symbol[0] == 'A' || symbol[0] == 'B');
      text += is_missing ? "" : line(monday + day, symbol, 10.0);
    }
  }
  text += line(monday + 5, "CCC", 10.0);
  import_bars(text, "");
  const CheckReport report = must(check());
  EXPECT_EQ(report.expected, 4 * 6);
  EXPECT_EQ(report.missing, 2);
  ASSERT_EQ(report.gaps.size(), 2U);
  EXPECT_EQ(report.gaps[0].symbol, "AAA");
  EXPECT_EQ(report.gaps[0].longest_from, monday + 2);
  EXPECT_EQ(report.gaps[1].symbol, "BBB");
}

TEST_F(Check, AMoveIsShownWithTheCloseBeforeAndAfter) {
  const std::vector<Date> days = xnys(6);
  std::string text;
  const double closes[] = {10.0, 10.5, 25.0, 25.5, 26.0, 25.75};
  for (std::size_t i = 0; i < days.size(); ++i) {
    text += line(days[i], "AAA", closes[i]) + line(days[i], "BBB", 40.0, i == 4 ? 0.0 : 500.0);
  }
  import_bars(text);
  const CheckReport report = must(check());
  std::map<std::string, FlagCount> flags;
  for (const FlagCount& flag : report.flags) {
    flags[flag.name] = flag;
  }
  ASSERT_TRUE(flags.contains("move"));
  EXPECT_EQ(flags["move"].rows, 1);
  ASSERT_EQ(flags["move"].examples.size(), 1U);
  EXPECT_EQ(flags["move"].examples[0].symbol, "AAA");
  EXPECT_EQ(flags["move"].examples[0].session, days[2]);
  EXPECT_EQ(flags["move"].examples[0].before, 10.5);
  EXPECT_EQ(flags["move"].examples[0].close, 25.0);
  ASSERT_TRUE(flags.contains("zero_volume"));
  EXPECT_EQ(flags["zero_volume"].examples[0].session, days[4]);
  EXPECT_DOUBLE_EQ(*measure(report, "anomalies").value, 1.0 / 12.0) << "a quiet day is no anomaly";
  ASSERT_TRUE(check_finding(report));
  EXPECT_EQ(check_finding(report)->number(), E::E3002);
  EXPECT_THAT(check_text(report), HasSubstr("AAA " + to_string(days[2])));
}

TEST_F(Check, ADayOnWhichNearlyAllJumpIsSuspicious) {
  const std::vector<Date> days = xnys(8);
  std::string text;
  for (int name = 0; name < 6; ++name) {
    for (std::size_t i = 0; i < days.size(); ++i) {
      // Five of six (83 %) triple on the fourth day; four of six (67 %) triple again on the sixth.
      const double factor = (i >= 3 && name < 5 ? 3.0 : 1.0) * (i >= 5 && name < 4 ? 3.0 : 1.0);
      text += line(days[i], fmt::format("S{}", name), (20.0 + name) * factor);
    }
  }
  import_bars(text);
  const CheckReport report = must(check());
  EXPECT_THAT(report.suspicious, ElementsAre(days[3]));
  EXPECT_THAT(must(check({.from = days[4]})).suspicious, IsEmpty());
}

TEST_F(Check, RowsSetAsideAreCountedByRuleAndMeasured) {
  const std::vector<Date> days = xnys(30);
  std::string text;
  for (const Date day : days) {
    text += line(day, "AAA", 10.0);
  }
  import_bars(text + "2022-03-05,AAA,10,11,9,10,100\n2022-03-06,AAA,10,11,9,10,100\n" +
              fmt::format("{},BBB,10,9,11,10,100\n", to_string(days[3])));
  const CheckReport report = must(check());
  EXPECT_EQ(report.set_aside, 3);
  ASSERT_EQ(report.rejected.size(), 2U);
  EXPECT_EQ(report.rejected[0].number, 2007);
  EXPECT_EQ(report.rejected[0].rows, 1);
  EXPECT_EQ(report.rejected[1].number, 2011);
  EXPECT_EQ(report.rejected[1].rows, 2);
  EXPECT_EQ(report.rejected[1].line, 32) << "the first of them";
  EXPECT_DOUBLE_EQ(*measure(report, "set aside").value, 3.0 / 33.0);
  ASSERT_TRUE(check_finding(report));
  EXPECT_EQ(check_finding(report)->number(), E::E3001) << "nothing but rows set aside is wrong";
  EXPECT_EQ(must(check({.from = days[5]})).set_aside, 0) << "only rows of the span asked for";
  EXPECT_EQ(must(check({.symbol = "aaa"})).set_aside, 2);
}

TEST_F(Check, GoodBarsHaveNoFinding) {
  const std::vector<Date> days = xnys(40);
  std::string text;
  for (const Date day : days) {
    text += line(day, "AAA", 10.0) + line(day, "BBB", 20.0);
  }
  import_bars(text);
  const CheckReport report = must(check());
  EXPECT_EQ(report.bars, 80);
  EXPECT_EQ(report.instruments, 2);
  EXPECT_EQ(report.first, days.front());
  EXPECT_EQ(report.last, days.back());
  EXPECT_EQ(report.duplicates, 0);
  EXPECT_FALSE(check_finding(report)) << check_finding(report)->message();
  for (const Measure& one : report.measures) {
    EXPECT_TRUE(one.is_good) << one.name;
  }
}

TEST_F(Check, AnActionItsPricesCannotTakeIsNamed) {
  const std::vector<Date> days = xnys(20);
  std::string text;
  for (const Date day : days) {
    text += line(day, "AAA", 10.0);
  }
  import_bars(text);
  import(fmt::format("ex_date,symbol,kind,amount\n{},AAA,dividend,0.5\n", to_string(days[10])), "XNYS", "actions");
  EXPECT_THAT(must(check()).action_faults, IsEmpty());
  import(fmt::format("ex_date,symbol,kind,amount\n{},AAA,dividend,12\n", to_string(days[15])), "XNYS", "actions");
  const CheckReport report = must(check());
  ASSERT_EQ(report.action_faults.size(), 1U);
  EXPECT_THAT(report.action_faults[0], HasSubstr("AAA " + to_string(days[15])));
  EXPECT_EQ(check_finding(report)->number(), E::E3002);
}

TEST_F(Check, RefusesAQuestionAboutNothing) {
  import_bars(line(xnys(1)[0], "AAA", 10.0));
  EXPECT_EQ(check({.symbol = "ZZZ"}).error().number(), E::E2104);
  EXPECT_EQ(check({.from = Date::from_civil(2030, 1, 1)}).error().number(), E::E2101);
}

// What a program reads is what a person reads.
TEST_F(Check, JsonHoldsTheSameCounts) {
  const std::vector<Date> days = xnys(10);
  std::string text = line(days[0], "AAA", 10.0) + line(days[4], "AAA", 30.0) + line(days[9], "AAA", 30.0);
  import_bars(text + "2022-03-05,AAA,10,11,9,10,100\n");
  const CheckReport report = must(check());
  const Value json = must(parse_json(to_json(check_json(report))));
  EXPECT_EQ(json.find("bars")->as_int(), 3);
  EXPECT_EQ(json.find("sessions_missing")->as_int(), 7);
  EXPECT_EQ(json.at_path("gaps.0.longest")->as_int(), 4);
  EXPECT_EQ(json.at_path("gaps.0.longest_from")->as_text(), to_string(days[5]));
  EXPECT_EQ(json.at_path("reasons.0.rule")->as_text(), "E2011");
  EXPECT_DOUBLE_EQ(json.at_path("measures.completeness.value")->as_double(), 0.3);
  EXPECT_FALSE(json.at_path("measures.completeness.good")->as_bool());
  for (const Value& flag : json.find("flags")->as_array()) {
    EXPECT_FALSE(flag.find("examples")->as_array().empty()) << flag.find("flag")->as_text();
  }
}

TEST_F(Check, TellsActionsThatStandWhereNobodyLooksAndWhatBecomesOfThem) {
  import_bars("2024-01-03,AAA,10,11,9,10,1\n2024-01-04,AAA,10,11,9,10,1\n2024-01-08,AAA,10,11,9,10,1\n");
  import(
      "date,symbol,kind,ratio,amount\n"
      "2023-12-01,AAA,dividend,,1\n"
      "2024-01-03,AAA,split,2,\n"
      "2024-01-04,AAA,dividend,,1\n"
      "2024-01-06,AAA,dividend,,1\n"
      "2024-01-08,AAA,dividend,,99\n"
      "2024-02-01,AAA,split,2,\n"
      "2024-02-02,AAA,delisting,,\n"
      "2024-01-04,ZZZ,split,2,\n",
      "XNYS", "actions");
  const CheckReport report = must(check());
  std::vector<std::string> told;
  for (const ActionRemark& remark : report.action_remarks) {
    told.push_back(fmt::format("{} {} {} {}: {}", remark.symbol, to_string(remark.ex_date), remark.kind, remark.reason,
                               remark.effect));
  }
  EXPECT_THAT(
      told,
      ElementsAre(
          "AAA 2023-12-01 dividend on or before the first bar: changes nothing, no bar stands before it",
          "AAA 2024-01-03 split on or before the first bar: changes nothing, no bar stands before it",
          "AAA 2024-01-06 dividend on a day without a session: applied to every bar before it, as if on 2024-01-08",
          "AAA 2024-02-01 split after the last bar: scales every bar alike",
          "ZZZ 2024-01-04 split of a symbol without bars: changes nothing until bars come"));
  EXPECT_THAT(report.action_faults, ElementsAre(HasSubstr("AAA 2024-01-08 dividend: ")));
  EXPECT_THAT(check_text(report), HasSubstr("  actions to know of          number  first\n"
                                            "  on or before the first bar       2  AAA 2023-12-01 dividend: changes "
                                            "nothing, no bar stands before it\n"));
  EXPECT_EQ(check_json(report).find("action_remarks")->as_array().size(), 5U);

  CheckRequest span;
  span.from = Date::from_civil(2024, 1, 4);
  span.to = Date::from_civil(2024, 1, 7);
  const CheckReport part = must(check(span));
  ASSERT_EQ(part.action_remarks.size(), 1U) << "ends of the span are no ends of the instrument";
  EXPECT_EQ(part.action_remarks[0].ex_date, Date::from_civil(2024, 1, 6));
}

}  // namespace
}  // namespace lode::flow
