// Running a plan over whole panels: stretch by stretch through the machine.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/engine/run.h"

#include <algorithm>

#include "lode/core/expr/engine/machine.h"

namespace lode::expr::engine {
namespace {

// A stretch is about this many cells of a field, within these rows: long enough to be worth a dispatch, short enough
// for what crosses between stages to stay in the last cache.
constexpr std::size_t kStretchCells = 256 * 1024;
constexpr std::size_t kLeastStretchRows = 64;
constexpr std::size_t kMostStretchRows = 256;

std::size_t stretch_rows(const Plan& plan, const Axis& axis, const Tiling& tiling) {
  if (plan.reads_ahead) {
    return axis.rows();
  }
  const std::size_t fitting = std::clamp(kStretchCells / axis.columns(), kLeastStretchRows, kMostStretchRows);
  return std::min(tiling.stretch_rows > 0 ? tiling.stretch_rows : fitting, axis.rows());
}

// The axis of the results; that of the fields where these are all of them.
std::shared_ptr<const Axis> sessions_of(const Fields& fields, Rows rows) {
  const Axis& all = fields.axis();
  if (rows.first == 0 && rows.end == all.rows()) {
    return fields.shared_axis();
  }
  auto axis = std::make_shared<Axis>(all);
  const auto part = [&](auto& values) {
    values.assign(values.begin() + static_cast<std::ptrdiff_t>(rows.first),
                  values.begin() + static_cast<std::ptrdiff_t>(rows.end));
  };
  part(axis->sessions);
  part(axis->times);
  return axis;
}

}  // namespace

std::vector<Panel> run_rows(const Program& program, const Plan& plan, const Fields& fields, Rows rows,
                            Precision precision, Pool& pool, Tiling tiling) {
  const std::shared_ptr<const Axis> axis = sessions_of(fields, rows);
  std::vector<Panel> outputs;
  for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
    outputs.push_back(Panel::unwritten(axis, precision));
  }
  if (axis->rows() == 0 || axis->columns() == 0) {
    return outputs;
  }
  const std::size_t stretch = stretch_rows(plan, fields.axis(), tiling);
  const auto machine = make_machine(program, plan, axis->columns(), precision,
                                    {.stretch_rows = stretch, .cross_bytes = tiling.cross_bytes});
  for (std::size_t row = rows.begin; row < rows.end;) {
    const bool is_result = row >= rows.first;
    const std::size_t count = std::min(stretch, (is_result ? rows.end : rows.first) - row);
    machine->advance(fields, row, count, is_result ? std::span(outputs) : std::span<Panel>(),
                     is_result ? row - rows.first : 0, pool);
    row += count;
  }
  return outputs;
}

std::vector<Panel> run_plan(const Program& program, const Plan& plan, const Fields& fields, Precision precision,
                            Pool& pool, Tiling tiling) {
  return run_rows(program, plan, fields, {0, 0, fields.axis().rows()}, precision, pool, tiling);
}

}  // namespace lode::expr::engine
