// lode factor fmt: formulas written anew in one notation.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/program.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/research/compute.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/research.h"

namespace lode {

namespace {

Result<std::string> written(const expr::Program& program, const std::string& notation) {
  if (notation == "call") {
    return expr::print(program, 0, expr::Notation::kCall);
  }
  if (notation == "paper") {
    return expr::print(program, 0, expr::Notation::kPaper);
  }
  if (const std::vector<std::string> lacking = expr::lacking_in_qlib(program, 0); !lacking.empty()) {
    return fail(
        E::E4, fmt::format("{} has no notation of Qlib: Qlib has no {}", program.formulas.front(), join(lacking, ", ")),
        "--notation paper and --notation call write every formula");
  }
  return expr::print(program, 0, expr::Notation::kQlib);
}

Result<Outcome> run(World&, const Request& request) {
  flow::ComputeRequest wanted;
  wanted.formulas = request.texts("formula");
  wanted.profile = request.text("profile", "lode");
  wanted.profile_given = flow::is_profile_given(request);
  LODE_TRY(flow::Formulas formulas, flow::read_formulas(wanted));
  LODE_CHECK(flow::resolve_library_names(formulas));
  LODE_CHECK(flow::settle_profile(formulas));
  LODE_TRY(const expr::Profile* profile, expr::find_profile(formulas.profile));
  const bool is_single = formulas.texts.size() + formulas.unread.size() == 1;
  for (const flow::FormulaFailure& unread : formulas.unread) {
    formulas.failures.push_back({unread.formula, unread.error.clone()});
  }
  Outcome out;
  Value rows = Value::array();
  bool is_of_file = false;
  for (const flow::NamedText& text : formulas.texts) {
    expr::CompileOptions options;
    options.fields = factor::known_fields();
    options.allow_lookahead = true;
    options.option_defaults = text.options;
    const auto failed = [&](Error error) {
      formulas.failures.push_back(
          {text, text.origin.empty() ? std::move(error) : std::move(error).while_doing(text.origin)});
    };
    Result<expr::Program> program = expr::compile(text.text, *profile, factor::operators(), options);
    if (!program) {
      failed(std::move(program).error());
      continue;
    }
    Result<std::string> line = written(*program, request.text("notation"));
    if (!line) {
      failed(std::move(line).error());
      continue;
    }
    is_of_file = is_of_file || !text.origin.empty();
    Value row = Value::object();
    row.set("name", text.name == text.text ? Value() : Value(text.name));
    row.set("formula", Value(*line));
    row.set("hash", Value(program->hashes.front()));
    rows.push(std::move(row));
    out.text += text.name == text.text ? *line + "\n" : fmt::format("{}\t{}\n", text.name, *line);
  }
  if (!formulas.failures.empty() && (is_single || rows.as_array().empty())) {
    return fail(is_single ? formulas.failures.front().error.clone() : flow::partial_failure(formulas));
  }
  if (is_of_file) {
    out.text = fmt::format("profile {}\n{}", profile->name, out.text);
  }
  if (!formulas.failures.empty()) {
    out.finding = flow::partial_failure(formulas);
  }
  out.data = Value::object();
  out.data.set("failed", flow::failures_json(formulas));
  out.data.set("profile", Value(profile->name));
  out.data.set("notation", Value(request.text("notation")));
  out.data.set("formulas", std::move(rows));
  out.warnings = formulas.notes;
  return out;
}

}  // namespace

const Flow& flow_factor_fmt() {
  static const Flow flow{
      {.noun = "factor",
       .verb = "fmt",
       .summary = "formulas written anew in one notation",
       .description =
           "Writes formulas, those of a file or of a library, in the papers' notation, Qlib's, or as calls alone: the "
           "same factor with the same hash under the same profile. A line of a file comes back as its name, a tab and "
           "the formula, below a line with the profile, so the answer is a formula file again. A formula that Qlib "
           "cannot run has no notation of it.",
       .journey = Journey::kResearch,
       .parameters = {{.name = "FORMULA",
                       .summary = "formulas in quotes, library names, or @FILE with `id<TAB>formula` lines",
                       .positional = true,
                       .repeated = true,
                       .required = true,
                       .completes = "factors"},
                      {.name = "notation",
                       .kind = ParameterKind::kChoice,
                       .summary = "what to write",
                       .fallback = "paper",
                       .choices = {"paper", "qlib", "call"}},
                      {.name = "profile",
                       .kind = ParameterKind::kChoice,
                       .summary = "what a formula means where readings differ",
                       .config_key = "factor.profile",
                       .choices = flow::profile_choices()}},
       .examples = {{"lode factor fmt 'Mean($close,5)/$close-1' --profile qlib", "from Qlib's notation to the papers'"},
                    {"lode factor fmt alpha101/042 --notation call", "a library formula as calls"},
                    {"lode factor fmt @formulas.tsv --notation qlib", "a file, to paste into Qlib", false}},
       .schema = "lode.factor.fmt/1"},
      run};
  return flow;
}

}  // namespace lode
