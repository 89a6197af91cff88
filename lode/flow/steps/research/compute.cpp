// Computing formulas over a plain file or a universe.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/compute.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/store/data_file.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/lake/panels.h"
#include "lode/io/lake/runs.h"

namespace lode::flow {

namespace {

struct Compiled {
  expr::Program program;  // All roots
  std::vector<std::string> names;
};

std::vector<expr::FieldSpec> known_fields(const expr::Fields* fields) {
  std::vector<expr::FieldSpec> specs = expr::standard_fields();
  if (fields == nullptr) {
    return specs;
  }
  std::set<std::string> seen;
  for (const expr::FieldSpec& spec : specs) {
    seen.insert(spec.name);
  }
  for (const expr::FieldSpec& spec : fields->specs()) {
    if (seen.insert(spec.name).second) {
      specs.push_back(spec);
    }
  }
  return specs;
}

Result<expr::Program> compile_one(const NamedText& text, const expr::Profile& profile, const expr::OperatorTable& table,
                                  const expr::CompileOptions& options, const expr::Fields* fields) {
  LODE_TRY(expr::Program program, expr::compile(text.text, profile, table, options));
  if (fields != nullptr) {
    for (const std::string& name : program.fields()) {
      if (fields->find(name) == nullptr && fields->find_group(name) == nullptr) {
        return fail(E::E1113, fmt::format("{} needs field {}, absent in this data", text.name, name),
                    "add the column, or leave the formula out");
      }
    }
  }
  return program;
}

// Compiles every formula; what fails is set aside unless nothing is left.
Result<Compiled> compile_all(const ComputeRequest& request, Formulas& formulas, const expr::Fields* fields) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(formulas.profile));
  const expr::OperatorTable table;
  expr::CompileOptions options;
  options.fields = known_fields(fields);
  options.allow_lookahead = request.allow_lookahead;
  Compiled out;
  std::vector<expr::Program> programs;
  for (const NamedText& text : formulas.texts) {
    Result<expr::Program> program = compile_one(text, *profile, table, options, fields);
    if (!program) {
      formulas.failures.push_back({text, std::move(program).error()});
      continue;
    }
    programs.push_back(std::move(*program));
    out.names.push_back(text.name);
  }
  if (programs.empty()) {
    const FormulaFailure& first = formulas.failures.front();
    Error error = first.error.clone();
    return fail(first.formula.origin.empty() ? std::move(error) : std::move(error).while_doing(first.formula.origin));
  }
  out.program = expr::merge(programs);
  return out;
}

Result<Computed> finish(World& world, const ComputeRequest& request, Compiled compiled, const expr::Fields& fields) {
  Computed out;
  out.axis = fields.shared_axis();
  out.universe.assign(fields.universe().begin(), fields.universe().end());
  out.names = std::move(compiled.names);
  out.formulas = compiled.program.formulas;
  out.allows_lookahead = request.allow_lookahead;
  for (const expr::Warning& warning : compiled.program.warnings) {
    std::string line = fmt::format("warning[{}]: {}", warning.number, warning.message);
    if (std::find(out.warnings.begin(), out.warnings.end(), line) == out.warnings.end()) {  // Once, of many formulas.
      out.warnings.push_back(std::move(line));
    }
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
  LODE_TRY(out.panels, expr::evaluate(compiled.program, fields, request.precision, world.pool));
  return out;
}

// Rows of a plain file up to --to.
Result<source::LongTable> read_panel_file(const ComputeRequest& request) {
  LODE_TRY(source::LongTable table, read_long_file(request.data_path));
  if (!request.to) {
    return table;
  }
  source::LongTable kept;
  kept.path = table.path;
  kept.symbols = table.symbols;
  kept.columns.resize(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    kept.columns[i].name = table.columns[i].name;
    kept.columns[i].is_text = table.columns[i].is_text;
    kept.columns[i].names = table.columns[i].names;
  }
  for (std::size_t row = 0; row < table.dates.size(); ++row) {
    if (table.dates[row] > *request.to) {
      continue;
    }
    kept.dates.push_back(table.dates[row]);
    kept.symbol_of.push_back(table.symbol_of[row]);
    kept.lines.push_back(table.lines[row]);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].is_text) {
        kept.columns[i].codes.push_back(table.columns[i].codes[row]);
      } else {
        kept.columns[i].numbers.push_back(table.columns[i].numbers[row]);
      }
    }
  }
  return kept.dates.empty() ? Result<source::LongTable>(fail(
                                  E::E2101, fmt::format("{} has no row up to {}", table.path, to_string(*request.to))))
                            : kept;
}

// vwap from amount and volume where the file has no column of its own (volume 0: missing).
void derive_vwap(expr::Fields& fields) {
  const Panel* amount = fields.find("amount");
  const Panel* volume = fields.find("volume");
  if (fields.find("vwap") != nullptr || amount == nullptr || volume == nullptr) {
    return;
  }
  Panel vwap(fields.shared_axis(), Precision::kFloat64);
  for (std::size_t row = 0; row < vwap.rows(); ++row) {
    const auto money = amount->row64(row);
    const auto shares = volume->row64(row);
    const auto out = vwap.mutable_row64(row);
    for (std::size_t column = 0; column < out.size(); ++column) {
      if (shares[column] > 0.0) {
        out[column] = money[column] / shares[column];
      }
    }
  }
  fields.set("vwap", std::move(vwap));
}

Result<Computed> compute_file(World& world, const ComputeRequest& request, Formulas& formulas) {
  LODE_TRY(const source::LongTable table, read_panel_file(request));
  LODE_TRY(const source::DenseTable dense, source::to_dense(table));
  expr::Fields fields(dense.axis);
  for (const auto& [name, panel] : dense.panels) {
    fields.set(name, panel);
  }
  for (const auto& [name, group] : dense.groups) {
    fields.set(name, group);
  }
  derive_vwap(fields);
  LODE_TRY(Compiled compiled, compile_all(request, formulas, &fields));
  return finish(world, request, std::move(compiled), fields);
}

// Stored names become their formulas. A factor means what its profile says, so one kept under another profile than the
// call's is refused, not read differently.
Result<void> resolve_names(lake::Lake& lake, Formulas& formulas) {
  LODE_TRY(const std::vector<lake::NamedFactor> stored, lake::RunStore(lake).factors());
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

Result<Computed> compute_lake(World& world, const ComputeRequest& request, Formulas& formulas) {
  LODE_TRY(const auto lake, open_lake(world, Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_CHECK(resolve_names(*lake, formulas));
  LODE_TRY(Compiled compiled, compile_all(request, formulas, nullptr));
  lake::PanelRequest panels;
  panels.fields = compiled.program.fields();
  panels.universe = request.universe;
  panels.to = request.to;
  panels.as_of = request.as_of;
  panels.adjust = request.adjust;
  LODE_TRY(const lake::PanelSet set, lake::load_panels(snapshot, panels, world.pool));
  expr::Fields fields(set.axis);
  for (const auto& [name, panel] : set.panels) {
    fields.set(name, panel);
  }
  for (const auto& [name, group] : set.groups) {
    fields.set(name, group);
  }
  fields.set_universe(set.universe);
  return finish(world, request, std::move(compiled), fields);
}

}  // namespace

Result<ComputeRequest> read_compute(const Request& request) {
  ComputeRequest out;
  out.formulas = request.texts("formula");
  out.data_path = request.text("data");
  out.universe = request.text("universe");
  if (!out.data_path.empty() && !out.universe.empty()) {
    return fail(E::E7, "--data and --universe were both given", "--data reads a plain file, --universe reads the lake");
  }
  if (out.data_path.empty() && out.universe.empty()) {
    return fail(E::E3, "factor compute needs --data FILE or --universe NAME",
                "lode factor compute 'rank(close)' --universe all");
  }
  out.profile = request.text("profile", "lode");
  LODE_TRY(out.from, request.date("from"));
  LODE_TRY(out.to, request.date("to"));
  if (out.from && out.to && *out.to < *out.from) {
    return fail(E::E4, fmt::format("--from {} is after --to {}", to_string(*out.from), to_string(*out.to)),
                "both are inclusive; the earlier date comes first");
  }
  LODE_TRY(out.as_of, request.instant("as-of"));
  out.precision = request.text("precision", "f64") == "f32" ? Precision::kFloat32 : Precision::kFloat64;
  LODE_TRY(out.adjust, parse_adjust(request.text("adjust", "all")));
  out.allow_lookahead = request.flag("allow-lookahead");
  return out;
}

Result<Formulas> read_formulas(const std::vector<std::string>& given, const std::string& profile) {
  Formulas out;
  out.profile = profile;
  for (const std::string& text : given) {
    if (text.empty() || text.front() != '@') {
      out.texts.push_back({text, text, ""});
      continue;
    }
    const std::string path = text.substr(1);
    LODE_TRY(const std::string bytes, read_file(path));
    LODE_TRY(const expr::FormulaFile file, expr::parse_file(bytes));
    out.from_file = true;
    if (!file.profile.empty()) {
      out.profile = file.profile;
    }
    for (const expr::Definition& definition : file.definitions) {
      out.texts.push_back({definition.name, definition.text, fmt::format("{}:{}", path, definition.line)});
    }
  }
  if (out.texts.empty()) {
    return fail(E::E2014, "no formula in what was given", "a file holds lines of `id<TAB>formula` or `name = formula`");
  }
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

Error partial_failure(const Formulas& formulas) {
  std::string note;
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < formulas.failures.size() && i < kShown; ++i) {
    const FormulaFailure& failure = formulas.failures[i];
    note += fmt::format("{}{}: {} {}", i == 0 ? "" : "\n", failure.formula.name, to_string(failure.error.number()),
                        failure.error.message());
  }
  return Error(E::E3005,
               fmt::format("{} of {} formulas failed, the rest is written", formulas.failures.size(),
                           formulas.texts.size()),
               "run a failing formula alone to see where: lode factor compute 'FORMULA' ...")
      .noting(std::move(note));
}

Value compute_json(const Computed& computed, const std::string& target) {
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
    factors.push(std::move(row));
  }
  data.set("factors", std::move(factors));
  if (computed.allows_lookahead) {
    data.set("lookahead_allowed", Value(true));
  }
  return data;
}

}  // namespace lode::flow
