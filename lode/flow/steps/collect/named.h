// Names of sources as people say them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/flow.h"
#include "lode/io/source/collect/source.h"

namespace lode::flow {

// A source by its name, by another name it is known under (yahoo-chart, edgar-filings), or by its family where that has
// one source. To watch, edgar is the current feed and a venue its stream; a stream is never fetched. E6208 with the
// family's sources, or the nearest names.
Result<const source::Source*> named_source(std::string_view name, bool to_watch);

// What a request says of names, kinds and days. Names come by --symbols, --names or --ciks, kinds by --forms, --kinds
// or --interval; each with commas, several times, or as @FILE: a name a line, or a table symbol,from,to, of which
// those count that were members in the days asked for (symbol_list.h). E0004 names both ways of saying one thing,
// E2005, E0008, errors of parse_symbol_list.
Result<source::FetchRequest> fetch_request(const Request& request, const source::Spec& spec);
// The parameters that fetch_request reads.
std::vector<Parameter> fetch_parameters();

}  // namespace lode::flow
