// The lane machines read blocks [group of 16 instruments][bar] cut out of the panel: a panel's own rows are far apart
// in memory, and a power of two apart they fight for the same places of the cache. A block holds few bars, is cut once
// for all jobs that read it, and is still in the near caches for the last of them; the machines keep their state from
// one to the next. Where an instrument has gaps, a recursive indicator must not see them: its bars are pushed together
// first.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/panel_run.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>

#include "lode/base/assert.h"
#include "lode/core/indicator/engine/cut.h"
#include "lode/core/indicator/engine/paste.h"
#include "lode/core/indicator/engine/shelf.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kCutLanes = kPasteColumns;
constexpr std::size_t kCutBars = 256;
constexpr std::size_t kGroups = kCutLanes / kBlockLanes;
static_assert(kGroups <= kCutGroups);
constexpr std::size_t kTogether =
    2;  // Jobs that walk over a group before the next group: they find it in the nearest cache.
constexpr std::size_t kLine = 8;  // Doubles of a cache line.
constexpr double kMissingCell = std::numeric_limits<double>::quiet_NaN();

// A rectangle of a panel with `stride` columns: bars [begin, end), instruments [first, first + width).
struct Part {
  std::size_t stride;
  std::size_t begin;
  std::size_t end;
  std::size_t first;
  std::size_t width;
  std::size_t bars() const { return end - begin; }
  std::size_t at(std::size_t bar) const { return (begin + bar) * stride + first; }
};

// Where a group's cells begin in a block: one line more apart than they are long, or all groups would fight for the
// same places of the cache.
std::size_t begin_of(std::size_t group) { return group * (kCutBars * kBlockLanes + kLine); }

// Back into the panel.
void paste(const double* block, const Part& part, double* cells) {
  indicator::paste({block, begin_of(1), part.bars(), part.width}, cells + part.at(0), part.stride);
}

// A rectangle of a panel, cut out.
struct CutBlock {
  Cells cells;
  std::array<bool, kGroups> is_whole = {};  // Of each group, whether all its cells are numbers.
  bool is_cut = false;
  explicit CutBlock(std::size_t count) : cells(count) {}
};

// Blocks cut from panels, each once. What was cut is old after clear(); each panel keeps its place in memory.
class Cuts {
 public:
  explicit Cuts(const Part& part) : part_(part) {}
  void clear(const Part& part) {
    part_ = part;
    for (auto& [panel, block] : blocks_) {
      block.is_cut = false;
    }
  }
  const CutBlock& of(const double* cells) {
    const std::size_t groups = (part_.width + kBlockLanes - 1) / kBlockLanes;
    CutBlock& block = blocks_.try_emplace(cells, std::max(begin_of(groups), part_.bars() * kBlockLanes)).first->second;
    if (!block.is_cut) {
      cut({cells + part_.at(0), part_.stride, part_.bars(), part_.width}, block.cells.data(), begin_of(1),
          block.is_whole);
      block.is_cut = true;
    }
    return block;
  }
  std::vector<const CutBlock*> of(const std::vector<const double*>& inputs) {
    std::vector<const CutBlock*> out(inputs.size());
    std::ranges::transform(inputs, out.begin(), [&](const double* input) { return &of(input); });
    return out;
  }

 private:
  Part part_;
  std::map<const double*, CutBlock> blocks_;  // By the panel they are cut from.
};

// Rows at which every input of a lane is there.
std::vector<std::uint32_t> rows_of(const std::vector<const double*>& inputs, std::size_t rows, std::size_t lane) {
  constexpr double kMost = std::numeric_limits<double>::max();
  std::vector<std::uint32_t> out;
  for (std::size_t t = 0; t < rows; ++t) {
    if (std::ranges::all_of(inputs,
                            [&](const double* input) { return std::abs(input[t * kBlockLanes + lane]) <= kMost; })) {
      out.push_back(static_cast<std::uint32_t>(t));
    }
  }
  return out;
}

// A block whose instruments have gaps, under Missing::kSkip: each instrument's bars are pushed together, computed, and
// what comes out is put back where they stood. Both blocks are [rows][kBlockLanes].
void run_pushed(const Choice& choice, const std::vector<const double*>& inputs, std::vector<Cells>& outputs,
                std::size_t rows) {
  std::array<std::vector<std::uint32_t>, kBlockLanes> at;
  std::size_t most = 0;
  for (std::size_t lane = 0; lane < kBlockLanes; ++lane) {
    at[lane] = rows_of(inputs, rows, lane);
    most = std::max(most, at[lane].size());
  }
  std::vector<Cells> pushed(inputs.size() + outputs.size(), Cells(most * kBlockLanes));
  std::vector<const double*> from;
  std::vector<double*> to;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    from.push_back(pushed[k].data());
    for (std::size_t lane = 0; lane < kBlockLanes; ++lane) {
      double* const lane_cells = pushed[k].data() + lane;
      for (std::size_t i = 0; i < at[lane].size(); ++i) {
        lane_cells[i * kBlockLanes] = inputs[k][at[lane][i] * kBlockLanes + lane];
      }
      for (std::size_t i = at[lane].size(); i < most; ++i) {
        lane_cells[i * kBlockLanes] = kMissingCell;
      }
    }
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    to.push_back(pushed[inputs.size() + k].data());
  }
  Shelf shelf;
  choice.indicator->lanes(choice.setup(), true)
      ->run({from.data(), to.data(), most, kBlockLanes, kBlockLanes, false, &shelf});
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    std::fill_n(outputs[k].data(), rows * kBlockLanes, kMissingCell);
    for (std::size_t lane = 0; lane < kBlockLanes; ++lane) {
      for (std::size_t i = 0; i < at[lane].size(); ++i) {
        outputs[k].data()[at[lane][i] * kBlockLanes + lane] = to[k][i * kBlockLanes + lane];
      }
    }
  }
}

// One job's machines over the groups of kBlockLanes instruments of a part; null where a gap stopped one.
using Machines = std::array<std::unique_ptr<LaneMachine>, kGroups>;

using Shelves = std::array<Shelf, kGroups>;

// What a job reads and writes of a part: pointers to the blocks' beginnings.
struct Blocks {
  std::vector<const CutBlock*> inputs;
  std::vector<double*> outputs;
};

// A stretch of bars of some jobs; `results` has a block for each of their outputs.
void run_some(std::span<const Job> jobs, std::span<Machines> machines, const Part& part, Cuts& cuts, Shelves& shelves,
              std::span<Cells> results) {
  std::vector<Blocks> blocks;
  for (const Job& job : jobs) {
    Blocks& one = blocks.emplace_back(cuts.of(job.inputs));
    for (std::size_t k = 0; k < job.outputs.size(); ++k, results = results.subspan(1)) {
      one.outputs.push_back(results.front().data());
    }
  }
  std::vector<const double*> from;  // Here, for they would be made anew a hundred thousand times.
  std::vector<double*> to;
  for (std::size_t group = 0; group * kBlockLanes < part.width; ++group) {
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      if (!machines[j][group]) {
        continue;
      }
      const auto& [inputs, outputs] = blocks[j];
      from.resize(inputs.size());
      to.resize(outputs.size());
      std::ranges::transform(inputs, from.begin(),
                             [&](const CutBlock* block) { return block->cells.data() + begin_of(group); });
      std::ranges::transform(outputs, to.begin(), [&](double* block) { return block + begin_of(group); });
      const bool is_whole = std::ranges::all_of(inputs, [&](const CutBlock* block) { return block->is_whole[group]; });
      if (!machines[j][group]->run(
              {from.data(), to.data(), part.bars(), kBlockLanes, kBlockLanes, is_whole, &shelves[group]})) {
        machines[j][group].reset();
      }
    }
  }
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    for (std::size_t k = 0; k < blocks[j].outputs.size(); ++k) {
      paste(blocks[j].outputs[k], part, jobs[j].outputs[k]);
    }
  }
}

// The whole history of those groups whose machines a gap stopped.
void run_gaps(std::span<const Job> jobs, std::span<const Machines> machines, const Part& part) {
  for (std::size_t first = 0; first < part.width; first += kBlockLanes) {
    Part one = part;
    one.first = part.first + first;
    one.width = std::min(kBlockLanes, part.width - first);
    Cuts cuts(one);
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      if (machines[j][first / kBlockLanes]) {
        continue;
      }
      std::vector<Cells> outputs(jobs[j].outputs.size(), Cells(one.bars() * kBlockLanes));
      std::vector<const double*> inputs;
      for (const CutBlock* block : cuts.of(jobs[j].inputs)) {
        inputs.push_back(block->cells.data());
      }
      run_pushed(*jobs[j].choice, inputs, outputs, one.bars());
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        paste(outputs[k].data(), one, jobs[j].outputs[k]);
      }
    }
  }
}

void run_part(std::span<const Job> jobs, const Part& part) {
  std::vector<Machines> machines(jobs.size());
  std::size_t most_outputs = 0;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const Choice& choice = *jobs[j].choice;
    for (std::size_t group = 0; group * kBlockLanes < part.width; ++group) {
      machines[j][group] = choice.indicator->lanes(choice.setup(), false);
    }
    most_outputs = std::max(most_outputs, jobs[j].outputs.size());
  }
  std::vector<Cells> results(most_outputs * kTogether, Cells(begin_of(kGroups)));
  Cuts cuts(part);
  Shelves shelves;
  for (std::size_t begin = part.begin; begin < part.end; begin += kCutBars) {
    Part bars = part;
    bars.begin = begin;
    bars.end = std::min(part.end, begin + kCutBars);
    cuts.clear(bars);
    std::ranges::for_each(shelves, [](Shelf& shelf) { shelf.turn(); });
    for (std::size_t j = 0; j < jobs.size(); j += kTogether) {
      const std::size_t count = std::min(kTogether, jobs.size() - j);
      run_some(jobs.subspan(j, count), std::span(machines).subspan(j, count), bars, cuts, shelves, results);
    }
  }
  run_gaps(jobs, machines, part);
  paste_done();
}

}  // namespace

void run_panel(std::span<const Job> jobs, std::size_t rows, std::size_t columns, Pool& pool) {
  for (const Job& job : jobs) {
    LODE_ASSERT(job.inputs.size() == job.choice->spec().inputs.size());
    LODE_ASSERT(job.outputs.size() == job.choice->spec().outputs.size());
  }
  pool.for_each((columns + kCutLanes - 1) / kCutLanes, [&](std::size_t index) {
    const std::size_t first = index * kCutLanes;
    run_part(jobs, {columns, 0, rows, first, std::min(kCutLanes, columns - first)});
  });
}

void run_series(const Job& job, std::size_t rows) {
  LODE_ASSERT(job.inputs.size() == job.choice->spec().inputs.size());
  LODE_ASSERT(job.outputs.size() == job.choice->spec().outputs.size());
  const Setup setup = job.choice->setup();
  job.choice->indicator->series(setup, {job.inputs.data(), job.outputs.data(), rows, 1, 1});
}

}  // namespace lode::indicator
