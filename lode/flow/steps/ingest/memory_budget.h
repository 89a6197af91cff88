// How much memory the files of an import may still take while they are read, several at a time.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace lode::flow {

// What an import takes at its peak a row of bars, measured: 430 bytes into an empty lake, 760 into one that holds the
// same rows.
inline constexpr std::int64_t kBytesARow = 800;

class MemoryBudget {
 public:
  explicit MemoryBudget(std::int64_t limit) : limit_(limit) {}  // Bytes; 0 = nobody knows, so that all fits.

  // Counts bytes before they are taken; false, and nothing counted, when they do not fit.
  bool take(std::int64_t bytes) {
    std::int64_t held = held_.load(std::memory_order_relaxed);
    do {
      if (limit_ > 0 && bytes > limit_ - held) {
        return false;
      }
    } while (!held_.compare_exchange_weak(held, held + bytes, std::memory_order_relaxed));
    return true;
  }
  void give_back(std::int64_t bytes) { held_.fetch_sub(bytes, std::memory_order_relaxed); }
  bool take_rows(std::int64_t rows) { return take(rows * kBytesARow); }

  std::int64_t limit() const { return limit_; }
  std::int64_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  std::int64_t limit_;
  std::atomic<std::int64_t> held_{0};
};

}  // namespace lode::flow
