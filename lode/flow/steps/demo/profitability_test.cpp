// Return on assets as a reader knew it, on statements small enough to add up by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/profitability.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/must.h"

namespace lode::flow {
namespace {

using source::edgar::Fact;

const Date kQuarterEnds[] = {Date::from_civil(2022, 12, 31), Date::from_civil(2023, 3, 31),
                             Date::from_civil(2023, 6, 30), Date::from_civil(2023, 9, 30),
                             Date::from_civil(2023, 12, 31)};

Time at(const char* text) { return must(parse_as_of(text)); }

KnownFact fact(std::optional<Date> start, Date end, double value, const char* known, const char* accession) {
  Fact out;
  out.start = start;
  out.end = end;
  out.value = value;
  out.accession = accession;
  out.form = "10-Q";
  out.filed_on = utc_date(at(known));
  return {out, at(known), "sgml"};
}

// Net income of 1, 2, 4, 8 in the quarters of 2023 and assets of 100, 200, 300, 400 at their ends, each known 30 days
// later.
std::vector<KnownSeries> company() {
  KnownSeries income{"us-gaap", "NetIncomeLoss", "USD", {}};
  KnownSeries assets{"us-gaap", "Assets", "USD", {}};
  const char* known[] = {"2023-04-30T20:00:00Z", "2023-07-30T20:00:00Z", "2023-10-30T20:00:00Z",
                         "2024-01-30T20:00:00Z"};
  const char* accessions[] = {"0000000001-23-000001", "0000000001-23-000002", "0000000001-23-000003",
                              "0000000001-24-000001"};
  for (int i = 0; i < 4; ++i) {
    const Date end = kQuarterEnds[i + 1];
    income.facts.push_back(fact(kQuarterEnds[i] + 1, end, 1 << i, known[i], accessions[i]));
    assets.facts.push_back(fact(std::nullopt, end, 100.0 * (i + 1), known[i], accessions[i]));
  }
  return {income, assets};
}

std::vector<double> on(const std::vector<KnownSeries>& facts, const std::vector<const char*>& times) {
  std::vector<Time> instants;
  for (const char* time : times) {
    instants.push_back(at(time));
  }
  return profitability(facts, instants);
}

TEST(Profitability, IsKnownWithTheFourthQuarterAndNotBefore) {
  const auto values =
      on(company(), {"2022-01-03T21:00:00Z", "2024-01-29T21:00:00Z", "2024-01-30T19:59:59Z", "2024-01-30T20:00:00Z"});
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_TRUE(std::isnan(values[1])) << "three quarters are no year";
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_DOUBLE_EQ(values[3], 15.0 / 400.0);
}

TEST(Profitability, OldStatementsAreNoNews) {
  const auto values = on(company(), {"2024-07-18T20:00:00Z", "2024-07-19T20:00:00Z"});
  EXPECT_DOUBLE_EQ(values[0], 15.0 / 400.0) << "200 days after the quarter's end";
  EXPECT_TRUE(std::isnan(values[1]));
}

TEST(Profitability, ARestatementCountsFromItsOwnFilingOn) {
  std::vector<KnownSeries> facts = company();
  facts[0].facts.push_back(
      fact(kQuarterEnds[3] + 1, kQuarterEnds[4], 3.0, "2024-03-01T20:00:00Z", "0000000001-24-000002"));
  const auto values = on(facts, {"2024-02-29T20:00:00Z", "2024-03-01T20:00:00Z"});
  EXPECT_DOUBLE_EQ(values[0], 15.0 / 400.0);
  EXPECT_DOUBLE_EQ(values[1], 10.0 / 400.0);
}

TEST(Profitability, AFourthQuarterThatNobodyFiledIsTheYearLessNineMonths) {
  std::vector<KnownSeries> facts = company();
  facts[0].facts.pop_back();
  facts[0].facts.push_back(
      fact(kQuarterEnds[0] + 1, kQuarterEnds[3], 7.0, "2023-10-30T20:00:00Z", "0000000001-23-000003"));
  facts[0].facts.push_back(
      fact(kQuarterEnds[0] + 1, kQuarterEnds[4], 27.0, "2024-01-30T20:00:00Z", "0000000001-24-000001"));
  EXPECT_DOUBLE_EQ(on(facts, {"2024-02-01T20:00:00Z"})[0], 27.0 / 400.0);
}

TEST(Profitability, WhatDoesNotAddUpIsMissing) {
  std::vector<KnownSeries> gap = company();
  gap[0].facts.erase(gap[0].facts.begin() + 1);
  EXPECT_TRUE(std::isnan(on(gap, {"2024-02-01T20:00:00Z"})[0])) << "a quarter is missing";
  std::vector<KnownSeries> bare = company();
  bare[1].facts.pop_back();
  EXPECT_TRUE(std::isnan(on(bare, {"2024-02-01T20:00:00Z"})[0])) << "no balance of the quarter's end";
  std::vector<KnownSeries> nothing = company();
  nothing[1].facts.back().fact.value = 0.0;
  EXPECT_TRUE(std::isnan(on(nothing, {"2024-02-01T20:00:00Z"})[0])) << "no assets to earn on";
  std::vector<KnownSeries> foreign = company();
  foreign[0].unit = "EUR";
  EXPECT_TRUE(std::isnan(on(foreign, {"2024-02-01T20:00:00Z"})[0])) << "currencies are not mixed";
  EXPECT_TRUE(std::isnan(on({}, {"2024-02-01T20:00:00Z"})[0]));
}

TEST(Profitability, OnlyCellsWithAValueAreWritten) {
  Axis axis;
  axis.sessions = {Date::from_civil(2024, 1, 2), Date::from_civil(2024, 1, 3)};
  axis.symbols = {"AAA", "BRK.B", "CCC"};
  const double none = std::nan("");
  const std::vector<std::vector<double>> columns = {{0.5, none}, {-0.25, 0.125}, {}};
  EXPECT_EQ(values_csv(axis, columns),
            "date,symbol,value\n2024-01-02,AAA,0.5\n2024-01-02,BRK.B,-0.25\n2024-01-03,BRK.B,0.125\n");
}

}  // namespace
}  // namespace lode::flow
