// The tear sheet: every number and series that says whether a factor predicts, on how much data, and what is left after
// costs. Definitions: docs of each field, factors 4.1 and 4.2 of the design; formulas carry their source.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
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
  kNextOpen,      // open[t+1+h] / open[t+1] - 1 (default)
  kNextClose,     // close[t+1+h] / close[t+1] - 1
  kCloseToClose,  // close[t+h] / close[t] - 1: assumes trading at the close that made the signal
  kVwap,          // vwap[t+1+h] / vwap[t+1] - 1
};
std::string_view to_string(Convention convention);           // "next_open"
Result<Convention> parse_convention(std::string_view text);  // E0004 with the nearest.

// Returns a session of a factor others publish (Mkt-RF, SMB), each on the row whose book earns that session.
struct KnownReturns {
  std::string name;
  std::vector<double> returns;  // One a row; NaN = unknown
};

// Adjusted prices of the universe, f64, all on one axis with the factor. `vwap` and `high`/`low` may be empty panels.
struct Market {
  Panel open;
  Panel high;
  Panel low;
  Panel close;
  Panel volume;  // Shares; 0 or NaN: untradable that session.
  Panel vwap;
  std::vector<std::uint8_t> universe;      // rows * columns, 1 = member; empty = all.
  std::vector<double> delisting_return;    // One a column; NaN unknown or still listed.
  std::vector<std::int32_t> delisted_row;  // Last row with a bar of a delisted instrument; -1 = still listed.
  std::vector<double> benchmark;           // One price a row, of the hour trades happen at; empty = none.
  std::vector<KnownReturns> known = {};    // Factors others publish, held against the headline's book.
};

struct Options {
  std::vector<int> horizons{1, 5, 21};  // Sessions, ascending, 1..504.
  int quantiles = 5;                    // 2..20
  double cost_bps = 10.0;               // Charged on traded notional, each side.
  Convention convention = Convention::kNextOpen;
  int min_names = 0;   // A date with fewer names takes no part; 0 = by the rule of min_names_of(), 1 to 3 = every date
                       // of 3 names or more.
  int min_dates = 60;  // Fewer dates with a statistic: its mean and t are missing, with a reason.
  double sessions_a_year = 252.0;
  std::uint64_t seed = 7;   // Of the placebo and the bootstrap.
  std::int64_t trials = 0;  // Candidates scored so far, this one included; 0 = unknown.
};

// What happened to a cell's label; bits of Labels::flags.
enum LabelFlag : std::uint8_t {
  kUntradableEntry = 1,    // Member of the universe with a bar at t, not tradable at entry: no return.
  kLateExit = 2,           // Untradable at exit: left at the next tradable price.
  kDelistedInside = 4,     // The window ended by a delisting: at the last close, or with the delisting return.
  kDelistingReturn = 8,    // ... whose delisting return was known.
  kNeverTradedAgain = 16,  // Untradable from exit to the end of the data, no delisting known: left at the last close.
};

// Of one row, names whose trade could not end as planned.
struct ExitCounts {
  std::int32_t late = 0;
  std::int32_t delisted = 0;
  std::int32_t delisting_returns = 0;
  std::int32_t never_again = 0;
};

// Labels of one horizon: row t holds the forward return of a signal known at the close of t, for members of the
// universe at t. Tradable: a bar with a price above 0 and a volume above 0 that is not locked at a limit (high =
// low, 4.5 % or more from the close before: the narrowest limit in use is 5 %). Rows whose window would end after the
// last session have no label, not even for the names delisted inside it, which would otherwise be alone there.
struct Labels {
  int horizon = 1;
  Panel returns;                               // f64, NaN = no return
  std::int64_t untradable_entries = 0;         // Cells dropped: not tradable at entry.
  std::int64_t late_exits = 0;                 // Exit moved to the next tradable price.
  std::int64_t delisted_inside = 0;            // Window ended by a delisting.
  std::int64_t delisting_returns_applied = 0;  // ... with a known delisting return.
  std::int64_t never_traded_again = 0;         // Left at the last close: no price from the exit on, no delisting known.
  std::vector<std::uint8_t> flags;             // LabelFlag bits, rows * columns.
  std::vector<ExitCounts> exits;               // The same counted, one a row.
};
// E0004 for a horizon outside 1..504, E1113 for a convention whose price panel is empty, E2102 when the panel is too
// short.
Result<Labels> forward_returns(const Market& market, int horizon, Convention convention, Pool& pool);

inline constexpr int kFewNames = 20;    // A cross-section of fewer names is mostly noise.
inline constexpr int kFewestNames = 3;  // A rank correlation of two names is always 1 or -1.

// The fewest names a date needs to count: `asked`, or without one (0) 20, or half of the names of the fullest date
// where that is fewer, so that a market of 8 names is judged too. Never below 3.
int min_names_of(int asked, std::size_t fullest_date);

// Which of the ascending horizons the verdict speaks of: the nearest to a week, the shorter of two as near.
inline constexpr int kHeadlineHorizon = 5;
int headline_of(const std::vector<int>& horizons);

inline constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

// A number with what a reader needs to trust it. NaN value: see `reason` ("12 days, needs 60").
struct Estimate {
  double value = kNoValue;
  double lower = kNoValue;  // 95 % interval; NaN when none is defined.
  double upper = kNoValue;
  std::int64_t n = 0;  // Observations (dates unless said otherwise).
  std::string reason;  // Why there is no value; empty when there is one.
};

// Statistics of a daily information coefficient series.
struct IcStatistics {
  Estimate mean;              // Interval: +- 1.96 no-overlap standard errors, wider where the t says so (ic_estimate).
  double standard_deviation;  // ddof 1
  double icir;                // mean / standard deviation
  double icir_annual;         // icir * sqrt(A / h)
  double t_no_overlap;        // Headline t of any horizon: Hodrick (1992) form, see kernel/no_overlap.h.
  double t_newey_west;
  int newey_west_lag = 0;
  double t_naive;  // Never shown alone.
  double share_positive;
  double skew;
  double kurtosis;
};

struct QuantileStatistics {
  int quantile = 1;               // 1 = lowest factor values.
  Estimate mean_return;           // Mean over dates of the bucket's equal-weight demeaned return, a session;
                                  // interval from the daily returns of its overlapping tranches.
  Estimate mean_return_absolute;  // The same, not demeaned.
  double annual_return;           // (1 + demeaned mean a session)^A - 1
  double turnover;                // Share of members not members `horizon` sessions earlier, mean over dates.
  double mean_count;              // Names a date.
};

struct SpreadStatistics {
  Estimate gross_annual;              // Quantile q minus 1, h overlapping tranches: (1 + mean session)^A - 1.
  Estimate net_annual;                // After cost_bps a side.
  double t_no_overlap;                // Of the spread with bucket weights.
  double breakeven_bps;               // Cost a side at which net is 0; NaN when gross <= 0.
  double turnover_a_session;          // One-sided: share of the long-short book's gross replaced each session.
  double long_annual;                 // Top bucket over the mean of all buckets, gross.
  double short_annual;                // Mean of all buckets over the bottom one, as earned by the short seller.
  double sharpe = kNoValue;           // Gross, annual: mean / deviation * sqrt(A).
  double best_year_share = kNoValue;  // Share of the gross profit from its best year, name and 1 % of sessions;
  double best_name_share = kNoValue;  // NaN without a profit (of the book turned to its own sign).
  double best_days_share = kNoValue;
  double straightness = kNoValue;         // R2 of the cumulated gross return on time.
  double chance_straightness = kNoValue;  // ... that 1 in 100 random walks with this drift and volatility surpasses.
  double share_positive = kNoValue;       // Sessions won.
};

// The book that holds every name by its distance from the mean: weights (f - mean f) / sum |f - mean f|, weighted.h.
struct WeightedStatistics {
  Estimate annual;                 // (1 + mean)^(A / h) - 1, interval by Newey-West errors; gross
  double t_newey_west = kNoValue;  // Of the mean; lag as for the IC
  Estimate alpha_annual;           // (1 + intercept)^(A / h) - 1 of the regression on the names' mean return
  double alpha_t = kNoValue;       // Newey-West, the same lag
  double beta = kNoValue;          // Its slope
  double beta_t = kNoValue;
};

// Everything of one horizon. Series are aligned with TearSheet::sessions, NaN where undefined.
struct HorizonResult {
  int horizon = 1;
  IcStatistics ic;       // Pearson
  IcStatistics rank_ic;  // Spearman: the headline
  std::vector<double> ic_series;
  std::vector<double> rank_ic_series;
  std::vector<QuantileStatistics> quantiles;
  // [quantile][session]: return of the bucket's h overlapping tranches in that session, equal weights, not demeaned.
  std::vector<std::vector<double>> quantile_series;
  SpreadStatistics spread;
  WeightedStatistics weighted;
  std::vector<double> spread_series;  // Gross return of the q - 1 book in each session, tranches averaged.
  std::vector<double> net_series;
  std::vector<double>
      traded_series;                // Notional the book bought and sold, both legs: net is gross less cost times this.
  double monotonicity;              // Spearman of bucket number and mean return.
  double monotonicity_p;            // Patton & Timmermann (2010) bootstrap p, see quantiles.h; NaN: not computed.
  std::int64_t dates = 0;           // Dates with a rank IC.
  std::int64_t cells = 0;           // Factor-return pairs used.
  std::int64_t thin_dates = 0;      // Of these, of fewer than kFewNames names.
  std::int64_t dates_left_out = 0;  // Dates with a name, but with fewer than TearSheet::options.min_names.
  std::int64_t untradable_entries = 0;
  std::int64_t late_exits = 0;
  std::int64_t delisted_inside = 0;
  std::int64_t delisting_returns_applied = 0;
  std::int64_t never_traded_again = 0;
  double short_leg_untradable = kNoValue;  // Share of the lowest bucket's cells that could not be traded at entry.
};

struct DecayPoint {
  int horizon = 1;
  double rank_ic;
  double lower;
  double upper;
  std::int64_t n = 0;       // Dates
  std::string reason = {};  // Why rank_ic is missing: "9 dates, needs 60"
};

struct GroupResult {
  std::string group;
  double rank_ic;
  double t_no_overlap;
  double lower;
  double upper;
  double mean_names;
  std::int64_t dates = 0;   // With a rank IC within the group
  std::string reason = {};  // Why rank_ic is missing
};

struct YearResult {
  int year = 0;
  double rank_ic;        // Of the headline horizon.
  double spread_annual;  // Gross.
  double net_annual;
  std::int64_t dates = 0;
};

// The headline on the dates of one regime of the market, see regimes.h.
struct RegimeResult {
  std::string id;                  // "trend_up", "trend_down", "volatility_low", "volatility_middle", "volatility_high"
  double rank_ic = kNoValue;       // Of the headline horizon.
  double t_no_overlap = kNoValue;  // Of the rows of the regime.
  double spread_annual = kNoValue;  // Gross.
  double net_annual = kNoValue;
  std::int64_t dates = 0;
  std::string reason = {};  // Why the rest is missing
};

// How much money the headline's book carries, turned to the sign of its rank IC; see capacity.h. In the currency of the
// prices, on each of its two sides.
struct CapacityResult {
  double zero_money = kNoValue;           // At which impact eats all that costs leave; half of it is left at a quarter.
  double money_at_10_percent = kNoValue;  // At which a trade is 10 % of its name's daily volume, mean by size.
  double impact = kNoValue;               // Return lost a session at money 1; grows with the root of the money.
  double net = kNoValue;                  // Return a session after costs, before impact.
  double known_share = kNoValue;          // Of what is traded, in names whose volume is known.
  std::string reason = {};                // Why zero_money is missing
};

// The benchmark beside the headline's net book.
struct BenchmarkResult {
  std::vector<double> returns;  // One a session, on the row whose book earns it; NaN where unknown.
  Estimate annual;              // (1 + mean session)^A - 1 over the sessions where both are known.
  double volatility;            // Standard deviation of a session times sqrt(A), same sessions.
  double beta;                  // Slope of the net spread on it.
  double correlation;
};

// The headline's book before costs regressed on all known factors at once (known_factors.h).
struct KnownLine {
  std::string name;
  double correlation = kNoValue;  // Pearson, on the sessions where both are known
  double beta = kNoValue;
  double t = kNoValue;  // Newey-West errors
  double lower = kNoValue;
  double upper = kNoValue;
  std::int64_t sessions = 0;  // Of the correlation
};
struct KnownResult {
  std::vector<KnownLine> factors;  // As given
  Estimate alpha_annual;           // (1 + intercept)^A - 1: what they do not explain
  double alpha_t = kNoValue;
  double r2 = kNoValue;
};

// What names did around the session t of the signal, at the headline horizon; see study/event_study.h. Everything by
// offset, that of kEventBefore sessions before t first.
struct EventPath {
  std::vector<double> step;        // Mean over dates of the members' mean return in session t + offset, less that of
                                   // the names of all buckets.
  std::vector<double> step_error;  // Its standard error over dates.
  std::vector<double> path;        // The steps added up from the close of t, where it is 0: 1, 2, .. sessions after,
                                   // and back with the sign turned.
  std::vector<double> path_error;
};
inline constexpr int kEventBefore = 10;  // Sessions looked back
inline constexpr int kEventAfter = 21;   // .. and ahead.
struct EventStudy {
  std::vector<EventPath> quantiles;  // [bucket - 1]; empty with a reason
  EventPath spread;                  // Top less bottom bucket
  std::int64_t dates = 0;            // With buckets and the whole window inside the data
  std::string reason = {};           // Why there is nothing: "12 dates, needs 60"
};

// The factor's values in one calendar year: means over its dates.
struct ShapeYear {
  int year = 0;
  std::int64_t dates = 0;
  double low = kNoValue;  // 5 %, 50 % and 95 % point of a date's values.
  double median = kNoValue;
  double high = kNoValue;
  double skew = kNoValue;
  double kurtosis = kNoValue;
  std::vector<double> density;  // Share of the year's values in each of kShapeBins equal bins, Shape::low to high.
};
// How a factor ranks names beside something else known on the date, or a group of names among all.
struct Standpoint {
  std::string id;  // "size", "momentum", "week", "volatility", "beta"; or the group's name.
  Estimate mean;   // Over dates, interval by Newey and West.
};
inline constexpr int kShapeBins = 48;
// What the factor's values look like on dates with names enough; see study/shape.h and study/exposures.h.
struct Shape {
  std::int64_t dates = 0;
  // Means over dates: of skewness G1 and excess kurtosis G2 of the date's values; of the share of values beyond 5
  // robust deviations from the median; of the share of values that another name has too; and of that of the most common
  // value.
  Estimate skew{kNoValue, kNoValue, kNoValue, 0, {}};
  Estimate kurtosis{kNoValue, kNoValue, kNoValue, 0, {}};
  Estimate extremes{kNoValue, kNoValue, kNoValue, 0, {}};
  Estimate ties{kNoValue, kNoValue, kNoValue, 0, {}};
  Estimate commonest{kNoValue, kNoValue, kNoValue, 0, {}};
  double low = kNoValue;  // Ends of the densities: outermost 1 % and 99 % point of a year; NaN when all are equal.
  double high = kNoValue;
  std::vector<ShapeYear> years;
  std::vector<std::pair<int, double>> stability;  // Sessions apart and the rank autocorrelation.
  std::vector<Standpoint> exposures;              // Rank correlation with each style.
  std::vector<Standpoint> groups;                 // Mean place of a group's names, 0 lowest to 1; empty without groups.
};

// The factor with one thing changed, at the headline horizon; see study/sensitivity.h.
struct Variant {
  std::string id;            // "window_1_half", "delay", "larger_half": no dots
  std::string words;         // "ts_mean 20 -> 10"
  std::string formula = {};  // Of a changed window; "" otherwise
  bool is_window = false;    // A neighbour: the same formula with another number in it.
  Estimate rank_ic = {kNoValue, kNoValue, kNoValue, 0, ""};
  double t_no_overlap = kNoValue;                               // Of the rank IC.
  Estimate net_annual = {kNoValue, kNoValue, kNoValue, 0, ""};  // Spread after costs, turned to the sign of the
                                                                // choice's rank IC.
  double ic = kNoValue;  // Mean Pearson IC: the one number that winsorizing moves.
};
struct Sensitivity {
  Variant choice;  // What was asked for.
  std::vector<Variant> variants;
  std::string no_windows = {};  // Why no window was changed: "the formula has no window of 2 sessions or more"
  int windows_left_out = 0;     // Windows of the formula that were changed only together with all others.
};

// Share of members lost at each step, for the coverage waterfall. A date with fewer members than min_names takes no
// part; one with members enough whose factor has too few values counts as members without a value.
struct Coverage {
  std::int64_t cells_universe = 0;   // Universe cells on evaluated dates.
  std::int64_t cells_factor = 0;     // ... with a factor value.
  std::int64_t cells_tradable = 0;   // ... tradable at entry.
  std::int64_t cells_return = 0;     // ... with a forward return (headline horizon).
  double ratio = 0.0;                // cells_factor / cells_universe
  int warm_up_sessions = 0;          // Leading sessions without any factor value.
  std::vector<double> names_series;  // Valid factor values a session.
};

// One coded red flag or check of the honesty panel.
enum class CheckState : std::uint8_t { kPassed, kWarning, kFailed, kUnknown };
constexpr std::string_view to_string(CheckState state) {
  constexpr std::string_view kWords[] = {"passed", "warning", "failed", "unknown"};
  return kWords[static_cast<std::size_t>(state)];
}
struct Check {
  std::string id;     // "look_ahead", "ic_too_high", "coverage_low"
  std::string title;  // "Look-ahead check"
  CheckState state = CheckState::kUnknown;
  std::string result;  // "passed", "+0.412 with it"
  std::string note;
};

enum class Verdict : std::uint8_t { kStrong, kWeak, kCostsEatIt, kNone, kCannotTell };
std::string_view to_string(Verdict verdict);  // "strong", "weak", "costs eat it", "none", "cannot tell"

struct TearSheet {
  Options options;                           // As asked; min_names as min_names_of() decided.
  std::vector<Date> sessions;                // Rows evaluated.
  std::vector<HorizonResult> horizons;       // As asked, ascending.
  std::vector<DecayPoint> decay;             // 1, 2, 3, 5, 10, 21, 42, 63; missing with a reason past the span
  Estimate half_life_sessions;               // Log-linear fit over positive values.
  std::vector<double> lagged_rank_ic;        // Factor of t - k, k = 0..5, horizon 1
  std::vector<std::int64_t> lagged_dates;    // Dates behind each of them
  std::vector<double> rank_autocorrelation;  // Mean over dates, at lags equal to the horizons asked
  Coverage coverage;
  int delisted_names = 0;                     // Columns with a delisting inside the data.
  std::vector<GroupResult> groups;            // Empty without groups.
  std::optional<IcStatistics> group_neutral;  // Rank IC of group-demeaned returns at the headline horizon.
  std::int64_t cells_without_group = 0;       // Factor values whose name has no group on that date.
  std::vector<YearResult> years;
  std::vector<RegimeResult> regimes;
  CapacityResult capacity;
  EventStudy events;
  Shape shape;
  std::optional<BenchmarkResult> benchmark;  // Of the headline horizon; empty without one.
  std::optional<KnownResult> known;          // To known factors; empty without any.
  double placebo_lower;                      // 95 % band of the mean rank IC with the factor shuffled across names:
                                             // one shuffle for all dates, see placebo.h.
  double placebo_upper;
  std::optional<Sensitivity> sensitivity;  // Empty where neighbours were not looked at.
  std::vector<Check> checks;
  Verdict verdict = Verdict::kCannotTell;
  std::string verdict_sentence;  // By rule from the numbers.
  int headline = 0;              // Index into horizons of the verdict's horizon: the nearest to 5.

  const HorizonResult& headline_horizon() const { return horizons[static_cast<std::size_t>(headline)]; }
};

// Fills checks that follow from the numbers, the verdict and its sentence (docs/verdict.md). tear_sheet() ends with it;
// call it again after adding checks of your own: those already in `sheet.checks` are kept and count.
void decide(TearSheet& sheet);

// The whole sheet. `factor` and all of `market` on one axis; `groups` may be null. E0004 for options out of range,
// E1113 for a missing price panel, E1114 when the factor is constant on every date or all missing, E2102 when there are
// too few instruments for the quantiles or no date can be evaluated. Each horizon is evaluated on its own cells: adding
// one never changes another. Infinite factor values count as missing. Same bits for any thread count.
Result<TearSheet> tear_sheet(const Panel& factor, const Market& market, const GroupPanel* groups,
                             const Options& options, Pool& pool);

// The same on labels prepared before (kernel/label_set.h), of the convention asked: for many factors of one universe.
class LabelSet;
Result<TearSheet> tear_sheet(const Panel& factor, LabelSet& labels, const Options& options, Pool& pool);

}  // namespace lode::evaluate
