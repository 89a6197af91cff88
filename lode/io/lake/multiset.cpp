// Row hashes are built column by column: hash = mix(hash ^ cell), with 128-bit multiplication as the mixer (as in
// wyhash, W. Yi 2020).
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/multiset.h"

#include <bit>
#include <vector>

#include "lode/base/hash.h"

namespace lode::lake {
namespace {

constexpr std::uint64_t kNull = 0x9AE16A3B2F90404FULL;  // Odd constants without meaning, far from each other.
constexpr std::uint64_t kFactor = 0xC3A5C85C97CB3127ULL;

std::uint64_t mix(std::uint64_t a) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ kNull) * kFactor;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template <class Cell>
void add_column(const Column& column, std::vector<std::uint64_t>& hashes, const Cell& cell) {
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    hashes[row] = mix(hashes[row] ^ (column.is_null(row) ? kNull : mix(cell(row))));
  }
}

void add_column(const Column& column, std::vector<std::uint64_t>& hashes) {
  switch (column.type()) {
    case ColumnType::kInt64:
      return add_column(column, hashes,
                        [v = column.int64s()](std::size_t i) { return static_cast<std::uint64_t>(v[i]); });
    case ColumnType::kUint64:
      return add_column(column, hashes, [v = column.uint64s()](std::size_t i) { return v[i]; });
    case ColumnType::kFloat64:
      return add_column(column, hashes,
                        [v = column.float64s()](std::size_t i) { return std::bit_cast<std::uint64_t>(v[i]); });
    case ColumnType::kDate:
      return add_column(column, hashes,
                        [v = column.dates()](std::size_t i) { return static_cast<std::uint64_t>(v[i]); });
    case ColumnType::kTime:
      return add_column(column, hashes,
                        [v = column.times()](std::size_t i) { return static_cast<std::uint64_t>(v[i]); });
    case ColumnType::kText:
      return add_column(column, hashes, [&v = column.texts()](std::size_t i) { return xxh3(v[i]); });
    case ColumnType::kBool:
      return add_column(column, hashes, [v = column.bools()](std::size_t i) { return std::uint64_t{v[i]}; });
  }
}

}  // namespace

RowMultiset multiset_of(const Batch& batch) {
  std::uint64_t names = 0;
  for (const Column& column : batch.columns()) {
    names = mix(names ^ xxh3(column.name()));
  }
  std::vector<std::uint64_t> hashes(batch.rows(), names);
  for (const Column& column : batch.columns()) {
    add_column(column, hashes);
  }
  RowMultiset out{.rows = batch.rows(), .sum = 0, .squares = 0};
  for (const std::uint64_t hash : hashes) {
    out.sum += hash;
    out.squares += hash * hash;
  }
  return out;
}

}  // namespace lode::lake
