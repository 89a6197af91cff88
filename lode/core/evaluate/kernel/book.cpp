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
        weights_((static_cast<std::size_t>(buckets.quantiles) + 1) * buckets.columns),
        alive_(static_cast<std::size_t>(buckets.quantiles) + 1) {}

  void start(std::size_t row) {
    std::fill(weights_.begin(), weights_.end(), 0.0);
    std::fill(alive_.begin(), alive_.end(), 0);
    for (std::size_t past = row + 1 > horizon_ ? row + 1 - horizon_ : 0; past <= row; ++past) {
      change(past, 1);
    }
  }

  void advance(std::size_t row) {
    if (row >= horizon_) {
      change(row - horizon_, -1);
    }
    change(row, 1);
  }

  // [bucket][column]
  const Series& all() const { return weights_; }
  // Tranches alive that hold anything in this bucket.
  int alive(std::size_t bucket) const { return alive_[bucket]; }

 private:
  void change(std::size_t row, int sign) {
    const auto counts = buckets_.count(row);
    if (!forms_tranche(buckets_, row)) {
      return;
    }
    Series share(counts.size(), 0.0);
    for (std::size_t k = 1; k < counts.size(); ++k) {
      share[k] = counts[k] > 0 ? sign / static_cast<double>(counts[k]) : 0.0;
      alive_[k] += counts[k] > 0 ? sign : 0;
    }
    const std::size_t columns = buckets_.columns;
    const std::uint8_t* cells = buckets_.row(row).data();
    double* weights = weights_.data();
    const double* shares = share.data();
    for (std::size_t i = 0; i < columns; ++i) {
      weights[cells[i] * columns + i] += shares[cells[i]];
    }
  }

  const Buckets& buckets_;
  std::size_t horizon_;
  Series weights_;  // [bucket][column]; bucket 0 takes the names that are in none, with share 0.
  std::vector<int> alive_;
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
double notional_sold(const Series& now, const Series& returns) {
  double total = 0.0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    total += math::abs(now[i] * (1.0 + returns[i]));
  }
  return total;
}

// What the trades of one row cost in the market.
void write_impact(const Series& before, const Series& drift, const Series& now, const Liquidity& liquidity,
                  std::size_t row, Book& out) {
  double changed = 0.0;
  double known = 0.0;
  double impact = 0.0;
  double crowd = 0.0;
  const std::size_t columns = now.size();
  for (std::size_t i = 0; i < columns; ++i) {
    const double size = math::abs(now[i] - before[i] * (1.0 + drift[i]));
    changed += size;
    const auto cost = static_cast<double>(liquidity.impact[row * columns + i]);
    if (size > 0.0 && stat::is_valid(cost)) {
      known += size;
      impact += size * math::sqrt(size) * cost;
      crowd += size * size * static_cast<double>(liquidity.per_money[row * columns + i]);
    }
  }
  out.changed[row] = changed;
  out.known[row] = known;
  out.impact[row] = impact;
  out.crowd[row] = crowd;
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
  Series before(buckets.columns, 0.0);
  Series drift(buckets.columns, 0.0);
  Series now(buckets.columns, 0.0);
  Series returns(buckets.columns, 0.0);
  Series earned(out.quantiles.size());
  BookSums sums{.earned = earned};
  const auto walk = [&](std::size_t row, double* name_profit) {
    walk_row({.weights = tranches.all().data(),
              .returned = returns_of.row64(row),
              .before = before,
              .drift = drift,
              .share = tranches.alive(1) > 0 ? 1.0 / tranches.alive(1) : 0.0,
              .returns = returns,
              .now = now},
             sums, name_profit);
  };
  if (begin > held.first) {
    tranches.start(begin - 1);
    walk(begin - 1, nullptr);
    std::swap(before, now);
    std::swap(drift, returns);
  }
  for (std::size_t row = begin; row < end; ++row) {
    row == begin&& row == held.first ? tranches.start(row) : tranches.advance(row);
    const bool is_held = held.at(row);
    walk(row, is_held ? profit.data() : nullptr);
    if (is_held) {
      write_returns(tranches, sums, row, out);
      out.traded[row] = sums.traded + (held.at(row + 1) ? 0.0 : notional_sold(now, returns));
      out.net[row] = out.gross[row] - cost * out.traded[row];
      if (liquidity != nullptr) {
        write_impact(before, drift, now, *liquidity, row, out);
      }
    }
    std::swap(before, now);
    std::swap(drift, returns);
  }
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
  std::vector<Series> profits(block_count(rows));
  for_blocks(rows, pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    const std::size_t from = std::max(begin, alive.first);
    const std::size_t to = std::min(end, alive.last);
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
