// The lane machines read blocks [bar][64 instruments] cut out of the panel: a panel's own rows are far apart in memory,
// and a power of two apart they fight for the same places of the cache. A block is cut once for all jobs that read it.
// Where an instrument has gaps, a recursive indicator must not see them: its bars are then pushed together first.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/panel_run.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>

#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "lode/base/assert.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kCutLanes = 4 * kBlockLanes;
constexpr std::size_t kLine = 8;  // Doubles of a cache line.
constexpr double kMissingCell = std::numeric_limits<double>::quiet_NaN();

// Instruments [first, first + width) of a panel.
struct Part {
  std::size_t rows;
  std::size_t columns;
  std::size_t first;
  std::size_t width;
};

// The part's cells as a block [bar][kCutLanes]; instruments beyond the panel are missing.
void cut(const double* cells, const Part& part, double* block) {
  for (std::size_t t = 0; t < part.rows; ++t, block += kCutLanes) {
    const double* row = cells + t * part.columns + part.first;
    std::copy_n(row, part.width, block);
    std::fill(block + part.width, block + kCutLanes, kMissingCell);
  }
}

// Back into the panel. Whole lines go past the caches: nobody here reads them again, and a line that is written through
// the cache is read from memory first.
void paste(const double* block, const Part& part, double* cells) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<double, kLine> some;
  constexpr std::size_t kStep = hn::MaxLanes(some);
  for (std::size_t t = 0; t < part.rows; ++t, block += kCutLanes) {
    double* row = cells + t * part.columns + part.first;
    const std::size_t behind = reinterpret_cast<std::uintptr_t>(row) / sizeof(double) % kLine;
    const std::size_t begin = std::min(part.width, (kLine - behind) % kLine);
    const std::size_t end = begin + (part.width - begin) / kLine * kLine;
    std::copy_n(block, begin, row);
    for (std::size_t k = begin; k < end; k += kStep) {
      hn::Stream(hn::LoadU(some, block + k), some, row + k);
    }
    std::copy(block + end, block + part.width, row + end);
  }
  hwy::FlushStream();
}

// Rows at which every input of a lane is there.
std::vector<std::uint32_t> rows_of(const std::vector<const double*>& inputs, std::size_t rows, std::size_t lane) {
  constexpr double kMost = std::numeric_limits<double>::max();
  std::vector<std::uint32_t> out;
  for (std::size_t t = 0; t < rows; ++t) {
    if (std::ranges::all_of(inputs,
                            [&](const double* input) { return std::abs(input[t * kCutLanes + lane]) <= kMost; })) {
      out.push_back(static_cast<std::uint32_t>(t));
    }
  }
  return out;
}

// A block whose instruments have gaps, under Missing::kSkip: each instrument's bars are pushed together, computed, and
// what comes out is put back where they stood.
void run_pushed(const Choice& choice, const std::vector<const double*>& inputs, const std::vector<double*>& outputs,
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
      for (std::size_t i = 0; i < at[lane].size(); ++i) {
        pushed[k].data()[i * kBlockLanes + lane] = inputs[k][at[lane][i] * kCutLanes + lane];
      }
    }
  }
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    to.push_back(pushed[inputs.size() + k].data());
  }
  const Setup setup = choice.setup();
  choice.indicator->lanes({&setup, from.data(), to.data(), most, kBlockLanes, kBlockLanes, true});
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    for (std::size_t lane = 0; lane < kBlockLanes; ++lane) {
      for (std::size_t t = 0; t < rows; ++t) {
        outputs[k][t * kCutLanes + lane] = kMissingCell;
      }
      for (std::size_t i = 0; i < at[lane].size(); ++i) {
        outputs[k][at[lane][i] * kCutLanes + lane] = to[k][i * kBlockLanes + lane];
      }
    }
  }
}

void run_block(const Choice& choice, std::vector<const double*> inputs, std::vector<double*> outputs,
               const Part& part) {
  const Setup setup = choice.setup();
  for (std::size_t lane = 0; lane < part.width; lane += kBlockLanes) {
    if (!choice.indicator->lanes({&setup, inputs.data(), outputs.data(), part.rows, kCutLanes, kCutLanes})) {
      run_pushed(choice, inputs, outputs, part.rows);
    }
    std::ranges::for_each(inputs, [](const double*& input) { input += kBlockLanes; });
    std::ranges::for_each(outputs, [](double*& output) { output += kBlockLanes; });
  }
}

void run_part(std::span<const Job> jobs, const Part& part) {
  std::map<const double*, Cells> blocks;  // By the panel they are cut from.
  std::vector<Cells> results;
  for (const Job& job : jobs) {
    std::vector<const double*> inputs;
    for (const double* input : job.inputs) {
      const auto [block, is_new] = blocks.try_emplace(input);
      if (is_new) {
        block->second = Cells(part.rows * kCutLanes);
        cut(input, part, block->second.data());
      }
      inputs.push_back(block->second.data());
    }
    std::vector<double*> outputs;
    while (results.size() < job.outputs.size()) {
      results.emplace_back(part.rows * kCutLanes);
    }
    for (std::size_t k = 0; k < job.outputs.size(); ++k) {
      outputs.push_back(results[k].data());
    }
    run_block(*job.choice, inputs, outputs, part);
    for (std::size_t k = 0; k < job.outputs.size(); ++k) {
      paste(results[k].data(), part, job.outputs[k]);
    }
  }
}

}  // namespace

void run_panel(std::span<const Job> jobs, std::size_t rows, std::size_t columns, Pool& pool) {
  for (const Job& job : jobs) {
    LODE_ASSERT(job.inputs.size() == job.choice->spec().inputs.size());
    LODE_ASSERT(job.outputs.size() == job.choice->spec().outputs.size());
  }
  pool.for_each((columns + kCutLanes - 1) / kCutLanes, [&](std::size_t index) {
    const std::size_t first = index * kCutLanes;
    run_part(jobs, {rows, columns, first, std::min(kCutLanes, columns - first)});
  });
}

void run_series(const Job& job, std::size_t rows) {
  LODE_ASSERT(job.inputs.size() == job.choice->spec().inputs.size());
  LODE_ASSERT(job.outputs.size() == job.choice->spec().outputs.size());
  const Setup setup = job.choice->setup();
  job.choice->indicator->series({&setup, job.inputs.data(), job.outputs.data(), rows, 1, 1});
}

}  // namespace lode::indicator
