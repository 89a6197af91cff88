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
#include "lode/core/expr/history.h"
#include "lode/core/factor/library.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/research/formulas.h"
#include "lode/flow/steps/research/library_factors.h"
#include "lode/flow/steps/research/panel_file.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/research/symbols.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/lake/panels.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

namespace {

// A line for each formula that has no value at all, with the window that is too long where it is one.
void warn_of_nothing(const Compiled& compiled, Computed& out) {
  const expr::OperatorTable table;
  for (std::size_t i = 0; i < out.panels.size(); ++i) {
    if (out.panels[i].valid_count() == 0 && out.axis->rows() > 0) {
      const Error error =
          expr::no_value(compiled.texts[i], compiled.lookbacks[i], table, out.axis->rows(), out.axis->columns());
      const bool is_window = error.number() == E::E1105;
      out.warnings.push_back(fmt::format("warning{}: every cell of {} is missing{}", is_window ? "[E1105]" : "",
                                         out.names[i], is_window ? ": " + error.message() : std::string()));
    }
  }
}

Result<Computed> finish(World& world, const ComputeRequest& request, Compiled compiled, const expr::Fields& fields) {
  Computed out;
  out.axis = fields.shared_axis();
  out.symbols = out.axis->symbols;
  out.universe.assign(fields.universe().begin(), fields.universe().end());
  out.names = compiled.names;
  out.formulas = compiled.program.formulas;
  out.allows_lookahead = request.allow_lookahead;
  out.warnings = std::move(compiled.warnings);
  if (compiled.lookahead > 0) {
    out.warnings.push_back(
        fmt::format("warning: values look up to {} into the future, allowed on purpose: their factor "
                    "is called {}...",
                    counted(compiled.lookahead, "session"), kLooksAhead));
  }
  if (request.from) {
    const auto& sessions = out.axis->sessions;
    out.first_row =
        static_cast<std::size_t>(std::lower_bound(sessions.begin(), sessions.end(), *request.from) - sessions.begin());
    if (out.first_row == sessions.size()) {
      return fail(E::E2101,
                  fmt::format("no session on or after {}: the data ends {}", to_string(*request.from),
                              sessions.empty() ? "before it begins" : to_string(sessions.back())),
                  "choose an earlier --from");
    }
  }
  LODE_CHECK(begin_phase(world, "computing"));
  LODE_TRY(out.panels, expr::evaluate(compiled.program, fields, request.precision, world.pool));
  warn_of_nothing(compiled, out);
  return out;
}

// Cells of the rows of `panel` for which `is_odd` holds; a missing one is none.
template <class IsOdd>
std::int64_t count_cells(const Panel& panel, IsOdd is_odd) {
  std::int64_t count = 0;
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    count += std::ranges::count_if(panel.row64(row), is_odd);
  }
  return count;
}

std::int64_t crossed_bars(const expr::Fields& fields) {
  const Panel* high = fields.find("high");
  const Panel* low = fields.find("low");
  std::int64_t count = 0;
  for (std::size_t row = 0; high != nullptr && low != nullptr && row < high->rows(); ++row) {
    const auto highs = high->row64(row);
    const auto lows = low->row64(row);
    for (std::size_t column = 0; column < highs.size(); ++column) {
      count += highs[column] < lows[column] ? 1 : 0;
    }
  }
  return count;
}

// A plain file passes none of an import's gates: what one would set aside and the formulas read is told.
void warn_of_prices(const expr::Fields& fields, const std::vector<std::string>& read, Compiled& compiled) {
  std::vector<std::string> told;
  for (const std::string& name : read) {
    const bool is_price = name == "open" || name == "high" || name == "low" || name == "close";
    const Panel* panel = is_price ? fields.find(name) : nullptr;
    const std::int64_t odd = panel == nullptr ? 0 : count_cells(*panel, [](double price) { return price <= 0.0; });
    if (odd > 0) {
      told.push_back(fmt::format("{} of {} at 0 or below", counted(odd, "price"), name));
    }
  }
  const bool reads_range = std::ranges::any_of(read, [](const auto& name) { return name == "high" || name == "low"; });
  if (const std::int64_t crossed = reads_range ? crossed_bars(fields) : 0; crossed > 0) {
    told.push_back(fmt::format("{} with high below low", counted(crossed, "bar")));
  }
  if (!told.empty()) {
    compiled.warnings.push_back(
        fmt::format("warning: {}, used as they are: lode data import would set them aside", join(told, ", ")));
  }
}

Available names_of(const expr::Fields& fields) {
  Available names;
  for (const expr::FieldSpec& spec : fields.specs()) {
    names.insert(spec.name);
  }
  return names;
}

Error as_it_is(const NamedText&, Error error) { return error; }

Result<Computed> compute_file(World& world, const ComputeRequest& request, Formulas& formulas) {
  LODE_TRY(const PanelFile file, read_panel_file(request.data_path, request.to));
  const Available available = names_of(file.fields);
  LODE_TRY(Compiled compiled, compile_all(request, formulas, &file.fields, &available, as_it_is));
  const std::vector<std::string> used = compiled.program.fields();
  warn_of_prices(file.fields, used, compiled);
  if (std::find(used.begin(), used.end(), file.derived) != used.end()) {
    compiled.warnings.push_back(
        fmt::format("note: {} has no {}, taken as {}", file_name(request.data_path), file.derived, file.derived_from));
  }
  expr::Fields fields = file.fields;
  group_numbers(compiled.program, fields);
  return finish(world, request, std::move(compiled), fields);
}

// Stored names become their formulas. A factor means what its profile says, so one kept under another profile than the
// call's is refused, not read differently.
Result<void> resolve_names(lake::Lake& lake, Formulas& formulas) {
  LODE_TRY(const std::vector<lake::NamedFactor> stored, lake::RunStore(lake).factors());
  for (const lake::NamedFactor& factor : stored) {
    formulas.stored.push_back(factor.name);
  }
  for (NamedText& text : formulas.texts) {
    const auto found = std::find_if(stored.begin(), stored.end(), [&](const auto& f) { return f.name == text.text; });
    if (found == stored.end()) {
      continue;
    }
    if (found->profile != formulas.profile) {
      return fail(
          E::E7,
          fmt::format("the factor {} is of profile {}, this call of profile {}", found->name, found->profile,
                      formulas.profile),
          fmt::format("compute it apart: lode factor compute {} --profile {} ...", found->name, found->profile));
    }
    text.text = found->formula;
  }
  return {};
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
  return out;
}

// Which scheme the groups are of, where there is a choice, and that undated ones look ahead.
void tell_groups(const ComputeRequest& request, const std::vector<lake::FieldLineage>& groups, Computed& out) {
  out.groups = groups;
  if (std::string undated = undated_groups(groups); !undated.empty()) {
    out.warnings.push_back(fmt::format("warning[W2108]: {}", undated));
  }
  const bool has_choice = std::ranges::any_of(groups, [](const auto& group) { return group.schemes > 1; });
  if (has_choice) {
    std::string sentence = groups_sentence(groups, request.scheme);
    sentence.pop_back();  // The line break
    out.warnings.push_back("note: " + sentence);
  }
}

Result<Computed> compute_lake(World& world, const ComputeRequest& request, Formulas& formulas) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot(request.commit));
  LODE_CHECK(resolve_names(*lake, formulas));
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
  const std::vector<lake::FieldLineage> groups = groups_read(set.lineage, compiled.program.fields(), "");
  LODE_CHECK(check_scheme_is_read(request.scheme, !groups.empty()));
  expr::Fields fields(set.axis);
  for (const auto& [name, panel] : set.panels) {
    fields.set(name, panel);
  }
  for (const auto& [name, group] : set.groups) {
    fields.set(name, group);
  }
  fields.set_universe(set.universe);
  LODE_TRY(Computed computed, finish(world, request, std::move(compiled), fields));
  LODE_TRY(computed.symbols, symbol_names(snapshot, *set.axis));
  tell_groups(request, groups, computed);
  return computed;
}

// A plain file has no commits, no known times, no actions and no index: what asks for them would be ignored.
Result<void> check_file_options(const Request& request, const ComputeRequest& wanted) {
  if (wanted.data_path.empty()) {
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
                              name, wanted.data_path));
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
  out.data_path = request.text("data");
  out.universe = request.text("universe");
  if (!out.data_path.empty() && !out.universe.empty()) {
    return fail(E::E7, "--data and --universe were both given", "--data reads a plain file, --universe reads the lake");
  }
  if (out.data_path.empty() && out.universe.empty()) {
    return fail(E::E3, "factor compute needs --data FILE or --universe NAME",
                "lode factor compute 'rank(close)' --universe all");
  }
  out.benchmark = request.text("benchmark");
  out.scheme = request.text("scheme");
  out.profile = request.text("profile", "lode");
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
  LODE_CHECK(check_file_options(request, out));
  return out;
}

Result<Computed> compute(World& world, const ComputeRequest& request, Formulas& formulas) {
  return request.data_path.empty() ? compute_lake(world, request, formulas) : compute_file(world, request, formulas);
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

Value compute_json(const Computed& computed, const Formulas& formulas, const std::string& target) {
  Value data = Value::object();
  data.set("output", target.empty() ? Value() : Value(target));
  data.set("rows", Value(computed.rows_written()));
  data.set("sessions", Value(static_cast<std::int64_t>(computed.axis->rows() - computed.first_row)));
  data.set("instruments", Value(static_cast<std::int64_t>(computed.axis->columns())));
  Value factors = Value::array();
  for (std::size_t i = 0; i < computed.names.size(); ++i) {
    Value row = Value::object();
    row.set("name", Value(computed.names[i]));
    row.set("formula", Value(computed.formulas[i]));
    row.set("looks_ahead", Value(computed.names[i].starts_with(kLooksAhead)));
    factors.push(std::move(row));
  }
  data.set("factors", std::move(factors));
  if (!computed.groups.empty()) {
    data.set("groups", groups_json(computed.groups));
  }
  Value failed = Value::array();
  for (const FormulaFailure& failure : formulas.failures) {
    Value row = Value::object();
    row.set("name", Value(failure.formula.name));
    row.set("number", Value(to_string(failure.error.number())));
    row.set("reason", Value(failure.error.message()));
    failed.push(std::move(row));
  }
  data.set("failed", std::move(failed));
  if (computed.allows_lookahead) {
    data.set("lookahead_allowed", Value(true));
  }
  return data;
}

}  // namespace lode::flow
