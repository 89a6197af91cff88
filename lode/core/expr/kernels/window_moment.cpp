// Window kernels of moments and regressions: two passes, deviations from the exact mean of the window. A constant
// window has deviations of exactly 0, so its variance, covariances and slope are exactly 0.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/targets.h"
#include "lode/core/expr/kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/expr/kernels/window_moment.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "lode/core/expr/kernels/window-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {
namespace {

struct OneOperand {
  static constexpr int kOperands = 1;
  static constexpr bool kNeedsToday = false;
  static constexpr bool kExact = false;
  static constexpr bool kReadsRows = false;
  static constexpr std::size_t kRegisters = 4;
};
// Of many variables, which must not fill all registers.
struct OneTrend : OneOperand {
  static constexpr std::size_t kRegisters = 2;
};
struct TwoOperands : OneTrend {
  static constexpr int kOperands = 2;
};

// The three columns a window has.
struct TakeX {
  template <class N, class W>
  static HWY_INLINE N at(const W& window, int k) {
    return window.x(k);
  }
  template <class N, class W>
  static HWY_INLINE N first(const W& window) {
    return window.first_x();
  }
};
struct TakeY {
  template <class N, class W>
  static HWY_INLINE N at(const W& window, int k) {
    return window.y(k);
  }
  template <class N, class W>
  static HWY_INLINE N first(const W& window) {
    return window.first_y();
  }
};
struct TakePosition {
  template <class N, class W>
  static HWY_INLINE N at(const W& window, int k) {
    return window.position(k);
  }
  template <class N, class W>
  static HWY_INLINE N first(const W& window) {
    return window.first_position();
  }
};

// From the oldest value, so that a constant has exactly its mean.
template <class Take, class N, class W>
HWY_INLINE N mean_of(const W& window) {
  const N first = Take::template first<N>(window);
  N sum = N::set(0.0);
  for (int k = window.after_first(); k < window.days(); ++k) {
    sum = window.keep(k, sum + (Take::template at<N>(window, k) - first), sum);
  }
  return first + sum / window.count();
}

template <class Take, class N, class W>
HWY_INLINE N squares_of(const W& window, N mean) {
  N sum = N::set(0.0);
  for (int k = window.begin(); k < window.days(); ++k) {
    const N deviation = Take::template at<N>(window, k) - mean;
    sum = window.keep(k, sum + deviation * deviation, sum);
  }
  return sum;
}

// Means and sums of products of deviations of two columns, in one pass over deviations from the oldest values. Being of
// the window, these bound what the correction by the mean can cancel: at most a factor of the window's length, some ten
// bits at the longest. Deviations of a constant column are exactly 0, and so is every sum with it.
template <class N>
struct Pairwise {
  N x_mean;
  N y_mean;
  N xx;
  N yy;
  N xy;
};
template <class TakeA, class TakeB, class N, class W>
HWY_INLINE Pairwise<N> pairwise(const W& window) {
  const N x_first = TakeA::template first<N>(window);
  const N y_first = TakeB::template first<N>(window);
  const N zero = N::set(0.0);
  N x_sum = zero;
  N y_sum = zero;
  N xx = zero;
  N yy = zero;
  N xy = zero;
  for (int k = window.after_first(); k < window.days(); ++k) {
    // A missing row deviates by nothing.
    const N x = window.keep(k, TakeA::template at<N>(window, k) - x_first, zero);
    const N y = window.keep(k, TakeB::template at<N>(window, k) - y_first, zero);
    x_sum = x_sum + x;
    y_sum = y_sum + y;
    xx = xx + x * x;
    yy = yy + y * y;
    xy = xy + x * y;
  }
  const N count = window.count();
  const N x_shift = x_sum / count;
  const N y_shift = y_sum / count;
  return {x_first + x_shift, y_first + y_shift, xx - x_sum * x_shift, yy - y_sum * y_shift, xy - x_sum * y_shift};
}

// True where every value of the column equals the oldest.
template <class Take, class N, class W>
HWY_INLINE typename N::Mask is_constant(const W& window) {
  const N first = Take::template first<N>(window);
  N least = first;
  N most = first;
  for (int k = window.after_first(); k < window.days(); ++k) {
    const N value = window.keep(k, Take::template at<N>(window, k), first);
    least = smaller(least, value);
    most = larger(most, value);
  }
  return equal(least, most);
}

struct MeanAbsoluteDeviation : OneOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const N mean = mean_of<TakeX, N>(window);
    N sum = N::set(0.0);
    for (int k = window.begin(); k < window.days(); ++k) {
      sum = window.keep(k, sum + abs(window.x(k) - mean), sum);
    }
    return sum / window.count();
  }
};

// What a sum of squared deviations is divided by: one less than the values, or their number by the profile.
template <class N>
HWY_INLINE N degrees(N count, const KernelArguments& arguments) {
  return arguments.profile != nullptr && arguments.profile->deviations_by_n ? count : count - N::set(1.0);
}

// One value: 0 / 0, missing.
struct Variance : OneOperand {
  static constexpr bool spreads_missing(const KernelArguments&) { return true; }
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    return squares_of<TakeX, N>(window, mean_of<TakeX, N>(window)) / degrees(window.count(), arguments);
  }
};

struct Deviation : OneOperand {
  static constexpr bool spreads_missing(const KernelArguments&) { return true; }
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    return sqrt(Variance::run<N>(window, arguments));
  }
};

struct ZScore : OneOperand {
  static constexpr bool kNeedsToday = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N mean = mean_of<TakeX, N>(window);
    const N variance = squares_of<TakeX, N>(window, mean) / degrees(window.count(), arguments);
    return (window.x(window.days() - 1) - mean) / sqrt(variance);
  }
};

// Sum of the powers of z; 0 / 0, a constant window, is missing.
template <int kPower, class N, class W>
HWY_INLINE N standard_powers(const W& window) {
  const N mean = mean_of<TakeX, N>(window);
  const N deviation = sqrt(squares_of<TakeX, N>(window, mean) / (window.count() - N::set(1.0)));
  N sum = N::set(0.0);
  for (int k = window.begin(); k < window.days(); ++k) {
    const N z = (window.x(k) - mean) / deviation;
    const N square = z * z;
    sum = window.keep(k, sum + (kPower == 3 ? square * z : square * square), sum);
  }
  return sum;
}

// Fisher's G1 and G2 (Joanes and Gill 1998, equations 3 and 5).
struct Skew : OneOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const N n = window.count();
    const N one = N::set(1.0);
    const N two = N::set(2.0);
    const N skew = n / ((n - one) * (n - two)) * standard_powers<3, N>(window);
    return select<N>(less(n, N::set(3.0)), missing<N>(), skew);
  }
};
struct Kurtosis : OneOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const N n = window.count();
    const N one = N::set(1.0);
    const N two = N::set(2.0);
    const N three = N::set(3.0);
    const N scale = n * (n + one) / ((n - one) * (n - two) * (n - three));
    const N shift = three * (n - one) * (n - one) / ((n - two) * (n - three));
    return select<N>(less(n, N::set(4.0)), missing<N>(), scale * standard_powers<4, N>(window) - shift);
  }
};

struct Covariance : TwoOperands {
  static constexpr bool spreads_missing(const KernelArguments&) { return true; }
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const N x_mean = mean_of<TakeX, N>(window);
    const N y_mean = mean_of<TakeY, N>(window);
    N sum = N::set(0.0);
    for (int k = window.begin(); k < window.days(); ++k) {
      sum = window.keep(k, sum + (window.x(k) - x_mean) * (window.y(k) - y_mean), sum);
    }
    return sum / (window.count() - N::set(1.0));
  }
};

// sqrt(xx * yy), by two roots where the product would leave the range of doubles.
template <class N>
HWY_INLINE N root_of_product(N xx, N yy) {
  const N product = xx * yy;
  const N root = sqrt(product);
  const typename N::Mask beyond = either<N>(less_equal(product, N::set(1e-280)), less_equal(N::set(1e300), product));
  return none<N>(beyond) ? root : select<N>(beyond, sqrt(xx) * sqrt(yy), root);
}

ConstantCorrelation constant_rule(const KernelArguments& arguments) {
  return arguments.profile == nullptr ? ConstantCorrelation::kMissing : arguments.profile->constant_correlation;
}

bool constant_is_zero(const KernelArguments& arguments) {
  return constant_rule(arguments) == ConstantCorrelation::kZero ||
         (arguments.options.size() > 1 && arguments.options[1] == 1.0);
}

// True where the standard deviation behind `squares` is near 0, for profiles that call such a window constant.
template <class N>
HWY_INLINE typename N::Mask is_near_constant(N squares, N count) {
  return less_equal(sqrt(squares / (count - N::set(1.0))), N::set(kNearlyConstant));
}

// A correlation that rounding alone keeps from 1: the sums of `count` products are off by some roundings, of `unit`, of
// each. So that windows that lie on a line tie, as two of two sessions always do.
template <class N>
HWY_INLINE N whole_where_collinear(N ratio, N count, double unit) {
  const N one = N::set(1.0);
  const N whole = select<N>(less(ratio, N::set(0.0)), -one, one);
  return select<N>(less_equal(one - N::set(4.0 * unit) * count, abs(ratio)), whole, ratio);
}

constexpr double kDoubleUnit = 0x1p-53;
constexpr double kFloatUnit = 0x1p-24;

// Option 1 is `const`: 1 gives 0 for a constant window, as the profile may. One value is missing.
struct Correlation : TwoOperands {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const Pairwise<N> sums = pairwise<TakeX, TakeY, N>(window);
    const N zero = N::set(0.0);
    const N ratio = sums.xy / root_of_product(sums.xx, sums.yy);
    N clipped = whole_where_collinear(ratio, window.count(), kDoubleUnit);
    if (constant_rule(arguments) == ConstantCorrelation::kMissingWhenNear) {
      const N count = window.count();
      const typename N::Mask is_near = either<N>(is_near_constant(sums.xx, count), is_near_constant(sums.yy, count));
      clipped = select<N>(is_near, missing<N>(), clipped);
    }
    // Deviations of a constant window are exactly 0, but so may be the squares of very small ones.
    const typename N::Mask may_be_constant = either<N>(equal(sums.xx, zero), equal(sums.yy, zero));
    if (none<N>(may_be_constant)) {
      return clipped;
    }
    const N of_constant =
        constant_is_zero(arguments) ? select<N>(less(N::set(1.0), window.count()), zero, missing<N>()) : missing<N>();
    const typename N::Mask constant = either<N>(is_constant<TakeX, N>(window), is_constant<TakeY, N>(window));
    return select<N>(constant, of_constant, select<N>(may_be_constant, missing<N>(), clipped));
  }
};

// Sums of squares of floats within these have lost nothing to the range of floats.
constexpr double kLeastFloatSquares = 1e-28;
constexpr double kMostFloatSquares = 1e36;

// The correlation of floats, summed in floats in two passes: first the means, then the products of what these leave of
// the deviations from the oldest values, which are mostly exact. Nothing of weight cancels, so it is off by at most
// 4 days roundings of a float. Windows that are constant or beyond the range of floats go through doubles.
struct FloatCorrelation : TwoOperands {
  static bool spreads_missing(const KernelArguments& arguments) { return !constant_is_zero(arguments); }
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N zero = N::set(0.0);
    const N x_first = window.first_x();
    const N y_first = window.first_y();
    N x_sum = zero;
    N y_sum = zero;
    for (int k = window.after_first(); k < window.days(); ++k) {
      x_sum = window.keep(k, x_sum + (window.x(k) - x_first), x_sum);
      y_sum = window.keep(k, y_sum + (window.y(k) - y_first), y_sum);
    }
    const N count = window.count();
    const N x_shift = x_sum / count;
    const N y_shift = y_sum / count;
    N xx = zero;
    N yy = zero;
    N xy = zero;
    for (int k = window.begin(); k < window.days(); ++k) {
      const N x = window.keep(k, (window.x(k) - x_first) - x_shift, zero);
      const N y = window.keep(k, (window.y(k) - y_first) - y_shift, zero);
      xx = xx + x * x;
      yy = yy + y * y;
      xy = xy + x * y;
    }
    N result = whole_where_collinear(xy / (sqrt(xx) * sqrt(yy)), count, kFloatUnit);
    if (constant_rule(arguments) == ConstantCorrelation::kMissingWhenNear) {
      const typename N::Mask is_near = either<N>(is_near_constant(xx, count), is_near_constant(yy, count));
      result = select<N>(is_near, missing<N>(), result);
    }
    // Deviations that overflow leave NaN in the squares, but an infinite sum; a gap leaves NaN in both.
    const N most = N::set(kMostFloatSquares);
    const typename N::Mask has_burst = either<N>(less(most, abs(x_sum)), less(most, abs(y_sum)));
    const typename N::Mask is_beyond = either<N>(either<N>(is_outside_floats(xx), is_outside_floats(yy)), has_burst);
    return none<N>(is_beyond) ? result : select<N>(is_beyond, of_doubles<N>(window, arguments), result);
  }

 private:
  template <class N>
  static HWY_INLINE typename N::Mask is_outside_floats(N squares) {
    return either<N>(less(squares, N::set(kLeastFloatSquares)), less(N::set(kMostFloatSquares), squares));
  }

  template <class N, class W>
  static HWY_NOINLINE N of_doubles(const W& window, const KernelArguments& arguments) {
    using Wide = Lanes<double>;
    static_assert(N::kWidth % Wide::kWidth == 0);
    float cells[N::kCount];
    for (std::size_t row = 0; row < N::kRows; ++row) {
      for (std::size_t lane = 0; lane < N::kWidth; lane += Wide::kWidth) {
        const auto part = window.template part<Wide>(row, lane);
        Correlation::run<Wide>(part, arguments).store_rows(cells + row * N::kWidth + lane, 0);
      }
    }
    return N::load(cells);
  }
};

// Least squares of the first operand on the second, with intercept; a constant second operand: 0 / 0, missing.
struct Beta : TwoOperands {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const Pairwise<N> sums = pairwise<TakeY, TakeX, N>(window);
    return sums.xy / sums.xx;
  }
};
struct Intercept : TwoOperands {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const Pairwise<N> sums = pairwise<TakeY, TakeX, N>(window);
    return sums.y_mean - sums.xy / sums.xx * sums.x_mean;
  }
};
struct RegressionResidual : TwoOperands {
  static constexpr bool kNeedsToday = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const Pairwise<N> sums = pairwise<TakeY, TakeX, N>(window);
    const int today = window.days() - 1;
    return (window.x(today) - sums.y_mean) - sums.xy / sums.xx * (window.y(today) - sums.x_mean);
  }
};

// Least squares on calendar positions. A single value is a constant window: slope 0, but 0 / 0 in qlib.
template <class N>
HWY_INLINE N slope_of(const Pairwise<N>& sums, N count, const KernelArguments& arguments) {
  const N slope = sums.xy / sums.xx;
  return skips_missing(arguments) ? slope : select<N>(less(N::set(1.0), count), slope, N::set(0.0));
}
struct Slope : OneTrend {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    return slope_of(pairwise<TakePosition, TakeX, N>(window), window.count(), arguments);
  }
};
struct RSquare : OneTrend {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const Pairwise<N> sums = pairwise<TakePosition, TakeX, N>(window);
    const N share = sums.xy / root_of_product(sums.xx, sums.yy);
    N clipped = select<N>(less(N::set(1.0), share * share), N::set(1.0), share * share);
    if (constant_rule(arguments) == ConstantCorrelation::kMissingWhenNear) {
      clipped = select<N>(is_near_constant(sums.yy, window.count()), missing<N>(), clipped);
    }
    return select<N>(equal(sums.yy, N::set(0.0)), missing<N>(), clipped);
  }
};
struct TrendResidual : OneTrend {
  static constexpr bool kNeedsToday = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const Pairwise<N> sums = pairwise<TakePosition, TakeX, N>(window);
    const int today = window.days() - 1;
    const N rise = slope_of(sums, window.count(), arguments) * (window.position(today) - sums.x_mean);
    return (window.x(today) - sums.y_mean) - rise;
  }
};

}  // namespace

// Longer windows of floats are summed in doubles: 4 days roundings would be more than 1e-4.
constexpr int kMostFloatDays = 256;

LODE_MOMENT_WINDOW_KERNELS(LODE_WINDOW_DEFINE)
void ts_corr32(const KernelCall<float>& call) {
  if (window_days(call.arguments) <= kMostFloatDays) {
    run_window_as<FloatCorrelation, float>(call);
  } else {
    run_window<Correlation>(call);
  }
}
void ts_corr64(const KernelCall<double>& call) { run_window<Correlation>(call); }

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::expr::kernels {
LODE_MOMENT_WINDOW_KERNELS(LODE_WINDOW_EXPORT)
LODE_WINDOW_EXPORT(ts_corr, Correlation)
}  // namespace lode::expr::kernels
#endif  // HWY_ONCE
