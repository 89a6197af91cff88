// Operators around a Spec and a kernel, one maker a shape.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/ops/parts.h"

#include <algorithm>

#include "lode/core/expr/kernels/lag.h"
#include "lode/core/expr/kernels/section.h"

namespace lode::expr::ops {
namespace {

Operator make(Spec spec, std::string_view family, Shape shape, kernels::Kernel kernel) {
  Operator op;
  op.spec = std::move(spec);
  op.spec.family = family;
  op.spec.shape = shape;
  op.run32 = kernel.run32;
  op.run64 = kernel.run64;
  return op;
}

}  // namespace

OptionSpec min_periods() { return {"min_periods", {}, 0.0, 1.0}; }
OptionSpec ties() { return {"ties", {"average", "min", "max", "first"}, 0.0}; }
OptionSpec pct() { return {"pct", {"false", "true"}, 1.0}; }

Operator reviving(Operator op) {
  op.revives = true;
  return op;
}

Operator elementwise(Spec spec, kernels::Kernel kernel) {
  return make(std::move(spec), "elementwise", Shape::kElementwise, kernel);
}

Operator series(Spec spec, kernels::Kernel kernel, int (*lookback)(const KernelArguments&)) {
  Operator op = make(std::move(spec), "series", Shape::kSeries, kernel);
  op.lookback = lookback;
  return op;
}

Operator window(Spec spec, kernels::Kernel kernel) {
  Operator op = make(std::move(spec), "series", Shape::kSeries, kernel);
  op.lookback = [](const KernelArguments& arguments) { return kernels::window_days(arguments) - 1; };
  op.scratch_bytes = kernels::window_scratch_bytes;
  return op;
}

Operator noting(Operator op, std::size_t (*note_bytes)(const KernelArguments&),
                void (*noting32)(const KernelCall<float>&, std::span<std::byte>)) {
  op.note_bytes = note_bytes;
  op.noting32 = noting32;
  return op;
}

Operator lag(Spec spec, kernels::Kernel kernel) { return series(std::move(spec), kernel, kernels::window_days); }

Operator recursive(Spec spec, kernels::Kernel kernel) {
  Operator op = make(std::move(spec), "series", Shape::kSeries, kernel);
  op.spec.recursive = true;
  op.state = kernels::kRecursiveState;
  // What warm-up costs; the kernel itself reads no earlier row.
  op.lookback = [](const KernelArguments& arguments) { return std::max(0, kernels::window_days(arguments) - 1); };
  return op;
}

Operator cross_section(Spec spec, kernels::Kernel kernel) {
  Operator op = make(std::move(spec), "cross-section", Shape::kCross, kernel);
  op.scratch_bytes = kernels::section_scratch_bytes;
  return op;
}

}  // namespace lode::expr::ops
