// Facts of a whole company have no dimensions: null is a value of their key, met by null alone, also in parts written
// before the column was there.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/testing.h"
#include "lode/io/lake/upkeep/dependents.h"

namespace lode::lake::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

struct FactLine {
  std::string dimensions;  // "" = the whole company.
  double value;
  std::string decimals;
};

Batch facts(const std::vector<FactLine>& lines) {
  Batch batch = empty_batch(*find_table("facts"));
  const auto text = [](Column& column, const std::string& cell) {
    cell.empty() ? column.push_null() : column.push(std::string_view(cell));
  };
  for (const FactLine& line : lines) {
    batch.column("cik").push("0000000001");
    batch.column("taxonomy").push("us-gaap");
    batch.column("tag").push("Assets");
    batch.column("unit").push("USD");
    batch.column("period_start").push_null();
    batch.column("period_end").push(day(2020, 12, 31));
    batch.column("duration_days").push(std::int64_t{0});
    batch.column("span").push("instant");
    batch.column("accession").push("0000000001-21-000001");
    batch.column("value").push(line.value);
    batch.column("value_exact").push_null();
    batch.column("fiscal_year").push(std::int64_t{2020});
    batch.column("fiscal_period").push("FY");
    batch.column("form").push("10-K");
    batch.column("filed_on").push(day(2021, 2, 1));
    batch.column("derived").push(false);
    text(batch.column("dimensions"), line.dimensions);
    text(batch.column("decimals"), line.decimals);
    batch.column("event_time").push(end_of_day(day(2020, 12, 31)));
    batch.column("known_time").push(end_of_day(day(2021, 2, 1)));
    batch.column("known_assumed").push(true);
    batch.column("source").push("edgar");
    batch.column("raw_hash").push("00");
    batch.column("raw_line").push(std::int64_t{1});
  }
  return batch;
}

class NullKey : public LakeTest {
 protected:
  NullKey() : lake(open()) {}
  // Commits the rows as a program would that had neither column.
  void import_old(const Batch& rows) {
    Lake::Impl& impl = lake->impl();
    StoredPart part;
    part.id = must(reserve_parts(*impl.manifest(), 1));
    part.table = "facts";
    part.partition = "year=2021";
    part.path = "tables/facts/year=2021/part-" + std::to_string(part.id) + ".parquet";
    part.rows = static_cast<std::int64_t>(rows.rows());
    part.date_min = day(2021, 2, 1);
    part.date_max = day(2021, 2, 1);
    Batch old = rows;
    old.remove("dimensions");
    old.remove("decimals");
    const std::string path = impl.absolute(part.path);
    must(make_folders(fs::path(path).parent_path().string()));
    must(write_parquet(path, old));
    part.bytes = static_cast<std::int64_t>(fs::file_size(path));
    part.hash = must(file_hash(path));
    const ManifestAccess manifest = impl.manifest();
    Transaction transaction = must(Transaction::begin(*manifest));
    part.commit = must(insert_commit(*manifest, clock.now(), "old", "data import", {})).id;
    part.rank = part.commit;
    must(insert_part(*manifest, part));
    must(transaction.commit());
  }
  // "dimensions value" of each row a reader sees, in order.
  std::vector<std::string> seen() {
    std::vector<std::string> out;
    const Batch rows = read(*lake->snapshot(), {}, "facts");
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      out.push_back((rows.column("dimensions").is_null(i) ? "null" : rows.column("dimensions").cell(i)) + " " +
                    rows.column("value").cell(i));
    }
    return out;
  }
  std::unique_ptr<Lake> lake;
};

TEST_F(NullKey, PartsOfACompanyStandBesideTheWhole) {
  import(*lake, facts({{"", 10, ""}, {"a", 6, "-3"}, {"b", 4, "-3"}}), "one", {}, "facts");
  EXPECT_THAT(seen(), ElementsAre("null 10", "a 6", "b 4"));
  EXPECT_EQ(must(lake->snapshot()->count("facts")), 3);
}

TEST_F(NullKey, TheSameNumberToldTwiceIsOneRow) {
  import(*lake, facts({{"", 10, ""}}), "one", {}, "facts");
  Writer writer = must(lake->writer());
  const AppendOutcome outcome = must(writer.append("facts", facts({{"", 10, "-3"}, {"a", 6, "-3"}}), clock.now()));
  EXPECT_EQ(outcome.dropped, 1) << "that one source tells the rounding makes no other version";
  EXPECT_EQ(outcome.corrected, 0);
  EXPECT_EQ(outcome.kept, 1);
  must(writer.commit("two", "data import", Value::object()));
  EXPECT_THAT(seen(), ElementsAre("null 10", "a 6"));
}

TEST_F(NullKey, OldPartsAreTheWholeCompany) {
  import_old(facts({{"", 10, ""}}));
  EXPECT_THAT(seen(), ElementsAre("null 10"));
  Writer writer = must(lake->writer());
  EXPECT_EQ(must(writer.append("facts", facts({{"", 10, "-3"}, {"a", 6, "-3"}}), clock.now())).dropped, 1);
  must(writer.commit("two", "data import", Value::object()));
  import(*lake, facts({{"", 11, ""}}), "three", clock.now(), "facts");
  EXPECT_THAT(seen(), ElementsAre("null 11", "a 6")) << "a correction of an old row is its new version";
  must(lake->compact("facts"));
  EXPECT_THAT(seen(), ElementsAre("null 11", "a 6"));
  EXPECT_TRUE(must(lake->verify()).damaged.empty());
}

TEST_F(NullKey, ACorrectionDependsOnWhatItCorrects) {
  const CommitId first = import(*lake, facts({{"", 10, ""}, {"a", 6, ""}}), "one", {}, "facts");
  const CommitId second = import(*lake, facts({{"", 11, ""}}), "two", clock.now(), "facts");
  import(*lake, facts({{"b", 4, ""}}), "three", clock.now(), "facts");
  const auto found = must(dependents(*lake, first));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].commit, second);
}

}  // namespace
}  // namespace lode::lake::testing
