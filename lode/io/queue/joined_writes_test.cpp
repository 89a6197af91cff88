// Joined writes against a plain string, and under SQLite: what an undone transaction left waiting harms nobody.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/joined_writes.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/testing.h"

namespace lode::queue::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::Pair;

// A file as a string.
struct Disk {
  std::string bytes;
  std::vector<std::pair<std::int64_t, std::size_t>> writes;
  int answer = 0;

  auto sink() {
    return [this](std::int64_t offset, std::string_view from) {
      writes.emplace_back(offset, from.size());
      if (answer == 0) {
        const auto at = static_cast<std::size_t>(offset);
        bytes.resize(std::max(bytes.size(), at + from.size()));
        bytes.replace(at, from.size(), from);
      }
      return answer;
    };
  }
};

TEST(JoinedWritesTest, WhatFollowsIsOneWrite) {
  Disk disk;
  JoinedWrites joined;
  EXPECT_EQ(joined.write(10, "abc", disk.sink()), 0);
  EXPECT_EQ(joined.write(13, "de", disk.sink()), 0);
  EXPECT_TRUE(disk.writes.empty());
  EXPECT_EQ(joined.waiting(), 5U);
  EXPECT_EQ(joined.write(11, "X", disk.sink()), 0);  // Not behind it: what waited goes first.
  EXPECT_THAT(disk.writes, ElementsAre(Pair(10, 5U)));
  EXPECT_EQ(joined.flush(disk.sink()), 0);
  EXPECT_THAT(disk.writes, ElementsAre(Pair(10, 5U), Pair(11, 1U)));
  EXPECT_EQ(disk.bytes.substr(10), "aXcde");
  EXPECT_EQ(joined.flush(disk.sink()), 0) << "nothing waits";
  EXPECT_EQ(disk.writes.size(), 2U);
}

TEST(JoinedWritesTest, RandomWritesLeaveTheSameBytes) {
  Random random(20260105, 11);
  Disk disk;
  Disk plain;
  JoinedWrites joined;
  std::int64_t end = 0;
  const int rounds = test_rounds(3000, 1000);
  for (int i = 0; i < rounds; ++i) {
    const bool follows = random.next_below(8) != 0;
    const std::int64_t at = follows ? end : static_cast<std::int64_t>(random.next_below(300'000));
    const std::size_t most = random.next_below(50) == 0 ? 2 * kJoinedBytes : 9000;
    const std::string bytes(random.next_below(most), static_cast<char>('a' + i % 26));
    ASSERT_EQ(joined.write(at, bytes, disk.sink()), 0);
    ASSERT_EQ(plain.sink()(at, bytes), 0);
    ASSERT_LE(joined.waiting(), kJoinedBytes);
    end = at + static_cast<std::int64_t>(bytes.size());
    end = end > 2'000'000 ? 0 : end;
    if (random.next_below(40) == 0) {
      ASSERT_EQ(joined.flush(disk.sink()), 0);
      ASSERT_EQ(disk.bytes, plain.bytes) << "round " << i;
    }
  }
  EXPECT_LT(disk.writes.size(), plain.writes.size());
}

TEST(JoinedWritesTest, AFailedFlushIsToldAndLeavesNothing) {
  Disk disk;
  JoinedWrites joined;
  EXPECT_EQ(joined.write(0, "lost", disk.sink()), 0);
  disk.answer = 13;
  EXPECT_EQ(joined.flush(disk.sink()), 13);
  EXPECT_EQ(joined.waiting(), 0U);
  EXPECT_EQ(joined.write(0, "lost", disk.sink()), 0);
  EXPECT_EQ(joined.write(100, "too", disk.sink()), 13) << "the write that makes room tells it";
  disk.answer = 0;
  EXPECT_EQ(joined.write(4, "kept", disk.sink()), 0);
  EXPECT_EQ(joined.flush(disk.sink()), 0);
  EXPECT_EQ(disk.bytes.substr(4), "kept");
}

std::int64_t rows_of(const lake::Database& database) {
  auto count = must(database.prepare("SELECT count(*) FROM t"));
  EXPECT_TRUE(must(count.step()));
  return count.int64(0);
}

// One connection writes more than its cache holds, so that pages of the transaction are in the log or wait for it, and
// undoes it. Then the other commits in their place; reading by the first must not bring the old bytes over these.
TEST_F(QueueTest, PagesOfAnUndoneTransactionNeverComeOverACommit) {
  const std::string path = folder + "/two.sqlite";
  const auto one = must(lake::Database::open(path, lake::OpenMode::kCreate, checked_storage()));
  must(one->execute("CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT); PRAGMA cache_size=10"));
  const auto other = must(lake::Database::open(path, lake::OpenMode::kWrite, checked_storage()));
  std::int64_t committed = 0;
  for (int bytes = 20'000; bytes < 60'000; bytes += 3000) {
    must(one->execute("PRAGMA wal_checkpoint"));  // Else undoing reads the log, which writes what waits.
    must(one->execute("BEGIN IMMEDIATE"));
    must(one->execute(fmt::format("INSERT INTO t(text) VALUES (hex(zeroblob({})))", bytes)));
    must(one->execute("ROLLBACK"));
    must(other->execute("INSERT INTO t(text) VALUES ('kept')"));
    ASSERT_EQ(rows_of(*one), ++committed);
  }
  // As a process leaves it that is killed now.
  fs::create_directories(folder + "/killed");
  for (const char* suffix : {"", "-wal"}) {
    fs::copy_file(path + suffix, folder + "/killed/two.sqlite" + suffix);
  }
  const auto found =
      must(lake::Database::open(folder + "/killed/two.sqlite", lake::OpenMode::kWrite, checked_storage()));
  EXPECT_EQ(rows_of(*found), committed);
}

// The log begins anew behind a checkpoint: what was summed before is asked of the file again, and damage is still seen.
TEST_F(QueueTest, ALogThatBeginsAnewIsStillChecked) {
  open({.log_pages = 12});
  for (int i = 0; i < 120; ++i) {
    push(fmt::format("key-{:03}", i), "g" + std::to_string(i % 5), std::string(1500, 'x'));
  }
  must(queue->verify());
  auto other = must(Queue::open(folder, "q", Access::kWrite, clock));
  for (int i = 120; i < 240; ++i) {
    const std::string key = fmt::format("key-{:03}", i);
    const std::string payload(1500, 'y');
    must((i % 2 == 0 ? *queue : *other).push({.key = key, .group = "g", .payload = payload}));
  }
  must(queue->verify());
  must(other->verify());
  EXPECT_EQ(must(queue->stats()).depth, 240);
}

}  // namespace
}  // namespace lode::queue::testing
