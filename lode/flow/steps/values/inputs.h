// What formulas were computed of, as a hash a field and session: equal hashes are equal inputs, whatever else changed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/expr/evaluate.h"
#include "lode/market/batch.h"

namespace lode::flow {

// XXH3-64 over what is there of a field on a session: instruments with their values to the bit (of groups the names).
// An instrument of which nothing is there adds nothing, so that one that appears later leaves earlier sessions as they
// were. Two names beside those of fields: "(universe)", the instruments inside, and "(session)", its close.
struct InputHashes {
  std::vector<Date> sessions;                            // Ascending
  std::map<std::string, std::vector<std::uint64_t>> of;  // By field, one a session
};

// Of these fields, on every row.
InputHashes hash_inputs(const expr::Fields& fields, const std::vector<std::string>& names, Pool& pool);

// As a table: session, and a column a name.
Batch to_batch(const InputHashes& hashes);
InputHashes inputs_of(const Batch& batch);

// How the rows of `now` go with those of `then`, by the names that `now` has.
struct Likeness {
  static constexpr std::size_t kNone = ~std::size_t{0};
  std::vector<std::size_t> row_then;  // The row of `then` with the same session and inputs; kNone: there is none
  // Rows up to this one, itself included, that follow each other in `then` as they do now, all alike.
  std::vector<std::size_t> run;
};
Likeness compare_inputs(const InputHashes& now, const InputHashes& then);

// True where row `row` has the same results now as then: the rows its windows reach are alike, or all before it.
bool is_like(const Likeness& likeness, std::size_t row, bool depends_on_all, int lookback);

}  // namespace lode::flow
