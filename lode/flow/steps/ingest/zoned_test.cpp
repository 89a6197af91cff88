// Bars whose dates are instants with a time zone, as pandas and others write them to Parquet: the day is the writer's.
// Files are written by DuckDB with the notes such writers leave; the schema of Arrow in one is pyarrow's own.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/store/data_file.h"
#include "lode/io/lake/duckdb.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// pa.schema([("date", pa.timestamp("us", "Australia/Sydney"))]).serialize(), in base64.
constexpr const char* kSydney =
    "/////5gAAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAEAAAAUAAAAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEK"
    "EAAAACAAAAAEAAAAAAAAAAQAAABkYXRlAAAAAAgADAAGAAgACAAAAAAAAgAEAAAAEAAAAEF1c3RyYWxpYS9TeWRuZXkAAAAAAAAAAA==";

std::string pandas(const std::string& zone) {
  return R"({"columns": [{"field_name": "close", "metadata": null}, {"field_name": "date", "metadata": )"
         R"({"timezone": ")" +
         zone + R"("}}]})";
}

class ZonedBars : public ::testing::Test {
 protected:
  // A bar an instant, closing at 1, 2, ...; `notes` as "KEY: 'text'".
  std::string write(const std::vector<std::string>& instants, const std::string& notes) {
    const std::string path = world.write("CBA.parquet", "");
    std::string rows;
    for (std::size_t i = 0; i < instants.size(); ++i) {
      rows += fmt::format("{}SELECT TIMESTAMPTZ '{}' AS date, {}.0 AS close", i == 0 ? "" : " UNION ALL ", instants[i],
                          i + 1);
    }
    const auto engine = must(lake::Engine::open({.threads = 1}));
    must(engine->execute(
        fmt::format("COPY (SELECT date, 'CBA' AS symbol, close AS open, close AS high, close AS low, close, "
                    "100 AS volume FROM ({}) ORDER BY date) TO '{}' (FORMAT parquet{})",
                    rows, path, notes.empty() ? "" : fmt::format(", KV_METADATA {{{}}}", notes))));
    return path;
  }
  std::vector<std::string> imported(const std::vector<std::string>& instants, const std::string& notes,
                                    const std::string& mic = "") {
    const auto report = world.run({write(instants, notes)}, "bars", mic);
    EXPECT_TRUE(report) << (report ? "" : render(report.error()));
    return report ? world.rows("bars", {"session", "close", "known_time"}) : std::vector<std::string>();
  }

  IngestWorld world;
  const std::vector<std::string> sydney = {"2020-01-01 13:00:00+00", "2020-01-02 13:00:00+00"};
};

TEST_F(ZonedBars, AreTheDaysOfTheZoneThatPandasNamed) {
  EXPECT_THAT(
      imported(sydney, fmt::format("pandas: '{}'", pandas("Australia/Sydney"))),
      ElementsAre("2020-01-02 1 2020-01-02T23:59:59.999999999Z", "2020-01-03 2 2020-01-03T23:59:59.999999999Z"));
}

TEST_F(ZonedBars, AreTheDaysOfTheZoneInTheSchemaOfArrow) {
  EXPECT_THAT(
      imported(sydney, fmt::format("\"ARROW:schema\": '{}'", kSydney)),
      ElementsAre("2020-01-02 1 2020-01-02T23:59:59.999999999Z", "2020-01-03 2 2020-01-03T23:59:59.999999999Z"));
}

TEST_F(ZonedBars, CrossSummerTimeAndStayMidnights) {
  EXPECT_THAT(
      imported({"2020-03-27 23:00:00+00", "2020-03-29 22:00:00+00", "2020-10-24 22:00:00+00", "2020-10-25 23:00:00+00"},
               fmt::format("pandas: '{}'", pandas("Europe/Berlin"))),
      ElementsAre(HasSubstr("2020-03-28 1"), HasSubstr("2020-03-30 2"), HasSubstr("2020-10-25 3"),
                  HasSubstr("2020-10-26 4")));
  EXPECT_THAT(world.rows("quarantine", {"reason"}), ElementsAre());
}

TEST_F(ZonedBars, OfAnExchangeAreItsOwnDays) {
  const std::string notes = fmt::format("pandas: '{}'", pandas("Australia/Sydney"));
  EXPECT_THAT(imported(sydney, notes, "XASX"),
              ElementsAre("2020-01-02 1 2020-01-02T05:10:00Z", "2020-01-03 2 2020-01-03T05:10:00Z"));
}

TEST_F(ZonedBars, InstantsOfUtcAreReadOnTheClockOfTheExchange) {
  EXPECT_THAT(imported(sydney, fmt::format("pandas: '{}'", pandas("UTC")), "XASX"),
              ElementsAre(HasSubstr("2020-01-02 1"), HasSubstr("2020-01-03 2")));
}

TEST_F(ZonedBars, AreRefusedWhereNothingTellsTheZone) {
  for (const std::string& notes : {std::string(), fmt::format("pandas: '{}'", pandas("UTC"))}) {
    const auto report = world.run({write(sydney, notes)}, "bars", "");
    ASSERT_FALSE(report) << notes;
    EXPECT_EQ(report.error().number(), E::E2005);
    EXPECT_THAT(report.error().message(), HasSubstr("first 2020-01-01T13:00:00Z: the day they were in depends on"));
    EXPECT_THAT(std::string(report.error().hint()), HasSubstr("--mic"));
  }
  EXPECT_EQ(world.failure({write(sydney, fmt::format("pandas: '{}'", pandas("Mars/Olympus")))}, "bars", ""), 2005);
}

TEST_F(ZonedBars, MidnightsOfUtcAreDatesAsTheyStand) {
  const std::vector<std::string> utc = {"2020-01-02 00:00:00+00", "2020-01-03 00:00:00+00"};
  EXPECT_THAT(imported(utc, ""), ElementsAre(HasSubstr("2020-01-02 1"), HasSubstr("2020-01-03 2")));
}

TEST_F(ZonedBars, TwoClockTimesOfOneDayAreIntraday) {
  const std::vector<std::string> bars = {"2020-01-02 23:00:00+00", "2020-01-03 04:00:00+00"};  // One day in Sydney.
  const auto report = world.run({write(bars, fmt::format("pandas: '{}'", pandas("Australia/Sydney")))}, "bars", "");
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message(), HasSubstr("intraday bars, which are not stored yet: CBA on 2020-01-03"));
}

TEST_F(ZonedBars, ALongTableHasTheSameDays) {
  const auto table = read_long_file(write(sydney, fmt::format("pandas: '{}'", pandas("Australia/Sydney"))));
  ASSERT_TRUE(table) << render(table.error());
  ASSERT_EQ(table->dates.size(), 2U);
  EXPECT_EQ(to_string(table->dates[0]), "2020-01-02");
  EXPECT_FALSE(read_long_file(write(sydney, "")));
}

}  // namespace
}  // namespace lode::flow
