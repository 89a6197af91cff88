// Vector kernels that work cell by cell. In all of them an infinite result is missing,
// unless the profile keeps it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/core/expr/kernels/kernel.h"

// X(kernel, functor of elementwise.cpp, the same where a missing operand is false, operands)
#define LODE_ELEMENTWISE_KERNELS(X)              \
  X(add, Add, Add, 2)                            \
  X(sub, Sub, Sub, 2)                            \
  X(mul, Mul, Mul, 2)                            \
  X(div, Div, Div, 2)                            \
  X(neg, Neg, Neg, 1)                            \
  X(abs, Abs, Abs, 1)                            \
  X(sign, Sign, Sign, 1)                         \
  X(sqrt, Sqrt, Sqrt, 1)                         \
  X(floor, Floor, Floor, 1)                      \
  X(ceil, Ceil, Ceil, 1)                         \
  X(round, Round, Round, 1)                      \
  X(min, Min, Min, 2)                            \
  X(max, Max, Max, 2)                            \
  X(clip, Clip, Clip, 3)                         \
  X(lt, Less, PlainLess, 2)                      \
  X(le, LessEqual, PlainLessEqual, 2)            \
  X(gt, Greater, PlainGreater, 2)                \
  X(ge, GreaterEqual, PlainGreaterEqual, 2)      \
  X(eq, Equal, PlainEqual, 2)                    \
  X(ne, Unequal, PlainUnequal, 2)                \
  X(both_true, BothTrue, PlainBothTrue, 2)       \
  X(either_true, EitherTrue, PlainEitherTrue, 2) \
  X(not_true, NotTrue, PlainNotTrue, 1)          \
  X(where, Where, PlainWhere, 3)                 \
  X(is_nan, IsMissing, IsMissing, 1)             \
  X(fill, Fill, Fill, 2)

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
