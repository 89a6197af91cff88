// What patterns share in lanes: the bars' prices and the means before them, each made once for all that follow it.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_PATTERN_SHARED_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_PATTERN_SHARED_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_PATTERN_SHARED_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_PATTERN_SHARED_INL_H_
#endif

#include <array>
#include "lode/core/indicator/parts/pattern_bar-inl.h"
#include "lode/core/indicator/parts/shared_column-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

constexpr std::size_t kMostBars = 5;  // That a rule looks at.

// Open, high, low and close.
template <class V>
class SharedPrices final : public Shelf::Part {
 public:
  static constexpr int kInputs = 4;
  explicit SharedPrices(int /*number*/) { prices_.fill(SharedColumn<V>(kMostBars - 1)); }
  void walk(const Call& call) {
    for (std::size_t k = 0; k < prices_.size(); ++k) {
      prices_[k].begin(call.rows);
      const Strip<const double> from = input_of(call, k);
      const Strip<double> to = prices_[k].strip();
      for (std::size_t t = 0; t < call.rows; ++t) {
        store(load<V>(from.at(t)), to.at(t));
      }
    }
  }
  const SharedColumn<V>& price(std::size_t k) const { return prices_[k]; }

 private:
  std::array<SharedColumn<V>, 4> prices_;
};

// One of the means, of each bar and those before it.
template <class V, unsigned mean>
class SharedMean final : public Shelf::Part {
 public:
  static constexpr int kInputs = 4;
  explicit SharedMean(int /*number*/) : column_(kMostBars), sum_(kCount) {}
  void walk(const Call& call) {
    column_.begin(call.rows);
    const Strip<double> to = column_.strip();
    PatternBar<V, 0> bar;
    for (std::size_t t = 0; t < call.rows; ++t) {
      bar.each_field([&](std::size_t k, V& price) LODE_INLINED { price = load<V>(input_of(call, k).at(t)); });
      store(value_of<mean>(bar), to.at(t));
    }
    sum_.stretch(to, to, call.rows, [](V all) LODE_INLINED { return all / V(kCount + 0.0); });
  }
  const SharedColumn<V>& column() const { return column_; }

 private:
  static constexpr int kCount = bars_of(mean);
  SharedColumn<V> column_;
  WindowSum<V> sum_;
};

// judge(x) of each bar as the call's output: x[bars] is the bar, x[1] the oldest, with the means before it.
template <int bars, unsigned means, class V, class Judge>
HWY_INLINE void follow_bars(const Call& call, Judge judge) {
  static_assert(bars <= kMostBars);
  using Bar = PatternBar<Register, means>;
  std::array<const double*, Bar::kFields> oldest;
  const auto& prices = call.shelf->of<SharedPrices<V>>(call);
  for (std::size_t k = 0; k < 4; ++k) {
    oldest[k] = prices.price(k).strip(bars - 1).cells;
  }
  for_each<4>([&](auto k) LODE_INLINED {
    constexpr unsigned kMean = 1U << k;
    if constexpr ((means & kMean) != 0) {
      oldest[Bar::place_of(kMean)] = call.shelf->of<SharedMean<V, kMean>>(call).column().strip(bars).cells;
    }
  });
  for (std::size_t t = 0; t < call.rows; ++t) {
    for (std::size_t lane = 0; lane < V::kLanes; lane += Register::kLanes) {
      std::array<Bar, bars + 1> x;
      for_each<bars>([&](auto b) LODE_INLINED {
        x[b + 1].each_field([&](std::size_t k, Register& field)
                                LODE_INLINED { field = load<Register>(oldest[k] + (t + b) * V::kLanes + lane); });
      });
      store(judge(x.data()), output_of(call, 0).at(t) + lane);
    }
  }
}

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_PATTERN_SHARED_INL_H_
