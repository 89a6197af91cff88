// lode factor rank: many factors judged alike, the best first, with the luck of having many taken off.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/factor/library.h"
#include "lode/core/stat/distribution.h"
#include "lode/flow/fitted.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/research/alike.h"
#include "lode/flow/steps/research/honesty.h"

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
  std::optional<lake::TrialBook> book;
  std::string verdict;
  double q = evaluate::kNoValue;
  evaluate::Deflated deflated = {};
};

struct Judgements {
  std::vector<Row> rows;
  std::int64_t trials = 0;
  int horizon = 0;
  double cost_bps = 0.0;
  evaluate::TrialLaw law = {};
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
  return row;
}

bool is_tried_again(const lake::TrialBook& book, const std::vector<Row>& rows) {
  return std::ranges::any_of(rows, [&](const Row& row) {
    return row.book && row.book->trial.formula == book.trial.formula && row.book->trial.from == book.trial.from &&
           row.book->trial.to == book.trial.to && row.book->trial.preparation == book.trial.preparation;
  });
}

// What luck leaves: false-discovery q and deflated Sharpe ratios, over all that were ever tried on this universe.
Result<void> allow_for_trials(World& world, const std::string& universe, Judgements& out) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const std::vector<lake::TrialBook> stored, lake::trial_books(*lake, universe));
  std::vector<evaluate::TrialBook> books;
  for (const lake::TrialBook& book : stored) {
    if (!is_tried_again(book, out.rows)) {
      books.push_back(flow::plain_book(book));
    }
  }
  const std::size_t others = books.size();
  std::set<Date> sessions;
  for (const Row& row : out.rows) {
    books.push_back(row.book ? flow::plain_book(*row.book) : evaluate::TrialBook{.p = row.p});
    sessions.insert(books.back().sessions.begin(), books.back().sessions.end());
  }
  const std::vector<Date> judged(sessions.begin(), sessions.end());
  out.law = evaluate::trial_law(books, judged, out.trials);
  out.trials = out.law.trials;
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    Row& row = out.rows[i];
    row.q = out.law.q[others + i];
    row.deflated = evaluate::deflated(out.law, books[others + i], out.cost_bps, row.rank_ic < 0.0);
  }
  std::ranges::stable_sort(out.rows, [](const Row& a, const Row& b) {
    const auto strength = [](const Row& row) { return math::is_nan(row.t) ? -1.0 : math::abs(row.t); };
    return strength(a) > strength(b);
  });
  return {};
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
  value.set("dsr", Value(row.deflated.dsr()));
  value.set("dsr_across_trials", Value(row.deflated.across_independent));
  value.set("dsr_null", Value(row.deflated.null_independent));
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
               math::is_nan(row.spread_net) ? "-" : signed_fixed(100.0 * row.spread_net, 1) + " %",
               share(row.deflated.dsr(), 2), math::is_nan(row.coverage) ? "-" : fixed(100.0 * row.coverage, 0) + " %",
               row.verdict, row.run});
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
                               judged.rows.back().book = flow::book_of(one.sheet, recorded.trial);
                               judged.cost_bps = one.sheet.options.cost_bps;
                               judged.horizon = one.sheet.headline_horizon().horizon;
                             }));
  judged.trials = alike.trials;
  LODE_CHECK(allow_for_trials(world, request.text("universe", "all"), judged));
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
  out.data.set("independent_trials", Value(judged.law.independent));
  out.data.set("sharpe_deviation", Value(judged.law.deviation));
  out.data.set("pbo", flow::overfitting_json(judged.law));
  out.data.set("discoveries", Value(static_cast<std::int64_t>(found)));
  out.data.set("factors", std::move(rows));
  out.data.set("left_out", flow::left_out_json(alike.left_out));
  out.text = table_of(world, judged, top);
  out.text += fmt::format(
      "\n{} of {} shown. {} at a false-discovery rate of 5 %, with {} ever tried on this universe, {} independent.\n"
      "q: p of the no-overlap t after Benjamini-Hochberg. DSR: deflated Sharpe ratio of the net book, in the "
      "direction\nof the IC, by the wider of the deviation across trials ({} a session) and that of worthless ones. "
      "PBO: {}.\n",
      std::min(top, judged.rows.size()), judged.rows.size(),
      found == 1 ? "1 is a discovery" : fmt::format("{} are discoveries", found), counted(judged.trials, "trial"),
      judged.law.independent, math::is_nan(judged.law.deviation) ? "unknown" : fixed(judged.law.deviation, 3),
      math::is_nan(judged.law.pbo)
          ? judged.law.pbo_reason
          : fmt::format("{} over {}", fixed(judged.law.pbo, 2), counted(judged.law.books, "book")));
  out.text += alike.vault;
  out.warnings = alike.warnings;
  flow::warn_of(alike.left_out, out);
  out.next = judged.rows.empty() ? "" : "lode factor report " + flow::shell_quoted(judged.rows.front().name);
  return flow::in_format(std::move(out), "factors",
                         {"factor", "rank_ic", "t", "p", "q_bh", "spread_net_annual", "dsr", "dsr_across_trials",
                          "dsr_null", "coverage", "verdict", "run"},
                         request);
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
           "of the IC, against twice the independent trials (alike books count as one idea): each could have been "
           "turned round. PBO is the probability that the best of these on one half of the history is below the middle "
           "on the other. A factor that "
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
