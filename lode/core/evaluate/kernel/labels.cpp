// Forward returns with tradability.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/labels.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/rows.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kLimitMove = 0.045;  // Of the narrowest price limit in use, 5 %, less what rounding to ticks takes.
constexpr int kLongestHorizon = 504;
constexpr std::size_t kColumnBlock = 256;  // Columns of one unit when walking backwards in time: 2 KB a row.

Panel as_doubles(const Panel& panel) { return panel.empty() ? panel : panel.as(Precision::kFloat64); }

const Panel& price_of(const Market& market, Convention convention) {
  switch (convention) {
    case Convention::kNextOpen:
      return market.open;
    case Convention::kVwap:
      return market.vwap;
    default:
      return market.close;
  }
}

std::string_view price_name(Convention convention) {
  return convention == Convention::kNextOpen ? "open" : convention == Convention::kVwap ? "vwap" : "close";
}

}  // namespace

// What one row adds to the counts of its labels.
struct LabelMaker::RowCounts {
  std::int64_t untradable_entries = 0;
  std::int64_t late_exits = 0;
  std::int64_t delisted_inside = 0;
  std::int64_t delisting_returns_applied = 0;
  std::int64_t never_traded_again = 0;
};

LabelMaker::LabelMaker(const Market& market, Convention convention)
    : market_(&market),
      price_(as_doubles(price_of(market, convention))),
      close_(as_doubles(market.close)),
      high_(as_doubles(market.high)),
      low_(as_doubles(market.low)),
      volume_(as_doubles(market.volume)),
      delay_(convention == Convention::kCloseToClose ? 0 : 1) {}

Result<LabelMaker> LabelMaker::make(const Market& market, Convention convention, Pool& pool) {
  if (price_of(market, convention).empty() || market.close.empty()) {
    const std::string_view missing = market.close.empty() ? "close" : price_name(convention);
    return fail(E::E1113,
                fmt::format("convention {} needs the field {}, absent in this data", to_string(convention), missing),
                "choose another with --convention, or import that field");
  }
  LabelMaker maker(market, convention);
  const std::size_t cells = maker.price_.rows() * maker.price_.columns();
  LODE_ASSERT(market.universe.empty() || market.universe.size() == cells);
  LODE_ASSERT(market.delisted_row.empty() || market.delisted_row.size() == maker.price_.columns());
  LODE_ASSERT(market.delisting_return.empty() || market.delisting_return.size() == maker.price_.columns());
  maker.find_next_tradable(pool);
  return maker;
}

std::size_t LabelMaker::labelled_rows(int horizon) const {
  const std::size_t needed = delay_ + static_cast<std::size_t>(horizon);
  return price_.rows() > needed ? price_.rows() - needed : 0;
}

bool LabelMaker::is_member(std::size_t row, std::size_t column) const {
  return has_universe() ? market_->universe[row * price_.columns() + column] != 0
                        : stat::is_valid(close_.row64(row)[column]);
}

LabelMaker::Day LabelMaker::day(std::size_t row) const {
  const auto cells = [&](const Panel& panel) { return panel.empty() ? nullptr : panel.row64(row).data(); };
  const double* before = row > 0 ? close_.row64(row - 1).data() : nullptr;
  return {cells(price_), cells(close_), before, cells(high_), cells(low_), cells(volume_)};
}

// One price all day at a limit move: nobody on the other side.
bool LabelMaker::Day::is_locked(std::size_t column) const {
  if (high == nullptr || low == nullptr || close_before == nullptr || high[column] != low[column]) {
    return false;
  }
  // False for NaN: without a close before there is no limit.
  return math::abs(close[column] / close_before[column] - 1.0) >= kLimitMove;
}

bool LabelMaker::Day::is_tradable(std::size_t column) const {
  const bool bar = price[column] > 0.0 && stat::is_finite(price[column]) && stat::is_valid(close[column]);
  return bar && (volume == nullptr || volume[column] > 0.0) && !is_locked(column);
}

void LabelMaker::find_next_tradable(Pool& pool) {
  const std::size_t rows = price_.rows();
  const std::size_t columns = price_.columns();
  const auto never = static_cast<std::int32_t>(rows);
  next_tradable_.assign(rows * columns, never);
  last_close_.assign(columns, -1);
  pool.for_each((columns + kColumnBlock - 1) / kColumnBlock, [&](std::size_t block) {
    const std::size_t first = block * kColumnBlock;
    const std::size_t last = std::min(columns, first + kColumnBlock);
    for (std::size_t row = rows; row-- > 0;) {
      const Day today = day(row);
      std::int32_t* here = &next_tradable_[row * columns];
      for (std::size_t column = first; column < last; ++column) {
        const std::int32_t later = row + 1 < rows ? here[columns + column] : never;
        here[column] = today.is_tradable(column) ? static_cast<std::int32_t>(row) : later;
        if (last_close_[column] < 0 && stat::is_valid(today.close[column])) {
          last_close_[column] = static_cast<std::int32_t>(row);
        }
      }
    }
  });
}

// The return of a window whose exit session cannot be traded: at the next tradable price, or at the end of the name's
// life. A name that simply stops is left at its last close: without a return it would be kept out of the books of its
// last days for what nobody knew then.
double LabelMaker::leave_late(std::size_t entry, std::size_t exit, std::size_t column, std::uint8_t& flags,
                              RowCounts& counts) const {
  const double paid = price_.row64(entry)[column];
  const auto next = static_cast<std::size_t>(next_tradable_[exit * price_.columns() + column]);
  if (next < price_.rows()) {
    flags = kLateExit;
    ++counts.late_exits;
    return price_.row64(next)[column] / paid - 1.0;
  }
  const std::int32_t last = market_->delisted_row.empty() ? -1 : market_->delisted_row[column];
  if (last < static_cast<std::int32_t>(entry)) {
    flags = kNeverTradedAgain;
    ++counts.never_traded_again;
    return close_.row64(static_cast<std::size_t>(last_close_[column]))[column] / paid - 1.0;
  }
  flags = kDelistedInside;
  ++counts.delisted_inside;
  double worth = close_.row64(static_cast<std::size_t>(last))[column] / paid;
  const double after = market_->delisting_return.empty() ? stat::kMissing : market_->delisting_return[column];
  if (stat::is_valid(after)) {
    flags |= kDelistingReturn;
    ++counts.delisting_returns_applied;
    worth *= 1.0 + after;
  }
  return worth - 1.0;
}

void LabelMaker::label_row(std::size_t row, std::size_t horizon, Whose whose, Labels& out, RowCounts& counts) const {
  const std::size_t columns = price_.columns();
  const std::size_t entry = row + delay_;
  const std::size_t exit = entry + horizon;
  const auto bought = price_.row64(entry);
  const auto sold = price_.row64(exit);
  const auto close = close_.row64(row);
  const std::int32_t* tradable_in = &next_tradable_[entry * columns];
  const std::int32_t* tradable_out = &next_tradable_[exit * columns];
  const std::uint8_t* member = whose == Whose::kMembers && has_universe() ? &market_->universe[row * columns] : nullptr;
  const auto result = out.returns.mutable_row64(row);
  for (std::size_t i = 0; i < columns; ++i) {
    if (member != nullptr && member[i] == 0) {
      continue;
    }
    if (tradable_in[i] != static_cast<std::int32_t>(entry)) {
      if (stat::is_valid(close[i])) {
        out.flags[row * columns + i] = kUntradableEntry;
        ++counts.untradable_entries;
      }
      continue;
    }
    result[i] = tradable_out[i] == static_cast<std::int32_t>(exit)
                    ? sold[i] / bought[i] - 1.0
                    : leave_late(entry, exit, i, out.flags[row * columns + i], counts);
  }
}

Labels LabelMaker::labels(int horizon, Whose whose, Pool& pool) const {
  LODE_ASSERT(horizon >= 1);
  Labels out;
  out.horizon = horizon;
  out.returns = Panel(price_.shared_axis(), Precision::kFloat64);
  out.flags.assign(price_.rows() * price_.columns(), 0);
  const std::size_t rows = labelled_rows(horizon);
  std::vector<RowCounts> counts(block_count(rows));
  for_blocks(rows, pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      label_row(row, static_cast<std::size_t>(horizon), whose, out, counts[block]);
    }
  });
  for (const RowCounts& count : counts) {
    out.untradable_entries += count.untradable_entries;
    out.late_exits += count.late_exits;
    out.delisted_inside += count.delisted_inside;
    out.delisting_returns_applied += count.delisting_returns_applied;
    out.never_traded_again += count.never_traded_again;
  }
  return out;
}

Result<Labels> forward_returns(const Market& market, int horizon, Convention convention, Pool& pool) {
  if (horizon < 1 || horizon > kLongestHorizon) {
    return fail(E::E4, fmt::format("horizon {} is outside 1..{} sessions", horizon, kLongestHorizon), "");
  }
  LODE_TRY(const LabelMaker maker, LabelMaker::make(market, convention, pool));
  if (maker.labelled_rows(horizon) == 0) {
    return fail(E::E2102,
                fmt::format("{} sessions are too few for a {}-session forward return under {}, which needs {}",
                            market.close.rows(), horizon, to_string(convention),
                            static_cast<std::size_t>(horizon) + maker.delay() + 1),
                "take a shorter horizon or a longer history");
  }
  return maker.labels(horizon, Whose::kMembers, pool);
}

}  // namespace lode::evaluate
