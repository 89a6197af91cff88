// What each number of an evaluation means, in one line: the glossary of the report and `lode explain metric`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/evaluate/numbers.h"

namespace lode::evaluate {

// One kind of number. `name` is the path of numbers.h with letters in the place of what varies: Hd a horizon in
// sessions, qK a quantile, N a year or an age in sessions, NAME a group, a regime or a factor; or words for what only a
// page derives.
struct Metric {
  std::string name;        // "rank_ic.Hd.mean"
  std::string unit;        // "ratio", "ratio/yr", "bps", "sessions", ...; "" for a t or for words
  std::string definition;  // One sentence
};

// The family of a path: "rank_ic.5d.mean" is "rank_ic.Hd.mean", so that one line explains all horizons.
std::string metric_family(std::string_view path);

// What the number of a path rests on beside the factor, the returns and who is in the universe.
struct Basis {
  bool costs = false;      // Moves with the cost of trading.
  bool benchmark = false;  // Moves with the benchmark.
  bool groups = false;     // Moves with who is in which group.
  int horizon = 0;         // In sessions, as the path says; 0 = of the headline, or of none.
};
Basis basis_of(std::string_view path);

// The kinds among these numbers, each once, in their order, then what the page derives.
std::vector<Metric> metrics_of(std::span<const Number> numbers);
// Every kind there is.
std::vector<Metric> all_metrics();

// Those `asked` means: a path or a family, or the kinds that hold it as one of their words ("t_newey_west", "spread",
// "beta"). Letter case does not matter. Empty when nothing is called so.
std::vector<Metric> find_metrics(std::string_view asked);

}  // namespace lode::evaluate
