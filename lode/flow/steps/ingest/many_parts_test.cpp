// Many small imports: their parts are merged on the way, and nobody who reads, reverts or relabels notices.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/test_rounds.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/store/relabel.h"
#include "lode/market/calendar.h"

namespace lode::flow {
namespace {

using ::testing::ContainerEq;
using ::testing::Le;
using ::testing::SizeIs;

constexpr int kDays = 20;

class ManyParts : public ::testing::Test {
 protected:
  std::unique_ptr<lake::Lake> open() {
    return must(lake::Lake::open(world.lake_folder(), lake::Access::kWrite, world.test.clock, world.test.pool));
  }
  // One import a session; gives their commits.
  std::vector<std::int64_t> import_days(const std::string& mic, int days = kDays) {
    std::vector<std::int64_t> out;
    const Calendar* calendar = must(find_calendar("XNYS"));
    Date day = Date::from_civil(2024, 1, 2);
    for (int i = 0; i < days; day = day + 1) {
      if (calendar->is_session(day)) {
        const std::string path =
            world.write(fmt::format("{}.csv", i), fmt::format("{0}{1},AAA,10,11,9,{2},100\n{1},BBB,10,11,9,{2},100\n",
                                                              kBarsHeader, to_string(day), 10.0 + 0.01 * i));
        out.push_back(must(world.run({path}, "bars", mic)).commit);
        ++i;
      }
    }
    return out;
  }
  std::vector<std::string> closes() { return world.rows("bars", {"session", "close", "raw_hash"}); }

  IngestWorld world;
};

TEST_F(ManyParts, OfDailyImportsAreMerged) {
  if (kSanitized) {
    GTEST_SKIP() << "imports again and again; the sanitizers see each kind of import elsewhere";
  }
  const std::vector<std::int64_t> commits = import_days("XNYS");
  const auto lake = open();
  const lake::Snapshot now = must(lake->snapshot());
  EXPECT_THAT(now.parts("bars"), SizeIs(Le(16U)));
  EXPECT_THAT(now.parts("bars"), SizeIs(4)) << "17 were merged, three came after";
  EXPECT_THAT(closes(), SizeIs(2 * kDays));
  for (int i = 0; i < kDays; ++i) {
    const Batch rows = must(must(lake->snapshot(commits[static_cast<std::size_t>(i)])).read("bars", {}));
    EXPECT_EQ(rows.rows(), 2U * static_cast<std::size_t>(i + 1)) << "as it was after import " << i;
  }
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
}

TEST_F(ManyParts, CanBeRevertedOneImportAtATime) {
  const std::vector<std::int64_t> commits = import_days("XNYS");
  const std::vector<std::string> before = closes();
  must(open()->revert(commits[3]));
  EXPECT_THAT(closes(), SizeIs(2 * kDays - 2));
  EXPECT_FALSE(must(world.run({world.data() + "/3.csv"})).repeated);
  EXPECT_THAT(closes(), ContainerEq(before));
}

TEST_F(ManyParts, CanBeRelabelled) {
  if (kSanitized) {
    GTEST_SKIP() << "imports again and again; the sanitizers see each kind of import elsewhere";
  }
  const int days = test_rounds(kDays, 5);
  import_days("XXXX", days);
  const auto lake = open();
  World inner = world.test.world();
  const RelabelPlan plan = must(plan_relabel(*lake, "XXXX", "XNYS"));
  EXPECT_EQ(plan.bars, 2 * days);
  EXPECT_EQ(must(relabel(inner, *lake, plan)).kept, 2 * days);
  EXPECT_THAT(world.rows("bars", {"close"}), SizeIs(2 * days));
  EXPECT_THAT(world.rows("instruments", {"mic"}), ContainerEq(std::vector<std::string>{"XNYS", "XNYS"}));
}

}  // namespace
}  // namespace lode::flow
