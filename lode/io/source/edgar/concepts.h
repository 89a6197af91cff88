// Named numbers of statements ("revenue") and the elements of the taxonomies that have told them, in order of
// preference: companies change elements, taxonomies drop them, and a metric that knows one name alone breaks off.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lode/base/time.h"

namespace lode::source::edgar {

// A tag a concept has gone by, for periods that end in [from, to].
struct DatedTag {
  std::string_view taxonomy, tag;
  Date from, to;
};

// What a concept counts: its unit is a currency, shares, or a currency a share.
enum class Measure : std::uint8_t { kMoney, kShares, kPerShare };
// "USD" is of kMoney, "shares" of kShares, "USD/shares" of kPerShare; anything else of none.
bool is_unit_of(Measure measure, std::string_view unit);

// "revenue": tags in order of preference; the first that has the period counts, and which one it was is told.
struct Concept {
  std::string_view name;
  std::string_view meaning;
  bool is_instant = false;
  std::vector<DatedTag> tags;
  Measure measure = Measure::kMoney;
};
std::span<const Concept> concepts();
const Concept* find_concept(std::string_view name);  // nullptr when unknown.

}  // namespace lode::source::edgar
