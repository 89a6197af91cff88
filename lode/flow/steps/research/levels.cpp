// What adjustment knows later, undone: a column's later factor is one number, so its earlier levels are a division
// away.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/levels.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "lode/base/math.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/steps/research/slice.h"

namespace lode::flow {

namespace {

// A cell has moved when it differs by more than this share of its row's range.
constexpr double kMovedRange = 0.01;

// What every level of a column was multiplied with because of actions after row `last`.
struct LaterFactor {
  std::size_t column;
  double price;
  double volume;
};

std::vector<LaterFactor> later_factors(const lake::PanelSet& set, std::size_t last) {
  std::vector<LaterFactor> out;
  for (const lake::Adjustments::Column& column : set.adjustments->columns) {
    const LaterFactor factor{column.column, column.factors.price[last], column.factors.volume[last]};
    if (factor.price != 1.0 || factor.volume != 1.0) {
      out.push_back(factor);
    }
  }
  return out;
}

Panel undone(const Panel& panel, const std::vector<LaterFactor>& later, bool is_volume) {
  const Panel wide = panel.as(Precision::kFloat64);
  Panel out(panel.shared_axis(), Precision::kFloat64);
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    const auto to = out.mutable_row64(row);
    std::ranges::copy(wide.row64(row), to.begin());
    for (const LaterFactor& factor : later) {
      to[factor.column] /= is_volume ? factor.volume : factor.price;
    }
  }
  return out.as(panel.precision());
}

bool is_price(std::string_view field) {
  return field == "open" || field == "high" || field == "low" || field == "close" || field == "vwap";
}

// Only what the program reads: a market has more fields than a formula.
expr::Fields fields_of_the_day(const lake::PanelSet& set, const expr::Program& program,
                               const std::vector<LaterFactor>& later, std::size_t end) {
  const RowSlice slice(set.axis, 0, end);
  expr::Fields fields(slice.axis());
  const auto read = program.fields();
  for (const auto& [name, panel] : set.panels) {
    if (std::ranges::find(read, name) == read.end()) {
      continue;
    }
    const Panel cut = slice.panel(panel);
    fields.set(name, is_price(name) || name == "volume" ? undone(cut, later, name == "volume") : cut);
  }
  for (const auto& [name, group] : set.groups) {
    fields.set(name, slice.group(group));
  }
  fields.set_universe(slice.mask(set.universe));
  return fields;
}

void compare_row(const Panel& whole, const Panel& then, std::size_t row, LevelsTest& test) {
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (std::size_t column = 0; column < whole.columns(); ++column) {
    const double value = whole.at(row, column);
    if (!math::is_nan(value)) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
  }
  for (std::size_t column = 0; column < whole.columns(); ++column) {
    const double now = whole.at(row, column);
    const double before = then.at(row, column);
    if (math::is_nan(now) && math::is_nan(before)) {
      continue;
    }
    ++test.compared;
    const bool near = math::abs(now - before) <= kMovedRange * (most - least);  // False when one of them is missing.
    test.moved += near ? 0 : 1;
  }
}

}  // namespace

Result<LevelsTest> test_levels(World& world, const lake::PanelSet& set, const expr::Program& program,
                               const Panel& whole, std::size_t end, std::size_t rows) {
  LevelsTest test;
  if (set.adjustments == nullptr || end == 0) {
    return test;
  }
  const std::vector<LaterFactor> later = later_factors(set, end - 1);
  if (later.empty()) {
    return test;
  }
  LODE_TRY(const std::vector<Panel> then,
           expr::evaluate(program, fields_of_the_day(set, program, later, end), whole.precision(), world.pool));
  for (std::size_t row = end > rows ? end - rows : 0; row < end; ++row) {
    compare_row(whole, then.front(), row, test);
  }
  return test;
}

}  // namespace lode::flow
