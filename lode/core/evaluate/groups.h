// Prediction inside groups, and between names once their group's move is taken out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr int kGroupNames = 3;  // Fewer names of a group on a date: the group has no coefficient there.

// What both views of groups need. `one_day` are the one-session labels.
struct GroupInput {
  const SortedRows& factor;
  const Panel& labels;
  const Panel& one_day;
  GroupCodes codes;
  int horizon;
};

// Rank IC within each group of at least kGroupNames names, with the no-overlap t of ranks within groups. Groups in the
// order of `names`; those without a single date are left out. NaN below min_dates dates.
std::vector<GroupResult> group_results(const GroupInput& input, const std::vector<std::string>& names,
                                       const Options& options, Pool& pool);

// Rank IC over all names with a group of labels less their group's mean of that date (lone members: exactly 0).
IcStatistics group_neutral(const GroupInput& input, const Options& options, Pool& pool);

}  // namespace lode::evaluate
