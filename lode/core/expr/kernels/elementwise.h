// Vector kernels that work cell by cell. In all of them an infinite result is missing.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/expr/kernels/kernel.h"

// X(kernel, functor of elementwise.cpp, operands)
#define LODE_ELEMENTWISE_KERNELS(X) \
  X(add, Add, 2)                    \
  X(sub, Sub, 2)                    \
  X(mul, Mul, 2)                    \
  X(div, Div, 2)                    \
  X(neg, Neg, 1)                    \
  X(abs, Abs, 1)                    \
  X(sign, Sign, 1)                  \
  X(sqrt, Sqrt, 1)                  \
  X(floor, Floor, 1)                \
  X(ceil, Ceil, 1)                  \
  X(round, Round, 1)                \
  X(min, Min, 2)                    \
  X(max, Max, 2)                    \
  X(clip, Clip, 3)                  \
  X(lt, Less, 2)                    \
  X(le, LessEqual, 2)               \
  X(gt, Greater, 2)                 \
  X(ge, GreaterEqual, 2)            \
  X(eq, Equal, 2)                   \
  X(ne, Unequal, 2)                 \
  X(both_true, BothTrue, 2)         \
  X(either_true, EitherTrue, 2)     \
  X(not_true, NotTrue, 1)           \
  X(where, Where, 3)                \
  X(is_nan, IsMissing, 1)           \
  X(fill, Fill, 2)

namespace lode::expr::kernels {

#define LODE_DECLARE(name, ...) Kernel name();
LODE_ELEMENTWISE_KERNELS(LODE_DECLARE)
#undef LODE_DECLARE

// Through base/math: the same bits on every CPU.
Kernel exp();
Kernel log();
Kernel pow();
Kernel signedpower();

}  // namespace lode::expr::kernels
