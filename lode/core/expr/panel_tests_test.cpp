// Runs every *.panel_test of the module, the examples of every operator's Spec, and checks that a Spec is complete.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "lode/core/expr/panel_test_runner.h"

namespace lode::expr {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_none(const std::vector<std::string>& failures) {
  for (const std::string& failure : failures) {
    ADD_FAILURE() << failure;
  }
}

TEST(PanelTests, EveryFileHolds) {
  const OperatorTable table;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("lode/core/expr")) {
    if (entry.path().extension() == ".panel_test") {
      ++files;
      expect_none(testing::PanelTests(entry.path().string(), table).run(read(entry.path())));
    }
  }
  EXPECT_GT(files, 0) << "run the tests from the root of the checkout";
}

TEST(Catalog, EveryExampleHolds) {
  const OperatorTable table;
  for (const Operator* op : operator_catalog()) {
    for (const Example& example : op->spec.examples) {
      expect_none(testing::PanelTests(std::string(op->spec.name), table).run(testing::as_panel_test(example)));
    }
  }
}

TEST(Catalog, EverySpecIsComplete) {
  EXPECT_GE(operator_catalog().size(), 40U);
  for (const Operator* op : operator_catalog()) {
    const Spec& spec = op->spec;
    SCOPED_TRACE(spec.name);
    EXPECT_FALSE(spec.summary.empty());
    EXPECT_FALSE(spec.definition.empty());
    EXPECT_FALSE(spec.family.empty());
    EXPECT_FALSE(spec.parameters.empty());
    EXPECT_FALSE(spec.examples.empty());
    EXPECT_NE(op->run32, nullptr);
    EXPECT_NE(op->run64, nullptr);
    for (const Parameter& parameter : spec.parameters) {
      EXPECT_TRUE(parameter.type != Type::kWindow || parameter.most > 0.0) << parameter.name;
    }
  }
}

TEST(PanelTestRunner, ReportsWrongCellsErrorsAndNonsense) {
  const OperatorTable table;
  const auto failures = [&](std::string_view text) { return testing::PanelTests("t", table).run(text).size(); };
  EXPECT_EQ(failures("panel x\n1 2\neval x + 1\n----\n2 3\n"), 0U);
  EXPECT_EQ(failures("panel x\n1 2\neval x + 1\n----\n2 4\n"), 2U);  // Both precisions.
  EXPECT_EQ(failures("panel x\n1 2\neval x + 1\n----\n2\n"), 2U);
  EXPECT_EQ(failures("panel x\n1 2\neval x + 1\n----\n2 nan\n"), 2U);
  EXPECT_EQ(failures("panel x\n1 2\neval x + z\nerror E1106 'z'\n"), 0U);
  EXPECT_EQ(failures("panel x\n1 2\neval x + z\nerror E1105\n"), 1U);
  EXPECT_EQ(failures("panel x\n1 2\neval x\nerror E1106\n"), 1U);
  EXPECT_EQ(failures("panel x\n1 2\neval nonsense(\n----\n1 2\n"), 1U);
  EXPECT_EQ(failures("panel x\n1 2\nfrobnicate\n"), 2U);
  EXPECT_EQ(failures(""), 1U);
}

}  // namespace
}  // namespace lode::expr
