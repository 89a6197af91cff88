// Premiums and loadings computed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/premium/premium.h"

#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/flow/steps/research/slice.h"

namespace lode::flow {

namespace {

constexpr std::size_t kMostFactors = 20;  // All their values are held at once.

Result<std::vector<std::string>> names_of(const Request& request) {
  std::vector<std::string> names = request.texts("formula");
  if (names.empty() || names.size() > kMostFactors) {
    return fail(names.empty() ? E::E3 : E::E4,
                fmt::format("{} factors are given, expected 1 to {}", names.size(), kMostFactors),
                "lode factor premium 'rank(-ts_delta(close,5))'");
  }
  return names;
}

// Forward returns on the judged rows.
Result<Panel> returns_of(World& world, const Study& study, int horizon, evaluate::Convention convention) {
  LODE_TRY(const evaluate::Labels labels, evaluate::forward_returns(study.market, horizon, convention, world.pool));
  const RowSlice slice(study.panels.axis, static_cast<std::size_t>(study.first_row), study.panels.axis->rows());
  return slice.panel(labels.returns);
}

}  // namespace

Result<Premium> premium(World& world, const Request& request) {
  LODE_TRY(const std::vector<std::string> names, names_of(request));
  Premium out;
  std::vector<Panel> values;
  evaluate::Options options;
  LODE_TRY(out.alike, judge_alike(world, request, names,
                                  [&](const std::string& name, const Judged& one, const Recorded& recorded) {
                                    const evaluate::HorizonResult& headline = one.sheet.headline_horizon();
                                    values.push_back(one.factor.as(Precision::kFloat64));
                                    out.factors.push_back({.name = name,
                                                           .run = recorded.run.alias,
                                                           .hash = recorded.run.hash,
                                                           .book = headline.spread_series,
                                                           .top = headline.quantile_series.back(),
                                                           .bottom = headline.quantile_series.front()});
                                    out.sessions = one.sheet.sessions;
                                    out.horizon = headline.horizon;
                                    options = one.sheet.options;
                                  }));
  if (out.factors.empty()) {
    return fail(E::E3005, "none of the factors could be judged", out.alike.left_out.front().second);
  }
  const Study& study = *out.alike.study;
  std::vector<const Panel*> exposures;
  for (const Panel& panel : values) {
    exposures.push_back(&panel);
  }
  LODE_TRY(const Panel forward, returns_of(world, study, out.horizon, options.convention));
  out.fama_macbeth = evaluate::fama_macbeth(
      forward, exposures, {.standardizes = true, .min_names = options.min_names, .horizon = out.horizon}, world.pool);
  LODE_TRY(const Panel daily, returns_of(world, study, 1, options.convention));
  for (PremiumFactor& factor : out.factors) {
    const std::vector<std::span<const double>> book{factor.book};
    factor.names = evaluate::instrument_regressions(daily, book, evaluate::kLeastInstrumentRows, -1, world.pool);
    factor.summary = evaluate::summarize(factor.names, 0);
  }
  out.symbols = study.symbols;
  out.periods_a_year = options.sessions_a_year / out.horizon;
  out.computed = world.clock.now();
  return out;
}

}  // namespace lode::flow
