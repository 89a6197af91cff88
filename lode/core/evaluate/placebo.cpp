// The placebo band.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/placebo.h"

#include <array>

#include "lode/base/math.h"
#include "lode/base/random.h"
#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/stat/rank.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr std::size_t kProbes = 16;
constexpr std::uint64_t kStream = 0x706C616365626F;  // "placebo"

using Probes = std::array<double, kProbes>;  // One number a probe.

// The random signs z of each column.
std::vector<Probes> make_signs(std::size_t columns, std::uint64_t seed) {
  const Random random(seed, kStream);
  std::vector<Probes> signs(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    const std::uint64_t bits = random.bits_at(column);
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      signs[column][probe] = (bits >> probe & 1) != 0 ? 1.0 : -1.0;
    }
  }
  return signs;
}

// Adds u (v . z) / sqrt(n - 1) of one date to G z.
void add_date(const RowPair& pair, const std::vector<Probes>& signs, std::vector<Probes>& product) {
  Probes projected{};
  for (const std::uint32_t cell : pair.order_x()) {
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      projected[probe] += pair.twice_y()[cell] * signs[cell][probe];
    }
  }
  const double scale = 1.0 / math::sqrt(pair.squares_x() * pair.squares_y() * static_cast<double>(pair.n() - 1));
  for (double& value : projected) {
    value *= scale;
  }
  for (const std::uint32_t cell : pair.order_x()) {
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      product[cell][probe] += pair.twice_x()[cell] * projected[probe];
    }
  }
}

// One block's part of G z (times T) and its number of dates.
struct Part {
  std::vector<Probes> product;
  std::size_t dates = 0;
};

}  // namespace

double placebo_deviation(const SortedRows& factor, const LabelRows& labels, const Options& options, Pool& pool) {
  const std::size_t columns = factor.values.columns;
  const std::vector<Probes> signs = make_signs(columns, options.seed);
  std::vector<Part> parts(block_count(factor.values.rows));
  for_blocks(factor.values.rows, pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    parts[block].product.assign(columns, Probes{});
    RowPair pair(columns);
    std::vector<std::uint32_t> order(columns);
    stat::RankScratch scratch;
    for (std::size_t row = begin; row < end; ++row) {
      pair.load(factor.values.row(row), factor.ranked(row), labels.row(row), labels.order(row, order, scratch));
      if (pair.n() >= names_needed(options) && stat::is_valid(pair.rank_correlation())) {
        add_date(pair, signs, parts[block].product);
        ++parts[block].dates;
      }
    }
  });
  double squares = 0.0;
  std::size_t dates = 0;
  for (const Part& part : parts) {
    dates += part.dates;
  }
  if (dates == 0 || dates < static_cast<std::size_t>(options.min_dates)) {
    return stat::kMissing;
  }
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      double total = 0.0;
      for (const Part& part : parts) {
        total += part.product[column][probe];
      }
      squares += total * total;
    }
  }
  return math::sqrt(squares / static_cast<double>(kProbes)) / static_cast<double>(dates);
}

}  // namespace lode::evaluate
