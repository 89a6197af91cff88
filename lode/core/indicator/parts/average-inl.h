// Recursive averages.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_AVERAGE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_AVERAGE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_AVERAGE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_AVERAGE_INL_H_
#endif

#include "lode/core/indicator/parts/window_fold-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// How a recursive mean begins, numbered as kSeedNames.
enum class Seed : int { kMean, kFirst };
inline Seed seed_of(const Setup& setup) { return setup.profile == Profile::kTulip ? Seed::kFirst : Seed::kMean; }

// What a mean keeps of itself, and the weight of what is new: together exactly 1, so that a mean of equal values stays
// that value, bit for bit. The smaller of the two gives way, by half a unit in the last place of 1.
struct Shares {
  double keep;
  double weight;
  explicit Shares(double of_new) : keep(1.0 - of_new), weight(of_new <= 0.5 ? 1.0 - keep : of_new) {}
  // One rounding waits for the last mean, so a series is as fast as one fused operation a bar. The other, of what is
  // made before, falls on the smaller share: it is below half a unit of the mean.
  template <class V>
  HWY_INLINE V join(V mean, V x) const {
    return HWY_LIKELY(keeps_more()) ? join<true>(mean, x) : join<false>(mean, x);
  }
  bool keeps_more() const { return weight <= 0.5; }
  // The same, where that has been asked before.
  template <bool keeps_more, class V>
  HWY_INLINE V join(V mean, V x) const {
    return keeps_more ? fused(V(keep), mean, V(weight) * x) : fused(V(weight), x, V(keep) * mean);
  }
};

// keep y + weight x, seeded with the mean of the first n values, or with the first; `ready` with the n-th value.
template <class V>
class SeededAverage {
 public:
  SeededAverage(int n, double weight, Seed seed = Seed::kMean) : n_(n), shares_(weight), seed_(seed) {}
  auto state() { return std::tie(count_, mean_); }
  int lookback() const { return n_ - 1; }
  bool ready() const { return count_ >= n_; }
  HWY_INLINE V step(V x) {
    if (HWY_LIKELY(count_ >= n_)) {
      mean_ = shares_.join(mean_, x);
    } else {
      begin(x);
    }
    return mean_;
  }
  // A step of one that is ready.
  HWY_INLINE V follow(V x) { return mean_ = shares_.join(mean_, x); }
  const Shares& shares() const { return shares_; }
  V& mean() { return mean_; }
  // Many steps. `from` may be `to`.
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    std::size_t t = 0;
    for (; t < rows && !ready(); ++t) {
      store(step(load<V>(from.at(t))), to.at(t));
    }
    SeededAverage average = *this;
    for (; t < rows; ++t) {
      store(average.follow(load<V>(from.at(t))), to.at(t));
    }
    mean_ = average.mean_;
  }

 private:
  HWY_INLINE void begin(V x) {
    if (seed_ == Seed::kFirst) {
      mean_ = count_++ == 0 ? x : shares_.join(mean_, x);
      return;
    }
    mean_ = mean_ + x;
    if (++count_ == n_) {
      mean_ = mean_ / V(static_cast<double>(n_));
    }
  }

  int n_;
  Shares shares_;
  Seed seed_;
  int count_ = 0;
  V mean_{};  // The sum, until there is a mean.
};

// Exponential: weight 2 / (n + 1).
template <class V>
class Ema : public SeededAverage<V> {
 public:
  explicit Ema(int n, Seed seed = Seed::kMean) : SeededAverage<V>(n, 2.0 / (n + 1.0), seed) {}
};
// Wilder's: (y (n - 1) + x) / n.
template <class V>
class WilderMean : public SeededAverage<V> {
 public:
  explicit WilderMean(int n) : SeededAverage<V>(n, 1.0 / n) {}
};

// Wilder's sum: y (1 - 1 / n) + x, seeded with the sum of the first n - 1 values.
template <class V>
class WilderSum {
 public:
  explicit WilderSum(int n) : first_(n - 1), keep_(1.0 - 1.0 / n) {}
  auto state() { return std::tie(count_, sum_); }
  HWY_INLINE V step(V x) {
    if (HWY_LIKELY(count_ >= first_)) {
      sum_ = fused(V(keep_), sum_, x);
    } else {
      ++count_;
      sum_ = sum_ + x;
    }
    return sum_;
  }

 private:
  int first_;  // Values that are only added up.
  double keep_;
  int count_ = 0;
  V sum_{};
};

// Sum since the first bar, with what rounding took away kept beside it (Knuth, TAOCP 2, 4.2.2, theorem B): no drift.
template <class V>
class RunningSum {
 public:
  auto state() { return std::tie(sum_, rest_); }
  HWY_INLINE V step(V x) {
    const V sum = sum_ + x;
    const V part = sum - sum_;
    rest_ = rest_ + ((sum_ - (sum - part)) + (x - part));
    sum_ = sum;
    return sum_ + rest_;
  }

 private:
  V sum_{};
  V rest_{};
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_AVERAGE_INL_H_
