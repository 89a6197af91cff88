// Radix sort of (key, index) words, and average ranks from it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "lode/core/expr/kernels/order_lanes.h"

namespace lode::expr::kernels {
namespace {

// Below kFewWords insertion wins.
constexpr std::size_t kFewWords = 48;
// Two digits are sorted by; from kManyWords on larger ones pay for clearing their counters.
constexpr std::size_t kManyWords = 1'000;
constexpr int kShortDigit = 8;
constexpr int kLongDigit = 11;
constexpr std::size_t kMostBuckets = std::size_t{1} << kLongDigit;
// Counting ranks a run faster than sorting it while its keys have no more values than this for each word.
constexpr std::size_t kBucketsPerWord = 16;
// Insertions that cost more than a sort of all words.
constexpr std::size_t kMovesPerWord = 8;

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

// A digit of the keys, counted from `least` up.
template <int kBits>
struct Digit {
  static constexpr std::uint32_t kBuckets = 1U << kBits;
  std::uint32_t least;
  int shift;
  std::uint32_t of(std::uint64_t word) const {
    return ((static_cast<std::uint32_t>(word >> 32) - least) >> shift) & (kBuckets - 1);
  }
};

// A stable counting sort of `from` into `to`. `offsets` holds the counts of the digit and is used up.
template <int kBits>
void scatter(const std::uint64_t* from, std::size_t count, Digit<kBits> digit, std::uint32_t* offsets,
             std::uint64_t* to) {
  std::uint32_t sum = 0;
  for (std::uint32_t bucket = 0; bucket < digit.kBuckets; ++bucket) {
    sum += std::exchange(offsets[bucket], sum);
  }
  for (std::size_t i = 0; i < count; ++i) {
    to[offsets[digit.of(from[i])]++] = from[i];
  }
}

// Every word in its place, where few are far from it. False when there was too much to do: the words are then in
// another order than before, but the same words.
bool settle_near(std::uint64_t* words, std::size_t count) {
  std::size_t left = kMovesPerWord * count;
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t word = words[i];
    if (words[i - 1] <= word) {
      continue;
    }
    std::size_t at = i;
    for (; at > 0 && words[at - 1] > word; --at) {
      words[at] = words[at - 1];
    }
    words[at] = word;
    if (i - at > left) {
      return false;
    }
    left -= i - at;
  }
  return true;
}

// Words in order but for the lowest `left` bits of their keys: where these alone differ, any order.
struct NearlySorted {
  std::uint64_t* words;
  int left;
};

// Sorts by the 2 kBits that tell most within the range of the keys. The values of a date mostly span a few powers of
// two, so that little is left to settle.
template <int kBits>
NearlySorted sort_nearly(const OrderRoom& room, std::size_t count, KeyRange range) {
  int left = std::max(0, static_cast<int>(std::bit_width(range.most - range.least)) - 2 * kBits);
  // Digits count from whole buckets, so that two keys share a digit where they share all but their lowest bits.
  left += ((range.most >> left) - (range.least >> left)) >> (2 * kBits) != 0 ? 1 : 0;
  const std::uint32_t least = range.least >> left << left;
  const Digit<kBits> low{least, left};
  const Digit<kBits> high{least, left + kBits};
  std::uint32_t* const low_counts = room.histogram;
  std::uint32_t* const high_counts = room.histogram + low.kBuckets;
  std::fill_n(room.histogram, 2 * low.kBuckets, 0U);
  for (std::size_t i = 0; i < count; ++i) {
    ++low_counts[low.of(room.words[i])];
    ++high_counts[high.of(room.words[i])];
  }
  scatter(room.words, count, low, low_counts, room.other);
  if ((range.most - least) >> kBits == 0) {
    return {room.other, 0};
  }
  scatter(room.other, count, high, high_counts, room.words);
  return {room.words, left};
}

NearlySorted sort_nearly(const OrderRoom& room, std::size_t count, KeyRange range) {
  return count < kManyWords ? sort_nearly<kShortDigit>(room, count, range)
                            : sort_nearly<kLongDigit>(room, count, range);
}

// Equal upper halves of doubles: their order by the whole value. Mostly they are ties, already in order.
void settle(const double* values, std::uint64_t* words, std::size_t count) {
  const auto less = [values](std::uint64_t a, std::uint64_t b) {
    const double x = values[index_of(a)];
    const double y = values[index_of(b)];
    return x < y || (x == y && a < b);
  };
  const auto same_key = [words](std::size_t i) { return (words[i] >> 32) == (words[i - 1] >> 32); };
  for (std::size_t i = 1; i < count; ++i) {
    const bool is_late = values[index_of(words[i])] < values[index_of(words[i - 1])];
    if (!(static_cast<int>(same_key(i)) & static_cast<int>(is_late))) {  // One branch, mostly taken.
      continue;
    }
    std::size_t begin = i - 1;
    while (begin > 0 && same_key(begin)) {
      --begin;
    }
    while (i < count && same_key(i)) {
      ++i;
    }
    std::sort(words + begin, words + i, less);
  }
}

}  // namespace

OrderRoom OrderRoom::take(Bump& bump, std::size_t width) {
  OrderRoom room;
  room.words = bump.take<std::uint64_t>(width + 2 * kWordsBeyond) + kWordsBeyond;
  room.other = bump.take<std::uint64_t>(width + 2 * kWordsBeyond) + kWordsBeyond;
  room.ranks = bump.take<std::uint32_t>(width + 1);
  room.histogram = bump.take<std::uint32_t>(2 * kMostBuckets);
  return room;
}

std::size_t OrderRoom::bytes(std::size_t width) {
  return 2 * Bump::aligned((width + 2 * kWordsBeyond) * sizeof(std::uint64_t)) +
         Bump::aligned((width + 1) * sizeof(std::uint32_t)) + Bump::aligned(2 * kMostBuckets * sizeof(std::uint32_t));
}

namespace {
std::uint64_t* sort_within(const OrderRoom& room, std::size_t count, KeyRange range) {
  if (count < kFewWords) {
    insertion_sort(room.words, count);
    return room.words;
  }
  const auto [words, left] = sort_nearly(room, count, range);
  if (left > 0 && !settle_near(words, count)) {
    std::sort(words, words + count);  // Nearly all keys are close together, and a few far away.
  }
  return words;
}
}  // namespace

std::uint64_t* sort_words(const OrderRoom& room, std::size_t count) {
  KeyRange range{UINT32_MAX, 0};
  for (std::size_t i = 0; i < count; ++i) {
    const auto key = static_cast<std::uint32_t>(room.words[i] >> 32);
    range = {std::min(range.least, key), std::max(range.most, key)};
  }
  return sort_within(room, count, range);
}

template <class T>
std::span<const std::uint64_t> sorted_valid(const T* values, std::size_t count, const OrderRoom& room) {
  KeyRange range{};
  const std::size_t valid = pack_words(values, count, room.words, range);
  std::uint64_t* words = sort_within(room, valid, range);
  if constexpr (sizeof(T) == sizeof(double)) {
    settle(values, words, valid);
  }
  return {words, valid};
}

namespace {

// Whether sorted words i - 1 and i stand for one value.
template <class T>
bool are_tied(const T* values, const std::uint64_t* words, std::size_t i) {
  const bool has_same_key = (words[i] >> 32) == (words[i - 1] >> 32);
  if constexpr (sizeof(T) == sizeof(float)) {
    return has_same_key;
  } else {
    const bool is_equal = values[index_of(words[i])] == values[index_of(words[i - 1])];
    return (static_cast<int>(has_same_key) & static_cast<int>(is_equal)) != 0;
  }
}

// twice[i] = twice the rank of sorted word i. Without branches: where ties begin and end cannot be foretold.
template <class T>
void rank_twice(const T* values, std::span<const std::uint64_t> words, Ties ties, std::uint32_t* twice) {
  const auto n = static_cast<std::uint32_t>(words.size());
  std::uint32_t first = 1;
  for (std::uint32_t i = 0; i < n; ++i) {
    first = i > 0 && are_tied(values, words.data(), i) ? first : i + 1;
    twice[i] = ties == Ties::kFirst ? i + 1 : first;
  }
  if (ties == Ties::kMin || ties == Ties::kFirst) {
    std::transform(twice, twice + n, twice, [](std::uint32_t rank) { return 2 * rank; });
    return;
  }
  std::uint32_t last = n;
  std::uint32_t after = 0;  // The first rank among the ties of the word after.
  for (std::uint32_t i = n; i-- > 0;) {
    const std::uint32_t here = twice[i];
    last = here == after ? last : i + 1;
    twice[i] = ties == Ties::kMax ? 2 * last : here + last;
    after = here;
  }
}

// Average ranks of floats: their words need not be wholly in order.
bool rank_nearly(const float* values, std::size_t count, RankScale scale, float* out, const OrderRoom& room) {
  KeyRange range{};
  const std::size_t n = pack_words(values, count, room.words, range);
  if (n < kFewWords) {
    return false;
  }
  if (n < count) {
    std::fill_n(out, count, kMissing<float>);
  }
  const auto [words, left] = sort_nearly(room, n, range);
  const bool is_from_zero = scale == RankScale::kFromZero;
  const std::size_t whole = scale == RankScale::kPlaces ? 1 : n - (is_from_zero ? 1 : 0);
  rank_near_words(words, n, left, {is_from_zero ? 2U : 0U, static_cast<float>(whole), room.histogram}, out);
  return true;
}

}  // namespace

namespace {

// Words of one run, in any order: ranks by counting keys, whose lowest bits alone differ.
void rank_by_counts(std::span<const std::uint64_t> run, std::size_t before, std::uint32_t buckets,
                    const RankShare& share, float* out) {
  std::uint32_t* const counts = share.counts;
  std::fill_n(counts, buckets, 0U);
  for (const std::uint64_t word : run) {
    ++counts[(word >> 32) & (buckets - 1)];
  }
  auto below = static_cast<std::uint32_t>(before);
  for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
    const std::uint32_t tied = std::exchange(counts[bucket], 2 * below + counts[bucket] + 1);  // Twice their rank.
    below += tied;
  }
  for (const std::uint64_t word : run) {
    out[index_of(word)] = share.of(counts[(word >> 32) & (buckets - 1)]);
  }
}

// Words of one run in ascending order.
void rank_sorted_run(std::span<const std::uint64_t> run, std::size_t before, const RankShare& share, float* out) {
  for (std::size_t first = 0; first < run.size();) {
    std::size_t last = first + 1;
    while (last < run.size() && (run[last] ^ run[first]) >> 32 == 0) {
      ++last;
    }
    const float shared = share.of(2 * before + first + 1 + last);
    for (; first < last; ++first) {
      out[index_of(run[first])] = shared;
    }
  }
}

}  // namespace

void rank_run(std::span<std::uint64_t> run, std::size_t before, std::uint32_t differences, const RankShare& share,
              float* out) {
  const std::uint32_t buckets = std::bit_ceil(differences + 1);
  if (buckets <= kMostBuckets && buckets <= kBucketsPerWord * run.size()) {
    rank_by_counts(run, before, buckets, share, out);
  } else {
    std::ranges::sort(run);
    rank_sorted_run(run, before, share, out);
  }
}

template <class T>
void rank_cells(const T* values, std::size_t count, Ties ties, RankScale scale, T* out, const OrderRoom& room) {
  if constexpr (sizeof(T) == sizeof(float)) {
    if (ties == Ties::kAverage && rank_nearly(values, count, scale, out, room)) {
      return;
    }
  }
  const std::span<const std::uint64_t> words = sorted_valid(values, count, room);
  const std::size_t n = words.size();
  if (n < count) {
    std::fill_n(out, count, kMissing<T>);
  }
  // What is given out, in sorted order, goes to the half of the room where the words are not.
  std::uint64_t* const spare = words.data() == room.words ? room.other : room.words;
  rank_twice(values, words, ties, room.ranks);
  T* const shares = reinterpret_cast<T*>(spare);
  std::size_t whole = scale == RankScale::kPlaces ? 1 : n;
  if (scale == RankScale::kFromZero) {
    const std::uint32_t first = n > 1 ? 2 : 1;  // Twice the rank of the first; a lone cell keeps half a place.
    std::transform(room.ranks, room.ranks + n, room.ranks, [first](std::uint32_t twice) { return twice - first; });
    whole = n > 1 ? n - 1 : 1;
  }
  divide_halves(room.ranks, n, static_cast<T>(whole), shares);
  for (std::size_t i = 0; i < n; ++i) {
    out[index_of(words[i])] = shares[i];
  }
}

template std::span<const std::uint64_t> sorted_valid(const float*, std::size_t, const OrderRoom&);
template std::span<const std::uint64_t> sorted_valid(const double*, std::size_t, const OrderRoom&);
template void rank_cells(const float*, std::size_t, Ties, RankScale, float*, const OrderRoom&);
template void rank_cells(const double*, std::size_t, Ties, RankScale, double*, const OrderRoom&);

}  // namespace lode::expr::kernels
