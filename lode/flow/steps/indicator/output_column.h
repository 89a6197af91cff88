// Columns that indicators and the vote answer with: numbers while they are computed, typed cells when they are written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/indicator/vote.h"
#include "lode/flow/steps/indicator/chosen.h"
#include "lode/market/batch.h"

namespace lode::flow {

enum class CellKind : std::uint8_t { kNumber, kWhole, kSignal, kStrength };

// Values of any kind as numbers; NaN = missing.
struct OutputColumn {
  std::string name;
  CellKind kind = CellKind::kNumber;
  std::vector<double> values = {};

  Column empty() const;  // Of its name and type.
};
// Appends `value` as `kind` says: NaN as null, 1 of a signal as "BUY".
void push_cell(double value, CellKind kind, Column& column);

// The columns of indicators, `cells` missing values each.
std::vector<OutputColumn> output_columns(std::span<const Chosen> chosen, std::size_t cells);

// signal, strength, confidence, score, ma_vote, .. stochastic_vote.
std::vector<OutputColumn> vote_columns(std::size_t cells);
// Writes a vote into them; no vote leaves the cells missing.
void put_vote(const std::optional<indicator::Vote>& vote, std::size_t cell, std::vector<OutputColumn>& columns);

// Names of the numbers behind a vote, by VoteInput: "ma_fast", ..
std::span<const std::string_view> vote_input_names();

}  // namespace lode::flow
