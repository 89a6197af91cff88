// The printer: a program's root as text in a notation that reads back to the same hash. An explicit stack instead of
// recursion; one pass, linear in the text.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
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
  Printer(const Program& program, Notation notation) : program_(program), notation_(notation) {}

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
    if (is_returns(node)) {
      put(field("returns"));
      return;
    }
    if (notation_ == Notation::kCall || !symbols(node, precedence)) {
      call(node);
    }
  }

  std::string field(const std::string& name) const { return notation_ == Notation::kQlib ? "$" + name : name; }

  // A negative number binds like a minus sign.
  void literal(double value, int precedence) {
    const std::string text = shortest(value);
    put(text[0] == '-' && precedence > kUnaryPrecedence ? "(" + text + ")" : text);
  }

  // close / delay(close, 1) - 1, which the compiler made of the name.
  bool is_returns(const Node& node) const {
    const auto is = [this](const Node& at, std::string_view name) {
      return at.kind == NodeKind::kOperator && at.op->spec.name == name;
    };
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

  // Infix, prefix or `? :`; false when the operator has no symbol.
  bool symbols(const Node& node, int precedence) {
    const std::string_view name = node.op->spec.name;
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
      put(node.operands[0], row.left);
      put(name == "pow" ? std::string(row.symbol) : " " + std::string(row.symbol) + " ");
      put(node.operands[1], row.right);
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
        gap = gap || (parameter.optional && value == parameter.fallback);
        if (!(parameter.optional && value == parameter.fallback)) {
          separate(first);
          put((gap ? std::string(parameter.name) + "=" : "") + shortest(value));
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
    options(node, first);
    put(")");
  }

  std::string_view name_of(const Spec& spec) const {
    if (program_.profile->min_max == MinMax::kRolling && (spec.name == "min" || spec.name == "max")) {
      return spec.name == "min" ? kElementwiseMin : kElementwiseMax;
    }
    return notation_name(spec, notation_);
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
  std::vector<Piece> stack_;
  std::vector<Piece> pending_;
};

}  // namespace

std::string print(const Program& program, std::size_t root, Notation notation) {
  LODE_ASSERT(root < program.roots.size());
  return Printer(program, notation).run(program.roots[root]);
}

}  // namespace lode::expr
