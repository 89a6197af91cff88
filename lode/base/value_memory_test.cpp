// Values while memory runs out: each allocation of a copy fails once. Not under the sanitizer, whose allocator has to
// be the only one.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "lode/base/value.h"

#ifndef __SANITIZE_ADDRESS__
namespace {

thread_local long allocations_left = -1;  // Until one fails; below 0: none does.

void* allocate(std::size_t bytes) {
  if (allocations_left == 0) {
    throw std::bad_alloc();
  }
  allocations_left -= allocations_left > 0 ? 1 : 0;
  void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

// The other forms come to these.
void* operator new(std::size_t bytes) { return allocate(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace lode {
namespace {

TEST(ValueMemory, ACopyThatFailsLeavesNothingBehind) {
  const std::string text = "a text too long to stand inside a string";
  Value inner = Value::object();
  inner.set("a key too long to stand inside a string", text);
  Value outer = Value::object();
  outer.set("texts", Value(Value::Array{text, text, inner}));
  outer.set("number", 1.5);
  outer.set("inner", inner);
  int failed = 0;
  for (long allocation = 0;; ++allocation) {
    Value target(text);
    allocations_left = allocation;
    try {
      const Value copy(outer);
      target = copy;
      allocations_left = -1;
      EXPECT_EQ(target, outer);
      break;
    } catch (const std::bad_alloc&) {
      allocations_left = -1;
      ++failed;
      EXPECT_EQ(target, Value(text)) << allocation;
    }
  }
  EXPECT_GT(failed, 10);
}

}  // namespace
}  // namespace lode
#endif  // __SANITIZE_ADDRESS__
