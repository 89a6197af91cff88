// The SQL engine's complaints in Lode's words: its real texts, asked of a lake, and shapes it may take.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/sql_words.h"

#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string told(const std::string& message) { return render(sql_words(Error(E::E2017, message, "look there"))); }

class Sql : public testing::Verbs {
 protected:
  void SetUp() override { import("bars", testing::kBars); }
  std::string complaint(const std::string& query) {
    Value raw = Value::object();
    raw.set("query", Value(query));
    return mistake("data", "sql", to_json(raw));
  }
};

TEST_F(Sql, NamesTheNearestColumnUnderACaret) {
  EXPECT_EQ(complaint("select clsoe from bars"),
            "error[E2017]: SQL refused: no column called 'clsoe'\n"
            "  1 | select clsoe from bars\n"
            "    |        ^^^^^\n"
            "help: did you mean 'close'?");
  EXPECT_THAT(complaint("select b.clsoe from bars b"), HasSubstr("help: did you mean 'close'?"));
}

TEST_F(Sql, ListsTheColumnsWhenNoneIsNear) {
  const std::string said = complaint("select \"AAA\" from bars");
  EXPECT_THAT(said, HasSubstr("no column called 'AAA'"));
  EXPECT_THAT(said, Not(HasSubstr("did you mean")));
  EXPECT_THAT(said, HasSubstr("a text stands in single quotes"));
}

TEST_F(Sql, SaysWhereSymbolsStand) {
  const std::string said = complaint("select symbol, close from bars");
  EXPECT_THAT(said, HasSubstr("no column called 'symbol'"));
  EXPECT_THAT(said,
              HasSubstr("help: symbols stand in instruments: ... FROM bars JOIN instruments USING (instrument_id)"));
}

TEST_F(Sql, NeverSpeaksTheEnginesWords) {
  for (const char* query :
       {"select clsoe from bars", "select foo(1)", "select x.close from bars", "select cast('x' as int)",
        "select symbol, count(*) from bars", "select a.close from bars a join bars b on close = 1",
        "select close\nfrom bars\nwhere clsoe > 1", "select sum(symbol) from bars", "select * from bars limit 'x'",
        "select 1 +", "select date '2024-02-30'", "select close from bars union select close, open from bars",
        "select [1,2][", "select 'unclosed", "select max(max(close)) from bars"}) {
    const std::string said = complaint(query);
    EXPECT_THAT(said, ::testing::StartsWith("error[E2017]: SQL refused: ")) << query;
    EXPECT_THAT(said, Not(HasSubstr(" Error:"))) << query;
    EXPECT_THAT(said, Not(HasSubstr("LINE "))) << query;
    EXPECT_THAT(said, Not(HasSubstr("Candidate"))) << query;
    EXPECT_THAT(said, Not(HasSubstr("!\n"))) << query;
    EXPECT_THAT(said, HasSubstr("\nhelp: ")) << query;
  }
}

TEST_F(Sql, PointsAtTheLineOfALongQuery) {
  EXPECT_THAT(complaint("select close\nfrom bars\nwhere clsoe > 1"),
              HasSubstr("  3 | where clsoe > 1\n    |       ^^^^^\n"));
}

TEST(SqlWords, SayWhatIsGroupedAndWhatIsAmbiguous) {
  EXPECT_EQ(
      told("SQL refused: Binder Error: column \"symbol\" must appear in the GROUP BY clause or must be part of an "
           "aggregate function.\nEither add it to the GROUP BY list"),
      "error[E2017]: SQL refused: 'symbol' is neither grouped nor within an aggregate\n"
      "help: add it to GROUP BY, or take one value of it: any_value(symbol)");
  EXPECT_EQ(
      told("SQL refused: Binder Error: Ambiguous reference to column name \"close\" (use: \"a.close\" or \"b.close\")"),
      "error[E2017]: SQL refused: 'close' is a column of more than one table here\nhelp: write a.close or b.close");
}

TEST(SqlWords, KnowTheColumnsOfTheTablesAQueryNames) {
  EXPECT_THAT(columns_of("select 1 from bars b"), ::testing::Contains("close"));
  EXPECT_THAT(columns_of("select 1 from bars b"), Not(::testing::Contains("ex_date")));
  EXPECT_THAT(columns_of("select 1 from mybars, bars2"), ::testing::IsEmpty());
}

TEST(SqlWords, SuggestAFunctionOnlyWhenItIsNear) {
  EXPECT_THAT(
      told("SQL refused: Catalog Error: Scalar Function with name foo does not exist!\nDid you mean \"floor\"?"),
      Not(HasSubstr("floor")));
  EXPECT_THAT(
      told("SQL refused: Catalog Error: Scalar Function with name flor does not exist!\nDid you mean \"floor\"?"),
      HasSubstr("did you mean 'floor'?"));
}

TEST(SqlWords, LeaveWhatIsAlreadyOurs) {
  EXPECT_EQ(told("SQL refused: there is no table 'brs' in the lake"),
            "error[E2017]: SQL refused: there is no table 'brs' in the lake\nhelp: look there");
  EXPECT_EQ(told("the query ran longer than 1 s and was stopped"),
            "error[E2017]: the query ran longer than 1 s and was stopped\nhelp: look there");
  EXPECT_EQ(sql_words(Error(E::E8001, "SQL refused: Binder Error: x")).number(), E::E8001);
}

TEST(SqlWords, SurviveATextCutShort) {
  for (const char* text :
       {"SQL refused: Binder Error: ", "SQL refused: Parser Error: x\n\nLINE", "SQL refused: A Error: x\nLINE 1: y\n",
        "SQL refused: Binder Error: Referenced column \"", "SQL refused: Catalog Error: Function with name ",
        "SQL refused: A Error: x\nLINE 1: y\n^", "SQL refused: A Error: x\nLINE 1: y\n               ^"}) {
    EXPECT_THAT(told(text), HasSubstr("help: ")) << text;
  }
}

}  // namespace
}  // namespace lode::flow
