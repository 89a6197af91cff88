// The placebo band.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/placebo.h"

#include <algorithm>
#include <array>

#include "lode/base/math.h"
#include "lode/base/random.h"
#include "lode/core/evaluate/kernel/dates.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/stat/rank.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

constexpr std::size_t kProbes = 16;
constexpr std::uint64_t kStream = 0x706C616365626F;  // "placebo"

using Probes = std::array<double, kProbes>;  // One number a probe.

// The random signs z of each column, probe by probe.
std::array<std::vector<std::int16_t>, kProbes> make_signs(std::size_t columns, std::uint64_t seed) {
  const Random random(seed, kStream);
  std::array<std::vector<std::int16_t>, kProbes> signs;
  signs.fill(std::vector<std::int16_t>(columns));
  for (std::size_t column = 0; column < columns; ++column) {
    const std::uint64_t bits = random.bits_at(column);
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      signs[probe][column] = (bits >> probe & 1) != 0 ? 1 : -1;
    }
  }
  return signs;
}

// Twice the centred ranks of one date, 0 for names not in both, and the sums of their squares.
struct Ranks {
  std::vector<std::int32_t> x;
  std::vector<std::int32_t> y;
  std::vector<std::int16_t> narrow_y;  // Where names are few enough for places.
  double squares_x = 0.0;
  double squares_y = 0.0;
  std::size_t n = 0;
};

// Sum of y over the names with a sign of 1, less that over the others: an exact integer.
double project(const Ranks& ranks, std::span<const std::int16_t> signs) {
  if (!ranks.narrow_y.empty()) {
    return static_cast<double>(exact_dot(ranks.narrow_y, signs, std::max(1, static_cast<std::int32_t>(ranks.n) - 1)));
  }
  std::int64_t total = 0;
  for (std::size_t i = 0; i < signs.size(); ++i) {
    total += ranks.y[i] * signs[i];
  }
  return static_cast<double>(total);
}

// Adds u (v . z) / sqrt(n - 1) of one date to G z.
void add_date(const Ranks& ranks, const std::array<std::vector<std::int16_t>, kProbes>& signs,
              std::vector<Probes>& product) {
  const double scale = 1.0 / math::sqrt(ranks.squares_x * ranks.squares_y * static_cast<double>(ranks.n - 1));
  Probes projected;
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    projected[probe] = project(ranks, signs[probe]) * scale;
  }
  for (std::size_t i = 0; i < product.size(); ++i) {
    const auto x = static_cast<double>(ranks.x[i]);
    for (std::size_t probe = 0; probe < kProbes; ++probe) {
      product[i][probe] += x * projected[probe];
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
    ranks_.narrow_y.resize(factor_.columns);
    for (std::size_t i = 0; i < factor_.columns; ++i) {
      ranks_.narrow_y[i] = static_cast<std::int16_t>(places_.twice_y(i));
    }
    for (const std::uint32_t cell : factor_.missing(row)) {
      ranks_.x[cell] = 0;
      ranks_.narrow_y[cell] = 0;
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
  const auto signs = make_signs(columns, options.seed);
  std::vector<Part> parts(block_count(factor.values.rows));
  for_blocks(factor.values.rows, pool, [&](std::size_t block, std::size_t begin, std::size_t end) {
    parts[block].product.assign(columns, Probes{});
    Ranking ranking(factor, labels);
    for (std::size_t row = begin; row < end; ++row) {
      if (const Ranks* ranks = ranking.rank(row, names_needed(options))) {
        add_date(*ranks, signs, parts[block].product);
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
