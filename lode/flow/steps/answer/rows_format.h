// --format for answers that are a table: the same rows for a person, a spreadsheet, a program or a page.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lode/flow/flow.h"
#include "lode/market/batch.h"

namespace lode::flow {

// --format table|csv|json|ndjson|md
Parameter rows_format_parameter();

// Objects as a batch: a column a key, in the order the keys first stand. A column of whole numbers is kInt64, of
// numbers kFloat64, of truths kBool, anything else text (what is nested as JSON). Null and absent are null.
Batch batch_of_rows(const Value& rows);

// `out` as --format wants it: for "table" as it is, else the text is the rows `out.data[key]` (an array of objects)
// alone, numbers unrounded. The machine's answer (--json) stays.
Outcome in_format(Outcome out, std::string_view key, const Request& request);

}  // namespace lode::flow
