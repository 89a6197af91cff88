// Formulas of the language beside indicators: over one instrument's bars from a file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/indicator/bars_file.h"
#include "lode/flow/steps/indicator/output_column.h"
#include "lode/flow/steps/research/compute.h"

namespace lode::flow {

// A column a formula, called by its name. A text is a formula, a factor kept in the lake (where there is one), a
// library's (named/momentum), or uses the name of one that stands before it. Its fields are the file's columns, by
// their usual spellings. Warnings of the formulas are added to `warnings`. E1102 a word that is neither a formula nor
// an indicator; E0004 an operator across instruments, of which there is one; E2102 fewer bars than a formula needs;
// errors of compiling and of column_of.
Result<std::vector<OutputColumn>> formulas_over_file(World& world, const BarsFile& file,
                                                     std::span<const NamedText> formulas,
                                                     std::vector<std::string>& warnings);

}  // namespace lode::flow
