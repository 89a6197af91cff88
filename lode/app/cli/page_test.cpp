// The pages of the command line as commands: help, docs, completions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/page.h"

#include <gmock/gmock.h>

#include "lode/app/cli/completion.h"
#include "lode/app/cli/docs.h"
#include "lode/app/cli/help.h"
#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::cli {
namespace {

using ::testing::HasSubstr;

Result<Outcome> read(const char* page, const std::string& request) {
  return run_page(*find_page(page), Request(must(parse_json(request))));
}

TEST(Pages, StandBesideTheFlowsAndHideNone) {
  for (const Flow* page : pages()) {
    EXPECT_EQ(find_page(page->spec.verb), page);
    EXPECT_EQ(find_flow("", page->spec.verb), nullptr) << "a flow of this name would never be reached";
    EXPECT_TRUE(page->spec.noun.empty());
    EXPECT_FALSE(page->spec.schema.empty());
    EXPECT_FALSE(page->spec.examples.empty());
  }
  EXPECT_EQ(find_page("banana"), nullptr);
}

TEST(HelpPage, IsTheHelpOfWhatItNames) {
  EXPECT_EQ(must(read("help", "{}")).text, all_commands(false));
  EXPECT_EQ(must(read("help", R"({"command": ["factor", "eval"]})")).text,
            flow_help(*find_flow("factor", "eval"), false));
  EXPECT_EQ(must(read("help", R"({"command": ["runs"]})")).text, noun_text("runs"));
  EXPECT_EQ(must(read("help", R"({"command": ["doctor"]})")).text, flow_help(*find_flow("", "doctor"), false));
  EXPECT_EQ(must(read("help", R"({"command": ["help"]})")).text, flow_help(*find_page("help"), false));
  EXPECT_EQ(must(read("help", R"({"command": ["exit-codes"]})")).text, topic_text("exit-codes"));
}

TEST(HelpPage, NamesTheNearestOfWhatItDoesNotKnow) {
  const Result<Outcome> typo = read("help", R"({"command": ["fcator"]})");
  ASSERT_FALSE(typo);
  EXPECT_EQ(render(typo.error()), "error[E0001]: no command called 'fcator'\nhelp: did you mean 'factor'?");
  const Result<Outcome> verb = read("help", R"({"command": ["factor", "evla"]})");
  ASSERT_FALSE(verb);
  EXPECT_THAT(render(verb.error()), HasSubstr("did you mean 'eval'?"));
}

TEST(HelpPage, GivesAProgramTheCatalogOrTheText) {
  EXPECT_EQ(to_json(must(read("help", "{}")).data), to_json(catalog_json()));
  const Outcome one = must(read("help", R"({"command": ["data", "import"]})"));
  EXPECT_EQ(one.data.find("topic")->as_text(), "data import");
  EXPECT_EQ(one.data.find("text")->as_text(), one.text);
}

TEST(DocsPages, TakeATopicOfSeveralWords) {
  EXPECT_EQ(must(read("docs", R"({"topic": ["factor", "eval"]})")).text, must(docs_page("factor eval")).text);
  EXPECT_EQ(must(read("docs", "{}")).text, must(docs_page("")).text);
}

TEST(CompletionsPage, IsTheScriptInBothForms) {
  const Outcome out = must(read("completions", R"({"shell": "fish"})"));
  EXPECT_EQ(out.payload, must(completion_script("fish")));
  EXPECT_EQ(out.data.find("script")->as_text(), out.payload);
  EXPECT_EQ(out.data.find("shell")->as_text(), "fish");
}

}  // namespace
}  // namespace lode::cli
