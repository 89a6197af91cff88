// Coefficients within groups, and of returns less the mean of their group.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/groups.h"

#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/kernel/no_overlap.h"
#include "lode/core/evaluate/question.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/rank.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

// Rank IC and number of names of each group on each date.
GroupAnswer group_dates(const GroupInput& input, std::size_t needed, Pool& pool) {
  const std::size_t rows = input.factor.values.rows;
  const std::size_t columns = input.factor.values.columns;
  const std::vector<Series> none(input.grouped.codes.groups, Series(rows, stat::kMissing));
  GroupAnswer out{.rank_ic = none, .names = none, .tests = {}};
  for_blocks(rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    RowPair pair(columns);
    LabelRows::Scratch scratch;
    std::vector<std::vector<std::uint32_t>> by_factor(input.grouped.codes.groups);
    std::vector<std::vector<std::uint32_t>> by_label(input.grouped.codes.groups);
    for (std::size_t row = begin; row < end; ++row) {
      pair.load(input.factor.values.row(row), input.factor.ranked(row), input.labels.row(row),
                input.labels.order(row, scratch));
      if (pair.n() < needed) {
        continue;  // A date that does not count for the whole counts for no group.
      }
      split_by_group(pair.order_x(), input.grouped.codes.row(row, columns), by_factor);
      split_by_group(pair.order_y(), input.grouped.codes.row(row, columns), by_label);
      for (std::size_t group = 0; group < input.grouped.codes.groups; ++group) {
        if (by_factor[group].size() >= static_cast<std::size_t>(kGroupNames)) {
          out.rank_ic[group][row] = pair.rank_correlation({by_factor[group]}, {by_label[group]});
          out.names[group][row] = static_cast<double>(by_factor[group].size());
        }
      }
    }
  });
  return out;
}

// Each question by itself, for rows of any width.
GroupAnswer answer_one_by_one(const GroupInput& input, std::size_t needed, Pool& pool) {
  const GroupedLabels& grouped = input.grouped;
  GroupAnswer out = group_dates(input, needed, pool);
  const Standing factor = centered_group_ranks(input.factor, grouped.codes, kGroupNames, needed, pool);
  const Standing labels = without_thin_rows(grouped.one_day_ranks, grouped.one_day_names, needed);
  out.tests = no_overlap_by_group(factor, labels, grouped.one_day, grouped.codes, kGroupNames, grouped.horizon, pool);
  return out;
}

GroupAnswer answer_at_once(const GroupInput& input, std::size_t needed, Pool& pool) {
  const GroupedLabels& grouped = input.grouped;
  return group_pass({.factor = input.factor,
                     .labels = input.labels,
                     .placed = *grouped.placed,
                     .codes = grouped.codes,
                     .one_day = without_thin_rows(grouped.one_day_ranks, grouped.one_day_names, needed),
                     .one_day_values = grouped.one_day,
                     .horizon = grouped.horizon,
                     .fewest_in_group = kGroupNames,
                     .fewest_in_row = needed},
                    pool);
}

// Labels less the mean of their group on that date; NaN without a group. A group whose labels are all equal gives 0.
Panel less_group_mean(const Panel& labels, const GroupCodes& codes, Pool& pool) {
  Panel out(labels.shared_axis(), Precision::kFloat64);
  for_blocks(labels.rows(), pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<Series> members(codes.groups);
    Series means(codes.groups);
    for (std::size_t row = begin; row < end; ++row) {
      const auto cells = labels.row64(row);
      const auto groups = codes.row(row, labels.columns());
      for (Series& group : members) {
        group.clear();
      }
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (groups[i] >= 0 && stat::is_valid(cells[i])) {
          members[static_cast<std::size_t>(groups[i])].push_back(cells[i]);
        }
      }
      std::transform(members.begin(), members.end(), means.begin(),
                     [](const Series& group) { return stat::mean(group); });
      const auto result = out.mutable_row64(row);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (groups[i] >= 0) {
          result[i] = cells[i] - means[static_cast<std::size_t>(groups[i])];
        }
      }
    }
  });
  return out;
}

}  // namespace

GroupedLabels group_labels(const LabelRows& rows, int horizon, const Panel& one_day, const GroupCodes& codes,
                           Pool& pool) {
  const Panel& labels = rows.returns();
  GroupedLabels out{.horizon = horizon, .codes = codes, .one_day = one_day};
  const SortedRows sorted = sort_rows(copy_cells(one_day), pool);
  out.one_day_ranks = centered_group_ranks(sorted, codes, kGroupNames, 0, pool);
  out.one_day_names = sorted.counts;
  out.neutral = less_group_mean(labels, codes, pool);
  if (out.neutral.columns() <= kMostPlaces) {
    out.placed = group_places_of(rows, labels.rows(), codes, labels.columns(), pool);
    out.neutral_places = places_of(out.neutral, pool);
    out.neutral = {};
  }
  const Panel neutral = less_group_mean(one_day, codes, pool);
  const RowOrders orders = sort_rows(neutral, pool);
  out.neutral_one_day = neutral.columns() <= kMostPlaces
                            ? compact_ranks(orders, neutral, kFewestNames, pool)
                            : centered_ranks(sort_rows(copy_cells(neutral), pool), kFewestNames, pool);
  out.neutral_names = orders.counts;
  return out;
}

std::vector<GroupResult> group_results(const GroupInput& input, const std::vector<std::string>& names,
                                       const Options& options, Pool& pool) {
  const std::size_t needed = names_needed(options);
  const GroupedLabels& grouped = input.grouped;
  const GroupAnswer found =
      grouped.placed ? answer_at_once(input, needed, pool) : answer_one_by_one(input, needed, pool);
  std::vector<GroupResult> out;
  for (std::size_t group = 0; group < input.grouped.codes.groups; ++group) {
    const std::size_t n = stat::count_valid(found.rank_ic[group]);
    if (n == 0) {
      continue;
    }
    const bool enough = n >= static_cast<std::size_t>(options.min_dates);
    const Estimate mean = enough ? ic_estimate(stat::mean(found.rank_ic[group]), found.tests[group], n)
                                 : missing_estimate(n, too_few(n, options.min_dates, "dates"));
    out.push_back({.group = names[group],
                   .rank_ic = mean.value,
                   .t_no_overlap = enough ? found.tests[group].t : kNoValue,
                   .lower = mean.lower,
                   .upper = mean.upper,
                   .mean_names = stat::mean(found.names[group]),
                   .dates = static_cast<std::int64_t>(n),
                   .reason = mean.reason});
  }
  return out;
}

IcStatistics group_neutral(const GroupInput& input, const Options& options, Pool& pool) {
  const GroupedLabels& grouped = input.grouped;
  const std::size_t needed = names_needed(options);
  const LabelRows labels = grouped.neutral_places ? LabelRows(*grouped.neutral_places) : LabelRows(grouped.neutral);
  const Standing one_day = without_thin_rows(grouped.neutral_one_day, grouped.neutral_names, needed);
  // Names without a group have no neutral label, so they drop out of the dates by themselves.
  const Dates dates = evaluate_dates(input.factor, labels, Depth::kRankIc, options, pool);
  const auto least = static_cast<int>(needed);
  const Standing ranks = input.factor.columns <= kMostPlaces
                             ? compact_ranks_in_groups(input.factor, grouped.codes, least, pool)
                             : centered_ranks_in_groups(input.factor, grouped.codes, least, pool);
  return ic_statistics(dates.rank_ic, no_overlap(ranks, one_day, grouped.horizon, pool), grouped.horizon, options);
}

std::int64_t cells_without_group(const SortedRows& factor, const GroupCodes& codes, std::size_t needed) {
  std::int64_t cells = 0;
  for (std::size_t row = 0; row < factor.values.rows; ++row) {
    if (factor.counts[row] >= needed) {
      const auto group = codes.row(row, factor.values.columns);
      for (const std::uint32_t name : factor.order(row)) {
        cells += group[name] < 0 ? 1 : 0;
      }
    }
  }
  return cells;
}

}  // namespace lode::evaluate
