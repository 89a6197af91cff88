// Indicators over tiles: each lane is a machine that wakes up at the beginning of a stretch of rows and is put away at
// its end.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/factor/indicator_kernel.h"

#include <array>
#include <bit>
#include <memory>
#include <vector>

#include "lode/core/expr/kernels/kernel.h"
#include "lode/core/factor/operators.h"

namespace lode::factor {
namespace {

using expr::KernelArguments;
using expr::KernelCall;
using expr::kernels::stored;

constexpr std::size_t kMostInputs = 8;
constexpr std::size_t kMostOutputs = 16;

const IndicatorOperator& operator_of(const KernelArguments& arguments) {
  LODE_ASSERT(arguments.op != nullptr);
  return static_cast<const IndicatorOperator&>(*arguments.op);
}
indicator::Setup setup_of(const KernelArguments& arguments) { return {arguments.literals, indicator::Profile::kLode}; }

// One lane's machine, carried in the lane's state: whether it has begun, and its numbers as their bits.
class Carried {
 public:
  explicit Carried(const KernelArguments& arguments)
      : machine_(operator_of(arguments).indicator->machine(setup_of(arguments))) {
    machine_->save(fresh_);
  }
  std::size_t doubles() const { return 1 + fresh_.size(); }
  indicator::Machine& machine() { return *machine_; }

  void wake(std::span<const double> state) {
    words_ = fresh_;
    if (!state.empty() && expr::kernels::is_known(state[0])) {
      for (std::size_t k = 0; k < words_.size(); ++k) {
        words_[k] = std::bit_cast<std::uint64_t>(state[k + 1]);
      }
    }
    if (!machine_->load(words_)) {
      machine_->load(fresh_);  // A forged state.
    }
  }
  void put_away(std::span<double> state) {
    if (state.empty()) {
      return;
    }
    words_.clear();
    machine_->save(words_);
    state[0] = 1.0;
    for (std::size_t k = 0; k < words_.size(); ++k) {
      state[k + 1] = std::bit_cast<double>(words_[k]);
    }
  }

 private:
  std::unique_ptr<indicator::Machine> machine_;
  std::vector<std::uint64_t> fresh_;  // Of a machine that has seen nothing.
  std::vector<std::uint64_t> words_;
};

template <class T>
void run_lane(const KernelCall<T>& call, std::size_t lane, std::size_t output, indicator::Machine& machine) {
  std::array<double, kMostInputs> in{};
  std::array<double, kMostOutputs> out{};
  for (std::size_t row = 0; row < call.out.rows; ++row) {
    for (std::size_t k = 0; k < call.operands.size(); ++k) {
      in[k] = static_cast<double>(call.operands[k].row(row + call.history)[lane]);
    }
    machine.step(in.data(), out.data());
    call.out.row(row)[lane] = stored<T>(out[output]);
  }
}

template <class T>
void run(const KernelCall<T>& call) {
  const IndicatorOperator& op = operator_of(call.arguments);
  LODE_ASSERT(call.operands.size() <= kMostInputs && op.indicator->spec.outputs.size() <= kMostOutputs);
  Carried carried(call.arguments);
  for (std::size_t lane = 0; lane < call.out.width; ++lane) {
    const std::span<double> state =
        call.state.empty() ? call.state : call.state.subspan(lane * carried.doubles(), carried.doubles());
    carried.wake(state);
    run_lane(call, lane, op.output, carried.machine());
    carried.put_away(state);
  }
}

}  // namespace

void run_indicator32(const KernelCall<float>& call) { run(call); }
void run_indicator64(const KernelCall<double>& call) { run(call); }

int indicator_lookback(const KernelArguments& arguments) {
  return operator_of(arguments).indicator->lookback(setup_of(arguments));
}

std::size_t indicator_scratch_bytes(const KernelArguments& /*arguments*/, std::size_t /*rows*/, std::size_t /*width*/) {
  return 0;
}

std::size_t indicator_state(const KernelArguments& arguments) { return Carried(arguments).doubles(); }

}  // namespace lode::factor
