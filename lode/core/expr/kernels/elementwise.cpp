// Vector kernels that work cell by cell: one functor each, one driver for all.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/elementwise.h"

#include "lode/core/expr/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/expr/kernels/elementwise.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lode/core/expr/kernels/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {
namespace {

// 1 or 0, missing where an operand is.
template <class N>
HWY_INLINE N truth(typename N::Mask is_true, typename N::Mask is_missing) {
  return select<N>(is_missing, missing<N>(), select<N>(is_true, N::set(1.0), N::set(0.0)));
}
template <class N>
HWY_INLINE typename N::Mask either_nan(N x, N y) {
  return either<N>(is_nan(x), is_nan(y));
}

struct Add {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return x + y;
  }
};
struct Sub {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return x - y;
  }
};
struct Mul {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return x * y;
  }
};
struct Div {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return x / y;
  }
};
struct Neg {
  template <class N>
  static HWY_INLINE N run(N x) {
    return -x;
  }
};
struct Abs {
  template <class N>
  static HWY_INLINE N run(N x) {
    return abs(x);
  }
};
struct Sign {
  template <class N>
  static HWY_INLINE N run(N x) {
    const N zero = N::set(0.0);
    const N below = select<N>(less(x, zero), N::set(-1.0), zero);
    return select<N>(is_nan(x), x, select<N>(less(zero, x), N::set(1.0), below));
  }
};
struct Sqrt {
  template <class N>
  static HWY_INLINE N run(N x) {
    return sqrt(x);
  }
};
struct Floor {
  template <class N>
  static HWY_INLINE N run(N x) {
    return floor(x);
  }
};
struct Ceil {
  template <class N>
  static HWY_INLINE N run(N x) {
    return ceil(x);
  }
};
// Adding 2^52 (2^23) to a magnitude below it drops the fraction, half to even; larger magnitudes have none.
struct Round {
  template <class N>
  static HWY_INLINE N run(N x) {
    const N whole = N::set(sizeof(typename N::T) == 8 ? 0x1p52 : 0x1p23);
    const N size = abs(x);
    const N rounded = (size + whole) - whole;
    return select<N>(less(size, whole), select<N>(less(x, N::set(0.0)), -rounded, rounded), x);
  }
};
struct Min {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return select<N>(either_nan(x, y), missing<N>(), smaller(x, y));
  }
};
struct Max {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return select<N>(either_nan(x, y), missing<N>(), larger(x, y));
  }
};
struct Clip {
  template <class N>
  static HWY_INLINE N run(N x, N low, N high) {
    return Min::run(Max::run(x, low), high);
  }
};
struct Less {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return truth<N>(less(x, y), either_nan(x, y));
  }
};
struct LessEqual {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return truth<N>(less_equal(x, y), either_nan(x, y));
  }
};
struct Greater {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return Less::run(y, x);
  }
};
struct GreaterEqual {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return LessEqual::run(y, x);
  }
};
struct Equal {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return truth<N>(equal(x, y), either_nan(x, y));
  }
};
struct Unequal {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return truth<N>(unequal(x, y), either_nan(x, y));
  }
};
struct BothTrue {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    const N zero = N::set(0.0);
    return truth<N>(both<N>(unequal(x, zero), unequal(y, zero)), either_nan(x, y));
  }
};
struct EitherTrue {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    const N zero = N::set(0.0);
    return truth<N>(either<N>(unequal(x, zero), unequal(y, zero)), either_nan(x, y));
  }
};
struct NotTrue {
  template <class N>
  static HWY_INLINE N run(N x) {
    return truth<N>(equal(x, N::set(0.0)), is_nan(x));
  }
};
// The same where a missing operand is false.
template <class N>
HWY_INLINE N plain_truth(typename N::Mask is_true) {
  return select<N>(is_true, N::set(1.0), N::set(0.0));
}
template <class N>
HWY_INLINE typename N::Mask is_true(N x) {
  return both<N>(less_equal(N::set(0.0), abs(x)), unequal(x, N::set(0.0)));  // Unequal alone holds for NaN too.
}
struct PlainLess {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(less(x, y));
  }
};
struct PlainLessEqual {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(less_equal(x, y));
  }
};
struct PlainGreater {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(less(y, x));
  }
};
struct PlainGreaterEqual {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(less_equal(y, x));
  }
};
struct PlainEqual {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(equal(x, y));
  }
};
struct PlainUnequal {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(unequal(x, y));
  }
};
struct PlainBothTrue {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(both<N>(is_true(x), is_true(y)));
  }
};
struct PlainEitherTrue {
  template <class N>
  static HWY_INLINE N run(N x, N y) {
    return plain_truth<N>(either<N>(is_true(x), is_true(y)));
  }
};
struct PlainNotTrue {
  template <class N>
  static HWY_INLINE N run(N x) {
    return select<N>(is_true(x), N::set(0.0), N::set(1.0));
  }
};
struct PlainWhere {
  template <class N>
  static HWY_INLINE N run(N condition, N yes, N no) {
    return select<N>(is_true(condition), yes, no);
  }
};

struct Where {
  template <class N>
  static HWY_INLINE N run(N condition, N yes, N no) {
    return select<N>(is_nan(condition), missing<N>(), select<N>(equal(condition, N::set(0.0)), no, yes));
  }
};
struct IsMissing {
  template <class N>
  static HWY_INLINE N run(N x) {
    return select<N>(is_nan(x), N::set(1.0), N::set(0.0));
  }
};
struct Fill {
  template <class N>
  static HWY_INLINE N run(N x, N value) {
    return select<N>(is_nan(x), value, x);
  }
};

// Where an operand's cells begin; `step` is all ones, or 0 for a literal: its cells are all the same.
template <class T>
struct Source {
  const T* cells;
  std::size_t step;
  HWY_INLINE const T* at(std::size_t i) const { return cells + (i & step); }
};

template <class Functor, int kOperands, class N>
HWY_INLINE N apply(const Source<typename N::T>* from, std::size_t at) {
  if constexpr (kOperands == 1) {
    return Functor::run(N::load(from[0].at(at)));
  } else if constexpr (kOperands == 2) {
    return Functor::run(N::load(from[0].at(at)), N::load(from[1].at(at)));
  } else {
    return Functor::run(N::load(from[0].at(at)), N::load(from[1].at(at)), N::load(from[2].at(at)));
  }
}

// One run of cells: whole registers, then lane by lane. What is beyond `most` is missing.
template <class Functor, int kOperands, class T>
void run_cells(const Source<T>* from, T* to, std::size_t count, T most) {
  using Wide = Single<hn::ScalableTag<T>>;
  using One = Single<hn::CappedTag<T, 1>>;
  std::size_t i = 0;
  for (; i + Wide::kCount <= count; i += Wide::kCount) {
    within(apply<Functor, kOperands, Wide>(from, i), Wide::set(most)).store(to + i);
  }
  for (; i < count; ++i) {
    within(apply<Functor, kOperands, One>(from, i), One::set(most)).store(to + i);
  }
}

template <class Functor, int kOperands, class T>
void elementwise(const KernelCall<T>& call) {
  const Tile<T>& out = call.out;
  bool dense = out.stride == out.width;
  std::size_t steps[kOperands];
  for (std::size_t operand = 0; operand < kOperands; ++operand) {
    const std::size_t stride = call.operands[operand].stride;
    steps[operand] = stride == 0 ? 0 : ~std::size_t{0};
    dense = dense && (stride == 0 || stride == out.width);
  }
  const T most = most_stored<T>(call.arguments);
  const std::size_t runs = dense ? 1 : out.rows;
  const std::size_t cells = dense ? out.rows * out.width : out.width;
  for (std::size_t row = 0; row < runs; ++row) {
    Source<T> from[kOperands];
    for (std::size_t operand = 0; operand < kOperands; ++operand) {
      from[operand] = {call.operands[operand].row(row + call.history), steps[operand]};
    }
    run_cells<Functor, kOperands>(from, out.row(row), cells, most);
  }
}

// `Plain` is the functor where a missing operand is false.
template <class Functor, class Plain, int kOperands, class T>
void by_profile(const KernelCall<T>& call) {
  if (missing_is_false(call.arguments)) {
    elementwise<Plain, kOperands>(call);
  } else {
    elementwise<Functor, kOperands>(call);
  }
}

}  // namespace

#define LODE_DEFINE(name, Functor, Plain, operands)                                            \
  void name##32(const KernelCall<float>& call) { by_profile<Functor, Plain, operands>(call); } \
  void name##64(const KernelCall<double>& call) { by_profile<Functor, Plain, operands>(call); }
LODE_ELEMENTWISE_KERNELS(LODE_DEFINE)
#undef LODE_DEFINE

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::expr::kernels {

#define LODE_EXPORT(name, ...)                   \
  HWY_EXPORT(name##32);                          \
  HWY_EXPORT(name##64);                          \
  Kernel name() {                                \
    return {[](const KernelCall<float>& call) {  \
              HWY_DYNAMIC_DISPATCH(name##32)     \
              (call);                            \
            },                                   \
            [](const KernelCall<double>& call) { \
              HWY_DYNAMIC_DISPATCH(name##64)     \
              (call);                            \
            }};                                  \
  }
LODE_ELEMENTWISE_KERNELS(LODE_EXPORT)
#undef LODE_EXPORT

}  // namespace lode::expr::kernels
#endif  // HWY_ONCE
