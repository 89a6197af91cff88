// Tests of the parser: trees by hand from the grammar, written as calls; messages as factors.md 1.7 prints them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/text.h"
#include "lode/core/expr/ast.h"

namespace lode::expr {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The tree as fully nested calls.
std::string tree(const Ast& ast, std::size_t index) {
  const AstNode& node = ast.nodes[index];
  if (node.kind == AstKind::kNumber) {
    return shortest(node.value);
  }
  if (node.kind == AstKind::kName) {
    return node.text;
  }
  std::vector<std::string> children;
  for (const std::uint32_t child : node.children) {
    children.push_back(tree(ast, child));
  }
  return node.kind == AstKind::kOption ? node.text + "=" + children[0] : node.text + "(" + join(children, ",") + ")";
}

std::string parsed(std::string_view text) {
  const auto ast = parse(text);
  return ast ? tree(*ast, ast->nodes.size() - 1)
             : fmt::format("E{}: {}", static_cast<int>(ast.error().number()), ast.error().message());
}

TEST(Parser, PowerBindsTighterThanMinusAndFromTheRight) {
  EXPECT_EQ(parsed("-2 ^ 2"), "neg(pow(2,2))");
  EXPECT_EQ(parsed("2 ^ 3 ^ 2"), "pow(2,pow(3,2))");
  EXPECT_EQ(parsed("2 ^ -1"), "pow(2,-1)");
  EXPECT_EQ(parsed("x ** y"), "pow(x,y)");
  EXPECT_EQ(parsed("(-2) ^ 2"), "pow(-2,2)");
}

TEST(Parser, SumsAndProductsBindFromTheLeft) {
  EXPECT_EQ(parsed("1 - 2 - 3"), "sub(sub(1,2),3)");
  EXPECT_EQ(parsed("a / b * c"), "mul(div(a,b),c)");
  EXPECT_EQ(parsed("a + b * c"), "add(a,mul(b,c))");
  EXPECT_EQ(parsed("a * -b"), "mul(a,neg(b))");
  EXPECT_EQ(parsed("-a * b"), "mul(neg(a),b)");
}

TEST(Parser, FoldsAMinusBeforeALiteralOnly) {
  EXPECT_EQ(parsed("-1 * x"), "mul(-1,x)");
  EXPECT_EQ(parsed("- - 2"), "2");
  EXPECT_EQ(parsed("+x"), "x");
  EXPECT_EQ(parsed("-(3)"), "-3");
  EXPECT_EQ(parsed("-x"), "neg(x)");
}

TEST(Parser, WordsAndSymbolsMeanTheSame) {
  EXPECT_EQ(parsed("a < b and not c > d or e"), "or(and(lt(a,b),not(gt(c,d))),e)");
  EXPECT_EQ(parsed("a < b && !(c > d) || e"), "or(and(lt(a,b),not(gt(c,d))),e)");
  EXPECT_EQ(parsed("NOT a == b"), "not(eq(a,b))");
  EXPECT_EQ(parsed("!a == b"), "eq(not(a),b)");
}

TEST(Parser, TernaryBindsFromTheRight) {
  EXPECT_EQ(parsed("a ? b : c ? d : e"), "where(a,b,where(c,d,e))");
  EXPECT_EQ(parsed("a ? b ? c : d : e"), "where(a,where(b,c,d),e)");
  EXPECT_EQ(parsed("a < b || c ? -1 : 1"), "where(or(lt(a,b),c),-1,1)");
}

TEST(Parser, ReadsThreeNotations) {
  EXPECT_EQ(parsed("Ts_ArgMax(close, 5)"), "ts_argmax(close,5)");
  EXPECT_EQ(parsed("Ref($close, 1)/$close"), "div(ref(close,1),close)");
  EXPECT_EQ(parsed("and(not(x), or(y, z))"), "and(not(x),or(y,z))");
  EXPECT_EQ(parsed("IndNeutralize(vwap, IndClass.Sector)"), "indneutralize(vwap,indclass.sector)");
}

TEST(Parser, NotIsAWordAndQlibsNotACall) {
  EXPECT_EQ(parsed("not (x) / y"), "not(div(x,y))");
  EXPECT_EQ(parsed("not(x) / y"), "not(div(x,y))");
  EXPECT_EQ(parsed("Not(x) / y"), "div(not(x),y)");
  EXPECT_EQ(parsed("Not($x > 1) * 2 + Not(y)"), "add(mul(not(gt(x,1)),2),not(y))");
  EXPECT_EQ(parsed("not Not(x)"), "not(not(x))");
}

TEST(Parser, KeywordArgumentsComeLast) {
  EXPECT_EQ(parsed("ts_mean(x, 5, min_periods=3)"), "ts_mean(x,5,min_periods=3)");
  EXPECT_EQ(parsed("rank(x, ties = first, y=-2)"), "rank(x,ties=first,y=-2)");
  EXPECT_EQ(parsed("rank(ties=first, x)"), "E1101: keyword arguments come last: this one needs a name as well");
  EXPECT_EQ(parsed("rank(x, ties=*)"), "E1101: expected a number or a name behind \"ties=\", found \"*\"");
  EXPECT_EQ(parsed("ts_mean(x=y+1, d=5)"), "ts_mean(x=add(y,1),d=5)");
  EXPECT_EQ(parsed("rank(x, y=-z)"), "rank(x,y=neg(z))");
  EXPECT_EQ(parsed("rank(x == y)"), "rank(eq(x,y))");
}

TEST(Parser, GoesOnOverLinesInsideParentheses) {
  EXPECT_EQ(parsed("(a +\n  b) # comment\n"), "add(a,b)");
  EXPECT_THAT(parsed("a +\nb"), StartsWith("E1101: expected a number, a field or an operator, found a new line"));
  EXPECT_THAT(parsed("a\n+ b"), StartsWith("E1101: expected the formula to end with its line"));
}

TEST(Parser, SaysWhatWasExpectedAndFound) {
  EXPECT_EQ(parsed("rank((close"), "E1101: expected \")\" to close \"(\" at 1:6, found end of formula");
  EXPECT_EQ(parsed(""), "E1101: expected a number, a field or an operator, found end of formula");
  EXPECT_EQ(parsed("close +"), "E1101: expected a number, a field or an operator, found end of formula");
  EXPECT_EQ(parsed("close volume"), "E1101: expected an operator or the end of the formula, found \"volume\"");
  EXPECT_EQ(parsed("close)"), "E1101: found \")\" without a \"(\"");
  EXPECT_EQ(parsed("rank(close,)"), "E1101: expected a number, a field or an operator, found \")\"");
  EXPECT_EQ(parsed("a ? b"), "E1101: expected \":\" for \"?\" at 1:3, found end of formula");
  EXPECT_EQ(parsed("5 and"), "E1101: expected a number, a field or an operator, found end of formula");
  EXPECT_EQ(parsed("2x"), "E1101: expected an operator or the end of the formula, found \"x\"");
}

TEST(Parser, ShowsWhereWithACaret) {
  const auto ast = parse("rank((close");
  ASSERT_FALSE(ast);
  EXPECT_EQ(ast.error().where(), "  1 | rank((close\n    |            ^");
}

TEST(Parser, RefusesChainedComparisons) {
  EXPECT_EQ(parsed("a < b < c"), "E1108: a < b < c is ambiguous; write (a < b) && (b < c)");
  EXPECT_EQ(parsed("1 < close <= 5"), "E1108: 1 < close <= 5 is ambiguous; write (1 < close) && (close <= 5)");
  EXPECT_EQ(parsed("(a < b) < c"), "lt(lt(a,b),c)");
}

TEST(Parser, SpansCoverParenthesesAndCallees) {
  const auto ast = parse("(a + b) * rank(c)");
  ASSERT_TRUE(ast);
  const AstNode& root = ast->nodes.back();
  EXPECT_EQ(root.span.begin, 0U);
  EXPECT_EQ(root.span.end, 17U);
  EXPECT_EQ(root.name.begin, 8U);
  EXPECT_EQ(ast->nodes[root.children[1]].name.end, 14U);
}

TEST(Parser, HoldsItsLimits) {
  EXPECT_THAT(parsed(std::string(kMaxTextBytes + 1, ' ')), StartsWith("E1112: formula has 65,537 bytes, limit 65,536"));
  EXPECT_EQ(parsed(std::string(256, '(') + "x" + std::string(256, ')')), "x");
  EXPECT_THAT(parsed(std::string(257, '(') + "x" + std::string(257, ')')), StartsWith("E1112: formula is nested"));
  EXPECT_THAT(parsed(std::string(60000, '(')), StartsWith("E1112"));
  EXPECT_THAT(parsed(std::string(60000, '-') + "x"), StartsWith("E1112"));
  std::string powers = "x";
  std::string ternaries;
  std::string sum = "x";
  for (int i = 0; i < 300; ++i) {
    powers += "^x";
    ternaries += "x?x:";
  }
  for (int i = 0; i < 4999; ++i) {
    sum += "+x";
  }
  EXPECT_THAT(parsed(powers), StartsWith("E1112"));
  EXPECT_THAT(parsed(ternaries + "x"), StartsWith("E1112"));
  EXPECT_TRUE(parse(sum));
  EXPECT_THAT(parsed(sum + "+x"), StartsWith("E1112: formula has 10,001 nodes, limit 10,000"));
}

}  // namespace
}  // namespace lode::expr
