// The SQLite wrapper: values go in and out unchanged, transactions hold or vanish, failures are registered errors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lode/base/must.h"
#include "lode/io/lake/commits.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::HasSubstr;

class Manifest : public LakeTest {
 protected:
  Manifest() : database(std::move(*Database::open(root + "/m.sqlite", OpenMode::kCreate))) {}
  std::int64_t number(std::string_view sql) {
    auto statement = database->prepare(sql);
    EXPECT_TRUE(statement.has_value() && *statement->step());
    return statement->int64(0);
  }
  std::unique_ptr<Database> database;
};

TEST_F(Manifest, KeepsValuesOfEveryType) {
  ASSERT_TRUE(database->execute("CREATE TABLE t(a, b, c, d, e, f, g, h)").has_value());
  {
    auto insert = database->prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    insert->bind(1, std::numeric_limits<std::int64_t>::min()).bind(2, 0.1).bind(3, std::nan(""));
    insert->bind(4, std::string_view("a\0b", 3)).bind(5, std::string_view()).bind(6, day(1969, 12, 31)).bind(7, true);
    insert->bind(8, std::optional<Date>());
    ASSERT_TRUE(insert->run().has_value());
  }
  auto row = database->prepare("SELECT * FROM t");
  ASSERT_TRUE(*row->step());
  EXPECT_EQ(row->int64(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(row->float64(1), 0.1);
  EXPECT_TRUE(row->is_null(2) && std::isnan(row->float64(2)));
  EXPECT_EQ(row->text(3), std::string("a\0b", 3));
  EXPECT_FALSE(row->is_null(4));
  EXPECT_EQ(row->text(4), "");
  EXPECT_EQ(row->date(5), day(1969, 12, 31));
  EXPECT_EQ(row->int64(6), 1);
  EXPECT_EQ(row->date(7), std::nullopt);
  EXPECT_FALSE(*row->step());
}

TEST_F(Manifest, RollsBackWhatIsNotCommitted) {
  ASSERT_TRUE(database->execute("CREATE TABLE t(a)").has_value());
  {
    const auto transaction = Transaction::begin(*database);
    ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)").has_value());
  }
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
  {
    auto transaction = Transaction::begin(*database);
    ASSERT_TRUE(database->execute("INSERT INTO t VALUES (1)").has_value());
    ASSERT_TRUE(transaction->commit().has_value());
  }
  EXPECT_EQ(number("SELECT count(*) FROM t"), 1);
}

TEST_F(Manifest, IsDurableByItsSettings) {
  EXPECT_EQ(number("SELECT CASE journal_mode WHEN 'wal' THEN 1 ELSE 0 END FROM pragma_journal_mode"), 1);
  EXPECT_EQ(number("SELECT synchronous FROM pragma_synchronous"), 2);  // FULL
}

TEST_F(Manifest, ReportsBadSqlAndOpensNothingByAccident) {
  EXPECT_FALSE(database->prepare("SELEC").has_value());
  EXPECT_FALSE(database->execute("INSERT INTO nowhere VALUES (1)").has_value());
  EXPECT_FALSE(Database::open(root + "/absent.sqlite", OpenMode::kWrite).has_value());
  EXPECT_FALSE(stat_file(root + "/absent.sqlite"));
}

TEST_F(Manifest, MakesItsSchemaOnce) {
  ASSERT_TRUE(create_schema(*database, clock.now()).has_value());
  ASSERT_TRUE(create_schema(*database, clock.now()).has_value());
  EXPECT_TRUE(check_schema(*database).has_value());
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('meta', 'commits', 'parts', "
                   "'replaced', 'runs', 'numbers', 'trials', 'factors', 'raw_files')"),
            9);
}

TEST_F(Manifest, SaysWhenADatabaseIsSomethingElse) {
  EXPECT_EQ(number_of(check_schema(*database)), E::E8001);
  ASSERT_TRUE(database->execute("CREATE TABLE other(a)").has_value());
  EXPECT_EQ(number_of(check_schema(*database)), E::E8007);
  ASSERT_TRUE(database->execute("CREATE TABLE meta(name, value)").has_value());
  EXPECT_EQ(number_of(check_schema(*database)), E::E8007);
}

TEST_F(Manifest, NeverGivesAPartNumberTwice) {
  ASSERT_TRUE(create_schema(*database, clock.now()).has_value());
  EXPECT_EQ(*reserve_parts(*database, 3), 1);
  EXPECT_EQ(*reserve_parts(*database, 1), 4);
  database.reset();
  database = std::move(*Database::open(root + "/m.sqlite", OpenMode::kWrite));
  EXPECT_EQ(*reserve_parts(*database, 1), 5);
}

TEST_F(Manifest, CopiesItselfWhole) {
  ASSERT_TRUE(create_schema(*database, clock.now()).has_value());
  ASSERT_TRUE(database->copy_to(root + "/copy's.sqlite").has_value());
  const auto copy = Database::open_in_memory(root + "/copy's.sqlite");
  EXPECT_TRUE(check_schema(**copy).has_value());
}

TEST_F(Manifest, ReadsTheFirstBytesOfAFile) {
  ASSERT_TRUE(create_schema(*database, clock.now()).has_value());
  ASSERT_TRUE(database->fold_log().has_value());
  EXPECT_EQ(must(Database::first_bytes(root + "/m.sqlite", 15)), "SQLite format 3");
  ASSERT_TRUE(write_durably(root + "/short", "abc").has_value());
  ASSERT_TRUE(write_durably(root + "/empty", "").has_value());
  EXPECT_EQ(must(Database::first_bytes(root + "/short", 100)), "abc");
  EXPECT_EQ(must(Database::first_bytes(root + "/empty", 100)), "");
  EXPECT_EQ(number_of(Database::first_bytes(root + "/nothing", 100)), E::E8009);
}

TEST_F(Manifest, ChecksEveryFieldOfARow) {
  ASSERT_TRUE(create_schema(*database, clock.now()).has_value());
  const auto info = insert_commit(*database, clock.now(), "token", "flow", Value::object());
  StoredPart part;
  part.id = 1;
  part.table = "bars";
  part.partition = "year=2020";
  part.path = "tables/bars/year=2020/part-1.parquet";
  part.commit = info->id;
  part.rank = info->id;
  part.date_min = day(2020, 1, 1);
  part.date_max = day(2020, 2, 1);
  ASSERT_TRUE(insert_part(*database, part).has_value());
  ASSERT_TRUE(check_part_rows(*database).has_value());
  for (const char* column : {"rows", "bytes", "rank", "known_min", "known_max", "date_min", "date_max", "versions"}) {
    const std::string name(column);
    ASSERT_TRUE(database->execute("UPDATE parts SET " + name + " = " + name + " + 1").has_value());
    EXPECT_EQ(number_of(check_part_rows(*database)), E::E8007) << column;
    ASSERT_TRUE(database->execute("UPDATE parts SET " + name + " = " + name + " - 1").has_value());
  }
  ASSERT_TRUE(check_part_rows(*database).has_value());
  for (const char* column : {"table_name", "partition", "path", "hash"}) {
    const std::string name(column);
    ASSERT_TRUE(database->execute("UPDATE parts SET " + name + " = " + name + " || 'x'").has_value());
    EXPECT_EQ(number_of(visible_parts(*database, 1)), E::E8007) << column;
    ASSERT_TRUE(database->execute("UPDATE parts SET " + name + " = rtrim(" + name + ", 'x')").has_value());
  }
  ASSERT_TRUE(database->execute("UPDATE commits SET note = '[]'").has_value());
  EXPECT_EQ(number_of(all_commits(*database)), E::E8007);
  EXPECT_EQ(number_of(commit_info(*database, 1)), E::E8007);
}

}  // namespace
}  // namespace lode::lake::testing
