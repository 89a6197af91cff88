// What core/synth plants, a sheet finds at the strength it was planted, inside its interval: measured over many
// synthetic markets. Small here; with LODE_TEST_LONG at full size, where it prints its lines of the table of
// bench/evaluate.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "lode/base/must.h"
#include "lode/base/test_rounds.h"
#include "lode/core/evaluate/tear_sheet.h"
#include "lode/core/stat/moments.h"
#include "lode/core/synth/test_measure.h"

namespace lode::flow {
namespace {

bool is_full_size() { return std::getenv("LODE_TEST_LONG") != nullptr; }

// The synthetic market as a holder sees it: prices that carry splits and dividends, delistings with their returns.
evaluate::Market judged_market(const synth::Market& m, const Calendar& calendar) {
  const synth::measure::Cells held = synth::measure::shares_held(m);
  const auto panel = [&](const synth::measure::Cells& cells) { return synth::to_panel(m, cells, calendar); };
  evaluate::Market out;
  out.open = panel(synth::measure::times(m.open, held));
  out.high = panel(synth::measure::times(m.high, held));
  out.low = panel(synth::measure::times(m.low, held));
  out.close = panel(synth::measure::times(m.close, held));
  out.volume = panel(m.volume);
  out.delisted_row.assign(m.columns(), -1);
  out.delisting_return.assign(m.columns(), evaluate::kNoValue);
  const Axis& axis = out.open.axis();
  for (std::size_t column = 0; column < m.columns(); ++column) {
    const auto found = std::ranges::find(m.listings, axis.symbols[column], &synth::Listing::symbol);
    if (found != m.listings.end() && found->delisted) {
      out.delisted_row[column] = found->last;
      out.delisting_return[column] = found->delisting_return;
    }
  }
  return out;
}

struct Found {
  std::vector<double> means;
  int covered = 0;  // Seeds whose 95 % interval holds the truth.
  double truth = 0.0;
};

// Means and coverage of each signal and decoy over `seeds` markets.
std::map<std::string, Found> find(int seeds, int instruments, int sessions) {
  std::map<std::string, Found> out;
  const Calendar& calendar = *must(find_calendar(synth::kMic));
  Pool pool(2);
  evaluate::Options options;
  options.horizons = {5};
  for (int seed = 0; seed < seeds; ++seed) {
    synth::MarketOptions asked = synth::pure_noise(static_cast<std::uint64_t>(500 + seed), instruments, sessions);
    asked.quality_ic = 0.04;
    asked.reversal_ic = 0.02;
    const synth::Market market = must(synth::make_market(asked, pool));
    const evaluate::Market judged = judged_market(market, calendar);
    for (const synth::Signal& signal : market.signals) {
      const Panel factor = synth::to_panel(market, synth::measure::factor(market, signal.name), calendar);
      const auto sheet = must(evaluate::tear_sheet(factor, judged, nullptr, options, pool));
      const evaluate::Estimate& ic = sheet.horizons.front().rank_ic.mean;
      Found& found = out[signal.name];
      found.truth = signal.rank_ic;
      found.means.push_back(ic.value);
      found.covered += ic.lower <= signal.rank_ic && signal.rank_ic <= ic.upper ? 1 : 0;
    }
  }
  return out;
}

// The mean over markets is the truth within three of its errors and the 5 % to which the strengths were checked; an
// interval of 95 % holds the truth in 88 % of 60 markets or more (fewer with probability below 0.02), in 5 of 8 here.
TEST(SimulationOfPlantedSignals, AreFoundAtTheirStrengthWithinTheirInterval) {
  if (kSanitized) {
    GTEST_SKIP() << "a share over many seeds, for the plain build; other tests run the same code";
  }
  const int seeds = is_full_size() ? 60 : 8;
  const auto found = is_full_size() ? find(seeds, 200, 1000) : find(seeds, 80, 420);
  ASSERT_EQ(found.size(), 4U);
  for (const auto& [name, one] : found) {
    const double mean = stat::mean(one.means);
    const double error = stat::standard_deviation(one.means) / std::sqrt(static_cast<double>(seeds));
    const double covered = static_cast<double>(one.covered) / seeds;
    if (is_full_size()) {
      fmt::print("{:<62} mean {:+.4f} +- {:.4f}, intervals hold it in {:.0f} % of {} (95)\n",
                 fmt::format("planted {}, true rank IC {:+.3f} over 5 sessions", name, one.truth), mean, error,
                 100.0 * covered, seeds);
    }
    EXPECT_NEAR(mean, one.truth, 3.0 * error + 0.05 * one.truth) << name;
    EXPECT_GE(covered, is_full_size() ? 0.88 : 5.0 / 8.0) << name;
    if (one.truth > 0.0) {
      EXPECT_GT(mean, 3.0 * error) << name;
    }
  }
}

}  // namespace
}  // namespace lode::flow
