// A panel's cross-sections sorted once, and what is made from the order: ranks within any subset, centred ranks,
// scores.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "lode/core/evaluate/kernel/rows.h"
#include "lode/core/stat/rank.h"
#include "lode/market/panel.h"

namespace lode::evaluate {

// The valid cells of one row, ascending by value.
struct Order {
  std::span<const std::uint32_t> cells;
  bool may_tie = true;  // False: all values are different, so a place in the order is a rank.
};

// Each row's order.
struct RowOrders {
  std::size_t columns = 0;
  std::vector<std::uint32_t> orders;  // rows * columns; the first counts[t] of row t, then those without a value.
  std::vector<std::uint32_t> counts;  // Valid cells a row.
  std::vector<std::uint8_t> ties;     // 1: two of the row are equal.

  std::span<const std::uint32_t> order(std::size_t row) const {
    return std::span(orders).subspan(row * columns, counts[row]);
  }
  Order ranked(std::size_t row) const { return {order(row), ties[row] != 0}; }
  // The cells without a value, ascending.
  std::span<const std::uint32_t> missing(std::size_t row) const {
    return std::span(orders).subspan(row * columns + counts[row], columns - counts[row]);
  }
};
RowOrders sort_rows(const Panel& values, Pool& pool);  // Of f64.

// Values with the orders of their rows.
struct SortedRows : RowOrders {
  Cells values;  // NaN: missing.
};
SortedRows sort_rows(Cells values, Pool& pool, RowOrders room = {});  // `room`: memory to use again.

// Group of each cell, 0..groups - 1, or -1.
struct GroupCodes {
  std::span<const std::int32_t> codes;  // rows * columns
  std::size_t groups = 0;
  std::span<const std::int32_t> row(std::size_t index, std::size_t columns) const {
    return codes.subspan(index * columns, columns);
  }
};

// How each name stands in its row: centred, 0 for names without a value (the "missing rank = 0" of the no-overlap t)
// and for whole rows with fewer than `min_names` values. The cells are there, or what they follow from: the factor of
// one sheet is read a few times only, and 8 bytes a cell of fresh memory cost more than making them again.
struct Standing {
  std::shared_ptr<const Cells> cells;
  std::vector<std::uint32_t> counts;  // Values behind the row; 0 for rows below min_names.
  std::vector<double> deviation;      // Standard deviation (ddof 0) of the row's values; 0 below min_names.
  // Without cells: ranks as twice the centred average rank, kMissingRank where missing ..
  std::shared_ptr<std::vector<std::int16_t>> twice;
  // .. or scores as values and what makes scores of them; a scale of 0 makes a row of zeros.
  const double* values = nullptr;
  std::vector<double> center;
  std::vector<double> scale;
  std::size_t columns = 0;

  std::size_t rows() const { return counts.size(); }
  std::size_t width() const { return cells != nullptr ? cells->columns : columns; }
  // Columns [first, first + size) of a row, in `buffer` unless they are there; `buffer` as long.
  std::span<const double> part(std::size_t row, std::size_t first, std::span<double> buffer) const;
  // Twice the centred ranks of a row; only where they are kept.
  std::span<const std::int16_t> twice_row(std::size_t row) const {
    return std::span<const std::int16_t>(*twice).subspan(row * columns, columns);
  }
};
// The same as if rows of fewer than `min_names` values, as `names` counts them, had none. Shares the cells: those of
// such rows are still there, and only a reader who skips rows without a count must be given them.
Standing without_thin_rows(Standing standing, std::span<const std::uint32_t> names, std::size_t min_names);
// Average rank / n minus its mean. (rank as in the `rank` operator, so that a growing universe does not outweigh the
// past.)
Standing centered_ranks(const SortedRows& rows, int min_names, Pool& pool);
// The same over the names that have a group.
Standing centered_ranks_in_groups(const SortedRows& rows, const GroupCodes& codes, int min_names, Pool& pool);
// (value - mean) / deviation (ddof 0); a constant row is all 0.
Standing standard_scores(const SortedRows& rows, int min_names, Pool& pool);
// The same without cells, for rows of at most kMostPlaces names, whose values must outlive the scores. `room`: memory
// to use again, or null.
Standing compact_ranks(const SortedRows& rows, int min_names, Pool& pool,
                       std::shared_ptr<std::vector<std::int16_t>> room = nullptr);
Standing compact_ranks(const RowOrders& orders, const Panel& values, int min_names, Pool& pool);
Standing compact_ranks_in_groups(const SortedRows& rows, const GroupCodes& codes, int min_names, Pool& pool);
Standing compact_scores(const SortedRows& rows, int min_names, Pool& pool);
Standing compact_scores(const RowOrders& orders, const Panel& values, int min_names, Pool& pool);
// Average rank within the group / its size minus its mean, for groups of at least `min_names` on rows of at least
// `row_names`. `deviation` is over all ranked cells of the row.
Standing centered_group_ranks(const SortedRows& rows, const GroupCodes& codes, int min_names, std::size_t row_names,
                              Pool& pool);

// Splits an order into one order a group, each still ascending by value; cells without a group are left out.
void split_by_group(std::span<const std::uint32_t> order, std::span<const std::int32_t> codes,
                    std::vector<std::vector<std::uint32_t>>& groups);

// Twice the centred average rank, 2 rank - (n + 1), an exact integer, into `twice` for the cells of `order`; returns
// the sum of its squares (0: constant).
double twice_centered_ranks(std::span<const double> values, const Order& order, std::span<std::int32_t> twice);

// Two rows reduced to the cells valid in both.
class RowPair {
 public:
  explicit RowPair(std::size_t columns);

  // Orders as made by sort_order; the spans must outlive the use of this pair.
  void load(std::span<const double> x, const Order& order_x, std::span<const double> y, const Order& order_y);
  std::size_t n() const { return order_x_.cells.size(); }
  std::span<const std::uint32_t> order_x() const { return order_x_.cells; }  // Ascending by x.
  std::span<const std::uint32_t> order_y() const { return order_y_.cells; }

  // Spearman over the common cells; NaN when a side is constant or n < 2. Exact sums, one rounding at the end.
  double rank_correlation();
  // The same over a subset given by its two orders.
  double rank_correlation(const Order& order_x, const Order& order_y);
  // After rank_correlation(): twice the centred ranks, and the sums of their squares.
  std::span<const std::int32_t> twice_x() const { return twice_x_; }
  std::span<const std::int32_t> twice_y() const { return twice_y_; }
  double squares_x() const { return squares_x_; }
  double squares_y() const { return squares_y_; }

 private:
  std::span<const double> x_;
  std::span<const double> y_;
  Order order_x_;
  Order order_y_;
  std::vector<std::uint8_t> common_;  // 1: the cell has both.
  std::vector<std::uint32_t> kept_x_;
  std::vector<std::uint32_t> kept_y_;
  std::vector<std::int32_t> twice_x_;
  std::vector<std::int32_t> twice_y_;
  double squares_x_ = 0.0;
  double squares_y_ = 0.0;
};

}  // namespace lode::evaluate
