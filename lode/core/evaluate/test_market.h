// Small markets for the tests and the benchmark of this module: gaps, halts, ties, late listings and delistings on
// request, and factors with a chosen persistence and edge. Every number is a pure function of the seed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "lode/base/math.h"
#include "lode/base/random.h"
#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate::test {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Weekdays from 2010-01-04.
inline std::shared_ptr<const Axis> make_axis(std::size_t rows, std::size_t columns) {
  auto axis = std::make_shared<Axis>();
  for (Date day = Date::from_civil(2010, 1, 4); axis->sessions.size() < rows; day = day + 1) {
    if (day.weekday() < 5) {
      axis->sessions.push_back(day);
      axis->times.push_back(end_of_day(day));
    }
  }
  for (std::size_t column = 0; column < columns; ++column) {
    axis->instruments.push_back(InstrumentId{static_cast<decltype(InstrumentId::value)>(column + 1)});
    axis->symbols.push_back("S" + std::to_string(column));
  }
  return axis;
}

inline Panel make_panel(const std::shared_ptr<const Axis>& axis,
                        const std::function<double(std::size_t, std::size_t)>& cell) {
  Panel panel(axis, Precision::kFloat64);
  for (std::size_t row = 0; row < axis->rows(); ++row) {
    for (std::size_t column = 0; column < axis->columns(); ++column) {
      panel.mutable_row64(row)[column] = cell(row, column);
    }
  }
  return panel;
}

// A panel from rows written out.
inline Panel make_panel(const std::shared_ptr<const Axis>& axis, const std::vector<std::vector<double>>& rows) {
  return make_panel(axis, [&](std::size_t row, std::size_t column) { return rows.at(row).at(column); });
}

struct MarketOptions {
  std::size_t rows = 120;
  std::size_t columns = 12;
  std::uint64_t seed = 1;
  double volatility = 0.02;        // Of a session's log return.
  double market_volatility = 0.0;  // Of a move shared by all names.
  bool faults = false;             // Missing bars, halts (volume 0), late listings, delistings, a universe with holes.
};

// Random walks with independent Gaussian log returns; open = the close
// before, so that open-to-open returns are white noise too.
inline Market make_market(const std::shared_ptr<const Axis>& axis, const MarketOptions& options) {
  const std::size_t columns = options.columns;
  const Random random(options.seed, 1);
  Market market;
  market.delisted_row.assign(columns, -1);
  market.delisting_return.assign(columns, kNan);
  std::vector<double> log_close(columns, 4.0);
  Panel open(axis, Precision::kFloat64);
  Panel close(axis, Precision::kFloat64);
  Panel volume(axis, Precision::kFloat64);
  const auto draw = [&](std::size_t row, std::size_t column, std::size_t what) {
    return random.uniform_at((row * columns + column) * 8 + what);
  };
  for (std::size_t row = 0; row < options.rows; ++row) {
    const double shared = options.market_volatility * Random(options.seed, 2).normal_at(row);
    for (std::size_t column = 0; column < columns; ++column) {
      const double before = log_close[column];
      log_close[column] += shared + options.volatility * random.normal_at((row * columns + column) * 8);
      const bool listed = !options.faults || column % 5 != 1 || row >= options.rows / 4;
      const bool dead = options.faults && column % 6 == 2 && row > options.rows * 2 / 3 + column;
      const bool missing = options.faults && draw(row, column, 2) < 0.03;
      const bool halted = options.faults && draw(row, column, 3) < 0.04;
      if (dead && market.delisted_row[column] < 0) {
        std::size_t last = row - 1;
        while (last > 0 && close.at(last, column) != close.at(last, column)) {
          --last;
        }
        market.delisted_row[column] = static_cast<std::int32_t>(last);
        market.delisting_return[column] = column % 12 == 2 ? -0.55 : kNan;
      }
      if (listed && !dead && !missing) {
        open.mutable_row64(row)[column] = math::exp(before);
        close.mutable_row64(row)[column] = math::exp(log_close[column]);
        volume.mutable_row64(row)[column] = halted ? 0.0 : 1e6;
      }
    }
  }
  market.open = open;
  market.close = close;
  market.high =
      make_panel(axis, [&](auto row, auto column) { return std::max(open.at(row, column), close.at(row, column)); });
  market.low =
      make_panel(axis, [&](auto row, auto column) { return std::min(open.at(row, column), close.at(row, column)); });
  market.volume = volume;
  if (options.faults) {
    for (std::size_t cell = 0; cell < options.rows * columns; ++cell) {
      market.universe.push_back(random.uniform_at(cell * 8 + 4) < 0.05 ? 0 : 1);
    }
  }
  return market;
}

struct FactorOptions {
  double persistence = 0.9;  // Autocorrelation of each name's value.
  double edge = 0.0;         // Loading on the next session's open-to-open return, in units of its deviation.
  double missing = 0.0;      // Share of cells without a value.
  bool ties = false;         // Rounded to a coarse grid.
  std::uint64_t seed = 11;
};

inline Panel make_factor(const Market& market, const FactorOptions& options) {
  const auto& axis = market.open.shared_axis();
  const Random random(options.seed, 3);
  const double fresh = math::sqrt(1.0 - options.persistence * options.persistence);
  std::vector<double> state(axis->columns());
  return make_panel(axis, [&](std::size_t row, std::size_t column) {
    const std::uint64_t at = (row * axis->columns() + column) * 2;
    const double shock = random.normal_at(at);
    state[column] = row == 0 ? shock : options.persistence * state[column] + fresh * shock;
    if (random.uniform_at(at + 1) < options.missing) {
      return kNan;
    }
    double value = state[column];
    if (options.edge != 0.0 && row + 2 < axis->rows()) {
      const double next = market.open.at(row + 2, column) / market.open.at(row + 1, column) - 1.0;
      value += next == next ? options.edge * next / 0.02 : 0.0;
    }
    return options.ties ? math::floor(value * 2.0) / 2.0 : value;
  });
}

// Groups 0..count-1 by column, some without one when `gaps`.
inline GroupPanel make_groups(const std::shared_ptr<const Axis>& axis, int count, bool gaps) {
  GroupPanel groups{.axis = axis, .codes = {}, .names = {}};
  for (int group = 0; group < count; ++group) {
    groups.names.push_back("group " + std::to_string(group));
  }
  for (std::size_t row = 0; row < axis->rows(); ++row) {
    for (std::size_t column = 0; column < axis->columns(); ++column) {
      const bool none = gaps && (row / 7 + column) % 11 == 0;
      groups.codes.push_back(
          none ? -1
               : static_cast<std::int32_t>((column + (row > axis->rows() / 2 && column == 3 ? 1 : 0)) %
                                           static_cast<std::size_t>(count)));
    }
  }
  return groups;
}

}  // namespace lode::evaluate::test
