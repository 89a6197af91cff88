// Whole command lines against real lakes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/cli.h"

#include <gmock/gmock.h>

#include "lode/app/cli/completion.h"
#include "lode/app/cli/test_screen.h"
#include "lode/app/world/real_world.h"
#include "lode/base/must.h"
#include "lode/base/text.h"

namespace lode::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kBars =
    "date,symbol,open,high,low,close,volume\n"
    "2024-01-02,AAA,10,11,9,10,100\n2024-01-03,AAA,10,11,9,10.5,100\n"
    "2024-01-02,ABB,20,21,19,20,100\n2024-01-03,ABB,20,21,19,20.5,100\n";

class CommandLine : public ::testing::Test {
 protected:
  void import_bars() {
    ASSERT_EQ(screen.run_in_lake({"data", "import", screen.write("bars.csv", kBars), "--mic", "XNYS"}), 0)
        << screen.err;
  }
  std::vector<std::string> completions(std::vector<std::string> words) {
    screen.environment.emplace_back("LODE_LAKE", screen.lake());
    words.insert(words.begin(), "__complete");
    EXPECT_EQ(screen.run(words), 0);
    EXPECT_EQ(screen.err, "");
    screen.environment.pop_back();
    std::vector<std::string> out;
    for (const std::string_view line : split(screen.out, '\n')) {
      if (!line.empty()) {
        out.emplace_back(line);
      }
    }
    return out;
  }

  Screen screen;
};

TEST_F(CommandLine, TellsItsVersion) {
  EXPECT_EQ(screen.run({"--version"}), 0);
  EXPECT_THAT(screen.out, ::testing::MatchesRegex("lode [0-9.]+ \\(lode@[0-9a-f]+\\)\n"));
}

TEST_F(CommandLine, MakesNothingByTalking) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{},
                                                                                     {"help"},
                                                                                     {"-h"},
                                                                                     {"--help"},
                                                                                     {"factor"},
                                                                                     {"docs"},
                                                                                     {"docs", "factor", "eval"},
                                                                                     {"help", "exit-codes"},
                                                                                     {"factor", "eval", "--help"},
                                                                                     {"completions", "bash"},
                                                                                     {"explain", "E1102"},
                                                                                     {"config", "show"},
                                                                                     {"doctor"}}) {
    EXPECT_EQ(screen.run(words), 0) << screen.err;
    EXPECT_NE(screen.out, "");
    EXPECT_THAT(screen.out, Not(HasSubstr("\x1b")));
    EXPECT_TRUE(std::filesystem::is_empty(screen.folder)) << screen.out;
  }
}

TEST_F(CommandLine, PagesWorkWhateverTheSettingsSay) {
  screen.write("lode.toml", "nonsense = = 1\n");
  EXPECT_EQ(screen.run({"help"}), 0);
  EXPECT_EQ(screen.run({"docs", "glossary"}), 0);
  EXPECT_EQ(screen.run({"explain", "E5003"}), 0) << "what the refusal points to";
  EXPECT_EQ(screen.run({"config", "show"}), 78);
  EXPECT_THAT(screen.err, HasSubstr("error[E5003]: "));
  EXPECT_THAT(screen.err, HasSubstr("lode.toml:1"));
}

TEST_F(CommandLine, AnswersInJsonOnEveryPage) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"help", "--json"},
                                             {"docs", "--json"},
                                             {"--json", "completions", "fish"},
                                             {"explain", "1102", "--json"},
                                             {"config", "show", "--json"},
                                             {"doctor", "--json"},
                                             {"help", "factor", "eval", "--json"}}) {
    EXPECT_EQ(screen.run(words), 0) << screen.err;
    const Result<Value> document = parse_json(screen.out);
    ASSERT_TRUE(document) << screen.out;
    EXPECT_THAT(document->find("schema")->as_text(), StartsWith("lode."));
    EXPECT_NE(document->find("data"), nullptr);
    EXPECT_TRUE(document->find("warnings")->is_array());
  }
}

TEST_F(CommandLine, PutsErrorsInJsonOnStderrAsOneLine) {
  EXPECT_EQ(screen.run_in_lake({"--json", "data", "tables"}), 5);
  EXPECT_EQ(screen.out, "");
  EXPECT_EQ(std::count(screen.err.begin(), screen.err.end(), '\n'), 1);
  EXPECT_EQ(must(parse_json(screen.err)).find("error")->find("number")->as_text(), "E8001");
  EXPECT_EQ(screen.run({"factor", "lis", "--json"}), 2);
  EXPECT_EQ(must(parse_json(screen.err)).find("error")->find("number")->as_text(), "E0001");
}

// Each command that reads a lake, in a folder without one: exit 5, what was looked for, and the command that makes one.
TEST_F(CommandLine, NamesTheNextStepWhereThereIsNoLake) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"data", "tables"},
                                             {"data", "show", "bars"},
                                             {"data", "sql", "select 1"},
                                             {"data", "check"},
                                             {"data", "verify"},
                                             {"data", "export", "bars", "-o", "x.csv"},
                                             {"data", "vacuum"},
                                             {"data", "revert", "1"},
                                             {"data", "relabel", "--mic", "XNYS"},
                                             {"data", "backup", "there"},
                                             {"universe", "list"},
                                             {"universe", "define", "u", "close > 1"},
                                             {"factor", "list"},
                                             {"factor", "eval", "rank(close)"},
                                             {"factor", "report", "rank(close)"},
                                             {"factor", "check", "rank(close)"},
                                             {"runs", "list"},
                                             {"runs", "show", "r1"},
                                             {"runs", "diff", "r1", "r2"},
                                             {"runs", "verify", "r1"},
                                             {"why", "r1.rank_ic.5d.mean"}}) {
    EXPECT_EQ(screen.run_in_lake(words), 5) << words[0] << " " << words[1] << ": " << screen.err;
    EXPECT_THAT(screen.err, HasSubstr("error[E8001]: ")) << words[0] << " " << words[1];
    EXPECT_THAT(screen.err, HasSubstr(screen.lake())) << words[0] << " " << words[1];
    EXPECT_THAT(screen.err, HasSubstr("lode data import PATH...")) << words[0] << " " << words[1];
    EXPECT_EQ(screen.out, "");
    EXPECT_FALSE(std::filesystem::exists(screen.lake()));
  }
}

TEST_F(CommandLine, SettingsRiseFromUserFileToFlag) {
  const auto origin = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"config", "show", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(screen.run(words), 0) << screen.err;
    const Value document = must(parse_json(screen.out));
    const Value& lake = document.find("data")->find("settings")->as_array().front();
    return lake.find("value")->as_text() + " from " + lake.find("from")->as_text();
  };
  EXPECT_EQ(origin({}), "./lake from built-in");
  const std::string user = screen.write("home/.config/lode/lode.toml", "lake = \"user\"\n");
  EXPECT_EQ(origin({}), "user from " + user + ":1");
  screen.write("lode.toml", "# project\nlake = \"project\"\n");
  EXPECT_EQ(origin({}), "project from lode.toml:2");
  screen.environment.emplace_back("LODE_LAKE", "variable");
  EXPECT_EQ(origin({}), "variable from LODE_LAKE");
  EXPECT_EQ(origin({"--lake", "flag"}), "flag from --lake");
}

TEST_F(CommandLine, RefusesUnknownSettingsWithTheNearest) {
  screen.write("lode.toml", "\nfactor.cost_bsp = 5\n");
  EXPECT_EQ(screen.run({"config", "show"}), 78);
  EXPECT_THAT(screen.err, HasSubstr("error[E5001]: lode.toml:2"));
  EXPECT_THAT(screen.err, HasSubstr("did you mean 'factor.cost_bps'?"));
}

TEST_F(CommandLine, ChecksValuesBeforeAnythingRuns) {
  EXPECT_EQ(screen.run({"factor", "eval", "rank(close)", "--quantiles", "five"}), 2);
  EXPECT_EQ(screen.err,
            "error[E0004]: --quantiles is 'five', expected a whole number\n"
            "help: lode factor eval --help shows what each option takes\n");
  EXPECT_EQ(screen.run({"factor", "eval", "rank(close)", "--profile", "papr"}), 2);
  EXPECT_THAT(screen.err, HasSubstr("did you mean 'paper'?"));
  EXPECT_EQ(screen.run({"factor", "eval", "rank(close)", "--from", "2024-02-30"}), 2);
  EXPECT_THAT(screen.err, HasSubstr("error[E0005]: --from is '2024-02-30', expected a date such as 2024-06-28"));
  EXPECT_EQ(screen.run({"explain"}), 2);
  EXPECT_THAT(screen.err, StartsWith("error[E0003]: lode explain needs CODE: "));
}

TEST_F(CommandLine, SaysWhatWasReadWhenAsked) {
  import_bars();
  EXPECT_EQ(screen.run_in_lake({"data", "tables", "-v"}), 0);
  EXPECT_THAT(screen.err, HasSubstr("lake    " + screen.lake() + "\n"));
  EXPECT_THAT(screen.err, HasSubstr("\ntime    "));
  EXPECT_THAT(screen.err, HasSubstr(" KB at most\n"));
  EXPECT_THAT(screen.out, Not(HasSubstr("at most"))) << "data to stdout, words to stderr";
  EXPECT_EQ(screen.run_in_lake({"factor", "compute", "rank(close)", "--universe", "all", "-vv"}), 0) << screen.err;
  EXPECT_THAT(screen.err, HasSubstr(" s: reading panels "));
  EXPECT_THAT(screen.err, HasSubstr("\nstep    at "));
}

TEST_F(CommandLine, SaysWhenAFileStandsWhereTheLakeShould) {
  const std::string plain = screen.write("plain", "text");
  EXPECT_EQ(screen.run({"--lake", plain}), 0);
  EXPECT_THAT(screen.out, HasSubstr(plain + " is a file, so no lake can be there"));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"data", "tables"}, {"runs", "list"}, {"factor", "add", "mine", "rank(close)"}, {"factor", "list"}}) {
    std::vector<std::string> line{"--lake", plain};
    line.insert(line.end(), words.begin(), words.end());
    EXPECT_EQ(screen.run(line), 2) << words[0];
    EXPECT_EQ(screen.err, "error[E0004]: the lake " + plain +
                              " is a file, expected a folder\n"
                              "help: name a folder with --lake or LODE_LAKE\n");
  }
}

TEST_F(CommandLine, NamesTheNearestOptionOfLodeItself) {
  for (const auto& [typed, meant] :
       {std::pair("--vresion", "--version"), {"--hlep", "--help"}, {"--qiuet", "--quiet"}}) {
    EXPECT_EQ(screen.run({typed}), 2);
    EXPECT_THAT(screen.err, HasSubstr("help: did you mean '" + std::string(meant) + "'?\n")) << typed;
  }
  EXPECT_EQ(screen.run({"--banana"}), 2);
  EXPECT_THAT(screen.err, Not(HasSubstr("did you mean")));
  EXPECT_EQ(screen.run({"factor", "eval", "rank(close)", "--hepl"}), 2);
  EXPECT_THAT(screen.err, HasSubstr("did you mean '--help'?"));
}

TEST_F(CommandLine, TakesAnEmptyWordForAWord) {
  EXPECT_EQ(screen.run({""}), 2);
  EXPECT_THAT(screen.err, StartsWith("error[E0001]: no command called ''\n"));
  EXPECT_EQ(screen.run({"data", ""}), 2);
  EXPECT_THAT(screen.err, StartsWith("error[E0001]: lode data has no verb ''\nhelp: its verbs: "));
}

TEST_F(CommandLine, FitsTablesToTheWidthAsked) {
  import_bars();
  screen.environment.emplace_back("LODE_COLUMNS", "40");
  EXPECT_EQ(screen.run_in_lake({"data", "tables"}), 0);
  for (const std::string_view line : split(screen.out, '\n')) {
    if (line.starts_with("bars") || line.starts_with("table")) {
      EXPECT_LE(line.size(), 40U) << line;
    }
  }
  EXPECT_THAT(screen.out, HasSubstr("rows"));
  EXPECT_THAT(screen.out, Not(HasSubstr("holds")));
}

TEST_F(CommandLine, CompletesCommandsOptionsAndChoices) {
  EXPECT_THAT(completions({"fac"}), ElementsAre("factor"));
  EXPECT_THAT(completions({""}), ::testing::IsSupersetOf({"data", "docs", "explain", "help", "doctor"}));
  EXPECT_THAT(completions({"factor", "ev"}), ElementsAre("eval"));
  EXPECT_THAT(completions({"factor", "eval", "--quan"}), ElementsAre("--quantiles"));
  EXPECT_THAT(completions({"factor", "eval", "x", "--profile", ""}),
              ElementsAre("lode", "paper", "street", "qlib", "brain"));
  EXPECT_THAT(completions({"factor", "eval", "x", "--prec", ""}), Not(Contains("f64")));
  EXPECT_THAT(completions({"explain", "E110"}), Contains("E1102"));
  EXPECT_THAT(completions({"completions", ""}), ElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(completions({"docs", "form"}), ElementsAre("formulas"));
  EXPECT_THAT(completions({"help", "fac"}), ElementsAre("factor"));
  EXPECT_THAT(completions({"help", "factor", "ev"}), ElementsAre("eval"));
  EXPECT_THAT(completions({"banana", "x"}), IsEmpty());
}

TEST_F(CommandLine, CompletesFromTheLakeOfTheLine) {
  import_bars();
  const std::vector<std::string> here = completions({"data", "show", "bars", "--symbol", ""});
  ASSERT_FALSE(here.empty());
  EXPECT_THAT(completions({"data", "show", "bars", "--lake", screen.lake() + "-2", "--symbol", ""}), IsEmpty());
  EXPECT_THAT(completions({"data", "show", "bars", "--lake=" + screen.lake() + "-2", "--symbol", ""}), IsEmpty());
  EXPECT_EQ(completions({"data", "show", "bars", "--lake", screen.lake(), "--symbol", ""}), here);
}

TEST_F(CommandLine, CompletesFromTheLake) {
  EXPECT_THAT(completions({"data", "show", "bars", "--symbol", "A"}), IsEmpty()) << "no lake yet";
  import_bars();
  EXPECT_THAT(completions({"data", "show", "bars", "--symbol", "A"}), ElementsAre("AAA", "ABB"));
  EXPECT_THAT(completions({"data", "show", "ba"}), ElementsAre("bars"));
  EXPECT_THAT(completions({"factor", "eval", "x", "--universe", ""}), ElementsAre("all"));
  EXPECT_EQ(screen.run_in_lake({"factor", "add", "mine/slow", "ts_mean(close,20)"}), 0) << screen.err;
  EXPECT_THAT(completions({"factor", "eval", "mine"}), ElementsAre("mine/slow"));
}

TEST_F(CommandLine, WritesAScriptForEachShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_EQ(screen.run({"completions", shell}), 0);
    EXPECT_THAT(screen.out, HasSubstr("lode __complete"));
  }
  EXPECT_EQ(screen.run({"completions", "tcsh"}), 2);
  EXPECT_THAT(screen.err, HasSubstr("expected one of bash, zsh, fish"));
}

TEST_F(CommandLine, ShowsThePlanAndStopsWhereNobodyCanBeAsked) {
  import_bars();
  EXPECT_EQ(screen.run_in_lake({"data", "revert", "1"}), 2);
  EXPECT_EQ(screen.out, "");
  EXPECT_THAT(screen.err, StartsWith("commit 1 "));
  EXPECT_THAT(screen.err, ::testing::EndsWith(" of " + screen.lake() +
                                              " will be hidden; nothing is deleted\n"
                                              "error[E0006]: lode data revert was not confirmed, nothing was done\n"
                                              "help: add --yes to do it\n"));
  EXPECT_EQ(screen.run_in_lake({"data", "revert", "1", "--json"}), 2);
  EXPECT_THAT(must(parse_json(screen.err)).find("error")->find("message")->as_text(), HasSubstr("will be hidden"));
  EXPECT_EQ(screen.run_in_lake({"data", "sql", "select count(*) n from bars", "--format", "csv"}), 0);
  EXPECT_EQ(screen.out, "n\n4\n");
}

TEST_F(CommandLine, AsksWhoeverIsThere) {
  import_bars();
  screen.is_terminal = true;
  screen.plain = true;
  screen.typed = "y";
  EXPECT_EQ(screen.run_in_lake({"data", "revert", "1"}), 2) << "only the whole word counts";
  EXPECT_THAT(screen.err, HasSubstr("will be hidden; nothing is deleted\nDo it? Type yes: error[E0006]: "));
  screen.typed = " yes ";
  EXPECT_EQ(screen.run_in_lake({"data", "revert", "1"}), 0) << screen.err;
  EXPECT_EQ(screen.run_in_lake({"data", "sql", "select count(*) n from bars", "--format", "csv"}), 0);
  EXPECT_EQ(screen.out, "n\n0\n");
}

TEST_F(CommandLine, WritesBytesToAPipeOrAFileAndNeverToATerminal) {
  import_bars();
  const std::vector<std::string> sql = {"data", "sql", "select close from bars"};
  const auto with = [&](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return screen.run_in_lake(words);
  };
  EXPECT_EQ(with(sql, {"--format", "arrow"}), 0) << screen.err;
  EXPECT_THAT(screen.out, StartsWith("ARROW1"));
  EXPECT_EQ(with({"data", "tables"}, {"--format", "parquet"}), 0) << screen.err;
  EXPECT_THAT(screen.out, StartsWith("PAR1"));
  screen.is_terminal = true;
  EXPECT_EQ(with(sql, {"--format", "arrow"}), 2);
  EXPECT_EQ(screen.out, "");
  EXPECT_THAT(screen.err, HasSubstr("error[E0003]: --format arrow writes bytes that a terminal cannot show"));
  EXPECT_THAT(screen.err, HasSubstr("-o rows.arrow, or a pipe to another program"));
  EXPECT_EQ(with({"data", "tables"}, {"--format", "parquet"}), 2);
  EXPECT_THAT(screen.err, HasSubstr("> rows.parquet behind the command, or a pipe to another program"));
  EXPECT_EQ(with(sql, {"--format", "arrow", "-o", screen.folder + "/rows.arrow"}), 0) << screen.err;
  EXPECT_EQ(with(sql, {"--format", "arrow", "--json"}), 0) << screen.err;
  EXPECT_TRUE(parse_json(screen.out));
}

TEST_F(CommandLine, GivesTheDocumentOfHelpWhereverHelpIsAsked) {
  const auto data = [&](const std::vector<std::string>& words) {
    EXPECT_EQ(screen.run(words), 0) << screen.err;
    return to_json(must(parse_json(screen.out)));
  };
  EXPECT_EQ(data({"-h", "--json"}), data({"help", "--json"}));
  EXPECT_EQ(data({"--json", "--help"}), data({"help", "--json"}));
  EXPECT_EQ(data({"factor", "--json"}), data({"help", "factor", "--json"}));
  EXPECT_EQ(data({"factor", "eval", "-h", "--json"}), data({"help", "factor", "eval", "--json"}));
  EXPECT_EQ(data({"doctor", "--json", "--help"}), data({"help", "doctor", "--json"}));
  EXPECT_THAT(data({"--version", "--json"}), StartsWith(R"({"schema":"lode.version/1","data":{"version":")"));
  EXPECT_THAT(data({"--json"}), HasSubstr(R"("lake":"./lake","lake_exists":false)"));
}

TEST_F(CommandLine, RefusesAnOptionThatANounHasNot) {
  EXPECT_EQ(screen.run({"factor", "--jsno"}), 2);
  EXPECT_EQ(screen.err, "error[E0002]: lode has no option '--jsno'\nhelp: did you mean '--json'?\n");
}

}  // namespace
}  // namespace lode::cli
