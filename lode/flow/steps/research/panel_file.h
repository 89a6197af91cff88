// A plain long file (date, symbol and columns) as the fields of formulas, without any lake.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/core/expr/evaluate.h"

namespace lode::flow {

struct PanelFile {
  expr::Fields fields;       // Sessions are the file's dates, instruments its symbols; a cell without a row is missing.
  std::string derived;       // The field made of two others, empty when none was: vwap or amount.
  std::string derived_from;  // In words: "amount / volume".
};

// Number columns become panels, text columns groups. Rows after `to` are not read. E2101 when none is left, and what
// reading a long file may say (missing file, no date or symbol column, a date twice for a symbol).
Result<PanelFile> read_panel_file(const std::string& path, std::optional<Date> to);

// Gives `fields` a group for every column of numbers that the program reads as one (codes such as SIC's): each number
// is a group, a missing cell none.
void group_numbers(const expr::Program& program, expr::Fields& fields);

}  // namespace lode::flow
