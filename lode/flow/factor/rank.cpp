// lode factor rank: many factors judged alike, the best first, with the luck of having many taken off.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/factor/library.h"
#include "lode/core/stat/distribution.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/overfit/multiple_tests.h"
#include "lode/core/stat/overfit/sharpe.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/research/alike.h"

namespace lode {

namespace {

// What is kept of a judgement: panels would fill the memory.
struct Row {
  std::string name;
  std::string run;
  double rank_ic;
  double t;
  double p;
  double spread_net;
  double coverage;
  stat::ReturnShape net;   // Of the net book, traded in the direction of the rank IC.
  double sharpe_as_tried;  // Of the net book as the formula stands.
  std::string verdict;
  double q = evaluate::kNoValue;
  double dsr = evaluate::kNoValue;
};

struct Judgements {
  std::vector<Row> rows;
  std::int64_t trials = 0;
  int horizon = 0;
};

// The names asked for: typed ones, then all of --library.
Result<std::vector<std::string>> names_of(const Request& request) {
  std::vector<std::string> names = request.texts("formula");
  if (request.has("library")) {
    LODE_TRY(const factor::Library* library, factor::find_library(request.text("library")));
    for (const factor::Formula& formula : library->formulas) {
      names.push_back(library->id + "/" + formula.id);
    }
  }
  if (names.empty()) {
    return fail(E::E3, "nothing to rank", "lode factor rank --library alpha101, or two formulas or names");
  }
  return names;
}

Row row_of(const std::string& name, const evaluate::TearSheet& sheet) {
  const evaluate::HorizonResult& headline = sheet.headline_horizon();
  Row row;
  row.name = name;
  row.rank_ic = headline.rank_ic.mean.value;
  row.t = headline.rank_ic.t_no_overlap;
  row.p = stat::normal_two_sided_p(row.t);
  row.spread_net = headline.spread.net_annual.value;
  row.coverage = sheet.coverage.ratio;
  row.verdict = evaluate::to_string(sheet.verdict);
  row.sharpe_as_tried = stat::return_shape(headline.net_series).sharpe;
  // Turned round, the book earns the gross return with the other sign and pays the same costs.
  std::vector<double> net = headline.net_series;
  for (std::size_t i = 0; i < net.size() && row.rank_ic < 0.0; ++i) {
    net[i] -= 2.0 * headline.spread_series[i];
  }
  row.net = stat::return_shape(net);
  return row;
}

// What luck leaves: false-discovery q and deflated Sharpe ratios, over all that were ever tried on this universe.
void allow_for_trials(Judgements& out) {
  std::vector<double> p;
  std::vector<double> sharpe;
  for (const Row& row : out.rows) {
    p.push_back(row.p);
    sharpe.push_back(row.sharpe_as_tried);
  }
  out.trials = std::max(out.trials, static_cast<std::int64_t>(out.rows.size()));
  const std::vector<double> q =
      stat::adjusted_p(p, stat::Adjustment::kBenjaminiHochberg, static_cast<std::size_t>(out.trials));
  const double deviation = stat::standard_deviation(sharpe);
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    Row& row = out.rows[i];
    row.q = q[i];
    // Alike factors differ little, but luck does not shrink with that: never below what worthless trials scatter by.
    // And a book turned to where it earns was tried both ways.
    const double spread = std::max(math::is_nan(deviation) ? 0.0 : deviation, stat::null_sharpe_deviation(row.net.n));
    row.dsr = stat::deflated_sharpe(row.net, spread, 2.0 * static_cast<double>(out.trials));
  }
  std::ranges::stable_sort(out.rows, [](const Row& a, const Row& b) {
    const auto strength = [](const Row& row) { return math::is_nan(row.t) ? -1.0 : math::abs(row.t); };
    return strength(a) > strength(b);
  });
}

std::string shown(double value, int decimals) {
  return math::is_nan(value) ? std::string("-") : signed_fixed(value, decimals);
}
std::string share(double value, int decimals) {
  return math::is_nan(value) ? std::string("-") : fixed(value, decimals);
}

Value row_json(const Row& row) {
  Value value = Value::object();
  value.set("factor", Value(row.name));
  value.set("rank_ic", Value(row.rank_ic));
  value.set("t", Value(row.t));
  value.set("p", Value(row.p));
  value.set("q_bh", Value(row.q));
  value.set("spread_net_annual", Value(row.spread_net));
  value.set("dsr", Value(row.dsr));
  value.set("coverage", Value(row.coverage));
  value.set("verdict", Value(row.verdict));
  value.set("run", row.run.empty() ? Value() : Value(row.run));
  return value;
}

std::string table_of(const World& world, const Judgements& judged, std::size_t top) {
  using Align = TextTable::Align;
  TextTable table({{"factor", Align::kLeft, 9},
                   {fmt::format("IC {}d", judged.horizon), Align::kRight, 8},
                   {"t", Align::kRight, 8},
                   {"q", Align::kRight, 7},
                   {"net/yr", Align::kRight, 5},
                   {"DSR", Align::kRight, 6},
                   {"cover", Align::kRight, 2},
                   {"verdict", Align::kLeft, 4},
                   {"run", Align::kLeft, 3}});
  for (std::size_t i = 0; i < std::min(top, judged.rows.size()); ++i) {
    const Row& row = judged.rows[i];
    table.add({row.name, shown(row.rank_ic, 3), shown(row.t, 1), share(row.q, 3),
               math::is_nan(row.spread_net) ? "-" : signed_fixed(100.0 * row.spread_net, 1) + " %", share(row.dsr, 2),
               math::is_nan(row.coverage) ? "-" : fixed(100.0 * row.coverage, 0) + " %", row.verdict, row.run});
  }
  return flow::fitted(world, table);
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const std::vector<std::string> names, names_of(request));
  Judgements judged;
  LODE_TRY(const flow::JudgedAlike alike,
           flow::judge_alike(world, request, names,
                             [&](const std::string& name, const flow::Judged& one, const flow::Recorded& recorded) {
                               judged.rows.push_back(row_of(name, one.sheet));
                               judged.rows.back().run = recorded.run.alias;
                               judged.horizon = one.sheet.headline_horizon().horizon;
                             }));
  judged.trials = alike.trials;
  allow_for_trials(judged);
  const auto top = static_cast<std::size_t>(request.integer("top", 20));
  const auto found = std::ranges::count_if(judged.rows, [](const Row& row) { return row.q <= 0.05; });
  Outcome out;
  out.data = Value::object();
  Value rows = Value::array();
  for (const Row& row : judged.rows) {
    rows.push(row_json(row));
  }
  out.data.set("horizon_days", Value(judged.horizon));
  out.data.set("trials", Value(judged.trials));
  out.data.set("discoveries", Value(static_cast<std::int64_t>(found)));
  out.data.set("factors", std::move(rows));
  out.data.set("left_out", flow::left_out_json(alike.left_out));
  out.text = table_of(world, judged, top);
  out.text += fmt::format(
      "\n{} of {} shown. {} at a false-discovery rate of 5 %, with {} ever tried on this universe.\n"
      "q: p of the no-overlap t after Benjamini-Hochberg. DSR: deflated Sharpe ratio of the net book, in the "
      "direction\n"
      "of the IC.\n",
      std::min(top, judged.rows.size()), judged.rows.size(),
      found == 1 ? "1 is a discovery" : fmt::format("{} are discoveries", found), counted(judged.trials, "trial"));
  out.warnings = alike.warnings;
  flow::warn_of(alike.left_out, out);
  out.next = judged.rows.empty() ? "" : "lode factor report " + flow::shell_quoted(judged.rows.front().name);
  return flow::in_format(
      std::move(out), "factors",
      {"factor", "rank_ic", "t", "p", "q_bh", "spread_net_annual", "dsr", "coverage", "verdict", "run"}, request);
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::several_factors_parameters();
  list.push_back({.name = "library", .summary = "all formulas of a library: alpha101 (lode factor list --libraries)"});
  list.push_back({.name = "top",
                  .kind = ParameterKind::kInteger,
                  .summary = "how many to show; --json and --format have all",
                  .fallback = "20",
                  .least = 1});
  list.push_back(flow::rows_format_parameter());
  return list;
}

}  // namespace

const Flow& flow_factor_rank() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "rank",
       .summary = "many factors judged alike, with the luck of having many taken off",
       .description =
           "Judges each factor as factor eval does, records and counts each as a trial, and puts the strongest first, "
           "by "
           "the size of the no-overlap t at the headline horizon. q is its p-value after Benjamini-Hochberg over every "
           "factor ever tried on this universe, DSR the deflated Sharpe ratio of the book after costs in the direction "
           "of the IC, against twice as many trials: each could have been turned round. A factor that "
           "cannot be judged, as one whose inputs this lake has not, is named with the reason.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor rank 'rank(-ts_delta(close,5))' 'rank(volume)'",
                     "two formulas, the better one first"},
                    {"lode factor rank --library alpha101 --top 20", "a whole library", false}},
       .schema = "lode.factor.rank/1"},
      run};
  return flow;
}

}  // namespace lode
