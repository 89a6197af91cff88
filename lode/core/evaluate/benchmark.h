// What the market did meanwhile: the benchmark's own return and risk, and how much of it is in the book.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "lode/core/evaluate/tear_sheet.h"

namespace lode::evaluate {

// One-session returns of `prices` (one a row), each on the row whose book earns that session: price[t + delay + 1] /
// price[t + delay] - 1. NaN where either price is missing or not above 0, and past the end.
std::vector<double> benchmark_returns(std::span<const double> prices, std::size_t delay);

// Rates, volatility, and the slope of `net` (the net returns of the book) on the benchmark, over the sessions where
// both are known (ordinary least squares with an intercept). Below min_dates such sessions every number is missing and
// the estimate says why.
BenchmarkResult benchmark_result(std::vector<double> returns, std::span<const double> net, const Options& options);

}  // namespace lode::evaluate
