// Variants against whole sheets of the changed factors, and the checks on sheets made by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/sensitivity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/capacity.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/evaluate/verdict/verdict.h"

namespace lode::evaluate {
namespace {

using test::kNan;
using ::testing::HasSubstr;

struct World {
  World()
      : pool(2),
        axis(test::make_axis(320, 30)),
        market(test::make_market(axis, {.rows = 320, .columns = 30, .seed = 4, .faults = true})),
        factor(test::make_factor(market, {.persistence = 0.9, .edge = 0.4, .missing = 0.05})),
        groups(test::make_groups(axis, 3, true)) {
    options.min_names = 5;
    market.volume = test::make_panel(axis, [&](std::size_t row, std::size_t i) {
      return market.volume.at(row, i) * static_cast<double>(1 + (i * 7 + row / 50) % 30);
    });
  }
  TearSheet sheet(const Panel& of) {
    auto out = tear_sheet(of, market, &groups, options, pool);
    EXPECT_TRUE(out.has_value());
    return std::move(*out);
  }

  Pool pool;
  std::shared_ptr<const Axis> axis;
  Market market;
  Panel factor;
  GroupPanel groups;
  Options options;
};

void expect_same(const Variant& variant, const TearSheet& sheet, double sign) {
  const HorizonResult& h = sheet.headline_horizon();
  EXPECT_EQ(variant.rank_ic.value, h.rank_ic.mean.value) << variant.id;
  EXPECT_EQ(variant.rank_ic.lower, h.rank_ic.mean.lower) << variant.id;
  EXPECT_EQ(variant.t_no_overlap, h.rank_ic.t_no_overlap) << variant.id;
  EXPECT_EQ(variant.net_annual.value, net_in_direction(h, sign, 252.0).value) << variant.id;
  EXPECT_EQ(variant.ic, h.ic.mean.value) << variant.id;
}

TEST(Sensitivity, EveryVariantHasTheBitsOfItsOwnSheet) {
  World world;
  const TearSheet choice = world.sheet(world.factor);
  auto labels = LabelSet::make(world.market, &world.groups, world.options.convention, true, world.pool);
  ASSERT_TRUE(labels.has_value());
  const std::vector<Variant> found = judge_changes(world.factor, *labels, choice, world.pool);
  const double sign = choice.headline_horizon().rank_ic.mean.value < 0.0 ? -1.0 : 1.0;
  ASSERT_EQ(found.size(), 6U);
  expect_same(found[0], world.sheet(delayed(world.factor)), sign);
  expect_same(found[1], world.sheet(half_by_money(world.factor, world.market, true, world.pool)), sign);
  expect_same(found[2], world.sheet(half_by_money(world.factor, world.market, false, world.pool)), sign);
  expect_same(found[3], world.sheet(less_group_means(world.factor, world.groups, world.pool)), sign);
  expect_same(found[4], world.sheet(winsorized(world.factor, world.pool)), sign);
  expect_same(found[5], world.sheet(ranked(world.factor, world.pool)), sign);
  expect_same(choice_of(choice), choice, sign);
  EXPECT_EQ(found[5].rank_ic.value, choice.headline_horizon().rank_ic.mean.value) << "order is all it looks at";
  EXPECT_EQ(found[5].id, "ranked");
  EXPECT_LT(found[0].rank_ic.value, 0.5 * choice.headline_horizon().rank_ic.mean.value) << "the edge lasts one session";
}

TEST(Sensitivity, ChangesDoWhatTheirWordsSay) {
  World world;
  const Panel late = delayed(world.factor);
  EXPECT_TRUE(std::isnan(late.at(0, 2)));
  const Panel larger = half_by_money(world.factor, world.market, true, world.pool);
  const Panel smaller = half_by_money(world.factor, world.market, false, world.pool);
  const Liquidity liquidity = liquidity_of(world.market, world.pool);
  const Panel neutral = less_group_means(world.factor, world.groups, world.pool);
  const Panel cut = winsorized(world.factor, world.pool);
  for (const std::size_t row : {40U, 200U, 319U}) {
    double large = 0.0;
    double small = 0.0;
    double smallest_large = 1e300;
    double largest_small = 0.0;
    std::vector<double> group_sums(3, 0.0);
    for (std::size_t i = 0; i < 30; ++i) {
      const double value = world.factor.at(row, i);
      const double money = 1.0 / static_cast<double>(liquidity.per_money[row * 30 + i]);
      if (!std::isnan(larger.at(row, i))) {
        EXPECT_EQ(larger.at(row, i), value);
        EXPECT_TRUE(std::isnan(smaller.at(row, i)));
        large += 1.0;
        smallest_large = std::min(smallest_large, money);
      } else if (!std::isnan(smaller.at(row, i))) {
        small += 1.0;
        largest_small = std::max(largest_small, money);
      } else {
        EXPECT_TRUE(std::isnan(value) || std::isnan(money));
      }
      const std::int32_t code = world.groups.row(row)[i];
      EXPECT_EQ(std::isnan(neutral.at(row, i)), std::isnan(value) || code < 0);
      if (code >= 0 && !std::isnan(value)) group_sums[static_cast<std::size_t>(code)] += neutral.at(row, i);
      if (row > 0 && !std::isnan(world.factor.at(row - 1, i))) {
        EXPECT_EQ(late.at(row, i), world.factor.at(row - 1, i));
      }
      if (!std::isnan(value)) {
        EXPECT_LE(std::fabs(cut.at(row, i) - value), std::fabs(value) + 1e-12);
      }
    }
    EXPECT_LE(std::fabs(large - small), 1.0);
    EXPECT_GT(smallest_large, largest_small);
    for (const double sum : group_sums) EXPECT_NEAR(sum, 0.0, 1e-12);
  }
}

TEST(Sensitivity, SaysWhyAVariantCannotBeJudged) {
  World world;
  const TearSheet choice = world.sheet(world.factor);
  auto labels = LabelSet::make(world.market, nullptr, world.options.convention, true, world.pool);
  ASSERT_TRUE(labels.has_value());
  Variant flat{.id = "flat", .words = ""};
  judge_variant(test::make_panel(world.axis, [](std::size_t, std::size_t) { return 1.0; }), *labels, choice, world.pool,
                flat);
  EXPECT_THAT(flat.rank_ic.reason, HasSubstr("the factor is constant"));
  Variant none{.id = "none", .words = ""};
  judge_variant(Panel(world.axis, Precision::kFloat64), *labels, choice, world.pool, none);
  EXPECT_THAT(none.rank_ic.reason, HasSubstr("the factor has no value"));
}

// A sheet with a choice of rank IC `own` and t `t` and windows with the given rank ICs.
TearSheet sheet_of(double own, double t, const std::vector<double>& windows, double later = 0.02) {
  TearSheet sheet;
  Sensitivity s;
  s.choice = {.id = "choice", .words = ""};
  s.choice.rank_ic.value = own;
  s.choice.t_no_overlap = t;
  for (const double one : windows) {
    s.variants.push_back({.id = "window", .words = "", .is_window = true});
    s.variants.back().rank_ic.value = one;
  }
  s.variants.push_back({.id = "delay", .words = ""});
  s.variants.back().rank_ic.value = later;
  sheet.sensitivity = std::move(s);
  return sheet;
}

TEST(Sensitivity, PlacesTheChoiceAmongItsNeighbours) {
  const auto around = [](double own, const std::vector<double>& windows) {
    return neighbourhood(*sheet_of(own, 4.0, windows).sensitivity);
  };
  const Neighbourhood third = around(0.03, {0.04, 0.02, 0.05, kNan, -0.01});
  EXPECT_EQ(third.place, 3);
  EXPECT_EQ(third.neighbours, 4);
  EXPECT_EQ(third.other_sign, 1);
  EXPECT_NEAR(third.median, 0.03, 1e-15);
  EXPECT_EQ(around(-0.03, {0.04, -0.02}).place, 1) << "the best of those that sort the other way round";
  EXPECT_EQ(around(-0.03, {0.04, -0.05}).place, 2);
  EXPECT_EQ(around(0.03, {}).place, 0);
}

TEST(Sensitivity, TheBestOfItsNeighbourhoodIsAWarning) {
  const auto check = [](const TearSheet& sheet) { return sensitivity_checks(sheet).at(0); };
  const Check best = check(sheet_of(0.03, 4.0, {0.029, 0.028, 0.027, 0.01}));
  EXPECT_EQ(best.state, CheckState::kWarning);
  EXPECT_EQ(best.result, "best of 5 by rank IC: +0.030, median of the others +0.028");
  const Check among = check(sheet_of(0.03, 4.0, {0.031, 0.028}));
  EXPECT_EQ(among.state, CheckState::kPassed);
  EXPECT_EQ(among.result, "2 of 3 by rank IC: +0.030, median of the others +0.029");
  EXPECT_EQ(check(sheet_of(-0.03, -4.0, {-0.031, -0.005, -0.004})).state, CheckState::kWarning) << "a lone pair";
  EXPECT_EQ(check(sheet_of(0.03, 4.0, {0.02})).state, CheckState::kPassed) << "one neighbour makes no peak";
  const Check unclear = check(sheet_of(0.003, 0.4, {0.001, 0.002}));
  EXPECT_EQ(unclear.state, CheckState::kUnknown);
  EXPECT_THAT(unclear.result, HasSubstr("no clear edge to compare"));
  TearSheet without = sheet_of(0.03, 4.0, {});
  without.sensitivity->no_windows = "the formula has no window";
  EXPECT_EQ(check(without).state, CheckState::kUnknown);
  EXPECT_EQ(check(without).result, "the formula has no window");
  EXPECT_TRUE(sensitivity_checks(TearSheet()).empty());
}

TEST(Sensitivity, AResultThatTurnsASessionLaterFails) {
  const auto state = [](double own, double t, double later) {
    return sensitivity_checks(sheet_of(own, t, {0.03}, later)).at(1).state;
  };
  EXPECT_EQ(state(0.03, 4.0, -0.001), CheckState::kFailed);
  EXPECT_EQ(state(-0.03, -4.0, 0.001), CheckState::kFailed);
  EXPECT_EQ(state(0.03, 4.0, 0.011), CheckState::kWarning);
  EXPECT_EQ(state(0.03, 4.0, 0.013), CheckState::kPassed);
  EXPECT_EQ(state(0.03, 1.0, -0.01), CheckState::kUnknown);
  EXPECT_EQ(state(0.03, 4.0, kNan), CheckState::kUnknown);
}

}  // namespace
}  // namespace lode::evaluate
