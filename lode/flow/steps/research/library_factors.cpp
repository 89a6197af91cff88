// Library formulas at the doors.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/library_factors.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/must.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/answer/paragraph.h"
#include "lode/flow/steps/research/stored_factors.h"

namespace lode::flow {

namespace {

constexpr std::size_t kShownFormula = 60;  // Characters of a formula in a list.
constexpr std::size_t kLabelWidth = 12;

Value texts(const std::vector<std::string>& from) {
  Value out = Value::array();
  for (const std::string& text : from) {
    out.push(Value(text));
  }
  return out;
}

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

std::string_view sign(int direction) { return direction > 0 ? "+1" : direction < 0 ? "-1" : "0"; }

expr::Program compiled(const factor::Entry& entry) {
  return must(factor::compile(entry, factor::operators()));  // Tested: every formula that ships compiles.
}

Value library_json(const factor::Library& library) {
  Value row = Value::object();
  row.set("library", Value(library.id));
  row.set("title", Value(library.title));
  row.set("formulas_count", Value(static_cast<std::int64_t>(library.formulas.size())));
  row.set("missing_count", Value(static_cast<std::int64_t>(library.missing.size())));
  row.set("profile", Value(library.profile));
  row.set("profile_reason", text_or_null(library.profile_reason));
  row.set("source", Value(library.source));
  row.set("rights", Value(library.rights));
  row.set("formulas_of", text_or_null(library.formulas_of));
  return row;
}

Value inputs_json(const std::vector<factor::Input>& inputs) {
  Value out = Value::array();
  for (const factor::Input& input : inputs) {
    Value row = Value::object();
    row.set("field", Value(input.name));
    row.set("unit", Value(expr::to_string(input.unit)));
    row.set("meaning", Value(input.meaning));
    out.push(std::move(row));
  }
  return out;
}

Value formula_json(const factor::Entry& entry, const expr::Program& program) {
  const factor::Formula& formula = *entry.formula;
  Value row = Value::object();
  row.set("name", Value(entry.name()));
  row.set("formula", Value(formula.text));
  row.set("title", text_or_null(formula.title));
  row.set("profile", Value(program.profile->name));
  row.set("fields", texts(program.fields()));
  row.set("history", Value(program.lookback()));
  row.set("unit", Value(expr::to_string(program.nodes[program.roots.front()].unit)));
  row.set("hash", Value(program.hashes.front()));
  row.set("aliases", texts(formula.aliases));
  row.set("direction", formula.direction ? Value(*formula.direction) : Value());
  row.set("known", text_or_null(formula.time));
  row.set("source", Value(formula.source.empty() ? entry.library->source : formula.source));
  row.set("printed", text_or_null(formula.printed));
  row.set("repairs", texts(formula.repairs));
  row.set("notes", texts(formula.notes));
  return row;
}

Value missing_json(const std::vector<factor::MissingFormula>& missing, const std::string& library) {
  Value out = Value::array();
  for (const factor::MissingFormula& formula : missing) {
    Value row = Value::object();
    row.set("name", Value(library + "/" + formula.id));
    row.set("reason", Value(formula.reason));
    row.set("printed", text_or_null(formula.printed));
    out.push(std::move(row));
  }
  return out;
}

std::string cut(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : text.substr(0, most - 3) + "...";
}

// "  profile     paper": the text broken at the page's width, under itself.
std::string line(std::string_view label, std::string_view text) {
  return text.empty()
             ? std::string()
             : fmt::format("  {:<{}}{}\n", label, kLabelWidth, paragraph(text, kLabelWidth + 2, kLabelWidth + 2));
}

// The library's own with its reason; another one, as --profile asked for it.
std::string told_profile(const factor::Library& library, const expr::Profile& profile) {
  if (library.profile != profile.name) {
    return fmt::format("{}, as --profile says; of the library {}", profile.name, library.profile);
  }
  return library.profile_reason.empty() ? library.profile : library.profile_reason;
}

std::string page(const factor::Entry& entry, const expr::Program& program) {
  const factor::Formula& formula = *entry.formula;
  const factor::Library& library = *entry.library;
  std::string out = entry.name() + (formula.title.empty() ? "" : "  " + formula.title) + "\n\n";
  out += line("formula", expr::print(program, 0, expr::Notation::kPaper));
  out += line("qlib", in_qlib(program));
  out += line("calls", expr::print(program, 0, expr::Notation::kCall));
  out += line("profile", told_profile(library, *program.profile));
  out += line("fields", join(program.fields(), ", "));
  out += line("warm-up", fmt::format("{} session{}", program.lookback(), program.lookback() == 1 ? "" : "s"));
  out += line("unit", expr::to_string(program.nodes[program.roots.front()].unit));
  out += line("hash", program.hashes.front());
  out += line("also", join(formula.aliases, ", "));
  out += formula.direction ? line("direction", sign(*formula.direction)) : "";
  out += line("known", formula.time);
  for (const factor::Input& input : library.inputs) {
    if (std::ranges::count(program.fields(), input.name) > 0) {
      out += line("input", input.name + ": " + input.meaning);
    }
  }
  out += line("printed", formula.printed);
  for (const std::string& repair : formula.repairs) {
    out += line("repair", repair);
  }
  for (const std::string& note : formula.notes) {
    out += line("note", note);
  }
  out += line("source", formula.source.empty() ? library.source : formula.source);
  out += line("rights", library.rights);
  return out;
}

}  // namespace

std::string in_qlib(const expr::Program& program) {
  const std::vector<std::string> lacking = expr::lacking_in_qlib(program, 0);
  if (!lacking.empty()) {
    return "none: Qlib has no " + join(lacking, ", ");
  }
  const bool differs = !program.profile->skips_missing && program.lookback() > 0;
  return expr::print(program, 0, expr::Notation::kQlib) +
         (differs ? " (its windows may be short there: profile qlib)" : "");
}

Outcome list_libraries(int width) {
  Outcome out;
  Value rows = Value::array();
  TextTable table({{"library", TextTable::Align::kLeft, 5},
                   {"formulas", TextTable::Align::kRight, 4},
                   {"missing", TextTable::Align::kRight, 1},
                   {"profile", TextTable::Align::kLeft, 2},
                   {"title", TextTable::Align::kLeft, 3}});
  for (const factor::Library& library : factor::libraries()) {
    table.add({library.id, std::to_string(library.formulas.size()), std::to_string(library.missing.size()),
               library.profile, library.title});
    rows.push(library_json(library));
  }
  out.data = Value::object();
  out.data.set("libraries", std::move(rows));
  out.text = table.render(width);
  out.next = "lode factor list --library alpha101";
  return out;
}

Result<Outcome> list_library(const std::string& id, int width) {
  LODE_TRY(const factor::Library* library, factor::find_library(id));
  Outcome out;
  out.data = library_json(*library);
  Value rows = Value::array();
  TextTable table({{"name", TextTable::Align::kLeft, 4},
                   {"formula", TextTable::Align::kLeft, 3},
                   {"history", TextTable::Align::kRight, 2},
                   {"fields", TextTable::Align::kLeft, 1}});
  for (const factor::Formula& formula : library->formulas) {
    const factor::Entry entry{library, &formula};
    const expr::Program program = compiled(entry);
    table.add({entry.name(), cut(formula.text, kShownFormula), std::to_string(program.lookback()),
               join(program.fields(), " ")});
    rows.push(formula_json(entry, program));
  }
  out.data.set("formulas", std::move(rows));
  out.data.set("missing", missing_json(library->missing, library->id));
  out.data.set("inputs", inputs_json(library->inputs));
  out.text =
      fmt::format("{}\n{}\n\n", library->title, paragraph("profile " + library->profile_reason)) + table.render(width);
  for (const factor::MissingFormula& formula : library->missing) {
    out.text += "\n" + paragraph(fmt::format("{}/{} is not offered: {}", library->id, formula.id, formula.reason));
  }
  out.text += library->missing.empty() ? "" : "\n";
  out.next = fmt::format("lode factor show {}/{}", library->id, library->formulas.front().id);
  return out;
}

Result<Outcome> show_library_formula(const std::string& name, const std::string& asked) {
  LODE_TRY(const factor::Entry entry, factor::find_formula(name));
  expr::Program program = compiled(entry);
  if (!asked.empty() && asked != entry.library->profile) {
    LODE_TRY(const expr::Profile* profile, expr::find_profile(asked));
    expr::CompileOptions options;
    options.fields = factor::known_fields();
    LODE_TRY(program, expr::compile(entry.formula->text, *profile, factor::operators(), options));
  }
  Outcome out;
  out.data = formula_json(entry, program);
  out.data.set("canonical", Value(program.formulas.front()));
  out.data.set("paper", Value(expr::print(program, 0, expr::Notation::kPaper)));
  const bool is_qlib = expr::lacking_in_qlib(program, 0).empty();
  out.data.set("qlib", is_qlib ? Value(expr::print(program, 0, expr::Notation::kQlib)) : Value());
  out.data.set("calls", Value(expr::print(program, 0, expr::Notation::kCall)));
  out.data.set("rights", Value(entry.library->rights));
  out.text = page(entry, program);
  out.next = fmt::format("lode factor eval {}", entry.name());
  return out;
}

Result<std::vector<std::string>> names_of_library(const std::string& id) {
  LODE_TRY(const factor::Library* library, factor::find_library(id));
  std::vector<std::string> names;
  for (const factor::Formula& formula : library->formulas) {
    names.push_back(library->id + "/" + formula.id);
  }
  return names;
}

Result<void> resolve_library_names(Formulas& formulas) {
  for (NamedText& text : formulas.texts) {
    if (!text.origin.empty() || !factor::is_library_name(text.text)) {
      continue;
    }
    LODE_TRY(const factor::Entry entry, factor::find_formula(text.text));
    text.name = entry.name();
    text.text = entry.formula->text;
    text.profile = entry.library->profile;
  }
  // A word may be a factor of the lake, which has a profile too: that is known later.
  const bool has_words = std::ranges::any_of(
      formulas.texts, [](const NamedText& text) { return text.profile.empty() && looks_like_name(text.text); });
  return has_words && !formulas.profile_given ? Result<void>() : settle_profile(formulas);
}

}  // namespace lode::flow
