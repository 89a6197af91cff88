// The long-short book in numbers.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/book.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/regression.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kMostMissing = 0.2;  // Share of sessions without a book beyond which a year's rate says nothing.
constexpr double kGross = 2.0;        // Capital of both sides.

// Sessions from the first to the last with a book.
std::size_t span_of(std::span<const double> series) {
  std::size_t first = series.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (stat::is_valid(series[i])) {
      first = std::min(first, i);
      last = i + 1;
    }
  }
  return last > first ? last - first : 0;
}

// Why the series carries no annual rate; empty when it does.
std::string objection(std::span<const double> series, const Options& options) {
  const std::size_t n = stat::count_valid(series);
  const std::size_t span = span_of(series);
  if (n == 0 || n < static_cast<std::size_t>(options.min_dates)) {
    return too_few(n, options.min_dates, "sessions");
  }
  if (static_cast<double>(span - n) > kMostMissing * static_cast<double>(span)) {
    return fmt::format("{} of {} sessions have no book, at most 20 % may", grouped(static_cast<std::int64_t>(span - n)),
                       grouped(static_cast<std::int64_t>(span)));
  }
  return "";
}

// Share of the signed total that its largest part makes; NaN without a total.
double largest_share(std::span<const double> parts, double total) {
  double best = 0.0;
  for (const double part : parts) {
    best = std::max(best, total > 0.0 ? part : -part);
  }
  return total == 0.0 ? kNoValue : best / math::abs(total);
}

double best_year_share(std::span<const double> series, std::span<const Date> sessions, double total) {
  std::vector<double> years;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (i == 0 || sessions[i].year() != sessions[i - 1].year()) {
      years.push_back(0.0);
    }
    years.back() += stat::is_valid(series[i]) ? series[i] : 0.0;
  }
  return largest_share(years, total);
}

double best_days_share(std::span<const double> series, double total) {
  std::vector<double> days;
  for (const double value : series) {
    if (stat::is_valid(value)) {
      days.push_back(total > 0.0 ? -value : value);
    }
  }
  std::sort(days.begin(), days.end());
  days.resize((days.size() + 99) / 100);
  return total == 0.0 ? kNoValue : -stat::sum(days) / math::abs(total);
}

// 1 % point of the squared distance of a random walk of n unit steps from its own line on time, summed and over n^2:
// of the integral of a squared detrended Brownian motion, whose mean is 1/15. From 100,000 walks of 1,000 steps; 0.0176
// at 252 steps, 0.0191 at 60, so a short series is blamed a little less often.
constexpr double kStraightestWalk = 0.0175;

struct Straightness {
  double r2 = kNoValue;
  double by_chance = kNoValue;
};

// R2 of the cumulated series on time, and what chance makes of it. A walk's R2 grows with its Sharpe ratio and its
// years (1 - R2 is about 0.8 / t^2), so no fixed R2 tells a made line from an earned one; the distance from the line in
// units of the walk's own steps does.
Straightness straightness(std::span<const double> series) {
  std::vector<double> steps;
  std::vector<double> time;
  std::vector<double> wealth;
  double total = 0.0;
  for (const double value : series) {
    if (stat::is_valid(value)) {
      total += value;
      steps.push_back(value);
      wealth.push_back(total);
      time.push_back(static_cast<double>(time.size()));
    }
  }
  const std::span<const double> columns[] = {time};
  Straightness out;
  out.r2 = stat::ols(wealth, columns, true).r2;
  const auto n = static_cast<double>(steps.size());
  const double step_variance = stat::variance(steps);
  if (step_variance > 0.0) {  // Equal steps are no walk.
    out.by_chance = 1.0 - kStraightestWalk * n * n * step_variance / ((n - 1.0) * stat::variance(wealth));
  }
  return out;
}

double share_above_zero(std::span<const double> series) {
  double above = 0.0;
  for (const double value : series) {
    above += value > 0.0 ? 1.0 : 0.0;
  }
  return above / static_cast<double>(stat::count_valid(series));
}

Estimate annual(std::span<const double> series, const Options& options) {
  const stat::MeanTest test = stat::mean_test(series);
  return annual_estimate(test.mean, test.standard_error, test.n, options.sessions_a_year);
}

void add_concentration(const Book& book, std::span<const Date> sessions, SpreadStatistics& out) {
  const double total = stat::sum(book.gross);
  out.best_year_share = best_year_share(book.gross, sessions, total);
  out.best_name_share = largest_share(book.name_profit, total);
  out.best_days_share = best_days_share(book.gross, total);
  const Straightness line = straightness(book.gross);
  out.straightness = line.r2;
  out.chance_straightness = line.by_chance;
  out.share_positive = share_above_zero(book.gross);
}

}  // namespace

SpreadStatistics spread_statistics(const Book& book, std::span<const Date> sessions, const Options& options) {
  const std::string why_not = objection(book.gross, options);
  const Estimate none = missing_estimate(stat::count_valid(book.gross), why_not);
  SpreadStatistics out{.gross_annual = none,
                       .net_annual = none,
                       .t_no_overlap = kNoValue,
                       .breakeven_bps = kNoValue,
                       .turnover_a_session = kNoValue,
                       .long_annual = kNoValue,
                       .short_annual = kNoValue};
  if (!why_not.empty()) {
    return out;
  }
  const stat::MeanTest gross = stat::mean_test(book.gross);
  const double traded = stat::mean(book.traded);
  out.gross_annual = annual(book.gross, options);
  out.net_annual = annual(book.net, options);
  out.t_no_overlap = gross.t;
  out.turnover_a_session = traded / 2.0 / kGross;
  if (gross.mean > 0.0 && traded > 0.0) {
    out.breakeven_bps = gross.mean / traded * 1e4;
  }
  out.long_annual = annual(book.long_leg, options).value;
  out.short_annual = annual(book.short_leg, options).value;
  const double deviation = stat::standard_deviation(book.gross);
  out.sharpe = deviation > 0.0 ? gross.mean / deviation * math::sqrt(options.sessions_a_year) : kNoValue;
  add_concentration(book, sessions, out);
  return out;
}

}  // namespace lode::evaluate
