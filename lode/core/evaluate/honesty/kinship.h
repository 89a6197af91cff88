// New or known? The book of a factor held against those of the named factors of its lake: how alike they are, and what
// is left of it when they are taken out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/stat/inference.h"

namespace lode::evaluate {

inline constexpr std::size_t kMostRelatives = 10;

struct KnownBook {
  std::string name;
  TrialBook book;
};

struct Relative {
  std::string name;
  double correlation;      // Pearson, of the gross books on their common sessions.
  stat::Coefficient beta;  // In the regression on all of them; Newey-West errors.
};

struct Kinship {
  std::vector<Relative> relatives;  // The kMostRelatives most alike, by the size of the correlation.
  stat::Coefficient alpha;          // A session, left after them; Newey-West errors.
  double r2 = kNoValue;
  std::int64_t sessions = 0;  // On which all of them have a book.
  std::string reason;         // Why there is nothing to tell; "" else.
};

// Books with returns on kEnoughSessions of the sessions of `own` take part. Gross returns, formulas as they stand.
Kinship kinship(const TrialBook& own, std::span<const KnownBook> known);

}  // namespace lode::evaluate
