// The table of concepts. Elements are those of the US GAAP Financial Reporting Taxonomy (FASB, releases of 2009 to
// 2025), of Document and Entity Information (SEC) and of the IFRS Taxonomy (IFRS Foundation). The total stands before
// its parts: a lessor's contract revenue is less than its Revenues.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/concepts.h"

#include <algorithm>
#include <iterator>

namespace lode::source::edgar {
namespace {

constexpr Date kEver{-200'000};
constexpr Date kStill{2'000'000};

// Contract revenue came with ASC 606 (ASU 2014-09): years that begin after 2017-12-15, early adopters a year before;
// SalesRevenueNet left the taxonomy in 2018.
const Date kNewRevenue = Date::from_civil(2017, 1, 1);
const Date kOldRevenue = Date::from_civil(2019, 12, 31);

DatedTag us(std::string_view tag, Date from = kEver, Date to = kStill) { return {"us-gaap", tag, from, to}; }
DatedTag ifrs(std::string_view tag) { return {"ifrs-full", tag, kEver, kStill}; }

// Of the statement of income.
std::vector<Concept> income_concepts() {
  return {
      {"revenue",
       "sales of goods and services",
       false,
       {us("Revenues"), us("RevenueFromContractWithCustomerExcludingAssessedTax", kNewRevenue),
        us("SalesRevenueNet", kEver, kOldRevenue), us("SalesRevenueGoodsNet", kEver, kOldRevenue),
        us("RevenueFromContractWithCustomerIncludingAssessedTax", kNewRevenue), ifrs("Revenue")}},
      {"cost_of_revenue",
       "cost of what was sold",
       false,
       {us("CostOfRevenue"), us("CostOfGoodsAndServicesSold"), us("CostOfGoodsSold", kEver, kOldRevenue),
        ifrs("CostOfSales")}},
      {"gross_profit", "revenue less its cost", false, {us("GrossProfit"), ifrs("GrossProfit")}},
      {"research_and_development",
       "research and development, as expensed",
       false,
       {us("ResearchAndDevelopmentExpense"), us("ResearchAndDevelopmentExpenseExcludingAcquiredInProcessCost"),
        ifrs("ResearchAndDevelopmentExpense")}},
      {"selling_general_administrative",
       "selling, general and administrative expense",
       false,
       {us("SellingGeneralAndAdministrativeExpense"), ifrs("SellingGeneralAndAdministrativeExpense")}},
      {"operating_income",
       "profit of operations",
       false,
       {us("OperatingIncomeLoss"), ifrs("ProfitLossFromOperatingActivities")}},
      {"interest_expense",
       "interest, as expensed",
       false,
       {us("InterestExpense"), us("InterestExpenseNonoperating"), us("InterestExpenseDebt"), ifrs("InterestExpense")}},
      {"income_before_taxes",
       "profit before income taxes",
       false,
       {us("IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest"),
        us("IncomeLossFromContinuingOperationsBeforeIncomeTaxesMinorityInterestAndIncomeLossFromEquityMethod"
           "Investments"),
        ifrs("ProfitLossBeforeTax")}},
      {"income_tax",
       "income taxes",
       false,
       {us("IncomeTaxExpenseBenefit"), ifrs("IncomeTaxExpenseContinuingOperations")}},
      {"net_income",
       "profit after tax, the owners' part first",
       false,
       {us("NetIncomeLoss"), us("ProfitLoss"), ifrs("ProfitLossAttributableToOwnersOfParent"), ifrs("ProfitLoss")}},
      {"eps_basic",
       "earnings a share",
       false,
       {us("EarningsPerShareBasic"), us("EarningsPerShareBasicAndDiluted"), ifrs("BasicEarningsLossPerShare")},
       Measure::kPerShare},
      {"eps_diluted",
       "earnings a share were every option a share",
       false,
       {us("EarningsPerShareDiluted"), us("EarningsPerShareBasicAndDiluted"), ifrs("DilutedEarningsLossPerShare")},
       Measure::kPerShare},
      {"shares_diluted",
       "mean shares of the period were every option a share",
       false,
       {us("WeightedAverageNumberOfDilutedSharesOutstanding"), ifrs("AdjustedWeightedAverageShares")},
       Measure::kShares},
  };
}

// Of the statement of cash flows: quarterly reports tell them from the year's first day on.
std::vector<Concept> cash_concepts() {
  return {
      {"operating_cash_flow",
       "cash from operations",
       false,
       {us("NetCashProvidedByUsedInOperatingActivities"),
        us("NetCashProvidedByUsedInOperatingActivitiesContinuingOperations"),
        ifrs("CashFlowsFromUsedInOperatingActivities")}},
      {"depreciation",
       "depreciation and amortization",
       false,
       {us("DepreciationDepletionAndAmortization"), us("DepreciationAmortizationAndAccretionNet"),
        us("DepreciationAndAmortization"), ifrs("DepreciationAndAmortisationExpense")}},
      {"capital_expenditure",
       "cash paid for property and equipment",
       false,
       {us("PaymentsToAcquirePropertyPlantAndEquipment"), us("PaymentsToAcquireProductiveAssets"),
        ifrs("PurchaseOfPropertyPlantAndEquipmentClassifiedAsInvestingActivities")}},
      {"dividends_paid",
       "cash paid as dividends",
       false,
       {us("PaymentsOfDividends"), us("PaymentsOfDividendsCommonStock"),
        ifrs("DividendsPaidClassifiedAsFinancingActivities")}},
  };
}

// Of the balance sheet: what is owned.
std::vector<Concept> owned_concepts() {
  return {
      {"assets", "all assets", true, {us("Assets"), ifrs("Assets")}},
      {"assets_current", "assets of a year", true, {us("AssetsCurrent"), ifrs("CurrentAssets")}},
      {"cash",
       "cash and equivalents",
       true,
       {us("CashAndCashEquivalentsAtCarryingValue"),
        us("CashCashEquivalentsRestrictedCashAndRestrictedCashEquivalents", kNewRevenue),
        ifrs("CashAndCashEquivalents")}},
      {"receivables",
       "what customers owe",
       true,
       {us("AccountsReceivableNetCurrent"), us("ReceivablesNetCurrent"), ifrs("TradeAndOtherCurrentReceivables")}},
      {"inventory", "goods in stock", true, {us("InventoryNet"), ifrs("Inventories")}},
      {"property",
       "property and equipment",
       true,
       {us("PropertyPlantAndEquipmentNet"), ifrs("PropertyPlantAndEquipment")}},
      {"goodwill", "goodwill", true, {us("Goodwill"), ifrs("Goodwill")}},
  };
}

// Of the balance sheet: what is owed, and to the owners.
std::vector<Concept> liability_concepts() {
  return {
      {"liabilities", "all liabilities", true, {us("Liabilities"), ifrs("Liabilities")}},
      {"liabilities_current", "liabilities of a year", true, {us("LiabilitiesCurrent"), ifrs("CurrentLiabilities")}},
      {"short_term_debt",
       "debt due within a year",
       true,
       {us("DebtCurrent"), us("LongTermDebtCurrent"), us("ShortTermBorrowings"), ifrs("ShorttermBorrowings")}},
      {"long_term_debt",
       "debt due later",
       true,
       {us("LongTermDebtNoncurrent"), us("LongTermDebt"), us("LongTermDebtAndCapitalLeaseObligations"),
        ifrs("LongtermBorrowings")}},
      {"equity",
       "owners' equity, without minorities first",
       true,
       {us("StockholdersEquity"), us("StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest"),
        ifrs("EquityAttributableToOwnersOfParent"), ifrs("Equity")}},
      {"retained_earnings",
       "profits kept since the beginning",
       true,
       {us("RetainedEarningsAccumulatedDeficit"), ifrs("RetainedEarnings")}},
      {"shares_outstanding",
       "shares on the cover, else on the balance sheet",
       true,
       {{"dei", "EntityCommonStockSharesOutstanding", kEver, kStill}, us("CommonStockSharesOutstanding")},
       Measure::kShares},
  };
}

std::vector<Concept> make_concepts() {
  std::vector<Concept> out = income_concepts();
  for (std::vector<Concept> more : {cash_concepts(), owned_concepts(), liability_concepts()}) {
    std::ranges::move(more, std::back_inserter(out));
  }
  return out;
}

bool is_currency(std::string_view unit) {
  return unit.size() == 3 && std::ranges::all_of(unit, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

bool is_unit_of(Measure measure, std::string_view unit) {
  switch (measure) {
    case Measure::kMoney:
      return is_currency(unit);
    case Measure::kShares:
      return unit == "shares";
    case Measure::kPerShare:
      return unit.ends_with("/shares") && is_currency(unit.substr(0, unit.size() - std::string_view("/shares").size()));
  }
  return false;
}

std::span<const Concept> concepts() {
  static const std::vector<Concept> kConcepts = make_concepts();
  return kConcepts;
}

const Concept* find_concept(std::string_view name) {
  const auto found = std::ranges::find(concepts(), name, &Concept::name);
  return found == concepts().end() ? nullptr : &*found;
}

}  // namespace lode::source::edgar
