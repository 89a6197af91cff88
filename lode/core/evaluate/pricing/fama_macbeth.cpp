// Cross-sections date by date.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/pricing/fama_macbeth.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/newey_west.h"
#include "lode/core/stat/regression.h"

namespace lode::evaluate {
namespace {

using Columns = std::vector<std::vector<double>>;

// Names of a row that have a return and all exposures: the return first, then the exposures.
Columns complete_names(const Panel& returns, std::span<const Panel* const> exposures, std::size_t row) {
  Columns columns(exposures.size() + 1);
  for (std::size_t name = 0; name < returns.columns(); ++name) {
    const bool is_complete =
        math::is_finite(returns.row64(row)[name]) &&
        std::ranges::all_of(exposures, [&](const Panel* panel) { return math::is_finite(panel->row64(row)[name]); });
    if (!is_complete) {
      continue;
    }
    columns[0].push_back(returns.row64(row)[name]);
    for (std::size_t k = 0; k < exposures.size(); ++k) {
      columns[k + 1].push_back(exposures[k]->row64(row)[name]);
    }
  }
  return columns;
}

// A constant keeps its values: a regression with an intercept drops it.
void standardize(std::vector<double>& exposure) {
  const double deviation = stat::standard_deviation(exposure);
  if (deviation > 0.0) {
    const double center = stat::mean(exposure);
    for (double& value : exposure) {
      value = (value - center) / deviation;
    }
  }
}

struct CrossSection {
  std::vector<double> coefficients;  // Empty: too few names.
  double r2 = kNoValue;
  std::size_t names = 0;
};

CrossSection cross_section(Columns columns, const FamaMacBethOptions& options) {
  CrossSection result;
  result.names = columns[0].size();
  if (result.names < static_cast<std::size_t>(std::max(options.min_names, 1)) || result.names < columns.size() + 1) {
    return result;
  }
  std::vector<std::span<const double>> regressors;
  for (std::size_t k = 1; k < columns.size(); ++k) {
    if (options.standardizes) {
      standardize(columns[k]);
    }
    regressors.emplace_back(columns[k]);
  }
  const stat::Regression line = stat::ols(columns[0], regressors, true);
  result.coefficients = line.coefficients;
  result.r2 = line.r2;
  return result;
}

}  // namespace

FamaMacBeth fama_macbeth(const Panel& returns, std::span<const Panel* const> exposures,
                         const FamaMacBethOptions& options, Pool& pool) {
  for (const Panel* panel : exposures) {
    LODE_ASSERT(panel->rows() == returns.rows() && panel->columns() == returns.columns());
  }
  std::vector<CrossSection> sections(returns.rows());
  pool.for_each(returns.rows(), [&](std::size_t row) {
    sections[row] = cross_section(complete_names(returns, exposures, row), options);
  });
  FamaMacBeth result{};
  result.premiums.assign(exposures.size() + 1, std::vector<double>(returns.rows(), kNoValue));
  result.r2.assign(returns.rows(), kNoValue);
  double names = 0.0;
  for (std::size_t row = 0; row < sections.size(); ++row) {
    const CrossSection& section = sections[row];
    if (section.coefficients.empty()) {
      continue;
    }
    ++result.dates;
    names += static_cast<double>(section.names);
    result.r2[row] = section.r2;
    for (std::size_t k = 0; k < section.coefficients.size(); ++k) {
      result.premiums[k][row] = section.coefficients[k];
    }
  }
  result.lag = stat::newey_west_lag(options.horizon, result.dates);
  for (const std::vector<double>& premium : result.premiums) {
    const stat::MeanTest test = stat::newey_west(premium, result.lag);
    const double degrees = test.n > 1 ? static_cast<double>(test.n - 1) : 0.0;
    result.means.push_back(stat::coefficient_of(test.mean, test.standard_error, degrees));
  }
  result.mean_r2 = stat::mean(result.r2);
  result.mean_names = result.dates > 0 ? names / static_cast<double>(result.dates) : kNoValue;
  return result;
}

double shanken_factor(std::span<const double> premiums, std::span<const std::span<const double>> factors) {
  LODE_ASSERT(premiums.size() == factors.size());
  const std::size_t count = factors.size();
  const std::size_t rows = count > 0 ? factors[0].size() : 0;
  Columns series(count);
  for (std::size_t row = 0; row < rows; ++row) {
    if (std::ranges::all_of(factors, [row](auto factor) { return math::is_finite(factor[row]); })) {
      for (std::size_t k = 0; k < count; ++k) {
        series[k].push_back(factors[k][row]);
      }
    }
  }
  if (count == 0 || series[0].size() < count + 1) {
    return kNoValue;
  }
  // l' S^-1 l by Cholesky, S = L L': the squared length of the z that solves L z = l.
  const auto degrees = static_cast<double>(series[0].size() - 1);
  Columns lower(count, std::vector<double>(count, 0.0));
  double total = 0.0;
  std::vector<double> solved;
  for (std::size_t i = 0; i < count; ++i) {
    const double center = stat::mean(series[i]);
    for (double& value : series[i]) {
      value -= center;
    }
    double right = premiums[i];
    for (std::size_t j = 0; j <= i; ++j) {
      double entry = 0.0;
      for (std::size_t row = 0; row < series[i].size(); ++row) {
        entry += series[i][row] * series[j][row] / degrees;
      }
      const double whole = entry;
      for (std::size_t k = 0; k < j; ++k) {
        entry -= lower[i][k] * lower[j][k];
      }
      constexpr double kSingular = 1e-12;  // Share of a variance that must be a factor's own.
      if (i == j && !(entry > kSingular * whole)) {
        return kNoValue;
      }
      lower[i][j] = i == j ? math::sqrt(entry) : entry / lower[j][j];
      right -= j < i ? lower[i][j] * solved[j] : 0.0;
    }
    solved.push_back(right / lower[i][i]);
    total += solved.back() * solved.back();
  }
  return 1.0 + total;
}

}  // namespace lode::evaluate
