// From a written name to an operator, and the hints where there is none.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/text.h"
#include "lode/core/expr/check.h"
#include "lode/core/expr/notation.h"
#include "lode/core/expr/syntax/lexer.h"

namespace lode::expr {
namespace {

constexpr std::size_t kQuotedBytes = 60;

std::string shortened(std::string text) {
  if (text.size() > kQuotedBytes) {
    text.resize(kQuotedBytes);
    text += "...";
  }
  return text;
}

// Names that begin as the written one and go on behind a _: ta_bbands is ta_bbands_lower, .. one for each value.
std::vector<std::string> values_of(std::string_view written, const OperatorTable& table) {
  const std::string begin = lower(written) + "_";
  std::vector<std::string> out;
  for (const std::string& name : table.names()) {
    if (begin.starts_with("ta_") && name.starts_with(begin)) {
      out.push_back(name);
    }
  }
  return out;
}

// Names a misspelt call may have meant: those that fit the argument count, else all.
std::vector<std::string> near_operators(const Call& call, const OperatorTable& table) {
  std::vector<std::string> fitting;
  std::vector<std::string> all;
  for (const std::string& name : table.names()) {
    if (!differing_meaning(name).empty()) {
      continue;
    }
    const Operator* op = table.find(resolve_overload(name, call.positional.size()));
    if (op != nullptr && arity(op->spec).accepts(call.positional.size())) {
      fitting.push_back(name);
    }
    all.push_back(name);
  }
  std::vector<std::string> near = suggest(call.syntax->text, fitting);
  return near.empty() ? suggest(call.syntax->text, all) : near;
}

Failure unknown_operator(const Call& call, const CheckContext& context) {
  const AstNode& syntax = *call.syntax;
  const std::string written(context.source(syntax.name));
  const auto& fields = context.options.fields;
  const bool is_field =
      std::any_of(fields.begin(), fields.end(), [&](const FieldSpec& f) { return f.name == syntax.text; });
  std::string hint;
  if (is_field) {
    hint = fmt::format("{0} is a field; for its value 5 sessions ago write delay({0}, 5)\n", syntax.text);
  } else if (const std::vector<std::string> values = values_of(syntax.text, context.table); values.size() > 1) {
    hint = fmt::format("it has several values: {}\n", join(values, ", "));
  } else {
    const std::vector<std::string> near = near_operators(call, context.table);
    if (near.size() == 1) {
      const Operator* op = context.table.find(resolve_overload(near[0], call.positional.size()));
      op = op != nullptr ? op : context.table.find(near[0]);
      hint = fmt::format("did you mean '{}'?  {} {}\n", near[0], signature(op->spec, near[0]), op->spec.summary);
    } else if (near.size() > 1) {
      hint = fmt::format("did you mean '{}' or '{}'?\n", near[0], near[1]);
    }
  }
  return context.failure(E::E1102, fmt::format("no operator called '{}'", shortened(written)), syntax.name,
                         hint + "more: lode explain E1102");
}

// The operator of a name with several by the count of arguments: rank(x, d=5) is rank(x, 5). Of those that count could
// mean, the first of which every keyword is a parameter or an option.
const Operator* overload(const Call& call, const OperatorTable& table) {
  const std::size_t positional = call.positional.size();
  for (std::size_t named = 0; named <= call.keywords.size(); ++named) {
    const Operator* op = table.find(resolve_overload(call.name, positional + named));
    op = op != nullptr ? op : table.find(call.name);
    const bool knows_all =
        op != nullptr && std::ranges::all_of(call.keywords, [&](const Keyword& keyword) {
          const std::string& word = keyword.option->text;
          return keyword_parameter(op->spec, word) != nullptr ||
                 std::ranges::find(op->spec.options, word, &OptionSpec::name) != op->spec.options.end();
        });
    if (knows_all) {
      return op;
    }
  }
  const Operator* op = table.find(resolve_overload(call.name, positional));
  return op != nullptr ? op : table.find(call.name);
}

bool is_literal(const Argument& argument, const CheckContext& context) {
  return context.graph.at(argument.node).kind == NodeKind::kLiteral;
}

}  // namespace

std::string CheckContext::quoted(Span span) const {
  std::string text;
  bool comment = false;
  for (const char c : source(span)) {
    comment = c == '#' || (comment && c != '\n');
    const bool blank = comment || static_cast<unsigned char>(c) <= ' ';
    if (!blank || (!text.empty() && text.back() != ' ')) {
      text.push_back(blank ? ' ' : c);
    }
  }
  return shortened(std::move(text));  // Outside comments all is ASCII.
}

Failure CheckContext::failure(ErrorNumber number, std::string message, Span span, std::string hint,
                              std::string_view remark) const {
  return fail_at(number, std::move(message), ast.source, span, std::move(hint), remark);
}

void CheckContext::warn(std::string_view number, std::string message) const {
  const auto is_same = [&](const Warning& known) { return known.number == number && known.message == message; };
  if (std::none_of(warnings.begin(), warnings.end(), is_same)) {
    warnings.push_back({std::string(number), std::move(message)});
  }
}

Result<const Operator*> resolve(Call& call, const CheckContext& context) {
  const std::string_view name = call.name;
  const std::string_view differs = differing_meaning(name);
  const bool is_rolling = context.profile.min_max == MinMax::kRolling;
  if (is_rolling && (name == kElementwiseMin || name == kElementwiseMax)) {
    return context.table.find(name == kElementwiseMin ? "min" : "max");
  }
  if (!differs.empty()) {
    return context.failure(E::E1111, std::string(differs), call.syntax->name);
  }
  if (context.profile.refuses_other_names) {
    const auto rates = std::ranges::count(call.keywords, "rate", [](const Keyword& k) { return k.option->text; });
    const auto [message, instead] = differing_in_brain(name, call.positional.size() + static_cast<std::size_t>(rates));
    if (!message.empty()) {
      return context.failure(E::E1111, std::string(message), call.syntax->name, std::string(instead));
    }
  }
  const Operator* op = overload(call, context.table);
  if (op == nullptr) {
    return unknown_operator(call, context);
  }
  const std::string_view canonical = op->spec.name;
  if (canonical == "signedpower" && !context.profile.has_signedpower) {
    return context.failure(E::E1110, fmt::format("signedpower is not part of profile {}", context.profile.name),
                           call.syntax->name, "write Sign(x) * Power(Abs(x), a)");
  }
  const bool is_min_max = canonical == "min" || canonical == "max";
  const bool has_window = call.positional.size() == 2 && is_literal(call.positional[1], context) &&
                          !is_literal(call.positional[0], context);
  const bool is_window = is_rolling || (context.profile.min_max == MinMax::kLiteralIsWindow && has_window);
  if (is_min_max && is_window) {
    call.folded_windows = true;
    const Operator* rolling = context.table.find(canonical == "min" ? "ts_min" : "ts_max");
    op = rolling != nullptr ? rolling : op;
  }
  return op;
}

Failure unknown_field(std::string_view name, bool is_group, Span span, const CheckContext& context) {
  for (const FieldSpec& standard : standard_fields()) {
    if (standard.name == name && standard.is_group == is_group) {
      return context.failure(E::E1113, fmt::format("formula needs field {}, absent in this data", name), span,
                             "lode factor fields lists what is here");
    }
  }
  const std::string_view kind = is_group ? "group" : "field";
  const std::string shown = context.quoted(span);
  std::vector<std::string> names;
  for (const FieldSpec& field : context.options.fields) {
    if (!is_group || field.is_group) {
      names.push_back(field.name);
    }
  }
  if (!is_group) {
    names.emplace_back("returns");
  }
  std::string hint;
  if (const Operator* op = is_group ? nullptr : context.table.find(name)) {
    hint = fmt::format("{} is an operator: {}", name, signature(op->spec, name));
  } else {
    const std::string near = did_you_mean(name, names);
    hint = near.empty() ? "lode factor fields lists them" : near + " (lode factor fields)";
  }
  return context.failure(E::E1106, fmt::format("no {} called '{}'", kind, shown), span, std::move(hint));
}

}  // namespace lode::expr
