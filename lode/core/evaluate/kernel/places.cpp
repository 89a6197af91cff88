// Places, and pairs of rows that share some names.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/places.h"

#include <algorithm>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/core/evaluate/kernel/row_lanes.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

void write_places(std::span<const std::uint32_t> order, std::span<std::uint16_t> places) {
  if (order.size() < places.size()) {
    std::fill(places.begin(), places.end(), std::uint16_t{0});
  }
  std::uint16_t place = 0;
  for (const std::uint32_t cell : order) {
    places[cell] = ++place;
  }
}

// Calls visit(cell, 1 if y has it else 0, common names below its value) along the order; returns the sum of products of
// twice the centred ranks. Twice the centred rank of x is (common names below + at or below) - n, and the -n drops out:
// the centred ranks of y add up to 0.
template <class Visit>
PlaceWalk walk(std::span<const std::uint32_t> order, std::span<const TieRun> ties, const std::uint16_t* places,
               const std::int16_t* table, Visit visit) {
  std::int64_t product = 0;
  std::int64_t lost = 0;
  std::int64_t seen = 0;
  std::size_t i = 0;
  for (std::size_t run = 0; run <= ties.size(); ++run) {
    const std::size_t begin = run < ties.size() ? ties[run].begin - std::size_t{1} : order.size();
    for (; i < begin; ++i) {
      const std::uint32_t cell = order[i];
      const std::uint16_t place = places[cell];
      const std::int64_t known = place != 0 ? 1 : 0;
      product += (2 * seen + 1) * table[place];
      visit(cell, known, seen);
      seen += known;
    }
    const std::size_t end = run < ties.size() ? ties[run].end - std::size_t{1} : order.size();
    const std::int64_t first = seen;
    std::int64_t total = 0;
    for (; i < end; ++i) {
      const std::uint32_t cell = order[i];
      const std::uint16_t place = places[cell];
      const std::int64_t known = place != 0 ? 1 : 0;
      total += table[place];
      visit(cell, known, first);
      seen += known;
    }
    product += (first + seen) * total;
    lost += squares_of_ranks(seen - first);
  }
  return {product, lost};
}

}  // namespace

void find_ties(std::span<const double> values, std::span<const std::uint32_t> order, std::vector<TieRun>& ties) {
  ties.clear();
  std::size_t first = 0;
  for (std::size_t i = 1; i <= order.size(); ++i) {
    if (i == order.size() || values[order[i]] != values[order[first]]) {
      if (i - first > 1) {
        ties.push_back({static_cast<std::uint16_t>(first + 1), static_cast<std::uint16_t>(i + 1)});
      }
      first = i;
    }
  }
}

Places places_of(const Panel& values, Pool& pool) {
  LODE_ASSERT(values.columns() <= kMostPlaces);
  Places out{.columns = values.columns(), .places = {}, .counts = {}, .ties = {}};
  out.places.resize(values.rows() * values.columns());
  out.counts.resize(values.rows());
  out.ties.resize(values.rows());
  for_blocks(values.rows(), pool, [&](std::size_t, std::size_t begin, std::size_t end) {
    stat::RankScratch scratch;
    std::vector<std::uint32_t> buffer(out.columns);
    for (std::size_t row = begin; row < end; ++row) {
      const std::size_t n = stat::sort_order(values.row64(row), buffer, scratch);
      const auto order = std::span<const std::uint32_t>(buffer).first(n);
      out.counts[row] = static_cast<std::uint32_t>(n);
      write_places(order, std::span(out.places).subspan(row * out.columns, out.columns));
      find_ties(values.row64(row), order, out.ties[row]);
    }
  });
  return out;
}

Order LabelRows::order(std::size_t index, Scratch& scratch) const {
  scratch.order.resize(row(index).size());
  return {
      std::span<const std::uint32_t>(scratch.order).first(stat::sort_order(row(index), scratch.order, scratch.rank))};
}

PlaceRow LabelRows::places(std::size_t index, Scratch& scratch) const {
  if (places_ != nullptr) {
    return places_->row(index);
  }
  const Order sorted = order(index, scratch);
  scratch.places.resize(scratch.order.size());
  write_places(sorted.cells, scratch.places);
  find_ties(row(index), sorted.cells, scratch.ties);
  return {scratch.places, sorted.cells.size(), scratch.ties};
}

void BucketEdges::set(std::size_t n) {
  LODE_ASSERT(n > 0);
  for (std::size_t k = 0; k < last_.size(); ++k) {
    last_[k] = (k + 1) * (n - 1) / last_.size();
  }
}

PlacePair::PlacePair(std::size_t columns) : marks_(columns + 17), table_(columns + 17) {
  LODE_ASSERT(columns <= kMostPlaces);
}

std::size_t mark_shared(std::span<const std::uint32_t> present, std::span<const std::uint32_t> missing,
                        std::span<const std::uint16_t> places, std::size_t count, std::span<std::uint8_t> marks) {
  const bool few_missing = missing.size() <= present.size();
  std::fill_n(marks.begin(), count + 1, few_missing ? std::uint8_t{1} : std::uint8_t{0});
  std::size_t marked = 0;
  for (const std::uint32_t cell : few_missing ? missing : present) {
    const std::uint16_t place = places[cell];
    marks[place] = few_missing ? 0 : 1;
    marked += place != 0 ? 1 : 0;
  }
  return few_missing ? count - marked : marked;
}

std::int64_t share_ties(std::span<const TieRun> ties, std::int32_t before, std::span<std::int16_t> table) {
  std::int64_t lost = 0;
  std::uint16_t until = 0;
  for (const TieRun run : ties) {
    // The place below is as it was, unless it is the first of all or of the run before, whose last entry is kept.
    const bool is_next = until == 0 ? run.begin == 1 : run.begin == until;
    before = is_next ? before : table[run.begin - 1U];
    const std::int32_t last = table[run.end - 1U];
    std::fill(table.begin() + run.begin, table.begin() + run.end, static_cast<std::int16_t>((before + last) / 2 + 1));
    lost += squares_of_ranks((last - before) / 2);
    before = last;
    until = run.end;
  }
  return lost;
}

void PlacePair::load(std::span<const std::uint32_t> present, std::span<const std::uint32_t> missing,
                     const PlaceRow& y) {
  places_ = y.places;
  n_ = mark_shared(present, missing, places_, y.count, marks_);
  const auto n = static_cast<std::int32_t>(n_);
  running_ranks(std::span<const std::uint8_t>(marks_).subspan(1, y.count), -n - 1, table_.data() + 1);
  squares_y_ = squares_of_ranks(n) - share_ties(y.ties, -n - 1, table_);
  table_[0] = 0;
}

PlaceWalk walk_places(std::span<const std::uint32_t> order, std::span<const TieRun> ties,
                      std::span<const std::uint16_t> places, const std::int16_t* table) {
  return walk(order, ties, places.data(), table, [](std::uint32_t, std::int64_t, std::int64_t) {});
}

double PlacePair::coefficient(const PlaceWalk& walked) {
  squares_x_ = squares_of_ranks(static_cast<std::int64_t>(n_)) - walked.lost;
  if (squares_x_ == 0 || squares_y_ == 0) {
    return stat::kMissing;
  }
  // Exact integers up to here, so the result may leave [-1, 1] by one rounding only.
  return std::clamp(static_cast<double>(walked.product) / math::sqrt(squares_x() * squares_y()), -1.0, 1.0);
}

// Summed by parts. With v_p twice the centred rank of y at position p of x's order, 0 for names y has not, and V_p =
// v_1
// + .. + v_p, the product is the sum of 2 (common names before p) v_p = -2 sum of V_p over the common names, since V
// ends at 0. V fits 32 bits: it stays below n^2 / 2.
double PlacePair::rank_correlation_untied(std::span<const std::uint16_t> order, std::span<const std::uint16_t> places,
                                          std::span<const std::uint32_t> missing_y) {
  sums_.resize(places.size() + 1);
  const std::uint16_t* of_y = places_.data();
  const std::int16_t* table = table_.data();
  std::int32_t* sums = sums_.data();
  std::int32_t sum = 0;
#pragma GCC unroll 8
  for (std::size_t i = 0; i < order.size(); ++i) {
    sum += table[of_y[order[i]]];
    sums[i + 1] = sum;
  }
  std::int64_t all = exact_sum(std::span<const std::int32_t>(sums_).subspan(1, order.size()));
  sums[0] = 0;  // Of names that x has not either.
  for (const std::uint32_t cell : missing_y) {
    all -= sums[places[cell]];
  }
  return coefficient({-2 * all, 0});
}

double PlacePair::rank_correlation(std::span<const std::uint32_t> order, std::span<const TieRun> ties) {
  return coefficient(walk_places(order, ties, places_, table_.data()));
}

double PlacePair::rank_correlation(std::span<const std::uint32_t> order, std::span<const TieRun> ties,
                                   const BucketEdges& edges, std::span<std::uint8_t> buckets,
                                   std::span<std::uint32_t> counts) {
  const std::size_t* last = edges.last().data();
  std::uint8_t* out = buckets.data();
  std::int64_t bucket = 1;
  auto until = static_cast<std::int64_t>(last[0]);
  std::int64_t counted = 0;  // Names of the buckets before this one.
  std::int64_t seen = 0;
  const PlaceWalk walked =
      walk(order, ties, places_.data(), table_.data(), [&](std::uint32_t cell, std::int64_t known, std::int64_t below) {
        while (below * known > until) {
          counts[static_cast<std::size_t>(bucket)] = static_cast<std::uint32_t>(seen - counted);
          counted = seen;
          until = static_cast<std::int64_t>(last[bucket]);
          ++bucket;
        }
        seen += known;
        out[cell] = static_cast<std::uint8_t>(bucket & -known);
      });
  counts[static_cast<std::size_t>(bucket)] = static_cast<std::uint32_t>(seen - counted);
  return coefficient(walked);
}

void PlacePair::write_twice_x(std::span<const std::uint32_t> order, std::span<const TieRun> ties,
                              std::span<std::int32_t> twice) const {
  const auto n = static_cast<std::int64_t>(n_);
  std::int64_t seen = 0;
  std::size_t i = 0;
  for (std::size_t run = 0; run <= ties.size(); ++run) {
    const std::size_t begin = run < ties.size() ? ties[run].begin - std::size_t{1} : order.size();
    for (; i < begin; ++i) {
      const bool known = places_[order[i]] != 0;
      twice[order[i]] = known ? static_cast<std::int32_t>(2 * seen + 1 - n) : 0;
      seen += known ? 1 : 0;
    }
    const std::size_t end = run < ties.size() ? ties[run].end - std::size_t{1} : order.size();
    const std::int64_t first = seen;
    for (std::size_t j = i; j < end; ++j) {
      seen += places_[order[j]] != 0 ? 1 : 0;
    }
    for (; i < end; ++i) {
      twice[order[i]] = places_[order[i]] != 0 ? static_cast<std::int32_t>(first + seen - n) : 0;
    }
  }
}

}  // namespace lode::evaluate
