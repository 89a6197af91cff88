// Columns by name, by usual spelling, by --map; and what a missing one is answered with.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ImportTable& table(std::string_view name) { return *must(find_import_table(name)); }

Result<Layout> layout(std::string_view name, const std::string& header, const ColumnMap& map = {},
                      const std::string& path = "bars.csv") {
  LODE_TRY(const Dialect dialect, read_dialect(header + "\n", path, map));
  return find_layout(table(name), dialect, path, map);
}

std::string failure(std::string_view name, const std::string& header, const ColumnMap& map = {},
                    const std::string& path = "bars.csv") {
  const Result<Layout> found = layout(name, header, map, path);
  return found ? "" : render(found.error());
}

int column(std::string_view name, std::string_view wanted, const std::string& header, const ColumnMap& map = {}) {
  const Layout found = must(layout(name, header, map));
  return found.column[static_cast<std::size_t>(table(name).index_of(wanted))];
}

TEST(Columns, AnswersAMissingOneWithAWholeMap) {
  EXPECT_EQ(failure("bars", "Date,Ticker,Open,High,Low,Last,Vol"),
            "error[E2001]: bars.csv has no column for 'close'\n"
            "  1 | Date,Ticker,Open,High,Low,Last,Vol\n"
            "    |                           ^^^^ closest\n"
            "help: lode data import bars.csv --table bars --map close=Last,volume=Vol,symbol=Ticker\n"
            "      found: Date, Ticker, Open, High, Low, Last, Vol    needed: date, symbol, close");
}

TEST(Columns, ShowsTheNearestOfAMisspelling) {
  EXPECT_THAT(failure("bars", "date,symbol,clsoe"), HasSubstr("^^^^^ closest"));
  EXPECT_THAT(failure("bars", "date,symbol,clsoe"), HasSubstr("--map close=clsoe"));
  EXPECT_THAT(failure("bars", "date,symbl,close"), HasSubstr("no column for 'symbol'"));
  EXPECT_THAT(failure("bars", "date,Name,close"), HasSubstr("--map symbol=Name"));
  EXPECT_THAT(failure("bars", "date,symbol,figure"), HasSubstr("--map close=COLUMN"));
  EXPECT_THAT(failure("bars", "date,symbol,Adj Close"), HasSubstr("--map close='Adj Close'"));
  EXPECT_THAT(failure("bars", "date,symbol,Last Price"), HasSubstr("--map close='Last Price'"));
}

TEST(Columns, KnowTheUsualSpellings) {
  const std::string header = "Date,Open,High,Low,Close,Adj Close,Volume,OpenInt";
  EXPECT_EQ(column("bars", "date", header), 0);
  EXPECT_EQ(column("bars", "close", header), 4);
  EXPECT_EQ(column("bars", "close_vendor", header), 5);
  EXPECT_EQ(column("bars", "volume", header), 6);
  EXPECT_EQ(column("bars", "symbol", header), -1);  // From the file's name.
  EXPECT_EQ(column("bars", "date", "timestamp,ticker,<CLOSE>"), 0);
  EXPECT_EQ(column("universe", "valid_from", "ticker,start_date,end_date"), 1);
  EXPECT_EQ(column("groups", "subindustry", "Symbol,Security,GICS Sector,GICS Sub-Industry"), 3);
  EXPECT_EQ(column("actions", "ex_date", "date,symbol,type,ratio"), 0);
}

TEST(Columns, FollowTheMap) {
  const std::string header = "Date,Ticker,Open,Last,Settle";
  EXPECT_EQ(column("bars", "close", header, {{"close", "Settle"}}), 4);
  EXPECT_EQ(column("bars", "close", "date,symbol,close,clean", {{"close", "clean"}}), 3);
  const std::string wrong = failure("bars", header, {{"close", "Lsat"}});
  EXPECT_THAT(wrong, HasSubstr("error[E2001]: bars.csv has no column 'Lsat', which --map gives for 'close'"));
  EXPECT_THAT(wrong, HasSubstr("did you mean 'Last'?"));
}

TEST(Columns, RefuseTwoForOne) {
  const std::string twice = failure("bars", "date,symbol,ticker,close");
  EXPECT_THAT(twice, HasSubstr("error[E2002]: bars.csv has two columns for 'symbol': 'symbol' and 'ticker'"));
  EXPECT_THAT(twice, HasSubstr("--map symbol=symbol or --map symbol=ticker picks one"));
  EXPECT_EQ(column("bars", "symbol", "date,symbol,ticker,close", {{"symbol", "ticker"}}), 2);
  EXPECT_EQ(column("bars", "date", "date,time,symbol,close"), 0);  // A day and a time of day.
}

TEST(Columns, MayTakeTheSymbolFromTheFileName) {
  EXPECT_EQ(failure("bars", "Date,Close", {}, "x/aapl.us.txt"), "");
  EXPECT_THAT(failure("groups", "sector,industry", {}, "aapl.csv"), HasSubstr("no column for 'symbol'"));
  EXPECT_THAT(failure("bars", "Date,Close", {}, "what a name.csv"), HasSubstr("no column for 'symbol'"));
  EXPECT_EQ(symbol_of_file("originals/aapl.us.txt.gz"), "AAPL");
  EXPECT_EQ(symbol_of_file("BRK-B.csv"), "BRK-B");
  EXPECT_EQ(symbol_of_file("spy.parquet"), "SPY");
  EXPECT_EQ(symbol_of_file("spy.us.feather"), "SPY");
  EXPECT_EQ(symbol_of_file("a long name.csv"), "");
}

TEST(ImportTables, AreNamedWithTheirNeighbours) {
  const auto missing = find_import_table("brs");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().number(), E::E2016);
  EXPECT_THAT(missing.error().hint(), HasSubstr("'bars'"));
  const auto map = check_map(table("bars"), {{"clsoe", "Last"}});
  ASSERT_FALSE(map.has_value());
  EXPECT_EQ(map.error().number(), E::E4);
  EXPECT_THAT(map.error().hint(), HasSubstr("'close'"));
  EXPECT_TRUE(check_map(table("bars"), {{"close", "Last"}}).has_value());
}

}  // namespace
}  // namespace lode::source
