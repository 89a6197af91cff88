// Filings by the paper they are about, on their own days.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/filings_of.h"

#include <gmock/gmock.h>

namespace lode::flow {
namespace {

using ::testing::ElementsAre;

constexpr InstrumentId kFacebook{1}, kFund{2}, kClassA{3}, kClassC{4};
constexpr const char* kMeta = "0001326801";
constexpr const char* kFundCik = "0001742912";
constexpr const char* kAlphabet = "0001652044";
constexpr const char* kNobody = "0009999999";

Date day(int year, int month, int of_month) { return Date::from_civil(year, month, of_month); }

// META was a fund's until Facebook took it; Alphabet has two classes; the register begins in 2026, but for the fund.
SymbolMap example() {
  return SymbolMap({{kFacebook, "XNAS", "FB", "", "", {}, {}},
                    {kFund, "ARCX", "META", kFundCik, "", day(2021, 6, 30), {}},
                    {kClassA, "XNAS", "GOOGL", kAlphabet, "", {}, {}},
                    {kClassC, "XNAS", "GOOG", kAlphabet, "", {}, {}}},
                   {{kFacebook, "XNAS", "FB", day(2012, 5, 18), {}},
                    {kFacebook, "XNAS", "META", day(2022, 6, 9), {}},
                    {kFund, "XNAS", "META", day(2021, 6, 30), {}}},
                   {{kMeta, "META", "Meta Platforms", day(2026, 3, 1), {}},
                    {kNobody, "ONLY", "In the register alone", day(2026, 3, 1), {}}});
}

struct Row {
  const char* cik;
  Date on;
};

Batch filings(const std::vector<Row>& rows) {
  Column ciks("cik", ColumnType::kText), ids("instrument_id", ColumnType::kUint64);
  Column times("public_at", ColumnType::kTime), numbers("number", ColumnType::kInt64);
  for (const Row& row : rows) {
    row.cik == nullptr ? ciks.push_null() : ciks.push(std::string_view(row.cik));
    ids.push_null();
    times.push(Time{start_of_day(row.on).nanos + 20 * 3600 * kNanosPerSecond});
    numbers.push(static_cast<std::int64_t>(numbers.size()));
  }
  return Batch({ciks, ids, times, numbers});
}

// "0 FB 1": number, symbol and instrument of each row that is left.
std::vector<std::string> shown(const std::vector<Row>& rows, const std::vector<std::string>& symbols,
                               std::optional<Date> on = {}, std::int64_t limit = 0) {
  const SymbolMap map = example();
  const Batch out = filings_with_instruments(map, filings(rows), filing_symbols(map, symbols, on), limit);
  EXPECT_EQ(out.columns().front().name(), "symbol");
  std::vector<std::string> lines;
  for (std::size_t row = 0; row < out.rows(); ++row) {
    lines.push_back(
        out.column("number").cell(row) + " " + out.column("symbol").cell(row) + " " +
        (out.column("instrument_id").is_null(row) ? "-" : std::to_string(out.column("instrument_id").uint64s()[row])));
  }
  return lines;
}

const std::vector<Row> kRows = {{kMeta, day(2019, 1, 30)},    {kFundCik, day(2021, 9, 1)}, {kMeta, day(2023, 2, 1)},
                                {kAlphabet, day(2023, 2, 2)}, {nullptr, day(2023, 2, 3)},  {kNobody, day(2026, 4, 1)}};

TEST(FilingsOf, EachFilingHasThePaperItsCompanyHadThatDay) {
  EXPECT_THAT(shown(kRows, {}), ElementsAre("0 FB 1", "1 META 2", "2 META 1", "3  -", "4  -", "5  -"))
      << "of a company with two papers neither is guessed";
}

TEST(FilingsOf, ASymbolMeansThePaperOfTheDayAskedAbout) {
  EXPECT_THAT(shown(kRows, {"META"}, day(2023, 6, 1)), ElementsAre("0 FB 1", "2 META 1")) << "also before the rename";
  EXPECT_THAT(shown(kRows, {"meta"}, day(2021, 12, 1)), ElementsAre("1 META 2"));
  EXPECT_THAT(shown(kRows, {"FB"}, day(2019, 6, 1)), ElementsAre("0 FB 1", "2 META 1"));
  EXPECT_THAT(shown(kRows, {"META"}), ElementsAre("0 FB 1", "1 META 2", "2 META 1")) << "whoever ever was";
}

TEST(FilingsOf, OfTwoPapersTheOneAskedForIsTold) {
  EXPECT_THAT(shown(kRows, {"GOOG"}), ElementsAre("3 GOOG 4"));
  EXPECT_THAT(shown(kRows, {"GOOGL", "FB"}), ElementsAre("0 FB 1", "2 META 1", "3 GOOGL 3"));
}

TEST(FilingsOf, WithoutAPaperTheRegisterNamesTheCompany) {
  EXPECT_THAT(shown(kRows, {"ONLY"}), ElementsAre("5  -"));
  EXPECT_THAT(companies_meant(example(), filing_symbols(example(), {"ONLY", "META"}, {})),
              ElementsAre(kMeta, kFundCik, kNobody));
}

TEST(FilingsOf, TheLimitCountsWhatIsLeft) {
  EXPECT_THAT(shown(kRows, {"META"}, day(2023, 6, 1), 1), ElementsAre("0 FB 1"));
  EXPECT_EQ(shown(kRows, {}, {}, 2).size(), 2U);
}

}  // namespace
}  // namespace lode::flow
