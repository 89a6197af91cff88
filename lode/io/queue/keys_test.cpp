// The keys: fresh, in runs, merged, over a restart and from another process, against a map.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/keys.h"

#include <gmock/gmock.h>

#include <map>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/queue/key_run.h"
#include "lode/io/queue/testing.h"

namespace lode::queue::testing {
namespace {

TEST(KeyRuns, EntriesAreFoundInTheirBytes) {
  std::vector<KeyEntry> entries;
  for (std::uint64_t i = 0; i < 500; ++i) {
    entries.push_back({{i / 2, static_cast<std::uint32_t>(i % 2)}, static_cast<std::int64_t>(i) + (1L << 40)});
  }
  const std::string bytes = pack_entries(entries);
  EXPECT_EQ(bytes.size(), 500U * 18);
  for (const KeyEntry& one : entries) {
    EXPECT_EQ(find_packed(bytes, one.hash), one.id);
  }
  EXPECT_EQ(find_packed(bytes, {250, 0}), 0);
  EXPECT_EQ(find_packed("", {0, 0}), 0);
  const auto back = unpack_entries(bytes);
  ASSERT_EQ(back.size(), entries.size());
  EXPECT_EQ(back[499].id, entries[499].id);
  const std::vector<std::uint64_t> words{1, ~0UL, 7};
  EXPECT_EQ(unpack_words(pack_words(words)), words);
}

TEST(FreshKeysTest, GrowAndKeepTheNewest) {
  FreshKeys keys;
  for (std::uint64_t i = 1; i <= 5000; ++i) {
    keys.put({{i << 32, 0}, static_cast<std::int64_t>(i)});  // All in one slot to begin with.
  }
  EXPECT_EQ(keys.size(), 5000U);
  EXPECT_EQ(keys.find({77UL << 32, 0}), 77);
  EXPECT_EQ(keys.find({77UL << 32, 1}), 0);
  keys.put({{77UL << 32, 0}, 9000});
  EXPECT_EQ(keys.size(), 5000U);
  EXPECT_EQ(keys.find({77UL << 32, 0}), 9000);
  const auto sorted = keys.sorted();
  EXPECT_TRUE(std::ranges::is_sorted(sorted, {}, &KeyEntry::hash));
  keys.clear();
  EXPECT_EQ(keys.find({77UL << 32, 0}), 0);
}

// Random hashes, many of them with the first bits that belong at the very end of the table and so go round to its
// beginning.
TEST(FreshKeysTest, ComeInOrderAlsoRoundTheEnd) {
  Random random(20260107, 5);
  for (const std::uint64_t size : {1U, 7U, 500U, 512U, 20'000U}) {
    FreshKeys keys;
    std::map<KeyHash, std::int64_t> model;
    for (std::uint64_t i = 1; i <= size; ++i) {
      const std::uint64_t high = random.next_bits() | (random.next_below(3) == 0 ? ~0UL << 44 : 0);
      const KeyHash hash{high, static_cast<std::uint32_t>(random.next_below(2))};
      keys.put({hash, static_cast<std::int64_t>(i)});
      model[hash] = static_cast<std::int64_t>(i);
    }
    const auto sorted = keys.sorted();
    ASSERT_EQ(sorted.size(), model.size());
    std::size_t at = 0;
    for (const auto& [hash, id] : model) {
      ASSERT_EQ(sorted[at].hash, hash) << at << " of " << size;
      ASSERT_EQ(sorted[at++].id, id);
      ASSERT_EQ(keys.find(hash), id);
    }
  }
}

// Random pushes through two doors of one queue, whose fresh keys become runs at every hundredth and are merged over two
// levels, with restarts: each key has the number of its first push.
TEST_F(QueueTest, EveryKeyIsKnownThroughRunsMergesAndRestarts) {
  const Options options{.fresh_keys = 50};
  open(options);
  auto other = must(Queue::open(folder, "q", Access::kWrite, clock));
  Random random(20260105, 3);
  std::map<std::string, std::int64_t> model;
  const int rounds = test_rounds(1500, 1500);  // So many it takes for two levels.
  for (int round = 0; round < rounds; ++round) {
    if (round % 97 == 96) {
      other.reset();
      open(options);
      other = must(Queue::open(folder, "q", Access::kWrite, clock));
    }
    std::vector<std::string> keys;
    std::vector<Message> batch;
    for (std::uint64_t i = 0, n = 1 + random.next_below(12); i < n; ++i) {
      keys.push_back("key " + std::to_string(random.next_below(static_cast<std::uint64_t>(rounds) * 6)));
    }
    for (const std::string& key : keys) {
      batch.push_back({.key = key, .group = "g", .payload = "x"});
    }
    Queue& door = random.next_below(2) == 0 ? *queue : *other;
    const auto outcome = must(door.push(batch));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto [known, is_new] = model.emplace(keys[i], outcome[i].id);
      ASSERT_EQ(outcome[i].duplicate, !is_new) << keys[i] << " in round " << round;
      ASSERT_EQ(outcome[i].id, known->second) << keys[i];
    }
  }
  const Stats stats = must(queue->stats());
  EXPECT_EQ(stats.keys, static_cast<std::int64_t>(model.size()));
  EXPECT_EQ(stats.pushed, static_cast<std::int64_t>(model.size()));
  other.reset();
  const auto database = must(lake::Database::open(file(), lake::OpenMode::kWrite));
  auto levels = must(database->prepare("SELECT max(level), count(*) FROM key_runs"));
  ASSERT_TRUE(must(levels.step()));
  EXPECT_GE(levels.int64(0), 2) << "two levels of merges took place";
  EXPECT_LT(levels.int64(1), 24);
}

// One door that never reads its runs again, and keys that come back when their window has passed: of several entries of
// a key the newest counts, in whatever runs they are by then. Pushes are so large that runs are made while others are
// merged.
TEST_F(QueueTest, TheNewestEntryOfAKeyCountsThroughMergesWithoutARestart) {
  open({.dedupe_window_s = 40, .fresh_keys = 50});
  Random random(20260106, 4);
  std::map<std::string, std::pair<std::int64_t, double>> model;  // Number and second of the push that counts.
  double now = 0.0;
  for (int round = 0; round < 500; ++round) {
    clock.pass(1.0);
    now += 1.0;
    std::vector<std::string> keys;
    std::vector<Message> batch;
    for (std::uint64_t i = 0, n = 1 + random.next_below(40); i < n; ++i) {
      keys.push_back("key " + std::to_string(random.next_below(2000)));
    }
    for (const std::string& key : keys) {
      batch.push_back({.key = key, .group = "g", .payload = "x"});
    }
    const auto outcome = must(queue->push(batch));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto known = model.find(keys[i]);
      const bool counts = known != model.end() && now - known->second.second <= 40.0;
      ASSERT_EQ(outcome[i].duplicate, counts) << keys[i] << " in round " << round;
      if (counts) {
        ASSERT_EQ(outcome[i].id, known->second.first) << keys[i];
      } else {
        model[keys[i]] = {outcome[i].id, now};
      }
    }
  }
  const auto database = must(lake::Database::open(file(), lake::OpenMode::kWrite));
  auto levels = must(database->prepare("SELECT max(level), count(*) FROM key_runs"));
  ASSERT_TRUE(must(levels.step()));
  EXPECT_GE(levels.int64(0), 2) << "two levels of merges took place";
  EXPECT_LT(levels.int64(1), 24) << "what was merged is gone";
}

TEST_F(QueueTest, FilterLetsOneInAThousandThrough) {
  open();
  const auto database = must(lake::Database::open(folder + "/scratch.sqlite", lake::OpenMode::kCreate));
  must(
      database->execute("CREATE TABLE key_blocks(id INTEGER PRIMARY KEY, data BLOB); CREATE TABLE key_runs(id INTEGER, "
                        "level INTEGER, entries INTEGER, fences BLOB, filter BLOB)"));
  RunWriter writer(1, 0, 20'000);
  Random random(5, 5);
  std::vector<KeyHash> hashes;
  for (int i = 0; i < 20'000; ++i) {
    hashes.push_back({random.next_bits(), static_cast<std::uint32_t>(random.next_bits())});
  }
  std::ranges::sort(hashes);
  must(database->execute("BEGIN"));
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    must(writer.add(*database, {hashes[i], static_cast<std::int64_t>(i) + 1}));
  }
  const KeyRun run = must(writer.finish(*database));
  must(database->execute("COMMIT"));
  EXPECT_TRUE(std::ranges::all_of(hashes, [&](const KeyHash& one) { return run.may_hold(one); }));
  int through = 0;
  for (int i = 0; i < 100'000; ++i) {
    through += run.may_hold({random.next_bits(), static_cast<std::uint32_t>(random.next_bits())}) ? 1 : 0;
  }
  EXPECT_LT(through, 200);
  EXPECT_EQ(run.fences.size(), (20'000 + kEntriesOfBlock - 1) / kEntriesOfBlock);
}

// Filters had 12 bits a key once: such a run knows all its keys, it only is asked in vain more often.
TEST_F(QueueTest, ARunWithASmallerFilterKnowsItsKeys) {
  open();
  const auto database = must(lake::Database::open(folder + "/scratch.sqlite", lake::OpenMode::kCreate));
  must(
      database->execute("CREATE TABLE key_blocks(id INTEGER PRIMARY KEY, data BLOB); CREATE TABLE key_runs(id INTEGER, "
                        "level INTEGER, entries INTEGER, fences BLOB, filter BLOB)"));
  RunWriter writer(1, 0, 600);  // Room for 600 keys of 20 bits: 12 bits for each of a thousand.
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    must(writer.add(*database, {{i << 54, 7}, static_cast<std::int64_t>(i)}));
  }
  const KeyRun run = must(writer.finish(*database));
  EXPECT_EQ(run.filter.size(), 8U * (12'000 / 512 + 1));
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    ASSERT_TRUE(run.may_hold({i << 54, 7})) << i;
  }
}

}  // namespace
}  // namespace lode::queue::testing
