// lode stats spa: does the best of many beat the benchmark, or is it only the luckiest?
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/overfit/interval.h"
#include "lode/core/stat/overfit/superior.h"
#include "lode/core/stat/quantile.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/stats/parameters.h"

namespace lode {

namespace {

struct Advantages {
  std::vector<std::string> names;
  std::vector<std::vector<double>> series;
  std::size_t rows_dropped = 0;
};

// Each series less the benchmark, on the rows where all have a return.
Result<Advantages> advantages_of(const flow::SeriesFile& file, const std::string& benchmark) {
  const auto found = std::ranges::find(file.names, benchmark);
  if (!benchmark.empty() && found == file.names.end()) {
    const std::string near = did_you_mean(benchmark, file.names);
    return fail(E::E2001, fmt::format("{} has no column {}", file.path, quote(benchmark)),
                near.empty() ? "it has: " + join_some(file.names) : near);
  }
  const auto base = benchmark.empty() ? file.names.size() : static_cast<std::size_t>(found - file.names.begin());
  Advantages out;
  for (std::size_t i = 0; i < file.names.size(); ++i) {
    if (i != base) {
      out.names.push_back(file.names[i]);
      out.series.emplace_back();
    }
  }
  for (std::size_t row = 0; row < file.rows(); ++row) {
    if (std::ranges::any_of(file.series, [row](const auto& series) { return math::is_nan(series[row]); })) {
      ++out.rows_dropped;
      continue;
    }
    const double level = base < file.series.size() ? file.series[base][row] : 0.0;
    for (std::size_t i = 0, at = 0; i < file.series.size(); ++i) {
      if (i != base) {
        out.series[at++].push_back(file.series[i][row] - level);
      }
    }
  }
  if (out.series.empty() || out.series.front().size() < 2) {
    return fail(E::E2102,
                fmt::format("{} has {} strategies and {} rows where all have a return", file.path, out.series.size(),
                            out.series.empty() ? 0 : out.series.front().size()),
                "the test needs 1 strategy beside the benchmark and 2 whole rows");
  }
  return out;
}

// One block for all: the median of what suits each.
double common_block(std::span<const std::span<const double>> series) {
  std::vector<double> blocks;
  for (const std::span<const double> one : series) {
    blocks.push_back(stat::best_mean_block(one));
  }
  std::vector<double> buffer;
  return stat::median(blocks, buffer);
}

// A p-value of resamples is never 0, only below what they can tell.
std::string p_text(double p, int resamples) { return p > 0.0 ? fixed(p, 4) : "below " + shortest(1.0 / resamples); }

// A series that always earns the same beside the benchmark has no deviation to be tested by.
Result<void> check_varies(const flow::SeriesFile& file, const Advantages& advantages) {
  for (std::size_t i = 0; i < advantages.series.size(); ++i) {
    const std::vector<double>& one = advantages.series[i];
    if (std::ranges::adjacent_find(one, std::ranges::not_equal_to()) == one.end()) {
      return fail(E::E2102,
                  fmt::format("{}: {} is {} above the benchmark on all of {} rows, expected returns that vary",
                              file.path, advantages.names[i], shortest(one.front()), one.size()),
                  "leave it out: --column names the columns to use");
    }
  }
  return {};
}

Result<Outcome> run(World&, const Request& request) {
  LODE_TRY(const flow::SeriesFile file, flow::series_of(request));
  const std::string benchmark = request.text("benchmark");
  LODE_TRY(const Advantages advantages, advantages_of(file, benchmark));
  LODE_CHECK(check_varies(file, advantages));
  const std::vector<std::span<const double>> series(advantages.series.begin(), advantages.series.end());
  stat::BootstrapPlan plan = flow::bootstrap_plan(request);
  plan.mean_block = plan.mean_block > 0.0 ? plan.mean_block : common_block(series);
  const stat::Superiority found = stat::superiority(series, plan);
  Outcome out;
  out.data = Value::object();
  out.data.set("file_sha256", Value(file.hash));
  out.data.set("strategies", Value(static_cast<std::int64_t>(series.size())));
  out.data.set("rows", Value(static_cast<std::int64_t>(series[0].size())));
  out.data.set("rows_dropped", Value(static_cast<std::int64_t>(advantages.rows_dropped)));
  out.data.set("best", Value(advantages.names[found.best]));
  out.data.set("reality_check_p", Value(found.p));
  out.data.set("spa_p_lower", Value(found.p_lower));
  out.data.set("spa_p_consistent", Value(found.p_consistent));
  out.data.set("spa_p_upper", Value(found.p_upper));
  out.data.set("statistic", Value(found.statistic));
  out.data.set("studentized", Value(found.studentized));
  out.data.set("resamples", Value(plan.resamples));
  out.data.set("mean_block", Value(found.mean_block));
  out.data.set("seed", Value(static_cast<std::int64_t>(plan.seed)));
  out.text = fmt::format(
      "{} strategies against {}, {} rows; the best is {}\n\n"
      "  SPA (Hansen)            p {}   (lower {}, upper {})\n"
      "  reality check (White)   p {}\n\n"
      "p: how often the best of as many, none of them better than the benchmark, looks as good. {} resamples in blocks "
      "of {} rows.\n",
      grouped(static_cast<std::int64_t>(series.size())), benchmark.empty() ? "0" : benchmark,
      grouped(static_cast<std::int64_t>(series[0].size())), advantages.names[found.best],
      p_text(found.p_consistent, plan.resamples), p_text(found.p_lower, plan.resamples),
      p_text(found.p_upper, plan.resamples), p_text(found.p, plan.resamples), grouped(plan.resamples),
      fixed(found.mean_block, 1));
  flow::warn_of_few_rows(series[0].size(), out.warnings);
  if (advantages.rows_dropped > 0) {
    out.warnings.push_back(counted(static_cast<std::int64_t>(advantages.rows_dropped), "row") +
                           " where a series has no return: left out");
  }
  return flow::row_in_format(
      std::move(out),
      {"strategies", "rows", "rows_dropped", "best", "reality_check_p", "spa_p_lower", "spa_p_consistent",
       "spa_p_upper", "statistic", "studentized", "resamples", "mean_block", "seed"},
      request);
}

}  // namespace

const Flow& flow_stats_spa() {
  static const Flow flow{
      {.noun = "stats",
       .verb = "spa",
       .summary = "does the best of many beat the benchmark, or is it the luckiest?",
       .description =
           "White's reality check (2000) and Hansen's test of superior predictive ability (2005) of the hypothesis "
           "that "
           "no strategy beats the benchmark, by the stationary bootstrap. Give every strategy that was tried, not the "
           "good ones alone. Hansen's consistent p is the one to quote.",
       .journey = Journey::kResearch,
       .parameters = {flow::series_parameter("returns: a column a strategy, a row a period; CSV, Parquet or Arrow"),
                      flow::column_parameter(),
                      {.name = "benchmark", .summary = "the column to beat; default: a return of 0"},
                      flow::resamples_parameter(),
                      flow::mean_block_parameter(),
                      flow::seed_parameter(),
                      flow::rows_format_parameter()},
       .examples = {{"lode stats spa returns.csv --benchmark market", "against the column market", false}},
       .schema = "lode.stats.spa/1"},
      run};
  return flow;
}

}  // namespace lode
