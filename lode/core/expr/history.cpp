// Windows against the length of the data.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/history.h"

#include <fmt/format.h>

#include <optional>
#include <string>

#include "lode/base/text.h"
#include "lode/core/expr/ast.h"

namespace lode::expr {
namespace {

struct Window {
  std::string name;  // Of the operator, as written
  double days = 0.0;
  Span span;
};

// The literal in a window's place of `call`, by position or by name.
std::optional<Window> window_of(const Ast& ast, const AstNode& call, const OperatorTable& table) {
  const Operator* op = table.find(call.text);
  for (std::size_t i = 0; op != nullptr && i < call.children.size(); ++i) {
    const AstNode& argument = ast.nodes[call.children[i]];
    const bool is_window = i < op->spec.parameters.size() && op->spec.parameters[i].type == Type::kWindow;
    if (is_window && argument.kind == AstKind::kNumber) {
      return Window{call.text, argument.value, argument.span};
    }
  }
  return std::nullopt;
}

// adv{days} is a window too.
std::optional<Window> average_of(const AstNode& name) {
  std::int64_t days = 0;
  const bool is_average = name.kind == AstKind::kName && name.text.starts_with("adv") &&
                          parse_int(std::string_view(name.text).substr(3), days);
  return is_average ? std::optional(Window{name.text, static_cast<double>(days), name.span}) : std::nullopt;
}

std::optional<Window> first_longer(const Ast& ast, const OperatorTable& table, std::size_t sessions) {
  for (const AstNode& node : ast.nodes) {
    std::optional<Window> window = node.kind == AstKind::kCall ? window_of(ast, node, table) : average_of(node);
    if (window && window->days > static_cast<double>(sessions)) {
      return window;
    }
  }
  return std::nullopt;
}

std::string counted(std::size_t sessions) {
  return fmt::format("{} session{}", grouped(static_cast<std::int64_t>(sessions)), sessions == 1 ? "" : "s");
}

}  // namespace

Error no_value(std::string_view text, int lookback, const OperatorTable& table, std::size_t sessions,
               std::size_t names) {
  const Result<Ast> ast = parse(text);
  const std::optional<Window> window = ast ? first_longer(*ast, table, sessions) : std::nullopt;
  const std::string way_on = "take a shorter window, or a longer history: --from and --to, or lode data import";
  if (window) {
    return Error(E::E1105,
                 fmt::format("the window of {} is {}, the history has {}", window->name,
                             counted(static_cast<std::size_t>(window->days)), counted(sessions)),
                 way_on)
        .at(excerpt(text, window->span));
  }
  const auto needed = static_cast<std::size_t>(lookback);
  if (ast && needed >= sessions) {
    return Error(E::E1105,
                 fmt::format("the formula needs {} before its first value, the history has {}", counted(needed),
                             counted(sessions)),
                 way_on)
        .at(excerpt(text, ast->nodes.back().span));
  }
  return Error(E::E1114,
               fmt::format("the factor has no value: all {} cells of {} and {} names are missing",
                           grouped(static_cast<std::int64_t>(sessions * names)), counted(sessions),
                           grouped(static_cast<std::int64_t>(names))),
               "is a field of the formula empty here, or a condition never true?");
}

}  // namespace lode::expr
