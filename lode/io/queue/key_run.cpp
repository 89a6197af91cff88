// Runs of keys as bytes.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/queue/key_run.h"

#include <cstring>

#include "lode/base/assert.h"

namespace lode::queue {

namespace {

constexpr std::size_t kEntryBytes = 18;
constexpr std::size_t kLineWords = 8;
// A key. A block that is asked in vain is a page to read, and runs are many; runs with fewer bits are read as
// well.
constexpr std::int64_t kFilterBits = 20;
constexpr int kProbes = 6;

void pack_entry(const KeyEntry& entry, char* to) {
  std::memcpy(to, &entry.hash.high, 8);
  std::memcpy(to + 8, &entry.hash.low, 4);
  std::memcpy(to + 12, &entry.id, 6);
}

KeyEntry unpack_entry(const char* from) {
  KeyEntry out;
  std::memcpy(&out.hash.high, from, 8);
  std::memcpy(&out.hash.low, from + 8, 4);
  std::memcpy(&out.id, from + 12, 6);
  return out;
}

std::size_t line_of(const KeyHash& hash, std::size_t lines) {
  return static_cast<std::size_t>((static_cast<unsigned __int128>(hash.high) * lines) >> 64);
}

// 54 bits for the six places in a line: the finalizer of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t places_of(const KeyHash& hash) {
  std::uint64_t x = hash.high ^ ((std::uint64_t{hash.low} << 32) | hash.low);
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
  return x ^ (x >> 31);
}

void add_to_filter(LargeTable<std::uint64_t>& filter, const KeyHash& hash) {
  std::uint64_t* const line = filter.data() + line_of(hash, filter.size() / kLineWords) * kLineWords;
  std::uint64_t places = places_of(hash);
  for (int i = 0; i < kProbes; ++i, places >>= 9) {
    line[(places >> 6) & 7U] |= std::uint64_t{1} << (places & 63U);
  }
}

}  // namespace

void KeyRun::prefetch(const KeyHash& hash) const {
  __builtin_prefetch(filter.data() + line_of(hash, filter.size() / kLineWords) * kLineWords);
}

bool KeyRun::may_hold(const KeyHash& hash) const {
  const std::uint64_t* const line = filter.data() + line_of(hash, filter.size() / kLineWords) * kLineWords;
  std::uint64_t places = places_of(hash);
  for (int i = 0; i < kProbes; ++i, places >>= 9) {
    if ((line[(places >> 6) & 7U] & (std::uint64_t{1} << (places & 63U))) == 0) {
      return false;
    }
  }
  return true;
}

std::string pack_entries(std::span<const KeyEntry> entries) {
  std::string out(entries.size() * kEntryBytes, '\0');
  for (std::size_t i = 0; i < entries.size(); ++i) {
    pack_entry(entries[i], out.data() + i * kEntryBytes);
  }
  return out;
}

std::vector<KeyEntry> unpack_entries(std::string_view bytes) {
  std::vector<KeyEntry> out(bytes.size() / kEntryBytes);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = unpack_entry(bytes.data() + i * kEntryBytes);
  }
  return out;
}

std::int64_t find_packed(std::string_view bytes, const KeyHash& hash) {
  std::size_t low = 0;
  std::size_t high = bytes.size() / kEntryBytes;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const KeyEntry entry = unpack_entry(bytes.data() + middle * kEntryBytes);
    if (entry.hash == hash) {
      return entry.id;
    }
    (entry.hash < hash ? low : high) = entry.hash < hash ? middle + 1 : middle;
  }
  return 0;
}

std::string pack_words(std::span<const std::uint64_t> words) {
  std::string out(words.size() * 8, '\0');
  if (!words.empty()) {
    std::memcpy(out.data(), words.data(), out.size());
  }
  return out;
}

std::vector<std::uint64_t> unpack_words(std::string_view bytes) {
  std::vector<std::uint64_t> out(bytes.size() / 8);
  if (!out.empty()) {
    std::memcpy(out.data(), bytes.data(), out.size() * 8);
  }
  return out;
}

void unpack_filter(std::string_view bytes, LargeTable<std::uint64_t>& filter) {
  filter.resize(bytes.size() / 8);
  if (!filter.empty()) {
    std::memcpy(filter.data(), bytes.data(), filter.size() * 8);
  }
}

RunWriter::RunWriter(std::int64_t run, std::int64_t level, std::int64_t entries_most) {
  run_.id = run;
  run_.level = level;
  const auto lines = static_cast<std::size_t>(entries_most * kFilterBits / 512 + 1);
  run_.filter.assign(lines * kLineWords, 0);
  block_.reserve(kEntriesOfBlock);
}

Result<void> RunWriter::add(const lake::Database& database, const KeyEntry& entry) {
  LODE_ASSERT(entry.id > 0 && entry.id < (std::int64_t{1} << 48));
  if (block_.empty()) {
    run_.fences.push_back(entry.hash.high);
  }
  block_.push_back(entry);
  add_to_filter(run_.filter, entry.hash);
  ++run_.entries;
  return block_.size() == kEntriesOfBlock ? write_block(database) : Result<void>();
}

Result<void> RunWriter::write_block(const lake::Database& database) {
  if (!insert_) {
    LODE_TRY(auto insert, database.prepare("INSERT INTO key_blocks(id, data) VALUES (?1, ?2)"));
    insert_.emplace(std::move(insert));
  }
  const auto number = static_cast<std::int64_t>(run_.fences.size()) - 1;
  LODE_ASSERT(number < (std::int64_t{1} << kRunShift));
  const std::string bytes = pack_entries(block_);
  insert_->bind(1, (run_.id << kRunShift) + number).bind_bytes_view(2, bytes);
  block_.clear();
  return insert_->run();
}

Result<KeyRun> RunWriter::finish(const lake::Database& database) {
  if (!block_.empty()) {
    LODE_CHECK(write_block(database));
  }
  LODE_TRY(auto insert, database.prepare("INSERT INTO key_runs(id, level, entries, fences, filter) "
                                         "VALUES (?1, ?2, ?3, ?4, ?5)"));
  insert.bind(1, run_.id).bind(2, run_.level).bind(3, run_.entries);
  insert.bind_bytes(4, pack_words(run_.fences)).bind_bytes(5, pack_words(run_.filter));
  LODE_CHECK(insert.run());
  return std::move(run_);
}

}  // namespace lode::queue
