// Blocks of values as the wide rows a lake stores, and a digest of every factor on the way.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/values/computation.h"
#include "lode/flow/steps/values/totals.h"
#include "lode/io/lake/parquet.h"

namespace lode::flow {

class WideRows {
 public:
  WideRows(const World& world, Computation& values);

  // The next rows: session, instrument_id, known_time (the close of the session), a column a factor; sorted by session,
  // then instrument, of one year. Nothing at the end.
  Result<std::optional<Batch>> next();

  // After the last.
  const ValueTotals& totals() const { return totals_; }
  std::optional<Date> first() const { return first_; }  // Sessions of the batches
  std::optional<Date> last() const { return last_; }

 private:
  struct Cells {
    std::vector<std::uint32_t> columns;  // Inside the universe, of all rows taken, one after another
    std::vector<std::size_t> ends;       // By row
  };
  Batch take(std::size_t begin, std::size_t end);
  Cells cells_of(std::size_t begin, std::size_t end) const;
  Column factor_column(std::size_t factor, std::size_t begin, const Cells& cells);

  const World& world_;
  Computation& values_;
  const ValueBlock* block_ = nullptr;
  std::size_t row_ = 0;
  std::optional<Date> first_, last_;
  ValueTotals totals_;
};

}  // namespace lode::flow
