// lode stats pbo: the probability that picking the best of these strategies was overfitting.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/cscv.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/stats/parameters.h"

namespace lode {

namespace {

// Strategies times choices: some 1e8 a second for 16 blocks.
constexpr double kMostWork = 4e9;

// E0004 where the choices of half of the blocks, each of which ranks all strategies, would take minutes.
Result<void> check_work(std::size_t strategies, int blocks) {
  double choices = 1.0;
  for (int k = 1; k <= blocks / 2; ++k) {
    choices *= static_cast<double>(blocks / 2 + k) / k;
  }
  if (choices * static_cast<double>(strategies) <= kMostWork) {
    return {};
  }
  return fail(
      E::E4,
      fmt::format("--blocks {} has {} choices, too many for {} strategies", blocks,
                  grouped(static_cast<std::int64_t>(choices + 0.5)), grouped(static_cast<std::int64_t>(strategies))),
      fmt::format("--blocks {} has fewer, and says nearly the same", blocks > 16 ? 16 : std::max(2, blocks - 4)));
}

Result<Outcome> run(World&, const Request& request) {
  LODE_TRY(flow::SeriesFile file, flow::series_of(request));
  Outcome out;
  const std::size_t rows = file.rows();
  flow::leave_out_idle(file, out.warnings);
  const std::string left_out =
      out.warnings.empty() ? "" : fmt::format(" ({} more without returns that differ)", out.warnings.size());
  const int blocks = static_cast<int>(request.integer("blocks", 16));
  if (blocks % 2 != 0) {
    return fail(E::E4, fmt::format("--blocks is {}, expected an even number", blocks),
                "half of the blocks are in sample, half out of it");
  }
  if (file.series.size() < 2 || rows < 2 * static_cast<std::size_t>(blocks)) {
    return fail(E::E2102,
                fmt::format("{} has {} series of {} rows{}, expected at least 2 of {}", file.path, file.series.size(),
                            rows, left_out, 2 * blocks),
                "give every strategy that was tried, a column each; --blocks 8 needs fewer rows");
  }
  LODE_CHECK(check_work(file.series.size(), blocks));
  const double year = math::sqrt(request.number("periods", 252.0));
  const stat::Overfitting found = stat::overfitting(file.spans(), blocks);
  out.data = Value::object();
  out.data.set("file_sha256", Value(file.hash));
  out.data.set("strategies", Value(static_cast<std::int64_t>(file.series.size())));
  out.data.set("rows_used", Value(static_cast<std::int64_t>(found.rows_used)));
  out.data.set("blocks", Value(blocks));
  out.data.set("choices", Value(static_cast<std::int64_t>(found.choices)));
  out.data.set("pbo", Value(found.probability));
  out.data.set("loss_probability", Value(found.loss_probability));
  out.data.set("slope", Value(found.slope));
  out.data.set("intercept_annual", Value(found.intercept * year));
  out.data.set("best_in_sample_annual", Value(stat::mean(found.best_in) * year));
  out.data.set("best_out_of_sample_annual", Value(stat::mean(found.best_out) * year));
  out.text = fmt::format(
      "PBO {}: the best of {} strategies on one half of the rows is in the lower half on the other\n\n"
      "  {} choices of half of {} blocks, {} rows\n"
      "  the best makes {} a year in sample and {} out of it (mean Sharpe ratios); it loses in {} % of choices\n"
      "  out of sample = {} {} x in sample\n",
      fixed(found.probability, 3), file.series.size(), grouped(static_cast<std::int64_t>(found.choices)), blocks,
      grouped(static_cast<std::int64_t>(found.rows_used)), fixed(stat::mean(found.best_in) * year, 2),
      fixed(stat::mean(found.best_out) * year, 2), fixed(100.0 * found.loss_probability, 0),
      fixed(found.intercept * year, 2),
      found.slope < 0.0 ? "- " + fixed(-found.slope, 2) : "+ " + fixed(found.slope, 2));
  if (file.rows() != found.rows_used) {
    out.warnings.push_back(
        fmt::format("the first {} rows are left out: blocks are of equal length", file.rows() - found.rows_used));
  }
  return flow::row_in_format(std::move(out),
                             {"strategies", "rows_used", "blocks", "choices", "pbo", "loss_probability", "slope",
                              "intercept_annual", "best_in_sample_annual", "best_out_of_sample_annual"},
                             request);
}

}  // namespace

const Flow& flow_stats_pbo() {
  static const Flow flow{
      {.noun = "stats",
       .verb = "pbo",
       .summary = "the probability that picking the best of these was overfitting",
       .description =
           "Combinatorially symmetric cross-validation (Bailey, Borwein, Lopez de Prado and Zhu 2017): the rows are "
           "cut "
           "into --blocks blocks, and for each choice of half of them the strategy that is best there is looked up on "
           "the other half. PBO is the share of choices where it falls below the middle: about 0.5 when nothing is "
           "there, small when the best is truly better.",
       .journey = Journey::kResearch,
       .parameters = {flow::series_parameter("returns: a column a strategy that was tried, a row a period"),
                      flow::column_parameter(),
                      flow::periods_parameter(),
                      {.name = "blocks",
                       .kind = ParameterKind::kInteger,
                       .summary = "blocks of rows, even; 16 gives 12,870 choices",
                       .fallback = "16",
                       .least = 2,
                       .most = 20},
                      flow::rows_format_parameter()},
       .examples = {{"lode stats pbo returns.csv", "all columns", false}},
       .schema = "lode.stats.pbo/1"},
      run};
  return flow;
}

}  // namespace lode
