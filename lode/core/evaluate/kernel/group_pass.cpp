// Groups of a row, all at once.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/group_pass.h"

#include <algorithm>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/stat/pair_lanes.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Series = std::vector<double>;

// What rounding may leave of a sum of ranks that are gone: far below the smallest centred rank.
constexpr double kNoSum = 1e-9;

// An order group by group, each ascending as before; cells without a group are left out.
class SplitOrder {
 public:
  SplitOrder(std::size_t columns, std::size_t groups) : cells_(columns), starts_(groups + 1), next_(groups + 1) {}

  void split(std::span<const std::uint32_t> order, std::span<const std::int32_t> codes) {
    std::fill(next_.begin(), next_.end(), 0U);
    for (const std::uint32_t cell : order) {
      ++next_[static_cast<std::size_t>(codes[cell] + 1)];  // [0]: without a group.
    }
    std::uint32_t total = 0;
    for (std::size_t g = 0; g + 1 < starts_.size(); ++g) {
      starts_[g] = total;
      total += next_[g + 1];
      next_[g + 1] = starts_[g];
    }
    starts_.back() = total;
    for (const std::uint32_t cell : order) {
      if (const std::int32_t code = codes[cell]; code >= 0) {
        cells_[next_[static_cast<std::size_t>(code) + 1]++] = cell;
      }
    }
  }
  std::span<const std::uint32_t> group(std::size_t index) const {
    return std::span(cells_).subspan(starts_[index], starts_[index + 1] - starts_[index]);
  }

 private:
  std::vector<std::uint32_t> cells_;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> next_;
};

// Buffers of one block of rows.
struct Scratch {
  Scratch(std::size_t columns, std::size_t groups)
      : orders(columns, groups), marks(columns + 17), table(columns + 17), ties(groups), sums(groups + 1) {}
  SplitOrder orders;
  std::vector<std::uint8_t> marks;
  std::vector<std::int16_t> table;
  std::vector<std::vector<TieRun>> ties;  // Of the factor, by group.
  Series sums;
  LabelRows::Scratch labels;
};

// Splits a row of the factor by groups, and finds ties within each.
void split_row(const GroupQuestion& q, std::size_t row, Scratch& scratch) {
  scratch.orders.split(q.factor.order(row), q.codes.row(row, q.factor.columns));
  for (std::size_t group = 0; group < q.codes.groups; ++group) {
    scratch.ties[group].clear();
    if (q.factor.ties[row] != 0) {
      find_ties(q.factor.values.row(row), scratch.orders.group(group), scratch.ties[group]);
    }
  }
}

// Names of the row with a factor and a label.
std::size_t count_pairs(const GroupQuestion& q, std::size_t row, Scratch& scratch) {
  const PlaceRow y = q.labels.places(row, scratch.labels);
  std::size_t lost = 0;
  for (const std::uint32_t cell : q.factor.missing(row)) {
    lost += y.places[cell] != 0 ? 1 : 0;
  }
  return y.count - lost;
}

// Coefficients within the groups of a row that split_row has split.
void correlate_row(const GroupQuestion& q, std::size_t row, Scratch& scratch, GroupAnswer& out) {
  const PlaceRow y = q.placed.places.row(row);
  const auto starts = q.placed.row_starts(row);
  const std::size_t all = mark_shared(q.factor.order(row), q.factor.missing(row), y.places, y.count, scratch.marks);
  const auto n = static_cast<std::int32_t>(all);
  running_ranks(std::span<const std::uint8_t>(scratch.marks).subspan(1, y.count), -n - 1, scratch.table.data() + 1);
  scratch.table[0] = 0;
  std::size_t tie = 0;
  std::int32_t at_start = -n - 1;  // Of the table, before a group's entries are written over.
  for (std::size_t group = 0; group < q.codes.groups; ++group) {
    const std::int32_t at_end = starts[group + 1] > starts[group] ? scratch.table[starts[group + 1]] : at_start;
    const std::int32_t names = (at_end - at_start) / 2;
    // Twice the names up to a place, less those of the groups before, less names + 1.
    const auto shift = static_cast<std::int16_t>(-at_start - names - 1);
    for (std::size_t place = starts[group] + 1U; place <= starts[group + 1]; ++place) {
      scratch.table[place] = static_cast<std::int16_t>(scratch.table[place] + shift);
    }
    at_start = at_end;
    const std::size_t first_tie = tie;
    while (tie < y.ties.size() && y.ties[tie].end <= starts[group + 1] + 1U) {
      ++tie;
    }
    if (names < static_cast<std::int32_t>(q.fewest_in_group)) {
      continue;
    }
    const std::int64_t squares = squares_of_ranks(names);
    // The entry below the group's first place is another group's: put down what share_ties must find there.
    std::int16_t& below = scratch.table[starts[group]];
    const std::int16_t kept = std::exchange(below, static_cast<std::int16_t>(-names - 1));
    const std::int64_t squares_y =
        squares - share_ties(y.ties.subspan(first_tie, tie - first_tie), -names - 1, scratch.table);
    below = kept;
    const PlaceWalk walked =
        walk_places(scratch.orders.group(group), scratch.ties[group], y.places, scratch.table.data());
    const std::int64_t squares_x = squares - walked.lost;
    out.names[group][row] = names;
    if (squares_x > 0 && squares_y > 0) {
      const double root = math::sqrt(static_cast<double>(squares_x) * static_cast<double>(squares_y));
      out.rank_ic[group][row] = std::clamp(static_cast<double>(walked.product) / root, -1.0, 1.0);
    }
  }
}

// Centred ranks / size within the groups of a row that split_row has split, 0 elsewhere; returns how they stand.
struct RowStanding {
  std::uint32_t count = 0;
  double deviation = 0.0;
};
RowStanding rank_row(const GroupQuestion& q, std::size_t row, const Scratch& scratch, std::span<double> out) {
  std::fill(out.begin(), out.end(), 0.0);
  RowStanding standing;
  if (q.factor.counts[row] < q.fewest_in_row) {
    return standing;
  }
  double squares = 0.0;
  for (std::size_t group = 0; group < q.codes.groups; ++group) {
    const auto order = scratch.orders.group(group);
    if (order.size() < q.fewest_in_group) {
      continue;
    }
    const double unit = 2.0 * static_cast<double>(order.size());
    std::int32_t centered = 1 - static_cast<std::int32_t>(order.size());
    for (const std::uint32_t cell : order) {
      out[cell] = centered / unit;
      centered += 2;
    }
    auto twice_squares = squares_of_ranks(static_cast<std::int64_t>(order.size()));
    for (const TieRun run : scratch.ties[group]) {
      const std::int32_t shared = run.begin + run.end - 2 - static_cast<std::int32_t>(order.size());
      for (std::size_t i = run.begin - 1U; i + 1 < run.end; ++i) {
        out[order[i]] = shared / unit;
      }
      twice_squares -= squares_of_ranks(run.end - run.begin);
    }
    squares += static_cast<double>(twice_squares) / (unit * unit);
    standing.count += static_cast<std::uint32_t>(order.size());
  }
  standing.deviation = standing.count > 0 ? math::sqrt(squares / standing.count) : 0.0;
  return standing;
}

// The first row with a group to rank; the number of rows without one.
std::size_t first_ranked(const GroupQuestion& q) {
  Scratch scratch(q.factor.columns, q.codes.groups);
  Series ranks(q.factor.columns);
  for (std::size_t row = 0; row < q.factor.values.rows; ++row) {
    split_row(q, row, scratch);
    if (rank_row(q, row, scratch, ranks).count > 0) {
      return row;
    }
  }
  return q.factor.values.rows;
}

// The no-overlap series of each group on one row, from the sum of the factor's last rows.
void hold_row(const GroupQuestion& q, std::size_t row, const Series& window, Scratch& scratch, GroupAnswer& out) {
  const auto groups = q.codes.row(row, window.size());
  const auto values = q.one_day_values.row64(row);
  std::vector<int> labels(q.codes.groups + 1);
  Series buffer(window.size());
  const auto ranks = q.one_day.part(row, 0, buffer);
  std::fill(scratch.sums.begin(), scratch.sums.end(), 0.0);
  for (std::size_t i = 0; i < window.size(); ++i) {
    const auto group = static_cast<std::size_t>(groups[i] + 1);
    const bool is_known = stat::is_valid(values[i]);
    scratch.sums[group] += is_known ? ranks[i] * window[i] : 0.0;
    labels[group] += is_known ? 1 : 0;
  }
  for (std::size_t group = 0; group < q.codes.groups; ++group) {
    const int names = labels[group + 1];
    if (names < static_cast<int>(q.fewest_in_group)) {
      continue;
    }
    // Ranks are at most 1/2, so a sum this large has a factor behind it.
    bool has_factor = math::abs(scratch.sums[group + 1]) > kNoSum * names;
    for (std::size_t i = 0; i < window.size() && !has_factor; ++i) {
      has_factor =
          groups[i] == static_cast<std::int32_t>(group) && stat::is_valid(values[i]) && math::abs(window[i]) > kNoSum;
    }
    if (has_factor) {
      out.tests[group].series[row] = scratch.sums[group + 1] / names;
    }
  }
}

// The last h rows of ranks and their sum.
class Window {
 public:
  Window(std::size_t columns, std::size_t horizon)
      : horizon_(horizon), rows_(horizon + 1, Series(columns)), counts_(horizon + 1), sum_(columns) {}

  // Where the next row goes.
  Series& next() { return rows_[walked_ % rows_.size()]; }
  void add(std::uint32_t count) {
    const std::size_t here = walked_ % rows_.size();
    const std::size_t gone = (walked_ + 1) % rows_.size();  // h rows ago; zeros while there is none.
    counts_[here] = count;
    filled_ += count > 0 ? 1 : 0;
    if (walked_ < horizon_) {
      for (std::size_t i = 0; i < sum_.size(); ++i) {
        sum_[i] += rows_[here][i];
      }
    } else {
      stat::move_on(sum_, rows_[here], rows_[gone]);
      filled_ -= counts_[gone] > 0 ? 1 : 0;
    }
    ++walked_;
  }
  const Series& sum() const { return sum_; }
  bool has_factor() const { return filled_ > 0; }

 private:
  std::size_t horizon_;
  std::vector<Series> rows_;
  std::vector<std::uint32_t> counts_;
  Series sum_;
  std::size_t walked_ = 0;
  int filled_ = 0;
};

}  // namespace

GroupPlaces group_places_of(const LabelRows& labels, std::size_t rows, const GroupCodes& codes, std::size_t columns,
                            Pool& pool) {
  GroupPlaces out;
  out.groups = codes.groups;
  out.places.columns = columns;
  out.places.places.assign(rows * columns, 0);
  out.places.counts.resize(rows);
  out.places.ties.resize(rows);
  out.starts.resize(rows * (codes.groups + 1));
  for_blocks(rows, pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    LabelRows::Scratch scratch;
    SplitOrder orders(columns, codes.groups);
    std::vector<std::uint32_t> order(columns);
    std::vector<TieRun> ties;
    for (std::size_t row = begin; row < end; ++row) {
      const PlaceRow placed = labels.places(row, scratch);
      for (std::size_t i = 0; i < columns; ++i) {
        if (placed.places[i] != 0) {
          order[placed.places[i] - 1U] = static_cast<std::uint32_t>(i);
        }
      }
      orders.split(std::span<const std::uint32_t>(order).first(placed.count), codes.row(row, columns));
      std::uint16_t place = 0;
      for (std::size_t group = 0; group < codes.groups; ++group) {
        out.starts[row * (codes.groups + 1) + group] = place;
        const auto members = orders.group(group);
        find_ties(labels.row(row), members, ties);
        for (const TieRun run : ties) {
          out.places.ties[row].push_back(
              {static_cast<std::uint16_t>(run.begin + place), static_cast<std::uint16_t>(run.end + place)});
        }
        for (const std::uint32_t cell : members) {
          out.places.places[row * columns + cell] = ++place;
        }
      }
      out.starts[row * (codes.groups + 1) + codes.groups] = place;
      out.places.counts[row] = place;
    }
  });
  return out;
}

GroupAnswer group_pass(const GroupQuestion& q, Pool& pool) {
  const std::size_t rows = q.factor.values.rows;
  const std::size_t columns = q.factor.columns;
  const std::vector<Series> none(q.codes.groups, Series(rows, stat::kMissing));
  GroupAnswer out{.rank_ic = none, .names = none, .tests = std::vector<NoOverlap>(q.codes.groups)};
  for (NoOverlap& one : out.tests) {
    one.series.assign(rows, stat::kMissing);
  }
  Standing standing{.cells = {},
                    .counts = std::vector<std::uint32_t>(rows, 0),
                    .deviation = std::vector<double>(rows, 0.0),
                    .twice = nullptr,
                    .center = {},
                    .scale = {}};
  const auto horizon = static_cast<std::size_t>(q.horizon);
  const std::size_t first = first_ranked(q) + horizon - 1;
  const std::size_t block_rows = std::max(kBlockRows, 4 * horizon);  // The rows before a block are walked again.
  pool.for_each((rows + block_rows - 1) / block_rows, [&](std::size_t block) {
    const std::size_t begin = block * block_rows;
    const std::size_t end = std::min(rows, begin + block_rows);
    Scratch scratch(columns, q.codes.groups);
    Window window(columns, horizon);
    for (std::size_t row = begin + 1 > horizon ? begin + 1 - horizon : 0; row < end; ++row) {
      split_row(q, row, scratch);
      const RowStanding stands = rank_row(q, row, scratch, window.next());
      window.add(stands.count);
      if (row < begin) {
        continue;
      }
      standing.counts[row] = stands.count;
      standing.deviation[row] = stands.deviation;
      if (q.factor.counts[row] > 0 && count_pairs(q, row, scratch) >= q.fewest_in_row) {
        correlate_row(q, row, scratch, out);
      }
      if (row >= first && q.one_day.counts[row] > 0 && window.has_factor()) {
        hold_row(q, row, window.sum(), scratch, out);
      }
    }
  });
  for (NoOverlap& one : out.tests) {
    conclude_no_overlap(standing, q.one_day, q.horizon, one);
  }
  return out;
}

}  // namespace lode::evaluate
