// Renames, reuse of symbols, delistings, classes: who was who on a day.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/symbol_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Date day(int year, int month, int of_month) { return Date::from_civil(year, month, of_month); }

constexpr InstrumentId kFacebook{1}, kFund{2}, kTimeWarner{3}, kOldMeta{4}, kBerkshire{5}, kSydney{6};
constexpr const char* kFacebookCik = "0001326801";

// Facebook took META from a fund in 2022; Time Warner was delisted; a class is spelled with a dot on the exchange and a
// dash in the register; an Australian paper has an American symbol.
SymbolMap example() {
  return SymbolMap({{kFacebook, "XNAS", "FB", "", "Meta Platforms", day(2012, 5, 18), {}},
                    {kFund, "ARCX", "META", "", "A fund", day(2021, 6, 30), {}},
                    {kTimeWarner, "XNYS", "TWX", "", "Time Warner", {}, day(2018, 6, 14)},
                    {kBerkshire, "XNYS", "BRK.B", "", "Berkshire", {}, {}},
                    {kSydney, "XASX", "TWX", "", "Somebody in Sydney", {}, {}}},
                   {{kFacebook, "XNAS", "FB", day(2012, 5, 18), {}},
                    {kFacebook, "XNAS", "META", day(2022, 6, 9), {}},
                    {kFund, "XNAS", "META", day(2021, 6, 30), {}},
                    {kTimeWarner, "XNYS", "TWX", day(2003, 10, 16), {}},
                    {kBerkshire, "XNYS", "BRK.B", day(1996, 5, 9), {}},
                    {kSydney, "XASX", "TWX", day(2001, 1, 1), {}}},
                   {{kFacebookCik, "META", "Meta Platforms, Inc.", day(2026, 3, 1), {}},
                    {"0001105705", "TWX", "TIME WARNER INC.", day(2018, 1, 2), day(2018, 6, 14)},
                    {"0001067983", "BRK-B", "BERKSHIRE HATHAWAY INC", day(2026, 3, 1), {}}});
}

TEST(SymbolMap, ASymbolIsOneInstrumentsAtATime) {
  const SymbolMap map = example();
  EXPECT_THAT(map.instruments("META", day(2021, 12, 1)), ElementsAre(kFund));
  EXPECT_THAT(map.instruments("META", day(2022, 6, 8)), ElementsAre(kFund));
  EXPECT_THAT(map.instruments("META", day(2022, 6, 9)), ElementsAre(kFacebook));
  EXPECT_THAT(map.instruments("fb", day(2022, 6, 8)), ElementsAre(kFacebook));
  EXPECT_THAT(map.instruments("FB", day(2022, 6, 9)), IsEmpty()) << "renamed";
  EXPECT_THAT(map.instruments("FB", day(2012, 5, 17)), IsEmpty()) << "not listed yet";
}

TEST(SymbolMap, ADelistedSymbolEnds) {
  const SymbolMap map = example();
  EXPECT_THAT(map.instruments("TWX", day(2018, 6, 14)), ElementsAre(kTimeWarner, kSydney));
  EXPECT_THAT(map.instruments("TWX", day(2018, 6, 15)), ElementsAre(kSydney));
}

TEST(SymbolMap, ACompanyIsFoundThroughTheRegisterAndKeptThroughRenames) {
  const SymbolMap map = example();
  const CompanyLink seen{kFacebookCik, false, day(2026, 3, 1)};
  EXPECT_EQ(map.company_of(kFacebook, day(2026, 3, 1)), seen);
  EXPECT_EQ(map.company_of(kFacebook, day(2030, 1, 1)), seen);
  EXPECT_EQ(map.company_of(kFacebook, day(2015, 1, 2)), (CompanyLink{kFacebookCik, true, day(2026, 3, 1)}))
      << "under its old symbol, and told to be assumed";
  EXPECT_EQ(map.company_of(kFund, day(2021, 12, 1)), std::nullopt) << "had the symbol, was never in the register";
  EXPECT_EQ(map.company_of(InstrumentId{99}, day(2021, 12, 1)), std::nullopt);
}

TEST(SymbolMap, ALinkOutlivesTheDelisting) {
  const SymbolMap map = example();
  EXPECT_EQ(map.company_of(kTimeWarner, day(2020, 1, 1)), (CompanyLink{"0001105705", false, day(2018, 1, 2)}));
  EXPECT_EQ(map.company_of(kSydney, day(2018, 2, 1)), std::nullopt) << "the register names American papers";
}

TEST(SymbolMap, ClassesAreSpelledInSeveralWays) {
  EXPECT_EQ(plain_symbol(" brk-b "), "BRK.B");
  EXPECT_EQ(plain_symbol("BRK/B"), "BRK.B");
  const SymbolMap map = example();
  EXPECT_THAT(map.instruments("BRK-B", day(2026, 4, 1)), ElementsAre(kBerkshire));
  ASSERT_EQ(map.companies("BRK/B", day(2026, 4, 1)).size(), 1U);
  EXPECT_EQ(map.companies("BRK/B", day(2026, 4, 1))[0].cik, "0001067983");
}

TEST(SymbolMap, TheRegisterAloneNamesCompaniesWithoutInstruments) {
  const SymbolMap map(
      {}, {},
      {{"0000000007", "NEW", "N", day(2026, 1, 5), {}}, {"0000000008", "OLD", "O", day(2025, 1, 5), day(2025, 6, 1)}});
  EXPECT_EQ(map.companies("NEW", day(2026, 1, 5)), (std::vector{CompanyLink{"0000000007", false, day(2026, 1, 5)}}));
  EXPECT_EQ(map.companies("NEW", day(2020, 1, 5)), (std::vector{CompanyLink{"0000000007", true, day(2026, 1, 5)}}));
  EXPECT_THAT(map.companies("OLD", day(2025, 6, 2)), IsEmpty()) << "gone from the register";
  EXPECT_THAT(map.companies("NONE", day(2025, 6, 2)), IsEmpty());
}

TEST(SymbolMap, TheTableOfInstrumentsDecidesWhereItNamesACompany) {
  const SymbolMap map({{kFacebook, "XNAS", "FB", "0000000042", "", {}, {}}}, {},
                      {{kFacebookCik, "FB", "", day(2020, 1, 1), {}}});
  EXPECT_EQ(map.company_of(kFacebook, day(2021, 1, 1))->cik, "0000000042");
  EXPECT_THAT(map.instruments_of("0000000042", day(2021, 1, 1)), ElementsAre(kFacebook));
  EXPECT_THAT(map.instruments_of(kFacebookCik, day(2021, 1, 1)), IsEmpty());
  EXPECT_THAT(map.instruments("FB", day(1990, 1, 1)), ElementsAre(kFacebook)) << "no dates: whenever";
}

TEST(SymbolMap, TwoCompaniesUnderOneSymbolAreNoLink) {
  const SymbolMap map({{kOldMeta, "XNAS", "X", "", "", {}, {}}}, {{kOldMeta, "XNAS", "X", day(2000, 1, 1), {}}},
                      {{"0000000001", "X", "", day(2020, 1, 1), {}}, {"0000000002", "X", "", day(2020, 1, 1), {}}});
  EXPECT_EQ(map.company_of(kOldMeta, day(2021, 1, 1)), std::nullopt);
  EXPECT_EQ(map.companies("X", day(2021, 1, 1)).size(), 2U) << "the reader has to say which";
}

TEST(SymbolMap, AnInstrumentChangesItsCompanyOnTheDayTheRegisterSaysSo) {
  // Google's shares became Alphabet's, a company of its own number, in October 2015.
  const InstrumentId google{10};
  const SymbolMap map({{google, "XNAS", "GOOG", "", "", {}, {}}}, {{google, "XNAS", "GOOG", day(2004, 8, 19), {}}},
                      {{"0001288776", "GOOG", "", day(2010, 1, 4), day(2015, 10, 2)},
                       {"0001652044", "GOOG", "", day(2015, 10, 5), {}}});
  EXPECT_EQ(map.company_of(google, day(2015, 10, 4))->cik, "0001288776");
  EXPECT_EQ(map.company_of(google, day(2015, 10, 5))->cik, "0001652044");
  EXPECT_THAT(map.instruments_of("0001288776", day(2012, 1, 1)), ElementsAre(google));
}

TEST(SymbolMap, TheOrderOfItsRowsDoesNotMatter) {
  const std::vector<Spelling> rows = {{kFacebook, "XNAS", "META", day(2022, 6, 9), {}},
                                      {kFund, "XNAS", "META", day(2021, 6, 30), {}},
                                      {kFacebook, "XNAS", "FB", day(2012, 5, 18), {}}};
  std::vector<Spelling> turned(rows.rbegin(), rows.rend());
  const SymbolMap a({}, rows, {});
  const SymbolMap b({}, turned, {});
  ASSERT_EQ(a.spellings().size(), b.spellings().size());
  for (std::size_t i = 0; i < a.spellings().size(); ++i) {
    EXPECT_EQ(a.spellings()[i].symbol, b.spellings()[i].symbol);
    EXPECT_EQ(a.spellings()[i].to, b.spellings()[i].to);
  }
}

}  // namespace
}  // namespace lode::flow
