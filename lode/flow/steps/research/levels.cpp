// What adjustment knows later, undone: a column's later factor is one number, so its earlier levels are a division
// away.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/levels.h"

#include <algorithm>
#include <vector>

#include "lode/base/math.h"
#include "lode/core/expr/evaluate.h"
#include "lode/flow/steps/research/slice.h"

namespace lode::flow {

namespace {

// A cell has moved when its place differs by more than this share of the names of its row.
constexpr double kMovedPlaces = 0.01;

// Values closer than this, of their size and that of the row's median, are equal: both sides are right up to rounding.
constexpr double kEqual64 = 1e-9;
constexpr double kEqual32 = 1e-5;

// Dates before which values are recomputed: enough to stand for a history, few enough to cost about one computation.
constexpr std::size_t kDates = 8;
constexpr std::size_t kDatesOfRecursion = 3;

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

// Powers of two in their place, which scale without rounding; large ones, another for each name, so that whatever
// depends on the scale shows it. A split's two factors stay each other's inverse.
std::vector<LaterFactor> in_powers_of_two(std::vector<LaterFactor> later) {
  const auto power = [](double factor, std::size_t column) {
    const double scale = static_cast<double>(1U << (5 + 7 * (column % 4)));
    return factor == 1.0 ? 1.0 : (factor < 1.0 ? 1.0 / scale : scale);
  };
  for (LaterFactor& factor : later) {
    factor.price = power(factor.price, factor.column);
    factor.volume = power(factor.volume, factor.column);
  }
  return later;
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

bool never_forgets(const expr::Program& program) {
  return std::ranges::any_of(program.nodes,
                             [](const expr::Node& node) { return node.op != nullptr && node.op->spec.recursive; });
}

// Rows after `first_row` on which an action took effect, one a column with one, ascending.
std::vector<std::size_t> action_rows(const lake::PanelSet& set, std::size_t first_row) {
  std::vector<std::size_t> out;
  for (const lake::Adjustments::Column& column : set.adjustments->columns) {
    const std::vector<double>& price = column.factors.price;
    const std::vector<double>& volume = column.factors.volume;
    for (std::size_t row = first_row + 1; row < price.size(); ++row) {
      if (price[row] != price[row - 1] || volume[row] != volume[row - 1]) {
        out.push_back(row);
      }
    }
  }
  std::ranges::sort(out);
  return out;
}

// At most `most` of `rows`, the first and the last among them, each once.
std::vector<std::size_t> spread_over(const std::vector<std::size_t>& rows, std::size_t most) {
  std::vector<std::size_t> out;
  const std::size_t picks = std::min(most, rows.size());
  for (std::size_t i = 0; i < picks; ++i) {
    out.push_back(rows[picks == 1 ? 0 : i * (rows.size() - 1) / (picks - 1)]);
  }
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

// Rows [begin, end) of only what the program reads: a market has more fields than a formula.
expr::Fields fields_of_the_day(const lake::PanelSet& set, const expr::Program& program,
                               const std::vector<LaterFactor>& later, const RowSlice& slice) {
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

// Where a value stands among those of its row: the first and the last of the places it shares with its equals.
struct Place {
  std::size_t first = 0;
  std::size_t last = 0;
  double middle() const { return 0.5 * static_cast<double>(first + last); }
};

// The valid values of one row, ascending.
class SortedRow {
 public:
  SortedRow(const Panel& panel, std::size_t row)
      : equal_(panel.precision() == Precision::kFloat32 ? kEqual32 : kEqual64) {
    for (std::size_t column = 0; column < panel.columns(); ++column) {
      if (const double value = panel.at(row, column); !math::is_nan(value)) {
        values_.push_back(value);
      }
    }
    std::ranges::sort(values_);
    size_ = values_.empty() ? 0.0 : math::abs(values_[values_.size() / 2]);
    size_ = math::is_finite(size_) ? size_ : 0.0;
  }

  std::size_t count() const { return values_.size(); }

  Place place_of(double value) const {
    const double reach = math::is_finite(value) ? equal_ * (math::abs(value) + size_) : 0.0;
    const auto first = std::ranges::lower_bound(values_, value - reach);
    const auto past = std::ranges::upper_bound(values_, value + reach);
    return {static_cast<std::size_t>(first - values_.begin()), static_cast<std::size_t>(past - values_.begin()) - 1};
  }

 private:
  std::vector<double> values_;
  double equal_;
  double size_ = 0.0;  // Of its median: the dearest name sets no scale for the others.
};

bool is_moved(const Place& now, const Place& then, double names) {
  return math::abs(now.middle() - then.middle()) > kMovedPlaces * names;
}

void compare_row(const Panel& whole, std::size_t row, const Panel& then, std::size_t then_row, LevelsTest& test) {
  const SortedRow sorted_now(whole, row);
  const SortedRow sorted_then(then, then_row);
  const auto names = static_cast<double>(sorted_now.count());
  for (std::size_t column = 0; column < whole.columns(); ++column) {
    const double now = whole.at(row, column);
    const double before = then.at(then_row, column);
    const bool missing_now = math::is_nan(now);
    const bool missing_before = math::is_nan(before);
    if (missing_now && missing_before) {
      continue;
    }
    ++test.compared;
    const bool moved =
        missing_now != missing_before || is_moved(sorted_now.place_of(now), sorted_then.place_of(before), names);
    test.moved += moved ? 1 : 0;
  }
}

}  // namespace

Result<LevelsTest> test_levels(World& world, const lake::PanelSet& set, const expr::Program& program,
                               const Panel& whole, std::size_t first_row, std::size_t rows) {
  LevelsTest test;
  if (set.adjustments == nullptr) {
    return test;
  }
  const bool forgets = !never_forgets(program);
  const std::vector<std::size_t> cuts = spread_over(action_rows(set, first_row), forgets ? kDates : kDatesOfRecursion);
  const auto compare = [&](bool powers) -> Result<LevelsTest> {
    LevelsTest found;
    found.dates = cuts.size();
    for (const std::size_t end : cuts) {
      const std::size_t from = std::max(first_row, end - std::min(end, std::max<std::size_t>(1, rows / cuts.size())));
      const auto warm_up = static_cast<std::size_t>(program.lookback());
      const RowSlice slice(set.axis, forgets ? from - std::min(from, warm_up) : 0, end);
      const std::vector<LaterFactor> later = later_factors(set, end - 1);
      LODE_TRY(const std::vector<Panel> then,
               expr::evaluate(program, fields_of_the_day(set, program, powers ? in_powers_of_two(later) : later, slice),
                              whole.precision(), world.pool));
      for (std::size_t row = from; row < end; ++row) {
        compare_row(whole, row, then.front(), row - slice.begin(), found);
      }
    }
    return found;
  };
  LODE_TRY(test, compare(false));
  if (moves_with_levels(test)) {
    // Rounding alone may have broken ties (a rank among sums of cents). Powers of two round nothing: a formula whose
    // values they leave in place does not know how its prices are scaled.
    LODE_TRY(const LevelsTest exact, compare(true));
    test.moved = exact.moved == 0 ? 0 : test.moved;
  }
  return test;
}

}  // namespace lode::flow
