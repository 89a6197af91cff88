// The three machines of an indicator, made from its one definition.
//
// A definition is `template <class V> struct Name : Shape<inputs, outputs, rule>` with a constructor from a Setup,
// `int lookback() const`, `auto state()` (std::tie of everything that changes), `void step(const V* in, V* out)`; if
// its outputs do not look equally far back, `std::array<int, outputs> lookbacks() const`, whose largest is lookback();
// and, if a faster way through many bars gives the same bits, `void stretch(const Call&)`; and, if others make parts of
// it too, `void follow(const Call&)`, by which lanes walk a whole block with the parts on the call's shelf. A step sees
// no missing value but under Missing::kPoint: the machines keep them away, so it needs no code for them. follow() does
// see them under Missing::kWindow, and what it makes of them must be gone when they leave the window.
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
#include <cstdint>
#include <limits>
#include <memory>
#include <tuple>
#include <type_traits>
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
  static constexpr Missing missing() { return rule; }
};

// f(0) .. f(count - 1) as constants, each call a copy of its own: in a loop, in[k] and out[k] would live in memory.
template <int count, class F>
HWY_INLINE void for_each(F f) {
  [&]<int... k>(std::integer_sequence<int, k...>)
      LODE_INLINED { (f(std::integral_constant<int, k>()), ...); }(std::make_integer_sequence<int, count>());
}

// Whose input is missing: NaN or infinite.
template <int inputs, class V>
HWY_INLINE auto gaps(const V* in) {
  const V most = V(std::numeric_limits<double>::max());
  auto known = abs(in[0]) <= most;
  for_each<inputs - 1>([&](int k) LODE_INLINED { known = known && abs(in[k + 1]) <= most; });
  return !known;
}

// The inputs of bar t, and the outputs.
template <int inputs, class V>
HWY_INLINE void read_bar(const Call& call, std::size_t t, V* in) {
  for_each<inputs>([&](int k) LODE_INLINED { in[k] = load<V>(call.inputs[k] + t * call.input_stride); });
}
template <int outputs, class V>
HWY_INLINE void write_bar(const Call& call, std::size_t t, const V* out) {
  for_each<outputs>([&](int k) LODE_INLINED { store(out[k], call.outputs[k] + t * call.output_stride); });
}

// Whether any of the call's inputs is missing.
template <int inputs, class V>
HWY_INLINE bool any_gap(const Call& call) {
  std::size_t t = 0;
  if constexpr (kLanesOf<V> == 1) {
    for (Lanes wide[inputs]; call.input_stride == 1 && t + kBlockLanes <= call.rows; t += kBlockLanes) {
      read_bar<inputs>(call, t, wide);
      if (HWY_UNLIKELY(any(gaps<inputs>(wide)))) {
        return true;
      }
    }
  }
  V in[inputs];
  for (; t < call.rows; ++t) {
    read_bar<inputs>(call, t, in);
    if (HWY_UNLIKELY(any(gaps<inputs>(in)))) {
      return true;
    }
  }
  return false;
}

// Bars walked at once, of one instrument or of lanes: what is made of them on the way stays in the nearest cache.
template <class V>
inline constexpr std::size_t kStretch = 512 / kLanesOf<V>;

// Cells of a stretch that lie `stride` apart, one a bar of V's lanes.
template <class T>
struct Strip {
  T* cells;
  std::size_t stride;
  operator Strip<const T>() const { return {cells, stride}; }  // NOLINT(google-explicit-constructor): as T* does
  HWY_INLINE T* at(std::size_t t) const { return cells + t * stride; }
  HWY_INLINE Strip behind(std::size_t t) const { return {at(t), stride}; }
};
HWY_INLINE Strip<const double> input_of(const Call& call, std::size_t k) { return {call.inputs[k], call.input_stride}; }
HWY_INLINE Strip<double> output_of(const Call& call, std::size_t k) { return {call.outputs[k], call.output_stride}; }

// What one part of a definition hands to the next, through a stretch.
template <class V>
class Column {
 public:
  HWY_INLINE V get(std::size_t t) const { return load<V>(cells_.data() + t * kLanesOf<V>); }
  HWY_INLINE void set(std::size_t t, V x) { store(x, cells_.data() + t * kLanesOf<V>); }
  Strip<double> strip() { return {cells_.data(), kLanesOf<V>}; }
  Strip<const double> strip() const { return {cells_.data(), kLanesOf<V>}; }

 private:
  alignas(64) std::array<double, kStretch<V> * kLanesOf<V>> cells_;
};

// f(inputs) of each bar, as many bars at a time as a register holds, of one instrument too.
template <int inputs, class V, class F>
HWY_INLINE void fill(const Call& call, Column<V>& to, F f) {
  std::size_t t = 0;
  if constexpr (kLanesOf<V> == 1) {
    for (Register wide[inputs]; call.input_stride == 1 && t + Register::kLanes <= call.rows; t += Register::kLanes) {
      read_bar<inputs>(call, t, wide);
      store(f(wide), to.strip().at(t));
    }
  }
  V in[inputs];
  for (; t < call.rows; ++t) {
    read_bar<inputs>(call, t, in);
    to.set(t, f(in));
  }
}

// f(cells) of each bar's cells in `from`, as many bars at a time as a register holds, of one instrument too. `to` may
// be one of them.
template <class V, std::size_t count, class F>
HWY_INLINE void join(const std::array<Strip<const double>, count>& from, Strip<double> to, std::size_t rows, F f) {
  std::size_t t = 0;
  if constexpr (kLanesOf<V> == 1) {
    bool is_dense = to.stride == 1;
    for (const Strip<const double>& strip : from) {
      is_dense = is_dense && strip.stride == 1;
    }
    for (Register wide[count]; is_dense && t + Register::kLanes <= rows; t += Register::kLanes) {
      for_each<count>([&](int k) LODE_INLINED { wide[k] = load<Register>(from[k].at(t)); });
      store(f(wide), to.at(t));
    }
  }
  V cells[count];
  for (; t < rows; ++t) {
    for_each<count>([&](int k) LODE_INLINED { cells[k] = load<V>(from[k].at(t)); });
    store(f(cells), to.at(t));
  }
}

// At most kStretch bars, none of them missing, through a definition's steps; or through its stretch(), if it has a
// faster way to the same bits. It steps as a local: in memory, each of its numbers would be read again after every cell
// that is written.
template <class V, class I>
HWY_NOINLINE void walk_known(I& kept, const Call& call) {
  if constexpr (requires { kept.stretch(call); }) {
    kept.stretch(call);
    return;
  }
  I indicator = std::move(kept);
  V in[I::kInputs];
  V out[I::kOutputs];
  for (V& one : out) {
    one = V(0.0);
  }
  for (std::size_t t = 0; t < call.rows; ++t) {
    read_bar<I::kInputs>(call, t, in);
    indicator.step(in, out);
    write_bar<I::kOutputs>(call, t, out);
  }
  kept = std::move(indicator);
}

// Of each output.
template <class I>
std::array<int, I::kOutputs> lookbacks_of(const I& indicator) {
  if constexpr (requires { indicator.lookbacks(); }) {
    return indicator.lookbacks();
  } else {
    std::array<int, I::kOutputs> out;
    out.fill(indicator.lookback());
    return out;
  }
}

// An indicator with its rule for missing bars: step() answers a bar, walk() a stretch of them, one after the other or
// in any turns.
template <class I, class V>
class Ruled {
 public:
  explicit Ruled(const Setup& setup, bool padded = false)
      : indicator_(setup),
        rule_(padded ? Missing::kPoint : indicator_.missing()),
        lookbacks_(lookbacks_of(indicator_)),
        lookback_(indicator_.lookback() + setup.unstable) {
    for (int& lookback : lookbacks_) {
      lookback += setup.unstable;
    }
    age_ = V(lookback_ + 1.0);
  }
  auto state() { return std::tie(indicator_, bars_, has_gap_, age_); }

  // A stream's bar is one look at it and the formula, once all answers are old enough and as long as nothing is
  // missing; otherwise nothing is done, and false.
  HWY_INLINE bool step(const double* in, double* out) {
    double cells[I::kInputs];
    for_each<I::kInputs>([&](int k) LODE_INLINED { cells[k] = in[k]; });
    if (HWY_UNLIKELY(!is_plain_ || is_gap(cells))) {
      return false;
    }
    indicator_.step(cells, out);
    return true;
  }
  // Then: what to step() instead, whose answers go to judge(); or null, with all answers missing, where the bar does
  // not exist.
  HWY_NOINLINE const double* admit(const double* in, double* out) {
    std::copy_n(in, I::kInputs, repaired_.data());
    const bool gap = is_gap(in);
    if (gap && rule_ == Missing::kSkip) {
      std::fill_n(out, I::kOutputs, missing<double>());
      return nullptr;
    }
    if (gap || has_gap_) {
      note(gap);
      fill(gap, repaired_.data());
    }
    is_plain_ = true;
    return repaired_.data();
  }
  HWY_NOINLINE void judge(double* out) {
    for (int k = 0; k < I::kOutputs; ++k) {
      out[k] = select(is_shown(k), out[k], missing<double>());
    }
    bars_ += bars_ < lookback_ ? 1 : 0;
    if (age_ > V(lookback_ + 0.0)) {
      has_gap_ = false;  // It has left all windows: nothing of it is hidden any more.
      age_ = V(lookback_ + 1.0);
    }
    watch();
  }
  // Of a state that has been read, too.
  void watch() { is_plain_ = bars_ >= lookback_ && !has_gap_; }

  // False where lanes meet a missing bar under Missing::kSkip.
  bool walk(const Call& call) {
    if constexpr (kLanes > 1 && requires { indicator_.follow(call); }) {
      return follow(call);
    } else {
      return walk_alone(call);
    }
  }

 private:
  static constexpr std::size_t kLanes = kLanesOf<V>;

  // Whether the rule minds that an input of the bar is missing. Most definitions have one rule for all setups.
  HWY_INLINE bool is_gap(const double* in) const {
    if constexpr (requires { typename std::bool_constant<I::missing() == Missing::kPoint>; }) {
      return I::missing() != Missing::kPoint && gaps<I::kInputs>(in);
    } else {
      return rule_ != Missing::kPoint && gaps<I::kInputs>(in);
    }
  }

  bool follow(const Call& call) {
    const bool is_whole = rule_ == Missing::kPoint || call.is_whole || !any_gap<I::kInputs, V>(call);
    if (!is_whole && rule_ == Missing::kSkip) {
      return false;
    }
    indicator_.follow(call);
    has_gap_ = has_gap_ || !is_whole;
    hide(call, [&](std::size_t t) {
      V in[I::kInputs];
      read_bar<I::kInputs>(call, t, in);
      return gaps<I::kInputs>(in);
    });
    return true;
  }

  bool walk_alone(const Call& call) {
    std::array<const double*, I::kInputs> inputs;
    std::array<double*, I::kOutputs> outputs;
    for (std::size_t t = 0; t < call.rows; t += kStretch<V>) {
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        inputs[k] = call.inputs[k] + t * call.input_stride;
      }
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        outputs[k] = call.outputs[k] + t * call.output_stride;
      }
      if (!walk_stretch({inputs.data(), outputs.data(), std::min(kStretch<V>, call.rows - t), call.input_stride,
                         call.output_stride, call.is_whole})) {
        return false;
      }
    }
    return true;
  }

  // Inputs of a stretch, made fit for the indicator's steps.
  struct Repaired {
    std::array<std::array<double, kStretch<V> * kLanes>, I::kInputs> cells;
    std::array<const double*, I::kInputs> inputs;
    Repaired() {
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        inputs[k] = cells[k].data();
      }
    }
    HWY_INLINE void set(std::size_t t, const V* in) {
      for (std::size_t k = 0; k < inputs.size(); ++k) {
        store(in[k], cells[k].data() + t * kLanes);
      }
    }
    Call call(const Call& of, std::size_t rows) const {
      return {inputs.data(), of.outputs, rows, kLanes, of.output_stride};
    }
  };

  bool walk_stretch(const Call& call) {
    if (rule_ == Missing::kPoint || call.is_whole || !any_gap<I::kInputs, V>(call)) {
      walk_known<V>(indicator_, call);
      hide(call, [](std::size_t) { return V(0.0) < V(0.0); });
      return true;
    }
    if (rule_ == Missing::kSkip) {
      return kLanes == 1 && walk_pushed(call);
    }
    walk_filled(call);
    return true;
  }

  // Any number in the place of a missing one will do: what is made of it is not shown.
  HWY_NOINLINE void walk_filled(const Call& call) {
    Repaired bars;
    V in[I::kInputs];
    for (std::size_t t = 0; t < call.rows; ++t) {
      read_bar<I::kInputs>(call, t, in);
      fill(gaps<I::kInputs>(in), in);
      bars.set(t, in);
    }
    walk_known<V>(indicator_, bars.call(call, call.rows));
    has_gap_ = true;
    hide(call, [&](std::size_t t) {
      read_bar<I::kInputs>(call, t, in);
      return gaps<I::kInputs>(in);
    });
  }

  // The bars that are there, pushed together; what comes out goes back to where they stood.
  HWY_NOINLINE bool walk_pushed(const Call& call) {
    Repaired bars;
    std::array<std::uint16_t, kStretch<V>> at;
    std::size_t count = 0;
    V in[I::kInputs];
    for (std::size_t t = 0; t < call.rows; ++t) {
      read_bar<I::kInputs>(call, t, in);
      if (!any(gaps<I::kInputs>(in))) {
        at[count] = static_cast<std::uint16_t>(t);
        bars.set(count++, in);
      }
    }
    const Call pushed = bars.call(call, count);
    walk_known<V>(indicator_, pushed);
    hide(pushed, [](std::size_t) { return V(0.0) < V(0.0); });
    for (std::size_t t = call.rows; t-- > 0;) {
      const bool is_there = count > 0 && at[count - 1] == t;
      count -= is_there ? 1 : 0;
      for (int k = 0; k < I::kOutputs; ++k) {
        double* const out = call.outputs[k];
        store(is_there ? load<V>(out + count * call.output_stride) : missing<V>(), out + t * call.output_stride);
      }
    }
    return true;
  }

  // Outputs of bars that are too young, or too near a missing one.
  template <class GapOf>
  HWY_INLINE void hide(const Call& call, GapOf gap_of) {
    for (std::size_t t = 0; t < call.rows && (bars_ < lookback_ || has_gap_); ++t) {
      if (has_gap_) {
        note(gap_of(t));
      }
      for (int k = 0; k < I::kOutputs; ++k) {
        double* const out = call.outputs[k] + t * call.output_stride;
        store(select(is_shown(k), load<V>(out), missing<V>()), out);
      }
      bars_ += bars_ < lookback_ ? 1 : 0;
    }
  }

  template <class Mask>
  HWY_INLINE void note(Mask gap) {
    has_gap_ = true;
    age_ = select(gap, V(0.0), age_ + V(1.0));
  }
  template <class Mask>
  HWY_INLINE void fill(Mask gap, V* in) {
    for (int k = 0; k < I::kInputs; ++k) {
      in[k] = select(gap, V(0.0), in[k]);
    }
  }
  // Whether output k is, of the bar that was last stepped and is not counted yet.
  HWY_INLINE auto is_shown(int k) const {
    return bars_ >= lookbacks_[k] ? age_ > V(lookbacks_[k] + 0.0) : age_ < V(0.0);
  }

  I indicator_;
  Missing rule_;
  std::array<int, I::kOutputs> lookbacks_;
  int lookback_;                               // Their largest.
  int bars_ = 0;                               // Seen, as far as the lookback.
  bool has_gap_ = false;                       // A missing bar may still be hidden.
  V age_;                                      // Bars since the last missing one.
  bool is_plain_ = false;                      // Of a stream: warm, and nothing to hide.
  std::array<double, I::kInputs> repaired_{};  // What admit() gives.
};

// A block of instruments.
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
      is_whole = machines_[lane].walk(one);
    }
    return is_whole;
  }

 private:
  using Lane = Ruled<Name<double>, double>;
  std::vector<Lane> machines_;
#else
  BlockMachine(const Setup& setup, bool padded) : machine_(setup, padded) {}
  bool run(const Call& call) override { return machine_.walk(call); }

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
    if (HWY_UNLIKELY(!ruled_.step(in, out))) {
      step_watched(in, out);
    }
  }
  std::unique_ptr<Machine> clone() const override { return std::make_unique<Running>(*this); }
  void assign(const Machine& other) override { *this = static_cast<const Running&>(other); }
  void save(std::vector<std::uint64_t>& out) const override { StateWriter{out}(const_cast<Running*>(this)->ruled_); }
  bool load(std::span<const std::uint64_t> in) override {
    StateReader reader(in);
    reader(ruled_);
    ruled_.watch();
    return reader.ok();
  }

 private:
  // Through step() once more: the formula stands in the code once.
  HWY_NOINLINE void step_watched(const double* in, double* out) {
    if (const double* const bar = ruled_.admit(in, out)) {
      step(bar, out);
      ruled_.judge(out);
    }
  }

  Ruled<I, double> ruled_;
};

// What the catalog keeps of a definition.
template <class I>
Indicator define(Spec spec, void (*series)(const Setup&, const Call&),
                 std::unique_ptr<LaneMachine> (*lanes)(const Setup&, bool),
                 std::unique_ptr<Machine> (*machine)(const Setup&)) {
  return {.spec = std::move(spec),
          .lookback = [](const Setup& setup) { return I(setup).lookback(); },
          .lookbacks =
              [](const Setup& setup) {
                const auto each = lookbacks_of(I(setup));
                return std::vector<int>(each.begin(), each.end());
              },
          .missing = [](const Setup& setup) { return I(setup).missing(); },
          .series = series,
          .lanes = lanes,
          .machine = machine};
}

// A stream's step works on single numbers: AVX-512 has nothing for it that AVX2 has not.
#undef LODE_RUNNING
#if HWY_TARGET == HWY_AVX3 && HWY_STATIC_TARGET == HWY_SCALAR
#define LODE_RUNNING(Name) N_AVX2::machine_##Name(setup)
#else
#define LODE_RUNNING(Name) std::make_unique<Running<Name<double>>>(setup)
#endif

// Behind a definition, once a target: its series, its lane machine and its stream.
#define LODE_LANES(Name)                                                                                             \
  inline void series_##Name(const Setup& setup, const Call& call) { Ruled<Name<double>, double>(setup).walk(call); } \
  LODE_BUT_SERIES(Name)
#define LODE_BUT_SERIES(Name)                                                            \
  inline std::unique_ptr<LaneMachine> lanes_##Name(const Setup& setup, bool is_padded) { \
    return std::make_unique<BlockMachine<Name>>(setup, is_padded);                       \
  }                                                                                      \
  inline std::unique_ptr<Machine> machine_##Name(const Setup& setup) { return LODE_RUNNING(Name); }
// Once, in namespace lode::indicator: make_Name(Spec), the catalog's row.
#define LODE_MAKE(Name)                                                                                          \
  HWY_EXPORT(series_##Name);                                                                                     \
  HWY_EXPORT(lanes_##Name);                                                                                      \
  HWY_EXPORT(machine_##Name);                                                                                    \
  static Indicator make_##Name(Spec spec) {                                                                      \
    return HWY_NAMESPACE::define<HWY_NAMESPACE::Name<double>>(                                                   \
        std::move(spec),                                                                                         \
        [](const Setup& setup, const Call& call) { return HWY_DYNAMIC_DISPATCH(series_##Name)(setup, call); },   \
        [](const Setup& setup, bool is_padded) { return HWY_DYNAMIC_DISPATCH(lanes_##Name)(setup, is_padded); }, \
        [](const Setup& setup) { return HWY_DYNAMIC_DISPATCH(machine_##Name)(setup); });                         \
  }

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_ENGINE_MACHINE_INL_H_
