// Who traded when: first and last daily bar of each instrument, and the days with any bar.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "lode/base/time.h"
#include "lode/io/lake/duckdb.h"

namespace lode::lake {

// What the bars read so far say. Empty where none was read.
struct Extent {
  struct Span {
    Date first, last;
  };
  std::unordered_map<std::uint64_t, Span> spans;  // By instrument id
  std::set<Date> days;

  // Widens the span of `id` to hold both days. Does not touch `days`.
  void add(std::uint64_t id, Date first, Date last);
};

// The extent of one partition, read chunk by chunk (columns instrument_id and session first). Rows mostly come sorted
// by instrument, so a run of one instrument costs one look-up.
class ExtentReader {
 public:
  void take(const Chunk& chunk);
  // Adds what was read to `whole`.
  void merge_into(Extent& whole) const;

 private:
  void make_room(std::int32_t first, std::int32_t last);

  Extent extent_;
  std::vector<std::uint8_t> seen_;  // By day from start_ on
  std::int32_t start_ = 0;
};

}  // namespace lode::lake
