// An independent reader of a synthetic market for its tests: adjusts prices by walking forwards as a holder would,
// computes the signals' formulas by hand, and measures rank ICs with their errors. Shares no code with the maker.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "lode/core/stat/correlation.h"
#include "lode/core/synth/market.h"

namespace lode::synth::measure {

using Cells = std::vector<double>;
inline const double kNone = std::numeric_limits<double>::quiet_NaN();

// What one share of the first session has become, by reinvesting dividends at the close: shares held at each cell.
inline Cells shares_held(const Market& m) {
  Cells held(m.rows() * m.columns(), 1.0);
  Cells amount(held.size(), 0.0), ratio(held.size(), 1.0);
  for (const ListedAction& a : m.actions) {
    const auto row = static_cast<std::size_t>(std::lower_bound(m.sessions.begin(), m.sessions.end(), a.action.ex_date) -
                                              m.sessions.begin());
    const std::size_t cell = m.cell(row, static_cast<std::size_t>(a.instrument));
    (a.action.kind == ActionKind::kSplit ? ratio : amount)[cell] =
        a.action.kind == ActionKind::kSplit ? a.action.ratio : a.action.amount;
  }
  for (std::size_t i = 0; i < m.columns(); ++i) {
    double shares = 1.0, last = kNone;
    for (std::size_t t = 0; t < m.rows(); ++t) {
      const std::size_t c = m.cell(t, i);
      if (amount[c] > 0.0) {
        shares *= last / (last - amount[c]);  // The dividend buys more at the close before it.
      }
      shares *= ratio[c];
      held[c] = shares;
      last = std::isnan(m.close[c]) ? last : m.close[c];
    }
  }
  return held;
}

inline Cells times(const Cells& a, const Cells& b) {
  Cells out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    out[i] = a[i] * b[i];
  }
  return out;
}

// f(t, i) over the last `window` sessions, mean; missing when any is.
template <class F>
Cells mean_of(const Market& m, std::size_t window, F f) {
  Cells one(m.rows() * m.columns()), out(one.size(), kNone);
  for (std::size_t t = 0; t < m.rows(); ++t) {
    for (std::size_t i = 0; i < m.columns(); ++i) {
      one[m.cell(t, i)] = f(t, i);
    }
  }
  for (std::size_t t = window - 1; t < m.rows(); ++t) {
    for (std::size_t i = 0; i < m.columns(); ++i) {
      double sum = 0.0;
      for (std::size_t k = 0; k < window; ++k) {
        sum += one[m.cell(t - k, i)];
      }
      out[m.cell(t, i)] = std::isfinite(sum) ? sum / static_cast<double>(window) : kNone;
    }
  }
  return out;
}

// The values behind the four formulas (a rank changes no rank IC).
inline Cells factor(const Market& m, std::string_view name) {
  const Cells held = shares_held(m);
  if (name == "quality") {
    return mean_of(m, 5, [&](std::size_t t, std::size_t i) {
      const std::size_t c = m.cell(t, i);
      return (m.amount[c] / m.volume[c] - m.low[c]) / (m.high[c] - m.low[c]);
    });
  }
  if (name == "reversal") {
    return mean_of(m, 5, [&](std::size_t t, std::size_t i) {
      return t == 0 ? kNone
                    : 1.0 - m.close[m.cell(t, i)] * held[m.cell(t, i)] /
                                (m.close[m.cell(t - 1, i)] * held[m.cell(t - 1, i)]);
    });
  }
  if (name == "noise") {
    return mean_of(m, 1, [&](std::size_t t, std::size_t i) {
      return t == 0 ? kNone : m.volume[m.cell(t, i)] / m.volume[m.cell(t - 1, i)];
    });
  }
  return mean_of(m, 5, [&](std::size_t t, std::size_t i) {
    const std::size_t c = m.cell(t, i);
    return (m.high[c] + m.low[c] - m.open[c] - m.close[c]) / (m.high[c] - m.low[c]);
  });
}

struct Ic {
  double mean = 0.0;
  double error = 0.0;  // Of the mean, allowing for the overlap of labels.
};

// Rank IC against open[t+1+h] / open[t+1] - 1.
inline Ic rank_ic(const Market& m, const Cells& values, std::size_t horizon) {
  const Cells open = times(m.open, shares_held(m));
  stat::Spearman spearman;
  Cells series;
  for (std::size_t t = 0; t + 1 + horizon < m.rows(); ++t) {
    Cells x, y;
    for (std::size_t i = 0; i < m.columns(); ++i) {
      const double value = values[m.cell(t, i)];
      const double label = open[m.cell(t + 1 + horizon, i)] / open[m.cell(t + 1, i)] - 1.0;
      if (std::isfinite(value) && std::isfinite(label)) {
        x.push_back(value);
        y.push_back(label);
      }
    }
    const double ic = spearman(x, y);
    if (std::isfinite(ic)) {
      series.push_back(ic);
    }
  }
  Ic out;
  for (const double ic : series) {
    out.mean += ic / static_cast<double>(series.size());
  }
  // Batch means of long blocks: no assumption about the overlap but that blocks are independent.
  const std::size_t block = std::max<std::size_t>(20, 2 * horizon);
  double sum = 0.0;
  std::size_t blocks = 0;
  for (std::size_t begin = 0; begin + block <= series.size(); begin += block, ++blocks) {
    double mean = 0.0;
    for (std::size_t k = 0; k < block; ++k) {
      mean += series[begin + k] / static_cast<double>(block);
    }
    sum += (mean - out.mean) * (mean - out.mean);
  }
  const auto n = static_cast<double>(blocks);
  out.error = blocks > 1 ? std::sqrt(sum / (n - 1.0) / n) : kNone;
  return out;
}

}  // namespace lode::synth::measure
