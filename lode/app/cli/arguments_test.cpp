// Reading options by a Spec.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/arguments.h"

#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Result<Outcome> never(World&, const Request&) { return Outcome(); }

// One option of each shape.
const Flow& shapes() {
  static const Flow flow{{.noun = "factor",
                          .verb = "shape",
                          .parameters = {{.name = "FORMULA", .positional = true, .repeated = true},
                                         {.name = "horizons", .kind = ParameterKind::kIntegers},
                                         {.name = "symbol", .repeated = true},
                                         {.name = "seed", .kind = ParameterKind::kInteger},
                                         {.name = "output", .kind = ParameterKind::kPath, .letter = 'o'},
                                         {.name = "again", .kind = ParameterKind::kFlag}}},
                         never};
  return flow;
}

std::string request(const std::vector<std::string>& words) {
  return to_json(must(read_arguments(&shapes(), words)).request);
}

std::string mistake(const std::vector<std::string>& words) {
  const Result<Arguments> arguments = read_arguments(&shapes(), words);
  return arguments ? "read" : render(arguments.error());
}

TEST(ReadArguments, GathersValuesByParameterName) {
  EXPECT_EQ(request({"rank(close)", "--horizons", "1,5", "--again", "-o", "x.csv"}),
            R"j({"formula":["rank(close)"],"horizons":"1,5","output":"x.csv","again":true})j");
}

TEST(ReadArguments, LeavesOutWhatWasNotGiven) { EXPECT_EQ(request({}), "{}"); }

TEST(ReadArguments, TakesAFormulaThatStartsWithAMinus) {
  EXPECT_EQ(request({"-ts_delta(close,5)"}), R"j({"formula":["-ts_delta(close,5)"]})j");
  EXPECT_EQ(request({"-rank(close)", "-rank(open)"}), R"j({"formula":["-rank(close)","-rank(open)"]})j");
  EXPECT_EQ(request({"--again", "-returns"}), R"j({"formula":["-returns"],"again":true})j");
}

TEST(ReadArguments, TakesNegativeNumbersAndEqualSigns) {
  EXPECT_EQ(request({"--seed", "-12"}), R"j({"seed":"-12"})j");
  EXPECT_EQ(request({"--seed=7"}), R"j({"seed":"7"})j");
  EXPECT_EQ(request({"--output=a=b.csv"}), R"j({"output":"a=b.csv"})j");
}

TEST(ReadArguments, ReadsTheOptionsOfEveryCommand) {
  const Arguments read =
      must(read_arguments(&shapes(), {"--lake", "here", "--json", "-q", "-v", "-v", "--threads", "2"}));
  EXPECT_EQ(read.globals.lake, "here");
  EXPECT_EQ(read.globals.threads, "2");
  EXPECT_TRUE(read.globals.json);
  EXPECT_TRUE(read.globals.quiet);
  EXPECT_EQ(read.globals.verbosity, 2);
  EXPECT_EQ(must(read_arguments(&shapes(), {"-vv"})).globals.verbosity, 2);
  EXPECT_EQ(must(read_arguments(&shapes(), {"-qvv"})).globals.verbosity, 2);
  EXPECT_TRUE(must(read_arguments(&shapes(), {"-vq"})).globals.quiet);
}

TEST(ReadArguments, NamesTheNearestOption) {
  EXPECT_THAT(mistake({"--talibhorizons", "1"}), HasSubstr("did you mean '--horizons'?")) << "the end of the word";
  EXPECT_THAT(mistake({"--horizonsperiod", "1"}), HasSubstr("did you mean '--horizons'?")) << "its beginning";
  EXPECT_EQ(mistake({"--horizns", "1"}),
            "error[E0002]: lode factor shape has no option '--horizns'\nhelp: did you mean '--horizons'?");
  EXPECT_EQ(
      mistake({"--banana=1"}),
      "error[E0002]: lode factor shape has no option '--banana'\n"
      "help: options: lode factor shape --help; a formula that begins so goes behind two dashes: -- '--banana=1'");
  EXPECT_EQ(mistake({"--returns"}),
            "error[E0002]: lode factor shape has no option '--returns'\n"
            "help: options: lode factor shape --help; a formula that begins so goes behind two dashes: -- '--returns'");
  EXPECT_THAT(mistake({"-x"}), StartsWith("error[E0002]: lode factor shape has no option '-x'"));
}

TEST(ReadArguments, SaysWhenAValueIsMissing) {
  EXPECT_THAT(mistake({"--seed"}), StartsWith("error[E0003]: lode factor shape: --seed needs a value"));
}

TEST(ReadArguments, RefusesWordsItCannotPlace) {
  const Result<Arguments> read = read_arguments(nullptr, {"--json", "stray"});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().number(), E::E4);
  EXPECT_THAT(read.error().message(), HasSubstr("'stray'"));
}

TEST(ReadArguments, TakesEverythingBehindTwoDashesAsValues) {
  EXPECT_EQ(request({"--", "--again"}), R"j({"formula":["--again"]})j");
  EXPECT_EQ(request({"--seed", "3", "--", "-ts_delta(close,5)", "--", "-h"}),
            R"j({"formula":["-ts_delta(close,5)","--","-h"],"seed":"3"})j");
  const Result<Arguments> read = read_arguments(nullptr, {"--", "--json"});
  ASSERT_FALSE(read);
  EXPECT_EQ(render(read.error()),
            "error[E0004]: lode does not know what to do with '--json'\n"
            "help: behind -- everything is a value; options stand before it");
}

TEST(ReadArguments, RefusesAValueForAFlag) {
  EXPECT_EQ(mistake({"--again=x"}),
            "error[E0004]: --again takes no value, was '--again=x'\nhelp: write --again alone, or leave it out");
  EXPECT_THAT(mistake({"--json=false"}), StartsWith("error[E0004]: --json takes no value"));
  EXPECT_EQ(request({"--", "--again=x"}), R"j({"formula":["--again=x"]})j");
}

TEST(ReadArguments, KeepsEmptyValuesForTheGateAndRefusesAnEmptyLake) {
  EXPECT_EQ(request({"--seed", ""}), R"j({"seed":""})j");
  EXPECT_EQ(request({""}), R"j({"formula":[""]})j");
  EXPECT_THAT(mistake({"--seed="}), StartsWith("error[E0004]: --seed is empty"));
  EXPECT_THAT(mistake({"--lake", ""}), StartsWith("error[E0004]: --lake is empty, expected folder of the lake"));
  EXPECT_THAT(mistake({"--lake", "x", "--threads= "}), StartsWith("error[E0004]: --threads is ' '"));
  EXPECT_THAT(mistake({"--threads", "-1"}), StartsWith("error[E0004]: --threads is -1, expected 0 to 1024\nhelp: "));
  EXPECT_THAT(mistake({"--threads", "many"}), StartsWith("error[E0004]: --threads is 'many', expected a whole number"));
}

TEST(TakesValue, KnowsTheOptionsThatStandInFront) {
  EXPECT_TRUE(takes_value("--lake"));
  EXPECT_TRUE(takes_value("--threads"));
  EXPECT_FALSE(takes_value("--json"));
}

TEST(ReadArguments, AnOptionGivenTwiceIsRefusedWithBothValues) {
  const std::string told = mistake({"--seed", "7", "--seed", "8"});
  EXPECT_THAT(told, HasSubstr("error[E0004]: --seed is given twice, as '7' and as '8', expected once"));
  EXPECT_THAT(mistake({"-o", "a.csv", "--output", "b.csv"}), HasSubstr("--output is given twice"));
  EXPECT_THAT(mistake({"--lake", "a", "--lake", "b"}), HasSubstr("--lake is given twice, as 'a' and as 'b'"));
  EXPECT_THAT(mistake({"--seed", "-7", "--seed", "-8"}), HasSubstr("as '-7' and as '-8'"));
  EXPECT_EQ(request({"--seed", "7", "--seed", "7"}), R"j({"seed":"7"})j") << "one answer";
  EXPECT_EQ(request({"--symbol", "A", "--symbol", "B"}), R"j({"symbol":["A","B"]})j") << "it takes many";
  EXPECT_EQ(request({"--again", "--again"}), R"j({"again":true})j");
}

TEST(ReadArguments, ADashForAFileIsStandardOutput) {
  const auto never_run = [](World&, const Request&) -> Result<Outcome> { return Outcome(); };
  const Parameter output{.name = "output", .kind = ParameterKind::kPath, .letter = 'o'};
  const Flow rows{{.noun = "data", .verb = "rows", .parameters = {output, {.name = "format"}}}, never_run};
  EXPECT_EQ(to_json(must(read_arguments(&rows, {"-o", "-"})).request), R"j({"format":"csv"})j");
  EXPECT_EQ(to_json(must(read_arguments(&rows, {"--output=-", "--format", "json"})).request), R"j({"format":"json"})j");
  EXPECT_EQ(to_json(must(read_arguments(&rows, {"-o", "-x"})).request), R"j({"output":"-x"})j");
  const Flow page{{.noun = "factor", .verb = "page", .parameters = {output}}, never_run};
  Parameter required = output;
  required.required = true;
  const Flow file{{.noun = "data", .verb = "file", .parameters = {required, {.name = "format"}}}, never_run};
  for (const Flow* flow : {&page, &file}) {
    const Result<Arguments> refused = read_arguments(flow, {"-o", "-"});
    ASSERT_FALSE(refused);
    EXPECT_THAT(render(refused.error()), HasSubstr("writes a file, --output is '-'"));
  }
}

}  // namespace
}  // namespace lode::cli
