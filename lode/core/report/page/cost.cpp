// Section 9: can it be traded, and what is left of it at which cost?
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/evaluate/capacity.h"
#include "lode/core/evaluate/estimate.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostCost_bps = 50;
// Turnover counts one side of a book of gross 2 (long 1, short 1): notional bought and sold is four times that.
constexpr double kTradedPerTurnover = 4.0;

double per_session(double annual, double sessions_a_year) {
  return annual > -1.0 ? math::expm1(math::log1p(annual) / sessions_a_year) : kNaN;
}
double per_year(double session, double sessions_a_year) {
  return session > -1.0 ? math::expm1(math::log1p(session) * sessions_a_year) : kNaN;
}

// Net annual return at 0..50 bp a side. Costs take the same share of a session at every price level, so the line runs
// through the sheet's own gross and net numbers (or, when no cost was charged, follows its turnover).
std::vector<double> net_by_cost(const evaluate::SpreadStatistics& spread, const evaluate::Options& options) {
  const double year = options.sessions_a_year;
  const double gross = per_session(spread.gross_annual.value, year);
  const double slope = options.cost_bps > 0.0 ? (gross - per_session(spread.net_annual.value, year)) / options.cost_bps
                                              : spread.turnover_a_session * kTradedPerTurnover * 1e-4;
  std::vector<double> out;
  for (int bps = 0; bps <= kMostCost_bps; ++bps) {
    out.push_back(per_year(gross - slope * bps, year));
  }
  return out;
}

std::string cost_words(const PageContext& context) {
  const evaluate::SpreadStatistics& spread = context.sheet.headline_horizon().spread;
  const std::string h = context.headline_text();
  if (!math::is_finite(spread.gross_annual.value)) {
    return h + ": no spread to charge costs on";
  }
  if (!math::is_finite(spread.breakeven_bps)) {
    if (spread.gross_annual.value > 0.0) {
      return h + ": the break-even is not known";
    }
    if (context.sheet.headline_horizon().rank_ic.t_no_overlap <= -evaluate::kNormal95) {
      return h + ": high values earn less, so the spread loses before costs";
    }
    return h + ": nothing is earned even before costs";
  }
  const std::string even = number_text(spread.breakeven_bps, Style::kBasisPoints);
  return spread.breakeven_bps > kMostCost_bps
             ? fmt::format("{}: something is left at {} a side, up to {}", h, cost_text(kMostCost_bps), even)
             : fmt::format("{}: nothing is left above {} a side", h, even);
}

Chart cost_chart(const PageContext& context) {
  const auto& horizons = context.sheet.horizons;
  std::vector<double> cost;
  for (int bps = 0; bps <= kMostCost_bps; ++bps) {
    cost.push_back(bps);
  }
  Chart chart;
  chart.id = "cost";
  const bool is_even_known = math::is_finite(context.sheet.headline_horizon().spread.breakeven_bps);
  chart.why = is_even_known ? context.headline_path("spread", "breakeven_bps") : "";
  chart.title = cost_words(context);
  chart.subtitle = "Net return of the spread a year against the cost a side; each line crosses zero at its break-even";
  chart.x = linear_axis({0.0, kMostCost_bps}, Style::kBasisPoints, true, 6);
  chart.x.scale.high = kMostCost_bps;
  chart.x_title = "cost a side";
  chart.table.columns.push_back(number_column("cost, bp", Style::kCount, cost, 0));
  Panel panel;
  panel.height_px = 240;
  Range range = empty_range();
  static constexpr Role kRoles[]{Role::kUp, Role::kDown, Role::kSeries3, Role::kSeries4, Role::kSeries5};
  static constexpr Dash kDashes[]{Dash::kSolid, Dash::kDashed, Dash::kDotted};
  for (std::size_t i = 0; i < horizons.size() && i < std::size(kRoles); ++i) {
    std::vector<double> net = net_by_cost(horizons[i].spread, context.sheet.options);
    range.take(net);
    const std::string name = horizon_words(horizons[i].horizon);
    if (math::is_finite(net.back())) {
      panel.ends.push_back({net.back(), name, number_text(net.back(), Style::kReturn), kRoles[i]});
    }
    panel.marks.push_back({.kind = Mark::Kind::kLine,
                           .x = 0,
                           .y = static_cast<int>(i) + 1,
                           .role = kRoles[i],
                           .dash = kDashes[i % std::size(kDashes)]});
    chart.table.columns.push_back(number_column("net, " + name, Style::kReturn, std::move(net), 6));
  }
  panel.y = linear_axis(range, Style::kReturn, true);
  if (context.sheet.options.cost_bps > 0.0 && context.sheet.options.cost_bps < kMostCost_bps) {
    panel.marks.push_back({.kind = Mark::Kind::kRule,
                           .base = context.sheet.options.cost_bps,
                           .role = Role::kMuted,
                           .dash = Dash::kDashed,
                           .across = true});
    panel.labels.push_back({context.sheet.options.cost_bps, panel.y.scale.high, "charged here", Label::Anchor::kRight});
  }
  chart.panels.push_back(std::move(panel));
  chart.aria = fmt::format("Net return against cost, 0 to {} bp a side. {}.", kMostCost_bps, chart.title);
  return chart;
}

Chart autocorrelation_chart(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  std::vector<int> lags;
  std::vector<double> lag;
  for (const evaluate::HorizonResult& one : sheet.horizons) {
    lags.push_back(one.horizon);
    lag.push_back(one.horizon);
  }
  const double headline = sheet.rank_autocorrelation[static_cast<std::size_t>(sheet.headline)];
  Chart chart;
  chart.id = "autocorrelation";
  chart.why =
      math::is_finite(headline) ? "autocorrelation." + evaluate::horizon_key(sheet.headline_horizon().horizon) : "";
  chart.title = math::is_finite(headline) ? fmt::format("Ranks of today and of {} later correlate {}",
                                                        context.headline_text(), number_text(headline, Style::kT))
                                          : "Rank autocorrelation is not known";
  chart.subtitle = "Mean correlation of a session's ranks with those some sessions later: high means little trading";
  chart.aria = fmt::format("Rank autocorrelation by lag. {}.", chart.title);
  chart.x = horizon_axis(lags);
  chart.x_title = "sessions apart";
  Panel panel;
  panel.height_px = 240;
  Range range{0.0, 1.0};
  range.take(sheet.rank_autocorrelation);
  panel.y = linear_axis(range, Style::kT, true);
  panel.marks = {{.kind = Mark::Kind::kLine, .x = 0, .y = 1, .role = Role::kUp},
                 {.kind = Mark::Kind::kDot, .x = 0, .y = 1, .role = Role::kUp}};
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {number_column("sessions apart", Style::kCount, lag, 0),
                         number_column("rank correlation", Style::kT, sheet.rank_autocorrelation)};
  return chart;
}

Block cost_table(const PageContext& context) {
  CellTable table{"",
                  {"Horizon", "turnover, % a session", "top quantile replaced, %", "bottom quantile replaced, %",
                   "rank correlation", "gross, % a year", "95 % interval", "net, % a year", "95 % interval",
                   "t (no overlap)", "break-even, bp a side"},
                  {},
                  ""};
  const Figures& figures = context.figures;
  for (const evaluate::HorizonResult& one : context.sheet.horizons) {
    const std::string key = evaluate::horizon_key(one.horizon);
    const std::string spread = "spread." + key + ".";
    const auto cell = [&](const std::string& path, Style style, std::string css = "") {
      return Cell{figures.bare(path, style), true, std::move(css)};
    };
    const auto toned = [&](const std::string& path) {
      return cell(path, Style::kReturn, std::string(tone(figures.value(path))));
    };
    table.rows.push_back({{horizon_words(one.horizon), false},
                          cell("turnover." + key, Style::kShare),
                          cell(fmt::format("quantile.{}.q{}.turnover", key, one.quantiles.size()), Style::kShare),
                          cell(fmt::format("quantile.{}.q1.turnover", key), Style::kShare),
                          cell("autocorrelation." + key, Style::kT),
                          toned(spread + "gross_annual"),
                          {figures.range(spread + "gross_annual", Style::kReturn)},
                          toned(spread + "net_annual"),
                          {figures.range(spread + "net_annual", Style::kReturn)},
                          cell(spread + "t_no_overlap", Style::kT, "strong"),
                          cell(spread + "breakeven_bps", Style::kBasisPoints)});
  }
  const std::string subtitle = fmt::format("Highest minus lowest quantile, equal weight; net of {} a side",
                                           cost_text(context.sheet.options.cost_bps));
  return card("Gross and net, side by side", subtitle, Block{table}, Width::kFull);
}

// "41 million", "1.2 thousand million"; "850" below a thousand.
std::string money_words(double money) {
  constexpr std::array<std::pair<double, std::string_view>, 3> kUnits{
      {{1e9, " thousand million"}, {1e6, " million"}, {1e3, " thousand"}}};
  for (const auto& [size, word] : kUnits) {
    if (money >= size) {
      const std::string shown = fixed(money / size, money < 10.0 * size ? 1 : 0);
      return (shown.ends_with(".0") ? shown.substr(0, shown.size() - 2) : shown) + std::string(word);
    }
  }
  return fixed(money, 0);
}

std::string capacity_title(const evaluate::CapacityResult& capacity) {
  return math::is_finite(capacity.zero_money)
             ? fmt::format("Carries {} a side before impact eats it all", money_words(capacity.zero_money))
             : std::string("No capacity to speak of");
}

// What is left a year as the money grows.
Block capacity_card(const PageContext& context) {
  const evaluate::CapacityResult& capacity = context.sheet.capacity;
  CellTable table{"", {"Money a side", "net, %/yr", "of a day's volume"}, {}, "narrow"};
  for (const double money : {1e5, 1e6, 1e7, 1e8, 1e9, 1e10}) {
    const double net = evaluate::net_with_money(capacity, money);
    const double year = evaluate::annual_rate(net, context.sheet.options.sessions_a_year);
    table.rows.push_back({{money_words(money), false},
                          {bare_number_text(year, Style::kReturn, 1), true, std::string(tone(year))},
                          {number_text(0.1 * money / capacity.money_at_10_percent, Style::kShare)}});
  }
  const bool is_known = math::is_finite(capacity.zero_money);
  return card(
      capacity_title(capacity),
      fmt::format("{} book after costs and square-root impact, in the currency of the prices; trades are 10 % of "
                  "a name's daily volume at {} a side{}",
                  context.headline_text(), money_words(capacity.money_at_10_percent),
                  is_known ? "" : "; " + capacity.reason),
      Block{table}, Width::kFull, is_known ? "capacity.zero_money" : "");
}

}  // namespace

Section cost_section(PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  const bool any = std::any_of(sheet.horizons.begin(), sheet.horizons.end(), [&](const evaluate::HorizonResult& one) {
    return math::is_finite(net_by_cost(one.spread, sheet.options).back());
  });
  Blocks charts;
  charts += any ? draw(context, cost_chart(context))
                : reason_box("no horizon has a spread: too few names or sessions for quantiles");
  const std::vector<double>& ranks = sheet.rank_autocorrelation;
  if (ranks.size() == sheet.horizons.size() && std::any_of(ranks.begin(), ranks.end(), math::is_finite)) {
    charts += draw(context, autocorrelation_chart(context));
  }
  charts += cost_table(context);
  const bool has_capacity = math::is_finite(sheet.capacity.impact);
  if (has_capacity) {
    charts += capacity_card(context);
  }
  Blocks body = grid(charts);
  if (!has_capacity) {
    const std::string& reason = sheet.capacity.reason;
    body += reason_box("Capacity: " + (reason.empty() ? "not computed with this run" : reason));
    body += grid({});  // Keeps the two boxes apart.
  }
  body += reason_box("Borrow cost is not charged: it needs lending rates, which the lake has no table for.");
  return section(9, "Turnover and cost", "can it be traded?", body);
}

}  // namespace lode::report
