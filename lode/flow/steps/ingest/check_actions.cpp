// Actions against bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/check_actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lode::flow {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr Time kAll{std::numeric_limits<std::int64_t>::max()};

bool changes_prices(ActionKind kind) {
  return kind != ActionKind::kRename && kind != ActionKind::kMerger && kind != ActionKind::kDelisting;
}

bool is_off_session(const Calendar* calendar, Date day) {
  return calendar != nullptr && day >= calendar->first() && day < calendar->last() && !calendar->is_session(day);
}

}  // namespace

Result<ActionsOf> read_actions(const lake::Snapshot& snapshot) {
  ActionsOf out;
  if (snapshot.parts("actions").empty()) {
    return out;
  }
  LODE_TRY(const Batch rows, snapshot.read("actions", {}));
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    Action action;
    action.ex_date = Date{rows.column("ex_date").dates()[row]};
    if (!parse_action_kind(rows.column("kind").texts()[row], action.kind)) {
      continue;
    }
    const Column& ratio = rows.column("ratio");
    const Column& amount = rows.column("amount");
    action.ratio = ratio.is_null(row) ? 1.0 : ratio.float64s()[row];
    action.amount = amount.is_null(row) ? kMissing : amount.float64s()[row];
    action.known_time = Time{rows.column("known_time").times()[row]};
    out[InstrumentId{rows.column("instrument_id").uint64s()[row]}].push_back(action);
  }
  for (auto& [id, actions] : out) {
    std::ranges::stable_sort(actions, {}, &Action::ex_date);
  }
  return out;
}

void check_actions(const ActionLife& life, std::span<const Action> actions, CheckReport& report) {
  // An action before the first bar of the span has no price to apply to; that is no fault of the action.
  std::vector<Action> applicable;
  std::ranges::copy_if(actions, std::back_inserter(applicable),
                       [&](const Action& action) { return action.ex_date > life.sessions.front(); });
  for (const ActionFault& fault : adjust(life.sessions, life.closes, applicable, kAll, Adjust::kAll).faults) {
    report.action_faults.push_back(fmt::format("{} {} {}: {}", life.symbol, to_string(fault.action.ex_date),
                                               to_string(fault.action.kind), fault.reason));
  }
  for (const Action& action : actions) {
    const Date ex = action.ex_date;
    if (!changes_prices(action.kind) || (life.from && ex < *life.from) || (life.to && ex > *life.to)) {
      continue;
    }
    const auto remark = [&](std::string reason, std::string effect) {
      report.action_remarks.push_back(
          {life.symbol, ex, std::string(to_string(action.kind)), std::move(reason), std::move(effect)});
    };
    if (!life.from && ex <= life.sessions.front()) {
      remark("on or before the first bar", "changes nothing, no bar stands before it");
    } else if (!life.to && ex > life.sessions.back()) {
      remark("after the last bar", "scales every bar alike");
    } else if (is_off_session(life.calendar, ex)) {
      remark("on a day without a session",
             fmt::format("applied to every bar before it, as if on {}", to_string(life.calendar->at_or_after(ex))));
    }
  }
}

void check_actions_without_bars(const std::string& symbol, std::span<const Action> actions, CheckReport& report) {
  for (const Action& action : actions) {
    if (changes_prices(action.kind)) {
      report.action_remarks.push_back({symbol, action.ex_date, std::string(to_string(action.kind)),
                                       "of a symbol without bars", "changes nothing until bars come"});
    }
  }
}

}  // namespace lode::flow
