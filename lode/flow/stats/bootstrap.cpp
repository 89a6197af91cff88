// lode stats bootstrap: an interval for any of the usual statistics of a series.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/interval.h"
#include "lode/core/stat/overfit/sharpe.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/stats/parameters.h"

namespace lode {

namespace {

// Deepest fall of compounded returns from their peak, as a negative ratio; 0 when they only rise. A return of -1 or
// less ends it: nothing is left to lose or to win with.
double drawdown(std::span<const double> returns) {
  double equity = 1.0;
  double peak = 1.0;
  double worst = 0.0;
  for (const double value : returns) {
    equity *= std::max(0.0, 1.0 + value);
    peak = std::max(peak, equity);
    worst = std::min(worst, equity / peak - 1.0);
  }
  return worst;
}

stat::Statistic statistic_of(std::string_view name, double year) {
  if (name == "mean") {
    return [](std::span<const double> values) { return stat::mean(values); };
  }
  if (name == "volatility") {
    return [year](std::span<const double> values) { return stat::standard_deviation(values) * year; };
  }
  if (name == "drawdown") {
    return drawdown;
  }
  return [year](std::span<const double> values) { return stat::return_shape(values).sharpe * year; };
}

std::string bounds_text(const stat::Bounds& bounds) {
  return math::is_nan(bounds.low) ? "-" : fmt::format("{:.4g} .. {:.4g}", bounds.low, bounds.high);
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::SeriesFile file, flow::series_of(request));
  const std::string name = request.text("statistic", "sharpe");
  const stat::Statistic statistic = statistic_of(name, math::sqrt(request.number("periods", 252.0)));
  const double level = request.number("level", 0.95);
  const stat::BootstrapPlan plan = flow::bootstrap_plan(request);
  using Align = TextTable::Align;
  TextTable table({{"series", Align::kLeft, 9},
                   {name, Align::kRight, 8},
                   {"BCa interval", Align::kLeft, 7},
                   {"percentile interval", Align::kLeft, 3},
                   {"error", Align::kRight, 5},
                   {"block", Align::kRight, 2}});
  Outcome out;
  Value rows = Value::array();
  for (std::size_t i = 0; i < file.series.size(); ++i) {
    const stat::Interval found = stat::bootstrap_interval(file.series[i], statistic, level, plan);
    const auto shown = [](double value) {
      return math::is_nan(value) ? std::string("-") : fmt::format("{:.4g}", value);
    };
    table.add({file.names[i], shown(found.estimate), bounds_text(found.bca), bounds_text(found.percentile),
               shown(found.standard_error), fixed(found.mean_block, 1)});
    Value row = Value::object();
    row.set("series", Value(file.names[i]));
    row.set("estimate", Value(found.estimate));
    row.set("bca_low", Value(found.bca.low));
    row.set("bca_high", Value(found.bca.high));
    row.set("percentile_low", Value(found.percentile.low));
    row.set("percentile_high", Value(found.percentile.high));
    row.set("standard_error", Value(found.standard_error));
    row.set("mean_block", Value(found.mean_block));
    rows.push(std::move(row));
    if (math::is_nan(found.estimate)) {
      out.warnings.push_back(fmt::format("{} has no {}: fewer than 2 values, or all are equal", file.names[i], name));
    }
  }
  flow::warn_of_few_rows(file.rows(), out.warnings);
  out.data = Value::object();
  out.data.set("file_sha256", Value(file.hash));
  out.data.set("statistic", Value(name));
  out.data.set("level", Value(level));
  out.data.set("resamples", Value(plan.resamples));
  out.data.set("seed", Value(static_cast<std::int64_t>(plan.seed)));
  out.data.set("series", std::move(rows));
  out.text = flow::fitted(world, table) +
             fmt::format("\n{} % intervals, {} resamples of the stationary bootstrap, blocks in rows.\n",
                         shortest(100.0 * level), grouped(plan.resamples));
  return flow::in_format(std::move(out), "series",
                         {"series", "estimate", "bca_low", "bca_high", "percentile_low", "percentile_high",
                          "standard_error", "mean_block"},
                         request);
}

}  // namespace

const Flow& flow_stats_bootstrap() {
  static const Flow flow{
      {.noun = "stats",
       .verb = "bootstrap",
       .summary = "an interval for a statistic of a series that depends on its past",
       .description =
           "Resamples blocks of rows with random starts and lengths (the stationary bootstrap of Politis and Romano "
           "1994), so that what follows what is kept, and gives the percentile interval and the BCa interval of Efron "
           "(1987), which corrects for bias and skewness. The mean block is that of Politis and White (2004) unless "
           "--mean-block says otherwise. The deepest drawdown of a resample is that of another order of the same "
           "returns: its interval is wide, and honestly so.",
       .journey = Journey::kResearch,
       .parameters = {flow::series_parameter("returns: a column a series, a row a period; CSV, Parquet or Arrow"),
                      flow::column_parameter(),
                      flow::periods_parameter(),
                      {.name = "statistic",
                       .kind = ParameterKind::kChoice,
                       .summary = "what the interval is for; Sharpe ratio and volatility are of a year",
                       .fallback = "sharpe",
                       .choices = {"sharpe", "mean", "volatility", "drawdown"}},
                      {.name = "level",
                       .kind = ParameterKind::kNumber,
                       .summary = "coverage of the interval",
                       .fallback = "0.95",
                       .least = 0.5,
                       .most = 0.9999},
                      flow::resamples_parameter(),
                      flow::mean_block_parameter(),
                      flow::seed_parameter(),
                      flow::rows_format_parameter()},
       .examples = {{"lode stats bootstrap returns.csv --statistic drawdown", "how deep it might have fallen", false}},
       .schema = "lode.stats.bootstrap/1"},
      run};
  return flow;
}

}  // namespace lode
