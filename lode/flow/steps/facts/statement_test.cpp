// Statements as of a time: fallbacks, durations, derived quarters, restatements, corrections.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/facts/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::flow {
namespace {

using source::edgar::Span;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Date day(int year, int month, int of_month) { return Date::from_civil(year, month, of_month); }
Time noon(Date date) { return Time{start_of_day(date).nanos + 12 * 3600 * kNanosPerSecond}; }

// A company told fact by fact.
struct Company {
  std::vector<KnownSeries> series;

  Company& add(const char* tag, std::optional<Date> start, Date end, double value, Date filed, const char* accession,
               const char* unit = "USD", std::optional<Time> known = {}) {
    auto found =
        std::ranges::find_if(series, [&](const KnownSeries& one) { return one.tag == tag && one.unit == unit; });
    if (found == series.end()) {
      series.push_back({"us-gaap", tag, unit, {}});
      found = series.end() - 1;
    }
    KnownFact one;
    one.fact.start = start;
    one.fact.end = end;
    one.fact.value = value;
    one.fact.filed_on = filed;
    one.fact.accession = accession;
    one.known = known.value_or(noon(filed));
    one.known_by = "sgml";
    found->facts.push_back(one);
    return *this;
  }

  std::vector<StatementLine> ask(StatementQuery query) const { return must(statement(series, query)); }
};

const char* const kTenQ = "0000000001-20-000003";
const char* const kTenK = "0000000001-21-000001";
const char* const kNext = "0000000001-22-000001";

Company year_of_net_income() {
  Company out;
  out.add("NetIncomeLoss", day(2020, 1, 1), day(2020, 9, 30), 6, day(2020, 11, 2), kTenQ);
  out.add("NetIncomeLoss", day(2020, 7, 1), day(2020, 9, 30), 2, day(2020, 11, 2), kTenQ);
  out.add("NetIncomeLoss", day(2020, 1, 1), day(2020, 12, 31), 9, day(2021, 2, 1), kTenK);
  return out;
}

TEST(Statement, NothingIsKnownBeforeItsFiling) {
  const Company company = year_of_net_income();
  EXPECT_TRUE(company.ask({.metrics = {"net_income"}, .as_of = noon(day(2020, 11, 1))}).empty());
  const auto then = company.ask({.metrics = {"net_income"}, .as_of = noon(day(2020, 11, 2))});
  ASSERT_EQ(then.size(), 2U);
  EXPECT_EQ(then[0].fact.span(), Span::kQuarter);
  EXPECT_EQ(then[1].fact.span(), Span::kNineMonths);
  EXPECT_EQ(then[1].fact.value, 6);
}

TEST(Statement, TheFourthQuarterIsDerivedAndKnownWithTheYear) {
  const Company company = year_of_net_income();
  const StatementQuery quarters{.metrics = {"net_income"}, .duration = Span::kQuarter};
  StatementQuery before = quarters;
  before.as_of = Time{noon(day(2021, 2, 1)).nanos - 1};
  EXPECT_EQ(company.ask(before).size(), 1U);
  const auto all = company.ask(quarters);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].fact.derived);
  EXPECT_EQ(all[0].fact.value, 3);
  EXPECT_EQ(all[0].fact.accession, kTenK);
  EXPECT_EQ(all[0].fact.part_accession, kTenQ);
  EXPECT_EQ(all[0].known, noon(day(2021, 2, 1)));
  EXPECT_EQ(to_string(*all[0].fact.start), "2020-10-01");
  EXPECT_FALSE(all[1].fact.derived);
}

TEST(Statement, ADerivedQuarterIsKnownWithTheLaterOfItsParts) {
  // A late filer hands in the nine months on the day of the year, an hour after it.
  Company company;
  const Date both = day(2021, 6, 1);
  company.add("NetIncomeLoss", day(2020, 1, 1), day(2020, 12, 31), 9, both, kTenK, "USD", noon(both));
  const Time later{noon(both).nanos + 3600 * kNanosPerSecond};
  company.add("NetIncomeLoss", day(2020, 1, 1), day(2020, 9, 30), 6, both, kTenQ, "USD", later);
  const StatementQuery quarters{.metrics = {"net_income"}, .duration = Span::kQuarter};
  ASSERT_EQ(company.ask(quarters).size(), 1U);
  EXPECT_EQ(company.ask(quarters)[0].known, later);
  StatementQuery between = quarters;
  between.as_of = Time{later.nanos - 1};
  EXPECT_TRUE(company.ask(between).empty());
}

TEST(Statement, AQuarterThatWasFiledGoesBeforeOneThatIsDerived) {
  Company company = year_of_net_income();
  company.add("ProfitLoss", day(2020, 10, 1), day(2020, 12, 31), 3.5, day(2021, 2, 1), kTenK);
  const auto quarters = company.ask({.metrics = {"net_income"}, .duration = Span::kQuarter});
  ASSERT_EQ(quarters.size(), 2U);
  EXPECT_EQ(quarters[0].tag, "ProfitLoss") << "the second tag, but told and not computed";
  EXPECT_EQ(quarters[0].fact.value, 3.5);
}

TEST(Statement, ARestatementIsAVersionFromItsOwnFilingOn) {
  Company company;
  company.add("Assets", {}, day(2020, 12, 31), 100, day(2021, 2, 1), kTenK);
  company.add("Assets", {}, day(2020, 12, 31), 90, day(2022, 2, 1), kNext);
  const auto then = company.ask({.metrics = {"assets"}, .as_of = noon(day(2022, 1, 31))});
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].fact.value, 100);
  EXPECT_FALSE(then[0].is_restated);
  const auto now = company.ask({.metrics = {"assets"}});
  EXPECT_EQ(now[0].fact.value, 90);
  EXPECT_TRUE(now[0].is_restated);
  EXPECT_EQ(now[0].versions, 2);
  const auto history = company.ask({.metrics = {"assets"}, .all_versions = true});
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].fact.value, 100);
  EXPECT_FALSE(history[0].is_restated);
  EXPECT_EQ(history[1].fact.value, 90);
  EXPECT_TRUE(history[1].is_restated);
}

TEST(Statement, ACorrectionOfAFilingsNumberIsKnownWhenItWasReceived) {
  Company company;
  company.add("Assets", {}, day(2020, 12, 31), 100, day(2021, 2, 1), kTenK);
  company.add("Assets", {}, day(2020, 12, 31), 101, day(2021, 2, 1), kTenK, "USD", noon(day(2023, 5, 5)));
  EXPECT_EQ(company.ask({.metrics = {"assets"}, .as_of = noon(day(2023, 5, 4))})[0].fact.value, 100);
  EXPECT_EQ(company.ask({.metrics = {"assets"}, .as_of = noon(day(2023, 5, 5))})[0].fact.value, 101);
}

TEST(Statement, FallsBackOverTagsAndSaysWhich) {
  Company company;
  company.add("SalesRevenueNet", day(2016, 1, 1), day(2016, 12, 31), 10, day(2017, 2, 1), kTenK);
  company.add("RevenueFromContractWithCustomerExcludingAssessedTax", day(2018, 1, 1), day(2018, 12, 31), 12,
              day(2019, 2, 1), kNext);
  company.add("Revenues", day(2018, 1, 1), day(2018, 12, 31), 15, day(2019, 2, 1), kNext);
  const auto years = company.ask({.metrics = {"revenue"}, .duration = Span::kYear});
  ASSERT_EQ(years.size(), 2U);
  EXPECT_EQ(years[0].tag, "Revenues") << "the total before its part";
  EXPECT_EQ(years[0].fact.value, 15);
  EXPECT_EQ(years[1].tag, "SalesRevenueNet");
}

TEST(Statement, DurationsOfOneEndStayApart) {
  Company company;
  const Date end = day(2020, 6, 30);
  company.add("NetIncomeLoss", day(2020, 4, 1), end, 2, day(2020, 8, 1), kTenQ);
  company.add("NetIncomeLoss", day(2020, 1, 1), end, 5, day(2020, 8, 1), kTenQ);
  company.add("NetIncomeLoss", day(2019, 7, 1), end, 11, day(2020, 8, 1), kTenQ);
  for (const auto& [span, value] : {std::pair(Span::kQuarter, 2.0), {Span::kHalf, 5.0}, {Span::kYear, 11.0}}) {
    const auto lines = company.ask({.metrics = {"net_income"}, .duration = span});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].fact.value, value);
  }
}

TEST(Statement, UnitsOfAMetricAreThoseOfItsMeasure) {
  Company company;
  const Date end = day(2020, 12, 31);
  company.add("EarningsPerShareBasic", day(2020, 1, 1), end, 1.5, day(2021, 2, 1), kTenK, "USD/shares");
  company.add("Assets", {}, end, 7, day(2021, 2, 1), kTenK, "EUR");
  company.add("Assets", {}, end, 9, day(2021, 2, 1), kTenK, "pure");
  EXPECT_EQ(company.ask({.metrics = {"eps_basic"}}).at(0).fact.value, 1.5);
  const auto assets = company.ask({.metrics = {"assets"}});
  ASSERT_EQ(assets.size(), 1U);
  EXPECT_EQ(assets[0].unit, "EUR");
  EXPECT_EQ(company.ask({.tags = {"Assets"}}).size(), 2U) << "a tag that was asked for is told in every unit";
}

TEST(Statement, NewestOnlyIsTheNewestPeriodOfEachDuration) {
  Company company = year_of_net_income();
  company.add("Assets", {}, day(2019, 12, 31), 1, day(2020, 2, 1), kTenQ);
  company.add("Assets", {}, day(2020, 12, 31), 2, day(2021, 2, 1), kTenK);
  std::vector<std::string> seen;
  for (const StatementLine& line : company.ask({.is_newest_only = true})) {
    seen.push_back(line.metric + " " + std::string(source::edgar::to_string(line.fact.span())) + " " +
                   to_string(line.fact.end));
  }
  EXPECT_THAT(seen, ElementsAre("net_income quarter 2020-12-31", "net_income nine_months 2020-09-30",
                                "net_income year 2020-12-31", "assets instant 2020-12-31"));
}

TEST(Statement, DaysChooseByThePeriodsEnd) {
  const Company company = year_of_net_income();
  const auto lines = company.ask({.metrics = {"net_income"}, .from = day(2020, 9, 1), .to = day(2020, 9, 30)});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].fact.value, 2);
}

TEST(Statement, UnknownNamesHaveTheNearest) {
  const Company company = year_of_net_income();
  const auto metric = statement(company.series, {.metrics = {"revenu"}});
  ASSERT_FALSE(metric);
  EXPECT_THAT(render(metric.error()), HasSubstr("did you mean 'revenue'"));
  const auto tag = statement(company.series, {.tags = {"NetIncomeLos"}});
  ASSERT_FALSE(tag);
  EXPECT_THAT(render(tag.error()), HasSubstr("NetIncomeLoss"));
}

// Whatever the order of rows, whatever the day: no line is known after as_of, and what was known stays known.
TEST(Statement, NoLineIsKnownAfterAsOf) {
  Company company = year_of_net_income();
  company.add("NetIncomeLoss", day(2020, 1, 1), day(2020, 12, 31), 8, day(2022, 2, 1), kNext);
  std::size_t before = 0;
  for (Date at = day(2020, 10, 1); at < day(2022, 3, 1); at = at + 1) {
    const auto lines = company.ask({.metrics = {"net_income"}, .as_of = noon(at)});
    for (const StatementLine& line : lines) {
      EXPECT_LE(line.known, noon(at));
    }
    EXPECT_GE(lines.size(), before);
    before = lines.size();
  }
  EXPECT_EQ(before, 4U);
}

}  // namespace
}  // namespace lode::flow
