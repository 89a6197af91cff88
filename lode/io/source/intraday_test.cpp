// Intraday bars by their dates, in every spelling of an instant.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/intraday.h"

#include <gmock/gmock.h>

namespace lode::source {
namespace {

TimesOfDay times(const std::string& rows, DateFormat format = {}, const std::string& header = "date,symbol,close\n") {
  const std::string bytes = header + rows;
  const Dialect dialect = *read_dialect(bytes, "a.csv");
  const Layout layout = *find_layout(**find_import_table("bars"), dialect, "a.csv", {});
  return times_of_day(bytes, dialect, layout, format, nullptr);
}

TEST(TimesOfDay, DatesAloneAndMidnightsAreDays) {
  for (const char* rows : {"2024-01-02,A,1\n2024-01-03,A,1\n", "2024-01-02 00:00:00-05:00,A,1\n2024-01-02,A,1\n",
                           "2024-01-02T00:00:00.000Z,A,1\n", "20240102,A,1\n", "no date,A,1\n", ""}) {
    const TimesOfDay found = times(rows);
    EXPECT_EQ(found.first, "") << rows;
    EXPECT_FALSE(found.pair) << rows;
  }
}

TEST(TimesOfDay, OneTimeADayIsToldAndNoPair) {
  // A close at 21:00 UTC in winter and at 20:00 in summer, half a day at 18:00: days all the same.
  const TimesOfDay found =
      times("2024-01-02 21:00,A,1\n2024-07-02 20:00,A,1\n2024-07-03 18:00,A,1\n2024-01-02 20:59,B,1\n");
  EXPECT_EQ(found.first, "21:00");
  EXPECT_FALSE(found.pair);
}

TEST(TimesOfDay, TwoTimesOfASymbolOnADayAreAPair) {
  const TimesOfDay found = times("2024-01-02 09:30,A,1\n2024-01-02 09:30,B,1\nbad row\n2024-01-02 09:45,A,1\n");
  ASSERT_TRUE(found.pair);
  EXPECT_EQ(found.pair->symbol, "A");
  EXPECT_EQ(to_string(found.pair->session), "2024-01-02");
  EXPECT_EQ(found.pair->first, "09:30");
  EXPECT_EQ(found.pair->second, "09:45");
  EXPECT_TRUE(times("2024-01-02 00:00,A,1\n2024-01-02 01:00,A,1\n2024-01-02 02:00,A,1\n").pair) << "behind a midnight";
  EXPECT_TRUE(times("2024-01-02T14:30:00Z,1\n2024-01-02T14:35:00Z,1\n", {}, "date,close\n").pair) << "of a file's name";
}

TEST(TimesOfDay, TheSameInstantTwiceIsNoPair) {
  EXPECT_FALSE(times("2024-01-02 16:00,A,1\n2024-01-02 16:00,A,2\n").pair) << "a duplicate day, and told as one";
}

TEST(TimesOfDay, OfEpochsAndPatterns) {
  const DateFormat epoch{DateFormat::Kind::kEpoch};
  EXPECT_EQ(times("1704205800,A,1\n", epoch).first, "14:30:00");
  EXPECT_TRUE(times("1704205800,A,1\n1704206700,A,1\n", epoch).pair);
  EXPECT_EQ(times("1704153600,A,1\n", epoch).first, "") << "midnight";
  EXPECT_EQ(time_of_day("1704205800000", {DateFormat::Kind::kEpochMillis}), "14:30:00");
  const DateFormat pattern{DateFormat::Kind::kPattern, "%d %b %Y %H:%M"};
  EXPECT_EQ(time_of_day("02 Jan 2024 09:30", pattern), "09:30");
  EXPECT_EQ(time_of_day("02 Jan 2024", {DateFormat::Kind::kPattern, "%d %b %Y"}), "") << "blanks of a day alone";
  EXPECT_EQ(time_of_day("1/2/2024 9:30", {DateFormat::Kind::kDmy}), "9:30");
}

TEST(TimesOfDay, OfTypedInstants) {
  Batch batch;
  Column dates("date", ColumnType::kTime);
  Column symbols("symbol", ColumnType::kText);
  Column closes("close", ColumnType::kFloat64);
  const Time day = start_of_day(Date::from_civil(2024, 1, 2));
  for (const int minutes : {0, 870, 885}) {
    dates.push(Time{day.nanos + std::int64_t{minutes} * 60'000'000'000});
    symbols.push(std::string_view("A"));
    closes.push(1.0);
  }
  batch.add(std::move(dates));
  batch.add(std::move(symbols));
  batch.add(std::move(closes));
  Dialect dialect;
  dialect.header = {"date", "symbol", "close"};
  const Layout layout = *find_layout(**find_import_table("bars"), dialect, "a.parquet", {});
  const TimesOfDay found = times_of_day(batch, layout, {}, nullptr);
  EXPECT_EQ(found.first, "14:30:00");
  ASSERT_TRUE(found.pair);
  EXPECT_EQ(found.pair->second, "14:45:00");
}

}  // namespace
}  // namespace lode::source
