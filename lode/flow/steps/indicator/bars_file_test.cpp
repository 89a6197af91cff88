// Files of bars as people have them: what is written goes back in.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/bars_file.h"

#include <gmock/gmock.h>

#include "lode/flow/steps/research/research_testing.h"

namespace lode::flow {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class BarsFiles : public testing::Research {
 protected:
  Outcome over(const std::string& name, const std::string& path, const std::string& more = "") {
    return good("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"{}}})j", name, path, more));
  }
  std::string mistake_over(const std::string& name, const std::string& path, const std::string& more = "") {
    return mistake("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"{}}})j", name, path, more));
  }
};

TEST_F(BarsFiles, AnIndexMayHaveNoName) {
  const std::string path = write("pandas.csv", ",close\n0,1\n1,2\n2,3\n");
  const Outcome mean = over("sma(2)", path);
  EXPECT_EQ(mean.text, ",sma_2\n1,1.5\n2,2.5\n");
  EXPECT_EQ(over("sma(2)", write("again.csv", mean.text), R"(, "inputs": "sma_2")").text, ",sma_2\n2,2\n");
  for (const char* ending : {"arrow", "parquet"}) {
    const std::string target = fmt::format("{}/mean.{}", parts.folder, ending);
    over("sma(2)", path, fmt::format(R"(, "output": "{}")", target));
    const BarsFile back = must(read_bars_file(target));
    EXPECT_EQ(back.index_name, "") << ending;
    EXPECT_THAT(back.index, ElementsAre("1", "2")) << ending;
    EXPECT_THAT(back.names, ElementsAre("sma_2")) << ending;
  }
}

TEST_F(BarsFiles, ANegativeIndexStaysANumber) {
  const Outcome mean = over("sma(1)", write("negative.csv", "t,close\n-2,1\n-1.5,2\n0,3\n"));
  EXPECT_EQ(mean.text, "t,sma_1\n-2,1\n-1.5,2\n0,3\n");
}

TEST_F(BarsFiles, ANameMayHoldAComma) {
  const std::string path = write("comma.csv", "\"day, local\",\"close, adjusted\"\n1,1\n2,3\n");
  const Outcome mean = over("sma(2)", path, R"(, "inputs": "closeadjusted")");
  EXPECT_EQ(mean.text, "\"day, local\",sma_2\n2,2\n");
  EXPECT_THAT(must(read_bars_file(path)).names, ElementsAre("close, adjusted"));
}

}  // namespace
}  // namespace lode::flow
