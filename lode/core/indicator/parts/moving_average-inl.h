// The averages a parameter `type` can name, and the one that is any of them.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_MOVING_AVERAGE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_MOVING_AVERAGE_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_MOVING_AVERAGE_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_MOVING_AVERAGE_INL_H_
#endif

#include "lode/core/indicator/parts/average-inl.h"
#include "lode/core/indicator/parts/bars-inl.h"
#include "lode/core/indicator/parts/hilbert-inl.h"
#include "lode/core/indicator/parts/several-inl.h"
#include "lode/core/indicator/parts/window_line-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
class SimpleMean {
 public:
  explicit SimpleMean(int n) : sum_(n), share_(1.0 / n) {}
  auto state() { return std::tie(sum_); }
  int lookback() const { return sum_.window() - 1; }
  HWY_INLINE V step(V x) { return sum_.step(x) * V(share_); }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    sum_.stretch(from, to, rows, [this](auto sum) LODE_INLINED { return sum * decltype(sum)(share_); });
  }

 private:
  WindowSum<V> sum_;
  double share_;
};

// Weights 1 .. n, the newest heaviest.
template <class V>
class WeightedMean {
 public:
  explicit WeightedMean(int n) : n_(n), ramp_(n) {}
  auto state() { return std::tie(ramp_); }
  int lookback() const { return n_ - 1; }
  HWY_INLINE V step(V x) { return ramp_.step(x) / V(weights()); }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    ramp_.stretch(from, to, rows, [this](auto ramp) LODE_INLINED { return ramp / decltype(ramp)(weights()); });
  }

 private:
  double weights() const { return n_ * (n_ + 1.0) / 2.0; }
  int n_;
  WindowRamp<V> ramp_;
};

// Exponential means of exponential means, each seeded with the first n values of the one before, or with its n-th.
// step() gives how many of them have begun; `mean` holds their values.
template <class V, int depth>
class EmaChain {
 public:
  std::array<V, depth> mean;

  explicit EmaChain(int n, Seed seed = Seed::kMean) : n_(n), links_(made(n, seed, std::make_index_sequence<depth>())) {}
  auto state() {
    return std::apply([](auto&... link) { return std::tie(link...); }, links_);
  }
  int lookback() const { return depth * (n_ - 1); }
  HWY_INLINE void step(V x) {
    bool has_begun = true;
    for_each<depth>([&](int k) LODE_INLINED {
      if (has_begun) {
        x = links_[k].step(x);
        has_begun = links_[k].ready();
      }
      mean[k] = x;
    });
  }
  // Many steps, value(mean) of each. `from` may be `to`.
  template <class Value>
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows, Value value) {
    std::size_t t = 0;
    for (; t < rows && !links_[depth - 1].ready(); ++t) {
      step(load<V>(from.at(t)));
      store(value(mean), to.at(t));
    }
    if (links_[0].shares().keeps_more()) {
      follow<true>(from.behind(t), to.behind(t), rows - t, value);
    } else {
      follow<false>(from.behind(t), to.behind(t), rows - t, value);
    }
  }

 private:
  // Steps of links that are all ready.
  template <bool keeps_more, class Value>
  HWY_INLINE void follow(Strip<const double> from, Strip<double> to, std::size_t rows, Value value) {
    const Shares shares = links_[0].shares();  // Of all.
    std::array<V, depth> means;
    for_each<depth>([&](int k) LODE_INLINED { means[k] = links_[k].mean(); });
    for (std::size_t t = 0; t < rows; ++t) {
      V x = load<V>(from.at(t));
      for_each<depth>([&](int k) LODE_INLINED { means[k] = x = shares.join<keeps_more>(means[k], x); });
      store(value(means), to.at(t));
    }
    for_each<depth>([&](int k) LODE_INLINED { links_[k].mean() = mean[k] = means[k]; });
  }
  template <std::size_t... k>
  static std::array<Ema<V>, depth> made(int n, Seed seed, std::index_sequence<k...>) {
    return {((void)k, Ema<V>(n, seed))...};
  }
  int n_;
  std::array<Ema<V>, depth> links_;
};

template <class V>
class DoubleEma {
 public:
  explicit DoubleEma(int n, Seed seed = Seed::kMean) : chain_(n, seed) {}
  auto state() { return std::tie(chain_); }
  int lookback() const { return chain_.lookback(); }
  HWY_INLINE V step(V x) {
    chain_.step(x);
    return value_of(chain_.mean);
  }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    chain_.stretch(from, to, rows, [](const auto& mean) LODE_INLINED { return value_of(mean); });
  }

 private:
  static HWY_INLINE V value_of(const std::array<V, 2>& mean) { return V(2.0) * mean[0] - mean[1]; }
  EmaChain<V, 2> chain_;
};

template <class V>
class TripleEma {
 public:
  explicit TripleEma(int n, Seed seed = Seed::kMean) : chain_(n, seed) {}
  auto state() { return std::tie(chain_); }
  int lookback() const { return chain_.lookback(); }
  HWY_INLINE V step(V x) {
    chain_.step(x);
    return value_of(chain_.mean);
  }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    chain_.stretch(from, to, rows, [](const auto& mean) LODE_INLINED { return value_of(mean); });
  }

 private:
  static HWY_INLINE V value_of(const std::array<V, 3>& mean) { return (V(3.0) * mean[0] - V(3.0) * mean[1]) + mean[2]; }
  EmaChain<V, 3> chain_;
};

// Tillson's T3 with volume factor v.
template <class V>
class TillsonMean {
 public:
  TillsonMean(int n, double v)
      : chain_(n),
        shares_{1.0 + 3.0 * v + v * v * v + 3.0 * v * v, -6.0 * v * v - 3.0 * (v + v * v * v),
                3.0 * (v * v + v * v * v), -v * v * v} {}
  auto state() { return std::tie(chain_); }
  int lookback() const { return chain_.lookback(); }
  HWY_INLINE V step(V x) {
    chain_.step(x);
    return value_of(chain_.mean, shares_);
  }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    chain_.stretch(from, to, rows,
                   [shares = shares_](const auto& mean) LODE_INLINED { return value_of(mean, shares); });
  }

 private:
  using Parts = std::array<double, 4>;  // Of the third mean to the sixth.
  static HWY_INLINE V value_of(const std::array<V, 6>& mean, const Parts& shares) {
    return V(shares[3]) * mean[5] + V(shares[2]) * mean[4] + V(shares[1]) * mean[3] + V(shares[0]) * mean[2];
  }
  EmaChain<V, 6> chain_;
  Parts shares_;
};

// Mean of means: the middle of the window weighs most.
template <class V>
class TriangularMean {
 public:
  explicit TriangularMean(int n) : n_(n), inner_((n + 1) / 2), outer_(n % 2 == 1 ? (n + 1) / 2 : n / 2 + 1) {}
  auto state() { return std::tie(count_, inner_, outer_); }
  int lookback() const { return n_ - 1; }
  HWY_INLINE V step(V x) {
    const V mean = inner_.step(x);
    if (count_ < inner_.lookback()) {
      ++count_;
      return mean;
    }
    return outer_.step(mean);
  }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    std::size_t t = 0;
    for (; t < rows && count_ < inner_.lookback(); ++t) {
      store(step(load<V>(from.at(t))), to.at(t));
    }
    Column<V> means;
    inner_.stretch(from.behind(t), means.strip(), rows - t);
    outer_.stretch(means.strip(), to.behind(t), rows - t);
  }

 private:
  int n_;
  int count_ = 0;
  SimpleMean<V> inner_;
  SimpleMean<V> outer_;
};

// Kaufman's: the more of the window's path led anywhere, the faster.
template <class V>
class KaufmanMean {
 public:
  explicit KaufmanMean(int n) : n_(n), before_(n), path_(n) {}
  auto state() { return std::tie(count_, mean_, last_, before_, path_); }
  int lookback() const { return n_; }
  HWY_INLINE V step(V x) {
    const V first = before_.step(x);
    const V path = count_ > 0 ? path_.step(abs(x - last_)) : V(0.0);
    if (HWY_LIKELY(count_ >= n_)) {
      mean_ = after(mean_, x, weight_of(abs(x - first), path));
    } else {
      mean_ = x;
      ++count_;
    }
    last_ = x;
    return mean_;
  }
  // Many steps. The weights do not wait for the mean. `from` may be `to`.
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    std::size_t t = 0;
    for (; t < rows && count_ < n_; ++t) {
      store(step(load<V>(from.at(t))), to.at(t));
    }
    if (t < rows) {
      follow(from.behind(t), to.behind(t), rows - t);
    }
  }

 private:
  // The square of what the path, of which `way` is left, makes of the fast and the slow weight.
  template <class W>
  static HWY_INLINE W weight_of(W way, W path) {
    constexpr double kFast = 2.0 / 3.0;
    constexpr double kSlow = 2.0 / 31.0;
    const W weight = select(path <= way, W(1.0), way / path) * W(kFast - kSlow) + W(kSlow);
    return weight * weight;
  }
  // As in Shares: the two parts add up to exactly 1, and one rounding waits for the last mean.
  static HWY_INLINE V after(V mean, V x, V weight) {
    const V keep = V(1.0) - weight;
    return fused(keep, mean, (V(1.0) - keep) * x);
  }
  HWY_INLINE void follow(Strip<const double> from, Strip<double> to, std::size_t rows) {
    Column<V> ways;
    Column<V> weights;
    const V first = load<V>(from.at(0));
    weights.set(0, abs(first - last_));
    join<V, 2>({from.behind(1), from}, weights.strip().behind(1), rows - 1,
               [](const auto* x) LODE_INLINED { return abs(x[0] - x[1]); });
    last_ = load<V>(from.at(rows - 1));
    path_.stretch(weights.strip(), weights.strip(), rows);
    before_.stretch(from, rows, [&](std::size_t t, std::size_t count, Strip<const double> before) LODE_INLINED {
      join<V, 2>({from.behind(t), before}, ways.strip().behind(t), count,
                 [](const auto* x) LODE_INLINED { return abs(x[0] - x[1]); });
    });
    // Weights are made some bars ahead of the mean, which waits for itself: the CPU has both in hand at once.
    constexpr std::size_t kRun = 16;
    const auto weigh = [&](std::size_t t) LODE_INLINED {
      if (t < rows) {
        const Strip<double> at = weights.strip().behind(t);
        join<V, 2>({ways.strip().behind(t), at}, at, std::min(kRun, rows - t),
                   [](const auto* x) LODE_INLINED { return weight_of(x[0], x[1]); });
      }
    };
    V mean = mean_;
    weigh(0);
    for (std::size_t run = 0; run < rows; run += kRun) {
      weigh(run + kRun);
      for (std::size_t t = run; t < std::min(run + kRun, rows); ++t) {
        mean = after(mean, load<V>(from.at(t)), weights.get(t));
        store(mean, to.at(t));
      }
    }
    mean_ = mean;
  }

  int n_;
  int count_ = 0;
  V mean_{};
  V last_{};
  Lag<V> before_;
  WindowSum<V> path_;
};

// The first of MAMA's two, as an average like the others.
template <class V>
class MesaMean {
 public:
  auto state() { return std::tie(both_); }
  HWY_INLINE V step(V x) {
    both_.step(x);
    return both_.mean;
  }

 private:
  AdaptiveMean<V> both_{0.5, 0.05};
};

// Hull's: wma(2 wma(x, n/2) - wma(x, n), whole part of sqrt n), of n above 1.
template <class V>
class HullMean {
 public:
  explicit HullMean(int n) : n_(n), wait_(n - 1), half_(n / 2), whole_(n), last_(root_of(n)) {}
  static int lookback_of(int n) { return n - 1 + root_of(n) - 1; }
  auto state() { return std::tie(wait_, half_, whole_, last_); }
  int lookback() const { return lookback_of(n_); }
  HWY_INLINE V step(V x) {
    const V fast = half_.step(x);
    const V ahead = V(2.0) * fast - whole_.step(x);
    if (HWY_UNLIKELY(wait_ > 0)) {
      --wait_;
      return ahead;
    }
    return last_.step(ahead);
  }

 private:
  static int root_of(int n) {
    int out = 1;
    while ((out + 1) * (out + 1) <= n) {
      ++out;
    }
    return out;
  }
  int n_;
  int wait_;  // Bars until there is something to smooth.
  WeightedMean<V> half_;
  WeightedMean<V> whole_;
  WeightedMean<V> last_;
};

// Exponential of 2x - x(lag), lag = (n-1)/2: begins where there is such a value.
template <class V>
class ZeroLagMean {
 public:
  explicit ZeroLagMean(int n) : lag_((n - 1) / 2), wait_(lag_), before_(lag_ > 0 ? lag_ : 1), mean_(n) {}
  static int lookback_of(int n) { return (n - 1) / 2 + n - 1; }
  auto state() { return std::tie(wait_, before_, mean_); }
  HWY_INLINE V step(V x) {
    const V old = before_.step(x);
    if (HWY_UNLIKELY(wait_ > 0)) {
      --wait_;
      return x;
    }
    return mean_.step(lag_ > 0 ? V(2.0) * x - old : x);
  }

 private:
  int lag_;
  int wait_;
  Lag<V> before_;
  Ema<V> mean_;
};

// No average: the value itself.
template <class V>
class NoMean {
 public:
  auto state() { return std::tie(); }
  HWY_INLINE V step(V x) { return x; }
};

// As kAverageNames. kDefault is for type_of() to replace; without that it is the simple one.
enum class AverageType : int {
  kSma,
  kEma,
  kWma,
  kDema,
  kTema,
  kTrima,
  kKama,
  kMama,
  kT3,
  kHma,
  kDisabled,
  kDefault,
  kZlema,
  kRma,
};

// The average that a parameter names, `usual` where it says default.
inline int type_of(const Setup& setup, std::size_t parameter, AverageType usual) {
  const int type = setup.whole(parameter);
  return static_cast<int>(type == static_cast<int>(AverageType::kDefault) ? usual : static_cast<AverageType>(type));
}

// Any of them over n values. n = 1 copies, whatever the type.
template <class V>
class MovingAverage {
 public:
  MovingAverage(int n, int type, Seed seed = Seed::kMean)
      : n_(n), type_(n == 1 ? AverageType::kSma : static_cast<AverageType>(type)) {
    with([&]<class Average>(Several<Average>& chosen) {
      if constexpr (std::is_constructible_v<Average, int, Seed>) {
        chosen.add(n, seed);
      } else if constexpr (std::is_constructible_v<Average, int, double>) {
        chosen.add(n, 0.7);
      } else if constexpr (std::is_constructible_v<Average, int>) {
        chosen.add(n);
      } else {
        chosen.add();
      }
    });
  }
  auto state() {
    return std::tie(sma_, ema_, wma_, dema_, tema_, trima_, kama_, mama_, t3_, hma_, disabled_, zlema_, rma_);
  }
  Missing missing() const {
    switch (type_) {
      case AverageType::kSma:
      case AverageType::kWma:
      case AverageType::kTrima:
      case AverageType::kHma:
      case AverageType::kDisabled:
      case AverageType::kDefault:
        return Missing::kWindow;
      default:
        return Missing::kSkip;
    }
  }
  int lookback() const {
    switch (type_) {
      case AverageType::kDema:
        return 2 * (n_ - 1);
      case AverageType::kTema:
        return 3 * (n_ - 1);
      case AverageType::kKama:
        return n_;
      case AverageType::kMama:
        return AdaptiveMean<V>::kLookback;
      case AverageType::kT3:
        return 6 * (n_ - 1);
      case AverageType::kHma:
        return HullMean<V>::lookback_of(n_);
      case AverageType::kDisabled:
        return 0;
      case AverageType::kZlema:
        return ZeroLagMean<V>::lookback_of(n_);
      default:
        return n_ - 1;
    }
  }
  // The two that are asked for most stand in the caller; all of them there would be more code than it has itself.
  HWY_INLINE V step(V x) {
    if (type_ == AverageType::kSma) {
      return sma_[0].step(x);
    }
    return type_ == AverageType::kEma ? ema_[0].step(x) : step_other(x);
  }
  // Many steps: which average it is, is asked once. `from` may be `to`.
  HWY_NOINLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    with([&]<class Average>(Several<Average>& chosen) LODE_INLINED {
      if constexpr (requires { chosen[0].stretch(from, to, rows); }) {
        chosen[0].stretch(from, to, rows);
      } else {
        Average average = std::move(chosen[0]);  // As a local, as in walk_known().
        for (std::size_t t = 0; t < rows; ++t) {
          store(average.step(load<V>(from.at(t))), to.at(t));
        }
        chosen[0] = std::move(average);
      }
    });
  }

 private:
  HWY_NOINLINE V step_other(V x) {
    with([&](auto& chosen) LODE_INLINED { x = chosen[0].step(x); });
    return x;
  }
  // f(the one).
  template <class F>
  HWY_INLINE void with(F f) {
    switch (type_) {
      case AverageType::kEma:
        return f(ema_);
      case AverageType::kWma:
        return f(wma_);
      case AverageType::kDema:
        return f(dema_);
      case AverageType::kTema:
        return f(tema_);
      case AverageType::kTrima:
        return f(trima_);
      case AverageType::kKama:
        return f(kama_);
      case AverageType::kMama:
        return f(mama_);
      case AverageType::kT3:
        return f(t3_);
      case AverageType::kHma:
        return f(hma_);
      case AverageType::kDisabled:
        return f(disabled_);
      case AverageType::kZlema:
        return f(zlema_);
      case AverageType::kRma:
        return f(rma_);
      default:
        return f(sma_);
    }
  }

  int n_;
  AverageType type_;
  // One of them has one average, the others none.
  Several<SimpleMean<V>> sma_;
  Several<Ema<V>> ema_;
  Several<WeightedMean<V>> wma_;
  Several<DoubleEma<V>> dema_;
  Several<TripleEma<V>> tema_;
  Several<TriangularMean<V>> trima_;
  Several<KaufmanMean<V>> kama_;
  Several<MesaMean<V>> mama_;
  Several<TillsonMean<V>> t3_;
  Several<HullMean<V>> hma_;
  Several<NoMean<V>> disabled_;
  Several<ZeroLagMean<V>> zlema_;
  Several<WilderMean<V>> rma_;
};

// One that is fed from its `wait`-th value on; those before are passed through.
template <class V>
class LaterAverage {
 public:
  LaterAverage(int n, int type, int wait) : average_(n, type), wait_(wait) {}
  // One that answers from bar `first_answer` on, so that several begin together.
  static LaterAverage answering_at(int first_answer, int n, int type) {
    return {n, type, first_answer - MovingAverage<V>(n, type).lookback()};
  }
  auto state() { return std::tie(wait_, average_); }
  int lookback() const { return average_.lookback(); }
  Missing missing() const { return average_.missing(); }
  HWY_INLINE V step(V x) {
    if (HWY_UNLIKELY(wait_ > 0)) {
      --wait_;
      return x;
    }
    return average_.step(x);
  }
  HWY_INLINE void stretch(Strip<const double> from, Strip<double> to, std::size_t rows) {
    std::size_t t = 0;
    for (; t < rows && wait_ > 0; ++t, --wait_) {
      store(load<V>(from.at(t)), to.at(t));
    }
    average_.stretch(from.behind(t), to.behind(t), rows - t);
  }

 private:
  MovingAverage<V> average_;
  int wait_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_MOVING_AVERAGE_INL_H_
