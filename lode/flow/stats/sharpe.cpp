// lode stats sharpe: the Sharpe ratios of a file's series with their errors, and the probability that they are real.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/overfit/interval.h"
#include "lode/core/stat/overfit/sharpe.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/stats/parameters.h"

namespace lode {

namespace {

std::string shown(double value, int decimals) { return math::is_nan(value) ? "-" : fixed(value, decimals); }

double sharpe_of(std::span<const double> returns) { return stat::return_shape(returns).sharpe; }

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::SeriesFile file, flow::series_of(request));
  const double year = math::sqrt(request.number("periods", 252.0));
  const double benchmark = request.number("benchmark", 0.0) / year;
  using Align = TextTable::Align;
  TextTable table({{"series", Align::kLeft, 9},
                   {"n", Align::kRight, 5},
                   {"Sharpe/year", Align::kRight, 8},
                   {"95 % interval", Align::kLeft, 7},
                   {"PSR", Align::kRight, 6},
                   {"skew", Align::kRight, 2},
                   {"kurtosis", Align::kRight, 1}});
  Outcome out;
  Value rows = Value::array();
  for (std::size_t i = 0; i < file.series.size(); ++i) {
    const stat::ReturnShape shape = stat::return_shape(file.series[i]);
    const stat::Interval interval =
        stat::bootstrap_interval(file.series[i], sharpe_of, 0.95, flow::bootstrap_plan(request));
    const double psr = stat::probabilistic_sharpe(shape, benchmark);
    const double low = interval.bca.low * year;
    const double high = interval.bca.high * year;
    table.add({file.names[i], grouped(static_cast<std::int64_t>(shape.n)), shown(shape.sharpe * year, 2),
               math::is_nan(low) ? "-" : fmt::format("{} .. {}", fixed(low, 2), fixed(high, 2)), shown(psr, 3),
               shown(shape.skew, 2), shown(shape.kurtosis, 1)});
    Value row = Value::object();
    row.set("series", Value(file.names[i]));
    row.set("n", Value(static_cast<std::int64_t>(shape.n)));
    row.set("sharpe", Value(shape.sharpe));
    row.set("sharpe_annual", Value(shape.sharpe * year));
    row.set("standard_error", Value(stat::sharpe_error(shape)));
    row.set("interval_low_annual", Value(low));
    row.set("interval_high_annual", Value(high));
    row.set("mean_block", Value(interval.mean_block));
    row.set("psr", Value(psr));
    row.set("skew", Value(shape.skew));
    row.set("kurtosis", Value(shape.kurtosis));
    rows.push(std::move(row));
    if (math::is_nan(shape.sharpe)) {
      out.warnings.push_back(
          fmt::format("{} has no Sharpe ratio: fewer than 2 returns, or all are equal", file.names[i]));
    }
  }
  out.data = Value::object();
  out.data.set("file_sha256", Value(file.hash));
  out.data.set("series", std::move(rows));
  out.text =
      flow::fitted(world, table) +
      fmt::format(
          "\nPSR: probability that the true ratio is above {} a year. It knows of no other trial: lode stats dsr "
          "does.\n",
          shortest(request.number("benchmark", 0.0)));
  return flow::in_format(std::move(out), "series",
                         {"series", "n", "sharpe", "sharpe_annual", "standard_error", "interval_low_annual",
                          "interval_high_annual", "mean_block", "psr", "skew", "kurtosis"},
                         request);
}

}  // namespace

const Flow& flow_stats_sharpe() {
  static const Flow flow{
      {.noun = "stats",
       .verb = "sharpe",
       .summary = "Sharpe ratios with their errors, and how likely they are real",
       .description =
           "Of each column of returns: the Sharpe ratio, mean over standard deviation (n - 1), scaled to a year for "
           "display; a 95 % BCa interval from the stationary bootstrap, which keeps the dependence between rows; and "
           "PSR, the probability that the true ratio is above --benchmark given length, skewness and kurtosis (Bailey "
           "and Lopez de Prado 2012). Returns are taken as they are: subtract the risk-free rate first.",
       .journey = Journey::kResearch,
       .parameters = {flow::series_parameter("returns: a column a strategy, a row a period; CSV, Parquet or Arrow"),
                      flow::column_parameter(), flow::periods_parameter(), flow::benchmark_parameter(),
                      flow::resamples_parameter(), flow::mean_block_parameter(), flow::seed_parameter(),
                      flow::rows_format_parameter()},
       .examples = {{"lode stats sharpe returns.csv", "every column", false},
                    {"lode stats sharpe returns.csv --periods 12 --benchmark 0.5", "monthly, against 0.5", false}},
       .schema = "lode.stats.sharpe/1"},
      run};
  return flow;
}

}  // namespace lode
