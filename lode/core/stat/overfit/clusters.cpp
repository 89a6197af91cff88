// Average linkage with a cut by silhouettes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/clusters.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode::stat {
namespace {

constexpr double kNoRelation = 2.5758293035489;  // Two-sided 1 % point: |correlation| sqrt(rows) of unrelated books.

// Distances between trials, and the groups they are merged into one by one.
class Linkage {
 public:
  Linkage(std::span<const double> correlations, std::span<const int> rows, std::size_t count)
      : count_(count), distance_(count * count, 1.0), linked_(distance_), group_(count), size_(count, 1) {
    for (std::size_t i = 0; i < count; ++i) {
      group_[i] = i;
      for (std::size_t j = 0; j < count; ++j) {
        const double size = math::abs(correlations[i * count + j]);
        const bool related = size * math::sqrt(static_cast<double>(rows[i * count + j])) > kNoRelation;
        distance_[i * count + j] = i == j ? 0.0 : related ? std::max(0.0, 1.0 - size) : 1.0;
      }
    }
    linked_ = distance_;
  }

  // Merges the two groups nearest to each other on average, the first of equals; false when all are unrelated.
  bool merge() {
    double nearest = 1.0;
    std::size_t into = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      for (std::size_t j = i + 1; size_[i] > 0 && j < count_; ++j) {
        if (size_[j] > 0 && linked_[i * count_ + j] < nearest) {
          nearest = linked_[i * count_ + j];
          into = i;
          from = j;
        }
      }
    }
    if (into == from) {
      return false;
    }
    join(into, from);
    return true;
  }

  // Silhouette of each trial in the groups as they are.
  std::vector<double> silhouettes() const {
    std::vector<double> out(count_, 0.0);
    std::vector<double> total(count_);
    for (std::size_t i = 0; i < count_; ++i) {
      if (size_[group_[i]] < 2) {
        continue;
      }
      std::ranges::fill(total, 0.0);
      for (std::size_t j = 0; j < count_; ++j) {
        total[group_[j]] += distance_[i * count_ + j];
      }
      const double own = total[group_[i]] / static_cast<double>(size_[group_[i]] - 1);
      double other = 1.0;
      for (std::size_t g = 0; g < count_; ++g) {
        other = g != group_[i] && size_[g] > 0 ? std::min(other, total[g] / static_cast<double>(size_[g])) : other;
      }
      const double larger = std::max(own, other);
      out[i] = larger > 0.0 ? (other - own) / larger : 0.0;
    }
    return out;
  }

  const std::vector<std::size_t>& groups() const { return group_; }

 private:
  void join(std::size_t into, std::size_t from) {
    const auto a = static_cast<double>(size_[into]);
    const auto b = static_cast<double>(size_[from]);
    for (std::size_t k = 0; k < count_; ++k) {
      const double mixed = (a * linked_[into * count_ + k] + b * linked_[from * count_ + k]) / (a + b);
      linked_[into * count_ + k] = mixed;
      linked_[k * count_ + into] = mixed;
    }
    size_[into] += size_[from];
    size_[from] = 0;
    std::ranges::replace(group_, from, into);
  }

  std::size_t count_;
  std::vector<double> distance_;
  std::vector<double> linked_;      // Mean distance between groups, at the places of their first members.
  std::vector<std::size_t> group_;  // Of each trial: the place of its group's first member.
  std::vector<std::size_t> size_;   // Of the group at each place; 0 = merged into another.
};

// Takes groups whose members lie together too loosely apart; what the silhouettes of the others add up to.
double keep_tight(std::vector<std::size_t>& group, std::vector<double>& silhouette) {
  std::vector<double> total(group.size(), 0.0);
  std::vector<std::size_t> size(group.size(), 0);
  for (std::size_t i = 0; i < group.size(); ++i) {
    total[group[i]] += silhouette[i];
    ++size[group[i]];
  }
  double kept = 0.0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const std::size_t g = group[i];
    if (total[g] >= kLeastSilhouette * static_cast<double>(size[g])) {
      kept += silhouette[i];
      continue;
    }
    group[i] = i;
    silhouette[i] = 0.0;
  }
  return kept;
}

// Numbers groups 0.. in order of their first members.
Clusters numbered(const std::vector<std::size_t>& group, std::vector<double> silhouette) {
  Clusters out{.count = 0, .group = {}, .silhouette = std::move(silhouette)};
  std::vector<std::size_t> number(group.size(), group.size());
  for (const std::size_t g : group) {
    number[g] = number[g] == group.size() ? out.count++ : number[g];
    out.group.push_back(number[g]);
  }
  return out;
}

}  // namespace

Clusters cluster_trials(std::span<const double> correlations, std::span<const int> rows, std::size_t count) {
  LODE_ASSERT(correlations.size() == count * count);
  LODE_ASSERT(rows.size() == count * count);
  Linkage linkage(correlations, rows, count);
  std::vector<std::size_t> best = linkage.groups();
  std::vector<double> best_silhouette(count, 0.0);
  double most = 0.0;
  while (linkage.merge()) {
    std::vector<double> silhouette = linkage.silhouettes();
    std::vector<std::size_t> group = linkage.groups();
    if (const double sum = keep_tight(group, silhouette); sum > most) {
      most = sum;
      best = std::move(group);
      best_silhouette = std::move(silhouette);
    }
  }
  return numbered(best, std::move(best_silhouette));
}

}  // namespace lode::stat
