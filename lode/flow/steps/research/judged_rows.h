// The judged rows of a study, and its fields as formulas read them: what judging a factor and its neighbours share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/slice.h"

namespace lode::flow {

// The panels and groups of a study for formulas. E1113 where `program` reads one that is absent.
Result<expr::Fields> fields_of(const lake::PanelSet& set, const expr::Program& program);

// Who left before the rows of the slice is not delisted inside them.
evaluate::Market sliced(const evaluate::Market& market, const RowSlice& slice);

// The market and groups of a study on its judged rows.
struct JudgedRows {
  explicit JudgedRows(const Study& study);
  const GroupPanel* groups() const { return group ? &*group : nullptr; }

  RowSlice slice;
  evaluate::Market market;
  std::optional<GroupPanel> group;
};

}  // namespace lode::flow
