// The layout of a page about a number.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/number_page.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace lode::flow {
namespace {

TEST(NumberPage, IsTitleMeaningExamplesAndTheRest) {
  const PageExample examples[] = {{"Fails", "one\ntwo"}, {"Works", "three"}};
  EXPECT_EQ(number_page("E1", "a title", "What it means.", examples, "The rest."),
            "E1  a title\n\nWhat it means.\n\nFails\n    one\n    two\n\nWorks\n    three\n\nThe rest.\n");
}

TEST(NumberPage, LeavesOutWhatThereIsNot) {
  const PageExample examples[] = {{"Fails", ""}, {"Works", ""}};
  EXPECT_EQ(number_page("E1", "a title", "What it means.", examples, ""), "E1  a title\n\nWhat it means.\n");
}

TEST(NumberPage, BreaksTheMeaningAndNoExample) {
  const std::string words(100, 'x');
  const std::string meaning = fmt::format("{:m<50} {:n<50}", "", "");
  const PageExample examples[] = {{"Fails", words}};
  EXPECT_EQ(number_page("W1", "t", meaning, examples, ""),
            fmt::format("W1  t\n\n{:m<50}\n{:n<50}\n\nFails\n    {}\n", "", "", words));
}

}  // namespace
}  // namespace lode::flow
