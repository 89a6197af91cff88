// How long a formula takes from text to program, which bounds a search over formulas.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lode/core/expr/random_formula.h"
#include "lode/core/expr/test_operators.h"

namespace lode::expr {
namespace {

// Each formula must print and read back to its own hash, or the run is an error.
void compile_random_formulas(benchmark::State& state) {
  std::vector<std::string> texts;
  for (std::uint64_t seed = 0; texts.size() < static_cast<std::size_t>(state.range(0)); ++seed) {
    const std::string text = testing::RandomFormula(seed).expression(4);
    const auto program = testing::compile_as(text, "paper");
    if (!program) {
      continue;
    }
    const auto again = testing::compile_as(print(*program, 0, Notation::kCall), "paper");
    if (!again || again->hashes != program->hashes) {
      state.SkipWithError("a formula did not read back");
      return;
    }
    texts.push_back(text);
  }
  for (auto _ : state) {
    for (const std::string& text : texts) {
      benchmark::DoNotOptimize(testing::compile_as(text, "paper"));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(compile_random_formulas)->Name("compile/small")->Arg(100);
BENCHMARK(compile_random_formulas)->Name("compile/formulas")->Arg(10'000);

}  // namespace
}  // namespace lode::expr
