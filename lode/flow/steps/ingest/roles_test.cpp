// A symbol is a stock or a benchmark: an import that takes one for the other changes nothing that is stored.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/testing.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kStock = "date,symbol,open,high,low,close,volume\n2024-01-02,SPY,10,11,9,10,100\n";
constexpr const char* kIndex = "date,symbol,open,close\n2024-01-02,SPY,10,10\n2024-01-03,SPY,10,10\n";

TEST(Roles, ABenchmarkDoesNotReplaceTheBarsOfAStock) {
  IngestWorld world;
  must(world.run({world.write("bars.csv", kStock)}));
  const auto refused = world.run({world.write("bench.csv", kIndex)}, "benchmark");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E2026);
  EXPECT_THAT(refused.error().message(), HasSubstr("SPY"));
  EXPECT_THAT(refused.error().hint(), HasSubstr("^SPY"));
  EXPECT_THAT(world.rows("bars", {"session", "high", "volume"}), ElementsAre("2024-01-02 11 100"));
}

TEST(Roles, AStockDoesNotReplaceABenchmark) {
  IngestWorld world;
  must(world.run({world.write("bench.csv", kIndex)}, "benchmark"));
  const auto refused = world.run({world.write("bars.csv", kStock)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E2026);
  EXPECT_THAT(world.rows("instruments", {"kind"}), ElementsAre("index"));
  EXPECT_THAT(world.rows("bars", {"session"}), ElementsAre("2024-01-02", "2024-01-03"));
}

TEST(Roles, MoreOfTheSameIsNoTurn) {
  IngestWorld world;
  must(world.run({world.write("bench.csv", kIndex)}, "benchmark"));
  must(world.run({world.write("more.csv", "date,symbol,open,close\n2024-01-04,SPY,10,10\n")}, "benchmark"));
  EXPECT_THAT(world.rows("bars", {"session"}), ElementsAre("2024-01-02", "2024-01-03", "2024-01-04"));
}

}  // namespace
}  // namespace lode::flow
