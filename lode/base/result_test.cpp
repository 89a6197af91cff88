// Tests of Result, Error and the two propagating macros.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/result.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/must.h"

namespace lode {
namespace {

static_assert(sizeof(Error) == sizeof(void*), "an Error is one pointer wide");
static_assert(!std::is_copy_constructible_v<Error>);
static_assert(std::is_nothrow_move_constructible_v<Error>);

Result<int> half(int value) {
  if (value % 2 != 0) {
    return fail(E::E4, "value " + std::to_string(value) + " is odd", "give an even one");
  }
  return value / 2;
}

Result<int> quarter(int value) {
  LODE_TRY(const int once, half(value));
  LODE_TRY(const int twice, half(once));
  return twice;
}

Result<void> check_all(const std::vector<int>& values, int& checked) {
  for (const int value : values) {
    LODE_CHECK(half(value));
    ++checked;
  }
  return {};
}

TEST(Result, TryDeclaresTheValue) { EXPECT_EQ(must(quarter(12)), 3); }

TEST(Result, TryReturnsTheFirstError) {
  const Result<int> result = quarter(6);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().number(), E::E4);
  EXPECT_EQ(result.error().message(), "value 3 is odd");
}

TEST(Result, CheckStopsAtTheError) {
  int checked = 0;
  EXPECT_TRUE(check_all({2, 4}, checked).has_value());
  EXPECT_EQ(checked, 2);
  EXPECT_FALSE(check_all({2, 3, 4}, checked).has_value());
  EXPECT_EQ(checked, 3);
}

TEST(Result, TryMovesValuesThatCannotBeCopied) {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  const auto use = [&]() -> Result<int> {
    LODE_TRY(const std::unique_ptr<int> box, make());
    return *box;
  };
  EXPECT_EQ(must(use()), 7);
}

TEST(Error, CarriesAllItsParts) {
  const Error error = Error(E::E1102, "no operator called 'x'", "first")
                          .at("  1 | x")
                          .noting("context")
                          .hinting("second")
                          .while_doing("formula 3")
                          .while_doing("library");
  EXPECT_EQ(error.number(), E::E1102);
  EXPECT_EQ(error.code(), ErrorCode::kInvalid);
  EXPECT_EQ(error.message(), "library: formula 3: no operator called 'x'");
  EXPECT_EQ(error.where(), "  1 | x");
  EXPECT_EQ(error.note(), "context");
  EXPECT_EQ(error.hint(), "second");
}

TEST(Error, CloneIsEqualAndIndependent) {
  Error error = Error(E::E2101, "no bars", "fetch").at("here").noting("why");
  const Error copy = error.clone();
  error = std::move(error).while_doing("later");
  EXPECT_EQ(copy.number(), E::E2101);
  EXPECT_EQ(copy.message(), "no bars");
  EXPECT_EQ(copy.where(), "here");
  EXPECT_EQ(copy.note(), "why");
  EXPECT_EQ(copy.hint(), "fetch");
}

TEST(Error, MovesIntoAFailure) {
  const Result<int> result = fail(Error(E::E2101, "no bars").noting("why"));
  EXPECT_EQ(result.error().note(), "why");
}

TEST(MustDeathTest, PrintsTheErrorOfAStepThatCannotFail) {
  EXPECT_DEATH(must(half(3)), "error\\[E0004\\]: value 3 is odd");
}

TEST(AssertDeathTest, NamesTheFactAndStops) {
  EXPECT_DEATH(LODE_ASSERT(1 + 1 == 3), "assertion failed: 1 \\+ 1 == 3 at .*result_test.cpp:");
}

}  // namespace
}  // namespace lode
