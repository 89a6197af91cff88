// Kinship: what was built in is found, and what is new is left.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/honesty/kinship.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/base/random.h"

namespace lode::evaluate {
namespace {

TrialBook book_of(std::uint64_t stream, int count = 2000) {
  Random random(21, stream);
  TrialBook book;
  for (int i = 0; i < count; ++i) {
    book.sessions.push_back(Date{15'000 + i});
    book.gross.push_back(0.01 * random.next_normal());
    book.traded.push_back(0.1);
  }
  return book;
}

TEST(Kinship, FindsWhatABookIsMadeOf) {
  const std::vector<KnownBook> known{{"a", book_of(1)}, {"b", book_of(2)}, {"c", book_of(3)}};
  TrialBook own = book_of(4);
  for (std::size_t i = 0; i < own.gross.size(); ++i) {
    own.gross[i] = 0.0004 + 0.8 * known[1].book.gross[i] - 0.5 * known[0].book.gross[i] + 0.1 * own.gross[i];
  }
  const Kinship found = kinship(own, known);
  ASSERT_EQ(found.relatives.size(), 3U);
  EXPECT_EQ(found.relatives[0].name, "b");
  EXPECT_EQ(found.relatives[1].name, "a");
  EXPECT_NEAR(found.relatives[0].beta.value, 0.8, 0.01);
  EXPECT_NEAR(found.relatives[1].beta.value, -0.5, 0.01);
  EXPECT_LT(found.relatives[1].correlation, 0.0);
  EXPECT_NEAR(found.alpha.value, 0.0004, 1e-4);
  EXPECT_GT(found.alpha.t, 5.0);
  EXPECT_GT(found.r2, 0.95);
  EXPECT_EQ(found.sessions, 2000);
}

TEST(Kinship, KeepsTheMostAlikeAndLeavesOutOtherTimes) {
  std::vector<KnownBook> known;
  for (std::uint64_t i = 0; i < 14; ++i) {
    known.push_back({std::to_string(i), book_of(i + 10)});
  }
  TrialBook own = known[7].book;
  own.gross[0] += 0.01;
  known[3].book.sessions.resize(500);  // A quarter of the sessions.
  known[3].book.gross.resize(500);
  const Kinship found = kinship(own, known);
  ASSERT_EQ(found.relatives.size(), kMostRelatives);
  EXPECT_EQ(found.relatives[0].name, "7");
  for (const Relative& one : found.relatives) {
    EXPECT_NE(one.name, "3");
  }
}

TEST(Kinship, SaysWhyThereIsNone) {
  EXPECT_FALSE(kinship(book_of(1), {}).reason.empty());
  EXPECT_TRUE(kinship(book_of(1), {}).relatives.empty());
}

}  // namespace
}  // namespace lode::evaluate
