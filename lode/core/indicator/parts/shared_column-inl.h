// What a part on the shelf (engine/shelf.h) leaves for those who follow it, and what they keep themselves.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_SHARED_COLUMN_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_SHARED_COLUMN_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_SHARED_COLUMN_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_SHARED_COLUMN_INL_H_
#endif

#include <algorithm>
#include <tuple>
#include <type_traits>
#include <utility>
#include "lode/core/indicator/engine/machine-inl.h"
#include "lode/core/indicator/engine/shelf.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

// A block's column of one number a bar, with the last `before` bars of the blocks before it; 0 before the first bar.
template <class V>
class SharedColumn {
 public:
  explicit SharedColumn(std::size_t before = 0) : before_(before), cells_(before * kLanes) {}

  // A new block, of `rows` bars.
  void begin(std::size_t rows) {
    const double* const last = cells_.data() + rows_ * kLanes;
    if (const std::size_t count = (before_ + rows) * kLanes; count > cells_.size()) {
      Cells wider(count);
      std::copy_n(last, before_ * kLanes, wider.data());
      cells_ = std::move(wider);
    } else {
      std::copy_n(last, before_ * kLanes, cells_.data());
    }
    rows_ = rows;
  }

  // Bars `ago` before the block's first, and on.
  Strip<double> strip() { return {cells_.data() + before_ * kLanes, kLanes}; }
  Strip<const double> strip(std::size_t ago = 0) const { return {cells_.data() + (before_ - ago) * kLanes, kLanes}; }

 private:
  static constexpr std::size_t kLanes = kLanesOf<V>;
  std::size_t before_;
  std::size_t rows_ = 0;
  Cells cells_;
};

// In the place of what a machine does not keep.
struct Nothing {
  Nothing() = default;
  explicit Nothing(int) {}
};
template <bool is_kept, class T>
using Kept = std::conditional_t<is_kept, T, Nothing>;
template <class T>
HWY_INLINE auto kept(T& part) {
  if constexpr (std::is_same_v<T, Nothing>) {
    return std::tuple<>();
  } else {
    return std::tie(part);
  }
}

// What only those keep who do not follow: lanes do.
template <class V, class T>
using Own = Kept<kLanesOf<V> == 1, T>;

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_SHARED_COLUMN_INL_H_
