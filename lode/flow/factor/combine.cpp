// lode factor combine: several factors as one, by weights from trailing windows.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/answer/values_output.h"
#include "lode/flow/steps/combine/combined.h"
#include "lode/flow/steps/research/alike.h"
#include "lode/flow/steps/store/files.h"

namespace lode {

namespace {

// What the weights of one factor were on the sessions judged.
struct WeightRow {
  std::string name;
  double mean;
  double newest;
  double share_positive;
};

std::span<const double> judged_rows(const std::vector<double>& weights, const flow::Study& study) {
  return std::span(weights).subspan(static_cast<std::size_t>(study.first_row));
}

std::vector<WeightRow> weight_rows(const flow::Combined& combined) {
  std::vector<WeightRow> rows;
  for (std::size_t k = 0; k < combined.parts.size(); ++k) {
    const std::span<const double> weights = judged_rows(combined.values.weights[k], combined.judgement.study);
    const auto known = static_cast<double>(stat::count_valid(weights));
    const auto positive = static_cast<double>(std::ranges::count_if(weights, [](double w) { return w > 0.0; }));
    double newest = stat::kMissing;
    for (const double weight : weights) {
      newest = stat::is_valid(weight) ? weight : newest;
    }
    rows.push_back(
        {combined.parts[k].name, stat::mean(weights), newest, known > 0.0 ? positive / known : stat::kMissing});
  }
  return rows;
}

std::string shown(double value, int decimals) {
  return math::is_nan(value) ? std::string("-") : signed_fixed(value, decimals);
}

std::string weights_text(const World& world, const std::vector<WeightRow>& rows) {
  using Align = TextTable::Align;
  TextTable table({{"factor", Align::kLeft, 9},
                   {"mean weight", Align::kRight, 8},
                   {"newest", Align::kRight, 7},
                   {"dates above 0", Align::kRight, 5}});
  for (const WeightRow& row : rows) {
    table.add({row.name, shown(row.mean, 3), shown(row.newest, 3),
               math::is_nan(row.share_positive) ? "-" : fixed(100.0 * row.share_positive, 0) + " %"});
  }
  return flow::fitted(world, table);
}

Value weights_json(const std::vector<WeightRow>& rows) {
  Value list = Value::array();
  for (const WeightRow& row : rows) {
    Value one = Value::object();
    one.set("factor", Value(row.name));
    one.set("mean", Value(row.mean));
    one.set("newest", Value(row.newest));
    one.set("share_positive", Value(row.share_positive));
    list.push(std::move(one));
  }
  return list;
}

// One row a session judged and factor.
std::string weights_csv(const flow::Combined& combined) {
  const flow::Study& study = combined.judgement.study;
  std::string text = "date,factor,weight\n";
  for (std::size_t row = static_cast<std::size_t>(study.first_row); row < study.panels.axis->rows(); ++row) {
    for (std::size_t k = 0; k < combined.parts.size(); ++k) {
      const double weight = combined.values.weights[k][row];
      text += fmt::format("{},\"{}\",{}\n", to_string(study.panels.axis->sessions[row]), combined.parts[k].name,
                          math::is_nan(weight) ? std::string() : shortest(weight));
    }
  }
  return text;
}

// The score of every universe cell judged: date, symbol, factor, value.
Result<void> write_score(const World& world, const flow::Combined& combined, const std::string& path) {
  const flow::Study& study = combined.judgement.study;
  flow::ValueHead head;
  head.symbols = study.symbols;
  head.names = {"combined"};
  head.formulas = {combined.judgement.judged.subject.formula};
  head.hashes = {""};
  head.profile = combined.judgement.judged.subject.profile;
  flow::ValueBlock block;
  block.axis = study.panels.axis;
  block.first_row = static_cast<std::size_t>(study.first_row);
  block.panels = {combined.values.score};
  block.universe = study.panels.universe;
  bool is_given = false;
  const flow::BlockSource source = [&]() -> Result<const flow::ValueBlock*> {
    const flow::ValueBlock* next = is_given ? nullptr : &block;
    is_given = true;
    return next;
  };
  if (path.ends_with(".parquet")) {
    return flow::write_values_parquet(head, source, path);
  }
  return flow::write_pieces(path, [&](const flow::Sink& sink) {
    return flow::write_values(head, source, flow::ValuesFormat::kCsv, world.pool, sink);
  });
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(flow::check_output(world, request, "combined.csv"));
  LODE_CHECK(request.has("weights") ? flow::check_place(world, request, "weights", "weights.csv") : Result<void>());
  LODE_TRY(const flow::CombineAsk ask, flow::read_combine(world, request));
  LODE_TRY(const flow::Combined combined, flow::combine(world, ask));
  const flow::Judgement& judgement = combined.judgement;
  LODE_TRY(const flow::Recorded recorded,
           flow::record(world, judgement.study, ask.research, judgement.judged, flow::kCombineFlow, "typed"));
  const std::vector<WeightRow> rows = weight_rows(combined);
  Outcome out;
  out.data = flow::judgement_json(judgement.judged, recorded);
  out.data.set("weights", weights_json(rows));
  out.text =
      flow::eval_text(judgement.study, judgement.judged, ask.research, recorded) + "\n" + weights_text(world, rows);
  if (const std::string path = request.text("output"); !path.empty()) {
    LODE_CHECK(write_score(world, combined, path));
    out.text += fmt::format("\nvalues to {}\n", path);
    out.next = "lode factor report --values " + flow::shell_quoted(path);
  }
  if (const std::string path = request.text("weights"); !path.empty()) {
    LODE_CHECK(flow::write_file(path, weights_csv(combined)));
    out.text += fmt::format("weights by date to {}\n", path);
  }
  out.warnings = flow::warning_lines(judgement.judged, recorded);
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::several_factors_parameters();
  for (const Parameter& parameter : flow::combine_parameters()) {
    list.push_back(parameter);
  }
  list.push_back({.name = "weights",
                  .kind = ParameterKind::kPath,
                  .summary = "also write the weights here: date, factor, weight"});
  for (const Parameter& parameter :
       flow::output_parameters("write the combined values here: date, symbol, factor, value (.csv or .parquet)")) {
    list.push_back(parameter);
  }
  return list;
}

}  // namespace

const Flow& flow_factor_combine() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "combine",
       .summary = "several factors as one, by weights from trailing windows only",
       .description =
           "Turns each factor into z-scores of its date and adds them up by weights estimated on the --window sessions "
           "whose forward returns were known before that date, then judges the sum as factor eval does, one more "
           "trial. "
           "Methods: equal; ic, icir (mean rank IC, over its deviation); t, r2, beta (of what a deviation of the "
           "factor "
           "earned a date); ridge (pooled regression); max_ir (inverse shrunk covariance of what they earned times its "
           "mean, Ledoit and Wolf 2004); pca (first principal component). A negative weight turns a factor round. "
           "A name needs half of the factors. The prefix test computes all of it again on truncated history. Options "
           "of "
           "preparation prepare each factor first.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor combine 'rank(-ts_delta(close,5))' 'rank(volume)' --method ic", "weights by past IC"},
                    {"lode factor combine alpha101/012 alpha101/033 --method max_ir -o combined.csv",
                     "and the values to a file", false}},
       .schema = "lode.factor.combine/1"},
      run};
  return flow;
}

}  // namespace lode
