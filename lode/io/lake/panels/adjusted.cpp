// Adjusted prices and volumes of a window.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/adjusted.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/panels/cells.h"

namespace lode::lake {

namespace {

constexpr std::size_t kColumnsTogether = 8;  // Closes of neighbours share a cache line of each row.

bool moves_prices(ActionKind kind, Adjust mode) {
  switch (kind) {
    case ActionKind::kSplit:
      return true;
    case ActionKind::kRename:
    case ActionKind::kMerger:
    case ActionKind::kDelisting:
      return false;  // Delistings act through the last return.
    default:
      return mode == Adjust::kAll;
  }
}

// The money of an exchange's prices; "" where it is not known.
std::string_view money_of(std::string_view mic) {
  if (mic == "XNYS" || mic == "XNAS") {
    return "USD";
  }
  return mic == "XASX" ? "AUD" : "";
}

// The money an instrument's prices are in, by column: its own where that is known, else its exchange's.
Result<std::map<std::size_t, std::string>> read_money(const Snapshot& snapshot, const Axis& axis) {
  std::map<std::size_t, std::string> out;
  LODE_TRY(const Batch batch, snapshot.read("instruments", {}));
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int column = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    if (column >= 0) {
      const Column& currency = batch.column("currency");
      out[static_cast<std::size_t>(column)] =
          currency.is_null(row) ? money_of(batch.column("mic").texts()[row]) : currency.texts()[row];
    }
  }
  return out;
}

// Payments in another money than the prices are faults: without a rate of exchange they say nothing about a price.
struct Actions {
  std::map<std::size_t, std::vector<Action>> by_column;
  std::vector<std::string> foreign;
};

// Actions that can change a price of the window, by column. One on or before the first session changes none of it.
Result<Actions> read_actions(const Snapshot& snapshot, const Axis& axis, std::optional<Time> as_of, Adjust mode) {
  Actions out;
  if (snapshot.state().of("actions").empty()) {
    return out;  // The SQL engine need not even start.
  }
  Query query;
  query.from = axis.sessions.front() + 1;
  query.to = as_of ? std::min(axis.sessions.back(), utc_date(*as_of)) : axis.sessions.back();
  query.as_of = as_of;
  LODE_TRY(const Batch batch, snapshot.read("actions", query));
  const Column& currency = batch.column("currency");
  std::map<std::size_t, std::string> money;
  if (currency.null_count() < batch.rows()) {
    LODE_TRY(money, read_money(snapshot, axis));
  }
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const int column = axis.column_of(InstrumentId{batch.column("instrument_id").uint64s()[row]});
    Action action;
    const bool known = parse_action_kind(batch.column("kind").texts()[row], action.kind);
    if (column < 0 || !known || !moves_prices(action.kind, mode)) {
      continue;
    }
    const auto number = [&](std::string_view name) {
      const Column& values = batch.column(name);
      return values.is_null(row) ? std::numeric_limits<double>::quiet_NaN() : values.float64s()[row];
    };
    action.ex_date = Date{batch.column("ex_date").dates()[row]};
    action.ratio = number("ratio");
    action.amount = number("amount");
    action.known_time = Time{batch.column("known_time").times()[row]};
    const auto prices = money.find(static_cast<std::size_t>(column));
    if (action.kind != ActionKind::kSplit && !currency.is_null(row) && prices != money.end() &&
        !prices->second.empty() && prices->second != currency.texts()[row]) {
      out.foreign.push_back(fmt::format("{} {} {}: in {}, prices are in {}", axis.symbols[prices->first],
                                        to_string(action.ex_date), to_string(action.kind), currency.texts()[row],
                                        prices->second));
      continue;
    }
    out.by_column[static_cast<std::size_t>(column)].push_back(action);
  }
  return out;
}

}  // namespace

Result<Adjustments> read_adjustments(const Snapshot& snapshot, const Axis& axis, const Panel& raw_close,
                                     std::optional<Time> as_of, Adjust mode, Pool& pool) {
  Adjustments out;
  if (mode == Adjust::kNone) {
    return out;
  }
  LODE_TRY(Actions found, read_actions(snapshot, axis, as_of, mode));
  out.faults = std::move(found.foreign);
  std::vector<const std::vector<Action>*> actions;
  for (const auto& [column, list] : found.by_column) {
    out.columns.push_back({column, {}});
    actions.push_back(&list);
  }
  const Time known_by = as_of.value_or(Time{std::numeric_limits<std::int64_t>::max()});
  const std::size_t groups = (out.columns.size() + kColumnsTogether - 1) / kColumnsTogether;
  pool.for_each(groups, [&](std::size_t group) {
    const std::size_t begin = group * kColumnsTogether;
    const std::size_t end = std::min(begin + kColumnsTogether, out.columns.size());
    std::vector<std::vector<double>> closes(end - begin, std::vector<double>(axis.rows()));
    for (std::size_t row = 0; row < axis.rows(); ++row) {
      const auto cells = raw_close.row64(row);
      for (std::size_t i = begin; i < end; ++i) {
        closes[i - begin][row] = cells[out.columns[i].column];
      }
    }
    for (std::size_t i = begin; i < end; ++i) {
      out.columns[i].factors = adjust(axis.sessions, closes[i - begin], *actions[i], known_by, mode);
    }
  });
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    const Adjustment& factors = out.columns[i].factors;
    out.applied += static_cast<std::int64_t>(actions[i]->size() - factors.faults.size());
    for (const ActionFault& fault : factors.faults) {
      out.faults.push_back(fmt::format("{} {} {}: {}", axis.symbols[out.columns[i].column],
                                       to_string(fault.action.ex_date), to_string(fault.action.kind), fault.reason));
    }
  }
  return out;
}

Panel Adjustments::apply(const Panel& raw, bool is_volume, Pool& pool) const {
  if (columns.empty()) {
    return raw;
  }
  Cells out(raw.shared_axis());
  for_row_blocks(raw.rows(), raw.columns(), pool, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto from = raw.row64(row);
      const auto to = out.row(row);
      std::copy(from.begin(), from.end(), to.begin());
      for (const Column& column : columns) {
        to[column.column] *= is_volume ? column.factors.volume[row] : column.factors.price[row];
      }
    }
  });
  return std::move(out).finish();
}

}  // namespace lode::lake
