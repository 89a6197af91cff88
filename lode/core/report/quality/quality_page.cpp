// The document of a quality report: its head, its judgement and where its rows come from.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/quality/quality_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/core/report/document/document_html.h"
#include "lode/core/report/number_text.h"
#include "lode/core/report/pdf/document_pdf.h"
#include "lode/core/report/quality/parts.h"

namespace lode::report {
namespace {

constexpr std::string_view kDot = " \xC2\xB7 ";
constexpr double kNearlyAll = 0.9999;
constexpr double kDaysFrom = 72.0;  // Hours that are told in days.

std::string status_words(QualityStatus status) {
  switch (status) {
    case QualityStatus::kHealthy:
      return "Healthy";
    case QualityStatus::kUnhealthy:
      return "Not healthy";
    case QualityStatus::kNoSession:
      return "No session";
    case QualityStatus::kNoData:
      break;
  }
  return "No data";
}

std::string days_words(const QualityReport& report) {
  return report.is_week ? fmt::format("week to {}", to_string(report.to)) : to_string(report.to);
}

std::string exchanges_words(const QualityReport& report) {
  std::vector<std::string> names;
  for (const QualityExchange& one : report.exchanges) {
    names.push_back(one.mic);
  }
  return names.empty() ? "none" : join_some(names);
}

Heading heading_of(const QualityReport& report, const std::string& id) {
  Heading out;
  if (report.synthetic) {
    out.stamps.emplace_back("Synthetic market");
  }
  out.kind = "Data quality";
  out.title = (report.synthetic ? "Synthetic: " : "") + ("Daily bars, " + days_words(report));
  std::int64_t sessions = 0;
  for (const QualityExchange& one : report.exchanges) {
    sessions = std::max(sessions, one.sessions);
  }
  out.facts = {
      {"Days", report.from == report.to ? to_string(report.to)
                                        : fmt::format("{} .. {}", to_string(report.from), to_string(report.to))},
      {"Sessions", quality_count(sessions)},
      {"Exchanges", exchanges_words(report)},
      {"Waits for", report.universe.empty() ? "whoever traded lately" : "universe " + report.universe},
      {"Data", fmt::format("lake commit {}", report.commit)},
      {"Made", to_string(Time{report.made_at.nanos - report.made_at.nanos % kNanosPerSecond})},
      {"Code", report.code_version},
      {"Report", id, "hash"}};
  return out;
}

// What the report was made from.
std::string id_of(const QualityReport& report) {
  return sha256_hex(fmt::format("{}\n{}\n{}\n{}", report.command, report.commit, to_string(report.made_at),
                                report.code_version))
      .substr(0, 32);
}

std::string sentence_of(const QualityReport& report) {
  if (report.status != QualityStatus::kHealthy) {
    std::string out = join(report.reasons, "; ");
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z') {
      out.front() = static_cast<char>(out.front() - 'a' + 'A');
    }
    return out + ".";
  }
  std::vector<std::string> off;
  for (const QualityMeasure& one : report.measures) {
    if (one.value && !one.is_good) {
      off.push_back(lower(one.title));
    }
  }
  const std::string bars = fmt::format("{} of {} due came, nothing was set aside and nothing is stored twice",
                                       quality_count(report.present), counted_text(report.expected, "bar"));
  return off.empty() ? bars + "." : fmt::format("{}. Off its goal: {}.", bars, join(off, ", "));
}

CheckRow check_of(const QualityMeasure& one) {
  using State = evaluate::CheckState;
  const State state = !one.value ? State::kUnknown : one.is_good ? State::kPassed : State::kFailed;
  const std::string counts = one.value ? fmt::format("{} {} of {} {}", quality_count(one.part), one.part_name,
                                                     quality_count(one.whole), one.whole_name)
                                       : one.reason;
  return {one.title, state, prose(quality_value(one)) + " " + faint(prose("goal " + quality_goal(one))),
          prose(counts + ". " + one.meaning)};
}

}  // namespace

std::string_view to_string(QualityStatus status) {
  constexpr std::string_view kWords[] = {"healthy", "unhealthy", "no_session", "no_data"};
  return kWords[static_cast<std::size_t>(status)];
}

std::string quality_count(std::int64_t value) { return number_text(static_cast<double>(value), Style::kCount); }

std::string quality_value(const QualityMeasure& measure) {
  if (!measure.value) {
    return std::string(kMissing);
  }
  if (measure.unit == "h") {
    const bool in_days = *measure.value >= kDaysFrom;
    return quality_hours(in_days ? *measure.value / 24.0 : *measure.value) + std::string(kThinSpace) +
           (in_days ? "d" : "h");
  }
  // What is not all is never told as 100 %.
  const bool rounds_to_all = *measure.value < 1.0 && *measure.value > kNearlyAll;
  return (rounds_to_all ? "> " + fixed(kNearlyAll * 100.0, 2) : fixed(*measure.value * 100.0, 2)) +
         std::string(kThinSpace) + "%";
}

std::string quality_goal(const QualityMeasure& measure) {
  const std::string limit =
      measure.unit == "h" ? shortest(measure.limit) + " h" : shortest(measure.limit * 100.0) + " %";
  return measure.is_above ? "above " + limit : measure.limit == 0.0 ? "none" : "below " + limit;
}

std::string quality_price(const std::optional<double>& value) {
  return value ? shortest(*value) : std::string(kMissing);
}

std::string quality_hours(const std::optional<double>& value) {
  if (!value) {
    return std::string(kMissing);
  }
  return *value < 1000.0 ? fixed(*value, 1) : quality_count(static_cast<std::int64_t>(*value));
}

Section quality_verdict(const QualityReport& report) {
  Judgement judgement{status_words(report.status), prose(sentence_of(report)), {}};
  if (report.total_symbols > 0) {
    judgement.tiles.push_back(
        {"Symbols with data", quality_count(report.symbols_with_data), "of " + quality_count(report.total_symbols)});
  }
  for (const QualityMeasure& one : report.measures) {
    if (one.value) {
      judgement.tiles.push_back({one.title, prose(quality_value(one)), prose("goal " + quality_goal(one))});
    }
  }
  Blocks body = Block{std::move(judgement)};
  Checklist list{
      "Measures", "Each held against its goal; the rows behind the counts are listed by the commands of section 8", {}};
  for (const QualityMeasure& one : report.measures) {
    list.rows.push_back(check_of(one));
  }
  if (!list.rows.empty()) {
    body += Block{std::move(list)};
  }
  return section(1, "Verdict", "is this data good enough?", std::move(body));
}

Section quality_origins(const QualityReport& report) {
  CellTable table{"", {"Measure", "counts", "the rows it counts"}, {}, "stack"};
  for (const QualityMeasure& one : report.measures) {
    table.rows.push_back(
        {{one.title, false},
         {fmt::format("{} {}", quality_count(one.part), one.part_name), false},
         {one.rows.empty() ? Text("listed above: bars that came late, by source") : code(one.rows), false}});
  }
  Blocks cards;
  if (!table.rows.empty()) {
    cards += card("From a number to its rows", "Each row has source, raw_hash and raw_line: the bytes it was read from",
                  Block{std::move(table)}, Width::kFull);
  }
  cards += card("The same report again", "On the same commit it differs in the moment it was made alone",
                report.command.empty() ? reason_box("the command was not recorded") : Block{Command{report.command}},
                Width::kFull);
  if (!report.notes.empty()) {
    cards += card("What it cannot tell", "", Block{Bullets{report.notes, ""}}, Width::kFull);
  }
  return section(8, "Lineage", "which rows say so?", grid(std::move(cards)));
}

Document quality_document(const QualityReport& report, DataBlock& data) {
  Document out;
  out.run_hash = id_of(report);
  out.id_word = "report";
  out.heading = heading_of(report, out.run_hash);
  out.title = out.heading.title + ", data quality";
  out.sections.push_back(quality_verdict(report));
  out.sections.push_back(quality_completeness(report, data));
  out.sections.push_back(quality_odd(report));
  out.sections.push_back(quality_aside(report));
  out.sections.push_back(quality_changed(report));
  out.sections.push_back(quality_arrivals(report));
  out.sections.push_back(quality_events(report));
  out.sections.push_back(quality_origins(report));
  for (const Section& one : out.sections) {
    out.contents.emplace_back(one.number, one.title);
  }
  out.footer =
      fmt::format("Report {}{}lake commit {}{}{}. Nothing was changed or filled in: what is missing is missing.",
                  out.run_hash, kDot, report.commit, kDot, report.code_version);
  return out;
}

std::string render_quality_html(const QualityReport& report) {
  DataBlock data;
  const Document document = quality_document(report, data);
  return to_html(document, data);
}

std::string render_quality_pdf(const QualityReport& report) {
  DataBlock data;
  return to_pdf(quality_document(report, data));
}

}  // namespace lode::report
