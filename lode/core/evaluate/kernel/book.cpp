// Overlapping tranches.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/book.h"

#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/book_lanes.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

// A date forms a tranche when both ends have a name.
bool forms_tranche(const Buckets& buckets, std::size_t row) {
  return buckets.count(row)[1] > 0 && buckets.count(row).back() > 0;
}

// Sum of the weights of the tranches alive, bucket by bucket; moved forward row by row inside a block and added up
// afresh where a block starts.
class Tranches {
 public:
  Tranches(const Buckets& buckets, int horizon)
      : buckets_(buckets),
        horizon_(static_cast<std::size_t>(horizon)),
        weights_(width() * buckets.columns),
        alive_(width()),
        nobody_(buckets.columns),
        leaving_(width()),
        entering_(width()) {}

  // The tranches of row `row`, but for the one it forms.
  void start(std::size_t row) {
    std::fill(weights_.begin(), weights_.end(), 0.0);
    std::fill(alive_.begin(), alive_.end(), 0);
    started_ = row;
    for (std::size_t past = row + 1 > horizon_ ? row + 1 - horizon_ : 0; past < row; ++past) {
      add(past);
    }
  }

  // Names what leaves and what enters at `row`; whoever walks the row moves the weights.
  void advance(std::size_t row) {
    leaving_cells_ = row >= horizon_ && row != started_ ? change(row - horizon_, -1, leaving_) : nobody();
    entering_cells_ = change(row, 1, entering_);
  }
  Tranche leaving() const { return {leaving_cells_, leaving_}; }
  Tranche entering() const { return {entering_cells_, entering_}; }

  // [bucket][column]
  double* weights() { return weights_.data(); }
  // Tranches alive that hold anything in this bucket.
  int alive(std::size_t bucket) const { return alive_[bucket]; }

 private:
  std::size_t width() const { return static_cast<std::size_t>(buckets_.quantiles) + 1; }
  std::span<const std::uint8_t> nobody() const { return nobody_; }

  // The shares of a tranche that comes (1) or goes (-1), and its buckets.
  std::span<const std::uint8_t> change(std::size_t row, int sign, Series& shares) {
    if (!forms_tranche(buckets_, row)) {
      return nobody();
    }
    const auto counts = buckets_.count(row);
    for (std::size_t k = 1; k < counts.size(); ++k) {
      shares[k] = counts[k] > 0 ? 1.0 / static_cast<double>(counts[k]) : 0.0;
      alive_[k] += counts[k] > 0 ? sign : 0;
    }
    return buckets_.row(row);
  }

  void add(std::size_t row) {
    const std::uint8_t* cells = change(row, 1, entering_).data();
    const std::size_t columns = buckets_.columns;
    for (std::size_t i = 0; i < columns; ++i) {
      weights_[cells[i] * columns + i] += cells[i] == 0 ? 0.0 : entering_[cells[i]];
    }
  }

  const Buckets& buckets_;
  std::size_t horizon_;
  Series weights_;  // [bucket][column]; bucket 0, the names that are in none, stays at 0.
  std::vector<int> alive_;
  std::vector<std::uint8_t> nobody_;
  Series leaving_;
  Series entering_;
  std::span<const std::uint8_t> leaving_cells_;
  std::span<const std::uint8_t> entering_cells_;
  std::size_t started_ = 0;
};

// The rows that hold a book: from the first full window, h - 1 rows after the first tranche, to the last with returns.
struct Held {
  std::size_t first = 0;
  std::size_t last = 0;            // One past.
  std::vector<std::uint8_t> rows;  // 1: a tranche is alive.

  bool at(std::size_t row) const { return row >= first && row < last && rows[row] != 0; }
};

Held held_rows(const Buckets& buckets, std::size_t rows, std::size_t rows_with_returns, int horizon) {
  Held out{.first = rows, .last = std::min(rows, rows_with_returns), .rows = std::vector<std::uint8_t>(rows, 0)};
  const auto window = static_cast<std::size_t>(horizon);
  std::size_t until = 0;  // One past the last row at which the newest tranche is held.
  for (std::size_t row = 0; row < rows; ++row) {
    if (forms_tranche(buckets, row)) {
      out.first = until == 0 ? row + window - 1 : out.first;
      until = row + window;
    }
    out.rows[row] = row < until ? 1 : 0;
  }
  return out;
}

// Notional of selling the whole of today's book at the session's end.
double notional_sold(const Series& drifted) {
  double total = 0.0;
  for (const double one : drifted) {
    total += math::abs(one);
  }
  return total;
}

// What the trades of one row cost in the market.
void write_impact(const Series& changes, const Liquidity& liquidity, std::size_t row, Book& out) {
  const std::size_t columns = changes.size();
  const ImpactSums sums = impact_sums(changes, std::span(liquidity.impact).subspan(row * columns, columns),
                                      std::span(liquidity.per_money).subspan(row * columns, columns));
  out.changed[row] = sums.changed;
  out.known[row] = sums.known;
  out.impact[row] = sums.impact;
  out.crowd[row] = sums.crowd;
}

// What the buckets and legs of one row earned, from the sums over their tranches.
void write_returns(const Tranches& tranches, const BookSums& sums, std::size_t row, Book& out) {
  double total = 0.0;
  double filled = 0.0;
  for (std::size_t k = 1; k <= out.quantiles.size(); ++k) {
    if (tranches.alive(k) > 0) {
      const double earned = sums.earned[k - 1] / tranches.alive(k);
      out.quantiles[k - 1][row] = earned;
      total += earned;
      filled += 1.0;
    }
  }
  const double top = out.quantiles.back()[row];
  const double bottom = out.quantiles.front()[row];
  out.gross[row] = top - bottom;
  out.long_leg[row] = top - total / filled;
  out.short_leg[row] = total / filled - bottom;
}

Book empty_book(std::size_t rows, const Buckets& buckets) {
  const Series none(rows, stat::kMissing);
  return {.quantiles = std::vector<Series>(static_cast<std::size_t>(buckets.quantiles), none),
          .gross = none,
          .net = none,
          .traded = none,
          .long_leg = none,
          .short_leg = none,
          .name_profit = Series(buckets.columns, 0.0),
          .changed = {},
          .known = {},
          .impact = {},
          .crowd = {}};
}

// Walks the rows [begin, end) of one block and adds each name's profit to `profit`.
void walk_block(const Buckets& buckets, const Panel& returns_of, const Held& held, std::size_t begin, std::size_t end,
                int horizon, double cost, const Liquidity* liquidity, Book& out, Series& profit) {
  Tranches tranches(buckets, horizon);
  Series drifted(buckets.columns, 0.0);
  Series changes(liquidity != nullptr ? buckets.columns : 0);
  Series earned(out.quantiles.size());
  BookSums sums{.earned = earned};
  const auto walk = [&](std::size_t row, double* name_profit) {
    tranches.advance(row);
    walk_row({.returned = returns_of.row64(row),
              .share = tranches.alive(1) > 0 ? 1.0 / tranches.alive(1) : 0.0,
              .weights = tranches.weights(),
              .leaving = tranches.leaving(),
              .entering = tranches.entering(),
              .drifted = drifted,
              .changes = liquidity != nullptr ? changes.data() : nullptr},
             sums, name_profit);
  };
  // A block that starts inside the book needs what was held the day before.
  tranches.start(begin > held.first ? begin - 1 : begin);
  if (begin > held.first) {
    walk(begin - 1, nullptr);
  }
  for (std::size_t row = begin; row < end; ++row) {
    const bool is_held = held.at(row);
    walk(row, is_held ? profit.data() : nullptr);
    if (is_held) {
      write_returns(tranches, sums, row, out);
      out.traded[row] = sums.traded + (held.at(row + 1) ? 0.0 : notional_sold(drifted));
      out.net[row] = out.gross[row] - cost * out.traded[row];
      if (liquidity != nullptr) {
        write_impact(changes, *liquidity, row, out);
      }
    }
  }
}

// Rows of one block: where each starts, the tranches of h rows are added up afresh, so the longer the tranches live the
// longer are the blocks.
std::size_t rows_of_block(int horizon) {
  constexpr std::size_t kRestarts = 4;  // At most a quarter of the work.
  return std::max(kBlockRows, kRestarts * static_cast<std::size_t>(horizon));
}

}  // namespace

Book make_book(const Buckets& buckets, const Panel& held, std::size_t rows_with_returns, int horizon, double cost_bps,
               Pool& pool, const Liquidity* liquidity) {
  const std::size_t rows = held.rows();
  Book out = empty_book(rows, buckets);
  if (liquidity != nullptr) {
    out.changed = out.known = out.impact = out.crowd = Series(rows, stat::kMissing);
  }
  const Held alive = held_rows(buckets, rows, rows_with_returns, horizon);
  const std::size_t block_rows = rows_of_block(horizon);
  std::vector<Series> profits((rows + block_rows - 1) / block_rows);
  pool.for_each(profits.size(), [&](std::size_t block) {
    const std::size_t from = std::max(block * block_rows, alive.first);
    const std::size_t to = std::min((block + 1) * block_rows, alive.last);
    if (from < to) {
      profits[block].assign(buckets.columns, 0.0);
      walk_block(buckets, held, alive, from, to, horizon, cost_bps * 1e-4, liquidity, out, profits[block]);
    }
  });
  for (const Series& profit : profits) {
    for (std::size_t i = 0; i < profit.size(); ++i) {
      out.name_profit[i] += profit[i];
    }
  }
  return out;
}

}  // namespace lode::evaluate
