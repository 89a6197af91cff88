// Finding commands in words.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/command.h"

#include <gmock/gmock.h>

#include "lode/app/cli/page.h"
#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Command found(const std::vector<std::string>& words) { return must(find_command(words)); }

std::string mistake(const std::vector<std::string>& words) {
  const Result<Command> command = find_command(words);
  return command ? "found" : render(command.error());
}

TEST(FindCommand, TakesNounAndVerbAndLeavesTheRest) {
  const Command command = found({"factor", "eval", "rank(close)", "--quantiles", "5"});
  EXPECT_EQ(command.kind, CommandKind::kFlow);
  EXPECT_EQ(command.flow, find_flow("factor", "eval"));
  EXPECT_THAT(command.rest, ElementsAre("rank(close)", "--quantiles", "5"));
}

TEST(FindCommand, TakesPlainVerbsAndPages) {
  EXPECT_EQ(found({"explain", "E1102"}).flow, find_flow("", "explain"));
  EXPECT_EQ(found({"explain", "E1102"}).kind, CommandKind::kFlow);
  EXPECT_EQ(found({"docs", "factor", "eval"}).kind, CommandKind::kPage);
  EXPECT_EQ(found({"docs", "factor", "eval"}).flow, find_page("docs"));
  EXPECT_THAT(found({"docs", "factor", "eval"}).rest, ElementsAre("factor", "eval"));
}

TEST(FindCommand, LetsOptionsOfEveryCommandStandInFront) {
  const Command command = found({"--json", "--lake", "data", "factor", "list"});
  EXPECT_EQ(command.flow, find_flow("factor", "list"));
  EXPECT_THAT(command.rest, ElementsAre("--json", "--lake", "data"));
}

TEST(FindCommand, ListsANounAlone) {
  EXPECT_EQ(found({"factor"}).kind, CommandKind::kNoun);
  EXPECT_EQ(found({"factor", "--help"}).kind, CommandKind::kNoun);
  EXPECT_EQ(found({"factor"}).noun, "factor");
}

TEST(FindCommand, GoesHomeWithoutWords) {
  EXPECT_EQ(found({}).kind, CommandKind::kHome);
  EXPECT_EQ(found({"--lake", "x"}).kind, CommandKind::kHome);
  EXPECT_EQ(found({"--help"}).kind, CommandKind::kHelp);
  EXPECT_TRUE(found({"-h"}).brief_help);
}

TEST(FindCommand, TakesVersionAnywhereInFront) {
  EXPECT_EQ(found({"--version"}).kind, CommandKind::kVersion);
  EXPECT_EQ(found({"-V"}).kind, CommandKind::kVersion);
  EXPECT_EQ(found({"--json", "--version"}).kind, CommandKind::kVersion);
}

TEST(FindCommand, TakesHelpSwitchesOutOfTheRest) {
  const Command command = found({"data", "show", "bars", "--help"});
  EXPECT_TRUE(command.full_help);
  EXPECT_FALSE(command.brief_help);
  EXPECT_THAT(command.rest, ElementsAre("bars"));
  EXPECT_TRUE(found({"data", "show", "-h"}).brief_help);
  EXPECT_FALSE(found({"factor", "eval", "--", "-h"}).brief_help) << "behind -- everything is a value";
}

TEST(FindCommand, NamesTheNearestCommand) {
  EXPECT_EQ(mistake({"fcator", "list"}), "error[E0001]: no command called 'fcator'\nhelp: did you mean 'factor'?");
  EXPECT_EQ(mistake({"explian"}), "error[E0001]: no command called 'explian'\nhelp: did you mean 'explain'?");
  EXPECT_EQ(mistake({"factor", "evla"}), "error[E0001]: lode factor has no verb 'evla'\nhelp: did you mean 'eval'?");
}

TEST(FindCommand, GivesNoHintWhereNothingIsNear) {
  EXPECT_EQ(mistake({"isntall"}), "error[E0001]: no command called 'isntall'\nhelp: lode help lists every command");
  EXPECT_THAT(mistake({"runs", "banana"}), HasSubstr("its verbs: diff, list, show, verify"));
}

TEST(FindCommand, ShowsForeignBytesHarmlessly) {
  const std::string text = mistake({std::string("\x1b[31mred\n", 9)});
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(Nouns, StandInTheOrderOfTheirJourneys) {
  const std::vector<std::string> list = nouns();
  EXPECT_LT(std::find(list.begin(), list.end(), "data"), std::find(list.begin(), list.end(), "factor"));
  EXPECT_LT(std::find(list.begin(), list.end(), "factor"), std::find(list.begin(), list.end(), "runs"));
  EXPECT_THAT(list, Not(Contains("")));
}

TEST(FlowsOf, CountsPagesAmongPlainVerbs) {
  EXPECT_THAT(flows_of(""), Contains(find_page("help")));
  EXPECT_THAT(flows_of("banana"), IsEmpty());
}

}  // namespace
}  // namespace lode::cli
