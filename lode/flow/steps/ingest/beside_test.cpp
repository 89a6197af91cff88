// Imports side by side: another import commits while one stores its rows. Every report adds up to what it really
// stored.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/flow/steps/ingest/testing.h"

namespace lode::flow {
namespace {

using ::testing::SizeIs;

struct Both {
  IngestReport first;  // Committed while the other one had stored its rows and not committed them.
  IngestReport second;
};

// Runs an import that, right before its commit, is overtaken by another one.
Both side_by_side(IngestWorld& world, const std::string& overtaker, const std::string& overtaken,
                  const std::string& table) {
  Both out;
  bool is_done = false;
  world.progress = [&](std::string_view phase, std::int64_t, std::int64_t) {
    if (phase == "committing" && !is_done) {
      is_done = true;
      out.first = must(world.run({overtaker}, table));
    }
    return true;
  };
  out.second = must(world.run({overtaken}, table));
  world.progress = {};
  EXPECT_TRUE(is_done);
  return out;
}

void expect_accounted(const IngestReport& report) {
  EXPECT_EQ(report.kept + report.dropped + report.set_aside, report.read);
}

// A text of each table, three rows.
const std::vector<std::pair<std::string, std::string>> kTables = {
    {"bars", std::string(kBarsHeader) +
                 "2024-01-02,AAA,10,11,9,10,100\n2024-01-03,AAA,10,11,9,10,100\n2024-01-03,BBB,10,11,9,10,100\n"},
    {"benchmark", "date,symbol,open,close\n2024-01-02,SPX,10,11\n2024-01-03,SPX,10,11\n2024-01-04,SPX,10,11\n"},
    {"actions",
     "date,symbol,kind,amount\n2024-01-02,AAA,dividend,1\n2024-01-03,AAA,dividend,1\n"
     "2024-01-03,BBB,dividend,1\n"},
    {"groups", "symbol,scheme,sector\nAAA,gics,Tech\nBBB,gics,Tech\nCCC,gics,Energy\n"},
    {"universe", "name,symbol,valid_from\nx,AAA,2024-01-02\nx,BBB,2024-01-02\nx,CCC,2024-01-02\n"},
    {"instruments", "symbol,name\nAAA,Alpha\nBBB,Beta\nCCC,Gamma\n"}};

TEST(ImportsSideBySide, TheLoserOfTwoEqualOnesKeepsNothing) {
  for (const auto& [table, text] : kTables) {
    for (const bool same_name : {true, false}) {  // The same import, or another one of the same rows.
      IngestWorld world;
      const std::string a = world.write("one/a.csv", text);
      const std::string b = world.write(same_name ? "two/a.csv" : "two/b.csv", text + (same_name ? "" : "\n"));
      const Both both = side_by_side(world, a, b, table);
      EXPECT_EQ(both.first.kept, 3) << table;
      EXPECT_EQ(both.second.kept, 0) << table << (same_name ? " same" : " other");
      EXPECT_EQ(both.second.dropped, 3) << table;
      EXPECT_EQ(both.second.new_instruments, 0) << table;
      expect_accounted(both.first);
      expect_accounted(both.second);
    }
  }
}

TEST(ImportsSideBySide, TheNoteSaysWhatWasStored) {
  IngestWorld world;
  const std::string more = "2024-01-05,AAA,10,11,9,10,100\n";
  const std::string changed =
      std::string(kBarsHeader) + "2024-01-02,AAA,10,11,9,10.5,100\n" + "2024-01-03,AAA,10,11,9,10,100\n" + more;
  const Both both = side_by_side(world, world.write("a.csv", kTables[0].second), world.write("b.csv", changed), "bars");
  EXPECT_EQ(both.second.kept, 2);
  EXPECT_EQ(both.second.dropped, 1);
  EXPECT_EQ(both.second.corrected, 1) << "the first day was stored with another close meanwhile";
  EXPECT_THAT(world.rows("bars", {"session"}), SizeIs(4));
  const IngestReport again = must(world.run({world.data() + "/b.csv"}));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(ingest_json(again), ingest_json(both.second));
}

}  // namespace
}  // namespace lode::flow
