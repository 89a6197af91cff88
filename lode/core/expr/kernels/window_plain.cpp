// Window kernels of sums, extremes, ranks and counts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/kernels/targets.h"
#include "lode/core/expr/kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/expr/kernels/window_plain.cpp"
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
struct ExactOperand : OneOperand {
  static constexpr bool kExact = true;
};

// From -0, which leaves every value as it is, itself included.
struct Sum : OneOperand {
  static constexpr bool spreads_missing(const KernelArguments&) { return true; }
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N sum = N::set(-0.0);
    for (int k = window.begin(); k < window.days(); ++k) {
      sum = window.keep(k, sum + window.x(k), sum);
    }
    return sum;
  }
};

// `result`, but the oldest value where all of them equal it.
template <class N, class W>
HWY_INLINE N unless_constant(const W& window, N result) {
  const N first = window.first_x();
  typename N::Mask same = window.is_x(window.days() - 1, first);
  for (int k = window.after_first(); k < window.days(); ++k) {
    if (none<N>(same)) {
      return result;
    }
    same = both<N>(same, window.is_x(k, first));
  }
  return select<N>(same, first, result);
}

// Beyond these many values the rounding of a plain sum shows in the 15th digit of a mean.
constexpr int kMostPlainlyAdded = 256;

// The sum over the count, so that means of whole numbers tie as their sums do; a constant window has exactly that mean.
struct Mean : OneOperand {
  static constexpr bool spreads_missing(const KernelArguments&) { return true; }
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N count = window.count();
    const N plain = Sum::run<N>(window, arguments) / count;
    N mean = plain;
    if (window.days() > kMostPlainlyAdded) {
      N rest = N::set(0.0);
      for (int k = window.begin(); k < window.days(); ++k) {
        rest = window.keep(k, rest + (window.x(k) - plain), rest);
      }
      mean = select<N>(less(N::set(kMostPlainlyAdded), count), plain + rest / count, plain);
    }
    return unless_constant(window, mean);
  }
};

struct Product : OneOperand {
  static constexpr bool spreads_missing(const KernelArguments&) { return true; }
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N product = N::set(1.0);
    for (int k = window.begin(); k < window.days(); ++k) {
      product = window.keep(k, product * window.x(k), product);
    }
    return product;
  }
};

struct Least : ExactOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N least = window.first_x();
    for (int k = window.after_first(); k < window.days(); ++k) {
      least = window.keep(k, smaller(least, window.x(k)), least);
    }
    return least;
  }
};

struct Most : ExactOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N most = window.first_x();
    for (int k = window.after_first(); k < window.days(); ++k) {
      most = window.keep(k, larger(most, window.x(k)), most);
    }
    return most;
  }
};

bool counts_days_ago(const KernelArguments& arguments) {
  return arguments.profile != nullptr && arguments.profile->positions_are_days_ago;
}

// Where `kSign` times the values is greatest: the first of ties, or with the profile the newest. Option 1 is `from`: 0
// counts positions from the oldest (1), 1 counts days back from today (0), as the profile may.
template <int kSign>
struct Position : ExactOperand {
  static constexpr bool kReadsRows = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const bool newest = counts_days_ago(arguments);
    const N sign = N::set(kSign);
    N most = sign * window.first_x();
    N position = window.first_position();
    for (int k = window.after_first(); k < window.days(); ++k) {
      const N value = window.keep(k, sign * window.x(k), missing<N>());  // Never better.
      const typename N::Mask is_better = newest ? less_equal(most, value) : less(most, value);
      position = select<N>(is_better, window.position(k), position);
      most = select<N>(is_better, value, most);
    }
    const bool days_ago = newest || (arguments.options.size() > 1 && arguments.options[1] == 1.0);
    return days_ago ? N::set(window_days(arguments)) - position : position;
  }
  // numpy's argmax and argmin over the rows that are there, from 1: a missing value wins. None valid: missing.
  template <class N, class W>
  static HWY_INLINE N of_rows(const W& window) {
    const N sign = N::set(kSign);
    N most = N::set(-std::numeric_limits<double>::infinity());
    N position = missing<N>();
    for (int k = window.begin(); k < window.days(); ++k) {
      // Nothing is better than infinity.
      const N value = window.keep(k, sign * window.x(k), N::set(std::numeric_limits<double>::infinity()));
      const typename N::Mask is_better = both<N>(less(most, value), window.is_present(k));
      position = select<N>(is_better, window.present_position(k), position);
      most = select<N>(is_better, value, most);
    }
    return select<N>(less(N::set(0.0), window.count()), position, missing<N>());
  }
};
using MostPosition = Position<1>;
using LeastPosition = Position<-1>;

// 0 / 0, a constant window, is missing.
struct Scale : OneOperand {
  static constexpr bool kNeedsToday = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N least = Least::run<N>(window, arguments);
    return (window.x(window.days() - 1) - least) / (Most::run<N>(window, arguments) - least);
  }
};

// Options: min_periods, ties (0 average, 1 min, 2 max, 3 first), pct. Today is the last of its ties.
struct Rank : ExactOperand {
  static constexpr bool kNeedsToday = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N today = window.x(window.days() - 1);
    const N one = N::set(1.0);
    N below = N::set(0.0);
    N ties = N::set(0.0);
    for (int k = window.begin(); k < window.days(); ++k) {
      const N value = window.keep(k, window.x(k), missing<N>());  // Neither below nor a tie.
      below = select<N>(less(value, today), below + one, below);
      ties = select<N>(equal(value, today), ties + one, ties);
    }
    const int rule = arguments.options.size() > 1 ? static_cast<int>(arguments.options[1]) : 0;
    const bool is_share = arguments.options.size() < 3 || arguments.options[2] == 1.0;
    const N count = window.count();
    const N rank = below + (rule == 0 ? (ties + one) * N::set(0.5) : (rule == 1 ? one : ties));
    if (arguments.profile != nullptr && arguments.profile->ranks_from_zero) {
      return select<N>(equal(count, one), N::set(0.5), (rank - one) / (count - one));
    }
    return is_share ? rank / count : rank;
  }
};

struct DecayLinear : OneOperand {
  static constexpr bool spreads_missing(const KernelArguments&) { return true; }
  static constexpr bool kReadsRows = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    N weights = N::set(0.0);
    N sum = N::set(-0.0);
    for (int k = window.begin(); k < window.days(); ++k) {
      const N weight = window.position(k);
      weights = window.keep(k, weights + weight, weights);
      sum = window.keep(k, sum + weight * window.x(k), sum);
    }
    const N mean = unless_constant(window, sum / weights);
    return skips_missing(arguments) ? mean / window.count() : mean;
  }
  // The mean over the known rows of their weighted values, the weights of all rows adding up to 1.
  template <class N, class W>
  static HWY_INLINE N of_rows(const W& window) {
    const N zero = N::set(0.0);
    N weights = zero;
    N sum = zero;
    for (int k = window.begin(); k < window.days(); ++k) {
      const N weight = window.present_position(k);
      weights = weights + larger(weight, zero);
      sum = sum + window.keep(k, weight * window.x(k), zero);
    }
    return select<N>(less(zero, window.count()), sum / weights / window.count(), missing<N>());
  }
};

// Of true cells; under a profile that skips missing values pandas' count, of valid ones.
struct Count : ExactOperand {
  static constexpr bool kReadsRows = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N zero = N::set(0.0);
    N count = zero;
    for (int k = window.begin(); k < window.days(); ++k) {
      const N value = window.keep(k, window.x(k), zero);
      count = select<N>(equal(value, zero), count, count + N::set(1.0));
    }
    return skips_missing(arguments) ? window.count() : count;
  }
  template <class N, class W>
  static HWY_INLINE N of_rows(const W& window) {
    return window.count();
  }
};

// y is the condition.
struct SumIf : OneOperand {
  static constexpr int kOperands = 2;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const N zero = N::set(0.0);
    N sum = zero;
    for (int k = window.begin(); k < window.days(); ++k) {
      const N condition = window.keep(k, window.y(k), zero);
      sum = select<N>(equal(condition, zero), sum, sum + window.x(k));
    }
    return sum;
  }
};

struct DaysSince : ExactOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N days = N::set(window_days(arguments));
    const N zero = N::set(0.0);
    N since = missing<N>();
    for (int k = window.begin(); k < window.days(); ++k) {
      const N value = window.keep(k, window.x(k), zero);
      since = select<N>(equal(value, zero), since, days - window.position(k));
    }
    return since;
  }
};

}  // namespace

LODE_PLAIN_WINDOW_KERNELS(LODE_WINDOW_DEFINE)

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::expr::kernels {
LODE_PLAIN_WINDOW_KERNELS(LODE_WINDOW_EXPORT)
}  // namespace lode::expr::kernels
#endif  // HWY_ONCE
