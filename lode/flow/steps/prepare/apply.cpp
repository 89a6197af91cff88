// Preparation compiled and computed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/prepare/apply.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/error.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/profile.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode::flow {

namespace {

constexpr std::string_view kProfile = "lode";  // Of what is done to a user's own numbers

Failure other_profile(const std::string& name, const std::string& its, const std::string& profile) {
  return fail(
      E::E7,
      fmt::format("one formula has one profile: --neutralize {} is of {}, what it prepares of {}", name, its, profile),
      "say with --profile what all of it is to mean, or give the formula itself");
}

// A word of --neutralize as a formula.
Result<std::string> exposure_of(World& world, const ResearchRequest& request, const std::string& profile,
                                const std::string& text) {
  if (const std::string formula = exposure_formula(text, profile); !formula.empty()) {
    return formula;
  }
  if (is_group_level(text) || !looks_like_name(text)) {
    return text;
  }
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const std::vector<lake::NamedFactor> factors, lake::RunStore(*lake).factors());
  const auto stored = std::ranges::find(factors, text, &lake::NamedFactor::name);
  if (stored != factors.end()) {
    return stored->profile == profile ? Result<std::string>(stored->formula)
                                      : other_profile(text, stored->profile, profile);
  }
  if (!factor::is_library_name(text)) {
    return text;
  }
  LODE_TRY(const factor::Entry entry, factor::find_formula(text));
  const std::string its = request.profile_given ? request.profile : entry.library->profile;
  return its == profile ? Result<std::string>(entry.formula->text) : other_profile(text, its, profile);
}

}  // namespace

Result<std::string> prepared_formula(World& world, const ResearchRequest& request, const std::string& profile,
                                     const std::string& formula) {
  std::vector<std::string> exposures;
  for (const std::string& text : request.preparation.neutralize) {
    LODE_TRY(std::string exposure, exposure_of(world, request, profile, text));
    exposures.push_back(std::move(exposure));
  }
  return prepared_text(request.preparation, formula, exposures);
}

Result<std::string> values_preparation_text(World& world, const ResearchRequest& request) {
  if (request.preparation.is_none()) {
    return std::string();
  }
  return prepared_formula(world, request, std::string(kProfile), std::string(kOwnNumbers));
}

Result<expr::Program> compile_values_preparation(World& world, const ResearchRequest& request) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(kProfile));
  LODE_TRY(const std::string text, values_preparation_text(world, request));
  const expr::OperatorTable& table = factor::operators();
  expr::CompileOptions options;
  options.fields = factor::known_fields();
  options.fields.push_back({std::string(kOwnNumbers), {}, false});
  options.allow_lookahead = request.allow_lookahead;
  return expr::compile(text, *profile, table, options);
}

Result<std::vector<std::string>> fields_for_values(World& world, const ResearchRequest& request) {
  if (request.preparation.is_none()) {
    return std::vector<std::string>();
  }
  LODE_TRY(const expr::Program program, compile_values_preparation(world, request));
  std::vector<std::string> fields = program.fields();
  std::erase(fields, kOwnNumbers);
  return fields;
}

Result<Panel> prepared_values(World& world, const Study& study, const ResearchRequest& request, const Panel& values) {
  if (request.preparation.is_none()) {
    return values;
  }
  LODE_TRY(const expr::Program program, compile_values_preparation(world, request));
  expr::Fields fields(study.panels.axis);
  for (const auto& [name, panel] : study.panels.panels) {
    fields.set(name, panel);
  }
  for (const auto& [name, group] : study.panels.groups) {
    fields.set(name, group);
  }
  fields.set(std::string(kOwnNumbers), values);
  fields.set_universe(study.panels.universe);
  LODE_TRY(std::vector<Panel> out, expr::evaluate(program, fields, request.precision, world.pool));
  return std::move(out.front());
}

}  // namespace lode::flow
