// Answers of indicators as columns.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/output_column.h"

#include <array>
#include <limits>

#include "lode/base/math.h"

namespace lode::flow {

Column OutputColumn::empty() const {
  const ColumnType type = kind == CellKind::kNumber  ? ColumnType::kFloat64
                          : kind == CellKind::kWhole ? ColumnType::kInt64
                                                     : ColumnType::kText;
  return {name, type};
}

void push_cell(double value, CellKind kind, Column& column) {
  if (math::is_nan(value)) {
    column.push_null();
    return;
  }
  switch (kind) {
    case CellKind::kNumber:
      column.push(value);
      break;
    case CellKind::kWhole:
      column.push(static_cast<std::int64_t>(value));
      break;
    case CellKind::kSignal:
      column.push(indicator::to_string(static_cast<indicator::Signal>(static_cast<int>(value))));
      break;
    case CellKind::kStrength:
      column.push(indicator::to_string(static_cast<indicator::Strength>(static_cast<int>(value))));
      break;
  }
}

std::vector<OutputColumn> output_columns(std::span<const Chosen> chosen, std::size_t cells) {
  std::vector<OutputColumn> out;
  for (const Chosen& one : chosen) {
    const std::vector<std::string> names = one.columns();
    for (std::size_t k = 0; k < names.size(); ++k) {
      const CellKind kind = one.choice.spec().outputs[k].whole ? CellKind::kWhole : CellKind::kNumber;
      out.push_back({names[k], kind, std::vector<double>(cells, std::numeric_limits<double>::quiet_NaN())});
    }
  }
  return out;
}

std::vector<OutputColumn> vote_columns(std::size_t cells) {
  std::vector<OutputColumn> out = {{"signal", CellKind::kSignal},
                                   {"strength", CellKind::kStrength},
                                   {"confidence", CellKind::kNumber},
                                   {"score", CellKind::kNumber}};
  for (const std::string_view name : indicator::kBallotNames) {
    out.push_back({std::string(name) + "_vote", CellKind::kWhole});
  }
  for (OutputColumn& column : out) {
    column.values.assign(cells, std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

void put_vote(const std::optional<indicator::Vote>& vote, std::size_t cell, std::vector<OutputColumn>& columns) {
  if (!vote) {
    return;
  }
  columns[0].values[cell] = static_cast<double>(vote->signal);
  columns[1].values[cell] = static_cast<double>(vote->strength);
  columns[2].values[cell] = vote->confidence;
  columns[3].values[cell] = vote->score;
  for (std::size_t k = 0; k < indicator::kBallots; ++k) {
    columns[4 + k].values[cell] = vote->ballots[k];
  }
}

std::span<const std::string_view> vote_input_names() {
  static constexpr std::array<std::string_view, indicator::kVoteInputs> kNames = {
      "ma_fast",   "ma_slow",  "ma_trend",  "rsi",      "macd",         "macd_signal",
      "macd_hist", "bb_upper", "bb_middle", "bb_lower", "stochastic_k", "stochastic_d"};
  return kNames;
}

}  // namespace lode::flow
