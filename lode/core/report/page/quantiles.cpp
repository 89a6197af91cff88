// Sections 6 and 7: is it the whole range or one tail, and what would each quantile have earned?
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "lode/base/math.h"
#include "lode/core/report/page/sections.h"
#include "lode/core/report/series.h"

namespace lode::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Spearman of quantile number and return beyond which the order is called one.
constexpr double kMostly = 0.8;
// A p of the test of monotony from here on leaves the order to chance.
constexpr double kByChance = 0.05;
// A leg with this share of the spread is called most of it.
constexpr double kMost = 0.7;

// A p of a bootstrap is never exactly zero.
std::string p_text(double p) { return p < 0.001 ? "below 0.001" : number_text(p, Style::kDecimal); }

std::string monotony_words(const evaluate::HorizonResult& result) {
  const auto& quantiles = result.quantiles;
  int rises = 0;
  int falls = 0;
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const double value = quantiles[i].mean_return.value;
    if (!math::is_finite(value)) {
      return "not every quantile has names";
    }
    rises += i > 0 && value > quantiles[i - 1].mean_return.value ? 1 : 0;
    falls += i > 0 && value < quantiles[i - 1].mean_return.value ? 1 : 0;
  }
  const int steps = static_cast<int>(quantiles.size()) - 1;
  std::string words = rises == steps                    ? "returns rise at every step"
                      : falls == steps                  ? "returns fall at every step"
                      : result.monotonicity >= kMostly  ? "returns mostly rise"
                      : result.monotonicity <= -kMostly ? "returns mostly fall"
                                                        : "";
  if (words.empty()) {
    return "no clear order";
  }
  // The test under the chart asks whether chance alone draws such steps: the title may not be surer than it.
  return result.monotonicity_p >= kByChance ? words + ", as they may by chance" : words;
}

Chart monotony_chart(const evaluate::HorizonResult& result, Chart::Width width) {
  std::vector<double> number;
  std::vector<double> mean;
  std::vector<double> lower;
  std::vector<double> upper;
  std::vector<double> annual;
  std::vector<double> names;
  Chart chart;
  for (const evaluate::QuantileStatistics& one : result.quantiles) {
    number.push_back(one.quantile);
    mean.push_back(one.mean_return.value);
    lower.push_back(one.mean_return.lower);
    upper.push_back(one.mean_return.upper);
    annual.push_back(one.annual_return);
    names.push_back(one.mean_count);
    chart.x.ticks.push_back({number.back(), fmt::format("Q{}", one.quantile)});
  }
  const std::string key = evaluate::horizon_key(result.horizon);
  chart.id = "monotony-" + key;
  chart.width = width;
  chart.title = horizon_words(result.horizon) + ": " + monotony_words(result);
  const std::string p =
      math::is_finite(result.monotonicity_p) ? "; test of monotony, p " + p_text(result.monotonicity_p) : "";
  chart.subtitle = "Mean return a session less the mean of all, bp; 95 % intervals";
  chart.note =
      fmt::format("Rank correlation of quantile and return {}{}", number_text(result.monotonicity, Style::kT), p);
  chart.aria = fmt::format("Mean return by quantile, {}: lowest quantile {}, highest {}.", chart.title,
                           number_text(mean.empty() ? kNaN : mean.front(), Style::kDailyReturn),
                           number_text(mean.empty() ? kNaN : mean.back(), Style::kDailyReturn));
  chart.x.scale = {Scale::Kind::kLinear, 0.5, static_cast<double>(result.quantiles.size()) + 0.5};
  Panel panel;
  panel.height_px = 180;
  Range range = empty_range();
  for (const auto* values : {&mean, &lower, &upper}) {
    range.take(*values);
  }
  panel.y = linear_axis(range, Style::kDailyReturn, true);
  panel.marks = {{.kind = Mark::Kind::kBar, .x = 0, .y = 1, .width = 0.66, .role = Role::kUp, .below = Role::kDown},
                 {.kind = Mark::Kind::kDot, .x = 0, .y = 1, .low = 2, .high = 3, .role = Role::kInk}};
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {number_column("quantile", Style::kCount, number, 0),
                         number_column("mean a session", Style::kDailyReturn, mean, 9),
                         number_column("lower", Style::kDailyReturn, lower, 9),
                         number_column("upper", Style::kDailyReturn, upper, 9),
                         number_column("a year", Style::kReturn, annual, 6),
                         number_column("names", Style::kSessions, names, 2)};
  return chart;
}

struct Fan {
  std::vector<std::vector<double>> quantiles;
  std::vector<double> spread;
  std::vector<double> long_leg;
  std::vector<double> short_leg;
};

// The legs against the equal-weight mean of all buckets: what each side adds.
Fan make_fan(const evaluate::HorizonResult& result) {
  Fan fan;
  const std::size_t rows = result.spread_series.size();
  std::vector<double> long_daily(rows, kNaN);
  std::vector<double> short_daily(rows, kNaN);
  for (std::size_t t = 0; t < rows; ++t) {
    double sum = 0.0;
    for (const std::vector<double>& one : result.quantile_series) {
      sum += one[t];
    }
    const double mean = sum / static_cast<double>(result.quantile_series.size());
    long_daily[t] = result.quantile_series.back()[t] - mean;
    short_daily[t] = mean - result.quantile_series.front()[t];
  }
  for (const std::vector<double>& one : result.quantile_series) {
    fan.quantiles.push_back(cumulative_return(one));
  }
  fan.spread = cumulative_return(result.spread_series);
  fan.long_leg = cumulative_return(long_daily);
  fan.short_leg = cumulative_return(short_daily);
  return fan;
}

// A name and where its line ends; nothing for a line without a value.
void add_end(Panel& panel, std::span<const double> values, std::string name, Role role, std::string why) {
  const double last = last_valid(values);
  if (math::is_finite(last)) {
    panel.ends.push_back({last, std::move(name), number_text(last, Style::kReturn), role, std::move(why)});
  }
}

Chart fan_chart(const PageContext& context, const Fan& fan) {
  const evaluate::TearSheet& sheet = context.sheet;
  const int q = static_cast<int>(fan.quantiles.size());
  Chart chart;
  chart.id = "fan";
  chart.why = fmt::format("path.q{}", q);
  chart.width = Chart::Width::kTwoThirds;
  const std::string top = number_text(last_valid(fan.quantiles.back()), Style::kReturn);
  const std::string bottom = number_text(last_valid(fan.quantiles.front()), Style::kReturn);
  chart.title = fmt::format("The highest quantile ends at {}, the lowest at {}", top, bottom);
  chart.subtitle = fmt::format("Compounded return of each quantile, equal weight, {} tranches, before costs, log scale",
                               context.headline_text());
  chart.aria = fmt::format("Quantile fan, {}: Q{} ends at {}, Q1 at {}.", context.span_text(), q, top, bottom);
  chart.x = date_axis(sheet.sessions.front(), sheet.sessions.back(), 10);
  chart.table.columns.push_back(date_column("session", sheet.sessions));
  Panel lines;
  lines.height_px = 260;
  Range range = empty_range();
  for (int k = 1; k <= q; ++k) {
    const std::vector<double>& values = fan.quantiles[static_cast<std::size_t>(k - 1)];
    range.take(values);
    chart.table.columns.push_back(number_column(fmt::format("Q{}", k), Style::kReturn, values, 5));
    lines.marks.push_back({.kind = Mark::Kind::kLine, .x = 0, .y = k, .role = quantile_role(k, q)});
    if (q <= 7 || k == 1 || k == q) {
      add_end(lines, values, fmt::format("Q{}", k), quantile_role(k, q), fmt::format("path.q{}", k));
    }
  }
  lines.y = growth_axis(range);
  Panel spread;
  spread.height_px = 80;
  spread.caption = fmt::format("Spread Q{} minus Q1, compounded", q);
  Range ends = empty_range();
  ends.take(fan.spread);
  spread.y = growth_axis(ends, 3);
  spread.marks.push_back({.kind = Mark::Kind::kLine, .x = 0, .y = q + 1, .role = Role::kInk});
  add_end(spread, fan.spread, "spread", Role::kInk, "path.gross");
  chart.table.columns.push_back(number_column("spread", Style::kReturn, fan.spread, 5));
  chart.panels = {std::move(lines), std::move(spread)};
  return chart;
}

// A leg as its mean (`annual`, in the subtitle) and its line (`end`, where it is now) tell it.
struct Leg {
  double annual;
  double end;
  bool is_known() const { return math::is_finite(annual) && math::is_finite(end); }
  bool earns() const { return annual > 0.0 && end > 0.0; }
  // Swings cost a compounded line about half their variance: a mean just above zero can end below it.
  bool is_split() const { return (annual > 0.0) != (end > 0.0); }
};

std::string legs_words(const Leg& long_leg, const Leg& short_leg) {
  if (!long_leg.is_known() || !short_leg.is_known()) {
    return "The legs cannot be told apart";
  }
  if (long_leg.is_split() || short_leg.is_split()) {
    const std::string_view who = !short_leg.is_split()  ? "The long leg earns"
                                 : !long_leg.is_split() ? "The short leg earns"
                                                        : "Each leg earns";
    return std::string(who) + " about nothing: its mean and its line lie on two sides of zero";
  }
  if (!long_leg.earns() && !short_leg.earns()) {
    return "Neither leg earns anything";
  }
  if (!long_leg.earns()) {
    return "Only the short leg earns, and it may not be borrowable";
  }
  if (!short_leg.earns()) {
    return "Only the long leg earns";
  }
  const double share = short_leg.annual / (long_leg.annual + short_leg.annual);
  if (share >= kMost) {
    return "Most of the spread is the short leg, which may not be borrowable";
  }
  return share <= 1.0 - kMost ? "Most of the spread is the long leg" : "Both legs carry the spread";
}

Chart legs_chart(const PageContext& context, const Fan& fan) {
  const evaluate::SpreadStatistics& spread = context.sheet.headline_horizon().spread;
  Chart chart;
  chart.id = "legs";
  chart.width = Chart::Width::kThird;
  chart.title =
      legs_words({spread.long_annual, last_valid(fan.long_leg)}, {spread.short_annual, last_valid(fan.short_leg)});
  const std::string long_year = number_text(spread.long_annual, Style::kReturn);
  const std::string short_year = number_text(spread.short_annual, Style::kReturn);
  chart.subtitle = fmt::format("Each leg against the mean of all quantiles, compounded; long {}, short {} a year",
                               long_year, short_year);
  chart.subtitle_numbers = {{long_year, context.headline_path("spread", "long_annual")},
                            {short_year, context.headline_path("spread", "short_annual")}};
  chart.aria = fmt::format("Long and short leg apart: {}. The long leg ends at {}, the short leg at {}.", chart.title,
                           number_text(last_valid(fan.long_leg), Style::kReturn),
                           number_text(last_valid(fan.short_leg), Style::kReturn));
  chart.x = date_axis(context.sheet.sessions.front(), context.sheet.sessions.back(), 5);
  Panel panel;
  panel.height_px = 364;
  Range range = empty_range();
  range.take(fan.long_leg);
  range.take(fan.short_leg);
  panel.y = growth_axis(range);
  panel.marks = {{.kind = Mark::Kind::kLine, .x = 0, .y = 1, .role = Role::kUp},
                 {.kind = Mark::Kind::kLine, .x = 0, .y = 2, .role = Role::kDown, .dash = Dash::kDashed}};
  // Names only: a third of the page has no room for values, and the axis tells them.
  panel.ends = {{last_valid(fan.long_leg), "long", "", Role::kUp},
                {last_valid(fan.short_leg), "short", "", Role::kDown}};
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {date_column("session", context.sheet.sessions),
                         number_column("long leg", Style::kReturn, fan.long_leg, 5),
                         number_column("short leg", Style::kReturn, fan.short_leg, 5)};
  return chart;
}

// What the whole range earned, every name by its distance from the mean.
Block weighted_card(const PageContext& context) {
  CellTable table{"",
                  {"Horizon", "earned, % a year", "95 % interval", "t (Newey-West)", "alpha, % a year", "95 % interval",
                   "its t", "beta", "its t"},
                  {},
                  ""};
  const Figures& figures = context.figures;
  for (const evaluate::HorizonResult& one : context.sheet.horizons) {
    const std::string path = "weighted." + evaluate::horizon_key(one.horizon) + ".";
    const auto rate = [&](std::string_view name) {
      const std::string whole = path + std::string(name);
      return Cell{figures.bare(whole, Style::kReturn, 1), true, std::string(tone(figures.value(whole)))};
    };
    const auto plain = [&](std::string_view name, Style style, int decimals) {
      return Cell{figures.bare(path + std::string(name), style, decimals)};
    };
    table.rows.push_back({{horizon_words(one.horizon), false},
                          rate("annual"),
                          {figures.range(path + "annual", Style::kReturn)},
                          plain("t_newey_west", Style::kT, 1),
                          rate("alpha_annual"),
                          {figures.range(path + "alpha_annual", Style::kReturn)},
                          plain("alpha_t", Style::kT, 1),
                          plain("beta", Style::kCoefficient, 2),
                          plain("beta_t", Style::kT, 1)});
  }
  return card(
      "Every name by its distance from the mean",
      "Weights (f - mean f) over the sum of their sizes, before costs; alpha and beta on the mean return of the "
      "same names",
      Block{table}, Width::kFull);
}

}  // namespace

Section monotony_section(PageContext& context) {
  const auto& horizons = context.sheet.horizons;
  const std::size_t n = horizons.size();
  const Chart::Width width = n == 1             ? Chart::Width::kFull
                             : n == 2 || n == 4 ? Chart::Width::kHalf
                                                : Chart::Width::kThird;
  Blocks charts;
  for (const evaluate::HorizonResult& one : horizons) {
    charts += one.quantiles.empty() ? reason_box(horizon_words(one.horizon) + ": too few names for quantiles")
                                    : draw(context, monotony_chart(one, width));
  }
  charts += weighted_card(context);
  return section(6, "Monotony", "is it the whole range or one tail?", grid(charts));
}

Section fan_section(PageContext& context) {
  const evaluate::HorizonResult& headline = context.sheet.headline_horizon();
  const std::size_t rows = context.sheet.sessions.size();
  const bool drawable = headline.quantile_series.size() >= 2 && headline.spread_series.size() == rows &&
                        moments(headline.spread_series).count > 0;
  Blocks body;
  if (drawable) {
    const Fan fan = make_fan(headline);
    Blocks charts = draw(context, fan_chart(context, fan));
    charts += draw(context, legs_chart(context, fan));
    body = grid(charts);
  } else {
    body = reason_box("no quantile has returns: too few names or sessions for quantiles");
  }
  return section(7, "Fan", "what would each quantile have earned?", body);
}

}  // namespace lode::report
