// Reading and compiling the formulas of one call, and telling why some failed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/formulas.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/factor/library.h"
#include "lode/flow/steps/research/stored_factors.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

namespace {

// Failures by what they have in common, with the names of the formulas: "E1113 needs field cap, absent in this data:
// 056, 060". Absent fields and the first kReasons reasons are told, of the others the names.
std::string reasons_of(const std::vector<FormulaFailure>& failures) {
  constexpr std::size_t kReasons = 6;
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const FormulaFailure& failure : failures) {
    const std::string& name = failure.formula.name;
    std::string message = failure.error.message();
    if (message.starts_with(name + " ")) {
      message.erase(0, name.size() + 1);
    }
    const std::string reason = fmt::format("{} {}", to_string(failure.error.number()), message);
    auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& known) { return known.first == reason; });
    if (found == groups.end()) {
      found = groups.insert(groups.end(), {reason, {}});
    }
    found->second.push_back(name);
  }
  std::string text;
  std::vector<std::string> others;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i < kReasons || groups[i].first.starts_with("E1113")) {
      text += fmt::format("{}{}: {}", i == 0 ? "" : "\n", groups[i].first, join(groups[i].second, ", "));
    } else {
      others.insert(others.end(), groups[i].second.begin(), groups[i].second.end());
    }
  }
  text += others.empty() ? "" : fmt::format("\nother reasons: {}", join(others, ", "));
  for (const FormulaFailure& failure : failures) {
    if (failure.error.number() == E::E1107 && !failure.error.note().empty()) {  // What the leak is worth.
      text += fmt::format("\n{}: {}", failure.formula.name, failure.error.note());
    }
  }
  return text;
}

// The error when every formula failed: the first one's, and the reasons of the others where there are several.
Error nothing_computed(const Formulas& formulas) {
  const FormulaFailure& first = formulas.failures.front();
  Error error = first.error.clone();
  if (formulas.failures.size() > 1) {
    error = std::move(error).noting(
        fmt::format("all {} formulas failed\n{}", formulas.failures.size(), reasons_of(formulas.failures)));
  }
  return first.formula.origin.empty() ? std::move(error) : std::move(error).while_doing(first.formula.origin);
}

std::vector<expr::FieldSpec> known_fields(const expr::Fields* fields) {
  std::vector<expr::FieldSpec> specs = factor::known_fields();
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

// A column of words where the formula wants numbers; numbers where it wants a group will do (group_of_numbers).
Result<void> check_kinds(const NamedText& text, const expr::Program& program, const expr::Fields& fields) {
  for (const expr::Node& node : program.nodes) {
    const bool is_number = node.kind == expr::NodeKind::kField;
    const GroupPanel* words = is_number ? fields.find_group(node.field) : nullptr;
    if (words != nullptr && fields.find(node.field) == nullptr) {
      const std::string first = words->names.empty() ? std::string() : words->names.front();
      return fail(E::E1109,
                  fmt::format("{} needs numbers in {}, which is a column of words here, such as '{}'", text.name,
                              node.field, first.substr(0, 40)),
                  "write its cells as plain numbers: 1234.5");
    }
  }
  return {};
}

Result<expr::Program> compile_one(const NamedText& text, const expr::Profile& profile, const expr::OperatorTable& table,
                                  const expr::CompileOptions& options, const Available* available,
                                  const expr::Fields* fields) {
  LODE_TRY(expr::Program program, expr::compile(text.text, profile, table, options));
  if (fields != nullptr) {
    LODE_CHECK(check_kinds(text, program, *fields));
  }
  for (const std::string& name : program.fields()) {
    if (available != nullptr && !available->contains(name)) {
      const bool near = name == "amount" && available->contains("close") && available->contains("volume");
      return fail(E::E1113, fmt::format("{} needs field {}, absent in this data", text.name, name),
                  near ? "add the column, or write close * volume, which is near it"
                       : "add the column, or leave the formula out");
    }
  }
  return program;
}

// Each warning once, with the formulas it is about where there are several.
std::vector<std::string> warning_lines(const std::vector<std::pair<std::string, expr::Warning>>& told, bool several) {
  std::vector<std::pair<std::string, std::vector<std::string>>> lines;
  for (const auto& [name, warning] : told) {
    const std::string line = fmt::format("warning[{}]: {}", warning.number, warning.message);
    auto found = std::find_if(lines.begin(), lines.end(), [&](const auto& known) { return known.first == line; });
    if (found == lines.end()) {
      found = lines.insert(lines.end(), {line, {}});
    }
    if (found->second.empty() || found->second.back() != name) {
      found->second.push_back(name);
    }
  }
  std::vector<std::string> out;
  for (auto& [line, names] : lines) {
    out.push_back(several ? fmt::format("{} (in {})", line, join(names, ", ")) : std::move(line));
  }
  return out;
}

}  // namespace

Result<Compiled> compile_all(const ComputeRequest& request, Formulas& formulas, const expr::Fields* fields,
                             const Available* available, const Explain& explain) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(formulas.profile));
  const expr::OperatorTable table;
  expr::CompileOptions options;
  options.fields = known_fields(fields);
  options.allow_lookahead = request.allow_lookahead;
  Compiled out;
  std::vector<expr::Program> programs;
  std::vector<std::pair<std::string, expr::Warning>> warnings;
  for (const FormulaFailure& unread : formulas.unread) {
    formulas.failures.push_back({unread.formula, unread.error.clone()});
  }
  for (const NamedText& text : formulas.texts) {
    Result<expr::Program> program = compile_one(text, *profile, table, options, available, fields);
    if (!program) {
      Error error = with_nearest_factor(std::move(program).error(), text.text, formulas.stored);
      formulas.failures.push_back({text, explain(text, std::move(error))});
      continue;
    }
    for (const expr::Warning& warning : program->warnings) {
      warnings.emplace_back(text.name, warning);
    }
    out.names.push_back(program->lookahead > 0 ? std::string(kLooksAhead) + text.name : text.name);
    out.lookahead = std::max(out.lookahead, program->lookahead);
    out.texts.push_back(text.text);
    out.lookbacks.push_back(program->lookback());
    programs.push_back(std::move(*program));
  }
  if (programs.empty()) {
    return fail(nothing_computed(formulas));
  }
  out.program = expr::merge(programs);
  out.warnings = warning_lines(warnings, formulas.texts.size() > 1);
  return out;
}

namespace {

// 1-based line of the directive that names the profile.
std::int64_t profile_line(std::string_view bytes) {
  std::int64_t number = 0;
  for (const std::string_view line : split(bytes, '\n')) {
    ++number;
    if (lower(trim(line)).starts_with("profile")) {
      return number;
    }
  }
  return number;
}

}  // namespace

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
    Result<expr::FormulaFile> parsed = expr::parse_file(bytes);
    if (!parsed) {
      return fail(std::move(parsed).error().while_doing(path));
    }
    expr::FormulaFile& file = *parsed;
    out.from_file = true;
    if (file.definitions.empty() && file.broken.empty()) {
      return fail(E::E2014, fmt::format("{} holds no formula", path),
                  "a file holds lines of `id<TAB>formula` or `name = formula`");
    }
    if (!file.profile.empty()) {
      if (const auto known = expr::find_profile(file.profile); !known) {
        return fail(Error(known.error().number(), known.error().message(),
                          "mend the line, or leave it out: --profile names one")
                        .while_doing(fmt::format("{}:{}", path, profile_line(bytes))));
      }
      out.profile = file.profile;
    }
    for (const expr::Definition& definition : file.definitions) {
      out.texts.push_back({definition.name, definition.text, fmt::format("{}:{}", path, definition.line)});
    }
    for (expr::BrokenDefinition& broken : file.broken) {
      // Its message names the file at once: beside others that failed no origin is told.
      out.unread.push_back({{broken.name, "", ""}, std::move(broken.error).while_doing(path)});
    }
  }
  if (out.texts.empty() && out.unread.empty()) {
    return fail(E::E2014, "no formula in what was given", "a file holds lines of `id<TAB>formula` or `name = formula`");
  }
  return out;
}

Error partial_failure(const Formulas& formulas) {
  return Error(E::E3005,
               fmt::format("{} of {} formulas failed, the rest is written", formulas.failures.size(),
                           formulas.texts.size() + formulas.unread.size()),
               "run a failing formula alone to see where: lode factor compute 'FORMULA' ...")
      .noting(reasons_of(formulas.failures));
}

}  // namespace lode::flow
