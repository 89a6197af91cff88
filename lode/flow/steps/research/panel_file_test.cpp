// A panel read of a plain file: which cells it has, and which field it makes of two others.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/panel_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PanelFiles : public ::testing::Test {
 protected:
  Result<PanelFile> read(const std::string& text, std::optional<Date> to = {}) {
    const std::string path = parts.folder + "/panel.csv";
    must(write_file(path, text));
    return read_panel_file(path, to);
  }
  static double cell(const PanelFile& file, std::string_view field, std::size_t row, std::size_t column) {
    const Panel* panel = file.fields.find(field);
    EXPECT_NE(panel, nullptr) << field;
    return panel == nullptr ? 0.0 : panel->row64(row)[column];
  }
  TestWorld parts;
};

TEST_F(PanelFiles, ACellWithoutARowIsMissing) {
  const PanelFile file = must(read("date,symbol,close,sector\n2024-01-03,B,20,bank\n2024-01-02,A,10,oil\n"));
  EXPECT_THAT(file.fields.shared_axis()->symbols, ElementsAre("A", "B"));
  EXPECT_EQ(file.fields.shared_axis()->rows(), 2U);
  EXPECT_EQ(cell(file, "close", 0, 0), 10.0);
  EXPECT_TRUE(std::isnan(cell(file, "close", 0, 1)));
  EXPECT_TRUE(std::isnan(cell(file, "close", 1, 0)));
  EXPECT_EQ(cell(file, "close", 1, 1), 20.0);
  EXPECT_EQ(file.derived, "");
}

TEST_F(PanelFiles, VwapComesOfAmountAndVolumeAndIsMissingWithoutVolume) {
  const PanelFile file = must(read("date,symbol,amount,volume\n2024-01-02,A,300,20\n2024-01-03,A,300,0\n"));
  EXPECT_EQ(file.derived, "vwap");
  EXPECT_EQ(file.derived_from, "amount / volume");
  EXPECT_EQ(cell(file, "vwap", 0, 0), 15.0);
  EXPECT_TRUE(std::isnan(cell(file, "vwap", 1, 0)));
}

TEST_F(PanelFiles, AmountComesOfVwapAndVolume) {
  const PanelFile file = must(read("date,symbol,vwap,volume\n2024-01-02,A,15,20\n"));
  EXPECT_EQ(file.derived, "amount");
  EXPECT_EQ(cell(file, "amount", 0, 0), 300.0);
}

TEST_F(PanelFiles, NothingIsMadeOfOneColumnOrBesideBoth) {
  EXPECT_EQ(must(read("date,symbol,amount\n2024-01-02,A,300\n")).derived, "");
  const PanelFile both = must(read("date,symbol,amount,volume,vwap\n2024-01-02,A,300,20,14\n"));
  EXPECT_EQ(both.derived, "");
  EXPECT_EQ(cell(both, "vwap", 0, 0), 14.0) << "what the file says is kept";
}

TEST_F(PanelFiles, RowsAfterTheLastDayAreNotRead) {
  const std::string text = "date,symbol,close,sector\n2024-01-02,A,10,oil\n2024-01-03,A,11,oil\n2024-01-04,B,12,bank\n";
  const PanelFile file = must(read(text, Date::from_civil(2024, 1, 3)));
  EXPECT_EQ(file.fields.shared_axis()->rows(), 2U);
  EXPECT_EQ(cell(file, "close", 1, 0), 11.0);
  const Result<PanelFile> none = read(text, Date::from_civil(2023, 1, 3));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().number(), E::E2101);
  EXPECT_THAT(none.error().message(), HasSubstr("2023-01-03"));
}

}  // namespace
}  // namespace lode::flow
