// Flipped bits (F7), cut, emptied and lengthened files (F8), a log that lost its end: found and named, or harmless;
// never another message, a lost one or a second one without a word.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/lake/files.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/mark.h"
#include "lode/io/queue/testing.h"

namespace lode::queue::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kMessages = 60;
const Options kSmall{.fresh_keys = 16, .log_pages = 40};

std::string key_of(int i) { return fmt::format("key-{:03}", i); }
std::string payload_of(int i) {
  return std::string(static_cast<std::size_t>(300 + 11 * i), static_cast<char>('a' + i % 26));
}

class QueueDamage : public QueueTest {
 protected:
  // A queue with messages in seven groups; closed, or as a killed process leaves it, with its log.
  void make(bool with_log) {
    Options options = kSmall;
    options.log_pages = with_log ? 100'000 : options.log_pages;  // Nothing of the log is folded in before the end.
    open(options);
    for (int i = 0; i < kMessages; ++i) {
      push(key_of(i), "g" + std::to_string(i % 7), payload_of(i));
    }
    const std::string kept = folder + "/kept";
    if (with_log) {
      fs::copy(folder + "/queue", kept, fs::copy_options::recursive);
      queue.reset();
      fs::remove_all(folder + "/queue");
      fs::rename(kept, folder + "/queue");
      fs::remove(file() + "-shm");
    }
    queue.reset();
    fs::copy(folder + "/queue", kept, fs::copy_options::recursive);
  }
  void restore() {
    queue.reset();
    fs::remove_all(folder + "/queue");
    fs::copy(folder + "/kept", folder + "/queue", fs::copy_options::recursive);
  }
  void change(const std::string& path, std::size_t at, unsigned char mask) {
    std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<unsigned char>(bytes.get());
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(static_cast<char>(byte ^ mask));
  }

  enum class End { kSame, kNamed, kSetAside, kSilent };
  // Opens the queue and takes everything out of it.
  End look() {
    auto opened = Queue::open(folder, "q", Access::kWrite, clock);
    if (!opened) {
      said = render(opened.error());
      return End::kNamed;
    }
    queue = std::move(*opened);
    std::set<std::string> came;
    std::map<std::string, std::int64_t> last;
    while (true) {
      const auto got = queue->receive({.most = 10});
      if (!got) {
        said = render(got.error());
        return said.find("E80") != std::string::npos ? End::kNamed : End::kSilent;
      }
      if (got->messages.empty()) {
        break;
      }
      std::vector<Lease> leases;
      for (const Delivery& one : got->messages) {
        const int i = std::atoi(one.key.c_str() + 4);
        if (one.key != key_of(i) || one.payload != payload_of(i) || !came.insert(one.key).second ||
            last[one.group] >= one.id) {
          said = "served " + one.key;
          return End::kSilent;
        }
        last[one.group] = one.id;
        leases.push_back(one.lease());
      }
      if (auto done = queue->ack(leases); !done) {
        said = render(done.error());
        return End::kNamed;
      }
    }
    const auto aside = queue->set_aside();
    if (!aside) {
      said = render(aside.error());
      return End::kNamed;
    }
    if (came.size() + aside->size() == static_cast<std::size_t>(kMessages)) {
      said = aside->empty() ? "" : aside->front().place;
      return aside->empty() ? End::kSame : End::kSetAside;
    }
    said = fmt::format("{} came", came.size());
    return End::kSilent;
  }

  void flip_everywhere(const std::string& suffix, int flips) {
    const auto size = static_cast<std::uint64_t>(lake::stat_file(folder + "/kept/q" + suffix)->bytes);
    Random random(77, 7);
    std::map<End, int> ends;
    for (int i = 0; i < flips; ++i) {
      const std::uint64_t at = i < 120 && suffix == ".sqlite" ? static_cast<std::uint64_t>(i) : random.next_below(size);
      restore();
      change(folder + "/queue/q" + suffix, at, static_cast<unsigned char>(1U << random.next_below(8)));
      const End end = look();
      ++ends[end];
      EXPECT_NE(end, End::kSilent) << "byte " << at << " of q" << suffix << ": " << said;
    }
    fmt::print("fault=F7 workload=queue{} points={} silent={} named={} set_aside={} harmless={}\n", suffix, flips,
               ends[End::kSilent], ends[End::kNamed], ends[End::kSetAside], ends[End::kSame]);
  }

  std::string said;
};

TEST_F(QueueDamage, EveryFlippedBitOfTheFileIsNamedOrHarmless) {
  make(false);
  flip_everywhere(".sqlite", is_long() ? 100'000 : test_rounds(300, 120));
}

TEST_F(QueueDamage, EveryFlippedBitOfTheLogIsNamedOrHarmless) {
  make(true);
  ASSERT_GT(lake::stat_file(file() + "-wal")->bytes, 50'000);
  flip_everywhere(".sqlite-wal", is_long() ? 100'000 : test_rounds(200, 60));
}

TEST_F(QueueDamage, AFlippedBitOfTheMarkHarmsNothing) {
  make(false);
  for (std::size_t at = 0; at < 32; ++at) {
    restore();
    change(folder + "/queue/q.mark", at, 1);
    EXPECT_EQ(look(), End::kSame) << at << said;
  }
}

TEST_F(QueueDamage, ADamagedMessageIsSetAsideWithItsPlaceAndItsKeyIsTakenAgain) {
  make(false);
  const std::string bytes = *lake::read_file(file());
  const std::size_t at = bytes.find(payload_of(20));
  ASSERT_NE(at, std::string::npos);
  change(file(), at + 5, 1);
  EXPECT_EQ(look(), End::kSetAside) << said;
  const auto aside = must(queue->set_aside());
  ASSERT_EQ(aside.size(), 1U) << "its neighbours in the page are whole, and were served";
  EXPECT_THAT(aside[0].place,
              HasSubstr(fmt::format("message {} at page {} (bytes ", aside[0].id, at / kPageBytes + 1)));
  const auto verified = queue->verify();
  ASSERT_EQ(number_of(verified), E::E8022);
  EXPECT_THAT(verified.error().message(), HasSubstr(fmt::format("page {}", at / kPageBytes + 1)));
  const Pushed again = must(queue->push({.key = key_of(20), .group = "g6", .payload = payload_of(20)}));
  EXPECT_FALSE(again.duplicate);
  EXPECT_THAT(drain(), ElementsAre(key_of(20)));
  EXPECT_EQ(must(queue->stats()).set_aside, 1);
}

TEST_F(QueueDamage, FilesCutEmptiedOrLengthenedAreNamedOrHarmless) {
  int points = 0;
  for (const bool with_log : {false, true}) {
    fs::remove_all(folder + "/kept");
    fs::remove_all(folder + "/queue");
    make(with_log);
    Random random(9, 9);
    for (const std::string suffix : {".sqlite", ".sqlite-wal", ".mark"}) {
      const auto found = lake::stat_file(folder + "/kept/q" + suffix);
      for (int i = 0; found && i < (is_long() ? 100 : 12); ++i) {
        restore();
        const auto size = static_cast<std::uint64_t>(found->bytes);
        const std::uint64_t length = i == 0 ? 0 : i == 1 ? size + 1 : i == 2 ? size + 5000 : random.next_below(size);
        fs::resize_file(folder + "/queue/q" + suffix, length);
        EXPECT_NE(look(), End::kSilent) << "q" << suffix << " of " << size << " cut to " << length << ": " << said;
        ++points;
      }
    }
  }
  fmt::print("fault=F8 workload=queue points={} lost=0 dup=0 silent=0\n", points);
}

TEST_F(QueueDamage, ALogThatLostItsEndIsNotedByTheMark) {
  make(true);
  const auto size = static_cast<std::uint64_t>(lake::stat_file(file() + "-wal")->bytes);
  change(file() + "-wal", size * 3 / 4, 0x10);
  EXPECT_EQ(look(), End::kNamed);
  EXPECT_THAT(said, HasSubstr("were acknowledged and are not there"));
  EXPECT_THAT(said, HasSubstr("q.mark"));
  fs::remove(folder + "/queue/q.mark");
  must(Queue::open(folder, "q", Access::kWrite, clock));  // Whoever removes the mark takes what is left.
}

TEST_F(QueueDamage, WhatIsNoQueueIsRefused) {
  fs::create_directories(folder + "/queue");
  std::ofstream(file()) << std::string(5000, 'x');
  EXPECT_EQ(number_of(Queue::open(folder, "q", Access::kCreate, clock)), E::E8022);
  fs::remove(file());
  must(must(lake::Database::open(file(), lake::OpenMode::kCreate))->execute("CREATE TABLE meta(name)"));
  EXPECT_EQ(number_of(Queue::open(folder, "q", Access::kCreate, clock)), E::E8022)
      << "a database without checked pages";
}

TEST(MarkTest, TellsTheHighestNumberThatFits) {
  std::string place = (fs::temp_directory_path() / "lode-mark-test-XXXXXX").string();
  const std::string folder = mkdtemp(place.data());
  const std::string path = folder + "/q.mark";
  EXPECT_EQ(Mark::read(path), 0);
  {
    const Mark mark = must(Mark::open(path));
    EXPECT_EQ(Mark::read(path), 0);
    for (const std::int64_t commit : {1, 2, 3, 1000}) {
      mark.write(commit);
      EXPECT_EQ(Mark::read(path), commit);
    }
    mark.write(999);
    EXPECT_EQ(Mark::read(path), 1000) << "another process was slower";
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lode::queue::testing
