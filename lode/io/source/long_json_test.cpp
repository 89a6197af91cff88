// Rows of JSON as columns: the three forms they come in, and what is refused.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/long_json.h"

#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::source {
namespace {

using ::testing::HasSubstr;

std::string spelled(const Batch& batch) {
  std::string out;
  for (const Column& column : batch.columns()) {
    out += column.name() + (column.type() == ColumnType::kText ? "(text)" : "(number)") + ":";
    for (std::size_t row = 0; row < column.size(); ++row) {
      out += (row == 0 ? " " : ", ") + (column.is_null(row) ? "null" : column.cell(row));
    }
    out += "\n";
  }
  return out;
}
std::string read(std::string_view text) { return spelled(must(read_json_rows(text, "v.json"))); }

TEST(JsonRows, AreTheSameAsAnArrayALineAndAnAnswer) {
  const std::string expected = "date(text): 2020-01-02, 2020-01-03\nsymbol(text): A, B\nvalue(number): 1.5, null\n";
  const std::string a = R"({"date":"2020-01-02","symbol":"A","value":1.5})";
  const std::string b = R"({"date":"2020-01-03","symbol":"B","value":null})";
  EXPECT_EQ(read("[\n" + a + ",\n" + b + "\n]\n"), expected);
  EXPECT_EQ(read(a + "\n" + b + "\n"), expected);
  EXPECT_EQ(read(R"({"schema":"x/1","n":[{"rows":[1]}],"data":{"text":"}]\"","one":1,"none":null,"rows":[)" + a + "," +
                 b + R"(],"after":2},"warnings":[]})"),
            expected);
  EXPECT_EQ(read("  [ " + a + " , " + b + " ]  "), expected) << "as another program spaces it";
}

TEST(JsonRows, TakeKeysAsTheyComeAndTextsForWhatMixes) {
  EXPECT_EQ(read(R"([{"a":1},{"b":"x","a":2.5},{"b":null,"a":true}])"),
            "a(number): 1, 2.5, 1\nb(text): null, x, null\n");
  EXPECT_EQ(read(R"([{"code":600000},{"code":null},{"code":"AAPL"},{"code":0.1}])"),
            "code(text): 600000, null, AAPL, 0.1\n");
  EXPECT_EQ(read(R"({"a":"{\"[","b":1}{"a":"]\\","b":2})"), "a(text): {\"[, ]\\\nb(number): 1, 2\n");
  EXPECT_EQ(read("[]"), "");
}

TEST(JsonRows, RefuseWhatIsCutOrNested) {
  const auto refusal = [](std::string_view text) {
    const Result<Batch> read = read_json_rows(text, "v.json");
    return read ? std::string("read") : read.error().message();
  };
  EXPECT_THAT(refusal(R"([{"a":1},{"a":2)"), HasSubstr("v.json after row 1: the file ends inside an object"));
  EXPECT_THAT(refusal(R"([{"a":1},)"), HasSubstr("after row 1: the file ends before the array does"));
  EXPECT_THAT(refusal(R"([{"a":1},7])"), HasSubstr("'7' stands where an object would begin"));
  EXPECT_THAT(refusal(R"([{"a":[1]}])"), HasSubstr("v.json row 1: a is nested"));
  EXPECT_THAT(refusal(R"({"a":1}{"a":x})"), HasSubstr("JSON"));
  EXPECT_EQ(read_json_rows("[{", "v.json").error().number(), E::E2020);
  EXPECT_EQ(read_json_rows(R"([{"a":{}}])", "v.json").error().number(), E::E2009);
}

TEST(JsonRows, AreToldFromOtherTextByTheirFirstCharacter) {
  EXPECT_TRUE(is_json("\n [1]"));
  EXPECT_TRUE(is_json("{"));
  EXPECT_FALSE(is_json("date,symbol,value\n"));
  EXPECT_FALSE(is_json(""));
}

}  // namespace
}  // namespace lode::source
