// The keys of a queue: fresh ones in memory, runs on the disk, merges a little at a time.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/keys.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/io/queue/key_run.h"

namespace lode::queue {

namespace {

constexpr std::size_t kRunsOfLevel = 8;     // So many of a level become one of the next.
constexpr std::int64_t kMergedPerKey = 12;  // More than the levels of any queue, so that merges keep up with pushes.
constexpr std::int64_t kMergedAtLeast = 256;
// Entries of a merge are written when this part of the fresh keys is owed: a few each time would write the pages around
// them as often as there are pushes.
constexpr std::int64_t kPartAtOnce = 32;

// Above every run there is, and every one that is being made.
Result<std::int64_t> next_run(const lake::Database& database) {
  LODE_TRY(auto next, database.prepare("SELECT coalesce(max(id), 0) + 1 FROM (SELECT id FROM key_runs UNION ALL "
                                       "SELECT id FROM key_merges)"));
  LODE_TRY(const bool row, next.step());
  LODE_ASSERT(row);
  return next.int64(0);
}

}  // namespace

void FreshKeys::clear() {
  constexpr int kFirstBits = 10;
  slots_.assign(std::size_t{1} << kFirstBits, KeyEntry{});
  shift_ = 64 - kFirstBits;
  size_ = 0;
}

std::size_t FreshKeys::slot_of(const KeyHash& hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = home_of(hash);
  while (slots_[at].id != 0 && slots_[at].hash != hash) {
    at = (at + 1) & mask;
  }
  return at;
}

void FreshKeys::put(const KeyEntry& entry) {
  if (2 * (size_ + 1) > slots_.size()) {
    LargeTable<KeyEntry> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    for (const KeyEntry& one : old) {
      if (one.id != 0) {
        slots_[slot_of(one.hash)] = one;
      }
    }
  }
  KeyEntry& slot = slots_[slot_of(entry.hash)];
  size_ += slot.id == 0 ? 1 : 0;
  slot = entry;
}

void FreshKeys::prefetch(const KeyHash& hash) const { __builtin_prefetch(slots_.data() + home_of(hash)); }

std::int64_t FreshKeys::find(const KeyHash& hash) const { return slots_[slot_of(hash)].id; }

// Slots without a gap between them hold hashes that belong in these slots, so only neighbours have to be put in order.
// What found no slot at the end of the table lies at its beginning and comes last.
std::vector<KeyEntry> FreshKeys::sorted() const {
  std::vector<KeyEntry> out;
  std::vector<KeyEntry> past_the_end;
  out.reserve(size_);
  std::ptrdiff_t begin = 0;  // Of the neighbours at hand.
  const auto put_in_order = [&] {
    std::ranges::sort(out.begin() + begin, out.end(), {}, &KeyEntry::hash);
    begin = std::ssize(out);
  };
  for (std::size_t at = 0; at < slots_.size(); ++at) {
    if (const KeyEntry& one = slots_[at]; one.id == 0) {
      put_in_order();
    } else {
      (home_of(one.hash) > at ? past_the_end : out).push_back(one);
    }
  }
  out.insert(out.end(), past_the_end.begin(), past_the_end.end());
  put_in_order();
  return out;
}

// A merge under way: the eight runs, how far each was read, and the run it writes.
struct Keys::Merge {
  struct Input {
    std::int64_t run = 0;
    std::size_t blocks = 0;
    std::size_t next_block = 0;
    std::vector<KeyEntry> entries;
    std::size_t at = 0;
    const KeyEntry& entry() const { return entries[at]; }
  };
  std::vector<Input> inputs;  // Those that have an entry left.
  std::vector<std::int64_t> runs;
  std::unique_ptr<RunWriter> writer;

  // To the next entry of an input; without one it goes.
  static Result<void> advance(Keys& keys, const lake::Database& database, std::vector<Input>& inputs, std::size_t i) {
    Input& input = inputs[i];
    if (++input.at < input.entries.size()) {
      return {};
    }
    if (input.next_block == input.blocks) {
      inputs.erase(inputs.begin() + static_cast<std::ptrdiff_t>(i));
      return {};
    }
    LODE_TRY(const std::string block, keys.read_block(database, input.run, input.next_block++));
    input.entries = unpack_entries(block);
    input.at = 0;
    return {};
  }

  // The least entry of all inputs, which go behind it; of equal hashes (a window that passed) the newest message
  // counts.
  Result<KeyEntry> next(Keys& keys, const lake::Database& database) {
    std::size_t least = 0;
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      least = inputs[i].entry().hash < inputs[least].entry().hash ? i : least;
    }
    KeyEntry out = inputs[least].entry();
    for (std::size_t i = inputs.size(); i-- > least;) {  // Those before it are greater. From the end, because some go.
      if (inputs[i].entry().hash == out.hash) {
        out.id = std::max(out.id, inputs[i].entry().id);
        LODE_CHECK(advance(keys, database, inputs, i));
      }
    }
    return out;
  }
};

Keys::Keys(std::uint64_t seed_high, std::uint64_t seed_low, std::size_t fresh_most)
    : seed_high_(seed_high), seed_low_(seed_low), fresh_most_(fresh_most) {}
Keys::~Keys() = default;

KeyHash Keys::hash(std::string_view key) const {
  return {xxh3(key, seed_high_), static_cast<std::uint32_t>(xxh3(key, seed_low_) >> 32)};
}

void Keys::forget() {
  version_ = -1;
  merge_.reset();
}

Result<void> Keys::load_runs(const lake::Database& database) {
  runs_.clear();
  // A lower level is newer than a higher one; within a level the number tells.
  LODE_TRY(auto select,
           database.prepare("SELECT id, level, entries, fences, filter FROM key_runs ORDER BY level, id DESC"));
  while (true) {
    LODE_TRY(const bool row, select.step());
    if (!row) {
      return {};
    }
    KeyRun run{.id = select.int64(0), .level = select.int64(1), .entries = select.int64(2), .fences = {}, .filter = {}};
    run.fences = unpack_words(select.bytes(3));
    unpack_filter(select.bytes(4), run.filter);
    if (run.fences.empty() || run.filter.size() < 8) {
      return fail(E::E8022, "a run of keys is damaged in " + database.path());
    }
    runs_.push_back(std::move(run));
  }
}

Result<void> Keys::catch_up(const lake::Database& database, const KeysTouched& now, std::int64_t last) {
  if (version_ != now.version || flushed_ != now.flushed) {
    merge_.reset();
    version_ = -1;
    LODE_CHECK(load_runs(database));
    fresh_.clear();
    seen_ = now.flushed;
    version_ = now.version;
    flushed_ = now.flushed;
  }
  if (seen_ >= last) {
    return {};
  }
  LODE_TRY(auto select, database.prepare("SELECT id, high, low FROM links WHERE id > ?1 ORDER BY id"));
  select.bind(1, seen_);
  while (true) {
    LODE_TRY(const bool row, select.step());
    if (!row) {
      break;
    }
    if (!select.is_null(1)) {
      fresh_.put({{static_cast<std::uint64_t>(select.int64(1)), static_cast<std::uint32_t>(select.int64(2))},
                  select.int64(0)});
    }
  }
  seen_ = last;
  return {};
}

Result<std::string> Keys::read_block(const lake::Database& database, std::int64_t run, std::size_t block) {
  if (!block_) {
    LODE_TRY(auto select, database.prepare("SELECT data FROM key_blocks WHERE id = ?1"));
    block_.emplace(std::move(select));
  }
  block_->bind(1, (run << kRunShift) + static_cast<std::int64_t>(block));
  auto row = block_->step();
  std::string out = row && *row ? block_->bytes(0) : std::string();
  block_->reset();
  LODE_CHECK(std::move(row));
  if (out.empty()) {
    return fail(E::E8022, "a block of keys is missing in " + database.path());
  }
  return out;
}

Result<std::int64_t> Keys::find_in(const lake::Database& database, const KeyRun& run, const KeyHash& hash) {
  const auto above = std::ranges::upper_bound(run.fences, hash.high) - run.fences.begin();
  // Hashes of equal high part may lie on both sides of a fence.
  for (auto block = above - 1; block >= 0; --block) {
    LODE_TRY(const std::string bytes, read_block(database, run.id, static_cast<std::size_t>(block)));
    if (const std::int64_t id = find_packed(bytes, hash); id != 0) {
      return id;
    }
    if (run.fences[static_cast<std::size_t>(block)] != hash.high) {
      break;
    }
  }
  return 0;
}

Result<void> Keys::find(const lake::Database& database, std::span<const KeyHash> hashes, std::span<std::int64_t> ids) {
  LODE_ASSERT(version_ >= 0 && hashes.size() == ids.size());
  for (const KeyHash& hash : hashes) {  // The lines come from memory while others are looked at.
    fresh_.prefetch(hash);
  }
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    ids[i] = fresh_.find(hashes[i]);
  }
  for (const KeyRun& run : runs_) {
    for (const KeyHash& hash : hashes) {
      run.prefetch(hash);
    }
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      if (ids[i] == 0 && run.may_hold(hashes[i])) {
        LODE_TRY(ids[i], find_in(database, run, hashes[i]));
      }
    }
  }
  return {};
}

void Keys::add(const KeyHash& hash, std::int64_t id) {
  fresh_.put({hash, id});
  seen_ = std::max(seen_, id);
}

Result<void> Keys::flush(const lake::Database& database, KeysTouched& now, std::int64_t last) {
  LODE_TRY(const std::int64_t number, next_run(database));
  RunWriter writer(number, 0, static_cast<std::int64_t>(fresh_.size()));
  for (const KeyEntry& entry : fresh_.sorted()) {
    LODE_CHECK(writer.add(database, entry));
  }
  LODE_TRY(KeyRun run, writer.finish(database));
  runs_.insert(runs_.begin(), std::move(run));
  fresh_.clear();
  // Rows of `links` of finished messages were only kept for their keys.
  LODE_TRY(auto drop, database.prepare("DELETE FROM links WHERE id > ?1 AND id <= ?2 AND grp = 0"));
  drop.bind(1, now.flushed).bind(2, last);
  LODE_CHECK(drop.run());
  now.flushed = flushed_ = last;
  version_ = ++now.version;
  return {};
}

Result<bool> Keys::begin_merge(const lake::Database& database) {
  struct Level {
    std::size_t runs = 0;
    std::int64_t entries = 0;
  };
  std::map<std::int64_t, Level> counts;
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    Level& level = counts[run->level];
    level.entries += level.runs < kRunsOfLevel ? run->entries : 0;  // Of the oldest, which would be merged.
    ++level.runs;
  }
  const auto full = std::ranges::find_if(counts, [](const auto& one) {
    return one.second.runs >= kRunsOfLevel && one.second.entries <= kEntriesOfRunMost;
  });
  if (full == counts.end()) {
    return false;
  }
  auto merge = std::make_unique<Merge>();
  std::int64_t entries = 0;
  // The oldest eight: what is newer stays in front of the merged run.
  for (auto run = runs_.rbegin(); run != runs_.rend() && merge->runs.size() < kRunsOfLevel; ++run) {
    if (run->level == full->first) {
      LODE_TRY(const std::string first, read_block(database, run->id, 0));
      merge->inputs.push_back(
          {.run = run->id, .blocks = run->fences.size(), .next_block = 1, .entries = unpack_entries(first), .at = 0});
      merge->runs.push_back(run->id);
      entries += run->entries;
    }
  }
  // What a merge that never ended has left, here or in another process, which sees its number gone and stops. So a
  // number is never used again.
  LODE_TRY(const std::int64_t run, next_run(database));
  LODE_CHECK(
      database.execute("DELETE FROM key_blocks WHERE id >= (SELECT min(id) FROM key_merges) << 20 AND "
                       "id >> 20 IN (SELECT id FROM key_merges); DELETE FROM key_merges;"));
  LODE_TRY(auto insert, database.prepare("INSERT INTO key_merges(id) VALUES (?1)"));
  LODE_CHECK(insert.bind(1, run).run());
  merge->writer = std::make_unique<RunWriter>(run, full->first + 1, entries);
  merge_ = std::move(merge);
  return true;
}

// False: another process began anew.
Result<bool> Keys::is_mine(const lake::Database& database) {
  if (!mine_) {
    LODE_TRY(auto select, database.prepare("SELECT 1 FROM key_merges WHERE id = ?1"));
    mine_.emplace(std::move(select));
  }
  mine_->bind(1, merge_->writer->run());
  auto row = mine_->step();
  mine_->reset();
  return row;
}

Result<void> Keys::merge_some(const lake::Database& database, KeysTouched& now, std::int64_t budget) {
  LODE_TRY(const bool mine, is_mine(database));
  if (!mine) {
    merge_.reset();
    return {};
  }
  for (; budget > 0 && !merge_->inputs.empty(); --budget) {
    LODE_TRY(const KeyEntry entry, merge_->next(*this, database));
    LODE_CHECK(merge_->writer->add(database, entry));
  }
  if (!merge_->inputs.empty()) {
    return {};
  }
  LODE_TRY(KeyRun run, merge_->writer->finish(database));
  LODE_TRY(auto drop_run, database.prepare("DELETE FROM key_runs WHERE id = ?1"));
  LODE_TRY(auto drop_blocks, database.prepare("DELETE FROM key_blocks WHERE id >= ?1 << 20 AND id < (?1 + 1) << 20"));
  for (const std::int64_t merged : merge_->runs) {
    LODE_CHECK(drop_run.bind(1, merged).run());
    LODE_CHECK(drop_blocks.bind(1, merged).run());
  }
  LODE_CHECK(database.execute("DELETE FROM key_merges"));
  // As load_runs would have them, which reads every filter anew: 25 MB at ten million keys.
  std::erase_if(runs_,
                [&](const KeyRun& one) { return std::ranges::find(merge_->runs, one.id) != merge_->runs.end(); });
  const auto older = std::ranges::find_if(runs_, [&](const KeyRun& one) { return one.level >= run.level; });
  runs_.insert(older, std::move(run));
  merge_.reset();
  version_ = ++now.version;
  return {};
}

Result<void> Keys::settle(const lake::Database& database, KeysTouched& now, std::int64_t last, std::int64_t added) {
  if (fresh_.size() >= fresh_most_) {
    LODE_CHECK(flush(database, now, last));
  }
  if (merge_ == nullptr) {
    LODE_TRY(const bool begun, begin_merge(database));
    if (!begun) {
      return {};
    }
  }
  owed_ += std::max(kMergedAtLeast, kMergedPerKey * added);
  if (owed_ < static_cast<std::int64_t>(fresh_most_) / kPartAtOnce) {
    return {};
  }
  return merge_some(database, now, std::exchange(owed_, 0));
}

}  // namespace lode::queue
