// Rows of an answer in every format: nothing rounded, nothing lost, nothing invented.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/rows_format.h"

#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/store/files.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Outcome answer() {
  Outcome out;
  out.data = must(parse_json(R"j({"rows": [
    {"name": "a,b", "n": 3, "share": 0.1, "sure": true, "nested": {"x": [1, 2]}},
    {"name": "=1+1", "n": null, "share": 2, "late": "c|d"}], "other": 1})j"));
  out.text = "as people read it\n";
  out.next = "lode doctor";
  return out;
}

Outcome in(const char* format) {
  Request request;
  request.set("format", Value(format));
  return must(in_format(answer(), "rows", {"name", "n"}, request));
}

TEST(RowsFormat, ATableStaysAsItWas) {
  EXPECT_EQ(in("table").text, "as people read it\n");
  EXPECT_EQ(in("table").next, "lode doctor");
  EXPECT_EQ(must(in_format(answer(), "rows", {"name", "n"}, Request())).text, "as people read it\n");
}

TEST(RowsFormat, CsvHasEveryKeyOnceAndNullsEmpty) {
  EXPECT_EQ(in("csv").text,
            "name,n,share,sure,nested,late\n"
            "\"a,b\",3,0.1,true,\"{\"\"x\"\":[1,2]}\",\n"
            "'=1+1,,2,,,c|d\n");
  EXPECT_EQ(in("csv").next, "");
}

TEST(RowsFormat, JsonIsTheRowsAsTheMachinesAnswerHasThem) {
  EXPECT_EQ(must(parse_json(in("json").text)), *answer().data.find("rows"));
  const std::string lines = in("ndjson").text;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_EQ(must(parse_json(lines.substr(0, lines.find('\n')))), answer().data.find("rows")->as_array()[0]);
  EXPECT_EQ(in("ndjson").data, answer().data) << "--json is the same whatever the format";
}

TEST(RowsFormat, MarkdownKeepsABarInItsCell) {
  EXPECT_THAT(in("md").text, StartsWith("| name | n | share | sure | nested | late |\n| --- | ---: | ---: |"));
  EXPECT_THAT(in("md").text, HasSubstr("c\\|d"));
}

TEST(RowsFormat, ParquetAndArrowAreThePayloadWithTypes) {
  const Outcome out = in("arrow");
  EXPECT_EQ(out.text, "");
  EXPECT_EQ(out.data, answer().data);
  const Batch batch = must(arrow::read_arrow(out.payload, "answer"));
  EXPECT_EQ(batch.column("n").type(), ColumnType::kInt64);
  EXPECT_TRUE(batch.column("n").is_null(1));
  EXPECT_EQ(batch.column("share").float64s()[0], 0.1);
  EXPECT_EQ(batch.column("name").texts()[1], "=1+1") << "no quote mark: nothing runs a typed file";
  EXPECT_EQ(batch.column("nested").texts()[0], R"j({"x":[1,2]})j");
  TestWorld parts;
  must(write_file(parts.folder + "/x.parquet", in("parquet").payload));
  EXPECT_EQ(batch_text(must(lake::read_parquet(parts.folder + "/x.parquet")), "csv"), batch_text(batch, "csv"));
}

TEST(RowsFormat, NoRowsAreAHeaderAndNoLine) {
  for (const auto& [format, text] :
       {std::pair("csv", "name,n\n"), {"md", "| name | n |\n| --- | --- |\n"}, {"ndjson", ""}, {"json", "[]\n"}}) {
    Outcome out;
    out.data = must(parse_json(R"({"rows": []})"));
    Request request;
    request.set("format", Value(format));
    EXPECT_EQ(must(in_format(std::move(out), "rows", {"name", "n"}, request)).text, text) << format;
  }
}

TEST(RowsFormat, AColumnThatNoRowHasIsThereAndEmpty) {
  Outcome out;
  out.data = must(parse_json(R"({"rows": [{"b": 1, "extra": 2}]})"));
  Request request;
  request.set("format", Value("csv"));
  EXPECT_EQ(must(in_format(std::move(out), "rows", {"a", "b"}, request)).text, "a,b,extra\n,1,2\n");
}

TEST(RowsFormat, ColumnsHaveTheTypeAllTheirCellsHave) {
  const Batch batch = batch_of_rows(must(parse_json(R"([{"i": 1, "f": 1, "b": false, "t": "x", "n": null, "m": 1},
                                                        {"i": 2, "f": 0.5, "b": true, "t": "y", "m": "z"}])")));
  EXPECT_EQ(batch.column("i").type(), ColumnType::kInt64);
  EXPECT_EQ(batch.column("f").type(), ColumnType::kFloat64);
  EXPECT_EQ(batch.column("b").type(), ColumnType::kBool);
  EXPECT_EQ(batch.column("t").type(), ColumnType::kText);
  EXPECT_EQ(batch.column("n").null_count(), 2U);
  EXPECT_EQ(batch.column("m").texts()[0], "1");
}

// Every verb that prints a table takes --format, and its CSV has a line a row of its JSON.
using Verbs = testing::Verbs;
TEST_F(Verbs, ThatPrintATableTakeAFormat) {
  import("bars", testing::kBars);
  good("factor", "add", R"j({"name": "mine/slow", "formula": "ts_mean(close,20)"})j");
  for (const auto& [noun, verb, key] : {std::tuple("data", "tables", "tables"),
                                        {"factor", "list", "factors"},
                                        {"factor", "fields", "fields"},
                                        {"universe", "list", "universes"},
                                        {"runs", "list", "runs"},
                                        {"config", "show", "settings"},
                                        {"", "doctor", "checks"}}) {
    const std::string csv = good(noun, verb, R"j({"format": "csv"})j").text;
    const Value data = good(noun, verb, "{}").data;
    const auto rows = static_cast<std::ptrdiff_t>(data.find(key)->as_array().size());
    EXPECT_GE(std::count(csv.begin(), csv.end(), '\n'), rows + 1) << noun << " " << verb << "\n" << csv;
    const auto typed = must(arrow::read_arrow(good(noun, verb, R"j({"format": "arrow"})j").payload, "answer"));
    EXPECT_EQ(static_cast<std::ptrdiff_t>(typed.rows()), rows) << noun << " " << verb;
    EXPECT_THAT(good(noun, verb, R"j({"format": "parquet"})j").payload, StartsWith("PAR1"));
    const auto refused = call(noun, verb, R"j({"format": "xml"})j");
    ASSERT_FALSE(refused) << noun << " " << verb;
    EXPECT_THAT(refused.error().message(), HasSubstr("expected one of table, csv, json, ndjson, parquet, arrow, md"));
    EXPECT_EQ(exit_code(refused.error().number()), 2) << "a mistake in the command";
  }
}

// The header names what each row would have, so that a program can read an answer without rows: the keys declared are
// those of a row, whatever the table.
TEST_F(Verbs, HaveTheSameHeaderWithAndWithoutRows) {
  const auto header = [](const Outcome& out) { return out.text.substr(0, out.text.find('\n')); };
  import("bars", testing::kBars);
  const char* csv = R"j({"format": "csv"})j";
  const std::string none = header(good("factor", "list", csv));
  EXPECT_THAT(none, StartsWith("name,"));
  good("factor", "add", R"j({"name": "mine/slow", "formula": "ts_mean(close,20)"})j");
  EXPECT_EQ(header(good("factor", "list", csv)), none);
}

}  // namespace
}  // namespace lode::flow
