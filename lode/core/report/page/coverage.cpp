// Section 3: on how much of the universe the numbers stand.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "lode/base/math.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

double share(std::int64_t part, std::int64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

// "-1.2 %"; a loss too small to print is neither 0 nor a negative zero.
std::string lost_text(double size) {
  constexpr double kSmallest = 0.0005;  // Rounds to 0.1 %.
  return size == 0.0        ? number_text(0.0, Style::kShare)
         : size < kSmallest ? "< " + number_text(0.001, Style::kShare)
                            : std::string(kMinus) + number_text(size, Style::kShare);
}

// With its first letter large; a title may begin with a number or with "more than".
std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text;
}

Chart waterfall(const PageContext& context) {
  const evaluate::Coverage& coverage = context.sheet.coverage;
  const std::int64_t whole = coverage.cells_universe;
  const std::array<std::int64_t, 4> left{whole, coverage.cells_factor, coverage.cells_tradable, coverage.cells_return};
  const std::vector<std::string> names{"universe", "no factor value", "not tradable", "no return", "judged"};
  std::vector<double> row;
  std::vector<double> from;
  std::vector<double> to;
  std::vector<double> cells;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool total = i == 0 || i == 4;
    row.push_back(static_cast<double>(i));
    const std::int64_t high = i == 0 ? whole : left[i - 1];
    const std::int64_t low = i == 0 ? 0 : i == 4 ? 0 : left[i];
    from.push_back(total ? 0.0 : share(high, whole));
    to.push_back(total ? share(high, whole) : share(low, whole));
    cells.push_back(static_cast<double>(high - low));
  }
  Chart chart;
  chart.id = "coverage";
  const std::string kept = share_words(to[4]);
  chart.title = sentence(kept + " of the universe is judged");
  const std::string cells_text = number_text(static_cast<double>(whole), Style::kCount);
  chart.subtitle = fmt::format("Where the {} cells (name x session) of the universe go, {} ahead", cells_text,
                               context.headline_text());
  chart.subtitle_numbers = {{cells_text, "coverage.cells_universe"}};
  chart.aria = fmt::format(
      "Coverage waterfall: of all universe cells, {} have no factor value, {} are not tradable, {} have "
      "no forward return; {} are judged.",
      number_text(from[1] - to[1], Style::kShare), number_text(from[2] - to[2], Style::kShare),
      number_text(from[3] - to[3], Style::kShare), kept);
  chart.x = linear_axis({0.0, 1.0}, Style::kShare, true);
  chart.x.scale.high = 1.0;
  Panel panel;
  panel.height_px = 190;
  panel.names = true;
  panel.y = name_axis(names);
  Mark bars{.kind = Mark::Kind::kBar,
            .x = 1,
            .y = 3,
            .low = 2,
            .width = 0.62,
            .role = Role::kQuantile3,
            .below = Role::kDown,
            .across = true};
  panel.marks.push_back(bars);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool total = i == 0 || i == 4;
    const double size = math::abs(to[i] - from[i]);
    const std::string text = total ? number_text(size, Style::kShare) : lost_text(size);
    // Beside the bar where there is room, else inside or before it.
    const double high = std::max(from[i], to[i]);
    panel.labels.push_back(high > 0.86 && !total ? Label{std::min(from[i], to[i]), row[i], text, Label::Anchor::kLeft}
                           : high > 0.86         ? Label{high, row[i], text, Label::Anchor::kLeft, Role::kInk}
                                                 : Label{high, row[i], text, Label::Anchor::kRight});
  }
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {text_column("step", names), number_column("row", Style::kCount, row, 0),
                         number_column("from", Style::kShare, from), number_column("to", Style::kShare, to),
                         number_column("cells", Style::kCount, cells, 0)};
  return chart;
}

Chart names_chart(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  const std::vector<double>& names = sheet.coverage.names_series;
  // Sessions before the first value are a gap, not zero names.
  std::vector<double> shown = names;
  for (std::size_t i = 0; i < shown.size() && shown[i] == 0.0; ++i) {
    shown[i] = std::numeric_limits<double>::quiet_NaN();
  }
  Range range = empty_range();
  range.take(shown);
  Chart chart;
  chart.id = "names";
  const std::string low = number_text(range.low, Style::kCount);
  const std::string high = number_text(range.high, Style::kCount);
  chart.title = range.empty()             ? "No session has a factor value"
                : range.low == range.high ? counted_text(static_cast<std::int64_t>(range.high), "name") + " a session"
                                          : fmt::format("{} to {} names a session", low, high);
  const int warm_up = sheet.coverage.warm_up_sessions;
  const std::int64_t left_out = sheet.headline_horizon().dates_left_out;
  const int needed = sheet.options.min_names;
  chart.subtitle = fmt::format("Names with a factor value{}; a date counts from {}",
                               warm_up == 0   ? ""
                               : warm_up == 1 ? "; the first session is warm-up"
                                              : "; the first " + counted_text(warm_up, "session") + " are warm-up",
                               counted_text(needed, "name"));
  if (warm_up > 1) {
    chart.subtitle_numbers.push_back({number_text(warm_up, Style::kCount), "coverage.warm_up_sessions"});
  }
  chart.subtitle_numbers.push_back({number_text(needed, Style::kCount), "coverage.min_names"});
  chart.aria =
      fmt::format("Names per session: {}. Warm-up {}. Left out: {} of fewer than {}.", chart.title,
                  counted_text(warm_up, "session"), counted_text(left_out, "date"), counted_text(needed, "name"));
  chart.x = date_axis(sheet.sessions.front(), sheet.sessions.back(), 8);
  Panel panel;
  panel.height_px = 190;
  panel.y = linear_axis(range, Style::kCount, true);
  panel.marks.push_back({.kind = Mark::Kind::kLine, .x = 0, .y = 1, .role = Role::kUp});
  if (range.low < needed) {
    panel.marks.push_back(
        {.kind = Mark::Kind::kRule, .base = static_cast<double>(needed), .role = Role::kDown, .dash = Dash::kDashed});
  }
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {date_column("session", sheet.sessions), number_column("names", Style::kCount, shown, 0)};
  return chart;
}

}  // namespace

Section coverage_section(PageContext& context) {
  const evaluate::Coverage& coverage = context.sheet.coverage;
  Blocks charts;
  charts += coverage.cells_universe > 0 ? draw(context, waterfall(context))
                                        : reason_box("no cell of the universe was counted");
  if (!context.sheet.sessions.empty() && coverage.names_series.size() == context.sheet.sessions.size()) {
    charts += draw(context, names_chart(context));
  }
  Blocks body = grid(charts);
  const auto count = [&](std::string_view name, std::string_view one = "", std::string_view many = "") -> Text {
    const std::string path = context.headline_path("cells", name);
    return context.figures.number(path, Style::kCount) + (context.figures.value(path) == 1.0 ? one : many);
  };
  body += note(words(
      "A date counts from {} name{}; {} of fewer {} left out. {} could not be traded, {} moved to "
      "the "
      "next tradable price, {} ended by a delisting ({} with a known delisting return), {} by bars that stop with none "
      "known.",
      {context.figures.number("coverage.min_names", Style::kCount), context.sheet.options.min_names == 1 ? "" : "s",
       count("dates_left_out", " date", " dates"), context.sheet.headline_horizon().dates_left_out == 1 ? "is" : "are",
       count("untradable_entries", " entry", " entries"), count("late_exits", " exit", " exits"),
       count("delisted_inside", " window was", " windows were"), count("delisting_returns_applied"),
       count("never_traded_again")}));
  if (!context.outside.empty()) {
    body += note(context.outside + ".");
  }
  return section(3, "Coverage", "on how much is it true?", body);
}

}  // namespace lode::report
