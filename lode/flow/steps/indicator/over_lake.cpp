// Indicators over a universe: block by block through the lane machines.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/indicator/over_lake.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/indicator/own_bars.h"
#include "lode/core/indicator/panel_run.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/indicator/formula_lake.h"
#include "lode/flow/steps/research/symbols.h"

namespace lode::flow {
namespace {

using indicator::Input;

constexpr std::size_t kBlockBytes = std::size_t{400} << 20;
constexpr std::array<std::string_view, 5> kFields = {"open", "high", "low", "close", "volume"};
constexpr std::size_t kClose = 3;

// The field of an input, as a place in kFields: one series is the close, two are high and low.
std::size_t field_of(const indicator::Spec& spec, Input input) {
  const bool is_pair = std::ranges::find(spec.inputs, Input::kReal2) != spec.inputs.end();
  switch (input) {
    case Input::kOpen:
      return 0;
    case Input::kHigh:
      return 1;
    case Input::kLow:
    case Input::kReal2:
      return 2;
    case Input::kVolume:
      return 4;
    case Input::kReal:
      return is_pair ? 1 : 3;
    default:
      return 3;
  }
}

using Fields = std::array<std::vector<double>, kFields.size()>;

template <class Columns, class Work>
void each(Columns& columns, Pool& pool, const Work& work) {
  pool.for_each(columns.size(), [&](std::size_t k) { work(columns[k]); });
}

// These columns of the panels, side by side.
Fields cut(const LakeBars& bars, std::span<const std::size_t> places) {
  Fields out;
  const bool is_run = places.back() - places.front() + 1 == places.size();
  for (std::size_t k = 0; k < kFields.size(); ++k) {
    const auto found = bars.set.panels.find(std::string(kFields[k]));
    if (found == bars.set.panels.end()) {
      continue;
    }
    const std::size_t rows = bars.set.axis->rows();
    out[k].reserve(rows * places.size());
    for (std::size_t row = 0; row < rows; ++row) {
      const auto cells = found->second.row64(row);
      if (is_run) {
        const auto run = cells.subspan(places.front(), places.size());
        out[k].insert(out[k].end(), run.begin(), run.end());
        continue;
      }
      std::ranges::transform(places, std::back_inserter(out[k]), [&](std::size_t place) { return cells[place]; });
    }
  }
  return out;
}

// Runs `choices` over a block; their outputs, one after another, into `columns`.
void compute(std::span<const indicator::Choice* const> choices, const Fields& fields, std::size_t rows,
             std::size_t width, std::span<OutputColumn> columns, Pool& pool) {
  std::vector<indicator::Job> jobs;
  std::size_t next = 0;
  for (const indicator::Choice* choice : choices) {
    indicator::Job job{.choice = choice, .inputs = {}, .outputs = {}};
    for (const Input input : choice->spec().inputs) {
      job.inputs.push_back(fields[field_of(choice->spec(), input)].data());
    }
    for (std::size_t k = 0; k < choice->spec().outputs.size(); ++k) {
      job.outputs.push_back(columns[next++].values.data());
    }
    jobs.push_back(std::move(job));
  }
  indicator::run_panel(jobs, rows, width, pool);
}

std::vector<OutputColumn> votes_of(const indicator::VoteRules& rules, const Fields& fields, std::size_t rows,
                                   std::size_t width, std::vector<OutputColumn> numbers) {
  std::vector<OutputColumn> out = vote_columns(rows * width);
  for (std::size_t column = 0; column < width; ++column) {
    indicator::Voter voter(rules);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t cell = row * width + column;
      indicator::VoteBar bar{.close = fields[kClose][cell]};
      for (std::size_t k = 0; k < indicator::kVoteInputs; ++k) {
        bar.values[k] = numbers[k].values[cell];
      }
      put_vote(voter.step(bar), cell, out);
    }
  }
  std::ranges::move(numbers, std::back_inserter(out));
  return out;
}

std::vector<OutputColumn> vote_numbers(std::size_t cells) {
  std::vector<OutputColumn> out;
  for (const std::string_view name : vote_input_names()) {
    out.push_back({std::string(name), CellKind::kNumber, std::vector<double>(cells)});
  }
  return out;
}

std::size_t outputs_count(const LakeWork& work) {
  return work.rules ? vote_columns(0).size() + indicator::kVoteInputs : output_columns(work.chosen, 0).size();
}

Result<void> check_inputs(const LakeWork& work) {
  for (const Chosen& one : work.chosen) {
    const auto& inputs = one.choice.spec().inputs;
    const auto more = std::ranges::find_if_not(inputs, indicator::is_of_bars);
    if (more != inputs.end()) {
      return fail(E::E4,
                  fmt::format("{} reads a series of {}s, which daily bars do not have", one.label,
                              *more == Input::kPeriods ? "period" : to_string(*more)),
                  "lode indicator run NAME --data FILE");
    }
  }
  return {};
}

// A short history is not neutral: it has no vote at all, and no run either.
Result<void> check_length(const LakeWork& work, std::size_t sessions) {
  if (!work.rules) {
    return {};
  }
  LODE_TRY(const std::vector<indicator::Choice> choices, indicator::vote_choices(*work.rules));
  int lookback = 0;
  for (const indicator::Choice& choice : choices) {
    lookback = std::max(lookback, choice.lookback());
  }
  if (static_cast<std::size_t>(lookback) + 2 > sessions) {
    return fail(E::E2102,
                fmt::format("vote needs {} sessions before it answers, the bars have {}", lookback + 2, sessions),
                "import a longer history; a short one is not neutral, it has no vote");
  }
  return {};
}

bool reads_volume(const LakeWork& work) {
  return std::ranges::any_of(work.chosen, [](const Chosen& one) {
    const auto& inputs = one.choice.spec().inputs;
    return std::ranges::find(inputs, Input::kVolume) != inputs.end();
  });
}

// With volumes where `is_kept` and any bar has one.
Result<lake::PanelSet> load(const lake::Snapshot& snapshot, lake::PanelRequest request, bool is_kept, Pool& pool) {
  if (is_kept && request.fields.back() != "volume") {
    request.fields.emplace_back("volume");
    Result<lake::PanelSet> whole = lake::load_panels(snapshot, request, pool);
    if (whole || whole.error().number() != E::E1113) {
      return whole;
    }
    request.fields.pop_back();
  }
  return lake::load_panels(snapshot, request, pool);
}

// E2101 where no session is in the range asked for.
Result<void> set_rows(LakeBars& bars, const LakeWish& wish) {
  const std::vector<Date>& sessions = bars.set.axis->sessions;
  const auto begin = wish.from ? std::ranges::lower_bound(sessions, *wish.from) : sessions.begin();
  const auto end = wish.to ? std::ranges::upper_bound(sessions, *wish.to) : sessions.end();
  bars.first_row = static_cast<std::size_t>(begin - sessions.begin());
  bars.end_row = static_cast<std::size_t>(end - sessions.begin());
  if (bars.first_row < bars.end_row) {
    return {};
  }
  std::string range = wish.from ? "from " + to_string(*wish.from) + " on" : "";
  if (wish.to) {
    range += (range.empty() ? "up to " : " and up to ") + to_string(*wish.to);
  }
  return fail(E::E2101, sessions.empty() ? std::string("no session at all")
                                         : fmt::format("no session {}: the bars are of {} to {}", range,
                                                       to_string(sessions.front()), to_string(sessions.back())));
}

}  // namespace

Result<LakeBars> read_lake_bars(World& world, const LakeWish& wish, const LakeWork& work) {
  LODE_CHECK(check_inputs(work));
  LakeBars out;
  out.as_of = wish.as_of;
  LODE_TRY(out.lake, open_lake(world, Wanted::kWriteOrRead));
  LODE_TRY(const lake::Snapshot snapshot, out.lake->snapshot(wish.commit));
  lake::PanelRequest request;
  request.fields = {"open", "high", "low", "close"};
  if (reads_volume(work)) {
    request.fields.emplace_back("volume");
  }
  request.universe = wish.universe;
  request.as_of = wish.as_of;
  request.adjust = wish.adjust;
  LODE_CHECK(begin_phase(world, "reading panels"));
  LODE_TRY(out.set, load(snapshot, std::move(request), wish.is_kept, world.pool));
  LODE_TRY(out.symbols, symbol_names(snapshot, *out.set.axis));
  LODE_CHECK(set_rows(out, wish));
  LODE_CHECK(check_length(work, out.end_row));
  return out;
}

Result<void> each_block(World& world, const LakeBars& bars, const LakeWork& work,
                        const std::function<Result<void>(const LakeBlock&)>& take) {
  std::vector<std::size_t> places(bars.set.axis->columns());
  std::iota(places.begin(), places.end(), std::size_t{0});
  return each_block(world, bars, work, places, take);
}

Result<void> each_block(World& world, const LakeBars& bars, const LakeWork& work, std::span<const std::size_t> places,
                        const std::function<Result<void>(const LakeBlock&)>& take) {
  const std::size_t rows = bars.set.axis->rows();
  const std::size_t all = places.size();
  const std::size_t one = std::max<std::size_t>(1, rows * sizeof(double) * (outputs_count(work) + kFields.size()));
  const std::size_t most = std::max<std::size_t>(indicator::kBlockLanes, kBlockBytes / one);
  std::vector<indicator::Choice> of_vote;
  if (work.rules) {
    LODE_TRY(of_vote, indicator::vote_choices(*work.rules));
  }
  std::vector<const indicator::Choice*> choices;
  for (const indicator::Choice& choice : of_vote) {
    choices.push_back(&choice);
  }
  for (const Chosen& chosen : work.chosen) {
    choices.push_back(&chosen.choice);
  }
  for (std::size_t begin = 0; begin < all; begin += most) {
    LODE_CHECK(begin_phase(world, "computing indicators"));
    const auto cut_out = places.subspan(begin, std::min(most, all - begin));
    LakeBlock block{.places = {cut_out.begin(), cut_out.end()}, .width = cut_out.size(), .columns = {}};
    Fields fields = cut(bars, block.places);
    // The sessions of a universe are those of all its exchanges: each instrument is computed over its own bars alone.
    const indicator::OwnBars own(fields[kClose], rows, block.width);
    each(fields, world.pool, [&](std::vector<double>& cells) { own.push_together(cells); });
    block.columns = work.rules ? vote_numbers(rows * block.width) : output_columns(work.chosen, rows * block.width);
    compute(choices, fields, rows, block.width, block.columns, world.pool);
    if (work.rules) {
      block.columns = votes_of(*work.rules, fields, rows, block.width, std::move(block.columns));
    }
    each(block.columns, world.pool, [&](OutputColumn& column) { own.put_back(column.values); });
    LODE_CHECK(take(block));
  }
  return {};
}

bool is_asked(const LakeBars& bars, std::size_t row, std::size_t place) {
  const bool is_member = bars.set.universe.empty() || bars.set.universe[row * bars.set.axis->columns() + place] != 0;
  return row >= bars.first_row && row < bars.end_row && is_member &&
         !math::is_nan(bars.set.panels.at("close").row64(row)[place]);
}

bool is_written(const LakeBars& bars, const LakeBlock& block, bool is_vote, std::size_t row, std::size_t column) {
  const std::size_t place = block.places[column];
  const auto is_again = [&] {
    return !bars.again.empty() && std::ranges::any_of(bars.again[place], [&](const RowRange& rows) {
      return row >= rows.begin && row < rows.end;
    }) && !math::is_nan(bars.set.panels.at("close").row64(row)[place]);
  };
  return (is_asked(bars, row, place) || is_again()) &&
         (!is_vote || !math::is_nan(block.columns.front().values[row * block.width + column]));
}

Result<Batch> lake_rows(World& world, const LakeBars& bars, const LakeWork& work, const LakeFormulas& formulas) {
  Batch out;
  const Axis& axis = *bars.set.axis;
  const auto add_block = [&](const LakeBlock& block) -> Result<void> {
    Column dates("date", ColumnType::kDate);
    Column symbols("symbol", ColumnType::kText);
    std::vector<Column> columns;
    std::ranges::transform(block.columns, std::back_inserter(columns), &OutputColumn::empty);
    for (const std::string& name : formulas.names()) {
      columns.emplace_back(name, ColumnType::kFloat64);
    }
    const std::size_t computed = block.columns.size();
    for (std::size_t row = bars.first_row; row < bars.end_row; ++row) {
      for (std::size_t column = 0; column < block.width; ++column) {
        if (!is_written(bars, block, work.rules.has_value(), row, column)) {
          continue;
        }
        dates.push(axis.sessions[row]);
        symbols.push(std::string_view(bars.symbols[block.places[column]]));
        for (std::size_t k = computed; k < columns.size(); ++k) {
          push_cell(formulas.at(k - computed, row, block.places[column]), CellKind::kNumber, columns[k]);
        }
        for (std::size_t k = 0; k < computed; ++k) {
          push_cell(block.columns[k].values[row * block.width + column], block.columns[k].kind, columns[k]);
        }
      }
    }
    std::vector<Column> all;
    all.push_back(std::move(dates));
    all.push_back(std::move(symbols));
    std::ranges::move(columns, std::back_inserter(all));
    Batch part(std::move(all));
    out.columns().empty() ? void(out = std::move(part)) : out.append(part);
    return {};
  };
  LODE_CHECK(each_block(world, bars, work, add_block));
  static constexpr std::string_view kOrder[] = {"date", "symbol"};
  return out.columns().empty() ? out : out.take(out.sorted_rows(kOrder));
}

}  // namespace lode::flow
