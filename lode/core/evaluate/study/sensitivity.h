// Is it a knife edge? The factor judged again with one thing changed at a time: another window, a session of delay,
// half of the universe, no group bets, tamed values. A true effect does not care much; a number that was searched for
// does. Only the headline horizon is asked, on labels made once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/evaluate/kernel/label_set.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// The numbers of a variant; `labels` of the convention asked. `sheet` is that of the choice: its headline, options and
// the sign of its rank IC are taken. What cannot be judged leaves reasons.
void judge_variant(const Panel& factor, LabelSet& labels, const TearSheet& sheet, Pool& pool, Variant& variant);

// The choice as a variant, from its own sheet.
Variant choice_of(const TearSheet& sheet);

// Changed factors, f64 on the axis of `factor`. None looks at later rows.
Panel delayed(const Panel& factor);  // Row t holds row t - 1.
// Only the names above (or at and below) the median money traded of the date's names with a value: mean of close x
// volume over the last 21 sessions (capacity.h). Names without it are in neither half.
Panel half_by_money(const Panel& factor, const Market& market, bool larger, Pool& pool);
Panel less_group_means(const Panel& factor, const GroupPanel& groups, Pool& pool);  // NaN without a group.
Panel winsorized(const Panel& factor, Pool& pool);  // Cut at the date's 1 % and 99 % points.
Panel ranked(const Panel& factor, Pool& pool);      // Average rank / n of the date.

// Delay, halves, groups (where there are some) and values, in this order, judged.
std::vector<Variant> judge_changes(const Panel& factor, LabelSet& labels, const TearSheet& sheet, Pool& pool);

// The choice among its neighbours (changed windows with a rank IC), by the rank IC in the direction of the choice's.
struct Neighbourhood {
  int place = 0;             // 1 = best; 0 without neighbours
  int neighbours = 0;        // With a rank IC
  int other_sign = 0;        // Of these
  double median = kNoValue;  // Of the neighbours' rank IC
};
Neighbourhood neighbourhood(const Sensitivity& sensitivity);

const Variant* find_variant(const Sensitivity& sensitivity, std::string_view id);  // nullptr where there is none.

// Red flags (docs/verdict.md): "neighbours" warns where the choice is the best of its neighbourhood or the median
// neighbour keeps less than 40 % of it; "delayed_result" fails where the headline changes its sign a session later, and
// warns where it loses more than 60 %. Unknown without a clear edge.
std::vector<Check> sensitivity_checks(const TearSheet& sheet);

}  // namespace lode::evaluate
