// Rows written as JSON: an array of flat objects, one object a line (ndjson), or the document that `--json` of a
// command prints, whose rows stand under data.rows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/market/batch.h"

namespace lode::source {

// Text that begins as an array or an object: no CSV header does.
bool is_json(std::string_view bytes);

// One column a key, in order of first appearance. Of numbers and null: kFloat64; else kText, where a number is its
// shortest text; a truth is 1 or 0. Null and an absent key are null. Reads object by object, so memory is that of the
// columns. E2020 for what is not JSON or ends early, with the row; E2009 for a row that is no flat object.
Result<Batch> read_json_rows(std::string_view bytes, const std::string& path);

}  // namespace lode::source
