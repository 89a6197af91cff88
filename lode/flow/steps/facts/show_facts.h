// lode data show facts --cik N: a company's numbers as known at some time, and lode data show map: who is who.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "lode/flow/flow.h"
#include "lode/io/lake/lake.h"
#include "lode/market/batch.h"

namespace lode::flow {

// What `data show` lists beside the tables: symbols, instruments and companies through time.
inline constexpr std::string_view kMap = "map";

// metric, tag, duration: of the table facts alone.
std::vector<Parameter> facts_parameters();
// True when the request asks for statements (by company, metric, tag or duration) and not for the rows as stored.
bool asks_for_statements(std::string_view table, const Request& request);
// E0004 when an option of facts_parameters() stands beside another table.
Result<void> check_facts_options(std::string_view table, const Request& request);

// What --cik asks for: ten digits. E0004.
Result<std::string> read_cik_option(const Request& request);

struct FactsAnswer {
  Batch rows;                      // Every column; `brief` names those a person sees first
  std::string cik, name;           // The company; name "" where the lake knows none
  std::vector<std::string> notes;  // One line each: a link that is assumed, what was left out
};
// The columns of FactsAnswer::rows that a table shows without --all.
std::vector<std::string_view> brief_fact_columns();

// The statements asked for: --cik or one --symbol (as spelled on the day of --as-of), --metric, --tag, --duration,
// --from and --to (of the period's end), --as-of, --commit, --versions. Without metrics, tags and days the newest
// period of every metric. E0003 without a company, E2104 nobody or several companies are called so, E2101 no facts.
Result<FactsAnswer> show_facts(const lake::Lake& lake, const Request& request);

// The map: a row a spell of a symbol, by instrument and day, with the company, and the company's former names. --symbol
// and --cik keep everything of those instruments and companies that were ever called so, --as-of what held on that day.
// E2101 when nothing is left.
Result<Batch> show_map(const lake::Lake& lake, const Request& request);

}  // namespace lode::flow
