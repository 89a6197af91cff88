// Cell counts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/coverage.h"

#include <algorithm>

#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

// Rows whose window ends inside the data: the last with any label, plus one.
std::size_t labelled_rows(const Labels& labels) {
  for (std::size_t row = labels.returns.rows(); row-- > 0;) {
    const auto cells = labels.returns.row64(row);
    if (std::any_of(cells.begin(), cells.end(), [](double x) { return stat::is_valid(x); })) {
      return row + 1;
    }
  }
  return 0;
}

// Cells with a return among `cells`.
std::size_t count_returns(std::span<const std::uint32_t> cells, std::span<const double> returns,
                          const PlaceRow& placed) {
  std::size_t n = 0;
  if (placed.places.empty()) {
    for (const std::uint32_t cell : cells) {
      n += stat::is_valid(returns[cell]) ? 1 : 0;
    }
    return n;
  }
  for (const std::uint32_t cell : cells) {
    n += placed.places[cell] != 0 ? 1 : 0;
  }
  return n;
}

// Adds what became of the trades of one row: of all names, less those without a factor, which are few.
void add_exits(const SortedRows& factor, const Labels& labels, std::size_t row, HorizonResult& out) {
  ExitCounts exits = labels.exits[row];
  for (const std::uint32_t cell : factor.missing(row)) {
    const int flags = labels.flags[row * labels.returns.columns() + cell];
    exits.late -= (flags & kLateExit) != 0 ? 1 : 0;
    exits.delisted -= (flags & kDelistedInside) != 0 ? 1 : 0;
    exits.delisting_returns -= (flags & kDelistingReturn) != 0 ? 1 : 0;
    exits.never_again -= (flags & kNeverTradedAgain) != 0 ? 1 : 0;
  }
  out.late_exits += exits.late;
  out.delisted_inside += exits.delisted;
  out.delisting_returns_applied += exits.delisting_returns;
  out.never_traded_again += exits.never_again;
}

}  // namespace

Coverage coverage(const SortedRows& factor, const Labels& labels, const LabelMaker& maker, const Options& options) {
  Coverage out;
  const auto first = std::find_if(factor.counts.begin(), factor.counts.end(), [](auto count) { return count > 0; });
  const auto warm_up = static_cast<std::size_t>(first - factor.counts.begin());
  out.warm_up_sessions = static_cast<int>(warm_up);
  out.names_series.assign(factor.counts.begin(), factor.counts.end());
  for (std::size_t row = warm_up; row < maker.labelled_rows(labels.horizon); ++row) {
    const auto values = factor.values.row(row);
    const auto returns = labels.returns.row64(row);
    const std::size_t members = maker.count_members(row, values);
    if (members < names_needed(options)) {
      continue;
    }
    out.cells_universe += static_cast<std::int64_t>(members);
    if (factor.counts[row] < names_needed(options)) {
      continue;
    }
    std::int64_t both = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      both += static_cast<int>(stat::is_valid(values[i])) & static_cast<int>(stat::is_valid(returns[i]));
    }
    out.cells_factor += factor.counts[row];
    out.cells_tradable += both;  // A position could be opened where there is a return.
    out.cells_return += both;
  }
  out.ratio =
      out.cells_universe > 0 ? static_cast<double>(out.cells_factor) / static_cast<double>(out.cells_universe) : 0.0;
  return out;
}

void count_cells(const SortedRows& factor, const Labels& labels, const Places* places, const Options& options,
                 HorizonResult& out) {
  std::size_t shorted = 0;  // Names among the lowest 1/quantiles by factor,
  std::size_t bought = 0;   // and those of them that could be traded.
  const std::size_t rows = labelled_rows(labels);
  for (std::size_t row = 0; row < rows; ++row) {
    if (factor.counts[row] < names_needed(options)) {
      continue;
    }
    const auto order = factor.order(row);
    const auto returns = labels.returns.row64(row);
    const PlaceRow placed = places != nullptr ? places->row(row) : PlaceRow{};
    const std::size_t known = places != nullptr ? placed.count - count_returns(factor.missing(row), returns, placed)
                                                : count_returns(order, returns, placed);
    out.untradable_entries += static_cast<std::int64_t>(order.size() - known);
    add_exits(factor, labels, row, out);
    const auto lowest = order.first(order.size() / static_cast<std::size_t>(options.quantiles));
    shorted += lowest.size();
    bought += count_returns(lowest, returns, placed);
  }
  if (shorted > 0) {
    out.short_leg_untradable = static_cast<double>(shorted - bought) / static_cast<double>(shorted);
  }
}

int count_delisted(std::span<const std::int32_t> delisted_row) {
  return static_cast<int>(std::count_if(delisted_row.begin(), delisted_row.end(), [](auto row) { return row >= 0; }));
}

}  // namespace lode::evaluate
