// Series: the kept rows of an instrument that were made of one state of its prices, by whichever runs.
//
// Adjusted prices change backwards: a split, a dividend, a corrected bar or volume makes other prices of sessions that
// have rows already. Each kept row says what it was made of, as a hash of the adjusted bars up to its session (the
// column `state` of processed and votes), and for each instrument of a run the table indicator_series says which series
// its rows belong to. A run knows all bars there are, whatever range it was asked for, so it can say of every series of
// an instrument whether its last row is of the state that its own bars give: with such a series it goes on, else it
// begins one. Where that is not the newest series, the sessions and columns of the newest are written anew beside what
// was asked. The views show an instrument's newest series alone, so that no line and no row of them is of two states,
// and nothing that was in view is lost from it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/steps/indicator/over_lake.h"
#include "lode/io/lake/runs.h"
#include "lode/market/schema.h"

namespace lode::flow {

// The state of prices behind the rows of a column of the axis, bar by bar: XXH3-64 of the state before, the session and
// the bits of open, high, low, close and volume as adjusted. Other bars, other bits, or one bar more or less give
// another state of every session from there on. A session without a close is no bar and changes nothing; any missing
// value is one and the same.
class PriceStates {
 public:
  explicit PriceStates(const LakeBars& bars);
  std::uint64_t after(std::uint64_t before, std::size_t row, std::size_t place) const;

 private:
  const Axis* axis_;
  std::vector<const Panel*> fields_;  // Null where no bar has one
};

// What rows of two runs must share to stand side by side in a view, as JSON: adjustment, as_of, rules.
std::string choice_of(const lake::Run& run);

// The columns of `chosen` as indicator_runs and indicator_series write them: ",sma_5,sma_10,".
std::string filled_of(const LakeWork& work);
// The work that fills these columns: default indicators, or the vote of `work`.
Result<LakeWork> work_of(std::string_view filled, const LakeWork& work);

// What a run writes of each instrument so that its rows stand beside what was kept.
struct SeriesPlan {
  std::vector<std::string> series;  // By column of the axis: what its rows belong to
  // By column, ascending: rows of the series before, where the run's belong to another
  std::vector<std::vector<RowRange>> again;
  LakeWork wide;                   // The columns of those instruments
  std::int64_t widened = 0;        // Instruments of which more is written than was asked
  std::optional<Date> since = {};  // .. and the first session of them
};
// E8003, E8005.
Result<SeriesPlan> plan_series(const LakeBars& bars, const LakeWork& work, const TableSpec& table,
                               const lake::Run& run);
// The plan by which a stored run wrote its rows. E8005.
Result<SeriesPlan> stored_plan(const LakeBars& bars, const LakeWork& work, const lake::Run& run);

// Hands on each block that a run writes, with the work that its columns are of. bars.again is the plan's.
Result<void> each_planned_block(World& world, const LakeBars& bars, const LakeWork& work, const SeriesPlan& plan,
                                const std::function<Result<void>(const LakeWork&, const LakeBlock&)>& take);

// What a run wrote of an instrument.
struct Written {
  Date first, last;
  std::uint64_t state = 0;  // Of the last
};
// Rows of indicator_series for the instruments that have a row.
Batch series_rows(const LakeBars& bars, const LakeWork& work, const SeriesPlan& plan, const lake::Run& run,
                  const std::map<std::uint64_t, Written>& written, Time now);

}  // namespace lode::flow
