// Sorting rows and ranking within them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/sorted_rows.h"

#include <algorithm>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/stat/moments.h"
#include "lode/core/stat/pair_lanes.h"
#include "lode/core/stat/rank.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

// A standing without a name, and its cells while they are written.
struct Draft {
  explicit Draft(const Cells& like)
      : cells(std::make_shared<Cells>(like.rows, like.columns, 0.0)),
        standing{.cells = cells,
                 .counts = std::vector<std::uint32_t>(like.rows, 0),
                 .deviation = std::vector<double>(like.rows, 0.0),
                 .twice = nullptr,
                 .center = {},
                 .scale = {}} {}
  std::shared_ptr<Cells> cells;
  Standing standing;
};

// Writes the centred ranks / n of the cells of `order`; returns the sum of their squares.
double write_centered(std::span<const double> values, const Order& order, std::span<std::int32_t> twice,
                      std::span<double> out) {
  const double squares = twice_centered_ranks(values, order, twice);
  const double unit = 2.0 * static_cast<double>(order.cells.size());
  for (const std::uint32_t cell : order.cells) {
    out[cell] = twice[cell] / unit;
  }
  return squares / (unit * unit);
}

bool has_ties(std::span<const double> values, std::span<const std::uint32_t> order) {
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (values[order[i]] == values[order[i - 1]]) {
      return true;
    }
  }
  return false;
}

void put_missing(std::span<const double> values, std::span<std::uint32_t> cells) {
  std::size_t n = 0;
  for (std::size_t i = 0; n < cells.size(); ++i) {
    cells[n] = static_cast<std::uint32_t>(i);
    n += stat::is_valid(values[i]) ? 0 : 1;
  }
}

template <class RowOf>
void fill_orders(std::size_t rows, std::size_t columns, Pool& pool, RowOf row_of, RowOrders& out) {
  out.columns = columns;
  out.orders.resize(rows * columns);
  out.counts.resize(rows);
  out.ties.resize(rows);
  for_blocks(rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    stat::RankScratch scratch;
    for (std::size_t row = begin; row < end; ++row) {
      const auto order = std::span(out.orders).subspan(row * columns, columns);
      const std::span<const double> values = row_of(row);
      out.counts[row] = static_cast<std::uint32_t>(stat::sort_order(values, order, scratch));
      out.ties[row] = has_ties(values, order.first(out.counts[row])) ? 1 : 0;
      put_missing(values, order.subspan(out.counts[row]));
    }
  });
}

// Marks the cells valid in both; returns how many.
std::size_t mark_common(std::span<const double> x, std::span<const double> y, std::uint8_t* marks) {
  std::size_t count = 0;
  const std::size_t size = x.size();
  const double* a = x.data();
  const double* b = y.data();
  for (std::size_t i = 0; i < size; ++i) {
    const auto mark =
        static_cast<std::uint8_t>(static_cast<int>(stat::is_valid(a[i])) & static_cast<int>(stat::is_valid(b[i])));
    marks[i] = mark;
    count += mark;
  }
  return count;
}

// The cells of `order` that are marked, `count` of them; the order itself when all are.
Order keep_marked(const Order& order, std::span<const std::uint8_t> marked, std::size_t count,
                  std::vector<std::uint32_t>& buffer) {
  if (count == order.cells.size()) {
    return order;
  }
  std::size_t n = 0;
  for (const std::uint32_t cell : order.cells) {
    buffer[n] = cell;
    n += marked[cell];
  }
  return {std::span<const std::uint32_t>(buffer).first(n), order.may_tie};
}

}  // namespace

SortedRows sort_rows(Cells values, Pool& pool, RowOrders room) {
  SortedRows out{std::move(room), {}};
  out.values = std::move(values);
  fill_orders(
      out.values.rows, out.values.columns, pool, [&](std::size_t row) { return std::as_const(out.values).row(row); },
      out);
  return out;
}

RowOrders sort_rows(const Panel& values, Pool& pool) {
  RowOrders out;
  fill_orders(
      values.rows(), values.columns(), pool, [&](std::size_t row) { return values.row64(row); }, out);
  return out;
}

Standing without_thin_rows(Standing standing, std::span<const std::uint32_t> names, std::size_t min_names) {
  for (std::size_t row = 0; row < names.size(); ++row) {
    if (names[row] < min_names) {
      standing.counts[row] = 0;
      standing.deviation[row] = 0.0;
    }
  }
  return standing;
}

double twice_centered_ranks(std::span<const double> values, const Order& ranked, std::span<std::int32_t> twice) {
  const std::span<const std::uint32_t> order = ranked.cells;
  const auto n = static_cast<std::int32_t>(order.size());
  if (!ranked.may_tie) {
    std::int32_t centered = 1 - n;
    for (const std::uint32_t cell : order) {
      twice[cell] = centered;
      centered += 2;
    }
    const auto count = static_cast<std::int64_t>(n);
    return static_cast<double>((count * count - 1) * count / 3);  // Of 1 - n, 3 - n, .. n - 1.
  }
  std::int64_t squares = 0;
  for (std::int32_t first = 0; first < n;) {
    const double value = values[order[static_cast<std::size_t>(first)]];
    std::int32_t last = first + 1;
    while (last < n && values[order[static_cast<std::size_t>(last)]] == value) {
      ++last;
    }
    // Ranks first+1 .. last average (first + 1 + last) / 2; twice that less n + 1.
    const std::int32_t centered = first + last - n;
    for (std::int32_t i = first; i < last; ++i) {
      twice[order[static_cast<std::size_t>(i)]] = centered;
    }
    squares += static_cast<std::int64_t>(last - first) * centered * centered;
    first = last;
  }
  return static_cast<double>(squares);
}

namespace {

// Centred ranks of the cells that order_of(row, buffer) names.
template <class OrderOf>
Standing ranks_of_orders(const SortedRows& rows, int min_names, Pool& pool, OrderOf order_of) {
  Draft draft(rows.values);
  Standing& out = draft.standing;
  for_blocks(rows.values.rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<std::int32_t> twice(rows.values.columns);
    std::vector<std::uint32_t> buffer(rows.values.columns);
    for (std::size_t row = begin; row < end; ++row) {
      const Order order = order_of(row, buffer);
      if (order.cells.size() >= static_cast<std::size_t>(min_names)) {
        const double squares = write_centered(rows.values.row(row), order, twice, draft.cells->row(row));
        out.counts[row] = static_cast<std::uint32_t>(order.cells.size());
        out.deviation[row] = math::sqrt(squares / static_cast<double>(order.cells.size()));
      }
    }
  });
  return std::move(draft.standing);
}

}  // namespace

Standing centered_ranks(const SortedRows& rows, int min_names, Pool& pool) {
  return ranks_of_orders(rows, min_names, pool, [&](std::size_t row, auto&) { return rows.ranked(row); });
}

namespace {

// The order of the names that have a group.
Order in_groups(const SortedRows& rows, const GroupCodes& codes, std::size_t row, std::vector<std::uint32_t>& kept) {
  const auto groups = codes.row(row, rows.columns);
  std::size_t n = 0;
  for (const std::uint32_t cell : rows.order(row)) {
    kept[n] = cell;
    n += groups[cell] >= 0 ? 1 : 0;
  }
  return {std::span<const std::uint32_t>(kept).first(n), rows.ties[row] != 0};
}

}  // namespace

Standing centered_ranks_in_groups(const SortedRows& rows, const GroupCodes& codes, int min_names, Pool& pool) {
  return ranks_of_orders(rows, min_names, pool, [&](std::size_t row, std::vector<std::uint32_t>& kept) {
    return in_groups(rows, codes, row, kept);
  });
}

std::span<const double> Standing::part(std::size_t row, std::size_t first, std::span<double> buffer) const {
  if (cells != nullptr) {
    return cells->row(row).subspan(first, buffer.size());
  }
  if (values != nullptr && scale[row] > 0.0) {
    scores({values + row * columns + first, buffer.size()}, center[row], scale[row], buffer);
  } else if (values == nullptr && counts[row] > 0) {
    rank_shares(twice_row(row).subspan(first, buffer.size()), 2.0 * counts[row], buffer);
  } else {
    std::fill(buffer.begin(), buffer.end(), 0.0);
  }
  return buffer;
}

namespace {

// Mean and deviation (by n) of the valid values of a row; a deviation of 0 where they are equal or out of range.
struct Scale {
  double center = 0.0;
  double deviation = 0.0;
};

Scale scale_of(std::span<const double> values) {
  const stat::PairSums sums = stat::pair_sums(values, values);
  const auto n = static_cast<double>(sums.n);
  const double center = sums.sum_x / n;
  if (!(sums.low_x < sums.high_x) || !stat::is_finite(center)) {
    return {};
  }
  const double squares = stat::pair_products(values, values, center, center, 1.0, 1.0).xx;
  if (squares > 1e-200 && squares < 1e200) {
    return {center, math::sqrt(squares / n)};
  }
  const double deviation = stat::standard_deviation(values) * math::sqrt((n - 1.0) / n);
  return {center, stat::is_finite(deviation) ? deviation : 0.0};
}

}  // namespace

namespace {

// Ranks of the cells that order_of(row, buffer) names.
template <class RowOf, class OrderOf>
Standing make_ranks(const RowOrders& orders, RowOf values_of, OrderOf order_of, int min_names, Pool& pool,
                    std::shared_ptr<std::vector<std::int16_t>> room) {
  const std::size_t rows = orders.counts.size();
  const std::size_t columns = orders.columns;
  Standing out;
  out.columns = columns;
  out.counts.assign(rows, 0);
  out.deviation.assign(rows, 0.0);
  out.twice = room != nullptr ? std::move(room) : std::make_shared<std::vector<std::int16_t>>();
  out.twice->resize(rows * columns);
  for_blocks(rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<std::int32_t> twice(columns);
    std::vector<std::uint32_t> buffer(columns);
    for (std::size_t row = begin; row < end; ++row) {
      const auto to = std::span(*out.twice).subspan(row * columns, columns);
      std::fill(to.begin(), to.end(), kMissingRank);
      const Order order = order_of(row, buffer);
      const auto n = static_cast<double>(order.cells.size());
      if (n < min_names) {
        continue;
      }
      const double squares = twice_centered_ranks(values_of(row), order, twice);
      out.counts[row] = static_cast<std::uint32_t>(order.cells.size());
      out.deviation[row] = math::sqrt(squares / (2.0 * n * (2.0 * n)) / n);
      for (const std::uint32_t cell : order.cells) {
        to[cell] = static_cast<std::int16_t>(twice[cell]);
      }
    }
  });
  return out;
}

// `values`: the cells of all rows, one after the other.
Standing make_scores(const RowOrders& orders, const double* values, int min_names, Pool& pool) {
  const std::size_t rows = orders.counts.size();
  Standing out;
  out.columns = orders.columns;
  out.counts.assign(rows, 0);
  out.deviation.assign(rows, 0.0);
  out.center.assign(rows, 0.0);
  out.scale.assign(rows, 0.0);
  out.values = values;
  for_blocks(rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      if (static_cast<double>(orders.counts[row]) < min_names) {
        continue;
      }
      out.counts[row] = orders.counts[row];
      const Scale scale = scale_of({values + row * orders.columns, orders.columns});
      out.center[row] = scale.center;
      out.scale[row] = scale.deviation;
      out.deviation[row] = scale.deviation > 0.0 ? 1.0 : 0.0;
    }
  });
  return out;
}

}  // namespace

Standing compact_ranks(const SortedRows& rows, int min_names, Pool& pool,
                       std::shared_ptr<std::vector<std::int16_t>> room) {
  return make_ranks(
      rows, [&](std::size_t row) { return rows.values.row(row); },
      [&](std::size_t row, auto&) { return rows.ranked(row); }, min_names, pool, std::move(room));
}

Standing compact_ranks(const RowOrders& orders, const Panel& values, int min_names, Pool& pool) {
  return make_ranks(
      orders, [&](std::size_t row) { return values.row64(row); },
      [&](std::size_t row, auto&) { return orders.ranked(row); }, min_names, pool, nullptr);
}

Standing compact_ranks_in_groups(const SortedRows& rows, const GroupCodes& codes, int min_names, Pool& pool) {
  return make_ranks(
      rows, [&](std::size_t row) { return rows.values.row(row); },
      [&](std::size_t row, std::vector<std::uint32_t>& kept) { return in_groups(rows, codes, row, kept); }, min_names,
      pool, nullptr);
}

Standing compact_scores(const SortedRows& rows, int min_names, Pool& pool) {
  return make_scores(rows, rows.values.values.data(), min_names, pool);
}

Standing compact_scores(const RowOrders& orders, const Panel& values, int min_names, Pool& pool) {
  return make_scores(orders, values.row64(0).data(), min_names, pool);
}

Standing standard_scores(const SortedRows& rows, int min_names, Pool& pool) {
  Draft draft(rows.values);
  Standing& out = draft.standing;
  for_blocks(rows.values.rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto values = rows.values.row(row);
      const auto n = static_cast<double>(rows.counts[row]);
      if (n < min_names) {
        continue;
      }
      out.counts[row] = rows.counts[row];
      const double center = stat::mean(values);
      const double scale = stat::standard_deviation(values) * math::sqrt((n - 1.0) / n);
      if (scale > 0.0 && stat::is_finite(scale)) {
        out.deviation[row] = 1.0;
        const auto scores = draft.cells->row(row);
        for (std::size_t i = 0; i < values.size(); ++i) {
          scores[i] = stat::is_valid(values[i]) ? (values[i] - center) / scale : 0.0;
        }
      }
    }
  });
  return std::move(draft.standing);
}

void split_by_group(std::span<const std::uint32_t> order, std::span<const std::int32_t> codes,
                    std::vector<std::vector<std::uint32_t>>& groups) {
  for (auto& group : groups) {
    group.clear();
  }
  for (const std::uint32_t cell : order) {
    if (codes[cell] >= 0) {
      groups[static_cast<std::size_t>(codes[cell])].push_back(cell);
    }
  }
}

Standing centered_group_ranks(const SortedRows& rows, const GroupCodes& codes, int min_names, std::size_t row_names,
                              Pool& pool) {
  Draft draft(rows.values);
  Standing& out = draft.standing;
  const std::size_t columns = rows.values.columns;
  for_blocks(rows.values.rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    std::vector<std::int32_t> twice(columns);
    std::vector<std::vector<std::uint32_t>> orders(codes.groups);
    for (std::size_t row = begin; row < end; ++row) {
      if (rows.counts[row] < row_names) {
        continue;
      }
      split_by_group(rows.order(row), codes.row(row, columns), orders);
      double squares = 0.0;
      for (const auto& order : orders) {
        if (order.size() >= static_cast<std::size_t>(min_names)) {
          squares += write_centered(rows.values.row(row), {order, rows.ties[row] != 0}, twice, draft.cells->row(row));
          out.counts[row] += static_cast<std::uint32_t>(order.size());
        }
      }
      out.deviation[row] = out.counts[row] > 0 ? math::sqrt(squares / out.counts[row]) : 0.0;
    }
  });
  return std::move(draft.standing);
}

RowPair::RowPair(std::size_t columns)
    : common_(columns), kept_x_(columns), kept_y_(columns), twice_x_(columns), twice_y_(columns) {}

void RowPair::load(std::span<const double> x, const Order& order_x, std::span<const double> y, const Order& order_y) {
  LODE_ASSERT(x.size() == kept_x_.size() && y.size() == kept_y_.size());
  x_ = x;
  y_ = y;
  const std::size_t count = mark_common(x, y, common_.data());
  order_x_ = keep_marked(order_x, common_, count, kept_x_);
  order_y_ = keep_marked(order_y, common_, count, kept_y_);
}

double RowPair::rank_correlation() { return rank_correlation(order_x_, order_y_); }

double RowPair::rank_correlation(const Order& order_x, const Order& order_y) {
  squares_x_ = twice_centered_ranks(x_, order_x, twice_x_);
  squares_y_ = twice_centered_ranks(y_, order_y, twice_y_);
  if (squares_x_ == 0.0 || squares_y_ == 0.0) {
    return stat::kMissing;
  }
  std::int64_t product = 0;
  for (const std::uint32_t cell : order_x.cells) {
    product += static_cast<std::int64_t>(twice_x_[cell]) * twice_y_[cell];
  }
  // Exact integers up to here, so the result may leave [-1, 1] by one rounding only.
  return std::clamp(static_cast<double>(product) / math::sqrt(squares_x_ * squares_y_), -1.0, 1.0);
}

}  // namespace lode::evaluate
