// Bars of files with decimal commas and parted thousands, as spreadsheets of half the world write them.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lode/base/error.h"
#include "lode/flow/steps/ingest/testing.h"

namespace lode::flow {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Decimals : public ::testing::Test {
 protected:
  Result<IngestReport> import(std::string_view text) { return world.run({world.write("f.csv", text)}, "bars", ""); }
  std::vector<std::string> bars() { return world.rows("bars", {"session", "close", "volume"}); }

  IngestWorld world;
};

constexpr const char* kGerman =
    "Date;Symbol;Open;High;Low;Close;Volume\n2020-01-02;SAP;120,5;121,0;119,9;120,8;1.234.567\n"
    "2020-01-03;SAP;120,9;122,0;120,0;121,5;900.000\n";

TEST_F(Decimals, AFileThatShowsACommaIsReadWithIt) {
  const auto report = import(kGerman);
  ASSERT_TRUE(report) << render(report.error());
  EXPECT_EQ(report->set_aside, 0);
  EXPECT_THAT(bars(), ElementsAre("2020-01-02 120.8 1234567", "2020-01-03 121.5 900000"));
  EXPECT_THAT(report->notes, Contains(HasSubstr("read with a decimal comma, as 120,5 shows")));
}

TEST_F(Decimals, ThousandsInQuotesAreReadWhereAPointIsShown) {
  ASSERT_TRUE(
      import("date,symbol,open,high,low,close,volume\n2020-01-02,A,\"1,200.5\",\"1,300\",\"1,100\",\"1,250\",100\n"));
  EXPECT_THAT(bars(), ElementsAre("2020-01-02 1250 100"));
}

TEST_F(Decimals, WhatCanBeReadTwoWaysIsRefused) {
  const auto refused = import("date;symbol;close\n2020-01-02;A;1,250\n2020-01-03;A;1,300\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), E::E2004);
  EXPECT_THAT(refused.error().message(), HasSubstr("can be read two ways"));
}

TEST_F(Decimals, ARowSetAsideIsKeptAsItStood) {
  const auto report = import(
      "date;symbol;open;high;low;close\n2020-01-02;A;120,5;119,0;118,5;118,75\n2020-01-03;A;120,5;121,0;118,5;1.118,"
      "7a\n"
      "2020-01-06;A;120,5;121,0;118,5;119,25\n");
  ASSERT_TRUE(report) << render(report.error());
  EXPECT_EQ(report->set_aside, 2);
  EXPECT_THAT(world.rows("quarantine", {"text"}),
              ::testing::UnorderedElementsAre("2020-01-02;A;120,5;119,0;118,5;118,75",
                                              "2020-01-03;A;120,5;121,0;118,5;1.118,7a"));
}

TEST_F(Decimals, OneOddCellIsSetAsideAndChangesNoOther) {
  const auto report = import("date;symbol;close\n2020-01-02;A;120.85\n2020-01-03;A;121.75\n2020-01-06;A;12,5\n");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->set_aside, 1);
  EXPECT_THAT(world.rows("bars", {"close"}), ElementsAre("120.85", "121.75"));
}

}  // namespace
}  // namespace lode::flow
