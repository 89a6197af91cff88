// Group codes: dates, gaps, schemes and names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/groups.h"

#include <gmock/gmock.h>

#include "lode/io/lake/panels/testing.h"

namespace lode::lake {
namespace {

using ::testing::ElementsAre;
using testing::january;

class Groups : public testing::MarketTest {
 protected:
  Result<GroupPanel> read(const std::string& level = "sector") {
    const PanelSet set = load({.fields = {"close"}});
    return read_group(*lake->snapshot(), set.axis, level, {});
  }
};

TEST_F(Groups, CodesFollowSortedNamesAndNobodyElseHasOne) {
  two_names();
  add_groups({{1, "Utilities", january(1)}, {2, "Banks", january(3)}});
  const GroupPanel group = *read();
  EXPECT_THAT(group.names, ElementsAre("Banks", "Utilities"));
  EXPECT_THAT(group.codes, ElementsAre(1, -1, 1, 0, 1, 0, 1, 0)) << "BBB has none before the 3rd";
}

TEST_F(Groups, AStayEndsWithItsLastDayAndMayBeTakenUpAgain) {
  two_names();
  add_groups({{1, "Banks", january(2), january(3)}, {1, "Banks", january(7)}});
  const GroupPanel group = *read();
  EXPECT_THAT(group.codes, ElementsAre(0, -1, 0, -1, -1, -1, 0, -1));
}

TEST_F(Groups, AReclassificationOnAWeekendCountsFromTheNextSession) {
  two_names();
  add_groups({{1, "Banks", january(1)}, {1, "Energy", january(4)}});
  const GroupPanel group = *read();
  EXPECT_THAT(group.codes, ElementsAre(0, -1, 0, -1, 1, -1, 1, -1));
}

TEST_F(Groups, OfTwoSchemesTheOneThatGroupsMoreIsUsedAlone) {
  two_names();
  add_groups({{1, "Banks", january(1), {}, "gics"},
              {2, "Energy", january(1), {}, "gics"},
              {1, "Division 60", january(1), {}, "sic"}});
  const GroupPanel group = *read();
  EXPECT_EQ(group.names[static_cast<std::size_t>(group.row(0)[0])], "Banks");
  EXPECT_EQ(group.names[static_cast<std::size_t>(group.row(0)[1])], "Energy");
}

TEST_F(Groups, OfOtherInstrumentsOrOutsideTheSessionsAreAbsent) {
  two_names();
  add_groups({{9, "Banks", january(1)}, {1, "Energy", january(20)}, {2, "", january(1)}});
  const Result<GroupPanel> group = read();
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().number(), E::E1113);
  EXPECT_THAT(group.error().hint(), ::testing::HasSubstr("--table groups"));
}

TEST_F(Groups, WithoutATableAreAbsent) {
  two_names();
  const Result<GroupPanel> group = read("industry");
  ASSERT_FALSE(group);
  EXPECT_EQ(group.error().number(), E::E1113);
  EXPECT_THAT(group.error().message(), ::testing::HasSubstr("industry"));
}

}  // namespace
}  // namespace lode::lake
