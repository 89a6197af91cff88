// gmma: Guppy's twelve exponential means.
//
// SPDX-License-Identifier: Apache-2.0
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "lode/core/indicator/names/overlap/gmma.cpp"
#include "lode/core/indicator/engine/targets.h"
//
#include "hwy/foreach_target.h"
#include "lode/core/indicator/parts/average-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class V>
struct Gmma : Shape<1, 12, Missing::kSkip> {
  std::array<Ema<V>, 12> means;
  explicit Gmma(const Setup&)
      : means{Ema<V>(3),  Ema<V>(5),  Ema<V>(8),  Ema<V>(10), Ema<V>(12), Ema<V>(15),
              Ema<V>(30), Ema<V>(35), Ema<V>(40), Ema<V>(45), Ema<V>(50), Ema<V>(60)} {}
  auto state() {
    return std::apply([](auto&... mean) { return std::tie(mean...); }, means);
  }
  static int lookback() { return 59; }
  std::array<int, 12> lookbacks() const {
    std::array<int, 12> out;
    std::ranges::transform(means, out.begin(), [](const auto& mean) { return mean.lookback(); });
    return out;
  }
  HWY_INLINE void step(const V* in, V* out) {
    for (int k = 0; k < 12; ++k) {
      out[k] = means[k].step(in[0]);
    }
  }
};

LODE_LANES(Gmma)

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lode::indicator {
LODE_MAKE(Gmma)
}  // namespace lode::indicator

namespace lode {

const indicator::Family& indicator_gmma() {
  using namespace indicator;
  static const Family family = {
      make_Gmma({.name = "gmma",
                 .family = "overlap",
                 .summary = "Guppy's multiple means: six short and six long exponential means",
                 .formula = "ema(x, n), n = 3 5 8 10 12 15 and 30 35 40 45 50 60; each from its own bar n on",
                 .source = "D. Guppy, Trend Trading (2004)",
                 .inputs = {Input::kReal},
                 .outputs = {{.name = "short3"},
                             {.name = "short5"},
                             {.name = "short8"},
                             {.name = "short10"},
                             {.name = "short12"},
                             {.name = "short15"},
                             {.name = "long30"},
                             {.name = "long35"},
                             {.name = "long40"},
                             {.name = "long45"},
                             {.name = "long50"},
                             {.name = "long60"}},
                 .unstable = true,
                 .slowest = [](std::span<const double>) { return 1.0 / 60.0; }}),
  };
  return family;
}

}  // namespace lode
#endif  // HWY_ONCE
