// Combinatorially symmetric cross-validation.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/cscv.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/regression.h"
#include "lode/core/stat/valid.h"

namespace lode::stat {
namespace {

// Of the deviations from the strategy's mean, which keeps their squares from cancelling.
struct Sums {
  double count = 0.0;
  double sum = 0.0;
  double squares = 0.0;

  void add(const Sums& other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
  }
};

struct Strategy {
  double center = 0.0;
  double noise = 0.0;  // Squared deviations up to here are rounding.
  std::vector<Sums> blocks;

  double sharpe(const Sums& of) const {
    const double mean = of.sum / of.count;
    const double squares = of.squares - of.sum * mean;
    return of.count < 2.0 || !(squares > noise) ? kMissing : (center + mean) / math::sqrt(squares / (of.count - 1.0));
  }
};

// Relative to the squares of the values themselves, what their differences lose to rounding.
constexpr double kNoise = 1e-24;

Strategy strategy_of(std::span<const double> returns, std::size_t blocks) {
  Strategy strategy;
  strategy.center = count_valid(returns) > 0 ? mean(returns) : 0.0;
  const std::size_t length = returns.size() / blocks;
  for (std::size_t block = 0; block < blocks; ++block) {
    Sums sums;
    for (const double value : returns.subspan(block * length, length)) {
      if (is_valid(value)) {
        const double deviation = value - strategy.center;
        sums.add({1.0, deviation, deviation * deviation});
        strategy.noise += kNoise * value * value;
      }
    }
    strategy.blocks.push_back(sums);
  }
  return strategy;
}

// Sharpe ratios of one half; NaN becomes the worst.
void sharpe_of_half(std::span<const Strategy> strategies, std::uint32_t half, std::vector<double>& sharpe) {
  sharpe.clear();
  for (const Strategy& strategy : strategies) {
    Sums sums;
    for (std::uint32_t left = half; left != 0; left &= left - 1) {
      sums.add(strategy.blocks[static_cast<std::size_t>(std::countr_zero(left))]);
    }
    const double value = strategy.sharpe(sums);
    sharpe.push_back(is_valid(value) ? value : -std::numeric_limits<double>::infinity());
  }
}

// Average rank of one among all, from 1.
double rank_among(std::span<const double> all, double one) {
  double below = 0.0;
  double ties = 0.0;
  for (const double value : all) {
    below += value < one ? 1.0 : 0.0;
    ties += value == one ? 1.0 : 0.0;
  }
  return below + (ties + 1.0) / 2.0;
}

void judge_choice(std::span<const double> in, std::span<const double> out, Overfitting& result) {
  const auto best = static_cast<std::size_t>(std::ranges::max_element(in) - in.begin());
  const double share = rank_among(out, out[best]) / static_cast<double>(out.size() + 1);
  result.logits.push_back(math::log(share / (1.0 - share)));
  const auto or_missing = [](double sharpe) { return math::is_finite(sharpe) ? sharpe : kMissing; };
  result.best_in.push_back(or_missing(in[best]));
  result.best_out.push_back(or_missing(out[best]));
}

template <class Holds>
double share_of(std::span<const double> values, Holds holds) {
  return static_cast<double>(std::ranges::count_if(values, holds)) / static_cast<double>(values.size());
}

}  // namespace

Overfitting overfitting(std::span<const std::span<const double>> strategies, int blocks) {
  LODE_ASSERT(blocks >= 2 && blocks <= 20 && blocks % 2 == 0);
  Overfitting result{.probability = kMissing, .loss_probability = kMissing, .slope = kMissing, .intercept = kMissing};
  const auto count = static_cast<std::size_t>(blocks);
  const std::size_t rows = strategies.empty() ? 0 : strategies[0].size();
  if (strategies.size() < 2 || rows < 2 * count) {
    return result;
  }
  result.rows_used = rows / count * count;
  std::vector<Strategy> sums;
  for (const std::span<const double> returns : strategies) {
    LODE_ASSERT(returns.size() == rows);
    sums.push_back(strategy_of(returns.last(result.rows_used), count));
  }
  const std::uint32_t all = (1U << blocks) - 1;
  std::vector<double> in;
  std::vector<double> out;
  for (std::uint32_t half = 1; half < all; ++half) {
    if (std::popcount(half) * 2 == blocks) {
      sharpe_of_half(sums, half, in);
      sharpe_of_half(sums, all & ~half, out);
      judge_choice(in, out, result);
    }
  }
  result.choices = result.logits.size();
  result.probability = share_of(result.logits, [](double logit) { return logit <= 0.0; });
  result.loss_probability = share_of(result.best_out, [](double sharpe) { return sharpe < 0.0; });
  const std::span<const double> column(result.best_in);
  const Regression line = ols(result.best_out, std::span(&column, 1), true);
  result.intercept = line.coefficients[0];
  result.slope = line.coefficients[1];
  return result;
}

}  // namespace lode::stat
