// Reading and compiling the formulas of one call, and telling why some failed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/formulas.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/research/stored_factors.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

namespace {

// An excerpt whose lines are numbered as in the formula, with the numbers of a file in which it begins on `first`.
std::string renumbered(const std::string& excerpt, int first) {
  std::string out;
  std::size_t width = 0;
  for (const std::string_view line : split(excerpt, '\n')) {
    out += out.empty() ? "" : "\n";
    const std::size_t bar = line.find(" | ");
    const std::string_view number = bar == std::string_view::npos ? std::string_view() : trim(line.substr(0, bar));
    std::int64_t value = 0;
    if (parse_int(number, value)) {
      const std::string shown = std::to_string(value + first - 1);
      width = shown.size();
      out += fmt::format("  {}{}", shown, line.substr(bar));
    } else if (bar != std::string_view::npos && number.empty()) {  // The carets' line
      out += fmt::format("  {}{}", std::string(width, ' '), line.substr(bar));
    } else {
      out += line;
    }
  }
  return out;
}

// Where a formula failed, its lines numbered as in its file.
std::string where_of(const FormulaFailure& failure) {
  return failure.formula.line > 1 ? renumbered(failure.error.where(), failure.formula.line) : failure.error.where();
}

// The name of a formula and where it stands; one typed by hand is its own name, cut where it is long.
std::string named(const NamedText& formula) {
  constexpr std::size_t kLongest = 48;
  const std::string name = formula.name.size() <= kLongest ? formula.name : formula.name.substr(0, kLongest) + "...";
  return formula.origin.empty() ? name : fmt::format("{} ({})", name, formula.origin);
}

// Failures that are told once for all formulas they befall.
struct Told {
  std::string reason;
  const FormulaFailure* first = nullptr;
  std::vector<std::string> names;
};

// One entry a failure, but one for all formulas that lack the same field.
std::vector<Told> told_once(std::span<const FormulaFailure> failures) {
  std::vector<Told> out;
  for (const FormulaFailure& failure : failures) {
    std::string message = failure.error.message();
    if (message.starts_with(failure.formula.name + " ")) {
      message.erase(0, failure.formula.name.size() + 1);
    }
    std::string reason = fmt::format("{} {}", to_string(failure.error.number()), message);
    const bool lacks_field = failure.error.number() == E::E1113 || failure.error.number() == E::E1106;
    auto found = lacks_field ? std::ranges::find(out, reason, &Told::reason) : out.end();
    if (found == out.end()) {
      found = out.insert(out.end(), {std::move(reason), &failure, {}});
      found->names.push_back(named(failure.formula));
    } else {
      found->names.push_back(failure.formula.name);
    }
  }
  return out;
}

// Every failure with its place, its text and a caret, and what to do where that is said:
//   E1106 no field called 'clsoe': a3 (f.tsv:3)
//     3 | rank(clsoe)
//       |      ^^^^^
//     help: did you mean 'close'? (lode factor fields)
std::string reasons_of(std::span<const Told> all) {
  std::string text;
  for (const Told& told : all) {
    const Error& error = told.first->error;
    text += fmt::format("{}{}: {}", text.empty() ? "" : "\n", told.reason, join(told.names, ", "));
    const std::string where = where_of(*told.first);
    for (const std::string_view line : split(where, '\n')) {
      text += line.empty() ? std::string() : fmt::format("\n{}", line);
    }
    if (const std::string hint = error.hint().substr(0, error.hint().find('\n')); !hint.empty()) {
      text += fmt::format("\n  help: {}", hint);
    }
    if (error.number() == E::E1107 && !error.note().empty()) {  // What the leak is worth.
      text += fmt::format("\n{}: {}", told.first->formula.name, error.note());
    }
  }
  return text;
}

// The error when every formula failed: the first one's, and all the others behind it.
Error nothing_computed(const Formulas& formulas) {
  const FormulaFailure& first = formulas.failures.front();
  Error error = first.error.clone();
  if (first.formula.line > 1) {
    error = std::move(error).at(where_of(first));
  }
  if (const std::size_t count = formulas.failures.size(); count > 1) {
    std::vector<Told> told = told_once(formulas.failures);  // The first one holds the error itself.
    std::string note = first.error.note().empty() ? "" : first.error.note() + "\n";
    note += fmt::format("all {} formulas failed, nothing was computed", count);
    if (told.front().names.size() > 1) {
      told.front().names.erase(told.front().names.begin());
      note += "\nas this one: " + join(told.front().names, ", ");
    }
    if (told.size() > 1) {
      note += "\n" + reasons_of(std::span(told).subspan(1));
    }
    error = std::move(error).noting(std::move(note));
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

// What to do about a field that is absent.
std::string what_to_take(const expr::Program& program, const std::string& field, const Available& available) {
  const auto has = [&](const char* name) { return available.contains(name); };
  if (field == "amount" && has("close") && has("volume")) {
    return "add the column, or --define 'amount=close*volume', which is near it";
  }
  if (field == "vwap" && has("high") && has("low") && has("close")) {
    return "add the column, or --define 'vwap=(high+low+close)/3', which is near it";
  }
  const bool is_group = std::ranges::any_of(program.nodes, [&](const expr::Node& node) {
    return node.kind == expr::NodeKind::kGroupField && node.field == field;
  });
  return is_group ? "add the column, or leave the formula out"
                  : "add the column, leave the formula out, or say with --define what to take for it";
}

// Where a formula reads a field: the excerpt of the error that it is to a compiler that does not know the field.
std::string place_of_field(const NamedText& text, const std::string& field, const expr::Profile& profile,
                           const expr::OperatorTable& table, expr::CompileOptions options) {
  std::erase_if(options.fields, [&](const expr::FieldSpec& spec) { return spec.name == field; });
  const Result<expr::Program> without = expr::compile(text.text, profile, table, options);
  return without ? std::string() : without.error().where();
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
      return fail(Error(E::E1113, fmt::format("{} needs field {}, absent in this data", text.name, name),
                        what_to_take(program, name, *available))
                      .at(place_of_field(text, name, profile, table, options)));
    }
  }
  if (text.origin.empty() && factor::is_library_name(text.name)) {  // Units are its authors' choice, told by its page.
    std::erase_if(program.warnings, [](const expr::Warning& warning) { return warning.number == "W1301"; });
  }
  return program;
}

// Formulas by name, as later ones of their file may use them.
class Earlier {
 public:
  std::span<const expr::NameDefinition> beside(const NamedText& text) const {
    const auto found = by_file_.find(file_of(text));
    return found == by_file_.end() ? std::span<const expr::NameDefinition>() : found->second;
  }
  void add(const NamedText& text) {
    const std::string name = lower(text.name);
    const bool is_word =
        std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    if (is_word && text.name != text.text) {
      by_file_[file_of(text)].push_back({name, text.text});
    }
  }

 private:
  static std::string file_of(const NamedText& text) { return text.origin.substr(0, text.origin.rfind(':')); }
  std::map<std::string, std::vector<expr::NameDefinition>> by_file_;
};

// A word that is no field may be a formula of the same file above: my2 = ta_rsi(my, 14). Only where it would fail
// otherwise, so that no name of a file ever hides a field. `whole`: the formula with what it uses written out.
Result<expr::Program> compile_beside(const NamedText& text, std::string& whole, const expr::Profile& profile,
                                     const expr::OperatorTable& table, const expr::CompileOptions& options,
                                     const Earlier& earlier, const Available* available, const expr::Fields* fields) {
  whole = text.text;
  Result<expr::Program> program = compile_one(text, profile, table, options, available, fields);
  const std::span<const expr::NameDefinition> beside = earlier.beside(text);
  if (program || program.error().number() != E::E1106 || beside.empty()) {
    return program;
  }
  expr::CompileOptions more = options;
  more.definitions.insert(more.definitions.end(), beside.begin(), beside.end());
  program = compile_one(text, profile, table, more, available, fields);
  if (program) {
    whole = program->formulas.front();  // W1304 is of names that the call defines away from their formulas.
    std::erase_if(program->warnings, [&](const expr::Warning& warning) {
      return warning.number == "W1304" && std::ranges::any_of(beside, [&](const expr::NameDefinition& one) {
               return warning.message.starts_with(one.name + " is ");
             });
    });
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
  LODE_CHECK(settle_profile(formulas));
  LODE_TRY(const expr::Profile* profile, expr::find_profile(formulas.profile));
  const expr::OperatorTable& table = factor::operators();
  expr::CompileOptions options;
  options.fields = known_fields(fields);
  options.allow_lookahead = request.allow_lookahead;
  options.definitions = request.definitions;
  Compiled out;
  std::vector<expr::Program> programs;
  std::vector<std::pair<std::string, expr::Warning>> warnings;
  Earlier earlier;
  for (const FormulaFailure& unread : formulas.unread) {
    formulas.failures.push_back({unread.formula, unread.error.clone()});
  }
  for (const NamedText& text : formulas.texts) {
    options.option_defaults = text.options;
    std::string whole;
    Result<expr::Program> program = compile_beside(text, whole, *profile, table, options, earlier, available, fields);
    earlier.add(text);
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
    out.texts.push_back(std::move(whole));
    out.lookbacks.push_back(program->lookback());
    programs.push_back(std::move(*program));
  }
  if (programs.empty()) {
    return fail(nothing_computed(formulas));
  }
  out.program = expr::merge(programs);
  out.warnings = formulas.notes;
  std::ranges::copy(warning_lines(warnings, formulas.texts.size() > 1), std::back_inserter(out.warnings));
  return out;
}

namespace {

// An option that no operator has would be ignored.
Result<void> check_options(const std::string& path, const expr::FormulaFile& file) {
  std::set<std::string> known;
  for (const expr::Operator* op : factor::operators().all()) {
    for (const expr::OptionSpec& option : op->spec.options) {
      known.emplace(option.name);
    }
  }
  const std::vector<std::string> names(known.begin(), known.end());
  for (const expr::FileOption& option : file.options) {
    if (!known.contains(option.name)) {
      const std::string near = did_you_mean(option.name, names);
      return fail(E::E1110,
                  fmt::format("{}:{}: no operator has an option {}", path, option.line, option.name.substr(0, 40)),
                  near.empty() ? "the options are: " + join(names, ", ") : near);
    }
  }
  return {};
}

}  // namespace

Result<void> settle_profile(Formulas& formulas) {
  const auto said = [&](const NamedText& text) { return text.profile.empty() ? formulas.profile : text.profile; };
  const auto differs = [&](const std::string& profile) {
    return std::ranges::find_if(formulas.texts, [&](const NamedText& text) { return said(text) != profile; });
  };
  if (formulas.profile_given) {
    const auto other = differs(formulas.profile);
    if (other != formulas.texts.end()) {
      formulas.notes.push_back(fmt::format("note: all under profile {}, as --profile says; {} says {}",
                                           formulas.profile, named(*other), other->profile));
    }
    for (NamedText& text : formulas.texts) {
      text.profile.clear();
    }
    return {};
  }
  if (formulas.texts.empty()) {
    return {};
  }
  const NamedText& first = formulas.texts.front();
  const std::string profile = said(first);
  if (const auto other = differs(profile); other != formulas.texts.end()) {
    const auto word = [](const NamedText& text) { return text.name == text.text ? quote(named(text)) : named(text); };
    return fail(E::E7,
                fmt::format("one call has one profile: {} is of {}, {} of {}", word(first), profile, word(*other),
                            said(*other)),
                fmt::format("compute them apart, or say what all of them are to mean: --profile {}", profile));
  }
  formulas.profile = profile;
  return {};
}

Result<Formulas> read_formulas(const ComputeRequest& request) {
  Formulas out;
  out.profile = request.profile;
  out.profile_given = request.profile_given;
  for (const std::string& text : request.formulas) {
    if (text.empty() || text.front() != '@') {
      const bool is_new = std::ranges::none_of(
          out.texts, [&](const NamedText& known) { return known.origin.empty() && known.text == text; });
      if (is_new) {
        out.texts.push_back({text, text, ""});
      } else {
        out.notes.push_back(fmt::format("note: {} was given twice and is computed once", quote(text)));
      }
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
                        .while_doing(fmt::format("{}:{}", path, file.profile_line)));
      }
    }
    LODE_CHECK(check_options(path, file));
    for (const expr::Definition& definition : file.definitions) {
      out.texts.push_back({definition.name, definition.text, fmt::format("{}:{}", path, definition.line),
                           definition.line, file.options, file.profile});
    }
    for (expr::BrokenDefinition& broken : file.broken) {
      // Its message and excerpt name the line at once: beside others that failed no origin is told.
      out.unread.push_back({{broken.name, "", ""}, std::move(broken.error).while_doing(path)});
    }
  }
  if (out.texts.empty() && out.unread.empty()) {
    return fail(E::E2014, "no formula in what was given", "a file holds lines of `id<TAB>formula` or `name = formula`");
  }
  return out;
}

Error partial_failure(const Formulas& formulas) {
  const std::size_t failed = formulas.failures.size();
  const std::size_t all = formulas.texts.size() + formulas.unread.size();
  std::string rest =
      all - failed == 1 ? "the other was computed" : fmt::format("the other {} were computed", all - failed);
  const std::size_t there = formulas.already_there;
  const std::string stored = fmt::format("{} {} in the lake already", there, there == 1 ? "was" : "were");
  if (there > 0) {
    rest = failed < all ? fmt::format("{}, {}", rest, stored) : stored;
  }
  const std::string what = there > 0      ? fmt::format("{} of {} formulas failed, {}", failed, all + there, rest)
                           : failed < all ? fmt::format("{} of {} formulas failed, {}", failed, all, rest)
                           : all == 1     ? std::string("1 formula failed, and there was no other to compute")
                                          : fmt::format("all {} formulas that were to be computed failed", all);
  return Error(E::E3005, what, "lode explain with the number of an error has its page; --json has them all as data")
      .noting(reasons_of(told_once(formulas.failures)));
}

Value failures_json(const Formulas& formulas) {
  Value failed = Value::array();
  for (const FormulaFailure& failure : formulas.failures) {
    Value row = Value::object();
    row.set("name", Value(failure.formula.name));
    row.set("number", Value(to_string(failure.error.number())));
    row.set("reason", Value(failure.error.message()));
    const std::string where = where_of(failure);
    row.set("origin", failure.formula.origin.empty() ? Value() : Value(failure.formula.origin));
    row.set("where", where.empty() ? Value() : Value(where));
    row.set("help", failure.error.hint().empty() ? Value() : Value(failure.error.hint()));
    failed.push(std::move(row));
  }
  return failed;
}

}  // namespace lode::flow
