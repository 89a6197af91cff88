// The indicator of docs/user-indicators.md, compiled from that page: it is what the page says it is.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "lode/core/indicator/choice.h"
#include "lode/core/indicator/panel_run.h"

namespace lode {

const indicator::Family& indicator_psy();

namespace indicator {
namespace {

TEST(UserIndicator, ThePsychologicalLineOfThePageIsTheShareOfRises) {
  const Indicator& psy = indicator_psy().front();
  EXPECT_EQ(psy.spec.name, "psy");
  const Choice choice{.indicator = &psy, .values = {4.0}};
  const std::vector<double> closes = {10, 11, 12, 11, 13, 13, 14, 15, 16};
  std::vector<double> shares(closes.size());
  run_series({.choice = &choice, .inputs = {closes.data()}, .outputs = {shares.data()}}, closes.size());
  ASSERT_EQ(choice.lookback(), 4);
  const std::array<double, 5> expected = {75, 50, 50, 75, 75};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    EXPECT_EQ(shares[4 + k], expected[k]) << k;
  }
}

}  // namespace
}  // namespace indicator
}  // namespace lode
