// Section 5: does the rank of the factor go with the rank of the return?
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/report/page/sections.h"
#include "lode/core/report/series.h"

namespace lode::report {
namespace {

// A bar covers most of its month and leaves a sliver of air.
constexpr double kMonthBar_days = 24.0;
constexpr double kInverseSqrtTwoPi = 0.3989422804014327;

struct MonthColumns {
  std::vector<double> middle;
  std::vector<std::string> names;
  std::vector<double> mean;
  std::vector<double> days;
  std::vector<double> trailing;
  std::vector<double> lower;
  std::vector<double> upper;
};

MonthColumns month_columns(const std::vector<Month>& months) {
  MonthColumns out;
  const std::vector<Trailing> trailing = trailing_year(months);
  for (std::size_t i = 0; i < months.size(); ++i) {
    out.middle.push_back(Date::from_civil(months[i].year, months[i].month, 15).days);
    out.names.push_back(fmt::format("{}-{:02}", months[i].year, months[i].month));
    out.mean.push_back(months[i].mean);
    out.days.push_back(static_cast<double>(months[i].days));
    out.trailing.push_back(trailing[i].mean);
    out.lower.push_back(trailing[i].lower);
    out.upper.push_back(trailing[i].upper);
  }
  return out;
}

Chart months_chart(const PageContext& context) {
  const evaluate::HorizonResult& headline = context.sheet.headline_horizon();
  const std::vector<Month> months = by_month(context.sheet.sessions, headline.rank_ic_series);
  const MonthColumns columns = month_columns(months);
  const auto above = std::count_if(months.begin(), months.end(), [](const Month& m) { return m.mean > 0.0; });
  const auto valid = std::count_if(months.begin(), months.end(), [](const Month& m) { return m.days > 0; });
  Chart chart;
  chart.id = "ic-months";
  chart.width = Chart::Width::kTwoThirds;
  const double latest = last_valid(columns.trailing);
  chart.title = fmt::format("Rank IC is above zero in {} of {}", above, counted_text(valid, "month"));
  chart.subtitle = fmt::format("Monthly mean of the daily {} rank IC; line: mean of 12 months, band: its 95 % interval",
                               context.headline_text());
  chart.aria = fmt::format("Monthly rank IC: {}. The mean of the last 12 months is {}.", chart.title,
                           number_text(latest, Style::kCoefficient));
  chart.x = date_axis(context.sheet.sessions.front(), context.sheet.sessions.back(), 10);
  chart.x.scale.low = std::min(chart.x.scale.low, columns.middle.front() - kMonthBar_days / 2.0 - 1.0);
  chart.x.scale.high = std::max(chart.x.scale.high, columns.middle.back() + kMonthBar_days / 2.0 + 1.0);
  Panel panel;
  panel.height_px = 230;
  Range range = empty_range();
  range.take(columns.mean);
  range.take(columns.lower);
  range.take(columns.upper);
  panel.y = linear_axis(range, Style::kCoefficient, true);
  panel.marks = {
      {.kind = Mark::Kind::kBar, .x = 0, .y = 2, .width = kMonthBar_days, .role = Role::kUp, .below = Role::kDown},
      {.kind = Mark::Kind::kBand, .x = 0, .low = 5, .high = 6, .role = Role::kInk},
      {.kind = Mark::Kind::kLine, .x = 0, .y = 4, .role = Role::kInk}};
  if (math::is_finite(latest)) {
    panel.ends.push_back({latest, "12 m", number_text(latest, Style::kCoefficient), Role::kInk});
  }
  chart.panels.push_back(std::move(panel));
  Column middle = number_column("mid-month", Style::kCount, columns.middle, 0);
  middle.kind = Column::Kind::kDate;
  chart.table.columns = {std::move(middle),
                         text_column("month", columns.names),
                         number_column("mean rank IC", Style::kCoefficient, columns.mean),
                         number_column("days", Style::kCount, columns.days, 0),
                         number_column("12-month mean", Style::kCoefficient, columns.trailing),
                         number_column("lower", Style::kCoefficient, columns.lower),
                         number_column("upper", Style::kCoefficient, columns.upper)};
  return chart;
}

Chart histogram_chart(const PageContext& context, const Histogram& bins) {
  const evaluate::HorizonResult& headline = context.sheet.headline_horizon();
  const Moments found = moments(headline.rank_ic_series);
  std::vector<double> left;
  std::vector<double> middle;
  std::vector<double> days;
  std::vector<double> normal;
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    left.push_back(bins.low + bins.width * static_cast<double>(i));
    middle.push_back(left.back() + bins.width / 2.0);
    days.push_back(static_cast<double>(bins.counts[i]));
    const double z = (middle.back() - found.mean) / found.deviation;
    normal.push_back(static_cast<double>(found.count) * bins.width / found.deviation * kInverseSqrtTwoPi *
                     math::exp(-0.5 * z * z));
  }
  Chart chart;
  chart.id = "ic-histogram";
  chart.width = Chart::Width::kThird;
  const double share = headline.rank_ic.share_positive;
  chart.why = math::is_finite(share) ? context.headline_path("rank_ic", "share_positive") : "";
  chart.title = math::is_finite(share)
                    ? fmt::format("Above zero on {} of days", share_words(share))
                    : fmt::format("Daily rank IC of {}: too few for a share", counted_text(found.count, "day"));
  chart.subtitle =
      fmt::format("Days by {} rank IC; line: normal curve of the same mean and deviation", context.headline_text());
  chart.aria = fmt::format("Histogram of the daily rank IC of {}: mean {}, standard deviation {}. {}.",
                           counted_text(found.count, "day"), number_text(found.mean, Style::kCoefficient),
                           number_text(found.deviation, Style::kDecimal), chart.title);
  const double high = left.back() + bins.width;
  chart.x = linear_axis({left.front(), high}, Style::kCoefficient, false, 5);
  Panel panel;
  panel.height_px = 230;
  Range range = empty_range();
  range.take(days);
  range.take(normal);
  panel.y = linear_axis(range, Style::kCount, true, 4);
  panel.marks = {{.kind = Mark::Kind::kBar, .x = 1, .y = 2, .width = bins.width * 0.92, .role = Role::kQuantile3},
                 {.kind = Mark::Kind::kLine, .x = 1, .y = 3, .role = Role::kInk, .dash = Dash::kDashed},
                 {.kind = Mark::Kind::kRule, .base = 0.0, .role = Role::kInk, .across = true}};
  if (found.mean > left.front() && found.mean < high) {
    panel.marks.push_back(
        {.kind = Mark::Kind::kRule, .base = found.mean, .role = Role::kUp, .dash = Dash::kDashed, .across = true});
  }
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {
      number_column("from", Style::kCoefficient, left), number_column("middle", Style::kCoefficient, middle),
      number_column("days", Style::kCount, days, 0), number_column("normal", Style::kSessions, normal, 3)};
  return chart;
}

std::vector<Cell> statistics_row(const PageContext& context, std::string_view family, std::string_view name,
                                 int horizon) {
  const Figures& figures = context.figures;
  const std::string key = fmt::format("{}.{}.", family, evaluate::horizon_key(horizon));
  const evaluate::Number* mean = figures.find(key + "mean");
  return {{fmt::format("{}, {}", name, horizon_words(horizon)), false},
          {figures.bare(key + "mean", Style::kCoefficient)},
          {figures.range(key + "mean", Style::kCoefficient)},
          {figures.bare(key + "standard_deviation", Style::kDecimal)},
          {figures.bare(key + "icir", Style::kDecimal)},
          {figures.bare(key + "icir_annual", Style::kDecimal)},
          {figures.bare(key + "t_no_overlap", Style::kT), true, "strong"},
          {figures.bare(key + "t_newey_west", Style::kT) + " " +
           faint(words("({})", {figures.bare(key + "newey_west_lag", Style::kCount)}))},
          {figures.bare(key + "t_naive", Style::kT), true, "faint"},
          {figures.bare(key + "share_positive", Style::kShare)},
          {figures.bare(key + "skew", Style::kT)},
          {mean == nullptr ? missing("not computed") : number_text(static_cast<double>(mean->n), Style::kCount)}};
}

Block statistics_table(const PageContext& context) {
  CellTable table{"",
                  {"Statistic", "mean", "95 % interval", "sd", "ICIR", "ICIR a year", "t (no overlap)",
                   "t Newey-West (lag)", "t naive", "% > 0", "skew", "days"},
                  {},
                  ""};
  for (const evaluate::HorizonResult& one : context.sheet.horizons) {
    table.rows.push_back(statistics_row(context, "rank_ic", "Rank IC", one.horizon));
  }
  for (const evaluate::HorizonResult& one : context.sheet.horizons) {
    table.rows.push_back(statistics_row(context, "ic", "Pearson IC", one.horizon));
  }
  return card("The t that allows for overlapping windows leads; the naive one is never judged alone",
              "Daily coefficients between factor and forward return; each horizon uses its own cells", Block{table},
              Width::kFull);
}

}  // namespace

Section prediction_section(PageContext& context) {
  const evaluate::HorizonResult& headline = context.sheet.headline_horizon();
  const Histogram bins = histogram(headline.rank_ic_series);
  Blocks charts;
  if (moments(headline.rank_ic_series).count > 0) {
    charts += draw(context, months_chart(context));
  } else {
    charts += reason_box("no session has a rank IC: " + (headline.rank_ic.mean.reason.empty()
                                                             ? "too few names with a factor value and a return"
                                                             : headline.rank_ic.mean.reason));
  }
  if (!bins.counts.empty()) {
    charts += draw(context, histogram_chart(context, bins));
  }
  charts += statistics_table(context);
  return section(5, "Prediction", "does rank go with return?", grid(charts));
}

}  // namespace lode::report
