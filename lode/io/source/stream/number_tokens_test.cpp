// The digits of JSON as they stand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/number_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode::source {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NumberTokens, AreTheDigitsAsSent) {
  EXPECT_THAT(number_tokens(R"({"a":[{"p":0.10,"q":1},{"p" : 1e-7 , "q":2},{"p":
      -12345678901234567890.5}]})",
                            "p"),
              ElementsAre("0.10", "1e-7", "-12345678901234567890.5"));
}

TEST(NumberTokens, AreNotThoseOfOtherMembersOrStrings) {
  EXPECT_THAT(number_tokens(R"({"pp":1,"x":"p","y":"\"p\":3","p":"4","p2":5,"z":{"p":null},"w":["p",6]})", "p"),
              IsEmpty());
  EXPECT_THAT(number_tokens(R"({"a\\":1,"p":2})", "p"), ElementsAre("2"));
}

TEST(NumberTokens, OfATextThatBreaksOffEndWithIt) {
  for (const char* text : {"", "\"", "\"p", "\"p\"", "\"p\":", "\"p\\", "{\"p\":"}) {
    EXPECT_THAT(number_tokens(text, "p"), IsEmpty()) << text;
  }
  EXPECT_THAT(number_tokens("\"p\":12", "p"), ElementsAre("12"));
}

}  // namespace
}  // namespace lode::source
