// Every version of a row, in the order of their commits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/history/versions.h"

#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/io/lake/testing.h"

namespace lode::lake {
namespace {

using ::testing::ElementsAre;

class Versions : public testing::LakeTest {
 protected:
  void store(Lake& lake, const std::vector<testing::BarLine>& lines) {
    Writer writer = must(lake.writer());
    must(writer.append("bars", testing::bars(lines), clock.now()));
    must(writer.commit("bars " + std::to_string(++commits_), "data import", Value()));
    clock.advance(3600 * kNanosPerSecond);
  }
  std::vector<double> closes(const Lake& lake, const Query& query = {}) {
    const Batch rows = must(read_versions(must(lake.snapshot()), "bars", query));
    const auto found = rows.column("close").float64s();
    return {found.begin(), found.end()};
  }

 private:
  int commits_ = 0;
};

Date day(int of_month) { return Date::from_civil(2024, 1, of_month); }

TEST_F(Versions, AreAllTold) {
  const auto lake = open();
  store(*lake, {{1, day(2), 10}, {1, day(3), 11}, {2, day(2), 20}});
  store(*lake, {{1, day(3), 11.5}});
  store(*lake, {{1, day(3), 11.25}});
  EXPECT_THAT(closes(*lake), ElementsAre(10, 11, 11.5, 11.25, 20)) << "by key, then by commit";
  EXPECT_EQ(must(must(lake->snapshot()).read("bars", {})).rows(), 3U) << "the current view has the newest";
}

TEST_F(Versions, AsOfLeavesOutWhatWasReceivedLater) {
  const auto lake = open();
  store(*lake, {{1, day(3), 11}});
  const Time second = clock.now();
  store(*lake, {{1, day(3), 11.5}});
  store(*lake, {{1, day(3), 11.25}});
  Query query;
  query.as_of = second;
  EXPECT_THAT(closes(*lake, query), ElementsAre(11, 11.5));
}

TEST_F(Versions, SelectionsChooseAmongThem) {
  const auto lake = open();
  store(*lake, {{1, day(2), 10}, {2, day(2), 20}});
  store(*lake, {{1, day(2), 10.5}});
  Query query;
  query.instruments = {InstrumentId{1}};
  query.where = "close > 10";
  EXPECT_THAT(closes(*lake, query), ElementsAre(10.5));
  query.where.clear();
  query.columns = {"close"};
  query.limit = 1;
  EXPECT_THAT(closes(*lake, query), ElementsAre(10));
}

TEST_F(Versions, StayWhenPartsAreMerged) {
  const auto lake = open();
  store(*lake, {{1, day(2), 10}});
  store(*lake, {{1, day(2), 10.5}});
  must(lake->compact("bars"));
  EXPECT_THAT(closes(*lake), ElementsAre(10, 10.5));
}

TEST_F(Versions, OfNothingAreNone) {
  const auto lake = open();
  EXPECT_EQ(must(read_versions(must(lake->snapshot()), "bars", {})).rows(), 0U);
  EXPECT_EQ(read_versions(must(lake->snapshot()), "brs", {}).error().number(), E::E2016);
  EXPECT_EQ(read_versions(must(lake->snapshot()), "factor_values", {}).error().number(), E::E4);
}

}  // namespace
}  // namespace lode::lake
