// What the Hilbert family shares in lanes: the chain, the phase with its sines and the trendline, each made once for
// all that follow it. Before the chain has begun their columns hold what streams hold then: what the parts begin with.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_CYCLE_SHARED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_CYCLE_SHARED_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_CYCLE_SHARED_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_CYCLE_SHARED_INL_H_
#endif

#include <algorithm>
#include "lode/core/indicator/parts/cycle-inl.h"
#include "lode/core/indicator/parts/shared_column-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// The chain that begins `start` bars after the first.
template <class V>
class SharedChain final : public Shelf::Part {
 public:
  static constexpr int kInputs = 1;
  SharedColumn<V> smooth;
  SharedColumn<V> in_phase;
  SharedColumn<V> quadrature;
  SharedColumn<V> period;
  std::size_t begin = 0;  // The block's first bar with the chain begun.

  explicit SharedChain(int start) : chain_(start) {}
  void walk(const Call& call) {
    for (SharedColumn<V>* column : {&smooth, &in_phase, &quadrature, &period}) {
      column->begin(call.rows);
    }
    begin = 0;
    HilbertChain<V> chain = chain_;  // As a local, as in walk_known().
    for (std::size_t t = 0; t < call.rows; ++t) {
      if (!chain.step(load<V>(input_of(call, 0).at(t)))) {
        begin = t + 1;
      }
      store(chain.smooth, smooth.strip().at(t));
      store(chain.in_phase, in_phase.strip().at(t));
      store(chain.quadrature, quadrature.strip().at(t));
      store(chain.smooth_period, period.strip().at(t));
    }
    chain_ = chain;
  }

 private:
  HilbertChain<V> chain_;
};
template <class V>
const SharedChain<V>& chain_of(const Call& call) {
  return call.shelf->of<SharedChain<V>>(call, Cycle<V>::kStart);
}

template <class V>
class SharedPhase final : public Shelf::Part {
 public:
  static constexpr int kInputs = 1;
  SharedColumn<V> phase{1};

  explicit SharedPhase(int /*number*/) {}
  void walk(const Call& call) {
    phase.begin(call.rows);
    const SharedChain<V>& chain = chain_of<V>(call);
    for (std::size_t t = 0; t < call.rows; ++t) {
      if (t >= chain.begin) {
        part_.step(load<V>(chain.smooth.strip().at(t)), load<V>(chain.period.strip().at(t)));
      }
      store(part_.phase, phase.strip().at(t));
    }
  }

 private:
  CyclePhase<V> part_;
};

// Of the phase, and of 45 degrees on.
template <class V>
class SharedSines final : public Shelf::Part {
 public:
  static constexpr int kInputs = 1;
  SharedColumn<V> sine;
  SharedColumn<V> lead;

  explicit SharedSines(int /*number*/) {}
  void walk(const Call& call) {
    sine.begin(call.rows);
    lead.begin(call.rows);
    const Strip<const double> phase = call.shelf->of<SharedPhase<V>>(call).phase.strip();
    for (std::size_t t = 0; t < call.rows; ++t) {
      const V degrees = load<V>(phase.at(t));
      store(sine_of(degrees), sine.strip().at(t));
      store(sine_of(degrees + V(45.0)), lead.strip().at(t));
    }
  }
};

template <class V>
class SharedTrend final : public Shelf::Part {
 public:
  static constexpr int kInputs = 1;
  SharedColumn<V> trendline;

  explicit SharedTrend(int /*number*/) {}
  void walk(const Call& call) {
    trendline.begin(call.rows);
    const SharedChain<V>& chain = chain_of<V>(call);
    for (std::size_t t = 0; t < call.rows; ++t) {
      part_.prices.push(load<V>(input_of(call, 0).at(t)));
      if (t >= chain.begin) {
        part_.step(load<V>(chain.period.strip().at(t)));
      }
      store(part_.trendline, trendline.strip().at(t));
    }
  }

 private:
  CycleTrend<V> part_;
};

// A shared column as an output.
template <class V>
HWY_INLINE void copy_to(const Call& call, std::size_t output, const SharedColumn<V>& column) {
  for (std::size_t t = 0; t < call.rows; ++t) {
    store(load<V>(column.strip().at(t)), output_of(call, output).at(t));
  }
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_CYCLE_SHARED_INL_H_
