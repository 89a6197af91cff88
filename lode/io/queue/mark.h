// The mark: how many commits of a queue were ever acknowledged, in a small file beside it. SQLite takes a log with a
// flipped bit for one that ends there, and would lose what was acknowledged behind it without a word; the mark tells.
//
// Two slots of 16 bytes, one for odd and one for even numbers: the commit's number (u64, little-endian), CRC-32C of
// these 8 bytes and of a magic word (u32), zeros (u32). A slot is written after the commit's own sync and is not synced
// itself: a mark that is there proves that its commit was on the disk, one that is not there proves nothing. So a
// killed process leaves it exact, a power cut leaves it exact or too low, and neither is ever a false alarm.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lode/base/result.h"

namespace lode::queue {

class Mark {
 public:
  // Opens or makes the file. E8004, E8006, E8009.
  static Result<Mark> open(const std::string& path);
  // The highest number in a slot that fits its checksum; 0 when there is none: a damaged mark only no longer warns.
  static std::int64_t read(const std::string& path);
  Mark(Mark&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Mark& operator=(Mark&&) = delete;
  ~Mark();
  void write(std::int64_t commit) const;  // What fails here costs the warning, not the commit.

 private:
  explicit Mark(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace lode::queue
