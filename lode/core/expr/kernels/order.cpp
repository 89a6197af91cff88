// Radix sort of (key, index) words, and average ranks from it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/order.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace lode::expr::kernels {
namespace {

// Below kFewWords insertion wins; from kManyWords on the larger digits pay for clearing their counters.
constexpr std::size_t kFewWords = 48;
constexpr std::size_t kManyWords = 1'000;
constexpr std::size_t kMostBuckets = 3 * 2048;

// Values whose order as unsigned numbers is that of the floats; -0 has become 0.
std::uint32_t monotone(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);
  const auto sign = static_cast<std::uint32_t>(static_cast<std::int32_t>(bits) >> 31);
  return bits ^ (sign | 0x8000'0000U);
}
std::uint64_t monotone(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  const auto sign = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63);
  return bits ^ (sign | 0x8000'0000'0000'0000U);
}
std::uint64_t key_of(float value) { return monotone(value); }
std::uint64_t key_of(double value) { return monotone(value) >> 32; }

void insertion_sort(std::uint64_t* words, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t word = words[i];
    std::size_t at = i;
    for (; at > 0 && words[at - 1] > word; --at) {
      words[at] = words[at - 1];
    }
    words[at] = word;
  }
}

// kPasses digits of kBits each over the 32 bits of key; all digits are counted in one reading.
template <int kBits, int kPasses>
std::uint64_t* radix_sort(const OrderRoom& room, std::size_t count) {
  constexpr std::size_t kBuckets = std::size_t{1} << kBits;
  constexpr std::uint64_t kDigit = kBuckets - 1;
  std::uint32_t* histogram = room.histogram;
  std::fill_n(histogram, kBuckets * kPasses, 0U);
  for (std::size_t i = 0; i < count; ++i) {
    for (int pass = 0; pass < kPasses; ++pass) {
      ++histogram[static_cast<std::size_t>(pass) * kBuckets + ((room.words[i] >> (32 + kBits * pass)) & kDigit)];
    }
  }
  std::uint64_t* from = room.words;
  std::uint64_t* to = room.other;
  for (int pass = 0; pass < kPasses; ++pass) {
    std::uint32_t* offsets = histogram + static_cast<std::size_t>(pass) * kBuckets;
    const int shift = 32 + kBits * pass;
    if (offsets[(from[0] >> shift) & kDigit] == count) {
      continue;  // All share this digit.
    }
    std::uint32_t sum = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
      sum += std::exchange(offsets[bucket], sum);
    }
    for (std::size_t i = 0; i < count; ++i) {
      to[offsets[(from[i] >> shift) & kDigit]++] = from[i];
    }
    std::swap(from, to);
  }
  return from;
}

// Equal upper halves of doubles: their order by the whole value. Mostly they are ties, already in order.
void settle(const double* values, std::uint64_t* words, std::size_t count) {
  const auto less = [values](std::uint64_t a, std::uint64_t b) {
    const double x = values[index_of(a)];
    const double y = values[index_of(b)];
    return x < y || (x == y && a < b);
  };
  for (std::size_t begin = 0; begin < count;) {
    std::size_t end = begin + 1;
    bool is_sorted = true;
    while (end < count && (words[end] >> 32) == (words[begin] >> 32)) {
      is_sorted = is_sorted && !(values[index_of(words[end])] < values[index_of(words[end - 1])]);
      ++end;
    }
    if (!is_sorted) {
      std::sort(words + begin, words + end, less);
    }
    begin = end;
  }
}

template <class T>
std::size_t pack(const T* values, std::size_t count, std::uint64_t* words) {
  std::size_t valid = 0;
  for (std::size_t i = 0; i < count; ++i) {
    words[valid] = key_of(values[i]) << 32 | i;
    valid += is_known(values[i]) ? 1U : 0U;
  }
  return valid;
}

}  // namespace

OrderRoom OrderRoom::take(Bump& bump, std::size_t width) {
  OrderRoom room;
  room.words = bump.take<std::uint64_t>(width + 1);  // pack() writes one past the valid cells.
  room.other = bump.take<std::uint64_t>(width + 1);
  room.histogram = bump.take<std::uint32_t>(kMostBuckets);
  return room;
}

std::size_t OrderRoom::bytes(std::size_t width) {
  return 2 * Bump::aligned((width + 1) * sizeof(std::uint64_t)) + Bump::aligned(kMostBuckets * sizeof(std::uint32_t));
}

std::uint64_t* sort_words(const OrderRoom& room, std::size_t count) {
  if (count < kFewWords) {
    insertion_sort(room.words, count);
    return room.words;
  }
  return count < kManyWords ? radix_sort<8, 4>(room, count) : radix_sort<11, 3>(room, count);
}

template <class T>
std::span<const std::uint64_t> sorted_valid(const T* values, std::size_t count, const OrderRoom& room) {
  const std::size_t valid = pack(values, count, room.words);
  std::uint64_t* words = sort_words(room, valid);
  if constexpr (sizeof(T) == sizeof(double)) {
    settle(values, words, valid);
  }
  return {words, valid};
}

template <class T>
void rank_cells(const T* values, std::size_t count, Ties ties, bool is_share, T* out, const OrderRoom& room) {
  const std::span<const std::uint64_t> words = sorted_valid(values, count, room);
  const std::size_t n = words.size();
  if (n < count) {
    std::fill_n(out, count, kMissing<T>);
  }
  const double divisor = is_share ? static_cast<double>(n) : 1.0;
  for (std::size_t begin = 0; begin < n;) {
    const T value = values[index_of(words[begin])];
    std::size_t end = begin + 1;
    while (end < n && values[index_of(words[end])] == value) {
      ++end;
    }
    const auto first = static_cast<double>(begin + 1);
    const auto last = static_cast<double>(end);
    const double shared = ties == Ties::kMin ? first : (ties == Ties::kMax ? last : (first + last) * 0.5);
    const T rank = static_cast<T>(shared / divisor);
    for (std::size_t i = begin; i < end; ++i) {
      out[index_of(words[i])] = ties == Ties::kFirst ? static_cast<T>(static_cast<double>(i + 1) / divisor) : rank;
    }
    begin = end;
  }
}

template std::span<const std::uint64_t> sorted_valid(const float*, std::size_t, const OrderRoom&);
template std::span<const std::uint64_t> sorted_valid(const double*, std::size_t, const OrderRoom&);
template void rank_cells(const float*, std::size_t, Ties, bool, float*, const OrderRoom&);
template void rank_cells(const double*, std::size_t, Ties, bool, double*, const OrderRoom&);

}  // namespace lode::expr::kernels
