// The same files imported once with an exchange and once without.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/elsewhere.h"

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
                         "2024-01-02,BBB,20,21,19,20,\n2024-01-03,BBB,20,21,19,20.5,\n";

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
            "volumes (4 rows); as instruments of XNYS they would be doubled\n"
            "help: lode data relabel --mic XNYS gives them to XNYS; then import again for what is new");
  EXPECT_EQ(instruments().size(), 2U) << "nothing was stored";
  const auto lake =
      must(lake::Lake::open(world_.lake_folder(), lake::Access::kWrite, world_.test.clock, world_.test.pool));
  World world = world_.test.world();
  must(relabel(world, *lake, must(plan_relabel(*lake, "XXXX", "XNYS"))));
  const IngestReport again = must(bring(kTwo + "2024-01-04,AAA,10,11,9,10,100\n", "XNYS"));
  EXPECT_EQ(again.dropped, 4);
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

TEST_F(Elsewhere, OneSymbolAmongOthersIsEnough) {
  must(bring(kTwo, ""));
  EXPECT_THAT(mistake(std::string(kBarsHeader) + "2024-01-02,BBB,20,21,19,20,\n2024-01-02,CCC,1,1,1,1,1\n", "XNYS"),
              HasSubstr("1 symbol, first BBB, stands under no exchange (XXXX) already"));
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
  const IngestReport later = must(bring(std::string(kBarsHeader) + "2024-01-04,AAA,10,11,9,10,100\n", "XNYS"));
  EXPECT_THAT(later.notes, Contains("1 symbol stands without an exchange too, on other days: lode data relabel --mic "
                                    "XNYS makes one instrument of each"));
  const IngestReport back = must(bring(std::string(kBarsHeader) + "2024-01-05,AAA,10,11,9,10,100\n", ""));
  EXPECT_THAT(back.notes, Contains("1 symbol stands under XNYS too, on other days: --mic XNYS would continue it"));
}

}  // namespace
}  // namespace lode::flow
