// lode factor eval: numbers about a factor.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/research.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const flow::ResearchRequest wanted, flow::read_research(request));
  if (!request.flag("again")) {
    LODE_TRY(std::optional<Outcome> stored, flow::stored_answer(world, wanted, "factor eval"));
    if (stored) {
      return std::move(*stored);
    }
  }
  LODE_TRY(const flow::Judgement judgement, flow::research(world, wanted));
  const std::string origin = wanted.values_path.empty() ? "typed" : "values";
  LODE_TRY(const flow::Recorded recorded,
           flow::record(world, judgement.study, wanted, judgement.judged, "factor eval", origin));
  Outcome out;
  out.data = flow::judgement_json(judgement.judged, recorded);
  out.text = flow::eval_text(judgement.study, judgement.judged, wanted, recorded);
  out.warnings = flow::warning_lines(judgement.judged, recorded);
  out.next = "lode factor report " + flow::quoted_subject(wanted);
  LODE_CHECK(flow::keep_answer(judgement.study, judgement.judged, recorded, out));
  return out;
}

}  // namespace

const Flow& flow_factor_eval() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "eval",
       .summary = "numbers about a factor: IC, spread, costs, turnover",
       .description =
           "Computes a formula over a universe, compares it with forward returns at each horizon, and prints rank "
           "IC with a t that allows for overlap, the return of the top bucket minus the bottom one before and "
           "after costs, and turnover. Every evaluation is counted as a trial.",
       .journey = Journey::kResearch,
       .parameters = flow::research_parameters(),
       .examples = {{"lode factor eval 'rank(-ts_delta(close,5))'", "one formula, default horizons"},
                    {"lode factor eval 'rank(-ts_mean(returns,5))' --horizons 1,5,21 --cost-bps 5", "other costs"},
                    {"lode factor eval --values scores.csv", "your own numbers: date, symbol, value", false}},
       .schema = "lode.factor.eval/1"},
      run};
  return flow;
}

}  // namespace lode
