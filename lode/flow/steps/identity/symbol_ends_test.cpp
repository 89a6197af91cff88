// Tables of members whose ends are last days, and whose ends are the days after.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/symbol_ends.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/market/test_data.h"

namespace lode::flow {
namespace {

// One place that goes through `count` hands, each for 30 days; the next begins `gap` days behind the end before.
std::vector<ListedSymbol> hands(int count, int gap) {
  std::vector<ListedSymbol> out;
  Date day = Date::from_civil(2020, 1, 6);
  for (int i = 0; i < count; ++i) {
    out.push_back({fmt::format("S{}", i), "", day, day + 30, i + 1});
    day = day + 30 + gap;
  }
  out.push_back({"LAST", "", day, {}, count + 1});
  return out;
}

TEST(SymbolEnds, AnEndOnWhichTheNextBeginsIsNoDayOfTheStay) {
  std::vector<ListedSymbol> left = hands(20, 0);
  EXPECT_TRUE(ends_are_left(left));
  EXPECT_TRUE(settle_ends(left));
  for (std::size_t i = 1; i < left.size(); ++i) {
    EXPECT_EQ(*left[i - 1].to + 1, *left[i].from);
  }
  std::vector<ListedSymbol> last = hands(20, 1);
  EXPECT_FALSE(settle_ends(last));
  EXPECT_EQ(*last[0].to, Date::from_civil(2020, 2, 5));
  EXPECT_FALSE(ends_are_left(hands(9, 0))) << "a few are chance";
  EXPECT_FALSE(ends_are_left({{"A", "", {}, {}, 1}}));
}

TEST(SymbolEnds, AStayOfOneDayStays) {
  std::vector<ListedSymbol> rows = hands(20, 0);
  rows[3].to = rows[3].from;
  EXPECT_TRUE(settle_ends(rows));
  EXPECT_EQ(rows[3].to, rows[3].from);
}

// Names that double on a day of change are 504 where 500 companies and their classes of shares are 499.
TEST(SymbolEnds, TheRecordedTableOfTheSp500NamesNobodyTwiceOnADayOfChange) {
  LODE_NEEDS_DATA("sp500-membership/sp500_ticker_start_end.csv");
  const std::string text = read_test_data("sp500-membership/sp500_ticker_start_end.csv");
  const SymbolList list = must(parse_symbol_list(text, "sp500.csv"));
  EXPECT_TRUE(list.ends_are_left);
  const Date day = Date::from_civil(2009, 12, 21);
  EXPECT_EQ(symbols_between(list, day, day).size(), 499U);
}

}  // namespace
}  // namespace lode::flow
