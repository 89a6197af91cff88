// Telling what the live demo fetched and found.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/demo/live_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/steps/collect/report.h"
#include "lode/flow/steps/demo/large_us.h"

namespace lode::flow {
namespace {

constexpr std::size_t kShown = 3;  // Requests that were not served, of each source.

// "37,650 bars, 612 actions": what the lake has of it now.
std::string tables_of(const CollectReport& report) {
  std::vector<std::string> out;
  for (const auto& [table, count] : report.tables) {
    out.push_back(fmt::format("{} {}", grouped(count.kept + count.dropped), table));
  }
  return out.empty() ? "nothing new" : join(out, ", ");
}

std::string source_lines(const LiveFetch& fetch) {
  const CollectReport& report = fetch.report;
  std::string out = fmt::format("  {:<18} {:>4} of {:<4} {}\n", report.source, grouped(report.served + report.before),
                                grouped(report.planned), tables_of(report));
  for (std::size_t i = 0; i < report.unserved.size() && i < kShown; ++i) {
    out += fmt::format("    {}  {}\n", to_string(report.unserved[i].number), printable(report.unserved[i].reason));
  }
  if (report.unserved.size() > kShown) {
    out += fmt::format("    and {} more\n", report.unserved.size() - kShown);
  }
  return out;
}

}  // namespace

std::string live_name(const ResearchRequest& request) {
  return !request.values_path.empty() ? "profitability" : request.subject == kReversal ? "reversal" : "momentum";
}

std::string live_text(const Study& study, std::span<const LiveFetch> fetches, std::span<const Finding> findings,
                      double cost_bps) {
  const Axis& axis = *study.panels.axis;
  std::string out =
      fmt::format("Live market  {} of {} large US names (a list of {}), {} sessions, {} .. {}\n", axis.columns(),
                  large_us().size(), kLargeUsDate, grouped(static_cast<std::int64_t>(axis.rows())),
                  to_string(axis.sessions.front()), to_string(axis.sessions.back()));
  for (const LiveFetch& fetch : fetches) {
    out += source_lines(fetch);
  }
  out += fmt::format(
      "\n                     rank IC 5 d, found     no-overlap    net of\n"
      "                     (95 % interval)                 t  {:>8}   verdict\n",
      shortest(cost_bps) + " bp");
  for (const Finding& finding : findings) {
    out += live_row(finding);
  }
  out += fmt::format(
      "\n{}, counted. Nobody planted anything here, so nobody knows what is true. The names are large today\n"
      "because they did well: what held for them held for the winners.\n\n",
      counted(findings.empty() ? 0 : findings.front().trials, "trial"));
  return out;
}

Value live_json(const Study& study, std::span<const LiveFetch> fetches, std::span<const Unreached> unreached,
                std::span<const Finding> findings) {
  const Axis& axis = *study.panels.axis;
  Value sources = Value::array();
  for (const LiveFetch& fetch : fetches) {
    sources.push(collect_json(fetch.report));
  }
  Value hosts = Value::array();
  for (const Unreached& one : unreached) {
    Value row = Value::object();
    row.set("host", one.host);
    row.set("error", to_string(one.number));
    row.set("reason", one.reason);
    hosts.push(std::move(row));
  }
  Value factors = Value::array();
  for (const Finding& finding : findings) {
    Value row = finding_json(finding);
    row.set("planted_rank_ic", Value());
    factors.push(std::move(row));
  }
  Value out = Value::object();
  out.set("instruments", static_cast<std::int64_t>(axis.columns()));
  out.set("sessions", static_cast<std::int64_t>(axis.rows()));
  out.set("list", kLargeUsDate);
  out.set("sources", std::move(sources));
  out.set("unreached", std::move(hosts));
  out.set("trials", findings.empty() ? 0 : findings.front().trials);
  out.set("factors", std::move(factors));
  return out;
}

}  // namespace lode::flow
