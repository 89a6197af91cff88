// The cell counts of a panel small enough to count by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/coverage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

using test::kNan;

// Five sessions, three names: a halt of name 1 on session 2, name 2 delisted after session 2 with -40 %.
struct Tiny {
  Tiny() {
    const auto prices =
        test::make_panel(axis, {{10, 20, 30}, {10, 20, 30}, {11, 20, 33}, {11, 22, kNan}, {12, 22, kNan}});
    market.open = market.close = prices;
    market.volume = test::make_panel(axis, [&](auto t, auto i) { return t == 2 && i == 1 ? 0.0 : 5.0; });
    market.delisted_row = {-1, -1, 2};
    market.delisting_return = {kNan, kNan, -0.4};
  }
  std::shared_ptr<const Axis> axis = test::make_axis(5, 3);
  Market market;
};

SortedRows factor_of(const std::vector<std::vector<double>>& rows) {
  Pool pool(1);
  return sort_rows(copy_cells(test::make_panel(test::make_axis(rows.size(), rows.front().size()), rows)), pool);
}

Options few(int min_names) {
  Options options;
  options.quantiles = 3;
  options.min_names = min_names;
  return options;
}

TEST(Coverage, CountsEachLoss) {
  Pool pool(1);
  const Tiny tiny;
  const auto maker = LabelMaker::make(tiny.market, Convention::kNextOpen, pool);
  const Labels labels = maker->labels(1, Whose::kMembers, pool);
  // Session 0 is warm-up; 1 and 2 have labels; 3 and 4 do not.
  const SortedRows factor = factor_of({{kNan, kNan, kNan}, {1, 2, 3}, {1, 2, kNan}, {1, 2, 3}, {1, 2, 3}});
  const Coverage found = coverage(factor, labels, *maker, few(1));
  EXPECT_EQ(found.warm_up_sessions, 1);
  EXPECT_EQ(found.cells_universe, 6);  // Session 1: three names with a bar; session 2: three.
  EXPECT_EQ(found.cells_factor, 3);    // The two values of session 2 are too few to count.
  EXPECT_EQ(found.cells_tradable, 2);  // Name 1 cannot be bought on session 2.
  EXPECT_EQ(found.cells_return, 2);
  EXPECT_NEAR(found.ratio, 0.5, 1e-15);
  EXPECT_EQ(found.names_series, (std::vector<double>{0, 3, 2, 3, 3}));
}

TEST(Coverage, ADateWithTooFewMembersIsNoHoleOfTheFactor) {
  Pool pool(1);
  const Tiny tiny;
  const auto maker = LabelMaker::make(tiny.market, Convention::kNextOpen, pool);
  const Labels labels = maker->labels(1, Whose::kMembers, pool);
  const SortedRows factor = factor_of({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {1, 2, kNan}, {1, 2, kNan}});
  const Coverage found = coverage(factor, labels, *maker, few(4));
  EXPECT_EQ(found.cells_universe, 0);
  EXPECT_EQ(found.ratio, 0.0);
  const Coverage all = coverage(factor, labels, *maker, few(3));
  EXPECT_EQ(all.cells_universe, 9);
  EXPECT_EQ(all.cells_factor, 9);
  EXPECT_EQ(all.cells_tradable, 7);  // Name 1 cannot be bought on session 2, name 2 on session 3.
  EXPECT_EQ(all.cells_return, 7);
}

TEST(Coverage, CountsWhatBecameOfTheTrades) {
  Pool pool(1);
  const Tiny tiny;
  const auto maker = LabelMaker::make(tiny.market, Convention::kNextOpen, pool);
  const Labels labels = maker->labels(1, Whose::kMembers, pool);
  const SortedRows factor = factor_of({{3, 2, 1}, {3, 1, 2}, {1, 2, kNan}, {1, 2, 3}, {1, 2, 3}});
  const Places places = places_of(labels.returns, pool);
  for (const Places* known : {static_cast<const Places*>(nullptr), &places}) {
    HorizonResult out;
    count_cells(factor, labels, known, few(1), out);
    EXPECT_EQ(out.untradable_entries, 1);  // Session 1, name 1.
    EXPECT_EQ(out.late_exits, 1);          // Session 0, name 1 waits for session 3.
    EXPECT_EQ(out.delisted_inside, 1);     // Session 1, name 2 buys on its last day.
    EXPECT_EQ(out.delisting_returns_applied, 1);
    EXPECT_NEAR(out.short_leg_untradable, 0.5, 1e-15);  // Lowest of three: name 2, then name 1.
  }
}

TEST(CountDelisted, CountsColumns) {
  EXPECT_EQ(count_delisted(std::vector<std::int32_t>{-1, 3, 0}), 2);
  EXPECT_EQ(count_delisted({}), 0);
}

}  // namespace
}  // namespace lode::evaluate
