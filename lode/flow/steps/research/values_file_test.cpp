// A user's own numbers: the same numbers are the same trial however they are written, and what is refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/values_file.h"

#include <gmock/gmock.h>

#include "lode/base/text.h"
#include "lode/flow/steps/research/research_testing.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using testing::Research;

using ValuesFiles = Research;

constexpr const char* kRows = "date,symbol,value\n2020-01-02,S00,1.5\n2020-01-02,S01,-0.25\n2020-01-03,S00,0\n";

TEST_F(ValuesFiles, HaveOneHashForTheSameNumbers) {
  const std::string hash = must(hash_of_values(write("a.csv", kRows)));
  EXPECT_EQ(hash, "7d021dbd85ec5cb222c1cd533fb1b803854030db2fbd7056b59e83a14bece548")
      << "SHA-256 of day number, symbol and bits of the value, a line each: a lake's trials are known by it";
  const std::vector<std::pair<const char*, const char*>> same = {
      {"order.csv", "date,symbol,value\n2020-01-03,S00,0\n2020-01-02,S01,-0.25\n2020-01-02,S00,1.5\n"},
      {"columns.csv", "symbol;value;date\nS00;1.50;2020-01-02\nS01;-.25;20200102\nS00;0.0;2020/01/03\n"},
      {"zero.csv", "date,symbol,value\n2020-01-02,S00,15e-1\n2020-01-02,S01,-0.25\n2020-01-03,S00,-0\n"},
      {"twice.csv",
       "date,symbol,value\n2020-01-02,S00,1.5\n2020-01-02,S00,1.5\n2020-01-02,S01,-0.25\n2020-01-03,S00,0\n"},
      {"empty.csv", "date,symbol,value\n2020-01-02,S00,1.5\n2020-01-02,S01,-0.25\n2020-01-03,S00,0\n2020-01-03,S01,\n"},
  };
  for (const auto& [name, text] : same) {
    const Result<std::string> other = hash_of_values(write(name, text));
    ASSERT_TRUE(other) << name << " " << render(other.error());
    EXPECT_EQ(*other, hash) << name;
  }
  const std::vector<std::pair<const char*, const char*>> others = {
      {"value.csv", "date,symbol,value\n2020-01-02,S00,1.5000000000000002\n2020-01-02,S01,-0.25\n2020-01-03,S00,0\n"},
      {"less.csv", "date,symbol,value\n2020-01-02,S00,1.5\n2020-01-02,S01,-0.25\n"},
      {"swap.csv", "date,symbol,value\n2020-01-02,S01,1.5\n2020-01-02,S00,-0.25\n2020-01-03,S00,0\n"},
      {"day.csv", "date,symbol,value\n2020-01-02,S00,1.5\n2020-01-02,S01,-0.25\n2020-01-06,S00,0\n"},
  };
  for (const auto& [name, text] : others) {
    EXPECT_NE(must(hash_of_values(write(name, text))), hash) << name;
  }
}

TEST_F(ValuesFiles, OfOneFactorAreOneTrialHoweverTheyAreWritten) {
  import_market();
  const std::string path = parts.folder + "/v.csv";
  good("factor", "compute",
       fmt::format(R"j({{"formula": ["rank(volume)"], "universe": "all", "output": "{}"}})j", path));
  const std::string text = must(read_file(path));
  std::string turned(text.substr(0, text.find('\n') + 1));
  std::vector<std::string_view> lines = split(text, '\n');
  for (std::size_t i = lines.size(); i-- > 1;) {
    turned += lines[i].empty() ? "" : std::string(lines[i]) + "\n";
  }
  const auto judged = [&](const std::string& file) {
    return good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "5"}})j", file));
  };
  const Outcome first = judged(path);
  const Outcome second = judged(write("turned.csv", turned));
  EXPECT_EQ(second.data.at_path("trials")->as_int(), 1);
  EXPECT_EQ(second.data.at_path("run")->as_text(), first.data.at_path("run")->as_text()) << "the same numbers";
  EXPECT_EQ(second.data.at_path("hash")->as_text(), first.data.at_path("hash")->as_text());
}

TEST_F(ValuesFiles, OfSeveralFactorsAreRefusedByName) {
  import_market();
  const std::string path = parts.folder + "/two.csv";
  good("factor", "compute",
       fmt::format(R"j({{"formula": ["rank(volume)", "rank(close)"], "universe": "all", "output": "{}"}})j", path));
  const Result<Outcome> two = call("factor", "eval", fmt::format(R"j({{"values": "{}"}})j", path));
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().number(), E::E4);
  EXPECT_THAT(two.error().message(), HasSubstr("holds 2 factors (rank(volume), rank(close))"));
  const Result<Outcome> empty =
      call("factor", "eval",
           fmt::format(R"j({{"values": "{}"}})j",
                       write("gap.csv", "date,symbol,value\n2020-01-02,S00,1.5\n2020-01-02,S00,\n2020-01-03,S00,0\n")));
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().message(), HasSubstr("was 1.5 before and is empty here"));
}

TEST_F(ValuesFiles, ThatAreInfiniteCountAsMissingAndAreTold) {
  import_market();
  const std::string path = parts.folder + "/v.csv";
  good("factor", "compute",
       fmt::format(R"j({{"formula": ["rank(volume)"], "universe": "all", "output": "{}"}})j", path));
  std::string text = must(read_file(path));
  for (const auto& [symbol, value] : {std::pair(",S00,", "inf"), std::pair(",S01,", "-Infinity")}) {
    const std::size_t end = text.find('\n', text.find(symbol));
    const std::size_t begin = text.rfind(',', end) + 1;
    text.replace(begin, end - begin, value);
  }
  const Outcome out =
      good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "5"}})j", write("inf.csv", text)));
  ASSERT_EQ(out.warnings.size(), 1U);
  EXPECT_EQ(out.warnings.front(),
            "warning[W2105]: 2 of 7,800 values are infinite and count as missing: mostly a division by 0 upstream");
}

TEST_F(ValuesFiles, WithoutAColumnOfNumbersSayWhatIsThere) {
  import_market();
  const auto refusal = [&](const char* name, const char* text) {
    const Result<std::string> out = hash_of_values(write(name, text));
    EXPECT_FALSE(out);
    return out ? std::string() : out.error().message() + " | " + out.error().hint();
  };
  const std::string text = refusal("text.csv", "date,symbol,value\n2020-01-02,S00,high\n");
  EXPECT_THAT(text, HasSubstr("the column value of "));
  EXPECT_THAT(text, HasSubstr("holds text, expected numbers"));
  EXPECT_THAT(refusal("two.csv", "date,symbol,a,b\n2020-01-02,S00,1,2\n"),
              HasSubstr("has 2 columns of numbers and none is called 'value' | beside date and symbol: a, b"));
  EXPECT_THAT(refusal("none.csv", "date,symbol\n2020-01-02,S00\n"), HasSubstr("no column for 'value'"));
}

TEST_F(ValuesFiles, ComputedWithLookAheadSayItInEveryFormat) {
  import_market();
  for (const char* format : {"csv", "json", "parquet", "arrow"}) {
    const std::string path = fmt::format("{}/leak.{}", parts.folder, format);
    const Outcome leak =
        good("factor", "compute",
             fmt::format(
                 R"j({{"formula": ["delay(close, -1)"], "universe": "all", "allow-lookahead": true, "output": "{}"}})j",
                 path));
    EXPECT_THAT(leak.warnings, ::testing::Contains(HasSubstr("look up to 1 session into the future"))) << format;
    EXPECT_TRUE(leak.data.at_path("factors.0.looks_ahead")->as_bool());
    EXPECT_EQ(leak.data.at_path("factors.0.name")->as_text(), "lookahead:delay(close, -1)");
    if (std::string_view(format) == "json") {  // Written, and read by other programs only.
      EXPECT_THAT(must(read_file(path)), HasSubstr(R"j("factor":"lookahead:delay(close, -1)")j"));
      continue;
    }
    const auto judged = [&](const char* verb, const char* more) {
      return call("factor", verb, fmt::format(R"j({{"values": "{}", "horizons": "5"{}}})j", path, more));
    };
    const Result<Outcome> refused = judged("eval", "");
    ASSERT_FALSE(refused) << format;
    EXPECT_EQ(refused.error().number(), E::E1107);
    EXPECT_EQ(judged("check", "")->finding->number(), E::E3003) << "a finding of factor check";
    const Outcome told = must(judged("eval", R"(, "allow-lookahead": true)"));
    EXPECT_THAT(told.text, HasSubstr("Look-ahead check: found, allowed on purpose."));
    EXPECT_EQ(told.data.at_path("checks.0.state")->as_text(), "failed");
    EXPECT_EQ(told.data.at_path("trials")->as_int(), 1) << "one file in three formats";
  }
}

TEST_F(ValuesFiles, OfACleanFormulaAreNotMarkedByTheOptionAlone) {
  import_market();
  const std::string path = parts.folder + "/clean.csv";
  const Outcome out = good(
      "factor", "compute",
      fmt::format(R"j({{"formula": ["rank(volume)"], "universe": "all", "allow-lookahead": true, "output": "{}"}})j",
                  path));
  EXPECT_THAT(out.warnings, ::testing::IsEmpty());
  EXPECT_THAT(good("factor", "eval", fmt::format(R"j({{"values": "{}", "horizons": "5"}})j", path)).text,
              HasSubstr("not checked: the numbers are yours"));
}

}  // namespace
}  // namespace lode::flow
