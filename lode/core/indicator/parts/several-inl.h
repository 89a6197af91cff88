// As many machines as a parameter says. (A std::vector would build and move them in code without vector instructions.)
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_INDICATOR_PARTS_SEVERAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_INDICATOR_PARTS_SEVERAL_INL_H_
#undef LODE_CORE_INDICATOR_PARTS_SEVERAL_INL_H_
#else
#define LODE_CORE_INDICATOR_PARTS_SEVERAL_INL_H_
#endif

#include <memory>
#include <new>
#include <vector>
#include "lode/core/indicator/engine/machine-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lode::indicator::HWY_NAMESPACE {

template <class T>
class Several {
 public:
  Several() = default;
  ~Several() = default;
  Several(const Several& other) {
    for (const Owner& one : other.machines_) {
      add(*one);
    }
  }
  Several(Several&& other) noexcept = default;
  Several& operator=(Several&& other) noexcept = default;
  Several& operator=(const Several& other) {
    for (std::size_t k = 0; k < machines_.size(); ++k) {
      *machines_[k] = *other.machines_[k];  // Of the same setup, so as many.
    }
    return *this;
  }
  std::size_t size() const { return machines_.size(); }
  T& operator[](std::size_t index) { return *machines_[index]; }
  template <class... Arguments>
  void add(const Arguments&... arguments) {
    machines_.push_back(Owner(new (kAlignment) T(arguments...)));
  }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(T* machine) const {
      machine->~T();
      ::operator delete(machine, kAlignment);
    }
  };
  using Owner = std::unique_ptr<T, Free>;
  std::vector<Owner> machines_;
};

}  // namespace lode::indicator::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_INDICATOR_PARTS_SEVERAL_INL_H_
