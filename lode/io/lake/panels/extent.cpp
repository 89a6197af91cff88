// Extents of daily bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/extent.h"

#include <algorithm>

namespace lode::lake {

void Extent::add(std::uint64_t id, Date first, Date last) {
  const auto [place, added] = spans.try_emplace(id, Span{first, last});
  if (!added) {
    place->second.first = std::min(place->second.first, first);
    place->second.last = std::max(place->second.last, last);
  }
}

void ExtentReader::take(const Chunk& chunk) {
  const auto ids = chunk.values<std::uint64_t>(0);
  const auto days = chunk.values<std::int32_t>(1);
  for (std::size_t begin = 0; begin < chunk.rows();) {
    const std::uint64_t id = ids[begin];
    std::size_t end = begin + 1;
    while (end < chunk.rows() && ids[end] == id) {
      ++end;
    }
    const auto run = days.subspan(begin, end - begin);
    std::int32_t first = run.front();
    std::int32_t last = first;
    for (const std::int32_t day : run) {
      first = std::min(first, day);
      last = std::max(last, day);
    }
    extent_.add(id, Date{first}, Date{last});
    make_room(first, last);
    for (const std::int32_t day : run) {
      seen_[static_cast<std::size_t>(day - start_)] = 1;
    }
    begin = end;
  }
}

void ExtentReader::merge_into(Extent& whole) const {
  for (const auto& [id, span] : extent_.spans) {
    whole.add(id, span.first, span.last);
  }
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    if (seen_[i] != 0) {
      whole.days.insert(Date{start_ + static_cast<std::int32_t>(i)});
    }
  }
}

void ExtentReader::make_room(std::int32_t first, std::int32_t last) {
  if (seen_.empty()) {
    start_ = first;
  }
  if (first < start_) {
    seen_.insert(seen_.begin(), static_cast<std::size_t>(start_ - first), 0);
    start_ = first;
  }
  const auto size = static_cast<std::size_t>(last - start_) + 1;
  if (size > seen_.size()) {
    seen_.resize(size, 0);
  }
}

}  // namespace lode::lake
