// Gaps are found at the update that shows them, and at no other.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/gap.h"

#include <gtest/gtest.h>

#include <vector>

namespace lode::source {
namespace {

TEST(DepthSequence, JoinsAtTheSnapshotAndFollowsFromThere) {
  DepthSequence book;
  EXPECT_EQ(book.update(90, 95), GapAnswer::kBuffer);
  book.snapshot(100);
  EXPECT_EQ(book.update(90, 95), GapAnswer::kDrop);
  EXPECT_EQ(book.update(96, 100), GapAnswer::kDrop);
  EXPECT_EQ(book.update(99, 103), GapAnswer::kApply);
  EXPECT_EQ(book.update(104, 104), GapAnswer::kApply);
  EXPECT_EQ(book.update(104, 104), GapAnswer::kDrop);
}

TEST(DepthSequence, AMissingUpdateAsksTheBookAgain) {
  DepthSequence book;
  book.snapshot(100);
  EXPECT_EQ(book.update(102, 105), GapAnswer::kResync);
  EXPECT_EQ(book.update(106, 107), GapAnswer::kBuffer);
  book.snapshot(107);
  EXPECT_EQ(book.update(106, 107), GapAnswer::kDrop);
  EXPECT_EQ(book.update(108, 110), GapAnswer::kApply);
  EXPECT_EQ(book.update(110, 112), GapAnswer::kResync);  // Overlaps what was applied: not its own stream.
  book.snapshot(1);
  EXPECT_EQ(book.update(5, 2), GapAnswer::kResync);
}

// Every single loss in a run of a thousand is found at the next message, and nothing else is called a gap.
TEST(Sequences, EveryLossIsFoundAtTheNextMessage) {
  for (std::int64_t lost = 1; lost < 999; ++lost) {
    DepthSequence book;
    MessageSequence messages;
    book.snapshot(-1);
    for (std::int64_t i = 0; i <= lost + 1; ++i) {
      if (i == lost) {
        continue;
      }
      const GapAnswer wanted = i == lost + 1 ? GapAnswer::kResync : GapAnswer::kApply;
      ASSERT_EQ(book.update(i, i), wanted);
      ASSERT_EQ(messages.message(i), wanted);
    }
  }
}

TEST(MessageSequence, StartsAtZeroAgainAfterAReconnect) {
  MessageSequence messages;
  EXPECT_EQ(messages.message(3), GapAnswer::kResync);
  EXPECT_EQ(messages.message(0), GapAnswer::kApply);
  EXPECT_EQ(messages.message(0), GapAnswer::kDrop);
  EXPECT_EQ(messages.message(1), GapAnswer::kApply);
  messages.reconnect();
  EXPECT_EQ(messages.message(0), GapAnswer::kApply);
}

}  // namespace
}  // namespace lode::source
