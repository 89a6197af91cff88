// How many ideas stand behind many trials: their books are grouped by how alike they are, and a group counts once.
//
// Lopez de Prado & Lewis, "Detection of false investment strategies using unsupervised learning methods", Quantitative
// Finance 19 (2019), count clusters of correlated trials by the silhouette; Rousseeuw, Journal of Computational and
// Applied Mathematics 20 (1987), for the silhouette; Kaufman & Rousseeuw, "Finding groups in data" (1990), table 4, for
// the least one that is a structure. Theirs is k-means with random starts; here it is average linkage, which has none.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace lode::stat {

inline constexpr double kLeastSilhouette = 0.5;  // Of a group's members on average: "a reasonable structure".

struct Clusters {
  std::size_t count = 0;           // Groups, lone trials included.
  std::vector<std::size_t> group;  // Of each trial, 0.. in order of the first member.
  std::vector<double> silhouette;  // Of each trial, -1 .. 1; 0 for a lone one.
};

// Groups `count` trials by the distance 1 - |correlation|: a book and the same one turned round are one idea.
// `correlations` row by row, NaN = unknown, taken as unrelated; `rows` behind each of them: a correlation within 2.58 /
// sqrt(rows) of 0 is no relation. Average linkage, cut where the silhouettes of the groups that reach kLeastSilhouette
// add up to most, the more groups of equals; members of other groups stand alone. Against other groups a member's
// distance is at most 1, that to an unrelated trial, so that one group of all is possible. Time count^3.
Clusters cluster_trials(std::span<const double> correlations, std::span<const int> rows, std::size_t count);

}  // namespace lode::stat
