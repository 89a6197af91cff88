// The no-overlap t.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/no_overlap.h"

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/pair_lanes.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

// What rounding may leave of a sum of ranks that are gone: far below the smallest centred rank.
constexpr double kNoRank = 1e-9;

// One group's part of one row.
struct GroupSum {
  double total = 0.0;
  int labels = 0;
  bool has_factor = false;
};

// Sum of the last h rows of the factor, moved forward one row at a time inside a block and added up afresh at the
// block's first row, so that rounding never travels further than a block.
class Window {
 public:
  Window(const Standing& factor, int horizon)
      : factor_(factor), horizon_(static_cast<std::size_t>(horizon)), sum_(factor.cells->columns) {}

  void start(std::size_t row) {
    std::fill(sum_.begin(), sum_.end(), 0.0);
    filled_rows_ = 0;
    for (std::size_t past = row + 1 > horizon_ ? row + 1 - horizon_ : 0; past <= row; ++past) {
      add(past);
    }
  }

  void advance(std::size_t row) {
    if (row < horizon_) {
      add(row);
      return;
    }
    const std::size_t gone = row - horizon_;
    stat::move_on(sum_, factor_.cells->row(row), factor_.cells->row(gone));
    filled_rows_ += (factor_.counts[row] > 0 ? 1 : 0) - (factor_.counts[gone] > 0 ? 1 : 0);
  }

  std::span<const double> sum() const { return sum_; }
  bool has_factor() const { return filled_rows_ > 0; }

 private:
  void add(std::size_t row) {
    const auto cells = factor_.cells->row(row);
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      sum_[i] += cells[i];
    }
    filled_rows_ += factor_.counts[row] > 0 ? 1 : 0;
  }

  const Standing& factor_;
  std::size_t horizon_;
  std::vector<double> sum_;
  int filled_rows_ = 0;
};

// The first row with a full window: h - 1 rows after the first row with a factor.
std::size_t first_row(const Standing& factor, int horizon) {
  const auto found = std::find_if(factor.counts.begin(), factor.counts.end(), [](auto count) { return count > 0; });
  return static_cast<std::size_t>(found - factor.counts.begin()) + static_cast<std::size_t>(horizon) - 1;
}

// Mean over the rows that have one.
double mean_deviation(const Standing& standing) {
  double total = 0.0;
  double rows = 0.0;
  for (const double deviation : standing.deviation) {
    total += deviation;
    rows += deviation > 0.0 ? 1.0 : 0.0;
  }
  return total / rows;
}

void conclude(const Standing& factor, const Standing& one_day, int horizon, NoOverlap& out) {
  const stat::MeanTest test = stat::mean_test(out.series);
  out.n = test.n;
  out.t = test.t;
  out.standard_error = test.standard_error / (mean_deviation(factor) * mean_deviation(one_day) * math::sqrt(horizon));
}

// Calls visit(row, window sum) for every row that has an x.
template <class Visit>
void walk(const Standing& factor, const Standing& one_day, int horizon, Pool& pool, Visit visit) {
  const std::size_t first = first_row(factor, horizon);
  for_blocks(factor.cells->rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    if (end <= first) {
      return;
    }
    const std::size_t start = std::max(begin, first);
    Window window(factor, horizon);
    for (std::size_t row = start; row < end; ++row) {
      row == start ? window.start(row) : window.advance(row);
      if (one_day.counts[row] > 0 && window.has_factor()) {
        visit(row, window.sum());
      }
    }
  });
}

}  // namespace

NoOverlap no_overlap(const Standing& factor, const Standing& one_day, int horizon, Pool& pool) {
  NoOverlap out;
  out.series.assign(factor.cells->rows, stat::kMissing);
  walk(factor, one_day, horizon, pool, [&](std::size_t row, std::span<const double> sum) {
    out.series[row] = stat::dot(one_day.cells->row(row), sum) / one_day.counts[row];
  });
  conclude(factor, one_day, horizon, out);
  return out;
}

std::vector<NoOverlap> no_overlap_by_group(const Standing& factor, const Standing& one_day, const Panel& one_day_values,
                                           const GroupCodes& codes, int min_names, int horizon, Pool& pool) {
  std::vector<NoOverlap> out(codes.groups);
  for (NoOverlap& one : out) {
    one.series.assign(factor.cells->rows, stat::kMissing);
  }
  walk(factor, one_day, horizon, pool, [&](std::size_t row, std::span<const double> sum) {
    std::vector<GroupSum> sums(codes.groups);
    const auto labels = one_day.cells->row(row);
    const auto values = one_day_values.row64(row);
    const auto groups = codes.row(row, sum.size());
    for (std::size_t i = 0; i < sum.size(); ++i) {
      if (groups[i] >= 0 && stat::is_valid(values[i])) {
        GroupSum& one = sums[static_cast<std::size_t>(groups[i])];
        one.total += labels[i] * sum[i];
        one.labels += 1;
        one.has_factor = one.has_factor || math::abs(sum[i]) > kNoRank;
      }
    }
    for (std::size_t group = 0; group < codes.groups; ++group) {
      if (sums[group].labels >= min_names && sums[group].has_factor) {
        out[group].series[row] = sums[group].total / sums[group].labels;
      }
    }
  });
  for (NoOverlap& one : out) {
    conclude(factor, one_day, horizon, one);
  }
  return out;
}

Estimate ic_estimate(double mean, const NoOverlap& test, std::size_t n) {
  const double size = math::abs(mean);
  const double agreeing_t = mean < 0.0 ? -test.t : test.t;
  const double plain = kNormal95 * test.standard_error;
  const double mirrored =
      2.0 * size - plain;  // As far on the other side of 0 as the plain interval stays away from it.
  const double inverted = agreeing_t > 0.0 ? size * kNormal95 / agreeing_t : mirrored;
  return make_estimate(mean, std::max(plain, std::min(inverted, mirrored)) / kNormal95, n);
}

IcStatistics ic_statistics(const std::vector<double>& series, const NoOverlap& test, int horizon,
                           const Options& options) {
  const std::size_t n = stat::count_valid(series);
  IcStatistics out{.mean = missing_estimate(n, too_few(n, options.min_dates, "dates")),
                   .standard_deviation = kNoValue,
                   .icir = kNoValue,
                   .icir_annual = kNoValue,
                   .t_no_overlap = kNoValue,
                   .t_newey_west = kNoValue,
                   .t_naive = kNoValue,
                   .share_positive = kNoValue,
                   .skew = kNoValue,
                   .kurtosis = kNoValue};
  if (n == 0 || n < static_cast<std::size_t>(options.min_dates)) {
    return out;
  }
  out.mean = ic_estimate(stat::mean(series), test, n);
  out.standard_deviation = stat::standard_deviation(series);
  out.icir = out.standard_deviation > 0.0 ? out.mean.value / out.standard_deviation : kNoValue;
  out.icir_annual = out.icir * math::sqrt(options.sessions_a_year / horizon);
  out.t_naive = out.icir * math::sqrt(static_cast<double>(n));
  const stat::MeanTest newey_west = stat::newey_west(series, stat::newey_west_lag(horizon, n));
  out.t_newey_west = newey_west.t;
  out.newey_west_lag = newey_west.lag;
  out.t_no_overlap = test.t;
  std::size_t positive = 0;
  for (const double value : series) {
    positive += value > 0.0 ? 1 : 0;
  }
  out.share_positive = static_cast<double>(positive) / static_cast<double>(n);
  out.skew = stat::skew(series);
  out.kurtosis = stat::kurtosis(series);
  return out;
}

}  // namespace lode::evaluate
