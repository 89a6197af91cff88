// What identifies a set of values and can be added up: a digest a factor, and counts. The digest of sessions together
// is the sum of theirs, so that some can be exchanged for others without reading the rest.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/time.h"
#include "lode/base/value.h"

namespace lode::flow {

// 128 bits as two sums modulo 2^64. Of a session: XXH3-128 of its date and its cells (instrument and value to the bit,
// missing as one value), in order; a session without cells adds nothing.
struct ValueDigest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  void add(std::string_view session_bytes);
  bool operator==(const ValueDigest&) const = default;
};
std::string to_string(const ValueDigest& digest);                // "sum:" and 32 digits
std::optional<ValueDigest> parse_digest(std::string_view text);  // Nothing for what is none

struct ValueTotals {
  explicit ValueTotals(std::size_t factors = 0) : digests(factors), valid(factors, 0) {}

  std::vector<ValueDigest> digests;  // By factor
  std::vector<std::int64_t> valid;   // Cells with a value
  std::int64_t rows = 0;             // Sessions times instruments inside the universe

  void add(const ValueTotals& other);
  void take_away(const ValueTotals& other);
};

// In the outcome of a run: "values" and "valid", an object by factor each, and "rows".
void put_totals(const ValueTotals& totals, const std::vector<std::string>& names, Value& outcome);
// By these names; nothing where one lacks, or an earlier version wrote them otherwise.
std::optional<ValueTotals> totals_in(const Value& outcome, const std::vector<std::string>& names);

}  // namespace lode::flow
