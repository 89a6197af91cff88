// The numbers of a company as a reader had them at some time: named metrics over the tags that told them, one line a
// period, the version known then; or every version, which is the history of its restatements. Pure: rows in, rows out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/edgar/fact_periods.h"

namespace lode::flow {

// A fact, and when the public could have it.
struct KnownFact {
  source::edgar::Fact fact;
  Time known;
  std::string
      known_by;  // "sgml", "atom", "json-utc", "json-new-york": the filing's acceptance; "filing date"; "received"
};

// All versions of one tag in one unit, in the order they were stored.
struct KnownSeries {
  std::string taxonomy, tag, unit;
  std::vector<KnownFact> facts;
};

struct StatementQuery {
  std::vector<std::string> metrics;  // Concepts, in this order; empty = all of them
  std::vector<std::string> tags;     // "us-gaap:Assets" or "Assets", instead of metrics
  std::optional<source::edgar::Span> duration;
  std::optional<Date> from, to;  // The period ends in these days, both included
  std::optional<Time> as_of;     // nullopt = everything
  bool is_newest_only = false;   // Of each metric, unit and duration the period that ended last
  bool all_versions = false;     // Every version instead of the one that counts
};

struct StatementLine {
  std::string metric;  // The concept; of a tag that was asked for, "taxonomy:Tag"
  std::string taxonomy, tag, unit;
  source::edgar::Fact fact;
  Time known;
  std::string known_by;
  std::int64_t versions = 0;  // Filings that had told the period under this tag by then
  bool is_restated = false;   // Not what the first of them said; among all versions: not what the one before said
};

// What was known of one series at `as_of`: of each filing's number the newest version, and the quarters that follow
// from them. A derived quarter is the longer span less the shorter (fact_periods.h), known when the later of the two
// filings is.
std::vector<KnownFact> known_by(const KnownSeries& series, std::optional<Time> as_of);

// Lines by metric, unit and duration; the newest period first; the versions of a period in the order they became known.
// Of a period the version made public last counts (of several at one instant the one of the greatest accession), of
// tags the first of the metric's order that has it; a quarter that was filed goes before one that is derived. Errors:
// E2104 an unknown metric or tag, with the nearest.
Result<std::vector<StatementLine>> statement(std::span<const KnownSeries> company, const StatementQuery& query);

}  // namespace lode::flow
