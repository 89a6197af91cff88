// Tests of hash-consing and folding.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <utility>

#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

using ::testing::ElementsAre;
using testing::test_table;

Node field(std::string name) {
  Node node;
  node.kind = NodeKind::kField;
  node.field = std::move(name);
  return node;
}

Node literal(double value) {
  Node node;
  node.literal = value;
  return node;
}

Node call(std::string_view name, std::vector<std::uint32_t> operands, std::vector<double> literals = {}) {
  Node node;
  node.kind = NodeKind::kOperator;
  node.op = test_table().find(name);
  node.operands = std::move(operands);
  node.literals = std::move(literals);
  return node;
}

TEST(Graph, EqualNodesAreOne) {
  Graph graph;
  const auto close = graph.intern(field("close"));
  EXPECT_EQ(graph.intern(field("close")), close);
  EXPECT_NE(graph.intern(field("open")), close);
  const auto mean = graph.intern(call("ts_mean", {close}, {5.0}));
  EXPECT_EQ(graph.intern(call("ts_mean", {close}, {5.0})), mean);
  EXPECT_NE(graph.intern(call("ts_mean", {close}, {6.0})), mean);
  EXPECT_NE(graph.intern(call("ts_sum", {close}, {5.0})), mean);
  Node with_option = call("ts_mean", {close}, {5.0});
  with_option.options = {3.0};
  EXPECT_NE(graph.intern(with_option), mean);
  EXPECT_EQ(graph.size(), 6U);
}

TEST(Graph, ZeroAndMinusZeroAreTwoLiterals) {
  Graph graph;
  EXPECT_NE(graph.intern(literal(0.0)), graph.intern(literal(-0.0)));
}

TEST(Graph, AFieldAndAGroupOfOneNameAreTwo) {
  Graph graph;
  Node group = field("sector");
  group.kind = NodeKind::kGroupField;
  EXPECT_NE(graph.intern(group), graph.intern(field("sector")));
}

TEST(Graph, IdentityDoesNotDependOnWhatElseWasBuilt) {
  Graph first;
  const auto a = first.intern(call("rank", {first.intern(field("close"))}));
  Graph second;
  second.intern(field("open"));
  second.intern(literal(7.0));
  const auto b = second.intern(call("rank", {second.intern(field("close"))}));
  EXPECT_NE(a, b);
  EXPECT_EQ(first.identity(a), second.identity(b));
}

TEST(Graph, OrdersLiteralsThenFieldsThenOperators) {
  Graph graph;
  const auto open = graph.intern(field("open"));
  const auto close = graph.intern(field("close"));
  const auto rank = graph.intern(call("rank", {open}));
  const auto abs = graph.intern(call("abs", {open}));
  const auto two = graph.intern(literal(2.0));
  const auto one = graph.intern(literal(1.0));
  std::vector<std::uint32_t> operands{rank, open, two, abs, close, one};
  graph.sort_operands(operands);
  EXPECT_THAT(operands, ElementsAre(one, two, close, open, abs, rank));
}

TEST(Graph, TakeKeepsWhatTheRootsNeedInOrder) {
  Graph graph;
  graph.intern(field("volume"));  // Nobody needs it.
  const auto close = graph.intern(field("close"));
  graph.intern(literal(5.0));
  const auto rank = graph.intern(call("rank", {close}));
  std::vector<std::uint32_t> roots{rank, close};
  const std::vector<Node> nodes = std::move(graph).take(roots);
  ASSERT_EQ(nodes.size(), 2U);
  EXPECT_EQ(nodes[0].field, "close");
  EXPECT_THAT(nodes[1].operands, ElementsAre(0U));
  EXPECT_THAT(roots, ElementsAre(1U, 0U));
}

TEST(Fold, UsesTheKernelAndRefusesWhatIsNotFinite) {
  double out = 0.0;
  EXPECT_TRUE(fold(*test_table().find("div"), {1.0, 4.0}, {}, out));
  EXPECT_EQ(out, 0.25);
  EXPECT_FALSE(fold(*test_table().find("div"), {1.0, 0.0}, {}, out));
  EXPECT_FALSE(fold(*test_table().find("mul"), {1e300, 1e300}, {}, out));
  EXPECT_FALSE(fold(*test_table().find("rank"), {1.0}, {}, out)) << "not elementwise";
  EXPECT_FALSE(fold(*test_table().find("abs"), {1.0}, {}, out)) << "no kernel";
}

TEST(Lookahead, IsWhatTheRootsRead) {
  const std::vector<Node> nodes = {field("close"), call("delay", {0}, {-2.0}), call("delay", {1}, {1.0}),
                                   call("delta", {1}, {5.0})};
  EXPECT_EQ(lookahead(nodes, {0}), 0);
  EXPECT_EQ(lookahead(nodes, {1}), 2);
  EXPECT_EQ(lookahead(nodes, {2}), 1);
  EXPECT_EQ(lookahead(nodes, {3}), 2);
  EXPECT_EQ(lookahead(nodes, {0, 2}), 1);
}

}  // namespace
}  // namespace lode::expr
