// Tests of Value: kinds, objects, paths.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/value.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

TEST(Value, KnowsItsKind) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_TRUE(Value(true).is_bool());
  EXPECT_TRUE(Value(1).is_int());
  EXPECT_TRUE(Value(std::uint64_t{1}).is_int());
  EXPECT_TRUE(Value(1.0).is_double());
  EXPECT_TRUE(Value("x").is_text());
  EXPECT_TRUE(Value(std::string_view("x")).is_text());
  EXPECT_TRUE(Value::array().is_array());
  EXPECT_TRUE(Value::object().is_object());
  EXPECT_TRUE(Value(1).is_number());
  EXPECT_FALSE(Value("1").is_number());
}

TEST(Value, AnIntegerReadsAsADouble) {
  EXPECT_EQ(Value(7).as_double(), 7.0);
  EXPECT_EQ(Value(7).as_int(), 7);
  EXPECT_FALSE(Value(7) == Value(7.0)) << "kinds differ";
}

TEST(Value, SetAddsInOrderAndReplacesInPlace) {
  Value value;
  value.set("b", 1);
  value.set("a", "two");
  value.set("b", 3);
  ASSERT_EQ(value.as_object().size(), 2U);
  EXPECT_EQ(value.as_object()[0].first, "b");
  EXPECT_EQ(value.find("b")->as_int(), 3);
  EXPECT_EQ(value.find("a")->as_text(), "two");
  EXPECT_EQ(value.find("c"), nullptr);
}

TEST(Value, SetAndPushReturnThePlace) {
  Value value;
  value.set("inner", Value::object()).set("deep", 5);
  value.set("list", Value::array()).push(Value::object()).set("x", 6);
  EXPECT_EQ(value.at_path("inner.deep")->as_int(), 5);
  EXPECT_EQ(value.at_path("list.0.x")->as_int(), 6);
}

TEST(Value, PathsThatLeadNowhereAreNull) {
  Value value;
  value.set("ic", Value::object()).set("5d", Value::object()).set("mean", 0.02);
  value.set("list", Value::array()).push(1);
  EXPECT_EQ(value.at_path("ic.5d.mean")->as_double(), 0.02);
  for (const std::string_view path : {"", "ic.1d", "ic.5d.mean.x", "list.1", "list.-1", "list.x", "ic..mean", "."}) {
    EXPECT_EQ(value.at_path(path), nullptr) << path;
  }
  EXPECT_EQ(Value(5).find("x"), nullptr);
}

TEST(Value, ComparesDeeply) {
  const auto make = [](int last) {
    Value value;
    value.set("list", Value::array()).push(last);
    return value;
  };
  EXPECT_EQ(make(1), make(1));
  EXPECT_FALSE(make(1) == make(2));
}

TEST(Value, CopiesAreIndependent) {
  Value first;
  first.set("x", 1);
  Value second = first;
  second.set("x", 2);
  EXPECT_EQ(first.find("x")->as_int(), 1);
}

TEST(ValueDeathTest, TheWrongKindIsOurFault) {
  EXPECT_DEATH(Value("x").as_int(), "is_int");
  EXPECT_DEATH(Value(1).as_text(), "is_text");
  EXPECT_DEATH(Value("x").as_double(), "is_number");
}

}  // namespace
}  // namespace lode
