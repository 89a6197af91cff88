// The benchmark of a lake: an index that stands in bars but in no universe, as one series and as fields of formulas.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/pool.h"
#include "lode/io/lake/panels/frame.h"

namespace lode::lake {

// Prices of one index over the sessions of a panel, as stored: nothing adjusts them. NaN where it has no bar.
struct Benchmark {
  std::string symbol;  // As in `known`; "" = none: `known` says which there are.
  std::vector<double> open;
  std::vector<double> close;
  // Symbols of the lake's indices, ascending; SYMBOL.MIC where indices of several exchanges bear one symbol.
  std::vector<std::string> known;
};

// True for bench_open and bench_close.
bool is_benchmark_field(std::string_view field);

// The index called `asked`, or without a name the only one, cut to rows [begin, begin + rows) of the frame. With
// several and no name the series are empty. E2104 for a name no index has, with the nearest; E2010, with both names,
// for a symbol that indices of two exchanges bear.
Result<Benchmark> read_benchmark(const Snapshot& snapshot, const Frame& frame, const std::string& asked,
                                 std::size_t begin, std::size_t rows);

// bench_open or bench_close: one value a date in every cell of it. E1113 without a benchmark, or when several leave it
// open which is meant.
Result<Panel> benchmark_panel(const Benchmark& benchmark, const std::string& field, std::shared_ptr<const Axis> axis,
                              Pool& pool);

}  // namespace lode::lake
