// The quality report for a terminal: the judgement, the measures, and the first rows behind what is not good.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/error.h"
#include "lode/base/printable.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/quality/quality.h"

namespace lode::flow {
namespace {

using report::QualityReport;
using report::QualityStatus;
using Align = TextTable::Align;

constexpr std::size_t kShown = 5;  // Rows of each kind; the page and --json have all.

std::string value_text(const report::QualityMeasure& measure) {
  if (!measure.value) {
    return "n/a";
  }
  constexpr double kDaysFrom = 72.0;
  if (measure.unit == "h" && *measure.value >= kDaysFrom) {
    return fixed(*measure.value / 24.0, 1) + " d";
  }
  return measure.unit == "h" ? fixed(*measure.value, 1) + " h" : fixed(*measure.value * 100.0, 2) + " %";
}

std::string goal_text(const report::QualityMeasure& measure) {
  const std::string limit =
      measure.unit == "h" ? shortest(measure.limit) + " h" : shortest(measure.limit * 100.0) + " %";
  return (measure.is_above ? "> " : measure.limit == 0.0 ? "" : "< ") + limit;
}

std::string measures_text(const QualityReport& report) {
  TextTable table({{"measure", Align::kLeft, 5},
                   {"value", Align::kRight, 4},
                   {"goal", Align::kRight, 3},
                   {"", Align::kLeft, 4},
                   {"counted", Align::kLeft, 2}});
  for (const report::QualityMeasure& one : report.measures) {
    table.add(
        {one.name, value_text(one), goal_text(one),
         !one.value    ? "-"
         : one.is_good ? "ok"
                       : "off",
         one.value ? fmt::format("{} of {} {}", grouped(one.part), grouped(one.whole), one.whole_name) : one.reason});
  }
  return table.render(0, 2);
}

// A title with a count, and the first rows below it.
template <class Rows, class Line>
std::string listed(std::string_view title, const Rows& rows, Line line) {
  if (rows.empty()) {
    return {};
  }
  std::string out = fmt::format("\n{}: {}\n", title, grouped(std::ssize(rows)));
  for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), kShown); ++i) {
    out += "  " + printable(line(rows[i])) + "\n";
  }
  if (rows.size() > kShown) {
    out += fmt::format("  and {} more\n", grouped(static_cast<std::int64_t>(rows.size() - kShown)));
  }
  return out;
}

template <class Row>
std::string bar_words(const Row& row) {
  return fmt::format("{} {}", row.symbol, to_string(row.session));
}

std::string odd_words(const report::QualityOdd& one) {
  const auto number = [](const std::optional<double>& value) { return value ? shortest(*value) : std::string("-"); };
  const std::string close = one.is_spike ? fmt::format("close {} -> {}", number(one.before), number(one.close))
                                         : fmt::format("volume {}", number(one.volume));
  return fmt::format("{}  {}  {}", bar_words(one), one.flags, close);
}

std::string rows_text(const QualityReport& report) {
  std::string out = listed("Missing", report.missing, [](const report::QualityMissing& one) {
    return bar_words(one) + (one.last ? "  last bar " + to_string(*one.last) : "  never had a bar");
  });
  out += listed("Set aside", report.set_aside_by, [](const report::QualityReason& one) {
    return fmt::format("{}  {}  {} {}, first {}:{} {}", one.rule, one.title, grouped(one.rows), one.table, one.path,
                       one.line, one.text);
  });
  out += listed("Odd", report.odd, odd_words);
  out += listed("Restated", report.restated, [](const report::QualityRestated& one) {
    return fmt::format("{}  {}{}", bar_words(one), join(one.changes, ", "),
                       one.was_provisional ? "  (was provisional)" : "");
  });
  out += listed("Provisional", report.provisional, [](const report::QualityProvisional& one) {
    return bar_words(one) + (one.is_overdue ? "  overdue: its session is over, fetch again" : "");
  });
  out += listed("Actions", report.actions, [](const report::QualityAction& one) {
    return fmt::format("{} {}  {} {}", one.symbol, to_string(one.ex_date), one.kind, one.amount);
  });
  out += listed("Repaired cells", report.repairs, [](const report::QualityRepair& one) {
    return fmt::format("{}  {} by {}", bar_words(one), one.column, one.rule);
  });
  out += listed("Changes", report.changes, [](const report::QualityChange& one) {
    return fmt::format("{}  {} {} {}{}", to_string(one.on), one.where, one.kind,
                       one.before.empty() ? "" : one.before + " -> ", one.symbol);
  });
  return out;
}

std::string hours_text(const std::optional<double>& hours) { return hours ? fixed(*hours, 1) : "-"; }

std::string sources_text(const QualityReport& report) {
  if (report.sources.empty()) {
    return {};
  }
  TextTable table({{"source", Align::kLeft, 9},
                   {"commits", Align::kRight, 3},
                   {"kept", Align::kRight, 6},
                   {"corrected", Align::kRight, 5},
                   {"copies", Align::kRight, 4},
                   {"set aside", Align::kRight, 5},
                   {"bars", Align::kRight, 7},
                   {"lag h, median", Align::kRight, 2},
                   {"p95", Align::kRight, 2}});
  for (const report::QualitySource& one : report.sources) {
    table.add({one.name, grouped(one.commits), grouped(one.kept), grouped(one.corrected), grouped(one.dropped),
               grouped(one.set_aside), grouped(one.bars), hours_text(one.lag_median), hours_text(one.lag_p95)});
  }
  return "\n" + table.render(0, 2);
}

std::string trend_text(const QualityReport& report) {
  if (!report.is_week || report.trend.empty()) {
    return {};
  }
  TextTable table({{"session", Align::kLeft, 9},
                   {"expected", Align::kRight, 8},
                   {"present", Align::kRight, 8},
                   {"set aside", Align::kRight, 5},
                   {"odd", Align::kRight, 4},
                   {"provisional", Align::kRight, 3},
                   {"corrected", Align::kRight, 3}});
  for (const report::QualityDay& one : report.trend) {
    table.add({to_string(one.session), grouped(one.expected), grouped(one.present), grouped(one.set_aside),
               grouped(one.odd), grouped(one.provisional), grouped(one.corrected)});
  }
  return "\n" + table.render(0, 2);
}

std::string status_words(const QualityReport& report) {
  switch (report.status) {
    case QualityStatus::kHealthy:
      return "healthy";
    case QualityStatus::kUnhealthy:
      return "not healthy: " + join(report.reasons, "; ");
    case QualityStatus::kNoSession:
      return "nothing to judge: " + join(report.reasons, "; ");
    case QualityStatus::kNoData:
      break;
  }
  return "no data: " + join(report.reasons, "; ");
}

}  // namespace

std::string quality_text(const QualityReport& report) {
  const std::string days = report.is_week ? fmt::format("week {} to {}", to_string(report.from), to_string(report.to))
                                          : to_string(report.to);
  std::string out = fmt::format("{}{}  {}\n", report.synthetic ? "Synthetic: " : "", days, status_words(report));
  if (report.total_symbols > 0) {
    out += fmt::format("{} of {} with data{}\n\n", grouped(report.symbols_with_data),
                       counted(report.total_symbols, "symbol"),
                       report.universe.empty() ? "" : ", universe " + printable(report.universe));
    out += measures_text(report);
  }
  out += rows_text(report) + sources_text(report) + trend_text(report);
  for (const Date day : report.suspicious) {
    out += fmt::format("\n{}: nearly every bar is odd, which a source does rather than a market\n", to_string(day));
  }
  return out;
}

std::optional<Error> quality_finding(const QualityReport& report) {
  if (report.status == QualityStatus::kHealthy || report.status == QualityStatus::kNoSession) {
    return std::nullopt;
  }
  return Error(E::E3002, join(report.reasons, "; "),
               report.status == QualityStatus::kNoData ? "lode data fetch or lode data import brings bars"
                                                       : "-o report.html shows the rows; lode data check judges all");
}

}  // namespace lode::flow
