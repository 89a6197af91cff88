// Flipped bits (F7), cut, emptied and lengthened files (F8), a log that lost its end: found and named, or harmless;
// never another message, a lost one or a second one without a word.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>
#include <string>

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

// Damage of one page, and what becomes of all the others.
class DamagedPage : public QueueDamage {
 protected:
  enum class Harm { kFlip, kZeros };
  // To the page that holds `bytes`.
  void harm(const std::string& bytes, Harm harm) {
    queue.reset();
    const std::size_t at = must(lake::read_file(file())).find(bytes);
    ASSERT_NE(at, std::string::npos);
    if (harm == Harm::kFlip) {
      change(file(), at + bytes.size() / 2, 1);
    } else {
      std::fstream stored(file(), std::ios::in | std::ios::out | std::ios::binary);
      stored.seekp(static_cast<std::streamoff>(at / kPageBytes * kPageBytes));
      stored << std::string(static_cast<std::size_t>(kPageBytes), '\0');
    }
    queue = must(Queue::open(folder, "q", Access::kWrite, clock));
  }
  // Fifty pages, the one of 'U' in their middle.
  static std::string large() {
    std::string out;
    for (int i = 0; i < 50; ++i) {
      out += std::string(4000, static_cast<char>('A' + i % 26));
    }
    return out;
  }
  std::int64_t stored(const std::string& sql) {
    queue.reset();
    const auto database = must(lake::Database::open(file(), lake::OpenMode::kRead, checked_storage()));
    std::int64_t out = 0;
    {
      auto select = must(database->prepare(sql));
      EXPECT_TRUE(must(select.step()));
      out = select.int64(0);
    }
    return out;
  }
};

TEST_F(DamagedPage, OfAMessageThatWaitsSetsItAlonePutAside) {
  for (const Harm what : {Harm::kFlip, Harm::kZeros}) {
    queue.reset();
    fs::remove_all(folder + "/queue");
    open();
    push("before", "b");
    push("large", "g", large());
    push("after", "h");
    harm(std::string(3000, 'U'), what);
    EXPECT_THAT(drain(), ElementsAre("before", "after"));
    const auto aside = must(queue->set_aside());
    ASSERT_EQ(aside.size(), 1U);
    EXPECT_THAT(aside[0].place, HasSubstr("message 2 at page "));
    EXPECT_FALSE(must(queue->push({.key = "large", .group = "g", .payload = "again"})).duplicate);
    EXPECT_THAT(drain(), ElementsAre("large"));
  }
}

TEST_F(DamagedPage, OfTwoMessagesIsToldOfEachWithItsOwnPlace) {
  open();
  push("a", "a", std::string(9000, 'a'));
  push("b", "b", std::string(9000, 'b'));
  harm(std::string(3000, 'a'), Harm::kFlip);
  harm(std::string(3000, 'b'), Harm::kFlip);
  EXPECT_THAT(drain(), ::testing::IsEmpty());
  const auto aside = must(queue->set_aside());
  ASSERT_EQ(aside.size(), 2U);
  EXPECT_NE(aside[0].place.substr(aside[0].place.find("page")), aside[1].place.substr(aside[1].place.find("page")));
}

// None of the pages that a finished message still holds may become another's, and what finishes later is trimmed.
TEST_F(DamagedPage, OfAFinishedMessageHarmsNobodyWhenItIsTrimmed) {
  constexpr int kLive = 100;
  const auto payload_of_live = [](int i) { return std::string(9000, static_cast<char>('a' + i % 26)); };
  for (const Harm what : {Harm::kFlip, Harm::kZeros}) {
    queue.reset();
    fs::remove_all(folder + "/queue");
    open({.retain_s = 1000});
    push("short", "s");
    push("large", "g", large());
    push("other", "o");
    ack(receive());
    harm(std::string(3000, 'U'), what);
    clock.pass(2000);
    for (int i = 0; i < kLive; ++i) {
      push(fmt::format("live-{}", i), fmt::format("g{}", i), payload_of_live(i));
    }
    EXPECT_EQ(number_of(queue->verify()), E::E8022);
    std::set<std::string> came;
    for (auto got = receive(); !got.empty(); got = receive()) {
      for (const Delivery& one : got) {
        EXPECT_EQ(one.payload, payload_of_live(std::atoi(one.key.c_str() + 5))) << one.key;
        came.insert(one.key);
      }
      ack(got);
    }
    EXPECT_EQ(came.size(), static_cast<std::size_t>(kLive));
    EXPECT_EQ(must(queue->replay(1, 1)).messages.front().key, "live-0") << "the short ones beside it went";
    clock.pass(2000);
    must(queue->purge(Purge::kFinished, clock.now()));
    EXPECT_EQ(stored("SELECT count(*) FROM log"), 1) << "the damaged one stays";
    const auto database = must(lake::Database::open(file(), lake::OpenMode::kRead, checked_storage()));
    auto check = must(database->prepare("PRAGMA integrity_check"));
    for (auto more = check.step(); more && *more; more = check.step()) {
      EXPECT_THAT(check.text(0), ::testing::Not(HasSubstr("2nd reference")));
    }
  }
}

// A page of the log that holds many messages: those before and behind it are trimmed, and can be replayed.
TEST_F(DamagedPage, OfManyFinishedMessagesIsSteppedOver) {
  constexpr int kFinished = 600;
  for (const Harm what : {Harm::kFlip, Harm::kZeros}) {
    queue.reset();
    fs::remove_all(folder + "/queue");
    open({.retain_s = 1000});
    for (int i = 0; i < kFinished; ++i) {
      push(fmt::format("k{}", i), "g", fmt::format("payload{:04}", i) + std::string(100, 'p'));
    }
    for (auto got = receive(1000); !got.empty(); got = receive(1000)) {
      ack(got);
    }
    harm("payload0300" + std::string(50, 'p'), what);
    const Replayed all = must(queue->replay(1, 10'000));
    EXPECT_EQ(all.messages.size() + all.damaged.size(), static_cast<std::size_t>(kFinished));
    EXPECT_EQ(all.damaged.size(), what == Harm::kFlip ? 1U : all.damaged.size());
    EXPECT_LT(all.damaged.size(), 60U);
    clock.pass(2000);
    for (int i = 0; i < 400; ++i) {
      push(fmt::format("n{}", i), "h");
    }
    EXPECT_EQ(must(queue->stats()).depth, 400);
    must(queue->purge(Purge::kFinished, clock.now()));
    EXPECT_EQ(stored("SELECT count(*) FROM log WHERE id <= 240"), 0) << "those before it went";
    EXPECT_EQ(stored("SELECT count(*) FROM log WHERE id > 360"), 400) << "those behind it went";
  }
}

TEST_F(DamagedPage, AcksOfWhatIsTrimmedAlreadyAreNotKept) {
  open({.retain_s = 10});
  for (int i = 0; i < 200; ++i) {
    push(fmt::format("k{}", i), fmt::format("g{}", i));
  }
  clock.pass(100);
  for (int i = 0; i < 40; ++i) {  // Their time passes while they wait.
    push(fmt::format("z{}", i), "z");
  }
  EXPECT_EQ(drain().size(), 240U);
  clock.pass(100);
  for (int i = 0; i < 80; ++i) {
    push(fmt::format("y{}", i), "y");
  }
  must(queue->purge(Purge::kFinished, clock.now()));
  EXPECT_EQ(stored("SELECT count(*) FROM acked WHERE id NOT IN (SELECT id FROM log)"), 0);
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
