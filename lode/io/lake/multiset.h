// A fingerprint of a Batch as a multiset of rows: equal for the same rows in any order, different (but for chance of
// about 2^-64) when a row is lost, doubled or changed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/market/batch.h"

namespace lode::lake {

struct RowMultiset {
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;      // Of row hashes, modulo 2^64.
  std::uint64_t squares = 0;  // Of their squares: two errors that cancel in the sum do not cancel here too.
  bool operator==(const RowMultiset&) const = default;
};

// Column names and order belong to the fingerprint; nulls differ from every value.
RowMultiset multiset_of(const Batch& batch);

}  // namespace lode::lake
