// The regression on known factors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/known_factors.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/inference.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

std::int64_t common_sessions(std::span<const KnownReturns> known, std::span<const double> book) {
  std::int64_t n = 0;
  for (std::size_t row = 0; row < book.size(); ++row) {
    n += stat::is_valid(book[row]) &&
                 std::ranges::all_of(known, [&](const KnownReturns& one) { return stat::is_valid(one.returns[row]); })
             ? 1
             : 0;
  }
  return n;
}

std::int64_t both_known(std::span<const double> a, std::span<const double> b) {
  std::int64_t n = 0;
  for (std::size_t row = 0; row < a.size(); ++row) {
    n += stat::is_valid(a[row]) && stat::is_valid(b[row]) ? 1 : 0;
  }
  return n;
}

}  // namespace

KnownResult known_result(std::span<const KnownReturns> known, std::span<const double> book, const Options& options) {
  KnownResult out;
  std::vector<std::span<const double>> columns;
  for (const KnownReturns& one : known) {
    LODE_ASSERT(one.returns.size() == book.size());
    columns.emplace_back(one.returns);
    out.factors.push_back({.name = one.name, .sessions = both_known(one.returns, book)});
    if (out.factors.back().sessions >= options.min_dates) {
      out.factors.back().correlation = stat::pearson(one.returns, book);
    }
  }
  const auto n = static_cast<std::size_t>(common_sessions(known, book));
  out.alpha_annual = missing_estimate(n, too_few(n, options.min_dates, "sessions"));
  if (n < static_cast<std::size_t>(options.min_dates)) {
    return out;
  }
  const stat::SeriesFit fit = stat::fit_series(book, columns);
  const stat::Coefficient& alpha = fit.robust.front();
  if (!stat::is_valid(alpha.value)) {
    out.alpha_annual.reason = "the known factors explain each other: leave one out";
    return out;
  }
  out.alpha_annual = annual_estimate(alpha.value, alpha.standard_error, n, options.sessions_a_year);
  out.alpha_t = alpha.t;
  out.r2 = fit.r2;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const stat::Coefficient& slope = fit.robust[i + 1];
    out.factors[i].beta = slope.value;
    out.factors[i].t = slope.t;
    out.factors[i].lower = slope.low;
    out.factors[i].upper = slope.high;
  }
  return out;
}

}  // namespace lode::evaluate
