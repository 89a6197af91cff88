// A stretch of bars by columns. A pattern's rule looks at bars and at the means before them and at nothing else, so
// once these stand in columns it can judge as many bars at a time as a register holds, of one instrument too.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_PATTERN_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_PATTERN_COLUMNS_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_PATTERN_COLUMNS_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_PATTERN_COLUMNS_INL_H_
#endif

#include <algorithm>
#include <array>
#include "lode/core/indicator/parts/pattern_bar-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A row is a bar of V's lanes; the first bars - 1 rows are the bars before the stretch, and behind its last bar stands
// what is known of the next one: its means.
template <class V, int bars, unsigned means>
class PatternColumns {
 public:
  using Wide = Register;
  using Bar = PatternBar<V, means>;
  static constexpr std::size_t kBefore = bars - 1;

  explicit PatternColumns(std::size_t rows) : rows_(rows) {}

  HWY_INLINE Bar get(std::size_t row) const { return bar_at<V>(row * kLanes); }
  HWY_INLINE void set(std::size_t row, Bar bar) {
    bar.each_field([&](std::size_t k, V field) LODE_INLINED { store(field, columns_[k].data() + row * kLanes); });
  }

  // The stretch's prices.
  HWY_INLINE void read(const Call& call) {
    for (std::size_t k = 0; k < 4; ++k) {
      double* const to = columns_[k].data() + kBefore * kLanes;
      move({call.inputs[k], call.input_stride}, {to, kLanes});
      std::fill_n(to + rows_ * kLanes, kPad, 0.0);
    }
  }

  // A mean, for the bars behind the first: `sum` is of the bars before that.
  template <unsigned mean>
  HWY_INLINE void average(WindowSum<V>& sum) {
    static_assert((means & mean) != 0);
    std::array<double, kCells + kPad> values;
    const std::size_t cells = rows_ * kLanes;
    for (std::size_t e = 0; e < cells; e += Wide::kLanes) {
      store(value_of<mean>(bar_at<Wide>(kBefore * kLanes + e)), values.data() + e);
    }
    double* const behind = columns_[Bar::place_of(mean)].data() + (kBefore + 1) * kLanes;
    sum.stretch({values.data(), kLanes}, {behind, kLanes}, rows_,
                [&](auto all) LODE_INLINED { return all / decltype(all)(bars_of(mean) + 0.0); });
    std::fill_n(behind + cells, kPad, 0.0);
  }

  // judge(x) of each bar of the stretch: x[bars] is the bar, x[1] the oldest.
  template <class Judge>
  HWY_INLINE void judge(const Call& call, Judge judge) const {
    std::array<double, kCells + kPad> codes;
    for (std::size_t e = 0; e < rows_ * kLanes; e += Wide::kLanes) {
      std::array<PatternBar<Wide, means>, bars + 1> x;
      for_each<bars>([&](auto k) LODE_INLINED { x[k + 1] = bar_at<Wide>(k * kLanes + e); });
      store(judge(x.data()), codes.data() + e);
    }
    move({codes.data(), kLanes}, {call.outputs[0], call.output_stride});
  }

 private:
  static constexpr std::size_t kLanes = kLanesOf<V>;
  static constexpr std::size_t kCells = kStretch<V> * kLanes;
  static constexpr std::size_t kPad = kBlockLanes;  // Behind the last cell, for the rest of a register and one more row
  using Column = std::array<double, kBefore * kLanes + kCells + 2 * kPad>;

  // The stretch's rows. Beside one another they are one copy: of bars one by one the compiler makes no registers.
  HWY_INLINE void move(Strip<const double> from, Strip<double> to) const {
    if (from.stride == to.stride && to.stride == kLanes) {
      std::copy_n(from.cells, rows_ * kLanes, to.cells);
      return;
    }
    for (std::size_t t = 0; t < rows_; ++t) {
      store(load<V>(from.at(t)), to.at(t));
    }
  }

  template <class W>
  HWY_INLINE PatternBar<W, means> bar_at(std::size_t cell) const {
    PatternBar<W, means> out;
    out.each_field([&](std::size_t k, W& field) LODE_INLINED { field = load<W>(columns_[k].data() + cell); });
    return out;
  }

  std::size_t rows_;
  std::array<Column, Bar::kFields> columns_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_PATTERN_COLUMNS_INL_H_
