// Cells of the small tables, and what import.toml may say.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/io/source/import_settings.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParseRecords, PutsCellsInTheTablesOrder) {
  const ImportTable& table = *must(find_import_table("universe"));
  const std::string text =
      "start_date,ticker,end_date\n2000-06-05,A,\n1999-12-08,AABA,2017-06-19,x\n1999-12-08,AABA,2017-06-19\n";
  const Dialect dialect = must(read_dialect(text, "sp500.csv"));
  const Records records = parse_records(text, dialect, must(find_layout(table, dialect, "sp500.csv", {})));
  ASSERT_EQ(records.rows.size(), 2U);
  EXPECT_THAT(records.rows[0].cells, ElementsAre("", "A", "2000-06-05", "", ""));  // name, symbol, from, to, mic
  EXPECT_EQ(records.rows[1].line, 4);
  EXPECT_EQ(records.rows[1].text, "1999-12-08,AABA,2017-06-19");
  ASSERT_EQ(records.rejected.size(), 1U);
  EXPECT_EQ(records.rejected[0].number, 2009);
  EXPECT_EQ(records.rejected[0].line, 3);
}

TEST(ParseRecords, ReadsABatch) {
  TextData symbols;
  symbols.push("A");
  Column from("valid_from", ColumnType::kDate);
  from.push(Date::from_civil(2000, 6, 5));
  const Batch batch({Column::text("symbol", symbols), from});
  const ImportTable& table = *must(find_import_table("universe"));
  const Records records = parse_records(batch, must(find_layout(table, dialect_of(batch), "a.parquet", {})));
  ASSERT_EQ(records.rows.size(), 1U);
  EXPECT_THAT(records.rows[0].cells, ElementsAre("", "A", "2000-06-05", "", ""));
  EXPECT_EQ(records.rows[0].text, "A,2000-06-05");
}

TEST(ImportSettings, SayWhatAFolderIs) {
  const ImportSettings settings = must(parse_import_settings(
      "mic = \"XNYS\"\ntable = \"bars\"\nkind = \"etf\"\nadjusted = true\n[map]\nclose = \"Last\"\n", "import.toml"));
  EXPECT_EQ(settings.mic, "XNYS");
  EXPECT_EQ(settings.table, "bars");
  EXPECT_EQ(settings.kind, "etf");
  EXPECT_TRUE(settings.adjusted);
  EXPECT_EQ(settings.map.at("close"), "Last");
}

TEST(ImportSettings, RefuseWhatTheyDoNotKnow) {
  const auto number = [](std::string_view text) {
    return parse_import_settings(text, "d/import.toml").error().number();
  };
  EXPECT_EQ(number("mic = "), E::E5003);
  EXPECT_EQ(number("mci = \"XNYS\""), E::E5001);
  EXPECT_EQ(number("mic = 3"), E::E5002);
  EXPECT_EQ(number("adjusted = \"yes\""), E::E5002);
  EXPECT_EQ(number("map = 1"), E::E5002);
  EXPECT_EQ(number("[map]\nclose = 1"), E::E5002);
  EXPECT_THAT(parse_import_settings("mci = \"XNYS\"", "d/import.toml").error().message(),
              HasSubstr("d/import.toml: unknown key 'mci'"));
  EXPECT_THAT(parse_import_settings("a = 1\nmic = ", "d/import.toml").error().message(), HasSubstr("d/import.toml:2"));
}

}  // namespace
}  // namespace lode::source
