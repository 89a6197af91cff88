// The embedded data comes back as it went in.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/scene/data_block.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lode/core/report/scene/test_page.h"

namespace lode::report {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

Value unpacked(const DataBlock& block) {
  const Result<Value> out = parse_json(test::inflated(test::from_base64(block.packed())));
  return out ? *out : Value();
}

TEST(DataBlock, ColumnsComeBackWithinTheirStep) {
  Table table;
  std::vector<double> growing;
  std::vector<double> jumping;
  for (int i = 0; i < 500; ++i) {
    growing.push_back(1000.0 + i * 0.001234);
    jumping.push_back(i % 7 == 3 ? kNaN : (i % 2 == 0 ? 1.0 : -1.0) * (0.1 + 0.0001 * i));
  }
  table.columns = {number_column("growing", Style::kReturn, growing, 6),
                   number_column("jumping", Style::kCoefficient, jumping, 6)};
  DataBlock block;
  block.add("one", table);
  const Value data = unpacked(block);
  const Value::Array& columns = data.at_path("charts")->find("one")->as_array();
  ASSERT_EQ(columns.size(), 2U);
  EXPECT_EQ(columns[0].find("d")->as_int(), 1) << "differences are smaller here";
  EXPECT_EQ(columns[1].find("d")->as_int(), 0);
  const std::vector<double> first = test::read_column(columns[0]);
  const std::vector<double> second = test::read_column(columns[1]);
  ASSERT_EQ(first.size(), growing.size());
  for (std::size_t i = 0; i < growing.size(); ++i) {
    EXPECT_NEAR(first[i], growing[i], 0.5e-6 + 1e-12);
    if (std::isnan(jumping[i])) {
      EXPECT_TRUE(std::isnan(second[i])) << i;
    } else {
      EXPECT_NEAR(second[i], jumping[i], 0.5e-6 + 1e-12);
    }
  }
}

TEST(DataBlock, WhatNoIntegerHoldsIsMissing) {
  Table table;
  table.columns = {number_column("x", Style::kDecimal, {1e300, std::numeric_limits<double>::infinity(), kNaN, 1.5}, 2)};
  DataBlock block;
  block.add("x", table);
  const std::vector<double> back = test::read_column(unpacked(block).at_path("charts")->find("x")->as_array()[0]);
  EXPECT_TRUE(std::isnan(back[0]));
  EXPECT_TRUE(std::isnan(back[1]));
  EXPECT_TRUE(std::isnan(back[2]));
  EXPECT_DOUBLE_EQ(back[3], 1.5);
}

TEST(DataBlock, NumbersKeepTheirBitsAndShareDefinitions) {
  const std::string_view mean = "Mean.";
  const std::vector<evaluate::Number> numbers{{"a.mean", 0.1 + 0.2, "ratio", 7, -1.0, 1.0, mean, ""},
                                              {"b.mean", kNaN, "", 0, kNaN, kNaN, mean, "3 days, needs 60"},
                                              {"c.sd", 1.0, "", 0, kNaN, kNaN, "Deviation.", ""}};
  DataBlock block;
  block.add(numbers);
  const Value data = unpacked(block);
  EXPECT_EQ(data.find("definitions")->as_array().size(), 2U);
  const Value::Array& a = data.find("numbers")->find("a.mean")->as_array();
  EXPECT_EQ(a[0].as_double(), 0.1 + 0.2);
  EXPECT_EQ(a[3].as_int(), 7);
  const Value::Array& b = data.find("numbers")->find("b.mean")->as_array();
  EXPECT_TRUE(b[0].is_null());
  EXPECT_EQ(b[6].as_text(), "3 days, needs 60");
  EXPECT_EQ(b[5].as_int(), a[5].as_int());
}

TEST(DataBlock, PackingIsAFunctionOfTheData) {
  Table table;
  table.columns = {text_column("t", {"a", "b"}), number_column("n", Style::kCount, {1.0, 2.0}, 0)};
  DataBlock one;
  one.add("c", table);
  DataBlock two;
  two.add("c", table);
  EXPECT_EQ(one.packed(), two.packed());
  EXPECT_EQ(one.packed().find_first_of("<>\"&"), std::string::npos) << "safe inside an element";
}

}  // namespace
}  // namespace lode::report
