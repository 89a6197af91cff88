// kama: Kaufman's adaptive mean.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/kama.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/moving_average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Kama : Shape<1, 1, Missing::kSkip> {
  int first;  // Bar of the first answer; tulip shows the value that it begins from.
  KaufmanMean<V> mean;

  explicit Kama(const Setup& setup)
      : first(setup.profile == Profile::kTulip ? setup.whole(0) - 1 : setup.whole(0)), mean(setup.whole(0)) {}
  auto state() { return std::tie(mean); }
  int lookback() const { return first; }
  HWY_INLINE void step(const V* in, V* out) { out[0] = mean.step(in[0]); }
  HWY_INLINE void stretch(const Call& call) { mean.stretch(input_of(call, 0), output_of(call, 0), call.rows); }
};

LODE_LANES(Kama)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Kama)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_kama() {
  using namespace indicator;
  static const Family family = {
      make_Kama({.name = "kama",
                 .family = "overlap",
                 .summary = "adaptive mean: fast where the path leads somewhere, slow where it wanders",
                 .formula = "er = |x - x(n)| / sum |x - x1| over n (0/0: 1); s = (er (2/3 - 2/31) + 2/31)^2; y = y' + "
                            "s (x - y'); first y' = x(n-1)",
                 .source = "P. Kaufman, Smarter Trading (1995), 129-153",
                 .inputs = {Input::kReal},
                 .parameters = {{.name = "period", .fallback = 30, .least = 1, .most = 100000}},
                 .outputs = {{.name = "real"}},
                 .unstable = true,
                 .slowest = [](std::span<const double>) { return (2.0 / 31.0) * (2.0 / 31.0); }}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
