// Correlations of factors against sums written out, and at the edges.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/similarity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

Panel noise(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  return test::make_panel(test::make_axis(rows, columns),
                          [seed](std::size_t row, std::size_t column) { return Random(seed, column).normal_at(row); });
}

// Average ranks by counting, Pearson of them by its definition.
double literal_spearman(std::span<const double> x, std::span<const double> y) {
  std::vector<double> ranks[2];
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) {
      continue;
    }
    double below[2] = {};
    for (std::size_t j = 0; j < x.size(); ++j) {
      if (!std::isnan(x[j]) && !std::isnan(y[j])) {
        below[0] += x[j] < x[i] ? 1.0 : x[j] == x[i] ? 0.5 : 0.0;
        below[1] += y[j] < y[i] ? 1.0 : y[j] == y[i] ? 0.5 : 0.0;
      }
    }
    ranks[0].push_back(below[0]);
    ranks[1].push_back(below[1]);
  }
  const auto n = static_cast<double>(ranks[0].size());
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i < ranks[0].size(); ++i) {
    const double a = ranks[0][i] - n / 2.0;  // The mean of ranks counted so.
    const double b = ranks[1][i] - n / 2.0;
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return xy / std::sqrt(xx * yy);
}

TEST(RankCorrelations, AreTheMeanOfEachDates) {
  Panel a = noise(20, 12, 1);
  Panel b = noise(20, 12, 2);
  a.mutable_row64(3)[4] = test::kNan;
  b.mutable_row64(5)[2] = b.row64(5)[3];  // A tie.
  Pool pool(2);
  const Panel* const factors[] = {&a, &b};
  const Correlations found = rank_correlations(factors, 3, pool);
  double mean = 0.0;
  for (std::size_t row = 0; row < 20; ++row) {
    mean += literal_spearman(a.row64(row), b.row64(row)) / 20.0;
  }
  EXPECT_NEAR(found.at(0, 1), mean, 1e-12);
  EXPECT_EQ(found.at(0, 1), found.at(1, 0));
  EXPECT_NEAR(found.at(0, 0), 1.0, 1e-14);
  EXPECT_EQ(found.dates[1], 20);
}

TEST(RankCorrelations, SeeThroughAnyRisingChange) {
  const Panel a = noise(15, 20, 3);
  Panel bent = a;
  bent = test::make_panel(a.shared_axis(),
                          [&](std::size_t row, std::size_t column) { return -std::exp(a.row64(row)[column]); });
  Pool pool(1);
  const Panel* const factors[] = {&a, &bent};
  EXPECT_NEAR(rank_correlations(factors, 3, pool).at(0, 1), -1.0, 1e-14);
}

TEST(RankCorrelations, LeaveThinAndConstantDatesOut) {
  Panel a = noise(4, 6, 5);
  Panel b = noise(4, 6, 6);
  for (std::size_t i = 0; i < 6; ++i) {
    a.mutable_row64(0)[i] = 1.0;
    b.mutable_row64(1)[i] = i < 4 ? test::kNan : 1.0;
  }
  Pool pool(1);
  const Panel* const factors[] = {&a, &b};
  const Correlations found = rank_correlations(factors, 3, pool);
  EXPECT_EQ(found.dates[1], 2);
  EXPECT_EQ(found.dates[0], 3);
  EXPECT_TRUE(std::isnan(rank_correlations(factors, 7, pool).at(0, 1)));
  EXPECT_EQ(rank_correlations({}, 3, pool).count, 0U);
}

// Factors that miss the same names, others, and tied ones: each pair of each date by its definition, from panels and
// from places.
TEST(RankCorrelations, OfManyFactorsAreThoseOfEachPair) {
  std::vector<Panel> panels;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    panels.push_back(noise(70, 15, 30 + seed));
    for (std::size_t row = 0; row < 70; ++row) {
      for (std::size_t i = 0; i < 15; ++i) {
        const std::size_t holes = seed < 2 ? row : row + seed * 5;  // The first two miss the same names.
        double& cell = panels.back().mutable_row64(row)[i];
        cell = (i * 7 + holes) % 11 < row % 4 ? test::kNan : seed == 4 ? std::floor(cell * 2.0) : cell;
      }
    }
  }
  Pool pool(2);
  std::vector<const Panel*> factors;
  std::vector<Places> sorted;
  std::vector<const Places*> places;
  for (const Panel& panel : panels) factors.push_back(&panel);
  for (const Panel& panel : panels) sorted.push_back(places_of(panel, pool));
  for (const Places& one : sorted) places.push_back(&one);
  const Correlations found = rank_correlations(factors, 3, pool);
  const Correlations again = rank_correlations_of_places(places, 3, pool);
  for (std::size_t i = 0; i < panels.size(); ++i) {
    for (std::size_t j = 0; j < panels.size(); ++j) {
      double mean = 0.0;
      for (std::size_t row = 0; row < 70; ++row) {
        mean += literal_spearman(panels[i].row64(row), panels[j].row64(row)) / 70.0;
      }
      EXPECT_NEAR(found.at(i, j), mean, 1e-12) << i << " " << j;
      EXPECT_EQ(found.at(i, j), again.at(i, j));
      EXPECT_EQ(found.dates[i * 5 + j], 70);
    }
  }
}

TEST(SeriesCorrelations, AreThoseOfTheCommonRows) {
  const std::vector<double> a = {1.0, 2.0, test::kNan, 3.0, 4.0};
  const std::vector<double> b = {2.0, 4.0, 9.0, 6.0, test::kNan};
  const std::span<const double> series[] = {a, b};
  const Correlations found = series_correlations(series, 3);
  EXPECT_NEAR(found.at(0, 1), 1.0, 1e-15);
  EXPECT_EQ(found.dates[1], 3);
  EXPECT_TRUE(std::isnan(series_correlations(series, 4).at(0, 1)));
}

}  // namespace
}  // namespace lode::evaluate
