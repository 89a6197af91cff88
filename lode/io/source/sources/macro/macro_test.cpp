// FRED, the ECB and French's library on recorded files.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/must.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/parts/stored_zip.h"
#include "lode/market/test_data.h"

namespace lode {
const source::Source& source_macro_fred();
const source::Source& source_macro_ecb();
const source::Source& source_macro_french();
}  // namespace lode

namespace lode::source {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Response answer(const Source& source, const FetchRequest& request, std::string body, int status = 200) {
  Response out{.asked = must(source.plan(request, {}, {})).requests[0], .status = status, .body = std::move(body)};
  out.received_at = must(parse_as_of("2026-04-14T10:00:00Z"));
  return out;
}

const Batch& rows(const Parsed& parsed) { return parsed.tables.at(0).rows; }
std::string cell(const Parsed& parsed, std::string_view column, std::size_t row) {
  return rows(parsed).column(column).cell(row);
}
// The value of a series on a day: "none" when there is no row.
std::string value_of(const Parsed& parsed, std::string_view series, std::string_view date) {
  for (std::size_t i = 0; i < rows(parsed).rows(); ++i) {
    if (cell(parsed, "series", i) == series && cell(parsed, "date", i) == date) {
      return cell(parsed, "value", i);
    }
  }
  return "none";
}

TEST(Fred, AKeyAsksEveryVintageAndStaysOutOfOtherPlaces) {
  FetchRequest request{.names = {"dgs10"}, .from = Date::from_civil(2020, 1, 1)};
  const Plan open = must(source_macro_fred().plan(request, {}, {}));
  EXPECT_EQ(open.requests[0].http.url, "https://fred.stlouisfed.org/graph/fredgraph.csv?id=DGS10&cosd=2020-01-01");
  request.settings["fred.key"] = "secret";
  const Plan keyed = must(source_macro_fred().plan(request, {}, {}));
  EXPECT_THAT(keyed.requests[0].http.url,
              HasSubstr("realtime_start=1776-07-04&realtime_end=9999-12-31&api_key=secret"));
  EXPECT_THAT(to_json(keyed.requests[0].about), Not(HasSubstr("secret")));
  bool is_secret = false;
  for (const Setting& setting : source_macro_fred().spec.settings) {
    is_secret = is_secret || (setting.name == "fred.key" && setting.secret);
  }
  EXPECT_TRUE(is_secret);
  EXPECT_FALSE(source_macro_fred().plan({.names = {"A&B"}}, {}, {}).has_value());
}

TEST(Fred, AnEmptyCellIsMissing) {
  LODE_NEEDS_DATA("macro");
  const Parsed parsed = must(source_macro_fred().parse(
      answer(source_macro_fred(), {.names = {"SP500"}}, read_test_data("macro/fred_sp500.csv"))));
  EXPECT_TRUE(parsed.rejected.empty());
  EXPECT_EQ(value_of(parsed, "fred/SP500", "2016-02-12"), "1864.78");
  EXPECT_EQ(value_of(parsed, "fred/SP500", "2016-02-15"), "");
  EXPECT_EQ(cell(parsed, "vintage", 0), "2026-04-14");
  EXPECT_EQ(cell(parsed, "known_time", 0), "2026-04-14T10:00:00Z");
  const auto other = source_macro_fred().parse(
      answer(source_macro_fred(), {.names = {"DGS10"}}, read_test_data("macro/fred_sp500.csv")));
  EXPECT_FALSE(other.has_value());
}

TEST(Fred, VintagesStayApartAndAPointIsMissing) {
  FetchRequest request{.names = {"GDP"}, .settings = {{"fred.key", "k"}}};
  const Parsed parsed = must(source_macro_fred().parse(answer(source_macro_fred(), request, R"({"observations":[
    {"realtime_start":"2020-04-29","realtime_end":"2020-05-27","date":"2020-01-01","value":"21537.9"},
    {"realtime_start":"2020-05-28","realtime_end":"9999-12-31","date":"2020-01-01","value":"21534.9"},
    {"realtime_start":"2020-05-28","realtime_end":"9999-12-31","date":"2020-04-01","value":"."},
    {"realtime_start":"2020-05-28","date":"2020-04-01","value":"x"}]})")));
  ASSERT_EQ(rows(parsed).rows(), 3U);
  EXPECT_EQ(cell(parsed, "vintage", 0), "2020-04-29");
  EXPECT_EQ(cell(parsed, "value", 1), "21534.9");
  EXPECT_EQ(cell(parsed, "value", 2), "");
  EXPECT_THAT(cell(parsed, "known_time", 0), HasSubstr("2020-04-29T23:59:59"));
  EXPECT_EQ(parsed.rejected.size(), 1U);
  EXPECT_EQ(must(source_macro_fred().parse(answer(source_macro_fred(), request, "<html>", 200))).verdict.kind,
            ResponseClass::kAbsent);
  EXPECT_EQ(must(source_macro_fred().parse(answer(source_macro_fred(), request, "bad api_key", 400))).verdict.kind,
            ResponseClass::kDenied);
}

TEST(Ecb, HistoryLeavesOutWhatIsNotThere) {
  LODE_NEEDS_DATA("macro");
  const Parsed parsed = must(source_macro_ecb().parse(
      answer(source_macro_ecb(), {.kinds = {"hist"}}, read_test_data("macro/eurofxref-hist.zip"))));
  EXPECT_TRUE(parsed.rejected.empty());
  EXPECT_GT(rows(parsed).rows(), 150'000U);
  EXPECT_EQ(value_of(parsed, "ecb/EUR/USD", "2026-04-13"), "1.1684");
  EXPECT_EQ(value_of(parsed, "ecb/EUR/BGN", "2026-04-13"), "none");
  EXPECT_EQ(cell(parsed, "unit", 0), "USD per EUR");
  EXPECT_EQ(cell(parsed, "known_time", 0), "2026-04-13T15:00:00Z");
}

TEST(Ecb, TheDaysXml) {
  const std::string body =
      R"(<?xml version="1.0"?><gesmes:Envelope><Cube><Cube time='2026-04-13'><Cube currency='USD' rate='1.1684'/>)"
      R"(<Cube currency='JPY' rate='x'/></Cube></Cube></gesmes:Envelope>)";
  const Parsed parsed = must(source_macro_ecb().parse(answer(source_macro_ecb(), {}, body)));
  ASSERT_EQ(rows(parsed).rows(), 1U);
  EXPECT_EQ(cell(parsed, "value", 0), "1.1684");
  EXPECT_EQ(parsed.rejected.size(), 1U);
  EXPECT_FALSE(source_macro_ecb().parse(answer(source_macro_ecb(), {}, body.substr(0, 120))).has_value());
}

// A set as the library sends it.
std::string french(const std::string& set, const std::string& text) { return stored_zip(set + ".CSV", text); }

TEST(French, PercentBecomesAFractionAndVintagesStayApart) {
  LODE_NEEDS_DATA("ff-factors");
  const Source& source = source_macro_french();
  for (const auto& [name, columns, vintage] : std::vector<std::tuple<std::string, int, std::string>>{
           {"F-F_Research_Data_Factors_daily", 4, "2023-07-31"},
           {"F-F_Research_Data_5_Factors_2x3_daily", 6, "2016-10-31"},
           {"F-F_Momentum_Factor_daily", 1, "2016-10-31"},
           {"F-F_ST_Reversal_Factor_daily", 1, "2016-10-31"},
           {"F-F_LT_Reversal_Factor_daily", 1, "2016-10-31"}}) {
    const Parsed parsed = must(source.parse(
        answer(source, {.names = {name}}, french(name, read_test_data("ff-factors/" + name + ".CSV.gz")))));
    EXPECT_TRUE(parsed.rejected.empty()) << name;
    EXPECT_GT(parsed.records, 13'000) << name;
    EXPECT_EQ(static_cast<std::int64_t>(rows(parsed).rows()), parsed.records * columns) << name;
    EXPECT_EQ(cell(parsed, "vintage", 0), vintage) << name;
    EXPECT_EQ(cell(parsed, "known_time", 0), "2026-04-14T10:00:00Z");
  }
  const Parsed factors = must(source.parse(answer(
      source, {.names = {"F"}}, french("F", read_test_data("ff-factors/F-F_Research_Data_Factors_daily.CSV.gz")))));
  EXPECT_EQ(value_of(factors, "french/F/Mkt-RF/daily", "1926-07-01"), "0.001");
  EXPECT_EQ(value_of(factors, "french/F/RF/daily", "1926-07-01"), "8.999999999999999e-05");
  Response fewer =
      answer(source, {.names = {"F"}}, french("F", "x using the 202308 CRSP database.\n\n,A\n20230801, -99.99\n"));
  EXPECT_EQ(cell(must(source.parse(fewer)), "value", 0), "");
  fewer.cursor = factors.next;
  EXPECT_FALSE(source.parse(fewer).has_value());
}

TEST(French, AZipOfAnotherSetIsRefused) {
  const Source& source = source_macro_french();
  const auto read = [&](const std::string& set, const std::string& file) {
    const std::string body = stored_zip(file, "x using the 202308 CRSP database.\n\n,Mom\n20230801, 1.00\n");
    const auto parsed = source.parse(answer(source, {.names = {set}}, body));
    return parsed ? std::string("read") : parsed.error().message();
  };
  EXPECT_EQ(read("F-F_Momentum_Factor_daily", "F-F_Momentum_Factor_daily.CSV"), "read");
  EXPECT_EQ(read("F-F_Momentum_Factor_daily", "ftp/F-F_Momentum_Factor_Daily.csv"), "read");
  EXPECT_THAT(read("F-F_Momentum_Factor_daily", "F-F_Momentum_Factor.CSV"),
              HasSubstr("holds 'F-F_Momentum_Factor.CSV' where 'F-F_Momentum_Factor_daily' was asked"));
  EXPECT_THAT(read("F-F_Momentum_Factor_daily", "F-F_Research_Data_Factors_daily.CSV"), HasSubstr("was asked"));
}

// Text names no set: another's would be stored under the name asked for.
TEST(French, TextThatIsNoZipIsRefused) {
  const Source& source = source_macro_french();
  const std::string text = "x using the 202308 CRSP database.\n\n,Mkt-RF\n20230801, 1.00\n";
  const auto parsed = source.parse(answer(source, {.names = {"F-F_Momentum_Factor_daily"}}, text));
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().number(), E::E6206);
}

TEST(Macro, DamageIsRefusedOrRead) {
  LODE_NEEDS_DATA("macro");
  const std::string fred = read_test_data("macro/fred_sp500.csv").substr(0, 6000);
  refused_bad_bodies(answer(source_macro_fred(), {.names = {"SP500"}}, fred), 3, 80, source_macro_fred().parse);
  const std::string set = read_test_data("ff-factors/F-F_Research_Data_Factors_daily.CSV.gz").substr(0, 6000);
  refused_bad_bodies(answer(source_macro_french(), {.names = {"F"}}, set), 3, 80, [](const Response& bad) {
    Response packed = bad;  // The damage is in the text: that of a zip is found by its checksum.
    packed.body = french("F", bad.body);
    return source_macro_french().parse(packed);
  });
  const std::string rates = read_test_data("macro/eurofxref-hist.zip");
  EXPECT_GT(refused_bad_bodies(answer(source_macro_ecb(), {.kinds = {"hist"}}, rates), 3, 1, source_macro_ecb().parse),
            130);
}

}  // namespace
}  // namespace lode::source
