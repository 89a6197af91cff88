// Sums and means of single sessions, from what was noted of the session before: today's value comes in, the one that
// leaves the window goes out. Nothing of that is rounded, or it is not done. Floats are whole multiples of the last
// place of the smallest of them; where all of a window, added up, are fewer than 2^53 of these, every sum a double may
// take on the way is exact, in any order. Then the noted sum is the one that adding the window up again gives, to the
// bit; else, and where a sum is 0, whose sign depends on the order, the window is added up again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "lode/core/expr/kernels/kernel.h"

namespace lode::expr::kernels {

// What is known of the windows of kLanes instruments. All zero: nothing.
struct SumNotes {
  double sum[kLanes];     // Of the valid values.
  float leaving[kLanes];  // The oldest of them, 0 where it is missing: not in the next session's window.
  float least[kLanes];    // No valid value since the window was last looked at is nearer to 0, 0 itself apart,
  float most[kLanes];     // nor farther from it.
  float seen[kLanes];     // 1 and the valid sessions in a row up to this one.
};

// As Operator::note_bytes and Operator::noting32, of ts_sum and ts_mean.
std::size_t noted_sum_bytes(const KernelArguments& arguments);
std::size_t noted_mean_bytes(const KernelArguments& arguments);
void run_noted_sum(const KernelCall<float>& call, std::span<std::byte> notes);
void run_noted_mean(const KernelCall<float>& call, std::span<std::byte> notes);

}  // namespace lode::expr::kernels
