// A literal second implementation of core/evaluate: every definition written out with loops over cells, in long double,
// sharing nothing with the product but the input types. Slow on purpose; tests compare against it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::oracle {

using Real = long double;
using Series = std::vector<Real>;
using Grid = std::vector<Series>;  // [row][column]

inline const Real kNone = std::numeric_limits<Real>::quiet_NaN();

inline bool known(Real x) { return !std::isnan(x); }

inline Grid grid_of(const Panel& panel) {
  Grid out(panel.rows(), Series(panel.columns()));
  for (std::size_t t = 0; t < panel.rows(); ++t) {
    for (std::size_t i = 0; i < panel.columns(); ++i) out[t][i] = panel.at(t, i);
  }
  return out;
}

// --- Forward returns -------------------------------------------------------------------------------------------------

inline Real price_at(const evaluate::Market& m, evaluate::Convention c, std::size_t t, std::size_t i) {
  if (c == evaluate::Convention::kNextOpen) return m.open.at(t, i);
  if (c == evaluate::Convention::kVwap) return m.vwap.at(t, i);
  return m.close.at(t, i);
}

inline bool tradable(const evaluate::Market& m, evaluate::Convention c, std::size_t t, std::size_t i) {
  const Real price = price_at(m, c, t, i);
  if (!known(price) || price <= 0 || !known(m.close.at(t, i)) || !(m.volume.at(t, i) > 0)) return false;
  if (t > 0 && m.high.at(t, i) == m.low.at(t, i) && known(m.close.at(t - 1, i))) {
    return !(std::fabs(m.close.at(t, i) / m.close.at(t - 1, i) - 1) >= 0.045);
  }
  return true;
}

// `members`: only for members of the universe at t.
inline Grid labels(const evaluate::Market& m, evaluate::Convention c, std::size_t h, bool members) {
  const std::size_t rows = m.close.rows();
  const std::size_t columns = m.close.columns();
  const std::size_t delay = c == evaluate::Convention::kCloseToClose ? 0 : 1;
  Grid out(rows, Series(columns, kNone));
  for (std::size_t t = 0; t + delay + h < rows; ++t) {
    for (std::size_t i = 0; i < columns; ++i) {
      if (members && !m.universe.empty() && m.universe[t * columns + i] == 0) continue;
      const std::size_t entry = t + delay;
      if (!tradable(m, c, entry, i)) continue;
      std::size_t exit = entry + h;
      while (exit < rows && !tradable(m, c, exit, i)) ++exit;
      const Real paid = price_at(m, c, entry, i);
      const int last = m.delisted_row.empty() ? -1 : m.delisted_row[i];
      if (exit < rows) {
        out[t][i] = price_at(m, c, exit, i) / paid - 1;
      } else if (last >= static_cast<int>(entry)) {
        const Real after = m.delisting_return.empty() ? kNone : static_cast<Real>(m.delisting_return[i]);
        out[t][i] = m.close.at(static_cast<std::size_t>(last), i) / paid * (known(after) ? 1 + after : 1) - 1;
      } else {  // Its bars stop and nobody says why: the last close there is.
        std::size_t end = rows - 1;
        while (!known(m.close.at(end, i))) --end;
        out[t][i] = m.close.at(end, i) / paid - 1;
      }
    }
  }
  return out;
}

// --- One cross-section -----------------------------------------------------------------------------------------------

// Average rank of each known cell by counting; NaN elsewhere.
inline Series ranks(const Series& x) {
  Series out(x.size(), kNone);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!known(x[i])) continue;
    Real below = 0;
    Real equal = 0;
    for (const Real other : x) {
      below += other < x[i];
      equal += other == x[i];
    }
    out[i] = below + (equal + 1) / 2;
  }
  return out;
}

// x where y is known too.
inline Series where_known(Series x, const Series& y) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!known(y[i])) x[i] = kNone;
  }
  return x;
}

inline std::size_t count(const Series& x) { return static_cast<std::size_t>(std::count_if(x.begin(), x.end(), known)); }

inline Real mean(const Series& x) {
  Real total = 0;
  for (const Real value : x) total += known(value) ? value : 0;
  return count(x) == 0 ? kNone : total / static_cast<Real>(count(x));
}

inline Real deviation(const Series& x, int ddof) {
  const Real m = mean(x);
  Real total = 0;
  for (const Real value : x) total += known(value) ? (value - m) * (value - m) : 0;
  return std::sqrt(total / (static_cast<Real>(count(x)) - ddof));
}

inline Real pearson(const Series& x, const Series& y) {
  const Series a = where_known(x, y);
  const Series b = where_known(y, x);
  const Real ma = mean(a);
  const Real mb = mean(b);
  Real aa = 0;
  Real bb = 0;
  Real ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!known(a[i])) continue;
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
    ab += (a[i] - ma) * (b[i] - mb);
  }
  return aa == 0 || bb == 0 ? kNone : ab / std::sqrt(aa * bb);
}

inline Real spearman(const Series& x, const Series& y) {
  return pearson(ranks(where_known(x, y)), ranks(where_known(y, x)));
}

// Buckets 1..q by the rule with interpolated edges; 0 where x is missing.
inline std::vector<int> buckets(const Series& x, int q) {
  Series sorted;
  for (const Real value : x) {
    if (known(value)) sorted.push_back(value);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<int> out(x.size(), 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (int k = 1; known(x[i]) && out[i] == 0; ++k) {
      const Real position = static_cast<Real>(k) * static_cast<Real>(sorted.size() - 1) / q;
      const auto low = static_cast<std::size_t>(position);
      const Real next = low + 1 < sorted.size() ? sorted[low + 1] : sorted[low];
      if (k == q || x[i] <= sorted[low] + (position - static_cast<Real>(low)) * (next - sorted[low])) out[i] = k;
    }
  }
  return out;
}

// --- Series over dates -----------------------------------------------------------------------------------------------

// f and r hold one row a date; a date with fewer than `least` common names has no coefficient.
template <class Correlation>
Series coefficients(const Grid& f, const Grid& r, std::size_t least, Correlation correlation) {
  Series out(f.size(), kNone);
  for (std::size_t t = 0; t < f.size(); ++t) {
    if (count(where_known(f[t], r[t])) >= least) out[t] = correlation(f[t], r[t]);
  }
  return out;
}

inline Real naive_t(const Series& x) { return mean(x) / deviation(x, 1) * std::sqrt(static_cast<Real>(count(x))); }

inline Real newey_west_t(const Series& gappy, int lag) {
  Series x;
  for (const Real value : gappy) {
    if (known(value)) x.push_back(value);
  }
  const Real m = mean(x);
  const auto n = static_cast<Real>(x.size());
  const auto gamma = [&](int l) {
    Real total = 0;
    for (std::size_t t = static_cast<std::size_t>(l); t < x.size(); ++t)
      total += (x[t] - m) * (x[t - static_cast<std::size_t>(l)] - m);
    return total / n;
  };
  Real v = gamma(0);
  for (int l = 1; l <= lag; ++l) v += 2 * (1 - static_cast<Real>(l) / (lag + 1)) * gamma(l);
  return m / std::sqrt(v / n);
}

// Rank / n less its mean, missing = 0; all 0 below `least` names.
inline Series centered(const Series& x, std::size_t least) {
  Series out(x.size(), 0);
  const Series r = ranks(x);
  if (count(x) < least) return out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (known(x[i])) out[i] = (r[i] - mean(r)) / static_cast<Real>(count(x));
  }
  return out;
}

// x_t of the Hodrick form; r1: one-day labels.
inline Series hodrick(const Grid& f, const Grid& r1, std::size_t h, std::size_t least) {
  Series out(f.size(), kNone);
  std::size_t first = 0;
  while (first < f.size() && count(f[first]) < least) ++first;
  for (std::size_t t = first + h - 1; t < f.size(); ++t) {
    if (count(r1[t]) < least) continue;
    Series sum(f[t].size(), 0);
    bool any = false;
    for (std::size_t k = 0; k < h; ++k) {
      const Series c = centered(f[t - k], least);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += c[i];
      any = any || count(f[t - k]) >= least;
    }
    if (!any) continue;
    const Series c = centered(r1[t], least);
    out[t] = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) out[t] += c[i] * sum[i];
    out[t] /= static_cast<Real>(count(r1[t]));
  }
  return out;
}

// --- The long-short book ---------------------------------------------------------------------------------------------

struct Book {
  Series gross;
  Series net;
  Series traded;
  Grid quantiles;  // [bucket - 1][row]
};

// `formed` holds each date's buckets (all 0 = none), `held` one-day returns of everybody.
inline Book book(const std::vector<std::vector<int>>& formed, const Grid& held, std::size_t h, int q, Real cost_bps,
                 std::size_t rows_with_returns) {
  const std::size_t rows = held.size();
  const std::size_t columns = held[0].size();
  const auto members = [&](std::size_t t, int k) {
    return static_cast<Real>(std::count(formed[t].begin(), formed[t].end(), k));
  };
  const auto has_tranche = [&](std::size_t t) { return members(t, 1) > 0 && members(t, q) > 0; };
  // Weight of bucket k's mean tranche in each name at t; empty without one.
  const auto weights = [&](std::size_t t, int k) {
    Series w(columns, 0);
    Real alive = 0;
    for (std::size_t s = t + 1 > h ? t + 1 - h : 0; s <= t; ++s) {
      if (!has_tranche(s) || members(s, k) == 0) continue;
      alive += 1;
      for (std::size_t i = 0; i < columns; ++i) w[i] += formed[s][i] == k ? 1 / members(s, k) : 0;
    }
    for (Real& value : w) value /= alive;
    return alive > 0 ? w : Series{};
  };
  const auto net_weights = [&](std::size_t t) {
    Series w(columns, 0);
    const Series top = weights(t, q);
    const Series bottom = weights(t, 1);
    for (std::size_t i = 0; i < columns && !top.empty(); ++i) w[i] = top[i] - bottom[i];
    return w;
  };
  Book out{Series(rows, kNone), Series(rows, kNone), Series(rows, kNone),
           Grid(static_cast<std::size_t>(q), Series(rows, kNone))};
  std::size_t first = 0;
  while (first < rows && !has_tranche(first)) ++first;
  Series position(columns, 0);  // Money in each name before the session's trades; nothing at first.
  std::size_t last_held = rows;
  // Trades into `target`; returns the money bought and sold.
  const auto trade = [&](const Series& target) {
    Real total = 0;
    for (std::size_t i = 0; i < columns; ++i) total += std::fabs(target[i] - position[i]);
    position = target;
    return total;
  };
  for (std::size_t t = first + h - 1; t <= rows_with_returns; ++t) {
    if (t == rows_with_returns || weights(t, q).empty()) {
      // Nothing to hold from here: what is left is sold, at the end of the session before.
      if (const Real sold = trade(Series(columns, 0)); sold > 0) out.traded[last_held] += sold;
      continue;
    }
    for (int k = 1; k <= q; ++k) {
      const Series w = weights(t, k);
      if (w.empty()) continue;
      Real earned = 0;
      for (std::size_t i = 0; i < columns; ++i) earned += known(held[t][i]) ? w[i] * held[t][i] : 0;
      out.quantiles[static_cast<std::size_t>(k - 1)][t] = earned;
    }
    out.gross[t] = out.quantiles.back()[t] - out.quantiles.front()[t];
    out.traded[t] = trade(net_weights(t));
    for (std::size_t i = 0; i < columns; ++i) position[i] *= 1 + (known(held[t][i]) ? held[t][i] : 0);
    last_held = t;
  }
  for (std::size_t t = 0; t < rows; ++t) out.net[t] = out.gross[t] - cost_bps / 10'000 * out.traded[t];
  return out;
}

// Mean over dates of the share of bucket k's members that were not in it `lag` rows before.
inline Real turnover(const std::vector<std::vector<int>>& formed, int k, std::size_t lag) {
  Series shares;
  for (std::size_t t = lag; t < formed.size(); ++t) {
    const auto any = [](const std::vector<int>& row) {
      return std::any_of(row.begin(), row.end(), [](int b) { return b > 0; });
    };
    Real members = 0;
    Real fresh = 0;
    for (std::size_t i = 0; i < formed[t].size(); ++i) {
      members += formed[t][i] == k;
      fresh += formed[t][i] == k && formed[t - lag][i] != k;
    }
    if (members > 0 && any(formed[t - lag])) shares.push_back(fresh / members);
  }
  return mean(shares);
}

}  // namespace lode::oracle
