// The Hilbert family through a stretch of one instrument. Only the chain waits for the bar before; phases and means
// over a cycle are sums of what it left behind, and sixteen bars' sums are made side by side as sixteen instruments'
// are.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_CYCLE_STRETCH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_CYCLE_STRETCH_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_CYCLE_STRETCH_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_CYCLE_STRETCH_INL_H_
#endif

#include <algorithm>
#include <array>
#include "lode/core/indicator/parts/cycle-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A stretch's values behind the kLongestCycle - 1 before them.
class CycleWindow {
 public:
  HWY_INLINE CycleWindow(const Recent<double>& before, const double* values, std::size_t count) {
    for (int k = 1; k < kLongestCycle; ++k) {
      cells_[static_cast<std::size_t>(kLongestCycle - 1 - k)] = before.get(k - 1);
    }
    std::copy_n(values, count, cells_.data() + kLongestCycle - 1);
  }
  // Of V's bars from t on, k bars ago.
  template <class V>
  HWY_INLINE V get(std::size_t t, int k) const {
    return load<V>(cells_.data() + t + static_cast<std::size_t>(kLongestCycle - 1 - k));
  }

 private:
  std::array<double, kLongestCycle - 1 + kStretch<double>> cells_;
};

// f(t, V()) with as many bars from t on as V holds, until all `rows` are walked.
template <class F>
HWY_INLINE void each_bars(std::size_t rows, F f) {
  std::size_t t = 0;
  for (; t + Lanes::kLanes <= rows; t += Lanes::kLanes) {
    f(t, Lanes());
  }
  for (; t < rows; ++t) {
    f(t, double());
  }
}

// The columns of a stretch, each made when it is asked for; rows are counted from the bar at which the chain begins.
class CycleStretch {
 public:
  using Out = Column<double>;

  // Walks the chain.
  HWY_INLINE CycleStretch(Cycle<double>& cycle, const Call& call) : cycle_(cycle), call_(call) {
    HilbertChain<double> chain = cycle.chain;  // As a local, as in walk_known().
    for (std::size_t t = 0; t < call.rows; ++t) {
      if (chain.step(*input_of(call, 0).at(t))) {
        smooth_.set(rows_, chain.smooth);
        period_.set(rows_++, chain.smooth_period);
      }
    }
    cycle.chain = chain;
  }
  std::size_t rows() const { return rows_; }
  std::size_t begin() const { return call_.rows - rows_; }
  const Out& smooth() const { return smooth_; }
  const Out& period() const { return period_; }

  void phase(Out& to) {
    CyclePhase<double>& part = cycle_.phase;
    const CycleWindow smooth(part.smooth, smooth_.strip().cells, rows_);
    double last = part.phase;
    each_bars(rows_, [&]<class V>(std::size_t t, V /*one*/) LODE_INLINED {
      const V period = load<V>(period_.strip().at(t));
      const auto sums =
          CycleSums<V>::of(bars_of_cycle(period), [&](int k) LODE_INLINED { return smooth.get<V>(t, k); });
      if (HWY_UNLIKELY(any(sums.is_upright()))) {
        one_by_one(sums, t, last, to);
      } else {
        store(sums.phase(period, V(last)), to.strip().at(t));
      }
      last = to.get(t + kLanesOf<V> - 1);
    });
    part.phase = last;
    part.smooth.push_all(smooth_.strip().cells, rows_);
  }

  void trendline(Out& to) {
    CycleTrend<double>& part = cycle_.trend;
    Out prices;
    const Strip<const double> from = input_of(call_, 0);
    for (std::size_t t = 0; t < call_.rows; ++t) {
      prices.set(t, *from.at(t));
    }
    const CycleWindow window(part.prices, prices.strip().cells, call_.rows);
    std::array<double, 3 + kStretch<double>> means = {part.mean3, part.mean2, part.mean1};
    each_bars(rows_, [&]<class V>(std::size_t t, V /*one*/) LODE_INLINED {
      const V n = bars_of_cycle(load<V>(period_.strip().at(t)));
      store(mean_of_cycle(n, [&](int k) LODE_INLINED { return window.get<V>(begin() + t, k); }), means.data() + 3 + t);
    });
    each_bars(rows_, [&]<class V>(std::size_t t, V /*one*/) LODE_INLINED {
      const double* const mean = means.data() + t;
      store(trend_of(load<V>(mean + 3), load<V>(mean + 2), load<V>(mean + 1), load<V>(mean)), to.strip().at(t));
    });
    part.prices.push_all(prices.strip().cells, call_.rows);
    part.mean3 = means[rows_];
    part.mean2 = means[rows_ + 1];
    part.mean1 = means[rows_ + 2];
    part.trendline = rows_ > 0 ? to.get(rows_ - 1) : part.trendline;
  }

  // A column as an output.
  void write(const Out& column, std::size_t output) const {
    const Strip<double> to = output_of(call_, output);
    for (std::size_t t = 0; t < begin(); ++t) {
      *to.at(t) = 0.0;  // Nobody sees it.
    }
    for (std::size_t t = 0; t < rows_; ++t) {
      *to.at(begin() + t) = column.get(t);
    }
  }

 private:
  // Phases of which one or another goes on from the one before it.
  template <class V>
  HWY_NOINLINE void one_by_one(const CycleSums<V>& sums, std::size_t t, double last, Out& to) const {
    std::array<double, kLanesOf<V>> re;
    std::array<double, kLanesOf<V>> im;
    store(sums.re, re.data());
    store(sums.im, im.data());
    for (std::size_t k = 0; k < re.size(); ++k) {
      last = CycleSums<double>{re[k], im[k]}.phase(period_.get(t + k), last);
      to.set(t + k, last);
    }
  }

  Cycle<double>& cycle_;
  const Call& call_;
  std::size_t rows_ = 0;
  Out smooth_;
  Out period_;
};

// Of phases: the sine, and that of 45 degrees on.
HWY_INLINE void sines_of(const Column<double>& phase, std::size_t rows, Column<double>& sine, Column<double>& lead) {
  each_bars(rows, [&]<class V>(std::size_t t, V /*one*/) LODE_INLINED {
    const V degrees = load<V>(phase.strip().at(t));
    store(sine_of(degrees), sine.strip().at(t));
    store(sine_of(degrees + V(45.0)), lead.strip().at(t));
  });
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_CYCLE_STRETCH_INL_H_
