// Volume and volatility of every name, and what the book's trades cost in them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/capacity.h"

#include <fmt/format.h>

#include <limits>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/evaluate/kernel/rows.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

// Sums over the window of one name.
struct Window {
  double money = 0.0;
  double returns = 0.0;
  double squares = 0.0;
  int traded = 0;
  int moved = 0;
};

// Adds (sign 1) or takes away (-1) the session `row` of every name.
void change(const Market& market, std::size_t row, int sign, std::vector<Window>& windows) {
  const auto close = market.close.row64(row);
  const auto volume = market.volume.row64(row);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    Window& window = windows[i];
    const double money = close[i] * volume[i];
    if (money > 0.0 && stat::is_finite(money)) {
      window.money += sign * money;
      window.traded += sign;
    }
    const double before = row > 0 ? market.close.row64(row - 1)[i] : kNoValue;
    if (close[i] > 0.0 && before > 0.0) {
      const double moved = close[i] / before - 1.0;
      window.returns += sign * moved;
      window.squares += sign * moved * moved;
      window.moved += sign;
    }
  }
}

void write_row(const std::vector<Window>& windows, std::size_t row, Liquidity& out) {
  constexpr auto kLeast = static_cast<int>(kLeastLiquidityRows);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Window& window = windows[i];
    if (window.traded < kLeast || window.moved < kLeast || !(window.money > 0.0)) {
      continue;
    }
    const double mean = window.returns / window.moved;
    const double variance = std::max(0.0, window.squares / window.moved - mean * mean);
    const double money = window.money / window.traded;
    out.impact[row * windows.size() + i] = static_cast<float>(math::sqrt(variance / money));
    out.per_money[row * windows.size() + i] = static_cast<float>(1.0 / money);
  }
}

double sum(const std::vector<double>& values) {
  double total = 0.0;
  for (const double value : values) {
    total += stat::is_valid(value) ? value : 0.0;
  }
  return total;
}

}  // namespace

Liquidity liquidity_of(const Market& market, Pool& pool) {
  const std::size_t columns = market.close.columns();
  const std::size_t rows = market.close.rows();
  const std::vector<float> none(rows * columns, std::numeric_limits<float>::quiet_NaN());
  Liquidity out{.impact = none, .per_money = none};
  if (market.volume.empty()) {
    return out;
  }
  for_blocks(rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<Window> windows(columns);  // Added up afresh in each block: what was large long ago leaves no dust.
    for (std::size_t row = begin + 1 > kLiquidityRows ? begin + 1 - kLiquidityRows : 0; row < begin; ++row) {
      change(market, row, 1, windows);
    }
    for (std::size_t row = begin; row < end; ++row) {
      change(market, row, 1, windows);
      write_row(windows, row, out);
      if (row + 1 >= kLiquidityRows) {
        change(market, row + 1 - kLiquidityRows, -1, windows);
      }
    }
  });
  return out;
}

CapacityResult capacity_of(const Book& book, double sign, const Options& options) {
  CapacityResult out;
  const double changed = sum(book.changed);
  const double known = sum(book.known);
  out.known_share = changed > 0.0 ? known / changed : kNoValue;
  const auto sessions = static_cast<int>(stat::count_valid(book.impact));
  if (sessions < options.min_dates) {
    out.reason = too_few(static_cast<std::size_t>(sessions), options.min_dates, "sessions");
    return out;
  }
  if (!(out.known_share >= kKnownTrades)) {
    out.reason = fmt::format("volume is known for {} % of what is traded, needs {} %",
                             fixed(100.0 * out.known_share, 0), fixed(100.0 * kKnownTrades, 0));
    return out;
  }
  out.impact = stat::mean(book.impact);
  out.net = sign * stat::mean(book.gross) - options.cost_bps * 1e-4 * stat::mean(book.traded);
  out.money_at_10_percent = 0.1 * known / sum(book.crowd);
  if (out.net > 0.0) {
    const double root = out.net / out.impact;
    out.zero_money = root * root;
  } else {
    out.reason = "nothing is left after costs for impact to eat";
  }
  return out;
}

double net_with_money(const CapacityResult& capacity, double money) {
  return capacity.net - capacity.impact * math::sqrt(money);
}

}  // namespace lode::evaluate
