// The driver of cross-section kernels. A kernel sees a section: the valid values of one date, or of one group on that
// date, in column order, side by side. What it gives is scattered back; all other cells of the row are missing. Since
// missing cells are not there at all, no instrument outside the section can touch a bit; sums are those of core/stat's
// any_order_sum.h, so neither can the order of the columns.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lode/core/expr/kernels/kernel.h"
#include "lode/core/expr/kernels/order.h"

namespace lode::expr::kernels {

struct Section {
  std::span<const double> values;  // Never empty, never NaN.
  std::span<double> out;           // As many; not the same memory.
  const KernelArguments& arguments;
  const OrderRoom& order;  // Room for sorting the values.
  double* room;            // Room for as many doubles again.
};
using SectionKernel = void (*)(const Section&);

// Standard deviation by n - 1, missing for a single value; by n under a profile that has it so.
double section_deviation(const Section& section, double mean);

// Quantile q of sorted values, linear interpolation at `top / bottom` of the way: quantile(s, k, 5) is the k-th
// quintile edge, exactly a value where it falls on one.
double section_quantile(std::span<const double> sorted, double top, double bottom = 1.0);
// The values in ascending order, in section.room.
std::span<const double> sort_section(const Section& section);

std::size_t section_scratch_bytes(const KernelArguments& arguments, std::size_t rows, std::size_t width);

// What a driver needs for rows of one width.
struct SectionRoom {
  OrderRoom order;
  double* values;
  double* results;
  double* spare;
  std::uint32_t* columns;  // Of the section's values.
  std::uint32_t* members;  // Columns that have a group, by (group, column).
  static SectionRoom take(Scratch scratch, std::size_t width);
};

// Runs the kernel on the valid cells among `columns` (nullptr: 0, 1, ..) of one row.
template <class T>
void run_section(const T* row, const std::uint32_t* columns, std::size_t count, T* out, SectionKernel kernel,
                 const KernelArguments& arguments, const SectionRoom& room) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t column = columns == nullptr ? static_cast<std::uint32_t>(i) : columns[i];
    room.values[n] = row[column];
    room.columns[n] = column;
    n += is_known(row[column]) ? 1U : 0U;
  }
  if (n == 0) {
    return;
  }
  kernel({{room.values, n}, {room.results, n}, arguments, room.order, room.spare});
  for (std::size_t i = 0; i < n; ++i) {
    out[room.columns[i]] = stored<T>(room.results[i]);
  }
}

template <SectionKernel kKernel, class T>
void run_by_row(const KernelCall<T>& call) {
  const SectionRoom room = SectionRoom::take(call.scratch, call.out.width);
  for (std::size_t i = 0; i < call.out.rows; ++i) {
    std::fill_n(call.out.row(i), call.out.width, kMissing<T>);
    run_section(call.operands[0].row(i + call.history), nullptr, call.out.width, call.out.row(i), kKernel,
                call.arguments, room);
  }
}

// Puts the columns that have a group into room.members by (group, column); returns how many.
std::size_t order_by_group(const std::int32_t* codes, std::size_t width, const SectionRoom& room);

// Calls section(members, count) for each group of a row whose members are ordered.
template <class Function>
void for_each_group(const std::int32_t* codes, const SectionRoom& room, std::size_t count, Function section) {
  for (std::size_t begin = 0; begin < count;) {
    std::size_t end = begin + 1;
    while (end < count && codes[room.members[end]] == codes[room.members[begin]]) {
      ++end;
    }
    section(room.members + begin, end - begin);
    begin = end;
  }
}

template <SectionKernel kKernel, class T>
void run_by_group(const KernelCall<T>& call) {
  const std::size_t width = call.out.width;
  const SectionRoom room = SectionRoom::take(call.scratch, width);
  std::size_t count = 0;  // Of room.members, which stand for the codes of the row before.
  for (std::size_t i = 0; i < call.out.rows; ++i) {
    const std::int32_t* codes = call.groups[0].row(i + call.history);
    if (i == 0 || call.groups[0].repeats[i + call.history] == 0) {
      count = order_by_group(codes, width, room);
    }
    std::fill_n(call.out.row(i), width, kMissing<T>);
    for_each_group(codes, room, count, [&](const std::uint32_t* members, std::size_t size) {
      run_section(call.operands[0].row(i + call.history), members, size, call.out.row(i), kKernel, call.arguments,
                  room);
    });
  }
}

// The kernel of an operator over dates, and of one over groups within dates.
template <SectionKernel kKernel>
Kernel by_row() {
  return {run_by_row<kKernel, float>, run_by_row<kKernel, double>};
}
template <SectionKernel kKernel>
Kernel by_group() {
  return {run_by_group<kKernel, float>, run_by_group<kKernel, double>};
}

// Formulas that stand both over dates and within groups.
void demean_section(const Section& section);
void zscore_section(const Section& section);
void scale_section(const Section& section);      // To a sum of |x| of literal 0, or 1.
Ties ties_of(const KernelArguments& arguments);  // Options ties, pct of the rank operators.
RankScale rank_scale(const KernelArguments& arguments);

Kernel rank();
Kernel group_rank();
Kernel neutralize();  // Operands x, y1, ..; a group, if any, stands for its dummies.

}  // namespace lode::expr::kernels
