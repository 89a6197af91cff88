// Gathering what a comparison tells.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/comparison_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/core/evaluate/verdict/verdict.h"
#include "lode/flow/steps/answer/factor_page.h"
#include "lode/flow/steps/research/honesty.h"

namespace lode::flow {

Compared compared(const std::string& name, const Judged& judged, const Recorded& recorded) {
  return {name,
          recorded.run.alias,
          recorded.run.hash,
          recorded.run.code_version,
          judged.subject,
          judged.sheet,
          judged.factor.as(Precision::kFloat64),
          is_measured(judged.sheet) ? book_of(judged.sheet, recorded.trial) : std::nullopt};
}

void allow_for_all(std::int64_t trials, std::vector<Compared>& all) {
  for (Compared& one : all) {
    one.sheet.options.trials = std::max(one.sheet.options.trials, trials);
    one.sheet.verdict = evaluate::verdict_of(one.sheet);
    one.sheet.verdict_sentence = evaluate::verdict_sentence(one.sheet, one.sheet.verdict);
  }
}

Result<report::Comparison> comparison_of(const JudgedAlike& alike, std::vector<Compared>& all,
                                         const evaluate::Correlations& values, const evaluate::Correlations& books) {
  const Study& study = *alike.study;
  const ResearchRequest& request = alike.request;
  report::Comparison out;
  out.values = values;
  out.books = books;
  out.universe = request.universe;
  out.synthetic = any_synthetic(study);
  out.convention = evaluate::to_string(request.options.convention);
  out.commit = fmt::format("lake commit {}", study.panels.commit);
  out.as_of = request.as_of ? to_string(*request.as_of) : "now";
  out.trials = alike.trials;
  out.left_out = alike.left_out;
  out.warnings = alike.warnings;
  out.command = "lode factor compare";
  for (Compared& one : all) {
    out.code_version = one.code_version;
    out.command += " " + shell_quoted(one.name);
    report::ComparedFactor& factor = out.factors.emplace_back();
    factor.name = one.name;
    factor.formula = one.subject.formula;
    factor.run_hash = one.run_hash;
    factor.sheet = &one.sheet;
    if (one.book) {
      const evaluate::Options& options = one.sheet.options;
      const bool turned = one.sheet.headline_horizon().rank_ic.mean.value < 0.0;
      LODE_TRY(const evaluate::Honesty honesty,
               honesty_of(*study.lake, *one.book, options.cost_bps, turned, options.sessions_a_year));
      evaluate::set_honesty(one.sheet.checks, honesty);
      factor.q = honesty.q;
      factor.dsr = honesty.own.dsr();
      out.independent = honesty.law.independent;
    }
  }
  out.command += rebuild_options(study, all.front().subject, request);
  return out;
}

}  // namespace lode::flow
