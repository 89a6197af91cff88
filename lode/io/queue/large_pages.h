// Memory for tables that are looked into at random places: asked for in pages of 2 MiB, where the machine gives them.
//
// Looking up a key touches a line of each run's filter, 25 MB in all at ten million keys, and each touch of a page of
// 4 KiB misses the processor's table of pages as well. The request is a hint (madvise, Linux): where it is refused or
// turned off, the memory is the same in small pages.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace lode::queue {

inline constexpr std::size_t kLargePageBytes = std::size_t{2} << 20;
// Smaller tables stay where small pages do: a large page of which less than a quarter is used is waste.
inline constexpr std::size_t kLargeTableBytes = kLargePageBytes / 4;

// Of the standard's allocators, for its containers: they never ask for more bytes than a size can count.
template <class T>
struct LargePages {
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
  using value_type = T;
  LargePages() = default;
  template <class Other>
  LargePages(const LargePages<Other>&) {}  // NOLINT(google-explicit-constructor): the standard asks for it.

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < kLargeTableBytes) {
      return static_cast<T*>(::operator new(bytes));
    }
    const std::size_t whole = (bytes + kLargePageBytes - 1) / kLargePageBytes * kLargePageBytes;
    void* const out = ::operator new(whole, std::align_val_t(kLargePageBytes));
    madvise(out, whole, MADV_HUGEPAGE);
    return static_cast<T*>(out);
  }
  void deallocate(T* at, std::size_t count) {
    if (count * sizeof(T) < kLargeTableBytes) {
      ::operator delete(at);
    } else {
      ::operator delete(at, std::align_val_t(kLargePageBytes));
    }
  }
  template <class Other>
  bool operator==(const LargePages<Other>&) const {
    return true;
  }
};

template <class T>
using LargeTable = std::vector<T, LargePages<T>>;

}  // namespace lode::queue
