// Spells of names: by files in every order.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/binance/spells.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "lode/base/must.h"

namespace lode::source::binance {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

Date day(std::string_view text) { return must(parse_date(text)); }
Days days(std::string_view first, std::string_view last) { return {day(first), day(last)}; }
const Days kAll{Date::from_civil(1, 1, 1), Date::from_civil(9999, 12, 31)};

std::vector<Date> all_of(std::string_view first, std::string_view last) {
  std::vector<Date> out;
  for (Date one = day(first); one <= day(last); one = one + 1) {
    out.push_back(one);
  }
  return out;
}

TEST(Spells, AFileNameTellsItsDays) {
  EXPECT_EQ(days_of_file("BTCUSDT-1d-2024-02.zip"), days("2024-02-01", "2024-02-29"));
  EXPECT_EQ(days_of_file("BTCUSDT-1d-2024-05-17.zip"), days("2024-05-17", "2024-05-17"));
  EXPECT_FALSE(days_of_file("BTCUSDT-1d-2024-02.zip.CHECKSUM"));
  EXPECT_FALSE(days_of_file("BTCUSDT-1d-2024-13.zip"));
  EXPECT_FALSE(days_of_file("readme"));
}

// Twelve whole months without a pause, each file's neighbours unread: one instrument, whatever comes when.
TEST(Spells, MonthsInEveryOrderAreOneInstrumentWhereNothingPauses) {
  const std::vector<Days> months = {days("2024-01-01", "2024-01-31"), days("2024-02-01", "2024-02-29"),
                                    days("2024-03-01", "2024-03-31"), days("2024-04-01", "2024-04-30"),
                                    days("2024-05-01", "2024-05-31"), days("2024-06-01", "2024-06-30")};
  std::vector<std::size_t> order = {0, 1, 2, 3, 4, 5};
  int orders = 0;
  do {
    Spells spells;
    for (const std::size_t i : order) {
      spells = Spells(spells.text());  // As a cursor keeps it.
      EXPECT_THAT(spells.take(all_of(to_string(months[i].first), to_string(months[i].last)), months[i]), Each(0U));
    }
    EXPECT_EQ(spells.text(), "2024-01-01..2024-06-30");
    ++orders;
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(orders, 720);
}

TEST(Spells, APauseThatWasReadIsANewInstrumentInBothDirections) {
  const std::vector<Date> may = all_of("2022-05-01", "2022-05-13");
  Spells forwards;
  EXPECT_THAT(forwards.take(may, days("2022-05-01", "2022-05-31")), Each(0U));
  EXPECT_THAT(forwards.take(all_of("2022-06-01", "2022-06-30"), days("2022-05-01", "2022-06-30")), Each(1U));
  EXPECT_EQ(forwards.text(), "2022-05-01..2022-05-13;2022-06-01..2022-06-30");
  EXPECT_TRUE(forwards.is_followed(0));
  EXPECT_FALSE(forwards.is_followed(1));
  EXPECT_THAT(forwards.take({day("2022-05-07")}, days("2022-05-07", "2022-05-07")), ElementsAre(0U));
  EXPECT_THAT(forwards.take({day("2022-07-01")}, days("2022-07-01", "2022-07-01")), ElementsAre(1U));
  Spells backwards;
  EXPECT_THAT(backwards.take(all_of("2022-06-01", "2022-06-30"), days("2022-06-01", "2022-06-30")), Each(0U));
  EXPECT_THAT(backwards.take(may, days("2022-05-01", "2022-06-30")), Each(1U)) << "its number is its own";
  EXPECT_EQ(backwards.text(), "2022-06-01..2022-06-30;2022-05-01..2022-05-13");
  EXPECT_TRUE(backwards.is_followed(1));
  EXPECT_FALSE(backwards.is_followed(0));
}

TEST(Spells, SevenDaysAreNoPauseAndAHoleThatNobodyReadIsNone) {
  Spells spells;
  EXPECT_THAT(spells.take({day("2022-05-06"), day("2022-05-13"), day("2022-05-21")}, kAll), ElementsAre(0U, 0U, 1U));
  Spells hole;
  EXPECT_THAT(hole.take({day("2022-05-06")}, days("2022-05-01", "2022-05-31")), ElementsAre(0U));
  EXPECT_THAT(hole.take({day("2022-09-06")}, days("2022-09-01", "2022-09-30")), ElementsAre(0U)) << "June was not read";
  EXPECT_THAT(hole.take({day("2021-09-06")}, days("2021-09-01", "2021-09-30")), ElementsAre(0U));
  EXPECT_EQ(hole.text(), "2021-09-06..2022-09-06");
}

TEST(Spells, AFileAcrossWhatIsKnownIsTakenApartByIt) {
  Spells spells("2024-05-20..2024-05-31");
  EXPECT_THAT(spells.take({day("2024-05-01"), day("2024-05-02"), day("2024-05-13"), day("2024-05-20")},
                          days("2024-05-01", "2024-05-31")),
              ElementsAre(1U, 1U, 0U, 0U));
  EXPECT_EQ(spells.text(), "2024-05-13..2024-05-31;2024-05-01..2024-05-02");
}

TEST(Spells, WhatIsForgottenFreesItsNumber) {
  Spells harmed("2024-04-01..2024-04-30;2024-08-01..2024-09-30;2025-01-01..2025-01-31");
  harmed.forget(day("2024-01-01"));
  EXPECT_EQ(harmed.text(), "");
  EXPECT_FALSE(harmed.whole());
  EXPECT_THAT(harmed.take(all_of("2024-01-01", "2024-01-31"), kAll), Each(0U));
  Spells some("2022-06-01..2022-06-30;2022-05-01..2022-05-13;2023-01-01..2023-02-01");
  some.forget(day("2022-05-20"));
  EXPECT_EQ(some.text(), ";2022-05-01..2022-05-13");
  EXPECT_FALSE(some.holds(0));
  EXPECT_EQ(Spells(some.text()).text(), some.text());
  EXPECT_THAT(some.take(all_of("2022-06-01", "2022-06-02"), kAll), Each(0U));
  EXPECT_EQ(*some.whole(), days("2022-05-01", "2022-06-02"));
}

}  // namespace
}  // namespace lode::source::binance
