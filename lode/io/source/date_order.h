// Does 03/04/2024 mean April or March? What a file itself says of it, by all cells of its date columns.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/io/source/date_format.h"
#include "lode/io/source/delimited.h"
#include "lode/market/batch.h"

namespace lode::source {

// What the cells of one file say of the order of day and month.
class DateEvidence {
 public:
  // Takes the next cell of a date column; others than numbers between /, . or - say nothing.
  void see(std::string_view cell, std::int64_t line);

  // Day or month first as the cells show, or kYmd when none was open. E2025 when every cell can be read both ways,
  // when some show the one and some the other, or for a year of two digits; beside ISO dates kYmd instead.
  Result<DateFormat> settle(const std::string& path) const;
  // The cell that decided between day and month first; "" when settle gives another answer.
  std::string proof() const;
  // Every date could be read both ways, and none otherwise: what other files of the same import show decides.
  bool is_undecided() const {
    return !is_mixed_ && short_year_.cell.empty() && !open_.cell.empty() && day_first_.cell.empty() &&
           month_first_.cell.empty();
  }

 private:
  struct Seen {
    std::string cell;
    std::int64_t line = 0;
  };
  // All that can be told apart stands one way round.
  bool is_settled() const { return short_year_.cell.empty() && day_first_.cell.empty() != month_first_.cell.empty(); }
  static void keep(Seen& seen, std::string_view cell, std::int64_t line);

  bool is_mixed_ = false;                             // A date as ISO writes it stood beside.
  Seen open_, day_first_, month_first_, short_year_;  // The first of each kind.
};

// The evidence of a file. `columns` are those that hold dates, negative ones are left out. A file whose first rows have
// no open date is not read further.
DateEvidence date_evidence(std::string_view bytes, const Dialect& dialect, std::span<const int> columns);
// The same of a Parquet file, where only text can be open.
DateEvidence date_evidence(const Batch& batch, std::span<const int> columns);

}  // namespace lode::source
