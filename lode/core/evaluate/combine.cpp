// Combining factors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/combine.h"

#include <algorithm>
#include <array>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

constexpr std::array<std::string_view, 9> kNames = {"equal", "ic", "icir", "t", "r2", "beta", "ridge", "max_ir", "pca"};

// z-scores of a date; all NaN where the factor does not vary.
void z_scores(std::span<const double> values, std::span<double> out) {
  Series finite;
  for (const double value : values) {
    finite.push_back(math::is_finite(value) ? value : kNoValue);
  }
  const double deviation = stat::standard_deviation(finite);
  const double center = stat::mean(finite);
  for (std::size_t i = 0; i < values.size(); ++i) {
    out[i] = deviation > 0.0 ? (finite[i] - center) / deviation : kNoValue;
  }
}

// What one date says, over the names that have all factors and a return. Empty where these are too few.
struct DateFacts {
  Series rank_ic;
  Series premium;
  Series r2;
  Series gram;  // Mean over names of the product of two factors, row by row.
};

class Facts {
 public:
  Facts(std::span<const Panel> scores, const Panel& labels, const CombineOptions& options, Pool& pool)
      : count_(scores.size()), options_(options), dates_(labels.rows()) {
    pool.for_each(labels.rows(), [&](std::size_t row) { dates_[row] = facts_of(scores, labels, row); });
  }

  // Dates with facts among the rows that are known at `row`.
  std::vector<const DateFacts*> known_at(std::size_t row) const {
    std::vector<const DateFacts*> known;
    const auto late = static_cast<std::size_t>(options_.horizon) + 1;
    const auto window = static_cast<std::size_t>(options_.window);
    if (row < late) {
      return known;
    }
    const std::size_t end = row - late + 1;
    for (std::size_t at = end > window ? end - window : 0; at < end; ++at) {
      if (!dates_[at].premium.empty()) {
        known.push_back(&dates_[at]);
      }
    }
    return known;
  }

 private:
  DateFacts facts_of(std::span<const Panel> scores, const Panel& labels, std::size_t row) const {
    std::vector<Series> columns(count_);
    Series returns;
    for (std::size_t name = 0; name < labels.columns(); ++name) {
      const double label = labels.row64(row)[name];
      const bool is_complete = math::is_finite(label) && std::ranges::all_of(scores, [&](const Panel& score) {
                                 return !math::is_nan(score.row64(row)[name]);
                               });
      if (is_complete) {
        returns.push_back(label);
        for (std::size_t k = 0; k < count_; ++k) {
          columns[k].push_back(scores[k].row64(row)[name]);
        }
      }
    }
    DateFacts facts;
    if (returns.size() < static_cast<std::size_t>(std::max(options_.min_names, 3))) {
      return facts;
    }
    const double center = stat::mean(returns);
    for (double& value : returns) {
      value -= center;
    }
    stat::Spearman spearman;
    for (std::size_t k = 0; k < count_; ++k) {
      const double correlation = stat::pearson(columns[k], returns);
      facts.rank_ic.push_back(spearman(columns[k], returns));
      facts.r2.push_back(correlation * correlation);
      facts.premium.push_back(mean_product(columns[k], returns));
      for (std::size_t j = 0; j < count_; ++j) {
        facts.gram.push_back(mean_product(columns[k], columns[j]));
      }
    }
    return facts;
  }

  static double mean_product(const Series& x, const Series& y) {
    double total = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      total += x[i] * y[i];
    }
    return total / static_cast<double>(x.size());
  }

  std::size_t count_;
  CombineOptions options_;
  std::vector<DateFacts> dates_;
};

Series series_of(std::span<const DateFacts* const> dates, Series DateFacts::*of, std::size_t factor) {
  Series series;
  for (const DateFacts* date : dates) {
    series.push_back((date->*of)[factor]);
  }
  return series;
}

Series mean_gram(std::span<const DateFacts* const> dates) {
  Series gram(dates.front()->gram.size(), 0.0);
  for (const DateFacts* date : dates) {
    for (std::size_t i = 0; i < gram.size(); ++i) {
      gram[i] += date->gram[i] / static_cast<double>(dates.size());
    }
  }
  return gram;
}

// Solves the positive definite system by Cholesky; empty where it is not.
Series solve(Series matrix, Series right) {
  const std::size_t count = right.size();
  const auto at = [&](std::size_t i, std::size_t j) -> double& { return matrix[i * count + j]; };
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t k = 0; k < j; ++k) {
        at(i, j) -= at(i, k) * at(j, k);
      }
      if (i == j && !(at(i, i) > 0.0)) {
        return {};
      }
      at(i, j) = i == j ? math::sqrt(at(i, i)) : at(i, j) / at(j, j);
    }
    for (std::size_t k = 0; k < i; ++k) {
      right[i] -= at(i, k) * right[k];
    }
    right[i] /= at(i, i);
  }
  for (std::size_t i = count; i-- > 0;) {
    for (std::size_t k = i + 1; k < count; ++k) {
      right[i] -= at(k, i) * right[k];
    }
    right[i] /= at(i, i);
  }
  return right;
}

// The eigenvector of the largest eigenvalue of a positive matrix, by squaring: 2^kSquarings steps of power iteration.
Series first_component(Series matrix, std::size_t count) {
  constexpr int kSquarings = 40;
  for (int step = 0; step < kSquarings; ++step) {
    Series square(matrix.size(), 0.0);
    double most = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < count; ++j) {
        for (std::size_t k = 0; k < count; ++k) {
          square[i * count + j] += matrix[i * count + k] * matrix[k * count + j];
        }
        most = std::max(most, math::abs(square[i * count + j]));
      }
    }
    if (!(most > 0.0)) {
      return {};
    }
    std::ranges::transform(square, matrix.begin(), [most](double value) { return value / most; });
  }
  // Every column is a multiple of it; the longest has lost least.
  std::size_t best = 0;
  for (std::size_t i = 0; i < count; ++i) {
    best = matrix[i * count + i] > matrix[best * count + best] ? i : best;
  }
  Series component;
  for (std::size_t i = 0; i < count; ++i) {
    component.push_back(matrix[i * count + best]);
  }
  return component;
}

Series ridge_weights(std::span<const DateFacts* const> dates, const Series& premiums, double penalty) {
  Series gram = mean_gram(dates);
  for (std::size_t i = 0; i < premiums.size(); ++i) {
    gram[i * premiums.size() + i] += penalty;
  }
  return solve(std::move(gram), premiums);
}

Series max_ir_weights(std::span<const DateFacts* const> dates, const Series& premiums) {
  std::vector<Series> series;
  for (std::size_t k = 0; k < premiums.size(); ++k) {
    series.push_back(series_of(dates, &DateFacts::premium, k));
  }
  return solve(shrunk_covariance(series), premiums);
}

Series pca_weights(std::span<const DateFacts* const> dates, const Series& premiums) {
  Series component = first_component(mean_gram(dates), premiums.size());
  double earned = 0.0;
  for (std::size_t k = 0; k < component.size(); ++k) {
    earned += component[k] * premiums[k];
  }
  for (double& weight : component) {
    weight = earned < 0.0 ? -weight : weight;
  }
  return component;
}

double lone_weight(std::span<const DateFacts* const> dates, std::size_t factor, double premium,
                   const CombineOptions& options) {
  const Series ic = series_of(dates, &DateFacts::rank_ic, factor);
  switch (options.weighting) {
    case Weighting::kIc:
      return stat::mean(ic);
    case Weighting::kIcir:
      return stat::mean(ic) / stat::standard_deviation(ic);
    case Weighting::kT:
      return stat::newey_west(series_of(dates, &DateFacts::premium, factor),
                              stat::newey_west_lag(options.horizon, dates.size()))
          .t;
    case Weighting::kR2:
      return stat::mean(series_of(dates, &DateFacts::r2, factor)) * (premium < 0.0 ? -1.0 : 1.0);
    case Weighting::kBeta:
      return premium;
    default:
      return 1.0;
  }
}

// Weights from the dates known; empty: unknown.
Series raw_weights(std::span<const DateFacts* const> dates, std::size_t count, const CombineOptions& options) {
  if (options.weighting == Weighting::kEqual) {
    return Series(count, 1.0);
  }
  if (dates.size() < static_cast<std::size_t>(std::max(options.least_rows, 2))) {
    return {};
  }
  Series premiums;
  for (std::size_t k = 0; k < count; ++k) {
    premiums.push_back(stat::mean(series_of(dates, &DateFacts::premium, k)));
  }
  switch (options.weighting) {
    case Weighting::kRidge:
      return ridge_weights(dates, premiums, options.ridge);
    case Weighting::kMaxIr:
      return max_ir_weights(dates, premiums);
    case Weighting::kPca:
      return pca_weights(dates, premiums);
    default:
      break;
  }
  Series weights;
  for (std::size_t k = 0; k < count; ++k) {
    weights.push_back(lone_weight(dates, k, premiums[k], options));
  }
  return weights;
}

// Their sizes add up to 1; all NaN when they are unknown, or add up to nothing.
Series scaled(Series weights, std::size_t count) {
  double total = 0.0;
  for (const double weight : weights) {
    total += math::abs(weight);
  }
  if (weights.size() != count || !(total > 0.0) || !math::is_finite(total)) {
    return Series(count, kNoValue);
  }
  for (double& weight : weights) {
    weight /= total;
  }
  return weights;
}

double score_of(std::span<const Panel> scores, const Series& weights, std::size_t row, std::size_t name) {
  double total = 0.0;
  double sizes = 0.0;
  std::size_t present = 0;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    const double score = scores[k].row64(row)[name];
    if (!math::is_nan(score)) {
      total += weights[k] * score;
      sizes += math::abs(weights[k]);
      ++present;
    }
  }
  return 2 * present >= scores.size() && sizes > 0.0 ? total / sizes : kNoValue;
}

}  // namespace

std::string_view to_string(Weighting weighting) { return kNames[static_cast<std::size_t>(weighting)]; }

Result<Weighting> parse_weighting(std::string_view text) {
  const auto found = std::ranges::find(kNames, text);
  if (found != kNames.end()) {
    return static_cast<Weighting>(found - kNames.begin());
  }
  const std::vector<std::string> names(kNames.begin(), kNames.end());
  const std::string near = did_you_mean(text, names);
  return fail(E::E4, "no weighting called " + quote(text), near.empty() ? "one of " + join(names, ", ") : near);
}

std::vector<double> shrunk_covariance(std::span<const std::vector<double>> series) {
  const std::size_t count = series.size();
  const std::size_t n = count > 0 ? series[0].size() : 0;
  std::vector<Series> centred(series.begin(), series.end());
  for (Series& one : centred) {
    LODE_ASSERT(one.size() == n);
    const double center = stat::mean(one);
    for (double& value : one) {
      value -= center;
    }
  }
  const auto rows = static_cast<double>(n);
  Series sample(count * count, 0.0);
  double trace = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      for (std::size_t t = 0; t < n; ++t) {
        sample[i * count + j] += centred[i][t] * centred[j][t] / rows;
      }
    }
    trace += sample[i * count + i];
  }
  const double mean_variance = trace / static_cast<double>(count);
  double distance = 0.0;  // Of S from its target, and of S from what it estimates: squared lengths.
  double error = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      const double entry = sample[i * count + j];
      const double beside = entry - (i == j ? mean_variance : 0.0);
      distance += beside * beside;
      for (std::size_t t = 0; t < n; ++t) {
        const double off = centred[i][t] * centred[j][t] - entry;
        error += off * off / (rows * rows);
      }
    }
  }
  const double intensity = distance > 0.0 ? std::min(error, distance) / distance : 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      sample[i * count + j] = (1.0 - intensity) * sample[i * count + j] + (i == j ? intensity * mean_variance : 0.0);
    }
  }
  return sample;
}

Combination combine(std::span<const Panel* const> factors, const Panel& labels, const CombineOptions& options,
                    Pool& pool) {
  LODE_ASSERT(!factors.empty());
  LODE_ASSERT(options.window > 0);
  LODE_ASSERT(options.horizon > 0);
  std::vector<Panel> scores;
  for (const Panel* factor : factors) {
    LODE_ASSERT(factor->rows() == labels.rows() && factor->columns() == labels.columns());
    scores.emplace_back(labels.shared_axis(), Precision::kFloat64);
    Panel& score = scores.back();
    pool.for_each(labels.rows(), [&](std::size_t row) { z_scores(factor->row64(row), score.mutable_row64(row)); });
  }
  const Facts facts(scores, labels, options, pool);
  Combination result{Panel(labels.shared_axis(), Precision::kFloat64),
                     std::vector<Series>(factors.size(), Series(labels.rows(), kNoValue))};
  pool.for_each(labels.rows(), [&](std::size_t row) {
    const Series weights = scaled(raw_weights(facts.known_at(row), factors.size(), options), factors.size());
    if (math::is_nan(weights.front())) {
      return;
    }
    for (std::size_t k = 0; k < factors.size(); ++k) {
      result.weights[k][row] = weights[k];
    }
    for (std::size_t name = 0; name < labels.columns(); ++name) {
      result.score.mutable_row64(row)[name] = score_of(scores, weights, row, name);
    }
  });
  return result;
}

}  // namespace lode::evaluate
