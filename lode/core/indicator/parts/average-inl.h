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

// y + weight (x - y), seeded with the mean of the first n values, or with the first; `ready` with the n-th value.
template <class V>
class SeededAverage {
 public:
  SeededAverage(int n, double weight, Seed seed = Seed::kMean) : n_(n), weight_(weight), seed_(seed) {}
  auto state() { return std::tie(count_, mean_); }
  int lookback() const { return n_ - 1; }
  bool ready() const { return count_ >= n_; }
  HWY_INLINE V step(V x) {
    if (HWY_LIKELY(count_ >= n_)) {
      mean_ = (x - mean_) * V(weight_) + mean_;
    } else {
      begin(x);
    }
    return mean_;
  }

 private:
  HWY_INLINE void begin(V x) {
    if (seed_ == Seed::kFirst) {
      mean_ = count_++ == 0 ? x : (x - mean_) * V(weight_) + mean_;
      return;
    }
    mean_ = mean_ + x;
    if (++count_ == n_) {
      mean_ = mean_ / V(static_cast<double>(n_));
    }
  }

  int n_;
  double weight_;
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

// Wilder's sum: y - y / n + x, seeded with the sum of the first n - 1 values, or of n as TTR has it.
template <class V>
class WilderSum {
 public:
  explicit WilderSum(int n) : first_(n - 1), share_(1.0 / n) {}
  WilderSum(int n, Profile profile) : first_(profile == Profile::kTtr ? n : n - 1), share_(1.0 / n) {}
  auto state() { return std::tie(count_, sum_); }
  HWY_INLINE V step(V x) {
    if (HWY_LIKELY(count_ >= first_)) {
      sum_ = sum_ - sum_ * V(share_) + x;
    } else {
      ++count_;
      sum_ = sum_ + x;
    }
    return sum_;
  }

 private:
  int first_;  // Values that are only added up.
  double share_;
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
