// Section 8, second part: what the names of each bucket did in the sessions around the signal.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "lode/base/math.h"
#include "lode/core/evaluate/study/numbers.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

using evaluate::EventPath;
using evaluate::kEventAfter;
using evaluate::kEventBefore;

constexpr double kClear = 1.959963984540054;

Axis offset_axis() {
  Axis axis;
  axis.scale = {Scale::Kind::kLinear, -kEventBefore - 1.6, kEventAfter + 0.6};
  for (const int offset : {-10, -5, 0, 5, 10, 15, 21}) {
    axis.ticks.push_back({static_cast<double>(offset), number_text(offset, Style::kCount)});
  }
  return axis;
}

std::string event_title(const PageContext& context) {
  const EventPath& spread = context.sheet.events.spread;
  const double after = spread.path.back();
  const double before = -spread.path.front();
  const std::string span = counted_text(kEventAfter, "session");
  const bool is_clear = math::abs(after) >= kClear * spread.path_error.back();
  std::string words = is_clear ? fmt::format("Top less bottom bucket moves {} in {} after the signal",
                                             number_text(after, Style::kReturn), span)
                               : fmt::format("Nothing certain in {} after the signal", span);
  if (math::abs(before) >= kClear * spread.path_error.front()) {
    words += fmt::format("{}{} in {} before it", is_clear ? ", and " : "; top less bottom bucket ",
                         number_text(before, Style::kReturn), counted_text(kEventBefore, "session"));
  }
  return words;
}

// The paths of all buckets, with the errors of the outer ones.
Panel paths_panel(const PageContext& context, Table& table) {
  const evaluate::EventStudy& events = context.sheet.events;
  const auto count = static_cast<int>(events.quantiles.size());
  Panel panel;
  panel.height_px = 220;
  Range range = empty_range();
  for (int k = 1; k <= count; ++k) {
    const EventPath& one = events.quantiles[static_cast<std::size_t>(k) - 1];
    const Role role = quantile_role(k, count);
    range.take(one.path);
    const auto y = static_cast<int>(table.columns.size());
    table.columns.push_back(number_column(fmt::format("quantile {}", k), Style::kReturn, one.path));
    if (k == 1 || k == count) {
      std::vector<double> low;
      std::vector<double> high;
      for (std::size_t i = 0; i < one.path.size(); ++i) {
        low.push_back(one.path[i] - one.path_error[i]);
        high.push_back(one.path[i] + one.path_error[i]);
      }
      range.take(low);
      range.take(high);
      table.columns.push_back(number_column(fmt::format("quantile {}, less one error", k), Style::kReturn, low));
      table.columns.push_back(number_column(fmt::format("quantile {}, plus one error", k), Style::kReturn, high));
      panel.marks.push_back({.kind = Mark::Kind::kBand, .x = 0, .low = y + 1, .high = y + 2, .role = role});
    }
    panel.marks.push_back({.kind = Mark::Kind::kLine, .x = 0, .y = y, .role = role});
    const bool outer = k == 1 || k == count;
    panel.ends.push_back({one.path.back(), fmt::format("Q{}", k),
                          outer ? number_text(one.path.back(), Style::kReturn) : std::string(), role,
                          fmt::format("event.q{}.{}", k, evaluate::event_key(kEventAfter))});
  }
  panel.y = linear_axis(range, Style::kReturn, true);
  panel.marks.push_back(
      {.kind = Mark::Kind::kRule, .base = 0.0, .role = Role::kMuted, .dash = Dash::kDashed, .across = true});
  panel.labels.push_back({0.0, panel.y.scale.high, "signal", Label::Anchor::kRight});
  return panel;
}

Panel steps_panel(const EventPath& spread, Table& table) {
  Panel panel;
  panel.height_px = 110;
  panel.caption = "Top less bottom bucket in each session";
  Range range = empty_range();
  range.take(spread.step);
  panel.y = linear_axis(range, Style::kDailyReturn, true, 4);
  panel.marks.push_back({.kind = Mark::Kind::kBar,
                         .x = 0,
                         .y = static_cast<int>(table.columns.size()),
                         .width = 0.66,
                         .role = Role::kUp,
                         .below = Role::kDown,
                         .hollow_row = kEventBefore});
  table.columns.push_back(number_column("top less bottom, session", Style::kDailyReturn, spread.step));
  return panel;
}

}  // namespace

Block event_figure(PageContext& context) {
  const evaluate::EventStudy& events = context.sheet.events;
  if (events.quantiles.empty()) {
    return reason_box("Event study: " + (events.reason.empty() ? "not computed with this run" : events.reason));
  }
  Chart chart;
  chart.id = "events";
  chart.width = Chart::Width::kFull;
  chart.title = event_title(context);
  chart.why = "event.spread." + evaluate::event_key(kEventAfter);
  chart.subtitle = fmt::format(
      "Mean return of a bucket's names less that of all, close to close, added up from the close of the signal; bands "
      "one standard error, Newey-West; {}. Hollow: the session whose close makes the signal, known by then and never "
      "earned",
      counted_text(events.dates, "date"));
  chart.aria = fmt::format("Returns around the signal: {}. In the session of the signal itself top less bottom is {}.",
                           chart.title, number_text(events.spread.step[kEventBefore], Style::kReturn));
  chart.x = offset_axis();
  chart.x_title = "sessions from the signal";
  std::vector<double> offsets;
  for (int offset = -kEventBefore; offset <= kEventAfter; ++offset) {
    offsets.push_back(offset);
  }
  chart.table.columns.push_back(number_column("session", Style::kCount, offsets, 0));
  chart.panels.push_back(paths_panel(context, chart.table));
  chart.panels.push_back(steps_panel(events.spread, chart.table));
  return draw(context, chart);
}

}  // namespace lode::report
