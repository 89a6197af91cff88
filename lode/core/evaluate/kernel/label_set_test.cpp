// A set that keeps its labels must give every factor the sheet it would have alone.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/label_set.h"

#include <gtest/gtest.h>

#include <bit>

#include "lode/base/must.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

struct Case {
  Pool pool{1};
  std::shared_ptr<const Axis> axis = test::make_axis(260, 40);
  Market market = test::make_market(axis, {.rows = 260, .columns = 40, .seed = 5, .faults = true});
  GroupPanel groups = test::make_groups(axis, 3, true);
  Panel factor(double edge, double missing) const {
    return test::make_factor(market, {.persistence = 0.9, .edge = edge, .missing = missing});
  }
};

void expect_same_numbers(const TearSheet& a, const TearSheet& b) {
  const std::vector<Number> x = numbers(a);
  const std::vector<Number> y = numbers(b);
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(x[i].path, y[i].path);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(x[i].value), std::bit_cast<std::uint64_t>(y[i].value)) << x[i].path;
  }
}

TEST(LabelSet, GivesEveryFactorTheSheetItWouldHaveAlone) {
  Case c;
  Options options;
  options.horizons = {1, 4, 21};
  LabelSet set = must(LabelSet::make(c.market, &c.groups, options.convention, true, c.pool));
  for (const auto& [edge, missing, min_names] : {std::tuple{0.3, 0.05, 0}, {0.0, 0.6, 3}, {-0.2, 0.0, 30}}) {
    options.min_names = min_names;
    const Panel factor = c.factor(edge, missing);
    const TearSheet alone = must(tear_sheet(factor, c.market, &c.groups, options, c.pool));
    expect_same_numbers(must(tear_sheet(factor, set, options, c.pool)), alone);
  }
}

TEST(LabelSet, KeepsWhatItMade) {
  Case c;
  LabelSet keeping = must(LabelSet::make(c.market, &c.groups, Convention::kNextOpen, true, c.pool));
  EXPECT_EQ(keeping.at(5, c.pool), keeping.at(5, c.pool));
  const auto labels = keeping.at(5, c.pool);
  EXPECT_EQ(keeping.grouped(*labels, c.pool), keeping.grouped(*labels, c.pool));
  LabelSet forgetful = must(LabelSet::make(c.market, nullptr, Convention::kNextOpen, false, c.pool));
  EXPECT_NE(forgetful.at(5, c.pool), forgetful.at(5, c.pool));
  EXPECT_FALSE(forgetful.at(5, c.pool)->places.has_value());
}

TEST(LabelSet, PlacesStandForTheRowsOfTheirLabels) {
  Case c;
  LabelSet set = must(LabelSet::make(c.market, nullptr, Convention::kCloseToClose, true, c.pool));
  const auto labels = set.at(3, c.pool);
  LabelRows::Scratch scratch;
  LabelRows::Scratch other;
  for (std::size_t row = 0; row < c.axis->rows(); row += 13) {
    const PlaceRow kept = labels->rows().places(row, scratch);
    const PlaceRow made = LabelRows(labels->labels.returns).places(row, other);
    EXPECT_TRUE(std::ranges::equal(kept.places, made.places));
    EXPECT_EQ(kept.count, made.count);
  }
}

TEST(LabelSet, NeedsThePriceOfItsConvention) {
  Case c;
  c.market.vwap = Panel();
  const auto set = LabelSet::make(c.market, nullptr, Convention::kVwap, true, c.pool);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().number(), E::E1113);
}

}  // namespace
}  // namespace lode::evaluate
