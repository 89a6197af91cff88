// Library files: what they may say, and finding formulas by name.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/factor/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"

namespace lode::factor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHead =
    "# a comment\n"
    "#: library mine\n"
    "#: title My formulas\n"
    "#: source a book, p. 3\n"
    "#: rights mine\n"
    "#: input eps_ttm price earnings per share, known from the filing\n"
    "#: input mood any a score\n"
    "profile paper\n";

std::string file(std::string_view body) { return std::string(kHead) + std::string(body); }

std::string refusal(std::string_view text) {
  const Result<Library> library = parse_library(text);
  return library ? "read" : library.error().message();
}

TEST(LibraryFile, HeaderAndFormulas) {
  const Library library =
      must(parse_library(file("#: title the first\n"
                              "#: aliases One Uno\n"
                              "#: direction -1\n"
                              "#: time known at noon\n"
                              "#: source p. 4\n"
                              "#: printed RANK(C)\n"
                              "#: repair C is CLOSE\n"
                              "#: repair and again\n"
                              "#: note slow\n"
                              "001\trank(close)\n"
                              "# nothing\n"
                              "002\trank(open +\n  close)\n"
                              "#: printed SELF\n"
                              "#: missing 003 a recursion\n"
                              "004\tmood\n")));
  EXPECT_EQ(library.id, "mine");
  EXPECT_EQ(library.title, "My formulas");
  EXPECT_EQ(library.source, "a book, p. 3");
  EXPECT_EQ(library.profile, "paper");
  ASSERT_EQ(library.inputs.size(), 2U);
  EXPECT_EQ(library.inputs[0].name, "eps_ttm");
  EXPECT_EQ(expr::to_string(library.inputs[0].unit), "price");
  EXPECT_EQ(library.inputs[0].meaning, "earnings per share, known from the filing");
  ASSERT_EQ(library.formulas.size(), 3U);
  const Formula& first = library.formulas[0];
  EXPECT_EQ(first.title, "the first");
  EXPECT_THAT(first.aliases, ElementsAre("One", "Uno"));
  EXPECT_EQ(first.direction, -1);
  EXPECT_EQ(first.time, "known at noon");
  EXPECT_EQ(first.source, "p. 4");
  EXPECT_EQ(first.printed, "RANK(C)");
  EXPECT_THAT(first.repairs, ElementsAre("C is CLOSE", "and again"));
  EXPECT_THAT(first.notes, ElementsAre("slow"));
  EXPECT_EQ(library.formulas[1].text, "rank(open +\n  close)");
  EXPECT_TRUE(library.formulas[2].printed.empty()) << "printed belongs to the missing one";
  ASSERT_EQ(library.missing.size(), 1U);
  EXPECT_EQ(library.missing[0].id, "003");
  EXPECT_EQ(library.missing[0].reason, "a recursion");
  EXPECT_EQ(library.missing[0].printed, "SELF");
  EXPECT_EQ(library.find("UNO"), &first);
  EXPECT_EQ(library.find("001"), &first);
  EXPECT_EQ(library.find("003"), nullptr);
}

TEST(LibraryFile, ASecondTitleIsThatOfTheFirstFormula) {
  const Library library = must(parse_library(file("#: title of the formula\n1\tclose\n")));
  EXPECT_EQ(library.title, "My formulas");
  EXPECT_EQ(library.formulas[0].title, "of the formula");
}

TEST(LibraryFile, RefusesWhatItCannotPlace) {
  EXPECT_THAT(refusal(file("#: remark x\n1\tclose\n")), HasSubstr("line 9: 'remark' is no word of a library file"));
  EXPECT_THAT(refusal(file("1\tclose\n#: note nothing follows\n")), HasSubstr("no formula follows"));
  EXPECT_THAT(refusal(file("#: title a\n#: title b\n1\tclose\n")), HasSubstr("line 10: 'title' is given twice"));
  EXPECT_THAT(refusal(file("#: direction up\n1\tclose\n")), HasSubstr("expected one direction"));
  EXPECT_THAT(refusal(file("#: direction 2\n1\tclose\n")), HasSubstr("expected one direction"));
  EXPECT_THAT(refusal(file("#: missing 7\n1\tclose\n")), HasSubstr("expected missing ID REASON"));
  EXPECT_THAT(refusal(file("#: note x\n#: missing 7 gone\n1\tclose\n")),
              HasSubstr("a printed text and a reason alone"));
  EXPECT_THAT(refusal(file("#: input pe euros what\n1\tclose\n")), HasSubstr("expected input NAME UNIT MEANING"));
  EXPECT_THAT(refusal(file("#: input pe ratio\n1\tclose\n")), HasSubstr("expected input NAME UNIT MEANING"));
  EXPECT_THAT(refusal(file("A\tclose\na\topen\n")), HasSubstr("mine/a shares a name"));
  EXPECT_THAT(refusal(file("#: aliases b\na\tclose\nB\topen\n")), HasSubstr("mine/B shares a name"));
  EXPECT_THAT(refusal(file("7\tclose\n#: missing 7 gone\n")), HasSubstr("mine/7 is both"));
  EXPECT_THAT(refusal(file("1 close\n")), HasSubstr("line 9: expected NAME = FORMULA"));
}

TEST(LibraryFile, RefusesAHeaderThatLacksALine) {
  for (const std::string_view line : {"#: library mine\n", "#: title My formulas\n", "#: source a book, p. 3\n",
                                      "#: rights mine\n", "profile paper\n"}) {
    std::string text = file("1\tclose\n");
    text.erase(text.find(line), line.size());
    EXPECT_NE(refusal(text), "read") << line;
  }
}

TEST(Find, WithoutRegardToCase) {
  EXPECT_EQ(must(find_formula("alpha101/042")).name(), "alpha101/042");
  EXPECT_EQ(must(find_formula("ALPHA158/kmid2")).name(), "alpha158/KMID2");
  EXPECT_EQ(must(find_formula("named/currentratio")).name(), "named/CR");
  EXPECT_EQ(must(find_library("GTJA191"))->id, "gtja191");
  EXPECT_TRUE(is_library_name("alpha101/999"));
  EXPECT_FALSE(is_library_name("alpha101"));
  EXPECT_FALSE(is_library_name("quality/accruals"));
}

TEST(Find, SaysWhatIsNear) {
  const auto message = [](std::string_view name) {
    const Result<Entry> entry = find_formula(name);
    return entry ? "found" : entry.error().message() + " | " + entry.error().hint() + " | " + entry.error().note();
  };
  EXPECT_THAT(message("named/CurentRatio"), HasSubstr("did you mean 'CurrentRatio'?"));
  EXPECT_THAT(message("alpha11/042"), HasSubstr("did you mean 'alpha101'?"));
  EXPECT_THAT(message("alpha101/102"), HasSubstr("no formula '102' in library alpha101 (101 of them, 001 to 101)"));
  EXPECT_THAT(message("gtja191/143"), HasSubstr("gtja191/143 is not offered: a recursion"));
  EXPECT_THAT(message("gtja191/143"), HasSubstr("printed: CLOSE>DELAY(CLOSE,1)?"));
  EXPECT_EQ(find_formula("alpha101/102").error().number(), E::E9);
}

TEST(Compile, NamesTheFormulaThatFails) {
  const Library library = must(parse_library(file("1\trank(clsoe)\n")));
  const auto program = compile({&library, &library.formulas.front()}, expr::OperatorTable());
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().number(), E::E1106);
  EXPECT_THAT(program.error().message(), HasSubstr("mine/1: no field called 'clsoe'"));
}

TEST(Names, OfOneProfileBecomeThoseOfAll) {
  const expr::OperatorTable table;
  const expr::Profile& qlib = *must(expr::find_profile("qlib"));
  EXPECT_EQ(must(in_own_names("Ref($close, 5)/$close", qlib, table)), "delay(close, 5) / close");
  EXPECT_EQ(must(in_own_names("Greater($open, $close)", qlib, table)), "max(close, open)");
  EXPECT_EQ(must(in_own_names("Max($high, 5)", qlib, table)), "ts_max(high, 5)");
}

}  // namespace
}  // namespace lode::factor
