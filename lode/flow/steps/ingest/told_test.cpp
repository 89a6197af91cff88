// What an import takes from elsewhere than a row is told: symbols from file names, days from instants.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/ingest/text.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kNameless = "Date,Open,High,Low,Close,Volume\n2024-01-02,10,11,9,10,100\n";

std::string bars_at(const std::vector<std::string>& dates) {
  std::string text(kBarsHeader);
  for (std::size_t i = 0; i < dates.size(); ++i) {
    text += dates[i] + ",AAA,10,11,9,10." + std::to_string(i) + ",100\n";
  }
  return text;
}

TEST(Told, ASymbolFromTheFilesName) {
  IngestWorld world;
  const IngestReport one = must(world.run({world.write("prices.csv", kNameless)}));
  EXPECT_THAT(one.notes, Contains("no column for the symbol: taken from the file's name, prices.csv as PRICES"));
  EXPECT_THAT(ingest_text(one, 0.5, 0.3), HasSubstr("taken from the file's name, prices.csv as PRICES"));
  EXPECT_THAT(to_json(ingest_json(one)), HasSubstr("no column for the symbol"));
}

TEST(Told, SymbolsFromSeveralNames) {
  IngestWorld world;
  const std::string a = world.write("aapl.us.txt", kNameless);
  const std::string b = world.write("msft.csv", std::string(kNameless) + "2024-01-03,10,11,9,10,100\n");
  EXPECT_THAT(must(world.run({a, b})).notes,
              Contains("no column for the symbol: taken from 2 file names, first aapl.us.txt as AAPL"));
}

TEST(Told, NothingWhereAColumnNamesThem) {
  IngestWorld world;
  EXPECT_THAT(must(world.run({world.write("a.csv", bars_at({"2024-01-02"}))})).notes,
              Not(Contains(HasSubstr("no column for the symbol"))));
}

TEST(Told, ANameThatCanBeNoSymbolNamesTheRule) {
  IngestWorld world;
  const auto failed = world.run({world.write("data_export_final_v2_2020_long.csv", kNameless)});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().number(), E::E2001);
  EXPECT_THAT(failed.error().message(), HasSubstr("the file's name can be none: up to 24 of A-Z"));
  EXPECT_THAT(failed.error().hint(), HasSubstr("--map symbol=COLUMN"));
  world.write("a.csv", bars_at({"2024-01-02"}));
  const IngestReport rest = must(world.run({world.data()}));
  ASSERT_EQ(rest.skipped.size(), 1U);
  EXPECT_THAT(rest.skipped[0].second, HasSubstr("has no column for 'symbol', and the file's name can be none"));
}

TEST(Told, IntradayBarsAreRefusedByName) {
  IngestWorld world;
  const auto failed = world.run({world.write("a.csv", bars_at({"2024-01-02 09:30", "2024-01-02 09:45"}))});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().number(), E::E2012);
  EXPECT_THAT(failed.error().message(),
              HasSubstr("has intraday bars, which are not stored yet: AAA on 2024-01-02 at 09:30 and at 09:45"));
  EXPECT_THAT(failed.error().hint(), HasSubstr("one bar a day"));
}

TEST(Told, IntradayFilesOfAFolderAreSkippedWithTheirReason) {
  IngestWorld world;
  world.write("a.csv", bars_at({"2024-01-02 09:30", "2024-01-02 09:45"}));
  world.write("b.csv", bars_at({"2024-01-02"}));
  const IngestReport report = must(world.run({world.data()}));
  EXPECT_EQ(report.kept, 1);
  ASSERT_EQ(report.skipped.size(), 1U);
  EXPECT_THAT(report.skipped[0].second, HasSubstr("intraday bars, which are not stored yet: AAA on 2024-01-02"));
}

TEST(Told, OneInstantADayIsADayAndSaid) {
  IngestWorld world;
  const IngestReport report =
      must(world.run({world.write("a.csv", bars_at({"2024-01-02 09:30", "2024-01-03 09:30"}))}));
  EXPECT_EQ(report.kept, 2);
  EXPECT_THAT(report.notes,
              Contains("dates with a time of day, first 09:30 in a.csv: taken as the bar of the whole day"));
  IngestWorld midnight;
  const auto plain = must(midnight.run({midnight.write("a.csv", bars_at({"2024-01-02 00:00:00", "2024-01-03"}))}));
  EXPECT_THAT(plain.notes, Not(Contains(HasSubstr("time of day"))));
}

}  // namespace
}  // namespace lode::flow
