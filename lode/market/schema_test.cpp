// The schema table is whole and check_batch names what is wrong.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Schema, HasTheTablesOfTheLake) {
  std::vector<std::string_view> names;
  for (const TableSpec& table : tables()) {
    names.push_back(table.name);
  }
  EXPECT_THAT(names, ElementsAre("bars", "instruments", "symbols", "groups", "universe", "actions", "filings",
                                 "documents", "facts", "shares", "issuers", "issuer_symbols", "factor_values",
                                 "factor_summary", "factor_details", "factor_timeseries", "processed", "votes",
                                 "indicator_runs", "indicator_series", "quarantine", "macro", "articles",
                                 "announcements", "listings", "listing_events", "repairs", "quotes", "option_quotes",
                                 "trades", "quote_bars", "option_bars"));
  EXPECT_EQ(find_table("bar"), nullptr);
}

TEST(Schema, DescribesEveryColumnOnce) {
  for (const TableSpec& table : tables()) {
    std::set<std::string_view> seen;
    for (const ColumnSpec& column : table.columns) {
      EXPECT_TRUE(seen.insert(column.name).second) << table.name << "." << column.name;
      EXPECT_FALSE(column.meaning.empty()) << table.name << "." << column.name;
    }
    EXPECT_NE(table.find("known_time"), nullptr) << table.name;
    EXPECT_FALSE(table.key.empty());
    EXPECT_FALSE(table.meaning.empty());
  }
}

TEST(Schema, KeysAreColumnsThatMayNotBeMissing) {
  for (const TableSpec& table : tables()) {
    for (const std::string_view key : table.key) {
      ASSERT_NE(table.find(key), nullptr) << table.name << "." << key;
      // Of facts null is a place of its own: the whole company, as in parts written before the column was there.
      const bool may = table.name == "quarantine" || (table.name == "facts" && key == "dimensions");
      EXPECT_FALSE(table.find(key)->nullable && !may) << table.name << "." << key;
    }
  }
}

TEST(Schema, ReadsTheBarsTable) {
  const TableSpec* bars = find_table("bars");
  ASSERT_NE(bars, nullptr);
  EXPECT_THAT(bars->key, ElementsAre("instrument_id", "interval_seconds", "session", "start"));
  EXPECT_EQ(bars->date_column, "session");
  EXPECT_EQ(bars->partition, Partition::kYear);
  EXPECT_EQ(bars->find("close")->type, ColumnType::kFloat64);
  EXPECT_FALSE(bars->find("close")->nullable);
  EXPECT_EQ(bars->find("volume")->unit, "shares");
  EXPECT_EQ(find_table("symbols")->date_column, "");
}

TEST(Schema, AFactKeepsEveryVersionAndAnInstantIsKeyedWithoutAStart) {
  const TableSpec* facts = find_table("facts");
  ASSERT_NE(facts, nullptr);
  EXPECT_THAT(facts->key,
              ElementsAre("cik", "taxonomy", "tag", "unit", "period_end", "duration_days", "accession", "dimensions"));
  EXPECT_TRUE(facts->find("dimensions")->added) << "older lakes have no such column";
  EXPECT_TRUE(facts->find("period_start")->nullable);
  EXPECT_EQ(facts->partition, Partition::kYear);
  EXPECT_FALSE(find_table("filings")->find("public_at")->nullable);
}

Batch symbols_row() {
  Batch batch = empty_batch(*find_table("symbols"));
  batch.column("instrument_id").push(std::uint64_t{1});
  batch.column("naming").push("XNYS");
  batch.column("symbol").push("AAPL");
  batch.column("valid_from").push(Date{20000});
  batch.column("valid_to").push_null();
  batch.column("event_time").push(Time{0});
  batch.column("known_time").push(Time{0});
  batch.column("known_assumed").push(false);
  batch.column("source").push("files");
  batch.column("raw_hash").push("00");
  batch.column("raw_line").push(1);
  return batch;
}

TEST(CheckBatch, AcceptsRowsOfTheTable) {
  EXPECT_TRUE(check_batch(*find_table("symbols"), symbols_row()));
  for (const TableSpec& table : tables()) {
    EXPECT_TRUE(check_batch(table, empty_batch(table)));
  }
}

TEST(CheckBatch, NamesTheColumnThatIsMissing) {
  Batch batch = symbols_row();
  batch.column("symbol").rename("symbl");
  const auto checked = check_batch(*find_table("symbols"), batch);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().number(), E::E2001);
  EXPECT_THAT(checked.error().message(), HasSubstr("table symbols needs column 'symbol'"));
  EXPECT_THAT(checked.error().hint(), HasSubstr("symbl"));
}

TEST(CheckBatch, NamesTheTypeThatIsWrong) {
  Batch batch = symbols_row();
  batch.remove("valid_from");
  batch.add(Column::time("valid_from", {0}));
  const auto checked = check_batch(*find_table("symbols"), batch);
  EXPECT_EQ(checked.error().number(), E::E2004);
  EXPECT_THAT(checked.error().message(), HasSubstr("'valid_from' of table symbols is time, expected date"));
}

TEST(CheckBatch, NamesTheNullThatMayNotBe) {
  Batch batch = symbols_row();
  batch.append(symbols_row());
  batch.remove("symbol");
  Column symbol("symbol", ColumnType::kText);
  symbol.push("AAPL");
  symbol.push_null();
  batch.add(std::move(symbol));
  const auto checked = check_batch(*find_table("symbols"), batch);
  EXPECT_EQ(checked.error().number(), E::E2004);
  EXPECT_THAT(checked.error().message(),
              HasSubstr("'symbol' of table symbols is missing in 1 of 2 rows, first in row 2"));
}

}  // namespace
}  // namespace lode
