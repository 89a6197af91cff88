// Adjustment of a window: hand-computed prices under splits and dividends, and what cannot be applied.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/adjusted.h"

#include <gmock/gmock.h>

#include "lode/io/lake/panels/testing.h"

namespace lode::lake {
namespace {

using testing::column;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::january;
using testing::kMissing;

class Adjusted : public testing::MarketTest {
 protected:
  // One name that closes at 100, 50, 40, 42 on the four sessions from the 2nd to the 7th.
  void one_name() {
    add_instruments({{1, "AAA", ""}});
    add_bars({{1, january(2), 100}, {1, january(3), 50}, {1, january(6), 40}, {1, january(7), 42}});
  }
  Adjustments read(const PanelSet& raw, Adjust mode = Adjust::kAll, std::optional<Time> as_of = {}) {
    return *read_adjustments(*lake->snapshot(), *raw.axis, raw.panels.at("raw_close"), as_of, mode, pool);
  }
};

TEST_F(Adjusted, ASplitDividesWhatStandsBeforeItAndMultipliesVolumes) {
  one_name();
  add_actions({{1, january(3), "split", 2.0}});
  const PanelSet set = load({.fields = {"close", "volume"}});
  EXPECT_THAT(column(set.panels.at("close"), 0), ElementsAre(50, 50, 40, 42));
  EXPECT_THAT(column(set.panels.at("volume"), 0), ElementsAre(2000, 1000, 1000, 1000));
}

TEST_F(Adjusted, ADividendScalesByOneMinusItsShareOfTheCloseBefore) {
  one_name();
  add_actions({{1, january(6), "dividend", kMissing, 5.0}});  // 5 of 50: everything before times 0.9.
  const PanelSet set = load({.fields = {"close", "open", "volume"}});
  EXPECT_THAT(column(set.panels.at("close"), 0), ElementsAre(90, 45, 40, 42));
  EXPECT_THAT(column(set.panels.at("open"), 0), ElementsAre(90, 45, 40, 42));
  EXPECT_THAT(column(set.panels.at("volume"), 0), ElementsAre(1000, 1000, 1000, 1000)) << "dividends move no volume";
}

TEST_F(Adjusted, APaymentInAnotherMoneyThanThePricesIsNotApplied) {
  one_name();  // Of New York.
  add_actions({{1, january(3), "dividend", kMissing, 5.0, Time{0}, "EUR"},
               {1, january(6), "dividend", kMissing, 5.0, Time{0}, "USD"}});
  const PanelSet set = load({.fields = {"close", "raw_close"}});
  EXPECT_THAT(column(set.panels.at("close"), 0), ElementsAre(90, 45, 40, 42));
  const Adjustments found = read(set);
  EXPECT_EQ(found.applied, 1);
  EXPECT_THAT(found.faults, ElementsAre("AAA 2020-01-03 dividend: in EUR, prices are in USD"));
}

TEST_F(Adjusted, WithoutAKnownMoneyOfThePricesAPaymentIsTakenAsItIs) {
  add_instruments({{1, "AAA", ""}}, "XXXX");
  add_bars({{1, january(2), 100}, {1, january(3), 50}});
  add_actions({{1, january(3), "dividend", kMissing, 10.0, Time{0}, "EUR"}});
  EXPECT_THAT(column(load({.fields = {"close"}}).panels.at("close"), 0), ElementsAre(90, 50));
}

TEST_F(Adjusted, ActionsOfSeveralDaysMultiply) {
  one_name();
  add_actions({{1, january(3), "split", 2.0}, {1, january(6), "dividend", kMissing, 5.0}});
  EXPECT_THAT(column(load({.fields = {"close"}}).panels.at("close"), 0), ElementsAre(45, 45, 40, 42));
}

TEST_F(Adjusted, SplitsOnlyLeavesDividendsOutAndCountsNone) {
  one_name();
  add_actions({{1, january(3), "split", 2.0}, {1, january(6), "dividend", kMissing, 5.0}});
  const PanelSet set = load({.fields = {"close", "raw_close"}, .adjust = Adjust::kSplit});
  EXPECT_THAT(column(set.panels.at("close"), 0), ElementsAre(50, 50, 40, 42));
  EXPECT_EQ(read(set, Adjust::kSplit).applied, 1);
  EXPECT_EQ(read(set, Adjust::kAll).applied, 2);
  EXPECT_EQ(read(set, Adjust::kNone).applied, 0);
}

TEST_F(Adjusted, ADividendIsMeasuredOnTheLastCloseBeforeAGap) {
  add_instruments({{1, "AAA", ""}, {2, "BBB", ""}});
  add_bars({{1, january(2), 100}, {1, january(7), 80}, {2, january(2), 1}, {2, january(3), 1}, {2, january(6), 1}});
  add_actions({{1, january(7), "dividend", kMissing, 20.0}});
  const PanelSet set = load({.fields = {"close"}});
  EXPECT_EQ(set.panels.at("close").at(0, 0), 80);
  EXPECT_TRUE(testing::missing(set.panels.at("close").at(1, 0)));
}

TEST_F(Adjusted, WhatCannotBeAppliedIsNamedAndChangesNothing) {
  one_name();
  add_actions({{1, january(3), "split", 0.0},
               {1, january(6), "dividend", kMissing, 50.0},
               {1, january(7), "special", kMissing, kMissing}});
  const PanelSet set = load({.fields = {"close", "raw_close"}});
  EXPECT_THAT(column(set.panels.at("close"), 0), ElementsAre(100, 50, 40, 42));
  const Adjustments adjustments = read(set);
  EXPECT_EQ(adjustments.applied, 0);
  EXPECT_THAT(adjustments.faults, ::testing::UnorderedElementsAre(
                                      ::testing::AllOf(HasSubstr("AAA 2020-01-03 split: "), HasSubstr("not above 0")),
                                      ::testing::AllOf(HasSubstr("AAA 2020-01-06 dividend: "),
                                                       HasSubstr("not below the close before it, 50")),
                                      ::testing::AllOf(HasSubstr("AAA 2020-01-07 special: "), HasSubstr("not known"))));
}

TEST_F(Adjusted, AnActionBeforeTheFirstBarOfItsInstrumentIsAFault) {
  two_names();  // BBB begins on the 3rd.
  add_actions({{2, january(3), "split", 2.0}});
  const PanelSet set = load({.fields = {"close", "raw_close"}});
  EXPECT_EQ(set.panels.at("close").at(1, 1), 20);
  EXPECT_THAT(read(set).faults, ElementsAre(HasSubstr("no session with a close stands before")));
}

TEST_F(Adjusted, ActionsOutsideTheWindowAreNeitherAppliedNorFaulted) {
  one_name();
  add_actions({{1, january(2), "split", 4.0}, {1, january(7), "split", 2.0}});
  const PanelSet set = load({.fields = {"raw_close"}, .from = january(3), .to = january(6)});
  const Adjustments adjustments = read(set);
  EXPECT_EQ(adjustments.applied, 0) << "the first is before the window, the second after it";
  EXPECT_TRUE(adjustments.faults.empty());
}

TEST_F(Adjusted, RenamesMergersAndDelistingsMoveNoPrice) {
  one_name();
  add_actions({{1, january(3), "rename"}, {1, january(6), "merger", 3.0, 9.0}, {1, january(7), "delisting"}});
  const PanelSet set = load({.fields = {"close", "raw_close"}});
  EXPECT_THAT(column(set.panels.at("close"), 0), ElementsAre(100, 50, 40, 42));
  EXPECT_TRUE(read(set).columns.empty());
}

TEST_F(Adjusted, AnActionLearntLaterIsUnknownToAnEarlierReader) {
  one_name();
  add_actions({{1, january(3), "split", 2.0, kMissing, start_of_day(january(8))}});
  const PanelSet set = load({.fields = {"raw_close"}});
  EXPECT_EQ(read(set, Adjust::kAll, end_of_day(january(7))).applied, 0);
  EXPECT_EQ(read(set, Adjust::kAll, end_of_day(january(8))).applied, 1);
}

TEST_F(Adjusted, WithoutActionsThePanelIsNotCopied) {
  one_name();
  const PanelSet set = load({.fields = {"raw_close"}});
  const Panel& raw = set.panels.at("raw_close");
  EXPECT_EQ(read(set).apply(raw, false, pool).row64(0).data(), raw.row64(0).data());
}

TEST_F(Adjusted, ManyColumnsAreEachAdjustedByTheirOwn) {
  std::vector<testing::InstrumentLine> names;
  std::vector<testing::BarLine> lines;
  std::vector<testing::ActionLine> splits;
  for (std::uint64_t id = 1; id <= 21; ++id) {  // More than two groups of neighbours, and a rest.
    names.push_back({id, "N" + std::to_string(id), ""});
    lines.push_back({id, january(2), 840.0 * static_cast<double>(id)});
    lines.push_back({id, january(3), 1.0});
    if (id % 3 != 0) {
      splits.push_back({id, january(3), "split", static_cast<double>(id)});
    }
  }
  add_instruments(names);
  add_bars(lines);
  add_actions(splits);
  const PanelSet set = load({.fields = {"close"}});
  for (std::uint64_t id = 1; id <= 21; ++id) {
    const double expected = id % 3 != 0 ? 840.0 : 840.0 * static_cast<double>(id);
    EXPECT_EQ(set.panels.at("close").at(0, id - 1), expected) << id;
  }
}

}  // namespace
}  // namespace lode::lake
