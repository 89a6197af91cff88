// The recipe of the live demo.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/factor_page.h"
#include "lode/flow/steps/collect/report.h"
#include "lode/flow/steps/demo/findings.h"
#include "lode/flow/steps/demo/large_us.h"
#include "lode/flow/steps/demo/live_sources.h"
#include "lode/flow/steps/demo/live_text.h"
#include "lode/flow/steps/demo/profitability.h"
#include "lode/flow/steps/facts/company.h"
#include "lode/flow/steps/identity/symbol_map.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {
namespace {

constexpr int kYears = 5;

Date years_before(Date day, int years) {
  const bool is_leap_day = day.month() == 2 && day.day() == 29;
  return Date::from_civil(day.year() - years, day.month(), is_leap_day ? 28 : day.day());
}

ResearchRequest asks(std::string formula) {
  ResearchRequest out;
  out.subject = std::move(formula);
  return out;
}

// The values of return on assets, as a file of the lake; "" where no company's facts are there.
Result<std::string> write_profitability(World& world) {
  LODE_TRY(const Study study, open_study(world, asks("close"), {"close"}));
  const Axis& axis = *study.panels.axis;
  std::vector<std::vector<double>> columns(axis.columns());
  bool is_empty = true;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!report_progress(world, "reading statements", static_cast<std::int64_t>(i), std::ssize(columns))) {
      return fail(E::E10, "stopped while reading the statements; what was fetched is stored", "the same command again");
    }
    const auto name = std::ranges::find_if(
        large_us(), [&](const LargeName& one) { return plain_symbol(one.symbol) == plain_symbol(axis.symbols[i]); });
    if (name != large_us().end()) {
      LODE_TRY(const std::vector<KnownSeries> company, read_company(*study.snapshot, name->cik()));
      columns[i] = profitability(company, axis.times);
      is_empty = is_empty && company.empty();
    }
  }
  if (is_empty) {
    return std::string();
  }
  const std::string path = world.lake + "/demo/profitability.csv";
  LODE_CHECK(write_file(path, values_csv(axis, columns)));
  return path;
}

// The page's factor comes last, so that its verdict allows for the others.
Result<std::vector<ResearchRequest>> questions(World& world) {
  std::vector<ResearchRequest> out{asks(std::string(kReversal)), asks(std::string(kMomentum))};
  LODE_TRY(const std::string values, write_profitability(world));
  if (!values.empty()) {
    out.emplace_back();
    out.back().values_path = values;
  }
  out.back().sensitivity = out.back().values_path.empty();
  return out;
}

struct JudgedAll {
  std::vector<Finding> findings;
  Study study;  // Of the last.
};

Result<JudgedAll> judge_in_turn(World& world, const std::vector<ResearchRequest>& asked) {
  JudgedAll out;
  for (const ResearchRequest& one : asked) {
    const bool is_last = &one == &asked.back();
    LODE_TRY(Judgement judgement, research(world, one));
    Finding finding{.signal = {live_name(one), one.subject, "", 0.0}, .judged = std::move(judgement.judged)};
    LODE_TRY(finding.recorded,
             record(world, judgement.study, one, finding.judged, is_last ? "factor report" : "factor eval",
                    one.values_path.empty() ? "typed" : "values"));
    out.findings.push_back(std::move(finding));
    out.study = std::move(judgement.study);
  }
  const Recorded last = out.findings.back().recorded;
  for (Finding& finding : out.findings) {
    finding.trials = last.trials;
    finding.lake_trials = last.lake_trials;
    finding.judged.sheet.options.trials = last.trials;
    evaluate::decide(finding.judged.sheet);
  }
  return out;
}

bool is_ours(const lake::CommitInfo& commit) {
  const Value* source = commit.note.find("source");
  return commit.flow != "data import" &&
         (commit.flow != "data fetch" || (source != nullptr && source->is_text() && is_live_source(source->as_text())));
}

// A lake of other data would put other names among the thirty.
Result<void> check_live_lake(World& world) {
  const auto lake = lake::Lake::open(world.lake, lake::Access::kRead, world.clock, world.pool);
  if (!lake) {
    return {};  // None there: it will be made. A damaged one is told when it is opened to be written.
  }
  LODE_TRY(const std::vector<lake::CommitInfo> commits, (*lake)->commits());
  for (const lake::CommitInfo& commit : commits) {
    if (!commit.reverted && !is_ours(commit)) {
      return fail(E::E11,
                  fmt::format("the lake {} holds other data (commit {}, {}); the live demo would mix its names into it",
                              world.lake, commit.id, commit.flow),
                  "give the demo a lake of its own: lode demo --live --lake live");
    }
  }
  return {};
}

// What decides the exit code: a host out of reach before anything a source answered.
std::optional<Error> finding_of(std::vector<LiveFetch>& fetches, const std::vector<Unreached>& unreached) {
  if (!unreached.empty()) {
    return unreached_error(unreached, "the report is of prices alone");
  }
  for (LiveFetch& fetch : fetches) {
    if (fetch.finding) {
      return std::move(fetch.finding);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Outcome> demo_live(World& world) {
  const Date today = utc_date(world.clock.now());
  LODE_CHECK(check_live_lake(world));
  LODE_TRY(const std::vector<LiveSource> sources, live_sources(world, years_before(today, kYears)));
  LODE_TRY(Knocked knocked, knock(world, sources));
  const std::vector<Unreached> unreached = knocked.unreached;
  if (std::ranges::find(unreached, sources.front().host, &Unreached::host) != unreached.end()) {
    return fail(unreached_error(unreached, "nothing was stored"));
  }
  LODE_TRY(std::vector<LiveFetch> fetches, fetch_live(world, sources, std::move(knocked)));
  const CollectReport& prices = fetches.front().report;
  if (fetches.back().report.stopped || prices.served + prices.before == 0) {
    LiveFetch& told = fetches.back().report.stopped ? fetches.back() : fetches.front();
    return fail(std::move(*told.finding));
  }
  LODE_TRY(const std::vector<ResearchRequest> asked, questions(world));
  LODE_TRY(const JudgedAll judged, judge_in_turn(world, asked));
  const Finding& shown = judged.findings.back();
  const std::string html = factor_page(judged.study, shown.judged, asked.back(), shown.recorded);
  LODE_TRY(const std::string path, write_report(judged.study, shown.recorded, {}, html));
  Outcome out;
  out.text =
      live_text(judged.study, fetches, judged.findings, asked.back().options.cost_bps) + report_line(path, html.size());
  out.data = live_json(judged.study, fetches, unreached, judged.findings);
  out.data.set("report", Value(path));
  out.warnings = warning_lines(shown.judged, shown.recorded);
  out.finding = finding_of(fetches, unreached);
  out.next = "lode data show facts --symbol AAPL --as-of " + to_string(years_before(today, 1));
  return out;
}

}  // namespace lode::flow
