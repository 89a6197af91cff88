// Forward returns with tradability.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/labels.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/evaluate/kernel/rows.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr double kLimitMove = 0.045;  // Of the narrowest price limit in use, 5 %, less what rounding to ticks takes.
constexpr int kLongestHorizon = 504;
constexpr int kTradable = 1;  // Bits of LabelMaker::states_.
constexpr int kHasCloseBit = 1;
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

std::size_t LabelMaker::count_members(std::size_t row, std::span<const double> values) const {
  const std::size_t first = row * price_.columns();
  const std::uint8_t* members = has_universe() ? &market_->universe[first] : &states_[first];
  const int known = has_universe() ? 0xFF : 1 << kHasCloseBit;
  std::size_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    count += static_cast<std::size_t>(static_cast<int>((members[i] & known) != 0) |
                                      static_cast<int>(stat::is_valid(values[i])));
  }
  return count;
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
  states_.resize(rows * columns);
  pool.for_each((columns + kColumnBlock - 1) / kColumnBlock, [&](std::size_t block) {
    const std::size_t first = block * kColumnBlock;
    const std::size_t last = std::min(columns, first + kColumnBlock);
    for (std::size_t row = rows; row-- > 0;) {
      const Day today = day(row);
      std::int32_t* here = &next_tradable_[row * columns];
      for (std::size_t column = first; column < last; ++column) {
        const std::int32_t later = row + 1 < rows ? here[columns + column] : never;
        const bool is_tradable = today.is_tradable(column);
        const bool has_close = stat::is_valid(today.close[column]);
        here[column] = is_tradable ? static_cast<std::int32_t>(row) : later;
        states_[row * columns + column] =
            static_cast<std::uint8_t>((is_tradable ? kTradable : 0) | (has_close ? 1 << kHasCloseBit : 0));
        if (last_close_[column] < 0 && has_close) {
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
                              ExitCounts& exits) const {
  const double paid = price_.row64(entry)[column];
  const auto next = static_cast<std::size_t>(next_tradable_[exit * price_.columns() + column]);
  if (next < price_.rows()) {
    flags = kLateExit;
    ++exits.late;
    return price_.row64(next)[column] / paid - 1.0;
  }
  const std::int32_t last = market_->delisted_row.empty() ? -1 : market_->delisted_row[column];
  if (last < static_cast<std::int32_t>(entry)) {
    flags = kNeverTradedAgain;
    ++exits.never_again;
    return close_.row64(static_cast<std::size_t>(last_close_[column]))[column] / paid - 1.0;
  }
  flags = kDelistedInside;
  ++exits.delisted;
  double worth = close_.row64(static_cast<std::size_t>(last))[column] / paid;
  const double after = market_->delisting_return.empty() ? stat::kMissing : market_->delisting_return[column];
  if (stat::is_valid(after)) {
    flags |= kDelistingReturn;
    ++exits.delisting_returns;
    worth *= 1.0 + after;
  }
  return worth - 1.0;
}

std::int64_t LabelMaker::label_row(std::size_t row, std::size_t horizon, Whose whose, Labels& out) const {
  const std::size_t columns = price_.columns();
  const std::size_t entry = row + delay_;
  const std::size_t exit = entry + horizon;
  const std::uint8_t* member = whose == Whose::kMembers && has_universe() ? &market_->universe[row * columns] : nullptr;
  const std::uint8_t* today = &states_[row * columns];
  const std::uint8_t* in = &states_[entry * columns];
  const std::uint8_t* to = &states_[exit * columns];
  std::uint8_t* flags = &out.flags[row * columns];
  std::vector<std::uint8_t> plain(columns);  // 1: bought and sold as planned.
  std::vector<std::uint8_t> late(columns);   // 1: bought, not sold.
  std::int64_t untradable = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    const int wanted = member == nullptr || member[i] != 0 ? 1 : 0;
    const int bought = wanted & in[i] & kTradable;
    plain[i] = static_cast<std::uint8_t>(bought & to[i]);
    late[i] = static_cast<std::uint8_t>(bought & ~to[i]);
    flags[i] = static_cast<std::uint8_t>(wanted & ~in[i] & (today[i] >> kHasCloseBit) & 1);
  }
  for (std::size_t i = 0; i < columns; ++i) {
    untradable += flags[i];
  }
  const auto result = out.returns.mutable_row64(row);
  masked_returns(price_.row64(exit), price_.row64(entry), plain, result);
  for (std::size_t i = 0; i < columns; ++i) {
    if (late[i] != 0) {
      result[i] = leave_late(entry, exit, i, flags[i], out.exits[row]);
    }
  }
  return untradable;
}

Labels LabelMaker::labels(int horizon, Whose whose, Pool& pool) const {
  LODE_ASSERT(horizon >= 1);
  Labels out;
  out.horizon = horizon;
  out.returns = Panel::unwritten(price_.shared_axis(), Precision::kFloat64);
  out.flags.assign(price_.rows() * price_.columns(), 0);
  out.exits.resize(price_.rows());
  const std::size_t rows = labelled_rows(horizon);
  std::vector<std::int64_t> untradable(block_count(price_.rows()));
  for_blocks(price_.rows(), pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      if (row < rows) {
        untradable[block] += label_row(row, static_cast<std::size_t>(horizon), whose, out);
      } else {
        const auto cells = out.returns.mutable_row64(row);
        std::fill(cells.begin(), cells.end(), stat::kMissing);
      }
    }
  });
  for (const std::int64_t count : untradable) {
    out.untradable_entries += count;
  }
  for (const ExitCounts& exits : out.exits) {
    out.late_exits += exits.late;
    out.delisted_inside += exits.delisted;
    out.delisting_returns_applied += exits.delisting_returns;
    out.never_traded_again += exits.never_again;
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
