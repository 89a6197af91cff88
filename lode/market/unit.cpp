// Slips of units: runs of bars whose prices are a power of ten off (pence for pounds, a lost decimal point), and
// their repair.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "lode/base/assert.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/market/quality.h"

namespace lode {
namespace {

// A slip of units is an exact power of ten times an ordinary day's move; 15 % covers the latter.
constexpr double kUnitSlack = 0.15;
constexpr std::array<double, 4> kUnits = {10.0, 100.0, 1000.0, 10000.0};
// Unit errors are mended within about a month; a lasting change of level is a split or a redenomination.
constexpr std::size_t kUnitErrorSessions = 22;
// Halfway, in logarithm, between one power of ten and the next.
constexpr double kSqrtTen = 3.1622776601683795;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

bool near(double ratio, double expected) {
  return ratio >= expected * (1.0 - kUnitSlack) && ratio <= expected * (1.0 + kUnitSlack);
}

// 10^power for |power| <= 4.
double power_of_ten(int power) {
  const double unit = power == 0 ? 1.0 : kUnits[static_cast<std::size_t>((power < 0 ? -power : power) - 1)];
  return power < 0 ? 1.0 / unit : unit;
}

// The power of ten `ratio` is near, 2 or -1 say; 0 when it is near none.
int power_near(double ratio) {
  for (int power = 1; power <= static_cast<int>(kUnits.size()); ++power) {
    for (const int sign : {power, -power}) {
      if (near(ratio, power_of_ten(sign))) {
        return sign;
      }
    }
  }
  return 0;
}

bool is_nearest(double ratio, int power) {
  const double unit = power_of_ten(power);
  return ratio > unit / kSqrtTen && ratio < unit * kSqrtTen;
}

// The price with its decimal point moved by `places` to the right: the double nearest to that decimal number, where a
// product would be one rounding away from it.
double moved_point(double price, int places) {
  std::string text = shortest(price);
  const std::size_t exponent = text.find_first_of("eE");
  std::int64_t power = places;
  if (exponent != std::string::npos) {
    std::int64_t own = 0;
    LODE_ASSERT(parse_int(std::string_view(text).substr(exponent + (text[exponent + 1] == '+' ? 2 : 1)), own));
    power += own;
    text.resize(exponent);
  }
  double moved = 0.0;
  LODE_ASSERT(parse_double(fmt::format("{}e{}", text, power), moved));
  return moved;
}

// The bar with every price that is off brought back; false when it cannot be: a price is nearer to yet another power of
// ten, nothing is off, or what comes out contradicts itself.
bool mend(BarRow& row, double& vwap, double reference, int power, const QualityLimits& limits) {
  BarRow mended = row;
  double mended_vwap = vwap;
  bool any = false;
  for (double* price : {&mended.open, &mended.high, &mended.low, &mended.close, &mended_vwap}) {
    const double ratio = *price / reference;
    if (is_nearest(ratio, power)) {
      *price = moved_point(*price, -power);
      any = true;
    } else if (!math::is_nan(ratio) && !is_nearest(ratio, 0)) {
      return false;
    }
  }
  if (!any || check_row(mended, nullptr, limits).number != 0) {
    return false;
  }
  row = mended;
  vwap = mended_vwap;
  return true;
}

}  // namespace

std::vector<UnitRun> unit_runs(std::span<const BarRow> rows) {
  std::vector<UnitRun> out;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const int power = power_near(rows[i].close / rows[i - 1].close);
    if (power == 0) {
      continue;
    }
    const std::size_t limit = std::min(rows.size(), i + 1 + kUnitErrorSessions);
    for (std::size_t back = i + 1; back < limit; ++back) {
      if (near(rows[back].close / rows[back - 1].close, power_of_ten(-power))) {
        out.push_back({i, back, power});
        i = back;
        break;
      }
    }
  }
  return out;
}

std::vector<std::uint8_t> repair_units(std::span<BarRow> rows, std::span<double> vwap, std::size_t first,
                                       std::span<const Date> split_on, const QualityLimits& limits) {
  LODE_ASSERT(vwap.empty() || vwap.size() == rows.size());
  std::vector<std::uint8_t> mended(rows.size(), 0);
  for (const UnitRun& run : unit_runs(rows)) {
    const BarRow& before = rows[run.begin - 1];
    const bool is_split =
        std::ranges::any_of(split_on, [&](Date ex) { return ex > before.session && ex <= rows[run.end].session; });
    for (std::size_t row = std::max(run.begin, first); row < run.end && !is_split; ++row) {
      double none = kMissing;
      double& price = vwap.empty() ? none : vwap[row];
      mended[row] = mend(rows[row], price, before.close, run.power, limits) ? 1 : 0;
    }
  }
  return mended;
}

}  // namespace lode
