// Parts of an older program that lack a column their table has gained: read as null, merged, and judged like any other.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/testing.h"
#include "lode/io/lake/view.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

// Rows of quarantine: raw_line and mic each.
Batch set_aside(const std::vector<std::pair<std::int64_t, std::string>>& rows) {
  Batch batch = empty_batch(*find_table("quarantine"));
  for (const auto& [line, mic] : rows) {
    batch.column("table_name").push("bars");
    batch.column("mic").push(mic);
    batch.column("path").push("bars.csv");
    batch.column("rule").push("E2004");
    batch.column("reason").push("close is not a number");
    batch.column("symbol").push("AAA");
    batch.column("session").push_null();
    batch.column("text").push("abc");
    batch.column("event_time").push_null();
    batch.column("known_time").push(Time{line});
    batch.column("known_assumed").push(true);
    batch.column("source").push("files");
    batch.column("raw_hash").push("00");
    batch.column("raw_line").push(line);
  }
  return batch;
}

class OldPart : public LakeTest {
 protected:
  OldPart() : lake(open()) {}

  // Commits the rows as a program would that had no column mic.
  void import_old(const Batch& rows) {
    Lake::Impl& impl = lake->impl();
    StoredPart part;
    part.id = must(reserve_parts(*impl.manifest(), 1));
    part.table = "quarantine";
    part.path = "tables/quarantine/part-" + std::to_string(part.id) + ".parquet";
    part.rows = static_cast<std::int64_t>(rows.rows());
    Batch old = rows;
    old.remove("mic");
    const std::string path = impl.absolute(part.path);
    must(make_folders(fs::path(path).parent_path().string()));
    must(write_parquet(path, old));
    part.bytes = static_cast<std::int64_t>(fs::file_size(path));
    part.hash = must(file_hash(path));
    const ManifestAccess manifest = impl.manifest();
    Transaction transaction = must(Transaction::begin(*manifest));
    part.commit = must(insert_commit(*manifest, clock.now(), "old" + std::to_string(part.id), "data import", {})).id;
    part.rank = part.commit;
    must(insert_part(*manifest, part));
    must(transaction.commit());
  }
  // "line mic" of each row a reader sees, sorted.
  std::vector<std::string> seen() {
    std::vector<std::string> out;
    const Batch rows = read(*lake->snapshot(), {}, "quarantine");
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      out.push_back(std::to_string(rows.column("raw_line").int64s()[i]) + " " +
                    (rows.column("mic").is_null(i) ? "null" : std::string(rows.column("mic").texts()[i])));
    }
    std::ranges::sort(out);
    return out;
  }

  std::unique_ptr<Lake> lake;
};

TEST_F(OldPart, AloneReadsAsNullInTheNewColumn) {
  import_old(set_aside({{2, "XNYS"}, {3, "XNYS"}}));
  EXPECT_THAT(seen(), ElementsAre("2 null", "3 null"));
  EXPECT_EQ(must(lake->snapshot()->count("quarantine")), 2);
}

TEST_F(OldPart, BesideNewOnesKeepsEveryRowWithItsOwn) {
  import_old(set_aside({{2, "XNYS"}}));
  import(*lake, set_aside({{2, "XNAS"}, {5, "XASX"}}), "new", {}, "quarantine");
  EXPECT_THAT(seen(), ElementsAre("2 XNAS", "2 null", "5 XASX"));
  const Batch rows = must(lake->snapshot()->sql("SELECT raw_line, mic FROM quarantine WHERE mic IS NULL"));
  ASSERT_EQ(rows.rows(), 1U);
  EXPECT_EQ(rows.column("raw_line").int64s()[0], 2);
}

TEST_F(OldPart, AnswersQueriesOverTheNewColumn) {
  import_old(set_aside({{2, "XNYS"}}));
  const Batch rows = read(*lake->snapshot(), {.columns = {"mic", "rule"}, .where = "mic IS NULL"}, "quarantine");
  ASSERT_EQ(rows.rows(), 1U);
  EXPECT_EQ(rows.column("rule").texts()[0], "E2004");
}

TEST_F(OldPart, IsMergedWithNewOnes) {
  import_old(set_aside({{2, "XNYS"}, {3, "XNYS"}}));
  import(*lake, set_aside({{5, "XASX"}}), "new", {}, "quarantine");
  const auto before = seen();
  const auto merged = lake->compact("quarantine");
  ASSERT_TRUE(merged) << render(merged.error());
  EXPECT_EQ(lake->snapshot()->parts("quarantine").size(), 1U);
  EXPECT_EQ(seen(), before);
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
}

TEST(AddedColumns, StandInTheSchemaAndTouchNoOtherTable) {
  EXPECT_TRUE(find_table("quarantine")->has_added_columns());
  EXPECT_TRUE(find_table("quarantine")->find("mic")->added);
  EXPECT_FALSE(find_table("bars")->has_added_columns());
  StoredPart part;
  part.path = "tables/bars/part-1.parquet";
  const std::vector<const StoredPart*> parts{&part};
  EXPECT_EQ(parts_sql(*find_table("bars"), parts, "/lake"),
            "read_parquet(['/lake/tables/bars/part-1.parquet'], hive_partitioning=false)")
      << "the fast path stays as it is";
}

}  // namespace
}  // namespace lode::lake::testing
