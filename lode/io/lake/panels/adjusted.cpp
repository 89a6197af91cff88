// Adjusted prices and volumes of a window.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/adjusted.h"

#include <fmt/format.h>

#include <limits>
#include <map>

namespace lode::lake {

namespace {

Result<std::map<std::size_t, std::vector<Action>>> read_actions(const Snapshot& snapshot, const Axis& axis,
                                                                std::optional<Time> as_of) {
  Query query;
  query.to = axis.sessions.back();
  query.as_of = as_of;
  LODE_TRY(const Batch batch, snapshot.read("actions", query));
  std::map<std::size_t, std::vector<Action>> by_column;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int column = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    Action action;
    if (column < 0 || !parse_action_kind(batch.column("kind").texts()[row], action.kind)) {
      continue;
    }
    const bool moves = action.kind != ActionKind::kRename && action.kind != ActionKind::kMerger &&
                       action.kind != ActionKind::kDelisting;
    if (!moves) {
      continue;  // Nothing to adjust; delistings act through the last return.
    }
    const auto number = [&](std::string_view name) {
      const Column& values = batch.column(name);
      return values.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : values.float64s()[row];
    };
    action.ex_date = Date{batch.column("ex_date").dates()[row]};
    action.ratio = number("ratio");
    action.amount = number("amount");
    action.known_time = Time{batch.column("known_time").times()[row]};
    by_column[static_cast<std::size_t>(column)].push_back(action);
  }
  return by_column;
}

}  // namespace

Result<Adjustments> read_adjustments(const Snapshot& snapshot, const Axis& axis, const Panel& raw_close,
                                     std::optional<Time> as_of, Adjust mode, Pool& pool) {
  Adjustments out;
  if (mode == Adjust::kNone) {
    return out;
  }
  LODE_TRY(const auto by_column, read_actions(snapshot, axis, as_of));
  std::vector<const std::vector<Action>*> actions;
  for (const auto& [column, list] : by_column) {
    out.columns.push_back({column, {}});
    actions.push_back(&list);
  }
  const Time known_by = as_of.value_or(Time{std::numeric_limits<std::int64_t>::max()});
  pool.for_each(out.columns.size(), [&](std::size_t i) {
    std::vector<double> close(axis.rows());
    for (std::size_t row = 0; row < close.size(); ++row) {
      close[row] = raw_close.row64(row)[out.columns[i].column];
    }
    out.columns[i].factors = adjust(axis.sessions, close, *actions[i], known_by, mode);
  });
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    const Adjustment& factors = out.columns[i].factors;
    out.applied += static_cast<std::int64_t>(actions[i]->size() - factors.faults.size());
    for (const ActionFault& fault : factors.faults) {
      out.faults.push_back(fmt::format("{} {} {}: {}", axis.symbols[out.columns[i].column], to_string(fault.action.ex_date),
                                       to_string(fault.action.kind), fault.reason));
    }
  }
  return out;
}

Panel Adjustments::apply(const Panel& raw, bool is_volume, Pool& pool) const {
  if (columns.empty()) {
    return raw;
  }
  Panel out(raw.shared_axis(), Precision::kFloat64);
  pool.for_each(raw.rows(), [&](std::size_t row) {
    const auto from = raw.row64(row);
    const auto to = out.mutable_row64(row);
    std::copy(from.begin(), from.end(), to.begin());
    for (const Column& column : columns) {
      to[column.column] *= is_volume ? column.factors.volume[row] : column.factors.price[row];
    }
  });
  return out;
}

}  // namespace lode::lake
