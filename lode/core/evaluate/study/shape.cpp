// Each date's values in ascending order, and what can be read off them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/shape.h"

#include <algorithm>
#include <tuple>

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/quantile.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

// Of each date; NaN where it has no such number.
struct DateShapes {
  explicit DateShapes(std::size_t rows)
      : first(rows, stat::kMissing),
        last(first),
        low(first),
        median(first),
        high(first),
        skew(first),
        kurtosis(first),
        extremes(first),
        ties(first),
        commonest(first) {}
  Series first;  // 1 % point
  Series last;   // 99 % point
  Series low;
  Series median;
  Series high;
  Series skew;
  Series kurtosis;
  Series extremes;
  Series ties;
  Series commonest;
};

// Distances of ascending values from their median, in ascending order: those of the values below it and those of the
// values above it ascend each, and a place among both is found by halving.
class Deviations {
 public:
  explicit Deviations(std::span<const double> sorted)
      : below_(sorted.first(sorted.size() / 2)),
        above_(sorted.subspan(sorted.size() / 2)),
        median_(stat::quantile_of_sorted(sorted, 0.5)) {}

  double at(std::size_t place) const {
    std::size_t low = place + 1 > above_.size() ? place + 1 - above_.size() : 0;  // Of the values below, how many are
    std::size_t high = std::min(place + 1, below_.size());                        // .. among the first place + 1.
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (below(middle) < above(place - middle)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const double last_below = low > 0 ? below(low - 1) : 0.0;
    return low < place + 1 ? std::max(last_below, above(place - low)) : last_below;
  }

 private:
  double below(std::size_t place) const { return median_ - below_[below_.size() - 1 - place]; }
  double above(std::size_t place) const { return above_[place] - median_; }

  std::span<const double> below_;
  std::span<const double> above_;
  double median_;
};

// Skewness G1 and excess kurtosis G2 as in stat/moments.h, in one pass behind the mean.
std::pair<double, double> skew_and_kurtosis(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = stat::mean(values);
  double second = 0.0;
  double third = 0.0;
  double fourth = 0.0;
  for (const double value : values) {
    const double away = value - mean;
    const double square = away * away;
    second += square;
    third += square * away;
    fourth += square * square;
  }
  const double variance = second / (n - 1.0);
  if (values.size() < 4 || !(variance > 0.0) || values.front() == values.back()) {
    return {stat::kMissing, stat::kMissing};
  }
  const double skew = n / ((n - 1.0) * (n - 2.0)) * third / (variance * math::sqrt(variance));
  const double kurtosis = n * (n + 1.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0)) * fourth / (variance * variance) -
                          3.0 * (n - 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));
  return {skew, kurtosis};
}

double share_of_extremes(std::span<const double> sorted, double median) {
  const double reach = kExtreme * kNormalMad * deviation_of_sorted(sorted);
  if (!(reach > 0.0)) {
    return stat::kMissing;
  }
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), median - reach) - sorted.begin();
  const auto above = sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), median + reach);
  return static_cast<double>(below + above) / static_cast<double>(sorted.size());
}

// Values that are there more than once, and how often the most common one is.
std::pair<std::size_t, std::size_t> count_ties(std::span<const double> sorted) {
  std::size_t tied = 0;
  std::size_t most = 1;
  for (std::size_t first = 0; first < sorted.size();) {
    std::size_t last = first + 1;
    while (last < sorted.size() && sorted[last] == sorted[first]) {
      ++last;
    }
    tied += last - first > 1 ? last - first : 0;
    most = std::max(most, last - first);
    first = last;
  }
  return {tied, most};
}

void read_date(std::span<const double> sorted, bool may_tie, std::size_t row, DateShapes& out) {
  out.first[row] = stat::quantile_of_sorted(sorted, 0.01);
  out.low[row] = stat::quantile_of_sorted(sorted, 0.05);
  out.median[row] = stat::quantile_of_sorted(sorted, 0.5);
  out.high[row] = stat::quantile_of_sorted(sorted, 0.95);
  out.last[row] = stat::quantile_of_sorted(sorted, 0.99);
  std::tie(out.skew[row], out.kurtosis[row]) = skew_and_kurtosis(sorted);
  out.extremes[row] = share_of_extremes(sorted, out.median[row]);
  const auto [tied, most] = may_tie ? count_ties(sorted) : std::pair<std::size_t, std::size_t>(0, 1);
  out.ties[row] = static_cast<double>(tied) / static_cast<double>(sorted.size());
  out.commonest[row] = static_cast<double>(most) / static_cast<double>(sorted.size());
}

DateShapes read_dates(const SortedRows& factor, std::size_t needed, Pool& pool) {
  const std::size_t rows = factor.values.rows;
  DateShapes out(rows);
  for_blocks(rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    Series sorted;
    for (std::size_t row = begin; row < end; ++row) {
      if (factor.counts[row] < needed) {
        continue;
      }
      const auto values = factor.values.row(row);
      sorted.clear();
      for (const std::uint32_t cell : factor.order(row)) {
        sorted.push_back(values[cell]);
      }
      read_date(sorted, factor.ties[row] != 0, row, out);
    }
  });
  return out;
}

Estimate mean_of(std::span<const double> series, std::string_view reason) {
  const std::size_t n = stat::count_valid(series);
  return n == 0 ? missing_estimate(0, std::string(reason))
                : Estimate{stat::mean(series), kNoValue, kNoValue, static_cast<std::int64_t>(n), ""};
}

struct YearRows {
  int year = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::vector<YearRows> years_of(std::span<const Date> sessions) {
  std::vector<YearRows> out;
  for (std::size_t row = 0; row < sessions.size(); ++row) {
    if (out.empty() || out.back().year != sessions[row].year()) {
      out.push_back({sessions[row].year(), row, row});
    }
    out.back().end = row + 1;
  }
  return out;
}

ShapeYear year_of(const YearRows& rows, const DateShapes& dates) {
  const auto mean = [&](const Series& series) {
    return stat::mean(std::span(series).subspan(rows.begin, rows.end - rows.begin));
  };
  const auto n = stat::count_valid(std::span(dates.median).subspan(rows.begin, rows.end - rows.begin));
  return {.year = rows.year,
          .dates = static_cast<std::int64_t>(n),
          .low = mean(dates.low),
          .median = mean(dates.median),
          .high = mean(dates.high),
          .skew = mean(dates.skew),
          .kurtosis = mean(dates.kurtosis),
          .density = {}};
}

// Shares of the year's values in equal bins from `low` to `high`; what lies outside is in none.
Series density(const SortedRows& factor, const YearRows& rows, const DateShapes& dates, double low, double high) {
  Series counts(static_cast<std::size_t>(kShapeBins), 0.0);
  const double scale = kShapeBins / (high - low);
  double all = 0.0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    if (!stat::is_valid(dates.median[row])) {
      continue;
    }
    all += factor.counts[row];
    for (const double value : factor.values.row(row)) {
      if (value >= low && value <= high) {
        counts[std::min<std::size_t>(kShapeBins - 1, static_cast<std::size_t>((value - low) * scale))] += 1.0;
      }
    }
  }
  for (double& count : counts) {
    count /= all;
  }
  return counts;
}

void add_years(const SortedRows& factor, std::span<const Date> sessions, const DateShapes& dates, Pool& pool,
               Shape& out) {
  std::vector<YearRows> rows = years_of(sessions);
  std::erase_if(rows, [&](const YearRows& one) { return year_of(one, dates).dates == 0; });
  for (const YearRows& one : rows) {
    const auto mean = [&](const Series& series) {
      return stat::mean(std::span(series).subspan(one.begin, one.end - one.begin));
    };
    out.low = out.years.empty() ? mean(dates.first) : std::min(out.low, mean(dates.first));
    out.high = out.years.empty() ? mean(dates.last) : std::max(out.high, mean(dates.last));
    out.years.push_back(year_of(one, dates));
  }
  if (!(out.low < out.high)) {
    out.low = out.high = kNoValue;
    return;
  }
  pool.for_each(rows.size(), [&](std::size_t year) {
    out.years[year].density = density(factor, rows[year], dates, out.low, out.high);
  });
}

}  // namespace

double deviation_of_sorted(std::span<const double> sorted) {
  const std::size_t n = sorted.size();
  if (n == 0) {
    return stat::kMissing;
  }
  const Deviations deviations(sorted);
  const double upper = deviations.at(n / 2);
  const double lower = n % 2 == 1 ? upper : deviations.at(n / 2 - 1);
  return lower + 0.5 * (upper - lower);
}

Shape shape_of(const SortedRows& factor, std::span<const Date> sessions, const Options& options, Pool& pool) {
  const DateShapes dates = read_dates(factor, names_needed(options), pool);
  constexpr std::string_view kNoDate = "no date has names enough";
  constexpr std::string_view kEqual = "the values of every date are equal, or too few";
  Shape out{.dates = static_cast<std::int64_t>(stat::count_valid(dates.median)),
            .skew = mean_of(dates.skew, kEqual),
            .kurtosis = mean_of(dates.kurtosis, kEqual),
            .extremes = mean_of(dates.extremes, "more than half of the values of every date are equal"),
            .ties = mean_of(dates.ties, kNoDate),
            .commonest = mean_of(dates.commonest, kNoDate)};
  add_years(factor, sessions, dates, pool, out);
  return out;
}

std::vector<std::pair<int, double>> stability(std::span<const int> horizons, std::span<const double> known,
                                              const std::function<double(int)>& at_lag) {
  std::vector<std::pair<int, double>> out;
  for (const int lag : kStabilityLags) {
    const auto at = std::find(horizons.begin(), horizons.end(), lag);
    out.emplace_back(lag, at != horizons.end() ? known[static_cast<std::size_t>(at - horizons.begin())] : at_lag(lag));
  }
  return out;
}

}  // namespace lode::evaluate
