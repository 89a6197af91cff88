// Memory of an evaluation: aligned blocks allocated once, and one arena a worker.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>
#include <span>
#include <vector>

#include "lode/base/machine.h"

namespace lode::expr::engine {

inline constexpr std::size_t kAlignment = 64;  // One cache line, and the widest vector register.

// Uninitialized, 64-byte aligned memory, in large pages where it is large.
class Block {
 public:
  explicit Block(std::size_t bytes = 0) : bytes_((bytes + kAlignment - 1) / kAlignment * kAlignment) {
    if (bytes_ > 0) {
      memory_.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, bytes_)));
      if (memory_ == nullptr) {
        throw std::bad_alloc();
      }
      prefer_large_pages(this->bytes());
    }
  }
  std::span<std::byte> bytes() const { return {memory_.get(), bytes_}; }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(memory_.get());
  }

 private:
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };
  std::size_t bytes_;
  std::unique_ptr<std::byte, Free> memory_;
};

// Arenas of one size, lent to tasks: never more of them than tasks that run at once.
class Arenas {
 public:
  explicit Arenas(std::size_t bytes) : bytes_(bytes) {}

  // An arena for as long as the lease lives.
  class Lease {
   public:
    explicit Lease(Arenas& owner) : owner_(owner), block_(owner.take()) {}
    ~Lease() { owner_.give_back(std::move(block_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    std::span<std::byte> bytes() const { return block_->bytes(); }

   private:
    Arenas& owner_;
    std::unique_ptr<Block> block_;
  };

 private:
  std::unique_ptr<Block> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<Block> block = std::move(idle_.back());
        idle_.pop_back();
        return block;
      }
    }
    return std::make_unique<Block>(bytes_);
  }
  void give_back(std::unique_ptr<Block> block) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(block));
  }

  std::size_t bytes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Block>> idle_;
};

}  // namespace lode::expr::engine
