// Speed of the array functions of base/math: values a second, and the scalar beside them. Each run checks its answer
// against the scalar function, bit for bit.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "lode/base/math.h"
#include "lode/base/random.h"

namespace lode {
namespace {

constexpr std::int64_t kSmall = 1 << 10;
constexpr std::int64_t kFull = 1 << 20;

std::vector<double> positive_values(std::int64_t n) {
  Random random(5, 0);
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& value : values) {
    value = 0.01 + 10.0 * random.next_uniform();
  }
  return values;
}

using Scalar = double (*)(double);
using Array = void (*)(const double*, double*, std::size_t);

void check(benchmark::State& state, const std::vector<double>& out, const std::vector<double>& expected) {
  if (std::memcmp(out.data(), expected.data(), out.size() * sizeof(double)) != 0) {
    state.SkipWithError("array and scalar differ");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void array_bench(benchmark::State& state, Scalar scalar, Array array, std::int64_t n) {
  const std::vector<double> in = positive_values(n);
  std::vector<double> out(in.size());
  for (auto _ : state) {
    array(in.data(), out.data(), in.size());
    benchmark::DoNotOptimize(out.data());
  }
  std::vector<double> expected(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) {
    expected[i] = scalar(in[i]);
  }
  check(state, out, expected);
}

void pow_bench(benchmark::State& state, std::int64_t n) {
  const std::vector<double> x = positive_values(n);
  const std::vector<double> y(x.rbegin(), x.rend());
  std::vector<double> out(x.size());
  for (auto _ : state) {
    math::pow(x.data(), y.data(), out.data(), x.size());
    benchmark::DoNotOptimize(out.data());
  }
  std::vector<double> expected(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    expected[i] = math::pow(x[i], y[i]);
  }
  check(state, out, expected);
}

void scalar_bench(benchmark::State& state, std::int64_t n) {
  const std::vector<double> in = positive_values(n);
  std::vector<double> out(in.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < in.size(); ++i) {
      out[i] = math::log(in[i]);
    }
    benchmark::DoNotOptimize(out.data());
  }
  std::vector<double> expected(in.size());
  math::log(in.data(), expected.data(), in.size());
  check(state, out, expected);
}

BENCHMARK_CAPTURE(array_bench, exp, math::exp, math::exp, kSmall)->Name("exp/small");
BENCHMARK_CAPTURE(array_bench, exp, math::exp, math::exp, kFull)->Name("exp/1M");
BENCHMARK_CAPTURE(array_bench, log, math::log, math::log, kSmall)->Name("log/small");
BENCHMARK_CAPTURE(array_bench, log, math::log, math::log, kFull)->Name("log/1M");
BENCHMARK_CAPTURE(array_bench, tanh, math::tanh, math::tanh, kSmall)->Name("tanh/small");
BENCHMARK_CAPTURE(array_bench, tanh, math::tanh, math::tanh, kFull)->Name("tanh/1M");
BENCHMARK_CAPTURE(pow_bench, pow, kSmall)->Name("pow/small");
BENCHMARK_CAPTURE(pow_bench, pow, kFull)->Name("pow/1M");
BENCHMARK_CAPTURE(scalar_bench, log, kSmall)->Name("scalar_log/small");

}  // namespace
}  // namespace lode
