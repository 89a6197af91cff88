// A small language for the tests of the front: signatures as factors.md 1.5 has them, kernels only where folding needs
// one. The tests of the language stay put when operators are added or changed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/core/expr/program.h"

namespace lode::expr::testing {

template <class Function>
void each_cell(const KernelCall<double>& call, Function function) {
  for (std::size_t i = 0; i < call.out.width; ++i) {
    const double value = function(call.operands[0].cells[i], call.operands.back().cells[i]);
    call.out.cells[i] = math::is_finite(value) ? value : std::numeric_limits<double>::quiet_NaN();
  }
}

inline int window_lookback(const KernelArguments& arguments) { return static_cast<int>(arguments.literals[0]) - 1; }
inline int lag_lookback(const KernelArguments& arguments) { return static_cast<int>(arguments.literals[0]); }

// "x" number, "c:bool", "g:group", "days:window", "n:window:3" (at least 3), "a:literal=1" optional.
inline Parameter parameter(std::string_view text) {
  Parameter result;
  result.name = text.substr(0, text.find_first_of(":="));
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  result.type = has(":window")    ? Type::kWindow
                : has(":literal") ? Type::kLiteral
                : has(":group")   ? Type::kGroup
                : has(":bool")    ? Type::kBool
                                  : Type::kNumber;
  result.optional = has("=");
  result.fallback = result.optional ? std::stod(std::string(text.substr(text.find('=') + 1))) : 0.0;
  result.least = has(":window:") ? std::stod(std::string(text.substr(text.rfind(':') + 1))) : 0.0;
  return result;
}

inline Operator make(std::string_view name, std::vector<std::string_view> aliases,
                     const std::vector<std::string_view>& parameters, Shape shape, UnitRule unit) {
  Operator op;
  op.spec.name = name;
  op.spec.aliases = std::move(aliases);
  op.spec.summary = "a test operator";
  op.spec.shape = shape;
  op.spec.unit = unit;
  for (const std::string_view text : parameters) {
    op.spec.parameters.push_back(parameter(text));
  }
  if (shape == Shape::kSeries) {
    op.lookback = name == "delay" || name == "delta" ? lag_lookback : window_lookback;
    op.spec.options = {{"min_periods", {}, 0.0, 1.0}};
  }
  return op;
}

inline std::vector<Operator> elementwise_operators() {
  const auto cell = [](std::string_view name, UnitRule unit, bool commutative, auto kernel) {
    Operator op = make(name, {}, {"x", "y"}, Shape::kElementwise, unit);
    op.spec.commutative = commutative;
    op.run64 = kernel;
    return op;
  };
  using Call = const KernelCall<double>&;
  std::vector<Operator> ops;
  ops.push_back(
      cell("add", UnitRule::kSame, true, [](Call c) { each_cell(c, [](double a, double b) { return a + b; }); }));
  ops.push_back(
      cell("sub", UnitRule::kSame, false, [](Call c) { each_cell(c, [](double a, double b) { return a - b; }); }));
  ops.push_back(
      cell("mul", UnitRule::kMultiply, true, [](Call c) { each_cell(c, [](double a, double b) { return a * b; }); }));
  ops.push_back(
      cell("div", UnitRule::kDivide, false, [](Call c) { each_cell(c, [](double a, double b) { return a / b; }); }));
  ops.push_back(cell("pow", UnitRule::kPower, false,
                     [](Call c) { each_cell(c, [](double a, double b) { return math::pow(a, b); }); }));
  ops.back().spec.aliases = {"power"};
  for (const char* name : {"lt", "le", "gt", "ge", "and", "or"}) {
    ops.push_back(make(name, {}, {"x", "y"}, Shape::kElementwise, UnitRule::kBool));
  }
  for (const char* name : {"eq", "ne"}) {
    ops.push_back(make(name, {}, {"x", "y"}, Shape::kElementwise, UnitRule::kBool));
    ops.back().spec.commutative = true;
  }
  for (const char* name : {"min", "max"}) {
    ops.push_back(make(name, {}, {"x", "y"}, Shape::kElementwise, UnitRule::kSame));
    ops.back().spec.commutative = true;
  }
  ops.push_back(make("neg", {}, {"x"}, Shape::kElementwise, UnitRule::kSame));
  ops.back().run64 = [](Call c) { each_cell(c, [](double a, double) { return -a; }); };
  ops.push_back(make("not", {}, {"x"}, Shape::kElementwise, UnitRule::kBool));
  ops.push_back(make("abs", {}, {"x"}, Shape::kElementwise, UnitRule::kSame));
  ops.push_back(make("sign", {}, {"x"}, Shape::kElementwise, UnitRule::kRatio));
  ops.push_back(make("log", {}, {"x"}, Shape::kElementwise, UnitRule::kNeedsRatio));
  ops.push_back(make("signedpower", {}, {"x", "a"}, Shape::kElementwise, UnitRule::kPower));
  ops.push_back(make("where", {"If", "ifelse"}, {"c:bool", "a", "b"}, Shape::kElementwise, UnitRule::kSecond));
  ops.push_back(make("clip", {}, {"x", "low:literal", "high:literal"}, Shape::kElementwise, UnitRule::kSame));
  return ops;
}

inline std::vector<Operator> window_operators() {
  const auto series = [](std::string_view name, std::vector<std::string_view> aliases,
                         const std::vector<std::string_view>& parameters,
                         UnitRule unit) { return make(name, std::move(aliases), parameters, Shape::kSeries, unit); };
  std::vector<Operator> ops;
  ops.push_back(series("delay", {"Ref", "ts_delay"}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("delta", {"ts_delta"}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("ts_sum", {"sum"}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("ts_mean", {"mean", "ma"}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("ts_product", {"product"}, {"x", "days:window"}, UnitRule::kAny));
  ops.push_back(series("ts_min", {}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("ts_max", {}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("ts_argmax", {"IdxMax", "ts_arg_max"}, {"x", "days:window"}, UnitRule::kDays));
  ops.push_back(series("ts_argmin", {"IdxMin"}, {"x", "days:window"}, UnitRule::kDays));
  ops.push_back(series("ts_rank", {}, {"x", "days:window"}, UnitRule::kRank));
  ops.back().spec.options.push_back({"ties", {"average", "min", "max", "first"}, 0.0});
  ops.push_back(series("ts_std", {"stddev", "std"}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("ts_skew", {"skew"}, {"x", "days:window:3"}, UnitRule::kRatio));
  ops.push_back(series("ts_cov", {"covariance", "cov"}, {"x", "y", "days:window"}, UnitRule::kMultiply));
  ops.push_back(series("ts_corr", {"correlation", "corr"}, {"x", "y", "days:window"}, UnitRule::kRatio));
  ops.back().spec.summary = "correlation over the last `days` sessions";
  ops.push_back(series("decay_linear", {"WMA"}, {"x", "days:window"}, UnitRule::kSame));
  ops.push_back(series("sma", {}, {"x", "n:window", "m:literal"}, UnitRule::kSame));
  ops.push_back(series("ffill", {}, {"x"}, UnitRule::kSame));
  ops.back().lookback = nullptr;
  ops.back().spec.options = {{"limit", {}, 5.0, 1.0, 5040.0}};
  ops.push_back(series("sumif", {}, {"x", "days:window", "c:bool"}, UnitRule::kFirst));
  return ops;
}

inline std::vector<Operator> cross_operators() {
  std::vector<Operator> ops;
  ops.push_back(make("rank", {}, {"x"}, Shape::kCross, UnitRule::kRank));
  ops.back().spec.options = {{"ties", {"average", "min", "max", "first"}, 0.0}, {"pct", {"false", "true"}, 1.0}};
  ops.push_back(make("scale", {}, {"x", "a:literal=1"}, Shape::kCross, UnitRule::kRatio));
  ops.push_back(make("zscore", {}, {"x"}, Shape::kCross, UnitRule::kRatio));
  ops.push_back(make("indneutralize", {"group_demean"}, {"x", "group:group"}, Shape::kCross, UnitRule::kFirst));
  ops.push_back(make("neutralize", {}, {"x", "y"}, Shape::kCross, UnitRule::kFirst));
  ops.back().spec.variadic = true;
  ops.push_back(make("group_neutralize_on", {}, {"x", "group:group", "y"}, Shape::kCross, UnitRule::kFirst));
  ops.back().spec.variadic = true;
  return ops;
}

// The table; made once.
inline const OperatorTable& test_table() {
  static const std::vector<Operator> operators = [] {
    std::vector<Operator> all = elementwise_operators();
    for (auto& list : {window_operators(), cross_operators()}) {
      all.insert(all.end(), list.begin(), list.end());
    }
    return all;
  }();
  static const OperatorTable table = [] {
    std::vector<const Operator*> pointers;
    for (const Operator& op : operators) {
      pointers.push_back(&op);
    }
    return OperatorTable(pointers);
  }();
  return table;
}

inline const Profile& profile(std::string_view name) { return **find_profile(name); }

inline Result<Program> compile_as(std::string_view text, std::string_view profile_name,
                                  const CompileOptions& options = {}) {
  return compile(text, profile(profile_name), test_table(), options);
}

}  // namespace lode::expr::testing
