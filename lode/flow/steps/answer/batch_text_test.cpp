// Batches as text in every format.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/batch_text.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

Batch sample() {
  Column symbol("symbol", ColumnType::kText);
  symbol.push("AAA");
  symbol.push("b, \"c\"");
  symbol.push_null();
  Column session("session", ColumnType::kDate);
  session.push(Date::from_civil(2024, 1, 2));
  session.push(Date::from_civil(2024, 1, 3));
  session.push_null();
  Column close("close", ColumnType::kFloat64);
  close.push(10.5);
  close.push(0.1);
  close.push_null();
  Column trades("trades", ColumnType::kInt64);
  trades.push(7);
  trades.push_null();
  trades.push(-1);
  Column final_bar("final", ColumnType::kBool);
  final_bar.push(true);
  final_bar.push(false);
  final_bar.push_null();
  Column id("id", ColumnType::kUint64);
  id.push(255U);
  id.push(0U);
  id.push_null();
  return Batch({symbol, session, close, trades, final_bar, id});
}

TEST(BatchText, AlignsATable) {
  EXPECT_EQ(batch_text(sample(), "table"),
            "symbol  session     close  trades  final  id\n"
            "AAA     2024-01-02   10.5       7  true   00000000000000ff\n"
            "b, \"c\"  2024-01-03    0.1       -  false  0000000000000000\n"
            "-       -               -      -1  -      -\n");
}

TEST(BatchText, LosesItsLastColumnsWhereTheyDoNotFit) {
  EXPECT_EQ(batch_text(sample(), "table", 26),
            "symbol  session     close\n"
            "AAA     2024-01-02   10.5\n"
            "b, \"c\"  2024-01-03    0.1\n"
            "-       -               -\n");
}

TEST(BatchText, QuotesCsvWhereNeeded) {
  EXPECT_EQ(batch_text(sample(), "csv"),
            "symbol,session,close,trades,final,id\n"
            "AAA,2024-01-02,10.5,7,true,00000000000000ff\n"
            "\"b, \"\"c\"\"\",2024-01-03,0.1,,false,0000000000000000\n"
            ",,,-1,,\n");
}

TEST(BatchText, DefusesTextThatASpreadsheetWouldRun) {
  Column column("text", ColumnType::kText);
  for (const char* cell : {"=1+1", "+A1", "-1+1", "@x", "\tx", "plain"}) {
    column.push(cell);
  }
  EXPECT_EQ(batch_text(Batch({column}), "csv"), "text\n'=1+1\n'+A1\n'-1+1\n'@x\n'\tx\nplain\n");
}

TEST(BatchText, ANumberInATextColumnStaysOne) {
  Column column("index", ColumnType::kText);
  for (const char* cell : {"-2", "-1.5e3", "+3"}) {
    column.push(cell);
  }
  EXPECT_EQ(batch_text(Batch({column}), "csv"), "index\n-2\n-1.5e3\n+3\n");
}

TEST(BatchText, AHeaderIsACellAsAnyOther) {
  Column index("", ColumnType::kText);
  index.push("a");
  Column mean("mean, \"of 2\"", ColumnType::kInt64);
  mean.push(1);
  Column run("=cmd", ColumnType::kInt64);
  run.push(2);
  EXPECT_EQ(batch_text(Batch({index, mean, run}), "csv"), ",\"mean, \"\"of 2\"\"\",'=cmd\na,1,2\n");
}

TEST(BatchText, AFirstColumnOfTheUsersOwnStandsAsItIs) {
  Column index("=cmd", ColumnType::kText), other("=x", ColumnType::kText);
  for (const char* cell : {"=1+1", "@b", "a,b"}) {
    index.push(cell);
    other.push(cell);
  }
  const Carried carried;
  EXPECT_EQ(batch_text(Batch({index, other}), "csv", 0, &carried), "=cmd,'=x\n=1+1,'=1+1\n@b,'@b\n\"a,b\",\"a,b\"\n");
}

// An instant finer than Parquet's stays text there; Arrow has it.
TEST(BatchText, ACarriedColumnKeepsItsTypeInFilesOfTypes) {
  Column text("at", ColumnType::kText);
  text.push("2023-11-15T09:13:20.000000001+11:00");
  Column times("other name", ColumnType::kTime);
  times.push(Time{1'700'000'000'000'000'001});
  const Carried carried{.column = times, .zone = "Australia/Sydney"};
  const std::string bytes = must(batch_bytes(Batch({text}), "arrow", &carried));
  const Batch back = must(arrow::read_arrow(bytes, "x"));
  EXPECT_EQ(back.column("at").times()[0], 1'700'000'000'000'000'001);
  EXPECT_EQ(must(arrow::arrow_zones(bytes, "x")).at("at"), "Australia/Sydney");
  TestWorld world;
  for (const std::int64_t nanos : {1'700'000'000'000'000'001, 1'700'000'000'000'001'000}) {
    Column one("at", ColumnType::kTime);
    one.push(Time{nanos});
    const std::string path = world.folder + "/fine.parquet";
    const Carried fine{.column = one, .zone = ""};
    must(write_batch(Batch({text}), path, "", &fine));
    EXPECT_EQ(must(lake::read_parquet(path)).column("at").type(),
              nanos % 1000 == 0 ? ColumnType::kTime : ColumnType::kText);
  }
  Column bare("", ColumnType::kTime), words("", ColumnType::kText);
  bare.push(Time{0});
  words.push("1970-01-01T00:00:00Z");
  const Carried unnamed{.column = bare, .zone = ""};
  must(write_batch(Batch({words}), world.folder + "/bare.parquet", "", &unnamed));
  EXPECT_EQ(must(lake::read_parquet(world.folder + "/bare.parquet")).columns()[0].type(), ColumnType::kText);
}

TEST(BatchText, GivesNumbersNullsAndIdsToPrograms) {
  const Value rows = must(parse_json(batch_text(sample(), "json")));
  EXPECT_EQ(
      to_json(rows.as_array()[0]),
      R"j({"symbol":"AAA","session":"2024-01-02","close":10.5,"trades":7,"final":true,"id":"00000000000000ff"})j");
  EXPECT_EQ(to_json(rows.as_array()[2]),
            R"j({"symbol":null,"session":null,"close":null,"trades":-1,"final":null,"id":null})j");
  EXPECT_EQ(rows, batch_json(sample()));
}

TEST(BatchText, WritesOneObjectALine) {
  const std::string text = batch_text(sample(), "ndjson");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_EQ(must(parse_json(text.substr(0, text.find('\n')))), batch_json(sample()).as_array()[0]);
}

TEST(BatchText, WritesMarkdown) {
  EXPECT_THAT(batch_text(sample(), "md"), HasSubstr("| symbol | session | close | trades | final | id |\n"
                                                    "| --- | --- | ---: | ---: | --- | --- |\n"
                                                    "| AAA | 2024-01-02 | 10.5 | 7 | true | 00000000000000ff |\n"));
}

// Texts that would end their cell or their row, or that a terminal would obey.
Batch sly() {
  Column text("a|b", ColumnType::kText);
  text.push("x|y\nz");
  text.push("\x1b[31mred\\");
  return Batch({text});
}

TEST(BatchText, KeepsEveryMarkdownCellInItsPlace) {
  EXPECT_EQ(batch_text(sly(), "md"), "| a\\|b |\n| --- |\n| x\\|y<br>z |\n| ?[31mred\\\\ |\n");
}

TEST(BatchText, ShowsControlCharactersInATableAndKeepsThemForPrograms) {
  EXPECT_EQ(batch_text(sly(), "table"), "a|b\nx|y?z\n?[31mred\\\n");
  EXPECT_EQ(batch_text(sly(), "csv"), "a|b\n\"x|y\nz\"\n\x1b[31mred\\\n");
  EXPECT_EQ(must(parse_json(batch_text(sly(), "json"))).as_array()[1].find("a|b")->as_text(), "\x1b[31mred\\");
}

TEST(BatchText, HandlesNoRows) {
  EXPECT_EQ(batch_text(sample().take({}), "csv"), "symbol,session,close,trades,final,id\n");
  EXPECT_EQ(batch_text(sample().take({}), "json"), "[]\n");
  EXPECT_EQ(batch_text(sample().take({}), "ndjson"), "");
}

TEST(WriteBatch, NeverReplacesADeviceByAFile) {
  must(write_batch(sample(), "/dev/null", "csv"));
  const Result<void> parquet = write_batch(sample(), "/dev/null", "parquet");
  ASSERT_FALSE(parquet);
  EXPECT_EQ(parquet.error().number(), E::E4);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(WriteBatch, ChoosesTheFormatByTheEnding) {
  const TestWorld parts;
  must(write_batch(sample(), parts.folder + "/x.csv", ""));
  EXPECT_EQ(must(read_file(parts.folder + "/x.csv")), batch_text(sample(), "csv"));
  must(write_batch(sample(), parts.folder + "/x.NDJSON", ""));
  EXPECT_EQ(must(read_file(parts.folder + "/x.NDJSON")), batch_text(sample(), "ndjson"));
  must(write_batch(sample(), parts.folder + "/x.txt", "json"));
  EXPECT_EQ(must(read_file(parts.folder + "/x.txt")), batch_text(sample(), "json")) << "an ending that says nothing";
  must(write_batch(sample(), parts.folder + "/plain", ""));
  EXPECT_EQ(must(read_file(parts.folder + "/plain")), batch_text(sample(), "csv")) << "no ending";
}

TEST(FileFormat, TheEndingNamesItAndMayNotContradictTheOption) {
  EXPECT_EQ(must(file_format("a/x.json", "")), "json");
  EXPECT_EQ(must(file_format("x.feather", "")), "arrow");
  EXPECT_EQ(must(file_format("x.ARROW", "arrow")), "arrow");
  EXPECT_EQ(must(file_format("/dev/stdout", "")), "csv");
  EXPECT_EQ(must(file_format("x.dat", "parquet")), "parquet");
  const auto mistake = [](const char* path, const char* format) { return file_format(path, format).error().number(); };
  EXPECT_EQ(mistake("x.parquet", "csv"), E::E7);
  EXPECT_EQ(mistake("x.feather", "json"), E::E7);
  EXPECT_EQ(mistake("x.xlsx", ""), E::E4);
  EXPECT_EQ(mistake("x.csv.gz", ""), E::E4) << "never text under a name that says compressed";
  constexpr std::string_view kFew[] = {"csv", "json"};
  EXPECT_EQ(file_format("x.md", "", kFew).error().number(), E::E4);
}

TEST(WriteBatch, WritesParquetThatReadsBackEqual) {
  const TestWorld parts;
  must(write_batch(sample(), parts.folder + "/x.parquet", ""));
  const Batch back = must(lake::read_parquet(parts.folder + "/x.parquet"));
  EXPECT_EQ(batch_text(back, "csv"), batch_text(sample(), "csv"));
}

TEST(WriteBatch, WritesArrowThatReadsBackEqual) {
  const TestWorld parts;
  for (const char* name : {"/x.arrow", "/x.feather", "/X.IPC"}) {
    must(write_batch(sample(), parts.folder + name, ""));
    const std::string bytes = must(read_file(parts.folder + name));
    EXPECT_EQ(bytes, must(batch_bytes(sample(), "arrow")));
    EXPECT_EQ(batch_text(must(arrow::read_arrow(bytes, name)), "csv"), batch_text(sample(), "csv"));
  }
  must(write_batch(sample(), "/dev/null", "arrow"));  // Front to back, so that a pipe can take it.
}

TEST(SetRows, BytesAreThePayloadAndTextTheText) {
  Outcome out;
  out.text = "before";
  must(set_rows(out, sample(), "parquet"));
  EXPECT_EQ(out.text, "");
  EXPECT_EQ(out.payload.substr(0, 4), "PAR1");
  EXPECT_EQ(out.payload.substr(out.payload.size() - 4), "PAR1");
  Outcome text;
  must(set_rows(text, sample(), "csv"));
  EXPECT_EQ(text.text, batch_text(sample(), "csv"));
  EXPECT_EQ(text.payload, "");
}

TEST(WriteBatch, RefusesUnknownEndings) {
  const TestWorld parts;
  const auto refused = write_batch(sample(), parts.folder + "/x.xlsx", "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E4);
  EXPECT_THAT(refused.error().message(), HasSubstr("'xlsx'"));
}

}  // namespace
}  // namespace lode::flow
