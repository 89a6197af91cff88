// Batch::sorted_rows: every key column becomes a dense unsigned number, the numbers of a row are packed into as few
// 64-bit words as they fit, and the words are sorted by least-significant-digit radix passes. A million rows by (id,
// interval, session, start) is three passes over one word, without a comparison through a variant.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <numeric>
#include <unordered_map>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/market/batch.h"

namespace lode {
namespace {

using Keys = std::vector<std::uint64_t>;

// Ordered codes of one column, nulls lowest, all below 2^bits.
struct Code {
  Keys keys;
  int bits = 0;
};

// Above this many distinct values a dictionary costs more than the radix passes it saves.
constexpr std::size_t kDictionaryLimit = 1 << 14;
constexpr std::size_t kDictionarySlots = 4 * kDictionaryLimit;
// Codes this narrow need no dictionary: one radix digit or two hold them.
constexpr int kNarrowBits = 16;
constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

std::uint64_t ordered(std::int64_t value) { return std::bit_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63); }

std::uint64_t ordered(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value == 0.0 ? 0.0 : value);  // -0 sorts as 0.
  return (bits >> 63) != 0 ? ~bits : bits | (std::uint64_t{1} << 63);
}

// Replaces codes by their ranks when few values are distinct (instruments, sessions); leaves them alone otherwise.
void rank_few(Keys& keys) {
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t rank = 0;
    bool used = false;
  };
  std::vector<Slot> slots(kDictionarySlots);
  const auto slot_of = [&slots](std::uint64_t key) -> Slot& {
    std::size_t at = (key * 0x9E3779B97F4A7C15ULL) >> 48;  // 2^16 slots: the top bits of a multiplicative hash.
    while (slots[at].used && slots[at].key != key) {
      at = (at + 1) % kDictionarySlots;
    }
    return slots[at];
  };
  static_assert(kDictionarySlots == std::size_t{1} << 16);
  Keys distinct;
  for (const std::uint64_t key : keys) {
    Slot& slot = slot_of(key);
    if (!slot.used) {
      if (distinct.size() == kDictionaryLimit) {
        return;
      }
      slot = {key, 0, true};
      distinct.push_back(key);
    }
  }
  std::ranges::sort(distinct);
  for (std::size_t rank = 0; rank < distinct.size(); ++rank) {
    slot_of(distinct[rank]).rank = static_cast<std::uint32_t>(rank);
  }
  for (std::uint64_t& key : keys) {
    key = slot_of(key).rank;
  }
}

// Ranks of strings by bytes.
Keys rank_texts(const TextData& texts) {
  std::unordered_map<std::string_view, std::uint64_t> ranks;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    ranks.emplace(texts[row], 0);
  }
  std::vector<std::string_view> distinct;
  distinct.reserve(ranks.size());
  for (const auto& [text, rank] : ranks) {
    distinct.push_back(text);
  }
  std::ranges::sort(distinct);
  for (std::size_t rank = 0; rank < distinct.size(); ++rank) {
    ranks[distinct[rank]] = rank;
  }
  Keys keys(texts.size());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    keys[row] = ranks.find(texts[row])->second;
  }
  return keys;
}

template <class T, class F>
Keys map_keys(std::span<const T> values, F code) {
  Keys keys(values.size());
  std::ranges::transform(values, keys.begin(), code);
  return keys;
}

Keys raw_keys(const Column& column) {
  switch (column.type()) {
    case ColumnType::kInt64:
      return map_keys(column.int64s(), [](std::int64_t value) { return ordered(value); });
    case ColumnType::kTime:
      return map_keys(column.times(), [](std::int64_t value) { return ordered(value); });
    case ColumnType::kUint64:
      return map_keys(column.uint64s(), [](std::uint64_t value) { return value; });
    case ColumnType::kFloat64:
      return map_keys(column.float64s(), [](double value) { return ordered(value); });
    case ColumnType::kDate:
      return map_keys(column.dates(), [](std::int32_t days) { return ordered(std::int64_t{days}); });
    case ColumnType::kBool:
      return map_keys(column.bools(), [](std::uint8_t value) { return std::uint64_t{value}; });
    case ColumnType::kText:
      return rank_texts(column.texts());
  }
  return {};
}

int width(std::uint64_t top) { return static_cast<int>(std::bit_width(top)); }

// Shifts codes to start at 0; returns the largest.
std::uint64_t rebase(Keys& keys) {
  const auto [low, high] = std::ranges::minmax(keys);
  for (std::uint64_t& key : keys) {
    key -= low;
  }
  return high - low;
}

// The codes of one column; where nulls stand beside a full 64-bit range, the null bit is a code of its own in front.
void append_codes(const Column& column, std::vector<Code>& out) {
  Keys keys = raw_keys(column);
  const bool nullable = column.null_count() > 0;
  Keys valid;
  if (nullable) {
    valid.resize(keys.size());
    for (std::size_t row = 0; row < keys.size(); ++row) {
      valid[row] = column.is_null(row) ? 0 : 1;
    }
    const auto some = std::ranges::find(valid, std::uint64_t{1});
    const std::uint64_t filler = some == valid.end() ? 0 : keys[static_cast<std::size_t>(some - valid.begin())];
    for (std::size_t row = 0; row < keys.size(); ++row) {
      keys[row] = valid[row] != 0 ? keys[row] : filler;  // Nulls are equal to each other, whatever their slots hold.
    }
    out.push_back({std::move(valid), 1});
  }
  std::uint64_t top = rebase(keys);
  if (width(top) > kNarrowBits) {
    rank_few(keys);
    top = rebase(keys);
  }
  out.push_back({std::move(keys), width(top)});
}

// Packs codes, most significant first, into words of at most 64 bits.
std::vector<Code> pack(std::vector<Code> codes) {
  std::vector<Code> words;
  for (Code& code : codes) {
    if (code.bits == 0) {
      continue;  // A constant orders nothing.
    }
    if (words.empty() || words.back().bits + code.bits > 64) {
      words.push_back(std::move(code));
      continue;
    }
    Code& word = words.back();
    for (std::size_t row = 0; row < word.keys.size(); ++row) {
      word.keys[row] = (word.keys[row] << code.bits) | code.keys[row];
    }
    word.bits += code.bits;
  }
  return words;
}

struct Item {
  std::uint64_t key;
  std::uint32_t row;
};

// Stable sort of items by the low `bits` of their keys.
void radix_sort(std::vector<Item>& items, int bits) {
  std::vector<Item> other(items.size());
  for (int shift = 0; shift < bits; shift += kDigitBits) {
    std::vector<std::size_t> starts(kDigits + 1, 0);
    for (const Item& item : items) {
      ++starts[((item.key >> shift) & (kDigits - 1)) + 1];
    }
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (const Item& item : items) {
      other[starts[(item.key >> shift) & (kDigits - 1)]++] = item;
    }
    items.swap(other);
  }
}

bool already_sorted(const std::vector<Code>& words, std::size_t rows) {
  for (std::size_t row = 1; row < rows; ++row) {
    for (const Code& word : words) {
      if (word.keys[row - 1] != word.keys[row]) {
        if (word.keys[row - 1] > word.keys[row]) {
          return false;
        }
        break;
      }
    }
  }
  return true;
}

}  // namespace

std::vector<std::uint32_t> Batch::sorted_rows(std::span<const std::string_view> keys) const {
  const std::size_t count = rows();
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  if (count < 2) {
    return order;
  }
  std::vector<Code> codes;
  for (const std::string_view key : keys) {
    append_codes(column(key), codes);
  }
  const std::vector<Code> words = pack(std::move(codes));
  if (already_sorted(words, count)) {
    return order;
  }
  std::vector<Item> items(count);
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    for (std::size_t i = 0; i < count; ++i) {
      items[i] = {word->keys[order[i]], order[i]};
    }
    radix_sort(items, word->bits);
    std::ranges::transform(items, order.begin(), &Item::row);
  }
  return order;
}

}  // namespace lode
