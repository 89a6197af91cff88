// The tear sheet: every number and series that says whether a factor predicts, on how much data, and what is left after
// costs. Definitions: docs of each field, factors 4.1 and 4.2 of the design; formulas carry their source.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/pool.h"
#include "lode/base/result.h"
#include "lode/market/panel.h"

namespace lode::evaluate {

// When a signal known at the close of session t is traded, and so which return is its label.
enum class Convention : std::uint8_t {
  kNextOpen,       // open[t+1+h] / open[t+1] - 1 (default)
  kNextClose,      // close[t+1+h] / close[t+1] - 1
  kCloseToClose,   // close[t+h] / close[t] - 1: assumes trading at the close that made the signal
  kVwap,           // vwap[t+1+h] / vwap[t+1] - 1
};
std::string_view to_string(Convention convention);             // "next_open"
Result<Convention> parse_convention(std::string_view text);    // E0004 with the nearest.

// Adjusted prices of the universe, f64, all on one axis with the factor. `vwap` and `high`/`low` may be empty panels.
struct Market {
  Panel open;
  Panel high;
  Panel low;
  Panel close;
  Panel volume;                                  // Shares; 0 or NaN: untradable that session.
  Panel vwap;
  std::vector<std::uint8_t> universe;            // rows * columns, 1 = member; empty = all.
  std::vector<double> delisting_return;          // One a column; NaN unknown or still listed.
  std::vector<std::int32_t> delisted_row;        // Last row with a bar of a delisted instrument; -1 = still listed.
};

struct Options {
  std::vector<int> horizons{1, 5, 21};           // Sessions, ascending, 1..504.
  int quantiles = 5;                             // 2..20
  double cost_bps = 10.0;                        // Charged on traded notional, each side.
  Convention convention = Convention::kNextOpen;
  int min_names = 3;                             // Fewer valid names on a date: that date has no statistic.
  double sessions_a_year = 252.0;
  std::uint64_t seed = 7;                        // Of the placebo and the bootstrap.
};

// Labels of one horizon: row t holds the forward return of a signal known at the close of t.
struct Labels {
  int horizon = 1;
  Panel returns;                                 // f64, NaN = no return
  std::int64_t untradable_entries = 0;           // Cells dropped: not tradable at entry.
  std::int64_t late_exits = 0;                   // Exit moved to the next tradable price.
  std::int64_t delisted_inside = 0;              // Window ended by a delisting.
  std::int64_t delisting_returns_applied = 0;    // ... with a known delisting return.
};
Result<Labels> forward_returns(const Market& market, int horizon, Convention convention, Pool& pool);

// A number with what a reader needs to trust it. NaN value: see `reason` ("12 days, needs 60").
struct Estimate {
  double value;
  double lower;              // 95 % interval; NaN when none is defined.
  double upper;
  std::int64_t n = 0;        // Observations (dates unless said otherwise).
  std::string reason;        // Why there is no value; empty when there is one.
};

// Statistics of a daily information coefficient series.
struct IcStatistics {
  Estimate mean;                 // Interval: mean +- 1.96 * mean / t_no_overlap's standard error (see t).
  double standard_deviation;     // ddof 1
  double icir;                   // mean / standard deviation
  double icir_annual;            // icir * sqrt(A / h)
  double t_no_overlap;           // Headline t of any horizon: Hodrick (1992) form.
  double t_newey_west;
  int newey_west_lag = 0;
  double t_naive;                // Never shown alone.
  double share_positive;
  double skew;
  double kurtosis;
};

struct QuantileStatistics {
  int quantile = 1;                     // 1 = lowest factor values.
  Estimate mean_return;                 // Mean over dates of the bucket's equal-weight demeaned return, a session.
  Estimate mean_return_absolute;        // The same, not demeaned.
  double annual_return;                 // (1 + demeaned mean a session)^A - 1
  double turnover;                      // Share of members not members `horizon` sessions earlier, mean over dates.
  double mean_count;                    // Names a date.
};

struct SpreadStatistics {
  Estimate gross_annual;                // Quantile q minus 1, h overlapping tranches, annual ratio.
  Estimate net_annual;                  // After cost_bps a side.
  double t_no_overlap;                  // Of the spread with bucket weights.
  double breakeven_bps;                 // Cost a side at which net is 0; NaN when gross <= 0.
  double turnover_a_session;            // One-sided: share of the long-short book's gross replaced each session.
  double long_annual;                   // Long leg against the universe mean, gross.
  double short_annual;                  // Short leg, gross, as earned by the short seller.
};

// Everything of one horizon. Series are aligned with TearSheet::sessions, NaN where undefined.
struct HorizonResult {
  int horizon = 1;
  IcStatistics ic;                          // Pearson
  IcStatistics rank_ic;                     // Spearman: the headline
  std::vector<double> ic_series;
  std::vector<double> rank_ic_series;
  std::vector<QuantileStatistics> quantiles;
  std::vector<std::vector<double>> quantile_series;   // [quantile][session]: mean return of the bucket, a session
  SpreadStatistics spread;
  std::vector<double> spread_series;        // Gross return of the q - 1 book in each session, tranches averaged.
  std::vector<double> net_series;
  double monotonicity;                      // Spearman of bucket number and mean return.
  double monotonicity_p;                    // Patton & Timmermann (2010) bootstrap p; NaN when not computed.
  std::int64_t dates = 0;                   // Dates with a rank IC.
  std::int64_t cells = 0;                   // Factor-return pairs used.
  std::int64_t untradable_entries = 0;
  std::int64_t late_exits = 0;
  std::int64_t delisted_inside = 0;
  std::int64_t delisting_returns_applied = 0;
};

struct DecayPoint {
  int horizon = 1;
  double rank_ic;
  double lower;
  double upper;
};

struct GroupResult {
  std::string group;
  double rank_ic;
  double t_no_overlap;
  double lower;
  double upper;
  double mean_names;
};

struct YearResult {
  int year = 0;
  double rank_ic;          // Of the headline horizon.
  double spread_annual;    // Gross.
  double net_annual;
  std::int64_t dates = 0;
};

// Share of members lost at each step, for the coverage waterfall.
struct Coverage {
  std::int64_t cells_universe = 0;      // Universe cells on evaluated dates.
  std::int64_t cells_factor = 0;        // ... with a factor value.
  std::int64_t cells_tradable = 0;      // ... tradable at entry.
  std::int64_t cells_return = 0;        // ... with a forward return (headline horizon).
  double ratio = 0.0;                   // cells_factor / cells_universe
  int warm_up_sessions = 0;             // Leading sessions without any factor value.
  std::vector<double> names_series;     // Valid factor values a session.
};

// One coded red flag or check of the honesty panel.
enum class CheckState : std::uint8_t { kPassed, kWarning, kFailed, kUnknown };
constexpr std::string_view to_string(CheckState state) {
  constexpr std::string_view kWords[] = {"passed", "warning", "failed", "unknown"};
  return kWords[static_cast<std::size_t>(state)];
}
struct Check {
  std::string id;        // "look_ahead", "ic_too_high", "coverage_low"
  std::string title;     // "Look-ahead check"
  CheckState state = CheckState::kUnknown;
  std::string result;    // "passed", "+0.412 with it"
  std::string note;
};

enum class Verdict : std::uint8_t { kStrong, kWeak, kCostsEatIt, kNone, kCannotTell };
std::string_view to_string(Verdict verdict);   // "strong", "weak", "costs eat it", "none", "cannot tell"

struct TearSheet {
  std::vector<Date> sessions;                   // Rows evaluated.
  std::vector<HorizonResult> horizons;          // As asked, ascending.
  std::vector<DecayPoint> decay;                // 1, 2, 3, 5, 10, 21, 42, 63 as far as the span allows
  Estimate half_life_sessions;                  // Log-linear fit over positive values.
  std::vector<double> lagged_rank_ic;           // Factor of t - k, k = 0..5, horizon 1
  std::vector<double> rank_autocorrelation;     // Mean over dates, at lags equal to the horizons asked
  Coverage coverage;
  std::vector<GroupResult> groups;              // Empty without groups.
  std::optional<IcStatistics> group_neutral;    // Rank IC of group-demeaned returns at the headline horizon.
  std::vector<YearResult> years;
  double placebo_lower;                         // 95 % band of the mean rank IC with the factor shuffled across names
  double placebo_upper;
  std::vector<Check> checks;
  Verdict verdict = Verdict::kCannotTell;
  std::string verdict_sentence;                 // By rule from the numbers.
  int headline = 0;                             // Index into horizons of the verdict's horizon: the nearest to 5.

  const HorizonResult& headline_horizon() const { return horizons[static_cast<std::size_t>(headline)]; }
};

// The whole sheet. `factor` and all of `market` on one axis; `groups` may be null. E2102 when too few instruments for the
// quantiles or too few dates; E1114 when the factor is constant or all missing. Each horizon is evaluated on its own
// cells: adding one never changes another. Same bits for any thread count.
Result<TearSheet> tear_sheet(const Panel& factor, const Market& market, const GroupPanel* groups,
                             const Options& options, Pool& pool);

}  // namespace lode::evaluate
