// lode stats dsr: the best of many Sharpe ratios, deflated by how many were tried.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/sharpe.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/stats/parameters.h"

namespace lode {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// The series to be judged and what is known of the others.
struct Trials {
  std::size_t best = 0;
  stat::ReturnShape shape;
  double count = 0.0;
  double deviation = kMissing;  // Of Sharpe ratios across trials, a period.
  std::string source;           // Where that is from.
};

Result<Trials> trials_of(const flow::SeriesFile& file, const Request& request, double year) {
  std::vector<double> sharpe;
  Trials trials{.shape = {kMissing, kMissing, kMissing}};
  for (std::size_t i = 0; i < file.series.size(); ++i) {
    const stat::ReturnShape shape = stat::return_shape(file.series[i]);
    sharpe.push_back(shape.sharpe);
    if (math::is_nan(trials.shape.sharpe) || shape.sharpe > trials.shape.sharpe) {
      trials.best = i;
      trials.shape = shape;
    }
  }
  if (math::is_nan(trials.shape.sharpe)) {
    return fail(E::E2102, fmt::format("no series of {} has a Sharpe ratio", file.path),
                "a series needs 2 returns or more that are not all equal");
  }
  const auto in_file = static_cast<double>(file.series.size());
  trials.count = request.number("trials", in_file);
  if (trials.count < in_file) {
    return fail(E::E4, fmt::format("--trials is {}, but the file alone holds {}", shortest(trials.count), in_file),
                "count every series that was tried, those in the file and those thrown away");
  }
  if (request.has("trial-deviation")) {
    trials.deviation = request.number("trial-deviation", 0.0) / year;
    trials.source = "--trial-deviation";
  } else if (stat::count_valid(sharpe) >= 2) {
    trials.deviation = stat::standard_deviation(sharpe);
    trials.source = "the series of the file";
  }
  return trials;
}

// "DSR 0.43: against 0.81 a year, ..."
std::string line_of(double deflated, double bar, std::string_view what) {
  return fmt::format("  {}  {} a year to beat, {}\n", math::is_nan(deflated) ? "    -" : fixed(deflated, 3),
                     math::is_nan(bar) ? "-" : fixed(bar, 2), what);
}

Result<Outcome> run(World&, const Request& request) {
  LODE_TRY(flow::SeriesFile file, flow::series_of(request));
  Outcome out;
  flow::leave_out_idle(file, out.warnings);
  const double year = math::sqrt(request.number("periods", 252.0));
  LODE_TRY(const Trials trials, trials_of(file, request, year));
  const double maximum = stat::expected_maximum(trials.count);
  const double null_deviation = stat::null_sharpe_deviation(trials.shape.n);
  const double across = stat::deflated_sharpe(trials.shape, trials.deviation, trials.count);
  const double null = stat::deflated_sharpe(trials.shape, null_deviation, trials.count);
  const double psr = stat::probabilistic_sharpe(trials.shape, 0.0);
  out.data = Value::object();
  out.data.set("file_sha256", Value(file.hash));
  out.data.set("series", Value(file.names[trials.best]));
  out.data.set("n", Value(static_cast<std::int64_t>(trials.shape.n)));
  out.data.set("sharpe", Value(trials.shape.sharpe));
  out.data.set("sharpe_annual", Value(trials.shape.sharpe * year));
  out.data.set("trials", Value(trials.count));
  out.data.set("expected_maximum", Value(maximum));
  out.data.set("trial_deviation_annual", Value(trials.deviation * year));
  out.data.set("dsr", Value(across));
  out.data.set("null_deviation_annual", Value(null_deviation * year));
  out.data.set("dsr_null", Value(null));
  out.data.set("psr", Value(psr));
  out.text = fmt::format("{}: Sharpe ratio {} a year, {}, {} returns\n\n", file.names[trials.best],
                         fixed(trials.shape.sharpe * year, 2),
                         trials.count > 1.0 ? "the best of " + shortest(trials.count) + " trials" : "the only trial",
                         grouped(static_cast<std::int64_t>(trials.shape.n)));
  out.text += "  DSR\n";
  if (!trials.source.empty()) {
    out.text +=
        line_of(across, trials.deviation * maximum * year,
                fmt::format("deviation across trials {} from {}", fixed(trials.deviation * year, 2), trials.source));
  }
  out.text +=
      line_of(null, null_deviation * maximum * year,
              fmt::format("deviation of worthless trials {}, 1 / sqrt(n - 1)", fixed(null_deviation * year, 2)));
  out.text += line_of(psr, 0.0, "were it the only trial (PSR)");
  out.text += "\nDSR: probability that the true ratio is above what the best of that many worthless trials shows.\n";
  return flow::row_in_format(std::move(out),
                             {"series", "n", "sharpe", "sharpe_annual", "trials", "expected_maximum",
                              "trial_deviation_annual", "dsr", "null_deviation_annual", "dsr_null", "psr"},
                             request);
}

}  // namespace

const Flow& flow_stats_dsr() {
  static const Flow flow{
      {.noun = "stats",
       .verb = "dsr",
       .summary = "the best of many Sharpe ratios, deflated by how many were tried",
       .description =
           "Takes the column with the highest Sharpe ratio and asks how likely it is that its true ratio is above what "
           "the best of --trials worthless strategies would show by luck (Bailey and Lopez de Prado 2014). Two "
           "deviations of ratios are used and named: that across the trials of the file, and that of worthless trials "
           "of as many returns. Trials that are copies of each other count too often: give the number of independent "
           "ones.",
       .journey = Journey::kResearch,
       .parameters = {flow::series_parameter("returns: a column a trial, a row a period; CSV, Parquet or Arrow"),
                      flow::column_parameter(),
                      flow::periods_parameter(),
                      {.name = "trials",
                       .kind = ParameterKind::kNumber,
                       .summary = "how many were tried altogether; default: the columns of the file",
                       .least = 1.0},
                      {.name = "trial-deviation",
                       .kind = ParameterKind::kNumber,
                       .summary = "standard deviation of Sharpe ratios a year across trials, when you know it"},
                      flow::rows_format_parameter()},
       .examples = {{"lode stats dsr returns.csv", "the columns are all trials", false},
                    {"lode stats dsr best.csv --trials 200", "one column, the best of 200", false}},
       .schema = "lode.stats.dsr/1"},
      run};
  return flow;
}

}  // namespace lode
