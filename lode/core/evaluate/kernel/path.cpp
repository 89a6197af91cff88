// Compounding, falls and months.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/evaluate/kernel/path.h"

#include <algorithm>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/math.h"

namespace lode::evaluate {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::vector<double> cumulative_return(std::span<const double> daily) {
  std::vector<double> out(daily.size(), kNaN);
  double wealth = 1.0;
  for (std::size_t i = 0; i < daily.size(); ++i) {
    if (math::is_finite(daily[i])) {
      wealth *= std::max(0.0, 1.0 + daily[i]);
      out[i] = wealth - 1.0;
    }
  }
  return out;
}

std::vector<double> drawdown(std::span<const double> cumulative) {
  std::vector<double> out(cumulative.size(), kNaN);
  double peak = 1.0;
  for (std::size_t i = 0; i < cumulative.size(); ++i) {
    if (math::is_finite(cumulative[i])) {
      const double wealth = 1.0 + cumulative[i];
      peak = std::max(peak, wealth);
      out[i] = wealth / peak - 1.0;
    }
  }
  return out;
}

std::vector<Fall> deepest_falls(std::span<const double> drawdowns, std::size_t count) {
  std::vector<Fall> falls;
  const std::size_t n = drawdowns.size();
  std::size_t peak = 0;
  while (peak + 1 < n && !math::is_finite(drawdowns[0]) && !math::is_finite(drawdowns[peak + 1])) {
    ++peak;  // Wealth is at its first peak on the eve of the first value.
  }
  bool open = false;
  for (std::size_t i = 0; i < n; ++i) {
    const double value = drawdowns[i];
    if (!math::is_finite(value)) {
      continue;
    }
    if (value < 0.0) {
      if (!open) {
        falls.push_back({value, peak, i, n, 0});
        open = true;
      } else if (value < falls.back().depth) {
        falls.back().depth = value;
        falls.back().trough = i;
      }
      ++falls.back().sessions;
      continue;
    }
    if (open) {
      falls.back().recovery = i;
      ++falls.back().sessions;
      open = false;
    }
    peak = i;
  }
  std::stable_sort(falls.begin(), falls.end(), [](const Fall& a, const Fall& b) { return a.depth < b.depth; });
  falls.resize(std::min(count, falls.size()));
  return falls;
}

std::vector<Month> by_month(std::span<const Date> sessions, std::span<const double> daily) {
  LODE_ASSERT(sessions.size() == daily.size());
  std::vector<Month> months;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const int year = sessions[i].year();
    const int month = sessions[i].month();
    if (months.empty() || months.back().year != year || months.back().month != month) {
      months.push_back({sessions[i], year, month, 0.0, 1.0, 0});
    }
    if (math::is_finite(daily[i])) {
      months.back().mean += daily[i];
      months.back().compounded *= 1.0 + daily[i];
      ++months.back().days;
    }
  }
  for (Month& month : months) {
    month.mean = month.days > 0 ? month.mean / static_cast<double>(month.days) : kNaN;
    month.compounded = month.days > 0 ? month.compounded - 1.0 : kNaN;
  }
  return months;
}

double last_valid(std::span<const double> values) {
  for (std::size_t i = values.size(); i-- > 0;) {
    if (math::is_finite(values[i])) {
      return values[i];
    }
  }
  return kNaN;
}

}  // namespace lode::evaluate
