// The libraries of the program: read once, found by name, compiled on request.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/factor/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/core/expr/check.h"
#include "lode/core/factor/catalog.h"

namespace lode::factor {
namespace {

bool same(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

const Library* by_id(std::span<const Library> all, std::string_view id) {
  const auto found = std::ranges::find_if(all, [&](const Library& library) { return same(library.id, id); });
  return found == all.end() ? nullptr : &*found;
}

// Gives a library without formulas of its own those of another, in names that both profiles read alike.
void borrow(Library& library, const Library& origin, const expr::OperatorTable& table) {
  const expr::Profile& profile = *must(expr::find_profile(origin.profile));
  library.inputs = origin.inputs;
  library.missing = origin.missing;
  for (Formula formula : origin.formulas) {
    formula.text = must(in_own_names(formula.text, profile, table));
    library.formulas.push_back(std::move(formula));
  }
}

std::vector<Library> read_all() {
  std::vector<Library> all;
  for (const std::string_view text : library_catalog()) {
    all.push_back(must(parse_library(text)));
  }
  std::ranges::sort(all, {}, &Library::id);
  const expr::OperatorTable table;
  for (Library& library : all) {
    if (!library.formulas_of.empty()) {
      const Library* origin = by_id(all, library.formulas_of);
      LODE_ASSERT(origin != nullptr);
      borrow(library, *origin, table);
    }
  }
  return all;
}

std::pair<std::string_view, std::string_view> halves(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::pair(name, std::string_view{})
                                         : std::pair(name.substr(0, slash), name.substr(slash + 1));
}

}  // namespace

const Formula* Library::find(std::string_view id_or_alias) const {
  const auto matches = [&](const Formula& formula) {
    return same(formula.id, id_or_alias) ||
           std::ranges::any_of(formula.aliases, [&](const std::string& alias) { return same(alias, id_or_alias); });
  };
  const auto found = std::ranges::find_if(formulas, matches);
  return found == formulas.end() ? nullptr : &*found;
}

std::span<const Library> libraries() {
  static const std::vector<Library> all = read_all();
  return all;
}

Result<const Library*> find_library(std::string_view id) {
  if (const Library* found = by_id(libraries(), id)) {
    return found;
  }
  std::vector<std::string> ids;
  for (const Library& library : libraries()) {
    ids.push_back(library.id);
  }
  const std::string near = did_you_mean(id, ids);
  return fail(E::E9, fmt::format("no library called {}, there are: {}", quote(id), join(ids, ", ")),
              near.empty() ? "lode factor list --libraries tells of each" : near);
}

bool is_library_name(std::string_view name) {
  return name.find('/') != std::string_view::npos && by_id(libraries(), halves(name).first) != nullptr;
}

Result<Entry> find_formula(std::string_view name) {
  const auto [id, rest] = halves(name);
  LODE_TRY(const Library* library, find_library(id));
  if (const Formula* formula = library->find(rest)) {
    return Entry{library, formula};
  }
  const auto missing = std::ranges::find_if(library->missing, [&](const auto& row) { return same(row.id, rest); });
  if (missing != library->missing.end()) {
    const std::string printed = missing->printed.empty() ? "" : "printed: " + missing->printed;
    Error error(E::E9, fmt::format("{}/{} is not offered: {}", library->id, missing->id, missing->reason));
    return fail(std::move(error).noting(printed));
  }
  std::vector<std::string> names;
  for (const Formula& formula : library->formulas) {
    names.push_back(formula.id);
    names.insert(names.end(), formula.aliases.begin(), formula.aliases.end());
  }
  const std::string near = did_you_mean(rest, names);
  return fail(E::E9,
              fmt::format("no formula {} in library {} ({} of them, {} to {})", quote(rest), library->id,
                          library->formulas.size(), library->formulas.front().id, library->formulas.back().id),
              near.empty() ? fmt::format("lode factor list --library {} shows them", library->id) : near);
}

std::vector<expr::FieldSpec> known_fields() {
  std::vector<expr::FieldSpec> fields = expr::standard_fields();
  for (const Library& library : libraries()) {
    for (const Input& input : library.inputs) {
      if (std::ranges::find(fields, input.name, &expr::FieldSpec::name) == fields.end()) {
        fields.push_back({input.name, input.unit, false});
      }
    }
  }
  return fields;
}

Result<expr::Program> compile(const Entry& entry, const expr::OperatorTable& table) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(entry.library->profile));
  expr::CompileOptions options;
  options.fields = known_fields();
  Result<expr::Program> program = expr::compile(entry.formula->text, *profile, table, options);
  if (!program) {
    return fail(std::move(program).error().clone().while_doing(entry.name()));
  }
  return program;
}

Result<std::string> in_own_names(std::string_view text, const expr::Profile& origin, const expr::OperatorTable& table) {
  LODE_TRY(expr::Program program, expr::compile(text, origin, table));
  LODE_TRY(program.profile, expr::find_profile("lode"));
  for (expr::Node& node : program.nodes) {
    if (node.op != nullptr) {
      node.options = expr::default_options(node.op->spec,
                                           *program.profile);  // What the origin's profile set goes with the profile.
    }
  }
  return expr::print(program, 0, expr::Notation::kCanonical);
}

}  // namespace lode::factor
