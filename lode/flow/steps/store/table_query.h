// Reading a table as a person asks for it: by symbol, by dates, as known at some time.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/flow.h"
#include "lode/io/lake/lake.h"

namespace lode::flow {

// What `data show` lists beside the tables: the commits of the manifest.
inline constexpr std::string_view kCommits = "commits";

// Parameters `data show` and `data export` share: symbol, from, to, as-of, commit, cik, versions.
std::vector<Parameter> selection_parameters();

// Instruments that bore one of `symbols` on a day of the range, whoever ever did where nobody was called so then;
// sorted. E2104 with the nearest.
Result<std::vector<InstrumentId>> instruments_called(const lake::Snapshot& snapshot,
                                                     const std::vector<std::string>& symbols, std::optional<Date> from,
                                                     std::optional<Date> to);

// The table's current view under the request's selection (every version with `versions`), with the symbol beside each
// instrument_id, as it was spelt on the row's day. Symbols are matched under any spelling the lake has; one that was
// several instruments' means with as-of the one called so on that day, else on each row's day the one that bore it then
// (told in `notes`). E2104 with the nearest, E2016 unknown table with the nearest.
Result<Batch> read_selected(const lake::Lake& lake, const std::string& table, const Request& request,
                            std::int64_t limit, std::vector<std::string>* notes = nullptr);

// E2101 for a selection that read_selected found empty: what was asked for, by which command ("data show"), what range
// the lake has of it, and the options that find rows.
Failure no_rows(const lake::Lake& lake, const std::string& table, const Request& request, std::string_view command);

}  // namespace lode::flow
