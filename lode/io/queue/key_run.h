// The bytes of a run of keys: blocks of sorted entries, the first hash of each, and the filter.
//
// key_blocks.id    run * 2^20 + number of the block
// key_blocks.data  up to 224 entries of 18 bytes, little-endian: high (8), low (4), id of the message (6); 224 of them
//                  fill one page of the database, so that to look into a block is to read one page. Older runs have
//                  blocks of 934
// key_runs.fences  high of the first entry of each block (8 bytes each)
// key_runs.filter  lines of 64 bytes: the line of a hash is high * lines / 2^64, its six bits come from a mix of both
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lode/io/queue/keys.h"

namespace lode::queue {

inline constexpr std::size_t kEntriesOfBlock = 224;
inline constexpr int kRunShift = 20;
// As many as blocks can be numbered. Levels of so many are not merged further.
inline constexpr std::int64_t kEntriesOfRunMost = std::int64_t{kEntriesOfBlock} << kRunShift;

std::string pack_entries(std::span<const KeyEntry> entries);
std::vector<KeyEntry> unpack_entries(std::string_view bytes);
// In the entry of `hash` among packed ones, the id; 0 when it is not there.
std::int64_t find_packed(std::string_view bytes, const KeyHash& hash);

std::string pack_words(std::span<const std::uint64_t> words);
std::vector<std::uint64_t> unpack_words(std::string_view bytes);
void unpack_filter(std::string_view bytes, LargeTable<std::uint64_t>& filter);

// Writes a run entry by entry, in rising order. Blocks go to the database at once, the rest with finish().
class RunWriter {
 public:
  RunWriter(std::int64_t run, std::int64_t level, std::int64_t entries_most);
  Result<void> add(const lake::Database& database, const KeyEntry& entry);
  Result<KeyRun> finish(const lake::Database& database);  // Registers it in key_runs.
  std::int64_t run() const { return run_.id; }

 private:
  Result<void> write_block(const lake::Database& database);
  KeyRun run_;
  std::vector<KeyEntry> block_;
  std::optional<lake::Statement> insert_;
};

}  // namespace lode::queue
