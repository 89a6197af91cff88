// Completion: what a shell asks, word by word, and what it is told. The scripts themselves run in real shells
// (test/story/completion*.story).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/completion.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "lode/app/cli/arguments.h"
#include "lode/app/cli/command.h"
#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"

namespace lode::cli {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

class CompleteWords : public ::testing::Test {
 protected:
  CompleteWords() : world(parts.world()) {}
  Words after(const Words& words) { return complete_words(world, words); }

  TestWorld parts;
  World world;
};

TEST_F(CompleteWords, OffersEveryNounAndPlainVerbFirst) {
  const Words all = after({""});
  for (const std::string& noun : nouns()) {
    EXPECT_THAT(all, Contains(noun));
  }
  for (const Flow* flow : flows_of("")) {
    EXPECT_THAT(all, Contains(std::string(flow->spec.verb)));
  }
  EXPECT_EQ(after({}), all);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size()) << "each once";
}

TEST_F(CompleteWords, OffersTheVerbsOfEveryNoun) {
  for (const std::string& noun : nouns()) {
    EXPECT_EQ(after({noun, ""}).size(), flows_of(noun).size()) << noun;
  }
}

// For each command: every option it has, and those of every command, by their beginning.
TEST_F(CompleteWords, OffersEveryOptionOfEveryCommand) {
  for (const Flow* flow : flow_catalog()) {
    Words words{std::string(flow->spec.noun), std::string(flow->spec.verb), "--"};
    words.erase(words.begin(), words.begin() + (flow->spec.noun.empty() ? 1 : 0));
    const Words options = after(words);
    EXPECT_THAT(options, Each(StartsWith("--")));
    for (const auto* list : {&flow->spec.parameters, &global_parameters()}) {
      for (const Parameter& parameter : *list) {
        if (!parameter.positional) {
          EXPECT_THAT(options, Contains("--" + std::string(parameter.name))) << command_name(flow->spec);
        }
      }
    }
    EXPECT_THAT(options, Contains("--help"));
  }
}

// Whatever an option may be chosen from is offered behind it, and nothing else.
TEST_F(CompleteWords, OffersTheChoicesOfEveryOptionThatHasSome) {
  for (const Flow* flow : flow_catalog()) {
    for (const Parameter& parameter : flow->spec.parameters) {
      if (parameter.choices.empty() || parameter.positional) {
        continue;
      }
      Words words{std::string(flow->spec.noun), std::string(flow->spec.verb), "--" + std::string(parameter.name), ""};
      words.erase(words.begin(), words.begin() + (flow->spec.noun.empty() ? 1 : 0));
      EXPECT_EQ(after(words), Words(parameter.choices.begin(), parameter.choices.end()))
          << command_name(flow->spec) << " --" << parameter.name;
    }
  }
}

TEST_F(CompleteWords, OffersNoChoiceBehindAFlag) {
  EXPECT_THAT(after({"factor", "eval", "--again", "--hor"}), ElementsAre("--horizons"));
  EXPECT_THAT(after({"runs", "list", "--json", "--li"}), ElementsAre("--limit"));
}

// Each word of a command in its turn, however many options stand between.
TEST_F(CompleteWords, KnowsWhichWordIsBeingTyped) {
  EXPECT_THAT(after({"explain", "E110"}), Contains("E1102"));
  EXPECT_THAT(after({"explain", "W130"}), Contains("W1302"));
  EXPECT_THAT(after({"explain", "met"}), ElementsAre("metric"));
  EXPECT_THAT(after({"explain", "metric", "rank_ic.Hd.me"}), ElementsAre("rank_ic.Hd.mean"));
  EXPECT_THAT(after({"explain", "--lake", "x", "-v", "metric", "--json", "rank_ic.Hd.me"}),
              ElementsAre("rank_ic.Hd.mean"));
  EXPECT_THAT(after({"explain", "E1102", ""}), IsEmpty()) << "only metric takes a name";
  EXPECT_THAT(after({"explain", "metric", "x", ""}), IsEmpty()) << "one word too many";
  EXPECT_THAT(after({"data", "show", "bars", ""}), IsEmpty());
  EXPECT_THAT(after({"runs", "diff", "last", "la"}), ElementsAre("last"));
  EXPECT_THAT(after({"factor", "compute", "close", "ts_corr"}), Contains("ts_corr")) << "as many as one likes";
}

TEST_F(CompleteWords, OffersTheExchangesThatHaveACalendar) {
  EXPECT_THAT(after({"data", "import", "bars.csv", "--mic", "XN"}), ElementsAre("XNAS", "XNYS"));
  EXPECT_THAT(after({"data", "relabel", "--mic", "XA"}), ElementsAre("XASX"));
}

TEST_F(CompleteWords, SaysNothingToWhatItDoesNotKnow) {
  EXPECT_THAT(after({"banana"}), IsEmpty());
  EXPECT_THAT(after({"banana", "split"}), IsEmpty());
  EXPECT_THAT(after({"factor", "banana", "--"}), IsEmpty());
  EXPECT_THAT(after({"factor", "eval", "--banana"}), IsEmpty());
  EXPECT_THAT(after({"config", "show", "x"}), IsEmpty());
}

TEST_F(CompleteWords, NeedsNoLake) {
  EXPECT_THAT(after({"runs", "show", ""}), Not(Contains("r1")));
  EXPECT_THAT(after({"data", "show", "bars", "--symbol", "A"}), IsEmpty());
  EXPECT_THAT(after({"factor", "eval", "x", "--universe", ""}), ElementsAre("all"));
  EXPECT_FALSE(std::filesystem::exists(world.lake));
}

TEST(CompletionScript, IsThereForThreeShellsAndNoOther) {
  const std::set<std::string> scripts{must(completion_script("bash")), must(completion_script("zsh")),
                                      must(completion_script("fish"))};
  EXPECT_EQ(scripts.size(), 3U);
  const Result<std::string> other = completion_script("tcsh");
  ASSERT_FALSE(other);
  EXPECT_EQ(render(other.error()),
            "error[E0004]: no completion for the shell 'tcsh'\nhelp: lode completions bash, zsh or fish");
}

}  // namespace
}  // namespace lode::cli
