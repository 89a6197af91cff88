// Labels and holders of a ticker that changed hands: Google's two share classes of April 2014, and WM, which was
// Washington Mutual's before it was Waste Management's.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/called.h"

#include <gmock/gmock.h>

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr InstrumentId kA{1}, kC{2}, kWaste{3}, kMutual{4};

Date day(int year, unsigned month, unsigned of_month) { return Date::from_civil(year, month, of_month); }

SymbolMap map() {
  return SymbolMap({{kA, "XNAS", "GOOG", "", "", {}, {}},
                    {kC, "XNAS", "GOOCV", "", "", {}, {}},
                    {kWaste, "XNYS", "UW", "", "", {}, {}},
                    {kMutual, "XNYS", "WM", "", "", {}, {}}},
                   {{kA, "lean", "goog", day(2004, 8, 19), day(2014, 4, 2)},
                    {kA, "lean", "googl", day(2014, 4, 3), {}},
                    {kC, "lean", "goocv", day(2014, 3, 27), day(2014, 4, 2)},
                    {kC, "lean", "goog", day(2014, 4, 3), {}},
                    {kWaste, "lean", "uw", day(1998, 1, 2), day(1998, 7, 16)},
                    {kWaste, "lean", "wmi", day(1998, 7, 17), day(2009, 8, 4)},
                    {kWaste, "lean", "wm", day(2009, 8, 5), {}},
                    {kMutual, "lean", "wm", day(1998, 12, 9), day(2008, 9, 26)}},
                   {});
}

TEST(RowNames, AreTheSpellingOfTheDay) {
  const RowNames names(map());
  EXPECT_EQ(names.on(kA, day(2014, 4, 2)), "GOOG");
  EXPECT_EQ(names.on(kA, day(2014, 4, 3)), "GOOGL");
  EXPECT_EQ(names.on(kC, day(2014, 4, 2)), "GOOCV");
  EXPECT_EQ(names.newest(kC), "GOOG");
  EXPECT_EQ(names.on(kWaste, day(1990, 1, 2)), "UW") << "before its first spelling the first one";
  EXPECT_EQ(names.on(kMutual, day(2021, 1, 4)), "WM") << "after its last spelling the last one";
  EXPECT_EQ(names.on(InstrumentId{9}, day(2021, 1, 4)), "");
}

TEST(RowNames, TheExchangesOwnSpellingGoesBeforeASources) {
  const RowNames names(
      SymbolMap({{kA, "XASX", "BHP", "", "", {}, {}}},
                {{kA, "XASX", "BHP", day(1900, 1, 1), {}}, {kA, "yahoo", "BHP.AX", day(2010, 1, 4), {}}}, {}));
  EXPECT_EQ(names.on(kA, day(2020, 1, 2)), "BHP");
}

TEST(CalledWithin, IsWhoeverBoreTheSymbolOnADayOfTheRange) {
  const SymbolMap all = map();
  EXPECT_THAT(called_within(all, "GOOG", {day(2021, 3, 30), {}}), ElementsAre(kC));
  EXPECT_THAT(called_within(all, "goog", {{}, day(2013, 1, 2)}), ElementsAre(kA));
  EXPECT_THAT(called_within(all, "GOOG", {}), ElementsAre(kA, kC));
  EXPECT_THAT(called_within(all, "WM", {day(2021, 3, 31), {}}), ElementsAre(kWaste));
  EXPECT_THAT(called_within(all, "UW", {day(2021, 3, 31), {}}), ElementsAre(kWaste)) << "nobody then: who ever was";
  EXPECT_THAT(called_within(all, "NOPE", {}), IsEmpty());
}

TEST(ForeignDays, AreThoseOnWhichAnotherBoreTheSymbol) {
  const SymbolMap all = map();
  const std::vector<std::string> goog = {"GOOG"};
  const std::vector<InstrumentId> both = {kA, kC};
  const auto found = foreign_days(all, goog, both, {});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, kA);
  EXPECT_EQ(found[0].from, day(2014, 4, 3));
  EXPECT_EQ(found[0].bearer, kC);
  EXPECT_EQ(found[1].id, kC);
  EXPECT_EQ(found[1].from, day(2004, 8, 19));
  EXPECT_EQ(found[1].to, day(2014, 4, 2));
  EXPECT_TRUE(foreign_days(all, goog, both, {day(2003, 1, 1), day(2004, 1, 1)}).empty());
}

TEST(ForeignDays, WhatIsAskedForByItsOtherNameTooStays) {
  const std::vector<std::string> names = {"GOOG", "GOOGL"};
  const std::vector<InstrumentId> both = {kA, kC};
  const auto found = foreign_days(map(), names, both, {});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].id, kC);
}

TEST(ForeignDays, TwoExchangesTakeNothingFromEachOther) {
  const SymbolMap all({{kA, "XNYS", "BHP", "", "", {}, {}}, {kC, "XASX", "BHP", "", "", {}, {}}},
                      {{kA, "XNYS", "BHP", day(2020, 1, 2), {}}, {kC, "XASX", "BHP", day(1900, 1, 1), {}}}, {});
  const std::vector<std::string> bhp = {"BHP"};
  const std::vector<InstrumentId> both = {kA, kC};
  EXPECT_THAT(foreign_days(all, bhp, both, {}), IsEmpty());
}

}  // namespace
}  // namespace lode::flow
