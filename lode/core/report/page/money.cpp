// Section 10: the path of the money, its falls, and its months.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/report/page/sections.h"
#include "lode/core/report/series.h"

namespace lode::report {
namespace {

constexpr std::size_t kFallsNamed = 3;

struct Path {
  std::vector<double> gross;
  std::vector<double> net;
  std::vector<double> bench;  // Over the sessions of net; empty without one.
  std::vector<double> under;  // Of net.
  std::vector<Fall> falls;
};

// The benchmark while the book is held, so that all lines start together.
std::vector<double> benchmark_path(const evaluate::TearSheet& sheet, const evaluate::HorizonResult& result) {
  if (!sheet.benchmark || sheet.benchmark->returns.size() != result.net_series.size()) {
    return {};
  }
  std::vector<double> daily = sheet.benchmark->returns;
  for (std::size_t i = 0; i < daily.size(); ++i) {
    daily[i] = math::is_finite(result.net_series[i]) ? daily[i] : result.net_series[i];
  }
  return cumulative_return(daily);
}

Path make_path(const evaluate::TearSheet& sheet, const evaluate::HorizonResult& result) {
  Path path;
  path.bench = benchmark_path(sheet, result);
  path.gross = cumulative_return(result.spread_series);
  path.net = cumulative_return(result.net_series);
  path.under = drawdown(path.net);
  path.falls = deepest_falls(path.under, evaluate::kFallsListed);
  return path;
}

std::string path_words(const Path& path, double cost_bps) {
  const double gross = last_valid(path.gross);
  const double net = last_valid(path.net);
  if (!math::is_finite(net)) {
    return "There is no path to show";
  }
  if (!(cost_bps > 0.0)) {
    return fmt::format("Gross ends at {}, and no cost was charged", number_text(gross, Style::kReturn));
  }
  return fmt::format("Gross ends at {}, net of {} at {}", number_text(gross, Style::kReturn), cost_text(cost_bps),
                     number_text(net, Style::kReturn));
}

std::string recovery_text(const evaluate::TearSheet& sheet, const Fall& fall) {
  return fall.recovery < sheet.sessions.size() ? to_string(sheet.sessions[fall.recovery]) : "not recovered";
}

void add_end(Panel& panel, std::span<const double> values, std::string name, Role role, std::string why = "") {
  const double last = last_valid(values);
  if (math::is_finite(last)) {
    panel.ends.push_back({last, std::move(name), number_text(last, Style::kReturn), role, std::move(why)});
  }
}

Panel under_panel(const evaluate::TearSheet& sheet, const Path& path) {
  Panel panel;
  panel.height_px = 110;
  panel.caption = "Net, below its last peak; the three deepest falls are numbered";
  Range range = empty_range();
  range.take(path.under);
  // Room under the deepest fall for its number.
  range.low = range.empty() ? range.low : range.low * 1.12;
  panel.y = linear_axis(range, Style::kReturn, true, 3);
  panel.marks.push_back({.kind = Mark::Kind::kArea, .x = 0, .y = 3, .base = 0.0, .role = Role::kDown});
  for (std::size_t i = 0; i < path.falls.size() && i < kFallsNamed; ++i) {
    const Fall& fall = path.falls[i];
    panel.labels.push_back({static_cast<double>(sheet.sessions[fall.trough].days), fall.depth, fmt::format("{}", i + 1),
                            Label::Anchor::kBelow, Role::kInk});
  }
  return panel;
}

Chart path_chart(const PageContext& context, const Path& path) {
  const evaluate::TearSheet& sheet = context.sheet;
  Chart chart;
  chart.id = "path";
  chart.why = context.sheet.options.cost_bps > 0.0 ? "path.net" : "path.gross";
  chart.width = Chart::Width::kFull;
  chart.title = path_words(path, context.sheet.options.cost_bps);
  chart.subtitle = fmt::format("Compounded return of highest minus lowest quantile, {} tranches, log scale",
                               context.headline_text());
  chart.aria = fmt::format("Cumulative return, {}: {}.", context.span_text(), chart.title);
  if (!path.falls.empty()) {
    const Fall& worst = path.falls.front();
    chart.aria += fmt::format(
        " Worst fall of net {} from {} to {}, {}.", number_text(worst.depth, Style::kReturn),
        to_string(sheet.sessions[worst.peak]), to_string(sheet.sessions[worst.trough]),
        worst.recovery < sheet.sessions.size() ? "recovered " + recovery_text(sheet, worst) : "not recovered");
  }
  chart.x = date_axis(sheet.sessions.front(), sheet.sessions.back(), 12);
  Panel lines;
  lines.height_px = 260;
  Range range = empty_range();
  range.take(path.gross);
  range.take(path.net);
  range.take(path.bench);
  lines.y = growth_axis(range);
  lines.marks = {{.kind = Mark::Kind::kLine, .x = 0, .y = 1, .role = Role::kSeries3, .dash = Dash::kDashed},
                 {.kind = Mark::Kind::kLine, .x = 0, .y = 2, .role = Role::kUp}};
  add_end(lines, path.gross, "gross", Role::kSeries3, "path.gross");
  add_end(lines, path.net, "net", Role::kUp, "path.net");
  if (!path.bench.empty()) {
    lines.marks.push_back({.kind = Mark::Kind::kLine, .x = 0, .y = 4, .role = Role::kMuted, .dash = Dash::kDotted});
    add_end(lines, path.bench, context.page.benchmark, Role::kMuted);
  }
  chart.panels = {std::move(lines), under_panel(sheet, path)};
  chart.table.columns = {date_column("session", sheet.sessions), number_column("gross", Style::kReturn, path.gross, 5),
                         number_column("net", Style::kReturn, path.net, 5),
                         number_column("below peak", Style::kReturn, path.under, 5)};
  if (!path.bench.empty()) {
    chart.table.columns.push_back(number_column(context.page.benchmark, Style::kReturn, path.bench, 5));
  }
  return chart;
}

// What the market did meanwhile, or how to bring one.
Block benchmark_words(const PageContext& context) {
  if (!context.page.benchmark_gap.empty()) {
    return reason_box("No benchmark is drawn: " + context.page.benchmark_gap);
  }
  if (!context.sheet.benchmark) {
    return reason_box(context.page.benchmarks > 1
                          ? "No benchmark is drawn: the lake has several; say which with --benchmark SYMBOL"
                          : "No benchmark: load one with lode data import FILE --table benchmark");
  }
  const auto number = [&](std::string_view name, Style style) {
    return context.figures.number("benchmark." + std::string(name), style);
  };
  return note(
      words("{} over the same sessions: {} a year as a rate, volatility {} a year. The net spread has a "
            "beta of {} to it "
            "and a correlation of {}.",
            {context.page.benchmark, number("annual", Style::kReturn), number("volatility", Style::kShare),
             number("beta", Style::kT), number("correlation", Style::kT)}));
}

Block falls_table(const PageContext& context, const Path& path) {
  const evaluate::TearSheet& sheet = context.sheet;
  const Figures& figures = context.figures;
  CellTable table{"", {"Fall", "depth, %", "peak", "trough", "recovered", "sessions"}, {}, "narrow"};
  for (std::size_t i = 0; i < path.falls.size(); ++i) {
    const Fall& fall = path.falls[i];
    const std::string key = fmt::format("fall.{}.", i + 1);
    table.rows.push_back({{fmt::format("{}", i + 1), false},
                          {figures.bare(key + "depth", Style::kReturn), true, "down"},
                          {to_string(sheet.sessions[fall.peak])},
                          {to_string(sheet.sessions[fall.trough])},
                          {recovery_text(sheet, fall)},
                          {figures.number(key + "sessions", Style::kCount)}});
  }
  const std::string title = path.falls.empty()
                                ? "Net never fell below its peak"
                                : fmt::format("Worst fall of net: {}", figures.text("fall.1.depth", Style::kReturn));
  return card(title, "Deepest falls of the net path; sessions with a book from peak to recovery or to the end",
              table.rows.empty() ? Blocks() : Block{table}, Width::kFull, path.falls.empty() ? "" : "fall.1.depth");
}

// "3 of 12 months": those whose net return is above zero, of those with a book.
std::string months_words(const std::vector<Month>& net) {
  const auto above = std::count_if(net.begin(), net.end(), [](const Month& m) { return m.compounded > 0.0; });
  const auto valid = std::count_if(net.begin(), net.end(), [](const Month& m) { return m.days > 0; });
  return fmt::format("Net is above zero in {} of {}", above, counted_text(valid, "month"));
}

Block months_table(const PageContext& context) {
  const Figures& figures = context.figures;
  const std::vector<Month> net = by_month(context.sheet.sessions, context.sheet.headline_horizon().net_series);
  double limit = 0.0;
  std::map<int, std::array<const Month*, 12>> years;
  for (const Month& month : net) {
    if (month.days > 0) {  // A year that has begun without a return yet takes no room.
      years[month.year][static_cast<std::size_t>(month.month - 1)] = &month;
      limit = std::max(limit, math::abs(month.compounded));
    }
  }
  CellTable table{"",
                  {"Net, %", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
                   "net, year compounded", "gross, year compounded"},
                  {},
                  "heatmap"};
  for (const auto& [year, months] : years) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.push_back({fmt::format("{}", year), false});
    for (const Month* month : months) {
      const std::string path = month == nullptr ? "" : fmt::format("month.{}.{:02}.net", month->year, month->month);
      row.push_back({month == nullptr ? missing("no sessions") : figures.bare(path, Style::kReturn, 1), true,
                     month == nullptr ? "" : heat(month->compounded, limit)});
    }
    for (const std::string_view name : {"net", "gross"}) {
      const std::string path = fmt::format("year.{}.{}_compounded", year, name);
      row.push_back({figures.bare(path, Style::kReturn), true,
                     (name == "net" ? "strong " : "") + std::string(tone(figures.value(path)))});
    }
  }
  return card(
      months_words(net),
      fmt::format(
          "Net return compounded over the sessions of each month and year, %; colours run to {} on both sides of "
          "zero. A year as a rate, (1 + mean session)^{} - 1, stands in sections 1, 9 and 11",
          number_text(limit, Style::kShare), shortest(context.sheet.options.sessions_a_year)),
      Block{table}, Width::kFull);
}

}  // namespace

Section money_section(PageContext& context) {
  const evaluate::HorizonResult& headline = context.sheet.headline_horizon();
  const std::size_t rows = context.sheet.sessions.size();
  const bool drawable = headline.net_series.size() == rows && headline.spread_series.size() == rows &&
                        moments(headline.net_series).count > 0;
  if (!drawable) {
    return section(10, "Money", "what is the path?",
                   reason_box("the spread has no returns: too few names or sessions"));
  }
  const Path path = make_path(context.sheet, headline);
  Blocks charts = draw(context, path_chart(context, path));
  charts += months_table(context);
  charts += falls_table(context, path);
  Blocks body = grid(charts);
  body += benchmark_words(context);
  return section(10, "Money", "what is the path?", body);
}

}  // namespace lode::report
