// Stream: an indicator fed bar by bar, with the bits of the batch.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lode/base/assert.h"
#include "lode/core/indicator/choice.h"

namespace lode::indicator {

// One instrument's running indicator. Copies are independent. Memory is that of its windows; update and peek allocate
// nothing. Not safe for several threads at once.
class Stream {
 public:
  explicit Stream(Choice choice);
  Stream(const Stream& other);
  Stream& operator=(const Stream& other);
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&&) noexcept = default;
  ~Stream() = default;

  const Choice& choice() const { return *choice_; }

  // The next bar: one value an input of the Spec, NaN is missing; writes one value an output. `out` may be `in`.
  void update(std::span<const double> in, std::span<double> out) {
    LODE_ASSERT(in.size() == inputs_ && out.size() == outputs_);
    machine_->step(in.data(), out.data());
  }
  // What update would write, without taking the bar.
  void peek(std::span<const double> in, std::span<double> out);

  // The state as bytes that load() takes on any machine.
  std::string save() const;
  // Goes on from what save() gave of the same indicator, parameters and profile. E1115: of another one. E1116: damaged;
  // the stream is then as it was.
  Result<void> load(std::string_view bytes);

 private:
  std::unique_ptr<const Choice> choice_;
  std::size_t inputs_;  // Of the Spec, counted once.
  std::size_t outputs_;
  std::unique_ptr<Machine> machine_;
  std::unique_ptr<Machine> spare_;  // For peek.
};

}  // namespace lode::indicator
