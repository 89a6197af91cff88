// Counting the dates of an empty bucket, and the values behind it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/empty_buckets.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lode/base/text.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

// Different values of one row.
std::size_t distinct_values(const SortedRows& factor, std::size_t row) {
  const auto order = factor.order(row);
  const auto values = factor.values.row(row);
  std::size_t count = order.empty() ? 0 : 1;
  for (std::size_t i = 1; i < order.size(); ++i) {
    count += values[order[i]] != values[order[i - 1]] ? 1 : 0;
  }
  return count;
}

// "the top bucket", "the bottom bucket", "bucket 3".
std::string name_of(int bucket, int quantiles) {
  return bucket == quantiles ? "the top bucket" : bucket == 1 ? "the bottom bucket" : fmt::format("bucket {}", bucket);
}

void explain(Estimate& estimate, const std::string& cause) {
  if (!stat::is_valid(estimate.value)) {
    estimate.reason = cause;
  }
}

}  // namespace

std::string why_empty(const SortedRows& factor, const Buckets& buckets, int bucket) {
  std::int64_t dates = 0;
  std::int64_t empty = 0;
  std::size_t most = 0;
  for (std::size_t row = 0; row < factor.values.rows; ++row) {
    const auto counts = buckets.count(row);
    if (std::accumulate(counts.begin() + 1, counts.end(), std::uint32_t{0}) == 0) {
      continue;
    }
    ++dates;
    if (counts[static_cast<std::size_t>(bucket)] == 0) {
      ++empty;
      most = std::max(most, distinct_values(factor, row));
    }
  }
  if (empty == 0) {
    return "";
  }
  const std::string where =
      fmt::format("{} is empty on {} of {} dates", name_of(bucket, buckets.quantiles), grouped(empty), grouped(dates));
  const bool is_few = most <= 2 * static_cast<std::size_t>(buckets.quantiles);
  return is_few
             ? fmt::format("{}: the factor has at most {} different value{} a date", where, most, most == 1 ? "" : "s")
             : fmt::format("{}: too many names have equal values", where);
}

void explain_empty_buckets(const SortedRows& factor, const Buckets& buckets, HorizonResult& result) {
  for (QuantileStatistics& one : result.quantiles) {
    if (!stat::is_valid(one.mean_return.value)) {
      if (const std::string cause = why_empty(factor, buckets, one.quantile); !cause.empty()) {
        explain(one.mean_return, cause);
        explain(one.mean_return_absolute, cause);
      }
    }
  }
  if (stat::is_valid(result.spread.gross_annual.value)) {
    return;
  }
  std::string cause = why_empty(factor, buckets, buckets.quantiles);
  cause = cause.empty() ? why_empty(factor, buckets, 1) : cause;
  if (!cause.empty()) {
    explain(result.spread.gross_annual, cause);
    explain(result.spread.net_annual, cause);
  }
}

}  // namespace lode::evaluate
