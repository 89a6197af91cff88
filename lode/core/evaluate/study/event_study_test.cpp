// Against a loop that follows the words of the header cell by cell, and against alphalens.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/event_study.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lode/core/evaluate/test_market.h"

namespace lode::evaluate {
namespace {

using test::kNan;

// Buckets 1..q of a factor by its ranks; names without a value in none.
Buckets buckets_of(const Panel& factor, int quantiles) {
  Buckets out{.columns = factor.columns(), .quantiles = quantiles, .cells = {}, .counts = {}};
  for (std::size_t row = 0; row < factor.rows(); ++row) {
    std::vector<std::uint32_t> counts(static_cast<std::size_t>(quantiles) + 1);
    for (std::size_t i = 0; i < factor.columns(); ++i) {
      double below = 0.0;
      double all = 0.0;
      for (const double other : factor.row64(row)) {
        below += other < factor.row64(row)[i] ? 1.0 : 0.0;
        all += std::isnan(other) ? 0.0 : 1.0;
      }
      const bool known = !std::isnan(factor.row64(row)[i]);
      const auto bucket = static_cast<std::uint8_t>(known ? 1 + static_cast<int>(below * quantiles / all) : 0);
      out.cells.push_back(bucket);
      counts[bucket] += bucket > 0 ? 1 : 0;
    }
    out.counts.insert(out.counts.end(), counts.begin(), counts.end());
  }
  return out;
}

// The return of session `row`: what moved since the last close before it.
double return_of(const Market& market, std::size_t row, std::size_t name) {
  const bool gone = !market.delisted_row.empty() && market.delisted_row[name] >= 0 &&
                    static_cast<std::int32_t>(row) == market.delisted_row[name] + 1;
  if (gone && !std::isnan(market.delisting_return[name])) {
    return market.delisting_return[name];
  }
  const double now = market.close.at(row, name);
  for (std::size_t before = row; before-- > 0 && now > 0.0;) {
    if (market.close.at(before, name) > 0.0) {
      return now / market.close.at(before, name) - 1.0;
    }
  }
  return 0.0;
}

struct Literal {
  double step = 0.0;
  double path = 0.0;
  double error = 0.0;  // Of the path
  int dates = 0;
};

// One bucket at one offset.
Literal literal(const Market& market, const Buckets& buckets, int bucket, int offset) {
  const auto rows = static_cast<int>(market.close.rows());
  std::vector<double> paths;
  Literal out;
  for (int row = 11; row + 21 < rows; ++row) {
    const auto at = static_cast<std::size_t>(row);
    if (buckets.count(at)[1] == 0) {
      continue;
    }
    const auto step = [&](int away) {
      double own = 0.0;
      double all = 0.0;
      double names = 0.0;
      double members = 0.0;
      for (std::size_t i = 0; i < buckets.columns; ++i) {
        const double moved = return_of(market, static_cast<std::size_t>(row + away), i);
        names += buckets.row(at)[i] > 0 ? 1.0 : 0.0;
        all += buckets.row(at)[i] > 0 ? moved : 0.0;
        members += buckets.row(at)[i] == bucket ? 1.0 : 0.0;
        own += buckets.row(at)[i] == bucket ? moved : 0.0;
      }
      return own / members - all / names;
    };
    double path = 0.0;
    for (int d = 1; d <= offset; ++d) path += step(d);
    for (int d = 0; d > offset; --d) path -= step(d);
    out.step += step(offset);
    out.path += path;
    paths.push_back(path);
    ++out.dates;
  }
  out.step /= out.dates;
  out.path /= out.dates;
  const int lag = std::max(0, std::abs(offset) - 1);
  double variance = 0.0;
  for (int l = -lag; l <= lag; ++l) {
    for (std::size_t t = 0; t < paths.size(); ++t) {
      const auto u = static_cast<std::ptrdiff_t>(t) + l;
      if (u >= 0 && u < std::ssize(paths)) {
        variance +=
            (1.0 - std::abs(l) / (lag + 1.0)) * (paths[t] - out.path) * (paths[static_cast<std::size_t>(u)] - out.path);
      }
    }
  }
  out.error = std::sqrt(variance) / out.dates;
  return out;
}

TEST(EventStudy, IsTheLoopOfItsDefinition) {
  const auto axis = test::make_axis(150, 19);
  const Market market = test::make_market(axis, {.rows = 150, .columns = 19, .seed = 3, .faults = true});
  const Panel factor = test::make_factor(market, {.persistence = 0.9, .edge = 0.5, .missing = 0.1});
  const Buckets buckets = buckets_of(factor, 3);
  Pool pool(2);
  const EventStudy study = event_study(buckets, market, Options(), pool);
  ASSERT_EQ(study.quantiles.size(), 3U) << study.reason;
  EXPECT_EQ(study.dates, 150 - 11 - 21);
  for (const int bucket : {1, 2, 3}) {
    for (const int offset : {-10, -3, -1, 0, 1, 2, 7, 21}) {
      const Literal expected = literal(market, buckets, bucket, offset);
      const EventPath& path = study.quantiles[static_cast<std::size_t>(bucket) - 1];
      const auto at = static_cast<std::size_t>(offset + kEventBefore);
      EXPECT_NEAR(path.step[at], expected.step, 1e-14) << bucket << " " << offset;
      EXPECT_NEAR(path.path[at], expected.path, 1e-13) << bucket << " " << offset;
      EXPECT_NEAR(path.path_error[at], expected.error, 1e-13) << bucket << " " << offset;
      EXPECT_EQ(expected.dates, study.dates);
    }
  }
  for (std::size_t at = 0; at < study.spread.path.size(); ++at) {
    EXPECT_NEAR(study.spread.path[at], study.quantiles[2].path[at] - study.quantiles[0].path[at], 1e-14);
    EXPECT_NEAR(study.spread.step[at], study.quantiles[2].step[at] - study.quantiles[0].step[at], 1e-14);
  }
}

// alphalens-reloaded 0.4.6 (pandas 3.1.1): average_cumulative_return_by_quantile(factor_data, close.pct_change(),
// periods_before=10, periods_after=21, demeaned=True) over the dates whose whole window lies inside the data, buckets
// by pd.qcut(factor, 3). Its rows called "mean" are what is called a step here.
TEST(EventStudy, AgreesWithAlphalens) {
  const auto axis = test::make_axis(120, 30);
  Market market;
  market.close = test::make_panel(axis, [](std::size_t row, std::size_t name) {
    const auto t = static_cast<double>(row);
    const auto i = static_cast<double>(name);
    return 50.0 * std::exp(0.02 * std::sin(0.37 * t * (1.0 + 0.1 * i)) + 0.001 * t * std::cos(i));
  });
  const Panel factor = test::make_panel(axis, [](std::size_t row, std::size_t name) {
    return std::sin(1.3 * static_cast<double>(name) + 0.21 * static_cast<double>(row));
  });
  Pool pool(1);
  const EventStudy study = event_study(buckets_of(factor, 3), market, Options(), pool);
  ASSERT_EQ(study.dates, 88);
  const auto step = [&](int bucket, int offset) {
    return study.quantiles[static_cast<std::size_t>(bucket) - 1].step[static_cast<std::size_t>(offset + kEventBefore)];
  };
  EXPECT_NEAR(step(1, -10), 0.0001290712954924123, 1e-15);
  EXPECT_NEAR(step(1, -1), 2.7917897188615902e-05, 1e-15);
  EXPECT_NEAR(step(1, 0), 0.00022853917649972796, 1e-15);
  EXPECT_NEAR(step(1, 1), 0.0002906865689804674, 1e-15);
  EXPECT_NEAR(step(1, 5), 3.76599600484293e-05, 1e-15);
  EXPECT_NEAR(step(1, 21), -5.288497115637884e-05, 1e-15);
  EXPECT_NEAR(step(2, -10), -0.00014759370901441059, 1e-15);
  EXPECT_NEAR(step(2, -1), -0.0002112117873537916, 1e-15);
  EXPECT_NEAR(step(2, 0), -0.00024023561687655404, 1e-15);
  EXPECT_NEAR(step(2, 1), -0.0003371706571576305, 1e-15);
  EXPECT_NEAR(step(2, 5), -8.612063120734564e-06, 1e-15);
  EXPECT_NEAR(step(2, 21), 9.436101613114748e-05, 1e-15);
  EXPECT_NEAR(step(3, -10), 1.8522413521998263e-05, 1e-15);
  EXPECT_NEAR(step(3, -1), 0.00018329389016517576, 1e-15);
  EXPECT_NEAR(step(3, 0), 1.169644037682615e-05, 1e-15);
  EXPECT_NEAR(step(3, 1), 4.648408817716303e-05, 1e-15);
  EXPECT_NEAR(step(3, 5), -2.9047896927694566e-05, 1e-15);
  EXPECT_NEAR(step(3, 21), -4.1476044974768674e-05, 1e-15);
}

TEST(EventStudy, ShowsWhatTheFactorKnewAndWhatItPredicts) {
  // The value of a date is the return from the next open to the one after, here that of session t + 1 from close to
  // close: opens are the closes before.
  const auto axis = test::make_axis(200, 40);
  const Market market = test::make_market(axis, {.rows = 200, .columns = 40, .seed = 5});
  const Panel factor = test::make_factor(market, {.persistence = 0.0, .edge = 50.0});
  Pool pool(1);
  const EventStudy study = event_study(buckets_of(factor, 5), market, Options(), pool);
  const auto& steps = study.spread.step;
  const std::size_t now = kEventBefore;
  EXPECT_GT(steps[now + 1], 0.04) << "the session whose open-to-open return it knows";
  for (const std::size_t other : {now - 10, now - 1, now, now + 2, now + 21}) {
    EXPECT_LT(std::fabs(steps[other]), 4.0 * study.spread.step_error[other]) << other;
  }
  EXPECT_EQ(study.spread.path[now], 0.0);
  EXPECT_EQ(study.spread.path_error[now], 0.0);
}

TEST(EventStudy, SaysWhyThereIsNone) {
  const auto axis = test::make_axis(80, 12);
  const Market market = test::make_market(axis, {.rows = 80, .columns = 12});
  Pool pool(1);
  const EventStudy study = event_study(buckets_of(market.close, 3), market, Options(), pool);
  EXPECT_EQ(study.reason, "48 dates, needs 60");
  EXPECT_TRUE(study.quantiles.empty());
  const auto short_axis = test::make_axis(9, 12);
  const Market nine = test::make_market(short_axis, {.rows = 9, .columns = 12});
  EXPECT_EQ(event_study(buckets_of(nine.close, 3), nine, Options(), pool).reason, "0 dates, needs 60");
}

TEST(EventStudy, HasTheSameBitsForAnyThreads) {
  const auto axis = test::make_axis(300, 33);
  const Market market = test::make_market(axis, {.rows = 300, .columns = 33, .seed = 8, .faults = true});
  const Buckets buckets = buckets_of(test::make_factor(market, {.missing = 0.2}), 4);
  Pool one(1);
  Pool four(4);
  const EventStudy a = event_study(buckets, market, Options(), one);
  const EventStudy b = event_study(buckets, market, Options(), four);
  for (std::size_t k = 0; k < a.quantiles.size(); ++k) {
    EXPECT_EQ(a.quantiles[k].path, b.quantiles[k].path);
    EXPECT_EQ(a.quantiles[k].path_error, b.quantiles[k].path_error);
  }
}

}  // namespace
}  // namespace lode::evaluate
