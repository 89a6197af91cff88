// The printer: a program's root as text in a notation that reads back to the same hash. An explicit stack instead of
// recursion; one pass, linear in the text. A text that would be nested deeper than the parser reads is written again in
// the flat way: chains by symbols, the deeper operand first where the order is free, a minus as `* -1`. That nests no
// deeper than any text the program can have been read from.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/core/expr/check.h"
#include "lode/core/expr/notation.h"
#include "lode/core/expr/program.h"

namespace lode::expr {
namespace {

class Printer {
 public:
  Printer(const Program& program, Notation notation, bool is_flat)
      : program_(program), notation_(notation), is_flat_(is_flat) {
    for (std::size_t i = 0; is_flat && i < program.nodes.size(); ++i) {  // Operands stand before their users.
      nesting_.push_back(nesting_of(program.nodes[i]));
    }
  }

  std::string run(std::uint32_t root) {
    std::string text;
    stack_.push_back({{}, root, kTernaryPrecedence, true});
    while (!stack_.empty()) {
      const Piece piece = std::move(stack_.back());
      stack_.pop_back();
      if (!piece.is_node) {
        text += piece.text;
        continue;
      }
      pending_.clear();
      expand(program_.nodes[piece.node], piece.precedence);
      stack_.insert(stack_.end(), std::make_move_iterator(pending_.rbegin()), std::make_move_iterator(pending_.rend()));
    }
    return text;
  }

 private:
  // Text, or a node still to be written where operators of at least `precedence` need no parentheses.
  struct Piece {
    std::string text;
    std::uint32_t node = 0;
    int precedence = 0;
    bool is_node = false;
  };

  void put(std::string text) { pending_.push_back({std::move(text), 0, 0, false}); }
  void put(std::uint32_t node, int precedence) { pending_.push_back({{}, node, precedence, true}); }

  void expand(const Node& node, int precedence) {
    switch (node.kind) {
      case NodeKind::kField:
        put(field(node.field));
        return;
      case NodeKind::kGroupField:
        put(notation_ == Notation::kPaper ? "IndClass." + node.field : field(node.field));
        return;
      case NodeKind::kLiteral:
        literal(node.literal, precedence);
        return;
      case NodeKind::kOperator:
        break;
    }
    if (is_returns(node) && notation_ != Notation::kQlib) {
      put(field("returns"));
      return;
    }
    if (is_flat_ && is_average_volume(node)) {
      put(field("adv" + shortest(node.literals[0])));
      return;
    }
    if (from_first(node)) {
      put(notation_ == Notation::kQlib ? "Delta(" : "delta(");
      put(node.operands[0], kTernaryPrecedence);
      put(", 0)");
      return;
    }
    const bool by_calls = notation_ == Notation::kCall && !is_flat_;
    if (by_calls || !symbols(node, precedence)) {
      call(node);
    }
  }

  static bool is(const Node& at, std::string_view name) {
    return at.kind == NodeKind::kOperator && at.op->spec.name == name;
  }

  // What a node is printed at in the flat way: operators of less need parentheses around it.
  int flat_precedence(const Node& node) const {
    if (node.kind == NodeKind::kLiteral) {
      return node.literal < 0.0 ? kUnaryPrecedence : kAtomPrecedence;
    }
    if (node.kind != NodeKind::kOperator || is_returns(node) || is_average_volume(node) || from_first(node)) {
      return kAtomPrecedence;
    }
    if (is(node, "where") && node.operands.size() == 3) {
      return kTernaryPrecedence;
    }
    const Infix row = is(node, "neg") ? infix("mul") : infix(node.op->spec.name);
    return row.precedence == 0 ? kAtomPrecedence : row.precedence;
  }

  // Levels below a node, its own parentheses not counted, as the parser counts them.
  int nesting_of(const Node& node) const {
    if (node.kind != NodeKind::kOperator || is_returns(node) || is_average_volume(node)) {
      return 0;
    }
    if (from_first(node)) {
      return 1 + nesting_[node.operands[0]];
    }
    if (is(node, "where") && node.operands.size() == 3) {
      return std::max({nested(node.operands[0], kTernaryPrecedence + 1), 1 + nesting_[node.operands[1]],
                       1 + nesting_[node.operands[2]]});
    }
    const Infix row = is(node, "neg") ? infix("mul") : infix(node.op->spec.name);
    if (row.precedence == 0) {
      int most = 0;
      for (const std::uint32_t operand : node.operands) {
        most = std::max(most, nesting_[operand]);
      }
      return 1 + most;
    }
    if (is(node, "neg")) {
      return nested(node.operands[0], row.left);
    }
    if (node.operands.size() == 1) {
      return 1 + nested(node.operands[0], row.right);
    }
    const auto [left, right] = in_order(node, row);
    const int exponent = is(node, "pow") ? 1 : 0;
    return std::max(nested(left, row.left), nested(right, row.right) + exponent);
  }
  int nested(std::uint32_t node, int precedence) const {
    return nesting_[node] + (flat_precedence(program_.nodes[node]) < precedence ? 1 : 0);
  }

  // The operands as they are written: where their order is free, the one that nests less.
  std::pair<std::uint32_t, std::uint32_t> in_order(const Node& node, const Infix& row) const {
    const std::uint32_t left = node.operands[0];
    const std::uint32_t right = node.operands[1];
    if (is_flat_ && node.op->spec.commutative) {
      const int as_they_are = std::max(nested(left, row.left), nested(right, row.right));
      const int turned = std::max(nested(right, row.left), nested(left, row.right));
      return turned < as_they_are ? std::pair(right, left) : std::pair(left, right);
    }
    return {left, right};
  }

  // ts_mean(amount, 20), or of volume, where adv20 means it.
  bool is_average_volume(const Node& node) const {
    const AverageVolume means = program_.profile->average_volume;
    if (!is(node, "ts_mean") || means == AverageVolume::kUndefined ||
        node.options != default_options(node.op->spec, *program_.profile)) {
      return false;
    }
    const Node& traded = program_.nodes[node.operands[0]];
    return traded.kind == NodeKind::kField && traded.field == (means == AverageVolume::kMoney ? "amount" : "volume");
  }

  // x - ts_first(x), which Delta(x, 0) of qlib is: written out x would stand twice.
  bool from_first(const Node& node) const {
    return program_.profile->skips_missing && is(node, "sub") && is(program_.nodes[node.operands[1]], "ts_first") &&
           program_.nodes[node.operands[1]].operands[0] == node.operands[0];
  }

  std::string field(const std::string& name) const { return notation_ == Notation::kQlib ? "$" + name : name; }

  // A negative number binds like a minus sign.
  void literal(double value, int precedence) {
    const std::string text = shortest(value);
    put(text[0] == '-' && precedence > kUnaryPrecedence ? "(" + text + ")" : text);
  }

  // close / delay(close, 1) - 1, which the compiler made of the name.
  bool is_returns(const Node& node) const {
    if (!is(node, "sub")) {
      return false;
    }
    const Node& growth = program_.nodes[node.operands[0]];
    const Node& one = program_.nodes[node.operands[1]];
    if (!is(growth, "div") || one.kind != NodeKind::kLiteral || one.literal != 1.0) {
      return false;
    }
    const Node& close = program_.nodes[growth.operands[0]];
    const Node& before = program_.nodes[growth.operands[1]];
    return close.kind == NodeKind::kField && close.field == "close" && is(before, "delay") &&
           before.literals.front() == 1.0 && before.operands[0] == growth.operands[0];
  }

  // Infix, prefix or `? :`; false when the operator has no symbol, or none that the notation's own language has.
  bool symbols(const Node& node, int precedence) {
    const std::string_view name = node.op->spec.name;
    const bool is_qlib = notation_ == Notation::kQlib && !is_flat_;
    if (is_qlib && (name == "and" || name == "or" || name == "not" || name == "pow")) {
      return false;
    }
    if (name == "neg" && (is_flat_ || is_qlib)) {  // Qlib's expressions have no minus sign of their own.
      const Infix row = infix("mul");
      open(precedence > row.precedence);
      put(is_flat_ ? "" : "-1 * ");
      put(node.operands[0], is_flat_ ? row.left : row.right);
      put(is_flat_ ? " * -1" : "");
      close(precedence > row.precedence);
      return true;
    }
    if (name == "where" && notation_ != Notation::kQlib && node.operands.size() == 3) {
      open(precedence > kTernaryPrecedence);
      put(node.operands[0], kTernaryPrecedence + 1);
      put(" ? ");
      put(node.operands[1], kTernaryPrecedence);
      put(" : ");
      put(node.operands[2], kTernaryPrecedence);
      close(precedence > kTernaryPrecedence);
      return true;
    }
    const Infix row = infix(name);
    if (row.precedence == 0) {
      return false;
    }
    open(precedence > row.precedence);
    if (node.operands.size() == 1) {
      put(std::string(row.symbol));
      put(node.operands[0], row.right);
    } else {
      LODE_ASSERT(node.operands.size() == 2);
      const auto [left, right] = in_order(node, row);
      put(left, row.left);
      put(name == "pow" ? std::string(row.symbol) : " " + std::string(row.symbol) + " ");
      put(right, row.right);
    }
    close(precedence > row.precedence);
    return true;
  }

  void open(bool needed) {
    if (needed) {
      put("(");
    }
  }
  void close(bool needed) {
    if (needed) {
      put(")");
    }
  }

  // Operands and literals in parameter order; what stands at its default is left out.
  void call(const Node& node) {
    const Spec& spec = node.op->spec;
    put(std::string(name_of(spec)) + "(");
    bool first = true;
    bool gap = false;  // Something was left out: what follows needs its name.
    std::size_t operand = 0;
    std::size_t literal_index = 0;
    for (const Parameter& parameter : spec.parameters) {
      const bool is_literal = parameter.type == Type::kWindow || parameter.type == Type::kLiteral;
      if (is_literal) {
        const double value = node.literals[literal_index++];
        // A word is never told by its place: numbers pass over those places when they are read (check.cpp).
        gap = gap || !parameter.choices.empty() || (parameter.optional && value == parameter.fallback);
        if (!(parameter.optional && value == parameter.fallback)) {
          separate(first);
          put((gap ? std::string(parameter.name) + "=" : "") + text_of(parameter, value));
        }
        continue;
      }
      const bool is_last = &parameter == &spec.parameters.back();
      const std::size_t end = spec.variadic && is_last ? node.operands.size() : operand + 1;
      for (; operand < std::min(end, node.operands.size()); ++operand) {
        separate(first);
        put(node.operands[operand], kTernaryPrecedence);
      }
    }
    if (notation_ == Notation::kQlib && spec.name == "ts_first" && program_.profile->skips_missing) {
      put(", 0");  // Ref(x, 0)
    }
    options(node, first);
    put(")");
  }

  static std::string text_of(const Parameter& parameter, double value) {
    const auto place = static_cast<std::size_t>(value);
    return place < parameter.choices.size() ? std::string(parameter.choices[place]) : shortest(value);
  }

  std::string_view name_of(const Spec& spec) const {
    if (program_.profile->min_max == MinMax::kRolling && notation_ == Notation::kQlib) {
      if (const std::string_view own = name_in_qlib(spec, true); !own.empty()) {
        return own;
      }
    }
    if (program_.profile->min_max == MinMax::kRolling && (spec.name == "min" || spec.name == "max")) {
      return spec.name == "min" ? kElementwiseMin : kElementwiseMax;
    }
    const bool is_refused = program_.profile->refuses_other_names && spec.name == "ts_rank";  // rank(x, days) there
    return notation_name(spec, is_refused && notation_ == Notation::kQlib ? Notation::kPaper : notation_);
  }

  void separate(bool& first) {
    if (!first) {
      put(", ");
    }
    first = false;
  }

  void options(const Node& node, bool& first) {
    const std::vector<OptionSpec>& specs = node.op->spec.options;
    const std::vector<double> usual = default_options(node.op->spec, *program_.profile);
    for (std::size_t i = 0; i < specs.size(); ++i) {
      if (node.options[i] == usual[i]) {
        continue;
      }
      separate(first);
      const auto choice = static_cast<std::size_t>(node.options[i]);
      put(std::string(specs[i].name) + "=" +
          (specs[i].choices.empty() ? shortest(node.options[i]) : std::string(specs[i].choices[choice])));
    }
  }

  const Program& program_;
  Notation notation_;
  bool is_flat_;
  std::vector<int> nesting_;  // By node, of the flat way
  std::vector<Piece> stack_;
  std::vector<Piece> pending_;
};

}  // namespace

std::string print(const Program& program, std::size_t root, Notation notation) {
  constexpr std::size_t kSurelyRead = kMaxDepth;  // Too short to be nested too deep.
  LODE_ASSERT(root < program.roots.size());
  std::string text = Printer(program, notation, false).run(program.roots[root]);
  if (text.size() > kSurelyRead && !parse(text)) {
    text = Printer(program, notation, true).run(program.roots[root]);
  }
  return text;
}

std::vector<std::string> lacking_in_qlib(const Program& program, std::size_t root) {
  LODE_ASSERT(root < program.roots.size());
  std::vector<char> is_used(program.nodes.size(), 0);
  is_used[program.roots[root]] = 1;
  std::set<std::string> out;
  for (std::size_t i = program.nodes.size(); i-- > 0;) {
    const Node& node = program.nodes[i];
    if (is_used[i] == 0 || node.kind != NodeKind::kOperator) {
      continue;
    }
    for (const std::uint32_t operand : node.operands) {
      is_used[operand] = 1;
    }
    const bool has_symbol = infix(node.op->spec.name).precedence > 0;
    const bool is_plain = node.options == default_options(node.op->spec, *program.profile);
    if (!is_plain || (!has_symbol && name_in_qlib(node.op->spec, program.profile->skips_missing).empty())) {
      out.emplace(node.op->spec.name);
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace lode::expr
