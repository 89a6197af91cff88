// Long tables: read strictly, made dense without losing or inventing a value.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/long_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/must.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

E number_of(std::string_view text, const std::map<std::string, std::string>& map = {}) {
  const auto read = read_long_csv(text, "v.csv", map);
  return read ? E::E9001 : read.error().number();
}

TEST(LongTable, ReadsNumbersTextsAndWhatIsMissing) {
  const LongTable table = must(read_long_csv(
      "Date,Ticker,Value,Sector\n2024-01-03,bbb,NaN,Tech\n2024-01-02,AAA,1.5,\n2024-01-02 16:00:00,BBB,-inf,Tech\n",
      "v.csv"));
  EXPECT_THAT(table.symbols, ElementsAre("BBB", "AAA"));
  EXPECT_THAT(table.symbol_of, ElementsAre(0, 1, 0));
  EXPECT_THAT(table.lines, ElementsAre(2, 3, 4));
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_TRUE(std::isnan(table.find("value")->numbers[0]));
  EXPECT_EQ(table.find("value")->numbers[1], 1.5);
  EXPECT_TRUE(std::isnan(table.find("value")->numbers[2]));  // Infinity is no value.
  EXPECT_TRUE(table.find("sector")->is_text);
  EXPECT_THAT(table.find("sector")->codes, ElementsAre(0, -1, 0));
  EXPECT_EQ(table.find("other"), nullptr);
}

TEST(LongTable, ReadsDatesAsAnImportDoes) {
  const auto days = [](const std::string& first, const std::string& second) {
    const auto read = read_long_csv("date,symbol,x\n" + first + ",A,1\n" + second + ",A,2\n", "v.csv");
    return read ? to_string(read->dates[0]) + " " + to_string(read->dates[1]) : read.error().message();
  };
  EXPECT_EQ(days("03/01/2020", "13/01/2020"), "2020-01-03 2020-01-13");
  EXPECT_EQ(days("01/03/2020", "01/13/2020"), "2020-01-03 2020-01-13");
  EXPECT_EQ(days("03.01.2020 16:00", "13.01.2020"), "2020-01-03 2020-01-13");
  EXPECT_EQ(days("03/01/2020", "04/01/2020"),
            "v.csv: '03/01/2020' on line 2, and every other date, can be read two ways");
  EXPECT_EQ(days("13/01/2020", "01/13/2020"),
            "v.csv: '13/01/2020' on line 2 has the day first, '01/13/2020' on line 3 the month");
  EXPECT_EQ(days("13/01/2020", "31/02/2020"), "'31/02/2020' is not a date, expected DD/MM/YYYY as in the other rows");
  EXPECT_EQ(days("2020-01-03", "13/13/2020"), "'13/13/2020' is not a date, expected YYYY-MM-DD");
  EXPECT_EQ(days("2020-01-03 99:99", "2020-01-04"), "'2020-01-03 99:99' is not a date, expected YYYY-MM-DD");
  const auto open = read_long_csv("date,symbol,x\n03/01/2020,A,1\n", "v.csv");
  EXPECT_EQ(open.error().number(), E::E2025);
  EXPECT_THAT(open.error().hint(), HasSubstr("write the dates as YYYY-MM-DD"));
  TextData texts, names;
  for (const char* day : {"03/01/2020", "13/01/2020"}) {
    texts.push(day);
    names.push("A");
  }
  const LongTable table = must(read_long_batch(
      Batch({Column::text("date", texts), Column::text("symbol", names), Column::float64("x", {1.0, 2.0})}),
      "v.parquet"));
  EXPECT_EQ(to_string(table.dates[0]), "2020-01-03");
}

TEST(LongTable, StopsAtABadCellWithItsLine) {
  EXPECT_EQ(number_of("date,symbol,x\n2024-02-30,A,1\n"), E::E2005);
  EXPECT_EQ(number_of("date,symbol,x\n2024-02-20,,1\n"), E::E2010);
  EXPECT_EQ(number_of("date,symbol,x\n2024-02-20,A,1\n2024-02-21,A,one\n"), E::E2004);
  EXPECT_EQ(number_of("date,symbol,x\n2024-02-20,A\n"), E::E2009);
  EXPECT_EQ(number_of("date,symbol,x\n"), E::E2014);
  EXPECT_EQ(number_of("date,symbl,x\n2024-02-20,A,1\n"), E::E2001);
  EXPECT_EQ(number_of("date,symbol\n2024-02-20,A\n"), E::E2001);
  const auto bad = read_long_csv("date,symbol,x\n2024-02-20,A,1\n2024-02-21,A,one\n", "v.csv");
  EXPECT_THAT(bad.error().message(), HasSubstr("x is 'one', expected a number or nothing"));
  EXPECT_THAT(bad.error().where(), HasSubstr("v.csv:3 | 2024-02-21,A,one"));
}

TEST(LongTable, FollowsTheMap) {
  const LongTable table =
      must(read_long_csv("d8,who,px\n2024-01-02,A,1\n", "v.csv", {{"date", "d8"}, {"symbol", "who"}, {"close", "px"}}));
  EXPECT_EQ(table.columns.front().name, "close");
  EXPECT_EQ(number_of("d8,who,px\n2024-01-02,A,1\n", {{"date", "day"}}), E::E2001);
}

TEST(DenseTable, HoldsEachValueAtItsDayAndSymbol) {
  const LongTable table = must(read_long_csv(
      "date,symbol,x,g\n2024-01-03,A,3,u\n2024-01-02,B,2,v\n2024-01-02,A,1,u\n2024-01-02,A,1,u\n", "v.csv"));
  const DenseTable dense = must(to_dense(table));
  ASSERT_EQ(dense.axis->rows(), 2U);
  ASSERT_EQ(dense.axis->columns(), 2U);
  const Panel& x = dense.panels.at("x");
  const GroupPanel& g = dense.groups.at("g");
  for (std::size_t column = 0; column < 2; ++column) {
    const bool is_a = dense.axis->symbols[column] == "A";
    EXPECT_EQ(x.row64(0)[column], is_a ? 1.0 : 2.0);
    const double second = x.row64(1)[column];
    EXPECT_TRUE(is_a ? second == 3.0 : std::isnan(second));
    EXPECT_EQ(g.codes[column], is_a ? 0 : 1);
    EXPECT_EQ(g.codes[2 + column], is_a ? 0 : -1);
  }
}

TEST(DenseTable, RefusesTwoValuesForOneDay) {
  const auto dense = to_dense(must(read_long_csv("date,symbol,x\n2024-01-02,A,1\n2024-01-02,A,2\n", "v.csv")));
  ASSERT_FALSE(dense.has_value());
  EXPECT_EQ(dense.error().number(), E::E2012);
  EXPECT_THAT(dense.error().message(), HasSubstr("lines 2 and 3"));
}

TEST(LongTable, ReadsABatchLikeText) {
  Column dates("date", ColumnType::kDate);
  dates.push(Date::from_civil(2024, 1, 2));
  TextData symbols;
  symbols.push("aaa");
  const Batch batch({dates, Column::text("symbol", symbols), Column::float64("Value", {2.5})});
  const LongTable table = must(read_long_batch(batch, "v.parquet"));
  EXPECT_THAT(table.symbols, ElementsAre("AAA"));
  EXPECT_EQ(table.find("value")->numbers.front(), 2.5);
  EXPECT_EQ(read_long_batch(Batch({dates, Column::float64("value", {1.0})}), "v.parquet").error().number(), E::E2001);
}

// The type of a column says that it is text, whatever stands in its first cells.
TEST(LongTable, AColumnOfTextHasTheNamesItHoldsAndNoOther) {
  Column dates("date", ColumnType::kDate);
  TextData symbols, groups;
  const std::vector<std::string> held = {"", "12", "banks", "12", "text"};
  for (std::size_t row = 0; row < held.size(); ++row) {
    dates.push(Date::from_civil(2024, 1, 2) + static_cast<int>(row));
    symbols.push("A");
    groups.push(held[row]);
  }
  const LongTable table = must(
      read_long_batch(Batch({dates, Column::text("symbol", symbols), Column::text("Sector", groups)}), "v.parquet"));
  const LongColumn& column = *table.find("sector");
  EXPECT_TRUE(column.is_text);
  EXPECT_THAT(column.names, ElementsAre("12", "banks", "text"));
  EXPECT_THAT(column.codes, ElementsAre(-1, 0, 1, 0, 2));
  EXPECT_TRUE(column.numbers.empty());
  EXPECT_THAT(must(to_dense(table)).groups.at("sector").names, ElementsAre("12", "banks", "text"));
}

// Rows of a reader's pieces, as "line date symbol x sector".
std::vector<std::string> rows_of(const LongTable& table) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < table.dates.size(); ++row) {
    const LongColumn& x = *table.find("x");
    const LongColumn& sector = *table.find("sector");
    const std::int32_t code = sector.is_text ? sector.codes[row] : -1;
    out.push_back(std::to_string(table.lines[row]) + " " + to_string(table.dates[row]) + " " +
                  table.symbols[table.symbol_of[row]] + " " + std::to_string(x.numbers[row]) + " " +
                  (code < 0 ? "-" : sector.names[static_cast<std::size_t>(code)]));
  }
  return out;
}

TEST(LongCsv, InPiecesHoldsTheRowsOfTheWhole) {
  const std::string text =
      "date,symbol,x,sector\n02/01/2024,a,,\n13/01/2024,b,,\n14/01/2024,a,2.5,\n\n15/01/2024,c,3,\"Oil, Gas\"\n"
      "16/01/2024,a,nan,Banks\n";
  const std::vector<std::string> whole = rows_of(must(read_long_csv(text, "v.csv")));
  LongCsvReader reader = must(LongCsvReader::open(text.substr(0, text.find("14/01")), "v.csv"));
  std::vector<std::string> pieces;
  std::int64_t line = 2;
  for (std::size_t at = reader.body(); at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    const std::vector<std::string> rows = rows_of(must(reader.read(text.substr(at, end - at), line++)));
    pieces.insert(pieces.end(), rows.begin(), rows.end());
    at = end;
  }
  EXPECT_EQ(pieces, whole);
}

// What a column is stays what its first value said, in whatever piece that stood.
TEST(LongCsv, InPiecesKeepsWhatAColumnIs) {
  LongCsvReader reader = must(LongCsvReader::open("date,symbol,x\n2024-01-02,A,\n", "v.csv"));
  must(reader.read("2024-01-02,A,\n", 2));
  must(reader.read("2024-01-03,A,1\n", 3));
  const Result<LongTable> word = reader.read("2024-01-04,A,high\n", 4);
  ASSERT_FALSE(word);
  EXPECT_EQ(word.error().number(), E::E2004);
  EXPECT_THAT(word.error().where(), HasSubstr("v.csv:4"));
  EXPECT_EQ(LongCsvReader::open("date,symbol\n", "v.csv").error().number(), E::E2001);
}

// Whoever steps through a file must add up in the order of its panel.
TEST(ColumnOrder, IsThatOfThePanel) {
  std::string text = "date,symbol,x\n";
  std::vector<std::string> names;
  for (int name = 0; name < 40; ++name) {
    names.push_back("N" + std::to_string(name * 7 % 40));
    text += "2024-01-02," + names.back() + ",1\n";
  }
  const DenseTable dense = *to_dense(*read_long_csv(text, "v.csv"));
  put_in_column_order(names);
  EXPECT_EQ(names, dense.axis->symbols);
  std::ranges::reverse(names);
  put_in_column_order(names);
  EXPECT_EQ(names, dense.axis->symbols);
}

}  // namespace
}  // namespace lode::source
