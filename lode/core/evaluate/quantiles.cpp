// Statistics of buckets.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/quantiles.h"

#include <fmt/format.h>

#include "lode/base/random.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/stat/bootstrap.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

constexpr std::size_t kResamples = 1'000;
constexpr std::uint64_t kStream = std::uint64_t{1} << 32;  // Streams of the resamples: this plus their number.

// Daily bucket returns less the day's mean over buckets.
std::vector<Series> less_daily_mean(std::vector<Series> daily) {
  for (std::size_t row = 0; !daily.empty() && row < daily.front().size(); ++row) {
    double total = 0.0;
    double filled = 0.0;
    for (const Series& one : daily) {
      total += stat::is_valid(one[row]) ? one[row] : 0.0;
      filled += stat::is_valid(one[row]) ? 1.0 : 0.0;
    }
    for (Series& one : daily) {
      one[row] -= total / filled;
    }
  }
  return daily;
}

// Per bucket, the mean over dates of the share of members that were not members `lag` rows before, and of their number.
struct Membership {
  std::vector<Series> turnover;  // [bucket - 1][row]
  std::vector<Series> count;
};

Membership membership(const Buckets& buckets, std::size_t rows, std::size_t lag) {
  const auto parts = static_cast<std::size_t>(buckets.quantiles);
  const std::vector<Series> none(parts, Series(rows, stat::kMissing));
  Membership out{.turnover = none, .count = none};
  std::vector<std::uint32_t> stayed(parts);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto counts = buckets.count(row);
    if (counts[1] == 0) {
      continue;  // The lowest bucket is never empty on a date with buckets.
    }
    for (std::size_t k = 1; k <= parts; ++k) {
      out.count[k - 1][row] = counts[k];
    }
    if (row < lag || buckets.count(row - lag)[1] == 0) {
      continue;
    }
    count_stayers(buckets.row(row), buckets.row(row - lag), stayed);
    for (std::size_t k = 1; k <= parts; ++k) {
      const std::uint32_t left = counts[k] - stayed[k - 1];
      out.turnover[k - 1][row] = counts[k] > 0 ? static_cast<double>(left) / counts[k] : stat::kMissing;
    }
  }
  return out;
}

Estimate bucket_return(const Series& labels, const Series& daily, int horizon, const Options& options) {
  const std::size_t n = stat::count_valid(labels);
  if (n == 0 || n < static_cast<std::size_t>(options.min_dates)) {
    return missing_estimate(n, too_few(n, options.min_dates, "dates"));
  }
  return make_estimate(stat::mean(labels) / horizon, stat::mean_test(daily).standard_error, n);
}

// Steps from each bucket to the next on the rows where all have a return, summed from the start: prefix[r] holds the
// sums over the first r rows, so that a block of a resample is one subtraction.
struct Steps {
  std::size_t rows = 0;
  std::size_t steps = 0;
  Series prefix;  // (rows + 1) * steps

  double between(std::size_t from, std::size_t to, std::size_t step) const {
    return prefix[to * steps + step] - prefix[from * steps + step];
  }
};

Steps make_steps(const std::vector<Series>& daily) {
  Steps out;
  out.steps = daily.size() - 1;
  out.prefix.assign(out.steps, 0.0);
  for (std::size_t row = 0; row < daily.front().size(); ++row) {
    const bool complete =
        std::all_of(daily.begin(), daily.end(), [&](const Series& s) { return stat::is_valid(s[row]); });
    if (complete) {
      for (std::size_t step = 0; step < out.steps; ++step) {
        out.prefix.push_back(out.prefix[out.rows * out.steps + step] + (daily[step + 1][row] - daily[step][row]));
      }
      ++out.rows;
    }
  }
  return out;
}

// Sum of one step over the blocks of a resample.
double resampled_sum(const Steps& steps, const std::vector<stat::Block>& blocks, std::size_t step) {
  double total = 0.0;
  for (const stat::Block& block : blocks) {
    const std::size_t end = block.start + block.length;
    total += end <= steps.rows
                 ? steps.between(block.start, end, step)
                 : steps.between(block.start, steps.rows, step) + steps.between(0, end - steps.rows, step);
  }
  return total;
}

}  // namespace

std::vector<QuantileStatistics> quantile_statistics(const Dates& dates, const Book& book, int horizon,
                                                    const Options& options) {
  const std::vector<Series> demeaned = less_daily_mean(book.quantiles);
  const Membership members = membership(dates.buckets, dates.rank_ic.size(), static_cast<std::size_t>(horizon));
  std::vector<QuantileStatistics> out;
  for (std::size_t k = 0; k < book.quantiles.size(); ++k) {
    const Estimate mean = bucket_return(dates.bucket_demeaned[k], demeaned[k], horizon, options);
    const bool enough = stat::is_valid(mean.value);
    out.push_back({.quantile = static_cast<int>(k) + 1,
                   .mean_return = mean,
                   .mean_return_absolute = bucket_return(dates.bucket_absolute[k], book.quantiles[k], horizon, options),
                   .annual_return = annual_rate(mean.value, options.sessions_a_year),
                   .turnover = enough ? stat::mean(members.turnover[k]) : kNoValue,
                   .mean_count = stat::mean(members.count[k])});
  }
  return out;
}

double monotonicity(const std::vector<QuantileStatistics>& quantiles) {
  Series numbers;
  Series returns;
  for (const QuantileStatistics& one : quantiles) {
    numbers.push_back(one.quantile);
    returns.push_back(one.mean_return.value);
  }
  return stat::Spearman()(numbers, returns);
}

std::vector<stat::BlockDraws> monotonicity_draws(std::uint64_t seed) {
  std::vector<stat::BlockDraws> draws;
  for (std::size_t resample = 0; resample < kResamples; ++resample) {
    draws.emplace_back(seed, kStream + resample);
  }
  return draws;
}

double monotonicity_p(const std::vector<Series>& daily_returns, std::uint64_t seed, int min_dates, Pool& pool) {
  std::vector<stat::BlockDraws> draws = monotonicity_draws(seed);
  return monotonicity_p(daily_returns, draws, min_dates, pool);
}

double monotonicity_p(const std::vector<Series>& daily_returns, std::vector<stat::BlockDraws>& draws, int min_dates,
                      Pool& pool) {
  if (daily_returns.size() < 2) {
    return kNoValue;
  }
  const Steps steps = make_steps(daily_returns);
  if (steps.rows == 0 || steps.rows < static_cast<std::size_t>(min_dates)) {
    return kNoValue;
  }
  double climb = 0.0;
  for (std::size_t step = 0; step < steps.steps; ++step) {
    climb += steps.between(0, steps.rows, step);
  }
  const double sign = climb >= 0.0 ? 1.0 : -1.0;
  const auto smallest = [&](auto sum_of_step) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t step = 0; step < steps.steps; ++step) {
      least = std::min(least, sign * sum_of_step(step));
    }
    return least;
  };
  const double observed = smallest([&](std::size_t step) { return steps.between(0, steps.rows, step); });
  const double mean_block = stat::default_mean_block(steps.rows);
  std::vector<std::uint8_t> reached(kResamples, 0);
  pool.for_each(kResamples, [&](std::size_t resample) {
    std::vector<stat::Block> blocks;
    draws[resample].blocks(steps.rows, mean_block, blocks);
    const double least = smallest(
        [&](std::size_t step) { return resampled_sum(steps, blocks, step) - steps.between(0, steps.rows, step); });
    reached[resample] = least >= observed ? 1 : 0;
  });
  double count = 0.0;
  for (const std::uint8_t one : reached) {
    count += one;
  }
  return std::min(1.0, 2.0 * count / static_cast<double>(kResamples));
}

}  // namespace lode::evaluate
