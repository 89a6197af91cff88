// lode factor premium: what a unit of each factor earned (Fama and MacBeth), and what every name owes to it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/premium/premium.h"

namespace lode {

namespace {

std::string shown(double value, int decimals, std::string_view unit = {}) {
  return math::is_nan(value) ? std::string("-") : signed_fixed(value, decimals) + std::string(unit);
}

std::string p_text(double p) { return math::is_nan(p) ? "-" : p < 0.0005 ? std::string("<0.001") : fixed(p, 3); }

std::string premium_text(const World& world, const flow::Premium& premium) {
  using Align = TextTable::Align;
  TextTable table({{"factor", Align::kLeft, 9},
                   {"premium/yr", Align::kRight, 8},
                   {"t", Align::kRight, 8},
                   {"p", Align::kRight, 7},
                   {"95 % interval", Align::kRight, 5}});
  for (std::size_t k = 0; k < premium.factors.size(); ++k) {
    const stat::Coefficient& mean = premium.fama_macbeth.means[k + 1];
    const double year = 100.0 * premium.periods_a_year;
    table.add({premium.factors[k].name, shown(year * mean.value, 2, " %"), shown(mean.t, 1), p_text(mean.p),
               fmt::format("{} .. {}", shown(year * mean.low, 2), shown(year * mean.high, 2))});
  }
  return flow::fitted(world, table);
}

std::string loading_text(const World& world, const flow::Premium& premium) {
  using Align = TextTable::Align;
  TextTable table({{"factor", Align::kLeft, 9},
                   {"mean beta", Align::kRight, 8},
                   {"median", Align::kRight, 5},
                   {"mean t", Align::kRight, 7},
                   {"mean R2", Align::kRight, 6},
                   {"|t|>1.96", Align::kRight, 7},
                   {"after BH", Align::kRight, 4},
                   {"names", Align::kRight, 8}});
  for (const flow::PremiumFactor& factor : premium.factors) {
    const evaluate::LoadingSummary& of = factor.summary;
    table.add({factor.name, shown(of.mean_beta, 3), shown(of.median_beta, 3), shown(of.mean_t, 2),
               math::is_nan(of.mean_r2) ? "-" : fixed(of.mean_r2, 3), std::to_string(of.significant),
               std::to_string(of.significant_bh), std::to_string(of.tested)});
  }
  return flow::fitted(world, table);
}

Value coefficient_json(const stat::Coefficient& one) {
  Value out = Value::object();
  out.set("value", Value(one.value));
  out.set("standard_error", Value(one.standard_error));
  out.set("t", Value(one.t));
  out.set("p", Value(one.p));
  out.set("lower", Value(one.low));
  out.set("upper", Value(one.high));
  return out;
}

Value loadings_json(const evaluate::LoadingSummary& of) {
  Value out = Value::object();
  out.set("tested", Value(static_cast<std::int64_t>(of.tested)));
  out.set("mean_beta", Value(of.mean_beta));
  out.set("median_beta", Value(of.median_beta));
  out.set("mean_t", Value(of.mean_t));
  out.set("median_t", Value(of.median_t));
  out.set("mean_r2", Value(of.mean_r2));
  out.set("median_r2", Value(of.median_r2));
  out.set("significant", Value(static_cast<std::int64_t>(of.significant)));
  out.set("significant_bh", Value(static_cast<std::int64_t>(of.significant_bh)));
  out.set("positive", Value(static_cast<std::int64_t>(of.positive)));
  return out;
}

Value data_of(const flow::Premium& premium) {
  Value out = Value::object();
  out.set("horizon_days", Value(premium.horizon));
  out.set("dates", Value(static_cast<std::int64_t>(premium.fama_macbeth.dates)));
  out.set("mean_names", Value(premium.fama_macbeth.mean_names));
  out.set("mean_r2", Value(premium.fama_macbeth.mean_r2));
  out.set("newey_west_lag", Value(premium.fama_macbeth.lag));
  out.set("intercept", coefficient_json(premium.fama_macbeth.means.front()));
  Value factors = Value::array();
  for (std::size_t k = 0; k < premium.factors.size(); ++k) {
    Value one = Value::object();
    one.set("factor", Value(premium.factors[k].name));
    one.set("premium", coefficient_json(premium.fama_macbeth.means[k + 1]));
    one.set("loadings", loadings_json(premium.factors[k].summary));
    one.set("run", premium.factors[k].run.empty() ? Value() : Value(premium.factors[k].run));
    factors.push(std::move(one));
  }
  out.set("factors", std::move(factors));
  out.set("trials", Value(premium.alike.trials));
  out.set("left_out", flow::left_out_json(premium.alike.left_out));
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::Premium premium, flow::premium(world, request));
  LODE_TRY(const lake::CommitId kept, flow::keep_rows(world, premium));
  Outcome out;
  out.data = data_of(premium);
  out.data.set("commit", kept == 0 ? Value() : Value(kept));
  const evaluate::FamaMacBeth& of = premium.fama_macbeth;
  out.text = fmt::format(
      "Fama-MacBeth: {} ahead, {}, {} names a date, mean R2 {}; a deviation of the factor, Newey-West lag {}\n",
      counted(premium.horizon, "session"), counted(static_cast<std::int64_t>(of.dates), "date"),
      fixed(of.mean_names, 0), math::is_nan(of.mean_r2) ? "-" : fixed(of.mean_r2, 3), of.lag);
  out.text += premium_text(world, premium);
  out.text += fmt::format("\nEach name's returns on the factor's book (top less bottom bucket), Newey-West errors\n{}",
                          loading_text(world, premium));
  out.text +=
      fmt::format("{} on this universe so far.\n{}", counted(premium.alike.trials, "trial"), premium.alike.vault);
  out.warnings = premium.alike.warnings;
  flow::warn_of(premium.alike.left_out, out);
  const std::string table = request.text("table", "factor_summary");
  return flow::rows_in_format(std::move(out), flow::premium_rows(premium, table), flow::premium_columns(table),
                              request);
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::several_factors_parameters();
  list.push_back({.name = "table",
                  .kind = ParameterKind::kChoice,
                  .summary = "which rows --format gives",
                  .fallback = "factor_summary",
                  .choices = {"factor_summary", "factor_details", "factor_timeseries"}});
  list.push_back(flow::rows_format_parameter());
  return list;
}

}  // namespace

const Flow& flow_factor_premium() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "premium",
       .summary = "what a unit of each factor earned (Fama-MacBeth), and every name's beta",
       .description =
           "Each date the forward returns at the headline horizon are regressed on all factors given, as z-scores of "
           "the "
           "date; the mean of these premiums is tested with Newey-West errors whose lag covers the horizon (Fama and "
           "MacBeth 1973). Then each name with 30 returns or more is regressed on the book of each factor alone, with "
           "plain and Newey-West errors; betas keep their signs and every name is counted. --format gives rows: "
           "factor_summary one a factor, factor_details one a factor and name (beta, t, p, R2, interval, residual "
           "checks), factor_timeseries one a factor and session (the book's return and both its legs). Every factor is "
           "judged and counted as a trial, as in factor eval. The rows stay in the lake's tables of these names, a run "
           "of a factor once, and in data sql also as fm.factor_summary and so on: lode data sql 'select * from "
           "fm.factor_summary'.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor premium 'rank(-ts_delta(close,5))' 'rank(volume)'", "two factors side by side"},
                    {"lode factor premium 'rank(volume)' --table factor_details --format csv", "every name", false}},
       .schema = "lode.factor.premium/1"},
      run};
  return flow;
}

}  // namespace lode
