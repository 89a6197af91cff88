// Spellings of an index, and the order of its rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/bar_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::flow {
namespace {

Result<BarIndex> read(const std::vector<std::string>& cells) {
  std::vector<std::int64_t> lines(cells.size());
  std::iota(lines.begin(), lines.end(), std::int64_t{2});
  return read_bar_index(cells, lines, "bars.csv");
}

// The rows of two cells: "rises", "falls" or "none" where they have no order.
std::string order_of(const std::string& one, const std::string& other) {
  const BarIndex forth = must(read({one, other}));
  const BarIndex back = must(read({other, one}));
  return !forth.falls_at(1) && back.falls_at(1) ? "rises" : forth.falls_at(1) ? "falls" : "none";
}

TEST(BarIndexRows, AreOrderedByWhatTheCellsMean) {
  EXPECT_EQ(order_of("2024-01-02", "2024-01-03"), "rises");
  EXPECT_EQ(order_of("2024/01/02", "2024/01/03"), "rises");
  EXPECT_EQ(order_of("20240102", "20240103"), "rises");
  EXPECT_EQ(order_of("31/01/2024", "02/02/2024"), "rises") << "the day first, as 31 shows";
  EXPECT_EQ(order_of("01/31/2024", "02/02/2024"), "rises") << "the month first";
  EXPECT_EQ(order_of("9", "10"), "rises");
  EXPECT_EQ(order_of("1.5", "1e1"), "rises");
  EXPECT_EQ(order_of("b", "a"), "none");
}

TEST(BarIndexRows, TimesOfDayAreTimesAndNotTexts) {
  EXPECT_EQ(order_of("2024-01-02 9:30", "2024-01-02 10:30"), "rises");
  EXPECT_EQ(order_of("2024-01-02T10:00:00Z", "2024-01-02T10:00:00.5Z"), "rises");
  EXPECT_EQ(order_of("2024-01-02T10:00:00.25", "2024-01-02T10:00:00.3"), "rises");
  EXPECT_EQ(order_of("2024-01-02T10:00+02:00", "2024-01-02T09:00Z"), "rises") << "8 and 9 o'clock UTC";
  EXPECT_EQ(order_of("2024-01-02T10:00-0500", "2024-01-02T14:00Z"), "falls") << "15 and 14 o'clock UTC";
  EXPECT_EQ(order_of("2024-01-02", "2024-01-02 00:01"), "rises");
  EXPECT_EQ(order_of("20240102 093000", "20240102 093001"), "rises");
  EXPECT_EQ(order_of("20240102T0930", "20240102T0929"), "falls");
}

TEST(BarIndexRows, PeriodsAndDatesWithWordsHaveTheirOrder) {
  EXPECT_EQ(order_of("2020-02", "2020-10"), "rises");
  EXPECT_EQ(order_of("12/2019", "01/2020"), "rises");
  EXPECT_EQ(order_of("2019-Q4", "2020-Q1"), "rises");
  EXPECT_EQ(order_of("Q4 2019", "Q1 2020"), "rises");
  EXPECT_EQ(order_of("2019-W52", "2020-W01"), "rises");
  EXPECT_EQ(order_of("2-Jan-20", "1-Feb-20"), "rises");
  EXPECT_EQ(order_of("Dec 31, 2019", "Jan 1, 2020"), "rises");
  EXPECT_EQ(order_of("2-Jan-20 9:30 AM", "2-Jan-20 1:00 PM"), "rises");
  EXPECT_EQ(order_of("9:31", "10:30"), "rises");
  EXPECT_EQ(order_of("12:10 AM", "1:00 AM"), "rises");
  EXPECT_EQ(order_of("2024-01-02 9:30 PM", "2024-01-02 10:00 PM"), "rises");
  EXPECT_EQ(order_of("2024-01-02 9:30 PM", "2024-01-02 10:00 AM"), "falls");
  EXPECT_EQ(order_of("1/2/2024 9:30 PM", "1/13/2024 9:30 AM"), "rises");
  EXPECT_EQ(must(read({"2020Q1", "2020-Q1"})).repeats_at(1), true);
  EXPECT_EQ(must(read({"9:30", "09:31"})).kind, IndexKind::kTimeOfDay);
  EXPECT_EQ(must(read({"1000-1", "1000-2"})).kind, IndexKind::kLabel) << "no month of our days";
}

TEST(BarIndexRows, APeriodAmongOthersThatIsNoneIsNamed) {
  for (const std::vector<std::string>& cells :
       {std::vector<std::string>{"2020-01", "2020-02", "2020-13"}, std::vector<std::string>{"9:30", "9:31", "close"},
        std::vector<std::string>{"total", "2020Q1", "2020Q2"}}) {
    const auto index = read(cells);
    ASSERT_FALSE(index) << cells[2];
    EXPECT_EQ(index.error().number(), E::E2005);
    EXPECT_THAT(index.error().message(), ::testing::HasSubstr(cells[0] == "total" ? "line 2" : "line 4"));
    EXPECT_THAT(index.error().hint(), ::testing::HasSubstr("--date-format labels"));
  }
}

// Numbers of papers, hours since a start.
TEST(BarIndexRows, AFewCellsThatCouldBePeriodsAreNone) {
  EXPECT_EQ(must(read({"11-2020", "12-2020", "13-2020", "14-2020", "15-2020"})).kind, IndexKind::kLabel);
  EXPECT_EQ(must(read({"24:00", "25:00", "26:00"})).kind, IndexKind::kLabel);
  EXPECT_FALSE(read({"11-2020", "12-2020", "13-2020", "14-2020"})) << "half of them, and the first";
}

TEST(BarIndexRows, TheCallMaySayThatItIsLabels) {
  const IndexWish labels = must(parse_index_wish("labels"));
  for (const std::vector<std::string>& cells :
       {std::vector<std::string>{"12-2020", "13-2020"}, std::vector<std::string>{"2020-01-02", "2020-01-01"},
        std::vector<std::string>{"2", "1"}, std::vector<std::string>{"0:00", "25:00"}}) {
    const BarIndex index = must(read_bar_index(cells, {2, 3}, "bars.csv", labels));
    EXPECT_EQ(index.kind, IndexKind::kLabel) << cells[0];
    EXPECT_FALSE(index.falls_at(1)) << cells[0];
  }
  EXPECT_EQ(parse_index_wish("label").error().number(), E::E4);
}

TEST(BarIndexRows, RepeatByWhatTheCellsMean) {
  const auto repeats = [](const std::string& one, const std::string& other) {
    return must(read({one, other})).repeats_at(1);
  };
  EXPECT_TRUE(repeats("1", "1.0"));
  EXPECT_TRUE(repeats("2024-01-02", "2024-01-02 00:00"));
  EXPECT_TRUE(repeats("2024-01-02T10:00+02:00", "2024-01-02T08:00Z")) << "one instant in two zones";
  EXPECT_FALSE(repeats("1704186000000000001", "1704186000000000002")) << "nanoseconds, equal as doubles";
  EXPECT_EQ(order_of("1704186000000000001", "1704186000000000002"), "rises");
  EXPECT_FALSE(repeats("b", "b")) << "labels are compared as texts, elsewhere";
}

TEST(BarIndexRows, ANumberThatIsNoneIsNamed) {
  for (const char* odd : {"nan", "inf"}) {
    const auto index = read({"1", odd, "0"});
    ASSERT_FALSE(index) << odd;
    EXPECT_EQ(index.error().number(), E::E2005) << odd;
  }
}

// A first cell that is none does not switch the order off.
TEST(BarIndexRows, MostCellsSayWhatAnIndexIs) {
  for (const char* odd : {"", "total", "n/a"}) {
    for (const std::vector<std::string>& cells :
         {std::vector<std::string>{odd, "2020-01-05", "2020-01-02"}, std::vector<std::string>{odd, "5", "7"}}) {
      const auto index = read(cells);
      ASSERT_FALSE(index) << odd << cells[1];
      EXPECT_EQ(index.error().number(), E::E2005);
      EXPECT_THAT(index.error().message(), ::testing::HasSubstr("bars.csv line 2"));
    }
  }
  const auto later = read({"1", "2", "total"});
  ASSERT_FALSE(later);
  EXPECT_THAT(later.error().message(), ::testing::HasSubstr("line 4"));
  EXPECT_EQ(must(read({"a", "2020-01-05", "b", "2020-01-02"})).kind, IndexKind::kLabel) << "half of them is not most";
  EXPECT_EQ(must(read({"bar 1", "bar 2", "3"})).kind, IndexKind::kLabel);
}

TEST(BarIndexRows, TheCallMaySayHowDatesAreWritten) {
  const std::vector<std::string> cells = {"01/02/2020", "02/02/2020"};
  const auto as = [&](std::string_view format) {
    return must(read_bar_index(cells, {2, 3}, "bars.csv", must(parse_index_wish(format))));
  };
  EXPECT_EQ(to_string(as("dmy").days[0]), "2020-02-01");
  EXPECT_EQ(to_string(as("mdy").days[0]), "2020-01-02");
  EXPECT_EQ(to_string(as("%d/%m/%Y").days[1]), "2020-02-02");
  const auto wrong = read_bar_index({"5", "6"}, {2, 3}, "bars.csv", must(parse_index_wish("dmy")));
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(), ::testing::HasSubstr("expected one of --date-format dmy"));
}

TEST(BarIndexRows, ADayIsWhatIsWritten) {
  const BarIndex index = must(read({"2024-01-02T23:00-0500", "2024-01-03T01:00-0500"}));
  EXPECT_EQ(to_string(index.days[0]), "2024-01-02");
  EXPECT_EQ(to_string(index.days[1]), "2024-01-03");
}

TEST(BarIndexRows, ACellThatIsNoDateAmongDatesIsNamed) {
  for (const char* odd :
       {"2024-01-02 25:00", "2024-01-02 9:61", "2024-01-02 noon", "2024-02-30", "total", "", "2024-01-02T10:00+"}) {
    const auto index = read({"2024-01-01", odd});
    ASSERT_FALSE(index) << odd;
    EXPECT_EQ(index.error().number(), E::E2005) << odd;
    EXPECT_THAT(index.error().message(), ::testing::HasSubstr("bars.csv line 3")) << odd;
  }
  const auto both_ways = read({"03/04/2024", "05/06/2024"});
  ASSERT_FALSE(both_ways);
  EXPECT_EQ(both_ways.error().number(), E::E2025) << "April or March?";
}

}  // namespace
}  // namespace lode::flow
