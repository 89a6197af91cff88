// -o before anything is computed: what is no place for a file is refused, and nothing is made on the way.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/output_place.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "lode/base/text.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using testing::number_of;

class OutputPlace : public testing::Verbs {
 protected:
  Result<void> check(const std::string& path) const {
    Request request;
    request.set("output", Value(path));
    return check_output(world, request);
  }
};

TEST_F(OutputPlace, AFileInAFolderThatIsThereIsFineAndSoIsNoneAtAll) {
  EXPECT_TRUE(check_output(world, Request()));
  EXPECT_TRUE(check("values.csv"));
  EXPECT_TRUE(check(parts.folder + "/values.csv"));
}

TEST_F(OutputPlace, AnEmptyPathIsAUsageError) {
  const Result<void> empty = check("");
  ASSERT_FALSE(empty);
  EXPECT_EQ(exit_code(empty.error().number()), 2);
  EXPECT_EQ(empty.error().message(), "--output is empty, expected a file to write");
}

TEST_F(OutputPlace, AFileOfTheUsersIsReplacedOnlyWhenToldTo) {
  const std::string path = parts.folder + "/mine.csv";
  must(write_file(path, "mine\n"));
  const Result<void> refused = check(path);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E6);
  EXPECT_EQ(refused.error().message(),
            path + " (5 bytes) would be replaced: Lode did not write it, or it was changed since");
  EXPECT_THAT(refused.error().hint(), HasSubstr("--yes"));
  Request told;
  told.set("output", Value(path));
  told.set("yes", Value(true));
  EXPECT_TRUE(check_output(world, told));
  world.consent = [](std::string_view plan) { return plan.find("mine.csv") != std::string_view::npos; };
  EXPECT_TRUE(check(path)) << "whoever can be asked said yes";
  world.consent = [](std::string_view) { return false; };
  EXPECT_FALSE(check(path));
}

TEST_F(OutputPlace, WhatLodeWroteAndWhatHoldsNothingIsReplaced) {
  const std::string path = parts.folder + "/values.csv";
  must(write_file(path, "values\n"));
  Request request;
  request.set("output", Value(path));
  keep_output(request);
  EXPECT_TRUE(check(path));
  must(write_file(path, "values and a note of mine\n"));
  EXPECT_FALSE(check(path)) << "changed since";
  must(write_file(path, ""));
  EXPECT_TRUE(check(path)) << "mktemp makes such a file";
  EXPECT_TRUE(check("/dev/null"));
  keep_output(Request());
}

// Any command that writes a file asks before it replaces one of the user's, and can be told not to ask.
TEST_F(OutputPlace, EveryVerbWithAnOutputKeepsTheRule) {
  import("bars", testing::kBars);
  const std::string path = parts.folder + "/mine.csv";
  int checked = 0;
  for (const Flow* flow : flow_catalog()) {
    const auto& list = flow->spec.parameters;
    if (std::ranges::none_of(list, [](const Parameter& p) { return p.letter == 'o'; })) {
      continue;
    }
    ++checked;
    EXPECT_EQ(std::ranges::count(list, "yes", &Parameter::name), 1) << command_name(flow->spec);
    must(write_file(path, "mine\n"));
    Value request = Value::object();
    request.set("output", Value(path));
    for (const Parameter& parameter : list) {
      if (parameter.positional) {
        const char* word = parameter.name == "TABLE" ? "bars" : parameter.name == "QUERY" ? "select 1 one" : "close";
        request.set(lower(parameter.name), Value(word));
      }
    }
    if (std::ranges::count(list, "universe", &Parameter::name) == 1) {
      request.set("universe", Value("all"));
    } else if (std::ranges::count(list, "data", &Parameter::name) == 1) {
      request.set("data", Value(parts.folder + "/panel.csv"));
    }
    const Result<Outcome> refused = run_flow(world, *flow, request);
    ASSERT_FALSE(refused) << command_name(flow->spec);
    EXPECT_EQ(refused.error().number(), E::E6) << render(refused.error());
    EXPECT_EQ(must(read_file(path)), "mine\n");
  }
  EXPECT_GE(checked, 4);
}

TEST_F(OutputPlace, TheSameCommandRunsAgain) {
  import("bars", testing::kBars);
  const std::string request = R"({"table":"bars","output":")" + parts.folder + R"(/out.csv"})";
  const Outcome first = good("data", "export", request);
  EXPECT_TRUE(first.is_filed);
  EXPECT_EQ(good("data", "export", request).text, first.text);
}

TEST_F(OutputPlace, AFolderIsNoFile) {
  for (const std::string& path : {parts.folder, parts.folder + "/"}) {
    const Result<void> folder = check(path);
    ASSERT_FALSE(folder) << path;
    EXPECT_EQ(folder.error().number(), E::E4);
  }
}

TEST_F(OutputPlace, AFolderThatIsNotThereIsNamedAndNotMade) {
  const Result<void> missing = check(parts.folder + "/no/such/values.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().number(), E::E8);
  EXPECT_EQ(missing.error().message(), "no folder " + parts.folder + "/no/such to write values.csv in");
  EXPECT_THAT(missing.error().hint(), HasSubstr("mkdir -p"));
}

TEST_F(OutputPlace, NoFileOfTheLakeIsWrittenOver) {
  import("bars", testing::kBars);
  const std::string manifest = world.lake + "/manifest.sqlite";
  const std::string before = must(read_file(manifest));
  std::filesystem::create_directory_symlink(world.lake, parts.folder + "/link");
  for (const std::string& path : {manifest, world.lake + "/tables/x.csv", parts.folder + "/link/manifest.sqlite"}) {
    EXPECT_EQ(number_of(call("data", "export", R"j({"table": "bars", "output": ")j" + path + "\"}")), E::E4) << path;
    EXPECT_EQ(number_of(call("data", "sql", R"j({"query": "select 1", "output": ")j" + path + "\"}")), E::E4) << path;
    EXPECT_EQ(number_of(call("factor", "compute",
                             R"j({"formula": ["close"], "universe": "all", "output": ")j" + path + "\"}")),
              E::E4)
        << path;
  }
  EXPECT_EQ(must(read_file(manifest)), before);
  EXPECT_TRUE(check(world.lake + "-values.csv")) << "a name that begins alike is no place in it";
}

TEST_F(OutputPlace, AFileTheCommandReadsIsNotWrittenOver) {
  const std::string panel = parts.folder + "/panel.csv";
  must(write_file(panel, "date,symbol,close\n2024-01-02,A,1\n"));
  const std::string formulas = parts.folder + "/f.tsv";
  must(write_file(formulas, "one\tclose\n"));
  for (const std::string& path : {panel, formulas, parts.folder + "/./panel.csv"}) {
    const Result<Outcome> out =
        call("factor", "compute",
             R"j({"formula": ["@)j" + formulas + R"j("], "data": ")j" + panel + R"j(", "output": ")j" + path + "\"}");
    EXPECT_EQ(number_of(out), E::E4) << path;
  }
  EXPECT_THAT(must(read_file(panel)), HasSubstr("2024-01-02"));
  EXPECT_THAT(must(read_file(formulas)), HasSubstr("close"));
}

TEST_F(OutputPlace, VerbsAskBeforeTheyCompute) {
  import("bars", testing::kBars);
  const std::string path = parts.folder + "/no/such/out";
  for (const char* verb : {"compute", "report"}) {
    const std::string formula = std::string(verb) == "compute" ? R"j(["close"], "universe": "all")j" : R"j("close")j";
    for (const std::string& output : {std::string(), path}) {
      const Result<Outcome> out =
          call("factor", verb, R"j({"formula": )j" + formula + R"j(, "output": ")j" + output + R"j("})j");
      ASSERT_FALSE(out);
      EXPECT_EQ(out.error().number(), output.empty() ? E::E4 : E::E8) << verb;
    }
    EXPECT_FALSE(std::filesystem::exists(parts.folder + "/no"));
  }
  EXPECT_EQ(good("runs", "list", "{}").data.at_path("runs")->as_array().size(), 0U);
}

}  // namespace
}  // namespace lode::flow
