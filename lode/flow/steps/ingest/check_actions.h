// What the actions of a lake do to its prices, and what they do not: those that cannot be applied are faults, those
// that stand where nobody would look for them are told with what becomes of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "lode/flow/steps/ingest/check.h"
#include "lode/io/lake/lake.h"
#include "lode/market/action.h"
#include "lode/market/calendar.h"
#include "lode/market/instrument.h"

namespace lode::flow {

using ActionsOf = std::unordered_map<InstrumentId, std::vector<Action>>;
// The current view of the table; none when it has no rows. Of unknown kinds nothing is read.
Result<ActionsOf> read_actions(const lake::Snapshot& snapshot);

// The bars that one instrument's actions meet.
struct ActionLife {
  std::string symbol;
  const Calendar* calendar = nullptr;  // nullptr: every day may be a session.
  std::span<const Date> sessions;      // Ascending, at least one.
  std::span<const double> closes;      // Raw; NaN where none.
  std::optional<Date> from, to;        // The checked span: actions outside it are not told.
};

// Adds to report.action_faults what adjust() refuses, and to report.action_remarks the actions that change prices and
// stand on a day without a session, on or before the first bar, or after the last one. Ends of a span that was asked
// for are no ends of the instrument.
void check_actions(const ActionLife& life, std::span<const Action> actions, CheckReport& report);
// The same for actions of an instrument without any bar.
void check_actions_without_bars(const std::string& symbol, std::span<const Action> actions, CheckReport& report);

}  // namespace lode::flow
