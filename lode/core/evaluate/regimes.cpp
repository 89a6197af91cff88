// Weather of a market, and a factor in it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/regimes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "lode/base/math.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr std::array<std::string_view, 5> kIds{"trend_up", "trend_down", "volatility_low", "volatility_middle",
                                               "volatility_high"};

// The `count` values up to and with `row`; empty when there are fewer.
std::span<const double> last(std::span<const double> values, std::size_t row, std::size_t count) {
  return row + 1 < count ? std::span<const double>() : values.subspan(row + 1 - count, count);
}

bool all_valid(std::span<const double> values) {
  return !values.empty() && std::ranges::all_of(values, [](double value) { return stat::is_valid(value); });
}

std::uint8_t trend_of(std::span<const double> returns, std::size_t row) {
  const std::span<const double> past = last(returns, row, kTrendRows);
  if (!all_valid(past)) {
    return 0;
  }
  double growth = 0.0;
  for (const double value : past) {
    growth += math::log1p(std::max(value, -0.999));
  }
  return growth > 0.0 ? kTrendUp : kTrendDown;
}

std::uint8_t volatility_of(std::span<const double> volatility, std::size_t row) {
  const std::size_t begin = row + 1 > kPastRows ? row + 1 - kPastRows : 0;
  const std::span<const double> past = volatility.subspan(begin, row + 1 - begin);
  const std::size_t known = stat::count_valid(past);
  if (!stat::is_valid(volatility[row]) || known < kLeastPastRows) {
    return 0;
  }
  const auto below = std::ranges::count_if(past, [&](double value) { return value < volatility[row]; });
  const double place = static_cast<double>(below) / static_cast<double>(known);
  return place < 1.0 / 3.0 ? kVolatilityLow : place < 2.0 / 3.0 ? kVolatilityMiddle : kVolatilityHigh;
}

// `series` on the rows of one regime, NaN elsewhere.
std::vector<double> only(std::span<const double> series, std::span<const std::uint8_t> regimes, std::uint8_t regime) {
  std::vector<double> out(series.begin(), series.end());
  for (std::size_t row = 0; row < out.size(); ++row) {
    out[row] = (regimes[row] & regime) != 0 ? out[row] : kNoValue;
  }
  return out;
}

}  // namespace

std::vector<double> market_returns(const Market& market) {
  std::vector<double> out(market.close.rows(), kNoValue);
  for (std::size_t row = 1; row < out.size(); ++row) {
    const auto now = market.close.row64(row);
    const auto before = market.close.row64(row - 1);
    double total = 0.0;
    std::size_t count = 0;
    for (std::size_t name = 0; name < now.size(); ++name) {
      const bool member = market.universe.empty() || market.universe[row * now.size() + name] != 0;
      if (member && now[name] > 0.0 && before[name] > 0.0) {
        total += now[name] / before[name] - 1.0;
        ++count;
      }
    }
    out[row] = count > 0 ? total / static_cast<double>(count) : kNoValue;
  }
  return out;
}

std::vector<std::uint8_t> regimes_of(std::span<const double> returns) {
  std::vector<double> volatility(returns.size(), kNoValue);
  for (std::size_t row = 0; row < returns.size(); ++row) {
    const std::span<const double> past = last(returns, row, kVolatilityRows);
    volatility[row] = all_valid(past) ? stat::standard_deviation(past) : kNoValue;
  }
  std::vector<std::uint8_t> out(returns.size(), 0);
  for (std::size_t row = 0; row < returns.size(); ++row) {
    out[row] = static_cast<std::uint8_t>(trend_of(returns, row) | volatility_of(volatility, row));
  }
  return out;
}

std::vector<RegimeResult> regime_results(std::span<const std::uint8_t> regimes, const HorizonResult& headline,
                                         const NoOverlap& test, const Options& options) {
  std::vector<RegimeResult> out;
  for (std::size_t i = 0; i < kIds.size(); ++i) {
    const auto regime = static_cast<std::uint8_t>(1U << i);
    const std::vector<double> ic = only(headline.rank_ic_series, regimes, regime);
    RegimeResult one;
    one.id = kIds[i];
    one.dates = static_cast<std::int64_t>(stat::count_valid(ic));
    if (one.dates < options.min_dates) {
      one.reason = too_few(static_cast<std::size_t>(one.dates), options.min_dates, "dates");
    } else {
      const std::vector<double> x = only(test.series, regimes, regime);
      const auto n = static_cast<double>(stat::count_valid(x));
      one.rank_ic = stat::mean(ic);
      one.t_no_overlap = stat::mean(x) / (stat::standard_deviation(x) / math::sqrt(n));
      one.spread_annual =
          annual_rate(stat::mean(only(headline.spread_series, regimes, regime)), options.sessions_a_year);
      one.net_annual = annual_rate(stat::mean(only(headline.net_series, regimes, regime)), options.sessions_a_year);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace lode::evaluate
