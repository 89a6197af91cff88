// Every warning that is printed with a number has its page, and the examples of formulas do what they say.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/warning_page.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "lode/core/expr/profile.h"
#include "lode/core/expr/program.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> numbers_of(std::string_view formula) {
  std::vector<std::string> numbers;
  const auto program = expr::compile(formula, **expr::find_profile("lode"), expr::OperatorTable());
  EXPECT_TRUE(program) << formula;
  for (const expr::Warning& warning : program ? program->warnings : std::vector<expr::Warning>()) {
    numbers.emplace_back(warning.number);
  }
  return numbers;
}

TEST(WarningPage, EveryPrintedNumberHasOne) {
  for (const char* number : {"W1104", "W1301", "W1302", "W1303", "W1304", "W2104", "W2105", "W2106", "W2107"}) {
    ASSERT_NE(find_warning(number), nullptr) << number;
    EXPECT_THAT(warning_page(*find_warning(number)), ::testing::StartsWith(std::string(number) + "  "));
  }
  EXPECT_NE(find_warning("w1302"), nullptr);
  EXPECT_EQ(find_warning("W9999"), nullptr);
  EXPECT_EQ(find_warning("E1102"), nullptr);
  EXPECT_TRUE(std::ranges::is_sorted(all_warnings(), {}, &WarningInfo::number));
}

TEST(WarningPage, TheExamplesOfUnitsWarnAndDoNot) {
  for (const char* number : {"W1301", "W1302"}) {
    EXPECT_THAT(numbers_of(find_warning(number)->bad), ::testing::Contains(number));
    EXPECT_THAT(numbers_of(find_warning(number)->good), ::testing::Not(::testing::Contains(number)));
  }
}

TEST(WarningPage, IsReadByMachinesToo) {
  const Value page = warning_page_json(*find_warning("W1303"));
  EXPECT_EQ(page.find("number")->as_text(), "W1303");
  EXPECT_EQ(page.find("warns")->as_text(), "rank(close)");
  EXPECT_THAT(page.find("meaning")->as_text(), HasSubstr("which names will split"));
}

}  // namespace
}  // namespace lode::flow
