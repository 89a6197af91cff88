// mavp: an average whose length each bar tells.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/mavp.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"
#include "lode/core/indicator/parts/several-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Mavp : Shape<2, 1, Missing::kWindow> {
  int least;
  int most;
  Several<LaterAverage<V>> means;  // One a length; all answer from the same bar on.
  MovingAverage<V> longest;

  explicit Mavp(const Setup& setup)
      : least(setup.whole(0) < setup.whole(1) ? setup.whole(0) : setup.whole(1)),
        most(setup.whole(0) < setup.whole(1) ? setup.whole(1) : setup.whole(0)),
        longest(most, setup.whole(2)) {
    for (int n = least; n <= most; ++n) {
      means.add(LaterAverage<V>::answering_at(longest.lookback(), n, setup.whole(2)));
    }
  }
  auto state() { return std::tie(means); }
  int lookback() const { return longest.lookback(); }
  Missing missing() const { return longest.missing(); }
  HWY_INLINE void step(const V* in, V* out) {
    const V n = length_at(in[1]);
    for (int k = least; k <= most; ++k) {
      const V mean = means[static_cast<std::size_t>(k - least)].step(in[0]);
      out[0] = select(n == V(k + 0.0), mean, out[0]);
    }
  }
  HWY_INLINE void stretch(const Call& call) {
    const Strip<double> out = output_of(call, 0);
    Column<V> of_one;
    for (int k = least; k <= most; ++k) {
      means[static_cast<std::size_t>(k - least)].stretch(input_of(call, 0), of_one.strip(), call.rows);
      for (std::size_t t = 0; t < call.rows; ++t) {
        const V n = length_at(load<V>(input_of(call, 1).at(t)));
        store(select(n == V(k + 0.0), of_one.get(t), load<V>(out.at(t))), out.at(t));
      }
    }
  }

 private:
  HWY_INLINE V length_at(V period) const { return smaller(larger(floor(period), V(least + 0.0)), V(most + 0.0)); }
};

LODE_LANES(Mavp)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Mavp)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_mavp() {
  using namespace indicator;
  static const Family family = {
      make_Mavp(
          {.name = "mavp",
           .family = "overlap",
           .summary = "an average whose length each bar tells",
           .formula = "type(x, n), n = the whole part of `periods` there, at least `least`, at most `most` (the "
                      "smaller of the "
                      "two is the least)",
           .source = "TA-Lib 0.6.4",
           .inputs = {Input::kReal, Input::kPeriods},
           .parameters = {{.name = "least", .fallback = 2, .least = 1, .most = 1000},
                          {.name = "most", .fallback = 30, .least = 1, .most = 1000},
                          {.name = "type", .fallback = 0, .least = 0, .most = kLastAverage, .choices = kAverageNames}},
           .outputs = {{.name = "real"}}}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
