// Making a synthetic market: cast it, draw what is random, walk through time, then derive groups, universe and dirt.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/market.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/core/synth/cast.h"
#include "lode/core/synth/dirty.h"
#include "lode/core/synth/draws.h"
#include "lode/core/synth/membership.h"
#include "lode/core/synth/signals.h"
#include "lode/core/synth/walk.h"

namespace lode::synth {

namespace {

Result<void> check_number(std::string_view name, double value, double least, double most) {
  if (value >= least && value <= most) {
    return {};
  }
  return fail(E::E4, fmt::format("{} is {}, expected {} to {}", name, value, least, most));
}

Result<void> check_options(const MarketOptions& options) {
  LODE_CHECK(check_number("instruments", options.instruments, kFewestInstruments, kMostInstruments));
  LODE_CHECK(check_number("quality_ic", options.quality_ic, 0.0, kStrongestIc));
  return check_number("reversal_ic", options.reversal_ic, 0.0, kStrongestIc);
}

// The last `options.sessions` sessions up to options.last.
Result<std::vector<Date>> pick_sessions(const MarketOptions& options, const Calendar& calendar) {
  std::vector<Date> all = calendar.sessions(calendar.first(), options.last);
  LODE_CHECK(check_number("sessions", options.sessions, kFewestSessions, static_cast<double>(all.size())));
  return std::vector<Date>(all.end() - options.sessions, all.end());
}

}  // namespace

MarketOptions pure_noise(std::uint64_t seed, int instruments, int sessions) {
  MarketOptions out;
  out.seed = seed;
  out.instruments = instruments;
  out.sessions = sessions;
  out.quality_ic = 0.0;
  out.reversal_ic = 0.0;
  return out;
}

std::int64_t Market::bars() const {
  return std::ranges::count_if(close, [](double price) { return !math::is_nan(price); });
}

int Market::delisted() const { return static_cast<int>(std::ranges::count(listings, true, &Listing::delisted)); }

int Market::splits() const {
  return static_cast<int>(
      std::ranges::count(actions, ActionKind::kSplit, [](const ListedAction& listed) { return listed.action.kind; }));
}

void Market::forget_bars() {
  for (std::vector<double>* cells : {&open, &high, &low, &close, &volume, &amount}) {
    std::vector<double>().swap(*cells);
  }
}

Result<Market> make_market(const MarketOptions& options, Pool& pool) {
  LODE_CHECK(check_options(options));
  LODE_TRY(const Calendar* calendar, find_calendar(kMic));
  Market out;
  out.options = options;
  LODE_TRY(out.sessions, pick_sessions(options, *calendar));
  const Cast cast = make_cast(options, out.rows());
  out.listings = cast.listings;
  {
    const Draws draws = make_draws(options, cast, out.rows(), pool);
    walk(cast, draws, strength_for(options.quality_ic, options.reversal_ic), *calendar, out);
  }
  out.groups = make_groups(cast, out.sessions);
  out.members = make_members(out);
  out.signals = signals(options);
  if (options.dirty_rows) {
    out.dirty = make_dirty(out);
  }
  return out;
}

Panel to_panel(const Market& market, const std::vector<double>& cells, const Calendar& calendar) {
  std::vector<InstrumentId> ids;
  for (const Listing& listing : market.listings) {
    ids.push_back(instrument_id(kMic, listing.symbol));
  }
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return ids[i]; });
  auto axis = std::make_shared<Axis>();
  axis->sessions = market.sessions;
  for (const Date session : market.sessions) {
    axis->times.push_back(calendar.close(session));
  }
  for (const std::size_t i : order) {
    axis->instruments.push_back(ids[i]);
    axis->symbols.push_back(market.listings[i].symbol);
  }
  Panel out(axis, Precision::kFloat64);
  for (std::size_t row = 0; row < market.rows(); ++row) {
    const std::span<double> target = out.mutable_row64(row);
    for (std::size_t column = 0; column < order.size(); ++column) {
      target[column] = cells[market.cell(row, order[column])];
    }
  }
  return out;
}

}  // namespace lode::synth
