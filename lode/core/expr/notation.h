// What the notations call things: names with two meanings by argument count, names other languages use differently, and
// the names the paper and qlib print (factors.md 1.1, 1.5).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "lode/core/expr/program.h"

namespace lode::expr {

// The canonical name that `name` (lower case) means with `arguments` positional arguments: "rank" with two is
// "ts_rank". `name` itself where it has one meaning.
std::string_view resolve_overload(std::string_view name, std::size_t arguments);

// A name that means another operator once a keyword is written: neutralize(x, y, g=sector) is
// group_neutralize_on(x, sector, y). The keyword's value becomes the positional argument at `position`.
struct KeywordOverload {
  std::string_view name;
  std::string_view keyword;
  std::string_view canonical;
  std::size_t position;
};
const KeywordOverload* resolve_keyword(std::string_view name, std::string_view keyword);

// The E1111 message of a name that other libraries use with another meaning ("greater"); empty for the rest.
std::string_view differing_meaning(std::string_view name);

// The message of E1111 and what to write instead, where a call of this name and count of arguments means something else
// at WorldQuant BRAIN; empty ones where it does not.
struct OtherMeaning {
  std::string_view message;
  std::string_view instead;
};
OtherMeaning differing_in_brain(std::string_view name, std::size_t arguments);

// What the elementwise min and max are called where min and max are windows (qlib).
inline constexpr std::string_view kElementwiseMin = "less";
inline constexpr std::string_view kElementwiseMax = "greater";

// How a notation writes the operator: the canonical name unless the notation has its own, which must be among the
// operator's aliases (or resolve to it by argument count) so that the text reads back.
std::string_view notation_name(const Spec& spec, Notation notation);

// What Qlib calls the operator where it has one of the same meaning, empty where it has not. Under its own profile
// (`is_own`) that is also so of the windows it reads otherwise: Max, WMA, EMA, Count, Ref(x, 0).
std::string_view name_in_qlib(const Spec& spec, bool is_own);

// The infix symbol of an operator and how tightly it binds; `precedence` 0 for those written as calls.
struct Infix {
  std::string_view symbol;
  int precedence = 0;
  int left = 0;  // Least precedence of an operand that needs no parentheses.
  int right = 0;
};
Infix infix(std::string_view canonical);
inline constexpr int kTernaryPrecedence = 1;
inline constexpr int kUnaryPrecedence = 8;
inline constexpr int kAtomPrecedence = 10;

}  // namespace lode::expr
