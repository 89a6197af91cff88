// Sections of a comparison that are drawn: the paths of money, and how long each prediction lives. Up to five factors
// share a chart; more have one each, on the same scales.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "lode/base/math.h"
#include "lode/core/report/comparison/parts.h"
#include "lode/core/report/series.h"

namespace lode::report {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Sessions on which any book of the comparison is held, and each path on them.
struct Paths {
  std::vector<Date> sessions;
  std::vector<std::vector<double>> net;  // By factor; NaN before its first book and on days without one.
};

Paths paths_of(const ComparisonContext& context) {
  std::map<Date, std::vector<double>> rows;
  for (std::size_t i = 0; i < context.count(); ++i) {
    const evaluate::TearSheet& sheet = context.sheet(i);
    const std::vector<double> path = cumulative_return(sheet.headline_horizon().net_series);
    for (std::size_t t = 0; t < path.size() && t < sheet.sessions.size(); ++t) {
      if (math::is_finite(path[t])) {
        rows.try_emplace(sheet.sessions[t], context.count(), kNaN).first->second[i] = path[t];
      }
    }
  }
  Paths out;
  out.net.resize(context.count());
  for (const auto& [session, values] : rows) {
    out.sessions.push_back(session);
    for (std::size_t i = 0; i < values.size(); ++i) {
      out.net[i].push_back(values[i]);
    }
  }
  return out;
}

Range range_of(const std::vector<std::vector<double>>& all) {
  Range range = empty_range();
  for (const std::vector<double>& one : all) {
    range.take(one);
  }
  return range;
}

std::string end_words(const ComparisonContext& context, std::size_t i, const Paths& paths) {
  const double last = last_valid(paths.net[i]);
  return math::is_finite(last) ? fmt::format("{} ends at {}", context.label(i), number_text(last, Style::kReturn))
                               : fmt::format("{} has no book", context.label(i));
}

void add_path(const ComparisonContext& context, std::size_t i, const Paths& paths, Role role, Dash dash, Panel& panel,
              Chart& chart) {
  panel.marks.push_back({.kind = Mark::Kind::kLine,
                         .x = 0,
                         .y = static_cast<int>(chart.table.columns.size()),
                         .role = role,
                         .dash = dash});
  chart.table.columns.push_back(number_column(context.label(i), Style::kReturn, paths.net[i], 5));
  const double last = last_valid(paths.net[i]);
  if (math::is_finite(last)) {
    panel.ends.push_back(
        {last, context.label(i), number_text(last, Style::kReturn), role, context.path(i, "path.net")});
  }
}

std::string path_subtitle(const ComparisonContext& context) {
  return fmt::format("Compounded return of highest minus lowest quantile after costs, {}{}d tranches, log scale",
                     context.sheet(0).headline_horizon().horizon, kThinSpace);
}

// The factor whose path ends highest.
std::string highest_words(const ComparisonContext& context, const Paths& paths) {
  std::size_t best = context.count();
  for (std::size_t i = 0; i < context.count(); ++i) {
    const double last = last_valid(paths.net[i]);
    if (math::is_finite(last) && (best == context.count() || last > last_valid(paths.net[best]))) {
      best = i;
    }
  }
  return best == context.count() ? std::string("No factor has a book")
                                 : fmt::format("After costs {} ends highest, at {}", context.label(best),
                                               number_text(last_valid(paths.net[best]), Style::kReturn));
}

Chart paths_chart(const ComparisonContext& context, const Paths& paths) {
  Chart chart;
  chart.id = "paths";
  chart.width = Width::kFull;
  chart.title = highest_words(context, paths);
  chart.subtitle = path_subtitle(context);
  chart.aria = "Net cumulative returns:";
  chart.x = date_axis(paths.sessions.front(), paths.sessions.back(), 12);
  chart.table.columns.push_back(date_column("session", paths.sessions));
  Panel panel;
  panel.height_px = 300;
  panel.y = growth_axis(range_of(paths.net), 6);
  for (std::size_t i = 0; i < context.count(); ++i) {
    add_path(context, i, paths, role_of(i), dash_of(i), panel, chart);
    chart.aria += fmt::format("{} {}", i == 0 ? "" : ";", end_words(context, i, paths));
  }
  chart.aria += ".";
  chart.panels.push_back(std::move(panel));
  return chart;
}

// One factor alone, on the scale of all.
Chart path_chart(const ComparisonContext& context, const Paths& paths, std::size_t i) {
  Chart chart;
  chart.id = "path-" + letter(i);
  chart.width = Width::kThird;
  chart.title = end_words(context, i, paths);
  chart.why = math::is_finite(last_valid(paths.net[i])) ? context.path(i, "path.net") : "";
  chart.subtitle = "Net, compounded; one log scale for all";
  chart.aria = fmt::format("Net cumulative return: {}.", chart.title);
  chart.x = date_axis(paths.sessions.front(), paths.sessions.back(), 5);
  chart.table.columns.push_back(date_column("session", paths.sessions));
  Panel panel;
  panel.height_px = 140;
  panel.y = growth_axis(range_of(paths.net), 4);
  const bool earns = last_valid(paths.net[i]) > 0.0;
  add_path(context, i, paths, earns ? Role::kUp : Role::kDown, Dash::kSolid, panel, chart);
  panel.ends.clear();  // The title tells it.
  chart.panels.push_back(std::move(panel));
  return chart;
}

// The decay ladders by horizon: rank IC and its interval.
struct Ladders {
  std::vector<int> horizons;
  std::vector<std::vector<double>> ic;
  std::vector<std::vector<double>> lower;
  std::vector<std::vector<double>> upper;
};

Ladders ladders_of(const ComparisonContext& context) {
  std::set<int> horizons;
  for (std::size_t i = 0; i < context.count(); ++i) {
    for (const evaluate::DecayPoint& point : context.sheet(i).decay) {
      if (math::is_finite(point.rank_ic)) {
        horizons.insert(point.horizon);
      }
    }
  }
  Ladders out{{horizons.begin(), horizons.end()}, {}, {}, {}};
  for (std::size_t i = 0; i < context.count(); ++i) {
    for (auto* all : {&out.ic, &out.lower, &out.upper}) {
      all->emplace_back(out.horizons.size(), kNaN);
    }
    for (const evaluate::DecayPoint& point : context.sheet(i).decay) {
      const auto at = std::ranges::find(out.horizons, point.horizon) - out.horizons.begin();
      if (static_cast<std::size_t>(at) < out.horizons.size()) {
        out.ic[i][static_cast<std::size_t>(at)] = point.rank_ic;
        out.lower[i][static_cast<std::size_t>(at)] = point.lower;
        out.upper[i][static_cast<std::size_t>(at)] = point.upper;
      }
    }
  }
  return out;
}

std::vector<double> as_numbers(const std::vector<int>& values) { return {values.begin(), values.end()}; }

// "0.093 at 63 d": where a ladder is furthest from zero.
std::string furthest_words(const ComparisonContext& context, const Ladders& ladders, std::size_t i) {
  std::size_t best = ladders.horizons.size();
  for (std::size_t k = 0; k < ladders.horizons.size(); ++k) {
    const double value = math::abs(ladders.ic[i][k]);
    best = math::is_finite(value) && (best == ladders.horizons.size() || value > math::abs(ladders.ic[i][best])) ? k
                                                                                                                 : best;
  }
  return best == ladders.horizons.size()
             ? fmt::format("{}: no horizon has a rank IC", context.label(i))
             : fmt::format("{}: {} at {}{}d", context.label(i), number_text(ladders.ic[i][best], Style::kCoefficient),
                           ladders.horizons[best], kThinSpace);
}

void add_ladder(const ComparisonContext& context, const Ladders& ladders, std::size_t i, bool has_whiskers, Role role,
                Dash dash, Panel& panel, Chart& chart) {
  const int at = static_cast<int>(chart.table.columns.size());
  const std::string name = context.label(i);
  chart.table.columns.push_back(number_column(name, Style::kCoefficient, ladders.ic[i]));
  chart.table.columns.push_back(number_column(name + " lower", Style::kCoefficient, ladders.lower[i]));
  chart.table.columns.push_back(number_column(name + " upper", Style::kCoefficient, ladders.upper[i]));
  panel.marks.push_back({.kind = Mark::Kind::kLine, .x = 0, .y = at, .role = role, .dash = dash});
  panel.marks.push_back({.kind = Mark::Kind::kDot,
                         .x = 0,
                         .y = at,
                         .low = has_whiskers ? at + 1 : -1,
                         .high = has_whiskers ? at + 2 : -1,
                         .role = role});
}

Chart ladders_chart(const ComparisonContext& context, const Ladders& ladders) {
  Chart chart;
  chart.id = "decay";
  chart.width = Width::kFull;
  chart.title = "Furthest from zero";
  chart.subtitle = "Mean rank IC by horizon, on a log scale; 95 % intervals stand in the table";
  chart.aria = "Decay of the rank IC.";
  chart.x = horizon_axis(ladders.horizons);
  chart.x_title = "sessions ahead";
  chart.table.columns.push_back(number_column("sessions", Style::kCount, as_numbers(ladders.horizons), 0));
  Panel panel;
  panel.height_px = 240;
  panel.y = linear_axis(range_of(ladders.ic), Style::kCoefficient, true, 6);
  for (std::size_t i = 0; i < context.count(); ++i) {
    add_ladder(context, ladders, i, false, role_of(i), dash_of(i), panel, chart);
    const double last = last_valid(ladders.ic[i]);
    if (math::is_finite(last)) {
      panel.ends.push_back({last, context.label(i), "", role_of(i)});
    }
    chart.title += (i == 0 ? ": " : "; ") + furthest_words(context, ladders, i);
    chart.aria += " " + furthest_words(context, ladders, i) + ".";
  }
  chart.panels.push_back(std::move(panel));
  return chart;
}

Chart ladder_chart(const ComparisonContext& context, const Ladders& ladders, std::size_t i) {
  Chart chart;
  chart.id = "decay-" + letter(i);
  chart.width = Width::kThird;
  chart.title = furthest_words(context, ladders, i);
  chart.subtitle = "Rank IC by horizon, 95 % intervals; one scale for all";
  chart.aria = fmt::format("Decay of the rank IC, furthest from zero: {}.", chart.title);
  chart.x = horizon_axis(ladders.horizons);
  chart.x_title = "sessions ahead";
  chart.table.columns.push_back(number_column("sessions", Style::kCount, as_numbers(ladders.horizons), 0));
  Panel panel;
  panel.height_px = 140;
  Range range = range_of(ladders.ic);
  for (const auto* all : {&ladders.lower, &ladders.upper}) {
    for (const std::vector<double>& one : *all) {
      range.take(one);
    }
  }
  panel.y = linear_axis(range, Style::kCoefficient, true, 4);
  add_ladder(context, ladders, i, true, Role::kUp, Dash::kSolid, panel, chart);
  chart.panels.push_back(std::move(panel));
  return chart;
}

}  // namespace

Section paths_section(ComparisonContext& context) {
  const Paths paths = paths_of(context);
  if (paths.sessions.size() < 2) {
    return section(3, "Paths", "what would each have earned?",
                   reason_box("no spread has returns: too few names or sessions"));
  }
  Blocks charts;
  if (context.count() <= kMostLines) {
    charts += context.draw(paths_chart(context, paths));
  } else {
    for (std::size_t i = 0; i < context.count(); ++i) {
      charts += context.draw(path_chart(context, paths, i));
    }
  }
  return section(3, "Paths", "what would each have earned?", grid(std::move(charts)));
}

Section ladders_section(ComparisonContext& context) {
  const Ladders ladders = ladders_of(context);
  if (ladders.horizons.empty()) {
    return section(4, "Decay", "how long do they live?", reason_box("no horizon of the decay ladders has a rank IC"));
  }
  Blocks charts;
  if (context.count() <= kMostLines) {
    charts += context.draw(ladders_chart(context, ladders));
  } else {
    for (std::size_t i = 0; i < context.count(); ++i) {
      charts += context.draw(ladder_chart(context, ladders, i));
    }
  }
  return section(4, "Decay", "how long do they live?", grid(std::move(charts)));
}

}  // namespace lode::report
