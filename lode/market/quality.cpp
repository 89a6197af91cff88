// The judge of one row. Flags over a series are in flag.cpp.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/quality.h"

#include <fmt/format.h>

#include <array>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode {
namespace {

// Relative slack of low <= open, close <= high. Vendors adjust each price on its own in double arithmetic, so prices
// that were equal come out a few units in the last place apart; 1e-9 is far above that and far below any tick of a
// price.
constexpr double kPriceSlack = 1e-9;

RowFault fault(E number, std::string reason) { return {static_cast<std::uint16_t>(number), std::move(reason)}; }

RowFault check_session(Date session, const Calendar* calendar, const QualityLimits& limits) {
  if (session < limits.first || session > limits.last) {
    return fault(E::E2013, fmt::format("date {} is outside {} to {}", to_string(session), to_string(limits.first),
                                       to_string(limits.last)));
  }
  // Before the calendar's years nothing is known of sessions, so nothing is judged: real history is not refused for our
  // ignorance. After them a date is a mistake.
  if (calendar == nullptr || session < calendar->first()) {
    return {};
  }
  if (session > calendar->last()) {
    return fault(E::E2013, fmt::format("date {} is outside the calendar of {}, {} to {}", to_string(session),
                                       calendar->mic(), to_string(calendar->first()), to_string(calendar->last())));
  }
  if (!calendar->is_session(session)) {
    return fault(E::E2011, fmt::format("{} is not a session of {}: {}", to_string(session), calendar->mic(),
                                       calendar->closed_because(session)));
  }
  return {};
}

bool above(double value, double limit) { return value > limit + kPriceSlack * math::abs(limit); }

RowFault check_prices(const BarRow& row) {
  if (math::is_nan(row.close)) {
    return fault(E::E2004, "close is missing, expected a number");
  }
  const std::array<std::pair<char, double>, 4> prices = {
      {{'o', row.open}, {'h', row.high}, {'l', row.low}, {'c', row.close}}};
  for (const auto& [name, price] : prices) {
    if (!math::is_nan(price) && (price <= 0.0 || !math::is_finite(price))) {
      return fault(E::E2006, math::is_finite(price) ? fmt::format("{} {} is not above 0", name, shortest(price))
                                                    : fmt::format("{} is infinite, expected a price", name));
    }
  }
  // Comparisons with a missing price are false: what is missing cannot contradict.
  if (above(row.low, row.high)) {
    return fault(E::E2007, fmt::format("h {} l {}", shortest(row.high), shortest(row.low)));
  }
  for (const auto& [name, price] : {prices[0], prices[3]}) {
    if (above(price, row.high)) {
      return fault(E::E2007, fmt::format("{} {} is above h {}", name, shortest(price), shortest(row.high)));
    }
    if (above(row.low, price)) {
      return fault(E::E2007, fmt::format("{} {} is below l {}", name, shortest(price), shortest(row.low)));
    }
  }
  return {};
}

}  // namespace

RowFault check_row(const BarRow& row, const Calendar* calendar, const QualityLimits& limits) {
  if (RowFault found = check_session(row.session, calendar, limits); found.number != 0) {
    return found;
  }
  if (RowFault found = check_prices(row); found.number != 0) {
    return found;
  }
  if (row.volume < 0.0) {
    return fault(E::E2008, fmt::format("volume {} is negative", shortest(row.volume)));
  }
  if (!math::is_nan(row.volume) && !math::is_finite(row.volume)) {
    return fault(E::E2004, "volume is infinite, expected a number");
  }
  return {};
}

}  // namespace lode
