// Short index files: of a day against its weekday, of a quarter against itself.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/index_state.h"

#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/io/source/collect/source.h"

namespace lode::source::edgar {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Date kMonday = Date::from_civil(2024, 2, 5);

// Whole Mondays with these rows, the last one on the Monday before kMonday.
IndexState mondays(const std::vector<std::int64_t>& rows) {
  IndexState out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Date day = kMonday - static_cast<int>(7 * (rows.size() - i));
    EXPECT_EQ(out.take_day(day, rows[i], day + 30), "");
  }
  return out;
}

TEST(IndexState, ADayBelowNineTenthsOfItsWeekdaysMedianIsProvisional) {
  // Median of 5000, 4000, 6000, 4800: 4900; nine tenths are 4410.
  IndexState state = mondays({5000, 4000, 6000, 4800});
  EXPECT_EQ(state.take_day(kMonday, 4410, kMonday), "");
  state = mondays({5000, 4000, 6000, 4800});
  EXPECT_THAT(state.take_day(kMonday, 4409, kMonday), HasSubstr("4,409 rows where that weekday's files have 4,900"));
  EXPECT_THAT(state.provisional(kMonday), ElementsAre(kMonday));
  EXPECT_EQ(state.take_day(kMonday, 4950, kMonday + 1), "") << "the whole file, the next morning";
  EXPECT_THAT(state.provisional(kMonday + 1), IsEmpty());
}

TEST(IndexState, OtherWeekdaysAndFewFilesSayNothing) {
  IndexState state = mondays({5000, 5000, 5000});
  EXPECT_EQ(state.take_day(kMonday + 1, 10, kMonday + 1), "") << "no Tuesday is known";
  EXPECT_NE(state.take_day(kMonday, 10, kMonday), "");
  state = mondays({5000, 5000});
  EXPECT_EQ(state.take_day(kMonday, 10, kMonday), "") << "two are too few";
}

TEST(IndexState, AShortDayThatStaysShortIsTakenAsItIs) {
  IndexState state = mondays({5000, 5000, 5000});
  EXPECT_NE(state.take_day(kMonday, 900, kMonday + kIndexSettleDays), "");
  EXPECT_THAT(state.provisional(kMonday + kIndexSettleDays), ElementsAre(kMonday));
  EXPECT_THAT(state.provisional(kMonday + kIndexSettleDays + 1), IsEmpty());
  EXPECT_EQ(state.take_day(kMonday, 900, kMonday + kIndexSettleDays + 1), "");
}

TEST(IndexState, OnlyTheDaysBeforeCount) {
  IndexState state;
  for (int week = 1; week <= 4; ++week) {
    state.take_day(kMonday + 7 * week, 5000, kMonday + 60);
  }
  EXPECT_EQ(state.take_day(kMonday, 700, kMonday), "") << "1993 had fewer filings than today";
}

TEST(IndexState, AQuarterMayBeginWithoutRows) {
  IndexState state;
  const Date start = Date::from_civil(2024, 4, 1);  // A Monday.
  for (int week = 1; week <= 4; ++week) {
    state.take_day(start - 7 * week, 5000, start);
  }
  EXPECT_EQ(state.take_day(start, 0, start), "");
  EXPECT_NE(state.take_day(start, 1, start), "");
  EXPECT_NE(state.take_day(start + 7, 0, start + 7), "") << "a week later it may not";
}

TEST(IndexState, AQuarterGrowsOrIsRefused) {
  IndexState state;
  must(state.take_quarter("2024Q1", 0));
  must(state.take_quarter("2024Q1", 100'000));
  must(state.take_quarter("2024Q1", 90'000));
  EXPECT_FALSE(state.take_quarter("2024Q1", 89'999)) << "the floor stays with the longest";
  const auto shrunk = state.take_quarter("2024Q1", 80'999);
  ASSERT_FALSE(shrunk);
  EXPECT_EQ(shrunk.error().number(), E::E6206);
  must(state.take_quarter("2024Q2", 5));
}

TEST(IndexState, StandsInTheCursor) {
  IndexState state = mondays({5000, 5000, 5000});
  state.take_day(kMonday, 900, kMonday);
  must(state.take_quarter("2023Q4", 300'000));
  Cursor cursor;
  cursor.state.set("of others", 1);
  state.save(cursor);
  EXPECT_NE(cursor.state.find("of others"), nullptr);
  IndexState back = IndexState::load(cursor);
  EXPECT_THAT(back.provisional(kMonday), ElementsAre(kMonday));
  EXPECT_NE(back.take_day(kMonday, 901, kMonday), "");
  EXPECT_FALSE(back.take_quarter("2023Q4", 1));
  Cursor same;
  same.state.set("of others", 1);
  state.save(same);
  EXPECT_EQ(same, cursor) << "an index without news moves nothing";
}

// Through the collector: plan and parse.
Request asked(const Source& index, const Cursor& cursor, Time now, Date day) {
  FetchRequest request;
  request.settings["edgar.contact"] = "Example Ltd someone@example.com";
  for (Request& one : must(index.plan(request, cursor, now)).requests) {
    if (text_about(one, "day") == to_string(day)) {
      return std::move(one);
    }
  }
  ADD_FAILURE() << "not asked for " << to_string(day);
  return {};
}

std::string master(int rows) {
  std::string out =
      "Description:           Master Index\n\nCIK|Company Name|Form Type|Date Filed|File Name\n"
      "--------------------------------------------------------------------------------\n";
  for (int i = 1; i <= rows; ++i) {
    out += "1000|A COMPANY|8-K|20240205|edgar/data/1000/0000001000-24-" + std::to_string(100'000 + i) + ".txt\n";
  }
  return out;
}

TEST(IndexState, AProvisionalDayIsToldAndAskedAgainUntilItIsWhole) {
  const Source& index = *must(find_source("edgar-index"));
  Cursor cursor;
  IndexState state = mondays({20, 20, 20});
  state.save(cursor);
  const auto noon = [](Date day) { return Time{start_of_day(day).nanos + 17 * 3600 * kNanosPerSecond}; };
  const auto read = [&](Date on, int rows) {
    Response response;
    response.asked = asked(index, cursor, noon(on), kMonday);
    response.status = 200;
    response.body = master(rows);
    response.received_at = noon(on);
    response.cursor = cursor;
    Parsed out = must(index.parse(response));
    cursor = out.next;
    return out;
  };
  const Parsed part = read(kMonday, 17);
  EXPECT_EQ(part.verdict.kind, ResponseClass::kOk);
  EXPECT_THAT(part.verdict.reason, HasSubstr("provisional"));
  EXPECT_EQ(part.tables.at(0).rows.rows(), 17U) << "what it has is taken";
  const Parsed none = read(kMonday, 0);
  EXPECT_EQ(none.verdict.kind, ResponseClass::kAbsent) << "not yet";
  const Parsed late = read(kMonday + 8, 20);  // Long outside the days that a run asks by itself.
  EXPECT_EQ(late.verdict.reason, "");
  FetchRequest request;
  request.settings["edgar.contact"] = "Example Ltd someone@example.com";
  for (const Request& one : must(index.plan(request, cursor, noon(kMonday + 9))).requests) {
    EXPECT_NE(text_about(one, "day"), to_string(kMonday));
    EXPECT_TRUE(one.http.is_conditional);
  }
}

}  // namespace
}  // namespace lode::source::edgar
