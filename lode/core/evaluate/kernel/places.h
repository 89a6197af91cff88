// Where each name stands in its row, two bytes a cell, and Spearman over the names that two rows share without sorting
// or ranking either of them again.
//
// The places of a row of n values are 1..n, ascending by value; names missing on the other side make holes. Twice the
// centred average rank among the names in both is then a table over places: names present at or below a place, from one
// running sum over the row with the holes marked. The other row is walked in its own order, which needs no table. All
// sums are integers, so the coefficient has the bits of RowPair, the simple version and the oracle of the tests.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lode/core/evaluate/kernel/sorted_rows.h"

namespace lode::evaluate {

// Rows of more names are held against each other by RowPair: a place and a centred rank must fit into 16 bits.
inline constexpr std::size_t kMostPlaces = 32'767;

// Places [begin, end) hold equal values, two or more.
struct TieRun {
  std::uint16_t begin;
  std::uint16_t end;
};

struct PlaceRow {
  std::span<const std::uint16_t> places;  // One a column; 0: missing.
  std::size_t count = 0;                  // Largest place.
  std::span<const TieRun> ties;           // Ascending.
};

struct Places {
  std::size_t columns = 0;
  std::vector<std::uint16_t> places;      // rows * columns
  std::vector<std::uint32_t> counts;      // Valid cells a row.
  std::vector<std::vector<TieRun>> ties;  // One a row.

  PlaceRow row(std::size_t index) const {
    return {std::span(places).subspan(index * columns, columns), counts[index], ties[index]};
  }
};
// Sorts every row. At most kMostPlaces columns.
Places places_of(const Panel& values, Pool& pool);  // Of f64.

// The runs of equal values of an order.
void find_ties(std::span<const double> values, std::span<const std::uint32_t> order, std::vector<TieRun>& ties);

// The labels of a horizon, and the places of their rows where somebody has found them before; else each row is sorted
// when it is met.
class LabelRows {
 public:
  // Buffers for rows that are sorted when they are met; one a thread.
  struct Scratch {
    std::vector<std::uint32_t> order;
    std::vector<std::uint16_t> places;
    std::vector<TieRun> ties;
    stat::RankScratch rank;
  };

  LabelRows(const Panel& returns) : returns_(&returns) {}  // NOLINT: a panel is labels without places.
  LabelRows(const Panel& returns, const Places& places) : returns_(&returns), places_(&places) {}
  // Without the returns: for rank coefficients only.
  explicit LabelRows(const Places& places) : places_(&places) {}

  std::span<const double> row(std::size_t index) const { return returns_->row64(index); }
  const Panel& returns() const { return *returns_; }
  // Both stay until the scratch is used again. An order is always sorted anew.
  PlaceRow places(std::size_t index, Scratch& scratch) const;
  Order order(std::size_t index, Scratch& scratch) const;

 private:
  const Panel* returns_ = nullptr;
  const Places* places_ = nullptr;
};

// Which bucket of a row the n-th of the common names is in; equal values share the bucket of the first of them.
class BucketEdges {
 public:
  explicit BucketEdges(int quantiles) : last_(static_cast<std::size_t>(quantiles)) {}
  // Edges of `n` names: bucket k (from 0) ends with the name floor((k + 1) (n - 1) / quantiles).
  void set(std::size_t n);
  std::span<const std::size_t> last() const { return last_; }

 private:
  std::vector<std::size_t> last_;
};

// Marks the places 1..count of the names x has with 1, the others with 0; returns how many of them it has. `present`
// and `missing`: the columns x has and has not. `marks` by place, at least count + 9 long.
std::size_t mark_shared(std::span<const std::uint32_t> present, std::span<const std::uint32_t> missing,
                        std::span<const std::uint16_t> places, std::size_t count, std::span<std::uint8_t> marks);

// Sum of the squares of 1 - n, 3 - n, .. n - 1: of twice n centred ranks.
constexpr std::int64_t squares_of_ranks(std::int64_t n) { return (n * n - 1) * n / 3; }

// Equal values share the mean of the table's entries over those present: `ties` of y's places, `before` twice the
// centred rank of a name just below the first place. Returns what the squares lose by it.
std::int64_t share_ties(std::span<const TieRun> ties, std::int32_t before, std::span<std::int16_t> table);

// A walk along x's order: the sum of products of twice the centred ranks, and what the squares of x lose by ties.
struct PlaceWalk {
  std::int64_t product = 0;
  std::int64_t lost = 0;
};
PlaceWalk walk_places(std::span<const std::uint32_t> order, std::span<const TieRun> ties,
                      std::span<const std::uint16_t> places, const std::int16_t* table);

// A row x, known by its order, against a row y, known by its places.
class PlacePair {
 public:
  explicit PlacePair(std::size_t columns);

  // Takes the names of y that x has too. `present` and `missing`: the columns x has and has not, in any order.
  void load(std::span<const std::uint32_t> present, std::span<const std::uint32_t> missing, const PlaceRow& y);
  std::size_t n() const { return n_; }

  // Spearman over the common names; NaN when a side is constant or n < 2. `order` and `ties` of x.
  double rank_correlation(std::span<const std::uint32_t> order, std::span<const TieRun> ties);
  // The same, and the bucket of each name of `order`, 0 for those y has not; edges set to n().
  double rank_correlation(std::span<const std::uint32_t> order, std::span<const TieRun> ties, const BucketEdges& edges,
                          std::span<std::uint8_t> buckets, std::span<std::uint32_t> counts);

  // The same for an x without ties, known by its places too, and the columns y has not: the walk without a count.
  double rank_correlation_untied(std::span<const std::uint16_t> order, std::span<const std::uint16_t> places,
                                 std::span<const std::uint32_t> missing_y);

  // Twice the centred rank of y among the common names; 0 for the others.
  std::int32_t twice_y(std::size_t cell) const { return table_[places_[cell]]; }
  // After rank_correlation(): twice the centred rank of x, for the cells of `order` that y has too.
  void write_twice_x(std::span<const std::uint32_t> order, std::span<const TieRun> ties,
                     std::span<std::int32_t> twice) const;
  double squares_x() const { return static_cast<double>(squares_x_); }
  double squares_y() const { return static_cast<double>(squares_y_); }

 private:
  double coefficient(const PlaceWalk& walked);

  std::span<const std::uint16_t> places_;
  std::vector<std::uint8_t> marks_;  // By place, 1: x has the name too.
  std::vector<std::int16_t> table_;  // By place, twice the centred rank; [0] = 0.
  std::vector<std::int32_t> sums_;   // Along an order, of the table's entries so far.
  std::size_t n_ = 0;
  std::int64_t squares_x_ = 0;
  std::int64_t squares_y_ = 0;
};

}  // namespace lode::evaluate
