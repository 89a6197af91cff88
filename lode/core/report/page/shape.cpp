// Section 4: what the factor's values look like, and what else they follow.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "lode/base/math.h"
#include "lode/core/report/html.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

using evaluate::Shape;
using evaluate::ShapeYear;
using evaluate::Standpoint;

constexpr std::size_t kMostYears = 15;   // Drawn; the newest.
constexpr std::size_t kMostGroups = 24;  // Drawn, half of them from each end.
constexpr double kLeans = 0.1;           // Rank correlation from which a style is named,
constexpr double kIsOne = 0.5;           // .. and from which it is much of the factor.

// The centre of each bin.
std::vector<double> bin_centers(const Shape& shape) {
  std::vector<double> out;
  const double width = (shape.high - shape.low) / evaluate::kShapeBins;
  for (int bin = 0; bin < evaluate::kShapeBins; ++bin) {
    out.push_back(shape.low + width * (bin + 0.5));
  }
  return out;
}

// How far medians wander, in units of a usual year's distance from the 5 % to the 95 % point.
std::string years_words(const std::vector<ShapeYear>& years) {
  Range medians = empty_range();
  std::vector<double> widths;
  for (const ShapeYear& year : years) {
    medians.take(year.median);
    widths.push_back(year.high - year.low);
  }
  std::ranges::sort(widths);
  const double usual = widths[widths.size() / 2];
  if (years.size() < 2) {
    return "The values of one year";
  }
  if (!(usual > 0.0)) {
    return "Most values are equal";
  }
  if (medians.high - medians.low > 0.25 * usual || widths.back() > 2.0 * widths.front()) {
    return "The values change from year to year: only their order within a date can be compared";
  }
  return fmt::format("The values look alike in all {}", counted_text(static_cast<std::int64_t>(years.size()), "year"));
}

Chart ridges_chart(const Shape& shape) {
  const std::size_t shown = std::min(shape.years.size(), kMostYears);
  const std::vector<ShapeYear> years(shape.years.end() - static_cast<std::ptrdiff_t>(shown), shape.years.end());
  Chart chart;
  chart.id = "ridges";
  chart.width = Chart::Width::kTwoThirds;
  chart.title = years_words(shape.years);
  chart.subtitle =
      "How the values of each year are spread, all years on one scale; upright line: median. Ends are the outermost "
      "1 % and 99 % point of a date, mean over a year";
  chart.aria = fmt::format("Distribution of the factor by year: {}. Median {} in {} and {} in {}.", chart.title,
                           number_text(years.front().median, Style::kDecimal), years.front().year,
                           number_text(years.back().median, Style::kDecimal), years.back().year);
  if (shown < shape.years.size()) {
    chart.note = fmt::format("The last {} are drawn; all of them stand in the table below.",
                             counted_text(static_cast<std::int64_t>(shown), "year"));
  }
  const Range ends{shape.low, shape.high};
  chart.x = linear_axis(ends, Style::kDecimal, false, 6);
  chart.x_title = "factor value";
  chart.table.columns.push_back(number_column("factor value", Style::kDecimal, bin_centers(shape)));
  double most = 0.0;
  for (const ShapeYear& year : years) {
    most = std::max(most, *std::ranges::max_element(year.density));
  }
  for (const ShapeYear& year : years) {
    Panel panel;
    panel.height_px = 34;
    panel.names = true;
    panel.y.scale = {Scale::Kind::kLinear, 0.0, most * 1.05};
    panel.y.ticks = {{most * 0.5, fmt::format("{}", year.year)}};
    const auto y = static_cast<int>(chart.table.columns.size());
    panel.marks.push_back({.kind = Mark::Kind::kArea, .x = 0, .y = y, .role = Role::kUp});
    panel.marks.push_back({.kind = Mark::Kind::kLine, .x = 0, .y = y, .role = Role::kUp});
    panel.marks.push_back({.kind = Mark::Kind::kRule, .base = year.median, .role = Role::kInk, .across = true});
    chart.panels.push_back(std::move(panel));
    chart.table.columns.push_back(number_column(fmt::format("share, {}", year.year), Style::kShare, year.density));
  }
  return chart;
}

std::string values_title(const PageContext& context) {
  const Shape& shape = context.sheet.shape;
  const double extremes = shape.extremes.value;
  const double ties = shape.ties.value;
  if (ties > 0.2) {
    return fmt::format("{} of the values are shared with another name", share_words(ties));
  }
  if (extremes > 0.005) {
    return fmt::format("{} of the values lie far out", share_words(extremes));
  }
  return "Few ties, few values far out";
}

std::string values_card(const PageContext& context) {
  HtmlTable table{"", {"Of a date's values", "mean"}, {}, ""};
  const auto add = [&](std::string_view words, std::string_view path, Style style) {
    table.rows.push_back({{std::string(words), false, ""}, {context.figures.html(path, style), true, ""}});
  };
  add("skewness", "shape.skew", Style::kT);
  add("excess kurtosis", "shape.kurtosis", Style::kT);
  add("far out, 5 robust deviations", "shape.extremes", Style::kShare);
  add("shared with another name", "shape.ties", Style::kShare);
  add("most common value", "shape.commonest", Style::kShare);
  const Shape& shape = context.sheet.shape;
  const bool is_tied = shape.ties.value > 0.2;
  return card(values_title(context), fmt::format("Means over {}", counted_text(shape.dates, "date")), to_html(table),
              "third",
              is_tied                        ? "shape.ties"
              : shape.extremes.value > 0.005 ? "shape.extremes"
                                             : "");
}

Chart stability_chart(const PageContext& context) {
  std::vector<int> lags;
  std::vector<double> apart;
  std::vector<double> correlation;
  for (const auto& [lag, value] : context.sheet.shape.stability) {
    if (math::is_finite(value)) {
      lags.push_back(lag);
      apart.push_back(lag);
      correlation.push_back(value);
    }
  }
  Chart chart;
  chart.id = "stability";
  const auto month = std::ranges::find(lags, 21);
  const auto at = static_cast<std::size_t>(month - lags.begin());
  chart.title =
      month == lags.end()
          ? fmt::format("Ranks correlate {} from one session to the next", number_text(correlation.front(), Style::kT))
          : fmt::format("Ranks of a month ago correlate {}", number_text(correlation[at], Style::kT));
  chart.why = month == lags.end() ? "stability.1d" : "stability.21d";
  chart.subtitle = "Mean correlation of a date's ranks with those some sessions earlier";
  chart.aria = fmt::format("Stability of ranks: {}.", chart.title);
  chart.x = horizon_axis(lags);
  chart.x_title = "sessions apart";
  Panel panel;
  panel.height_px = 160;
  Range range{0.0, 1.0};
  range.take(correlation);
  panel.y = linear_axis(range, Style::kT, true);
  panel.marks = {{.kind = Mark::Kind::kLine, .x = 0, .y = 1, .role = Role::kUp},
                 {.kind = Mark::Kind::kDot, .x = 0, .y = 1, .role = Role::kUp}};
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {number_column("sessions apart", Style::kCount, apart, 0),
                         number_column("rank correlation", Style::kT, correlation)};
  return chart;
}

std::string_view style_words(std::string_view id) { return id == "week" ? "last 5 sessions" : id; }

// Points with intervals on rows of names.
struct Dots {
  std::vector<std::string> names;
  std::vector<double> row;
  std::vector<double> value;
  std::vector<double> lower;
  std::vector<double> upper;

  void add(std::string name, const evaluate::Estimate& estimate) {
    row.push_back(static_cast<double>(names.size()));
    names.push_back(std::move(name));
    value.push_back(estimate.value);
    lower.push_back(estimate.lower);
    upper.push_back(estimate.upper);
  }
};

void draw_dots(const Dots& dots, std::string_view heading, std::string_view what, Style style, Range range, bool zero,
               Chart& chart) {
  for (const auto* values : {&dots.value, &dots.lower, &dots.upper}) {
    range.take(*values);
  }
  chart.x = linear_axis(range, style, zero, 5);
  Panel panel;
  panel.height_px = std::max<int>(48, static_cast<int>(dots.names.size()) * 26);
  panel.names = true;
  panel.y = name_axis(dots.names);
  panel.marks.push_back({.kind = Mark::Kind::kDot,
                         .x = 1,
                         .y = 2,
                         .low = 3,
                         .high = 4,
                         .role = Role::kUp,
                         .below = zero ? Role::kDown : Role::kInk,
                         .across = true});
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {text_column(std::string(heading), dots.names),
                         number_column("row", Style::kCount, dots.row, 0),
                         number_column(std::string(what), style, dots.value), number_column("lower", style, dots.lower),
                         number_column("upper", style, dots.upper)};
}

// What the exposures say, by the largest of them.
std::string exposures_title(const std::vector<Standpoint>& known) {
  const auto most = std::ranges::max_element(known, {}, [](const Standpoint& s) { return math::abs(s.mean.value); });
  const double value = most->mean.value;
  const std::string style = most->id == "week" ? "the return of the last 5 sessions" : most->id;
  if (math::abs(value) < kLeans) {
    return "It leans on none of the usual styles";
  }
  return fmt::format("{} {}: rank correlation {}",
                     math::abs(value) >= kIsOne ? "Much of it is"
                     : value > 0.0              ? "It leans on"
                                                : "It leans away from",
                     math::abs(value) >= kIsOne && value < 0.0 ? style + ", turned round" : style,
                     number_text(value, Style::kT));
}

std::string exposures_figure(PageContext& context) {
  std::vector<Standpoint> known;
  std::string missing;
  for (const Standpoint& style : context.sheet.shape.exposures) {
    if (math::is_finite(style.mean.value)) {
      known.push_back(style);
    } else {
      missing += fmt::format("{}{} ({})", missing.empty() ? "" : "; ", style_words(style.id), style.mean.reason);
    }
  }
  if (known.empty()) {
    return reason_box("Exposures: " + (missing.empty() ? std::string("not computed with this run") : missing));
  }
  Dots dots;
  for (const Standpoint& style : known) {
    dots.add(std::string(style_words(style.id)), style.mean);
  }
  Chart chart;
  chart.id = "exposures";
  chart.title = exposures_title(known);
  const auto most = std::ranges::max_element(known, {}, [](const Standpoint& s) { return math::abs(s.mean.value); });
  chart.why = "exposure." + most->id;
  chart.subtitle =
      "Mean rank correlation across names with styles known on the date, every 21st session, 95 % intervals. Size: "
      "money traded, 63 sessions; momentum: from 252 to 21 ago; volatility: 63; beta: 252";
  chart.aria = fmt::format("Exposures to styles: {}.", chart.title);
  draw_dots(dots, "style", "rank correlation", Style::kT, empty_range(), true, chart);
  chart.note = missing.empty() ? "Value is not among them: it needs book values, which the prices do not hold."
                               : "n/a: " + missing + ".";
  return draw(context, chart);
}

std::string group_figure(PageContext& context) {
  std::vector<Standpoint> groups = context.sheet.shape.groups;
  std::erase_if(groups, [](const Standpoint& one) { return !math::is_finite(one.mean.value); });
  if (groups.empty()) {
    return reason_box(
        context.sheet.shape.groups.empty()
            ? "Place of groups: no group data: load it with lode data import FILE --table groups and pass "
              "--group"
            : "Place of groups: " + context.sheet.shape.groups.front().mean.reason);
  }
  std::ranges::stable_sort(groups, std::ranges::greater(), [](const Standpoint& one) { return one.mean.value; });
  const std::size_t whole = groups.size();
  if (whole > kMostGroups) {
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(kMostGroups / 2),
                 groups.end() - static_cast<std::ptrdiff_t>(kMostGroups / 2));
  }
  Dots dots;
  for (const Standpoint& one : groups) {
    dots.add(one.id.empty() ? "no name" : one.id, one.mean);
  }
  Chart chart;
  chart.id = "group-places";
  chart.width = Chart::Width::kFull;
  const Standpoint& top = groups.front();
  const double apart = top.mean.value - groups.back().mean.value;
  const std::string first = dots.names.front();
  chart.title = apart < 0.1 ? "Groups stand alike: it is no bet on groups"
                            : fmt::format("{} stands highest at {}, {} lowest at {}", first,
                                          number_text(top.mean.value, Style::kShare), dots.names.back(),
                                          number_text(groups.back().mean.value, Style::kShare));
  chart.subtitle =
      "Mean place of a group's names among all, 0 % lowest and 100 % highest factor value, every 21st session, 95 % "
      "intervals";
  chart.aria = fmt::format("Mean place of each group: {}.", chart.title);
  draw_dots(dots, "group", "place", Style::kShare, {0.45, 0.55}, false, chart);
  chart.panels.front().marks.push_back(
      {.kind = Mark::Kind::kRule, .base = 0.5, .role = Role::kMuted, .dash = Dash::kDashed, .across = true});
  if (whole > groups.size()) {
    chart.note = fmt::format("The {} highest and lowest are drawn; {} more in lode factor eval --json", kMostGroups / 2,
                             counted_text(static_cast<std::int64_t>(whole - groups.size()), "group"));
  }
  return draw(context, chart);
}

// Each year's numbers, of each date's cross-section, mean over the dates of the year.
std::string years_table(const PageContext& context) {
  HtmlTable table{
      "", {"Year", "5 % point", "median", "95 % point", "skewness", "excess kurtosis", "dates"}, {}, "narrow dense"};
  for (const ShapeYear& year : context.sheet.shape.years) {
    const std::string key = fmt::format("shape.{}.", year.year);
    const auto cell = [&](std::string_view name, Style style) {
      return Cell{context.figures.bare(key + std::string(name), style), true, ""};
    };
    table.rows.push_back({{fmt::format("{}", year.year), false, ""},
                          cell("low", Style::kDecimal),
                          cell("median", Style::kDecimal),
                          cell("high", Style::kDecimal),
                          cell("skew", Style::kT),
                          cell("kurtosis", Style::kT),
                          {number_text(static_cast<double>(year.dates), Style::kCount), true, ""}});
  }
  return "<details class=\"data\"><summary>A date's values, year by year</summary>" + to_html(table) + "</details>";
}

}  // namespace

std::string shape_section(PageContext& context) {
  const Shape& shape = context.sheet.shape;
  if (shape.years.empty()) {
    return missing_section(
        4, "Shape",
        shape.ties.reason.empty() ? "the shape of the factor was not computed with this run" : shape.ties.reason);
  }
  std::string body = "<div class=\"grid\">";
  body += math::is_finite(shape.low) ? draw(context, ridges_chart(shape))
                                     : reason_box("Distribution: all values of every date are equal");
  body += values_card(context);
  body += exposures_figure(context);
  const auto known =
      std::ranges::count_if(shape.stability, [](const auto& one) { return math::is_finite(one.second); });
  body += known > 1 ? draw(context, stability_chart(context))
                    : reason_box("Stability of ranks: too few dates for a correlation");
  body += group_figure(context) + "</div>" + years_table(context);
  return section(4, "Shape", "what does the factor look like?", body);
}

}  // namespace lode::report
