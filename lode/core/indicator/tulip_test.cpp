// Every name of Tulip Indicators under the profile tulip against what tulipy answers (test/oracle/tulip.tsv, made by
// bench/indicators/tulip.py, which compares far more series where the wheel is installed).
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "lode/core/indicator/test_oracle.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kTulipNames = 104;

TEST(Tulip, EveryNameAnswersAsTulipDoes) {
  const std::size_t compared = compare_with("tulip.tsv", Profile::kTulip);
  EXPECT_GT(compared, 700u) << "the file is cut off";
}

TEST(Tulip, EveryNameIsThere) {
  std::set<std::string> names;
  for (const auto& fields : oracle_rows("tulip.tsv")) {
    names.insert(fields[0]);
    EXPECT_TRUE(find_indicator(fields[0]).has_value()) << fields[0];
  }
  EXPECT_EQ(names.size() + 2, kTulipNames) << "acos and asin have no value of prices";
  EXPECT_TRUE(find_indicator("acos").has_value() && find_indicator("asin").has_value());
}

}  // namespace
}  // namespace lode::indicator
