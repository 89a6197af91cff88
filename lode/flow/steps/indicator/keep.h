// Indicators and votes kept: as rows of the lake's tables processed and votes, under a run.
//
// A row stands under the run that computed it, and several runs may have rows of one session of a name. Which of them
// the views ax.processed and rt.stock_indicators show is said by the table indicator_runs: a row each time a run was
// asked for, with the columns it has and the choices it was made under. And by indicator_series, which says of each
// instrument of a run what its rows were made of (kept/series.h).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lode/flow/steps/indicator/over_lake.h"
#include "lode/io/lake/runs.h"
#include "lode/market/schema.h"

namespace lode::flow {

// "processed", or "votes".
const TableSpec& kept_table(const LakeWork& work);

struct Kept {
  std::string alias;  // Of the run
  std::int64_t rows = 0;
  std::int64_t instruments = 0;
  std::optional<Date> first = {}, last = {};
  bool survivor_biased = false;
  bool was_there = false;  // An equal run stored them before
  // Instruments whose earlier rows or other columns were made anew beside what was asked, and from when on: their
  // prices are others now (kept/series.h).
  std::int64_t made_anew = 0;
  std::optional<Date> anew_from = {};
};

// What an equal run stored before, which from now on is the newest run that the views see; nothing where none has, so
// that bars must be read and keep_in_lake called. E8003, E8004, E8006.
Result<std::optional<Kept>> kept_before(World& world, const LakeWork& work, const LakeWish& wish);

// Stores the answers under a run. E8003, E8004, E8006.
Result<Kept> keep_in_lake(World& world, LakeBars bars, const LakeWork& work, const LakeWish& wish);

// The rows of a block as they stand in kept_table(), in the order of its key. A row's known_time is the newest of the
// bars of its instrument up to its session, for any of them may stand behind its numbers: a bar that was corrected
// later makes all rows from its session on known later. What adjusts the prices does not count (decision 0027). `state`
// is that of its prices (kept/series.h). E8005.
Result<Batch> kept_rows(const LakeBars& bars, const LakeWork& work, const LakeBlock& block, const lake::Run& run);

// The default indicators that `asked` names: all of a name without brackets, else the one with these parameters; all
// when empty. E0004 for one that the table processed has no column for, also under another profile or with answers
// dropped.
Result<std::vector<Chosen>> kept_indicators(std::span<const Chosen> asked);

// E0007 where periods differ from the defaults that the columns of the table votes are of.
Result<void> check_kept_rules(const indicator::VoteRules& rules);

// What the run was asked, with every choice in words, and back. E0009 of a run that kept no indicators.
Value kept_request(const LakeWork& work, const LakeWish& wish);
struct KeptAsk {
  LakeWork work;
  LakeWish wish;
};
Result<KeptAsk> ask_of(const lake::Run& run);

// A kept run computed again, at its own commit of the lake, beside what it stored.
struct KeptAgain {
  std::int64_t rows = 0;            // Computed
  std::int64_t columns = 0;         // Compared, those of the key aside
  std::vector<std::string> differ;  // A line a column with other bits, or the numbers of rows
};
Result<KeptAgain> keep_again(World& world, const lake::Run& run);

}  // namespace lode::flow
