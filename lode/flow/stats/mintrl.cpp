// lode stats mintrl: how long a track record must be before its Sharpe ratio means something.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/overfit/sharpe.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/stats/parameters.h"

namespace lode {

namespace {

std::string rows_text(double rows, double periods) {
  if (math::is_nan(rows)) {
    return "-";
  }
  return math::is_finite(rows) ? fmt::format("{} ({} years)", grouped(static_cast<std::int64_t>(math::ceil(rows))),
                                             fixed(rows / periods, 1))
                               : "never";
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::SeriesFile file, flow::series_of(request));
  const double periods = request.number("periods", 252.0);
  const double year = math::sqrt(periods);
  const double benchmark = request.number("benchmark", 0.0);
  const double confidence = request.number("confidence", 0.95);
  using Align = TextTable::Align;
  TextTable table({{"series", Align::kLeft, 9},
                   {"Sharpe/year", Align::kRight, 7},
                   {"returns", Align::kRight, 6},
                   {"needed", Align::kRight, 8},
                   {"enough", Align::kLeft, 8}});
  Outcome out;
  Value rows = Value::array();
  for (std::size_t i = 0; i < file.series.size(); ++i) {
    const stat::ReturnShape shape = stat::return_shape(file.series[i]);
    const double needed = stat::least_track_record(shape, benchmark / year, confidence);
    const bool is_enough = static_cast<double>(shape.n) >= needed;
    table.add({file.names[i], math::is_nan(shape.sharpe) ? "-" : fixed(shape.sharpe * year, 2),
               grouped(static_cast<std::int64_t>(shape.n)), rows_text(needed, periods),
               math::is_nan(needed) ? "-"
               : is_enough          ? "yes"
                                    : "no"});
    Value row = Value::object();
    row.set("series", Value(file.names[i]));
    row.set("n", Value(static_cast<std::int64_t>(shape.n)));
    row.set("sharpe_annual", Value(shape.sharpe * year));
    row.set("needed_rows", Value(needed));
    row.set("needed_years", Value(needed / periods));
    row.set("is_enough", math::is_nan(needed) ? Value() : Value(is_enough));
    row.set("is_ever", math::is_nan(needed) ? Value() : Value(math::is_finite(needed)));
    rows.push(std::move(row));
    if (math::is_nan(shape.sharpe)) {
      out.warnings.push_back(
          fmt::format("{} has no Sharpe ratio: fewer than 2 returns, or all are equal", file.names[i]));
    }
  }
  out.data = Value::object();
  out.data.set("file_sha256", Value(file.hash));
  out.data.set("benchmark_annual", Value(benchmark));
  out.data.set("confidence", Value(confidence));
  out.data.set("series", std::move(rows));
  out.text = flow::fitted(world, table) +
             fmt::format(
                 "\nNeeded before the ratio is above {} a year with probability {}. Were it the best of many, "
                 "much more: lode stats dsr.\n",
                 shortest(benchmark), shortest(confidence));
  return flow::in_format(std::move(out), "series",
                         {"series", "n", "sharpe_annual", "needed_rows", "needed_years", "is_enough", "is_ever"},
                         request);
}

}  // namespace

const Flow& flow_stats_mintrl() {
  static const Flow flow{
      {.noun = "stats",
       .verb = "mintrl",
       .summary = "how long a track record must be before its Sharpe ratio means something",
       .description =
           "The minimum track record length (Bailey and Lopez de Prado 2012): how many returns of this ratio, skewness "
           "and kurtosis are needed before the probability that the true ratio is above --benchmark reaches "
           "--confidence.",
       .journey = Journey::kResearch,
       .parameters = {flow::series_parameter("returns: a column a strategy, a row a period; CSV, Parquet or Arrow"),
                      flow::column_parameter(),
                      flow::periods_parameter(),
                      flow::benchmark_parameter(),
                      {.name = "confidence",
                       .kind = ParameterKind::kNumber,
                       .summary = "probability wanted",
                       .fallback = "0.95",
                       .least = 0.5,
                       .most = 0.999999},
                      flow::rows_format_parameter()},
       .examples = {{"lode stats mintrl returns.csv", "at 95 %", false}},
       .schema = "lode.stats.mintrl/1"},
      run};
  return flow;
}

}  // namespace lode
