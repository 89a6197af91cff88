// The no-overlap t.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/no_overlap.h"

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
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
      : factor_(factor),
        horizon_(static_cast<std::size_t>(horizon)),
        sum_(factor.width()),
        entering_(sum_.size()),
        leaving_(sum_.size()) {}

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
    stat::move_on(sum_, factor_.part(row, 0, entering_), factor_.part(gone, 0, leaving_));
    filled_rows_ += (factor_.counts[row] > 0 ? 1 : 0) - (factor_.counts[gone] > 0 ? 1 : 0);
  }

  std::span<const double> sum() const { return sum_; }
  bool has_factor() const { return filled_rows_ > 0; }

 private:
  void add(std::size_t row) {
    const auto cells = factor_.part(row, 0, entering_);
    for (std::size_t i = 0; i < sum_.size(); ++i) {
      sum_[i] += cells[i];
    }
    filled_rows_ += factor_.counts[row] > 0 ? 1 : 0;
  }

  const Standing& factor_;
  std::size_t horizon_;
  std::vector<double> sum_;
  std::vector<double> entering_;
  std::vector<double> leaving_;
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

// Calls visit(row, window sum) for every row that has an x.
template <class Visit>
void walk(const Standing& factor, const Standing& one_day, int horizon, Pool& pool, Visit visit) {
  const std::size_t first = first_row(factor, horizon);
  for_blocks(factor.rows(), pool, [&](std::size_t, std::size_t begin, std::size_t end) {
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

void conclude_no_overlap(const Standing& factor, const Standing& one_day, int horizon, NoOverlap& out) {
  const stat::MeanTest test = stat::mean_test(out.series);
  out.n = test.n;
  out.t = test.t;
  out.standard_error = test.standard_error / (mean_deviation(factor) * mean_deviation(one_day) * math::sqrt(horizon));
}

namespace {

// Rows of one block, and columns that are walked together so that the running sums of a whole window stay near the
// core.
constexpr std::size_t kWindowRows = 512;
constexpr std::size_t kTile = 512;

// Running sums of the factor's rows over one tile of columns, the last so many of them. A window of h rows is today's
// less that of h rows ago.
class RunningSums {
 public:
  RunningSums(const Standing& factor, std::size_t longest)
      : factor_(factor), slots_(longest + 1), sums_(slots_ * kTile), row_(kTile) {}

  // Columns [first, first + width); all sums start at `row`.
  void start(std::size_t row, std::size_t first, std::size_t width) {
    first_ = first;
    width_ = width;
    next_ = row;
    base_ = row;
    std::fill(sums_.begin(), sums_.end(), 0.0);
  }

  // Adds the next row; totals[h] += its window's dot product with the tile `one`.
  void add(std::span<const double> one, std::span<const int> horizons, std::vector<const double*>& past,
           std::span<double> totals) {
    past.resize(totals.size());
    for (std::size_t h = 0; h < past.size(); ++h) {
      // No row is asked for whose window starts before the sums do: see first_row.
      const auto back = static_cast<std::size_t>(horizons[h]);
      past[h] = slot(next_ + 1 >= base_ + back ? next_ + 1 - back : base_);
    }
    add_and_hold({slot(next_), width_}, factor_.part(next_, first_, {row_.data(), width_}), one, past,
                 {slot(next_ + 1), width_}, totals);
    ++next_;
  }

 private:
  // Sum of the rows before `row`.
  double* slot(std::size_t row) { return sums_.data() + (row - base_) % slots_ * kTile; }

  const Standing& factor_;
  std::size_t slots_;
  std::vector<double> sums_;
  std::vector<double> row_;
  std::size_t first_ = 0;
  std::size_t width_ = 0;
  std::size_t next_ = 0;
  std::size_t base_ = 0;
};

// The longest horizon that may be asked for: check_options().
constexpr std::size_t kLongestHorizon = 504;

// Rows with a factor before each row.
std::vector<std::size_t> filled_before(const Standing& factor) {
  std::vector<std::size_t> out{0};
  for (const std::uint32_t count : factor.counts) {
    out.push_back(out.back() + (count > 0 ? 1 : 0));
  }
  return out;
}

}  // namespace

std::vector<NoOverlap> no_overlaps(const Standing& factor, const Standing& one_day, std::span<const int> horizons,
                                   Pool& pool) {
  const std::size_t rows = factor.rows();
  const std::size_t columns = factor.width();
  std::vector<NoOverlap> out(horizons.size());
  for (NoOverlap& one : out) {
    one.series.assign(rows, stat::kMissing);
  }
  const std::vector<std::size_t> filled = filled_before(factor);
  const auto longest = static_cast<std::size_t>(*std::ranges::max_element(horizons));
  pool.for_each((rows + kWindowRows - 1) / kWindowRows, [&](std::size_t block) {
    const std::size_t begin = block * kWindowRows;
    const std::size_t end = std::min(rows, begin + kWindowRows);
    std::vector<double> totals((end - begin) * horizons.size());
    std::vector<const double*> past;
    std::vector<double> one(kTile);
    RunningSums sums(factor, longest);
    for (std::size_t first = 0; first < columns; first += kTile) {
      // The same for whatever horizons: sums that start elsewhere round elsewhere, and no horizon may move another.
      const std::size_t start = begin > kLongestHorizon ? begin - kLongestHorizon : 0;
      const std::size_t width = std::min(kTile, columns - first);
      sums.start(start, first, width);
      for (std::size_t row = start; row < end; ++row) {
        const bool wanted = row >= begin && one_day.counts[row] > 0;
        const auto into =
            std::span(totals).subspan(wanted ? (row - begin) * horizons.size() : 0, wanted ? horizons.size() : 0);
        sums.add(one_day.part(row, first, {one.data(), width}), horizons, past, into);
      }
    }
    for (std::size_t h = 0; h < horizons.size(); ++h) {
      const auto window = static_cast<std::size_t>(horizons[h]);
      for (std::size_t row = std::max(begin, first_row(factor, horizons[h])); row < end; ++row) {
        if (one_day.counts[row] > 0 && filled[row + 1] > filled[row + 1 - window]) {
          out[h].series[row] = totals[(row - begin) * horizons.size() + h] / one_day.counts[row];
        }
      }
    }
  });
  for (std::size_t h = 0; h < horizons.size(); ++h) {
    conclude_no_overlap(factor, one_day, horizons[h], out[h]);
  }
  return out;
}

NoOverlap no_overlap(const Standing& factor, const Standing& one_day, int horizon, Pool& pool) {
  return std::move(no_overlaps(factor, one_day, std::span(&horizon, 1), pool).front());
}

std::vector<NoOverlap> no_overlap_by_group(const Standing& factor, const Standing& one_day, const Panel& one_day_values,
                                           const GroupCodes& codes, int min_names, int horizon, Pool& pool) {
  std::vector<NoOverlap> out(codes.groups);
  for (NoOverlap& one : out) {
    one.series.assign(factor.rows(), stat::kMissing);
  }
  walk(factor, one_day, horizon, pool, [&](std::size_t row, std::span<const double> sum) {
    std::vector<GroupSum> sums(codes.groups);
    std::vector<double> buffer(sum.size());
    const auto labels = one_day.part(row, 0, buffer);
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
    conclude_no_overlap(factor, one_day, horizon, one);
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
