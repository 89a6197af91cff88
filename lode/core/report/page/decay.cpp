// Section 8: how long the prediction lives, and whether waiting a session kills it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/report/page/sections.h"

namespace lode::report {
namespace {

// An IC that loses more than this share within one session hints at stale prices or a look into the future.
constexpr double kLostAtOnce = 0.6;

// "1 d", "1, 2 and 3 d"
std::string horizons_list(const std::vector<int>& horizons) {
  std::string out;
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    const std::string_view before = i == 0 ? "" : i + 1 == horizons.size() ? " and " : ", ";
    out += std::string(before) + (i + 1 == horizons.size() ? horizon_words(horizons[i]) : std::to_string(horizons[i]));
  }
  return out;
}

struct DecayTitle {
  std::string words;
  std::string why;  // Path of the number the words tell; empty when they tell of several.
};

// Says of every horizon that is drawn only what its interval says: a peak is named where all of them lie on one side of
// zero, else which ones do.
DecayTitle decay_title(const evaluate::TearSheet& sheet) {
  std::vector<int> above;
  std::vector<int> below;
  std::size_t known = 0;
  const evaluate::DecayPoint* furthest = nullptr;
  for (const evaluate::DecayPoint& point : sheet.decay) {
    if (!math::is_finite(point.rank_ic)) {
      continue;
    }
    ++known;
    if (point.lower > 0.0) {
      above.push_back(point.horizon);
    } else if (point.upper < 0.0) {
      below.push_back(point.horizon);
    }
    if (furthest == nullptr || math::abs(point.rank_ic) > math::abs(furthest->rank_ic)) {
      furthest = &point;
    }
  }
  if (known == 0) {
    return {"No horizon has a rank IC", ""};
  }
  if (above.empty() && below.empty()) {
    return {known == 1 ? "Rank IC cannot be told from zero" : "Rank IC cannot be told from zero at any horizon", ""};
  }
  if (known > 1 && (above.size() == known || below.size() == known)) {
    const std::string peak =
        fmt::format("Rank IC is {} at {}", below.empty() ? "highest" : "lowest", horizon_words(furthest->horizon));
    const double half = sheet.half_life_sessions.value;
    return math::is_finite(half)
               ? DecayTitle{fmt::format("{}; half-life {} sessions", peak, number_text(half, Style::kSessions)),
                            "half_life"}
               : DecayTitle{peak, fmt::format("decay.{}.rank_ic", evaluate::horizon_key(furthest->horizon))};
  }
  std::string words = "Rank IC is ";
  words += above.empty() ? "" : "above zero at " + horizons_list(above);
  words += above.empty() || below.empty() ? "" : " and ";
  words += below.empty() ? "" : "below zero at " + horizons_list(below);
  const std::size_t open = known - above.size() - below.size();
  words += open == 0 ? "" : open == 1 ? "; at the other it cannot be told" : "; at the others it cannot be told";
  return {words, ""};
}

Chart decay_chart(const PageContext& context) {
  const evaluate::TearSheet& sheet = context.sheet;
  std::vector<int> horizons;
  std::vector<double> sessions;
  std::vector<double> ic;
  std::vector<double> lower;
  std::vector<double> upper;
  for (const evaluate::DecayPoint& point : sheet.decay) {
    if (!math::is_finite(point.rank_ic)) {
      continue;  // Told below the charts, with the reason.
    }
    horizons.push_back(point.horizon);
    sessions.push_back(point.horizon);
    ic.push_back(point.rank_ic);
    lower.push_back(point.lower);
    upper.push_back(point.upper);
  }
  Chart chart;
  chart.id = "decay";
  chart.width = Chart::Width::kTwoThirds;
  const DecayTitle title = decay_title(sheet);
  chart.why = title.why;
  chart.title = title.words;
  chart.subtitle = "Mean rank IC by horizon, 95 % intervals; horizons on a log scale";
  chart.aria = fmt::format("Decay of the rank IC: {}. It is {} at {} and {} at {}.", chart.title,
                           number_text(ic.front(), Style::kCoefficient), horizons.front(),
                           number_text(ic.back(), Style::kCoefficient), counted_text(horizons.back(), "session"));
  chart.x = horizon_axis(horizons);
  chart.x_title = "sessions ahead";
  Panel panel;
  panel.height_px = 220;
  Range range = empty_range();
  for (const auto* values : {&ic, &lower, &upper}) {
    range.take(*values);
  }
  panel.y = linear_axis(range, Style::kCoefficient, true);
  panel.marks = {{.kind = Mark::Kind::kLine, .x = 0, .y = 1, .role = Role::kUp},
                 {.kind = Mark::Kind::kDot, .x = 0, .y = 1, .low = 2, .high = 3, .role = Role::kUp}};
  const double half = sheet.half_life_sessions.value;
  const double place = chart.x.scale.place(half);
  if (math::is_finite(half) && place > 0.0 && place < 1.0) {
    panel.marks.push_back(
        {.kind = Mark::Kind::kRule, .base = half, .role = Role::kMuted, .dash = Dash::kDashed, .across = true});
    panel.labels.push_back({half, panel.y.scale.high, "half-life " + number_text(half, Style::kSessions),
                            place > 0.8 ? Label::Anchor::kLeft : Label::Anchor::kRight});
  }
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {
      number_column("sessions", Style::kCount, sessions, 0), number_column("rank IC", Style::kCoefficient, ic),
      number_column("lower", Style::kCoefficient, lower), number_column("upper", Style::kCoefficient, upper)};
  return chart;
}

// "n/a at 42 d (12 dates, needs 60) and 63 d (0 dates, needs 60).": horizons the span is too short for.
Blocks unknown_horizons(const std::vector<evaluate::DecayPoint>& decay) {
  std::string text;
  for (const evaluate::DecayPoint& point : decay) {
    if (!math::is_finite(point.rank_ic)) {
      text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", horizon_words(point.horizon),
                          point.reason.empty() ? "no value" : point.reason);
    }
  }
  return text.empty() ? Blocks() : note("n/a at " + text + ".");
}

std::string lag_words(const evaluate::TearSheet& sheet) {
  const std::vector<double>& ic = sheet.lagged_rank_ic;
  if (ic.size() < 2 || !math::is_finite(ic[0]) || !math::is_finite(ic[1])) {
    return "The effect of waiting is not known";
  }
  // A share of an IC that cannot be told from zero would be a share of nothing.
  const bool clear = !sheet.decay.empty() && (sheet.decay.front().lower > 0.0 || sheet.decay.front().upper < 0.0);
  if (!clear || ic[0] == 0.0) {
    return "There is no clear IC to lose by waiting";
  }
  const double kept = ic[1] / ic[0];
  if (kept < 0.0) {
    return "One session later the IC has the other sign: stale prices or look-ahead?";
  }
  if (kept < 1.0 - kLostAtOnce) {
    return fmt::format("One session later {} of the IC is gone: stale prices or look-ahead?", share_words(1.0 - kept));
  }
  return kept >= 1.0 ? "One session later the IC is as strong"
                     : fmt::format("One session later {} of the IC is left", share_words(kept));
}

Chart lag_chart(const PageContext& context) {
  const std::vector<double>& ic = context.sheet.lagged_rank_ic;
  std::vector<double> lag;
  Chart chart;
  for (std::size_t k = 0; k < ic.size(); ++k) {
    lag.push_back(static_cast<double>(k));
    chart.x.ticks.push_back({lag.back(), fmt::format("{}", k)});
  }
  chart.id = "lag";
  chart.width = Chart::Width::kThird;
  chart.title = lag_words(context.sheet);
  chart.subtitle = "Rank IC of the next session by the age of the factor value; age 0 is hollow";
  chart.aria = fmt::format("Rank IC by age of the factor value: {}. {} at age 0, {} at age {}.", chart.title,
                           number_text(ic.front(), Style::kCoefficient), number_text(ic.back(), Style::kCoefficient),
                           ic.size() - 1);
  chart.x.scale = {Scale::Kind::kLinear, -0.5, static_cast<double>(ic.size()) - 0.5};
  chart.x_title = "sessions old";
  Panel panel;
  panel.height_px = 220;
  Range range = empty_range();
  range.take(ic);
  panel.y = linear_axis(range, Style::kCoefficient, true);
  panel.marks.push_back({.kind = Mark::Kind::kBar,
                         .x = 0,
                         .y = 1,
                         .width = 0.62,
                         .role = Role::kUp,
                         .below = Role::kDown,
                         .hollow_row = 0});
  chart.panels.push_back(std::move(panel));
  chart.table.columns = {number_column("age", Style::kCount, lag, 0),
                         number_column("rank IC", Style::kCoefficient, ic)};
  return chart;
}

}  // namespace

Section decay_section(PageContext& context) {
  Blocks charts;
  const std::vector<evaluate::DecayPoint>& decay = context.sheet.decay;
  const bool known = std::any_of(decay.begin(), decay.end(),
                                 [](const evaluate::DecayPoint& point) { return math::is_finite(point.rank_ic); });
  charts += known ? draw(context, decay_chart(context)) : reason_box("no horizon of the decay ladder has a rank IC");
  const std::vector<double>& lagged = context.sheet.lagged_rank_ic;
  if (std::any_of(lagged.begin(), lagged.end(), math::is_finite)) {
    charts += draw(context, lag_chart(context));
  }
  charts += event_figure(context);
  Blocks body = grid(charts);
  body += known ? unknown_horizons(decay) : Blocks();
  return section(8, "Decay", "how long does it live?", body);
}

}  // namespace lode::report
