// Computing formulas over a plain file or a universe.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/compute.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/factor/library.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/research/formulas.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/panel_file.h"
#include "lode/flow/steps/research/prepared.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/symbols.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/lake/panels.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

namespace {

Available names_of(const expr::Fields& fields) {
  Available names;
  for (const expr::FieldSpec& spec : fields.specs()) {
    names.insert(spec.name);
  }
  return names;
}

Error as_it_is(const NamedText&, Error error) { return error; }

Result<Prepared> prepare_file(const ComputeRequest& request, Formulas& formulas) {
  LODE_TRY(PanelFile file, read_panel_file(request.data_path(), request.to));
  LODE_TRY(Compiled compiled, compile_for(request, formulas, file.fields));
  const std::vector<std::string> used = compiled.program.fields();
  FieldFaults faults(used);
  faults.see(file.fields);
  std::ranges::copy(faults.lines(false), std::back_inserter(compiled.warnings));
  std::ranges::copy(infinite_lines(file.infinite, used), std::back_inserter(compiled.warnings));
  if (std::find(used.begin(), used.end(), file.derived) != used.end()) {
    compiled.warnings.push_back(fmt::format("note: {} has no {}, taken as {}", file_name(request.data_path()),
                                            file.derived, file.derived_from));
  }
  group_numbers(compiled.program, file.fields);
  std::vector<std::string> symbols = file.fields.axis().symbols;
  return Prepared{std::move(compiled), std::move(file.fields), std::move(symbols), {}, {}, {}};
}

Result<lake::PanelSet> load(World& world, const ComputeRequest& request, const lake::Snapshot& snapshot,
                            const Compiled& compiled) {
  lake::PanelRequest panels;
  panels.fields = compiled.program.fields();
  panels.universe = request.universe;
  panels.to = request.to;
  panels.as_of = request.as_of;
  panels.adjust = request.adjust;
  panels.benchmark = request.benchmark;
  panels.scheme = request.scheme;
  LODE_CHECK(begin_phase(world, "reading panels"));
  return lake::load_panels(snapshot, panels, world.pool);
}

// The question `lode factor eval` would ask of a formula that is only to be computed.
ResearchRequest judgement_of(const ComputeRequest& request, const std::string& formula, const std::string& profile) {
  ResearchRequest out;
  out.subject = formula;
  out.universe = request.universe;
  out.profile = profile;
  out.benchmark = request.benchmark;
  out.scheme = request.scheme;
  out.from = request.from;
  out.to = request.to;
  out.as_of = request.as_of;
  out.commit = request.commit;
  out.adjust = request.adjust;
  out.definitions = request.definitions;
  return out;
}

// Which scheme the groups are of, where there is a choice, and that undated ones look ahead.
void tell_groups(const ComputeRequest& request, Prepared& out) {
  const std::vector<lake::FieldLineage>& groups = out.groups;
  if (std::string undated = undated_groups(groups); !undated.empty()) {
    out.notes.push_back(fmt::format("warning[W2108]: {}", undated));
  }
  const bool has_choice = std::ranges::any_of(groups, [](const auto& group) { return group.schemes > 1; });
  if (has_choice) {
    std::string sentence = groups_sentence(groups, request.scheme);
    sentence.pop_back();  // The line break
    out.notes.push_back("note: " + sentence);
  }
}

Result<Prepared> prepare_lake(World& world, const ComputeRequest& request, Formulas& formulas) {
  // Writable where it can be: panels that are made stay for the next time.
  LODE_TRY(const auto lake, open_lake(world, Wanted::kWriteOrRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot(request.commit));
  LODE_CHECK(resolve_stored_names(*lake, formulas));
  // What a leak is worth takes two evaluations: of a file of formulas the first few are told.
  constexpr int kLeaksTold = 3;
  int leaks = 0;
  const Explain worth = [&](const NamedText& formula, Error error) {
    if (error.number() != E::E1107 || leaks == kLeaksTold) {
      return error;
    }
    ++leaks;
    return with_worth_of_leak(world, judgement_of(request, formula.text, formulas.profile), std::move(error));
  };
  LODE_TRY(Compiled compiled, compile_all(request, formulas, nullptr, nullptr, worth));
  Result<lake::PanelSet> loaded = load(world, request, snapshot, compiled);
  if (!loaded && loaded.error().number() == E::E1113 && formulas.texts.size() > 1) {
    // A field this lake has not: which formulas want it is asked only now, since the answer reads every bar.
    LODE_TRY(const std::vector<std::string> names, lake::available_fields(snapshot));
    const Available available(names.begin(), names.end());
    formulas.failures.clear();
    leaks = 0;
    LODE_TRY(compiled, compile_all(request, formulas, nullptr, &available, worth));
    loaded = load(world, request, snapshot, compiled);
  }
  LODE_TRY(const lake::PanelSet set, std::move(loaded));
  Prepared out{std::move(compiled), expr::Fields(set.axis), {}, {}, {}, {}};
  out.groups = groups_read(set.lineage, out.compiled.program.fields(), "");
  LODE_CHECK(check_scheme_is_read(request.scheme, !out.groups.empty()));
  for (const auto& [name, panel] : set.panels) {
    out.fields.set(name, panel);
  }
  for (const auto& [name, group] : set.groups) {
    out.fields.set(name, group);
  }
  out.fields.set_universe(set.universe);
  LODE_TRY(out.symbols, symbol_names(snapshot, *set.axis));
  FieldFaults faults(out.compiled.program.fields());
  faults.see(out.fields);
  std::ranges::copy(faults.lines(true), std::back_inserter(out.compiled.warnings));
  tell_groups(request, out);
  out.inputs = LakeInputs{lake, snapshot, set.lineage, set.survivor_biased};
  return out;
}

// A plain file has no commits, no known times, no actions and no index: what asks for them would be ignored.
Result<void> check_file_options(const Request& request, const ComputeRequest& wanted) {
  if (wanted.data_paths.empty()) {
    return {};
  }
  const std::pair<bool, std::string_view> asked[] = {
      {request.has("commit"), "--commit"},         {request.has("as-of"), "--as-of"},
      {wanted.adjust != Adjust::kAll, "--adjust"}, {!wanted.benchmark.empty(), "--benchmark"},
      {!wanted.scheme.empty(), "--scheme"},
  };
  for (const auto& [is_given, name] : asked) {
    if (is_given) {
      return fail(E::E7, fmt::format("--data and {} were both given", name),
                  fmt::format("{} is about a lake: a plain file is taken as it is. Import it first: "
                              "lode data import {} --table bars",
                              name, wanted.data_path()));
    }
  }
  return {};
}

}  // namespace

Result<ComputeRequest> read_compute(const Request& request) {
  ComputeRequest out;
  out.formulas = request.texts("formula");
  if (request.has("library")) {
    LODE_TRY(const std::vector<std::string> names, names_of_library(request.text("library")));
    out.formulas.insert(out.formulas.end(), names.begin(), names.end());
  }
  if (out.formulas.empty()) {
    return fail(E::E3, "factor compute needs a formula, a factor's name, @FILE or --library NAME",
                "lode factor compute 'rank(close)' --universe all");
  }
  out.data_paths = request.texts("data");
  out.universe = request.text("universe");
  if (!out.data_paths.empty() && !out.universe.empty()) {
    return fail(E::E7, "--data and --universe were both given", "--data reads a plain file, --universe reads the lake");
  }
  if (out.data_paths.empty() && out.universe.empty()) {
    return fail(E::E3, "factor compute needs --data FILE or --universe NAME",
                "lode factor compute 'rank(close)' --universe all");
  }
  out.benchmark = request.text("benchmark");
  out.scheme = request.text("scheme");
  out.profile = request.text("profile", "lode");
  out.profile_given = is_profile_given(request);
  LODE_TRY(out.from, request.date("from"));
  LODE_TRY(out.to, request.date("to"));
  if (out.from && out.to && *out.to < *out.from) {
    return fail(E::E4, fmt::format("--from {} is after --to {}", to_string(*out.from), to_string(*out.to)),
                "both are inclusive; the earlier date comes first");
  }
  LODE_TRY(out.as_of, request.instant("as-of"));
  if (request.has("commit")) {
    out.commit = request.integer("commit", 0);
  }
  out.precision = request.text("precision", "f64") == "f32" ? Precision::kFloat32 : Precision::kFloat64;
  LODE_TRY(out.adjust, parse_adjust(request.text("adjust", "all")));
  out.allow_lookahead = request.flag("allow-lookahead");
  LODE_TRY(out.definitions, read_definitions(request));
  LODE_CHECK(check_file_options(request, out));
  return out;
}

Result<void> resolve_stored_names(lake::Lake& lake, Formulas& formulas) {
  LODE_TRY(const std::vector<lake::NamedFactor> stored, lake::RunStore(lake).factors());
  formulas.stored.clear();
  for (const lake::NamedFactor& factor : stored) {
    formulas.stored.push_back(factor.name);
  }
  for (NamedText& text : formulas.texts) {
    const auto found = std::find_if(stored.begin(), stored.end(), [&](const auto& f) { return f.name == text.text; });
    if (found == stored.end()) {
      continue;
    }
    if (formulas.profile_given && found->profile != formulas.profile) {
      return fail(
          E::E7,
          fmt::format("the factor {} is of profile {}, this call of profile {}", found->name, found->profile,
                      formulas.profile),
          fmt::format("compute it apart: lode factor compute {} --profile {} ...", found->name, found->profile));
    }
    text.text = found->formula;
    text.profile = formulas.profile_given ? "" : found->profile;
  }
  return settle_profile(formulas);
}

Result<Prepared> prepare(World& world, const ComputeRequest& request, Formulas& formulas) {
  return request.data_paths.empty() ? prepare_lake(world, request, formulas) : prepare_file(request, formulas);
}

Result<Compiled> compile_for(const ComputeRequest& request, Formulas& formulas, const expr::Fields& fields) {
  const Available available = names_of(fields);
  return compile_all(request, formulas, &fields, &available, as_it_is);
}

Result<std::size_t> first_written(const ComputeRequest& request, const Axis& axis) {
  if (!request.from) {
    return std::size_t{0};
  }
  const auto first = std::ranges::lower_bound(axis.sessions, *request.from);
  if (first == axis.sessions.end()) {
    return fail(E::E2101,
                fmt::format("no session on or after {}: the data ends {}", to_string(*request.from),
                            axis.sessions.empty() ? "before it begins" : to_string(axis.sessions.back())),
                "choose an earlier --from");
  }
  return static_cast<std::size_t>(first - axis.sessions.begin());
}

Result<Computed> finish_computing(World& world, const ComputeRequest& request, Prepared prepared) {
  Computed out;
  out.axis = prepared.fields.shared_axis();
  out.symbols = std::move(prepared.symbols);
  out.universe.assign(prepared.fields.universe().begin(), prepared.fields.universe().end());
  out.names = prepared.compiled.names;
  out.formulas = prepared.compiled.program.formulas;
  out.allows_lookahead = request.allow_lookahead;
  out.warnings = prepared.compiled.warnings;
  out.groups = prepared.groups;
  LODE_TRY(out.first_row, first_written(request, *out.axis));
  LODE_CHECK(begin_phase(world, "computing"));
  LODE_TRY(out.panels, expr::evaluate(prepared.compiled.program, prepared.fields, request.precision, world.pool));
  std::vector<std::int64_t> valid;
  for (const Panel& panel : out.panels) {
    valid.push_back(static_cast<std::int64_t>(panel.valid_count()));
  }
  std::ranges::copy(outcome_warnings(prepared.compiled, valid, out.axis->rows(), out.axis->columns()),
                    std::back_inserter(out.warnings));
  std::ranges::copy(prepared.notes, std::back_inserter(out.warnings));
  return out;
}

Result<Computed> compute(World& world, const ComputeRequest& request, Formulas& formulas) {
  LODE_TRY(Prepared prepared, prepare(world, request, formulas));
  return finish_computing(world, request, std::move(prepared));
}

std::int64_t Computed::rows_written() const {
  std::int64_t cells = 0;
  const std::size_t begin = first_row * axis->columns();
  if (universe.empty()) {
    cells = static_cast<std::int64_t>(axis->rows() * axis->columns() - begin);
  } else {
    cells = std::count(universe.begin() + static_cast<std::ptrdiff_t>(begin), universe.end(), std::uint8_t{1});
  }
  return cells * static_cast<std::int64_t>(panels.size());
}

}  // namespace lode::flow
