// As-of values, derived quarters, concepts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/fact_periods.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "lode/io/source/edgar/eastern.h"

namespace lode::source::edgar {
namespace {

bool is_money(std::string_view unit) {
  return unit.size() == 3 && std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'Z'; });
}

Time public_time(const Fact& fact, const PublicTimes& public_times) {
  const auto known = public_times ? public_times(fact.accession) : std::nullopt;
  return known.value_or(eastern_end(fact.filed_on));
}

// The span whose end a longer one continues by a quarter.
std::optional<Span> span_before(Span span) {
  switch (span) {
    case Span::kHalf:
      return Span::kQuarter;
    case Span::kNineMonths:
      return Span::kHalf;
    case Span::kYear:
      return Span::kNineMonths;
    default:
      return std::nullopt;
  }
}

// Facts of one start date, in the order of filing.
using ByStart = std::map<Date, std::vector<const Fact*>>;

ByStart by_start(const std::vector<Fact>& facts) {
  ByStart out;
  for (const Fact& fact : facts) {
    if (fact.start) {
      out[*fact.start].push_back(&fact);
    }
  }
  for (auto& [start, list] : out) {
    std::ranges::stable_sort(list, [](const Fact* a, const Fact* b) {
      return std::pair(a->filed_on, std::string_view(a->accession)) <
             std::pair(b->filed_on, std::string_view(b->accession));
    });
  }
  return out;
}

// The last of `list` of that span that was filed by `day`.
const Fact* last_of(const std::vector<const Fact*>& list, Span span, Date day) {
  const Fact* out = nullptr;
  for (const Fact* fact : list) {
    if (fact->filed_on <= day && fact->span() == span) {
      out = fact;
    }
  }
  return out;
}

bool was_filed(const ByStart& facts, Date start, Date end, Date day) {
  const auto list = facts.find(start);
  return list != facts.end() &&
         std::ranges::any_of(list->second, [&](const Fact* fact) { return fact->end == end && fact->filed_on <= day; });
}

constexpr Date kEver{-200'000};
constexpr Date kStill{2'000'000};

// Revenue moved to its present tag with ASC 606 (ASU 2014-09): years that begin after 2017-12-15, early adopters a year
// before; SalesRevenueNet left the taxonomy in 2018.
const Date kNewRevenue = Date::from_civil(2017, 1, 1);
const Date kOldRevenue = Date::from_civil(2019, 12, 31);

DatedTag us(std::string_view tag, Date from = kEver, Date to = kStill) { return {"us-gaap", tag, from, to}; }
DatedTag ifrs(std::string_view tag) { return {"ifrs-full", tag, kEver, kStill}; }

std::vector<Concept> span_concepts() {
  return {
      {"revenue",
       "sales of goods and services",
       false,
       {us("RevenueFromContractWithCustomerExcludingAssessedTax", kNewRevenue), us("Revenues"),
        us("SalesRevenueNet", kEver, kOldRevenue), us("SalesRevenueGoodsNet", kEver, kOldRevenue),
        us("RevenueFromContractWithCustomerIncludingAssessedTax", kNewRevenue), ifrs("Revenue")}},
      {"cost_of_revenue",
       "cost of what was sold",
       false,
       {us("CostOfRevenue"), us("CostOfGoodsAndServicesSold"), us("CostOfGoodsSold", kEver, kOldRevenue),
        ifrs("CostOfSales")}},
      {"gross_profit", "revenue less its cost", false, {us("GrossProfit"), ifrs("GrossProfit")}},
      {"operating_income",
       "profit of operations",
       false,
       {us("OperatingIncomeLoss"), ifrs("ProfitLossFromOperatingActivities")}},
      {"net_income",
       "profit after tax, the owners' part first",
       false,
       {us("NetIncomeLoss"), us("ProfitLoss"), ifrs("ProfitLossAttributableToOwnersOfParent"), ifrs("ProfitLoss")}},
      {"operating_cash_flow",
       "cash from operations",
       false,
       {us("NetCashProvidedByUsedInOperatingActivities"),
        us("NetCashProvidedByUsedInOperatingActivitiesContinuingOperations"),
        ifrs("CashFlowsFromUsedInOperatingActivities")}},
      {"capital_expenditure",
       "cash paid for property and equipment",
       false,
       {us("PaymentsToAcquirePropertyPlantAndEquipment"), us("PaymentsToAcquireProductiveAssets")}},
  };
}

std::vector<Concept> instant_concepts() {
  return {
      {"assets", "all assets", true, {us("Assets"), ifrs("Assets")}},
      {"liabilities", "all liabilities", true, {us("Liabilities"), ifrs("Liabilities")}},
      {"equity",
       "owners' equity, without minorities first",
       true,
       {us("StockholdersEquity"), us("StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest"),
        ifrs("EquityAttributableToOwnersOfParent"), ifrs("Equity")}},
      {"cash",
       "cash and equivalents",
       true,
       {us("CashAndCashEquivalentsAtCarryingValue"),
        us("CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents", kNewRevenue),
        ifrs("CashAndCashEquivalents")}},
      {"shares_outstanding",
       "shares on the cover, else on the balance sheet",
       true,
       {{"dei", "EntityCommonStockSharesOutstanding", kEver, kStill}, us("CommonStockSharesOutstanding")}},
  };
}

std::vector<Concept> make_concepts() {
  std::vector<Concept> out = span_concepts();
  std::ranges::move(instant_concepts(), std::back_inserter(out));
  return out;
}

}  // namespace

const Fact* as_of(std::span<const Fact> facts, std::optional<Date> start, Date end, Time as_of,
                  const PublicTimes& public_times) {
  const Fact* best = nullptr;
  Time best_time{};
  for (const Fact& fact : facts) {
    if (fact.end != end || fact.start != start) {
      continue;
    }
    const Time known = public_time(fact, public_times);
    if (known <= as_of && (best == nullptr || std::pair(best_time, std::string_view(best->accession)) <
                                                  std::pair(known, std::string_view(fact.accession)))) {
      best = &fact;
      best_time = known;
    }
  }
  return best;
}

std::vector<Fact> derive_quarters(const FactSeries& series) {
  std::vector<Fact> out;
  if (!is_money(series.unit)) {
    return out;
  }
  const ByStart facts = by_start(series.facts);
  for (const auto& [start, list] : facts) {
    for (const Fact* whole : list) {
      const auto before = span_before(whole->span());
      const bool is_its_report = whole->filed_on - whole->end <= kReportDays;
      const Fact* part = before && is_its_report ? last_of(list, *before, whole->filed_on) : nullptr;
      if (part == nullptr) {
        continue;
      }
      Fact quarter = *whole;
      quarter.start = part->end + 1;
      quarter.value = whole->value - part->value;
      quarter.exact.clear();
      quarter.derived = true;
      if (quarter.span() == Span::kQuarter && !was_filed(facts, *quarter.start, quarter.end, whole->filed_on)) {
        out.push_back(std::move(quarter));
      }
    }
  }
  return out;
}

std::span<const Concept> concepts() {
  static const std::vector<Concept> kConcepts = make_concepts();
  return kConcepts;
}

const Concept* find_concept(std::string_view name) {
  const auto found = std::ranges::find(concepts(), name, &Concept::name);
  return found == concepts().end() ? nullptr : &*found;
}

ConceptValue concept_as_of(const CompanyFacts& facts, const Concept& asked, std::string_view unit,
                           std::optional<Date> start, Date end, Time at, const PublicTimes& public_times) {
  for (const DatedTag& tag : asked.tags) {
    if (end < tag.from || end > tag.to) {
      continue;
    }
    const FactSeries* series = facts.find(tag.taxonomy, tag.tag, unit);
    const Fact* fact = series == nullptr ? nullptr : as_of(series->facts, start, end, at, public_times);
    if (fact != nullptr) {
      return {fact, &tag};
    }
  }
  return {};
}

}  // namespace lode::source::edgar
