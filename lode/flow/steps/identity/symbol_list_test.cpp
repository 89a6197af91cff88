// Files of symbols: lists, tables, and every way one can be wrong.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/symbol_list.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/flow/steps/store/files.h"
#include "lode/market/test_data.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Date day(int year, int month, int date) { return Date::from_civil(year, month, date); }

std::vector<std::string> symbols(const SymbolList& list) {
  std::vector<std::string> out;
  for (const ListedSymbol& row : list.rows) {
    out.push_back(row.symbol);
  }
  return out;
}

SymbolList parsed(std::string_view text) { return must(parse_symbol_list(text, "list.csv")); }

// The number and message of a file that is refused; 0 and "" when it is taken.
std::pair<int, std::string> refused(std::string_view text) {
  const auto list = parse_symbol_list(text, "list.csv");
  return list ? std::pair(0, std::string())
              : std::pair(static_cast<int>(list.error().number()), std::string(list.error().message()));
}

TEST(SymbolList, APlainListIsOneSymbolALineOrSeveral) {
  const SymbolList list = parsed("AAPL\n\n# the others\nMSFT, BRK-B # two\r\n  CBA.AX\n");
  EXPECT_THAT(symbols(list), ElementsAre("AAPL", "MSFT", "BRK-B", "CBA.AX"));
  EXPECT_FALSE(list.is_dated);
  EXPECT_EQ(list.rows[2].line, 4);
}

TEST(SymbolList, AListMayHaveANameAboveIt) {
  for (const char* title : {"symbol", "Ticker", "\"symbol\"", "SYMBOL", "\xEF\xBB\xBFsymbol", "\nsymbol"}) {
    const SymbolList list = parsed(std::string(title) + "\nAAPL\r\n\"MSFT\"\n");
    EXPECT_THAT(symbols(list), ElementsAre("AAPL", "MSFT")) << title;
    EXPECT_FALSE(list.is_dated);
  }
  for (const char* title :
       {"# my list\nsymbol", "symbol # as of today", "\n  # mine\n\n#\nTicker\r", "# my list, of 2024\nsymbol"}) {
    EXPECT_THAT(symbols(parsed(std::string(title) + "\nAAPL\n# MSFT\n")), ElementsAre("AAPL")) << title;
  }
  EXPECT_THAT(symbols(parsed("# symbol\nAAPL\n")), ElementsAre("AAPL"));
  EXPECT_THAT(symbols(parsed("#symbol,from\nAAPL,2020-01-02\n")), ElementsAre("AAPL"));
  EXPECT_EQ(refused("# my list\nsymbol,name\nAAPL,Apple\n").first, 2003) << "a table begins with its header";
  EXPECT_EQ(refused("CODE\nAAPL\n").first, 2003) << "a symbol, or a name of a column";
  EXPECT_EQ(refused("symbol\n").first, 2014);
}

TEST(SymbolList, ATableIsKnownByItsFirstLine) {
  for (const char* header : {"symbol,from,to", "ticker,start_date,end_date", "Symbol;valid_from;valid_to"}) {
    const char mark = std::string_view(header).find(';') == std::string_view::npos ? ',' : ';';
    const SymbolList list =
        parsed(fmt::format("{0}\nAAL{1}1996-01-02{1}1997-01-15\nAAL{1}2015-03-23{1}\n", header, mark));
    ASSERT_EQ(list.rows.size(), 2U) << header;
    EXPECT_TRUE(list.is_dated);
    EXPECT_EQ(list.rows[0].from, day(1996, 1, 2));
    EXPECT_EQ(list.rows[0].to, day(1997, 1, 15));
    EXPECT_EQ(list.rows[1].to, std::nullopt);
    EXPECT_EQ(list.rows[1].line, 3);
  }
}

TEST(SymbolList, ATableWithoutDaysIsAList) {
  const SymbolList list = parsed("\xEF\xBB\xBFSymbol,Name,Sector\nMMM,\"3M, Co.\",Industrials\nABT,Abbott,Health\n");
  EXPECT_THAT(symbols(list), ElementsAre("MMM", "ABT"));
  EXPECT_FALSE(list.is_dated);
}

TEST(SymbolList, AnExchangeMayStandInEachRow) {
  const SymbolList list = parsed("symbol,mic,from\nCBA,xasx,2020-01-02\nIBM,,2020-01-02\n");
  EXPECT_EQ(list.rows[0].mic, "XASX");
  EXPECT_EQ(list.rows[1].mic, "");
}

TEST(SymbolList, ABadLineIsNamedAndNothingIsTaken) {
  const std::map<std::string, std::pair<int, std::string>> cases = {
      {"", {2014, "list.csv names no symbol"}},
      {"# nobody\n", {2014, "list.csv names no symbol"}},
      {"AAPL,2020-01-01\n", {2003, "list.csv:1: 2020-01-01 is a day"}},
      {"symbol,from,to\nAAPL,2020-13-01,\n", {2005, "list.csv:2: from is '2020-13-01'"}},
      {"symbol,from,to\nAAPL,2020-01-01,soon\n", {2005, "list.csv:2: to is 'soon'"}},
      {"symbol,from,to\nAAPL,,2020-01-01\n", {2005, "list.csv:2: AAPL has no first day"}},
      {"symbol,from\n,2020-01-01\n", {2010, "list.csv:2: the symbol is empty"}},
      {"symbol,from,to\nAAPL,2020-01-02,2020-01-01\n", {2024, "before it is one from 2020-01-02"}},
      {"symbol,from\nAAPL,2020-01-02,x,y\n", {2009, "list.csv:2: "}},
      {"symbol,from,to\nAAPL,2020-01-01,\nMSFT,2020-01-01,\naapl,2021-01-01,\n",
       {2012, "list.csv:4: aapl is a member already from 2020-01-01 to now (line 2)"}},
      {"symbol,from,to\nAAPL,2021-01-01,2021-06-01\nAAPL,2020-01-01,2021-01-01\n",
       {2012, "list.csv:3: AAPL is a member already from 2020-01-01 to 2021-01-01 (line 2)"}}};
  for (const auto& [text, wanted] : cases) {
    const auto [number, message] = refused(text);
    EXPECT_EQ(number, wanted.first) << text;
    EXPECT_THAT(message, HasSubstr(wanted.second)) << text;
  }
}

TEST(SymbolList, SpansMayTouchAndOneOfAnotherExchangeIsAnother) {
  EXPECT_EQ(refused("symbol,from,to\nA,2020-01-01,2020-12-31\nA,2021-01-01,\n").first, 0);
  EXPECT_EQ(refused("symbol,mic,from\nA,XNYS,2020-01-01\nA,XASX,2020-01-01\n").first, 0);
}

TEST(SymbolList, MembersOfASpanAreThoseOfAnyOfItsDays) {
  const SymbolList list = parsed(
      "symbol,from,to\nOLD,2000-01-03,2009-12-31\nAAL,1996-01-02,1997-01-15\nAAL,2015-03-23,2024-09-23\nNEW,2024-06-24,"
      "\n");
  EXPECT_THAT(symbols_between(list, {}, {}), ElementsAre("NEW"));
  EXPECT_THAT(symbols_between(list, day(2009, 12, 31), {}), ElementsAre("OLD", "AAL", "NEW"));
  EXPECT_THAT(symbols_between(list, day(2010, 1, 1), day(2015, 3, 22)), ElementsAre());
  EXPECT_THAT(symbols_between(list, day(2010, 1, 1), day(2015, 3, 23)), ElementsAre("AAL"));
  EXPECT_THAT(symbols_between(list, {}, day(1996, 5, 1)), ElementsAre("AAL")) << "members of that one day";
  EXPECT_THAT(symbols_between(parsed("A\nB\nA\n"), day(2020, 1, 1), {}), ElementsAre("A", "B")) << "a list has no days";
}

TEST(SymbolList, ChangesAreStaysFromADayOnAndUntilTheDayBefore) {
  const SymbolList list =
      parsed("date,add,remove\n2019-06-03,\"CTVA,DD\",\"FLR,DWDP\"\n2019-01-18,\"TFX\",\"PCG\"\n2020-03-02,,CTVA\n");
  ASSERT_EQ(list.changes.size(), 7U);
  EXPECT_EQ(list.changes.front().symbol, "PCG") << "by day, who leaves first";
  EXPECT_TRUE(list.is_dated);
  EXPECT_THAT(symbols_between(list, {}, {}), ElementsAre("TFX", "DD"));
  EXPECT_THAT(symbols_between(list, day(2019, 1, 17), day(2019, 1, 17)), ElementsAre("PCG", "FLR", "DWDP"));
  EXPECT_THAT(symbols_between(list, day(2020, 3, 1), day(2020, 3, 1)), ElementsAre("TFX", "CTVA", "DD"));
  EXPECT_THAT(symbols_between(list, day(2020, 3, 2), day(2020, 3, 2)), ElementsAre("TFX", "DD"));
  EXPECT_EQ(refused("date,add,remove\n2019-01-18,A,\n2019-02-18,A,\n").first, 2012);
  EXPECT_EQ(refused("date,add,remove\n2019-01-18,,A\n2019-02-18,,A\n").first, 2012);
  EXPECT_EQ(refused("date,add,remove\nsoon,A,\n").first, 2005);
}

TEST(SymbolList, ChangesOfARealIndexAreRead) {
  LODE_NEEDS_DATA("sp500-membership");
  const std::string text = read_test_data("sp500-membership/sp500_changes_since_2019.csv");
  const SymbolList list = must(parse_symbol_list(text, "changes.csv"));
  EXPECT_GT(list.changes.size(), 100U);
  EXPECT_EQ(list.changes.front().on, day(2019, 1, 18));
}

// The user's file of an index, counted by a reader of its own.
TEST(SymbolList, MembershipThroughTimeOfARealIndex) {
  LODE_NEEDS_DATA("sp500-membership");
  const std::string text = read_test_data("sp500-membership/sp500_ticker_start_end.csv");
  const SymbolList list = must(parse_symbol_list(text, "sp500.csv"));
  std::set<std::string> members;
  std::size_t rows = 0;
  const Date asked = day(2015, 6, 30);
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> cells = split(trim(line), ',');
    Date from, to;
    if (cells.size() != 3 || !try_parse_date(cells[1], from)) {
      continue;
    }
    ++rows;
    const bool still = cells[2].empty();
    if (from <= asked &&
        (still || (try_parse_date(cells[2], to) && to > asked))) {  // Their successors begin on that day.
      members.emplace(cells[0]);
    }
  }
  EXPECT_EQ(list.rows.size(), rows);
  const std::vector<std::string> found = symbols_between(list, asked, asked);
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), members);
  EXPECT_GT(members.size(), 490U);
  EXPECT_LT(members.size(), 515U);
}

// The example that ships: thirty members on every day since it begins.
TEST(SymbolList, TheExampleOfTheDowHasThirtyMembersEachDay) {
  const SymbolList list = must(parse_symbol_list(must(read_file("examples/universes/djia.csv")), "djia.csv"));
  for (Date at = day(2013, 9, 23); at < day(2025, 1, 1); at = at + 1) {
    ASSERT_EQ(symbols_between(list, at, at).size(), 30U) << to_string(at);
  }
  EXPECT_THAT(symbols_between(list, day(2024, 11, 8), {}), ::testing::IsSupersetOf({"NVDA", "SHW"}));
  EXPECT_THAT(symbols_between(list, day(2024, 11, 8), {}), ::testing::Not(::testing::Contains("INTC")));
}

}  // namespace
}  // namespace lode::flow
