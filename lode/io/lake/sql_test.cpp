// The user's SQL sees the tables' current view and nothing else of the machine.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>

#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class LakeSql : public LakeTest {
 protected:
  LakeSql() : lake(open()) {
    import(*lake, bars({{1, day(2021, 1, 4), 1.0}, {1, day(2022, 1, 4), 3.0}, {2, day(2021, 1, 4), 5.0}}), "a");
    import(*lake, bars({{1, day(2021, 1, 4), 2.0}}), "b", clock.now());
  }
  Result<Batch> sql(std::string_view text) { return lake->snapshot()->sql(text); }

  std::unique_ptr<Lake> lake;
};

TEST_F(LakeSql, SeesTheNewestVersions) {
  const auto rows = sql("SELECT close, session FROM bars ORDER BY instrument_id, session");
  ASSERT_TRUE(rows.has_value()) << render(rows.error());
  EXPECT_THAT(rows->column("close").float64s(), ElementsAre(2.0, 3.0, 5.0));
  EXPECT_EQ(rows->column("session").type(), ColumnType::kDate);
}

TEST_F(LakeSql, HasAViewForTablesWithoutRows) {
  const auto rows = sql("SELECT count(*) AS n, max(ex_date) AS last FROM actions");
  ASSERT_TRUE(rows.has_value()) << render(rows.error());
  EXPECT_EQ(rows->column("n").int64s()[0], 0);
  EXPECT_TRUE(rows->column("last").is_null(0));
}

// Names of other systems are views of their own schema, empty where nothing was computed yet.
TEST_F(LakeSql, HasTheNamesOfOtherSystems) {
  for (const NamedView& view : named_views()) {
    const auto rows = sql(fmt::format("SELECT * FROM {}.{}", view.schema, view.name));
    ASSERT_TRUE(rows.has_value()) << render(rows.error());
    EXPECT_EQ(rows->rows(), 0U) << view.name;
    EXPECT_FALSE(view.meaning.empty());
  }
  const auto wrong = sql("SELECT * FROM fm.factor_sumary");
  ASSERT_EQ(number_of(wrong), E::E2017);
  EXPECT_THAT(render(wrong.error()), HasSubstr("there is no table 'fm.factor_sumary'"));
  EXPECT_THAT(render(wrong.error()), HasSubstr("fm.factor_summary"));
  EXPECT_EQ(number_of(sql("SELECT * FROM rt.bars")), E::E2017);
  EXPECT_EQ(number_of(sql("SELECT * FROM superseded.bars")), E::E2017) << "for those views alone";
}

TEST_F(LakeSql, TurnsEveryTypeIntoOurs) {
  const auto rows =
      sql(R"(SELECT 1::TINYINT AS a, 1.25 AS b, sum(trades) AS c, 170141183460469231731687303715884105727 AS d,
      [1, 2] AS e, INTERVAL 1 DAY AS f, TIMESTAMP '2020-01-01 00:00:00.5' AS g, true AS h, NULL AS i, 2::FLOAT AS j,
      'x' AS k, 'x' AS k, max(instrument_id) AS l, 12345678901234567890.5::DECIMAL(38, 3) AS m, TIME '01:02:03' AS n,
      7::UINTEGER AS o, -8::SMALLINT AS p, 9::UTINYINT AS q, 'infinity'::TIMESTAMP AS r, 1::USMALLINT AS s FROM bars)");
  ASSERT_TRUE(rows.has_value()) << render(rows.error());
  const auto cell = [&](std::string_view name) { return rows->column(name).cell(0); };
  EXPECT_EQ(cell("a"), "1");
  EXPECT_EQ(cell("b"), "1.25");
  EXPECT_EQ(rows->column("c").type(), ColumnType::kInt64);
  EXPECT_TRUE(rows->column("c").is_null(0));
  EXPECT_DOUBLE_EQ(rows->column("d").float64s()[0], 1.7014118346046923e38);
  EXPECT_EQ(cell("e"), "[1, 2]");
  EXPECT_EQ(cell("f"), "1 day");
  EXPECT_EQ(cell("g"), "2020-01-01T00:00:00.500Z");
  EXPECT_EQ(rows->column("h").bools()[0], 1);
  EXPECT_TRUE(rows->column("i").is_null(0));
  EXPECT_EQ(cell("j"), "2");
  EXPECT_EQ(cell("k"), "x");
  EXPECT_EQ(cell("k_2"), "x");
  EXPECT_EQ(rows->column("l").uint64s()[0], 2U);
  EXPECT_DOUBLE_EQ(rows->column("m").float64s()[0], 12345678901234567890.5);
  EXPECT_EQ(cell("n"), "01:02:03");
  EXPECT_EQ(cell("o"), "7");
  EXPECT_EQ(cell("p"), "-8");
  EXPECT_EQ(cell("q"), "9");
  EXPECT_TRUE(rows->column("r").is_null(0));
  EXPECT_EQ(cell("s"), "1");
}

TEST_F(LakeSql, TellsWhatIsWrongWithoutPlaces) {
  const auto typo = sql("SELECT clsoe FROM bars");
  ASSERT_EQ(number_of(typo), E::E2017);
  EXPECT_THAT(typo.error().message(), HasSubstr("clsoe"));
  for (const char* text : {"SELEC 1", "", ";", "-- nothing", "SELECT 1; SELECT 2", "SELECT * FROM nowhere"}) {
    const auto wrong = sql(text);
    ASSERT_EQ(number_of(wrong), E::E2017) << text;
    EXPECT_THAT(wrong.error().message(), Not(HasSubstr(root))) << text;
  }
}

TEST_F(LakeSql, TakesATrailingSemicolonAndComment) {
  EXPECT_TRUE(sql("SELECT 1;").has_value());
  EXPECT_TRUE(sql("SELECT 1 -- one").has_value());
  EXPECT_TRUE(sql("SELECT [1] AS a; ").has_value());
  EXPECT_TRUE(sql("SELECT [1] AS a -- one").has_value());
  EXPECT_TRUE(sql("WITH a AS (SELECT max(close) AS top FROM bars) SELECT * FROM a").has_value());
}

// Reads, writes, settings and code that must stay out of reach: `secret` is a file beside the lake, `out` one that must
// not come to be, `part` one that the views read.
std::vector<std::string> hostile_statements(const std::string& root, const std::string& folder,
                                            const std::string& secret, const std::string& out,
                                            const std::string& part) {
  return {
      "SELECT * FROM read_csv('" + secret + "')",
      "SELECT * FROM '" + secret + "'",
      "SELECT * FROM read_text('" + secret + "')",
      "SELECT * FROM read_blob('/etc/passwd')",
      "SELECT * FROM read_text('/etc/passwd')",
      "SELECT * FROM read_json('/etc/passwd')",
      "SELECT * FROM glob('" + root + "/*')",
      "SELECT * FROM glob('/etc/*')",
      "SELECT * FROM parquet_metadata('/etc/passwd')",
      "SELECT * FROM read_parquet('" + folder + "/../x.parquet')",
      "SELECT * FROM sniff_csv('" + secret + "')",
      "COPY bars TO '" + out + "'",
      "COPY bars TO '" + part + "'",
      "COPY (SELECT 1) TO '" + out + "' (FORMAT csv)",
      "EXPORT DATABASE '" + root + "/dump'",
      "EXPLAIN ANALYZE COPY bars TO '" + out + "'",
      "ATTACH '" + root + "/x.db'",
      "INSTALL httpfs",
      "LOAD httpfs",
      "SET enable_external_access = true",
      "SET allowed_paths = ['/']",
      "SET lock_configuration = false",
      "RESET memory_limit",
      "PRAGMA enable_profiling",
      "CREATE TABLE t AS SELECT 1",
      "DROP VIEW bars",
      "INSERT INTO bars SELECT * FROM bars",
      "CALL pragma_version()",
      "PREPARE p AS SELECT 1",
      "EXECUTE p",
      "CHECKPOINT",
      "VACUUM",
      "USE memory",
      "BEGIN",
      "SELECT getenv('HOME')",
      "SELECT * FROM enable_logging(storage='file', storage_path='" + root + "/log')",
      "SELECT * FROM query('COPY bars TO ''" + out + "''')",
      "SELECT * FROM lode_rows(1)",
      "SELECT * FROM enable_profiling(save_location='" + root + "/log')",
      "SELECT (SELECT count(*) FROM duckdb_settings())",
      "WITH a AS (SELECT * FROM pg_catalog.pg_settings) SELECT * FROM a",
      "SELECT * FROM duckdb_secrets",
      "SELECT current_setting('secret_directory')",
      "SELECT * FROM bars ORDER BY (SELECT max(content) FROM read_text('" + secret + "'))",
      "SELECT * FROM (DESCRIBE '" + secret + "')",
      "FROM bars UNION ALL FROM '" + part + "'",
      "EXPLAIN SELECT 1",
      std::string("SELECT 1\0; COPY bars TO 'x'", 27),
      "SELECT * FROM 'https://example.org/x.parquet'",
      "SELECT * FROM sqlite_scan('" + folder + "/manifest.sqlite', 'commits')",
      "SELECT write_log('x')::INT + (SELECT count(*) FROM read_csv('" + secret + "'))",
  };
}

TEST_F(LakeSql, RefusesEverythingThatIsNotAReadOfItsTables) {
  const std::string secret = root + "/secret.csv";
  std::ofstream(secret) << "a,b\n1,canary\n";
  const std::string out = root + "/out.csv";
  const std::string part = folder + "/" + lake->snapshot()->parts("bars")[0].path;
  for (const std::string& text : hostile_statements(root, folder, secret, out, part)) {
    const auto answer = sql(text);
    EXPECT_EQ(number_of(answer), E::E2017) << text;
    if (!answer) {
      EXPECT_THAT(answer.error().message(), Not(HasSubstr("canary"))) << text;
      EXPECT_THAT(answer.error().message(), Not(HasSubstr("root:"))) << text;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_FALSE(std::filesystem::exists(root + "/dump"));
  EXPECT_FALSE(std::filesystem::exists(root + "/x.db"));
  EXPECT_FALSE(std::filesystem::exists(root + "/log"));
  EXPECT_TRUE(lake->verify()->damaged.empty());
}

TEST_F(LakeSql, AllowsTheOrdinaryShapesOfASelect) {
  for (const char* text : {
           "DESCRIBE bars",
           "SHOW TABLES",
           "SUMMARIZE bars",
           "SELECT * FROM range(3)",
           "FROM bars",
           "SELECT * FROM information_schema.columns WHERE table_name = 'bars'",
           "TABLE bars",
           "VALUES (1), (2)",
           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n",
           "WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT * FROM b JOIN A USING (x)",
           "SELECT unnest([1, 2])",
           "SELECT * FROM main.bars",
           "SELECT b.close FROM Bars AS b SEMI JOIN instruments USING (instrument_id)",
           "SELECT session, close / lag(close) OVER (PARTITION BY instrument_id ORDER BY session) - 1 FROM bars",
           "FROM bars PIVOT (max(close) FOR interval_seconds IN (0, 60))",
       }) {
    const auto answer = sql(text);
    EXPECT_TRUE(answer.has_value()) << text << "\n" << (answer ? "" : render(answer.error()));
  }
}

TEST_F(LakeSql, RefusesATreeTooDeepToCheck) {
  std::string deep = "SELECT ";
  for (int i = 0; i < 300; ++i) {
    deep += "abs(";
  }
  EXPECT_EQ(number_of(sql(deep + "1" + std::string(300, ')'))), E::E2017);
}

TEST_F(LakeSql, StopsAfterItsTime) {
  const auto slow = lake->snapshot()->sql(
      "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE hash(a.range + b.range) = 3", 0.2);
  ASSERT_EQ(number_of(slow), E::E2017);
  EXPECT_THAT(slow.error().message(), HasSubstr("longer than 0.2 s"));
}

TEST_F(LakeSql, StopsAtItsMemory) {
  const auto wide = lake->snapshot()->sql("SELECT range, hash(range) FROM range(100000000) ORDER BY 2", 60.0, 100);
  ASSERT_EQ(number_of(wide), E::E2017);
  EXPECT_THAT(wide.error().message(), HasSubstr("100 MB"));
  const auto large = lake->snapshot()->sql("SELECT range AS a, range AS b FROM range(100000000)", 60.0, 50);
  ASSERT_EQ(number_of(large), E::E2017);
}

}  // namespace
}  // namespace lode::lake::testing
