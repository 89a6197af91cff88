// Groups of trials: planted ideas are counted, luck makes no group, and the silhouettes are those of the definition.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/stat/overfit/clusters.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lode/base/random.h"

namespace lode::stat {
namespace {

constexpr int kRows = 500;

struct Table {
  std::vector<double> correlations;
  std::vector<int> rows;
  std::size_t count = 0;

  Clusters clusters() const { return cluster_trials(correlations, rows, count); }
};

// Plain two-pass Pearson of the books of trials.
Table table_of(const std::vector<std::vector<double>>& books) {
  Table table{std::vector<double>(books.size() * books.size()),
              std::vector<int>(books.size() * books.size(), static_cast<int>(books[0].size())), books.size()};
  const auto n = static_cast<double>(books[0].size());
  for (std::size_t i = 0; i < books.size(); ++i) {
    for (std::size_t j = 0; j < books.size(); ++j) {
      double x = 0.0;
      double y = 0.0;
      for (std::size_t t = 0; t < books[i].size(); ++t) {
        x += books[i][t] / n;
        y += books[j][t] / n;
      }
      double xy = 0.0;
      double xx = 0.0;
      double yy = 0.0;
      for (std::size_t t = 0; t < books[i].size(); ++t) {
        xy += (books[i][t] - x) * (books[j][t] - y);
        xx += (books[i][t] - x) * (books[i][t] - x);
        yy += (books[j][t] - y) * (books[j][t] - y);
      }
      table.correlations[i * books.size() + j] = xy / std::sqrt(xx * yy);
    }
  }
  return table;
}

// `each` variants of `ideas` unrelated ideas, correlated by about `alike` within one.
std::vector<std::vector<double>> books_of(std::size_t ideas, std::size_t each, double alike, std::uint64_t seed) {
  std::vector<std::vector<double>> books;
  for (std::size_t idea = 0; idea < ideas; ++idea) {
    for (std::size_t k = 0; k < each; ++k) {
      Random common(seed, idea);
      Random own(seed + 1000, idea * each + k);
      std::vector<double> book(kRows);
      for (double& value : book) {
        value = std::sqrt(alike) * common.next_normal() + std::sqrt(1.0 - alike) * own.next_normal();
      }
      books.push_back(book);
    }
  }
  return books;
}

TEST(Clusters, CountIdeasNotVariants) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Clusters found = table_of(books_of(4, 6, 0.9, seed)).clusters();
    EXPECT_EQ(found.count, 4U) << "seed " << seed;
    for (std::size_t i = 0; i < found.group.size(); ++i) {
      EXPECT_EQ(found.group[i], i / 6);
    }
  }
}

TEST(Clusters, BooksOfLuckStandAlone) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Clusters found = table_of(books_of(30, 1, 0.9, seed)).clusters();
    EXPECT_EQ(found.count, 30U) << "seed " << seed;
  }
}

TEST(Clusters, VariantsOfOneIdeaAreOneGroupAndALooseCrowdIsNone) {
  EXPECT_EQ(table_of(books_of(1, 12, 0.9, 3)).clusters().count, 1U);
  EXPECT_EQ(table_of(books_of(1, 12, 0.2, 3)).clusters().count, 12U);
}

TEST(Clusters, ABookTurnedRoundIsTheSameIdea) {
  std::vector<std::vector<double>> books = books_of(2, 2, 0.95, 9);
  for (double& value : books[1]) {
    value = -value;
  }
  const Clusters found = table_of(books).clusters();
  EXPECT_EQ(found.count, 2U);
  EXPECT_EQ(found.group, (std::vector<std::size_t>{0, 0, 1, 1}));
}

TEST(Clusters, APairAmongManyLoneTrialsIsFound) {
  std::vector<std::vector<double>> books = books_of(40, 1, 0.9, 5);
  books[17] = books[3];
  books[17][0] += 1.0;
  const Clusters found = table_of(books).clusters();
  EXPECT_EQ(found.count, 39U);
  EXPECT_EQ(found.group[17], found.group[3]);
}

TEST(Clusters, UnknownCorrelationsAreNoRelation) {
  Table table = table_of(books_of(1, 3, 0.95, 2));
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  for (const std::size_t cell : {2U, 5U, 6U, 7U}) {  // Of the third trial with the others.
    table.correlations[cell] = kNone;
  }
  const Clusters found = table.clusters();
  EXPECT_EQ(found.count, 2U);
  EXPECT_EQ(found.group, (std::vector<std::size_t>{0, 0, 1}));
}

TEST(Clusters, FewRowsProveNoRelation) {
  Table table = table_of(books_of(1, 3, 0.6, 2));
  EXPECT_EQ(table.clusters().count, 1U);
  std::fill(table.rows.begin(), table.rows.end(), 9);  // 2.58 / 3 is more than any of them.
  EXPECT_EQ(table.clusters().count, 3U);
}

// Rousseeuw's definition, with an unrelated trial at distance 1 as a group of its own.
TEST(Clusters, SilhouettesAreThoseOfTheDefinition) {
  const Table table = table_of(books_of(3, 4, 0.85, 11));
  const Clusters found = table.clusters();
  ASSERT_EQ(found.count, 3U);
  const auto distance = [&](std::size_t i, std::size_t j) {
    const double size = std::abs(table.correlations[i * table.count + j]);
    return size * std::sqrt(static_cast<double>(kRows)) > 2.5758293035489 ? 1.0 - size : 1.0;
  };
  for (std::size_t i = 0; i < table.count; ++i) {
    double own = 0.0;
    double other = 1.0;
    for (std::size_t g = 0; g < 3; ++g) {
      double total = 0.0;
      for (std::size_t j = 0; j < table.count; ++j) {
        total += found.group[j] == g && j != i ? distance(i, j) : 0.0;
      }
      g == found.group[i] ? own = total / 3.0 : other = std::min(other, total / 4.0);
    }
    EXPECT_NEAR(found.silhouette[i], (other - own) / std::max(own, other), 1e-12);
  }
}

TEST(Clusters, NoneAndOne) {
  EXPECT_EQ(cluster_trials({}, {}, 0).count, 0U);
  const Clusters one = cluster_trials(std::vector<double>{1.0}, std::vector<int>{500}, 1);
  EXPECT_EQ(one.count, 1U);
  EXPECT_EQ(one.silhouette, (std::vector<double>{0.0}));
}

}  // namespace
}  // namespace lode::stat
