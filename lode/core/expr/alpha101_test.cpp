// The 101 formulas of Kakushadze (2015) as a test of the language: all parse, compile, print and read back; history and
// fields are those that factors.md 2.1 lists. The list is not part of the source tree; where it is absent the test is
// skipped.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

class Alpha101 : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("LODE_TEST_DATA");
    std::ifstream stream(std::string(data != nullptr ? data : "../shared/data") + "/../design/alpha101.tsv");
    if (!stream) {
      GTEST_SKIP() << "alpha101.tsv not found";
    }
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto file = parse_file(text);
    ASSERT_TRUE(file) << render(file.error());
    definitions_ = file->definitions;
    ASSERT_EQ(definitions_.size(), 101U);
  }

  Program compiled(std::size_t number) const {
    auto program = testing::compile_as(definitions_[number - 1].text, "paper");
    EXPECT_TRUE(program) << definitions_[number - 1].name << "\n" << render(program.error());
    return std::move(*program);
  }

  std::vector<Definition> definitions_;
};

TEST_F(Alpha101, AllCompileAndReadBackInEveryNotation) {
  for (std::size_t number = 1; number <= 101; ++number) {
    const Program program = compiled(number);
    EXPECT_TRUE(program.warnings.empty());
    for (const Notation notation : {Notation::kCanonical, Notation::kPaper, Notation::kQlib, Notation::kCall}) {
      const std::string text = print(program, 0, notation);
      const auto again = testing::compile_as(text, "paper");
      ASSERT_TRUE(again) << text << "\n" << render(again.error());
      EXPECT_EQ(again->hashes, program.hashes) << text;
    }
  }
}

TEST_F(Alpha101, NeedTheHistoryThatTheDesignLists) {
  const std::map<std::size_t, int> rows = {{33, 0},   {41, 0},   {42, 0},   {54, 0},   {101, 0},  {19, 250},
                                           {39, 250}, {48, 251}, {52, 240}, {63, 238}, {32, 234}, {71, 224},
                                           {37, 200}, {24, 199}, {36, 199}, {61, 195}, {79, 170}, {64, 145},
                                           {76, 139}, {93, 120}, {97, 114}, {87, 108}, {96, 100}};
  for (const auto& [number, expected] : rows) {
    EXPECT_EQ(compiled(number).lookback(), expected) << number;
  }
  const std::set<std::size_t> short_ones = {2,  3,  4,  5,  6,  9,  10, 11, 12, 13, 14, 15,
                                            16, 18, 20, 27, 34, 38, 40, 44, 50, 53, 60, 83};
  for (std::size_t number = 1; number <= 101; ++number) {
    if (rows.count(number) == 0) {
      const int history = compiled(number).lookback();
      EXPECT_EQ(history >= 1 && history <= 9, short_ones.count(number) == 1) << number << " needs " << history;
      EXPECT_LE(history, 99) << number;
    }
  }
}

TEST_F(Alpha101, ReadTheFieldsThatTheDesignLists) {
  const std::set<std::size_t> grouped = {48, 58, 59, 63, 67, 69, 70, 76, 79, 80, 82, 87, 89, 90, 91, 93, 97, 100};
  for (std::size_t number = 1; number <= 101; ++number) {
    const Program program = compiled(number);
    bool has_group = false;
    bool has_cap = false;
    for (const Node& node : program.nodes) {
      has_group = has_group || node.kind == NodeKind::kGroupField;
      has_cap = has_cap || node.field == "cap";
    }
    EXPECT_EQ(has_group, grouped.count(number) == 1) << number;
    EXPECT_EQ(has_cap, number == 56) << number;
  }
}

TEST_F(Alpha101, ShareMostOfTheirNodes) {
  std::vector<Program> programs;
  for (std::size_t number = 1; number <= 101; ++number) {
    programs.push_back(compiled(number));
  }
  const Program merged = merge(programs);
  std::map<std::string, int> count;
  for (const Node& node : merged.nodes) {
    if (node.kind == NodeKind::kOperator) {
      ++count[std::string(node.op->spec.name)];
    }
  }
  // factors.md 2.1 counts, of the formulas as printed, 976 nodes after sharing: 134 ranks (6 of them around a rank,
  // which we drop), 68 correlations, 57 ts_rank, 40 decay_linear, 50 sums and means, 28 min, max and arg. Literals fold
  // as well.
  EXPECT_LE(merged.nodes.size(), 976U);
  EXPECT_EQ(count["rank"], 134 - 6);
  EXPECT_EQ(count["ts_corr"], 68);
  EXPECT_EQ(count["ts_rank"], 57);
  EXPECT_EQ(count["decay_linear"], 40);
  EXPECT_EQ(count["ts_sum"] + count["ts_mean"], 50);
  EXPECT_EQ(count["ts_min"] + count["ts_max"] + count["ts_argmin"] + count["ts_argmax"], 28);
}

TEST_F(Alpha101, CompileWithTheCatalog) {
  const OperatorTable table;
  for (const Definition& definition : definitions_) {
    const auto program = compile(definition.text, testing::profile("paper"), table);
    EXPECT_TRUE(program) << definition.name << "\n" << render(program.error());
  }
}

}  // namespace
}  // namespace lode::expr
