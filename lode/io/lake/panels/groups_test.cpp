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
    LODE_TRY(GroupRead whole, read_group(*lake->snapshot(), set.axis, level, {}));
    return std::move(whole.panel);
  }
  GroupRead read_of(const std::string& scheme, std::optional<CommitId> commit = {}) {
    const PanelSet set = load({.fields = {"close"}});
    auto whole = read_group(*lake->snapshot(commit), set.axis, "sector", {}, scheme);
    EXPECT_TRUE(whole) << (whole ? "" : render(whole.error()));
    return whole ? std::move(*whole) : GroupRead();
  }
  std::vector<std::string> schemes() {
    std::vector<std::string> names;
    const std::vector<GroupScheme> found = *group_schemes(*lake->snapshot(), "sector", {});
    for (const GroupScheme& scheme : found) {
      names.push_back(scheme.name);
    }
    return names;
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

TEST_F(Groups, TheSchemeImportedLastIsUsedAloneWhateverItsNameAndSize) {
  two_names();
  add_groups({{1, "Old", kNoBeginning, {}, "user:sectors", "f1"}, {2, "Old", kNoBeginning, {}, "user:sectors", "f1"}});
  add_groups({{1, "New", january(1), {}, "user:new", "f2"}, {2, "New", january(1), {}, "user:new", "f2"}});
  EXPECT_EQ(read_of("").scheme.name, "user:new") << "by its letter it would not be";
  add_groups({{1, "A", january(1), {}, "user:a", "f3"}});
  const GroupRead last = read_of("");
  EXPECT_EQ(last.scheme.name, "user:a");
  EXPECT_EQ(last.scheme.commit, lake->snapshot()->commit());
  EXPECT_EQ(last.scheme.instruments, 1);
  EXPECT_EQ(last.schemes, 3);
  EXPECT_THAT(last.scheme.files, ElementsAre("f3"));
  EXPECT_THAT(last.panel.names, ElementsAre("A")) << "names of other schemes are none of its groups";
  EXPECT_THAT(last.panel.row(0), ElementsAre(0, -1)) << "another scheme's group of BBB does not fill in";
  EXPECT_THAT(schemes(), ElementsAre("user:a", "user:new", "user:sectors"));
}

TEST_F(Groups, AnAskedSchemeIsRead) {
  two_names();
  add_groups({{1, "Old", january(1), {}, "user:sectors", "f1"}});
  add_groups({{1, "New", january(1), {}, "gics", "f2"}});
  EXPECT_THAT(read_of("user:sectors").panel.names, ElementsAre("Old"));
  EXPECT_THAT(read_of("sectors").panel.names, ElementsAre("Old")) << "a file's own name";
  EXPECT_THAT(read_of("gics").panel.names, ElementsAre("New"));
  const auto none = choose_scheme(*group_schemes(*lake->snapshot(), "sector", {}), "sector", "sic");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E1113);
  EXPECT_THAT(none.error().message(), ::testing::HasSubstr("'sic'"));
  EXPECT_THAT(none.error().hint(), ::testing::HasSubstr("gics, user:sectors"));
}

TEST_F(Groups, AnEarlierOrRevertedCommitTellsWhatWasImportedLastThen) {
  two_names();
  add_groups({{1, "Old", january(1), {}, "user:z", "f1"}});
  const CommitId before = lake->snapshot()->commit();
  add_groups({{1, "New", january(1), {}, "user:a", "f2"}});
  const CommitId after = lake->snapshot()->commit();
  EXPECT_EQ(read_of("", before).scheme.name, "user:z");
  ASSERT_TRUE(lake->revert(after));
  EXPECT_EQ(read_of("").scheme.name, "user:z");
  EXPECT_EQ(read_of("", after).scheme.name, "user:a") << "a later revert changes no reading of before it";
}

TEST_F(Groups, OfOneImportTheDatedSchemeIsUsedThenTheLargest) {
  two_names();
  add_groups({{1, "A", kNoBeginning, {}, "user:a", "f1"},
              {2, "A", kNoBeginning, {}, "user:a", "f1"},
              {1, "B", january(1), {}, "user:b", "f2"},
              {1, "C", january(1), {}, "user:c", "f3"},
              {2, "C", january(1), {}, "user:c", "f3"}});
  EXPECT_THAT(schemes(), ElementsAre("user:c", "user:b", "user:a"));
}

TEST_F(Groups, WithoutAFirstDayAreMarkedWhereTheyAreRead) {
  two_names();
  add_groups(
      {{1, "A", kNoBeginning, {}, "user:a"}, {2, "B", january(1), {}, "user:b"}, {9, "B", kNoBeginning, {}, "user:b"}});
  EXPECT_TRUE(read_of("user:a").scheme.is_undated);
  EXPECT_FALSE(read_of("user:b").scheme.is_undated) << "of the instruments that are read every one is dated";
  const PanelSet set = load({.fields = {"close", "sector"}, .scheme = "a"});
  ASSERT_EQ(set.lineage.size(), 2U);
  EXPECT_EQ(set.lineage[0].scheme, "");
  EXPECT_EQ(set.lineage[1].scheme, "user:a");
  EXPECT_EQ(set.lineage[1].schemes, 2);
  EXPECT_TRUE(set.lineage[1].is_undated);
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
