// Passes over one row against loops by hand, for every number of names around a whole eight.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/row_lanes.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "lode/base/random.h"
#include "lode/core/stat/valid.h"

namespace lode::evaluate {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Lanes = std::array<double, 8>;
using Series = std::vector<double>;

double joined(const Lanes& lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

void on_every_target(const std::function<void(std::size_t columns, Random& random)>& check) {
  const std::int64_t supported = hwy::SupportedTargets();
  for (std::int64_t bit = 1; bit != 0 && bit <= supported; bit <<= 1) {
    if ((supported & bit) == 0) {
      continue;
    }
    hwy::SetSupportedTargetsForTest(bit);
    hwy::GetChosenTarget().Update(bit);
    for (const std::size_t columns : {1U, 2U, 7U, 8U, 9U, 64U, 203U, 1'000U}) {
      SCOPED_TRACE(columns);
      Random random(columns, 3);
      check(columns, random);
    }
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

Bytes draw(std::size_t count, Random& random, std::uint64_t most) {
  Bytes out(count);
  for (std::uint8_t& one : out) {
    one = static_cast<std::uint8_t>(random.next_below(most + 1));
  }
  return out;
}

// Values where there is a bucket, NaN elsewhere.
Series draw_where(const Bytes& buckets, Random& random) {
  Series out(buckets.size(), stat::kMissing);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = buckets[i] != 0 ? random.next_normal() : stat::kMissing;
  }
  return out;
}

TEST(RowLanes, RunningRanks) {
  on_every_target([](std::size_t columns, Random& random) {
    Bytes marks = draw(columns, random, 1);
    const Bytes counted = marks;
    marks.resize(columns + 8, 1);
    std::vector<std::int16_t> table(columns + 8);
    running_ranks(std::span<const std::uint8_t>(marks).first(columns), -301, table.data());
    int before = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      before += counted[i];
      ASSERT_EQ(table[i], 2 * before - 301) << i;
    }
  });
}

TEST(RowLanes, ExactDotOfTheLargestValues) {
  for (const int most : {1, 4'999, 32'766}) {
    on_every_target([most](std::size_t columns, Random& random) {
      std::vector<std::int16_t> x(columns);
      std::vector<std::int16_t> y(columns);
      std::int64_t expected = 0;
      for (std::size_t i = 0; i < columns; ++i) {
        x[i] = static_cast<std::int16_t>(random.next_below(2) == 0 ? most : -most);
        y[i] = static_cast<std::int16_t>(i % 3 == 0 ? x[i] : most - static_cast<int>(i % 2));
        expected += static_cast<std::int64_t>(x[i]) * y[i];
      }
      EXPECT_EQ(exact_dot(x, y, most), expected);
    });
  }
}

TEST(RowLanes, ExactSumOfTheLargestValues) {
  on_every_target([](std::size_t columns, Random& random) {
    std::vector<std::int32_t> values(columns);
    std::int64_t expected = 0;
    for (std::int32_t& value : values) {
      value = 2'147'483'647 - static_cast<std::int32_t>(random.next_below(5));
      expected += value;
    }
    EXPECT_EQ(exact_sum(values), expected);
  });
}

TEST(RowLanes, ExactMomentsOfTheNamesInBoth) {
  for (const int most : {3, 4'999, 32'766}) {
    on_every_target([most](std::size_t columns, Random& random) {
      const auto draw_ranks = [&] {
        std::vector<std::int16_t> out(columns);
        for (std::int16_t& one : out) {
          const auto kind = random.next_below(5);
          one = kind == 0 ? kMissingRank : static_cast<std::int16_t>(kind == 1 ? -most : most);
        }
        return out;
      };
      const std::vector<std::int16_t> x = draw_ranks();
      const std::vector<std::int16_t> y = draw_ranks();
      ExactMoments expected;
      for (std::size_t i = 0; i < columns; ++i) {
        if (x[i] != kMissingRank && y[i] != kMissingRank) {
          expected.n += 1;
          expected.x += x[i];
          expected.y += y[i];
          expected.xx += static_cast<std::int64_t>(x[i]) * x[i];
          expected.yy += static_cast<std::int64_t>(y[i]) * y[i];
          expected.xy += static_cast<std::int64_t>(x[i]) * y[i];
        }
      }
      const ExactMoments found = exact_moments(x, y, most);
      EXPECT_EQ(found.n, expected.n);
      EXPECT_EQ(found.x, expected.x);
      EXPECT_EQ(found.y, expected.y);
      EXPECT_EQ(found.xx, expected.xx);
      EXPECT_EQ(found.yy, expected.yy);
      EXPECT_EQ(found.xy, expected.xy);
    });
  }
}

TEST(RowLanes, SharesAndScores) {
  on_every_target([](std::size_t columns, Random& random) {
    const Series values = draw_where(draw(columns, random, 2), random);
    std::vector<std::int16_t> twice(columns);
    for (std::int16_t& one : twice) one = static_cast<std::int16_t>(random.next_below(9) == 0 ? -32'768 : 7);
    Series shared(columns);
    Series scored(columns);
    rank_shares(twice, 30.0, shared);
    scores(values, 0.25, 3.0, scored);
    for (std::size_t i = 0; i < columns; ++i) {
      EXPECT_EQ(shared[i], twice[i] == kMissingRank ? 0.0 : 7 / 30.0);
      EXPECT_EQ(scored[i], std::isnan(values[i]) ? 0.0 : (values[i] - 0.25) / 3.0);
    }
  });
}

TEST(RowLanes, Stayers) {
  on_every_target([](std::size_t columns, Random& random) {
    const Bytes now = draw(columns, random, 4);
    const Bytes then = draw(columns, random, 4);
    std::vector<std::uint32_t> expected(4);
    for (std::size_t i = 0; i < columns; ++i) {
      expected[now[i] > 0 ? now[i] - 1U : 0U] += now[i] > 0 && now[i] == then[i] ? 1 : 0;
    }
    std::vector<std::uint32_t> stayed(4, 9);
    count_stayers(now, then, stayed);
    EXPECT_EQ(stayed, expected);
  });
}

TEST(RowLanes, AddAndHold) {
  on_every_target([](std::size_t columns, Random& random) {
    const auto draw_all = [&] { return draw_where(Bytes(columns, 1), random); };
    const Series before = draw_all();
    const Series more = draw_all();
    const Series one = draw_all();
    std::vector<Series> rows;
    std::vector<const double*> past;
    for (int h = 0; h < 7; ++h) rows.push_back(draw_all());
    for (const Series& row : rows) past.push_back(row.data());
    Series sums(columns);
    Series totals(7, 0.5);
    add_and_hold(before, more, one, past, sums, totals);
    for (std::size_t h = 0; h < past.size(); ++h) {
      Lanes lane{};
      for (std::size_t i = 0; i < columns; ++i) {
        ASSERT_EQ(sums[i], before[i] + more[i]);
        lane[i % 8] += one[i] * (sums[i] - rows[h][i]);
      }
      EXPECT_EQ(totals[h], 0.5 + joined(lane)) << "window " << h;
    }
  });
}

TEST(RowLanes, MaskedReturns) {
  on_every_target([](std::size_t columns, Random& random) {
    const Bytes marks = draw(columns, random, 1);
    const Series sooner = draw_where(marks, random);
    const Series later = draw_where(marks, random);
    Series out(columns);
    masked_returns(later, sooner, marks, out);
    for (std::size_t i = 0; i < columns; ++i) {
      if (marks[i] == 0) {
        EXPECT_TRUE(std::isnan(out[i]));
      } else {
        EXPECT_EQ(out[i], later[i] / sooner[i] - 1.0);
      }
    }
  });
}

TEST(RowLanes, BucketSumsAndProducts) {
  for (const std::size_t parts : {2U, 5U, 10U, 20U}) {
    on_every_target([parts](std::size_t columns, Random& random) {
      const Bytes buckets = draw(columns, random, parts);
      const Series x = draw_where(buckets, random);
      const Series y = draw_where(buckets, random);
      std::vector<Lanes> totals(parts + 1, Lanes{});
      Lanes xx{};
      Lanes yy{};
      Lanes xy{};
      Lanes size{};
      for (std::size_t i = 0; i < columns; ++i) {
        if (buckets[i] != 0) {
          totals[0][i % 8] += x[i];
          totals[buckets[i]][i % 8] += y[i];
          xx[i % 8] += (x[i] - 0.25) * (x[i] - 0.25);
          yy[i % 8] += (y[i] + 0.5) * (y[i] + 0.5);
          xy[i % 8] += (x[i] - 0.25) * (y[i] + 0.5);
          size[i % 8] += std::abs(x[i] - 0.25);
        }
      }
      Series found(parts);
      BucketSums sums{.totals = found};
      bucket_sums(x, y, buckets, sums);
      EXPECT_EQ(sums.x, joined(totals[0]));
      for (std::size_t k = 0; k < parts; ++k) {
        EXPECT_EQ(found[k], joined(totals[k + 1])) << "bucket " << k + 1;
      }
      const Products products = bucket_products(x, y, buckets, 0.25, -0.5);
      EXPECT_EQ(products.xx, joined(xx));
      EXPECT_EQ(products.yy, joined(yy));
      EXPECT_EQ(products.xy, joined(xy));
      EXPECT_EQ(products.size_x, joined(size));
    });
  }
}

}  // namespace
}  // namespace lode::evaluate
