// The offline documentation.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/docs.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "lode/app/cli/help.h"
#include "lode/app/cli/page.h"
#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string page(std::string_view topic) { return must(docs_page(topic)).text; }

std::string file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

TEST(Guides, AreTheFilesOfDocsByteForByte) {
  ASSERT_FALSE(guides().empty());
  for (const Guide& guide : guides()) {
    if (guide.name == "formulas") {
      EXPECT_EQ(guide.text, file("docs/formulas.md"));
    }
    EXPECT_FALSE(guide_title(guide).empty());
    EXPECT_FALSE(guide_title(guide).starts_with("#")) << guide.name;
  }
}

TEST(DocsPage, ListsTopicsWithoutAWord) {
  const std::string list = page("");
  EXPECT_THAT(list, HasSubstr("\n  formulas"));
  EXPECT_THAT(list, HasSubstr("\n  factor"));
  EXPECT_THAT(list, HasSubstr("\n  errors"));
}

TEST(DocsPage, ShowsGuidesWithoutCaringForCase) {
  EXPECT_THAT(page("formulas"), StartsWith("# "));
  EXPECT_EQ(page("Formulas"), page("formulas"));
  EXPECT_EQ(page("0003-tile-interpreter"), page("decisions/0003-tile-interpreter"));
}

TEST(DocsPage, HasTheIndexesTheLibrariesAndTheWaysIn) {
  EXPECT_EQ(page("operators"), file("docs/operators/README.md"));
  EXPECT_EQ(page("indicators"), file("docs/indicators/README.md"));
  EXPECT_EQ(page("libraries"), file("docs/libraries/README.md"));
  EXPECT_EQ(page("gtja191"), file("docs/libraries/gtja191.md"));
  EXPECT_EQ(page("coming-from/brain"), page("brain"));
  EXPECT_EQ(page("qlib"), file("docs/coming-from/qlib.md"));
  EXPECT_THAT(page(""), HasSubstr("\n  operators         Operators\n"));
  EXPECT_THAT(page(""), HasSubstr("\n  brain             Coming from WorldQuant BRAIN\n"));
  EXPECT_THAT(page(""), testing::Not(HasSubstr("libraries/alpha101")));
}

TEST(DocsPage, ShowsCommandsNounsAndErrors) {
  EXPECT_EQ(page("factor eval"), flow_help(*find_flow("factor", "eval"), false));
  EXPECT_EQ(page("docs"), flow_help(*find_page("docs"), false));
  EXPECT_EQ(page("runs"), noun_text("runs"));
  EXPECT_THAT(page("E1102"), StartsWith("E1102  unknown operator"));
  for (const ErrorInfo& info : all_errors()) {
    EXPECT_THAT(page("errors"), HasSubstr(to_string(info.number)));
  }
}

TEST(DocsPage, NamesTheNearestTopic) {
  const Result<Outcome> typo = docs_page("formula");
  ASSERT_FALSE(typo);
  EXPECT_EQ(render(typo.error()), "error[E0009]: no documentation on 'formula'\nhelp: did you mean 'formulas'?");
  const Result<Outcome> nothing = docs_page("banana split");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().hint(), "lode docs lists the topics");
}

TEST(DocsPage, GivesTheSameToAProgram) {
  const Outcome outcome = must(docs_page("glossary"));
  EXPECT_EQ(outcome.data.find("topic")->as_text(), "glossary");
  EXPECT_EQ(outcome.data.find("text")->as_text(), outcome.text);
}

}  // namespace
}  // namespace lode::cli
