// Indicators and the vote over a universe of the lake: into the lake, or as rows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"
#include "lode/core/indicator/vote.h"
#include "lode/flow/steps/indicator/output_column.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/panels.h"
#include "lode/market/action.h"

namespace lode::flow {

class LakeFormulas;  // formula_lake.h

struct LakeWish {
  std::string universe;
  std::optional<Date> from, to;  // Of the rows. A row is the same whatever range is asked: of all bars before it, and
                                 // adjusted by every action known by as_of, also by one behind `to`.
  std::optional<Time> as_of;
  Adjust adjust = Adjust::kAll;
  std::optional<lake::CommitId> commit = {};  // Of the lake; else its newest
  bool is_kept = false;                       // For the lake's tables: with volumes even where none is asked for
};

// What is computed: either indicators, or the vote.
struct LakeWork {
  std::vector<Chosen> chosen;
  std::optional<indicator::VoteRules> rules;  // Then `chosen` is empty.
};

struct RowRange {
  std::size_t begin = 0;
  std::size_t end = 0;  // One past its last; begin: no row.
};

// All bars of the universe known by as_of, adjusted.
struct LakeBars {
  std::shared_ptr<lake::Lake> lake;
  std::optional<Time> as_of;  // Of the bars
  lake::PanelSet set;
  std::vector<std::string> symbols;  // One a column
  std::size_t first_row = 0;         // Of the rows written
  std::size_t end_row = 0;           // One past their last
  // Empty, or by column of the axis, ascending: rows that are written whatever the run was asked, because rows were
  // kept there that its own cannot stand beside (kept/series.h).
  std::vector<std::vector<RowRange>> again = {};
};
Result<LakeBars> read_lake_bars(World& world, const LakeWish& wish, const LakeWork& work);

// The answers of a block of instruments; values lie [session][width].
struct LakeBlock {
  std::vector<std::size_t> places;  // Columns of the axis, ascending
  std::size_t width = 0;            // How many
  std::vector<OutputColumn> columns;
};

// Computes block by block, each of at most some 400 MB, and hands each on. An instrument's history is its own bars: a
// session of the universe on which it has none is no gap in it, and no row of it.
Result<void> each_block(World& world, const LakeBars& bars, const LakeWork& work,
                        const std::function<Result<void>(const LakeBlock&)>& take);
// The same over these columns of the axis alone, ascending.
Result<void> each_block(World& world, const LakeBars& bars, const LakeWork& work, std::span<const std::size_t> places,
                        const std::function<Result<void>(const LakeBlock&)>& take);

// True where the run was asked for a row: from first_row to end_row, on a session that the column is a member of the
// universe, with a close.
bool is_asked(const LakeBars& bars, std::size_t row, std::size_t place);

// True where a row is written: asked for, or in `again` with a close; of votes, with a vote.
bool is_written(const LakeBars& bars, const LakeBlock& block, bool is_vote, std::size_t row, std::size_t column);

// Every row as a batch: date, symbol, the columns, and those of formulas.
Result<Batch> lake_rows(World& world, const LakeBars& bars, const LakeWork& work, const LakeFormulas& formulas);

}  // namespace lode::flow
