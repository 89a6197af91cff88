// Many indicators over many instruments: the lane machines, fed in blocks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/indicator/choice.h"

namespace lode::indicator {

// One indicator over a panel, row-major: rows of bars, `columns` instruments; NaN is missing. `inputs` in the order of
// its Spec; each output has rows * columns cells, which this writes all.
struct Job {
  const Choice* choice = nullptr;
  std::vector<const double*> inputs;
  std::vector<double*> outputs;
};

// Runs all jobs, which share what they read. The same bits for any pool, and for any other columns beside one.
void run_panel(std::span<const Job> jobs, std::size_t rows, std::size_t columns, Pool& pool);

// One instrument's history: `inputs` and `outputs` as in a Job, of `rows` cells each.
void run_series(const Job& job, std::size_t rows);

}  // namespace lode::indicator
