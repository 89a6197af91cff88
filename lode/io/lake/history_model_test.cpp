// Random histories of a lake against a list of what was written: imports, corrections, reverts, compactions and vacuums
// in any order, read now, at older commits, and as known at any time.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/lake/testing.h"

namespace lode::lake {
namespace {

using Key = std::pair<std::uint64_t, Date>;

// What one import stored: its versions, in the order of the model's commits.
struct Entry {
  CommitId id = 0;
  std::map<Key, std::pair<double, Time>> rows;  // Close and known time.
  CommitId hidden_by = 0;                       // The revert's commit; 0 = stands.
};

class History : public testing::LakeTest, public ::testing::WithParamInterface<std::uint64_t> {
 protected:
  History() : random_(GetParam(), 1) {}

  bool stands(const Entry& entry, CommitId at) const {
    return entry.id <= at && (entry.hidden_by == 0 || entry.hidden_by > at);
  }
  // For each key the version of the latest standing commit among those known by `as_of`.
  std::map<Key, double> view(CommitId at, std::optional<Time> as_of = {}) const {
    std::map<Key, double> out;
    for (const Entry& entry : entries_) {
      for (const auto& [key, version] : entry.rows) {
        if (stands(entry, at) && (!as_of || version.second <= *as_of)) {
          out[key] = version.first;
        }
      }
    }
    return out;
  }
  static std::vector<std::string> lines(const std::map<Key, double>& view) {
    std::vector<std::string> out;
    for (const auto& [key, close] : view) {
      out.push_back(fmt::format("{} {} {}", key.first, to_string(key.second), close));
    }
    return out;
  }

  void import_some(Lake& lake) {
    clock.advance(3600 * kNanosPerSecond);
    std::set<Key> keys;
    for (std::uint64_t i = 0, count = 1 + random_.next_below(10); i < count; ++i) {
      const Date first = Date::from_civil(random_.next_below(2) == 0 ? 2020 : 2021, 12, 28);
      keys.emplace(1 + random_.next_below(3), first + static_cast<int>(random_.next_below(6)));
    }
    const std::map<Key, double> before = view(last_);
    std::vector<testing::BarLine> bars;
    Entry entry;
    for (const Key& key : keys) {
      const double close = 1.5 + static_cast<double>(random_.next_below(3));
      bars.push_back({key.first, key.second, close});
      const auto held = before.find(key);
      if (held == before.end() || held->second != close) {
        entry.rows[key] = {close, held == before.end() ? end_of_day(key.second) : clock.now()};
      }
    }
    const CommitId id = testing::import(lake, testing::bars(bars), fmt::format("import {}", ++tokens_), clock.now());
    if (entry.rows.empty()) {
      EXPECT_EQ(id, last_) << "nothing new, no commit";
      return;
    }
    EXPECT_GT(id, last_);
    entry.id = last_ = id;
    entries_.push_back(std::move(entry));
  }
  void revert_some(Lake& lake) {
    std::vector<Entry*> standing;
    for (Entry& entry : entries_) {
      if (stands(entry, last_)) {
        standing.push_back(&entry);
      }
    }
    if (standing.empty()) {
      return;
    }
    Entry& chosen = *standing[random_.next_below(standing.size())];
    const Result<CommitInfo> commit = lake.revert(chosen.id);
    if (!commit) {
      // Only what a vacuum took may not come back: the parts of a commit that a compaction replaced.
      EXPECT_EQ(commit.error().number(), E::E8008) << render(commit.error());
      EXPECT_TRUE(vacuumed_);
      return;
    }
    chosen.hidden_by = last_ = commit->id;
  }
  void compact(Lake& lake) {
    const Result<CommitInfo> commit = lake.compact("bars");
    ASSERT_TRUE(commit) << render(commit.error());
    last_ = std::max(last_, commit->id);
  }
  void vacuum(Lake& lake) {
    clock.advance(25 * 3600 * kNanosPerSecond);
    const Result<VacuumReport> report = lake.vacuum(true);
    ASSERT_TRUE(report) << render(report.error());
    vacuumed_ = vacuumed_ || report->files > 0;
  }

  void check(Lake& lake) {
    const Snapshot now = *lake.snapshot();
    ASSERT_EQ(now.commit(), last_);
    const std::map<Key, double> expected = view(last_);
    ASSERT_EQ(testing::lines(testing::read(now)), lines(expected));
    EXPECT_EQ(*now.count("bars"), static_cast<std::int64_t>(expected.size()));
    const Time as_of{clock.now().nanos - static_cast<std::int64_t>(random_.next_below(40)) * 3600 * kNanosPerSecond};
    ASSERT_EQ(testing::lines(testing::read(now, {.as_of = as_of})), lines(view(last_, as_of))) << to_string(as_of);
    const auto older = static_cast<CommitId>(1 + random_.next_below(static_cast<std::uint64_t>(last_)));
    const Result<Snapshot> then = lake.snapshot(older);
    if (!then) {
      EXPECT_EQ(then.error().number(), E::E8008);
      EXPECT_TRUE(vacuumed_) << render(then.error());
      return;
    }
    const Result<Batch> rows = then->read("bars", {});
    if (!rows) {
      EXPECT_EQ(rows.error().number(), E::E8008) << render(rows.error());
      EXPECT_TRUE(vacuumed_);
      return;
    }
    ASSERT_EQ(testing::lines(*rows), lines(view(older))) << "at commit " << older;
    ++past_reads_;
  }

  Random random_;
  std::vector<Entry> entries_;
  CommitId last_ = 0;
  int tokens_ = 0;
  int past_reads_ = 0;
  bool vacuumed_ = false;
};

TEST_P(History, ReadsAsTheListOfWhatWasWritten) {
  std::unique_ptr<Lake> lake = open();
  import_some(*lake);
  for (int step = 0; step < 30; ++step) {
    switch (random_.next_below(10)) {
      case 0:
        compact(*lake);
        break;
      case 1:
      case 2:
        revert_some(*lake);
        break;
      case 3:
        vacuum(*lake);
        break;
      case 4:
        lake.reset();
        lake = open(Access::kWrite);
        break;
      default:
        import_some(*lake);
    }
    ASSERT_NO_FATAL_FAILURE(check(*lake)) << "after step " << step;
  }
  EXPECT_GT(past_reads_, 5);
  EXPECT_TRUE(lake->verify()->damaged.empty());
  const std::string backup = root + "/backup";
  ASSERT_TRUE(lake->backup(backup));
  ASSERT_TRUE(Lake::restore(backup, root + "/restored"));
  const auto restored = must(Lake::open(root + "/restored", Access::kRead, clock, pool));
  EXPECT_EQ(testing::lines(testing::read(*restored->snapshot())), lines(view(last_)));
}

INSTANTIATE_TEST_SUITE_P(Seeds, History,
                         ::testing::Range(std::uint64_t{1}, static_cast<std::uint64_t>(1 + test_rounds(4, 2))));

}  // namespace
}  // namespace lode::lake
