// One walk over a factor's rows for all that is asked of its groups: rank coefficients within each, and the no-overlap
// test of each. Rows of at most kMostPlaces names; wider ones go the simple way of groups.cpp, the oracle of the tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lode/core/evaluate/kernel/no_overlap.h"
#include "lode/core/evaluate/kernel/places.h"

namespace lode::evaluate {

// Places of labels group by group: a group's names stand next to each other, ascending by value.
struct GroupPlaces {
  Places places;  // 0: no label or no group. Ties do not cross groups.
  std::size_t groups = 0;
  std::vector<std::uint16_t> starts;  // rows * (groups + 1): places [starts[g] + 1, starts[g + 1]] are group g.

  std::span<const std::uint16_t> row_starts(std::size_t row) const {
    return std::span(starts).subspan(row * (groups + 1), groups + 1);
  }
};
GroupPlaces group_places_of(const LabelRows& labels, std::size_t rows, const GroupCodes& codes, std::size_t columns,
                            Pool& pool);

// What the labels give the pass.
struct GroupQuestion {
  const SortedRows& factor;
  const LabelRows& labels;    // Of the horizon, to count the names of a date,
  const GroupPlaces& placed;  // and by groups.
  const GroupCodes& codes;
  const Standing& one_day;      // One-day labels: how they stand within their groups,
  const Panel& one_day_values;  // and NaN where there is none.
  int horizon = 1;
  std::size_t fewest_in_group = 3;
  std::size_t fewest_in_row = 3;
};

struct GroupAnswer {
  std::vector<std::vector<double>> rank_ic;  // [group][row], NaN where undefined.
  std::vector<std::vector<double>> names;    // Behind each coefficient.
  std::vector<NoOverlap> tests;              // One a group.
};
GroupAnswer group_pass(const GroupQuestion& question, Pool& pool);

}  // namespace lode::evaluate
