// The placebo band.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/placebo.h"

#include <algorithm>
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

// Twice the centred ranks of one date, 0 for names not in both, and the sums of their squares.
struct Ranks {
  std::vector<std::int32_t> x;
  std::vector<std::int32_t> y;
  double squares_x = 0.0;
  double squares_y = 0.0;
  std::size_t n = 0;
};

// Adds u (v . z) / sqrt(n - 1) of one date to G z.
void add_date(const Ranks& ranks, std::span<const std::uint32_t> order, const std::vector<Probes>& signs,
              std::vector<Probes>& product) {
  Probes projected{};
  for (const std::uint32_t cell : order) {
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      projected[probe] += ranks.y[cell] * signs[cell][probe];
    }
  }
  const double scale = 1.0 / math::sqrt(ranks.squares_x * ranks.squares_y * static_cast<double>(ranks.n - 1));
  for (double& value : projected) {
    value *= scale;
  }
  for (const std::uint32_t cell : order) {
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      product[cell][probe] += ranks.x[cell] * projected[probe];
    }
  }
}

// Ranks one date after the other.
class Ranking {
 public:
  Ranking(const SortedRows& factor, const LabelRows& labels)
      : factor_(factor), labels_(labels), pair_(factor.columns), places_(has_places() ? factor.columns : 0) {
    ranks_.x.resize(factor.columns);
    ranks_.y.resize(factor.columns);
  }

  // Null where the date has fewer than `needed` names or no coefficient.
  const Ranks* rank(std::size_t row, std::size_t needed) {
    return has_places() ? by_place(row, needed) : by_pair(row, needed);
  }

 private:
  bool has_places() const { return factor_.columns <= kMostPlaces; }

  const Ranks* by_place(std::size_t row, std::size_t needed) {
    const auto order = factor_.order(row);
    places_.load(order, factor_.missing(row), labels_.places(row, scratch_));
    find_ties(factor_.values.row(row), factor_.ties[row] != 0 ? order : order.first(0), ties_);
    if (places_.n() < needed || !stat::is_valid(places_.rank_correlation(order, ties_))) {
      return nullptr;
    }
    places_.write_twice_x(order, ties_, ranks_.x);
    for (const std::uint32_t cell : order) {
      ranks_.y[cell] = places_.twice_y(cell);
    }
    ranks_.squares_x = places_.squares_x();
    ranks_.squares_y = places_.squares_y();
    ranks_.n = places_.n();
    return &ranks_;
  }

  const Ranks* by_pair(std::size_t row, std::size_t needed) {
    pair_.load(factor_.values.row(row), factor_.ranked(row), labels_.row(row), labels_.order(row, scratch_));
    if (pair_.n() < needed || !stat::is_valid(pair_.rank_correlation())) {
      return nullptr;
    }
    std::fill(ranks_.x.begin(), ranks_.x.end(), 0);
    std::fill(ranks_.y.begin(), ranks_.y.end(), 0);
    for (const std::uint32_t cell : pair_.order_x()) {
      ranks_.x[cell] = pair_.twice_x()[cell];
      ranks_.y[cell] = pair_.twice_y()[cell];
    }
    ranks_.squares_x = pair_.squares_x();
    ranks_.squares_y = pair_.squares_y();
    ranks_.n = pair_.n();
    return &ranks_;
  }

  const SortedRows& factor_;
  const LabelRows& labels_;
  RowPair pair_;
  PlacePair places_;
  LabelRows::Scratch scratch_;
  std::vector<TieRun> ties_;
  Ranks ranks_;
};

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
    Ranking ranking(factor, labels);
    for (std::size_t row = begin; row < end; ++row) {
      if (const Ranks* ranks = ranking.rank(row, names_needed(options))) {
        add_date(*ranks, factor.order(row), signs, parts[block].product);
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
