// Formulas of the language beside indicators: over a universe of the lake.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/indicator/over_lake.h"
#include "lode/flow/steps/research/compute.h"

namespace lode::flow {

// E1102 where a text is a word that names neither a factor, kept or of a library, nor a field, nor an indicator.
Result<void> check_lake_words(World& world, std::span<const NamedText> formulas);

// Values of formulas on the cells of a universe's bars.
class LakeFormulas {
 public:
  // What `lode factor compute` gives of the same universe, span, as_of and adjustment, each under its name. A text is a
  // formula, a factor kept in the lake or a library's, or uses the name of one before it. E1102 a word that is neither
  // a formula nor an indicator; errors of compute().
  static Result<LakeFormulas> compute(World& world, const LakeWish& wish, const LakeBars& bars,
                                      std::span<const NamedText> formulas);
  LakeFormulas() = default;  // None

  const std::vector<std::string>& names() const { return values_.names; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  // At a row and a column of the bars' axis; NaN where missing.
  double at(std::size_t formula, std::size_t row, std::size_t column) const;

 private:
  Computed values_;
  std::vector<std::string> warnings_;
  std::vector<std::size_t> rows_;     // Of values_, by row of the bars
  std::vector<std::size_t> columns_;  // .. by column
};

}  // namespace lode::flow
