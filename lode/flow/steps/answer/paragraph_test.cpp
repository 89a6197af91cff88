// Breaking text into lines.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/paragraph.h"

#include <gtest/gtest.h>

#include "lode/base/text.h"

namespace lode::flow {
namespace {

TEST(Paragraph, BreaksAtBlanksBeforeTheWidth) {
  const std::string word(39, 'x');
  EXPECT_EQ(paragraph(word + " " + word), word + " " + word) << "79 columns";
  EXPECT_EQ(paragraph(word + " " + word + "x"), word + " " + word + "x") << "80 columns";
  EXPECT_EQ(paragraph(word + " " + word + "xx"), word + "\n" + word + "xx") << "81 columns";
}

TEST(Paragraph, BeginsInAColumnAndIndentsTheRest) {
  const std::string word(30, 'x');
  EXPECT_EQ(paragraph(word + " " + word, 24, 4), word + "\n    " + word);
}

TEST(Paragraph, KeepsAWordThatIsTooLongWhole) {
  const std::string word(100, 'x');
  EXPECT_EQ(paragraph("a " + word + " b"), "a\n" + word + "\nb");
}

TEST(Paragraph, CountsCharactersNotBytes) {
  std::string word;
  for (int i = 0; i < 39; ++i) {
    word += "\xc3\xa9";
  }
  EXPECT_EQ(paragraph(word + " " + word), word + " " + word);
}

TEST(Paragraph, JoinsBlanks) {
  EXPECT_EQ(paragraph("a  b "), "a b");
  EXPECT_EQ(paragraph(""), "");
}

}  // namespace
}  // namespace lode::flow
