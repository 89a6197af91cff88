// --format for answers that are a table: the same rows for a person, a spreadsheet, a program or a page.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "lode/flow/flow.h"
#include "lode/market/batch.h"

namespace lode::flow {

// --format table|csv|json|ndjson|parquet|arrow|md
Parameter rows_format_parameter();

// Objects as a batch: `columns` first, whether or not a row has them, then a column for any other key, in the order the
// keys first stand. A column of whole numbers is kInt64, of
// numbers kFloat64, of truths kBool, anything else text (what is nested as JSON). Null and absent are null.
Batch batch_of_rows(const Value& rows, std::span<const std::string_view> columns = {});

// `out` as --format wants it: for "table" as it is, else the text is the rows `out.data[key]` (an array of objects)
// alone, numbers unrounded. `columns` are the keys of a row: csv and md have them as header also when there is no row.
// The machine's answer (--json) stays. E5004, E8006: Parquet alone can fail.
Result<Outcome> in_format(Outcome out, std::string_view key, std::initializer_list<std::string_view> columns,
                          const Request& request);
// The same for rows that stand nowhere in the answer as such.
Result<Outcome> rows_in_format(Outcome out, const Value& rows, std::span<const std::string_view> columns,
                               const Request& request);

// The same for an answer that is one row: `columns` of its data.
Result<Outcome> row_in_format(Outcome out, std::initializer_list<std::string_view> columns, const Request& request);

}  // namespace lode::flow
