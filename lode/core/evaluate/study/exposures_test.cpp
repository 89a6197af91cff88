// Against styles computed name by name, session by session, as their words say.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/study/exposures.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "lode/core/evaluate/question.h"
#include "lode/core/evaluate/regimes.h"
#include "lode/core/evaluate/test_market.h"
#include "lode/core/stat/correlation.h"
#include "lode/core/stat/moments.h"

namespace lode::evaluate {
namespace {

using test::kNan;

Shape exposures(const Panel& factor, const Market& market, const GroupPanel* groups = nullptr) {
  Pool pool(2);
  Options options;
  options.min_names = 3;
  const SortedRows sorted = sort_rows(usable_cells(factor, market.universe), pool);
  Shape out;
  add_exposures(sorted, centered_ranks(sorted, 3, pool), market, groups, market_returns(market), options, pool, out);
  return out;
}

const Estimate& of(const Shape& shape, std::string_view id) {
  for (const Standpoint& one : shape.exposures) {
    if (one.id == id) return one.mean;
  }
  throw std::runtime_error("no such style");
}

using Style = std::function<double(const Market&, std::size_t row, std::size_t name)>;

double session_return(const Market& market, std::size_t row, std::size_t name) {
  return row > 0 ? market.close.at(row, name) / market.close.at(row - 1, name) - 1.0 : kNan;
}

// The returns of the last `count` sessions.
std::vector<double> last_returns(const Market& market, std::size_t row, std::size_t name, std::size_t count) {
  std::vector<double> out;
  for (std::size_t back = 0; back < count; ++back) out.push_back(session_return(market, row - back, name));
  return out;
}

double size_of(const Market& market, std::size_t row, std::size_t name) {
  double money = 0.0;
  double known = 0.0;
  for (std::size_t back = 0; back < 63; ++back) {
    const double one = market.close.at(row - back, name) * market.volume.at(row - back, name);
    money += std::isnan(one) ? 0.0 : one;
    known += std::isnan(one) ? 0.0 : 1.0;
  }
  return known >= 31.5 ? money / known : kNan;
}

double beta_of(const Market& market, std::size_t row, std::size_t name) {
  const std::vector<double> mean_member = market_returns(market);
  std::vector<double> own;
  std::vector<double> other;
  for (std::size_t back = 0; back < 252; ++back) {
    const double one = session_return(market, row - back, name);
    if (!std::isnan(one) && !std::isnan(mean_member[row - back])) {
      own.push_back(one);
      other.push_back(mean_member[row - back]);
    }
  }
  if (own.size() < 126) return kNan;
  const double m = stat::mean(other);
  const double o = stat::mean(own);
  double up = 0.0;
  double down = 0.0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    up += (own[i] - o) * (other[i] - m);
    down += (other[i] - m) * (other[i] - m);
  }
  return up / down;
}

// Mean over every 21st session from `first` on of the Spearman correlation with the style.
std::pair<double, int> literal(const Panel& factor, const Market& market, std::size_t first, const Style& style) {
  double sum = 0.0;
  int dates = 0;
  for (std::size_t row = 20; row < factor.rows(); row += 21) {
    if (row < first) continue;
    std::vector<double> x;
    std::vector<double> y;
    for (std::size_t i = 0; i < factor.columns(); ++i) {
      const bool member = market.universe.empty() || market.universe[row * factor.columns() + i] != 0;
      x.push_back(member ? factor.at(row, i) : kNan);
      y.push_back(style(market, row, i));
    }
    sum += stat::Spearman()(x, y);
    ++dates;
  }
  return {sum / dates, dates};
}

TEST(Exposures, AreRankCorrelationsWithStylesKnownOnTheDate) {
  const auto axis = test::make_axis(700, 23);
  Market market =
      test::make_market(axis, {.rows = 700, .columns = 23, .seed = 9, .market_volatility = 0.01, .faults = true});
  market.volume = test::make_panel(axis, [&](std::size_t row, std::size_t i) {
    return market.volume.at(row, i) * (1.0 + static_cast<double>((row / 30 + i * 7) % 11));
  });
  const Panel factor = test::make_factor(market, {.persistence = 0.98, .missing = 0.1});
  const Shape shape = exposures(factor, market);
  const auto compare = [&](std::string_view id, std::size_t first, const Style& style) {
    const auto [mean, dates] = literal(factor, market, first, style);
    EXPECT_NEAR(of(shape, id).value, mean, 1e-12) << id;
    EXPECT_EQ(of(shape, id).n, dates) << id;
    EXPECT_LT(of(shape, id).lower, mean);
  };
  compare("size", 62, size_of);
  compare("week", 20, [](const Market& m, std::size_t row, std::size_t i) {
    return m.close.at(row, i) / m.close.at(row - 5, i) - 1.0;
  });
  compare("momentum", 252, [](const Market& m, std::size_t row, std::size_t i) {
    return m.close.at(row - 21, i) / m.close.at(row - 252, i) - 1.0;
  });
  compare("volatility", 62, [](const Market& m, std::size_t row, std::size_t i) {
    const std::vector<double> returns = last_returns(m, row, i, 63);
    return stat::count_valid(returns) >= 32 ? stat::standard_deviation(returns) *
                                                  std::sqrt(1.0 - 1.0 / static_cast<double>(stat::count_valid(returns)))
                                            : kNan;
  });
  compare("beta", 251, beta_of);
}

TEST(Exposures, KnowNothingOfLaterSessions) {
  const auto axis = test::make_axis(800, 12);
  const Market market = test::make_market(axis, {.rows = 800, .columns = 12, .seed = 2});
  const Panel factor = test::make_factor(market, {});
  const auto cut = test::make_axis(546, 12);  // 26 dates of 21 sessions.
  Market past = test::make_market(cut, {.rows = 546, .columns = 12, .seed = 2});
  const Panel early = test::make_panel(cut, [&](std::size_t row, std::size_t i) { return factor.at(row, i); });
  const Panel masked =
      test::make_panel(axis, [&](std::size_t row, std::size_t i) { return row < 546 ? factor.at(row, i) : kNan; });
  const Shape whole = exposures(masked, market);
  const Shape part = exposures(early, past);
  for (std::size_t i = 0; i < part.exposures.size(); ++i) {
    EXPECT_FALSE(std::isnan(part.exposures[i].mean.value)) << part.exposures[i].id;
    EXPECT_EQ(whole.exposures[i].mean.value, part.exposures[i].mean.value) << part.exposures[i].id;
  }
}

TEST(Exposures, AFactorThatIsAStyleHasAllOfIt) {
  const auto axis = test::make_axis(400, 15);
  const Market market = test::make_market(axis, {.rows = 400, .columns = 15});
  const Panel week = test::make_panel(axis, [&](std::size_t row, std::size_t i) {
    return row < 5 ? kNan : 1.0 - market.close.at(row, i) / market.close.at(row - 5, i);
  });
  const Shape shape = exposures(week, market);
  EXPECT_DOUBLE_EQ(of(shape, "week").value, -1.0);
  EXPECT_LT(std::fabs(of(shape, "volatility").value), 0.3);
  EXPECT_EQ(of(shape, "momentum").n, 7);
  EXPECT_EQ(of(shape, "momentum").reason, "7 dates, one in 21 sessions, needs 12");
}

TEST(Exposures, GroupsStandWhereTheirNamesDo) {
  const auto axis = test::make_axis(300, 12);
  const Market market = test::make_market(axis, {.rows = 300, .columns = 12});
  const GroupPanel groups = test::make_groups(axis, 3, false);
  // Places 1/12 .. 12/12 of names 0 .. 11, groups by name modulo 3 (but name 3, which moves in the middle).
  const Panel factor =
      test::make_panel(axis, [](std::size_t, std::size_t i) { return i == 3 ? kNan : static_cast<double>(i); });
  const Shape shape = exposures(factor, market, &groups);
  ASSERT_EQ(shape.groups.size(), 3U);
  // Among 11: group 0 holds names 0 6 9 at ranks 1 6 9; the mean rank of all is 6.
  EXPECT_NEAR(shape.groups[0].mean.value, 0.5 + (16.0 / 3.0 - 6.0) / 11.0, 1e-12);
  EXPECT_NEAR(shape.groups[2].mean.value, 0.5 + ((3.0 + 5.0 + 8.0 + 11.0) / 4.0 - 6.0) / 11.0, 1e-12);
  EXPECT_EQ(shape.groups[1].id, "group 1");
}

}  // namespace
}  // namespace lode::evaluate
