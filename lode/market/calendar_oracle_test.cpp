// Calendars against what markets did: the days on which prices, factor returns and indices exist are the sessions, and
// a published table of holidays and early closes agrees. Files come from LODE_TEST_DATA; without them the tests are
// skipped.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/market/calendar.h"
#include "lode/market/test_data.h"

namespace lode {
namespace {

using testing::IsEmpty;

// Calls take(date, line) for each line that starts with a date.
template <class F>
void for_dated_lines(const std::string& name, F take) {
  const std::string bytes = read_test_data(name);
  for (const std::string_view line : split(bytes, '\n')) {
    Date date;
    if (try_parse_date(line.substr(0, line.find(',')), date)) {
      take(date, trim(line));
    }
  }
}

const Calendar& calendar(std::string_view mic) { return **find_calendar(mic); }

// Dates in one set and not in the other, as text.
std::vector<std::string> minus(const std::set<Date>& a, const std::set<Date>& b) {
  std::vector<std::string> out;
  for (const Date date : a) {
    if (!b.contains(date)) {
      out.push_back(to_string(date));
    }
  }
  return out;
}

// The days seen are the sessions between the first and the last of them, no more and no fewer.
void expect_sessions(const Calendar& exchange, const std::set<Date>& seen) {
  ASSERT_FALSE(seen.empty());
  const std::vector<Date> list = exchange.sessions(*seen.begin(), *seen.rbegin());
  const std::set<Date> expected(list.begin(), list.end());
  EXPECT_THAT(minus(seen, expected), IsEmpty()) << "traded, and not a session of " << exchange.mic();
  EXPECT_THAT(minus(expected, seen), IsEmpty()) << "a session of " << exchange.mic() << ", and nothing traded";
}

const Date kFirst = Date::from_civil(2000, 1, 1);

TEST(CalendarOracle, DaysOnWhichManyStocksTradedAreTheSessionsOfNewYork) {
  LODE_NEEDS_DATA("ohlcv-us-daily");
  std::map<Date, int> rows;
  for (int year = 2007; year <= 2014; ++year) {
    for_dated_lines("ohlcv-us-daily/ohlcv-" + std::to_string(year) + ".csv.gz",
                    [&](Date date, std::string_view) { ++rows[date]; });
  }
  constexpr int kMany = 100;  // Of 550: a stray bar on a weekend is a defect of the file, not a session.
  std::set<Date> seen;
  for (const auto& [date, count] : rows) {
    if (count >= kMany) {
      seen.insert(date);
    }
  }
  expect_sessions(calendar("XNYS"), seen);
  expect_sessions(calendar("XNAS"), seen);
}

TEST(CalendarOracle, DaysOfTheDailyFactorReturnsAreTheSessionsOfNewYork) {
  LODE_NEEDS_DATA("ff-factors/F-F_Research_Data_Factors_daily.CSV.gz");
  std::set<Date> seen;
  for_dated_lines("ff-factors/F-F_Research_Data_Factors_daily.CSV.gz", [&](Date date, std::string_view) {
    if (date >= kFirst) {
      seen.insert(date);
    }
  });
  EXPECT_GT(seen.size(), 5900U);  // 2000-01-03 to 2023-07-31.
  expect_sessions(calendar("XNYS"), seen);
}

TEST(CalendarOracle, DaysWithAnIndexValueAreTheSessionsOfNewYork) {
  LODE_NEEDS_DATA("macro/fred_sp500.csv");
  std::set<Date> seen;
  for_dated_lines("macro/fred_sp500.csv", [&](Date date, std::string_view line) {
    if (!line.ends_with(',')) {  // FRED lists every weekday and leaves the value of a holiday empty.
      seen.insert(date);
    }
  });
  EXPECT_GT(seen.size(), 2500U);  // 2016-02-12 to 2026-02-11, so with Juneteenth and President Carter's day.
  expect_sessions(calendar("XNYS"), seen);
}

TEST(CalendarOracle, DaysWithAVolatilityIndexAreTheSessionsOfNewYork) {
  LODE_NEEDS_DATA("macro/vix-daily.csv.gz");
  const Date placeholder = Date::from_civil(2004, 6, 11);  // The file repeats the value of the day before.
  const Date overnight = Date::from_civil(2022, 5, 1);     // From here the index is also made on holidays.
  std::set<Date> seen;
  for_dated_lines("macro/vix-daily.csv.gz", [&](Date date, std::string_view) {
    if (date >= kFirst && date < overnight && date != placeholder) {
      seen.insert(date);
    }
  });
  expect_sessions(calendar("XNYS"), seen);
}

// The union of an index and two banks: each has days of its own without trades (CBA was halted in August 2015), and the
// vendor fills the holiday 2015-12-28 with volume 0 or nulls.
TEST(CalendarOracle, DaysWithPricesAreTheSessionsOfSydney) {
  LODE_NEEDS_DATA("asx/prices/AXJO.csv");
  std::set<Date> seen;
  for (const std::string_view name : {"AXJO", "CBA.AX", "ANZ.AX"}) {
    for_dated_lines(fmt::format("asx/prices/{}.csv", name), [&](Date date, std::string_view line) {
      const bool untraded = name != "AXJO" && line.ends_with(",0");  // The index has no volume at all.
      if (!untraded && !line.ends_with("null")) {
        seen.insert(date);
      }
    });
  }
  EXPECT_GT(seen.size(), 1250U);  // 2015-05-20 to 2020-05-20.
  expect_sessions(calendar("XASX"), seen);
}

// "7/3/2012" to a date.
Date american_date(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '/');
  std::int64_t month = 0;
  std::int64_t day = 0;
  std::int64_t year = 0;
  EXPECT_TRUE(parts.size() == 3 && parse_int(parts[0], month) && parse_int(parts[1], day) && parse_int(parts[2], year));
  return Date::from_civil(static_cast<int>(year), static_cast<int>(month), static_cast<int>(day));
}

TEST(CalendarOracle, APublishedTableOfHolidaysAndEarlyClosesAgrees) {
  LODE_NEEDS_DATA("macro/lean-market-hours-database.json.gz");
  const auto document = parse_json(read_test_data("macro/lean-market-hours-database.json.gz"));
  ASSERT_TRUE(document);
  const Value* usa = document->find("entries")->find("Equity-usa-[*]");
  ASSERT_NE(usa, nullptr);
  const Calendar& exchange = calendar("XNYS");
  std::set<Date> holidays;
  for (const Value& text : usa->find("holidays")->as_array()) {
    holidays.insert(american_date(text.as_text()));
  }
  std::set<Date> early;
  for (const auto& [text, hour] : usa->find("earlyCloses")->as_object()) {
    EXPECT_EQ(hour.as_text(), "13:00:00");
    early.insert(american_date(text));
  }
  std::set<Date> our_holidays;
  std::set<Date> our_early;
  std::set<Date> their_holidays;
  std::set<Date> their_early;
  const Date last = Date::from_civil(2026, 12, 31);  // The table is complete to here.
  for (Date date = kFirst; date <= last; date = date + 1) {
    if (date.weekday() >= 5) {
      continue;  // The table lists some weekend days too.
    }
    if (!exchange.is_session(date)) our_holidays.insert(date);
    if (exchange.is_early_close(date)) our_early.insert(date);
    if (holidays.contains(date)) their_holidays.insert(date);
    if (early.contains(date)) their_early.insert(date);
  }
  EXPECT_THAT(minus(our_holidays, their_holidays), IsEmpty());
  EXPECT_THAT(minus(their_holidays, our_holidays), IsEmpty());
  EXPECT_THAT(minus(our_early, their_early), IsEmpty());
  EXPECT_THAT(minus(their_early, our_early), IsEmpty());
}

}  // namespace
}  // namespace lode
