// What cross-section kernels share: quantiles, groups, formulas over dates and within groups.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/section.h"

#include "lode/base/math.h"
#include "lode/core/stat/any_order_sum.h"

namespace lode::expr::kernels {

double section_quantile(std::span<const double> sorted, double top, double bottom) {
  const double at = top * static_cast<double>(sorted.size() - 1) / bottom;
  const double below = math::floor(at);
  const auto index = static_cast<std::size_t>(below);
  const double share = at - below;
  return share > 0.0 ? sorted[index] + (sorted[index + 1] - sorted[index]) * share : sorted[index];
}

std::span<const double> sort_section(const Section& section) {
  std::size_t n = 0;
  for (const std::uint64_t word : sorted_valid(section.values.data(), section.values.size(), section.order)) {
    section.room[n++] = section.values[index_of(word)];
  }
  return {section.room, n};
}

std::size_t section_scratch_bytes(const KernelArguments&, std::size_t, std::size_t width) {
  return OrderRoom::bytes(width) + 3 * Bump::aligned((width + 1) * sizeof(double)) +
         2 * Bump::aligned((width + 1) * sizeof(std::uint32_t));
}

SectionRoom SectionRoom::take(Scratch scratch, std::size_t width) {
  Bump bump(scratch);
  SectionRoom room;
  room.order = OrderRoom::take(bump, width);
  room.values = bump.take<double>(width + 1);  // Gathering writes one past the valid cells.
  room.results = bump.take<double>(width + 1);
  room.spare = bump.take<double>(width + 1);
  room.columns = bump.take<std::uint32_t>(width + 1);
  room.members = bump.take<std::uint32_t>(width + 1);
  return room;
}

std::size_t order_by_group(const std::int32_t* codes, std::size_t width, const SectionRoom& room) {
  std::size_t count = 0;
  for (std::size_t column = 0; column < width; ++column) {
    if (codes[column] >= 0) {
      room.order.words[count++] = static_cast<std::uint64_t>(codes[column]) << 32 | column;
    }
  }
  const std::uint64_t* words = sort_words(room.order, count);
  for (std::size_t i = 0; i < count; ++i) {
    room.members[i] = index_of(words[i]);
  }
  return count;
}

void demean_section(const Section& section) {
  const double mean = stat::any_order_mean(section.values);
  std::ranges::transform(section.values, section.out.begin(), [mean](double value) { return value - mean; });
}

double section_deviation(const Section& section, double mean) {
  const bool by_n = section.arguments.profile != nullptr && section.arguments.profile->deviations_by_n;
  const double degrees = static_cast<double>(section.values.size()) - (by_n ? 0.0 : 1.0);
  return math::sqrt(stat::any_order_squares(section.values, mean) / degrees);
}

// Equal values, or a single one: 0 / 0, missing.
void zscore_section(const Section& section) {
  const double mean = stat::any_order_mean(section.values);
  const double deviation = section_deviation(section, mean);
  std::ranges::transform(section.values, section.out.begin(), [=](double value) { return (value - mean) / deviation; });
}

void scale_section(const Section& section) {
  const double to = section.arguments.literals.empty() ? 1.0 : section.arguments.literals[0];
  const double sum = stat::any_order_abs_sum(section.values);
  std::ranges::transform(section.values, section.out.begin(), [=](double value) { return to * value / sum; });
}

Ties ties_of(const KernelArguments& arguments) {
  return arguments.options.empty() ? Ties::kAverage : static_cast<Ties>(static_cast<int>(arguments.options[0]));
}
RankScale rank_scale(const KernelArguments& arguments) {
  if (arguments.profile != nullptr && arguments.profile->ranks_from_zero) {
    return RankScale::kFromZero;
  }
  return arguments.options.size() < 2 || arguments.options[1] == 1.0 ? RankScale::kShare : RankScale::kPlaces;
}

namespace {

template <class T>
void run_rank(const KernelCall<T>& call) {
  Bump bump(call.scratch);
  const OrderRoom room = OrderRoom::take(bump, call.out.width);
  for (std::size_t i = 0; i < call.out.rows; ++i) {
    rank_cells(call.operands[0].row(i + call.history), call.out.width, ties_of(call.arguments),
               rank_scale(call.arguments), call.out.row(i), room);
  }
}

void rank_section(const Section& section) {
  rank_cells(section.values.data(), section.values.size(), ties_of(section.arguments), rank_scale(section.arguments),
             section.out.data(), section.order);
}

}  // namespace

Kernel rank() { return {run_rank<float>, run_rank<double>}; }
Kernel group_rank() { return by_group<rank_section>(); }

}  // namespace lode::expr::kernels
