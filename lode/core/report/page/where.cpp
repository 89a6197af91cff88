// Sections 11 and 12: in which years and in which corner of the market it works.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostGroups = 24;  // Drawn, half of them from each end.

struct YearColumns {
  std::vector<double> year;
  std::vector<double> rank_ic;
  std::vector<double> gross;
  std::vector<double> net;
  std::vector<double> dates;
};

YearColumns year_columns(const std::vector<evaluate::YearResult>& years) {
  YearColumns out;
  for (const evaluate::YearResult& one : years) {
    out.year.push_back(one.year);
    out.rank_ic.push_back(one.rank_ic);
    out.gross.push_back(one.spread_annual);
    out.net.push_back(one.net_annual);
    out.dates.push_back(static_cast<double>(one.dates));
  }
  return out;
}

Axis year_axis(const std::vector<double>& years) {
  Axis axis;
  axis.scale = {Scale::Kind::kLinear, years.front() - 0.5, years.back() + 0.5};
  const std::size_t step = (years.size() + 11) / 12;
  for (std::size_t i = 0; i < years.size(); i += step) {
    axis.ticks.push_back({years[i], fmt::format("{}", static_cast<int>(years[i]))});
  }
  return axis;
}

std::string years_above(const std::vector<double>& values, std::string_view what) {
  const auto above = std::count_if(values.begin(), values.end(), [](double v) { return v > 0.0; });
  const auto valid = std::count_if(values.begin(), values.end(), [](double v) { return math::is_finite(v); });
  return valid == 0 ? fmt::format("{}: no year has dates enough to be judged", what)
                    : fmt::format("{} is above zero in {} of {}", what, above, counted_text(valid, "year"));
}

Chart year_ic_chart(const PageContext& context, const YearColumns& years) {
  Chart chart;
  chart.id = "years-ic";
  chart.title = years_above(years.rank_ic, "Rank IC");
  chart.subtitle = fmt::format("Mean {} rank IC by calendar year", context.headline_text());
  chart.aria = fmt::format("Rank IC by year: {}. In {} it is {}.", chart.title, context.sheet.years.back().year,
                           number_text(years.rank_ic.back(), Style::kCoefficient));
  chart.x = year_axis(years.year);
  Panel panel;
  Range range = empty_range();
  range.take(years.rank_ic);
  panel.y = linear_axis(range, Style::kCoefficient, true);
  panel.marks.push_back(
      {.kind = Mark::Kind::kBar, .x = 0, .y = 1, .width = 0.66, .role = Role::kUp, .below = Role::kDown});
  chart.panels.push_back(std::move(panel));
  Column year = number_column("year", Style::kCount, years.year, 0);
  chart.table.columns = {std::move(year), number_column("rank IC", Style::kCoefficient, years.rank_ic),
                         number_column("days", Style::kCount, years.dates, 0)};
  return chart;
}

Chart year_money_chart(const PageContext& context, const YearColumns& years) {
  Chart chart;
  chart.id = "years-money";
  chart.title = years_above(years.net, "Net");
  chart.subtitle =
      fmt::format("Rate of the spread a year, (1 + mean session)^{} - 1: bar net of {} a side, dot gross",
                  shortest(context.sheet.options.sessions_a_year), cost_text(context.sheet.options.cost_bps));
  chart.aria = fmt::format("Return of the spread by year: {}. In {} gross {}, net {}.", chart.title,
                           context.sheet.years.back().year, number_text(years.gross.back(), Style::kReturn),
                           number_text(years.net.back(), Style::kReturn));
  chart.x = year_axis(years.year);
  Panel panel;
  Range range = empty_range();
  range.take(years.gross);
  range.take(years.net);
  panel.y = linear_axis(range, Style::kReturn, true);
  panel.marks = {{.kind = Mark::Kind::kBar, .x = 0, .y = 2, .width = 0.66, .role = Role::kUp, .below = Role::kDown},
                 {.kind = Mark::Kind::kDot, .x = 0, .y = 1, .role = Role::kSeries3}};
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {number_column("year", Style::kCount, years.year, 0),
                         number_column("gross", Style::kReturn, years.gross),
                         number_column("net", Style::kReturn, years.net)};
  return chart;
}

Block years_table(const PageContext& context) {
  CellTable table{"", {"Year", "rank IC", "gross, rate, % a year", "net, rate, % a year", "days"}, {}, "narrow"};
  for (const evaluate::YearResult& one : context.sheet.years) {
    const std::string key = fmt::format("year.{}.", one.year);
    const auto cell = [&](std::string_view name, Style style) {
      const std::string path = key + std::string(name);
      return Cell{context.figures.bare(path, style), true, std::string(tone(context.figures.value(path)))};
    };
    table.rows.push_back({{fmt::format("{}", one.year), false},
                          cell("rank_ic", Style::kCoefficient),
                          cell("spread_annual", Style::kReturn),
                          cell("net_annual", Style::kReturn),
                          {number_text(static_cast<double>(one.dates), Style::kCount)}});
  }
  return card(
      "Year by year",
      fmt::format("All years with a date that counts. Rates, (1 + mean session)^{} - 1, as in the verdict; what was "
                  "earned in the year, compounded, stands in section 10",
                  shortest(context.sheet.options.sessions_a_year)),
      Block{table}, Width::kFull);
}

std::string_view regime_words(std::string_view id) {
  return id == "trend_up"            ? "up"
         : id == "trend_down"        ? "down"
         : id == "volatility_low"    ? "calm third"
         : id == "volatility_middle" ? "middle third"
                                     : "wild third";
}

// "Rank IC is above zero in 4 of 5 regimes"
std::string regimes_title(const std::vector<evaluate::RegimeResult>& regimes) {
  const auto known = std::count_if(regimes.begin(), regimes.end(), [](const auto& r) { return r.reason.empty(); });
  const auto above = std::count_if(regimes.begin(), regimes.end(), [](const auto& r) { return r.rank_ic > 0.0; });
  return known == 0 ? std::string("No regime has enough dates")
                    : fmt::format("Rank IC is above zero in {} of {}", above, counted_text(known, "regime"));
}

Block regimes_table(const PageContext& context) {
  CellTable table{"", {"Market", "rank IC", "t", "gross, %/yr", "net, %/yr", "days"}, {}, "narrow"};
  for (const evaluate::RegimeResult& one : context.sheet.regimes) {
    const std::string key = fmt::format("regime.{}.", one.id);
    const auto cell = [&](std::string_view name, Style style) {
      const std::string path = key + std::string(name);
      return Cell{context.figures.bare(path, style), true, std::string(tone(context.figures.value(path)))};
    };
    table.rows.push_back({{regime_words(one.id), false},
                          cell("rank_ic", Style::kCoefficient),
                          cell("t_no_overlap", Style::kT),
                          cell("spread_annual", Style::kReturn),
                          cell("net_annual", Style::kReturn),
                          {number_text(static_cast<double>(one.dates), Style::kCount)}});
  }
  return card(
      regimes_title(context.sheet.regimes),
      "By the mean member as known on each date: up or down over 126 sessions; its volatility over 21 sessions in "
      "the low, middle or high third of the last 504. t: no overlap; rates as above",
      Block{table}, Width::kFull);
}

// Highest rank IC first, groups without one last.
std::vector<evaluate::GroupResult> sorted_groups(std::vector<evaluate::GroupResult> groups) {
  std::stable_sort(groups.begin(), groups.end(), [](const evaluate::GroupResult& a, const evaluate::GroupResult& b) {
    const bool known = math::is_finite(a.rank_ic);
    return known != math::is_finite(b.rank_ic) ? known : known && a.rank_ic > b.rank_ic;
  });
  for (evaluate::GroupResult& one : groups) {
    one.group = one.group.empty() ? "no name" : one.group;
  }
  return groups;
}

bool has_ic(const evaluate::GroupResult& group) { return math::is_finite(group.rank_ic); }

std::string groups_words(const std::vector<evaluate::GroupResult>& sorted) {
  const auto valid = std::count_if(sorted.begin(), sorted.end(), has_ic);
  const auto above = std::count_if(sorted.begin(), sorted.end(), [](const auto& one) { return one.rank_ic > 0.0; });
  if (valid == 0) {
    return "No group has a rank IC";
  }
  const evaluate::GroupResult& first = sorted.front();
  if (valid == 1) {
    const std::string_view side = first.rank_ic > 0.0 ? "above" : first.rank_ic < 0.0 ? "below" : "at";
    return fmt::format("Rank IC is {} zero in {}, the one group that has one", side, first.group);
  }
  return fmt::format("Rank IC is above zero in {} of {}, highest in {}", above, counted_text(valid, "group"),
                     first.group);
}

// Industries may be hundreds: both ends tell the story. What was left out between them; 0 when all are shown.
std::size_t keep_ends(std::vector<evaluate::GroupResult>& sorted) {
  if (sorted.size() <= kMostGroups) {
    return 0;
  }
  const std::size_t whole = sorted.size();
  const auto known = static_cast<std::size_t>(std::count_if(sorted.begin(), sorted.end(), has_ic));
  const std::size_t last = std::max(known, kMostGroups);  // Those without a rank IC are the first to go.
  sorted.resize(std::min(last, whole));
  sorted.erase(sorted.begin() + static_cast<std::ptrdiff_t>(kMostGroups / 2),
               sorted.end() - static_cast<std::ptrdiff_t>(kMostGroups / 2));
  return whole - sorted.size();
}

Chart groups_chart(const PageContext& context) {
  std::vector<evaluate::GroupResult> groups = sorted_groups(context.sheet.groups);
  Chart chart;
  chart.id = "groups";
  chart.width = Chart::Width::kFull;
  chart.title = groups_words(groups);
  if (const std::size_t left_out = keep_ends(groups); left_out > 0) {
    chart.note = fmt::format("The {} highest and lowest are drawn; {} more in lode factor eval --json", kMostGroups / 2,
                             counted_text(static_cast<std::int64_t>(left_out), "group"));
  }
  std::vector<std::string> names;
  std::vector<double> row;
  std::vector<double> ic;
  std::vector<double> lower;
  std::vector<double> upper;
  std::vector<double> count;
  for (const evaluate::GroupResult& one : groups) {
    row.push_back(static_cast<double>(names.size()));
    names.push_back(one.group);
    ic.push_back(one.rank_ic);
    lower.push_back(one.lower);
    upper.push_back(one.upper);
    count.push_back(one.mean_names);
  }
  chart.subtitle =
      fmt::format("Mean {} rank IC within each group, 95 % intervals, highest first", context.headline_text());
  chart.aria = fmt::format("Rank IC by group: {}. {} in {} and {} in {}.", chart.title,
                           number_text(ic.front(), Style::kCoefficient), names.front(),
                           number_text(ic.back(), Style::kCoefficient), names.back());
  Range range = empty_range();
  for (const auto* values : {&ic, &lower, &upper}) {
    range.take(*values);
  }
  chart.x = linear_axis(range, Style::kCoefficient, true, 6);
  Panel panel;
  panel.height_px = static_cast<int>(groups.size()) * 24;
  panel.names = true;
  panel.y = name_axis(names);
  panel.marks.push_back({.kind = Mark::Kind::kDot,
                         .x = 1,
                         .y = 2,
                         .low = 3,
                         .high = 4,
                         .role = Role::kUp,
                         .below = Role::kDown,
                         .across = true});
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {text_column("group", names),
                         number_column("row", Style::kCount, row, 0),
                         number_column("rank IC", Style::kCoefficient, ic),
                         number_column("lower", Style::kCoefficient, lower),
                         number_column("upper", Style::kCoefficient, upper),
                         number_column("names", Style::kSessions, count, 2)};
  return chart;
}

}  // namespace

Section when_section(PageContext& context) {
  Blocks body;
  if (context.sheet.years.empty()) {
    body = reason_box("no calendar year has a date that counts");
  } else {
    const YearColumns years = year_columns(context.sheet.years);
    Blocks charts = draw(context, year_ic_chart(context, years));
    charts += draw(context, year_money_chart(context, years));
    charts += years_table(context);
    charts += context.sheet.regimes.empty() ? Blocks() : regimes_table(context);
    body = grid(charts);
  }
  if (context.sheet.regimes.empty()) {
    body += reason_box("the market's regimes were not computed with this run");
  }
  return section(11, "When", "in which weather?", body);
}

Section where_section(PageContext& context) {
  if (context.sheet.groups.empty()) {
    return section(12, "Where", "in which corner?",
                   reason_box("no group data: load it with lode data import FILE --table groups and pass --group"));
  }
  Blocks body = grid(draw(context, groups_chart(context)));
  if (context.sheet.group_neutral) {
    body += note(words("Against returns with each group's mean taken out, the mean rank IC is {}, t (no overlap) {}.",
                       {context.figures.number("group_neutral.mean", Style::kCoefficient),
                        context.figures.number("group_neutral.t_no_overlap", Style::kT)}));
  }
  if (context.sheet.cells_without_group > 0) {
    body +=
        note(words("{} factor values have no group on their date: they are in no group, and not in the group-neutral "
                   "rank IC.",
                   {context.figures.number("group_neutral.cells_without_group", Style::kCount)}));
  }
  return section(12, "Where", "in which corner?", body);
}

}  // namespace lode::report
