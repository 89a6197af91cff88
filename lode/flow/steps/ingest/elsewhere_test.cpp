// The same files imported once with an exchange and once without.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/elsewhere.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/testing.h"
#include "lode/flow/steps/store/relabel.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kTwo = std::string(kBarsHeader) +
                         "2024-01-02,AAA,10,11,9,10,100\n2024-01-03,AAA,10,11,9,10.5,100\n"
                         "2024-01-04,AAA,10,11,9,10.1,120\n"
                         "2024-01-02,BBB,20,21,19,20,7\n2024-01-03,BBB,20,21,19,20.5,8\n"
                         "2024-01-04,BBB,20,21,19,20.1,9\n";

std::string row(std::string_view day, std::string_view symbol, double close, std::string_view volume) {
  return fmt::format("{},{},{},{},{},{},{}\n", day, symbol, close, close + 1, close - 1, close, volume);
}

class Elsewhere : public ::testing::Test {
 protected:
  std::string mistake(const std::string& text, const std::string& mic) {
    const Result<IngestReport> report = bring(text, mic);
    return report ? "no error" : render(report.error());
  }
  Result<IngestReport> bring(const std::string& text, const std::string& mic) {
    return world_.run({world_.write("f" + std::to_string(++files_) + ".csv", text)}, "bars", mic);
  }
  std::vector<std::string> instruments() { return world_.rows("instruments", {"symbol", "mic"}); }

  IngestWorld world_;
  int files_ = 0;
};

TEST_F(Elsewhere, WithAnExchangeAfterWithoutOneIsRefusedWithTheCommandThatMendsIt) {
  must(bring(kTwo, ""));
  EXPECT_EQ(mistake(kTwo, "XNYS"),
            "error[E2022]: 2 symbols, first AAA, stand under no exchange (XXXX) already with the same days, closes and "
            "volumes (6 rows); as instruments of XNYS they would be doubled\n"
            "help: lode data relabel --mic XNYS gives them to XNYS; then import again for what is new");
  EXPECT_EQ(instruments().size(), 2U) << "nothing was stored";
  const auto lake =
      must(lake::Lake::open(world_.lake_folder(), lake::Access::kWrite, world_.test.clock, world_.test.pool));
  World world = world_.test.world();
  must(relabel(world, *lake, must(plan_relabel(*lake, "XXXX", "XNYS"))));
  const IngestReport again = must(bring(kTwo + "2024-01-05,AAA,10,11,9,10,100\n", "XNYS"));
  EXPECT_EQ(again.dropped, 6);
  EXPECT_EQ(again.kept, 1);
  EXPECT_THAT(instruments(), ::testing::UnorderedElementsAre("AAA XNYS", "BBB XNYS"));
}

TEST_F(Elsewhere, WithoutAnExchangeAfterWithOneIsRefused) {
  must(bring(kTwo, "XNYS"));
  EXPECT_THAT(mistake(kTwo, ""), HasSubstr("stand under XNYS already"));
  EXPECT_THAT(mistake(kTwo, ""), HasSubstr("\nhelp: add --mic XNYS"));
}

TEST_F(Elsewhere, AnotherExchangeIsRefusedAndOffersBothWaysOut) {
  must(bring(kTwo, "XNYS"));
  EXPECT_THAT(mistake(kTwo, "XNAS"), HasSubstr("\nhelp: --mic XNYS, or lode data relabel --was XNYS --mic XNAS if that "
                                               "one was wrong"));
}

TEST_F(Elsewhere, OneEqualDayRefusesNothingAndIsSaid) {
  must(bring(kTwo, "XNYS"));
  const std::string file = std::string(kBarsHeader) + row("2024-01-03", "AAA", 10.5, "100") +
                           row("2024-01-04", "AAA", 10.1, "120") + row("2024-01-03", "CCC", 1.5, "1") +
                           row("2024-01-03", "DDD", 1.5, "1") + row("2024-01-03", "EEE", 1.5, "1");
  const IngestReport report = must(bring(file, "XASX"));
  EXPECT_EQ(report.kept, 5);
  EXPECT_THAT(report.notes, Contains("1 of 1 symbol that stands under XNYS too agrees with it in close and volume, "
                                     "first AAA (on 2 of 2 shared days); stored as instruments of XASX, so see that "
                                     "this is right"));
}

TEST_F(Elsewhere, OneOfManySymbolsRefusesNothing) {
  must(bring(kTwo + row("2024-01-02", "CCC", 3, "1") + row("2024-01-02", "DDD", 3, "1"), "XNYS"));
  std::string file(kTwo.substr(0, kTwo.find("2024-01-02,BBB")));  // AAA in full.
  file += row("2024-01-02", "BBB", 7, "5") + row("2024-01-02", "CCC", 8, "5") + row("2024-01-02", "DDD", 9, "5");
  const IngestReport report = must(bring(file, "XASX"));
  EXPECT_EQ(report.kept, 6);
  EXPECT_THAT(report.notes, Contains(HasSubstr("1 of 4 symbols that stand under XNYS too agrees with it")));
}

TEST_F(Elsewhere, OneDayOfManySymbolsIsNoCoincidence) {
  std::string past(kBarsHeader), day(kBarsHeader);
  for (int symbol = 0; symbol < 25; ++symbol) {
    past += row("2024-01-02", fmt::format("S{:02}", symbol), 20 + symbol, "5");
    day += row("2024-01-03", fmt::format("S{:02}", symbol), 21 + symbol, std::to_string(100 + symbol));
  }
  must(bring(past + day.substr(kBarsHeader.size()), "XNYS"));
  EXPECT_THAT(mistake(day, "XNAS"), HasSubstr("25 symbols, first S00, stand under XNYS already"));
}

TEST_F(Elsewhere, AMissingVolumeAgreesWithNothing) {
  std::string file(kBarsHeader);
  for (const char* day : {"2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"}) {
    file += row(day, "AAA", 10, "");
  }
  must(bring(file, "XNYS"));
  const IngestReport report = must(bring(file, "XASX"));
  EXPECT_EQ(report.kept, 4);
  EXPECT_THAT(report.notes, Contains(HasSubstr("agrees with it in close, with no volume to compare, first AAA (on 4 "
                                               "of 4 shared days)")));
}

TEST_F(Elsewhere, TheSameTickerWithOtherPricesIsAnotherCompany) {
  must(bring(kTwo, "XNYS"));
  const IngestReport report =
      must(bring(std::string(kBarsHeader) + "2024-01-02,AAA,10,11,9,10,999\n2024-01-03,AAA,3,4,2,3,100\n", "XASX"));
  EXPECT_EQ(report.kept, 2);
  EXPECT_THAT(instruments(), ::testing::UnorderedElementsAre("AAA XNYS", "BBB XNYS", "AAA XASX"));
  EXPECT_THAT(report.notes, Not(Contains(HasSubstr("too, on other days"))));
}

TEST_F(Elsewhere, OtherDaysWithoutAnExchangeAreNoted) {
  must(bring(kTwo, ""));
  const IngestReport later = must(bring(std::string(kBarsHeader) + "2024-01-05,AAA,10,11,9,10,100\n", "XNYS"));
  EXPECT_THAT(later.notes, Contains("1 symbol stands without an exchange too, on other days: lode data relabel --mic "
                                    "XNYS makes one instrument of each"));
  const IngestReport back = must(bring(std::string(kBarsHeader) + "2024-01-08,AAA,10,11,9,10,100\n", ""));
  EXPECT_THAT(back.notes, Contains("1 symbol stands under XNYS too, on other days: --mic XNYS would continue it"));
}

}  // namespace
}  // namespace lode::flow
