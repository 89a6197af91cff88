// A plain long file (date, symbol and columns) as the fields of formulas, without any lake.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/core/expr/evaluate.h"
#include "lode/io/source/long_table.h"

namespace lode::flow {

// Infinite cells of a file by column, which are read as missing.
using InfiniteCells = std::map<std::string, std::int64_t>;
void count_infinite(const source::LongTable& table, InfiniteCells& cells);
// "warning[W2105]: ..", one line a field of `read` that has some.
std::vector<std::string> infinite_lines(const InfiniteCells& cells, const std::vector<std::string>& read);

struct PanelFile {
  expr::Fields fields;       // Sessions are the file's dates, instruments its symbols; a cell without a row is missing.
  std::string derived;       // The field made of two others, empty when none was: vwap or amount.
  std::string derived_from;  // In words: "amount / volume".
  InfiniteCells infinite;    // Of the whole file, also after `to`.
};

// Number columns become panels, text columns groups. Rows after `to` are not read. E2101 when none is left, and what
// reading a long file may say (missing file, no date or symbol column, a date twice for a symbol).
Result<PanelFile> read_panel_file(const std::string& path, std::optional<Date> to);

// Gives `fields` the one of vwap and amount that volume and the other make, where it lacks it: its name, and of what in
// words; "" when nothing is made. vwap of amount and volume (volume 0: missing), amount of vwap and volume.
std::pair<std::string, std::string> derive_fields(expr::Fields& fields);
// The columns of `fields` that derive_fields makes `name` of; empty for any other name.
std::vector<std::string> derived_of(const expr::Fields& fields, const std::string& name);

// Gives fields a group for every column of numbers that a program reads as one (codes such as SIC's): each number is a
// group, a missing cell none. Groups keep their codes from one piece of a panel to the next.
class NumberGroups {
 public:
  void add(const expr::Program& program, expr::Fields& fields);

 private:
  struct Codes {
    std::map<double, std::int32_t> of;
    std::vector<std::string> names;
  };
  std::map<std::string, Codes, std::less<>> fields_;
};
// The same for a whole panel.
void group_numbers(const expr::Program& program, expr::Fields& fields);

}  // namespace lode::flow
