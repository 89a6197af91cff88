// The end that every verb has which computes values: where they go, what is told of them, and the exit code.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lode/flow/flow.h"
#include "lode/flow/steps/values/computation.h"

namespace lode::flow {

struct ValuesPlace {
  std::string format;  // csv, parquet, arrow or json
  std::string target;  // A file; "" = the answer itself
};

// --format, -o and --yes.
std::vector<Parameter> values_parameters();
// What they say, judged before anything is computed. Errors as check_output() and file_format().
Result<ValuesPlace> values_place(const World& world, const Request& request);

// Writes the values, and fills `out`: rows and factors as data, a sentence about the file, warnings, and the formulas
// that failed as the finding (exit 3). Where no file is named and nobody reads on the way, the values become the
// payload, and data.rows of --json: E0003 when they are larger than memory.
Result<void> answer_values(const World& world, Computation& values, const Formulas& formulas, const ValuesPlace& place,
                           Outcome& out);

}  // namespace lode::flow
