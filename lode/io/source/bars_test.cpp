// Every row is kept or set aside with its reason; nothing in between, and no row costs another.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/bars.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/text.h"

namespace lode::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kHeader = "date,symbol,open,high,low,close,volume\n";

struct Parser {
  const ImportTable& table = *must(find_import_table("bars"));
  BarGates gates;

  ParsedBars operator()(const std::string& text, const std::string& path = "a.csv") {
    const Dialect dialect = must(read_dialect(text, path));
    gates.symbol = symbol_of_file(path);
    return parse_bars(text, dialect, must(find_layout(table, dialect, path, {})), {dialect.body, text.size(), 2},
                      gates);
  }
};

std::string only_fault(const std::string& row, const Calendar* calendar = nullptr) {
  Parser parse;
  parse.gates.calendar = calendar;
  const ParsedBars bars = parse(std::string(kHeader) + row + "\n");
  if (bars.rejected.size() != 1) {
    return "accepted";
  }
  const Rejected& one = bars.rejected.front();
  EXPECT_EQ(one.text, row);
  EXPECT_EQ(one.line, 2);
  return fmt::format("E{} {} | {}", one.number, one.reason, one.shown);
}

// The session a date cell is read as on an exchange; "" when it is set aside.
std::string session_of(const std::string& cell, const char* mic) {
  Parser parse;
  parse.gates.calendar = must(find_calendar(mic));
  const ParsedBars bars = parse(std::string(kHeader) + cell + ",A,1,1,1,1,1\n");
  return bars.session.empty() ? "" : to_string(Date{bars.session[0]});
}

TEST(ParseBars, AnInstantIsTheDayOnTheExchangesClock) {
  EXPECT_EQ(session_of("2020-01-06T23:00:00Z", "XASX"), "2020-01-07") << "10:00 in Sydney";
  EXPECT_EQ(session_of("2020-01-06 23:00:00+00:00", "XASX"), "2020-01-07");
  EXPECT_EQ(session_of("2020-01-06T23:00Z", "XASX"), "2020-01-07");
  EXPECT_EQ(session_of("2020-01-07 10:00:00+1100", "XASX"), "2020-01-07");
  EXPECT_EQ(session_of("2020-01-07T02:00:00Z", "XNYS"), "2020-01-06") << "21:00 in New York";
  EXPECT_EQ(session_of("2020-01-06T21:00:00Z", "XNYS"), "2020-01-06");
}

TEST(ParseBars, MidnightAndATimeWithoutOffsetLeaveTheDayAsWritten) {
  for (const char* cell : {"2020-01-06T00:00:00Z", "2020-01-06 00:00:00+11:00", "2020-01-06 00:00:00.000",
                           "2020-01-06 16:10:00", "2020-01-06T05:00", "2020/01/06", "20200106"}) {
    EXPECT_EQ(session_of(cell, "XASX"), "2020-01-06") << cell;
    EXPECT_EQ(session_of(cell, "XNYS"), "2020-01-06") << cell;
  }
  EXPECT_EQ(session_of("2020-01-06T23:00:00Z", "XXXX"), "2020-01-06") << "no exchange, no clock";
}

TEST(ParseBars, WhatStandsBehindADateMustBeATime) {
  for (const char* cell : {"2020-01-06 soon", "2020-01-06T25:00:00Z", "2020-01-06T10:00:00+99:00"}) {
    EXPECT_EQ(session_of(cell, "XASX"), "") << cell;
  }
}

TEST(ParseBars, AnInstantOfParquetIsTakenWhereBothReadingsAgree) {
  const auto session = [](const char* instant, const char* mic) {
    Batch batch({Column::time("date", {parse_as_of(instant)->nanos}), Column::float64("close", {1.0})});
    BarGates gates;
    gates.calendar = must(find_calendar(mic));
    gates.symbol = "A";
    const ImportTable& table = *must(find_import_table("bars"));
    const Dialect header = dialect_of(batch);
    const ParsedBars bars = parse_bars(batch, must(find_layout(table, header, "a.parquet", {})), gates);
    return bars.session.empty() ? bars.rejected.at(0).reason : to_string(Date{bars.session[0]});
  };
  EXPECT_EQ(session("2020-01-06T00:00:00Z", "XASX"), "2020-01-06");
  EXPECT_EQ(session("2020-01-06T01:00:00Z", "XASX"), "2020-01-06");
  EXPECT_EQ(session("2020-01-06T21:00:00Z", "XNYS"), "2020-01-06");
  EXPECT_THAT(session("2020-01-06T23:00:00Z", "XASX"), HasSubstr("depends on its time zone"));
  EXPECT_THAT(session("2020-01-07T02:00:00Z", "XNYS"), HasSubstr("depends on its time zone"));
}

TEST(ParseBars, KeepsWhatIsThere) {
  Parser parse;
  const ParsedBars bars = parse(std::string(kHeader) +
                                "2024-01-02,aaa,10,11,9,10.5,100\n20240103,AAA,,,,11,\n2024/01/04,BRK.B,1,1,1,1,0.5\n");
  EXPECT_EQ(bars.rows, 3);
  EXPECT_THAT(bars.symbols, ElementsAre("AAA", "BRK.B"));
  EXPECT_THAT(bars.symbol, ElementsAre(0, 0, 1));
  EXPECT_THAT(bars.line, ElementsAre(2, 3, 4));
  EXPECT_THAT(bars.close, ElementsAre(10.5, 11.0, 1.0));
  EXPECT_TRUE(std::isnan(bars.open[1]) && std::isnan(bars.volume[1]));
  EXPECT_EQ(Date{bars.session[1]}, Date::from_civil(2024, 1, 3));
  EXPECT_TRUE(bars.amount.empty());
}

TEST(ParseBars, NamesWhyARowIsSetAside) {
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,abc,100"), "E2004 close is 'abc', expected a number | \"abc\"");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,,100"), "E2004 close is missing, expected a number | \"\"");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,10,n/a"), "E2004 volume is 'n/a', expected a number | \"n/a\"");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,nan,1"), "E2004 close is 'nan', expected a number | \"nan\"");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,1e999,1"), "E2004 close is '1e999', expected a number | \"1e999\"");
  EXPECT_EQ(only_fault("2023-02-29,AAA,10,11,9,10,100"),
            "E2005 '2023-02-29' is a day that does not exist | \"2023-02-29\"");
  EXPECT_EQ(
      only_fault("03/04/2024,AAA,10,11,9,10,100"),
      "E2005 '03/04/2024' is not understood as a date, expected YYYY-MM-DD; --date-format dmy or mdy would read it | "
      "\"03/04/2024\": --date-format dmy or mdy");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,0,100"), "E2006 c 0 is not above 0 | c 0 is not above 0");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10.2,10.1,10.4,10.2,100"), "E2007 h 10.1 l 10.4 | h 10.1 l 10.4");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,10,-5"), "E2008 volume -5 is negative | volume -5 is negative");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10,11,9,10,1,000"),
            "E2009 8 columns, the header has 7 | 8 columns, the header has 7");
  EXPECT_EQ(only_fault("2024-01-02,AAA,10"), "E2009 3 columns, the header has 7 | 3 columns, the header has 7");
  EXPECT_EQ(only_fault("2024-01-02,,10,11,9,10,100"), "E2010 the symbol is empty | \"\"");
  EXPECT_EQ(only_fault("2024-01-02,A B,10,11,9,10,100"),
            "E2010 'A B' is not a symbol: expected at most 24 of A-Z 0-9 . - _ ^ = / & + $ # | "
            "\"A B\": expected at most 24 of A-Z 0-9 . - _ ^ = / & + $ #");
  EXPECT_EQ(only_fault("1023-01-02,AAA,10,11,9,10,100"),
            "E2013 date 1023-01-02 is outside 1900-01-01 to 2100-01-01 | 1023-01-02");
  const Calendar* nyse = must(find_calendar("XNYS"));
  EXPECT_EQ(only_fault("2015-01-19,AAA,10,11,9,10,100", nyse),
            "E2011 2015-01-19 is not a session of XNYS: Martin Luther King Jr. Day | 2015-01-19");
  EXPECT_EQ(only_fault("2015-01-19,AAA,10,11,9,10,100"), "accepted");
  EXPECT_EQ(only_fault("2015-01-20,AAA,10,11,9,10,100", nyse), "accepted");
}

TEST(ParseBars, CutsALongRowBetweenCharacters) {
  std::string row(999, 'x');
  row += "\xc3\xa9\xc3\xa9";
  EXPECT_EQ(row_text(row).size(), 999U);
  EXPECT_EQ(row_text("short"), "short");
}

TEST(ParseBars, GivesAFileWithoutSymbolsToItsName) {
  Parser parse;
  const ParsedBars bars =
      parse("Date,Open,High,Low,Close,Volume,OpenInt\n2005-02-25,40.919,41.972,40.919,41.931,410725,0\n",
            "originals/bxp.us.txt");
  EXPECT_THAT(bars.symbols, ElementsAre("BXP"));
  EXPECT_THAT(bars.close, ElementsAre(41.931));
}

TEST(ParseBars, ReadsTheOptionalColumns) {
  Parser parse;
  const ParsedBars bars = parse(
      "timestamp,ticker,close,adj close,vwap,amount,trades\n2024-01-02T00:00:00Z,AAA,10,9.5,10.1,1e6,12\n"
      "2024-01-03 00:00:00,AAA,10,9.5,,,\n2024-01-04,AAA,10,9.5,1,1,1.5\n2024-01-05,AAA,10,9.5,1,1,-1\n");
  EXPECT_THAT(bars.close_vendor, ElementsAre(9.5, 9.5));
  EXPECT_EQ(bars.vwap[0], 10.1);
  EXPECT_EQ(bars.amount[0], 1e6);
  EXPECT_EQ(bars.trades[0], 12.0);
  EXPECT_TRUE(std::isnan(bars.trades[1]));
  ASSERT_EQ(bars.rejected.size(), 2U);  // A count of trades is whole and not negative.
  EXPECT_EQ(bars.rejected[0].column, "trades");
}

TEST(ParseBars, ReadsABatchAsItReadsText) {
  TextData symbols;
  Column dates("Date", ColumnType::kDate);
  Column closes("Close", ColumnType::kFloat64);
  Column volumes("Volume", ColumnType::kInt64);
  for (int i = 0; i < 4; ++i) {
    dates.push(Date{19724 + i});
    symbols.push(i == 2 ? "b b" : "aaa");
    i == 1 ? closes.push_null() : closes.push(10.0 + i);
    volumes.push(i == 3 ? -1 : 100);
  }
  const Batch batch({dates, Column::text("Ticker", symbols), closes, volumes});
  const ImportTable& table = *must(find_import_table("bars"));
  const Layout layout = must(find_layout(table, dialect_of(batch), "a.parquet", {}));
  const ParsedBars bars = parse_bars(batch, layout, {});
  EXPECT_EQ(bars.rows, 4);
  EXPECT_THAT(bars.symbols, ElementsAre("AAA"));
  EXPECT_THAT(bars.close, ElementsAre(10.0));
  ASSERT_EQ(bars.rejected.size(), 3U);
  EXPECT_EQ(bars.rejected[0].number, 2004);
  EXPECT_EQ(bars.rejected[0].line, 2);
  EXPECT_EQ(bars.rejected[1].number, 2010);
  EXPECT_EQ(bars.rejected[2].number, 2008);
  EXPECT_EQ(bars.rejected[2].text, "2024-01-05,aaa,13,-1");
}

// Whatever stands in a file, each line that is not blank is one row, kept or set aside.
TEST(ParseBars, AccountsForEveryRowOfAnyFile) {
  Random random(11, 0);
  const std::vector<std::string> cells = {"2024-01-02", "2024-02-30", "AAA", "",     "10", "-1",
                                          "1e5",        "abc",        "0",   "9.99", "x y"};
  for (int round = 0; round < 300; ++round) {
    std::string text(kHeader);
    const auto rows = static_cast<std::int64_t>(random.next_below(30));
    for (std::int64_t row = 0; row < rows; ++row) {
      const auto width = random.next_below(10) == 0 ? random.next_below(9) + 1 : 7;
      for (std::uint64_t i = 0; i < width; ++i) {
        const bool typical = random.next_below(4) != 0;
        const std::size_t pick = typical ? (i == 0   ? 0U
                                            : i == 1 ? 2U
                                                     : 4U)
                                         : static_cast<std::size_t>(random.next_below(cells.size()));
        text += (i == 0 ? "" : ",") + (width == 1 ? std::string("z") : cells[pick]);
      }
      text += random.next_below(3) == 0 ? "\r\n" : "\n";
    }
    Parser parse;
    const ParsedBars bars = parse(text);
    EXPECT_EQ(bars.rows, rows) << text;
    EXPECT_EQ(static_cast<std::int64_t>(bars.accepted() + bars.rejected.size()), rows);
    for (const Rejected& one : bars.rejected) {
      EXPECT_FALSE(one.reason.empty());
    }
  }
}

TEST(ParseBars, FindsSymbolsInAnyOrder) {
  Random random(3, 0);
  std::string text(kHeader);
  std::vector<std::string> expected;
  for (int i = 0; i < 5'000; ++i) {
    expected.push_back("S" + std::to_string(random.next_below(400)));
    text += "2024-01-02," + (random.next_below(2) == 0 ? lower(expected.back()) : expected.back()) + ",1,1,1,1,1\n";
  }
  Parser parse;
  const ParsedBars bars = parse(text);
  ASSERT_EQ(bars.symbol.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(bars.symbols[bars.symbol[i]], expected[i]);
  }
}

}  // namespace
}  // namespace lode::source
