// An import's report as a person reads it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lode/base/result.h"
#include "lode/flow/steps/ingest/ingest.h"

namespace lode::flow {

// The summary for stdout (ux 2.4 c).
std::string ingest_text(const IngestReport& report, double move_limit, double spike_limit);

// Rows set aside by reason, with the place of the first: "title  rows  first seen" and a line each, after an empty one.
std::string reason_table(std::string_view title, const std::vector<IngestReason>& reasons);

// How many files stood newest first or shuffled, as a program reads it: keys files_newest_first and files_shuffled.
void set_orders(Value& out, const std::vector<IngestFile>& files);

// How an E3001 ends: "the rest is stored", or that there is no rest.
std::string_view stored_words(const IngestReport& report);

// E3001 when more than `allowed` of the rows were set aside, as a ratio.
std::optional<Error> set_aside_finding(const IngestReport& report, double allowed);

// "0.02%" or "0.0002" as a ratio; E0004.
Result<double> parse_share(std::string_view text);

}  // namespace lode::flow
