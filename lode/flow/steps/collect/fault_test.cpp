// What a fetch does when the machine refuses it: a sync that fails once (F5), a disk without room and later with some
// (F6), a bit of a stored file flipped (F7), a file cut, emptied or longer (F8), memory that is not there (F9).
// Afterwards the same command is run without harm; the lake holds what an undisturbed run leaves, or the damage is
// named.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/flow/steps/collect/crash_testing.h"

namespace lode::flow::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class CollectFault : public Crashes {
 protected:
  // The same command again, and what the lake holds then.
  void mend(const std::vector<std::string>& wanted, Found& found) {
    const FetchWorker second(work);
    ASSERT_EQ(second.code(), 0) << "the next run needs no repair: " << second.error;
    const std::vector<std::string> rows = state();
    ++found.points;
    found.compare(wanted, rows);
    EXPECT_EQ(rows, wanted);
  }
};

void print(const char* fault, const Found& found, long of, const std::string& more = {}) {
  fmt::print("fault={} workload=collect points={} of={} lost={} dup={}{}\n", fault, found.points, of, found.lost,
             found.doubled, more);
  EXPECT_EQ(found.lost + found.doubled, 0);
}

TEST_F(CollectFault, ASyncThatFailsEndsTheFetchAndTheNextOneFinishesIt) {
  const std::vector<std::string> wanted = undisturbed();
  Found found;
  int refused = 0;
  long at = 1;
  for (;; at += is_long() ? 1 : test_rounds(4, 12)) {
    SCOPED_TRACE(fmt::format("sync {}", at));
    renew();
    const FetchWorker first(work, {"eio", at});
    ASSERT_GE(first.code(), 0) << first.status;
    if (first.calls < at) {
      break;  // Past the last one.
    }
    refused += first.code() == 0 ? 0 : 1;
    EXPECT_TRUE(first.code() == 0 || first.error.find("E8") != std::string::npos) << first.error;
    mend(wanted, found);
  }
  EXPECT_GT(refused, 2);
  print("F5", found, at - 1, fmt::format(" refused={}", refused));
}

TEST_F(CollectFault, AFullDiskIsSaidSoAndTheFetchGoesOnOnceThereIsRoom) {
  long calls = 0;
  const std::vector<std::string> wanted = undisturbed(&calls);
  Found found;
  int refused = 0;
  const long step = is_long() ? 1 : std::max<long>(1, calls / test_rounds(10, 4));
  for (long at = 1; at <= calls; at += step) {
    SCOPED_TRACE(fmt::format("full from call {} of {} on", at, calls));
    renew();
    const FetchWorker first(work, {"full", at});
    ASSERT_GE(first.code(), 0) << first.status;
    if (first.code() != 0) {
      ++refused;
      EXPECT_THAT(first.error, HasSubstr("E8006")) << "it says that the disk is full";
    }
    if (fs::exists(work + "/lake/manifest.sqlite")) {
      std::string why;
      EXPECT_TRUE(look(&why) || why.find("E8001") != std::string::npos) << "reads go on: " << why;
    }
    mend(wanted, found);
  }
  EXPECT_GT(refused, 2) << "was the shim in the way?";
  print("F6", found, calls, fmt::format(" refused={}", refused));
}

TEST_F(CollectFault, AnAllocationThatFailsLosesNothing) {
  if (kSanitized) {
    GTEST_SKIP() << "the sanitizer's allocator stands in the shim's place";
  }
  const std::vector<std::string> wanted = undisturbed();
  renew();
  const FetchWorker counted(work, {"memory", 1'000'000'000});
  ASSERT_EQ(counted.code(), 0) << counted.error;
  Found found;
  int refused = 0;
  // libstdc++ lets no exception through while it opens a folder to read it: it ends the process, as a kill would.
  int aborted = 0;
  int runs = 0;
  // The early ones each, then ever fewer: there are too many for all.
  for (long at = 1; at <= counted.calls; at += is_long() ? 1 + at / 200 : 1 + at) {
    SCOPED_TRACE(fmt::format("allocation {} of {}", at, counted.calls));
    renew();
    const FetchWorker first(work, {"memory", at});
    ASSERT_TRUE(first.code() >= 0 || first.aborted()) << "it ends by a code, not by a signal: " << first.status;
    refused += first.code() == 0 ? 0 : 1;
    aborted += first.aborted() ? 1 : 0;
    ++runs;
    mend(wanted, found);
  }
  EXPECT_GT(refused, 5) << "was the shim in the way?";
  EXPECT_LE(aborted, 1 + runs / 20) << "somebody else ends the process";  // One may be met by any sample.
  print("F9", found, counted.calls, fmt::format(" refused={} aborted={}", refused, aborted));
}

// One file changed; returns false where there is nothing to change.
using Change = std::function<bool(std::string& bytes, Random& random)>;

bool flip_a_bit(std::string& bytes, Random& random) {
  if (bytes.empty()) {
    return false;
  }
  bytes[random.next_below(bytes.size())] ^= static_cast<char>(1 << random.next_below(8));
  return true;
}
bool cut(std::string& bytes, Random& random) {
  if (bytes.empty()) {
    return false;
  }
  bytes.resize(random.next_below(bytes.size()));
  return true;
}
bool empty(std::string& bytes, Random&) {
  const bool had = !bytes.empty();
  bytes.clear();
  return had;
}
bool lengthen(std::string& bytes, Random&) {
  bytes += "lengthened";
  return true;
}

// Every file of a finished and of an unfinished fetch, changed, then the same command again.
class CollectDamage : public CollectFault {
 protected:
  struct Ends {
    int points = 0, named = 0, harmless = 0, silent = 0;
  };

  void SetUp() override {
    CollectFault::SetUp();
    if (IsSkipped()) {
      return;
    }
    long calls = 0;
    wanted = undisturbed(&calls);
    fs::copy(work + "/lake", work + "/whole", fs::copy_options::recursive);
    renew();
    const FetchWorker half(work, {"kill", calls * 6 / 10});
    ASSERT_TRUE(half.killed());
    fs::copy(work + "/lake", work + "/half", fs::copy_options::recursive);
  }

  static std::string read(const fs::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
  }

  // The undamaged state, or an error that is numbered and names what it is about: everything else is silent.
  void judge(const std::string& file, Ends& ends) {
    const FetchWorker again(work);
    std::string why;
    const auto rows = look(&why);
    ++ends.points;
    if (rows && *rows == wanted && again.code() == 0) {
      ++ends.harmless;
    } else if (again.error.find("error[E") != std::string::npos ||
               (!rows && why.find("error[E") != std::string::npos)) {
      ++ends.named;
      if (rows) {  // What is read in spite of the damage is right, if not all.
        for (const std::string& row : *rows) {
          const bool is_count = row.ends_with(" stored") || row.starts_with("quarantine ");
          EXPECT_TRUE(is_count || std::ranges::find(wanted, row) != wanted.end()) << file << ": " << row;
        }
      }
    } else {
      ++ends.silent;
      ADD_FAILURE() << file << " damaged, and nobody said so; code " << again.code();
    }
  }

  // `stride`: every so-many-th file, from a place that differs from change to change.
  Ends damage(const Change& change, int times, std::size_t stride) {
    Ends ends;
    Random random(17, 3);
    for (const char* kept : {"whole", "half"}) {
      std::vector<std::string> files;
      for (const auto& entry : fs::recursive_directory_iterator(work + "/" + kept)) {
        if (entry.is_regular_file()) {
          files.push_back(fs::relative(entry.path(), work + "/" + kept).string());
        }
      }
      std::ranges::sort(files);
      for (std::size_t at = first_++ % stride; at < files.size(); at += stride) {
        const std::string& file = files[at];
        for (int i = 0; i < times; ++i) {
          SCOPED_TRACE(fmt::format("{} of the {} fetch", file, kept));
          renew();
          fs::copy(work + "/" + kept, work + "/lake", fs::copy_options::recursive);
          std::string bytes = read(work + "/lake/" + file);
          if (change(bytes, random)) {
            std::ofstream(work + "/lake/" + file, std::ios::binary | std::ios::trunc) << bytes;
            judge(file, ends);
          }
        }
      }
    }
    return ends;
  }

  static void print_ends(const char* fault, const Ends& ends) {
    fmt::print("fault={} workload=collect points={} lost=0 dup=0 silent={} named={} harmless={}\n", fault, ends.points,
               ends.silent, ends.named, ends.harmless);
    EXPECT_EQ(ends.silent, 0);
    EXPECT_GT(ends.points, 4);
    EXPECT_GT(ends.named, 0);
  }

  std::vector<std::string> wanted;
  std::size_t first_ = 0;
};

TEST_F(CollectDamage, AFlippedBitOfAnyFileIsNamedOrHarmless) {
  print_ends("F7", damage(flip_a_bit, is_long() ? 60 : 1, is_long() ? 1 : kSanitized ? 5 : 2));
}

TEST_F(CollectDamage, AFileCutEmptiedOrLengthenedIsNamedOrHarmless) {
  Ends all;
  for (const auto& [change, times] :
       {std::pair(Change(cut), is_long() ? 20 : 1), std::pair(Change(empty), 1), std::pair(Change(lengthen), 1)}) {
    const Ends ends = damage(change, times, is_long() ? 1 : kSanitized ? 10 : 5);
    all.points += ends.points;
    all.named += ends.named;
    all.harmless += ends.harmless;
    all.silent += ends.silent;
  }
  print_ends("F8", all);
}

}  // namespace
}  // namespace lode::flow::testing
