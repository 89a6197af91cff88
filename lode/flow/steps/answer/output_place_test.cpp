// -o before anything is computed: what is no place for a file is refused, and nothing is made on the way.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/output_place.h"

#include <gmock/gmock.h>

#include <filesystem>

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
