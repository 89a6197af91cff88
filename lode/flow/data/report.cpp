// lode data report: what a day or a week of daily bars is worth.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/core/report/quality/quality_page.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/factor_page.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/flow/steps/quality/quality.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/store/files.h"

namespace lode {

namespace {

constexpr int kWeekDays = 7;

constexpr std::string_view kDescription =
    "Counts the daily bars of a day, or of the seven days up to it, from the rows of the lake: which bars were due on "
    "the exchange's calendar and which came, rows set aside by rule, bars that look odd by what is known now (a split "
    "explains a move), bars stored twice, bars restated since, provisional bars that wait for the final one, splits "
    "and dividends, cells that were repaired, symbols added, removed and renamed, and what each source brought and how "
    "long after the close. Measures stand beside their goals: completeness above 99 %, rows set aside below 0.1 %, "
    "freshness below 24 hours, anomalies below 1 %, no duplicates; with each comes a command that lists the rows it "
    "counts. A span is healthy when nothing was set aside, completeness is above 95 % and nothing is stored twice; "
    "else, and when a session passed without any bar, the exit code is 3 (E3002). A weekend is no fault.";

struct Days {
  Date from, to;
  bool is_week = false;
};

Result<Days> days_of(World& world, const Request& request, const lake::Lake& lake) {
  LODE_TRY(const std::optional<Date> day, request.date("day"));
  Days out;
  if (day && *day > utc_date(world.clock.now()) + 1) {
    return fail(E::E4, fmt::format("--day {} has not come yet", to_string(*day)), "a day up to today");
  }
  if (day) {
    out.to = *day;
  } else {
    LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
    LODE_TRY(out.to, flow::last_due_day(snapshot, world.clock.now()));
  }
  out.is_week = request.text("span", "day") == "week";
  out.from = out.is_week ? out.to - (kWeekDays - 1) : out.to;
  return out;
}

std::string command_of(const Request& request, const Days& days) {
  std::string out = fmt::format("lode data report --day {}", to_string(days.to));
  if (days.is_week) {
    out += " --span week";
  }
  if (request.has("universe")) {
    out += " --universe " + flow::shell_quoted(request.text("universe"));
  }
  return out;
}

// -o: by its ending .json, .pdf, else a page.
Result<void> write_output(const Request& request, const report::QualityReport& report, Outcome& out) {
  const std::string path = request.text("output");
  if (path.empty()) {
    return {};
  }
  std::string bytes;
  if (lower(path).ends_with(".json")) {
    Value whole = Value::object();
    whole.set("schema", "lode.data.report/1");
    whole.set("data", flow::quality_json(report));
    bytes = to_json(whole) + "\n";
  } else {
    bytes = flow::is_pdf(path) ? report::render_quality_pdf(report) : report::render_quality_html(report);
  }
  LODE_CHECK(flow::write_file(path, bytes));
  out.data.set("report", path);
  out.text += "\n" + flow::report_line(path, bytes.size());
  return {};
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(flow::check_output(world, request, "quality.html"));
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const Days days, days_of(world, request, *lake));
  flow::QualityRequest wanted;
  wanted.from = days.from;
  wanted.to = days.to;
  wanted.is_week = days.is_week;
  wanted.universe = request.text("universe");
  wanted.now = world.clock.now();
  wanted.limits = flow::quality_limits(world);
  LODE_TRY(report::QualityReport report, flow::quality_report(*lake, wanted));
  report.code_version = code_version();
  report.command = command_of(request, days);
  Outcome out;
  out.data = flow::quality_json(report);
  out.text = flow::quality_text(report);
  out.finding = flow::quality_finding(report);
  out.next = request.has("output") ? "lode data check" : report.command + " -o quality.html";
  LODE_CHECK(write_output(request, report, out));
  return out;
}

std::vector<Parameter> parameters() {
  std::vector<Parameter> out = {
      {.name = "day",
       .kind = ParameterKind::kDate,
       .summary = "last day of the span (default: the last session that is over)"},
      {.name = "span",
       .kind = ParameterKind::kChoice,
       .summary = "how many days: 1 or 7",
       .fallback = "day",
       .choices = {"day", "week"}},
      {.name = "universe",
       .summary = "wait for its members (default: whoever had a bar in the 20 sessions before)",
       .completes = "universes"}};
  for (const Parameter& parameter : flow::output_parameters("write the report here: .html, .json or .pdf")) {
    out.push_back(parameter);
  }
  return out;
}

}  // namespace

const Flow& flow_data_report() {
  static const Flow flow{
      {.noun = "data",
       .verb = "report",
       .summary = "what a day or a week of bars is worth, with every row behind it",
       .description = kDescription,
       .journey = Journey::kData,
       .parameters = parameters(),
       .examples = {{"lode data report --day 2024-06-28", "one day"},
                    {"lode data report --day 2024-06-28 --span week -o quality.html", "a week, as a page"},
                    {"lode data report --universe sp500 -o quality.json", "the members of a watch list, for a program",
                     false}},
       .schema = "lode.data.report/1"},
      run};
  return flow;
}

}  // namespace lode
