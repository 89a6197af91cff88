// The three machines of an indicator, made from its one definition.
//
// A definition is `template <class V> struct Name : Shape<inputs, outputs, rule>` with a constructor from a Setup,
// `int lookback() const`, `auto state()` (std::tie of everything that changes) and `void step(const V* in, V* out)`.
// A step sees no missing value but under Missing::kPoint: the machines keep them away, so it needs no code for them.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_ENGINE_MACHINE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_ENGINE_MACHINE_INL_H_
#undef LODE_CORE_INDICATOR_ENGINE_MACHINE_INL_H_
#else
#define LODE_CORE_INDICATOR_ENGINE_MACHINE_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "lode/core/indicator/engine/lanes-inl.h"
#include "lode/core/indicator/engine/state.h"
#include "lode/core/indicator/indicator.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <int inputs, int outputs, Missing rule>
struct Shape {
  static constexpr int kInputs = inputs;
  static constexpr int kOutputs = outputs;
  static Missing missing() { return rule; }
};

// Whose input is missing: NaN or infinite.
template <int inputs, class V>
HWY_INLINE auto gaps(const V* in) {
  const V most = V(std::numeric_limits<double>::max());
  auto known = abs(in[0]) <= most;
  for (int k = 1; k < inputs; ++k) {
    known = known && abs(in[k]) <= most;
  }
  return !known;
}

// An indicator with its rule for missing bars; step() answers every bar.
template <class I, class V>
class Ruled {
 public:
  explicit Ruled(const Setup& setup, bool padded = false)
      : indicator_(setup),
        rule_(padded ? Missing::kPoint : indicator_.missing()),
        lookback_(indicator_.lookback() + setup.unstable) {
    age_ = V(lookback_ + 1.0);
  }
  auto state() { return std::tie(indicator_, bars_, has_gap_, age_); }

  // False, with nothing done, where lanes meet a missing bar under Missing::kSkip.
  HWY_INLINE bool step(V* in, V* out) {
    if (rule_ != Missing::kPoint) {
      const auto gap = gaps<I::kInputs>(in);
      const bool is_gap = any(gap);
      if (HWY_UNLIKELY(is_gap && rule_ == Missing::kSkip)) {
        return skip(out);
      }
      if (HWY_UNLIKELY(is_gap || has_gap_)) {
        has_gap_ = true;
        age_ = select(gap, V(0.0), age_ + V(1.0));
        for (int k = 0; k < I::kInputs; ++k) {
          in[k] = select(gap, V(0.0), in[k]);  // Any number will do: what is made of it is not shown.
        }
      }
    }
    indicator_.step(in, out);
    if (HWY_UNLIKELY(bars_ < lookback_ || has_gap_)) {
      hide(out);
    }
    return true;
  }

 private:
  HWY_INLINE bool skip(V* out) {
    for (int k = 0; k < I::kOutputs; ++k) {
      out[k] = V(std::numeric_limits<double>::quiet_NaN());
    }
    return kLanesOf<V> == 1;
  }
  HWY_INLINE void hide(V* out) {
    const auto shown = bars_ >= lookback_ ? age_ > V(lookback_ + 0.0) : age_ < V(0.0);
    bars_ += bars_ < lookback_ ? 1 : 0;
    for (int k = 0; k < I::kOutputs; ++k) {
      out[k] = select(shown, out[k], V(std::numeric_limits<double>::quiet_NaN()));
    }
  }

  I indicator_;
  Missing rule_;
  int lookback_;
  int bars_ = 0;          // Seen, as far as the lookback.
  bool has_gap_ = false;  // Has ever met a missing bar.
  V age_;                 // Bars since the last missing one.
};

// A stretch of bars, of one instrument or of a block of them. False where lanes meet a missing bar under kSkip.
template <class I, class V>
HWY_INLINE bool walk(Ruled<I, V>& machine, const Call& call) {
  V in[I::kInputs];
  V out[I::kOutputs];
  for (V& one : out) {
    one = V(0.0);
  }
  for (std::size_t t = 0; t < call.rows; ++t) {
    for (int k = 0; k < I::kInputs; ++k) {
      in[k] = load<V>(call.inputs[k] + t * call.input_stride);
    }
    if (HWY_UNLIKELY(!machine.step(in, out))) {
      return false;
    }
    for (int k = 0; k < I::kOutputs; ++k) {
      store(out[k], call.outputs[k] + t * call.output_stride);
    }
  }
  return true;
}

// A block of instruments. The machine walks as a local: in memory, each of its numbers would be read again after every
// cell that is written.
template <template <class> class Name>
class BlockMachine final : public LaneMachine {
 public:
#if HWY_TARGET == HWY_SCALAR
  // Without vectors they go one by one: the same bits, and half the code.
  BlockMachine(const Setup& setup, bool padded) : machines_(kBlockLanes, Lane(setup, padded)) {}
  bool run(const Call& call) override {
    bool is_whole = true;
    for (std::size_t lane = 0; lane < kBlockLanes && is_whole; ++lane) {
      std::array<const double*, Name<double>::kInputs> inputs;
      std::array<double*, Name<double>::kOutputs> outputs;
      std::transform(call.inputs, call.inputs + inputs.size(), inputs.begin(),
                     [&](const double* x) { return x + lane; });
      std::transform(call.outputs, call.outputs + outputs.size(), outputs.begin(), [&](double* x) { return x + lane; });
      Call one = call;
      one.inputs = inputs.data();
      one.outputs = outputs.data();
      is_whole = walk(machines_[lane], one);
    }
    return is_whole;
  }

 private:
  using Lane = Ruled<Name<double>, double>;
  std::vector<Lane> machines_;
#else
  BlockMachine(const Setup& setup, bool padded) : machine_(setup, padded) {}
  bool run(const Call& call) override {
    auto machine = std::move(machine_);
    const bool is_whole = walk(machine, call);
    machine_ = std::move(machine);
    return is_whole;
  }

 private:
  Ruled<Name<Lanes>, Lanes> machine_;
#endif
};

// One instrument's stream.
template <class I>
class Running final : public Machine {
 public:
  explicit Running(const Setup& setup) : ruled_(setup) {}
  void step(const double* in, double* out) override {
    double cells[I::kInputs];
    std::copy_n(in, I::kInputs, cells);
    ruled_.step(cells, out);
  }
  std::unique_ptr<Machine> clone() const override { return std::make_unique<Running>(*this); }
  void assign(const Machine& other) override { *this = static_cast<const Running&>(other); }
  void save(std::vector<std::uint64_t>& out) const override { StateWriter{out}(const_cast<Running*>(this)->ruled_); }
  bool load(std::span<const std::uint64_t> in) override {
    StateReader reader(in);
    reader(ruled_);
    return reader.ok();
  }

 private:
  Ruled<I, double> ruled_;
};

// What the catalog keeps of a definition, all but its Spec and lanes.
template <class I>
Indicator define(Spec spec, std::unique_ptr<LaneMachine> (*lanes)(const Setup&, bool)) {
  return {
      .spec = std::move(spec),
      .lookback = [](const Setup& setup) { return I(setup).lookback(); },
      .missing = [](const Setup& setup) { return I(setup).missing(); },
      .series =
          [](const Setup& setup, const Call& call) {
            Ruled<I, double> machine(setup);
            walk(machine, call);
          },
      .lanes = lanes,
      .machine = [](const Setup& setup) -> std::unique_ptr<Machine> { return std::make_unique<Running<I>>(setup); }};
}

// Behind a definition, once a target: its lane machine.
#define LODE_LANES(Name)                                                                 \
  inline std::unique_ptr<LaneMachine> lanes_##Name(const Setup& setup, bool is_padded) { \
    return std::make_unique<BlockMachine<Name>>(setup, is_padded);                       \
  }
// Once, in namespace lode::indicator: make_Name(Spec), the catalog's row.
#define LODE_MAKE(Name)                                                                                           \
  HWY_EXPORT(lanes_##Name);                                                                                       \
  static Indicator make_##Name(Spec spec) {                                                                       \
    return HWY_NAMESPACE::define<HWY_NAMESPACE::Name<double>>(                                                    \
        std::move(spec),                                                                                          \
        [](const Setup& setup, bool is_padded) { return HWY_DYNAMIC_DISPATCH(lanes_##Name)(setup, is_padded); }); \
  }

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_ENGINE_MACHINE_INL_H_
