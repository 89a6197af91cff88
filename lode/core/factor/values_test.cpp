// Values of the library formulas that were repaired or written out at length, against what they stand for: literal
// loops over a panel with gaps, ties and a name that never falls.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/expr/test_panels.h"
#include "lode/core/factor/library.h"

namespace lode::factor {
namespace {

using Real = long double;
constexpr Real kNan = std::numeric_limits<Real>::quiet_NaN();
constexpr int kRows = 420;
constexpr int kNames = 7;
constexpr int kRising = 5;  // A name that never falls ..
constexpr int kFlat = 6;    // .. and one that never moves.

using Grid = std::vector<std::vector<Real>>;

// The data of all tests: by field, [session][name].
class Market {
 public:
  Market() : axis_(expr::testing::make_axis(kRows, kNames)) {
    for (const char* name : {"open", "high", "low", "close", "vwap", "volume", "amount", "cap", "rf", "mkt_rf", "smb",
                             "hml", "bench_open", "bench_close", "raw_close", "eps_ttm", "eps_ttm_1y"}) {
      grids_[name] = Grid(kRows, std::vector<Real>(kNames, kNan));
    }
    for (int t = 0; t < kRows; ++t) {
      fill_common(t);
      for (int i = 0; i < kNames; ++i) {
        fill(t, i);
      }
    }
  }

  Real operator()(const std::string& field, int t, int i) const {
    return t < 0 ? kNan : grids_.at(field)[static_cast<std::size_t>(t)][static_cast<std::size_t>(i)];
  }
  Real change(int t, int i) const { return (*this)("close", t, i) / (*this)("close", t - 1, i) - 1; }

  Panel values(std::string_view name) const {
    static const expr::OperatorTable table;
    expr::Fields fields(axis_);
    for (const auto& [field, grid] : grids_) {
      expr::testing::Rows rows;
      for (const auto& row : grid) {
        rows.emplace_back(row.begin(), row.end());
      }
      fields.set(field, expr::testing::make_panel(axis_, rows));
    }
    Pool pool(1);
    const expr::Program program = must(compile(must(find_formula(name)), table));
    return std::move(must(expr::evaluate(program, fields, Precision::kFloat64, pool)).front());
  }

 private:
  // A number in [0, 1) of this cell and purpose.
  static double draw(int t, int i, int purpose) {
    return Random(7, static_cast<std::uint64_t>(i * 64 + purpose)).uniform_at(static_cast<std::uint64_t>(t));
  }
  void set(const char* field, int t, int i, double value) {
    grids_[field][static_cast<std::size_t>(t)][static_cast<std::size_t>(i)] = value;
  }

  void fill_common(int t) {
    bench_ *= 1.0 + 0.02 * (draw(t, 9, 0) - 0.5);
    const std::array factors = {draw(t, 9, 1) - 0.5, draw(t, 9, 2) - 0.5, draw(t, 9, 3) - 0.5};
    const double bench_open = bench_ * (1.0 + 0.01 * (draw(t, 9, 4) - 0.5));
    for (int i = 0; i < kNames; ++i) {
      set("bench_close", t, i, bench_);
      set("bench_open", t, i, bench_open);
      set("mkt_rf", t, i, 0.02 * factors[0]);
      set("smb", t, i, 0.01 * factors[1]);
      set("hml", t, i, 0.01 * factors[2] + 0.003 * factors[0]);
      set("rf", t, i, 0.0001);
    }
  }

  void fill(int t, int i) {
    double& price = prices_[static_cast<std::size_t>(i)];
    const double step = i == kFlat ? 0.0 : draw(t, i, 0) - (i == kRising ? 0.0 : 0.49);
    price *= 1.0 + 0.03 * step;
    const double close = std::round(price * 20.0) / 20.0;  // Ties in time.
    const bool is_gap = (i == 1 && t >= 150 && t < 153) || (i == 2 && t < 60) || (i == 3 && t % 97 == 40);
    if (is_gap) {
      return;
    }
    const double open = i == kFlat ? close : close * (1.0 + 0.02 * (draw(t, i, 1) - 0.5));
    const double volume = std::floor(1e5 * (1.0 + draw(t, i, 2)));
    const double high = std::max(open, close) * (i == kFlat ? 1.0 : 1.0 + 0.01 * draw(t, i, 3));
    const double low = std::min(open, close) * (i == kFlat ? 1.0 : 1.0 - 0.01 * draw(t, i, 4));
    set("open", t, i, open);
    set("high", t, i, high);
    set("low", t, i, low);
    set("close", t, i, close);
    set("raw_close", t, i, 2.0 * close);
    set("vwap", t, i, 0.5 * (high + low));
    set("volume", t, i, volume);
    set("amount", t, i, volume * close);
    set("cap", t, i, close * 1e6 * (i + 1));
    set("eps_ttm", t, i, 4.0 * (draw(t / 60, i, 5) - 0.3));
    set("eps_ttm_1y", t, i, 4.0 * (draw(t / 60, i, 6) - 0.3));
  }

  std::shared_ptr<const Axis> axis_;
  std::map<std::string, Grid, std::less<>> grids_;
  double bench_ = 3000.0;
  std::array<double, kNames> prices_ = {12.0, 31.0, 8.0, 55.0, 20.0, 10.0, 17.0};
};

const Market& market() {
  static const Market made;
  return made;
}

// Every cell of the formula is the oracle's, missing where that is; `least` cells at least have a value.
void expect_is(std::string_view name, const std::function<Real(int, int)>& oracle, int least, Real tolerance = 1e-9L) {
  const Panel panel = market().values(name);
  int valid = 0;
  const int step = kSanitized ? 9 : 1;
  for (int t = 0; t < kRows; t += step) {
    for (int i = 0; i < kNames; ++i) {
      const double value = panel.at(static_cast<std::size_t>(t), static_cast<std::size_t>(i));
      const Real expected = oracle(t, i);
      ASSERT_EQ(std::isnan(value), std::isnan(expected)) << name << " at " << t << ", " << i << ": " << value;
      if (!std::isnan(value)) {
        ++valid;
        ASSERT_LE(std::fabs(value - expected), tolerance * std::max<Real>(1, std::fabs(expected)))
            << name << " at " << t << ", " << i;
      }
    }
  }
  EXPECT_GE(valid, least / (kSanitized ? 2 * step : 1)) << name;
}

Real mean_of(const std::function<Real(int)>& x, int t, int days) {
  Real sum = 0;
  for (int k = 0; k < days; ++k) {
    sum += x(t - k);
  }
  return sum / days;
}

Real deviation_of(const std::function<Real(int)>& x, int t, int days) {
  const Real mean = mean_of(x, t, days);
  Real sum = 0;
  for (int k = 0; k < days; ++k) {
    sum += (x(t - k) - mean) * (x(t - k) - mean);
  }
  return std::sqrt(sum / (days - 1));
}

TEST(Gtja191Values, WeightedMeanFallsByATenthASession) {
  const Market& m = market();
  const auto x = [&](int t, int i) {
    const Real now = m("close", t, i);
    return (now - m("close", t - 3, i)) / m("close", t - 3, i) * 100 +
           (now - m("close", t - 6, i)) / m("close", t - 6, i) * 100;
  };
  expect_is(
      "gtja191/027",
      [&](int t, int i) {
        Real sum = 0;
        Real weights = 0;
        for (int k = 0; k < 12; ++k) {
          sum += std::pow(0.9L, k) * x(t - k, i);
          weights += std::pow(0.9L, k);
        }
        return sum / weights;
      },
      2000);
}

void expect_rescaled_range(std::string_view name, int days) {
  const Market& m = market();
  expect_is(
      name,
      [&](int t, int i) {
        const auto close = [&](int s) { return m("close", s, i); };
        Real sum = 0;
        Real most = -std::numeric_limits<Real>::infinity();
        Real least = -most;
        for (int s = t - days + 1; s <= t; ++s) {
          sum += close(s) - mean_of(close, s, days);
          most = std::max(most, sum);
          least = std::min(least, sum);
        }
        const Real deviation = deviation_of(close, t, days);
        return std::isnan(sum) || deviation == 0 ? kNan : (most - least) / deviation;
      },
      1000);
}

TEST(Gtja191Values, RescaledRange) {
  expect_rescaled_range("gtja191/165", 48);
  expect_rescaled_range("gtja191/183", 24);
}

TEST(Gtja191Values, SlopeOverTheSessionsOnWhichTheBenchmarkFell) {
  const Market& m = market();
  expect_is(
      "gtja191/149",
      [&](int t, int i) {
        std::vector<std::pair<Real, Real>> pairs;
        for (int s = t - 251; s <= t; ++s) {
          const Real bench = m("bench_close", s, i) / m("bench_close", s - 1, i) - 1;
          if (std::isnan(bench) || std::isnan(m.change(s, i))) {
            return kNan;
          }
          if (bench < 0) {
            pairs.emplace_back(bench, m.change(s, i));
          }
        }
        Real mx = 0;
        Real my = 0;
        for (const auto& [x, y] : pairs) {
          mx += x / static_cast<Real>(pairs.size());
          my += y / static_cast<Real>(pairs.size());
        }
        Real sxy = 0;
        Real sxx = 0;
        for (const auto& [x, y] : pairs) {
          sxy += (x - mx) * (y - my);
          sxx += (x - mx) * (x - mx);
        }
        return sxy / sxx;
      },
      500);
}

TEST(Gtja191Values, SessionsBackToTheLow) {
  const Market& m = market();
  expect_is(
      "gtja191/103",
      [&](int t, int i) {
        int back = 0;
        for (int k = 19; k >= 0; --k) {
          if (std::isnan(m("low", t - k, i))) {
            return kNan;
          }
          back = k == 19 || m("low", t - k, i) < m("low", t - back, i) ? k : back;
        }
        return Real(20 - back) / 20 * 100;
      },
      2000);
}

TEST(Gtja191Values, DirectionalOpenings) {
  const Market& m = market();
  expect_is(
      "gtja191/069",
      [&](int t, int i) {
        Real up = 0;
        Real down = 0;
        for (int s = t - 19; s <= t; ++s) {
          const Real now = m("open", s, i);
          const Real before = m("open", s - 1, i);
          if (std::isnan(now) || std::isnan(before)) {
            return kNan;
          }
          up += now <= before ? 0 : std::max(m("high", s, i) - now, now - before);
          down += now >= before ? 0 : std::max(now - m("low", s, i), now - before);
        }
        return up > down ? (up - down) / up : up == down ? 0 : (up - down) / down;
      },
      2000);
}

TEST(Gtja191Values, OddsOfDeviationsFromTheGrowthRate) {
  const Market& m = market();
  expect_is(
      "gtja191/190",
      [&](int t, int i) {
        int above = 0;
        int below = 0;
        Real above_squares = 0;
        Real below_squares = 0;
        for (int s = t - 19; s <= t; ++s) {
          const Real growth = std::pow(m("close", s, i) / m("close", s - 19, i), Real(1) / 20) - 1;
          const Real gap = m.change(s, i) - growth;
          if (std::isnan(gap)) {
            return kNan;
          }
          (gap > 0 ? above : below) += gap != 0 ? 1 : 0;
          (gap > 0 ? above_squares : below_squares) += gap * gap;
        }
        const Real inside = (above - 1) * below_squares / (below * above_squares);
        return below * above_squares == 0 || inside <= 0 ? kNan : std::log(inside);
      },
      1500, 1e-7L);
}

TEST(NamedValues, StrengthIsHundredWithoutALossAndFiftyWithoutAMove) {
  const Market& m = market();
  const auto rsi = [&](int days) {
    return [&m, days](int t, int i) {
      Real gain = 0;
      Real loss = 0;
      for (int s = t - days + 1; s <= t; ++s) {
        const Real move = m("close", s, i) - m("close", s - 1, i);
        if (std::isnan(move)) {
          return kNan;
        }
        (move > 0 ? gain : loss) += std::fabs(move);
      }
      return loss == 0 ? Real(gain > 0 ? 100 : 50) : 100 - 100 / (1 + gain / loss);
    };
  };
  expect_is("named/RSI14", rsi(14), 2000);
  expect_is("named/RSI28", rsi(28), 2000);
  const Panel panel = market().values("named/RSI14");
  EXPECT_EQ(panel.at(kRows - 1, kFlat), 50.0);
  EXPECT_EQ(panel.at(kRows - 1, kRising), 100.0);
}

// Return of the names weighted by the capitalization of the session before.
Real universe_return(int t) {
  const Market& m = market();
  Real sum = 0;
  Real weights = 0;
  for (int i = 0; i < kNames; ++i) {
    if (!std::isnan(m.change(t, i)) && !std::isnan(m("cap", t - 1, i))) {
      sum += m("cap", t - 1, i) * m.change(t, i);
      weights += m("cap", t - 1, i);
    }
  }
  return sum / weights;
}

using Columns = std::vector<std::vector<Real>>;

// Coefficients of y on a constant and the columns of x, by elimination on the normal equations of what is centred.
std::vector<Real> regression(const Columns& x, const std::vector<Real>& y) {
  const std::size_t n = y.size();
  const std::size_t k = x.size();
  const auto centred = [n](std::vector<Real> column) {
    Real mean = 0;
    for (const Real value : column) mean += value / static_cast<Real>(n);
    for (Real& value : column) value -= mean;
    return column;
  };
  const auto dot = [n](const std::vector<Real>& a, const std::vector<Real>& b) {
    Real sum = 0;
    for (std::size_t s = 0; s < n; ++s) sum += a[s] * b[s];
    return sum;
  };
  Columns a(k, std::vector<Real>(k + 1));
  for (std::size_t r = 0; r < k; ++r) {
    for (std::size_t c = 0; c < k; ++c) a[r][c] = dot(centred(x[r]), centred(x[c]));
    a[r][k] = dot(centred(x[r]), centred(y));
  }
  for (std::size_t p = 0; p < k; ++p) {
    for (std::size_t r = 0; r < k; ++r) {
      const Real share = r == p ? 0 : a[r][p] / a[p][p];
      for (std::size_t c = 0; c <= k; ++c) a[r][c] -= share * a[p][c];
    }
  }
  std::vector<Real> out;
  for (std::size_t p = 0; p < k; ++p) out.push_back(a[p][k] / a[p][p]);
  return out;
}

// The pairs of the last 252 sessions that have a return, at least 126; `rows` gives the regressors of a session.
bool gather(int t, int i, const std::function<std::vector<Real>(int)>& regressors, Columns& x, std::vector<Real>& y) {
  for (int s = std::max(1, t - 251); s <= t; ++s) {
    const Real excess = market().change(s, i) - market()("rf", s, i);
    if (std::isnan(excess)) {
      continue;
    }
    const std::vector<Real> row = regressors(s);
    x.resize(row.size());
    for (std::size_t c = 0; c < row.size(); ++c) x[c].push_back(row[c]);
    y.push_back(excess);
  }
  return y.size() >= 126;
}

TEST(NamedValues, BetasOfThreeFactorsAtOnce) {
  const Market& m = market();
  for (std::size_t which = 0; which < 3; ++which) {
    const std::array names = {"named/BETA_MKT", "named/BETA_SMB", "named/BETA_HML"};
    expect_is(
        names[which],
        [&](int t, int i) {
          Columns x;
          std::vector<Real> y;
          const auto row = [&](int s) { return std::vector<Real>{m("mkt_rf", s, i), m("smb", s, i), m("hml", s, i)}; };
          return gather(t, i, row, x, y) ? regression(x, y)[which] : kNan;
        },
        1500, 1e-8L);
  }
}

// Today's return less what 60 sessions of the three factors say of it.
Real three_factor_residual(int t, int i) {
  const Market& m = market();
  Columns x(3);
  std::vector<Real> y;
  for (int s = t - 59; s <= t; ++s) {
    y.push_back(m.change(s, i));
    x[0].push_back(m("mkt_rf", s, i));
    x[1].push_back(m("smb", s, i));
    x[2].push_back(m("hml", s, i));
  }
  const std::vector<Real> slopes = regression(x, y);
  Real residual = 0;
  for (std::size_t s = 0; s < y.size(); ++s) {
    const auto weight = (s + 1 == y.size() ? 1.0L : 0.0L) - 1.0L / static_cast<Real>(y.size());
    residual += weight * (y[s] - slopes[0] * x[0][s] - slopes[1] * x[1][s] - slopes[2] * x[2][s]);
  }
  return residual;
}

TEST(Gtja191Values, SquaredResidualsOfThreeFactorsFallByATenthASession) {
  Grid residuals(kRows, std::vector<Real>(kNames, kNan));
  for (int t = 60; t < kRows; ++t) {
    for (int i = 0; i < kNames; ++i) {
      residuals[static_cast<std::size_t>(t)][static_cast<std::size_t>(i)] = three_factor_residual(t, i);
    }
  }
  expect_is(
      "gtja191/030",
      [&](int t, int i) {
        Real sum = 0;
        Real weights = 0;
        for (int k = 0; k < 20; ++k) {
          const Real r = t < k ? kNan : residuals[static_cast<std::size_t>(t - k)][static_cast<std::size_t>(i)];
          sum += std::pow(0.9L, k) * r * r;
          weights += std::pow(0.9L, k);
        }
        return sum / weights;
      },
      800, 1e-9L);
}

TEST(NamedValues, BetaToTheUniverseAndWhatItLeaves) {
  const Market& m = market();
  const auto row = [&](int s) { return std::vector<Real>{universe_return(s) - m("rf", s, 0)}; };
  expect_is(
      "named/MARKET",
      [&](int t, int i) {
        Columns x;
        std::vector<Real> y;
        return gather(t, i, row, x, y) ? regression(x, y)[0] : kNan;
      },
      1500, 1e-8L);
  expect_is(
      "named/IVOL252",
      [&](int t, int i) {
        Columns x;
        std::vector<Real> y;
        if (!gather(t, i, row, x, y) || i == kFlat) {
          return kNan;  // A name that never moves has no correlation.
        }
        const Real beta = regression(x, y)[0];
        const int days = static_cast<int>(y.size());
        return deviation_of(
            [&](int s) { return y[static_cast<std::size_t>(s)] - beta * x[0][static_cast<std::size_t>(s)]; }, days - 1,
            days);
      },
      1200, 1e-8L);
}

TEST(NamedValues, GrowthMustBeAboveNothing) {
  const Market& m = market();
  expect_is(
      "named/PEG",
      [&](int t, int i) {
        const Real now = m("eps_ttm", t, i);
        const Real growth = now / m("eps_ttm_1y", t, i) - 1;
        return now > 0 && growth > 0 ? m("raw_close", t, i) / now / (100 * growth) : kNan;
      },
      300);
}

}  // namespace
}  // namespace lode::factor
