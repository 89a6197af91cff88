// The judge on real files whose defects are known: the counts and days are those their description lists.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>

#include "lode/base/text.h"
#include "lode/market/quality.h"
#include "lode/market/test_data.h"

namespace lode {
namespace {

class QualityOracle : public testing::Test {
 protected:
  void SetUp() override { LODE_NEEDS_DATA("ohlcv-us-daily/originals"); }

  // Rows of one file: Date,Open,High,Low,Close,Volume,OpenInt.
  static std::vector<BarRow> rows_of(const std::string& name) {
    std::vector<BarRow> rows;
    const std::string bytes = read_test_data("ohlcv-us-daily/originals/" + name);
    for (const std::string_view line : split(bytes, '\n')) {
      const std::vector<std::string_view> fields = split(trim(line), ',');
      BarRow row{};
      if (fields.size() == 7 && try_parse_date(fields[0], row.session)) {
        EXPECT_TRUE(parse_double(fields[1], row.open) && parse_double(fields[2], row.high) &&
                    parse_double(fields[3], row.low) && parse_double(fields[4], row.close) &&
                    parse_double(fields[5], row.volume))
            << line;
        rows.push_back(row);
      }
    }
    return rows;
  }

  static std::map<int, int> faults_of(const std::vector<BarRow>& rows, const Calendar* calendar) {
    std::map<int, int> counts;
    for (const BarRow& row : rows) {
      ++counts[check_row(row, calendar, {}).number];
    }
    counts.erase(0);
    return counts;
  }

  static std::size_t count(const std::vector<BarRow>& rows, BarFlag flag) {
    std::size_t found = 0;
    for (const std::uint64_t flags : flag_rows(rows, {}, true, {})) {
      found += (flags & static_cast<std::uint64_t>(flag)) != 0 ? 1 : 0;
    }
    return found;
  }
};

TEST_F(QualityOracle, PassesACleanFile) { EXPECT_TRUE(faults_of(rows_of("aapl.us.txt.gz"), nullptr).empty()); }

TEST_F(QualityOracle, SetsAsideACloseOffByAHundred) {
  // One such row in each: the close alone lost its factor, so it stands below the low.
  for (const auto& [name, date] : {std::pair{"bxp.us.txt", "2007-05-02"}, std::pair{"slg.us.txt", "2014-03-04"}}) {
    bool found = false;
    for (const BarRow& row : rows_of(name)) {
      if (to_string(row.session) == date) {
        EXPECT_EQ(check_row(row, nullptr, {}).number, 2007) << name;
        found = true;
      }
    }
    EXPECT_TRUE(found) << name;
  }
}

TEST_F(QualityOracle, SetsAsideLowsAboveOpenOrClosePricesNotAboveZeroAndWeekends) {
  for (const std::string name : {"eix.us.txt.gz", "pcg.us.txt.gz"}) {
    const std::map<int, int> faults = faults_of(rows_of(name), nullptr);
    EXPECT_EQ(faults.size(), 1U) << name;
    EXPECT_GT(faults.at(2007), 0) << name;
  }
  EXPECT_EQ(faults_of(rows_of("husa.us.txt"), nullptr).at(2006), 1);
  EXPECT_GT(faults_of(rows_of("evgbc.us.txt"), *find_calendar("XNAS")).at(2011), 0);
}

TEST_F(QualityOracle, FlagsWhatIsOddAndKeepsIt) {
  EXPECT_EQ(count(rows_of("tops.us.txt"), BarFlag::kZeroVolume), 1028U);
  EXPECT_EQ(count(rows_of("drys.us.txt.gz"), BarFlag::kZeroVolume), 1599U);
  const std::vector<BarRow> dillards = rows_of("dds.us.txt.gz");
  const std::vector<std::uint64_t> flags = flag_rows(dillards, {}, true, {});
  bool found = false;
  for (std::size_t i = 0; i < dillards.size(); ++i) {
    if (to_string(dillards[i].session) == "2008-04-16") {  // A fall of 90 % in a day.
      EXPECT_NE(flags[i] & static_cast<std::uint64_t>(BarFlag::kMove), 0U);
      found = true;
    }
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace lode
