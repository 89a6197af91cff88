// What a fetch or a watch says at its end.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lode/flow/steps/collect/collect.h"

namespace lode::flow {

// How long filings took from their acceptance to the lake, in seconds, split where it arose. What was accepted after
// the poll before is held to have waited for the poll; what was accepted earlier, and was not in that poll, for the
// source.
struct Lag {
  double total = 0.0, source = 0.0, poll = 0.0, ours = 0.0;
};
// `before`: when the poll before this one was received; nothing: it was the first, and the wait is all the source's.
Lag lag_of(const Arrival& arrival, std::optional<Time> before);

// The rows of each table, a line a table; "" for none.
std::string tables_text(const CollectReport& report);
Value collect_json(const CollectReport& report);
std::string collect_text(const CollectReport& report);

// The error that decides the exit code, after everything was told: E0010 stopped; the gravest of what kept requests
// from being served (limited before down before refused before not as promised before absent before empty), with how
// many; E3001 when more than `allowed` of the records were set aside. Nothing when all was served.
std::optional<Error> collect_finding(const CollectReport& report, double allowed);

Value preview_json(const Preview& preview, const source::Spec& spec);
std::string preview_text(const Preview& preview, const source::Spec& spec);

}  // namespace lode::flow
