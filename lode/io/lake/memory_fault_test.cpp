// The k-th allocation of an import, and of a read, fails (F9): the call ends with an error or with the exception that
// the door turns into one; the lake is as it was or complete, and the same call succeeds once there is memory.
//
// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <execinfo.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <span>
#include <string_view>

#include "lode/io/lake/testing.h"

#if !defined(__SANITIZE_ADDRESS__)

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"  // Both ends are here.

extern "C" const char __executable_start, etext;  // The linker's: where this program's code lies.

namespace {

thread_local long allocations_left = -1;  // -1: all succeed. Only the thread under test is starved.

bool is_in_program(const void* code) { return code >= &__executable_start && code < &etext; }

// Members of std::string and the like that the C++ library has too: the dynamic linker lets every library of the
// process call the program's copy of them, so that their code lies in the program whoever called.
bool is_shared(const void* code) {
  Dl_info found = {};
  if (dladdr(code, &found) == 0 || found.dli_sname == nullptr) {
    return false;
  }
  const std::string_view name = found.dli_sname;
  return name.starts_with("_ZNSt") || name.starts_with("_ZNKSt") || name.starts_with("_ZSt");
}

// Whether our own code asks. The SQL engine is a library of its own that dies of a failed allocation, which is why it
// works under a memory limit instead (sql_test).
bool is_ours(const void* caller) {
  if (!is_in_program(caller)) {
    return false;
  }
  void* frames[32];
  const std::span walk(frames, static_cast<std::size_t>(backtrace(frames, 32)));
  const auto first = std::ranges::find(walk, caller);
  const auto asks = std::find_if_not(first, walk.end(), is_shared);
  return asks != walk.end() && is_in_program(*asks);
}

void* allocate(std::size_t size, std::size_t alignment, const void* caller) {
  if (allocations_left >= 0 && is_ours(caller) && allocations_left-- == 0) {
    return nullptr;
  }
  return alignment <= alignof(std::max_align_t)
             ? std::malloc(size == 0 ? 1 : size)
             : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment, const void* caller) {
  void* const memory = allocate(size, alignment, caller);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate_or_throw(size, 1, __builtin_return_address(0)); }
void* operator new[](std::size_t size) { return allocate_or_throw(size, 1, __builtin_return_address(0)); }
void* operator new(std::size_t size, std::align_val_t align) {
  return allocate_or_throw(size, static_cast<std::size_t>(align), __builtin_return_address(0));
}
void* operator new[](std::size_t size, std::align_val_t align) {
  return allocate_or_throw(size, static_cast<std::size_t>(align), __builtin_return_address(0));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 1, __builtin_return_address(0));
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 1, __builtin_return_address(0));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

#pragma GCC diagnostic pop

namespace lode::lake::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

enum class End { kDone, kRefused, kThrown };

class MemoryFault : public LakeTest {
 protected:
  // Runs `task` with only `budget` allocations; tells how it ended, and in `spent` whether the budget ran out.
  template <class Task>
  static End starved(long budget, bool& spent, const Task& task) {
    End end = End::kDone;
    allocations_left = budget;
    try {
      end = task() ? End::kDone : End::kRefused;
    } catch (const std::bad_alloc&) {
      end = End::kThrown;
    }
    spent = allocations_left < 0;
    allocations_left = -1;
    return end;
  }

  Batch rows() const { return bars({{1, day(2021, 1, 4), 2.0}, {2, day(2022, 1, 4), 2.0}}); }
};

TEST_F(MemoryFault, AnImportIsWholeOrNothing) {
  import(*open(), bars({{1, day(2021, 1, 4), 1.0}}), "one");
  int failures = 0;
  // Every early point, then a sample: an import makes some thousand allocations.
  for (long budget = 0;; budget += budget < 60 ? 1 : 1 + budget / 12) {
    const auto lake = open(Access::kWrite);
    const Batch batch = rows();
    bool spent = false;
    const End end = starved(budget, spent, [&] {
      auto writer = lake->writer();
      return writer && writer->append("bars", batch, clock.now()) &&
             writer->commit("two", "data import", Value::object());
    });
    const bool all = lake->commits()->size() == 2;
    EXPECT_EQ(lines(read(*lake->snapshot())), all ? std::vector<std::string>({"1 2021-01-04 2", "2 2022-01-04 2"})
                                                  : std::vector<std::string>({"1 2021-01-04 1"}))
        << budget;
    EXPECT_TRUE(all || end != End::kDone) << budget << ": acknowledged and not there";
    failures += end != End::kDone ? 1 : 0;
    if (!spent || all) {
      EXPECT_TRUE(all) << budget;
      break;
    }
  }
  EXPECT_GT(failures, 60);
  fmt::print("fault=F9 workload=lake points={} lost=0 dup=0\n", failures);
  const auto lake = open(Access::kWrite);
  import(*lake, rows(), "two");
  EXPECT_THAT(lines(read(*lake->snapshot())), ElementsAre("1 2021-01-04 2", "2 2022-01-04 2"));
  EXPECT_THAT(lake->verify()->damaged, IsEmpty());
}

TEST_F(MemoryFault, AReadFailsOrIsRight) {
  import(*open(), rows(), "one");
  const auto lake = open(Access::kRead);
  ASSERT_EQ(read(*lake->snapshot()).rows(), 2U);  // The engine stands.
  int failures = 0;
  bool spent = true;
  for (long budget = 0; spent; budget += budget < 60 ? 1 : 1 + budget / 12) {
    std::optional<Batch> got;
    const End end = starved(budget, spent, [&] {
      auto snapshot = lake->snapshot();
      if (!snapshot) {
        return false;
      }
      auto batch = snapshot->read("bars", {});
      if (batch) {
        got.emplace(std::move(*batch));
      }
      return batch.has_value();
    });
    failures += end != End::kDone ? 1 : 0;
    if (got) {
      EXPECT_THAT(lines(*got), ElementsAre("1 2021-01-04 2", "2 2022-01-04 2")) << budget;
    }
  }
  EXPECT_GT(failures, 30);
  fmt::print("fault=F9 workload=lake points={} lost=0 dup=0\n", failures);
  EXPECT_EQ(read(*lake->snapshot()).rows(), 2U);
}

}  // namespace
}  // namespace lode::lake::testing

#endif
