// Reads and writes that fail while a queue is used, one at a time, and pages SQLite moves between its cache, the log
// and the file: nothing acknowledged is lost, nothing comes twice, no whole file is called damaged.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/lake/files.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/testing.h"

namespace lode::queue::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Faults below the checked files: the reads and writes that SQLite asks of the system. They reach it as the disk's own.
enum class DiskCall { kRead, kWrite };

// As long as it lives, `of` is asked before each read and write of a file of SQLite's: 0 lets it pass, any other
// number is the errno it fails with. From any thread; one at a time in a process.
class DiskFaults {
 public:
  using Of = std::function<int(DiskCall, std::string_view path)>;

  explicit DiskFaults(Of of) {
    now() = std::move(of);
    for (const auto& [name, call] : replaced()) {
      unix_vfs()->xSetSystemCall(unix_vfs(), name, call);
    }
  }
  ~DiskFaults() {
    unix_vfs()->xSetSystemCall(unix_vfs(), nullptr, nullptr);  // All as they were.
    now() = {};
  }
  DiskFaults(const DiskFaults&) = delete;
  DiskFaults& operator=(const DiskFaults&) = delete;

 private:
  using Call = sqlite3_syscall_ptr;

  static sqlite3_vfs* unix_vfs() { return sqlite3_vfs_find(nullptr); }
  static Of& now() {
    static Of of;
    return of;
  }
  // SQLite uses two of the six, as it was built.
  static std::array<std::pair<const char*, Call>, 6> replaced() {
    return {{{"read", reinterpret_cast<Call>(&read_here)},
             {"pread", reinterpret_cast<Call>(&pread_at)},
             {"pread64", reinterpret_cast<Call>(&pread_at)},
             {"write", reinterpret_cast<Call>(&write_here)},
             {"pwrite", reinterpret_cast<Call>(&pwrite_at)},
             {"pwrite64", reinterpret_cast<Call>(&pwrite_at)}}};
  }

  static bool fails(DiskCall call, int fd) {
    std::error_code none;
    const std::string path = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", fd), none).string();
    const int code = now()(call, path);
    errno = code != 0 ? code : errno;
    return code != 0;
  }
  static ssize_t read_here(int fd, void* to, std::size_t n) {
    return fails(DiskCall::kRead, fd) ? -1 : ::read(fd, to, n);
  }
  static ssize_t pread_at(int fd, void* to, std::size_t n, off64_t at) {
    return fails(DiskCall::kRead, fd) ? -1 : ::pread64(fd, to, n, at);
  }
  static ssize_t write_here(int fd, const void* from, std::size_t n) {
    return fails(DiskCall::kWrite, fd) ? -1 : ::write(fd, from, n);
  }
  static ssize_t pwrite_at(int fd, const void* from, std::size_t n, off64_t at) {
    return fails(DiskCall::kWrite, fd) ? -1 : ::pwrite64(fd, from, n, at);
  }
};

bool is_log(std::string_view path) { return path.ends_with("-wal"); }

std::int64_t number(const lake::Database& database, std::string_view sql) {
  auto statement = must(database.prepare(sql));
  EXPECT_TRUE(must(statement.step()));
  return statement.int64(0);
}

class DiskFaultTest : public QueueTest {
 protected:
  void reopen() {
    queue.reset();
    queue = must(Queue::open(folder, "q", Access::kWrite, clock));
  }
  // Flips a bit of the file where `bytes` stand.
  void damage(const std::string& bytes) {
    queue.reset();
    const std::size_t at = must(lake::read_file(file())).find(bytes);
    ASSERT_NE(at, std::string::npos);
    std::fstream stored(file(), std::ios::in | std::ios::out | std::ios::binary);
    stored.seekp(static_cast<std::streamoff>(at + bytes.size() / 2));
    stored.put(static_cast<char>(bytes[bytes.size() / 2] ^ 1));
    stored.close();
    reopen();
  }
  std::unique_ptr<lake::Database> database(const std::string& name) {
    path = folder + "/" + name;
    return must(lake::Database::open(path, lake::OpenMode::kCreate, checked_storage()));
  }
  std::string path;
};

// Four threads of which three meet in one commit. A read that fails costs SQLite's whole transaction, at which the
// works behind it, and the state they leave, would be commits of their own.
class OneReadFails : public DiskFaultTest {
 protected:
  static constexpr int kBefore = 300;

  // How many reads of the file there were. The `failing`-th failed.
  int run(int failing) {
    queue.reset();
    fs::remove_all(folder + "/queue");
    open({.fresh_keys = kBefore + 2});  // A run of keys is made by the first of the three.
    for (int i = 0; i < kBefore; ++i) {
      push(fmt::format("k{}", i), fmt::format("g{:03}", i % 100), std::string(3000, 'x'));
    }
    queue.reset();
    commits_before = number(*must(lake::Database::open(file(), lake::OpenMode::kRead, checked_storage())),
                            "SELECT commits FROM state");
    reopen();
    std::atomic<bool> is_first = true;
    std::atomic<bool> armed = false;
    std::atomic<int> reads = 0;
    const DiskFaults faults([&](DiskCall call, std::string_view of) {
      if (call == DiskCall::kWrite && is_log(of) && is_first.exchange(false)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));  // The others gather.
        armed = true;
      }
      return armed && call == DiskCall::kRead && of == file() && ++reads == failing ? EIO : 0;
    });
    acknowledged.clear();
    std::vector<std::thread> threads;
    std::array<bool, 3> well{};
    const std::array<std::string, 3> keys = {"first", "second", "third"};
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (i == 2) {
        threads.emplace_back([&] { (void)queue->receive({.most = 3}); });  // Reads, between two that write.
        std::this_thread::sleep_for(std::chrono::milliseconds(40));
      }
      threads.emplace_back(
          [&, i] { well.at(i) = queue->push({.key = keys.at(i), .group = keys.at(i), .payload = "x"}).has_value(); });
      std::this_thread::sleep_for(std::chrono::milliseconds(40));
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (well.at(i)) {
        acknowledged.insert(keys.at(i));
      }
    }
    return reads;
  }
  std::set<std::string> acknowledged;
  std::int64_t commits_before = 0;
};

TEST_F(OneReadFails, InACommitOfThree) {
  constexpr int kTries = 5;  // On a machine that is busy threads come late.
  std::int64_t commits = 0;
  for (int i = 0; i < kTries && commits != 2; ++i) {
    run(0);
    EXPECT_EQ(acknowledged.size(), 3U);
    queue.reset();
    commits = number(*must(lake::Database::open(file(), lake::OpenMode::kRead, checked_storage())),
                     "SELECT commits FROM state") -
              commits_before;
  }
  ASSERT_EQ(commits, 2) << "one of the first, one of those that gathered";
  int points = 0;
  for (int failing = 1; failing <= 8; ++failing) {
    const int reads = run(failing);
    points += reads >= failing ? 1 : 0;
    reopen();
    clock.pass(1000);
    const std::int64_t depth = must(queue->stats()).depth;
    std::set<std::string> came;
    for (auto got = receive(100); !got.empty(); got = receive(100)) {
      for (const Delivery& one : got) {
        EXPECT_TRUE(came.insert(one.key).second) << one.key << " twice, read " << failing;
      }
      ack(got);
    }
    EXPECT_EQ(depth, std::ssize(came)) << "read " << failing;
    EXPECT_EQ(came.size(), kBefore + acknowledged.size()) << "read " << failing;
    for (const std::string& key : acknowledged) {
      EXPECT_TRUE(came.contains(key)) << key << ", read " << failing;
    }
    int again = 0;
    for (int i = 0; i < kBefore; ++i) {
      again += must(queue->push({.key = fmt::format("k{}", i), .group = "again", .payload = "x"})).duplicate ? 0 : 1;
    }
    EXPECT_EQ(again, 0) << "keys forgotten, read " << failing;
  }
  EXPECT_GE(points, 3);
  fmt::print("fault=F5 workload=queue-reads points={} lost=0 dup=0\n", points);
}

// Pages that SQLite believes in the log are lost when one statement, and it alone, is undone for a full disk. The
// transaction must not commit without them.
TEST_F(DiskFaultTest, ATransactionThatLostPagesDoesNotCommit) {
  for (const int rows : {30, 60}) {
    auto one = database(fmt::format("lost{}.sqlite", rows));
    must(
        one->execute("CREATE TABLE other(id INTEGER PRIMARY KEY, u TEXT UNIQUE NOT NULL, t TEXT);"
                     "WITH RECURSIVE c(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM c WHERE i<300)"
                     "INSERT INTO other SELECT i, 'u'||i, hex(zeroblob(700)) FROM c;"
                     "CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT); PRAGMA cache_size=10; BEGIN IMMEDIATE"));
    for (int i = 0; i < rows; ++i) {
      must(one->execute(fmt::format("INSERT INTO t(text) VALUES ('row{}' || hex(zeroblob(1500)))", i)));
    }
    int failed = 0;
    {
      const DiskFaults faults([&](DiskCall call, std::string_view of) {
        return call == DiskCall::kWrite && is_log(of) && failed++ == 0 ? ENOSPC : 0;
      });
      EXPECT_EQ(number_of(one->execute("UPDATE other SET u = u || 'x'")), E::E8006);
    }
    EXPECT_GE(failed, 1);
    EXPECT_FALSE(one->execute("COMMIT").has_value());
    (void)one->execute("ROLLBACK");
    EXPECT_EQ(number(*one, "SELECT count(*) FROM t"), 0);
    must(one->execute("INSERT INTO t(text) VALUES ('room again')"));
    one.reset();
    one = must(lake::Database::open(path, lake::OpenMode::kWrite, checked_storage()));
    EXPECT_EQ(number(*one, "SELECT count(*) FROM t"), 1);
    EXPECT_EQ(number(*one, "SELECT count(*) FROM other WHERE u LIKE '%x'"), 0);
  }
}

// SQLite leaves the checksum of a frame it writes over within a transaction as it was until it commits.
TEST_F(DiskFaultTest, ATransactionLargerThanTheCacheReadsItsOwnPages) {
  for (const int cache : {10, 50}) {
    const auto one = database(fmt::format("large{}.sqlite", cache));
    must(
        one->execute(fmt::format("CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, text TEXT); PRAGMA cache_size={};"
                                 "WITH RECURSIVE c(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM c WHERE i<400)"
                                 "INSERT INTO t SELECT i, 0, hex(zeroblob(1500)) FROM c; BEGIN IMMEDIATE",
                                 cache)));
    Random random(1, 2);
    const int updates = test_rounds(3000, 800);
    for (int i = 0; i < updates; ++i) {
      const auto done = one->execute(fmt::format("UPDATE t SET n = n + 1 WHERE id = {}", 1 + random.next_below(400)));
      ASSERT_TRUE(done.has_value()) << "cache " << cache << ", update " << i << ": " << render(done.error());
    }
    must(one->execute("COMMIT"));
    EXPECT_EQ(number(*one, "SELECT sum(n) FROM t"), updates);
    EXPECT_EQ(file_health(path).damaged, "");
    auto check = must(one->prepare("PRAGMA integrity_check"));
    ASSERT_TRUE(must(check.step()));
    EXPECT_EQ(check.text(0), "ok");
  }
}

// A log that began anew, of which one frame never reached the disk: the frame of the old log that still stands there
// continues the sum a reader remembers of the old log. It must not be taken for the new one's.
TEST_F(DiskFaultTest, AFrameOfTheLogBeforeIsNotTaken) {
  constexpr std::streamoff kFrame = 24 + kPageBytes;
  for (const bool remembers : {false, true}) {
    const auto one = database(fmt::format("anew{}.sqlite", remembers));
    must(
        one->execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER, x TEXT);"
                     "INSERT INTO t VALUES (1, 0, hex(zeroblob(1200))), (2, 0, hex(zeroblob(1200)));"
                     "PRAGMA wal_checkpoint(TRUNCATE)"));
    const auto reader = must(lake::Database::open(path, lake::OpenMode::kWrite, checked_storage()));
    must(one->execute("UPDATE t SET v = 1 WHERE id = 1"));
    if (remembers) {
      EXPECT_EQ(number(*reader, "SELECT v FROM t WHERE id = 1"), 1);
    }
    must(one->execute("UPDATE t SET v = 2 WHERE id = 1"));
    std::string old(static_cast<std::size_t>(kFrame), '\0');
    std::fstream log(path + "-wal", std::ios::in | std::ios::out | std::ios::binary);
    log.seekg(32 + kFrame).read(old.data(), kFrame);
    must(one->execute("PRAGMA wal_checkpoint(RESTART); UPDATE t SET v = 3 WHERE id = 1"));
    must(one->execute("UPDATE t SET v = 4 WHERE id = 1"));
    log.seekp(32 + kFrame).write(old.data(), kFrame).flush();
    auto look = must(reader->prepare("SELECT v FROM t WHERE id = 1"));
    EXPECT_EQ(number_of(look.step()), E::E8007) << (remembers ? "after a look at the old log" : "");
  }
}

// An I/O error is the disk's, also in a file in which damage was found before: nobody should bring a backup back for
// it, and no whole message is set aside.
TEST_F(DiskFaultTest, AnErrorOfTheDiskIsNoDamage) {
  constexpr int kWhole = 60;
  open();
  for (int i = 0; i < kWhole; ++i) {
    push(fmt::format("k{}", i), fmt::format("h{}", i), std::string(3000, 'x'));
    if (i == 2) {
      push("bad", "g", std::string(3000, 'B'));
    }
  }
  damage(std::string(2000, 'B'));
  EXPECT_EQ(receive(5).size(), 5U);
  ASSERT_EQ(must(queue->stats()).set_aside, 1);
  int failed = 0;
  for (int first = 1; first <= 12; ++first) {
    int reads = 0;
    const DiskFaults faults([&](DiskCall call, std::string_view of) {
      const bool fails = call == DiskCall::kRead && of == file() && ++reads >= first && reads < first + 4;
      return fails ? EIO : 0;
    });
    const auto got = queue->receive({.most = 2});
    if (!got) {
      ++failed;
      EXPECT_EQ(got.error().number(), E::E8009) << "read " << first << ": " << render(got.error());
    }
  }
  EXPECT_GE(failed, 1);
  reopen();
  clock.pass(1000);
  EXPECT_EQ(drain().size(), static_cast<std::size_t>(kWhole));
  EXPECT_EQ(must(queue->stats()).set_aside, 1);
}

// A whole message that shares a page with a damaged one is read all the same; a read that fails at that sets nothing
// aside, and leaves the page as damaged as it was: whoever writes into it would sign its damage.
TEST_F(DiskFaultTest, AnErrorBesideDamageHealsNothing) {
  int failed = 0;
  for (int failing = 0; failing <= 16; ++failing) {
    queue.reset();
    fs::remove_all(folder + "/queue");
    open();
    push("bad", "n", std::string(300, 'N'));
    push("whole", "b", std::string(16'880, 'B'));
    damage(std::string(300, 'N'));
    int reads = 0;
    {
      const DiskFaults faults([&](DiskCall call, std::string_view of) {
        return call == DiskCall::kRead && of == file() && ++reads == failing ? EIO : 0;
      });
      const auto seen = queue->peek(5, "b");
      failed += seen ? 0 : 1;
      EXPECT_TRUE(seen || seen.error().number() == E::E8009) << render(seen.error());
      EXPECT_TRUE(!seen || seen->size() == 1) << "read " << failing;
    }
    EXPECT_EQ(number_of(queue->push({.key = "new", .group = "z", .payload = "z"})), E::E8022) << "read " << failing;
    EXPECT_THAT(must(queue->set_aside()), ::testing::IsEmpty());
  }
  EXPECT_GE(failed, 4);
}

// A disk that is really small: a joined write then arrives in part.
class SmallDisk : public DiskFaultTest {
 protected:
  ~SmallDisk() override {
    queue.reset();
    umount2(place.c_str(), MNT_DETACH);
  }
  // Leaves `pages` of the disk free, or all that the filler took.
  void leave(std::uint64_t pages) const {
    std::ofstream filler(place + "/filler", std::ios::app | std::ios::binary);
    const std::string block(4096, 'f');
    struct statvfs disk = {};
    while (statvfs(place.c_str(), &disk) == 0 && disk.f_bfree > pages && filler.write(block.data(), 4096).flush()) {
    }
  }
  void push_until_full(Random& random) {
    for (int i = 0; i < 60; ++i) {
      if (random.next_below(8) == 0) {
        leave(random.next_below(60));
      } else if (random.next_below(8) == 0) {
        fs::remove(place + "/filler");
      }
      std::vector<std::string> keys;
      for (std::uint64_t n = 1 + random.next_below(30); keys.size() < n;) {
        keys.push_back(fmt::format("{}-{}", i, keys.size()));
      }
      const std::string payload(random.next_below(3000), 'p');
      std::vector<Message> batch;
      for (const std::string& key : keys) {
        batch.push_back({.key = key, .group = key, .payload = payload});
      }
      ++pushes;
      if (const auto done = queue->push(batch); done) {
        acknowledged.insert(keys.begin(), keys.end());
      } else {
        ++refused;
        EXPECT_EQ(done.error().number(), E::E8006) << render(done.error());
      }
    }
  }
  std::string place = folder + "/disk";
  std::set<std::string> acknowledged;
  int pushes = 0;
  int refused = 0;
};

TEST_F(SmallDisk, WhatWasAcknowledgedIsThereAndNothingElse) {
  Random random(3, 4);
  fs::create_directories(place);
  const int disks = is_long() ? 60 : test_rounds(12, 3);
  for (int round = 0; round < disks; ++round) {
    const std::string size = fmt::format("size={}", (1500 + 4 * random.next_below(400)) * 1024);
    if (mount("none", place.c_str(), "tmpfs", 0, size.c_str()) != 0) {
      GTEST_SKIP() << "mounting a small disk is not allowed here";
    }
    acknowledged.clear();
    const Options options{.fresh_keys = 64, .log_pages = 8 + static_cast<std::int64_t>(random.next_below(100))};
    queue = must(Queue::open(place, "q", Access::kCreate, clock, options));
    push_until_full(random);
    queue.reset();
    fs::remove(place + "/filler");
    fs::remove_all(folder + "/queue");
    fs::copy(place + "/queue", folder + "/queue", fs::copy_options::recursive);
    umount2(place.c_str(), MNT_DETACH);
    reopen();
    must(queue->verify());
    std::set<std::string> came;
    for (auto got = receive(1000); !got.empty(); got = receive(1000)) {
      for (const Delivery& one : got) {
        EXPECT_TRUE(came.insert(one.key).second) << one.key;
      }
      ack(got);
    }
    ASSERT_EQ(came, acknowledged) << "disk " << round;
  }
  EXPECT_GT(refused, 0);
  fmt::print("fault=F6 workload=queue-small-disk points={} lost=0 dup=0 refused={}\n", pushes, refused);
}

}  // namespace
}  // namespace lode::queue::testing
