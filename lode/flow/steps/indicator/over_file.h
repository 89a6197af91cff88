// Indicators and the vote over one instrument's bars from a file: the index, and a column an output.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lode/flow/steps/indicator/bars_file.h"
#include "lode/flow/steps/indicator/output_column.h"
#include "lode/market/batch.h"

namespace lode::flow {

struct OverFile {
  Batch rows;                            // The index as text
  std::optional<TypedIndex> index = {};  // .. and as the file holds it, of the same rows, where that has types
  std::vector<std::string> warnings;
};

struct FileWish {
  std::vector<std::string> inputs;  // Columns, one an input; empty: those of the Spec
  bool pad = false;                 // Every bar of the file; else from the first at which a column has a value
  bool leave_out = false;           // What the file has not the columns or bars for is left out with a warning (all)
};

// The index, then the outputs in the order of `chosen`, then those of `others`, a value a row; a missing value is null.
// E0004, E2001, E2004; E2002 where the index has the name of an output; E2102 where no bar has what an indicator needs.
Result<OverFile> run_over_file(const BarsFile& file, std::span<const Chosen> chosen, const FileWish& wish,
                               std::vector<OutputColumn> others = {});

// The index, signal, confidence, score, strength, the five ballots, and the numbers they rest on. Rows begin at the
// first vote. `wish.inputs`: the columns of high, low and close. Errors as above.
Result<OverFile> vote_over_file(const BarsFile& file, const indicator::VoteRules& rules, const FileWish& wish);

}  // namespace lode::flow
