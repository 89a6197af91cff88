// Prediction inside groups, and between names once their group's move is taken out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/core/evaluate/kernel/group_pass.h"
#include "lode/core/evaluate/kernel/places.h"
#include "lode/core/evaluate/kernel/sorted_rows.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

inline constexpr int kGroupNames = 3;  // Fewer names of a group on a date: the group has no coefficient there.

// The labels of a horizon seen by groups: the part of the work that all factors share.
struct GroupedLabels {
  int horizon = 1;
  GroupCodes codes;
  Panel one_day;                             // The one-session labels,
  Standing one_day_ranks;                    // how they stand within their groups of kGroupNames names or more,
  std::vector<std::uint32_t> one_day_names;  // and their number on each date.
  std::optional<GroupPlaces> placed;         // The labels of the horizon by groups, unless rows are too wide for it.
  // Labels of the horizon less the mean of their group on that date, NaN without a group, exactly 0 for lone members;
  // their places, and the values only where rows are too wide for places.
  std::optional<Places> neutral_places;
  Panel neutral;
  Standing neutral_one_day;                  // Centred ranks of the one-session labels less their group's mean,
  std::vector<std::uint32_t> neutral_names;  // and their number.
};
GroupedLabels group_labels(const LabelRows& labels, int horizon, const Panel& one_day, const GroupCodes& codes,
                           Pool& pool);

// What both views of groups need: the factor, the labels of the horizon and what groups make of them.
struct GroupInput {
  const SortedRows& factor;
  LabelRows labels;
  const GroupedLabels& grouped;
};

// Rank IC within each group of at least kGroupNames names, with the no-overlap t of ranks within groups. Groups in the
// order of `names`; those without a single date are left out. NaN below min_dates dates.
std::vector<GroupResult> group_results(const GroupInput& input, const std::vector<std::string>& names,
                                       const Options& options, Pool& pool);

// Rank IC over all names with a group of labels less their group's mean of that date.
IcStatistics group_neutral(const GroupInput& input, const Options& options, Pool& pool);

// Factor values whose name has no group, on dates of `needed` values or more: in no group, and not in the group-neutral
// coefficient.
std::int64_t cells_without_group(const SortedRows& factor, const GroupCodes& codes, std::size_t needed);

}  // namespace lode::evaluate
