// Tests that a program means what its text says: arithmetic against C++, and random trees evaluated by walking the
// syntax tree as written against the compiled program, bit for bit.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <string>

#include "lode/base/math.h"
#include "lode/base/random.h"
#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using testing::compile_as;

const double kNan = std::numeric_limits<double>::quiet_NaN();

// The value of a formula without fields, which the compiler folds.
double folded(std::string_view text) {
  const auto program = compile_as(text, "paper");
  EXPECT_TRUE(program) << render(program.error());
  return program && program->nodes.size() == 1 ? program->nodes[0].literal : kNan;
}

TEST(Meaning, ArithmeticIsThatOfCpp) {
  EXPECT_EQ(folded("1 - 2 - 3"), 1.0 - 2.0 - 3.0);
  EXPECT_EQ(folded("8 / 4 / 2"), 1.0);
  EXPECT_EQ(folded("2 + 3 * 4"), 14.0);
  EXPECT_EQ(folded("-2 ^ 2"), -4.0);
  EXPECT_EQ(folded("2 ^ 3 ^ 2"), 512.0);
  EXPECT_EQ(folded("2 ^ -1"), 0.5);
  EXPECT_EQ(folded("-3 - -4 * --2"), 5.0);
  EXPECT_EQ(folded("2. + .001 - 1e-3"), 2.0 + 0.001 - 1e-3);
  EXPECT_EQ(folded("1 - 0.728317"), 1.0 - 0.728317);
  EXPECT_EQ(folded("0.1 + 0.2"), 0.1 + 0.2);
  EXPECT_EQ(folded("(1 + 2) * (3 - 4) / 5"), -0.6);
}

double apply(std::string_view name, double a, double b) {
  const double value = name == "add"   ? a + b
                       : name == "sub" ? a - b
                       : name == "mul" ? a * b
                       : name == "div" ? a / b
                                       : -a;
  return math::is_finite(value) ? value : kNan;
}

constexpr std::array kNames = {"x", "y", "z"};

std::string random_arithmetic(Random& random, int depth) {
  if (depth == 0 || random.next_below(6) == 0) {
    return random.next_below(3) == 0 ? "(" + std::to_string(random.next_below(5)) + "/4)"
                                     : kNames[random.next_below(3)];
  }
  if (random.next_below(5) == 0) {
    return "-(" + random_arithmetic(random, depth - 1) + ")";
  }
  const std::string left = random_arithmetic(random, depth - 1);
  const std::string right = random_arithmetic(random, depth - 1);
  return "(" + left + std::string(1, "+-*/"[random.next_below(4)]) + right + ")";
}

using Values = std::map<std::string, double>;

double as_written(const Ast& ast, const Values& values) {
  std::vector<double> cells;
  for (const AstNode& node : ast.nodes) {
    switch (node.kind) {
      case AstKind::kNumber:
        cells.push_back(node.value);
        break;
      case AstKind::kName:
        cells.push_back(values.at(node.text));
        break;
      default:
        cells.push_back(apply(node.text, cells[node.children.front()], cells[node.children.back()]));
    }
  }
  return cells.back();
}

double as_compiled(const Program& program, const Values& values) {
  std::vector<double> cells;
  for (const Node& node : program.nodes) {
    switch (node.kind) {
      case NodeKind::kLiteral:
        cells.push_back(node.literal);
        break;
      case NodeKind::kField:
        cells.push_back(values.at(node.field));
        break;
      default:
        cells.push_back(apply(node.op->spec.name, cells[node.operands.front()], cells[node.operands.back()]));
    }
  }
  return cells[program.roots[0]];
}

TEST(Meaning, TheCompilerKeepsEveryBitAndEveryMissingCell) {
  CompileOptions options;
  for (const char* name : kNames) {
    options.fields.push_back({name, {}, false});
  }
  Random random(21, 0);
  int missing = 0;
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string text = random_arithmetic(random, 5);
    const auto ast = parse(text);
    const auto program = compile_as(text, "paper", options);
    ASSERT_TRUE(ast);
    if (!program) {
      ASSERT_EQ(program.error().number(), E::E1114) << text;  // A divisor that folds to 0
      ++refused;
      continue;
    }
    for (int trial = 0; trial < 4; ++trial) {
      Values values;
      for (const char* name : kNames) {
        values[name] = random.next_below(8) == 0 ? kNan : random.next_normal();
      }
      values["x"] = trial == 3 ? 0.0 : values["x"];
      const double expected = as_written(*ast, values);
      const double found = as_compiled(*program, values);
      missing += math::is_nan(expected) ? 1 : 0;
      EXPECT_TRUE(math::is_nan(expected)
                      ? math::is_nan(found)
                      : std::bit_cast<std::uint64_t>(expected) == std::bit_cast<std::uint64_t>(found))
          << text << " -> " << program->formulas[0] << ": " << expected << " and " << found;
    }
  }
  EXPECT_GT(missing, 100);
  EXPECT_LT(refused, 300);
}

// Swapping the operands of what commutes changes no hash; swapping others does.
TEST(Meaning, CommutingOperandsHashAlike) {
  for (const char* symbol : {"+", "*", "==", "!="}) {
    const std::string s(symbol);
    const auto one = compile_as("rank(close) " + s + " abs(open)", "paper");
    const auto other = compile_as("abs(open) " + s + " rank(close)", "paper");
    EXPECT_EQ(one->hashes, other->hashes) << symbol;
  }
  for (const char* symbol : {"-", "/", "<", "^"}) {
    const std::string s(symbol);
    EXPECT_NE(compile_as("close" + s + "open", "paper")->hashes, compile_as("open" + s + "close", "paper")->hashes);
  }
}

TEST(Meaning, DifferentFormulasHashApart) {
  std::map<std::string, std::string> text_of;
  for (const char* text :
       {"close", "open", "rank(close)", "ts_mean(close, 5)", "ts_mean(close, 6)", "ts_mean(close, 5, min_periods=3)",
        "ts_rank(close, 5)", "ts_rank(close, 5, ties=min)", "close + 1", "close + 2", "close - 1", "-close",
        "scale(close)", "scale(close, 2)", "indneutralize(close, sector)", "indneutralize(close, industry)"}) {
    const auto program = compile_as(text, "lode");
    ASSERT_TRUE(program) << text;
    EXPECT_TRUE(text_of.emplace(program->hashes[0], text).second) << text;
  }
}

}  // namespace
}  // namespace lode::expr
