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
};
struct ExactOperand : OneOperand {
  static constexpr bool kExact = true;
};

struct Sum : OneOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N sum = window.x(0);
    for (int k = 1; k < window.size(); ++k) {
      sum = sum + window.x(k);
    }
    return sum;
  }
};

// `result`, but the oldest value where all of them equal it.
template <class N, class W>
HWY_INLINE N unless_constant(const W& window, N result) {
  const N first = window.x(0);
  typename N::Mask same = equal(first, window.x(window.size() - 1));
  if (none<N>(same)) {
    return result;
  }
  for (int k = 1; k < window.size(); ++k) {
    same = both<N>(same, equal(window.x(k), first));
  }
  return select<N>(same, first, result);
}

// Beyond these many values the rounding of a plain sum shows in the 15th digit of a mean.
constexpr int kMostPlainlyAdded = 256;

// The sum over the count, so that means of whole numbers tie as their sums do; a constant window has exactly that mean.
struct Mean : OneOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N count = N::set(window.size());
    N mean = Sum::run<N>(window, arguments) / count;
    if (window.size() > kMostPlainlyAdded) {
      N rest = N::set(0.0);
      for (int k = 0; k < window.size(); ++k) {
        rest = rest + (window.x(k) - mean);
      }
      mean = mean + rest / count;
    }
    return unless_constant(window, mean);
  }
};

struct Product : OneOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N product = window.x(0);
    for (int k = 1; k < window.size(); ++k) {
      product = product * window.x(k);
    }
    return product;
  }
};

struct Least : ExactOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N least = window.x(0);
    for (int k = 1; k < window.size(); ++k) {
      least = smaller(least, window.x(k));
    }
    return least;
  }
};

struct Most : ExactOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    N most = window.x(0);
    for (int k = 1; k < window.size(); ++k) {
      most = larger(most, window.x(k));
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
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const bool newest = counts_days_ago(arguments);
    const N sign = N::set(kSign);
    N most = sign * window.x(0);
    N position = window.position(0);
    for (int k = 1; k < window.size(); ++k) {
      const N value = sign * window.x(k);
      const typename N::Mask is_better = newest ? less_equal(most, value) : less(most, value);
      position = select<N>(is_better, window.position(k), position);
      most = select<N>(is_better, value, most);
    }
    const bool days_ago = newest || (arguments.options.size() > 1 && arguments.options[1] == 1.0);
    return days_ago ? N::set(window_days(arguments)) - position : position;
  }
  // numpy's argmax and argmin over the rows that are there, from 1: a missing value wins. None valid: missing.
  template <class Rows>
  static double of_rows(const Rows& rows) {
    int best = 0;
    bool any = false;
    for (int k = 0; k < rows.count; ++k) {
      const bool has_won = best < k && !is_known(rows[best]);
      best = !has_won && (!is_known(rows[k]) || kSign * rows[k] > kSign * rows[best]) ? k : best;
      any = any || is_known(rows[k]);
    }
    return any ? best + 1.0 : kMissing<double>;
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
    return (window.x(window.size() - 1) - least) / (Most::run<N>(window, arguments) - least);
  }
};

// Options: min_periods, ties (0 average, 1 min, 2 max, 3 first), pct. Today is the last of its ties.
struct Rank : ExactOperand {
  static constexpr bool kNeedsToday = true;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N today = window.x(window.size() - 1);
    const N one = N::set(1.0);
    N below = N::set(0.0);
    N ties = N::set(0.0);
    for (int k = 0; k < window.size(); ++k) {
      const N value = window.x(k);
      below = select<N>(less(value, today), below + one, below);
      ties = select<N>(equal(value, today), ties + one, ties);
    }
    const int rule = arguments.options.size() > 1 ? static_cast<int>(arguments.options[1]) : 0;
    const bool is_share = arguments.options.size() < 3 || arguments.options[2] == 1.0;
    const N rank = below + (rule == 0 ? (ties + one) * N::set(0.5) : (rule == 1 ? one : ties));
    if (arguments.profile != nullptr && arguments.profile->ranks_from_zero) {
      return window.size() == 1 ? N::set(0.5) : (rank - one) / N::set(window.size() - 1);
    }
    return is_share ? rank / N::set(window.size()) : rank;
  }
};

struct DecayLinear : OneOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    N weights = window.position(0);
    N sum = weights * window.x(0);
    for (int k = 1; k < window.size(); ++k) {
      const N weight = window.position(k);
      weights = weights + weight;
      sum = sum + weight * window.x(k);
    }
    const N mean = unless_constant(window, sum / weights);
    return skips_missing(arguments) ? mean / N::set(window.size()) : mean;
  }
  // The mean over the known rows of their weighted values, the weights of all rows adding up to 1.
  template <class Rows>
  static double of_rows(const Rows& rows) {
    double weights = 0.0;
    double sum = 0.0;
    int known = 0;
    for (int k = 0; k < rows.count; ++k) {
      weights += k + 1.0;
      sum += is_known(rows[k]) ? (k + 1.0) * rows[k] : 0.0;
      known += is_known(rows[k]) ? 1 : 0;
    }
    return known > 0 ? sum / weights / known : kMissing<double>;
  }
};

// Of true cells; under a profile that skips missing values pandas' count, of valid ones.
struct Count : ExactOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N zero = N::set(0.0);
    N count = zero;
    for (int k = 0; k < window.size(); ++k) {
      count = select<N>(equal(window.x(k), zero), count, count + N::set(1.0));
    }
    return skips_missing(arguments) ? N::set(window.size()) : count;
  }
  template <class Rows>
  static double of_rows(const Rows& rows) {
    double known = 0.0;
    for (int k = 0; k < rows.count; ++k) {
      known += is_known(rows[k]) ? 1.0 : 0.0;
    }
    return known;
  }
};

// y is the condition.
struct SumIf {
  static constexpr int kOperands = 2;
  static constexpr bool kNeedsToday = false;
  static constexpr bool kExact = false;
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments&) {
    const N zero = N::set(0.0);
    N sum = zero;
    for (int k = 0; k < window.size(); ++k) {
      sum = select<N>(equal(window.y(k), zero), sum, sum + window.x(k));
    }
    return sum;
  }
};

struct DaysSince : ExactOperand {
  template <class N, class W>
  static HWY_INLINE N run(const W& window, const KernelArguments& arguments) {
    const N days = N::set(window_days(arguments));
    N since = missing<N>();
    for (int k = 0; k < window.size(); ++k) {
      since = select<N>(equal(window.x(k), N::set(0.0)), since, days - window.position(k));
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
