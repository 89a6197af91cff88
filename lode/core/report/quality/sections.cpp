// Sections 2 to 7 of a quality page: what came, what is odd, what was refused, what changed, from whom, and why.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/report/number_text.h"
#include "lode/core/report/quality/parts.h"
#include "lode/core/report/quality/quality_page.h"

namespace lode::report {
namespace {

constexpr double kBarDays = 0.62;  // Of a day's place on the axis.

Cell word(std::string text, std::string look = "") { return {Text(std::move(text)), false, std::move(look)}; }
Cell count_cell(std::int64_t value, bool is_bad = false) {
  return {Text(quality_count(value)), true, is_bad && value > 0 ? "down" : value == 0 ? "faint" : ""};
}
Cell number_cell(std::string text) { return {Text(std::move(text)), true}; }

std::vector<double> column_of(const QualityReport& report, std::int64_t QualityDay::*member) {
  std::vector<double> out;
  for (const QualityDay& day : report.trend) {
    out.push_back(static_cast<double>(day.*member));
  }
  return out;
}

std::string trend_title(const QualityReport& report) {
  const auto worst =
      std::ranges::max_element(report.trend, {}, [](const QualityDay& day) { return day.expected - day.present; });
  const std::int64_t missing = worst == report.trend.end() ? 0 : worst->expected - worst->present;
  return missing == 0 ? fmt::format("Every bar due came on {}",
                                    counted_text(static_cast<std::int64_t>(report.trend.size()), "session"))
                      : fmt::format("Most are missing on {}: {} of {}", to_string(worst->session),
                                    quality_count(missing), quality_count(worst->expected));
}

Panel bars_panel(int height, std::string caption, int column, const std::vector<double>& values, Role role) {
  Range range = empty_range();
  range.take(values);
  range.take(1.0);  // Room for a bar on days of none.
  Panel panel;
  panel.height_px = height;
  panel.caption = std::move(caption);
  panel.y = linear_axis(range, Style::kCount, true, 4);
  std::erase_if(panel.y.ticks, [](const Tick& tick) { return tick.value != math::floor(tick.value); });
  for (Tick& tick : panel.y.ticks) {  // Counts have no halves.
    tick.text = number_text(tick.value, Style::kCount);
  }
  panel.marks.push_back(
      {.kind = Mark::Kind::kBar, .x = 0, .y = column, .width = kBarDays, .role = role, .below = role});
  return panel;
}

// A tick a session: "28 Jun".
Axis session_axis(const std::vector<Date>& sessions) {
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  Axis out;
  out.dates = true;
  out.scale.low = static_cast<double>(sessions.front().days) - 1.0;
  out.scale.high = static_cast<double>(sessions.back().days) + 1.0;
  for (const Date day : sessions) {
    out.ticks.push_back({static_cast<double>(day.days),
                         fmt::format("{} {}", day.day(), kMonths[static_cast<std::size_t>(day.month() - 1)])});
  }
  return out;
}

Chart trend_chart(const QualityReport& report) {
  std::vector<Date> sessions;
  std::vector<double> missing;
  for (const QualityDay& day : report.trend) {
    sessions.push_back(day.session);
    missing.push_back(static_cast<double>(day.expected - day.present));
  }
  const std::vector<double> present = column_of(report, &QualityDay::present);
  const std::vector<double> aside = column_of(report, &QualityDay::set_aside);
  const std::vector<double> odd = column_of(report, &QualityDay::odd);
  Chart chart;
  chart.id = "trend";
  chart.width = Width::kFull;
  chart.title = trend_title(report);
  chart.subtitle = "Bars by session, two weeks up to the span's end; each box has its own scale";
  chart.aria =
      fmt::format("{}. {} sessions of present, missing, set aside and odd bars.", chart.title, sessions.size());
  chart.x = session_axis(sessions);
  chart.panels.push_back(bars_panel(130, "present", 1, present, Role::kQuantile3));
  chart.panels.push_back(bars_panel(70, "missing", 2, missing, Role::kDown));
  chart.panels.push_back(bars_panel(70, "set aside", 3, aside, Role::kDown));
  chart.panels.push_back(bars_panel(70, "odd", 4, odd, Role::kSeries3));
  chart.table.columns = {date_column("session", sessions),
                         number_column("present", Style::kCount, present, 0),
                         number_column("missing", Style::kCount, missing, 0),
                         number_column("set aside", Style::kCount, aside, 0),
                         number_column("odd", Style::kCount, odd, 0),
                         number_column("provisional", Style::kCount, column_of(report, &QualityDay::provisional), 0),
                         number_column("corrected", Style::kCount, column_of(report, &QualityDay::corrected), 0)};
  return chart;
}

CellTable exchange_table(const QualityReport& report) {
  CellTable table{"", {"Exchange", "sessions", "due", "there", "missing", "newest bar", "calendar"}, {}, "narrow"};
  for (const QualityExchange& one : report.exchanges) {
    table.rows.push_back({word(one.mic), count_cell(one.sessions), count_cell(one.expected), count_cell(one.present),
                          count_cell(one.expected - one.present, true),
                          word(one.newest ? to_string(*one.newest) : std::string(kMissing)),
                          word(one.has_calendar ? "built in" : "none", one.has_calendar ? "" : "faint")});
  }
  return table;
}

// The first rows of a list, and how many there are where it is cut.
template <class Rows, class Make>
Blocks listed(const Rows& rows, std::vector<std::string> headers, Make make) {
  constexpr std::size_t kNarrow = 6;  // Columns that need no whole page.
  const std::string look = headers.size() <= kNarrow ? "narrow" : rows.size() > 20 ? "dense" : "";
  CellTable table{"", std::move(headers), {}, look};
  for (std::size_t i = 0; i < std::min(rows.size(), kQualityRows); ++i) {
    table.rows.push_back(make(rows[i]));
  }
  Blocks out = Block{std::move(table)};
  if (rows.size() > kQualityRows) {
    out += note(fmt::format("The first {} of {}; -o quality.json has all.", quality_count(kQualityRows),
                            quality_count(static_cast<std::int64_t>(rows.size()))));
  }
  return out;
}

std::string titled(std::size_t rows, std::string_view noun, std::string_view rest) {
  return fmt::format("{} {}", counted_text(static_cast<std::int64_t>(rows), noun), rest);
}

}  // namespace

Section quality_completeness(const QualityReport& report, DataBlock& data) {
  Blocks cards;
  if (!report.trend.empty()) {
    Chart chart = trend_chart(report);
    data.add(chart.id, chart.table);
    cards += chart_block(std::move(chart));
  }
  if (!report.exchanges.empty()) {
    cards += card("By exchange", "Bars due and there on the sessions of the span", Block{exchange_table(report)},
                  Width::kFull);
  }
  if (!report.missing.empty()) {
    cards += card(titled(report.missing.size(), "bar", report.missing.size() == 1 ? "is missing" : "are missing"),
                  "Due, and not there. Nothing stands in its place",
                  listed(report.missing, {"Symbol", "exchange", "session", "last bar before"},
                         [](const QualityMissing& one) {
                           return std::vector<Cell>{word(one.symbol), word(one.mic), word(to_string(one.session)),
                                                    word(one.last ? to_string(*one.last) : "never had one")};
                         }),
                  Width::kFull, "", true);
  }
  return section(
      2, "Completeness", "what came of what was due?",
      cards.empty() ? Blocks(reason_box("no daily bar in these two weeks")) : Blocks(grid(std::move(cards))));
}

Section quality_odd(const QualityReport& report) {
  if (report.odd.empty() && report.flags.empty()) {
    return section(3, "Odd bars", "what does not look like a market?",
                   reason_box(report.bars == 0 ? "no bar to judge" : "no rule flags a bar of this span"));
  }
  Blocks cards;
  CellTable rules{"", {"Rule", "bars"}, {}, "narrow"};
  for (const auto& [flag, rows] : report.flags) {
    rules.rows.push_back({word(flag), count_cell(rows)});
  }
  cards += card("By rule", "All rules that flag a bar; odd is not wrong, and no bar was changed for it",
                Block{std::move(rules)}, Width::kFull);
  if (!report.suspicious.empty()) {
    std::vector<std::string> days;
    for (const Date day : report.suspicious) {
      days.push_back(to_string(day));
    }
    cards += card("Nearly every bar is odd", "A source does that rather than a market", Block{Bullets{days, ""}},
                  Width::kFull);
  }
  if (!report.odd.empty()) {
    cards += card(
        fmt::format("{} {}", quality_count(std::ssize(report.odd)), report.odd.size() == 1 ? "anomaly" : "anomalies"),
        "Moves, spikes, unit errors and outlying volumes, by what is known now",
        listed(report.odd, {"Symbol", "exchange", "session", "rules", "close before", "close", "volume"},
               [](const QualityOdd& one) {
                 return std::vector<Cell>{word(one.symbol),
                                          word(one.mic),
                                          word(to_string(one.session)),
                                          word(one.flags),
                                          number_cell(quality_price(one.before)),
                                          number_cell(quality_price(one.close)),
                                          number_cell(quality_price(one.volume))};
               }),
        Width::kFull, "", true);
  }
  return section(3, "Odd bars", "what does not look like a market?", grid(std::move(cards)));
}

Section quality_aside(const QualityReport& report) {
  if (report.set_aside_by.empty()) {
    return section(4, "Set aside", "what was refused, and why?", reason_box("no row of this span was set aside"));
  }
  return section(
      4, "Set aside", "what was refused, and why?",
      grid(card("Rows by rule", "Kept in the table quarantine with source, line and text; none entered the data",
                listed(report.set_aside_by, {"Rule", "what it says", "table", "rows", "first", "what it was"},
                       [](const QualityReason& one) {
                         return std::vector<Cell>{word(one.rule),
                                                  word(one.title),
                                                  word(one.table),
                                                  count_cell(one.rows, true),
                                                  {code(fmt::format("{}:{}", one.path, one.line)), false},
                                                  word((one.symbol.empty() ? "" : one.symbol + ": ") + one.text)};
                       }),
                Width::kFull)));
}

Section quality_changed(const QualityReport& report) {
  Blocks cards;
  if (!report.provisional.empty()) {
    const auto overdue = std::ranges::count_if(report.provisional, &QualityProvisional::is_overdue);
    cards +=
        card(titled(report.provisional.size(), "bar", "not final yet"),
             overdue == 0 ? "Read while the session was on, or just over: the next fetch brings the final one"
                          : fmt::format("{} overdue: the session is over for a day, and no fetch brought the final one",
                                        quality_count(overdue)),
             listed(report.provisional, {"Symbol", "exchange", "session", "known", "state"},
                    [](const QualityProvisional& one) {
                      return std::vector<Cell>{
                          word(one.symbol), word(one.mic), word(to_string(one.session)), word(to_string(one.known)),
                          word(one.is_overdue ? "overdue" : "provisional", one.is_overdue ? "down" : "")};
                    }),
             Width::kFull, "", true);
  }
  if (!report.restated.empty()) {
    cards += card(titled(report.restated.size(), "row", "with a newer version"),
                  fmt::format("{} provisional and became final; the earlier version stays readable as of its time",
                              report.became_final == 1 ? "1 was" : quality_count(report.became_final) + " were"),
                  listed(report.restated, {"Symbol", "exchange", "session", "change", "known", "before"},
                         [](const QualityRestated& one) {
                           return std::vector<Cell>{
                               word(one.symbol),
                               word(one.mic),
                               word(to_string(one.session)),
                               word(one.changes.empty() ? "no price or volume" : join(one.changes, ", ")),
                               word(to_string(one.known)),
                               word(one.was_provisional ? "provisional" : "final")};
                         }),
                  Width::kFull, "", true);
  }
  return section(5, "Versions", "what changed after it was stored?",
                 cards.empty() ? Blocks(reason_box("no bar of this span is provisional, and none was restated"))
                               : Blocks(grid(std::move(cards))));
}

Section quality_arrivals(const QualityReport& report) {
  if (report.sources.empty()) {
    return section(6, "Sources", "who brought what, and when?",
                   reason_box("nothing came in these days, and no bar of the span is there"));
  }
  const auto outcomes = [](const QualitySource& one) {
    std::vector<std::string> words;
    for (const auto& [outcome, count] : one.outcomes) {
      words.push_back(fmt::format("{} {}", quality_count(count), outcome));
    }
    return words.empty() ? std::string(kMissing) : join(words, ", ");
  };
  Blocks body = grid(
      card("By source",
           "Commits, answers and rows of the span's days (UTC), of every table; bars of its sessions, with the hours "
           "from close to arrival",
           listed(report.sources,
                  {"Source", "commits", "answers", "kept", "corrected", "copies dropped", "set aside", "bars",
                   "lag, median", "lag, p95", "lag, most"},
                  [&](const QualitySource& one) {
                    return std::vector<Cell>{word(one.name),
                                             count_cell(one.commits),
                                             word(outcomes(one)),
                                             count_cell(one.kept),
                                             count_cell(one.corrected),
                                             count_cell(one.dropped),
                                             count_cell(one.set_aside, true),
                                             count_cell(one.bars),
                                             number_cell(quality_hours(one.lag_median)),
                                             number_cell(quality_hours(one.lag_p95)),
                                             number_cell(quality_hours(one.lag_most))};
                  }),
           Width::kFull));
  return section(6, "Sources", "who brought what, and when?", std::move(body));
}

Section quality_events(const QualityReport& report) {
  Blocks cards;
  if (!report.actions.empty()) {
    cards += card(titled(report.actions.size(), "action", "in the span"), "What moves a price without a market",
                  listed(report.actions, {"Symbol", "exchange", "ex-date", "kind", "amount"},
                         [](const QualityAction& one) {
                           return std::vector<Cell>{word(one.symbol), word(one.mic), word(to_string(one.ex_date)),
                                                    word(one.kind), word(one.amount)};
                         }),
                  Width::kFull, "", true);
  }
  if (!report.repairs.empty()) {
    cards += card(
        titled(report.repairs.size(), "cell", "repaired on arrival"), "With the rule and the value as served",
        listed(report.repairs, {"Symbol", "session", "column", "rule", "was", "mended"},
               [](const QualityRepair& one) {
                 return std::vector<Cell>{
                     word(one.symbol), word(to_string(one.session)),        word(one.column),
                     word(one.rule),   number_cell(quality_price(one.was)), number_cell(quality_price(one.mended))};
               }),
        Width::kFull, "", true);
  }
  if (!report.changes.empty()) {
    cards += card(titled(report.changes.size(), "change", "of lists, universes and symbols"), "",
                  listed(report.changes, {"Day", "where", "what", "symbol", "before", "name"},
                         [](const QualityChange& one) {
                           return std::vector<Cell>{word(to_string(one.on)), word(one.where),  word(one.kind),
                                                    word(one.symbol),        word(one.before), word(one.name)};
                         }),
                  Width::kFull, "", true);
  }
  return section(7, "Events", "what else happened?",
                 cards.empty() ? Blocks(reason_box("no split, dividend, repair or change of a list in these days"))
                               : Blocks(grid(std::move(cards))));
}

}  // namespace lode::report
