// Relabel: what was imported under one exchange (XXXX: none) is given to another. The rows of each old commit are
// judged by the new exchange's calendar and stored under its instruments in a commit of their own, which keeps when
// each version was known; then the old commits are hidden. Nothing is deleted, and runs on older commits still
// reproduce.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/io/lake/lake.h"
#include "lode/market/calendar.h"
#include "lode/market/instrument.h"

namespace lode::flow {

// What would happen: reads only.
struct RelabelPlan {
  std::string was;                              // "XXXX"
  std::string mic;                              // "XNYS"
  const Calendar* calendar = nullptr;           // Of `mic`.
  std::vector<lake::CommitInfo> commits;        // To be stored again and hidden, oldest first.
  std::vector<lake::CommitInfo> unfinished;     // Hidden by an earlier call that may not have come to its end.
  std::map<InstrumentId, std::string> symbols;  // Instruments under `was`, with their symbols.
  std::int64_t bars = 0;
  std::int64_t off_session = 0;  // Of bars: on days that are no session of `mic`.
  std::optional<Date> first, last;
};

// E2019 unknown exchange, E0004 for none or the same.
Result<RelabelPlan> plan_relabel(const lake::Lake& lake, const std::string& was, const std::string& mic);

struct RelabelReport {
  std::int64_t kept = 0;
  std::int64_t set_aside = 0;
  std::int64_t other_rows = 0;  // Of groups, universes and actions.
  std::vector<lake::CommitId> hidden;
  std::vector<lake::CommitId> made;
};

// Carries the plan out; stopped at any point, the same call again ends it. E0010 stopped by the user, E8003 .. E8009.
Result<RelabelReport> relabel(World& world, lake::Lake& lake, const RelabelPlan& plan);

}  // namespace lode::flow
