// Help pages: every page of the catalog, not a sample.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/help.h"

#include <gmock/gmock.h>

#include "lode/app/cli/arguments.h"
#include "lode/app/cli/command.h"
#include "lode/app/cli/help_rows.h"
#include "lode/app/cli/page.h"
#include "lode/app/cli/test_screen.h"
#include "lode/base/must.h"
#include "lode/base/text.h"

namespace lode::cli {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<const Flow*> every_command() {
  std::vector<const Flow*> all(flow_catalog().begin(), flow_catalog().end());
  all.insert(all.end(), pages().begin(), pages().end());
  return all;
}

void expect_fits(const std::string& page, const std::string& what) {
  for (const std::string_view line : split(page, '\n')) {
    EXPECT_LE(code_points(line), 80U) << what << ": " << line;
    EXPECT_FALSE(line.ends_with(' ')) << what << ": '" << line << "'";
  }
  EXPECT_THAT(page, Not(HasSubstr("\x1b"))) << what;
  EXPECT_THAT(page, EndsWith("\n")) << what;
}

std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(FlowHelp, FitsEightyColumnsForEveryCommand) {
  for (const Flow* flow : every_command()) {
    expect_fits(flow_help(*flow, false), command_name(flow->spec));
  }
}

TEST(FlowHelp, IsOneScreenInItsBriefForm) {
  for (const Flow* flow : every_command()) {
    const std::string page = flow_help(*flow, true);
    expect_fits(page, command_name(flow->spec));
    EXPECT_LE(lines(page), 24) << command_name(flow->spec);
    EXPECT_THAT(page, HasSubstr("Usage: " + command_name(flow->spec)));
  }
}

TEST(FlowHelp, NamesEveryParameterWithDefaultAndVariable) {
  const std::string page = flow_help(*find_flow("factor", "eval"), false);
  for (const Parameter& parameter : find_flow("factor", "eval")->spec.parameters) {
    EXPECT_THAT(page, HasSubstr(parameter_usage(parameter)));
  }
  EXPECT_THAT(page, HasSubstr("[default: 5] [env: LODE_FACTOR_QUANTILES]"));
  EXPECT_THAT(page, EndsWith("Learn more: lode docs factor eval\n"));
}

TEST(FlowHelp, FoldsLongExamplesSoThatTheyStillWork) {
  const Flow flow{
      {.noun = "data",
       .verb = "sql",
       .summary = "x",
       .examples =
           {{"lode data sql 'select a - b from some_table where something > 1' --format parquet --output file.parquet",
             ""}}},
      nullptr};
  std::string page = flow_help(flow, true);
  EXPECT_THAT(page, HasSubstr(" \\\n    --"));
  for (std::size_t at = page.find(" \\\n   "); at != std::string::npos; at = page.find(" \\\n   ")) {
    page.erase(at, 6);
  }
  EXPECT_THAT(page, HasSubstr(flow.spec.examples.front().command));
}

TEST(AllCommands, ListsEachOnceUnderItsJourney) {
  const std::string page = all_commands(false);
  expect_fits(page, "lode help");
  for (const Flow* flow : every_command()) {
    const std::string name = "\n  " + command_name(flow->spec).substr(5) + " ";
    EXPECT_NE(page.find(name), std::string::npos) << name;
    EXPECT_EQ(page.find(name), page.rfind(name)) << name;
  }
  EXPECT_LT(page.find("\nStart\n"), page.find("\nData\n"));
  EXPECT_LT(page.find("\nData\n"), page.find("\nResearch\n"));
  EXPECT_LT(page.find("\nResearch\n"), page.find("\nOperate\n"));
}

TEST(AllCommands, IsOneScreenInItsBriefForm) {
  const std::string page = all_commands(true);
  expect_fits(page, "lode -h");
  EXPECT_LE(lines(page), 24);
}

TEST(NounText, ListsTheVerbsWithOneLineEach) {
  for (const std::string& noun : nouns()) {
    const std::string page = noun_text(noun);
    expect_fits(page, noun);
    for (const Flow* flow : flows_of(noun)) {
      EXPECT_THAT(page, HasSubstr(command_name(flow->spec).substr(5)));
    }
  }
}

TEST(HomeText, SaysWhereTheLakeIsOrWillBe) {
  EXPECT_THAT(home_text("./lake", LakePlace::kNothing),
              HasSubstr("No lake here yet. It will be made in ./lake on first use (change: --lake, LODE_LAKE).\n"));
  EXPECT_THAT(home_text("/data/lake", LakePlace::kLake),
              HasSubstr("The lake here is /data/lake (change: --lake, LODE_LAKE).\n"));
  EXPECT_THAT(home_text("./lake", LakePlace::kNothing),
              EndsWith("All commands: lode help    Docs, offline: lode docs\n"));
}

TEST(HomeText, NamesOnlyCommandsThatExist) {
  const std::string page = home_text("./lake", LakePlace::kLake);
  for (const std::string_view line : split(page, '\n')) {
    if (line.starts_with("  lode ")) {
      EXPECT_TRUE(find_command(std::vector<std::string>{shell_words(line)[1], shell_words(line)[2]}).has_value() ||
                  find_command({shell_words(line)[1]}).has_value())
          << line;
    }
  }
}

TEST(TopicText, ListsEveryExitCodeOfTheRegister) {
  const std::string page = topic_text("exit-codes");
  for (const char* code :
       {" 0  ok", " 1  ", " 2  ", " 3  ", " 5  ", " 6  ", " 65  ", " 69  ", " 75  ", " 78  ", " 130  "}) {
    EXPECT_THAT(page, HasSubstr(code));
  }
  EXPECT_EQ(topic_text("banana"), "");
}

TEST(TopicText, ListsEverySettingsVariable) {
  const std::string page = topic_text("environment");
  expect_fits(page, "lode help environment");
  for (const ConfigKey& key : Config::keys()) {
    EXPECT_THAT(page, HasSubstr(environment_name(key.name)));
  }
}

TEST(CatalogJson, HoldsEveryCommandWithItsParameters) {
  const Value catalog = catalog_json();
  ASSERT_EQ(catalog.as_array().size(), every_command().size());
  for (std::size_t i = 0; i < every_command().size(); ++i) {
    const Value& row = catalog.as_array()[i];
    const FlowSpec& spec = every_command()[i]->spec;
    EXPECT_EQ(row.find("command")->as_text(), command_name(spec));
    EXPECT_EQ(row.find("parameters")->as_array().size(), spec.parameters.size());
    EXPECT_EQ(row.find("examples")->as_array().size(), spec.examples.size());
  }
}

// Every example is read as the shell would hand it over; its values pass the gate of its command.
TEST(Examples, AreReadAsTheyStand) {
  for (const Flow* flow : every_command()) {
    for (const FlowExample& example : flow->spec.examples) {
      std::vector<std::string> words = shell_words(example.command);
      ASSERT_GE(words.size(), 2U) << example.command;
      EXPECT_EQ(words.front(), "lode") << example.command;
      words.erase(words.begin());
      const Result<Command> command = find_command(words);
      ASSERT_TRUE(command) << example.command;
      EXPECT_EQ(command->flow, flow) << example.command;
      const Result<Arguments> arguments = read_arguments(flow, command->rest);
      ASSERT_TRUE(arguments) << example.command << ": " << arguments.error().message();
      const Result<Request> request = complete_request(flow->spec, arguments->request, Config());
      EXPECT_TRUE(request) << example.command << ": " << request.error().message();
    }
  }
}

TEST(Sentence, BeginsLargeAndEndsWithAPeriod) {
  EXPECT_EQ(sentence("what it does"), "What it does.");
  EXPECT_EQ(sentence("Ends."), "Ends.");
  EXPECT_EQ(sentence(""), "");
}

}  // namespace
}  // namespace lode::cli
