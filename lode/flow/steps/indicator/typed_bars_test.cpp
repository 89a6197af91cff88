// Bars out of Parquet and Arrow: whose clock the index goes by, which column it is, and what is written of it. Arrow
// files are made by hand, Parquet files by DuckDB with the notes that pandas leaves.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/typed_bars.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/flow/steps/store/zoned.h"
#include "lode/flow/verb_testing.h"
#include "lode/io/arrow/reader.h"
#include "lode/io/arrow/testing.h"
#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"

namespace lode::flow {
namespace {

namespace by_hand = arrow::by_hand;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kOpen = 1'709'852'400;  // 2024-03-07T23:00:00Z, 10:00 of the 8th in Sydney.
constexpr std::int64_t kHour = 3600;
constexpr const char* kOfDate = R"({"index_columns": ["Date"], "columns": []})";

class TypedBars : public testing::Verbs {
 protected:
  Outcome over(const std::string& name, const std::string& path, const std::string& more = "") {
    return good("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"{}}})j", name, path, more));
  }
  std::string mistake_over(const std::string& name, const std::string& path) {
    return mistake("indicator", "run", fmt::format(R"j({{"name": ["{}"], "data": "{}"}})j", name, path));
  }
  // An Arrow file of seconds and a price that is high, low, close and volume alike.
  std::string arrow_bars(const std::vector<std::int64_t>& seconds, const by_hand::Type& type) {
    std::vector<std::int64_t> prices;
    for (std::size_t k = 0; k < seconds.size(); ++k) {
      prices.push_back(static_cast<std::int64_t>(k) + 1);
    }
    std::vector<by_hand::Flat> fields = {by_hand::field("at", type)};
    by_hand::Rows rows{.rows = static_cast<std::int64_t>(seconds.size()),
                       .nulls = {0},
                       .buffers = {"", by_hand::raw<std::int64_t>(seconds)}};
    for (const char* name : {"high", "low", "close", "volume"}) {
      fields.push_back(by_hand::field(name, by_hand::integer(64)));
      rows.nulls.push_back(0);
      rows.buffers.insert(rows.buffers.end(), {"", by_hand::raw<std::int64_t>(prices)});
    }
    std::string path = parts.folder + "/bars.arrow";
    must(write_file(path, by_hand::columns(std::move(fields)) + by_hand::rows(rows) + by_hand::end()));
    return path;
  }
  // A Parquet file of DuckDB's, by SQL of its rows; `pandas` is the note.
  std::string parquet(const std::string& rows, const std::string& pandas = "") {
    std::string path = fmt::format("{}/bars{}.parquet", parts.folder, ++files_);
    const auto engine = must(lake::Engine::open({.threads = 1}));
    must(engine->execute(fmt::format("COPY (SELECT * FROM ({})) TO '{}' (FORMAT parquet{})", rows, path,
                                     pandas.empty() ? "" : fmt::format(", KV_METADATA {{pandas: '{}'}}", pandas))));
    return path;
  }
  std::string csv(const std::string& text) {
    std::string path = fmt::format("{}/bars{}.csv", parts.folder, ++files_);
    must(write_file(path, text));
    return path;
  }

 private:
  int files_ = 0;
};

// 10:00, 12:00 and 16:00 of two days in Sydney, of which the first bar is of the day before in UTC.
TEST_F(TypedBars, ASessionIsADayOfTheirOwnClock) {
  const std::vector<std::int64_t> two_days = {
      kOpen, kOpen + 2 * kHour, kOpen + 6 * kHour, kOpen + 24 * kHour, kOpen + 26 * kHour, kOpen + 30 * kHour};
  const std::string means =
      "at,vwap_session\n"
      "2024-03-08T10:00:00+11:00,1\n2024-03-08T12:00:00+11:00,1.6666666666666667\n"
      "2024-03-08T16:00:00+11:00,2.3333333333333335\n2024-03-09T10:00:00+11:00,4\n"
      "2024-03-09T12:00:00+11:00,4.555555555555555\n2024-03-09T16:00:00+11:00,5.133333333333334\n";
  EXPECT_EQ(over("vwap_session", arrow_bars(two_days, by_hand::timestamp(0, "Australia/Sydney"))).text, means);
  std::string rows;
  std::string text = "at,high,low,close,volume\n";
  for (std::size_t k = 0; k < two_days.size(); ++k) {
    rows += fmt::format("{}SELECT to_timestamp({}) AS at, {} AS high, {} AS low, {} AS close, {} AS volume",
                        k == 0 ? "" : " UNION ALL ", two_days[k], k + 1, k + 1, k + 1, k + 1);
    text += fmt::format("2024-03-{:02} {}:00:00+11:00,{},{},{},{}\n", 8 + k / 3,
                        k % 3 == 0   ? 10
                        : k % 3 == 1 ? 12
                                     : 16,
                        k + 1, k + 1, k + 1, k + 1);
  }
  const std::string note = R"({"columns": [{"field_name": "at", "metadata": {"timezone": "Australia/Sydney"}}]})";
  const std::string zoned = parquet("SELECT * FROM (" + rows + ") ORDER BY 1", note);
  EXPECT_EQ(over("vwap_session", zoned).text, means);
  const auto values = [](const std::string& answer) {
    std::vector<std::string> out;
    for (std::size_t at = answer.find('\n') + 1; at < answer.size(); at = answer.find('\n', at) + 1) {
      out.push_back(answer.substr(answer.find(',', at), answer.find('\n', at) - answer.find(',', at)));
    }
    return out;
  };
  EXPECT_EQ(values(over("vwap_session", csv(text)).text), values(means)) << "as the CSV of the same frame";
  EXPECT_THAT(over("vwap_anchored", zoned, R"(, "anchor": "2024-03-09")").text,
              AllOf(HasSubstr("vwap_anchored\n2024-03-09T10:00:00+11:00,4\n"), Not(HasSubstr("2024-03-08"))));
}

TEST_F(TypedBars, TheIndexIsWhatItsClockShowed) {
  const auto index = [&](const std::vector<std::int64_t>& seconds, const by_hand::Type& type) {
    return must(read_bars_file(arrow_bars(seconds, type))).index;
  };
  const std::int64_t spring = 1'710'054'000;  // 2024-03-10T07:00:00Z, when New York sets its clocks forward.
  EXPECT_THAT(index({spring - kHour, spring, spring + kHour}, by_hand::timestamp(0, "America/New_York")),
              ElementsAre("2024-03-10T01:00:00-05:00", "2024-03-10T03:00:00-04:00", "2024-03-10T04:00:00-04:00"));
  EXPECT_THAT(index({kOpen}, by_hand::timestamp(0, "UTC")), ElementsAre("2024-03-07T23:00:00Z"));
  EXPECT_THAT(index({kOpen}, by_hand::timestamp(0)), ElementsAre("2024-03-07T23:00:00")) << "no Z that it never had";
  EXPECT_THAT(index({kOpen - 10 * kHour}, by_hand::timestamp(0, "Australia/Sydney")), ElementsAre("2024-03-08"));
  EXPECT_THAT(index({kOpen + kHour}, by_hand::timestamp(0)), ElementsAre("2024-03-08"));
  EXPECT_THAT(mistake_over("sma(1)", arrow_bars({kOpen}, by_hand::timestamp(0, "Mars/Olympus"))),
              AllOf(HasSubstr("E2005"), HasSubstr("Mars/Olympus")));
}

TEST_F(TypedBars, TheIndexIsWhatPandasSaysItIs) {
  const std::string rows =
      "SELECT 5.0 AS \"Open\", 1.0 AS close, DATE '2024-01-02' AS \"Date\" UNION ALL "
      "SELECT 4.0, 3.0, DATE '2024-01-03'";
  EXPECT_EQ(over("sma(2)", parquet(rows, kOfDate)).text, "Date,sma_2\n2024-01-03,2\n");
  const BarsFile file = must(read_bars_file(parquet(rows, kOfDate)));
  EXPECT_THAT(file.names, ElementsAre("Open", "close"));
  EXPECT_THAT(mistake_over("sma(2)", parquet(rows)),
              AllOf(HasSubstr("E2027"), HasSubstr("put the column 'Date' first")))
      << "without its note a help at least";
  const char* by_id = R"({"index_columns": ["id"]})";
  EXPECT_THAT(
      mistake_over("sma(1)", parquet("SELECT DATE '2024-01-02' AS \"Date\", 1 AS id, 2.0 AS close UNION ALL "
                                     "SELECT DATE '2024-01-03', 1, 3.0",
                                     by_id)),
      AllOf(HasSubstr("E2012"), HasSubstr("the index is 'id', as pandas noted"), HasSubstr("df.set_index('Date')")));
  for (const char* none : {R"({"index_columns": [{"kind": "range", "start": 0}]})", R"({"index_columns": ["gone"]})",
                           R"({"index_columns": 3})", "no JSON"}) {
    EXPECT_EQ(must(read_bars_file(parquet("SELECT 1 AS t, 2.0 AS close", none))).index_name, "t") << none;
  }
  const Outcome bare =
      over("sma(1)", parquet("SELECT 5.0 AS \"High\", 1.0 AS close", R"({"index_columns": [{"kind": "range"}]})"));
  EXPECT_THAT(bare.warnings, ElementsAre(HasSubstr("the column 'High' is taken for the index")));
  const std::string path = parts.folder + "/pandas.arrow";
  must(write_file(
      path,
      by_hand::columns({by_hand::field("close", by_hand::integer(64)), by_hand::field("Date", by_hand::date(0))},
                       "pandas", kOfDate) +
          by_hand::rows({.rows = 1,
                         .nulls = {0, 0},
                         .buffers = {"", by_hand::raw<std::int64_t>({3}), "", by_hand::raw<std::int32_t>({19724})}}) +
          by_hand::end()));
  EXPECT_EQ(over("sma(1)", path).text, "Date,sma_1\n2024-01-02,3\n");
}

// The engine writes clock times alone to the nanosecond: in the file's schema, one bit makes instants of them.
TEST_F(TypedBars, InstantsFinerThanTheEngineReadsAreToldAsSuch) {
  const std::string path =
      parquet("SELECT make_timestamp_ns(1700000000000000001 + 100 * k) AS at, k + 0.5 AS close FROM range(5) AS r(k)");
  EXPECT_EQ(over("sma(5)", path).text, "at,sma_5\n2023-11-14T22:13:20.000000401,2.5\n");
  EXPECT_THAT(must(lake::nanosecond_instants(path)), ::testing::IsEmpty());
  std::string bytes = must(read_file(path));
  const std::size_t place = bytes.find("\x8c\x12\x1c\x3c");  // A timestamp: of no zone, whose unit is the nanosecond.
  ASSERT_NE(place, std::string::npos);
  bytes[place + 1] = '\x11';
  must(write_file(path, bytes));
  EXPECT_THAT(must(lake::nanosecond_instants(path)), ElementsAre("at"));
  EXPECT_THAT(mistake_over("sma(5)", path),
              AllOf(HasSubstr("E2012"), HasSubstr("stands in line 1 and in line 2, to the microsecond"),
                    HasSubstr("read from Parquet to the microsecond; from Arrow, and without a zone, to the nanosec")));
  const std::string twice = parquet("SELECT TIMESTAMPTZ '2024-01-02 10:00:00+00' AS at, 1.0 AS close FROM range(2)");
  EXPECT_THAT(mistake_over("sma(1)", twice), AllOf(HasSubstr("E2012"), Not(HasSubstr("microsecond"))));
}

TEST_F(TypedBars, OfSeveralLevelsTheIndexIsTheOneOfDates) {
  const char* levels = R"({"index_columns": ["symbol", "day"]})";
  const std::string one =
      "SELECT 1.0 AS close, 'A' AS symbol, DATE '2024-01-02' AS day UNION ALL "
      "SELECT 3.0, 'A', DATE '2024-01-03'";
  EXPECT_EQ(over("sma(2)", parquet(one, levels)).text, "day,sma_2\n2024-01-03,2\n");
  EXPECT_THAT(mistake_over("sma(2)", parquet(one + " UNION ALL SELECT 3.0, 'B', DATE '2024-01-02'", levels)),
              AllOf(HasSubstr("several instruments"), HasSubstr("lode data import")));
}

// A number of 64 bits without a sign would be printed as an id.
TEST_F(TypedBars, CountsWithoutASignAreNumbers) {
  EXPECT_EQ(over("sma(1)", parquet("SELECT 7::UBIGINT AS t, 1000::UBIGINT AS close")).text, "t,sma_1\n7,1000\n");
}

TEST_F(TypedBars, TheIndexKeepsItsTypeInFilesOfTypes) {
  const auto again = [&](const std::string& path, const std::string& ending) {
    std::string target = parts.folder + "/again." + ending;
    over("sma(1)", path, fmt::format(R"(, "output": "{}", "yes": true)", target));
    return target;
  };
  for (const auto& [sql, type] : {std::pair("DATE '2024-01-02'", ColumnType::kDate),
                                  {"TIMESTAMP '2024-01-02 00:00:00'", ColumnType::kTime},
                                  {"TIMESTAMP_NS '2024-01-02 09:30:00.123456789'", ColumnType::kTime},
                                  {"7::BIGINT", ColumnType::kInt64},
                                  {"'a'", ColumnType::kText}}) {
    const std::string path = parquet(fmt::format("SELECT {} AS t, 1.5 AS close", sql));
    const Batch was = must(lake::read_parquet(path));
    for (const char* ending : {"parquet", "arrow"}) {
      const std::string target = again(path, ending);
      const bool is_arrow = ending == std::string_view("arrow");
      const std::string bytes = must(read_file(target));
      const Batch is = must(is_arrow ? arrow::read_arrow(bytes, target) : lake::read_parquet(target));
      EXPECT_EQ(is.column("t").type(), type) << sql;
      EXPECT_TRUE(is.column("t").same(0, was.column("t"), 0)) << sql << " " << is.column("t").cell(0);
      EXPECT_TRUE(must(is_arrow ? zones_of_arrow(bytes, target) : zones_of_parquet(target)).empty()) << sql;
    }
  }
  const std::string sydney = arrow_bars({kOpen, kOpen + kHour}, by_hand::timestamp(0, "Australia/Sydney"));
  EXPECT_EQ(must(zones_of_parquet(again(sydney, "parquet"))).at("at"), "Australia/Sydney");
  EXPECT_THAT(must(read_bars_file(parts.folder + "/again.parquet")).index,
              ElementsAre("2024-03-08T10:00:00+11:00", "2024-03-08T11:00:00+11:00"));
  EXPECT_EQ(must(zones_of_arrow(must(read_file(again(sydney, "arrow"))), "x")).at("at"), "Australia/Sydney");
  EXPECT_EQ(must(read_bars_file(parts.folder + "/again.arrow")).index,
            must(read_bars_file(parts.folder + "/again.parquet")).index);
}

}  // namespace
}  // namespace lode::flow
