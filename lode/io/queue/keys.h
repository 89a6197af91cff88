// The keys a queue has ever taken, without a limit in time: what tells a duplicate push.
//
// A plain index over ten million keys would write a page of its own for nearly every message, because keys come in no
// order. So keys are kept as a log-structured merge tree (O'Neil and others 1996) of 96-bit hashes with the number of
// the message:
//   fresh    the newest keys: a hash table in memory, made again from the rows of `links` at start
//   runs     key_runs + key_blocks: sorted, immutable; made from the fresh ones when these are many, eight of one level
//            merged into one of the next, a little at each push. In memory a run has a Bloom filter in lines of 64
//            bytes (20 bits a key, about 1 in 1000 is asked in vain) and the first hash of each block.
// All of it is written in the same transaction as the messages. A hash is 96 bits of two XXH3 with seeds drawn when the
// queue was made: among a billion keys two share one with a chance of 1 in 10^11, and nobody outside can look for such
// a pair.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/io/lake/manifest.h"
#include "lode/io/queue/large_pages.h"

namespace lode::queue {

struct KeyHash {
  std::uint64_t high = 0;
  std::uint32_t low = 0;
  auto operator<=>(const KeyHash&) const = default;
};

struct KeyEntry {
  KeyHash hash;
  std::int64_t id = 0;  // Of the message; 0: no entry.
};

// The fresh keys: open addressing, at most half full. A hash belongs in the slot its first bits tell, so that the table
// lies nearly in order and a run is made of it in one pass.
class FreshKeys {
 public:
  FreshKeys() { clear(); }
  void clear();
  void put(const KeyEntry& entry);               // A hash that is there gets the new id.
  std::int64_t find(const KeyHash& hash) const;  // 0: not there.
  void prefetch(const KeyHash& hash) const;
  std::size_t size() const { return size_; }
  std::vector<KeyEntry> sorted() const;

 private:
  std::size_t home_of(const KeyHash& hash) const { return static_cast<std::size_t>(hash.high >> shift_); }
  std::size_t slot_of(const KeyHash& hash) const;
  LargeTable<KeyEntry> slots_;
  std::size_t size_ = 0;
  int shift_ = 0;  // 64 less the bits of a slot's number.
};

// One sorted run: what of it stands in memory.
struct KeyRun {
  std::int64_t id = 0;
  std::int64_t level = 0;
  std::int64_t entries = 0;
  std::vector<std::uint64_t> fences;  // First `high` of each block.
  LargeTable<std::uint64_t> filter;   // Lines of eight words.

  void prefetch(const KeyHash& hash) const;
  bool may_hold(const KeyHash& hash) const;
};

struct KeysTouched {
  std::int64_t flushed = 0;  // The rows of `links` up to here are in runs.
  std::int64_t version = 0;  // Changes with the set of runs.
};

class Keys {
 public:
  Keys(std::uint64_t seed_high, std::uint64_t seed_low, std::size_t fresh_most);
  ~Keys();

  KeyHash hash(std::string_view key) const;
  // Learns what this and other processes stored up to message `last`; cheap when there is nothing new.
  Result<void> catch_up(const lake::Database& database, const KeysTouched& now, std::int64_t last);
  // After a transaction that was undone: everything is read again by the next catch_up.
  void forget();

  // The newest message of each hash in `ids`, 0 where there is none.
  Result<void> find(const lake::Database& database, std::span<const KeyHash> hashes, std::span<std::int64_t> ids);
  void add(const KeyHash& hash, std::int64_t id);
  // Within the transaction that stored `added` keys: makes a run of the fresh keys when they are many, and merges some
  // entries of older runs. `now` is changed accordingly.
  Result<void> settle(const lake::Database& database, KeysTouched& now, std::int64_t last, std::int64_t added);

  std::size_t fresh() const { return fresh_.size(); }
  std::size_t runs() const { return runs_.size(); }

 private:
  struct Merge;
  Result<void> load_runs(const lake::Database& database);
  Result<void> flush(const lake::Database& database, KeysTouched& now, std::int64_t last);
  Result<bool> begin_merge(const lake::Database& database);
  Result<void> merge_some(const lake::Database& database, KeysTouched& now, std::int64_t budget);
  Result<bool> is_mine(const lake::Database& database);
  Result<std::string> read_block(const lake::Database& database, std::int64_t run, std::size_t block);
  Result<std::int64_t> find_in(const lake::Database& database, const KeyRun& run, const KeyHash& hash);

  std::uint64_t seed_high_;
  std::uint64_t seed_low_;
  std::size_t fresh_most_;
  FreshKeys fresh_;
  std::vector<KeyRun> runs_;  // Newest first.
  std::int64_t version_ = -1;
  std::int64_t flushed_ = -1;
  std::int64_t seen_ = 0;  // Rows of `links` up to here are in fresh_ or in runs_.
  std::unique_ptr<Merge> merge_;
  std::int64_t owed_ = 0;                        // Entries that pushes since the last merging are to merge.
  std::optional<lake::Statement> block_, mine_;  // Prepared once; of the one database that all calls are about.
};

}  // namespace lode::queue
