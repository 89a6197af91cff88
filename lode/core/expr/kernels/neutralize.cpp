// Residuals of a cross-section regression: Gram-Schmidt with column pivoting, each column made orthogonal twice
// ("twice is enough", Giraud, Langou and Rozloznik 2005), collinear columns dropped. Intercept or group dummies are
// taken out first by subtracting means, which by Frisch, Waugh and Lovell gives the same residuals.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "lode/base/math.h"
#include "lode/core/expr/kernels/section.h"
#include "lode/core/stat/any_order_sum.h"

namespace lode::expr::kernels {
namespace {

// A column that keeps less than this share of its length beside the others is collinear with them.
constexpr double kCollinear = 1e-10;

// A residual below this share of its x and of the mean size of x together is what rounding left of nothing, and 0: of x
// on itself no order of names must remain. Arithmetic in double leaves some 1e-16 of them a step.
constexpr double kDust = 1e-13;

using Column = std::vector<double>;

double dot(const Column& a, const Column& b, Column& products) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    products[i] = a[i] * b[i];
  }
  return stat::any_order_sum(products);
}

void subtract(Column& from, const Column& unit, double length) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    from[i] -= length * unit[i];
  }
}

// Takes the span of `columns` out of `target`. Consumes the columns.
void take_residual(Column& target, std::vector<Column>& columns) {
  Column products(target.size());
  std::vector<double> lengths;
  for (const Column& column : columns) {
    lengths.push_back(math::sqrt(dot(column, column, products)));
  }
  while (!columns.empty()) {
    std::size_t best = 0;
    double best_share = -1.0;
    double best_length = 0.0;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double length = math::sqrt(dot(columns[k], columns[k], products));
      const double share = lengths[k] > 0.0 ? length / lengths[k] : 0.0;
      if (share > best_share) {
        best = k;
        best_share = share;
        best_length = length;
      }
    }
    if (!(best_share > kCollinear)) {
      return;
    }
    Column unit = std::move(columns[best]);
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(best));
    lengths.erase(lengths.begin() + static_cast<std::ptrdiff_t>(best));
    for (double& value : unit) {
      value /= best_length;
    }
    for (int time = 0; time < 2; ++time) {
      for (Column& column : columns) {
        subtract(column, unit, dot(column, unit, products));
      }
      subtract(target, unit, dot(target, unit, products));
    }
  }
}

double mean_size(const Column& values, Column sizes) {
  std::ranges::transform(values, sizes.begin(), [](double value) { return math::abs(value); });
  return stat::any_order_mean(sizes);
}

// Where the members of each group (or all cells, without groups) stand among the cells taken part.
struct Sections {
  std::vector<std::uint32_t> columns;  // Of the row, by (group, column).
  std::vector<std::size_t> ends;       // One past each group.
};

template <class T>
Sections taking_part(const KernelCall<T>& call, std::size_t row, const SectionRoom& room) {
  Sections result;
  const auto takes_part = [&](std::uint32_t column) {
    return std::ranges::all_of(call.operands, [&](const Tile<const T>& operand) {
      return operand.row(row)[column] == operand.row(row)[column];
    });
  };
  const auto add = [&](const std::uint32_t* members, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (takes_part(members[i])) {
        result.columns.push_back(members[i]);
      }
    }
    result.ends.push_back(result.columns.size());
  };
  if (call.groups.empty()) {
    for (std::uint32_t column = 0; column < call.out.width; ++column) {
      room.members[column] = column;
    }
    add(room.members, call.out.width);
  } else {
    const std::int32_t* codes = call.groups[0].row(row);
    const std::size_t count = order_by_group(codes, call.out.width, room);
    for_each_group(codes, room, count, add);
  }
  return result;
}

template <class T>
Column cells_of(const T* row, const Sections& sections) {
  Column values;
  for (const std::uint32_t column : sections.columns) {
    values.push_back(row[column]);
  }
  return values;
}

// Less the mean of each group.
Column centred(Column values, const Sections& sections) {
  std::size_t begin = 0;
  for (const std::size_t end : sections.ends) {
    if (end > begin) {
      const double mean = stat::any_order_mean(std::span(values).subspan(begin, end - begin));
      for (std::size_t i = begin; i < end; ++i) {
        values[i] -= mean;
      }
    }
    begin = end;
  }
  return values;
}

template <class T>
void run_neutralize(const KernelCall<T>& call) {
  const SectionRoom room = SectionRoom::take(call.scratch, call.out.width);
  for (std::size_t i = 0; i < call.out.rows; ++i) {
    const std::size_t row = i + call.history;
    const Sections sections = taking_part(call, row, room);
    std::fill_n(call.out.row(i), call.out.width, kMissing<T>);
    const Column cells = cells_of(call.operands[0].row(row), sections);
    const double usual = mean_size(cells, Column(cells.size()));
    Column target = centred(cells, sections);
    std::vector<Column> columns;
    for (std::size_t k = 1; k < call.operands.size(); ++k) {
      columns.push_back(centred(cells_of(call.operands[k].row(row), sections), sections));
    }
    take_residual(target, columns);
    for (std::size_t k = 0; k < target.size(); ++k) {
      const double dust = kDust * (math::abs(cells[k]) + usual);
      call.out.row(i)[sections.columns[k]] = stored<T>(math::abs(target[k]) <= dust ? 0.0 : target[k]);
    }
  }
}

}  // namespace

Kernel neutralize() { return {run_neutralize<float>, run_neutralize<double>}; }

}  // namespace lode::expr::kernels
