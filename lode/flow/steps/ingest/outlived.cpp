// Telling of delistings that bars outlive.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/outlived.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "lode/base/printable.h"
#include "lode/base/text.h"

namespace lode::flow {

std::string outlived_note(std::vector<lake::Outlived> found) {
  if (found.empty()) {
    return "";
  }
  const lake::Outlived& first = *std::ranges::min_element(found, {}, [](const lake::Outlived& one) {
    return std::tuple(std::string_view(one.symbol), one.delisted_on, one.last);
  });
  const auto count = static_cast<std::int64_t>(found.size());
  return fmt::format("{} after {} delisting, first {} ({}, bars to {}): lode data check",
                     count == 1 ? "1 name has bars" : grouped(count) + " names have bars", count == 1 ? "its" : "their",
                     printable(first.symbol), to_string(first.delisted_on), to_string(first.last));
}

}  // namespace lode::flow
