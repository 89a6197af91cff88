// Cell counts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/coverage.h"

#include <algorithm>

#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

// The labels of one row.
struct LabelRow {
  LabelRow(const Labels& labels, std::size_t row)
      : returns(labels.returns.row64(row)), flags(&labels.flags[row * labels.returns.columns()]) {}

  // A position could be opened.
  bool is_tradable(std::size_t column) const { return stat::is_valid(returns[column]); }

  std::span<const double> returns;
  const std::uint8_t* flags;
};

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

// Share of the lowest 1/quantiles of the names by factor that could not be traded.
struct ShortLeg {
  std::int64_t cells = 0;
  std::int64_t untradable = 0;
};

void count_short_leg(std::span<const std::uint32_t> order, const LabelRow& labels, int quantiles, ShortLeg& out) {
  for (const std::uint32_t cell : order.first(order.size() / static_cast<std::size_t>(quantiles))) {
    ++out.cells;
    out.untradable += labels.is_tradable(cell) ? 0 : 1;
  }
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
    const LabelRow label(labels, row);
    const auto is_cell = [&](std::size_t i) { return stat::is_valid(values[i]) || maker.is_member(row, i); };
    std::size_t members = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      members += is_cell(i) ? 1 : 0;
    }
    if (members < names_needed(options)) {
      continue;
    }
    out.cells_universe += static_cast<std::int64_t>(members);
    for (std::size_t i = 0; i < values.size() && factor.counts[row] >= names_needed(options); ++i) {
      const bool has_factor = stat::is_valid(values[i]);
      out.cells_factor += has_factor ? 1 : 0;
      out.cells_tradable += has_factor && label.is_tradable(i) ? 1 : 0;
      out.cells_return += has_factor && stat::is_valid(label.returns[i]) ? 1 : 0;
    }
  }
  out.ratio =
      out.cells_universe > 0 ? static_cast<double>(out.cells_factor) / static_cast<double>(out.cells_universe) : 0.0;
  return out;
}

void count_cells(const SortedRows& factor, const Labels& labels, const Options& options, HorizonResult& out) {
  ShortLeg short_leg;
  const std::size_t rows = labelled_rows(labels);
  const std::size_t columns = labels.returns.columns();
  for (std::size_t row = 0; row < rows; ++row) {
    if (factor.counts[row] < names_needed(options)) {
      continue;
    }
    const LabelRow label(labels, row);
    const double* values = factor.values.row(row).data();
    const double* returns = label.returns.data();
    std::uint32_t untradable = 0;
    std::uint32_t flagged = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      const int has_factor = stat::is_valid(values[i]) ? 1 : 0;
      untradable += static_cast<std::uint32_t>(has_factor & (stat::is_valid(returns[i]) ? 0 : 1));
      flagged += label.flags[i];
    }
    out.untradable_entries += untradable;
    for (std::size_t i = 0; flagged > 0 && i < columns; ++i) {
      if (label.flags[i] != 0 && stat::is_valid(values[i])) {
        out.late_exits += (label.flags[i] & kLateExit) != 0 ? 1 : 0;
        out.delisted_inside += (label.flags[i] & kDelistedInside) != 0 ? 1 : 0;
        out.delisting_returns_applied += (label.flags[i] & kDelistingReturn) != 0 ? 1 : 0;
        out.never_traded_again += (label.flags[i] & kNeverTradedAgain) != 0 ? 1 : 0;
      }
    }
    count_short_leg(factor.order(row), label, options.quantiles, short_leg);
  }
  if (short_leg.cells > 0) {
    out.short_leg_untradable = static_cast<double>(short_leg.untradable) / static_cast<double>(short_leg.cells);
  }
}

int count_delisted(std::span<const std::int32_t> delisted_row) {
  return static_cast<int>(std::count_if(delisted_row.begin(), delisted_row.end(), [](auto row) { return row >= 0; }));
}

}  // namespace lode::evaluate
