// lode factor report: the page about a factor, one self-contained HTML file.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/flow/steps/answer/factor_page.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/vault.h"
#include "lode/flow/steps/store/files.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(flow::ResearchRequest wanted, flow::ask_research(world, request));
  wanted.sensitivity_given = request.flag("no-sensitivity");
  wanted.sensitivity = !wanted.sensitivity_given;
  LODE_CHECK(flow::check_output(world, request, "report.html"));
  LODE_CHECK(flow::check_output(world, request, "report.pdf", "pdf"));
  const bool writes = request.has("output") || request.has("pdf");  // Asks for the files to be written.
  const bool reuses = !request.flag("again") && !writes;
  if (reuses) {
    LODE_TRY(std::optional<Outcome> stored, flow::stored_answer(world, wanted, "factor report"));
    if (stored) {
      return std::move(*stored);
    }
  }
  LODE_TRY(const flow::Judgement judgement, flow::research(world, wanted));
  const std::string origin = wanted.values_path.empty() ? "typed" : "values";
  LODE_TRY(const flow::Recorded recorded,
           flow::record(world, judgement.study, wanted, judgement.judged, "factor report", origin));
  const report::FactorPage page = flow::page_of(judgement.study, judgement.judged, wanted, recorded);
  const std::string html = report::render_factor_html(judgement.judged.sheet, page);
  const std::vector<flow::Copy> copies = flow::copies_of(
      request, [&] { return html; }, [&] { return report::render_factor_pdf(judgement.judged.sheet, page); });
  LODE_TRY(const std::string path, flow::write_report(judgement.study, recorded, copies, html));
  Outcome out;
  out.data = flow::judgement_json(judgement.judged, recorded);
  out.data.set("report", Value(path));
  out.data.set("bytes", Value(static_cast<std::int64_t>(copies.empty() ? html.size() : copies.front().bytes.size())));
  if (const auto pdf = std::ranges::find_if(copies, [](const flow::Copy& copy) { return flow::is_pdf(copy.path); });
      pdf != copies.end()) {
    out.data.set("pdf", Value(pdf->path));
  }
  out.text = flow::eval_text(judgement.study, judgement.judged, wanted, recorded);
  const std::string& sentence = judgement.judged.sheet.verdict_sentence;
  const bool is_told = out.text.find(sentence) != std::string::npos;  // eval_text says at once what forbids a verdict.
  out.text += is_told ? "\n" : "\n" + sentence + "\n";
  out.text += copies.empty() ? flow::report_line(path, html.size()) : "";
  for (const flow::Copy& copy : copies) {
    out.text += flow::report_line(copy.path, copy.bytes.size());
  }
  out.warnings = flow::warning_lines(judgement.judged, recorded);
  if (!recorded.run.alias.empty()) {
    out.next = fmt::format("lode why {}.rank_ic.{}.mean", recorded.run.alias,
                           evaluate::horizon_key(judgement.judged.sheet.headline_horizon().horizon));
  }
  LODE_CHECK(flow::keep_answer(judgement.study, judgement.judged, recorded, out));
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = flow::research_parameters();
  list.push_back({.name = "no-sensitivity",
                  .kind = ParameterKind::kFlag,
                  .summary = "without its neighbours, which take most of the time on a large universe"});
  for (const Parameter& parameter :
       flow::output_parameters("also write the page here (always kept in the lake's runs folder); .pdf: on paper")) {
    list.push_back(parameter);
  }
  list.push_back(flow::pdf_parameter());
  return list;
}

}  // namespace

const Flow& flow_factor_report() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "report",
       .summary = "the page about a factor: one HTML file, opens offline; or a PDF",
       .description =
           "Everything `factor eval` computes, drawn: verdict, honesty checks, coverage, shape, prediction, quantiles, "
           "decay, turnover and cost, the path of money, regimes, sensitivity to its windows and to delay, examples "
           "and lineage. The file holds its data, needs no network and prints well; each number can be asked with "
           "`lode why`. With --pdf, or where -o ends in .pdf, the same numbers go on paper: contents, page numbers, an "
           "outline, and the run's hash below every page.",
       .journey = Journey::kResearch,
       .parameters = parameters(),
       .examples = {{"lode factor report 'rank(-ts_mean(returns,5))'", "into the lake's runs folder"},
                    {"lode factor report 'rank(-ts_delta(close,5))' --horizons 1,5,21 -o reversal.html",
                     "and to a file"},
                    {"lode factor report 'rank(-ts_delta(close,5))' -o reversal.pdf", "on paper"}},
       .schema = "lode.factor.report/1"},
      run};
  return flow;
}

}  // namespace lode
