// Running a plan: stretches of sessions through the stages, tasks of a stage on every core.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "lode/base/pool.h"
#include "lode/core/expr/engine/plan.h"
#include "lode/core/expr/evaluate.h"

namespace lode::expr::engine {

// How work is cut. No result depends on it.
struct Tiling {
  std::size_t stretch_rows = 0;  // Sessions that go through all stages together; 0: chosen by the panel's width.
  std::size_t cross_bytes = 128 * 1024;  // Of one slot of a cross task: what stays in a core's cache.
};

// Which rows of the fields: read from `begin`, results for [first, end).
struct Rows {
  std::size_t begin = 0;
  std::size_t first = 0;
  std::size_t end = 0;
};

// One panel an output of the plan, of the sessions [first, end). What stands before `begin` counts as missing.
std::vector<Panel> run_rows(const Program& program, const Plan& plan, const Fields& fields, Rows rows,
                            Precision precision, Pool& pool, Tiling tiling);

// One panel an output of the plan. Fields are all there (checked by the caller).
std::vector<Panel> run_plan(const Program& program, const Plan& plan, const Fields& fields, Precision precision,
                            Pool& pool, Tiling tiling);

}  // namespace lode::expr::engine
