// The checker: what a call means. Finds the operator of a name and binds arguments to its parameters, with every error
// of factors.md 1.7 that a single call can have.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/expr/ast.h"
#include "lode/core/expr/graph.h"
#include "lode/core/expr/program.h"

namespace lode::expr {

// What every check needs to see.
struct CheckContext {
  const Ast& ast;
  const Graph& graph;
  const Profile& profile;
  const OperatorTable& table;
  const CompileOptions& options;
  std::vector<Warning>& warnings;

  std::string_view source(Span span) const {
    return std::string_view(ast.source).substr(span.begin, span.end - span.begin);
  }
  // The source for a message: one line without comments, cut after 60 bytes.
  std::string quoted(Span span) const;
  Failure failure(ErrorNumber number, std::string message, Span span, std::string hint = {},
                  std::string_view remark = {}) const;
  void warn(std::string_view number, std::string message) const;
};

// One positional argument: its syntax and the node it was lowered to.
struct Argument {
  const AstNode* syntax = nullptr;
  std::uint32_t node = 0;
};

// One `name=value`: an option of the operator, or one of its optional parameters by name. The value is a number or a
// name.
struct Keyword {
  const AstNode* option = nullptr;
  const AstNode* value = nullptr;
  std::uint32_t node = 0;  // What the value was lowered to, where it names a parameter that takes a panel.
};

struct Call {
  const AstNode* syntax = nullptr;
  std::string_view name;  // What to look up: as written, lower case, or what a keyword made of it.
  std::vector<Argument> positional;
  std::vector<Keyword> keywords;
  bool folded_windows = false;  // min(x, 2 * 5) of a profile where that is a window: a folded literal will do.
};

// The arguments in the order Node wants them.
struct Binding {
  std::vector<std::uint32_t> operands;
  std::vector<double> literals;
  std::vector<double> options;
};

// The operator that a call names: aliases, overloads by argument count, min/max with a window by profile (sets
// folded_windows). E1102 with the nearest name, E1111.
Result<const Operator*> resolve(Call& call, const CheckContext& context);

// E1103 arity, E1104 and E1105 windows and literals, E1107 look-ahead, E1109 types, E1110 options.
Result<Binding> bind(const Operator& op, const Call& call, const CheckContext& context);

// The parameter that `name` names in `name=value`, nullptr when it is an option or unknown. Windows are called `days`
// here, `d` by the paper and WorldQuant BRAIN, `N` by Qlib and `window` by pandas: each will do.
const Parameter* keyword_parameter(const Spec& spec, std::string_view name);

// Options of an operator when none is written: those of its Spec, but min_periods is 1 under a profile that skips
// missing values.
std::vector<double> default_options(const Spec& spec, const Profile& profile);

// The error of a name that is no field: E1113 for a standard field this data lacks, else E1106 with the nearest name.
Failure unknown_field(std::string_view name, bool is_group, Span span, const CheckContext& context);

}  // namespace lode::expr
