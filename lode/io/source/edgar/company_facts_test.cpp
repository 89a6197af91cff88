// Company facts as recorded: every version kept, periods by their own dates, what was known when.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/company_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/fact_periods.h"
#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

const CompanyFacts& apple() {
  static const CompanyFacts kFacts =
      must(parse_company_facts(read_test_data("edgar/companyfacts/CIK0000320193.json.gz")));
  return kFacts;
}

Date day(int year, int month, int of_month) { return Date::from_civil(year, month, of_month); }

TEST(CompanyFacts, KeepsEveryVersion) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  std::size_t facts = 0;
  std::set<std::tuple<std::string, std::string, std::string, std::int64_t, std::int32_t>> keys;
  std::set<std::tuple<std::string, std::string, std::string, std::int64_t, std::int32_t, std::string>> versions;
  for (const FactSeries& series : apple().series) {
    for (const Fact& fact : series.facts) {
      ++facts;
      keys.emplace(series.taxonomy, series.tag, series.unit, fact.days(), fact.end.days);
      versions.emplace(series.taxonomy, series.tag, series.unit, fact.days(), fact.end.days, fact.accession);
    }
  }
  EXPECT_EQ(facts, 24'579U);
  EXPECT_EQ(keys.size(), 12'154U);
  EXPECT_EQ(versions.size(), facts);  // The lake's key parts them all.
  EXPECT_TRUE(apple().rejected.empty());
}

TEST(CompanyFacts, ReadsBothKindsOfCik) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  EXPECT_EQ(apple().cik, "0000320193");
  const CompanyFacts ifrs = must(parse_company_facts(read_test_data("edgar/companyfacts/lpa_facts.json.gz")));
  EXPECT_EQ(ifrs.cik, "0001997711");
  EXPECT_GT(ifrs.records, 0);
  EXPECT_TRUE(std::ranges::any_of(ifrs.series, [](const FactSeries& one) { return one.taxonomy == "ifrs-full"; }));
}

TEST(CompanyFacts, TellsWhatWasKnownOnADay) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const FactSeries* assets = apple().find("us-gaap", "Assets", "USD");
  ASSERT_NE(assets, nullptr);
  const auto known = [&](Date when) { return as_of(assets->facts, std::nullopt, day(2008, 9, 27), eastern_end(when)); };
  EXPECT_EQ(known(day(2009, 7, 21)), nullptr);
  EXPECT_EQ(known(day(2009, 12, 31))->value, 39'572e6);
  EXPECT_EQ(to_string(known(day(2009, 12, 31))->filed_on), "2009-10-27");
  EXPECT_EQ(known(day(2010, 1, 24))->value, 39'572e6);
  EXPECT_EQ(known(day(2010, 2, 1))->value, 36'171e6);
}

TEST(CompanyFacts, PublicTimesDecideOverTheBareFilingDate) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const FactSeries* assets = apple().find("us-gaap", "Assets", "USD");
  const Time morning = eastern(day(2010, 1, 25), 8 * 3600);
  const Time noon = eastern(day(2010, 1, 25), 12 * 3600);
  EXPECT_EQ(as_of(assets->facts, {}, day(2008, 9, 27), noon)->value, 39'572e6);
  const PublicTimes at_eight = [&](std::string_view accession) {
    return accession == "0001193125-10-012091" ? std::optional(morning) : std::nullopt;
  };
  EXPECT_EQ(as_of(assets->facts, {}, day(2008, 9, 27), noon, at_eight)->value, 36'171e6);
}

TEST(CompanyFacts, DerivesTheFourthQuarterFromTheYear) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const FactSeries* income = apple().find("us-gaap", "OperatingIncomeLoss", "USD");
  ASSERT_NE(income, nullptr);
  const std::vector<Fact> derived = derive_quarters(*income);
  ASSERT_FALSE(derived.empty());
  int fourth = 0;
  for (const Fact& quarter : derived) {
    EXPECT_TRUE(quarter.derived);
    EXPECT_EQ(quarter.span(), Span::kQuarter);
    for (const Fact& year : income->facts) {
      if (year.span() != Span::kYear || year.end != quarter.end || year.accession != quarter.accession) {
        continue;
      }
      const Fact* nine = as_of(income->facts, year.start, *quarter.start - 1, eastern_end(year.filed_on));
      ASSERT_NE(nine, nullptr);
      EXPECT_EQ(nine->span(), Span::kNineMonths);
      EXPECT_EQ(quarter.value, year.value - nine->value);
      EXPECT_EQ(quarter.filed_on, year.filed_on);
      ++fourth;
    }
  }
  EXPECT_GE(fourth, 5);
}

TEST(CompanyFacts, ComputesNoQuarterOfWhatDoesNotAddUp) {
  FactSeries series{"us-gaap", "EarningsPerShareBasic", "USD/shares", {}};
  const auto add = [&](Date start, Date end, double value, const char* accession) {
    Fact fact;
    fact.start = start;
    fact.end = end;
    fact.value = value;
    fact.accession = accession;
    fact.filed_on = end + 30;
    series.facts.push_back(fact);
  };
  add(day(2020, 1, 1), day(2020, 9, 30), 6, "0000000001-20-000003");
  add(day(2020, 1, 1), day(2020, 12, 31), 9, "0000000001-21-000001");
  EXPECT_TRUE(derive_quarters(series).empty());
  series.unit = "USD";
  ASSERT_EQ(derive_quarters(series).size(), 1U);
  EXPECT_EQ(derive_quarters(series)[0].value, 3);
  EXPECT_EQ(to_string(*derive_quarters(series)[0].start), "2020-10-01");
  EXPECT_EQ(derive_quarters(series)[0].accession, "0000000001-21-000001");
  add(day(2020, 10, 1), day(2020, 12, 31), 4, "0000000001-21-000001");
  EXPECT_TRUE(derive_quarters(series).empty());  // The report tells the quarter itself.
}

TEST(CompanyFacts, ALaterReportOfAnOldYearMakesNoNewQuarter) {
  FactSeries series{"us-gaap", "NetIncomeLoss", "EUR", {}};
  Fact nine;
  nine.start = day(2020, 1, 1);
  nine.end = day(2020, 9, 30);
  nine.value = 6;
  nine.filed_on = day(2020, 11, 1);
  Fact year = nine;
  year.end = day(2020, 12, 31);
  year.value = 8;
  year.filed_on = day(2022, 2, 1);
  series.facts = {nine, year};
  EXPECT_TRUE(derive_quarters(series).empty());
}

// The whole was restated: the part must have been told since, else the quarter would mix two accounts.
TEST(CompanyFacts, ARestatedYearNeedsItsPartsToldAnew) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const FactSeries* income = apple().find("us-gaap", "NetIncomeLoss", "USD");
  ASSERT_NE(income, nullptr);
  std::vector<double> fourth;
  for (const Fact& quarter : derive_quarters(*income)) {
    if (quarter.end == day(2009, 9, 26)) {
      fourth.push_back(quarter.value);
      EXPECT_EQ(quarter.part_accession, "0001193125-09-153165");
    }
  }
  EXPECT_EQ(fourth, std::vector<double>{5'704e6 - 4'039e6});  // Not 8,235 less 4,039.
}

TEST(CompanyFacts, UnitsBelongToMeasures) {
  EXPECT_TRUE(is_unit_of(Measure::kMoney, "EUR"));
  EXPECT_FALSE(is_unit_of(Measure::kMoney, "shares"));
  EXPECT_FALSE(is_unit_of(Measure::kMoney, "usd"));
  EXPECT_TRUE(is_unit_of(Measure::kShares, "shares"));
  EXPECT_TRUE(is_unit_of(Measure::kPerShare, "USD/shares"));
  EXPECT_FALSE(is_unit_of(Measure::kPerShare, "pure/shares"));
}

TEST(CompanyFacts, ClassifiesSpansByTheirLength) {
  for (const auto& [days, span] : std::vector<std::pair<std::int64_t, Span>>{{0, Span::kInstant},
                                                                             {79, Span::kOther},
                                                                             {80, Span::kQuarter},
                                                                             {98, Span::kQuarter},
                                                                             {101, Span::kOther},
                                                                             {182, Span::kHalf},
                                                                             {273, Span::kNineMonths},
                                                                             {364, Span::kYear},
                                                                             {371, Span::kYear},
                                                                             {381, Span::kOther}}) {
    EXPECT_EQ(span_of(days), span) << days;
  }
}

TEST(CompanyFacts, AConceptFallsBackOverItsTagsAndSaysWhich) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const Concept* revenue = find_concept("revenue");
  ASSERT_NE(revenue, nullptr);
  const auto asked = [&](Date start, Date end) {
    return concept_as_of(apple(), *revenue, "USD", start, end, eastern_end(day(2024, 12, 31)));
  };
  const ConceptValue old = asked(day(2011, 9, 25), day(2012, 9, 29));
  ASSERT_NE(old.fact, nullptr);
  EXPECT_EQ(old.tag->tag, "SalesRevenueNet");
  EXPECT_EQ(old.fact->value, 156'508e6);  // Form 10-K of fiscal 2012.
  const ConceptValue recent = asked(day(2021, 9, 26), day(2022, 9, 24));
  ASSERT_NE(recent.fact, nullptr);
  EXPECT_EQ(recent.tag->tag, "RevenueFromContractWithCustomerExcludingAssessedTax");
  EXPECT_EQ(recent.fact->value, 394'328e6);  // Form 10-K of fiscal 2022.
  EXPECT_EQ(asked(day(1990, 1, 1), day(1990, 12, 31)).fact, nullptr);
}

TEST(CompanyFacts, EveryConceptHasTagsThatCoverItsTime) {
  for (const Concept& one : concepts()) {
    EXPECT_FALSE(one.tags.empty());
    EXPECT_FALSE(one.meaning.empty());
    for (const DatedTag& tag : one.tags) {
      EXPECT_LT(tag.from, tag.to) << one.name;
    }
  }
  EXPECT_EQ(find_concept("profits"), nullptr);
}

TEST(CompanyFacts, WritesRowsOfTheTables) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const std::vector<TableRows> tables = fact_rows(apple(), {"edgar", std::string(64, '0')});
  ASSERT_EQ(tables.size(), 2U);
  for (const TableRows& one : tables) {
    EXPECT_TRUE(check_batch(*find_table(one.table), one.rows)) << one.table;
  }
  const Batch& rows = tables[0].rows;
  const auto derived = rows.column("derived").bools();
  EXPECT_EQ(static_cast<std::size_t>(std::count(derived.begin(), derived.end(), 0)), 24'579U);
  EXPECT_GT(std::count(derived.begin(), derived.end(), 1), 100);
  EXPECT_EQ(tables[1].table, "shares");
  EXPECT_EQ(tables[1].rows.column("shares_outstanding").float64s()[0], 895'816'758.0);
}

TEST(CompanyFacts, HoldsWholeNumbersADoubleCannot) {
  const std::string body =
      R"({"cik":1,"entityName":"A","facts":{"us-gaap":{"Assets":{"units":{"USD":[)"
      R"({"end":"2020-12-31","val":9007199254740993,"accn":"0000000001-21-000001","fy":2020,"fp":"FY","form":"10-K","filed":"2021-02-01"},)"
      R"({"end":"2020-12-31","val":1.5,"accn":"0000000001-21-000002","fy":null,"fp":null,"form":"10-K","filed":"2021-02-02"},)"
      R"({"end":"2020-12-31","val":"x","accn":"0000000001-21-000002","form":"10-K","filed":"2021-02-02"},)"
      R"({"end":"2020-13-31","val":1,"accn":"0000000001-21-000002","form":"10-K","filed":"2021-02-02"},)"
      R"({"start":"2021-01-01","end":"2020-12-31","val":1,"accn":"0000000001-21-000002","form":"10-K","filed":"2021-02-02"}]}}}}})";
  const CompanyFacts facts = must(parse_company_facts(body));
  ASSERT_EQ(facts.series.size(), 1U);
  ASSERT_EQ(facts.series[0].facts.size(), 2U);
  EXPECT_EQ(facts.series[0].facts[0].exact, "9007199254740993");
  EXPECT_EQ(facts.series[0].facts[1].exact, "");
  EXPECT_FALSE(facts.series[0].facts[1].fiscal_year);
  EXPECT_EQ(facts.rejected.size(), 3U);
}

TEST(CompanyFacts, RefusesWhatIsNone) {
  std::string deep = "{\"cik\":1,\"facts\":";
  deep += std::string(200, '[') + std::string(200, ']') + "}";
  for (const std::string& body : {std::string("{}"), std::string("{\"cik\":1,\"facts\":3}"), std::string("<html>"),
                                  std::string("{\"cik\":\"x\",\"facts\":{}}"), deep, std::string()}) {
    const auto parsed = parse_company_facts(body);
    ASSERT_FALSE(parsed) << body;
    EXPECT_EQ(parsed.error().number(), E::E6206);
  }
}

}  // namespace
}  // namespace lode::source::edgar
